//! Makes hostile text safe to look at: nothing in it moves the cursor, turns the direction of
//! reading, or hides.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Marks a place where text was cut.
pub const ELLIPSIS: char = '\u{2026}';

/// Combining marks in a row that a terminal still draws within one line. Living scripts stack
/// three at most; more is drawn over the lines above and below.
const MARKS_IN_A_ROW: usize = 3;

/// Characters of a message that are shown: about what somebody reads who has many to read.
const PAGE: usize = 2_000;

/// Returns whether a character is shown as its code point: controls, everything that changes
/// the direction of reading, everything that has no ink, and spaces that are not the space.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Returns the text with every hidden character written out as `<U+202E>`. The result is one
/// line: line ends are hidden characters too.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    Cells::new(text).for_each(|cell| out.push_str(&cell));
    Cow::Owned(out)
}

/// Returns the text as one readable line: runs of white space become one space, the rest is
/// [`visible`]. For messages, where a line end carries no meaning. More than a page is cut.
pub fn one_line(text: &str) -> String {
    let page = text
        .char_indices()
        .nth(PAGE)
        .map_or(text, |(end, _)| &text[..end]);
    let words: Vec<&str> = page
        .split([' ', '\t', '\n', '\r'])
        .filter(|w| !w.is_empty())
        .collect();
    let mut line = visible(&words.join(" ")).into_owned();
    if page.len() < text.len() {
        line.push(ELLIPSIS);
    }
    line
}

/// Returns the text cut to `width` columns, with an ellipsis where something is missing.
/// Expects text that is already visible.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out.push(ELLIPSIS);
    Cow::Owned(out)
}

/// Breaks a visible text into lines of at most `width` columns, at spaces where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(16);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
        break_last(&mut lines, width);
    }
    lines
}

/// Splits the last line as long as it is one word that is too long.
fn break_last(lines: &mut Vec<String>, width: usize) {
    loop {
        let line = lines.last_mut().expect("there is always a line");
        let mut used = 0;
        let at = line.char_indices().find(|(_, c)| {
            used += c.width().unwrap_or(0);
            used > width
        });
        let Some((at, _)) = at.filter(|(at, _)| *at > 0) else {
            return;
        };
        let rest = line.split_off(at);
        lines.push(rest);
    }
}

/// Returns a count with its thousands apart.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The characters of a text, each as it is shown.
struct Cells<'a> {
    chars: std::str::Chars<'a>,
    marks: usize,
}

impl<'a> Cells<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            chars: text.chars(),
            marks: MARKS_IN_A_ROW,
        }
    }
}

impl Iterator for Cells<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let c = self.chars.next()?;
        let is_mark = !is_hidden(c) && c.width() == Some(0);
        if is_hidden(c) || (is_mark && self.marks >= MARKS_IN_A_ROW) {
            let mut cell = String::new();
            write!(cell, "<U+{:04X}>", c as u32).expect("writing to a string cannot fail");
            // A mark that follows a code point has no letter to stand on.
            self.marks = MARKS_IN_A_ROW;
            return Some(cell);
        }
        self.marks = if is_mark { self.marks + 1 } else { 0 };
        Some(c.to_string())
    }
}

/// One source line as it is shown: visible, tabs widened, cut around what matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLine {
    /// The text to show.
    pub text: String,
    /// Columns of the source line before the first of `offsets`.
    skipped: usize,
    /// For each column of the source line, and one past its end, the byte offset in `text`.
    offsets: Vec<usize>,
}

impl ShownLine {
    /// Returns the line within `width` columns, so that the 1-based source column `focus` is
    /// in it. Costs what is shown, however long the line is.
    pub fn new(line: &str, width: usize, focus: u32) -> Self {
        let width = width.max(16);
        // A column on the screen holds a letter and its marks at most.
        let reach = width * (MARKS_IN_A_ROW + 1);
        let focus = (focus.max(1) - 1) as usize;
        let focus = focus.min(line.chars().count());
        let skipped = focus.saturating_sub(reach);
        let mut rest = line.char_indices().skip(skipped).map(|(i, _)| i);
        let start = rest.next().unwrap_or(line.len());
        let end = rest.nth(2 * reach).unwrap_or(line.len());
        let cells = cells(&line[start..end]);
        let range = window(
            &cells,
            width,
            focus - skipped,
            skipped > 0 || end < line.len(),
        );
        let mut shown = Self {
            text: String::new(),
            skipped,
            offsets: Vec::new(),
        };
        if skipped + range.start > 0 {
            shown.text.push(ELLIPSIS);
        }
        for (i, cell) in cells.iter().enumerate() {
            shown.offsets.push(shown.text.len());
            if range.contains(&i) {
                shown.text.push_str(cell);
            }
        }
        shown.offsets.push(shown.text.len());
        if range.end < cells.len() || end < line.len() {
            shown.text.push(ELLIPSIS);
        }
        shown
    }

