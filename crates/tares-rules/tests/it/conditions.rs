//! Conditions, messages and the order of clauses, on rules written here and on embedded ones.

use crate::make::{effect, pattern, role, tainted, with};
use tares_model::effect::label::Sink;
use tares_model::effect::{Device, EffectKind, Label, Shape, SinkSet, Why};
use tares_model::finding::{Confidence, Family, Level, Severity};
use tares_rules::schema::{Clause, Conditions, Outcome, Per, Rule, Text};
use tares_rules::{Draft, Rules};

fn conditions(toml: &str) -> Conditions {
    toml::from_str(toml).unwrap()
}

fn rule(id: &str, clauses: &[(&str, Level, &str)]) -> Rule {
    let when = clauses.iter().map(|(toml, level, message)| Clause {
        conditions: conditions(toml),
        outcome: Outcome {
            level: *level,
            confidence: Confidence::Medium,
            message: (*message).to_owned(),
            severity: None,
        },
    });
    Rule {
        id: id.to_owned(),
        family: Family::Weakness,
        cwe: vec![1],
        severity: Severity::Medium,
        title: String::new(),
        since: String::new(),
        noise: String::new(),
        supersedes: Vec::new(),
        per: Per::Site,
        less_in_tests: false,
        text: Text {
            why: String::new(),
            fix: String::new(),
        },
        when: when.collect(),
        page: String::new(),
    }
}

/// Returns whether a single condition on role `r` of a process effect holds.
fn role_holds(toml: &str, roles: Vec<tares_model::effect::Role>) -> bool {
    let text = format!("kind = [\"process\"]\nrole.r = {{ {toml} }}");
    let rules = Rules::new(vec![rule("r", &[(&text, Level::Note, "")])]);
    !rules
        .judge(&[with(effect(EffectKind::Process, "a.b"), roles)])
        .is_empty()
}

#[test]
fn constants_are_proven_possible_or_excluded() {
    let one = |shape: Shape| vec![role("r", shape)];
    let either = Shape::OneOf(vec![Shape::Bool(true), Shape::Bool(false)]);
    assert!(role_holds("is = [true]", one(Shape::Bool(true))));
    assert!(!role_holds("is = [true]", one(either.clone())));
    assert!(role_holds("may_be = [true]", one(either.clone())));
    assert!(!role_holds("is_not = [true]", one(either)));
    assert!(role_holds(
        "is_not = [true]",
        one(Shape::Unknown(Why::Call))
    ));
    assert!(!role_holds(
        "may_be = [true]",
        one(Shape::Unknown(Why::Call))
    ));
    assert!(
        role_holds("is = [false]", one(Shape::Int(0))),
        "zero is as good as false"
    );
    assert!(role_holds("is = [\"null\"]", one(Shape::Null)));
    assert!(role_holds(
        "is = [\"api:yaml.*Loader\"]",
        one(Shape::Api("yaml.CLoader".into()))
    ));
}

#[test]
fn missing_roles_are_absent() {
    assert!(role_holds("absent = true", vec![]));
    assert!(role_holds("absent = true", vec![role("r", Shape::Absent)]));
    assert!(!role_holds(
        "absent = false",
        vec![role("r", Shape::Absent)]
    ));
    assert!(role_holds(
        "absent = false",
        vec![role("r", Shape::Unknown(Why::Call))]
    ));
}

#[test]
fn numbers_texts_and_lengths_compare() {
    let one = |shape: Shape| vec![role("r", shape)];
    assert!(role_holds("below = 2048", one(Shape::Int(1024))));
    assert!(!role_holds("below = 2048", one(Shape::Int(2048))));
    assert!(role_holds("above = 0.5", one(Shape::Float(0.75))));
    assert!(role_holds("len_below = 4", one(Shape::Str("abc".into()))));
    assert!(role_holds(
        "len_at_least = 3",
        one(Shape::Bytes(vec![0, 1, 2]))
    ));
    let built = pattern("ls ", Label::Parameter, SinkSet::NONE, "");
    assert!(role_holds("matches = '^ls <hole>$'", one(built.clone())));
    assert!(role_holds("built = true", one(built.clone())));
    assert!(!role_holds("not_matches = 'ls'", one(built)));
    assert!(role_holds(
        "unknown = [\"parameter\"]",
        one(Shape::Unknown(Why::Parameter))
    ));
    assert!(role_holds("dynamic = false", one(Shape::Int(1))));
}

