//! Which effects an `[[allow]]` entry covers.

use crate::{effect, policy};
use proptest::prelude::*;
use tares_model::effect::Target;
use tares_model::{Effect, EffectKind, RepoPath};
use tares_policy::Policy;
use tares_policy::gate::UNUSED_ALLOW;

fn entry(kind: &str, target: &str) -> Policy {
    policy(&format!(
        "[[allow]]\neffect = '{kind}'\ntarget = '''{target}'''\n"
    ))
}

fn allows(entry_target: &str, kind: EffectKind, target: Target) -> bool {
    let policy = entry(kind.as_str(), entry_target);
    policy
        .allows(&effect(kind, target), &RepoPath::from("src/a.py"))
        .is_some()
}

fn exact(kind: EffectKind, entry: &str, target: &str) -> bool {
    allows(entry, kind, Target::Exact(target.to_owned()))
}

fn pattern(kind: EffectKind, entry: &str, target: &str) -> bool {
    allows(entry, kind, Target::Pattern(target.to_owned()))
}

#[test]
fn hosts() {
    let host = |entry, target| exact(EffectKind::Network, entry, target);
    for target in [
        "api.stripe.com",
        "API.Stripe.com",
        "api.stripe.com.",
        "api.stripe.com:443",
        "https://api.stripe.com/v1/charges?x=1",
        "http://api.stripe.com",
        "api.stripe.com/x",
    ] {
        assert!(host("api.stripe.com", target), "{target}");
    }
    for target in [
        "stripe.com",
        "xapi.stripe.com",
        "api.stripe.com.evil.test",
        "evil.test/api.stripe.com",
        "evil.test?api.stripe.com",
        "https://api.stripe.com@evil.test/",
        "https://evil.test#@api.stripe.com",
        "https://evil.test\\@api.stripe.com",
        "https://api.stripe.com:443@evil.test",
        "api.stripe.com evil.test",
        "",
        "https://",
    ] {
        assert!(!host("api.stripe.com", target), "{target}");
    }
    assert!(host("*.stripe.com", "https://eu.api.stripe.com/x"));
    assert!(!host("*.stripe.com", "stripe.com"));
    assert!(!host("*.stripe.com", "https://evil.test/x.stripe.com"));
    assert!(!host("*.stripe.com", "https://evil.test?.stripe.com"));
    assert!(host("*", "https://anything.test/x"));
    assert!(host("[::1]:80", "http://[::1]:80/"));
    assert!(!host("[::1]", "[::2]"));
}

#[test]
fn schemes_ports_and_paths_of_addresses() {
    let host = |entry, target| exact(EffectKind::Network, entry, target);
    assert!(host("https://api.test/v1/*", "https://api.test/v1/x"));
    assert!(!host("https://api.test/v1/*", "http://api.test/v1/x"));
    assert!(
        !host("https://api.test", "api.test"),
        "the scheme is not known"
    );
    assert!(!host("https://api.test/v1/*", "https://api.test/v2/x"));
    assert!(!host("https://api.test/v1/*", "https://api.test/v1/../v2"));
    assert!(!host(
        "https://*.api.test/v1",
        "https://evil.test/x.api.test/v1"
    ));
    assert!(host("api.test:8080", "http://api.test:8080/x"));
    assert!(!host("api.test:8080", "http://api.test/x"));
}

#[test]
fn unknown_parts_of_addresses() {
    let host = |entry, target| pattern(EffectKind::Network, entry, target);
    assert!(host("api.stripe.com", "https://api.stripe.com/v1/*"));
    assert!(host("*.stripe.com", "https://api.stripe.com/*"));
    assert!(host("*", "https://api.stripe.com/*"));
    for target in [
        "*",
        "https://*",
        "*.stripe.com",
        "https://*.stripe.com/x",
        "api.stripe.com*",
        "https://api.stripe.com*/x",
        "https://api.stripe.com:*/x",
        "*://api.stripe.com/x",
        "https://*@api.stripe.com/",
        "*api.stripe.com",
    ] {
        assert!(!host("api.stripe.com", target), "{target}");
        assert!(!host("*", target), "{target}");
    }
    assert!(host("*.stripe.com", "*.stripe.com"), "written exactly");
    assert!(
        !host("https://api.test/v1/*", "https://api.test/*"),
        "the unknown part may be another path"
    );
}

