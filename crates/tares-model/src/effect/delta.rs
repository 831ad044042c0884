//! One comparison, four uses: head against base, observed against predicted, today against
//! the learned baseline, with the trigger against without.

use super::Effect;
use std::collections::{BTreeMap, BTreeSet};

/// What one set of effects has that the other has not.
#[derive(Debug, Clone, PartialEq)]
pub struct Delta<T> {
    /// Only in head.
    pub added: Vec<T>,
    /// Only in base.
    pub removed: Vec<T>,
    /// Same kind and target on both sides, but other data or another guard: (base, head).
    pub changed: Vec<(T, T)>,
}

impl<T> Default for Delta<T> {
    fn default() -> Self {
        Self {
            added: Vec::new(),
            removed: Vec::new(),
            changed: Vec::new(),
        }
    }
}

impl<T> Delta<T> {
    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares two sets of effects by [`Effect::key`]. Returns indices into the slices: one
/// representative per key, the first. *Unknown never masks*: an unknown target equals only
/// an unknown target written alike.
pub fn compare(base: &[Effect], head: &[Effect]) -> Delta<usize> {
    let base_keys = first_by_key(base);
    let head_keys = first_by_key(head);
    let added: Vec<_> = head_keys
        .iter()
        .filter(|(k, _)| !base_keys.contains_key(*k))
        .collect();
    let removed: Vec<_> = base_keys
        .iter()
        .filter(|(k, _)| !head_keys.contains_key(*k))
        .collect();
    let mut delta = Delta::default();
    let mut paired = BTreeSet::new();
    for &(_, &h) in &added {
        let twin = removed
            .iter()
            .find(|&&(_, &b)| !paired.contains(&b) && same_act(&base[b], &head[h]));
        match twin {
            Some(&(_, &b)) => {
                paired.insert(b);
                delta.changed.push((b, h));
            }
            None => delta.added.push(h),
        }
    }
    delta.removed = removed
        .iter()
        .map(|&(_, &b)| b)
        .filter(|b| !paired.contains(b))
        .collect();
    delta.added.sort_unstable();
    delta.removed.sort_unstable();
    delta.changed.sort_unstable_by_key(|&(_, h)| h);
    delta
}

fn same_act(base: &Effect, head: &Effect) -> bool {
    base.kind == head.kind && base.target == head.target
}

fn first_by_key(effects: &[Effect]) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for (i, effect) in effects.iter().enumerate() {
        keys.entry(effect.key()).or_insert(i);
    }
    keys
}
