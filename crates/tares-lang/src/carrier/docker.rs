//! Dockerfiles: each instruction is a script, or a fact about the image.

use super::map::Text;
use super::{Piece, Pieces, json};
use crate::tree::Span;

/// An instruction: its name, and where its words stand.
struct Instruction<'s> {
    name: String,
    at: Span,
    /// Words as they are, continued lines included.
    rest: Span,
    text: &'s str,
    /// Documents that follow.
    documents: Vec<Span>,
}

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let mut last_user = None;
    // Images of Windows have another shell, which is not judged.
    let mut shell = !source.contains("escape=`");
    for instruction in instructions(source) {
        let Instruction { name, at, rest, .. } = &instruction;
        match name.as_str() {
            "SHELL" => {
                shell = instruction.text.contains("sh\"") && !instruction.text.contains("pwsh");
            }
            "RUN" | "CMD" | "ENTRYPOINT" if !shell => {}
            "RUN" | "CMD" | "ENTRYPOINT" => pieces.script(script(source, &instruction)),
            "HEALTHCHECK" => {
                if let Some(found) = instruction.text.find("CMD") {
                    let start = rest.start + found as u32 + 3;
                    let inner = Instruction {
                        name: "CMD".to_owned(),
                        at: *at,
                        rest: Span::new(start, rest.end),
                        text: Span::new(start, rest.end).text(source),
                        documents: Vec::new(),
                    };
                    // Its `exit` ends the probe, not what the image is started for.
                    let mut probe = Text::default();
                    probe.written("healthcheck() {\n", *at);
                    probe.append(script(source, &inner));
                    probe.written("\n}\n", *at);
                    pieces.script(probe);
                }
            }
            "ENV" | "ARG" => variables(source, &instruction, &mut pieces),
            "ADD" | "COPY" => copied(&instruction, &mut pieces),
            "USER" => last_user = Some((instruction.text.trim().to_owned(), *rest)),
            "FROM" => {
                last_user = None;
                let words: Vec<&str> = instruction.text.split_whitespace().collect();
                if let Some(image) = words.iter().find(|w| !w.starts_with("--")) {
                    pieces.fact("docker.from", &[(image, *rest)], *at);
                }
            }
            _ => {}
        }
    }
    if let Some((user, place)) = last_user {
        pieces.fact("docker.user", &[(&user, place)], place);
    }
    pieces.0
}

/// Splits a Dockerfile into instructions.
fn instructions(source: &str) -> Vec<Instruction<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let line = line_at(source, at);
        let text = line.text(source);
        let trimmed = text.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            at = line.end as usize + 1;
            continue;
        }
        let start = line.start + (text.len() - trimmed.len()) as u32;
        let word = trimmed.split_whitespace().next().unwrap_or_default();
        let begin = start + word.len() as u32;
        let mut end = line;
        // A line that ends in a backslash goes on; comments and blank lines in between do not count.
        while continues(end.text(source)) && (end.end as usize) < source.len() {
            let next = line_at(source, end.end as usize + 1);
            if next.start as usize >= source.len() {
                break;
            }
            end = next;
            while is_skipped(end.text(source)) && (end.end as usize) < source.len() {
                end = line_at(source, end.end as usize + 1);
            }
        }
        let rest = Span::new(begin.min(end.end), end.end);
        let mut documents = Vec::new();
        at = end.end as usize + 1;
        for mark in marks(rest.text(source)) {
            let from = at;
            let mut body_end = from;
            while at < source.len() {
                let line = line_at(source, at);
                at = line.end as usize + 1;
                if line.text(source).trim() == mark {
                    break;
                }
                body_end = at.min(source.len());
            }
            documents.push(Span::new(
                from.min(source.len()) as u32,
                body_end.max(from).min(source.len()) as u32,
            ));
        }
        found.push(Instruction {
            name: word.to_ascii_uppercase(),
            at: Span::new(start, begin),
            rest,
            text: rest.text(source),
            documents,
        });
    }
    found
}

fn line_at(source: &str, start: usize) -> Span {
    let start = start.min(source.len());
    let end =
        memchr::memchr(b'\n', &source.as_bytes()[start..]).map_or(source.len(), |n| start + n);
    Span::new(start as u32, end as u32)
}

fn continues(line: &str) -> bool {
    is_skipped(line) || line.trim_end().ends_with(['\\', '`'])
}

