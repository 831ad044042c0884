//! What every Rust file keeps: a heading, a bounded length, nothing unfinished.

use crate::tree::{assert_none, files_ending, text};

/// The length at which a file has to be split (the budget is half of it).
const LONGEST: usize = 800;

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = files_ending(".rs")
        .into_iter()
        .filter(|file| !text(file).unwrap().starts_with("//! "))
        .collect();
    assert_none(
        "a file starts with `//!`: what it is and what it must not know",
        &silent,
    );
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        "todo!",
        "unimplemented!",
        "dbg!",
        "#[ignore",
        "#[allow",
        "#![allow",
    ];
    let mut complaints = Vec::new();
    for file in files_ending(".rs") {
        let code = strip(&text(&file).unwrap());
        for (number, line) in code.lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(*mark)) {
                complaints.push(format!("{file}:{}: {mark}", number + 1));
            }
        }
    }
    assert_none(
        "unfinished or silenced code (use `#[expect(lint, reason)]`)",
        &complaints,
    );
}

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    for file in files_ending(".rs")
        .iter()
        .filter(|file| !file.contains("/tests/"))
    {
        let source = text(file).unwrap();
        let length = source
            .lines()
            .take_while(|line| line.trim() != "#[cfg(test)]")
            .count();
        if length > LONGEST {
            complaints.push(format!("{file}: {length} lines"));
        }
    }
    assert_none(
        "a file without its tests has at most 800 lines",
        &complaints,
    );
}

#[test]
fn stripping_leaves_only_code() {
    let source =
        "let a = \"todo!\"; // dbg!\nlet b = r#\"x\"todo!\"#; /* dbg!\n*/ c('\"'); 'a: d()";
    assert_eq!(strip(source), "let a = ; \nlet b = ; \n c(); 'a: d()");
}

/// Blanks comments and literals, so that a rule about code does not read text.
fn strip(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            literal(rest)
        };
        if skipped > 0 {
            code.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
            rest = &rest[skipped..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    code
}

/// Returns the length of the literal at the start of `rest`, 0 if there is none.
fn literal(rest: &str) -> usize {
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = 1 + hashes + 1;
            return rest[body..]
                .find(&close)
                .map_or(rest.len(), |end| body + end + close.len());
        }
        return 0;
    }
    let quote = match rest.as_bytes()[0] {
        b'"' => '"',
        b'\'' if is_char(rest) => '\'',
        _ => return 0,
    };
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Whether a quote opens a character and not a lifetime.
fn is_char(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}
