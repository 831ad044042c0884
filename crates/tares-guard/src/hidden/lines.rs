//! The lines on which anything invisible can stand, found at the speed of memory.

/// One line: where it begins in the text, and what it says without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Byte offset of its beginning.
    pub(crate) start: usize,
    /// The line, at most [`LONGEST`] bytes of it.
    pub(crate) text: &'t str,
}

/// Longest piece of one line that is looked at together, in bytes. A longer line is cut: data
/// on one line shall not cost the square of its length.
const LONGEST: usize = 16 << 10;

/// Bytes that are looked at together; a block without an odd byte is skipped whole.
const BLOCK: usize = 64;

/// Returns the lines that hold a control character or a byte with which a character of a class
/// can begin, in order; a long line in several pieces. Letters of most scripts begin otherwise.
pub(crate) fn odd(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + first_odd(&text.as_bytes()[at..])?;
        let begin = memchr::memrchr(b'\n', &text.as_bytes()[at..found]).map_or(at, |i| at + i + 1);
        let begin = floor(text, begin.max(found.saturating_sub(LONGEST / 2)));
        let end =
            memchr::memchr(b'\n', &text.as_bytes()[found..]).map_or(text.len(), |i| found + i);
        let end = ceil(text, end.min(begin + LONGEST).max(found + 1));
        at = end;
        Some(Line {
            start: begin,
            text: text[begin..end].trim_end_matches('\r'),
        })
    })
}

/// Returns the index of the first odd byte.
fn first_odd(bytes: &[u8]) -> Option<usize> {
    first(bytes, is_odd)
}

/// Returns the index of the first byte for which something holds.
pub(crate) fn first(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = 0;
    for block in bytes.chunks_exact(BLOCK) {
        // One comparison each, without a branch, so that the compiler makes vectors of it.
        if block.iter().fold(false, |found, &b| found | is_it(b)) {
            break;
        }
        at += BLOCK;
    }
    bytes[at..].iter().position(|&b| is_it(b)).map(|i| at + i)
}

fn is_odd(b: u8) -> bool {
    // 9 tab, 10 line feed, 12 form feed, 13 carriage return.
    let is_space = (b == 9) | (b == 10) | (b == 12) | (b == 13);
    ((b < 0x20) & !is_space) | (b == 0x7F) | begins(b)
}

/// Whether characters of a class beyond ASCII begin with this byte, in UTF-8.
pub(crate) fn begins(b: u8) -> bool {
    let is_of_two = (b == 0xC2) | (b == 0xCD) | (b == 0xD8);
    is_of_two | (0xE1..=0xE3).contains(&b) | (b >= 0xEE)
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::first_odd;
    use crate::hidden::class::class;

    #[test]
    fn no_character_of_a_class_is_passed_over() {
        let all = ('\0'..=char::MAX).filter(|c| class(*c).is_some());
        let missed: Vec<char> = all
            .filter(|c| first_odd(c.to_string().as_bytes()) != Some(0))
            .collect();
        assert!(missed.is_empty(), "{missed:x?}");
    }
}
