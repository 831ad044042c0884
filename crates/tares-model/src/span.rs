//! Places in source text: byte spans, and lines and columns for people.

use crate::RepoPath;
use serde::{Deserialize, Serialize};

/// A half-open byte range `start..end` in one file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span `start..end`; an end before the start is moved to the start.
    pub fn new(start: u32, end: u32) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// Returns the smallest span that covers both.
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Returns whether `other` lies inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the text under the span, or an empty text where it does not fit.
    pub fn text(self, source: &str) -> &str {
        source
            .get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// A place as people and other tools read it: 1-based lines, 1-based columns counted in
/// Unicode code points, the end column one past the last character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// File, relative to the root of what was judged.
    pub path: RepoPath,
    /// First line.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// Column of the first character.
    pub start_column: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// The line starts of one text; turns byte offsets into lines and columns.
///
/// A line ends at LF, CRLF or a lone CR that is not followed by LF.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Builds the index of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, &b) in bytes.iter().enumerate() {
            let ends_line = b == b'\n' || (b == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(i as u32 + 1);
            }
        }
        Self { starts }
    }

    /// Returns the number of lines; an empty text has one.
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Returns the 1-based line of a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&s| s <= offset) as u32
    }

    /// Returns the byte range of a 1-based line without its line end.
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let i = (line.max(1) - 1) as usize;
        let Some(&start) = self.starts.get(i) else {
            return Span::new(text.len() as u32, text.len() as u32);
        };
        let end = self.starts.get(i + 1).copied().unwrap_or(text.len() as u32);
        let line = text.get(start as usize..end as usize).unwrap_or("");
        Span::new(
            start,
            start + line.trim_end_matches(['\n', '\r']).len() as u32,
        )
    }

    /// Returns the place of a span in the file `path` with this text.
    pub fn place(&self, path: &RepoPath, text: &str, span: Span) -> Place {
        let (start_line, start_column) = self.line_column(text, span.start);
        // An end that touches the start of the next line belongs to the line before.
        let last = span.end.max(span.start + 1) - 1;
        let end_line = self.line(last.min(text.len() as u32)).max(start_line);
        let line_start = self.starts[end_line as usize - 1] as usize;
        let end = (span.end as usize).clamp(line_start, text.len());
        let end_column = columns(text, line_start, end) + 1;
        Place {
            path: path.clone(),
            start_line,
            end_line,
            start_column,
            end_column,
        }
    }

    fn line_column(&self, text: &str, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        (line, columns(text, start, offset as usize) + 1)
    }
}

/// Counts the code points of `text[start..end]`, tolerating offsets inside a character.
fn columns(text: &str, start: usize, end: usize) -> u32 {
    let bytes = text.as_bytes();
    let end = end.min(bytes.len());
    let start = start.min(end);
    bytes[start..end]
        .iter()
        .filter(|&&b| b & 0xC0 != 0x80)
        .count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_lines_survive_crlf() {
        let text = "a\r\nb\u{e9}\u{1F600}x = 1\rlast";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 3);
        let x = text.find('x').unwrap() as u32;
        let place = index.place(&RepoPath::from("f"), text, Span::new(x, x + 1));
        assert_eq!(
            (place.start_line, place.start_column, place.end_column),
            (2, 4, 5)
        );
        assert_eq!(index.line_span(text, 2).text(text), "b\u{e9}\u{1F600}x = 1");
    }
}
