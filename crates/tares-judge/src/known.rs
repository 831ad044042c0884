//! Findings that base has as well: a multiset over the whole change, so that moved code is known.

use rustc_hash::FxHashMap;
use tares_model::{Finding, Level};

/// What base holds, by rule and fingerprint, with the levels it has there.
#[derive(Debug, Default)]
pub(crate) struct Known {
    levels: FxHashMap<(String, String), Vec<Level>>,
}

impl Known {
    /// Adds a finding of base.
    pub(crate) fn add(&mut self, finding: &Finding) {
        let key = (finding.rule.clone(), finding.fingerprint.clone());
        self.levels.entry(key).or_default().push(finding.level);
    }

    /// Takes findings apart into new ones and ones that base has at least as loudly. What the
    /// change made worse is new.
    pub(crate) fn split(mut self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
        findings
            .into_iter()
            .partition(|finding| !self.take(finding))
    }

    fn take(&mut self, finding: &Finding) -> bool {
        let key = (finding.rule.clone(), finding.fingerprint.clone());
        let Some(levels) = self.levels.get_mut(&key) else {
            return false;
        };
        // The quietest that is loud enough, so that the loud ones are left for loud ones.
        let fitting = (0..levels.len())
            .filter(|&i| levels[i] >= finding.level)
            .min_by_key(|&i| levels[i]);
        fitting.map(|i| levels.swap_remove(i)).is_some()
    }
}