#[test]
fn only_parts_that_are_not_clean_are_unsafe() {
    let shell = SinkSet::of(Sink::Shell);
    let dirty = vec![role(
        "r",
        pattern("ls ", Label::UserInput, SinkSet::NONE, ""),
    )];
    let clean = vec![role("r", pattern("ls ", Label::UserInput, shell, ""))];
    assert!(role_holds("unsafe_for = \"shell\"", dirty.clone()));
    assert!(!role_holds("unsafe_for = \"shell\"", clean.clone()));
    assert!(role_holds("unsafe_for = \"sql\"", clean));
    assert!(role_holds(
        "unsafe_for = \"shell\", labels = [\"user-input\"]",
        dirty.clone()
    ));
    assert!(!role_holds(
        "unsafe_for = \"shell\", labels = [\"parameter\"]",
        dirty
    ));
    let whole = tainted("r", Shape::Unknown(Why::Call), Label::UserInput);
    assert!(role_holds("unsafe_for = \"shell\"", vec![whole.clone()]));
    assert!(!role_holds(
        "unsafe_for = \"shell\"",
        vec![tares_model::effect::Role {
            clean: shell,
            ..whole
        }]
    ));
    assert!(!role_holds(
        "unsafe_for = \"shell\"",
        vec![tainted("r", Shape::Int(1), Label::UserInput)]
    ));
}

#[test]
fn devices_of_a_value_have_grades() {
    let mut hidden = role("r", Shape::Bool(false));
    hidden.devices = vec![Device::Reflection];
    assert!(role_holds("grade_at_least = 2", vec![hidden.clone()]));
    assert!(!role_holds("grade_at_least = 3", vec![hidden]));
}

#[test]
fn the_first_clause_that_holds_decides() {
    let clauses = [
        (
            "kind = [\"process\"]\napi = [\"os.*\"]",
            Level::Block,
            "first {api}",
        ),
        ("kind = [\"process\"]", Level::Note, "second {api} {role.x}"),
    ];
    let rules = Rules::new(vec![rule("r", &clauses)]);
    let drafts = rules.judge(&[effect(EffectKind::Process, "os.system")]);
    assert_eq!(
        (drafts[0].level, drafts[0].message.as_str()),
        (Level::Block, "first `os.system`")
    );
    let drafts = rules.judge(&[effect(EffectKind::Process, "sp.run")]);
    assert_eq!(drafts[0].message, "second `sp.run` nothing");
    assert!(
        rules
            .judge(&[effect(EffectKind::Network, "os.system")])
            .is_empty()
    );
}

#[test]
fn one_finding_per_place_and_the_strongest() {
    let clauses = [
        (
            "kind = [\"process\"]\nrole.r = { is = [1] }",
            Level::Review,
            "strong",
        ),
        ("kind = [\"process\"]", Level::Note, "weak"),
    ];
    let rules = Rules::new(vec![rule("r", &clauses)]);
    let weak = effect(EffectKind::Process, "a");
    let strong = with(weak.clone(), vec![role("r", Shape::Int(1))]);
    let drafts = rules.judge(&[weak.clone(), strong, weak]);
    assert_eq!(drafts.len(), 1);
    assert_eq!(
        (drafts[0].effect, drafts[0].message.as_str()),
        (1, "strong")
    );
}

