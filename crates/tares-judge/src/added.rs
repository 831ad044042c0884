//! Which lines of head a change adds.
//!
//! Lines are matched in order and between unique lines only, so the answer errs on the side
//! of "added": a suppression that was moved counts as new.

use crate::source::Source;
use rustc_hash::FxHashMap;

/// How often the comparison descends between matched lines.
const DEPTH: u32 = 64;

/// Ranges of added lines, sorted: by lines of the text, and by lines of the real file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AddedLines {
    text: Vec<(u32, u32)>,
    real: Vec<(u32, u32)>,
}

impl AddedLines {
    /// Returns what head adds to base; with no base, all of it.
    pub(crate) fn new(base: Option<&Source>, head: &Source) -> Self {
        let Some(base) = base else {
            let all = vec![(1, u32::MAX)];
            return Self {
                text: all.clone(),
                real: all,
            };
        };
        if base.text == head.text {
            return Self::default();
        }
        let lines = |source: &Source| -> Vec<u64> {
            (1..=source.lines())
                .map(|line| fingerprint(source.line_text(line)))
                .collect()
        };
        let (base, lines) = (lines(base), lines(head));
        let mut is_added = vec![false; lines.len()];
        Matching {
            base: &base,
            head: &lines,
            is_added: &mut is_added,
        }
        .compare((0, base.len()), (0, lines.len()), DEPTH);
        let mut added = Self::default();
        for line in (0..is_added.len())
            .filter(|&i| is_added[i])
            .map(|i| i as u32 + 1)
        {
            extend(&mut added.text, line);
            extend(&mut added.real, head.real_line(line));
        }
        added.real.sort_unstable();
        added
    }

    /// Returns whether a line of the real file is added.
    pub(crate) fn has_real(&self, line: u32) -> bool {
        touches(&self.real, line, line)
    }

    /// Returns whether any of these lines of the text is added.
    pub(crate) fn touches_text(&self, first: u32, last: u32) -> bool {
        touches(&self.text, first, last)
    }
}

fn touches(ranges: &[(u32, u32)], first: u32, last: u32) -> bool {
    let at = ranges.partition_point(|range| range.1 < first);
    ranges.get(at).is_some_and(|range| range.0 <= last)
}

fn extend(ranges: &mut Vec<(u32, u32)>, line: u32) {
    match ranges.last_mut() {
        Some(range) if range.1 + 1 == line => range.1 = line,
        _ => ranges.push((line, line)),
    }
}

fn fingerprint(line: &str) -> u64 {
    let hash = blake3::hash(line.as_bytes());
    u64::from_le_bytes(
        hash.as_bytes()[..8]
            .try_into()
            .expect("a hash has 32 bytes"),
    )
}

struct Matching<'a> {
    base: &'a [u64],
    head: &'a [u64],
    is_added: &'a mut [bool],
}

impl Matching<'_> {
    fn compare(&mut self, mut base: (usize, usize), mut head: (usize, usize), depth: u32) {
        while base.0 < base.1 && head.0 < head.1 && self.base[base.0] == self.head[head.0] {
            base.0 += 1;
            head.0 += 1;
        }
        while base.0 < base.1 && head.0 < head.1 && self.base[base.1 - 1] == self.head[head.1 - 1] {
            base.1 -= 1;
            head.1 -= 1;
        }
        if head.0 == head.1 {
            return;
        }
        let anchors = if depth == 0 {
            Vec::new()
        } else {
            self.anchors(base, head)
        };
        if anchors.is_empty() {
            self.is_added[head.0..head.1].fill(true);
            return;
        }
        for (b, h) in anchors {
            self.compare((base.0, b), (head.0, h), depth - 1);
            (base.0, head.0) = (b + 1, h + 1);
        }
        self.compare(base, head, depth - 1);
    }

    /// Returns pairs of lines that are unique on both sides, longest increasing in both.
    fn anchors(&self, base: (usize, usize), head: (usize, usize)) -> Vec<(usize, usize)> {
        let mut seen: FxHashMap<u64, (usize, usize, usize, usize)> = FxHashMap::default();
        for i in base.0..base.1 {
            let entry = seen.entry(self.base[i]).or_default();
            (entry.0, entry.1) = (entry.0 + 1, i);
        }
        for i in head.0..head.1 {
            if let Some(entry) = seen.get_mut(&self.head[i]) {
                (entry.2, entry.3) = (entry.2 + 1, i);
            }
        }
        let unique = (head.0..head.1).filter_map(|i| match seen.get(&self.head[i]) {
            Some(&(1, at, 1, _)) => Some((at, i)),
            _ => None,
        });
        longest_increasing(&unique.collect::<Vec<_>>())
    }
}

/// Returns the longest run of pairs, sorted by the second part, whose first parts increase.
fn longest_increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (i, pair) in pairs.iter().enumerate() {
        let at = tails.partition_point(|&tail| pairs[tail].0 < pair.0);
        before[i] = at.checked_sub(1).map(|at| tails[at]);
        if at == tails.len() {
            tails.push(i);
        } else {
            tails[at] = i;
        }
    }
    let mut chain = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(i) = at {
        chain.push(pairs[i]);
        at = before[i];
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use tares_model::RepoPath;

    fn added(base: &str, head: &str) -> Vec<u32> {
        let source = |text: &str| Source::whole(&RepoPath::from("f"), text.into());
        let lines = AddedLines::new(Some(&source(base)), &source(head));
        (1..=head.lines().count() as u32)
            .filter(|&line| lines.has_real(line))
            .collect()
    }

    #[test]
    fn added_lines_are_found_between_unique_lines() {
        assert!(added("a\nb\nc\n", "a\nb\nc\n").is_empty());
        assert_eq!(added("a\nb\nc\n", "a\nx\nb\nc\ny\n"), [2, 5]);
        assert_eq!(added("a\nb\nc\n", "c\na\nb\n"), [1]);
        assert_eq!(added("", "a\n"), [1]);
        // A line that moved is added at one of its ends.
        assert_eq!(added("k\na\nb\nc\n", "a\nb\nc\nk\n"), [4]);
    }
}
