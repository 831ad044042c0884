//! A sample that is the same whoever draws it.

use std::collections::BTreeSet;

/// Returns `size` of the first `of` numbers, in order, chosen by a seed.
pub(super) fn draw(of: usize, size: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut chosen = BTreeSet::new();
    while chosen.len() < size.min(of) {
        chosen.insert((next(&mut state) % of as u64) as usize);
    }
    chosen.into_iter().collect()
}

/// SplitMix64: small, and good enough to choose by.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn a_sample_is_the_same_for_the_same_seed() {
        assert_eq!(draw(1000, 100, 1), draw(1000, 100, 1));
        assert_ne!(draw(1000, 100, 1), draw(1000, 100, 2));
        assert_eq!(draw(3, 100, 1), [0, 1, 2]);
    }
}
