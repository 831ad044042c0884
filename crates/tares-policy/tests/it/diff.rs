//! What head changes in the policy.

use crate::policy;
use tares_model::Level;
use tares_policy::Policy;
use tares_policy::config::Direction::{self, Loosened, Tightened, Unclear};
use tares_policy::gate::{POLICY_LOOSENED, POLICY_TIGHTENED};

fn changes(base: &str, head: &str) -> Vec<(Direction, String, String)> {
    Policy::diff(&policy(base), &policy(head))
        .into_iter()
        .map(|c| (c.direction, c.key, c.words))
        .collect()
}

/// Checks one change there and its counterpart back.
fn check(base: &str, head: &str, key: &str, words: &str) {
    assert_eq!(
        changes(base, head),
        [(Loosened, key.to_owned(), words.to_owned())],
        "{base} -> {head}"
    );
    let back = changes(head, base);
    assert_eq!(back.len(), 1, "{head} -> {base}");
    assert_eq!(
        (back[0].0, back[0].1.as_str()),
        (Tightened, key),
        "{head} -> {base}"
    );
}

#[test]
fn each_setting_has_a_direction() {
    let entry = "[[allow]]\neffect = 'network'\ntarget = 'a.test'\nreason = 'r'\n";
    check(
        "",
        "exclude = ['a/**']",
        "exclude",
        "no longer judges `a/**`",
    );
    check(
        "policy.fail-on = 'review'",
        "",
        "policy.fail-on",
        "fails from `block` on, not from `review`",
    );
    check(
        "policy.profile = 'strict'",
        "",
        "policy.fail-on",
        "fails from `block` on, not from `review`",
    );
    check(
        "",
        "suppressions.allow-in-change = true",
        "suppressions.allow-in-change",
        "lets a change suppress findings about itself",
    );
    check(
        "",
        "limits.max-file-size = 1024",
        "limits.max-file-size",
        "judges files up to 1024 bytes, not 4194304",
    );
    check(
        "",
        entry,
        "allow",
        "allows network `a.test` (its reason: `r`)",
    );
    check(
        "",
        "rules.x = 'off'",
        "rules.x",
        "sets `x` to off, not each finding's own level",
    );
    check(
        "rules.x = 'block'",
        "rules.x = 'review'",
        "rules.x",
        "sets `x` to review, not block",
    );
    check(
        "rules.x = 'block'",
        "",
        "rules.x",
        "sets `x` to each finding's own level, not block",
    );
    check(
        "",
        "rules.'x-*' = 'note'",
        "rules.x-*",
        "sets `x-*` to note, not each finding's own level",
    );
}

#[test]
fn a_level_in_the_middle_is_unclear() {
    let there = changes("", "rules.x = 'review'");
    assert_eq!((there[0].0, there.len()), (Unclear, 1));
    assert_eq!(changes("rules.x = 'review'", "")[0].0, Unclear);
}

#[test]
fn a_removed_line_counts_with_the_pattern_behind_it() {
    let there = changes(
        "rules = { '*' = 'off', x = 'block' }",
        "rules = { '*' = 'off' }",
    );
    assert_eq!(
        there,
        [(
            Loosened,
            "rules.x".to_owned(),
            "sets `x` to off, not block".to_owned()
        )]
    );
}

#[test]
fn another_baseline_is_unclear_and_none_is_tighter() {
    assert_eq!(changes("", "baseline.file = 'b'")[0].0, Unclear);
    assert_eq!(
        changes("baseline.file = 'b'", "baseline.file = 'c'")[0].0,
        Unclear
    );
    assert_eq!(changes("baseline.file = 'b'", "")[0].0, Tightened);
}

#[test]
fn another_folder_of_models_is_unclear() {
    let (one, other) = ("models = 'a'", "models = 'b'");
    for (base, head) in [("", one), (one, other), (one, "")] {
        let there = changes(base, head);
        assert_eq!(
            (there[0].0, there[0].1.as_str(), there.len()),
            (Unclear, "models", 1)
        );
    }
    assert_eq!(changes(one, "models = 'a/'"), []);
    assert_ne!(policy(one), policy(other));
}

#[test]
fn order_reasons_and_comments_are_no_change() {
    let base = "exclude = ['a', 'b']\n[rules]\nx = 'off'\ny = 'note'\n";
    let head = "# hello\nexclude = ['b', 'a']\n[rules]\ny = 'note'\nx = 'off'\n";
    assert_eq!(changes(base, head), []);
    let entry =
        |reason: &str| format!("[[allow]]\neffect = 'sql'\ntarget = 't'\nreason = '{reason}'\n");
    assert_eq!(changes(&entry("a"), &entry("b")), []);
}

#[test]
fn a_wider_path_is_both() {
    let entry =
        |path: &str| format!("[[allow]]\neffect = 'sql'\ntarget = 't'\npaths = ['{path}']\n");
    let directions: Vec<_> = changes(&entry("a/*"), &entry("**"))
        .into_iter()
        .map(|c| c.0)
        .collect();
    assert_eq!(directions, [Loosened, Tightened]);
}

#[test]
fn findings_point_into_head() {
    let base = policy("policy.fail-on = 'block'");
    let head = policy("policy.fail-on = 'review'\n\n[rules]\ny = 'block'\nx = 'off'\n");
    let findings = Policy::diff_findings(&base, &head);
    let seen: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.as_str(), f.level, f.place.start_line))
        .collect();
    assert_eq!(
        seen,
        [
            (POLICY_TIGHTENED, Level::Note, 1),
            (POLICY_LOOSENED, Level::Review, 5),
            (POLICY_TIGHTENED, Level::Note, 4),
        ]
    );
    assert_eq!(Policy::diff_findings(&head, &head), []);
}

#[test]
fn a_head_that_cannot_be_read_is_a_finding() {
    let error = Policy::parse("\nexclude = 3\n", "tares.toml").unwrap_err();
    let finding = tares_policy::gate::policy_unreadable(&error);
    assert_eq!(
        (finding.rule.as_str(), finding.level),
        ("policy-unreadable", Level::Review)
    );
    assert_eq!(
        (finding.place.start_line, finding.place.start_column),
        (2, 11)
    );
}

#[test]
fn gate_rules_are_sorted_and_kebab_case() {
    use tares_policy::gate::RULES;
    assert!(RULES.is_sorted());
    assert!(
        RULES
            .iter()
            .all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    );
}
