//! Semantic Versioning 2.0.0, as npm, Cargo and Go use it (Go's pseudo-versions are
//! pre-releases, and `+incompatible` is metadata).

use super::number;
use std::cmp::Ordering;

/// Numbers, and the parts of a pre-release; none for a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    numbers: [u64; 3],
    before: Vec<Part>,
}

/// A part of a pre-release. Numbers stand before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// Reads a version with one to three numbers: advisories write `1.2` for `1.2.0`.
pub(super) fn parse(text: &str) -> Option<Version> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, metadata) = match text.split_once('+') {
        Some((text, metadata)) => (text, Some(metadata)),
        None => (text, None),
    };
    if metadata.is_some_and(|metadata| !metadata.split('.').all(is_word)) {
        return None;
    }
    let (release, before) = match text.split_once('-') {
        Some((release, before)) => (release, Some(before)),
        None => (text, None),
    };
    let mut numbers = [0; 3];
    let mut parts = release.split('.');
    for (n, place) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some(part) => *place = plain_number(part)?,
            None if n == 0 => return None,
            None => {}
        }
    }
    if parts.next().is_some() {
        return None;
    }
    let before = before.map_or(Some(Vec::new()), |before| {
        before.split('.').map(part).collect()
    })?;
    Some(Version { numbers, before })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Without leading zeros, as the specification wants it.
fn plain_number(digits: &str) -> Option<u64> {
    let is_plain = digits == "0" || !digits.starts_with('0');
    is_plain.then(|| number(digits)).flatten()
}

fn part(text: &str) -> Option<Part> {
    if !is_word(text) {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return plain_number(text).map(Part::Number);
    }
    Some(Part::Word(text.to_owned()))
}

impl Version {
    /// Compares by precedence (§ 11): metadata does not count.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.before.is_empty(), other.before.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.before.cmp(&other.before),
            }
        })
    }
}
