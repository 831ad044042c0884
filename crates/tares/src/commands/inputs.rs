//! `tares inputs`: what a person sees of a text beside what an agent reads.

use crate::arguments::{Inputs, ListFormat};
use crate::failure::Failure;
use crate::output::{self, print_text};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use tares_guard::{Agent, Piece, Row};
use tares_model::{ExitCode, Level, LineIndex, Notice, RepoPath};
use tares_report::escape::wrap;
use tares_world::walk;

const BOLD: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::BOLD);
const DIM: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::DIMMED);
const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();

/// Largest text that is looked at, in bytes.
const LARGEST: u64 = 4 << 20;

/// Lines shown around a difference.
const CONTEXT: u32 = 1;

/// A text with what was found in it.
struct Looked {
    path: RepoPath,
    text: String,
    notices: Vec<Notice>,
}

pub(crate) fn run(arguments: &Inputs) -> Result<ExitCode, Failure> {
    let agent = match arguments.agent.as_deref() {
        Some(word) => Agent::from_word(word).ok_or_else(|| unknown(word))?,
        None => Agent::Other,
    };
    let texts = read(&arguments.paths)?;
    if texts.is_empty() {
        return Ok(ExitCode::Nothing);
    }
    if arguments.clean {
        return clean(&texts);
    }
    let looked: Vec<Looked> = texts
        .into_iter()
        .map(|(path, text)| Looked {
            notices: tares_guard::inspect(&path, None, &text),
            path,
            text,
        })
        .collect();
    let text = match arguments.format {
        ListFormat::Text => views(&looked, agent, arguments.all),
        ListFormat::Json => json(&looked, agent),
    };
    print_text(arguments.color, &text)?;
    let worst = looked
        .iter()
        .flat_map(|l| &l.notices)
        .map(|n| n.level)
        .max();
    Ok(match worst {
        Some(Level::Block) => ExitCode::Block,
        _ => ExitCode::Ok,
    })
}

fn unknown(word: &str) -> Failure {
    let words: Vec<&str> = Agent::ALL.iter().map(|(_, word)| *word).collect();
    Failure::usage(format!("there is no agent `{word}`"))
        .hint(format!("one of {}", words.join(", ")))
}

fn read(paths: &[std::path::PathBuf]) -> Result<Vec<(RepoPath, String)>, Failure> {
    if paths.iter().any(|path| path == Path::new("-")) {
        let mut bytes = Vec::new();
        std::io::stdin().take(LARGEST).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return Ok(vec![(RepoPath::from("stdin.md"), text)]);
    }
    let bounds = walk::Options::default();
    let walked = walk::find(paths, &bounds).map_err(|error| match error {
        walk::WalkError::Path { path, source } => {
            Failure::usage(format!("cannot look at {}", path.display())).because(&source)
        }
    })?;
    let mut texts = Vec::new();
    for found in &walked.files {
        let Ok(file) = walk::load(found, &bounds) else {
            continue;
        };
        let Some(side) = file.after else { continue };
        if side.bytes.len() as u64 > LARGEST || side.bytes.iter().take(8 << 10).any(|b| *b == 0) {
            continue;
        }
        texts.push((file.path, String::from_utf8_lossy(&side.bytes).into_owned()));
    }
    Ok(texts)
}

fn clean(texts: &[(RepoPath, String)]) -> Result<ExitCode, Failure> {
    let [(path, text)] = texts else {
        return Err(Failure::usage(
            "`--clean` takes one file at a time".to_owned(),
        ));
    };
    print_text(
        crate::arguments::Color::Never,
        &tares_guard::clean(path, text),
    )?;
    Ok(ExitCode::Ok)
}

fn views(looked: &[Looked], agent: Agent, all: bool) -> String {
    let mut text = String::new();
    let (mut different, mut found) = (0, 0);
    for one in looked {
        let rows = tares_guard::sides(&one.path, &one.text, agent);
        found += one.notices.iter().filter(|n| n.level > Level::Note).count();
        if !all && !rows.iter().any(Row::differs) && one.notices.is_empty() {
            continue;
        }
        different += 1;
        view(&mut text, one, &rows, agent, all);
    }
    let (texts, findings) = (plural(looked.len(), "text"), plural(found, "finding"));
    let _ = writeln!(
        text,
        "{texts} read, {different} with more for an agent than for a person; {findings}"
    );
    text
}

fn plural(number: usize, word: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {word}{end}")
}

