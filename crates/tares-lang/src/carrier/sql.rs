//! SQL files: each statement is handed to a database, which is all that is known of it here.

use super::{Piece, Pieces};
use crate::tree::Span;

/// Most statements of a file, and most bytes of one, that are looked at. Dumps hold data.
const MAX_STATEMENTS: usize = 2_000;
const MAX_BYTES: usize = 2_000;

/// Verbs whose statements do more than read or describe.
const VERBS: [&str; 16] = [
    "GRANT", "REVOKE", "CREATE", "ALTER", "DROP", "TRUNCATE", "DELETE", "UPDATE", "INSERT", "COPY",
    "EXEC", "EXECUTE", "SET", "SELECT", "LOAD", "DISABLE",
];

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for place in statements(source).into_iter().take(MAX_STATEMENTS) {
        let plain = without_comments(place.text(source));
        let verb = plain.split_whitespace().next().unwrap_or_default();
        let known = VERBS.iter().any(|v| verb.eq_ignore_ascii_case(v));
        if known {
            let cut = plain
                .char_indices()
                .nth(MAX_BYTES)
                .map_or(plain.len(), |(at, _)| at);
            pieces.fact("sql.statement", &[(&plain[..cut], place)], place);
        }
    }
    pieces.0
}

/// Splits at semicolons that stand outside of quotes and comments.
fn statements(source: &str) -> Vec<Span> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut quote = None;
    while at < bytes.len() {
        let byte = bytes[at];
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'\'' | b'"' | b'`') => quote = Some(byte),
            None if bytes[at..].starts_with(b"--") => {
                at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
                continue;
            }
            None if bytes[at..].starts_with(b"/*") => {
                at += memchr::memmem::find(&bytes[at..], b"*/").unwrap_or(bytes.len() - at - 1) + 1;
            }
            None if byte == b';' => {
                push(source, start, at, &mut found);
                start = at + 1;
            }
            None => {}
        }
        at += 1;
    }
    push(source, start, source.len(), &mut found);
    found
}

/// Adds a statement from its first word on.
fn push(source: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let Some(mut rest) = source.get(start..end) else {
        return;
    };
    loop {
        rest = rest.trim_start();
        if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, tail)| tail);
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, tail)| tail);
        } else {
            break;
        }
    }
    let text = rest.trim_end();
    if !text.is_empty() {
        let from = (end - rest.len()) as u32;
        found.push(Span::new(from, from + text.len() as u32));
    }
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| match line.find("--") {
        Some(at) if !line[..at].contains('\'') => &line[..at],
        _ => line,
    });
    lines
        .collect::<Vec<_>>()
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
