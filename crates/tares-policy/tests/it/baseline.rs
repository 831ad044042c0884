//! Baselines are multisets.

use crate::finding;
use proptest::prelude::*;
use tares_model::finding::Family;
use tares_model::{Finding, Level};
use tares_policy::Baseline;
use tares_policy::gate::UNUSED_BASELINE_ENTRY;

/// One finding for each letter; the same letter is the same flaw on another line.
fn findings(letters: &str) -> Vec<Finding> {
    letters
        .chars()
        .zip(1..)
        .map(|(letter, line)| finding(&letter.to_string(), Level::Review, line))
        .collect()
}

fn open(findings: &[Finding]) -> String {
    let mut open: Vec<char> = findings
        .iter()
        .filter(|f| f.suppressed.is_none())
        .flat_map(|f| f.rule.chars())
        .collect();
    open.sort_unstable();
    open.into_iter().collect()
}

#[test]
fn a_second_copy_is_new() {
    let baseline = Baseline::of(&findings("ab"));
    let mut now = findings("aab");
    assert!(baseline.apply(&mut now, "tares-baseline.json").is_empty());
    assert_eq!(open(&now), "a");
    assert_eq!(
        now[0].suppressed.as_deref(),
        Some("known in tares-baseline.json")
    );
}

#[test]
fn what_is_gone_is_reported() {
    let baseline = Baseline::of(&findings("aabc"));
    let left = baseline.apply(&mut findings("ab"), "b.json");
    let unused = left.unused("b.json");
    assert_eq!(unused.len(), 2);
    assert!(
        unused
            .iter()
            .all(|f| f.rule == UNUSED_BASELINE_ENTRY && f.level == Level::Note)
    );
    assert_eq!(
        unused[0].message,
        "baseline entry `a` a-print matches nothing (1 left over)"
    );
}

#[test]
fn suppressed_and_gate_findings_are_never_known() {
    let mut some = findings("abc");
    some[0].suppressed = Some("comment".to_owned());
    some[1].family = Family::Gate;
    let baseline = Baseline::of(&some);
    assert_eq!(
        baseline.entries().map(|e| e.rule).collect::<Vec<_>>(),
        ["c"]
    );
    let mut gate = findings("c");
    gate[0].family = Family::Gate;
    assert!(!baseline.apply(&mut gate, "b").is_empty());
    assert_eq!(open(&gate), "c");
}

#[test]
fn the_written_form_is_sorted_and_stable() {
    let baseline = Baseline::of(&findings("bab"));
    insta::assert_snapshot!(baseline.to_json(), @r#"
    {
      "schema": "tares/baseline/v1",
      "entries": [
        {"rule":"a","fingerprint":"a-print","count":1},
        {"rule":"b","fingerprint":"b-print","count":2}
      ]
    }
    "#);
    insta::assert_snapshot!(Baseline::default().to_json(), @r#"
    {
      "schema": "tares/baseline/v1",
      "entries": []
    }
    "#);
}

#[test]
fn bad_texts_are_refused_with_a_place() {
    let bad = [
        "",
        "[1, 2]",
        "{\n  \"schema\": \"tares/baseline/v1\",\n  \"entries\": [{\"rule\": 3}]\n}",
        "{\"schema\": \"tares/baseline/v9\", \"entries\": []}",
        "{\"schema\": \"tares/baseline/v1\", \"entries\": [{\"rule\": \"a\", \"fingerprint\": \"f\", \"count\": 0}]}",
        "{\"schema\": \"tares/baseline/v1\", \"entries\": [{\"rule\": \"a\", \"fingerprint\": \"f\", \"count\": -1}]}",
        "{\"schema\": \"é\u{202e}\", \"entries\": [}",
        &"[".repeat(100_000),
    ];
    let page: Vec<String> = bad
        .iter()
        .map(|text| {
            Baseline::parse(text, "tares-baseline.json")
                .unwrap_err()
                .to_string()
        })
        .collect();
    insta::assert_snapshot!("baseline_errors", page.join("\n\n"));
}

#[test]
fn equal_entries_add_up_as_a_merge_leaves_them() {
    let entry = "{\"rule\": \"a\", \"fingerprint\": \"a-print\", \"count\": 1}";
    let text = format!(
        "{{\"schema\": \"tares/baseline/v1\", \"later\": 1, \"entries\": [{entry}, {entry}]}}"
    );
    let baseline = Baseline::parse(&text, "b").unwrap();
    assert_eq!(baseline, Baseline::of(&findings("aa")));
}

/// What remains of `these` without `those`, as multisets.
fn minus(these: &str, those: &str) -> String {
    let mut left: Vec<char> = these.chars().collect();
    for c in those.chars() {
        if let Some(at) = left.iter().position(|l| *l == c) {
            left.remove(at);
        }
    }
    left.sort_unstable();
    left.into_iter().collect()
}

proptest! {
    #[test]
    fn writing_and_reading_is_nothing(letters in "[a-e]{0,12}") {
        let baseline = Baseline::of(&findings(&letters));
        prop_assert_eq!(Baseline::parse(&baseline.to_json(), "b").unwrap(), baseline);
    }

    #[test]
    fn apply_subtracts(known in "[a-e]{0,12}", now in "[a-e]{0,12}") {
        let baseline = Baseline::of(&findings(&known));
        let mut now_findings = findings(&now);
        let left = baseline.apply(&mut now_findings, "b");
        prop_assert_eq!(open(&now_findings), minus(&now, &known));
        prop_assert_eq!(left, Baseline::of(&findings(&minus(&known, &now))));
    }

    #[test]
    fn a_baseline_of_everything_leaves_nothing_and_twice_is_once(now in "[a-e]{0,12}") {
        let baseline = Baseline::of(&findings(&now));
        let mut once = findings(&now);
        prop_assert!(baseline.apply(&mut once, "b").is_empty());
        prop_assert_eq!(open(&once), "");
        let before = once.clone();
        prop_assert_eq!(baseline.apply(&mut once, "b"), baseline);
        prop_assert_eq!(once, before);
    }

    #[test]
    fn lines_do_not_matter(known in "[a-e]{0,8}", now in "[a-e]{0,8}", shift in 0u32..1000) {
        let baseline = Baseline::of(&findings(&known));
        let (mut plain, mut moved) = (findings(&now), findings(&now));
        for finding in &mut moved {
            finding.place.start_line += shift;
            finding.place.end_line += shift;
        }
        prop_assert_eq!(baseline.apply(&mut plain, "b"), baseline.apply(&mut moved, "b"));
        prop_assert_eq!(open(&plain), open(&moved));
    }

    #[test]
    fn any_text_gives_a_baseline_or_an_error(text in ".{0,200}") {
        drop(Baseline::parse(&text, "b"));
    }
}
