//! Control characters: what a terminal would do with the text.

use super::lines::Line;
use crate::notice::shown;
use crate::surface::Kind;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};

/// What escape sequences do that hides text or acts: by their beginning after ESC.
const ACTING: [(&str, &str); 6] = [
    ("[8m", "conceals the text after it"),
    ("]8;", "makes a link with another target"),
    ("]52;", "writes to the clipboard"),
    ("[2J", "clears the screen"),
    ("[1A", "writes over the line above"),
    ("]0;", "sets the title of the window"),
];

/// Judges the control characters of a line.
pub(super) fn find(_text: &str, line: &Line<'_>, kind: Kind, out: &mut Vec<Notice>) {
    let is_control = |c: char| super::class::class(c) == Some(super::class::Class::Control);
    // The controls beyond ASCII begin with one byte.
    let may_hold = |b: u8| b < 0x20 || b == 0x7F || b == 0xC2;
    if !line.text.bytes().any(may_hold) {
        return;
    }
    let Some(at) = line.text.find(is_control) else {
        return;
    };
    let acting = line.text.match_indices('\u{1b}').find_map(|(at, _)| {
        let rest = &line.text[at + 1..];
        let found = ACTING.iter().find(|(begin, _)| rest.starts_with(begin))?;
        Some((at, found.1))
    });
    // Backspaces or a lone return write over what stands before them; one or two hide nothing.
    let backspaces = line.text.matches('\u{8}').count();
    let overwrites = backspaces >= 3 || line.text.contains('\r');
    let (at, what, level) = match acting {
        Some((at, what)) if kind == Kind::Instructions => (at, what, Level::Block),
        Some((at, what)) => (at, what, Level::Review),
        None if overwrites && kind != Kind::Code => {
            (at, "writes over the text before it", Level::Review)
        }
        None if kind == Kind::Instructions => (at, "acts on a terminal", Level::Review),
        None => (at, "acts on a terminal", Level::Note),
    };
    let width = line.text[at..].chars().next().map_or(1, char::len_utf8);
    let code = line.text[at..].chars().next().map_or(0, |c| c as u32);
    let start = (line.start + at) as u32;
    out.push(Notice {
        rule: "terminal-control",
        level,
        severity: Severity::Medium,
        confidence: Confidence::High,
        span: Span::new(start, start + width as u32),
        message: format!(
            "control character U+{code:04X} {what}: \"{}\"",
            shown(&line.text[at..], 60)
        ),
        related: Vec::new(),
        identity: line.text[at..].chars().take(200).collect(),
    });
}
