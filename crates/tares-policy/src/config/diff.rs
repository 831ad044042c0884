//! What one policy changes against another.

use super::{Ask, Policy};
use crate::allow::Allow;
use crate::gate;
use crate::levels::Setting;
use crate::pattern::Wildcard;
use std::collections::BTreeMap;
use tares_model::{Finding, Level, Span};

/// One difference between two policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyChange {
    /// Whether more or less gets through.
    pub direction: Direction,
    /// The setting, such as `policy.fail-on` or `rules.tls-check-off`.
    pub key: String,
    /// What changes, for people.
    pub words: String,
    /// Where it stands in head's text, if it stands there.
    pub span: Option<Span>,
}

/// Whether a change of policy lets more or less through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More gets through.
    Loosened,
    /// Less gets through.
    Tightened,
    /// Depends on the rule or on other files; treated like loosened.
    Unclear,
}

impl Policy {
    /// Returns what `head` changes against `base`, in the order of the file's tables.
    pub fn diff(base: &Self, head: &Self) -> Vec<PolicyChange> {
        let mut changes = Vec::new();
        settings(base, head, &mut changes);
        rules(base, head, &mut changes);
        let (base_globs, head_globs) = (base.exclude.as_slice(), head.exclude.as_slice());
        for glob in surplus(head_globs, base_globs) {
            changes.push(change(
                Direction::Loosened,
                "exclude",
                format!("no longer judges `{glob}`"),
                None,
            ));
        }
        for glob in surplus(base_globs, head_globs) {
            changes.push(change(
                Direction::Tightened,
                "exclude",
                format!("judges `{glob}` again"),
                None,
            ));
        }
        for entry in surplus(&head.allow, &base.allow) {
            let words = format!("allows {entry}{}", because(entry));
            changes.push(change(
                Direction::Loosened,
                "allow",
                words,
                Some(entry.span),
            ));
        }
        for entry in surplus(&base.allow, &head.allow) {
            changes.push(change(
                Direction::Tightened,
                "allow",
                format!("no longer allows {entry}"),
                None,
            ));
        }
        changes
    }

    /// Returns the findings about what `head` changes against `base`: what loosens or is
    /// unclear at `review`, what tightens at `note`. They point into head's text.
    pub fn diff_findings(base: &Self, head: &Self) -> Vec<Finding> {
        let finding = |change: PolicyChange| {
            let (rule, level) = match change.direction {
                Direction::Tightened => (gate::POLICY_TIGHTENED, Level::Note),
                Direction::Loosened | Direction::Unclear => (gate::POLICY_LOOSENED, Level::Review),
            };
            let place = head.source.place(change.span.unwrap_or_default());
            let message = format!("this change of policy {}", change.words);
            gate::finding(
                rule,
                level,
                place,
                &format!("{} {}", change.key, change.words),
                message,
            )
        };
        Self::diff(base, head).into_iter().map(finding).collect()
    }
}

fn change(direction: Direction, key: &str, words: String, span: Option<Span>) -> PolicyChange {
    PolicyChange {
        direction,
        key: key.to_owned(),
        words,
        span,
    }
}

fn because(entry: &Allow) -> String {
    entry.reason.as_deref().map_or(String::new(), |reason| {
        format!(" (its reason: {})", super::quoted(reason))
    })
}

fn settings(base: &Policy, head: &Policy, changes: &mut Vec<PolicyChange>) {
    let mut compare = |key: &str, loosened: bool, tightened: bool, words: String| {
        if loosened || tightened {
            let direction = if loosened {
                Direction::Loosened
            } else {
                Direction::Tightened
            };
            changes.push(change(direction, key, words, None));
        }
    };
    let (was, is) = (base.fail_on, head.fail_on);
    compare(
        "policy.fail-on",
        is > was,
        is < was,
        format!("fails from `{is}` on, not from `{was}`"),
    );
    let (was, is) = (base.allow_in_change, head.allow_in_change);
    let words = if is {
        "lets a change suppress findings about itself"
    } else {
        "no longer lets a change suppress findings about itself"
    };
    compare(
        "suppressions.allow-in-change",
        is && !was,
        was && !is,
        words.to_owned(),
    );
    let (was, is) = (base.max_file_size, head.max_file_size);
    compare(
        "limits.max-file-size",
        is < was,
        is > was,
        format!("judges files up to {is} bytes, not {was}"),
    );
    dependencies(base, head, &mut compare);
    if base.baseline != head.baseline {
        let name = |file: &Option<String>| file.as_deref().map_or("none".to_owned(), super::quoted);
        let (direction, words) = match (&base.baseline, &head.baseline) {
            (Some(_), None) => (Direction::Tightened, "uses no baseline any more".to_owned()),
            (was, is) => (
                Direction::Unclear,
                format!("uses the baseline {}, not {}", name(is), name(was)),
            ),
        };
        changes.push(change(direction, "baseline.file", words, None));
    }
    licences(base, head, changes);
    if base.models != head.models {
        let name = |folder: &Option<String>| {
            folder
                .as_deref()
                .map_or("no API models of its own".to_owned(), |folder| {
                    format!("the API models in {}", super::quoted(folder))
                })
        };
        let words = format!("uses {}, not {}", name(&head.models), name(&base.models));
        changes.push(change(Direction::Unclear, "models", words, None));
    }
}

