//! What hostile and broken registries are taken for.

use super::{SPOKEN, Stage, facts, package, why};
use std::time::{Duration, Instant};
use tares_model::Ecosystem::{self, Cargo, Npm, PyPi};
use tares_model::fact::Packages as _;
use tares_model::fact::{Dates, Existence};
use tares_testkit::{Behaviour, TestPackage, TestRegistry};
use tares_world::registry::{Patience, Settings};

/// What is said of a name that is there when the whole registry behaves so.
fn said_of(ecosystem: Ecosystem, name: &str, behaviour: Behaviour) -> String {
    let stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(ecosystem, name));
    stage.registry.behave(ecosystem, behaviour);
    why(&stage.ask(ecosystem, name))
}

#[test]
fn places_that_do_not_tell_names_apart_are_no_evidence() {
    for (ecosystem, name) in SPOKEN {
        let nothing = said_of(ecosystem, name, Behaviour::NothingThere);
        assert!(
            nothing.starts_with("uncalibrated: it does not have `"),
            "{ecosystem}: {nothing}"
        );
        let all = said_of(ecosystem, name, Behaviour::CatchAll);
        assert_eq!(
            all, "uncalibrated: it has a name that cannot be there",
            "{ecosystem}"
        );
        let soft = said_of(ecosystem, name, Behaviour::SoftNotFound);
        assert!(soft.starts_with("malformed: "), "{ecosystem}: {soft}");
    }
}

#[test]
fn broken_answers_are_unknown_with_their_reason() {
    for (ecosystem, name) in SPOKEN {
        let said = |behaviour| said_of(ecosystem, name, behaviour);
        assert_eq!(
            said(Behaviour::Status(401)),
            "failed: the place wants to know who asks"
        );
        assert_eq!(said(Behaviour::Status(503)), "failed: status 503");
        assert_eq!(
            said(Behaviour::RedirectLoop),
            "malformed: more than 5 redirects"
        );
    }
    for (ecosystem, name) in &SPOKEN[..2] {
        let said = |behaviour| said_of(*ecosystem, name, behaviour);
        assert_eq!(
            said(Behaviour::Enormous(40 << 20)),
            "malformed: answer above 33554432 bytes"
        );
        assert_eq!(
            said(Behaviour::GzipBomb(200 << 20)),
            "malformed: answer above 33554432 bytes"
        );
    }
}

#[test]
fn answers_that_are_cut_or_name_another_are_malformed() {
    for (ecosystem, name) in &SPOKEN[..3] {
        let said = |behaviour| said_of(*ecosystem, name, behaviour);
        for behaviour in [Behaviour::Truncated, Behaviour::OtherName] {
            let said = said(behaviour.clone());
            assert!(
                said.starts_with("malformed: "),
                "{ecosystem} {behaviour:?}: {said}"
            );
        }
        let said = said(Behaviour::MediaType("text/html"));
        assert!(said.starts_with("malformed: "), "{ecosystem}: {said}");
    }
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "busy"));
    stage.registry.behave(Npm, Behaviour::Flaky(503, 2));
    assert_eq!(stage.ask(Npm, "busy").existence, Existence::Exists);
    let asked = stage.registry.requests();
    assert_eq!(asked.iter().filter(|path| *path == "/npm/busy").count(), 3);
}

