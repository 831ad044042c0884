//! Makefiles: recipes and `$(shell …)` are scripts.

use super::map::Text;
use super::{Piece, Pieces};
use crate::tree::Span;

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let mut at = 0;
    let mut defines = false;
    while at < source.len() {
        let start = at;
        // A line with those that continue it.
        loop {
            let end =
                memchr::memchr(b'\n', &source.as_bytes()[at..]).map_or(source.len(), |n| at + n);
            let goes_on = source[at..end].trim_end_matches('\r').ends_with('\\');
            at = end + 1;
            if !goes_on || at >= source.len() {
                break;
            }
        }
        let line = Span::new(start as u32, (at - 1).min(source.len()) as u32);
        let text = line.text(source);
        let trimmed = text.trim_start();
        if trimmed.starts_with("define ") || trimmed.starts_with("endef") {
            defines = trimmed.starts_with("define ");
        } else if text.starts_with('\t') && !defines {
            recipe(source, line, &mut pieces);
        } else if text.contains("$(shell ") && !trimmed.starts_with('#') {
            calls(source, line, &mut pieces);
        }
    }
    pieces.0
}

fn recipe(source: &str, line: Span, pieces: &mut Pieces) {
    let text = line.text(source);
    let lead = text.len() - text.trim_start_matches(['\t', ' ', '@', '-', '+']).len();
    let body = Span::new(line.start + lead as u32, line.end);
    if body.text(source).starts_with('#') {
        return;
    }
    let mut script = Text::default();
    translated(source, body, &mut script);
    pieces.script(script);
}

/// The commands of `$(shell …)` in a line.
fn calls(source: &str, line: Span, pieces: &mut Pieces) {
    let text = line.text(source);
    let mut from = 0;
    while let Some(found) = text[from..].find("$(shell ") {
        let start = from + found + "$(shell ".len();
        let mut depth = 1;
        let mut end = start;
        for (at, c) in text[start..].char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            end = start + at;
            if depth == 0 {
                break;
            }
        }
        let mut script = Text::default();
        let place = Span::new(line.start + start as u32, line.start + end as u32);
        translated(source, place, &mut script);
        pieces.script(script);
        from = end.max(start);
    }
}

/// Writes what `make` hands to the shell: its own variables become variables of the script.
fn translated(source: &str, place: Span, out: &mut Text) {
    let text = place.text(source);
    let mut from = 0;
    let mut rest = text;
    let span = |a: usize, b: usize| Span::new(place.start + a as u32, place.start + b as u32);
    while let Some(found) = rest.find('$') {
        let at = from + found;
        out.copied(source, span(from, at));
        let tail = &text[at + 1..];
        let (written, len) = match tail.as_bytes().first() {
            Some(b'$') => ("$".to_owned(), 2),
            Some(b'(' | b'{') => reference(tail),
            Some(_) => (
                "${make}".to_owned(),
                1 + tail.chars().next().map_or(0, char::len_utf8),
            ),
            None => (String::new(), 1),
        };
        out.written(&written, span(at, at + len));
        from = at + len;
        rest = text.get(from..).unwrap_or_default();
    }
    out.copied(source, span(from.min(text.len()), text.len()));
}

/// `$(NAME)` or a call of a function; returns what stands for it, and its length with the `$`.
fn reference(tail: &str) -> (String, usize) {
    let mut depth = 0;
    let mut end = tail.len();
    for (at, c) in tail.char_indices() {
        depth += i32::from(matches!(c, '(' | '{')) - i32::from(matches!(c, ')' | '}'));
        if depth == 0 {
            end = at;
            break;
        }
    }
    let inner = tail.get(1..end).unwrap_or_default();
    let length = (end + 2).min(tail.len() + 1);
    if let Some(command) = inner.strip_prefix("shell ") {
        return (format!("$({})", command.replace("$$", "$")), length);
    }
    let is_name = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = if is_name && !inner.starts_with(|c: char| c.is_ascii_digit()) {
        inner
    } else {
        "make"
    };
    (format!("${{{name}}}"), length)
}
