//! Money and mail that go another way by a small change: a cent taken off, another way to round,
//! one more receiver.

use super::fact::{Fact, Function, What};
use super::weaker::has_word;
use super::words::is_money;
use super::{Pair, callee};
use tares_model::effect::{Effect, EffectKind};

/// Ways to round, by which side they favour.
const FAIR: &[&str] = &["round", "half_up", "half_even", "half_down", "quantize"];
const DOWN: &[&str] = &["floor", "trunc", "round_down", "rounddown"];
const UP: &[&str] = &["ceil", "ceiling", "round_up", "roundup"];

pub(super) fn find(pair: &Pair<'_>, found: &mut Vec<Effect>) {
    for fact in &pair.new.facts {
        let said = match &fact.what {
            What::Nudged if is_money(pair.after.source(fact.span)) => {
                Some(("amount", pair.after.source(fact.span).to_owned()))
            }
            What::Text(text) => recipient(pair, fact, text).map(|to| ("recipient", to)),
            What::Call { callee, .. } => rounding(pair, fact, callee)
                .map(|way| ("rounding", way))
                .or_else(|| share(pair, fact, callee).map(|to| ("share", to))),
            _ => None,
        };
        let Some((api, target)) = said else { continue };
        if !pair.had(fact.span) {
            found.push(pair.effect(EffectKind::Check, api, &target, fact.span));
        }
    }
}

/// Calls that give somebody money.
const GIVES: &[&str] = &[
    "credit",
    "transfer",
    "deposit",
    "payout",
    "pay_out",
    "pay",
    "book",
    "addto",
    "addbalance",
    "increment",
    "update",
    "execute",
    "exec",
    "post",
    "move",
];

/// Returns the fixed account that gets a share of what somebody else gets: the function reckons the
/// share out of a sum and hands the rest to the one that it was given.
fn share(pair: &Pair<'_>, fact: &Fact, name: &str) -> Option<String> {
    pair.old?;
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    if !GIVES.contains(&last.as_str()) {
        return None;
    }
    let text = pair.after.source(fact.span);
    let account = arguments(text).find(|word| is_account(word))?;
    let reckoned = |other: &Fact| match other.what {
        What::Entry { value, .. } => {
            let value = pair.after.source(value);
            let is_share = [
                ".multiply(",
                ".remainder(",
                ".subtract(",
                ".mod(",
                " * ",
                " % ",
                " - ",
            ]
            .iter()
            .any(|operator| value.contains(operator));
            is_share && is_name(&other.slot) && has_word(text, &other.slot)
        }
        _ => false,
    };
    let others = pair.new.facts.iter().any(|other| {
        other.span != fact.span
            && callee(other) == Some(name)
            && !arguments(pair.after.source(other.span)).any(is_account)
    });
    (others && pair.new.facts.iter().any(reckoned))
        .then(|| account.trim_matches(['"', '\'']).to_owned())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Returns the arguments of a call as they are written.
fn arguments(call: &str) -> impl Iterator<Item = &str> {
    let inside = call.split_once('(').map_or("", |(_, rest)| rest);
    inside.trim_end_matches(')').split(',').map(str::trim)
}

/// Whether an argument is a fixed account: a text without blanks that has a digit or is written in
/// capitals, a large number, or a constant.
fn is_account(argument: &str) -> bool {
    let text = argument.trim_matches(['"', '\'']);
    let quoted = text.len() + 2 == argument.len();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let is_plain = text.len() >= 4 && text.chars().all(plain);
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let shouts = !text.contains(|c: char| c.is_lowercase()) && text.contains(char::is_uppercase);
    let number = text.chars().all(|c| c.is_ascii_digit());
    let is_fixed = if quoted { has_digit || shouts } else { shouts };
    is_plain && (is_fixed || number)
}

/// Returns how money is rounded now, where the function rounded fairly in base and no more.
fn rounding(pair: &Pair<'_>, fact: &Fact, name: &str) -> Option<String> {
    let before = side_of(pair.old?)?;
    let now = side_of_name(name)?;
    let money = is_money(&pair.new.name) || is_money(pair.after.source(fact.statement));
    let kept = side_of(pair.new)? == before;
    (money && !kept && now != before).then(|| format!("rounded by {name}"))
}

/// The first way to round in a function: -1 down, 0 fair, 1 up.
fn side_of(function: &Function) -> Option<i8> {
    function
        .facts
        .iter()
        .filter_map(callee)
        .find_map(side_of_name)
}

fn side_of_name(name: &str) -> Option<i8> {
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    if FAIR.contains(&last.as_str()) {
        Some(0)
    } else if DOWN.contains(&last.as_str()) {
        Some(-1)
    } else {
        UP.contains(&last.as_str()).then_some(1)
    }
}

/// Returns a fixed address that mail goes to, in a call or under a key that says so.
fn recipient(pair: &Pair<'_>, fact: &Fact, text: &str) -> Option<String> {
    pair.old.or(pair.before.and(Some(pair.new)))?;
    if !is_address(text) {
        return None;
    }
    let slot = fact.slot.to_lowercase();
    let keyed = [
        "to",
        "cc",
        "bcc",
        "recipient",
        "recipients",
        "to_addrs",
        "mail_to",
    ]
    .contains(&slot.as_str());
    let around =
        |other: &&Fact| other.span.start <= fact.span.start && fact.span.end <= other.span.end;
    let mut calls = pair.new.facts.iter().filter(around).filter_map(callee);
    let mails = calls.any(|name| {
        let last = name.rsplit('.').next().unwrap_or(name).to_lowercase();
        last.contains("mail")
            || matches!(
                last.as_str(),
                "addbcc" | "setbcc" | "addcc" | "setcc" | "addrecipient" | "send_message"
            )
    });
    (mails || (keyed && slot != "to")).then(|| text.to_owned())
}

/// Whether a text is one address of mail.
fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    !name.is_empty() && host.contains('.') && name.chars().all(plain) && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::{is_address, side_of_name};

    #[test]
    fn addresses_and_ways_to_round_are_known() {
        assert!(is_address("ops@mail.example") && !is_address("@Component") && !is_address("a@b"));
        assert_eq!(side_of_name("Math.round"), Some(0));
        assert_eq!(side_of_name("math.floor"), Some(-1));
        assert_eq!(side_of_name("Math.ceil"), Some(1));
        assert_eq!(side_of_name("Math.max"), None);
    }
}
