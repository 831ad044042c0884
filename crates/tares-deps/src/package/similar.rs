//! Names that look alike. Measured likelihood ratio of a small distance: at most one. It never
//! decides; it explains to a person what may have been meant.

/// Longest name that is compared.
const LONGEST: usize = 64;

/// Returns the name among `known` that is nearest within two edits; of several the first by letters.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let name: Vec<char> = name.chars().take(LONGEST + 1).collect();
    if name.len() < 4 || name.len() > LONGEST {
        return None;
    }
    known
        .filter_map(|other| {
            let letters: Vec<char> = other.chars().take(LONGEST + 1).collect();
            if letters.len().abs_diff(name.len()) > 2 || letters.len() > LONGEST {
                return None;
            }
            let distance = distance(&name, &letters);
            (1..=2).contains(&distance).then_some((distance, other))
        })
        .min()
        .map(|(_, other)| other)
}

/// Counts the least insertions, deletions, replacements and swaps of neighbours.
fn distance(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut before = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, c) in one.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, d) in other.iter().enumerate() {
            let changed = last[j] + usize::from(c != d);
            row[j + 1] = changed.min(last[j + 1] + 1).min(row[j] + 1);
            let is_swap = i > 0 && j > 0 && *c == other[j - 1] && one[i - 1] == *d;
            if is_swap {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_within_two_edits() {
        let known = ["requests", "flask", "numpy"];
        assert_eq!(nearest("reqeusts", known.into_iter()), Some("requests"));
        assert_eq!(nearest("flaskk", known.into_iter()), Some("flask"));
        assert_eq!(nearest("numpy", known.into_iter()), None);
        assert_eq!(nearest("pandas", known.into_iter()), None);
    }
}