#[test]
fn an_unknown_target_is_allowed_only_as_written() {
    for kind in [
        EffectKind::Network,
        EffectKind::FileWrite,
        EffectKind::Process,
        EffectKind::Environment,
    ] {
        let unknown = |entry, target: &str| allows(entry, kind, Target::Unknown(target.to_owned()));
        assert!(unknown("config.url + path", "config.url+path"));
        assert!(!unknown("config.*", "config.url"));
        assert!(!unknown("*", "url"));
        assert!(!unknown("**", "**"));
        assert!(!unknown("*", "*"));
        assert!(!unknown("url", "url2"));
    }
}

#[test]
fn no_target_is_allowed_by_the_star_alone() {
    assert!(allows("*", EffectKind::Identity, Target::None));
    assert!(!allows("host", EffectKind::Identity, Target::None));
}

#[test]
fn files() {
    let file = |entry, target| exact(EffectKind::FileWrite, entry, target);
    assert!(file("/tmp/*", "/tmp/a/b"));
    assert!(file("/tmp/**", "/tmp/a/b"));
    assert!(!file("/tmp/*", "/tmp/../etc/passwd"));
    assert!(!file("/tmp/*", "/tmp/..\\x"));
    assert!(!file("/tmp/*", "/tmp2/x"));
    assert!(file("/tmp/../x", "/tmp/../x"), "written exactly");
    assert!(pattern(EffectKind::FileWrite, "/tmp/*", "/tmp/*.log"));
    assert!(!pattern(EffectKind::FileWrite, "/tmp/x*", "/tmp/*"));
    assert!(!pattern(EffectKind::FileWrite, "/tmp/x", "/tmp/*"));
    assert!(
        !pattern(EffectKind::FileWrite, "*", "*/x"),
        "nothing is known of where it begins"
    );
    assert!(
        pattern(EffectKind::FileWrite, "*/x", "*/x"),
        "written exactly"
    );
    assert!(!pattern(EffectKind::FileWrite, "*", "*"));
}

#[test]
fn commands() {
    let command = |entry, target| exact(EffectKind::Process, entry, target);
    assert!(command("git *", "git status"));
    assert!(command("git status", "git status"));
    assert!(!command("git status", "gitstatus"));
    for target in [
        "git status; curl evil.test",
        "git a | sh",
        "git $(x)",
        "git `x`",
        "git x && y",
        "git x > /y",
        "git x\ny",
    ] {
        assert!(!command("git *", target), "{target}");
        assert!(!command("*", target), "{target}");
    }
    assert!(command("git a | wc", "git a | wc"), "written exactly");
    assert!(pattern(EffectKind::Process, "git *", "git log *"));
    assert!(!pattern(EffectKind::Process, "git log", "git *"));
}

#[test]
fn kind_and_path_limit_an_entry() {
    let policy = policy(
        "[[allow]]\neffect = 'network'\ntarget = 'a.test'\npaths = ['src/pay/**', 'tools/*.py']\n",
    );
    let effect = effect(EffectKind::Network, Target::Exact("a.test".to_owned()));
    let allows =
        |effect: &Effect, path: &str| policy.allows(effect, &RepoPath::from(path)).is_some();
    assert!(allows(&effect, "src/pay/x/y.py"));
    assert!(allows(&effect, "tools/x.py"));
    assert!(!allows(&effect, "src/payx/y.py"));
    assert!(!allows(&effect, "tools/x/y.py"));
    assert!(!allows(&effect, "a/src/pay/x.py"));
    assert!(!allows(
        &Effect {
            kind: EffectKind::NameLookup,
            ..effect
        },
        "tools/x.py"
    ));
}

