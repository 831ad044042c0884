//! The verdict and the exit code.

use tares_model::message::{Requirement, Unchecked};
use tares_model::{ExitCode, Finding, Level, Verdict};

/// What was judged, as the verdict needs it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Findings with their final levels; suppressed ones count only as suppressed.
    pub findings: &'a [Finding],
    /// What should have been judged and was not.
    pub unchecked: &'a [Unchecked],
    /// Which lines need which eyes.
    pub requirements: &'a [Requirement],
    /// Files that were judged.
    pub files: usize,
    /// Files with nothing to judge: images, data, excluded paths.
    pub not_judged: usize,
}

/// The end of a run in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict, or `None` where there was nothing to check: that is no pass.
    pub verdict: Option<Verdict>,
    /// How the program ends.
    pub exit: ExitCode,
    /// Unsuppressed findings at block.
    pub block: usize,
    /// Unsuppressed findings at review.
    pub review: usize,
    /// Unsuppressed findings at note.
    pub note: usize,
    /// Suppressed findings.
    pub suppressed: usize,
}

/// Decides the verdict and the exit code. `fail_on` is the lowest level that fails.
///
/// Something unchecked counts as a finding at review even where the policy silences the
/// finding that says so. A change with nothing but images is not "nothing to check".
pub fn decide(judged: &Judged<'_>, fail_on: Level) -> Outcome {
    let count = |level| {
        judged
            .findings
            .iter()
            .filter(|f| f.suppressed.is_none() && f.level == level)
            .count()
    };
    let (block, review, note) = (
        count(Level::Block),
        count(Level::Review),
        count(Level::Note),
    );
    let suppressed = judged.findings.len() - block - review - note;
    let verdict = verdict(judged, block, review);
    let partial = !judged.unchecked.is_empty();
    let exit = match verdict {
        None => ExitCode::Nothing,
        Some(Verdict::Block) => ExitCode::Block,
        Some(Verdict::Review) if fail_on <= Level::Review => ExitCode::Block,
        Some(Verdict::Review) if partial => ExitCode::Partial,
        Some(Verdict::Review | Verdict::Pass) => ExitCode::Ok,
    };
    Outcome {
        verdict,
        exit,
        block,
        review,
        note,
        suppressed,
    }
}

fn verdict(judged: &Judged<'_>, block: usize, review: usize) -> Option<Verdict> {
    let looks_needed =
        review > 0 || !judged.requirements.is_empty() || !judged.unchecked.is_empty();
    let anything = judged.files > 0 || judged.not_judged > 0 || !judged.findings.is_empty();
    if block > 0 {
        Some(Verdict::Block)
    } else if looks_needed {
        Some(Verdict::Review)
    } else {
        anything.then_some(Verdict::Pass)
    }
}
