//! Hosts in the place of other hosts.

use super::fact::{Fact, Function, What};
use super::{Pair, Side};
use tares_model::effect::{Effect, EffectKind};

pub(super) fn find(pair: &Pair<'_>, before: &Side<'_>, old: &Function, found: &mut Vec<Effect>) {
    for fact in &pair.new.facts {
        let Some(new) = host_of(fact) else { continue };
        if fact.slot.is_empty() || knows(before, new) {
            continue;
        }
        let was = old
            .facts
            .iter()
            .filter(|other| other.slot == fact.slot)
            .find_map(host_of);
        let Some(was) = was.filter(|was| {
            !pair
                .new
                .facts
                .iter()
                .any(|other| host_of(other) == Some(was) && other.slot == fact.slot)
        }) else {
            continue;
        };
        let api = if is_alike(was, new) {
            "host.alike"
        } else {
            "host.other"
        };
        found.push(pair.effect(EffectKind::Network, api, new, fact.span));
    }
}

/// Whether base names the host anywhere.
fn knows(before: &Side<'_>, host: &str) -> bool {
    before.text.contains(host)
}

fn host_of(fact: &Fact) -> Option<&str> {
    let What::Text(text) = &fact.what else {
        return None;
    };
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(
        scheme,
        "http" | "https" | "ws" | "wss" | "ftp" | "amqp" | "redis" | "postgres"
    ) {
        return None;
    }
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.rsplit('@').next()?;
    (host.contains('.') && !host.contains(['$', '{', '%', '<'])).then_some(host)
}

/// Whether a host is made to be taken for another: nearly the same letters, the other's name
/// inside of it, or letters of another script.
fn is_alike(was: &str, new: &str) -> bool {
    let owner = |host: &str| {
        let labels: Vec<String> = host
            .split('.')
            .rev()
            .skip(1)
            .take(1)
            .map(str::to_lowercase)
            .collect();
        labels.into_iter().next().unwrap_or_default()
    };
    let (old, now) = (owner(was), owner(new));
    if new.starts_with("xn--") || new.contains(".xn--") {
        return true;
    }
    if old == now || old.len() < 3 {
        return old == now && was.rsplit('.').next() != new.rsplit('.').next();
    }
    new.contains(&old) || distance(&old, &now) <= 2
}

/// Returns the number of letters to change, add or take away.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::is_alike;

    #[test]
    fn hosts_that_play_others_are_alike() {
        assert!(is_alike("payments.shop.example", "payments.sh0p.example"));
        assert!(is_alike(
            "api.carrier.example",
            "api.carrier.example.labels.test"
        ));
        assert!(!is_alike(
            "files.acme.example",
            "storage.other-cloud.example"
        ));
        assert!(!is_alike("files.acme.example", "files2.acme.example"));
    }
}
