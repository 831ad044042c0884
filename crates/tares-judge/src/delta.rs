//! Effects of head against effects of base, by module, and what of them nobody asked for.

use crate::answers::Version;
use crate::findings::Texts;
use crate::program::Files;
use crate::run::CodeFile;
use rustc_hash::{FxHashMap, FxHashSet};
use tares_model::Change;
use tares_model::effect::delta::{Delta, compare};
use tares_model::effect::{Asked, AskedVerdict, Effect};
use tares_model::message::{DeltaReport, PlacedEffect};
use tares_policy::Policy;
use tares_rules::AskedFor;

/// Says of every effect whether it is new and whether it was asked for, and returns what each
/// file does that it did not do before. `around` is what files do that the change leaves alone.
pub(crate) fn mark(
    files: &mut [CodeFile],
    around: Vec<Effect>,
    change: &Change,
    policy: &Policy,
) -> Vec<Delta<usize>> {
    let mut deltas: Vec<_> = files
        .iter()
        .map(|file| compare(&file.base_facts.effects, &file.facts.effects))
        .collect();
    if change.has_base {
        let moved = without_moves(files, &mut deltas);
        for (file, moved) in files.iter_mut().zip(&moved) {
            set_new(file, moved);
        }
    }
    let claims: Vec<&str> = change
        .claims
        .iter()
        .map(|claim| claim.text.as_str())
        .collect();
    let mut base = around;
    for file in &*files {
        base.extend(file.base_facts.effects.iter().cloned());
    }
    let asked = AskedFor::new(
        change.task.as_ref().map(|task| task.text.as_str()),
        &claims,
        &base,
    );
    for file in files {
        let path = file.path().clone();
        for effect in &mut file.facts.effects {
            let is_question =
                effect.is_new == Some(true) || (effect.is_new.is_none() && change.task.is_some());
            // Nobody asks for a check or a header: the question is for capabilities.
            if is_question && effect.kind.is_capability() {
                let site = effect.site.as_ref();
                let place = site.and_then(|site| site.path.as_ref()).unwrap_or(&path);
                effect.asked = allowed(policy, effect, place).unwrap_or_else(|| {
                    asked.decide(effect, site.map_or("", |site| site.function.as_str()))
                });
            }
        }
    }
    deltas
}

/// Returns the answer where policy allows the effect.
pub(crate) fn allowed(
    policy: &Policy,
    effect: &Effect,
    path: &tares_model::RepoPath,
) -> Option<Asked> {
    let entry = policy.allows(effect, path)?;
    let reason = entry
        .reason
        .as_deref()
        .map_or(String::new(), |reason| format!(": {reason}"));
    Some(Asked {
        verdict: AskedVerdict::Usual,
        because: format!("the policy allows {entry}{reason}"),
    })
}

/// Takes out of the deltas what only moved from one file of the change to another. Returns the
/// keys that moved into each file.
fn without_moves(files: &[CodeFile], deltas: &mut [Delta<usize>]) -> Vec<FxHashSet<String>> {
    let mut gone: FxHashMap<String, usize> = FxHashMap::default();
    for (file, delta) in files.iter().zip(&*deltas) {
        for &i in &delta.removed {
            *gone.entry(file.base_facts.effects[i].key()).or_default() += 1;
        }
    }
    let mut taken: FxHashMap<String, usize> = FxHashMap::default();
    let mut moved = Vec::with_capacity(files.len());
    for (file, delta) in files.iter().zip(&mut *deltas) {
        let mut here = FxHashSet::default();
        delta.added.retain(|&i| {
            let key = file.facts.effects[i].key();
            let Some(left) = gone.get_mut(&key).filter(|left| **left > 0) else {
                return true;
            };
            *left -= 1;
            *taken.entry(key.clone()).or_default() += 1;
            here.insert(key);
            false
        });
        moved.push(here);
    }
    for (file, delta) in files.iter().zip(deltas) {
        delta.removed.retain(|&i| {
            let Some(left) = taken
                .get_mut(&file.base_facts.effects[i].key())
                .filter(|left| **left > 0)
            else {
                return true;
            };
            *left -= 1;
            false
        });
    }
    moved
}

fn set_new(file: &mut CodeFile, moved: &FxHashSet<String>) {
    let base: FxHashSet<String> = file.base_facts.effects.iter().map(Effect::key).collect();
    for effect in &mut file.facts.effects {
        let key = effect.key();
        effect.is_new = Some(!base.contains(&key) && !moved.contains(&key));
    }
    for effect in &mut file.base_facts.effects {
        effect.is_new = Some(false);
    }
}

/// Returns the delta as it is reported: what a reviewer wants to see even when no rule fires.
pub(crate) fn report(
    files: &[CodeFile],
    deltas: &[Delta<usize>],
    has_base: bool,
    sides: &Sides<'_>,
) -> DeltaReport {
    let mut delta: Delta<PlacedEffect> = Delta::default();
    for (file, found) in files.iter().zip(deltas) {
        let mut head = Texts::new(file.head.as_ref(), sides.head);
        let mut base = Texts::new(file.base.as_ref(), sides.base);
        let effects = &file.facts.effects;
        let before = &file.base_facts.effects;
        let shown = |&&i: &&usize| effects[i].kind.is_capability();
        delta.added.extend(
            found
                .added
                .iter()
                .filter(shown)
                .map(|&i| head.placed(&effects[i])),
        );
        let shown = |&&(_, i): &&(usize, usize)| effects[i].kind.is_capability();
        let both = |&(b, h): &(usize, usize)| (base.placed(&before[b]), head.placed(&effects[h]));
        delta
            .changed
            .extend(found.changed.iter().filter(shown).map(both));
        // Losing a control matters as much as gaining a capability.
        let shown = |&&i: &&usize| before[i].kind.is_capability() || before[i].kind.is_control();
        delta.removed.extend(
            found
                .removed
                .iter()
                .filter(shown)
                .map(|&i| base.placed(&before[i])),
        );
    }
    delta.added = once(delta.added);
    delta.removed = once(delta.removed);
    DeltaReport { delta, has_base }
}

/// Joins what several ways lead to: the same act at the same place, with all that flows in.
pub(crate) fn once(effects: Vec<PlacedEffect>) -> Vec<PlacedEffect> {
    let mut places: FxHashMap<_, usize> = FxHashMap::default();
    let mut kept: Vec<PlacedEffect> = Vec::with_capacity(effects.len());
    for next in effects {
        let key = (
            next.place.clone(),
            next.effect.kind,
            next.effect.target.clone(),
        );
        let Some(&at) = places.get(&key) else {
            places.insert(key, kept.len());
            kept.push(next);
            continue;
        };
        let known = &mut kept[at].effect;
        let data = known.data.union(next.effect.data);
        // The answer of the way that nothing explains is the one to show.
        if next.effect.asked.verdict > known.asked.verdict {
            *known = next.effect;
        }
        known.data = data;
    }
    kept
}

/// The files of both sides.
pub(crate) struct Sides<'a> {
    pub(crate) base: &'a Files<'a>,
    pub(crate) head: &'a Files<'a>,
}

impl<'a> Sides<'a> {
    /// Returns the files of a side.
    pub(crate) fn get(&self, version: Version) -> &'a Files<'a> {
        match version {
            Version::Base => self.base,
            Version::Head => self.head,
        }
    }
}
