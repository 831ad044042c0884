//! Controls of base that head lacks, asks for too late, or does not listen to.

use super::around::is_refusal;
use super::fact::{Fact, Function, What};
use super::words::{Control, control};
use super::{Pair, Side, callee};
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

/// Words of calls that change something: a check after them is too late.
const ACTS: &[&str] = &[
    "execute", "query", "save", "delete", "remove", "commit", "update", "create", "insert", "send",
    "post", "put", "write", "charge", "transfer", "publish", "destroy", "exec",
];

pub(super) fn find(pair: &Pair<'_>, before: &Side<'_>, old: &Function, found: &mut Vec<Effect>) {
    let controls: Vec<(usize, &str, Control)> = controls(old).collect();
    for (i, &(at, name, sort)) in controls.iter().enumerate() {
        // The second call of the same control is looked at once.
        if controls[..i].iter().any(|(_, earlier, _)| *earlier == name) {
            continue;
        }
        let now: Vec<(usize, &str, Control)> = self::controls(pair.new)
            .filter(|(_, new, _)| *new == name)
            .collect();
        let count = controls
            .iter()
            .filter(|(_, other, _)| *other == name)
            .count();
        if now.len() < count {
            let twice = format!("{name}({name}(");
            let doubled = before.source(old.facts[at].statement).contains(&twice);
            let pointless = name.ends_with(" --check") && downloads(pair.new) < downloads(old);
            let is_gone = !doubled && !pointless && !moved(pair, before, name);
            if is_gone && !replaced(pair, &controls, sort) {
                // Where head refuses as often, the check may have another shape now.
                let rewritten = sort == Control::Access
                    && old.facts[at].decides
                    && refusals(pair.after, pair.new) >= refusals(before, old);
                let api = if rewritten {
                    "rewritten".to_owned()
                } else {
                    format!("lost.{}", sort.word())
                };
                let place = gap(pair, old, at);
                found.extend(place.map(|span| pair.effect(kind(sort), &api, name, span)));
            }
        } else if let (true, Some(&(new, ..))) = (sort == Control::Access, now.first()) {
            weakened(pair, old, at, new, name, found);
        }
    }
    records(pair, before, old, found);
}

/// Returns how often a script fetches a file: what is not fetched needs no sum.
fn downloads(function: &Function) -> usize {
    let calls = function.facts.iter().filter_map(callee);
    calls
        .filter(|name| matches!(*name, "curl" | "wget"))
        .count()
}

/// Returns how often a function says no.
fn refusals(side: &Side<'_>, function: &Function) -> usize {
    let says_no = |fact: &&Fact| match &fact.what {
        What::Raise => true,
        What::Return(Some(value)) => is_refusal(side.source(*value)),
        What::Return(None) => !fact.conditions.is_empty(),
        What::Call { callee, .. } => callee == "abort",
        _ => false,
    };
    function.facts.iter().filter(says_no).count()
}

fn kind(sort: Control) -> EffectKind {
    match sort {
        Control::Access => EffectKind::Check,
        Control::Cleaner => EffectKind::Sanitiser,
        Control::Hardening => EffectKind::Limit,
        Control::Audit => EffectKind::Audit,
        Control::Chance => EffectKind::Random,
    }
}

fn controls(function: &Function) -> impl Iterator<Item = (usize, &str, Control)> {
    let calls = function.facts.iter().enumerate();
    calls.filter_map(|(i, fact)| {
        let name = callee(fact)?;
        Some((i, name, control(name)?))
    })
}

/// Whether the file asks for the control as often as before: it stands elsewhere now.
fn moved(pair: &Pair<'_>, before: &Side<'_>, name: &str) -> bool {
    let count = |side: &Side<'_>| {
        side.functions
            .iter()
            .flat_map(controls)
            .filter(|(_, other, _)| *other == name)
            .count()
    };
    count(pair.after) >= count(before)
}

/// Whether another control of the sort came into the function: one in the place of the other.
fn replaced(pair: &Pair<'_>, old: &[(usize, &str, Control)], sort: Control) -> bool {
    controls(pair.new)
        .any(|(_, name, other)| other == sort && !old.iter().any(|(_, before, _)| *before == name))
}

/// Returns where in head something is missing that stood at `at`: what its statement became, else
/// the statement that followed it, else the one before. Where neither is left the function was written anew.
fn gap(pair: &Pair<'_>, old: &Function, at: usize) -> Option<Span> {
    let gone = old.facts[at].statement;
    let text = |side: &Side<'_>, fact: &Fact| side.source(fact.span).to_owned();
    let (Some(before), new) = (pair.before, pair.new) else {
        return None;
    };
    let same = |fact: &&Fact| {
        fact.statement != gone
            && matches!(
                fact.what,
                What::Call { .. } | What::Return(_) | What::Entry { .. }
            )
    };
    let place = |fact: &Fact| {
        let wanted = text(before, fact);
        new.facts
            .iter()
            .find(|other| text(pair.after, other) == wanted)
            .map(|other| first_line(pair, other.statement))
    };
    let mut rest = old.facts.iter().filter(|fact| fact.statement == gone);
    let edited = rest.find_map(|fact| {
        let like = |other: &&Fact| match (&fact.what, &other.what) {
            (What::Call { callee: a, .. }, What::Call { callee: b, .. }) => {
                a == b && control(a).is_none()
            }
            (What::Entry { .. }, What::Entry { .. }) => {
                !fact.slot.is_empty() && fact.slot == other.slot
            }
            _ => false,
        };
        let other = new.facts.iter().find(like)?;
        (!pair.had(other.statement)).then(|| first_line(pair, other.statement))
    });
    let after = old.facts[at..].iter().filter(same).find_map(place);
    edited
        .or(after)
        .or_else(|| old.facts[..at].iter().rev().filter(same).find_map(place))
}

