//! Ways around a check: an early yes, a yes after an error, a choice whose result is fixed, a
//! comparison of a part.

use super::fact::{Fact, Function, What};
use super::words::{control, decides, is_secret};
use super::{Control, Pair, callee};
use tares_model::Span;
use tares_model::effect::{Effect, EffectKind};

pub(super) fn find(pair: &Pair<'_>, found: &mut Vec<Effect>) {
    let function = pair.new;
    let guards = decides(&function.name) || function.facts.iter().any(|fact| refuses(pair, fact));
    for fact in &function.facts {
        match &fact.what {
            What::PartCompare { .. } if !pair.had(fact.span) && compares_secret(pair, fact) => {
                found.push(pair.effect(
                    EffectKind::Check,
                    "part",
                    pair.after.source(fact.span),
                    fact.span,
                ));
            }
            What::Fixed if !pair.had(fact.span) => {
                found.push(pair.effect(
                    EffectKind::Check,
                    "fixed",
                    pair.after.source(fact.span),
                    fact.span,
                ));
            }
            What::Return(_) | What::Raise if widened(pair, fact).is_some() => {
                let what = widened(pair, fact).unwrap_or_default();
                found.push(pair.effect(EffectKind::Check, "way", what, fact.statement));
            }
            _ if guards
                && grants(pair, fact)
                && (fact.in_handler || !fact.conditions.is_empty()) =>
            {
                found.extend(way(pair, fact));
            }
            _ => {}
        }
    }
}

