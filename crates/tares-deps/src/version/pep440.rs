//! PEP 440, as Python's `packaging` reads and orders it.

use super::{number, pieces};
use std::cmp::Ordering;

/// A version in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    epoch: u64,
    /// Without zeros at the end.
    release: Vec<u64>,
    before: Before,
    /// `None` stands before any.
    post: Option<u64>,
    /// Without a number: not in development, behind all that are.
    dev: Dev,
    local: Vec<Local>,
}

/// What stands before the release. A release in development stands before its first alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Development,
    Pre(Phase, u64),
    Release,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    Number(u64),
    Not,
}

/// A part behind `+`. Words stand before numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Word(String),
    Number(u64),
}

/// Reads a version in any of the spellings that PEP 440 normalises.
pub(super) fn parse(text: &str) -> Option<Version> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let (public, local) = match text.split_once('+') {
        Some((public, local)) => (public, Some(local)),
        None => (text, None),
    };
    let (epoch, rest) = match public.split_once('!') {
        Some((epoch, rest)) => (number(epoch)?, rest),
        None => (0, public),
    };
    let (release, rest) = release(rest)?;
    let mut rest = Rest(rest);
    let pre = rest.pre()?;
    let post = rest.post()?;
    let dev = rest.dev()?;
    if !rest.0.is_empty() {
        return None;
    }
    let before = match (pre, post, dev) {
        (Some((phase, number)), ..) => Before::Pre(phase, number),
        (None, None, Some(_)) => Before::Development,
        _ => Before::Release,
    };
    Some(Version {
        epoch,
        release,
        before,
        post,
        dev: dev.map_or(Dev::Not, Dev::Number),
        local: local.map_or(Some(Vec::new()), self::local)?,
    })
}

/// Reads the numbers at the beginning and returns what is left.
fn release(text: &str) -> Option<(Vec<u64>, &str)> {
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let (digits, left) = rest.split_at(end.unwrap_or(rest.len()));
        numbers.push(number(digits)?);
        match left.strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => {
                while numbers.last() == Some(&0) {
                    numbers.pop();
                }
                return Some((numbers, left));
            }
        }
    }
}

/// What is left of a version behind its numbers.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn pre(&mut self) -> Option<Option<(Phase, u64)>> {
        const WORDS: [(&str, Phase); 8] = [
            ("alpha", Phase::Alpha),
            ("beta", Phase::Beta),
            ("preview", Phase::Candidate),
            ("pre", Phase::Candidate),
            ("rc", Phase::Candidate),
            ("a", Phase::Alpha),
            ("b", Phase::Beta),
            ("c", Phase::Candidate),
        ];
        for (word, phase) in WORDS {
            if let Some(number) = self.part(word) {
                return number.map(|number| Some((phase, number)));
            }
        }
        Some(None)
    }

    fn post(&mut self) -> Option<Option<u64>> {
        if let Some(digits) = self.0.strip_prefix('-')
            && digits.starts_with(|c: char| c.is_ascii_digit())
        {
            let end = digits.find(|c: char| !c.is_ascii_digit());
            let (digits, left) = digits.split_at(end.unwrap_or(digits.len()));
            self.0 = left;
            return number(digits).map(Some);
        }
        for word in ["post", "rev", "r"] {
            if let Some(number) = self.part(word) {
                return number.map(Some);
            }
        }
        Some(None)
    }

    fn dev(&mut self) -> Option<Option<u64>> {
        self.part("dev")
            .map_or(Some(None), |number| number.map(Some))
    }

    /// Takes a word with a separator before it, and its number with one between; without a
    /// number it is zero. The outer `None`: the word does not stand there; the inner: the number
    /// is too large.
    fn part(&mut self, word: &str) -> Option<Option<u64>> {
        let separators = ['-', '_', '.'];
        let left = self.0.strip_prefix(separators).unwrap_or(self.0);
        let left = left.strip_prefix(word)?;
        let digits = left.strip_prefix(separators).unwrap_or(left);
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let (digits, behind) = digits.split_at(end.unwrap_or(digits.len()));
        if digits.is_empty() {
            // What follows may be the next part, with its separator; at the end it says nothing.
            self.0 = if left.len() == 1 && left.starts_with(separators) {
                ""
            } else {
                left
            };
            return Some(Some(0));
        }
        self.0 = behind;
        Some(number(digits))
    }
}

fn local(text: &str) -> Option<Vec<Local>> {
    let part = |part: &str| {
        let is_word = !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word {
            return None;
        }
        match pieces(part, &[]).as_slice() {
            [digits] if part.starts_with(|c: char| c.is_ascii_digit()) => {
                number(digits).map(Local::Number)
            }
            _ => Some(Local::Word(part.to_owned())),
        }
    };
    text.split(['-', '_', '.']).map(part).collect()
}

impl Version {
    /// Compares as `packaging.version.Version` does.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.release.cmp(&other.release))
            .then_with(|| self.before.cmp(&other.before))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| self.dev.cmp(&other.dev))
            .then_with(|| self.local.cmp(&other.local))
    }
}
