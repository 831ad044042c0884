//! Policy: what counts, and what a change may not do to it.

use crate::stage::{Memory, Pair, change, judge, judge_with, with_task};
use tares_judge::Options;
use tares_model::{ExitCode, Level, Verdict};
use tares_policy::{Baseline, Policy};

const UNSAFE: &str = "import requests\n\ndef talk():\n    return requests.get('https://api.example/x', timeout=5, verify=False)\n";
const EXCUSED: &str = "import requests\n\ndef talk():\n    # tares: allow tls-check-off -- internal\n    return requests.get('https://api.example/x', timeout=5, verify=False)\n";

fn with(policy: &str) -> Options {
    Options {
        policy: Policy::parse(policy, "tares.toml").unwrap(),
        ..Options::default()
    }
}

#[test]
fn levels_come_from_the_policy() {
    let added = change(&[("a.py", None, Some(UNSAFE))]);
    let said = judge_with(
        &added,
        &Memory::default(),
        &with("[rules]\ntls-check-off = \"block\"\n"),
    );
    assert_eq!(
        (said.outcome.verdict, said.outcome.exit),
        (Some(Verdict::Block), ExitCode::Block)
    );
    let said = judge_with(
        &added,
        &Memory::default(),
        &with("[rules]\ntls-check-off = \"off\"\n"),
    );
    assert!(!said.has("tls-check-off"));
}

#[test]
fn failing_on_review_is_the_stricter_of_both() {
    let added = change(&[("a.py", None, Some(UNSAFE))]);
    let strict = Options {
        fail_on: Level::Review,
        ..Options::default()
    };
    assert_eq!(judge(&added, &Memory::default()).outcome.exit, ExitCode::Ok);
    assert_eq!(
        judge_with(&added, &Memory::default(), &strict).outcome.exit,
        ExitCode::Block
    );
    assert_eq!(
        judge_with(
            &added,
            &Memory::default(),
            &with("[policy]\nprofile = \"strict\"\n")
        )
        .outcome
        .exit,
        ExitCode::Block
    );
}

#[test]
fn an_allowed_effect_is_usual() {
    let talk = UNSAFE.replace(", verify=False", "");
    let added = with_task(change(&[("src/a.py", None, Some(&talk))]), "hash passwords");
    assert_eq!(judge(&added, &Memory::default()).requirements.len(), 1);
    let allow =
        with("[[allow]]\neffect = \"network\"\ntarget = \"api.example\"\npaths = [\"src/**\"]\n");
    let said = judge_with(&added, &Memory::default(), &allow);
    assert!(said.requirements.is_empty(), "{:?}", said.requirements);
    assert_eq!(
        said.delta.delta.added[0].effect.asked.verdict.as_str(),
        "usual"
    );
}

#[test]
fn a_suppression_counts_only_where_it_stood_before() {
    let added = change(&[("a.py", None, Some(EXCUSED))]);
    let said = judge(&added, &Memory::default());
    assert!(
        said.has("tls-check-off") && said.has("suppression-refused"),
        "{:?}",
        said.rules()
    );
    // Another host is another flaw, and not the known one on an edited line.
    let edited = EXCUSED.replace("api.example", "other.example");
    let said = judge(
        &change(&[("a.py", Some(EXCUSED), Some(&edited))]),
        &Memory::default(),
    );
    assert!(!said.has("tls-check-off"), "{:?}", said.rules());
    assert_eq!(said.summary.suppressed, 1);
    let ignoring = Options {
        suppressions: false,
        ..Options::default()
    };
    let said = judge_with(
        &change(&[("a.py", Some(EXCUSED), Some(&edited))]),
        &Memory::default(),
        &ignoring,
    );
    assert!(said.has("tls-check-off"));
}

