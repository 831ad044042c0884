//! RubyGems: segments of numbers and words; a word stands before any number.

use super::{number, pieces};
use std::cmp::Ordering;

/// Segments without the zeros that do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version(Vec<Segment>);

/// Words before numbers, as `Gem::Version#<=>` has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(String),
    Number(u64),
}

/// Words with which the platform behind a version begins, as lock files write it.
const PLATFORMS: [&str; 10] = [
    "x86",
    "x64",
    "arm",
    "aarch64",
    "java",
    "jruby",
    "universal",
    "mswin",
    "mingw",
    "ruby",
];

/// Reads a version; the platform that a lock file writes behind it does not count.
pub(super) fn parse(text: &str) -> Option<Version> {
    let text = match text.split_once('-') {
        Some((version, platform)) if PLATFORMS.iter().any(|p| platform.starts_with(p)) => version,
        _ => text,
    };
    let is_version = text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .split(['.', '-'])
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_version {
        return None;
    }
    let text = text.replace('-', ".pre.");
    let mut segments = Vec::new();
    for piece in pieces(&text, &['.']) {
        segments.push(if piece.starts_with(|c: char| c.is_ascii_digit()) {
            Segment::Number(number(piece)?)
        } else {
            Segment::Word(piece.to_owned())
        });
    }
    Some(Version(canonical(segments)))
}

/// Takes away the zeros at the end of the numbers, and at the end of all.
fn canonical(mut segments: Vec<Segment>) -> Vec<Segment> {
    let word = segments
        .iter()
        .position(|segment| matches!(segment, Segment::Word(_)));
    let mut rest = segments.split_off(word.unwrap_or(segments.len()));
    for part in [&mut segments, &mut rest] {
        while part.last() == Some(&Segment::Number(0)) {
            part.pop();
        }
    }
    segments.append(&mut rest);
    segments
}

impl Version {
    /// Compares segment by segment; one that is missing is zero.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        const ZERO: Segment = Segment::Number(0);
        let longer = self.0.len().max(other.0.len());
        (0..longer)
            .map(|n| {
                let one = self.0.get(n).unwrap_or(&ZERO);
                one.cmp(other.0.get(n).unwrap_or(&ZERO))
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}
