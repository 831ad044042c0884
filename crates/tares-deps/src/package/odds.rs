//! How likely a package that exists and is new here is a trap: log-odds from measured shares.
//!
//! Every term is printed, and so is what is unknown. The shares were measured on 1,096 real
//! additions (dates) and 9,611 malicious names (distribution); terms without data are small.
//! Looking alike is no term: its measured likelihood ratio is at most one.

use super::{Asked, Rules, notice};
use crate::notice::shown;
use tares_model::Notice;
use tares_model::fact::{Dates, PackageFacts, Release, Timestamp};
use tares_model::finding::Level;

/// Natural logarithm of the odds that a package which exists and is new here is a trap, before
/// anything else is known of it: 1 in 1,000.
const PRIOR: f64 = -6.9;

/// Posterior from which a person looks, and from which nobody would let it through.
const REVIEW: f64 = 0.05;
const BLOCK: f64 = 0.5;

const DAY: i64 = 86_400;

/// One known fact with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The fact, for people.
    pub fact: String,
    /// Natural logarithm of its likelihood ratio.
    pub weight: f64,
}

/// All that is known of one package, weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Odds {
    /// Known facts that weigh something.
    pub terms: Vec<Term>,
    /// Facts that are unknown and weigh nothing.
    pub unknown: Vec<&'static str>,
    /// Probability of a trap.
    pub posterior: f64,
}

/// Weighs what is known of a package that exists. Its time of look-up is "now".
pub fn odds(version: Option<&str>, facts: &PackageFacts, rules: &Rules) -> Odds {
    let mut odds = Odds {
        terms: Vec::new(),
        unknown: Vec::new(),
        posterior: 0.0,
    };
    odds.age(facts, rules);
    match facts.in_distribution {
        Some(true) => odds.add("a distribution of an operating system carries it", -6.1),
        Some(false) => {}
        None => odds.unknown.push("distributions of operating systems"),
    }
    let meant = version.or(facts.latest.as_deref());
    let release = meant
        .and_then(|version| facts.releases.iter().find(|r| r.version == version))
        .or(facts.releases.last());
    odds.release(facts, release);
    let sum: f64 = PRIOR + odds.terms.iter().map(|term| term.weight).sum::<f64>();
    odds.posterior = 1.0 / (1.0 + (-sum).exp());
    odds
}

impl Odds {
    fn add(&mut self, fact: impl Into<String>, weight: f64) {
        self.terms.push(Term {
            fact: fact.into(),
            weight,
        });
    }

    /// Age and number of releases say the same thing twice, so that only the heavier counts.
    fn age(&mut self, facts: &PackageFacts, rules: &Rules) {
        let now = facts.lookup.as_ref().map(|lookup| lookup.time);
        let age = facts.first_release().zip(now);
        let days = age.map(|(Timestamp(first), Timestamp(now))| (now - first).max(0) / DAY);
        let young = match days {
            None => {
                self.unknown.push(match &facts.dates {
                    Dates::Untrusted(_) => "age (its dates are not to be relied on)",
                    _ => "age",
                });
                None
            }
            Some(days) if days <= i64::from(rules.age_review_days) => Some((days, 4.0)),
            Some(days) if days <= 365 => Some((days, 3.0)),
            Some(_) => None,
        };
        let is_single = facts.releases.len() == 1;
        match young {
            Some((days, weight)) if weight >= 3.5 || !is_single => {
                self.add(format!("first release {days} days ago"), weight);
            }
            _ if is_single => self.add("one release only", 3.5),
            _ => {}
        }
    }

    fn release(&mut self, facts: &PackageFacts, release: Option<&Release>) {
        let Some(release) = release else {
            self.unknown.push("releases");
            return;
        };
        match release.attested {
            Some(true) => self.add("its origin is attested", -1.0),
            Some(false) if facts.releases.iter().any(|r| r.attested == Some(true)) => {
                self.add("an earlier release was attested, and this one is not", 2.0);
            }
            Some(false) => {}
            None => self.unknown.push("attestation"),
        }
        match release.runs_at_install {
            Some(true) => self.add("runs code when it is installed", 0.7),
            Some(false) => {}
            None => self.unknown.push("code at installation"),
        }
        match release.yanked {
            Some(true) => self.add("withdrawn", 0.7),
            Some(false) => {}
            None => self.unknown.push("withdrawal"),
        }
    }

    fn words(&self) -> String {
        let terms = self.terms.iter();
        let terms: Vec<String> = terms
            .map(|term| format!("{} ({:+.1})", term.fact, term.weight))
            .collect();
        let unknown = match self.unknown.as_slice() {
            [] => String::new(),
            list => format!("; unknown: {}", list.join(", ")),
        };
        format!("{}{unknown}", terms.join(", "))
    }
}

/// Judges by the posterior.
pub(super) fn judge(asked: &Asked<'_>, facts: &PackageFacts, rules: &Rules) -> Option<Notice> {
    let odds = odds(asked.version, facts, rules);
    let level = if odds.posterior >= BLOCK {
        Level::Block
    } else if odds.posterior >= REVIEW {
        Level::Review
    } else {
        return None;
    };
    Some(notice(
        "package-suspect",
        level,
        facts.name.ecosystem,
        asked.name,
        format!(
            "is a trap with a probability of {:.0} %: {}",
            odds.posterior * 100.0,
            shown(&odds.words(), 400)
        ),
    ))
}
