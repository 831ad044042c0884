//! Archives: fetched, held against the index, taken apart, or refused.

use super::{Stage, package};
use tares_model::Ecosystem::{self, Cargo, Npm, PyPi};
use tares_model::fact::{Artefact, Ignorance, Packages as _};
use tares_testkit::TestPackage;
use tares_testkit::registry::TestRelease;

fn fetch(ecosystem: Ecosystem, release: TestRelease) -> Result<Artefact, Ignorance> {
    let stage = Stage::new();
    stage
        .registry
        .add(TestPackage::new(ecosystem, "my-tool").with(release));
    stage
        .run()
        .artefact(&package(ecosystem, "my-tool"), "1.0.0")
}

fn release() -> TestRelease {
    TestRelease::new("1.0.0", "2026-01-01T00:00:00Z")
}

fn refused(ecosystem: Ecosystem, release: TestRelease) -> String {
    match fetch(ecosystem, release) {
        Err(Ignorance::Malformed(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn archives_are_taken_apart_in_memory() {
    for (ecosystem, path, file) in [
        (PyPi, "my_tool/core.py", "my_tool-1.0.0-py3-none-any.whl"),
        (Npm, "package/my_tool/core.py", "my-tool-1.0.0.tgz"),
        (
            Cargo,
            "my-tool-1.0.0/my_tool/core.py",
            "my-tool-1.0.0.crate",
        ),
    ] {
        let artefact = fetch(ecosystem, release().file("my_tool/core.py", "x = 1\n")).unwrap();
        assert_eq!(artefact.file, file);
        let found = artefact.files.iter().find(|(one, _)| one == path);
        assert_eq!(found.unwrap().1, b"x = 1\n", "{ecosystem}");
        assert!(!artefact.is_partial);
        assert!(artefact.digest.starts_with("sha256:") && artefact.digest.len() == 71);
    }
    let source = fetch(PyPi, release().runs_at_install()).unwrap();
    assert!(
        source
            .files
            .iter()
            .any(|(path, _)| path == "my_tool-1.0.0/setup.py")
    );
}

#[test]
fn another_archive_than_the_index_names_is_refused() {
    for ecosystem in [PyPi, Npm, Cargo] {
        let why = refused(ecosystem, release().wrong_digest());
        assert!(
            why.starts_with("the archive is not the one of the index"),
            "{why}"
        );
    }
}

#[test]
fn archives_that_lead_out_or_explode_are_refused() {
    for path in ["../../.bashrc", "/etc/cron.d/x", "a\\..\\..\\x", "C:/x"] {
        let why = refused(PyPi, release().file(path, "x"));
        assert_eq!(why, "archive: a path leads out of the archive", "{path}");
    }
    let why = refused(Npm, release().file("../../x", "x"));
    assert_eq!(why, "archive: a path leads out of the archive");
    let zeros = vec![0; 40 << 20];
    let why = refused(Npm, release().file("x.js", zeros));
    assert_eq!(
        why,
        "archive: it grows out of proportion when it is unpacked"
    );
    let why = refused(Npm, release().raw(b"\x1f\x8b not at all".to_vec()));
    assert_eq!(why, "archive: damaged");
    let why = refused(PyPi, release().raw(b"PK\x05\x06 no".to_vec()));
    assert_eq!(why, "archive: damaged");
}

#[test]
fn a_version_that_is_not_there_is_said() {
    let stage = Stage::new();
    stage
        .registry
        .add(TestPackage::new(Npm, "my-tool").with(release()));
    let run = stage.run();
    let why = Ignorance::Malformed("the place names no archive of this version".to_owned());
    assert_eq!(run.artefact(&package(Npm, "my-tool"), "2.0.0"), Err(why));
    assert!(run.artefact(&package(Npm, "other"), "1.0.0").is_err());
}