#[test]
fn a_laxer_policy_is_a_finding_and_does_not_count() {
    let lax = "exclude = [\"**\"]\n[rules]\n\"*\" = \"off\"\n";
    let said = judge(
        &change(&[
            ("a.py", None, Some(UNSAFE)),
            ("tares.toml", None, Some(lax)),
        ]),
        &Memory::default(),
    );
    assert!(
        said.has("tls-check-off") && said.has("policy-loosened"),
        "{:?}",
        said.rules()
    );
    let said = judge(
        &change(&[("tares.toml", None, Some("exclude = 3\n"))]),
        &Memory::default(),
    );
    assert!(said.has("policy-unreadable"), "{:?}", said.rules());
    assert_eq!(
        said.finding("policy-unreadable").excerpts[0].lines[0],
        "exclude = 3"
    );
}

#[test]
fn a_change_of_the_models_is_a_finding() {
    let options = Options {
        policy: Policy::parse("models = 'own'", "tares.toml").unwrap(),
        ..Options::default()
    };
    let rules = |pair: Pair<'_>| {
        let said = judge_with(&change(&[pair]), &Memory::default(), &options);
        said.rules().join(" ")
    };
    let (one, other) = ("library = 'a'\n", "library = 'b'\n");
    for (before, after) in [
        (None, Some(one)),
        (Some(one), Some(other)),
        (Some(one), None),
    ] {
        assert_eq!(
            rules(("own/python/a.toml", before, after)),
            "policy-loosened"
        );
        // Elsewhere, and beside them, nothing is read.
        assert_eq!(rules(("owner/python/a.toml", before, after)), "");
        assert_eq!(rules(("own/python/README", before, after)), "");
    }
    assert_eq!(
        rules(("own/python/a.toml", Some(one), Some("x = 1"))),
        "policy-unreadable"
    );
    assert_eq!(
        rules(("own/cobol/a.toml", None, Some(one))),
        "policy-unreadable"
    );
    let mut moved = change(&[("elsewhere.toml", Some(one), Some(one))]);
    moved.files[0].base_path = Some("own/python/a.toml".into());
    let said = judge_with(&moved, &Memory::default(), &options);
    assert!(said.has("policy-loosened"), "moved out of the folder");
}

#[test]
fn a_longer_baseline_is_a_finding() {
    let first = judge(&change(&[("a.py", None, Some(UNSAFE))]), &Memory::default());
    let findings: Vec<_> = first
        .findings
        .iter()
        .map(|report| report.finding.clone())
        .collect();
    let known = Baseline::of(&findings);
    let counting = Options {
        baseline: Some((Baseline::default(), "known.json".to_owned())),
        ..Options::default()
    };
    let both = change(&[
        ("a.py", None, Some(UNSAFE)),
        ("known.json", None, Some(&known.to_json())),
    ]);
    let said = judge_with(&both, &Memory::default(), &counting);
    assert!(
        said.has("tls-check-off") && said.has("policy-loosened"),
        "{:?}",
        said.rules()
    );
    let merged = Options {
        baseline: Some((known, "known.json".to_owned())),
        ..Options::default()
    };
    let said = judge_with(
        &change(&[("a.py", None, Some(UNSAFE))]),
        &Memory::default(),
        &merged,
    );
    assert!(!said.has("tls-check-off"));
    // Base has the known one already, so a copy of it is new.
    let doubled = format!("{UNSAFE}\n{}", UNSAFE.replace("talk", "again"));
    let said = judge_with(
        &change(&[("a.py", Some(UNSAFE), Some(&doubled))]),
        &Memory::default(),
        &merged,
    );
    assert!(said.has("tls-check-off"));
}

#[test]
fn excluded_paths_are_counted() {
    let said = judge_with(
        &change(&[("vendor/a.py", None, Some(UNSAFE))]),
        &Memory::default(),
        &with("exclude = [\"vendor/**\"]\n"),
    );
    assert_eq!(said.summary.not_judged.get("excluded"), Some(&1));
    assert_eq!(said.outcome.exit, ExitCode::Ok);
}