    /// Returns the byte offset in the shown text of a 1-based source column; columns beyond
    /// what is shown stand for its ends.
    pub fn offset(&self, column: u32) -> usize {
        let i = (column.max(1) as usize - 1).saturating_sub(self.skipped);
        self.offsets
            .get(i)
            .or(self.offsets.last())
            .copied()
            .unwrap_or(0)
    }
}

/// Returns each character of a source line as it is shown.
fn cells(line: &str) -> Vec<String> {
    let parts = line.split('\t').enumerate().flat_map(|(i, part)| {
        let tab = (i > 0).then(|| "    ".to_owned());
        tab.into_iter().chain(Cells::new(part))
    });
    parts.collect()
}

/// Returns the cells to show: all of them if they fit, else as many as fit with two fifths of
/// the room before `focus`.
fn window(cells: &[String], width: usize, focus: usize, is_part: bool) -> Range<usize> {
    let widths: Vec<usize> = cells.iter().map(|c| c.width()).collect();
    if !is_part && widths.iter().sum::<usize>() <= width {
        return 0..cells.len();
    }
    let room = width - 2;
    let focus = focus.min(cells.len().saturating_sub(1));
    let (mut start, mut end, mut used) = (focus, focus, 0);
    while start > 0 && used + widths[start - 1] <= room * 2 / 5 {
        start -= 1;
        used += widths[start];
    }
    while end < cells.len() && used + widths[end] <= room {
        used += widths[end];
        end += 1;
    }
    while start > 0 && used + widths[start - 1] <= room {
        start -= 1;
        used += widths[start];
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        assert_eq!(
            visible("a\u{202e}b\u{1b}[2Jc\n"),
            "a<U+202E>b<U+001B>[2Jc<U+000A>"
        );
        assert_eq!(visible("gr\u{fc}n e\u{301}"), "gr\u{fc}n e\u{301}");
        assert_eq!(
            visible("e\u{301}\u{301}\u{301}\u{301}"),
            "e\u{301}\u{301}\u{301}<U+0301>"
        );
    }

    #[test]
    fn a_long_line_keeps_its_focus() {
        let line = format!("{}eval(x){}", "a".repeat(500), "b".repeat(500));
        let shown = ShownLine::new(&line, 40, 501);
        assert_eq!(shown.text.width(), 40);
        assert_eq!(&shown.text[shown.offset(501)..shown.offset(505)], "eval");
        assert!(shown.text.starts_with(ELLIPSIS) && shown.text.ends_with(ELLIPSIS));
    }

    #[test]
    fn a_line_of_any_length_costs_what_is_shown() {
        let line = format!("{}eval(x){}", "a".repeat(300_000), "b".repeat(300_000));
        let shown = ShownLine::new(&line, 40, 300_001);
        assert_eq!(
            &shown.text[shown.offset(300_001)..shown.offset(300_005)],
            "eval"
        );
        assert!(shown.offsets.len() < 400);
        assert_eq!(
            (shown.offset(1), shown.offset(600_000)),
            (3, shown.text.len() - 3)
        );
    }

    #[test]
    fn columns_survive_escapes_and_tabs() {
        let shown = ShownLine::new("\tx\u{200b} = y", 80, 1);
        assert_eq!(shown.text, "    x<U+200B> = y");
        assert_eq!(&shown.text[shown.offset(7)..shown.offset(8)], "y");
        assert_eq!(shown.offset(99), shown.text.len());
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn wrapping_breaks_words_only_when_it_must() {
        assert_eq!(wrap("one two three four", 16), ["one two three", "four"]);
        assert_eq!(
            wrap(&"x".repeat(20), 16),
            ["x".repeat(16), "xxxx".to_owned()]
        );
    }
}
