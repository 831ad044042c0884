//! NuGet: Semantic Versioning with a fourth number, and without case in pre-releases.

use super::number;
use std::cmp::Ordering;

/// Four numbers, and the parts of a pre-release in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    numbers: [u64; 4],
    before: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// Reads a version with one to four numbers; leading zeros do not count.
pub(super) fn parse(text: &str) -> Option<Version> {
    let text = text.split('+').next()?;
    let (release, before) = match text.split_once('-') {
        Some((release, before)) => (release, Some(before)),
        None => (text, None),
    };
    let mut numbers = [0; 4];
    let parts: Vec<&str> = release.split('.').collect();
    if parts.len() > numbers.len() {
        return None;
    }
    for (place, part) in numbers.iter_mut().zip(parts) {
        *place = number(part)?;
    }
    let mut all = Vec::new();
    for part in before.into_iter().flat_map(|before| before.split('.')) {
        let is_word =
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_word {
            return None;
        }
        all.push(match number(part) {
            Some(number) => Part::Number(number),
            None => Part::Word(part.to_ascii_lowercase()),
        });
    }
    Some(Version {
        numbers,
        before: all,
    })
}

impl Version {
    /// Compares as NuGet's `VersionComparer` does by default: metadata does not count.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| {
                other
                    .before
                    .is_empty()
                    .cmp(&self.before.is_empty())
                    .reverse()
            })
            .then_with(|| self.before.cmp(&other.before))
    }
}
