//! Decisions of base that let more through in head: an equality that became a likeness, a refusal
//! that got one more condition, a yes where an error stood.

use super::around::{is_refusal, opener};
use super::fact::{Fact, Function, What};
use super::words::{control, decides, parts};
use super::{Control, Pair, Side, callee};
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

/// Tests that are true of more values than equality is, and how they are written.
const LIKENESS: &[&str] = &[
    ".startsWith(",
    ".startswith(",
    ".endsWith(",
    ".endswith(",
    ".includes(",
    ".contains(",
    ".indexOf(",
    ".find(",
    ".match(",
    ".matches(",
    ".equalsIgnoreCase(",
    "strings.HasPrefix(",
    "strings.HasSuffix(",
    "strings.Contains(",
    "strings.EqualFold(",
    "re.match(",
    "re.search(",
    " in ",
];

/// Operators of equality, longest first.
const EQUALITY: &[&str] = &["!==", "===", "!=", "=="];

/// Words of what a remote user sends.
const SENT: &[&str] = &[
    "args", "query", "header", "headers", "cookie", "cookies", "params", "body", "form", "input",
];

pub(super) fn find(pair: &Pair<'_>, found: &mut Vec<Effect>) {
    let (Some(before), Some(old)) = (pair.before, pair.old) else {
        return;
    };
    for (place, test) in tests(pair.new) {
        if pair.had(test) {
            continue;
        }
        if let Some(likeness) = likened(pair, before, old, test) {
            found.push(pair.effect(EffectKind::Check, "part", &likeness, place));
        }
    }
    for fact in &pair.new.facts {
        let error = is_yes_after_error(pair, before, old, fact).then_some("a check that failed");
        let what = widened(pair, before, old, fact).or(error);
        let way = what.map(|what| pair.effect(EffectKind::Check, "way", what, fact.statement));
        found.extend(way.filter(|way| !says_so(found, way)));
    }
}

/// Whether the place is known as a way around a check already.
fn says_so(found: &[Effect], way: &Effect) -> bool {
    let place = |effect: &Effect| effect.site.as_ref().map(|site| site.span);
    found
        .iter()
        .any(|other| other.api == way.api && place(other) == place(way))
}

/// Returns the tests of a function, each with the place that shows it: conditions, and what is
/// returned.
fn tests(function: &Function) -> Vec<(Span, Span)> {
    let mut all: Vec<(Span, Span)> = Vec::new();
    for fact in &function.facts {
        all.extend(fact.conditions.iter().map(|test| (*test, *test)));
        if let What::Return(Some(value)) = fact.what {
            all.push((fact.statement, value));
        }
    }
    all.sort_unstable_by_key(|(_, test)| (test.start, test.end));
    all.dedup_by_key(|(_, test)| *test);
    all
}

/// Returns the two values that were equal in base and need only be alike in this test of head: one
/// of them tells who somebody is or what he may.
fn likened(pair: &Pair<'_>, before: &Side<'_>, old: &Function, test: Span) -> Option<String> {
    let text = pair.after.source(test);
    if text.contains('\n') || !LIKENESS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let is_about = |text: &str| has_right(text) || decides(&pair.new.name);
    let stands = |(left, right): &(String, String)| {
        has_word(text, left)
            && has_word(text, right)
            && (is_about(left) || is_about(right))
            && !equalities(text).contains(&(left.clone(), right.clone()))
    };
    let mut earlier = tests(old)
        .into_iter()
        .flat_map(|(_, test)| equalities(before.source(test)));
    let (left, right) = earlier.find(stands)?;
    Some(format!("{left}, {right}"))
}

/// Returns both sides of each comparison of two named values for equality.
fn equalities(test: &str) -> Vec<(String, String)> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '$' | '(' | ')' | '?');
    let mut found = Vec::new();
    let mut push = |left: &str, right: &str| {
        let left = left.trim_end();
        let begin = left
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_path(*c))
            .last();
        let left = begin.map_or("", |(at, _)| &left[at..]);
        let right = right.trim_start();
        let end = right.find(|c| !is_path(c)).unwrap_or(right.len());
        let bare = |side: &str| side.trim_matches(['(', ')', '?']).to_owned();
        let (left, right) = (bare(left), bare(&right[..end]));
        let is_name = |side: &str| side.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if is_name(&left) && is_name(&right) {
            found.push((left, right));
        }
    };
    for operator in EQUALITY {
        for (at, _) in test.match_indices(operator) {
            // `!=` also stands in `!==`.
            let longer = test[at..].starts_with("===") || test[at..].starts_with("!==");
            if operator.len() == 3 || !longer && !test[..at].ends_with(['=', '!']) {
                push(&test[..at], &test[at + operator.len()..]);
            }
        }
    }
    for (at, _) in test.match_indices(".equals(") {
        push(&test[..at], &test[at + ".equals(".len()..]);
    }
    found
}

pub(super) fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next())
    })
}

/// Whether a name tells who somebody is or what he may.
fn has_right(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "owner",
        "user",
        "tenant",
        "account",
        "role",
        "token",
        "signature",
        "session",
        "secret",
        "password",
        "origin",
        "permission",
        "scope",
        "issuer",
        "audience",
        "customer",
        "org",
        "organization",
        "member",
        "author",
        "host",
        "hash",
        "digest",
    ];
    parts(text)
        .iter()
        .any(|word| WORDS.contains(&word.as_str()))
}

