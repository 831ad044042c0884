//! Money and mail that go another way by a small change: a cent taken off, another way to round,
//! one more receiver.

use super::outline::{Fact, Function, What};
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
            What::Call { callee, .. } => rounding(pair, fact, callee).map(|way| ("rounding", way)),
            _ => None,
        };
        let Some((api, target)) = said else { continue };
        if !pair.had(fact.span) {
            found.push(pair.effect(EffectKind::Check, api, &target, fact.span));
        }
    }
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
