//! Directions: a line that a person reads in another order than a compiler does.
//!
//! Source: "Trojan Source" (CVE-2021-42574): embeddings, overrides and isolates move code into
//! comments and strings on the screen while it runs.

use unicode_bidi::{BidiInfo, Level};

/// Longest line whose order is computed, in bytes.
const LONGEST: usize = 4 << 10;

/// Returns whether every direction that a line opens is closed on it, in order.
pub(crate) fn is_balanced(line: &str) -> bool {
    let mut open = Vec::new();
    for c in line.chars() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push('\u{202C}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202C}' | '\u{2069}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Returns the line as a person sees it, without the marks; `None` where that is its own order.
pub(crate) fn visual(line: &str) -> Option<String> {
    if !is_laid_out(line) {
        return None;
    }
    let info = BidiInfo::new(line, Some(Level::ltr()));
    let paragraph = info.paragraphs.first()?;
    let shown = info.reorder_line(paragraph, paragraph.range.clone());
    let without = |text: &str| -> String { text.chars().filter(|c| !is_mark(*c)).collect() };
    let (shown, own) = (without(&shown), without(line));
    (shown != own).then_some(shown)
}

/// Whether a line is short enough for its order to be computed.
pub(crate) fn is_laid_out(line: &str) -> bool {
    line.len() <= LONGEST
}

pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}