#[test]
fn a_stronger_neighbour_silences() {
    let mut loud = rule("loud", &[("kind = [\"process\"]", Level::Review, "")]);
    loud.supersedes = vec!["quiet".into()];
    let quiet = rule("quiet", &[("kind = [\"process\"]", Level::Review, "")]);
    let rules = Rules::new(vec![quiet, loud]);
    let drafts = rules.judge(&[effect(EffectKind::Process, "a")]);
    assert_eq!(
        drafts
            .iter()
            .map(|d| d.rule.id.as_str())
            .collect::<Vec<_>>(),
        ["loud"]
    );
}

#[test]
fn not_any_and_beside_look_around() {
    let toml = "kind = [\"process\"]\nnot = [{ api = [\"x.*\"] }]\nany = [{ api = [\"a\"] }, { api = [\"b\"] }]\n\
                beside = [{ kind = [\"network\"] }]";
    let rules = Rules::new(vec![rule("r", &[(toml, Level::Note, "")])]);
    let a = effect(EffectKind::Process, "a");
    let net = effect(EffectKind::Network, "n");
    assert_eq!(rules.judge(&[a.clone(), net.clone()]).len(), 1);
    assert!(rules.judge(&[a]).is_empty());
    assert!(
        rules
            .judge(&[effect(EffectKind::Process, "x.y"), net.clone()])
            .is_empty()
    );
    assert!(
        rules
            .judge(&[effect(EffectKind::Process, "c"), net])
            .is_empty()
    );
}

fn fired<'a>(drafts: &'a [Draft<'a>], id: &str) -> Option<&'a Draft<'a>> {
    drafts.iter().find(|d| d.rule.id == id)
}

#[test]
fn an_injection_carries_its_chain() {
    let command = pattern("ping ", Label::UserInput, SinkSet::NONE, "");
    let command = tares_model::effect::Role {
        shape: command.clone(),
        ..tainted("command", command, Label::UserInput)
    };
    let ping = with(
        effect(EffectKind::Process, "os.system"),
        vec![command, role("shell", Shape::Bool(true))],
    );
    let drafts = Rules::embedded().judge(std::slice::from_ref(&ping));
    let draft = fired(&drafts, "shell-from-input").unwrap();
    assert_eq!(draft.level, Level::Block);
    assert!(draft.message.contains("`ping …`"), "{}", draft.message);
    assert_eq!(
        draft.related.first().map(|e| e.message.as_str()),
        Some("read here")
    );
    assert_eq!(
        draft.related.last().map(|e| e.span),
        ping.site.map(|s| s.span)
    );
}

#[test]
fn secrets_are_never_shown_in_full() {
    let key = "f3a9c1d27b604e58a1c2d9e0";
    let secret = with(
        effect(EffectKind::Secret, "literal"),
        vec![
            role("name", Shape::Str("API_TOKEN".into())),
            role("value", Shape::Str(key.into())),
        ],
    );
    let drafts = Rules::embedded().judge(&[secret]);
    let draft = fired(&drafts, "hard-coded-credential").unwrap();
    assert!(!draft.message.contains(&key[..5]), "{}", draft.message);
}

#[test]
fn honest_mistakes_weigh_less_in_test_code() {
    let off = with(
        effect(EffectKind::Network, "requests.get"),
        vec![role("verify", Shape::Bool(false))],
    );
    let level = |path: &str| {
        let drafts = Rules::embedded().judge_at(&path.into(), std::slice::from_ref(&off));
        fired(&drafts, "tls-check-off").unwrap().level
    };
    assert_eq!(level("src/client.py"), Level::Review);
    assert_eq!(level("tests/client.py"), Level::Note);
    assert_eq!(level("src/test_client.py"), Level::Note);
    assert_eq!(level("src/contest.py"), Level::Review);
}

#[test]
fn every_rule_has_an_id_and_a_page() {
    for rule in Rules::embedded().iter() {
        assert_eq!(
            Rules::embedded().get(&rule.id).map(|r| &r.id),
            Some(&rule.id)
        );
        assert!(
            rule.page.starts_with(&format!("# {}\n", rule.id)),
            "{}",
            rule.id
        );
    }
}
