//! Which lines a suppression comment covers.

use super::parse::Parsed;
use super::{Cover, File, Suppression};
use tares_model::{LineIndex, Place, Span};

/// Where the code of a file stands.
pub(super) struct Layout {
    pub(super) index: LineIndex,
    /// Lines with something on them that is neither white space nor comment, sorted.
    code_lines: Vec<u32>,
    /// First and last lines of statements that hold no other statement. They do not overlap,
    /// so both are sorted.
    leaves: Vec<(u32, u32)>,
}

impl Layout {
    pub(super) fn new(file: &File<'_>) -> Self {
        let index = LineIndex::new(file.text);
        let code_lines = code_lines(file, &index);
        let leaves = leaves(file.statements)
            .map(|span| {
                (
                    index.line(span.start),
                    index.line(span.end.max(span.start + 1) - 1),
                )
            })
            .collect();
        Self {
            index,
            code_lines,
            leaves,
        }
    }

    /// Returns the suppression, or says why it stands in the wrong place.
    pub(super) fn resolve(
        &self,
        parsed: Parsed,
        comment: Span,
        place: &Place,
    ) -> Result<Suppression, String> {
        let first = self.index.line(comment.start);
        let last = self.index.line(comment.end.max(comment.start + 1) - 1);
        let cover = if !parsed.whole_file {
            self.cover(first, last)
        } else if self.code_lines.first().is_none_or(|&code| code > first) {
            Cover::File
        } else {
            return Err("`allow-file` belongs above the first line of code".to_owned());
        };
        let Parsed { rules, reason, .. } = parsed;
        Ok(Suppression {
            place: place.clone(),
            comment_lines: (first, last),
            rules,
            reason,
            cover,
        })
    }

    /// Returns what a comment from line `first` to line `last` covers.
    fn cover(&self, first: u32, last: u32) -> Cover {
        if self.code_lines.binary_search(&first).is_ok() {
            let from = self.leaves.partition_point(|leaf| leaf.1 < first);
            let around = self.leaves[from..]
                .iter()
                .take_while(|leaf| leaf.0 <= first);
            // Of several statements on the line, the one that reaches least far.
            let least = around.min_by_key(|leaf| leaf.1 - leaf.0).copied();
            let (first, last) = least.unwrap_or((first, first));
            return Cover::Lines(first, last);
        }
        let next = self.code_lines.partition_point(|&line| line <= last);
        let Some(&line) = self.code_lines.get(next) else {
            return Cover::Nothing;
        };
        let from = self.leaves.partition_point(|leaf| leaf.0 < line);
        let begun = self.leaves[from..].iter().take_while(|leaf| leaf.0 == line);
        Cover::Lines(line, begun.map(|leaf| leaf.1).max().unwrap_or(line))
    }
}

/// Brackets and separators alone are no code: nothing is found there, and they stand around
/// comments inside markup.
const EMPTY_CODE: [char; 9] = ['{', '}', '(', ')', '[', ']', ';', ',', '\u{feff}'];

fn code_lines(file: &File<'_>, index: &LineIndex) -> Vec<u32> {
    let mut lines = Vec::new();
    let mut at = 0;
    let end = file.text.len() as u32;
    for comment in file.comments.iter().copied().chain([Span::new(end, end)]) {
        let mut start = at;
        for part in Span::new(at, comment.start)
            .text(file.text)
            .split_inclusive(['\n', '\r'])
        {
            let line = index.line(start);
            start += part.len() as u32;
            let is_code = part.contains(|c: char| !c.is_whitespace() && !EMPTY_CODE.contains(&c));
            // A `#!` line starts the file and is code in no language.
            let is_shebang = line == 1 && file.text.starts_with("#!");
            if is_code && !is_shebang && lines.last() != Some(&line) {
                lines.push(line);
            }
        }
        at = at.max(comment.end);
    }
    lines
}

/// Returns the statements that hold no other, in order.
fn leaves(statements: &[Span]) -> impl Iterator<Item = Span> {
    let mut sorted = statements.to_vec();
    sorted.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    sorted.dedup();
    // Statements nest, so one that holds another holds the one that sorts right after it.
    let next: Vec<Option<Span>> = sorted
        .iter()
        .skip(1)
        .copied()
        .map(Some)
        .chain([None])
        .collect();
    sorted
        .into_iter()
        .zip(next)
        .filter(|(span, next)| !next.is_some_and(|next| span.contains(next)))
        .map(|(span, _)| span)
}
