//! Renames and copies: which added file came from which file of the base side.
//!
//! The measure is git's: the share of bytes that both have in common, line by line, of the
//! larger file, with half as the threshold. It is applied to loaded bytes rather than to
//! objects, so that files in the working tree take part, and line ends do not count, so that
//! a checkout with CRLF is recognised. The work is bounded by steps, not by time.

use super::load::Loaded;
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::Hasher as _;
use tares_model::change::{Entry, Side};

/// Files above this size are only recognised when they are equal; git has a like limit.
const LARGEST: usize = 1024 * 1024;
/// Comparisons of single lines after which no more likeness is sought.
const STEPS: usize = 20_000_000;
/// Lines longer than this are compared in pieces, for files without line ends.
const PIECE: usize = 256;

/// Where an added file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    /// Position of the file it came from.
    pub(crate) from: usize,
    /// Whether that file is gone, so that this is a rename rather than a copy.
    pub(crate) is_rename: bool,
}

/// Returns the source of each added file that has one.
pub(crate) fn sources(files: &[Loaded]) -> HashMap<usize, Source> {
    let added = candidates(
        files,
        |file| file.before.is_none(),
        |file| file.after.as_ref()?.whole(),
    );
    let origins = candidates(
        files,
        |file| file.before.is_some(),
        |file| file.before.as_ref()?.whole(),
    );
    let mut matching = Matching {
        files,
        taken: HashSet::new(),
        found: HashMap::new(),
    };
    if !added.is_empty() && !origins.is_empty() {
        matching.equal(&added, &origins);
        matching.alike(&added, &origins);
    }
    matching.found
}

/// A file that may take part in a match.
struct Candidate<'a> {
    at: usize,
    side: &'a Side,
}

fn candidates<'a>(
    files: &'a [Loaded],
    wanted: impl Fn(&Loaded) -> bool,
    side: impl Fn(&'a Loaded) -> Option<&'a Side>,
) -> Vec<Candidate<'a>> {
    let all = files.iter().enumerate().filter(|(_, file)| wanted(file));
    all.filter_map(|(at, file)| {
        Some(Candidate {
            at,
            side: side(file)?,
        })
    })
    .filter(|candidate| !candidate.side.bytes.is_empty())
    .collect()
}

struct Matching<'a> {
    files: &'a [Loaded],
    taken: HashSet<usize>,
    found: HashMap<usize, Source>,
}

impl Matching<'_> {
    fn equal(&mut self, added: &[Candidate<'_>], origins: &[Candidate<'_>]) {
        let mut by_content: HashMap<[u8; 32], Vec<usize>> = HashMap::new();
        for origin in origins {
            by_content
                .entry(digest(origin.side))
                .or_default()
                .push(origin.at);
        }
        for file in added {
            let Some(same) = by_content.get(&digest(file.side)) else {
                continue;
            };
            let best = same.iter().copied().max_by_key(|&from| {
                (
                    self.is_free(from),
                    self.has_same_name(file.at, from),
                    std::cmp::Reverse(from),
                )
            });
            if let Some(from) = best {
                self.pair(file.at, from);
            }
        }
    }

    fn alike(&mut self, added: &[Candidate<'_>], origins: &[Candidate<'_>]) {
        let lines = |candidate: &Candidate<'_>| {
            let fits =
                candidate.side.bytes.len() <= LARGEST && candidate.side.entry != Entry::Symlink;
            fits.then(|| (candidate.at, Lines::new(&candidate.side.bytes)))
        };
        let added: Vec<_> = added
            .iter()
            .filter(|file| !self.found.contains_key(&file.at))
            .filter_map(lines)
            .collect();
        if added.is_empty() {
            return;
        }
        let origins: Vec<_> = origins.iter().filter_map(lines).collect();
        let mut steps = STEPS;
        let mut pairs = Vec::new();
        for (to, new) in &added {
            for (from, old) in &origins {
                let cost = new.counts.len() + old.counts.len();
                if !new.may_be_like(old) {
                    continue;
                }
                let Some(left) = steps.checked_sub(cost) else {
                    break;
                };
                steps = left;
                let percent = new.percent_like(old);
                if percent >= 50 {
                    pairs.push((percent, self.has_same_name(*to, *from), *to, *from));
                }
            }
        }
        pairs.sort_by_key(|&(percent, same_name, to, from)| {
            (std::cmp::Reverse((percent, same_name)), to, from)
        });
        // Renames first: a file that is gone explains more than one that stays.
        for is_rename in [true, false] {
            for &(_, _, to, from) in &pairs {
                if !self.found.contains_key(&to) && self.is_free(from) == is_rename {
                    self.pair(to, from);
                }
            }
        }
    }

    fn pair(&mut self, to: usize, from: usize) {
        let is_rename = self.is_free(from);
        self.taken.insert(from);
        self.found.insert(to, Source { from, is_rename });
    }

    /// Returns whether a file is gone on the head side and explains no rename yet.
    fn is_free(&self, from: usize) -> bool {
        self.files[from].after.is_none() && !self.taken.contains(&from)
    }

    fn has_same_name(&self, one: usize, other: usize) -> bool {
        let name = |at: usize| self.files[at].path.rsplit(|&b| b == b'/').next();
        name(one) == name(other)
    }
}

/// Content and kind: a link is never the source of a file.
fn digest(side: &Side) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(side.entry == Entry::Symlink)]);
    hasher.update(&side.bytes);
    *hasher.finalize().as_bytes()
}

/// The lines of a file as sorted hashes, with the bytes that each stands for.
struct Lines {
    counts: Vec<(u64, usize)>,
    size: usize,
}

impl Lines {
    fn new(bytes: &[u8]) -> Self {
        let mut counts: Vec<(u64, usize)> = bytes
            .split_inclusive(|&b| b == b'\n')
            .flat_map(|line| line.chunks(PIECE))
            .map(|line| {
                let line = line
                    .strip_suffix(b"\r\n")
                    .or_else(|| line.strip_suffix(b"\n"))
                    .unwrap_or(line);
                let mut hasher = DefaultHasher::new();
                hasher.write(line);
                (hasher.finish(), line.len() + 1)
            })
            .collect();
        counts.sort_unstable();
        counts.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        let size = counts.iter().map(|(_, bytes)| bytes).sum();
        Self { counts, size }
    }

    fn may_be_like(&self, other: &Self) -> bool {
        self.size.min(other.size) * 2 >= self.size.max(other.size)
    }

    fn percent_like(&self, other: &Self) -> usize {
        let (mut common, mut i, mut j) = (0, 0, 0);
        while let (Some(one), Some(two)) = (self.counts.get(i), other.counts.get(j)) {
            match one.0.cmp(&two.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += one.1.min(two.1);
                    i += 1;
                    j += 1;
                }
            }
        }
        common * 100 / self.size.max(other.size).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn likeness_ignores_line_ends_and_order() {
        let one = Lines::new(b"alpha\nbeta\ngamma\n");
        let two = Lines::new(b"gamma\r\nalpha\r\nbeta\r\n");
        assert_eq!(one.percent_like(&two), 100);
        let other = Lines::new(b"one\ntwo\nthree\n");
        assert_eq!(one.percent_like(&other), 0);
    }
}