/// Returns what opens where a decision of base lets more through: a yes that got an alternative
/// (`return check(x) || y`), a no that got one more condition (`if !check(x) && y`).
fn widened(pair: &Pair<'_>, fact: &Fact) -> Option<&'static str> {
    let (before, old) = (pair.before?, pair.old?);
    let (text, wide) = match &fact.what {
        What::Return(Some(value)) if fact.conditions.is_empty() => {
            (pair.after.source(*value), ["||", " or "])
        }
        _ if refuses(pair, fact) || decides(&pair.new.name) && says_no(pair, fact) => {
            (pair.after.source(*fact.conditions.last()?), ["&&", " and "])
        }
        _ => return None,
    };
    let mut earlier = old.facts.iter().filter_map(|other| match &other.what {
        What::Return(Some(value)) if fact.conditions.is_empty() => Some(before.source(*value)),
        What::Return(_) | What::Raise
            if before.source(other.span) == pair.after.source(fact.span) =>
        {
            Some(before.source(*other.conditions.last()?))
        }
        _ => None,
    });
    let bare = |text: &str| text.trim_matches(['(', ')', ' ']).to_owned();
    let added = earlier.find_map(|earlier| {
        let (earlier, text) = (bare(earlier), bare(text));
        let is_check = decides(&pair.new.name)
            || old.facts.iter().any(|other| {
                other.decides && callee(other).and_then(control) == Some(Control::Access)
            });
        let rest = text
            .strip_prefix(&earlier)
            .or_else(|| text.strip_suffix(&earlier))?;
        (is_check && !earlier.is_empty() && wide.iter().any(|word| rest.contains(word)))
            .then(|| rest.to_owned())
    })?;
    opener(added.trim_start_matches(['|', '&', ' ', ')']))
}

/// Whether a fact ends a function with a no.
fn says_no(pair: &Pair<'_>, fact: &Fact) -> bool {
    match &fact.what {
        What::Raise => true,
        What::Return(Some(value)) => is_refusal(pair.after.source(*value)),
        _ => false,
    }
}

/// Whether a comparison of a part is one of a secret. A text that begins with an allowed one is how
/// lists of prefixes are read, and a piece between two places how a parser looks at its tokens.
fn compares_secret(pair: &Pair<'_>, fact: &Fact) -> bool {
    let text = pair.after.source(fact.span);
    let begins = matches!(fact.what, What::PartCompare { begins: true });
    let words = super::words::parts(text);
    let places = [
        "start", "end", "offset", "cursor", "pos", "position", "index",
    ];
    let parses = words.iter().any(|word| places.contains(&word.as_str()));
    // Nobody compares in constant time what is no secret.
    let constant_time = [
        "compare_digest",
        "timingSafeEqual",
        "ConstantTimeCompare",
        "hmac.Equal",
    ]
    .iter()
    .any(|name| text.contains(name));
    !parses && (is_secret(text) || constant_time || !begins && decides(&pair.new.name))
}

/// Whether a fact says yes: true, the next step, what a login gives.
fn grants(pair: &Pair<'_>, fact: &Fact) -> bool {
    match &fact.what {
        What::Return(Some(value)) => {
            let text = pair.after.source(*value).trim();
            let refusing = is_refusal(text);
            let gives = text.contains("token")
                || text.contains("user")
                || text.contains("session")
                || text.starts_with('{');
            matches!(text, "true" | "True")
                || text == "next()"
                || hands_on(text)
                || (decides(&pair.new.name) && (!refusing && gives || is_yes(pair, text)))
        }
        What::Return(None) => {
            let last = pair.new.name.rsplit('.').next().unwrap_or("");
            let demands = ["require", "ensure", "assert", "check", "enforce", "verify"]
                .iter()
                .any(|word| last.starts_with(word));
            demands
                && pair
                    .new
                    .facts
                    .iter()
                    .any(|fact| matches!(fact.what, What::Raise))
        }
        What::Call { callee, .. } => {
            callee.ends_with("chain.doFilter")
                || callee.ends_with("Chain.doFilter")
                || callee.ends_with("next.ServeHTTP")
                || callee == "next"
                    && pair
                        .new
                        .params
                        .iter()
                        .any(|param| param.starts_with("next"))
                    && !pair.after.source(fact.span).contains("next(e")
        }
        What::Entry {
            literal: Some(value),
            ..
        } => {
            let key = fact.slot.to_lowercase();
            let is_right = [
                "role",
                "is_admin",
                "isadmin",
                "is_superuser",
                "authenticated",
            ]
            .contains(&key.as_str());
            is_right
                && matches!(
                    value.as_str(),
                    "admin" | "true" | "root" | "superuser" | "owner"
                )
        }
        _ => false,
    }
}

/// Whether a value is the answer of what comes behind a middleware.
fn hands_on(text: &str) -> bool {
    let text = text.strip_prefix("await ").unwrap_or(text);
    ["call_next(", "self.get_response(", "get_response("]
        .iter()
        .any(|call| text.starts_with(call))
}

/// Whether a value is what the function gives after a comparison that held (`return a == b ? null :
/// "no"`), or no error where it gives one otherwise.
fn is_yes(pair: &Pair<'_>, text: &str) -> bool {
    pair.new.facts.iter().any(|fact| match fact.what {
        What::Choice(then, _) => {
            let all = pair.after.source(fact.span);
            let test = all.split(['?']).next().unwrap_or("");
            let equal = test.contains("===") || test.contains(" == ") || test.contains("equals(");
            fact.decides && equal && pair.after.source(then) == text
        }
        What::Return(Some(value)) => {
            let other = pair.after.source(value);
            text == "nil" && (other.contains("errors.New(") || other.contains("fmt.Errorf("))
        }
        _ => false,
    })
}

pub(super) fn is_refusal(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = [
        "false",
        "null",
        "none",
        "undefined",
        "401",
        "403",
        "400",
        "404",
        "409",
        "422",
        "429",
        "503",
        "error",
        "redirect",
        "forbid",
        "unauthor",
        "err",
    ];
    lower.is_empty() || words.iter().any(|word| lower.contains(word))
}

/// Whether a fact refuses: an error, a no, a status.
fn refuses(pair: &Pair<'_>, fact: &Fact) -> bool {
    let text = pair.after.source(fact.span);
    let says = |text: &str| {
        [
            "401",
            "403",
            "429",
            "forbidden",
            "unauthorized",
            "Forbidden",
            "Unauthorized",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    match &fact.what {
        What::Raise | What::Return(_) => says(text),
        What::Call { callee, .. } => {
            let last = callee.rsplit('.').next().unwrap_or(callee);
            const ANSWERS: &[&str] = &[
                "abort",
                "sendStatus",
                "sendError",
                "setStatus",
                "AbortWithStatus",
                "AbortWithStatusJSON",
            ];
            (ANSWERS.contains(&last) || callee == "http.Error")
                && (says(text) || text.contains("TooManyRequests"))
        }
        _ => false,
    }
}

/// Returns the effect of an early or late yes, named by what opens it.
fn way(pair: &Pair<'_>, fact: &Fact) -> Option<Effect> {
    let test = fact.conditions.last().copied();
    let whole = test.map_or("", |test| pair.after.source(test));
    let is_old = if fact.in_handler {
        granted_before(pair, fact)
    } else {
        pair.had(fact.statement) && test.is_none_or(|test| pair.had(test))
    };
    if is_old || !is_guarded_later(pair, fact) {
        return None;
    }
    let what = if fact.in_handler && !(refused_before(pair.old) || failed_before(pair, fact)) {
        return None;
    } else if fact.in_handler {
        "a check that failed"
    } else {
        opener(whole)?
    };
    Some(pair.effect(EffectKind::Check, "way", what, fact.statement))
}

/// Whether base said the same yes in a handler.
fn granted_before(pair: &Pair<'_>, fact: &Fact) -> bool {
    let (Some(before), Some(old)) = (pair.before, pair.old) else {
        return false;
    };
    let text = pair.after.source(fact.span);
    let mut handlers = old.facts.iter().filter(|other| other.in_handler);
    handlers.any(|other| before.source(other.span) == text)
}

/// Whether base refused in a handler: then a yes there is new.
fn refused_before(old: Option<&Function>) -> bool {
    old.is_some_and(|old| {
        old.facts.iter().any(|fact| {
            fact.in_handler
                && matches!(fact.what, What::Raise | What::Return(_) | What::Call { .. })
        })
    })
}

/// Whether an error in a function that decides came out of it in base, and is a plain yes now.
fn failed_before(pair: &Pair<'_>, fact: &Fact) -> bool {
    let says_yes = match fact.what {
        What::Return(Some(value)) => matches!(pair.after.source(value), "true" | "True"),
        _ => false,
    };
    let handled = |old: &Function| old.facts.iter().any(|fact| fact.in_handler);
    says_yes && decides(&pair.new.name) && pair.old.is_some_and(|old| !handled(old))
}

/// Whether something stands in the function that the yes goes around.
fn is_guarded_later(pair: &Pair<'_>, fact: &Fact) -> bool {
    let (name, facts) = (&pair.new.name, &pair.new.facts);
    decides(name)
        || facts.iter().any(|other| {
            other.span.start > fact.span.start
                && (refuses(pair, other)
                    || callee(other).and_then(control) == Some(Control::Access))
        })
}

/// Returns what a condition opens for; `None` where it is an ordinary one.
pub(super) fn opener(test: &str) -> Option<&'static str> {
    let lower = test.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let negated = lower.starts_with("not ")
        || lower.starts_with('!')
        || has(&[
            "== \"\"",
            "=== ''",
            "== ''",
            "=== \"\"",
            "is none",
            "=== null",
            "== null",
            "=== undefined",
            ".length === 0",
            ".length == 0",
            ".length() == 0",
            ".isempty()",
            ".isblank()",
            "len(",
        ]) && !has(&[" > ", " < "]);
    let wanted = has(&[
        "require",
        "role",
        "permission",
        "scope",
        "rule",
        "needed",
        "public",
    ]);
    let valuable = has(&[
        "signature",
        "token",
        "password",
        "secret",
        "key",
        "hash",
        "digest",
        "hmac",
        "header",
        "environ",
        "process.env",
        "strict",
    ]);
    if super::written::literals(test).any(|text| looks_like_key(&text)) {
        return Some("a fixed value");
    }
    if has(&[
        "header", "query", "params", "cookie", "email", ".id", "username", "password", "host",
    ]) && has(&["==", "endswith", "startswith", "includes(", " in "])
        && super::written::literals(test).any(|text| is_odd(&text))
    {
        return Some("a fixed value");
    }
    if !negated
        && has(&[
            "datetime", "date(", "date.", "strftime", "time()", "gethours", "getdate", "getday",
            "weekday", "time.now", "now()",
        ])
    {
        return Some("the clock");
    }
    if negated && valuable && !wanted {
        return Some("an empty value");
    }
    let skipping = has(&[
        "skip",
        "bypass",
        "internal",
        "trusted",
        "maintenance",
        "override",
        "legacy",
    ]);
    if skipping && !negated {
        return Some("a way to skip it");
    }
    let ends = ["endswith(", "hassuffix("]
        .iter()
        .any(|word| lower.contains(word));
    if ends && !negated && has(&["path", "url", "uri"]) {
        return Some("an ending of the address");
    }
    let switched = has(&["flag", "remote", "policy", "config.get", "feature", "debug"]);
    (switched && !negated).then_some("a switch")
}

/// Texts with digits and letters, addresses, large numbers: nobody types them by chance.
fn looks_like_key(text: &str) -> bool {
    let (mut digit, mut letter) = (false, false);
    for c in text.chars() {
        digit |= c.is_ascii_digit();
        letter |= c.is_ascii_alphabetic();
    }
    let is_name = text.starts_with('/')
        || text.contains(' ')
        || text.starts_with("http")
        || text.to_ascii_lowercase().starts_with("x-");
    (text.len() >= 8 && digit && letter && !is_name) || (!letter && digit && text.len() >= 5)
}

/// Texts that name one person, one machine or one client.
fn is_odd(text: &str) -> bool {
    let is_method = text.chars().all(|c| c.is_ascii_uppercase());
    let is_header =
        text.to_ascii_lowercase().starts_with("x-") || text.eq_ignore_ascii_case("authorization");
    text.len() >= 4
        && !is_method
        && !is_header
        && !text.starts_with('/')
        && (text.contains('@') || text.contains('-') || text.chars().any(|c| c.is_ascii_digit()))
}

/// Returns the place of a fact cut to one statement.
pub(super) fn line_of(fact: &Fact) -> Span {
    fact.statement
}
