//! Effects of head against effects of base, by module, and what of them nobody asked for.

use crate::answers::Version;
use crate::claims;
use crate::program::Files;
use crate::run::CodeFile;
use rustc_hash::{FxHashMap, FxHashSet};
use tares_model::Change;
use tares_model::effect::delta::{Delta, compare};
use tares_model::effect::{Asked, AskedVerdict, Effect};
use tares_model::message::PlacedEffect;
use tares_policy::Policy;
use tares_rules::{Around, AskedFor};

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
    for (file, delta) in files.iter_mut().zip(&deltas) {
        answer(file, delta, &asked, change, policy);
    }
    deltas
}

/// Says of what is new in a file, and of the controls that are gone, whether it was asked for.
fn answer(
    file: &mut CodeFile,
    delta: &Delta<usize>,
    asked: &AskedFor,
    change: &Change,
    policy: &Policy,
) {
    let own = file.path().clone();
    let is_question = |effect: &Effect| {
        effect.is_new == Some(true) || (effect.is_new.is_none() && change.task.is_some())
    };
    for at in 0..file.facts.effects.len() {
        let effect = &file.facts.effects[at];
        // Nobody asks for a check or a header: the question is for capabilities.
        if !is_question(effect) || !effect.kind.is_capability() {
            continue;
        }
        let site = effect.site.as_ref();
        let elsewhere = site.and_then(|site| site.path.as_ref());
        let path = elsewhere.unwrap_or(&own);
        let words = match (site, &file.head) {
            (Some(site), Some(head)) if elsewhere.is_none() => {
                claims::around(head, site, file.language)
            }
            (Some(site), _) => site.function.clone(),
            (None, _) => String::new(),
        };
        let around = Around {
            words: &words,
            here: &file.base_facts.effects,
            is_test: path.is_test_code(),
        };
        let answer =
            allowed(policy, effect, path).unwrap_or_else(|| asked.decide_in(effect, &around));
        file.facts.effects[at].asked = answer;
    }
    for &gone in &delta.removed {
        let effect = &mut file.base_facts.effects[gone];
        if effect.kind.is_control() {
            effect.asked = asked.decide_removed(effect);
        }
    }
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
    let mut base: FxHashMap<String, Vec<Vec<String>>> = FxHashMap::default();
    for effect in &file.base_facts.effects {
        let (act, conditions) = taken_apart(&effect.key());
        base.entry(act).or_default().push(conditions);
    }
    for effect in &mut file.facts.effects {
        let key = effect.key();
        let (act, conditions) = taken_apart(&key);
        // Under one condition more than before it is no new ability.
        let is_known = base.get(&act).is_some_and(|all| {
            all.iter()
                .any(|before| before.iter().all(|class| conditions.contains(class)))
        });
        effect.is_new = Some(!is_known && !moved.contains(&key));
    }
    for effect in &mut file.base_facts.effects {
        effect.is_new = Some(false);
    }
}

/// Takes a key apart into the act and the classes of its conditions.
fn taken_apart(key: &str) -> (String, Vec<String>) {
    let mut parts = key.split(" ?");
    let act = parts.next().unwrap_or("").to_owned();
    (act, parts.map(str::to_owned).collect())
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
