//! Suppression comments.

use crate::{finding, policy};
use proptest::prelude::*;
use tares_model::finding::{Family, Related};
use tares_model::{Finding, Level, RepoPath, Span};
use tares_policy::Policy;
use tares_policy::suppress::{self, Cover, File, Suppression};

/// Finds comments as a language would: `#` to the end of the line, and `/* … */`.
fn comments(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['#', '/']).map(|i| at + i) {
        let end = match text[start..].strip_prefix("/*") {
            Some(rest) => rest.find("*/").map_or(text.len(), |i| start + 2 + i + 2),
            None if text[start..].starts_with('#') => text[start..]
                .find(['\n', '\r'])
                .map_or(text.len(), |i| start + i),
            None => {
                at = start + 1;
                continue;
            }
        };
        spans.push(Span::new(start as u32, end as u32));
        at = end;
    }
    spans
}

fn collect_with(text: &str, statements: &[&str]) -> (Vec<Suppression>, Vec<Finding>) {
    let span_of = |part: &&str| {
        let start = text.find(part).unwrap();
        Span::new(start as u32, (start + part.len()) as u32)
    };
    let statements: Vec<Span> = statements.iter().map(span_of).collect();
    let path = RepoPath::from("src/a.py");
    suppress::collect(&File {
        path: &path,
        text,
        comments: &comments(text),
        statements: &statements,
    })
}

fn one(text: &str) -> Suppression {
    let (suppressions, findings) = collect_with(text, &[]);
    assert_eq!(findings, [], "{text}");
    assert_eq!(suppressions.len(), 1, "{text}");
    suppressions.into_iter().next().unwrap()
}

fn cover(text: &str) -> Cover {
    one(text).cover
}

/// Returns why the comment is refused.
fn refused(text: &str) -> String {
    let (suppressions, findings) = collect_with(text, &[]);
    assert_eq!(suppressions, [], "{text}");
    assert_eq!(findings.len(), 1, "{text}");
    assert_eq!(
        (findings[0].rule.as_str(), findings[0].level),
        ("suppression-without-reason", Level::Note)
    );
    findings[0].message.clone()
}

#[test]
fn words() {
    let parsed = one(
        "x  # tares: allow tls-check-off, exec-of-text -- the peer has no certificate -- yet\n",
    );
    assert_eq!(parsed.rules, ["tls-check-off", "exec-of-text"]);
    assert_eq!(parsed.reason, "the peer has no certificate -- yet");
    assert_eq!((parsed.place.start_line, parsed.place.start_column), (1, 6));
    assert_eq!(one("x /* tares: allow a -- why */").reason, "why");
    assert_eq!(one("x # noqa: S501 # tares: allow a -- why").rules, ["a"]);
    assert_eq!(one("#tares:allow a -- why\nx").rules, ["a"]);
}

