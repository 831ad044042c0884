//! The end of a run: verdict and summary.

use crate::counts::Counts;
use crate::{Options, Outcome};
use tares_model::message::{Message, Requirement, Summary, Unchecked};
use tares_model::{Finding, Verdict};
use tares_policy::Outcome as Decided;
use tares_policy::verdict::{Judged, decide};

/// Asks the policy for the verdict.
pub(crate) fn decided(
    findings: &[Finding],
    counts: &Counts,
    requirements: &[Requirement],
    options: &Options,
) -> Decided {
    let judged = Judged {
        findings,
        unchecked: &counts.unchecked,
        requirements,
        // A document that was looked over is something that was checked.
        files: counts.files.max(counts.texts),
        not_judged: counts.not_judged.values().sum(),
    };
    decide(&judged, options.fail_on.min(options.policy.fail_on))
}

/// Says what was not checked, and ends the run.
pub(crate) fn finish(
    mut counts: Counts,
    known: usize,
    decided: &Decided,
    sink: &mut dyn FnMut(Message),
) -> Outcome {
    counts.unchecked.sort_by(|one, other| {
        (&one.path, one.lines, &one.reason).cmp(&(&other.path, other.lines, &other.reason))
    });
    let unchecked: Vec<Unchecked> = counts.unchecked;
    unchecked
        .iter()
        .for_each(|unchecked| sink(Message::Unchecked(unchecked.clone())));
    sink(Message::Summary(Summary {
        files: counts.files,
        lines: counts.lines,
        texts: counts.texts,
        block: decided.block,
        review: decided.review,
        note: decided.note,
        suppressed: decided.suppressed,
        known,
        // Nothing to check is no pass; the exit code says it exactly.
        verdict: decided.verdict.unwrap_or(Verdict::Review),
        unchecked,
        not_judged: counts.not_judged,
        limits: limits(counts.callers_left_out, counts.not_known),
        languages: counts.languages,
    }));
    Outcome {
        verdict: decided.verdict,
        exit: decided.exit,
    }
}

fn limits(callers_left_out: usize, not_known: Option<String>) -> Vec<String> {
    let mut limits = LIMITS.map(str::to_owned).to_vec();
    if callers_left_out > 0 {
        limits.push(format!(
            "{callers_left_out} more files that import what changed: only the nearest were looked at again"
        ));
    }
    limits.extend(not_known);
    limits
}

/// What no static look can see, as the summary lists it.
const LIMITS: [&str; 3] = [
    "values that come from configuration, the environment, the network or a database",
    "what native code and installed packages do inside",
    "whether the result is what was wanted",
];
