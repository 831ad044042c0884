//! Names that were absent once, across runs, processes and damage.

use super::{Stage, package};
use std::sync::Arc;
use tares_model::Ecosystem::{Cargo, Npm, PyPi};
use tares_model::fact::{Existence, Sightings, Timestamp};
use tares_testkit::{Behaviour, TestPackage};
use tares_world::ledger::Ledger;
use tares_world::{Os, System};

#[test]
fn a_name_that_was_absent_and_is_there_is_remembered() {
    for ecosystem in [PyPi, Npm, Cargo] {
        let mut stage = Stage::new();
        let before = stage.ask(ecosystem, "slop-name");
        assert_eq!(before.existence, Existence::Absent);
        assert_eq!(before.sightings, Sightings::default());
        stage.wait(48 * 3600);
        stage
            .registry
            .add(TestPackage::new(ecosystem, "slop-name").release("9.9.9", "2020-01-01T00:00:00Z"));
        let after = stage.ask(ecosystem, "slop-name");
        assert_eq!(after.existence, Existence::Exists);
        let seen = Some(Timestamp(1_780_272_000));
        assert_eq!(after.sightings.first_absent, seen, "{ecosystem}");
        assert_eq!(after.sightings.last_absent, seen);
        assert_eq!(after.sightings.cleared_by, None);
    }
}

#[test]
fn only_places_that_can_be_relied_on_are_written_down() {
    let mut stage = Stage::new();
    stage.registry.behave(Npm, Behaviour::NothingThere);
    stage.ask(Npm, "tool");
    assert!(!stage.folder.path().join("data/sightings").exists());
    stage.registry.behave(Npm, Behaviour::Honest);
    stage.registry.add(TestPackage::seasoned(Npm, "tool"));
    stage.wait(3600);
    assert_eq!(stage.ask(Npm, "tool").sightings, Sightings::default());
}

#[test]
fn absent_at_one_place_is_no_history_of_another() {
    let mut stage = Stage::new();
    assert_eq!(stage.ask(Npm, "tool").existence, Existence::Absent);
    let other = tares_testkit::TestRegistry::start();
    other.add(TestPackage::seasoned(Npm, "tool"));
    stage
        .system
        .vars
        .insert("npm_config_registry".to_owned(), other.url(Npm));
    let facts = stage.ask(Npm, "tool");
    assert_eq!(facts.existence, Existence::Exists);
    assert_eq!(facts.sightings.first_absent, None);
}

#[test]
fn lines_that_are_not_whole_are_not_there() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("deep/sightings");
    let ledger = || Ledger::new(Arc::new(Os), file.clone());
    let name = |name: &str| package(Npm, name);
    ledger().record(&name("one"), "here", false, Timestamp(100));
    ledger().record(&name("two"), "here", false, Timestamp(200));
    let whole = std::fs::read(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read it");
    }
    // A kill in the middle of the last line, at every byte; then another process writes on.
    let end_of_first = whole.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    for cut in end_of_first..whole.len() - 1 {
        std::fs::write(&file, &whole[..cut]).unwrap();
        assert_eq!(
            ledger().sightings(&name("two"), "here"),
            Sightings::default(),
            "{cut}"
        );
        ledger().record(&name("three"), "here", false, Timestamp(300));
        let seen = |one: &str| ledger().sightings(&name(one), "here").first_absent;
        assert_eq!(seen("one"), Some(Timestamp(100)), "{cut}");
        assert_eq!(seen("two"), None, "{cut}");
        assert_eq!(seen("three"), Some(Timestamp(300)), "{cut}");
    }
    let mut damaged = whole.clone();
    let at = damaged.windows(3).position(|part| part == b"one").unwrap();
    damaged[at] = b'x';
    std::fs::write(&file, damaged).unwrap();
    assert_eq!(
        ledger().sightings(&name("xne"), "here"),
        Sightings::default()
    );
    assert_eq!(
        ledger().sightings(&name("two"), "here").first_absent,
        Some(Timestamp(200))
    );
}

#[test]
fn many_writers_lose_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("sightings");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let file = file.clone();
            scope.spawn(move || {
                // A ledger of its own, as another process has.
                let ledger = Ledger::new(Arc::new(Os), file);
                for i in 0..50 {
                    let name = package(Npm, &format!("n{writer}-{i}"));
                    ledger.record(&name, "here", false, Timestamp(i64::from(i)));
                }
            });
        }
    });
    let ledger = Ledger::new(Arc::new(Os), file);
    for writer in 0..4 {
        for i in 0..50 {
            let seen = ledger.sightings(&package(Npm, &format!("n{writer}-{i}")), "here");
            assert_eq!(seen.first_absent, Some(Timestamp(i)), "{writer} {i}");
        }
    }
}

#[test]
fn somebody_may_vouch_and_repeats_add_nothing() {
    let system: Arc<dyn System> = Arc::new(tares_world::InMemory::default());
    let file = std::path::PathBuf::from("/data/sightings");
    let ledger = Ledger::new(Arc::clone(&system), file.clone());
    let name = package(Npm, "tool");
    ledger.record(&name, "here", false, Timestamp(100));
    ledger.record(&name, "here", false, Timestamp(200));
    ledger.record(&name, "here", true, Timestamp(300));
    ledger.record(&name, "here", true, Timestamp(400));
    ledger
        .clear(&name, "here", "me\tand\nyou", Timestamp(500))
        .unwrap();
    let seen = Ledger::new(Arc::clone(&system), file.clone()).sightings(&name, "here");
    assert_eq!(
        seen,
        Sightings {
            first_absent: Some(Timestamp(100)),
            last_absent: Some(Timestamp(100)),
            first_exists: Some(Timestamp(300)),
            cleared_by: Some("meandyou".to_owned()),
        }
    );
    let text = String::from_utf8(system.read(&file, 10_000).unwrap()).unwrap();
    assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), 3);
}