fn licences(base: &Policy, head: &Policy, changes: &mut Vec<PolicyChange>) {
    let mut push = |direction, words: String| {
        changes.push(change(direction, "dependencies.licences", words, None));
    };
    match (base.licences.is_empty(), head.licences.is_empty()) {
        (true, true) => {}
        (true, false) => push(
            Direction::Tightened,
            "lists the licences that packages may have".to_owned(),
        ),
        (false, true) => push(
            Direction::Loosened,
            "lets packages have any licence".to_owned(),
        ),
        (false, false) => {
            for licence in surplus(&head.licences, &base.licences) {
                push(
                    Direction::Loosened,
                    format!("lets packages have the licence {}", super::quoted(licence)),
                );
            }
            for licence in surplus(&base.licences, &head.licences) {
                push(
                    Direction::Tightened,
                    format!(
                        "no longer lets packages have the licence {}",
                        super::quoted(licence)
                    ),
                );
            }
        }
    }
}

/// A private name is asked of nobody, so that more of them means less that is known.
fn dependencies(base: &Policy, head: &Policy, compare: &mut impl FnMut(&str, bool, bool, String)) {
    let (base, head) = (&base.dependencies, &head.dependencies);
    for pattern in surplus(&head.private, &base.private) {
        let words = format!("asks nobody about `{}`", pattern.as_str());
        compare("dependencies.private", true, false, words);
    }
    for pattern in surplus(&base.private, &head.private) {
        let words = format!("no longer keeps `{}` private", pattern.as_str());
        compare("dependencies.private", true, false, words);
    }
    let (was, is) = (base.on_unknown, head.on_unknown);
    compare(
        "dependencies.on-unknown",
        is < was,
        is > was,
        format!("takes a new name that nobody knows for `{is}`, not `{was}`"),
    );
    let (was, is) = (base.age_review_days, head.age_review_days);
    compare(
        "dependencies.age-review-days",
        is < was,
        is > was,
        format!("looks at packages younger than {is} days, not {was}"),
    );
    let (was, is) = (base.ask == Ask::Never, head.ask == Ask::Never);
    let words = if is {
        "asks nobody about new packages"
    } else {
        "asks about new packages"
    };
    compare("dependencies.ask", is && !was, was && !is, words.to_owned());
    compare(
        "dependencies.index",
        base.index != head.index,
        false,
        "asks other indexes about new packages".to_owned(),
    );
}

fn rules(base: &Policy, head: &Policy, changes: &mut Vec<PolicyChange>) {
    let mut patterns: BTreeMap<&str, Option<Span>> = BTreeMap::new();
    patterns.extend(
        base.rules
            .iter()
            .map(|entry| (entry.pattern.as_str(), None)),
    );
    patterns.extend(
        head.rules
            .iter()
            .map(|entry| (entry.pattern.as_str(), Some(entry.span))),
    );
    for (pattern, span) in patterns {
        let (was, is) = (setting_of(base, pattern), setting_of(head, pattern));
        if was == is {
            continue;
        }
        let word =
            |setting: Option<Setting>| setting.map_or("each finding's own level", Setting::as_str);
        let words = format!("sets `{pattern}` to {}, not {}", word(is), word(was));
        changes.push(change(
            direction(was, is),
            &format!("rules.{pattern}"),
            words,
            span,
        ));
    }
}

/// What a policy says about an id, or with exactly this pattern.
fn setting_of(policy: &Policy, pattern: &str) -> Option<Setting> {
    if Wildcard::new(pattern).is_exact() {
        return policy.setting(pattern);
    }
    policy
        .rules
        .iter()
        .find(|entry| entry.pattern.as_str() == pattern)
        .map(|entry| entry.setting)
}

/// A finding's own level is not known here; it is at least `note` and at most `block`.
fn direction(was: Option<Setting>, is: Option<Setting>) -> Direction {
    const LAXEST: Setting = Setting::At(Level::Note);
    const STRICTEST: Setting = Setting::At(Level::Block);
    let (was_least, was_most) = was.map_or((LAXEST, STRICTEST), |s| (s, s));
    let (is_least, is_most) = is.map_or((LAXEST, STRICTEST), |s| (s, s));
    if is_least >= was_most {
        Direction::Tightened
    } else if is_most <= was_least {
        Direction::Loosened
    } else {
        Direction::Unclear
    }
}

/// Returns the items of `these` that are not in `those`, each as often as it is surplus.
fn surplus<'t, T: PartialEq>(these: &'t [T], those: &[T]) -> Vec<&'t T> {
    let times = |items: &[T], item: &T| items.iter().filter(|other| *other == item).count();
    let extra = |&(i, item): &(usize, &T)| times(&these[..=i], item) > times(those, item);
    these
        .iter()
        .enumerate()
        .filter(extra)
        .map(|(_, item)| item)
        .collect()
}
