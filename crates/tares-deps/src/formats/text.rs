//! Lines with their places.

use tares_model::Span;

/// A line of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Byte offset of its beginning.
    pub(super) start: usize,
    /// The line without its end.
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// Returns the place of a part of this line.
    pub(super) fn span_of(&self, part: &str) -> Span {
        let offset = part.as_ptr() as usize - self.text.as_ptr() as usize;
        let start = self.start + offset;
        Span::new(start as u32, (start + part.len()) as u32)
    }

    /// Returns the place of the line without the blanks around it.
    pub(super) fn span(&self) -> Span {
        self.span_of(self.text.trim())
    }
}

/// Returns the lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let own = start;
        start += line.len();
        Line {
            start: own,
            text: line.trim_end_matches(['\n', '\r']),
        }
    })
}
