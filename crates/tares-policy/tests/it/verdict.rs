//! The table of verdicts and exit codes, cell by cell.

use crate::{finding, place};
use tares_model::ExitCode::{self, Block, Nothing, Ok, Partial};
use tares_model::message::{Requirement, Unchecked};
use tares_model::{Finding, Level, RepoPath, Verdict};
use tares_policy::verdict::{Judged, Outcome, decide};

/// One row: what there is, the verdict, the exit code at `fail-on = "block"`, then at `"review"`.
struct Row {
    what: &'static str,
    levels: &'static [Level],
    suppressed: &'static [Level],
    unchecked: bool,
    requirement: bool,
    files: usize,
    not_judged: usize,
    verdict: Option<Verdict>,
    exit: (ExitCode, ExitCode),
}

const EMPTY: Row = Row {
    what: "",
    levels: &[],
    suppressed: &[],
    unchecked: false,
    requirement: false,
    files: 1,
    not_judged: 0,
    verdict: Some(Verdict::Pass),
    exit: (Ok, Ok),
};

use Level::{Block as B, Note as N, Review as R};
const BLOCK: Option<Verdict> = Some(Verdict::Block);
const REVIEW: Option<Verdict> = Some(Verdict::Review);

const TABLE: &[Row] = &[
    Row {
        what: "clean",
        ..EMPTY
    },
    Row {
        what: "notes only",
        levels: &[N, N],
        ..EMPTY
    },
    Row {
        what: "block",
        levels: &[B],
        verdict: BLOCK,
        exit: (Block, Block),
        ..EMPTY
    },
    Row {
        what: "block among others",
        levels: &[N, R, B, R],
        verdict: BLOCK,
        exit: (Block, Block),
        ..EMPTY
    },
    Row {
        what: "block and unchecked: 1 wins",
        levels: &[B, R],
        unchecked: true,
        verdict: BLOCK,
        exit: (Block, Block),
        ..EMPTY
    },
    Row {
        what: "review",
        levels: &[R],
        verdict: REVIEW,
        exit: (Ok, Block),
        ..EMPTY
    },
    Row {
        what: "requirement",
        requirement: true,
        verdict: REVIEW,
        exit: (Ok, Block),
        ..EMPTY
    },
    Row {
        what: "unchecked",
        levels: &[R],
        unchecked: true,
        verdict: REVIEW,
        exit: (Partial, Block),
        ..EMPTY
    },
    Row {
        what: "unchecked, its finding silenced",
        unchecked: true,
        verdict: REVIEW,
        exit: (Partial, Block),
        ..EMPTY
    },
    Row {
        what: "unchecked and nothing else",
        unchecked: true,
        files: 0,
        verdict: REVIEW,
        exit: (Partial, Block),
        ..EMPTY
    },
    Row {
        what: "only images",
        files: 0,
        not_judged: 3,
        ..EMPTY
    },
    Row {
        what: "nothing",
        files: 0,
        verdict: None,
        exit: (Nothing, Nothing),
        ..EMPTY
    },
    Row {
        what: "suppressed block",
        suppressed: &[B],
        ..EMPTY
    },
    Row {
        what: "suppressed review and unchecked",
        suppressed: &[R],
        unchecked: true,
        verdict: REVIEW,
        exit: (Partial, Block),
        ..EMPTY
    },
];

fn outcome(row: &Row, fail_on: Level) -> Outcome {
    let mut findings: Vec<Finding> = row
        .levels
        .iter()
        .map(|&level| finding("r", level, 1))
        .collect();
    findings.extend(row.suppressed.iter().map(|&level| Finding {
        suppressed: Some("why".to_owned()),
        ..finding("r", level, 1)
    }));
    let unchecked = Unchecked {
        path: RepoPath::from("a"),
        lines: None,
        reason: "too large".to_owned(),
    };
    let requirement = Requirement {
        who: "a person".to_owned(),
        place: place(1),
        why: String::new(),
    };
    let judged = Judged {
        findings: &findings,
        unchecked: if row.unchecked {
            std::slice::from_ref(&unchecked)
        } else {
            &[]
        },
        requirements: if row.requirement {
            std::slice::from_ref(&requirement)
        } else {
            &[]
        },
        files: row.files,
        not_judged: row.not_judged,
    };
    decide(&judged, fail_on)
}

#[test]
fn table_holds_in_every_cell() {
    for row in TABLE {
        let (lenient, strict) = (outcome(row, Level::Block), outcome(row, Level::Review));
        assert_eq!(
            (lenient.verdict, strict.verdict),
            (row.verdict, row.verdict),
            "verdict of {}",
            row.what
        );
        assert_eq!(
            (lenient.exit, strict.exit),
            row.exit,
            "exit of {}",
            row.what
        );
        let count = |level| row.levels.iter().filter(|l| **l == level).count();
        assert_eq!(
            (lenient.block, lenient.review, lenient.note),
            (count(B), count(R), count(N)),
            "{}",
            row.what
        );
        assert_eq!(lenient.suppressed, row.suppressed.len(), "{}", row.what);
    }
}

#[test]
fn unchecked_code_is_a_review_finding() {
    let reason = "larger than 4 MiB".to_owned();
    let unchecked = Unchecked {
        path: RepoPath::from("big.py"),
        lines: Some((3, 9)),
        reason,
    };
    let finding = tares_policy::gate::unchecked_code(&unchecked);
    assert_eq!(
        (finding.rule.as_str(), finding.level),
        ("unchecked-code", Level::Review)
    );
    assert_eq!((finding.place.start_line, finding.place.end_line), (3, 9));
    assert!(finding.message.contains("larger than 4 MiB"));
}