fn view(text: &mut String, one: &Looked, rows: &[Row], agent: Agent, all: bool) {
    let width = output::width().saturating_sub(10).max(40) / 2;
    let loads = match agent.reach(&one.path, &one.text).as_str() {
        "" => String::new(),
        loads => format!("  {DIM}{loads}{DIM:#}"),
    };
    let path = tares_report::escape::visible(one.path.as_str());
    let _ = writeln!(text, "{BOLD}{path}{BOLD:#}{loads}");
    let _ = writeln!(
        text,
        "{DIM}      {:width$} │ an agent reads{DIM:#}",
        "a person sees"
    );
    let is_near = |line: u32| {
        rows.iter()
            .any(|row| row.differs() && row.line.abs_diff(line) <= CONTEXT)
    };
    let mut last = 0;
    for row in rows.iter().filter(|row| all || is_near(row.line)) {
        if last != 0 && row.line > last + 1 {
            let _ = writeln!(text, "{DIM}    ⋮{DIM:#}");
        }
        last = row.line;
        lines(text, row, width);
    }
    let index = LineIndex::new(&one.text);
    for notice in &one.notices {
        let style = match notice.level {
            Level::Block => RED,
            Level::Review => YELLOW,
            Level::Note => DIM,
        };
        let line = index.line(notice.span.start);
        let said = format!("line {line}: {} ({})", notice.message, notice.rule);
        let width = output::width().saturating_sub(10).max(40);
        for (i, part) in wrap(&said, width).iter().enumerate() {
            let level = if i == 0 { notice.level.as_str() } else { "" };
            let _ = writeln!(text, "  {style}{level:6}{style:#}  {}", part.trim_end());
        }
    }
    text.push('\n');
}

/// Lays one row out in two columns, each wrapped on its own.
fn lines(text: &mut String, row: &Row, width: usize) {
    let left = cut(
        &[Piece {
            text: row.seen.clone(),
            why: None,
            is_read: true,
        }],
        width,
    );
    let right = cut(&row.read, width);
    for i in 0..left.len().max(right.len()) {
        let number = if i == 0 {
            row.line.to_string()
        } else {
            String::new()
        };
        let empty = Vec::new();
        let (seen, read) = (
            left.get(i).unwrap_or(&empty),
            right.get(i).unwrap_or(&empty),
        );
        let seen: String = seen.iter().map(|piece| piece.text.as_str()).collect();
        let pad = width.saturating_sub(seen.chars().count());
        let _ = write!(text, "{DIM}{number:>5}{DIM:#} {seen}{:pad$} │ ", "");
        for piece in read {
            let _ = match piece.why {
                None => write!(text, "{}", piece.text),
                Some(_) if piece.is_read => write!(text, "{RED}{}{RED:#}", piece.text),
                Some(_) => write!(text, "{DIM}{}{DIM:#}", piece.text),
            };
        }
        text.push('\n');
    }
}

/// Cuts pieces into lines of at most `width` characters.
fn cut(pieces: &[Piece], width: usize) -> Vec<Vec<Piece>> {
    let (mut lines, mut line, mut used) = (Vec::new(), Vec::new(), 0);
    for piece in pieces {
        let mut rest: Vec<char> = piece.text.chars().collect();
        while !rest.is_empty() {
            if used == width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            let tail = rest.split_off(rest.len().min(width - used));
            used += rest.len();
            line.push(Piece {
                text: rest.into_iter().collect(),
                ..piece.clone()
            });
            rest = tail;
        }
    }
    lines.push(line);
    lines
}

fn json(looked: &[Looked], agent: Agent) -> String {
    let files: Vec<serde_json::Value> = looked.iter().map(|one| entry(one, agent)).collect();
    format!("{:#}\n", serde_json::Value::Array(files))
}

fn entry(one: &Looked, agent: Agent) -> serde_json::Value {
    let index = LineIndex::new(&one.text);
    let views = tares_guard::views(&one.path, &one.text);
    let hidden: Vec<serde_json::Value> = views
        .hidden
        .iter()
        .map(|hidden| {
            serde_json::json!({
                "line": index.line(hidden.span.start), "carrier": hidden.carrier.as_str(),
                "text": hidden.text, "read": agent.reads(&one.path, hidden),
            })
        })
        .collect();
    let findings: Vec<serde_json::Value> = one
        .notices
        .iter()
        .map(|notice| {
            serde_json::json!({
                "line": index.line(notice.span.start), "rule": notice.rule, "level": notice.level.as_str(),
                "severity": notice.severity.as_str(), "message": notice.message, "content": notice.identity,
            })
        })
        .collect();
    serde_json::json!({
        "path": one.path.as_str(), "loaded": agent.loads(&one.path),
        "reach": agent.reach(&one.path, &one.text).as_str(), "visible": views.visible,
        "hidden": hidden, "findings": findings,
    })
}
