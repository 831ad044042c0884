//! Composer: up to four numbers, then a word of stability, in the order of PHP's
//! `version_compare`.

use super::{number, pieces};
use std::cmp::Ordering;

/// Four numbers and what stands behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    numbers: [u64; 4],
    rest: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Word(Stability),
    Number(u64),
}

/// Words in the order of `version_compare`; a number stands between `RC` and `pl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stability {
    Dev,
    Alpha,
    Beta,
    Candidate,
    Number,
    Patch,
}

/// Reads a version as Composer's `VersionParser` normalises it; branches have no order.
pub(super) fn parse(text: &str) -> Option<Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split('+').next()?.to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (release, tail) = text.split_at(end.unwrap_or(text.len()));
    let release = if tail.is_empty() {
        release
    } else {
        release.strip_suffix('.').unwrap_or(release)
    };
    let parts: Vec<&str> = release.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let mut numbers = [0; 4];
    for (place, part) in numbers.iter_mut().zip(parts) {
        *place = number(part)?;
    }
    let mut rest = Vec::new();
    for piece in pieces(tail, &['.', '-', '_']) {
        rest.push(match piece {
            "stable" => continue,
            "dev" => Part::Word(Stability::Dev),
            "a" | "alpha" => Part::Word(Stability::Alpha),
            "b" | "beta" => Part::Word(Stability::Beta),
            "rc" => Part::Word(Stability::Candidate),
            "p" | "pl" | "patch" => Part::Word(Stability::Patch),
            // A number without a word before it is part of no version that Composer knows.
            other if !rest.is_empty() => Part::Number(number(other)?),
            _ => return None,
        });
    }
    Some(Version { numbers, rest })
}

impl Version {
    /// Compares numbers, then part by part.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            let longer = self.rest.len().max(other.rest.len());
            (0..longer)
                .map(|n| compare(self.rest.get(n).copied(), other.rest.get(n).copied()))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        })
    }
}

/// A part that is missing stands below a number and counts as one beside a word.
fn compare(one: Option<Part>, other: Option<Part>) -> Ordering {
    match (one, other) {
        (Some(Part::Number(one)), Some(Part::Number(other))) => one.cmp(&other),
        (Some(Part::Number(_)), None) => Ordering::Greater,
        (None, Some(Part::Number(_))) => Ordering::Less,
        (one, other) => rank(one).cmp(&rank(other)),
    }
}

fn rank(part: Option<Part>) -> Stability {
    match part {
        Some(Part::Word(word)) => word,
        _ => Stability::Number,
    }
}