#[test]
fn prose_is_no_suppression() {
    for text in [
        "# write tares: allow x -- y\nx",
        "# the tares: weeds\n",
        "x = 'tares: allow a -- b'\n",
        "# see `tares: allow`\n",
    ] {
        assert_eq!(collect_with(text, &[]), (vec![], vec![]), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_said() {
    let page: Vec<String> = [
        "x # tares: allow a",
        "x # tares: allow a --",
        "x # tares: allow a -- ",
        "x # tares: allow a -- ...",
        "x # tares: allow a because I say so",
        "x # tares: allow -- why",
        "x # tares: allow a, -- why",
        "x # tares: allow",
        "x # tares: ignore a -- why",
        "x # tares:",
        "x # tares: allow * -- why",
        "x # tares: allow A -- why",
        "x\n# tares: allow-file a -- why",
        "x # tares: allow-file a -- why",
    ]
    .iter()
    .map(|text| refused(text))
    .collect();
    insta::assert_snapshot!("refused", page.join("\n"));
}

#[test]
fn lines_covered() {
    assert_eq!(cover("a\nb # tares: allow r -- w\nc\n"), Cover::Lines(2, 2));
    assert_eq!(cover("a\n# tares: allow r -- w\nc\n"), Cover::Lines(3, 3));
    assert_eq!(
        cover("a\n# tares: allow r -- w\n\n# more\n\r\nc\n"),
        Cover::Lines(6, 6)
    );
    assert_eq!(
        cover("/* tares: allow r -- w\n more\n */\nc\n"),
        Cover::Lines(4, 4)
    );
    assert_eq!(
        cover("/* first\n * tares: allow r -- w\n */\nc\n"),
        Cover::Lines(4, 4)
    );
    assert_eq!(cover("/* tares: allow r -- w */ c\nd"), Cover::Lines(1, 1));
    assert_eq!(
        cover("a\n{/* tares: allow r -- w */}\nc\n"),
        Cover::Lines(3, 3)
    );
    assert_eq!(cover("a\n# tares: allow r -- w\n"), Cover::Nothing);
    assert_eq!(cover("# tares: allow r -- w\r\rc\r"), Cover::Lines(3, 3));
    assert_eq!(
        cover("#!/bin/x\n# tares: allow-file r -- w\nc\n"),
        Cover::File
    );
    assert_eq!(
        cover("\u{feff}# tares: allow-file r -- w\nc\n"),
        Cover::File
    );
}

#[test]
fn a_statement_is_covered_as_a_whole_but_a_block_is_not() {
    let text = "f(\n  1,\n  2) # tares: allow r -- w\n";
    assert_eq!(
        collect_with(text, &["f(\n  1,\n  2)"]).0[0].cover,
        Cover::Lines(1, 3)
    );
    let text = "# tares: allow r -- w\nf(\n  1,\n  2)\ng\n";
    assert_eq!(
        collect_with(text, &["f(\n  1,\n  2)", "g"]).0[0].cover,
        Cover::Lines(2, 4)
    );
    let text = "# tares: allow r -- w\nif x {\n  g\n  h\n}\n";
    assert_eq!(
        collect_with(text, &["if x {\n  g\n  h\n}", "g", "h"]).0[0].cover,
        Cover::Lines(2, 2)
    );
    let text = "if x { # tares: allow r -- w\n  g\n}\n";
    assert_eq!(
        collect_with(text, &["if x { # tares: allow r -- w\n  g\n}", "g"]).0[0].cover,
        Cover::Lines(1, 1)
    );
}

#[test]
fn too_many_are_refused() {
    let text = "x # tares: allow r -- w\n".repeat(1500);
    let (suppressions, findings) = collect_with(&text, &[]);
    assert_eq!((suppressions.len(), findings.len()), (1000, 1));
}

/// What the change adds.
enum Added {
    Nothing,
    Lines(&'static [u32]),
}

/// Applies the suppressions of a text and returns each finding's fate and the notes.
fn run(
    text: &str,
    findings: &mut [Finding],
    added: &Added,
    policy: &Policy,
) -> (Vec<bool>, Vec<String>) {
    let (suppressions, _) = collect_with(text, &[]);
    let is_added = |path: &RepoPath, line: u32| {
        assert_eq!(path.as_str(), "src/a.py");
        matches!(added, Added::Lines(lines) if lines.contains(&line))
    };
    let notes = suppress::apply(findings, &suppressions, &is_added, policy);
    assert!(
        notes
            .iter()
            .all(|note| note.level == Level::Note && note.family == Family::Gate)
    );
    (
        findings.iter().map(|f| f.suppressed.is_some()).collect(),
        notes.into_iter().map(|note| note.rule).collect(),
    )
}

const TEXT: &str = "a\n# tares: allow r -- why\nb\nc\n";

#[test]
fn a_suppression_of_the_base_counts() {
    let policy = Policy::standard();
    for level in [Level::Note, Level::Review, Level::Block] {
        let mut findings = [
            finding("r", level, 3),
            finding("r", level, 4),
            finding("other", level, 3),
        ];
        let (silenced, notes) = run(TEXT, &mut findings, &Added::Nothing, &policy);
        assert_eq!(silenced, [true, false, false], "{level}");
        assert_eq!(notes, [] as [&str; 0]);
        assert_eq!(findings[0].suppressed.as_deref(), Some("src/a.py:2: why"));
    }
}

#[test]
fn the_change_cannot_excuse_itself() {
    let lax = policy("suppressions.allow-in-change = true");
    let strict = Policy::standard();
    use Added::Lines;
    use Level::{Block, Review};
    // (what the change adds, policy, level, silenced, note)
    let table = [
        (Lines(&[3]), &strict, Review, true, None),
        (
            Lines(&[3]),
            &strict,
            Block,
            false,
            Some("suppression-refused"),
        ),
        (Lines(&[3]), &lax, Block, false, Some("suppression-refused")),
        (
            Lines(&[2]),
            &strict,
            Review,
            false,
            Some("suppression-refused"),
        ),
        (
            Lines(&[2]),
            &strict,
            Block,
            false,
            Some("suppression-refused"),
        ),
        (
            Lines(&[2]),
            &lax,
            Review,
            true,
            Some("suppression-in-change"),
        ),
        (Lines(&[2]), &lax, Block, false, Some("suppression-refused")),
        (
            Lines(&[2, 3]),
            &strict,
            Review,
            false,
            Some("suppression-refused"),
        ),
        (
            Lines(&[2, 3]),
            &lax,
            Review,
            true,
            Some("suppression-in-change"),
        ),
        (
            Lines(&[2, 3]),
            &lax,
            Block,
            false,
            Some("suppression-refused"),
        ),
        (Lines(&[1, 4]), &strict, Block, true, None),
    ];
    for (row, (added, policy, level, silenced, note)) in table.iter().enumerate() {
        let (fates, notes) = run(TEXT, &mut [finding("r", *level, 3)], added, policy);
        assert_eq!(fates, [*silenced], "row {row}");
        assert_eq!(
            notes.iter().map(String::as_str).collect::<Vec<_>>(),
            note.iter().copied().collect::<Vec<_>>(),
            "row {row}"
        );
    }
}

#[test]
fn evidence_in_added_lines_keeps_a_block_open() {
    let mut block = finding("r", Level::Block, 3);
    block.related.push(Related {
        place: crate::place(1),
        message: "source".to_owned(),
    });
    let (fates, notes) = run(TEXT, &mut [block], &Added::Lines(&[1]), &Policy::standard());
    assert_eq!(
        (fates, notes),
        (vec![false], vec!["suppression-refused".to_owned()])
    );
}

#[test]
fn opening_a_comment_around_old_words_is_adding_them() {
    let text = "/*\n * tares: allow r -- why\n */\nb\n";
    for line in [1, 3] {
        let added: &'static [u32] = if line == 1 { &[1] } else { &[3] };
        let (fates, _) = run(
            text,
            &mut [finding("r", Level::Review, 4)],
            &Added::Lines(added),
            &Policy::standard(),
        );
        assert_eq!(fates, [false], "line {line}");
    }
}

#[test]
fn a_file_suppression_never_covers_block() {
    let text = "# tares: allow-file r -- fixtures\na\nb\n";
    let mut findings = [
        finding("r", Level::Review, 2),
        finding("r", Level::Block, 3),
        finding("r", Level::Note, 3),
    ];
    let (fates, notes) = run(text, &mut findings, &Added::Nothing, &Policy::standard());
    assert_eq!(fates, [true, false, true]);
    assert_eq!(notes, ["suppression-refused"]);
}

#[test]
fn unused_rules_are_noted_one_by_one() {
    let text = "# tares: allow r, s, t -- why\na\n";
    let (fates, notes) = run(
        text,
        &mut [finding("s", Level::Review, 2)],
        &Added::Nothing,
        &Policy::standard(),
    );
    assert_eq!(
        (fates, notes),
        (vec![true], vec!["unused-suppression".to_owned(); 2])
    );
}

#[test]
fn other_files_and_the_gate_are_not_covered() {
    let mut elsewhere = finding("r", Level::Review, 3);
    elsewhere.place.path = RepoPath::from("src/b.py");
    let mut gate = finding("r", Level::Review, 3);
    gate.family = Family::Gate;
    let (fates, notes) = run(
        TEXT,
        &mut [elsewhere, gate],
        &Added::Nothing,
        &Policy::standard(),
    );
    assert_eq!(
        (fates, notes),
        (vec![false, false], vec!["unused-suppression".to_owned()])
    );
}

#[test]
fn an_open_finding_is_credited_once() {
    let text = "# tares: allow r -- first\nb # tares: allow r -- second\n";
    let mut findings = [finding("r", Level::Review, 2)];
    let (_, notes) = run(text, &mut findings, &Added::Nothing, &Policy::standard());
    assert_eq!(findings[0].suppressed.as_deref(), Some("src/a.py:1: first"));
    assert_eq!(notes, [] as [&str; 0]);
}

proptest! {
    /// Spans come from another room; even wrong ones must not do harm.
    #[test]
    fn any_text_and_any_spans(
        text in "(tares: allow r -- w|tares:|[ #\n\ré{}a]){0,20}",
        spans in proptest::collection::vec((0u32..80, 0u32..80), 0..6),
    ) {
        let spans: Vec<Span> = spans.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        let path = RepoPath::from("a");
        let file = File { path: &path, text: &text, comments: &spans, statements: &spans };
        let (suppressions, _) = suppress::collect(&file);
        suppress::apply(&mut [], &suppressions, &|_, _| false, &Policy::standard());
    }
}
