//! What is kept between runs, for how long, and what damage does to it.

use super::{Stage, facts, package, why};
use tares_model::Ecosystem::{Cargo, Npm, PyPi};
use tares_model::fact::{Existence, Ignorance, Packages as _, Timestamp};
use tares_testkit::registry::TestRelease;
use tares_testkit::{Behaviour, TestPackage};
use tares_world::registry::Settings;

#[test]
fn a_second_run_asks_nothing_while_answers_are_young() {
    let mut stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    let first = stage.ask(Npm, "tool");
    stage.ask(Npm, "made-up");
    stage.registry.forget_requests();
    stage.wait(500);
    assert_eq!(stage.ask(Npm, "made-up").existence, Existence::Absent);
    let second = stage.ask(Npm, "tool");
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
    // The age is that of the answer, not of the reading.
    assert_eq!(second.lookup, first.lookup);
    assert_eq!(second.releases, first.releases);
    // An absent name may be registered any minute.
    stage
        .registry
        .add(TestPackage::new(Npm, "made-up").release("1.0.0", "2026-06-01T00:00:00Z"));
    stage.wait(200);
    assert_eq!(stage.ask(Npm, "made-up").existence, Existence::Exists);
    assert_eq!(stage.ask(Npm, "tool").existence, Existence::Exists);
    let asked = stage.registry.requests();
    assert!(!asked.contains(&"/npm/tool".to_owned()), "{asked:?}");
}

#[test]
fn an_old_answer_is_asked_for_its_changes() {
    let mut stage = Stage::new();
    let release = || TestRelease::new("1.0.0", "2026-01-01T00:00:00Z");
    stage
        .registry
        .add(TestPackage::new(PyPi, "tool").with(release()));
    let first = stage.ask(PyPi, "tool");
    stage.wait(5 * 3600);
    stage.registry.forget_requests();
    let same = stage.ask(PyPi, "tool");
    assert_eq!(same.lookup.as_ref().unwrap().status, Some(304));
    assert_eq!(same.releases, first.releases);
    assert!(same.lookup.unwrap().time > first.lookup.unwrap().time);
    assert_eq!(stage.registry.headers("if-none-match").len(), 1);
    // Withdrawn, and with another archive, between two runs.
    stage
        .registry
        .add(TestPackage::new(PyPi, "tool").with(release().yanked().file("tool/x.py", "1")));
    stage.wait(5 * 3600);
    let changed = stage.ask(PyPi, "tool");
    assert_eq!(changed.releases[0].yanked, Some(true));
    assert_ne!(changed.releases[0].digests, first.releases[0].digests);
}

#[test]
fn offline_remembers_what_was_there_with_its_age() {
    let mut stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    let first = stage.ask(Npm, "tool");
    stage.ask(Npm, "made-up");
    stage.registry.forget_requests();
    stage.wait(3 * 24 * 3600);
    let run = stage.run_with(Settings {
        offline: true,
        ..Settings::default()
    });
    assert_eq!(facts(&run, Npm, "tool").lookup, first.lookup);
    assert_eq!(facts(&run, Npm, "tool").existence, Existence::Exists);
    let unknown = Existence::Unknown(Ignorance::Offline);
    assert_eq!(facts(&run, Npm, "made-up").existence, unknown);
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
}

#[test]
fn what_was_there_lately_outlives_a_place_that_cannot_be_reached() {
    let mut stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    let first = stage.ask(Npm, "tool");
    stage.ask(Npm, "made-up");
    stage.registry.behave(Npm, Behaviour::Status(503));
    stage.wait(24 * 3600);
    let later = stage.ask(Npm, "tool");
    assert_eq!(later.existence, Existence::Exists);
    assert_eq!(later.lookup, first.lookup);
    assert_eq!(why(&stage.ask(Npm, "made-up")), "failed: status 503");
}

#[test]
fn a_damaged_store_is_no_answer() {
    let stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    stage.ask(Npm, "tool");
    let mut damaged = 0;
    let mut folders = vec![stage.folder.path().join("cache")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("data") {
                let mut bytes = std::fs::read(&path).unwrap();
                bytes.iter_mut().for_each(|byte| *byte ^= 0x55);
                std::fs::write(&path, bytes).unwrap();
                damaged += 1;
            }
        }
    }
    assert_eq!(damaged, 1);
    stage.registry.forget_requests();
    assert_eq!(stage.ask(Npm, "tool").existence, Existence::Exists);
    assert_eq!(stage.registry.requests().len(), 3);
}

#[test]
fn a_place_that_turned_unusable_keeps_no_answer() {
    let stage = Stage::new();
    stage.registry.behave(Npm, Behaviour::NothingThere);
    assert!(why(&stage.ask(Npm, "tool")).starts_with("uncalibrated"));
    stage.registry.behave(Npm, Behaviour::Honest);
    assert_eq!(stage.ask(Npm, "tool").existence, Existence::Absent);
}

#[test]
fn cargos_own_copy_tells_what_is_there_without_a_question() {
    let mut stage = Stage::new();
    let line = r#"{"name":"my_crate","vers":"1.0.0","cksum":"00","yanked":false,"pubtime":"2026-01-01T00:00:00Z"}"#;
    let mut copy = vec![3, 2, 0, 0, 0];
    copy.extend(format!("etag: x\01.0.0\0{line}\0").bytes());
    let path = "/home/me/.cargo/registry/index/here-0/.cache/my/_c/my_crate";
    stage.system.files.insert(path.into(), copy);
    let run = stage.run_with(Settings {
        offline: true,
        ..Settings::default()
    });
    let found = facts(&run, Cargo, "my-crate");
    assert_eq!(found.existence, Existence::Exists);
    assert_eq!(found.first_release(), Some(Timestamp(1_767_225_600)));
    assert_eq!(found.lookup.unwrap().endpoint, "cache");
    let other = run.facts(&[package(Cargo, "other")]);
    assert_eq!(other[0].existence, Existence::Unknown(Ignorance::Offline));
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
}

#[test]
fn a_copy_that_the_real_cargo_wrote_is_read() {
    let mut stage = Stage::new();
    let folder = stage.folder.path().join("project");
    let home = folder.join("home");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::create_dir_all(&home).unwrap();
    stage
        .registry
        .add(TestPackage::seasoned(Cargo, "slop_demo"));
    let manifest = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nslop_demo = \"1\"\n";
    for (path, text) in [
        ("home/config.toml", stage.registry.cargo_config().as_str()),
        ("Cargo.toml", manifest),
        ("src/lib.rs", ""),
    ] {
        std::fs::write(folder.join(path), text).unwrap();
    }
    let fetch = std::process::Command::new("cargo")
        .arg("fetch")
        .current_dir(&folder)
        .env("CARGO_HOME", &home)
        .env_remove("HTTP_PROXY")
        .env_remove("http_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&fetch.stderr).into_owned();
    assert!(fetch.status.success(), "{said}");
    // The copy as cargo wrote it, on the machine in memory.
    let index = home.join("registry/index");
    let index = std::fs::read_dir(index)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let copy = std::fs::read(index.join(".cache/sl/op/slop_demo")).unwrap();
    let path = "/home/me/.cargo/registry/index/here-0/.cache/sl/op/slop_demo";
    stage.system.files.insert(path.into(), copy);
    let run = stage.run_with(Settings {
        offline: true,
        ..Settings::default()
    });
    let found = facts(&run, Cargo, "slop-demo");
    assert_eq!(found.existence, Existence::Exists, "{}", why(&found));
    assert_eq!(found.releases.len(), 10);
    assert_eq!(found.first_release(), Some(Timestamp(1_425_204_000)));
}
