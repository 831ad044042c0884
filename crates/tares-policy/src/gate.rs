//! Findings about the check itself: what was not checked, and what would disarm the gate.

use crate::config::ConfigError;
use tares_model::finding::{Confidence, Family, Finding, Severity};
use tares_model::message::Unchecked;
use tares_model::{Level, Place, RepoPath};

/// Something in a change should have been judged and was not.
pub const UNCHECKED_CODE: &str = "unchecked-code";
/// The change makes the policy laxer, or changes it in a way whose effect is not clear.
pub const POLICY_LOOSENED: &str = "policy-loosened";
/// The change makes the policy stricter.
pub const POLICY_TIGHTENED: &str = "policy-tightened";
/// The change leaves a policy that cannot be read.
pub const POLICY_UNREADABLE: &str = "policy-unreadable";
/// An `[[allow]]` entry matched nothing.
pub const UNUSED_ALLOW: &str = "unused-allow";
/// A suppression comment matched nothing.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";
/// A suppression comment without a reason, or one that is not understood.
pub const SUPPRESSION_WITHOUT_REASON: &str = "suppression-without-reason";
/// A suppression comment that does not count here.
pub const SUPPRESSION_REFUSED: &str = "suppression-refused";
/// A suppression comment that came with the change and counts, because policy allows it.
pub const SUPPRESSION_IN_CHANGE: &str = "suppression-in-change";
/// A baseline entry matched nothing.
pub const UNUSED_BASELINE_ENTRY: &str = "unused-baseline-entry";

/// The ids of all rules of this crate, sorted.
pub const RULES: &[&str] = &[
    POLICY_LOOSENED,
    POLICY_TIGHTENED,
    POLICY_UNREADABLE,
    SUPPRESSION_IN_CHANGE,
    SUPPRESSION_REFUSED,
    SUPPRESSION_WITHOUT_REASON,
    UNCHECKED_CODE,
    UNUSED_ALLOW,
    UNUSED_BASELINE_ENTRY,
    UNUSED_SUPPRESSION,
];

/// Returns the `review` finding for something unchecked.
pub fn unchecked_code(unchecked: &Unchecked) -> Finding {
    let (first, last) = unchecked.lines.unwrap_or((1, 1));
    let place = lines(&unchecked.path, first, last);
    finding(
        UNCHECKED_CODE,
        Level::Review,
        place,
        &unchecked.reason,
        format!("not checked: {}", unchecked.reason),
    )
}

/// Returns the `review` finding for a policy that the change leaves unreadable.
pub fn policy_unreadable(error: &ConfigError) -> Finding {
    let message = format!("the policy cannot be read any more: {}", error.message);
    finding(
        POLICY_UNREADABLE,
        Level::Review,
        error.place(),
        &error.message,
        message,
    )
}

/// Returns the place of whole lines.
pub(crate) fn lines(path: &RepoPath, first: u32, last: u32) -> Place {
    Place {
        path: path.clone(),
        start_line: first,
        end_line: last.max(first),
        start_column: 1,
        end_column: 1,
    }
}

/// Returns a finding of one of [`RULES`]. `subject` is its identity within the file: content,
/// never a line number.
pub(crate) fn finding(
    rule: &str,
    level: Level,
    place: Place,
    subject: &str,
    message: String,
) -> Finding {
    let (why, fix) = words(rule);
    let mut hasher = blake3::Hasher::new();
    for part in [rule.as_bytes(), place.path.as_bytes(), subject.as_bytes()] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Finding {
        rule: rule.to_owned(),
        family: Family::Gate,
        cwe: Vec::new(),
        severity: if level == Level::Note {
            Severity::Low
        } else {
            Severity::Medium
        },
        confidence: Confidence::High,
        level,
        place,
        message,
        why: why.to_owned(),
        fix: fix.to_owned(),
        effect: None,
        related: Vec::new(),
        fingerprint: hasher.finalize().to_hex()[..32].to_owned(),
        suppressed: None,
    }
}

/// Why a rule matters and what to do.
fn words(rule: &str) -> (&'static str, &'static str) {
    match rule {
        UNCHECKED_CODE => (
            "nothing is known about this code, and a change can hide in what a check cannot read",
            "read these lines, or make them readable to the check: split large files, mend the syntax, raise `max-file-size`",
        ),
        POLICY_LOOSENED => (
            "once merged, later changes are judged by the laxer policy",
            "have someone who owns the policy agree, in a change of its own",
        ),
        POLICY_TIGHTENED => (
            "once merged, later changes are judged by the stricter policy",
            "nothing, if it is meant",
        ),
        POLICY_UNREADABLE => (
            "once merged, no check can run with this policy",
            "mend the file; `tares init` writes one that works",
        ),
        UNUSED_ALLOW => (
            "an entry that allows nothing today allows something tomorrow without a review",
            "remove the entry, or correct its effect, target or paths",
        ),
        UNUSED_SUPPRESSION => (
            "a suppression that silences nothing today silences something tomorrow without a review",
            "remove the comment, or correct the rule id",
        ),
        SUPPRESSION_WITHOUT_REASON => (
            "a suppression counts only if it says why",
            "write `tares: allow RULE -- reason`, or `tares: allow-file RULE -- reason` above the first line of code",
        ),
        SUPPRESSION_REFUSED => (
            "the change that is judged cannot excuse itself",
            "change the code, or add the suppression in a change of its own that a person agrees to",
        ),
        SUPPRESSION_IN_CHANGE => (
            "the change silences a finding about itself; the policy allows that",
            "read the reason and the lines it covers",
        ),
        _ => (
            "an entry that covers nothing today covers something tomorrow without a review",
            "write the baseline again",
        ),
    }
}
