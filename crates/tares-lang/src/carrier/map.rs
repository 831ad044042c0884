//! Text with the places in the file that it comes from.

use crate::tree::Span;

/// Where the parts of a text stand in the file.
#[derive(Debug, Default)]
pub(super) struct Map {
    /// Start in the text, place in the file, and whether characters correspond one to one.
    segments: Vec<(u32, Span, bool)>,
}

impl Map {
    /// Maps a span of the text to the file.
    pub(super) fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start, false);
        // The end belongs to the last character.
        let end = if span.end > span.start {
            self.offset(span.end - 1, true)
        } else {
            start
        };
        Span::new(start.min(end), end.max(start))
    }

    fn offset(&self, at: u32, end: bool) -> u32 {
        let index = self.segments.partition_point(|(text, ..)| *text <= at);
        let Some(&(text, place, exact)) = index.checked_sub(1).and_then(|i| self.segments.get(i))
        else {
            return 0;
        };
        match (exact, end) {
            (true, _) => (place.start + (at - text) + u32::from(end)).min(place.end),
            (false, false) => place.start,
            (false, true) => place.end,
        }
    }
}

/// A text under construction.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    map: Map,
}

impl Text {
    /// Adds a stretch of the file as it is.
    pub(super) fn copied(&mut self, source: &str, place: Span) {
        let text = place.text(source);
        if !text.is_empty() {
            self.segment(place, true);
            self.text.push_str(text);
        }
    }

    /// Adds text that stands for a place of the file.
    pub(super) fn written(&mut self, text: &str, place: Span) {
        if !text.is_empty() {
            self.segment(place, false);
            self.text.push_str(text);
        }
    }

    /// Adds text as one word of the shell.
    pub(super) fn quoted(&mut self, text: &str, place: Span) {
        self.written(&format!("'{}'", text.replace('\'', r"'\''")), place);
    }

    /// Adds a value that a reader decoded: lines that stand in the file as they are keep their places.
    pub(super) fn decoded(&mut self, value: &str, source: &str, place: Span) {
        let written = place.text(source);
        let mut from = 0;
        for line in value.split_inclusive('\n') {
            let trimmed = line.trim();
            let found = written
                .get(from..)
                .filter(|_| !trimmed.is_empty())
                .and_then(|rest| rest.find(trimmed));
            let Some(found) = found else {
                let at = place.start + from as u32;
                self.written(line, Span::new(at, at.max(place.end.min(at + 1))));
                continue;
            };
            let start = place.start + (from + found) as u32;
            let lead = line.len() - line.trim_start().len();
            self.written(&line[..lead], Span::new(start, start));
            self.copied(source, Span::new(start, start + trimmed.len() as u32));
            let end = start + trimmed.len() as u32;
            self.written(&line[lead + trimmed.len()..], Span::new(end, end));
            from += found + trimmed.len();
        }
    }

    /// Adds another text with its places.
    pub(super) fn append(&mut self, other: Self) {
        let shift = self.text.len() as u32;
        self.text.push_str(&other.text);
        let moved = other.map.segments.into_iter();
        self.map
            .segments
            .extend(moved.map(|(at, place, exact)| (at + shift, place, exact)));
    }

    fn segment(&mut self, place: Span, exact: bool) {
        self.map
            .segments
            .push((self.text.len() as u32, place, exact));
    }

    pub(super) fn finish(self) -> (String, Map) {
        (self.text, self.map)
    }
}