#[test]
fn unused_entries_are_noted_in_the_users_file() {
    let policy = policy(
        "\n[[allow]]\neffect = 'network'\ntarget = 'a.test'\n[[allow]]\neffect = 'process'\ntarget = 'git *'\npaths = ['x/**']\n",
    );
    let unused = policy.unused_allows(&[0]);
    assert_eq!(unused.len(), 1);
    assert_eq!(
        (unused[0].rule.as_str(), unused[0].place.start_line),
        (UNUSED_ALLOW, 5)
    );
    assert_eq!(unused[0].place.path, RepoPath::from("tares.toml"));
    assert_eq!(
        unused[0].message,
        "the entry that allows process `git *` in x/** matched nothing"
    );
    assert_eq!(policy.unused_allows(&[0, 1]), []);
    let both = policy.unused_allows(&[]);
    assert_ne!(both[0].fingerprint, both[1].fingerprint);
}

fn any_kind() -> impl Strategy<Value = EffectKind> {
    proptest::sample::select(vec![
        EffectKind::Network,
        EffectKind::FileWrite,
        EffectKind::Process,
        EffectKind::Sql,
    ])
}

fn any_text() -> impl Strategy<Value = String> {
    let parts = [
        "a.test", "b.test", "/", "tmp", "*", "..", " ", ":", "https://", "@", "git",
    ];
    proptest::collection::vec(proptest::sample::select(parts.to_vec()), 1..5)
        .prop_map(|parts| parts.concat())
        .prop_filter("a target is not empty", |text| !text.trim().is_empty())
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        any_text().prop_map(Target::Exact),
        any_text().prop_map(Target::Pattern),
        any_text().prop_map(Target::Unknown),
        Just(Target::None),
    ]
}

fn entry_text((kind, target): &(EffectKind, String)) -> String {
    format!("[[allow]]\neffect = '{kind}'\ntarget = '{target}'\n")
}

proptest! {
    /// An entry of another kind never changes what is allowed, nor why.
    #[test]
    fn an_unrelated_entry_changes_nothing(
        entries in proptest::collection::vec((any_kind(), any_text()), 0..4),
        (kind, target) in (any_kind(), any_target()),
    ) {
        let text: String = entries.iter().map(entry_text).collect();
        let (plain, more) = (policy(&text), policy(&format!("{text}{}", entry_text(&(EffectKind::Mail, "*".to_owned())))));
        let (effect, path) = (effect(kind, target), RepoPath::from("src/a.py"));
        let index = |policy: &Policy| policy.allows(&effect, &path).map(|entry| entry.index);
        prop_assert_eq!(index(&plain), index(&more));
    }

    /// More entries allow more, never less; and the order decides only which entry is named.
    #[test]
    fn entries_only_add(
        entries in proptest::collection::vec((any_kind(), any_text()), 1..4),
        (kind, target) in (any_kind(), any_target()),
    ) {
        let effect = effect(kind, target);
        let any = |texts: &[(EffectKind, String)]| {
            let text: String = texts.iter().map(entry_text).collect();
            policy(&text).allows(&effect, &RepoPath::from("src/a.py")).is_some()
        };
        let alone = entries.iter().any(|entry| any(std::slice::from_ref(entry)));
        prop_assert_eq!(any(&entries), alone);
    }

    /// What a pattern is allowed for, each of its fillings is allowed for: nothing is gained by
    /// leaving a part open.
    #[test]
    fn a_filled_pattern_is_allowed_where_the_pattern_is(
        entry_target in any_text(),
        pattern_text in any_text(),
        filling in "[a-z]{0,3}",
    ) {
        let policy = entry("sql", &entry_target);
        let allowed = |target| policy.allows(&effect(EffectKind::Sql, target), &RepoPath::from("a")).is_some();
        if allowed(Target::Pattern(pattern_text.clone())) {
            prop_assert!(allowed(Target::Exact(pattern_text.replace('*', &filling))));
        }
    }
}