#[test]
fn a_slow_drip_is_cut() {
    let stage = Stage::new();
    stage.registry.behave_for(Npm, "slow", Behaviour::Drip);
    let start = Instant::now();
    let run = stage.run_with(Settings {
        patience: Patience {
            answer: Duration::from_secs(1),
            ..Patience::default()
        },
        ..Settings::default()
    });
    let names = ["slow", "quick"].map(|name| package(Npm, name));
    let facts = run.facts(&names);
    assert!(why(&facts[0]).starts_with("failed: "), "{}", why(&facts[0]));
    assert_eq!(facts[1].existence, Existence::Absent);
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn all_is_asked_at_once() {
    let stage = Stage::new();
    let pause = Duration::from_millis(700);
    for ecosystem in [Npm, PyPi] {
        stage.registry.behave(ecosystem, Behaviour::Late(pause));
    }
    let run = stage.run();
    let names = [(Npm, "a"), (Npm, "b"), (PyPi, "c"), (PyPi, "d")];
    let start = Instant::now();
    let facts = run.facts(&names.map(|(ecosystem, name)| package(ecosystem, name)));
    assert!(facts.iter().all(|one| one.existence == Existence::Absent));
    // Four names and four canaries: one pause, not two.
    assert!(start.elapsed() < 2 * pause, "{:?}", start.elapsed());
}

#[test]
fn nobody_there_is_said() {
    let mut stage = Stage::new();
    let closed = "http://127.0.0.1:9/".to_owned();
    stage
        .system
        .vars
        .insert("npm_config_registry".to_owned(), closed);
    let said = why(&stage.ask(Npm, "name"));
    assert!(said.starts_with("failed: "), "{said}");
}

#[test]
fn secrets_stay_with_the_server_they_are_for() {
    let mut stage = Stage::new();
    let other = TestRegistry::start();
    let url = stage.registry.url(Npm);
    let server = url.trim_start_matches("http:");
    let npmrc = format!("{server}:_authToken=${{TOKEN}}\n//elsewhere.example/:_authToken=never\n");
    stage
        .system
        .files
        .insert("/home/me/.npmrc".into(), npmrc.into_bytes());
    stage
        .system
        .vars
        .insert("TOKEN".to_owned(), "s3cret".to_owned());
    let target = other.url(Npm).trim_end_matches("/npm/").to_owned();
    stage
        .registry
        .behave_for(Npm, "moved", Behaviour::RedirectTo(target));
    other.add(TestPackage::seasoned(Npm, "moved"));
    let facts = stage.ask(Npm, "moved");
    assert_eq!(facts.existence, Existence::Exists);
    let sent = stage.registry.headers("authorization");
    assert_eq!(sent, ["Bearer s3cret"; 3]);
    assert_eq!(other.requests(), ["/npm/moved"]);
    assert_eq!(other.headers("authorization"), Vec::<String>::new());
    assert!(!format!("{facts:?}").contains("s3cret"));
    assert!(!format!("{:?}", stage.run()).contains("s3cret"));
}

#[test]
fn what_a_change_configures_is_not_followed() {
    let mut stage = Stage::new();
    let evil = TestRegistry::start();
    // Files of the checked repository lie on the disk; only what the caller hands over counts.
    for (path, text) in [
        ("/repo/.npmrc", format!("registry={}\n", evil.url(Npm))),
        ("/repo/.cargo/config.toml", evil.cargo_config()),
        (
            "/repo/pip.conf",
            format!("[global]\nindex-url={}\n", evil.url(PyPi)),
        ),
        (
            "/repo/uv.toml",
            format!("index-url=\"{}\"\n", evil.url(PyPi)),
        ),
    ] {
        stage.system.files.insert(path.into(), text.into_bytes());
    }
    let settings = Settings {
        root: Some("/repo".into()),
        ..Settings::default()
    };
    let run = stage.run_with(settings);
    for ecosystem in [Npm, PyPi, Cargo] {
        assert_eq!(facts(&run, ecosystem, "name").existence, Existence::Absent);
    }
    assert_eq!(evil.requests(), Vec::<String>::new());
}

#[test]
fn impossible_dates_do_not_count() {
    let stage = Stage::new();
    let dates = |ecosystem, dates: &[&str]| {
        let mut package = TestPackage::new(ecosystem, "dated");
        for (i, date) in dates.iter().enumerate() {
            package = package.release(&format!("1.{i}.0"), date);
        }
        stage.registry.add(package);
        std::fs::remove_dir_all(stage.folder.path().join("cache")).ok();
        let facts = stage.ask(ecosystem, "dated");
        assert_eq!(facts.existence, Existence::Exists, "{}", why(&facts));
        match facts.dates {
            Dates::Untrusted(why) => why,
            other => format!("{other:?}"),
        }
    };
    for ecosystem in [PyPi, Npm, Cargo] {
        let said = |list: &[&str]| dates(ecosystem, list);
        assert_eq!(said(&["yesterday"]), "a date cannot be read");
        assert_eq!(said(&["2026-02-30T00:00:00Z"]), "a date cannot be read");
        assert_eq!(
            said(&["1970-01-01T00:00:00Z"]),
            "a date is a constant, not a day of publication"
        );
        assert_eq!(said(&["2031-01-01T00:00:00Z"]), "a date lies in the future");
        assert_eq!(
            said(&["1999-01-01T00:00:00Z"]),
            "a date lies before the ecosystem began"
        );
        let days: Vec<String> = (10..20)
            .rev()
            .map(|day| format!("2025-01-{day}T00:00:00Z"))
            .collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(
            said(&days),
            "dates do not follow the order of 10 versions (tau -1.00)"
        );
        assert_eq!(said(&["2026-05-31T00:00:00Z"]), "Plausible");
    }
}
