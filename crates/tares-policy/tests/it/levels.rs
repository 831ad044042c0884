//! Levels of rules.

use crate::{finding, policy};
use tares_model::Level;
use tares_policy::{Policy, Setting};

#[test]
fn the_more_specific_line_wins_whatever_the_order() {
    let lines = [
        "\"*\" = \"note\"",
        "\"capability-*\" = \"review\"",
        "\"capability-n*\" = \"off\"",
        "capability-net = \"block\"",
    ];
    for turn in 0..lines.len() {
        let mut turned = lines;
        turned.rotate_left(turn);
        let policy = policy(&format!("[rules]\n{}\n", turned.join("\n")));
        assert_eq!(
            policy.setting("tls-check-off"),
            Some(Setting::At(Level::Note))
        );
        assert_eq!(
            policy.setting("capability-process"),
            Some(Setting::At(Level::Review))
        );
        assert_eq!(policy.setting("capability-native"), Some(Setting::Off));
        assert_eq!(
            policy.setting("capability-net"),
            Some(Setting::At(Level::Block))
        );
    }
}

#[test]
fn of_equal_patterns_the_stricter_wins() {
    let policy = policy("[rules]\n\"ab*\" = \"off\"\n\"*bc\" = \"review\"\n\"a*b*\" = \"note\"");
    assert_eq!(policy.setting("abc"), Some(Setting::At(Level::Review)));
}

#[test]
fn findings_change_level_or_go() {
    let policy = policy("[rules]\na = \"off\"\nb = \"block\"\nc = \"note\"");
    let all = ["a", "b", "c", "d", "a"];
    let mut findings: Vec<_> = all
        .iter()
        .map(|rule| finding(rule, Level::Review, 1))
        .collect();
    assert_eq!(policy.set_levels(&mut findings), 2);
    let left: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.as_str(), f.level))
        .collect();
    assert_eq!(
        left,
        [
            ("b", Level::Block),
            ("c", Level::Note),
            ("d", Level::Review)
        ]
    );
}

#[test]
fn the_standard_policy_changes_nothing() {
    let mut findings = vec![finding("a", Level::Note, 1), finding("b", Level::Block, 2)];
    let before = findings.clone();
    assert_eq!(Policy::standard().set_levels(&mut findings), 0);
    assert_eq!(findings, before);
}
