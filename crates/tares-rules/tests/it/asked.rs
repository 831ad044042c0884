//! Whether the words of a task explain an effect.

use crate::make::{effect, network};
use tares_model::effect::{AskedVerdict as A, Effect, EffectKind, Label, LabelSet, Target};
use tares_rules::{Around, AskedFor};

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

#[test]
fn tasks_as_people_give_them() {
    use EffectKind::{
        Credential, DynamicCode, Environment, FileDelete, FileWrite, Network, Process, Sql,
    };
    let table: &[(&str, &[EffectKind], &[EffectKind])] = &[
        (
            "add retry to the S3 uploader",
            &[],
            &[Process, FileDelete, DynamicCode],
        ),
        (
            "export report as CSV",
            &[FileWrite],
            &[Network, Process, Credential],
        ),
        (
            "cache the avatar thumbnails",
            &[FileWrite],
            &[Network, Process],
        ),
        (
            "fix flaky test",
            &[],
            &[Network, Process, FileWrite, Credential, Environment],
        ),
        ("Fix typo in the download page", &[], &[Network, Process]),
        ("Refactor the payment client", &[], &[Network, Process]),
        (
            "Write unit tests for the uploader",
            &[],
            &[Network, Process],
        ),
        ("Add docstrings to the upload helper", &[], &[Network]),
        (
            "Clean up temporary files older than a day",
            &[FileDelete],
            &[Network],
        ),
        (
            "Read the API token from the environment",
            &[Environment, Credential],
            &[Process],
        ),
        (
            "Show the ten latest orders of a customer",
            &[Sql],
            &[Network, Process],
        ),
        (
            "Call git to find the current branch",
            &[Process],
            &[Network],
        ),
        ("Bump version to 2.1", &[], &[Network, Process, DynamicCode]),
        (
            "Refactor the client, then upload the result",
            &[Network],
            &[Process],
        ),
    ];
    for (task, asked, open) in table {
        for kind in *asked {
            assert_eq!(verdict(task, &on(*kind, "x")), A::Asked, "{task}: {kind}");
        }
        for kind in *open {
            assert_eq!(
                verdict(task, &on(*kind, "x")),
                A::Unexplained,
                "{task}: {kind}"
            );
        }
    }
}

#[test]
fn a_library_asks_for_no_peer() {
    let mut call = network("api.example");
    call.api = "httpx.get".to_owned();
    assert_eq!(verdict("Migrate to httpx", &call), A::Unexplained);
    let base = [network("api.example")];
    let asked = AskedFor::new(Some("Migrate to httpx"), &[], &base);
    assert_eq!(asked.decide(&call, "").verdict, A::Usual);
    call.target = Target::Unknown("url".to_owned());
    assert_eq!(verdict("Migrate to httpx", &call), A::Asked);
}

#[test]
fn to_touch_what_is_there_brings_no_new_place() {
    let base = [network("api.example")];
    let asked = AskedFor::new(Some("Refactor the upload client"), &[], &base);
    let mut moved = network("api.example");
    moved.target = Target::Unknown("self.url".to_owned());
    assert_eq!(asked.decide(&moved, "").verdict, A::Asked);
    let other = asked.decide(&network("other.example"), "");
    assert_eq!(other.verdict, A::Unexplained);
    assert!(
        other.because.contains("only touches `upload`"),
        "{}",
        other.because
    );
}

#[test]
fn tests_do_in_test_code_what_tests_do() {
    let asked = AskedFor::new(Some("Add tests for the parser"), &[], &[]);
    let write = on(EffectKind::FileWrite, "/tmp/x");
    let mut around = Around::default();
    assert_eq!(asked.decide_in(&write, &around).verdict, A::Unexplained);
    around.is_test = true;
    assert_eq!(asked.decide_in(&write, &around).verdict, A::Asked);
}

#[test]
fn a_file_goes_on_with_what_it_is_for() {
    let mut write = on(EffectKind::FileWrite, "");
    write.target = Target::Unknown("path".to_owned());
    let here = [write.clone()];
    let asked = AskedFor::new(Some("Sort the rows"), &[], &[]);
    let around = Around {
        here: &here,
        ..Around::default()
    };
    assert_eq!(asked.decide_in(&write, &around).verdict, A::Usual);
    let mut secret = write.clone();
    secret.data = LabelSet::of(Label::Credential);
    assert_eq!(asked.decide_in(&secret, &around).verdict, A::Unexplained);
    assert_eq!(
        asked
            .decide_in(&on(EffectKind::FileWrite, "/etc/x"), &around)
            .verdict,
        A::Unexplained
    );
}

