//! `[dependencies]`: what is read, what is refused, and what a change of it loosens.

use tares_model::{Ecosystem, Level};
use tares_policy::Policy;
use tares_policy::config::{Ask, Direction};

fn read(text: &str) -> Policy {
    Policy::parse(text, "tares.toml").unwrap()
}

#[test]
fn all_keys_are_read() {
    let policy = read(
        "[dependencies]\nprivate = [\"@acme/*\", \"acme-*\"]\non-unknown = \"block\"\nage-review-days = 30\nask = \"never\"\n[dependencies.index]\npypi = \"https://packages.example/simple\"\nnpm = \"configured\"\n",
    );
    let wanted = &policy.dependencies;
    assert_eq!(
        (wanted.on_unknown, wanted.age_review_days, wanted.ask),
        (Level::Block, 30, Ask::Never)
    );
    assert!(
        wanted.is_private(Ecosystem::Npm, "@acme/web")
            && !wanted.is_private(Ecosystem::Npm, "@acmes/web")
    );
    assert!(
        wanted.is_private(Ecosystem::PyPi, "Acme_Tools"),
        "in normal form too"
    );
    assert_eq!(wanted.index.len(), 1);
    let standard = Policy::standard().dependencies;
    assert_eq!(
        (standard.on_unknown, standard.age_review_days, standard.ask),
        (Level::Review, 90, Ask::New)
    );
}

#[test]
fn what_is_wrong_is_refused() {
    for (text, says) in [
        ("[dependencies]\non-unknown = \"hold\"\n", "on-unknown"),
        ("[dependencies]\nage-review-days = -1\n", "age-review-days"),
        ("[dependencies]\nage-review-days = \"90\"\n", "whole number"),
        ("[dependencies]\nask = \"always\"\n", "ask"),
        ("[dependencies]\nprivat = []\n", "privat"),
        ("[dependencies]\nprivate = \"acme-*\"\n", "list"),
        (
            "[dependencies.index]\ncargo = \"https://packages.example\"\n",
            "cargo",
        ),
    ] {
        let error = Policy::parse(text, "tares.toml").unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn asking_less_is_loosening() {
    let base = read("[dependencies]\non-unknown = \"review\"\n");
    for (text, direction) in [
        ("private = [\"*\"]", Direction::Loosened),
        ("on-unknown = \"note\"", Direction::Loosened),
        ("on-unknown = \"block\"", Direction::Tightened),
        ("age-review-days = 0", Direction::Loosened),
        ("age-review-days = 365", Direction::Tightened),
        ("ask = \"never\"", Direction::Loosened),
        (
            "index = { pypi = \"https://packages.example\" }",
            Direction::Loosened,
        ),
    ] {
        let head = read(&format!("[dependencies]\n{text}\n"));
        let changes = Policy::diff(&base, &head);
        assert_eq!(changes.len(), 1, "{text}: {changes:?}");
        assert_eq!(changes[0].direction, direction, "{text}");
    }
}
