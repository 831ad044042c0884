//! Good and bad configuration texts.

use crate::policy;
use proptest::prelude::*;
use std::fmt::Write as _;
use tares_model::{EffectKind, Level, RepoPath};
use tares_policy::config::Direction;
use tares_policy::config::Profile;
use tares_policy::{Policy, TEMPLATE};

const RULES: &[&str] = &[
    "tls-check-off",
    "exec-of-decoded-text",
    "capability-network",
    "capability-process",
];

/// Texts that are wrong, each with what is wrong in one word or two.
const BAD: &[(&str, &str)] = &[
    ("syntax", "[policy\nprofile = 1\n"),
    ("missing value", "[policy]\nprofile =\n"),
    ("unclosed text", "exclude = [\"a/**]\n"),
    (
        "duplicate key",
        "[policy]\nprofile = \"strict\"\nprofile = \"standard\"\n",
    ),
    ("unknown key, near", "[policy]\nfail_on = \"block\"\n"),
    ("unknown key, swapped", "exlcude = []\n"),
    ("unknown key, elsewhere", "fail-on = \"block\"\n"),
    (
        "top-level key below a table",
        "[policy]\nexclude = [\"vendor/**\"]\n",
    ),
    ("unknown key, far", "[limits]\nbananas = 3\n"),
    (
        "first of several unknown keys",
        "[policy]\nzzz = 1\naaa = 2\n",
    ),
    ("wrong type of table", "policy = 3\n"),
    ("wrong type of value", "[policy]\nprofile = 3\n"),
    ("unknown profile", "[policy]\nprofile = \"stric\"\n"),
    ("fail-on note", "[policy]\nfail-on = \"note\"\n"),
    ("unknown level", "[rules]\ntls-check-off = \"blok\"\n"),
    ("level far off", "[rules]\ntls-check-off = \"warning\"\n"),
    ("no rule id", "[rules]\n\"TLS check\" = \"off\"\n"),
    ("exclude not a list", "exclude = \"vendor/**\"\n"),
    ("exclude of numbers", "exclude = [1]\n"),
    ("empty pattern", "exclude = [\"\"]\n"),
    ("absolute pattern", "exclude = [\"/etc/**\"]\n"),
    ("pattern of a folder", "exclude = [\"vendor/\"]\n"),
    ("climbing pattern", "exclude = [\"../x\"]\n"),
    ("broken pattern", "exclude = [\"ok/**\", \"a[b\"]\n"),
    ("single brackets", "[allow]\neffect = \"network\"\n"),
    ("no effect", "[[allow]]\ntarget = \"api.example.com\"\n"),
    ("no target", "[[allow]]\neffect = \"network\"\n"),
    (
        "unknown effect",
        "[[allow]]\neffect = \"netwrok\"\ntarget = \"*\"\n",
    ),
    (
        "empty target",
        "[[allow]]\neffect = \"network\"\ntarget = \" \"\n",
    ),
    (
        "empty paths",
        "[[allow]]\neffect = \"network\"\ntarget = \"*\"\npaths = []\n",
    ),
    (
        "key of an entry",
        "[[allow]]\neffect = \"network\"\ntarget = \"*\"\npath = [\"a\"]\n",
    ),
    (
        "allow-in-change as text",
        "[suppressions]\nallow-in-change = \"no\"\n",
    ),
    (
        "size without meaning",
        "[limits]\nmax-file-size = \"4 elephants\"\n",
    ),
    ("size too small", "[limits]\nmax-file-size = 0\n"),
    (
        "size too large",
        "[limits]\nmax-file-size = \"99999999999GiB\"\n",
    ),
    ("size of another kind", "[limits]\nmax-file-size = true\n"),
    (
        "baseline outside",
        "[baseline]\nfile = \"../tares-baseline.json\"\n",
    ),
    (
        "invisible text",
        "[policy]\n\"fail\u{202e}-on\u{1b}[31m\" = 1\n",
    ),
    (
        "wide text before the place",
        "[[allow]]\neffect = \"network\"\ntarget = \"*\"\nreason = \"支払い\" # \u{e9}\nx = 1\n",
    ),
    (
        "wide text on the line",
        "allow = [{ reason = \"支払い\", efect = \"network\" }]\n",
    ),
    ("no rule, near", "[rules]\ntls-chek-off = \"off\"\n"),
    ("no rule, far", "[rules]\nbananas = \"off\"\n"),
    ("no rule matches", "[rules]\n\"bananas-*\" = \"off\"\n"),
];

fn error_of(text: &str) -> String {
    let error = match Policy::parse(text, "tares.toml") {
        Ok(policy) => policy.validate(RULES).unwrap_err(),
        Err(error) => error,
    };
    error.to_string()
}