#[test]
fn claims_deny_by_plain_words_only() {
    let asked = AskedFor::new(Some("Speed up the parser"), &[], &[]);
    let net = network("a.example");
    for claim in [
        "Works on local data only, no network access.",
        "Does not send anything.",
        "Sends nothing.",
        "Offline.",
    ] {
        assert_eq!(
            asked.decide(&net, claim).verdict,
            A::Contradicted,
            "{claim}"
        );
    }
    for claim in [
        "Does not retry.",
        "Returns None if there is no url.",
        "Not for remote hosts.",
    ] {
        assert_ne!(
            asked.decide(&net, claim).verdict,
            A::Contradicted,
            "{claim}"
        );
    }
    let write = on(EffectKind::FileWrite, "/x");
    assert_eq!(
        asked.decide(&write, "Read-only view.").verdict,
        A::Contradicted
    );
    // A message about many files may speak of another one.
    let whole = AskedFor::new(Some("Speed up the parser"), &["Add a read-only view"], &[]);
    assert_ne!(whole.decide(&write, "").verdict, A::Contradicted);
}

#[test]
fn a_task_names_a_host_behind_a_user_and_a_variable_with_its_value() {
    let verdict = |task: &str, effect: &Effect| {
        AskedFor::new(Some(task), &[], &[])
            .decide(effect, "")
            .verdict
    };
    let net = network("mirror.cdn.example");
    let copies = "Copy the binary to cache@mirror.cdn.example:/in/ as well.";
    assert_eq!(verdict(copies, &net), A::Asked);
    assert_ne!(verdict("Thank ops@cdn.test for the idea", &net), A::Asked);
    let variable = on(EffectKind::Environment, "PYTHONHTTPSVERIFY");
    assert_eq!(
        verdict("Set PYTHONHTTPSVERIFY=0 in the image", &variable),
        A::Asked
    );
}

#[test]
fn only_a_secret_that_is_to_be_logged_is_asked_for() {
    let log = on(EffectKind::Log, "message");
    let verdict = |task: &str| AskedFor::new(Some(task), &[], &[]).decide(&log, "").verdict;
    assert_eq!(
        verdict("Print the publish token, reversed, before publishing."),
        A::Asked
    );
    assert_ne!(
        verdict("Log failed token exchanges with their status."),
        A::Asked
    );
    assert_ne!(verdict("Do not log the password."), A::Asked);
}

#[test]
fn a_control_goes_only_where_the_task_says_so() {
    let gone = |task: &str, kind, name: &str| {
        AskedFor::new(Some(task), &[], &[])
            .decide_removed(&on(kind, name))
            .verdict
    };
    assert_eq!(
        gone(
            "Remove the login check for the health page",
            EffectKind::Check,
            "comparison"
        ),
        A::Asked
    );
    assert_eq!(
        gone("Speed up the health page", EffectKind::Check, "comparison"),
        A::Unexplained
    );
    assert_eq!(
        gone("Drop the upload size limit", EffectKind::Limit, "max"),
        A::Asked
    );
    assert_eq!(
        gone(
            "Do not remove old files",
            EffectKind::Setting,
            "verify_mode"
        ),
        A::Unexplained
    );
    assert_eq!(
        gone(
            "Disable check_hostname for local peers",
            EffectKind::Setting,
            "check_hostname"
        ),
        A::Asked
    );
    assert_eq!(
        gone("Entferne die Berechtigungsprüfung", EffectKind::Check, "x"),
        A::Asked
    );
}

#[test]
fn german_is_understood() {
    let net = network("partner.example");
    for task in [
        "Lade den Bericht hoch: Hochladen zum Partner",
        "Die Daten vom Server abrufen",
        "Sende eine Benachrichtigung",
    ] {
        assert_eq!(verdict(task, &net), A::Asked, "{task}");
    }
    for task in ["Sortiere die Tabelle", "Kennwörter mit scrypt prüfen"] {
        assert_eq!(verdict(task, &net), A::Unexplained, "{task}");
    }
    for task in [
        "Werte die Datei aus, ohne Netzwerkzugriff",
        "Keine Verbindung nach außen",
        "Läuft offline",
    ] {
        assert_eq!(verdict(task, &net), A::Contradicted, "{task}");
    }
    assert_eq!(
        verdict(
            "Exportiere den Bericht als CSV",
            &on(EffectKind::FileWrite, "/x")
        ),
        A::Asked
    );
    assert_eq!(
        verdict(
            "Alte Sicherungen löschen",
            &on(EffectKind::FileDelete, "/x")
        ),
        A::Asked
    );
}
