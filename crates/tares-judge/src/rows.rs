//! The delta as a reviewer sees it: one row for each act of a file, however often it is done.
//!
//! Acts of one kind on one target are one row, with all that flows in, under the weakest of their
//! conditions and with the answer of the one that is explained least.

use crate::delta::{self, Sides};
use crate::findings::Texts;
use crate::run::CodeFile;
use rustc_hash::{FxHashMap, FxHashSet};
use tares_model::RepoPath;
use tares_model::effect::delta::Delta;
use tares_model::effect::{Effect, EffectKind, GuardClass, Target};
use tares_model::message::{DeltaReport, PlacedEffect};

/// Returns the delta as it is reported: what a reviewer wants to see even when no rule fires.
pub(crate) fn report(
    files: &[CodeFile],
    deltas: &[Delta<usize>],
    has_base: bool,
    sides: &Sides<'_>,
) -> DeltaReport {
    let mut report: Delta<PlacedEffect> = Delta::default();
    for (file, delta) in files.iter().zip(deltas) {
        let rows = of_file(file, delta, sides);
        report.added.extend(rows.added);
        report.changed.extend(rows.changed);
        report.removed.extend(rows.removed);
    }
    report.added = delta::once(report.added);
    report.removed = delta::once(report.removed);
    DeltaReport {
        delta: report,
        has_base,
    }
}

/// Returns what a file does, one row for each act.
pub(crate) fn present(effects: &[Effect], texts: &mut Texts<'_>) -> Vec<PlacedEffect> {
    let acts = acts(effects, EffectKind::is_capability);
    acts.list
        .iter()
        .map(|act| texts.placed(&act.effect(effects)))
        .collect()
}

fn of_file(file: &CodeFile, delta: &Delta<usize>, sides: &Sides<'_>) -> Delta<PlacedEffect> {
    let (before, after) = (&file.base_facts.effects, &file.facts.effects);
    let mut head = Texts::new(file.head.as_ref(), sides.head);
    let mut base = Texts::new(file.base.as_ref(), sides.base);
    // Losing a control matters as much as gaining a capability.
    let was = acts(before, |kind| kind.is_capability() || kind.is_control());
    let is = acts(after, |kind| kind.is_capability() || kind.is_control());
    // What moved to or from another file of the change is in none of the lists.
    let fresh: FxHashSet<usize> = delta
        .added
        .iter()
        .chain(delta.changed.iter().map(|(_, h)| h))
        .copied()
        .collect();
    let gone: FxHashSet<usize> = delta
        .removed
        .iter()
        .chain(delta.changed.iter().map(|(b, _)| b))
        .copied()
        .collect();
    let mut rows = Delta::default();
    for act in &is.list {
        let is_fresh = act.all.iter().any(|i| fresh.contains(i));
        let now = act.effect(after);
        match was.get(&now) {
            None if is_fresh && now.kind.is_capability() => rows.added.push(head.placed(&now)),
            Some(old) if now.kind.is_capability() => {
                let is_gone = old.all.iter().any(|i| gone.contains(i));
                let old = old.effect(before);
                if (is_fresh || is_gone) && differs(&old, &now) {
                    rows.changed.push((base.placed(&old), head.placed(&now)));
                }
            }
            _ => {}
        }
    }
    // What tests no longer do is nobody's loss.
    let lost = was.list.iter().filter(|_| !file.path().is_test_code());
    for act in lost {
        let old = act.effect(before);
        if act.all.iter().any(|i| gone.contains(i)) && is.get(&old).is_none() {
            rows.removed.push(base.placed(&old));
        }
    }
    for placed in rows
        .added
        .iter_mut()
        .chain(rows.changed.iter_mut().map(|(_, now)| now))
    {
        if let Some(cause) = file.cause_of(&placed.place) {
            placed.cause = cause.text();
        }
    }
    rows
}

/// Returns whether something else flows in, or another condition decides.
fn differs(old: &Effect, now: &Effect) -> bool {
    old.data.carried() != now.data.carried() || telling(old) != telling(now)
}

fn telling(effect: &Effect) -> Vec<GuardClass> {
    let classes = effect.guard.iter().map(|guard| guard.class);
    let mut classes: Vec<_> = classes
        .filter(|class| *class != GuardClass::Plain)
        .collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Effects that are one act.
struct Act {
    all: Vec<usize>,
}

impl Act {
    /// Returns the act as one effect.
    fn effect(&self, effects: &[Effect]) -> Effect {
        let all = || self.all.iter().map(|&i| &effects[i]);
        let rank = |effect: &&Effect| {
            (
                effect.asked.verdict,
                effect.concealment.grade(),
                effect.stealth.len(),
            )
        };
        // The first of those that weigh the same.
        let telling_most = all().rev().max_by_key(rank).expect("an act has effects");
        let weakest = all()
            .min_by_key(|effect| telling(effect).len())
            .expect("an act has effects");
        Effect {
            data: all().fold(telling_most.data, |data, effect| data.union(effect.data)),
            guard: weakest.guard.clone(),
            ..telling_most.clone()
        }
    }
}

/// What makes effects one act.
type Key<'a> = (Option<&'a RepoPath>, EffectKind, &'a Target, &'a str);

struct Acts<'a> {
    list: Vec<Act>,
    places: FxHashMap<Key<'a>, usize>,
}

impl Acts<'_> {
    fn get(&self, like: &Effect) -> Option<&Act> {
        Some(&self.list[*self.places.get(&key(like))?])
    }
}

fn acts<'a>(effects: &'a [Effect], shown: impl Fn(EffectKind) -> bool) -> Acts<'a> {
    let mut acts = Acts {
        list: Vec::new(),
        places: FxHashMap::default(),
    };
    for (i, effect) in effects
        .iter()
        .enumerate()
        .filter(|(_, effect)| shown(effect.kind))
    {
        let next = acts.list.len();
        let at = *acts.places.entry(key(effect)).or_insert(next);
        if at == next {
            acts.list.push(Act { all: Vec::new() });
        }
        acts.list[at].all.push(i);
    }
    acts
}

fn key(effect: &Effect) -> Key<'_> {
    let path = effect.site.as_ref().and_then(|site| site.path.as_ref());
    // Without a target the API says what is acted on.
    let api = if effect.target == Target::None {
        effect.api.as_str()
    } else {
        ""
    };
    (path, effect.kind, &effect.target, api)
}
