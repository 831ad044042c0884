//! Changes to a text, and where its lines go.

use super::Rewritten;

/// Changes to one text, in any order.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
}

#[derive(Debug)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
    /// Whether the call of a marked line now stands in the last line of the text too.
    hosts: bool,
}

impl Edits {
    /// Puts a text at a place. Of several at the same place the first stands first.
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at, at, text);
    }

    /// Replaces a stretch. The same change twice is one change.
    pub(super) fn replace(&mut self, start: usize, end: usize, text: impl Into<String>) {
        let edit = Edit {
            start,
            end,
            text: text.into(),
            hosts: false,
        };
        let twice = |other: &Edit| (other.start, other.end) == (start, end) && start < end;
        if !self.edits.iter().any(twice) {
            self.edits.push(edit);
        }
    }

    /// Puts two texts around a stretch.
    pub(super) fn wrap(&mut self, start: usize, end: usize, before: &str, after: &str) {
        self.insert(start, before);
        self.insert(end, after);
    }

    /// Puts a text at a place whose last line makes the call of a marked line.
    pub(super) fn host(&mut self, at: usize, text: impl Into<String>) {
        self.insert(at, text);
        if let Some(edit) = self.edits.last_mut() {
            edit.hosts = true;
        }
    }

    /// Makes the changes; nothing where there are none or where two overlap.
    pub(super) fn finish(mut self, source: &str, focus: &[u32]) -> Option<Rewritten> {
        if self.edits.is_empty() {
            return None;
        }
        self.edits.sort_by_key(|edit| (edit.start, edit.end));
        if self
            .edits
            .windows(2)
            .any(|pair| pair[0].end > pair[1].start)
        {
            return None;
        }
        let mut lines: Vec<u32> = Vec::new();
        let (mut text, mut copied) = (String::with_capacity(2 * source.len()), 0);
        for edit in &self.edits {
            text += &source[copied..edit.start];
            text += &edit.text;
            if edit.hosts {
                lines.push(line_of(&text, text.trim_end().len()));
            }
            copied = edit.end;
        }
        text += &source[copied..];
        for line in focus {
            lines.push(line_of(&text, self.moved(first_of(source, *line)?)));
        }
        lines.sort_unstable();
        lines.dedup();
        Some(Rewritten {
            source: text,
            lines,
            beside: None,
        })
    }

    /// Returns where a place of the old text stands in the new one.
    fn moved(&self, place: usize) -> usize {
        let mut moved = place;
        for edit in self.edits.iter().take_while(|edit| edit.start <= place) {
            let gone = edit.end.min(place) - edit.start;
            // What is replaced at the place itself begins there.
            let come = if edit.end <= place {
                edit.text.len()
            } else {
                0
            };
            moved = moved + come - gone;
        }
        moved
    }
}

/// Returns the place of the first character of a line that is not blank.
fn first_of(source: &str, line: u32) -> Option<usize> {
    let mut start = 0;
    for (index, text) in source.split_inclusive('\n').enumerate() {
        if index + 1 == line as usize {
            return Some(start + text.len() - text.trim_start().len());
        }
        start += text.len();
    }
    None
}

fn line_of(text: &str, place: usize) -> u32 {
    let before = text.as_bytes()[..place]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(before + 1).expect("rewritten programs are short")
}