/// A place is a line, not a whole function.
pub(super) fn first_line(pair: &Pair<'_>, span: Span) -> Span {
    let text = pair.after.source(span);
    let length = text.find('\n').unwrap_or(text.len());
    Span {
        start: span.start,
        end: span.start + length as u32,
    }
}

/// Says where a control that is still called has less to say than in base.
fn weakened(
    pair: &Pair<'_>,
    old: &Function,
    at: usize,
    now: usize,
    name: &str,
    found: &mut Vec<Effect>,
) {
    let (before, after) = (&old.facts[at], &pair.new.facts[now]);
    let mut say = |api: &str| {
        found.push(pair.effect(
            EffectKind::Check,
            api,
            name,
            first_line(pair, after.statement),
        ));
    };
    if after.conditions.len() > before.conditions.len()
        && before.conditions.is_empty()
        && !before.in_handler
    {
        let own = after
            .conditions
            .iter()
            .any(|test| pair.after.source(*test).contains(name));
        if !own && !is_exhaustive(pair, name) {
            return say("conditional");
        }
    }
    let silenced = after.swallowed && !before.swallowed && !after.decides;
    if silenced || before.decides && !after.decides && unheard(pair, after) {
        return say("unheard");
    }
    let awaited = |fact: &Fact| matches!(fact.what, What::Call { awaited: true, .. });
    if awaited(before) && !awaited(after) && after.decides {
        return say("promise");
    }
    if let Some(act) = overtaken(pair, old, at, now) {
        found.push(pair.effect(
            EffectKind::Check,
            "late",
            &format!("{name} after {act}"),
            first_line(pair, after.statement),
        ));
    }
}

/// Whether each way through the function asks: `if a { check() } else { check() }`.
fn is_exhaustive(pair: &Pair<'_>, name: &str) -> bool {
    controls(pair.new)
        .filter(|(_, other, _)| *other == name)
        .count()
        > 1
}

/// Whether nobody looks at the answer.
fn unheard(pair: &Pair<'_>, fact: &Fact) -> bool {
    let bare = matches!(fact.what, What::Call { bare: true, .. });
    if bare || fact.slot.is_empty() {
        return bare;
    }
    let text = pair.after.source(pair.new.span);
    let name = fact.slot.as_str();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let uses = text.match_indices(name).filter(|(at, _)| {
        !is_word(text[..*at].chars().next_back())
            && !is_word(text[at + name.len()..].chars().next())
    });
    uses.count() <= 1
}

/// Returns an act that followed the control in base and comes before it now.
fn overtaken<'a>(pair: &Pair<'a>, old: &Function, at: usize, now: usize) -> Option<&'a str> {
    if old.facts[at].slot.ends_with(".use") && pair.new.facts[now].slot.ends_with(".use") {
        return uncovered(pair, old, at, now);
    }
    let later: Vec<&str> = old.facts[at + 1..].iter().filter_map(callee).collect();
    let earlier = old.facts[..at]
        .iter()
        .filter_map(callee)
        .collect::<Vec<_>>();
    pair.new.facts[..now]
        .iter()
        .filter_map(callee)
        .find(|name| {
            let last = name.rsplit('.').next().unwrap_or(name);
            ACTS.contains(&last) && later.contains(name) && !earlier.contains(name)
        })
}

/// Returns a route that was registered behind a step for all in base and stands before it now.
fn uncovered<'a>(pair: &Pair<'a>, old: &Function, at: usize, now: usize) -> Option<&'a str> {
    const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "all", "route"];
    let before = pair.before?;
    let is_route = |fact: &&Fact| {
        callee(fact)
            .and_then(|name| name.rsplit('.').next())
            .is_some_and(|verb| VERBS.contains(&verb))
    };
    let later: Vec<&str> = old.facts[at..]
        .iter()
        .filter(is_route)
        .map(|fact| before.source(fact.span))
        .collect();
    let mut early = pair.new.facts[..now].iter().filter(is_route);
    let route = early.find(|fact| later.contains(&pair.after.source(fact.span)))?;
    callee(route)
}

/// Log entries of functions that use rights: when the act stays and the entry goes.
fn records(pair: &Pair<'_>, before: &Side<'_>, old: &Function, found: &mut Vec<Effect>) {
    let logs = |function: &Function| {
        function
            .facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| callee(fact).is_some_and(is_log))
            .map(|(i, _)| i)
            .collect::<Vec<_>>()
    };
    let (then, now) = (logs(old), logs(pair.new));
    let has_rights = controls(old).any(|(_, _, sort)| sort == Control::Access);
    if !has_rights || now.len() >= then.len() {
        return;
    }
    let kept: Vec<&str> = now
        .iter()
        .map(|&i| pair.after.source(pair.new.facts[i].span))
        .collect();
    if let Some(&gone) = then
        .iter()
        .find(|&&i| !kept.contains(&before.source(old.facts[i].span)))
    {
        let name = callee(&old.facts[gone]).unwrap_or("log").to_owned();
        let span = gap(pair, old, gone);
        found.extend(span.map(|span| pair.effect(EffectKind::Audit, "lost.record", &name, span)));
    }
}

pub(super) fn is_log(callee: &str) -> bool {
    let mut parts = callee.rsplit('.');
    let last = parts.next().unwrap_or("");
    let owner = parts.next().unwrap_or("").to_lowercase();
    let level = matches!(
        last,
        "info"
            | "warn"
            | "warning"
            | "log"
            | "notice"
            | "error"
            | "critical"
            | "Info"
            | "Warn"
            | "Printf"
            | "Println"
    );
    level && (owner.contains("log") || owner == "audit")
}