#[test]
fn errors_point_into_the_file() {
    let mut page = String::new();
    for (what, text) in BAD {
        write!(page, "## {what}\n{}\n\n", error_of(text)).unwrap();
    }
    insta::assert_snapshot!("errors", page);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!(
        "exclude = [{}\"a[b\", {}]\n",
        "\"ok/**\", ".repeat(40),
        "\"ok/**\", ".repeat(40)
    );
    insta::assert_snapshot!("long_line", error_of(&text));
}

#[test]
fn template_judges_like_the_built_in_profile() {
    let parsed = policy(TEMPLATE);
    assert_eq!(parsed, Policy::standard());
    assert_eq!(Policy::diff(&Policy::standard(), &parsed), []);
}

#[test]
fn every_commented_line_of_the_template_parses_when_uncommented() {
    let examples = [
        "exclude = []",
        "fail-on = \"block\"",
        "effect = \"network\"",
        "file = \"tares-baseline.json\"",
    ];
    let mut text = TEMPLATE.replace("exclude = []\n# exclude", "# exclude");
    for line in TEMPLATE.lines() {
        let Some(code) = line.strip_prefix("# ") else {
            continue;
        };
        let is_table = ["[[", "[baseline", "[dependencies"];
        if is_table.iter().any(|start| code.starts_with(start)) || code.contains(" = ") {
            text = text.replace(&format!("\n{line}\n"), &format!("\n{code}\n"));
        }
    }
    for example in &examples[1..] {
        assert!(
            text.lines().any(|line| line == *example),
            "{example} stayed a comment"
        );
    }
    let policy = policy(&text);
    assert_eq!(policy.allow.len(), 1);
    assert!(policy.excludes(&RepoPath::from("vendor/x.py")));
    policy.validate(RULES).unwrap();
}

#[test]
fn all_keys_are_read() {
    let policy = policy(
        r#"
        exclude = ["vendor/**", "**/*.min.js"]
        [policy]
        profile = "strict"
        [rules]
        tls-check-off = "off"
        "capability-*" = "block"
        [[allow]]
        effect = "network"
        target = "api.stripe.com"
        paths = ["src/payments/**"]
        reason = "payments"
        [[allow]]
        effect = "file-write"
        target = "/tmp/*"
        [suppressions]
        allow-in-change = true
        [limits]
        max-file-size = "64KiB"
        [baseline]
        file = "ci/tares-baseline.json"
        "#,
    );
    policy.validate(RULES).unwrap();
    assert_eq!(
        (policy.profile, policy.fail_on),
        (Profile::Strict, Level::Review)
    );
    assert_eq!(policy.exclude.as_slice(), ["vendor/**", "**/*.min.js"]);
    assert_eq!(policy.allow.len(), 2);
    assert_eq!(policy.allow[0].effect, EffectKind::Network);
    assert_eq!(policy.allow[0].reason.as_deref(), Some("payments"));
    assert_eq!(policy.allow[1].index, 1);
    assert!(policy.allow_in_change);
    assert_eq!(policy.max_file_size, 65536);
    assert_eq!(policy.baseline.as_deref(), Some("ci/tares-baseline.json"));
    assert_eq!(policy.name(), "tares.toml");
}

#[test]
fn a_folder_of_models_has_one_way_to_be_written() {
    let named = |name: &str| Policy::parse(&format!("models = \"{name}\"\n"), "tares.toml");
    for name in ["tares/models", "tares/models/"] {
        let policy = named(name).unwrap();
        assert_eq!(policy.models.as_deref(), Some("tares/models"));
    }
    for name in [
        "",
        "/",
        ".",
        "./models",
        "a//b",
        "../models",
        "/models",
        "a/../b",
        "C:/x",
    ] {
        let error = named(name).unwrap_err();
        assert_eq!((error.line, error.column), (1, 10), "{name}");
    }
    let misplaced = Policy::parse("[policy]\nmodels = \"m\"\n", "tares.toml").unwrap_err();
    assert!(misplaced.to_string().contains("key of the top level"));
}

#[test]
fn an_empty_file_is_the_standard_policy() {
    assert_eq!(policy(""), Policy::standard());
    assert_eq!(policy("\u{feff}# only a comment\r\n"), Policy::standard());
}

#[test]
fn fail_on_wins_over_the_profile() {
    assert_eq!(
        policy("policy = { profile = \"strict\", fail-on = \"block\" }").fail_on,
        Level::Block
    );
    assert_eq!(policy("policy.fail-on = \"review\"").fail_on, Level::Review);
}

#[test]
fn sizes() {
    let size = |text: &str| policy(&format!("limits.max-file-size = {text}")).max_file_size;
    assert_eq!(
        [
            size("2048"),
            size("\"2048\""),
            size("\"2 KiB\""),
            size("\"1GiB\"")
        ],
        [2048, 2048, 2048, 1 << 30]
    );
    for bad in [
        "\"1MB\"",
        "-5",
        "0x1000",
        "4.5",
        "\"\"",
        "\"MiB\"",
        "\"1025MiB\"",
        "1023",
    ] {
        assert!(
            Policy::parse(&format!("limits.max-file-size = {bad}"), "t").is_err(),
            "{bad}"
        );
    }
}