/// Returns what opens where a refusal of base got one more condition in head.
fn widened(
    pair: &Pair<'_>,
    before: &Side<'_>,
    old: &Function,
    fact: &Fact,
) -> Option<&'static str> {
    if !says_no(pair.after, fact) {
        return alternative(pair, before, old, fact);
    }
    let now = squeeze(pair.after.source(*fact.conditions.last()?));
    old.facts.iter().find_map(|other| {
        if !says_no(before, other) {
            return None;
        }
        let was = squeeze(before.source(*other.conditions.last()?));
        let more = inserted(&was, &now)?;
        let is_check = has_right(&was) || decides(&pair.new.name) || asks(old);
        if !is_check || !(more.contains("&&") || more.contains(" and ")) {
            return None;
        }
        let test = more.replace("&&", " ");
        let test = test.trim_matches(['(', ')', ' ']);
        let test = test.strip_prefix("and ").unwrap_or(test);
        let test = test.strip_suffix(" and").unwrap_or(test).trim();
        let is_sent = parts(test).iter().any(|word| SENT.contains(&word.as_str()));
        // `hash && !compare(given, hash)`: nothing is compared where the value is empty.
        let is_part = test.len() > 3 && has_right(test) && was.contains(test);
        opener(test)
            .or(is_part.then_some("an empty value"))
            .or(is_sent.then_some("a word in the request"))
    })
}

/// Returns what opens where the answer of base got an alternative anywhere in it:
/// `found && (matches(given) || given == "…")`.
fn alternative(
    pair: &Pair<'_>,
    before: &Side<'_>,
    old: &Function,
    fact: &Fact,
) -> Option<&'static str> {
    let answer = |fact: &Fact| match fact.what {
        What::Return(value) => value,
        _ => None,
    };
    let now = squeeze(pair.after.source(answer(fact)?));
    let is_check = decides(&pair.new.name) || asks(old);
    let mut answers = old.facts.iter().filter_map(answer).filter(|_| is_check);
    answers.find_map(|was| {
        let was = squeeze(before.source(was));
        let more = inserted(&was, &now)?.trim();
        let or = ["||", "or "].iter().find_map(|or| more.strip_prefix(or));
        let or = or.or_else(|| ["||", " or"].iter().find_map(|or| more.strip_suffix(or)))?;
        opener(or.trim_matches(['(', ')', ' ']))
    })
}

fn asks(function: &Function) -> bool {
    let mut calls = function.facts.iter().filter_map(callee);
    calls.any(|name| control(name) == Some(Control::Access))
}

fn says_no(side: &Side<'_>, fact: &Fact) -> bool {
    match &fact.what {
        What::Raise => true,
        What::Return(Some(value)) => is_refusal(side.source(*value)),
        What::Call { callee, .. } => {
            let last = callee.rsplit('.').next().unwrap_or(callee);
            let answers = ["abort", "sendStatus", "sendError", "AbortWithStatus"];
            answers.contains(&last) || callee == "http.Error"
        }
        _ => false,
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the one piece that makes `now` out of `was`. Parentheses do not count.
fn inserted<'a>(was: &str, now: &'a str) -> Option<&'a str> {
    let plain = |text: &str| -> Vec<(usize, char)> {
        text.char_indices()
            .filter(|(_, c)| !matches!(c, '(' | ')'))
            .collect()
    };
    let (was, all) = (plain(was), plain(now));
    let same = |((_, a), (_, b)): &(&(usize, char), &(usize, char))| a == b;
    let front = was.iter().zip(&all).take_while(same).count();
    let back = was[front..].iter().rev().zip(all[front..].iter().rev());
    let back = back.take_while(same).count();
    let more = &all[front..all.len() - back];
    let (first, last) = (more.first()?, more.last()?);
    (front + back == was.len()).then(|| &now[first.0..last.0 + last.1.len_utf8()])
}

/// Whether a function that decides gives a value without an error where base gave the error, as
/// functions with two results do: `return id, nil`.
fn is_yes_after_error(pair: &Pair<'_>, before: &Side<'_>, old: &Function, fact: &Fact) -> bool {
    let What::Return(Some(value)) = fact.what else {
        return false;
    };
    let last = pair.new.name.rsplit('.').next().unwrap_or("");
    let guards = decides(&pair.new.name) || parts(last) == ["verify"];
    let on_error = |side: &Side<'_>, fact: &Fact| {
        fact.conditions.iter().any(|test| {
            let test = squeeze(side.source(*test));
            test.contains("err != nil")
        })
    };
    let gives = |side: &Side<'_>, value: Span| {
        let text = squeeze(side.source(value));
        let parts = text.rsplit_once(',');
        parts.is_some_and(|(first, error)| {
            let first = first.trim();
            error.trim() == "nil" && !matches!(first, "nil" | "0" | "\"\"" | "false" | "-1")
        })
    };
    let gave = |other: &Fact| match other.what {
        What::Return(Some(value)) => on_error(before, other) && gives(before, value),
        _ => false,
    };
    guards
        && on_error(pair.after, fact)
        && gives(pair.after, value)
        && !pair.had(fact.statement)
        && !old.facts.iter().any(gave)
}

#[cfg(test)]
mod tests {
    use super::{equalities, inserted};

    #[test]
    fn both_sides_of_an_equality_are_read() {
        let sides = |test| equalities(test).into_iter().next();
        let two = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(sides("doc.owner === owner"), two("doc.owner", "owner"));
        assert_eq!(
            sides("order is None or order.user_id != current_user().id"),
            two("order.user_id", "current_user().id")
        );
        assert_eq!(sides("a.equals(b)"), two("a", "b"));
        assert_eq!(sides("count == 3"), None);
    }

    #[test]
    fn one_piece_is_found() {
        assert_eq!(inserted("a or b", "a or (b and c)"), Some(" and c"));
        assert_eq!(inserted("!check(x)", "y && !check(x)"), Some("y && "));
        assert_eq!(inserted("a or b", "a or b"), None);
        assert_eq!(inserted("a or b", "c"), None);
    }
}
