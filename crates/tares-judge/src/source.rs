//! A text with its lines: spans to places and excerpts, with the line numbers of the real file.

use crate::decode;
use std::sync::Arc;
use tares_model::change::{Extent, Hunk, Side};
use tares_model::message::Excerpt;
use tares_model::{LineIndex, Place, RepoPath, Span};

/// Characters of one line that an excerpt keeps.
const LINE: usize = 400;
/// Lines of one place that an excerpt keeps.
const LINES: u32 = 12;
/// Lines around a place.
const CONTEXT: u32 = 1;

/// One side of a file as text.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: RepoPath,
    pub(crate) text: Arc<str>,
    index: LineIndex,
    /// Of an excerpt: first line within the text and first line in the real file.
    hunks: Vec<(u32, u32)>,
    is_excerpt: bool,
}

impl Source {
    /// Returns the source of a side.
    pub(crate) fn new(path: &RepoPath, side: &Side) -> Self {
        let text = decode::text(&side.bytes);
        let index = LineIndex::new(&text);
        let (hunks, is_excerpt) = match &side.extent {
            Extent::Complete => (Vec::new(), false),
            Extent::Excerpt(hunks) => (
                hunks
                    .iter()
                    .map(|h: &Hunk| (index.line(h.offset), h.line))
                    .collect(),
                true,
            ),
        };
        Self {
            path: path.clone(),
            text,
            index,
            hunks,
            is_excerpt,
        }
    }

    /// Returns the source of a whole file.
    pub(crate) fn whole(path: &RepoPath, text: Arc<str>) -> Self {
        let index = LineIndex::new(&text);
        Self {
            path: path.clone(),
            text,
            index,
            hunks: Vec::new(),
            is_excerpt: false,
        }
    }

    /// Returns whether only pieces of the file are there.
    pub(crate) fn is_excerpt(&self) -> bool {
        self.is_excerpt
    }

    /// Returns the number of lines with something on them or after them.
    pub(crate) fn lines(&self) -> u32 {
        let ends = self.text.ends_with(['\n', '\r']);
        if self.text.is_empty() {
            0
        } else {
            self.index.lines() - u32::from(ends)
        }
    }

    /// Returns the line of the real file for a line of the text, both 1-based.
    pub(crate) fn real_line(&self, line: u32) -> u32 {
        let at = self.hunks.partition_point(|hunk| hunk.0 <= line);
        match at.checked_sub(1).and_then(|at| self.hunks.get(at)) {
            Some(&(start, real)) => real.saturating_add(line - start),
            None => line,
        }
    }

    /// Returns the line of the text for a line of the real file, if the text holds it.
    fn text_line(&self, real: u32) -> Option<u32> {
        if self.hunks.is_empty() {
            return Some(real);
        }
        (0..self.hunks.len()).find_map(|i| {
            let (start, first) = self.hunks[i];
            let end = self
                .hunks
                .get(i + 1)
                .map_or(self.index.lines() + 1, |next| next.0);
            (real >= first && real - first < end - start).then(|| start + (real - first))
        })
    }

    /// Returns the place of a span in the real file.
    pub(crate) fn place(&self, span: Span) -> Place {
        let place = self.index.place(&self.path, &self.text, self.fit(span));
        let (start_line, end_line) = (
            self.real_line(place.start_line),
            self.real_line(place.end_line),
        );
        Place {
            start_line,
            end_line: end_line.max(start_line),
            ..place
        }
    }

    /// Returns the first and last line of a span, within the text.
    pub(crate) fn line_range(&self, span: Span) -> (u32, u32) {
        let span = self.fit(span);
        let first = self.index.line(span.start);
        (
            first,
            self.index.line(span.end.max(span.start + 1) - 1).max(first),
        )
    }

    /// Returns the text of whole lines, 1-based and within the text.
    pub(crate) fn line_text(&self, line: u32) -> &str {
        self.index.line_span(&self.text, line).text(&self.text)
    }

    /// Keeps a span inside the text, whatever it came from.
    fn fit(&self, span: Span) -> Span {
        let len = self.text.len() as u32;
        Span::new(span.start.min(len), span.end.min(len))
    }

    /// Returns the lines of a place with a little around them.
    pub(crate) fn excerpt(&self, place: &Place) -> Option<Excerpt> {
        let first = self.text_line(place.start_line)?;
        let last = self
            .text_line(place.end_line)
            .unwrap_or(first)
            .min(first + LINES - 1);
        let mut from = first;
        while from > 1 && first - from < CONTEXT && self.is_next(from - 1) {
            from -= 1;
        }
        let mut to = last;
        while to < self.lines() && to - last < CONTEXT && self.is_next(to) {
            to += 1;
        }
        let lines = (from..=to).map(|line| cut(self.line_text(line))).collect();
        Some(Excerpt {
            path: self.path.clone(),
            first_line: self.real_line(from),
            lines,
        })
    }

    /// Returns whether the line after `line` follows it in the real file too.
    fn is_next(&self, line: u32) -> bool {
        self.real_line(line) + 1 == self.real_line(line + 1)
    }
}

fn cut(line: &str) -> String {
    line.char_indices()
        .nth(LINE)
        .map_or(line, |(at, _)| &line[..at])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tares_model::change::Entry;

    #[test]
    fn hunks_keep_the_lines_of_the_real_file() {
        let hunks = vec![
            Hunk {
                offset: 0,
                line: 10,
            },
            Hunk {
                offset: 4,
                line: 50,
            },
        ];
        let side = Side {
            bytes: (*b"a\nb\nc\nd\n").into(),
            entry: Entry::File,
            extent: Extent::Excerpt(hunks),
        };
        let source = Source::new(&RepoPath::from("f"), &side);
        let place = source.place(Span::new(4, 5));
        assert_eq!((place.start_line, place.start_column), (50, 1));
        let excerpt = source.excerpt(&place).unwrap();
        assert_eq!(
            (excerpt.first_line, excerpt.lines),
            (50, vec!["c".to_owned(), "d".to_owned()])
        );
    }
}
