//! Hostile text inside Markdown: it stays text, reaches nobody and links nowhere.

use crate::escape::{cut, one_line, visible};
use std::fmt::Write as _;

/// Keeps words apart that a forge would join into a mention, a reference or a link. A forge
/// looks for those in the text after the markup is gone, so escaping alone does not help.
const GAP: &str = "&#8203;";

/// Hex digits in a row from which a forge takes a word for a commit.
const COMMIT_DIGITS: usize = 7;

/// Returns the text for use in the middle of a line or of a table cell, at most `max` columns
/// of it.
pub(super) fn prose(text: &str, max: usize) -> String {
    let text = one_line(text);
    escaped(&cut(&text, max))
}

/// Returns the text as code for use in the middle of a line or of a table cell. It is an
/// element and not a code span, because a table ends a code span at a bar.
pub(super) fn code(text: &str, max: usize) -> String {
    let text = one_line(text);
    format!("<code>{}</code>", escaped(&cut(&text, max)))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut hex = 0;
    let mut previous = ' ';
    for c in text.chars() {
        hex = if c.is_ascii_hexdigit() { hex + 1 } else { 0 };
        if hex == COMMIT_DIGITS || (previous == '-' && c.is_ascii_digit()) {
            out.push_str(GAP);
            hex = 1;
        }
        if is_markup(c) {
            // An entity stands for the character, never for the markup.
            write!(out, "&#{};", c as u32).expect("writing to a string cannot fail");
        } else {
            out.push(c);
        }
        let is_www = c == '.' && previous.eq_ignore_ascii_case(&'w');
        if is_www || matches!(c, '@' | '#' | ':' | '$') {
            out.push_str(GAP);
        }
        previous = c;
    }
    out
}

fn is_markup(c: char) -> bool {
    matches!(
        c,
        '\\' | '`'
            | '*'
            | '_'
            | '{'
            | '}'
            | '['
            | ']'
            | '<'
            | '>'
            | '&'
            | '|'
            | '~'
            | '!'
            | '#'
            | '@'
            | '$'
            | ':'
            | '^'
    )
}

/// Returns a block of code, with a fence longer than any run of backticks in it.
pub(super) fn fenced(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|l| visible(&l.replace('\t', "    ")).into_owned())
        .collect();
    let longest = lines.iter().map(|l| longest_run(l)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", lines.join("\n"))
}

fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_prose_is_markup_mention_or_link() {
        let text = prose(
            "@all **x** [a](b) <img> #12 www.a.test https://b.test `c` | d GH-12\n# h",
            200,
        );
        for live in [
            "@all", "**", "](", "<img", " #12", "www.a", "://", "`", "|", "GH-12", "\n",
        ] {
            assert!(!text.contains(live), "{live} in {text}");
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let block = fenced(&["````".to_owned(), "x".to_owned()]);
        assert!(
            block.starts_with("`````text\n") && block.ends_with("\n`````\n"),
            "{block}"
        );
    }
}