fn is_skipped(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The marks of the documents that an instruction begins: `RUN <<EOF`.
fn marks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("<<") {
        rest = &rest[at + 2..];
        let word = rest.strip_prefix('-').unwrap_or(rest);
        if word.starts_with('<') {
            rest = word;
            continue;
        }
        let quoted = word.trim_start_matches(['"', '\'']);
        let len = quoted
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(quoted.len());
        if len > 0 && quoted.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push(quoted[..len].to_owned());
        }
    }
    found
}

/// `RUN`, `CMD`, `ENTRYPOINT`, in either form.
fn script(source: &str, instruction: &Instruction<'_>) -> Text {
    let mut rest = instruction.rest;
    // Options stand before the command: `--mount=type=secret,id=x`.
    loop {
        let text = rest.text(source);
        let lead = text.len() - text.trim_start_matches([' ', '\t', '\\', '\n', '\r']).len();
        let word = &text[lead..];
        if !word.starts_with("--") {
            rest.start += lead as u32;
            break;
        }
        let len = word.find(char::is_whitespace).unwrap_or(word.len());
        rest.start += (lead + len) as u32;
    }
    let text = rest.text(source);
    let mut script = Text::default();
    if text.starts_with('[')
        && let Some(list) = json::read(text)
        && !list.items().is_empty()
    {
        for (word, place) in list.scalars() {
            let place = Span::new(rest.start + place.start, rest.start + place.end);
            script.quoted(word, place);
            script.written(" ", place);
        }
        return script;
    }
    if let Some(&body) = instruction.documents.first()
        && text.trim_start().starts_with("<<")
    {
        // The document is the script itself.
        script.copied(source, body);
        return script;
    }
    without_comments(source, rest, &mut script);
    if let Some(last) = instruction.documents.last() {
        let mark = marks(text).pop().unwrap_or_default();
        script.written("\n", Span::new(rest.end, rest.end));
        let from = instruction
            .documents
            .first()
            .map_or(last.start, |d| d.start);
        script.copied(source, Span::new(from, last.end));
        script.written(&mark, Span::new(last.end, last.end));
        script.written("\n", Span::new(last.end, last.end));
    }
    script
}

/// Comments between continued lines are taken out before a shell sees them.
fn without_comments(source: &str, rest: Span, script: &mut Text) {
    let mut at = rest.start as usize;
    let mut first = true;
    while at < rest.end as usize {
        let line = line_at(source, at);
        let line = Span::new(at as u32, line.end.min(rest.end));
        if first || !is_skipped(line.text(source)) {
            script.copied(source, line);
            script.written("\n", Span::new(line.end, line.end));
        }
        first = false;
        at = line.end as usize + 1;
    }
}

/// `ENV A=b C=d`, `ENV A b`, `ARG A=b`.
fn variables(source: &str, instruction: &Instruction<'_>, pieces: &mut Pieces) {
    let text = instruction.text;
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.is_empty() {
        return;
    }
    let start = instruction.rest.start + (text.len() - text.trim_start().len()) as u32;
    if !first.contains('=') {
        let value = text.trim_start()[first.len()..].trim();
        if instruction.name == "ENV" && !value.is_empty() {
            let mut text = Text::default();
            text.quoted(value, Span::new(start, instruction.rest.end));
            pieces.variable(first, text, Span::new(start, start + first.len() as u32));
        }
        return;
    }
    // Pairs are written as a shell writes them.
    let mut script = Text::default();
    script.written("export ", instruction.at);
    script.copied(source, Span::new(start, instruction.rest.end));
    pieces.script(script);
}

/// `ADD` and `COPY`: what goes in.
fn copied(instruction: &Instruction<'_>, pieces: &mut Pieces) {
    let words: Vec<&str> = instruction
        .text
        .split_whitespace()
        .filter(|w| *w != "\\")
        .map(|w| w.trim_matches(['[', ']', '"', ',']))
        .collect();
    let has_digest = words.iter().any(|w| w.starts_with("--checksum="));
    let from_stage = words.iter().any(|w| w.starts_with("--from="));
    let paths: Vec<&str> = words.into_iter().filter(|w| !w.starts_with("--")).collect();
    let Some((to, sources)) = paths.split_last() else {
        return;
    };
    for from in sources {
        let offset = instruction.text.find(from).unwrap_or(0) as u32;
        let start = instruction.rest.start + offset;
        let place = Span::new(start, start + from.len() as u32);
        let name = match (from.contains("://"), has_digest) {
            (true, false) => "docker.add",
            (true, true) => "docker.add-checked",
            _ if from_stage => continue,
            _ => "docker.copy",
        };
        pieces.fact(name, &[(from, place), (to, place)], place);
    }
}
