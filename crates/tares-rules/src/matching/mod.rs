//! Whether an effect fulfils the conditions of a clause.

mod glob;
pub(crate) mod role;
pub(crate) mod text;

use crate::predicates;
use crate::schema::{Conditions, TargetCondition};
use tares_model::effect::{AskedVerdict, Effect, GuardClass, Target};

/// What conditions are tried on.
pub(crate) struct Subject<'a> {
    /// Id of the rule that asks.
    pub(crate) rule: &'a str,
    /// The effect.
    pub(crate) effect: &'a Effect,
    /// All effects of the same file.
    pub(crate) all: &'a [Effect],
}

/// Returns whether all conditions hold, with the detail that a predicate gave (or none).
pub(crate) fn holds(conditions: &Conditions, subject: &Subject<'_>) -> Option<String> {
    if !act_holds(conditions, subject.effect) || !circumstances_hold(conditions, subject.effect) {
        return None;
    }
    let roles = &mut conditions.role.iter();
    if !roles.all(|(name, wanted)| role::holds(wanted, subject.effect.role(name))) {
        return None;
    }
    let mut detail = String::new();
    if !conditions.any.is_empty() {
        detail = conditions.any.iter().find_map(|c| holds(c, subject))?;
    }
    if conditions.not.iter().any(|c| holds(c, subject).is_some()) {
        return None;
    }
    if !conditions.beside.iter().all(|c| has_neighbour(c, subject)) {
        return None;
    }
    if let Some(name) = &conditions.code {
        let predicate = predicates::find(subject.rule, name)?;
        detail = predicate(subject.effect, subject.all)?;
    }
    Some(detail)
}

/// Kind, API, target, labels.
fn act_holds(conditions: &Conditions, effect: &Effect) -> bool {
    let fits = |globs: &[String]| globs.iter().any(|g| glob::fits(g, &effect.api));
    (conditions.kind.is_empty() || conditions.kind.contains(&effect.kind))
        && (conditions.api.is_empty() || fits(&conditions.api))
        && !fits(&conditions.not_api)
        && conditions
            .target
            .as_ref()
            .is_none_or(|t| target_holds(t, &effect.target))
        && (conditions.data.is_empty() || conditions.data.iter().any(|l| effect.data.has(*l)))
        && conditions.data_all.iter().all(|l| effect.data.has(*l))
}

/// Guard, concealment, stealth, asked, newness, place.
fn circumstances_hold(conditions: &Conditions, effect: &Effect) -> bool {
    let devices = &effect.concealment.devices;
    let guards = &effect.guard;
    (conditions.guard.is_empty() || guards.iter().any(|g| conditions.guard.contains(&g.class)))
        && !(conditions.guard_absent && guards.iter().any(|g| g.class != GuardClass::Plain))
        && conditions
            .guard_text
            .as_ref()
            .is_none_or(|p| guards.iter().any(|g| p.is_match(&g.text)))
        && conditions
            .concealment_at_least
            .is_none_or(|least| effect.concealment.grade() >= least)
        && (conditions.devices.is_empty() || devices.iter().any(|d| conditions.devices.contains(d)))
        && (conditions.stealth.is_empty()
            || effect
                .stealth
                .iter()
                .any(|s| conditions.stealth.contains(s)))
        && (conditions.asked.is_empty() || conditions.asked.contains(&effect.asked.verdict))
        && conditions.named.is_none_or(|want| want == is_named(effect))
        && conditions
            .by_task
            .is_none_or(|want| want == effect.asked.because.starts_with("the task"))
        && conditions
            .new
            .is_none_or(|want| effect.is_new == Some(want))
        && conditions
            .calls_at_most
            .is_none_or(|most| effect.site.as_ref().is_none_or(|s| s.via.len() <= most))
        && conditions
            .function
            .as_ref()
            .is_none_or(|p| functions_of(effect).any(|name| p.is_match(name)))
}

/// Returns whether base, policy or the task name what the effect acts on. A word of a general
/// kind, such as *upload*, explains a request but not each host that one could go to.
fn is_named(effect: &Effect) -> bool {
    match effect.asked.verdict {
        AskedVerdict::Usual => true,
        AskedVerdict::Asked => effect.asked.because.contains(" names `"),
        _ => false,
    }
}

/// Returns the dotted name of the function that acts, or nothing: the enclosing one, or the one
/// for which that only stands between.
pub(crate) fn function_of(effect: &Effect) -> &str {
    effect.site.as_ref().map_or("", |site| match &*site.caller {
        "" => &site.function,
        caller => caller,
    })
}

/// Returns the dotted names of the enclosing function, and of the one that it acts for.
fn functions_of(effect: &Effect) -> impl Iterator<Item = &str> {
    let site = effect.site.as_ref();
    let own = site.map_or("", |site| &*site.function);
    let caller = site
        .map(|site| &*site.caller)
        .filter(|name| !name.is_empty());
    std::iter::once(own).chain(caller)
}

fn target_holds(condition: &TargetCondition, target: &Target) -> bool {
    let unknown = matches!(target, Target::Unknown(_) | Target::None);
    condition
        .matches
        .as_ref()
        .is_none_or(|p| !unknown && p.is_match(target.text()))
        && !condition
            .not_matches
            .as_ref()
            .is_some_and(|p| p.is_match(target.text()))
        && condition.exact.is_none_or(|want| want == target.is_exact())
        && condition.unknown.is_none_or(|want| want == unknown)
}

/// Returns whether two functions are the same, or one lies inside the other.
fn are_nested(a: &str, b: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        !outer.is_empty()
            && inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    a == b || inside(a, b) || inside(b, a)
}

fn has_neighbour(conditions: &Conditions, subject: &Subject<'_>) -> bool {
    let near = |other: &Effect| {
        functions_of(other).any(|a| functions_of(subject.effect).any(|b| are_nested(a, b)))
    };
    subject.all.iter().any(|other| {
        !std::ptr::eq(other, subject.effect)
            && near(other)
            && holds(
                conditions,
                &Subject {
                    effect: other,
                    ..*subject
                },
            )
            .is_some()
    })
}
