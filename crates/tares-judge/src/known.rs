//! Findings that base has as well: a multiset over the whole change, so that moved code is known.

use rustc_hash::FxHashMap;
use tares_model::effect::Target;
use tares_model::finding::Family;
use tares_model::{Finding, Level};

/// What base holds, by rule and fingerprint, with the levels it has there and where.
#[derive(Debug, Default)]
pub(crate) struct Known {
    levels: FxHashMap<(String, String), Vec<(Level, Option<Spot>)>>,
}

/// Where an honest mistake stands, however its line is written: an edited line that has the same
/// flaw as before brings none.
type Spot = (String, String, String, String);

impl Known {
    /// Adds a finding of base.
    pub(crate) fn add(&mut self, finding: &Finding) {
        let key = (finding.rule.clone(), finding.fingerprint.clone());
        let entry = (finding.level, spot(finding));
        self.levels.entry(key).or_default().push(entry);
    }

    /// Takes findings apart into new ones and ones that base has at least as loudly. What the
    /// change made worse is new.
    pub(crate) fn split(mut self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
        let (new, mut known): (Vec<Finding>, Vec<Finding>) = findings
            .into_iter()
            .partition(|finding| !self.take(finding));
        let mut left: FxHashMap<Spot, Vec<Level>> = FxHashMap::default();
        #[expect(clippy::iter_over_hash_type, reason = "goes from one map into another")]
        for (level, spot) in self.levels.into_values().flatten() {
            left.entry(spot.unwrap_or_default())
                .or_default()
                .push(level);
        }
        let (new, edited) = new.into_iter().partition(|finding| {
            let levels = spot(finding).and_then(|spot| left.get_mut(&spot));
            !levels.is_some_and(|levels| take_fitting(levels, finding.level, |level| *level))
        });
        known.extend::<Vec<Finding>>(edited);
        (new, known)
    }

    fn take(&mut self, finding: &Finding) -> bool {
        let key = (finding.rule.clone(), finding.fingerprint.clone());
        let levels = self.levels.get_mut(&key);
        levels.is_some_and(|levels| take_fitting(levels, finding.level, |entry| entry.0))
    }
}

/// Takes the quietest that is loud enough, so that the loud ones are left for loud ones.
fn take_fitting<T>(entries: &mut Vec<T>, wanted: Level, level: impl Fn(&T) -> Level) -> bool {
    let fitting = (0..entries.len())
        .filter(|&i| level(&entries[i]) >= wanted)
        .min_by_key(|&i| level(&entries[i]));
    fitting.map(|i| entries.swap_remove(i)).is_some()
}

/// Returns where a finding stands by rule, file, function and act. Only honest mistakes have such
/// a place: what was put there on purpose is new wherever its line is.
fn spot(finding: &Finding) -> Option<Spot> {
    let effect = finding.effect.as_ref()?;
    let site = effect.site.as_ref()?;
    if finding.family != Family::Weakness {
        return None;
    }
    let target = match &effect.target {
        Target::Exact(text) => text.as_str(),
        _ => "",
    };
    Some((
        finding.rule.to_string(),
        finding.place.path.to_string(),
        site.function.to_string(),
        format!("{} {target}", effect.api),
    ))
}
