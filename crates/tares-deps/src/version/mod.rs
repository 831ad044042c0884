//! Versions in the order that each ecosystem gives them.
//!
//! A text that the ecosystem's own rules do not understand has no place in the order, and what
//! depends on its place is unknown: never "not affected". Parsers are bounded by [`LONGEST`].

mod composer;
mod gem;
mod maven;
mod nuget;
mod pep440;
mod semantic;

use crate::Ecosystem;
use std::cmp::Ordering;

/// Longest version in bytes; no client publishes a longer one.
pub const LONGEST: usize = 256;

/// A version with its place in the order of its ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Semantic(semantic::Version),
    Pep440(Box<pep440::Version>),
    Maven(maven::Version),
    Gem(gem::Version),
    Composer(composer::Version),
    NuGet(nuget::Version),
}

impl Version {
    /// Reads a version as the ecosystem's client does; `None` where it has no order: a branch, a
    /// commit, a range, a misspelling, an ecosystem without one.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        Some(Self(match ecosystem {
            Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Go | Ecosystem::Action => {
                Kind::Semantic(semantic::parse(text)?)
            }
            Ecosystem::PyPi => Kind::Pep440(Box::new(pep440::parse(text)?)),
            Ecosystem::Maven => Kind::Maven(maven::parse(text)?),
            Ecosystem::RubyGems => Kind::Gem(gem::parse(text)?),
            Ecosystem::Composer => Kind::Composer(composer::parse(text)?),
            Ecosystem::NuGet => Kind::NuGet(nuget::parse(text)?),
            Ecosystem::Image => return None,
        }))
    }

    /// Compares two versions of one ecosystem; `None` where they are of different ones.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        Some(match (&self.0, &other.0) {
            (Kind::Semantic(one), Kind::Semantic(other)) => one.order(other),
            (Kind::Pep440(one), Kind::Pep440(other)) => one.order(other),
            (Kind::Maven(one), Kind::Maven(other)) => one.order(other),
            (Kind::Gem(one), Kind::Gem(other)) => one.order(other),
            (Kind::Composer(one), Kind::Composer(other)) => one.order(other),
            (Kind::NuGet(one), Kind::NuGet(other)) => one.order(other),
            _ => return None,
        })
    }
}

/// Compares two versions as written; `None` where one of them has no place in the order.
pub fn order(ecosystem: Ecosystem, one: &str, other: &str) -> Option<Ordering> {
    Version::parse(ecosystem, one)?.order(&Version::parse(ecosystem, other)?)
}

/// Reads a number of digits only; `None` where it is larger than any that clients count with.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Splits a text where digits and letters meet, and at the characters in `separators`, which go.
fn pieces<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let mut found = Vec::new();
    for part in text.split(|c| separators.contains(&c)) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit);
            let (piece, left) = rest.split_at(end.unwrap_or(rest.len()));
            found.push(piece);
            rest = left;
        }
    }
    found
}
