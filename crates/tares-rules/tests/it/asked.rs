//! Whether the words of a task explain an effect.

use crate::make::{effect, network};
use tares_model::effect::{AskedVerdict as A, Effect, EffectKind, Label, LabelSet, Target};
use tares_rules::AskedFor;

fn verdict(task: &str, effect: &Effect) -> A {
    AskedFor::new(Some(task), &[], &[])
        .decide(effect, "")
        .verdict
}

fn on(kind: EffectKind, target: &str) -> Effect {
    let mut made = effect(kind, "x.y");
    made.target = Target::Exact(target.to_owned());
    made.is_new = Some(true);
    made
}

#[test]
fn words_imply_capabilities() {
    assert_eq!(
        verdict(
            "Upload the nightly report to our partner",
            &network("partner.example")
        ),
        A::Asked
    );
    assert_eq!(
        verdict("Hash passwords with scrypt", &network("partner.example")),
        A::Unexplained
    );
    assert_eq!(
        verdict(
            "Add a function that deletes old sessions",
            &on(EffectKind::FileDelete, "/tmp/s")
        ),
        A::Asked
    );
    assert_eq!(
        verdict("Sort the table by name", &on(EffectKind::Process, "curl")),
        A::Unexplained
    );
    assert_eq!(
        verdict(
            "Run git to find the version",
            &on(EffectKind::Process, "git describe")
        ),
        A::Asked
    );
}

#[test]
fn what_is_done_already_asks_for_nothing() {
    let net = network("images.example");
    assert_eq!(
        verdict("Resize uploaded images to thumbnails", &net),
        A::Unexplained
    );
    assert_eq!(
        verdict("Thumbnails are uploaded after resizing", &net),
        A::Asked
    );
    assert_eq!(verdict("Validate the downloaded CSV", &net), A::Unexplained);
    assert_eq!(verdict("Need to speed up uploading", &net), A::Asked);
}

#[test]
fn negations_contradict_within_their_clause() {
    let net = network("a.example");
    for task in [
        "Parse the file. Do not contact anything.",
        "Works offline",
        "Summarise the log without network access",
        "No external calls, please",
    ] {
        assert_eq!(verdict(task, &net), A::Contradicted, "{task}");
    }
    assert_eq!(
        verdict("Do not print anything, but upload the result", &net),
        A::Asked
    );
    assert_eq!(
        verdict("Never write to disk", &on(EffectKind::FileWrite, "/tmp/x")),
        A::Contradicted
    );
}

#[test]
fn a_named_host_explains_itself_and_nothing_else() {
    let task = "Send order events to https://hooks.example.com/orders";
    assert_eq!(verdict(task, &network("hooks.example.com")), A::Asked);
    assert_eq!(verdict(task, &network("mirror.test")), A::Unexplained);
    assert_eq!(
        verdict("Charge the card with Stripe", &network("api.stripe.com")),
        A::Asked
    );
    assert_eq!(
        verdict("Charge the card with Stripe", &network("stripe.example")),
        A::Unexplained
    );
    assert_eq!(
        verdict(
            "Do not contact metrics.example",
            &network("metrics.example")
        ),
        A::Contradicted
    );
}

#[test]
fn owners_are_named_by_names_and_not_by_nouns() {
    assert_eq!(
        verdict("Sort the table of Acme by price", &network("acme.example")),
        A::Asked
    );
    assert_eq!(
        verdict("Sort the table by price", &network("price.example")),
        A::Unexplained
    );
    let task = "Send order events to hooks.example.com";
    assert_eq!(verdict(task, &network("hooks.example.com")), A::Asked);
    assert_eq!(verdict(task, &network("mirror.test")), A::Unexplained);
}

#[test]
fn a_credential_is_never_explained_away() {
    let mut leak = network("collect.example");
    leak.data = LabelSet::of(Label::Credential);
    assert_eq!(verdict("Upload the report", &leak), A::Unexplained);
    assert_eq!(
        verdict("Upload the report to collect.example", &leak),
        A::Asked
    );
}

#[test]
fn base_makes_usual_but_not_for_new_secrets() {
    let base = [network("api.example")];
    let asked = AskedFor::new(Some("Rename a variable"), &[], &base);
    assert_eq!(asked.decide(&network("api.example"), "").verdict, A::Usual);
    assert_eq!(
        asked.decide(&network("other.example"), "").verdict,
        A::Unexplained
    );
    let mut leak = network("api.example");
    leak.data = LabelSet::of(Label::Credential);
    assert_eq!(asked.decide(&leak, "").verdict, A::Unexplained);
}

#[test]
fn claims_are_shown_and_not_believed() {
    let asked = AskedFor::new(Some("Fix the typo"), &["Add telemetry upload"], &[]);
    let answer = asked.decide(&network("t.example"), "");
    assert_eq!(answer.verdict, A::Claimed);
    assert!(answer.because.contains("telemetry"), "{}", answer.because);
    let asked = AskedFor::new(Some("Fix the typo"), &[], &[]);
    assert_eq!(
        asked
            .decide(&network("t.example"), "uploads crash reports")
            .verdict,
        A::Claimed
    );
    assert_eq!(
        asked
            .decide(&network("t.example"), "Pure function, no network access.")
            .verdict,
        A::Contradicted
    );
}

#[test]
fn no_task_is_said() {
    let asked = AskedFor::new(None, &["upload things"], &[]);
    let answer = asked.decide(&network("t.example"), "");
    assert_eq!(
        (answer.verdict, answer.because.as_str()),
        (A::NotStated, "no task was given")
    );
    let mut old = network("t.example");
    old.is_new = Some(false);
    assert_eq!(
        AskedFor::new(Some("x"), &[], &[]).decide(&old, "").verdict,
        A::NotStated
    );
}
