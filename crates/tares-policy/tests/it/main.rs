//! Tests of the policy room.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allow;
mod baseline;
mod config;
mod dependencies;
mod diff;
mod levels;
mod suppress;
mod verdict;

use tares_model::effect::{Asked, Concealment, Effect, EffectKind, LabelSet, Seen, Target};
use tares_model::finding::{Confidence, Family, Finding, Level, Severity};
use tares_model::{Place, RepoPath};
use tares_policy::Policy;

/// Returns a finding of `rule` in `src/a.py` on one line.
fn finding(rule: &str, level: Level, line: u32) -> Finding {
    Finding {
        rule: rule.to_owned(),
        family: Family::Weakness,
        cwe: Vec::new(),
        severity: Severity::Medium,
        confidence: Confidence::High,
        level,
        place: place(line),
        message: String::new(),
        why: String::new(),
        fix: String::new(),
        effect: None,
        related: Vec::new(),
        fingerprint: format!("{rule}-print"),
        suppressed: None,
    }
}

fn place(line: u32) -> Place {
    let path = RepoPath::from("src/a.py");
    Place {
        path,
        start_line: line,
        end_line: line,
        start_column: 1,
        end_column: 2,
    }
}

fn effect(kind: EffectKind, target: Target) -> Effect {
    Effect {
        kind,
        api: String::new(),
        target,
        data: LabelSet::EMPTY,
        roles: Vec::new(),
        guard: Vec::new(),
        concealment: Concealment::default(),
        stealth: Vec::new(),
        asked: Asked::default(),
        site: None,
        seen: Seen::default(),
        is_new: None,
    }
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, "tares.toml").unwrap_or_else(|error| panic!("{error}"))
}