#[test]
fn exclude_matches_whole_paths() {
    let policy = policy("exclude = [\"vendor/**\", \"*.lock\", \"**/{gen,out}/*.js\"]");
    let excluded = |path: &str| policy.excludes(&RepoPath::from(path));
    for path in [
        "vendor/a.py",
        "vendor/a/b.py",
        "x.lock",
        "a/b/gen/c.js",
        "out/c.js",
    ] {
        assert!(excluded(path), "{path}");
    }
    for path in [
        "src/vendor/a.py",
        "vendor",
        "a/x.lock",
        "gen/a/c.js",
        "Vendor/a.py",
    ] {
        assert!(!excluded(path), "{path}");
    }
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let deep = format!("a = {}", "[".repeat(100_000));
    let dotted = format!("{} = 1", vec!["a"; 100_000].join("."));
    let patterns = format!("exclude = [{}]", "\"a*/{b,c}/**\",".repeat(5000));
    let rules: String = (0..5000).map(|i| format!("r{i} = \"off\"\n")).collect();
    let entries = "[[allow]]\neffect = \"network\"\ntarget = \"*\"\n".repeat(5000);
    let large = "#".repeat(tares_policy::config::MAX_TEXT + 1);
    for text in [
        &deep,
        &dotted,
        &patterns,
        &format!("[rules]\n{rules}"),
        &entries,
        &large,
    ] {
        let error = Policy::parse(text, "tares.toml").unwrap_err();
        assert!(error.to_string().len() < 2000, "{error}");
    }
}

#[test]
fn gate_rules_can_be_named() {
    let policy = policy("[rules]\nunused-allow = \"off\"\n\"suppression-*\" = \"review\"");
    policy.validate(&[]).unwrap();
}

/// Text made of the words of the format, so that it often gets past the TOML reader.
fn config_text() -> impl Strategy<Value = String> {
    let pieces = [
        "[policy]",
        "[rules]",
        "[[allow]]",
        "[limits]",
        "[baseline]",
        "[suppressions]",
        "profile",
        "fail-on",
        "effect",
        "target",
        "paths",
        "exclude",
        "max-file-size",
        " = ",
        "\"network\"",
        "\"*\"",
        "\"block\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\n",
        ".",
        "\"\"\"",
        "'",
        "1",
        "-1",
        "true",
        "\u{202e}",
        "é",
        "支",
        "\r",
        "\0",
        "#",
        "tls-check-off",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_gives_a_policy_or_an_error_in_the_text(text in prop_oneof![".{0,200}", config_text()]) {
        match Policy::parse(&text, "tares.toml") {
            Ok(policy) => drop(policy.validate(RULES)),
            Err(error) => {
                prop_assert!(error.line as usize <= text.lines().count() + 1 + text.matches('\r').count());
                prop_assert!(error.column >= 1);
                prop_assert!(error.span.end as usize <= text.len());
                let is_visible = !error.to_string().contains(['\u{1b}', '\u{202e}']);
                prop_assert!(is_visible);
            }
        }
    }

    #[test]
    fn what_one_word_off_means_is_found(at in 0usize..7) {
        let mut key = "exclude".to_owned();
        key.remove(at);
        let error = Policy::parse(&format!("{key} = []"), "t").unwrap_err();
        prop_assert_eq!(error.hint.as_deref(), Some("did you mean `exclude`?"));
    }
}

#[test]
fn licences_are_listed_one_by_one() {
    let read =
        |text: &str| Policy::parse(&format!("[dependencies]\nlicences = {text}"), "tares.toml");
    let policy = read(r#"["MIT", "Apache-2.0 WITH LLVM-exception"]"#).expect("two licences");
    assert_eq!(policy.licences, ["MIT", "Apache-2.0 WITH LLVM-exception"]);
    for wrong in [
        r#"["MIT OR Apache-2.0"]"#,
        r#"[""]"#,
        r#"["(MIT)"]"#,
        r#""MIT""#,
        "[1]",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    let directions = |base: &str, head: &str| -> Vec<Direction> {
        let (base, head) = (read(base).expect("valid"), read(head).expect("valid"));
        let changes = Policy::diff(&base, &head);
        changes.into_iter().map(|change| change.direction).collect()
    };
    assert_eq!(
        directions(r#"["MIT"]"#, r#"["MIT", "ISC"]"#),
        [Direction::Loosened]
    );
    assert_eq!(
        directions(r#"["MIT", "ISC"]"#, r#"["MIT"]"#),
        [Direction::Tightened]
    );
    assert_eq!(directions(r#"["MIT"]"#, "[]"), [Direction::Loosened]);
    assert_eq!(directions("[]", r#"["MIT"]"#), [Direction::Tightened]);
}
