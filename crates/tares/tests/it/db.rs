//! `tares db`, and what `check` and `scan` say of packages with it and without.

use crate::stage::{repo, tares_in};
use tares_testkit::TestRepo;

const FLAW: &str = r#"{"id":"GHSA-aaaa","modified":"2023-11-10T00:00:00Z","aliases":["CVE-2023-1"],"summary":"Leaks a header",
 "database_specific":{"severity":"HIGH"},"affected":[{"package":{"ecosystem":"PyPI","name":"fetcher"},
 "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.31.0"}]}]}]}"#;
const MALWARE: &str = r#"{"id":"MAL-2023-1","modified":"2023-11-10T00:00:00Z",
 "affected":[{"package":{"ecosystem":"PyPI","name":"fetchr"},"versions":["1.0.1"]}]}"#;

/// A repository beside a folder of advisories.
fn staged() -> (TestRepo, tempfile::TempDir) {
    let repo = repo();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("osv")).unwrap();
    std::fs::write(folder.path().join("osv/flaw.json"), FLAW).unwrap();
    std::fs::write(folder.path().join("osv/malware.json"), MALWARE).unwrap();
    (repo, folder)
}

#[test]
fn packages_are_looked_up_once_there_is_data() {
    let (repo, folder) = staged();
    let data = folder.path().join("data");
    let tares = || tares_in(&repo).variable("TARES_DATA_DIR", &data);
    repo.write("requirements.txt", "fetcher==2.30.0\n")
        .write("app.txt", "x");
    tares()
        .run(["check"])
        .ends(0)
        .shows("there is no advisory data");
    tares()
        .run(["db", "status"])
        .ends(3)
        .complains("no advisory data");
    tares()
        .run(["db", "update"])
        .ends(2)
        .complains("no source was named");
    let source = folder.path().join("osv");
    tares()
        .run(["db", "update", source.to_str().unwrap()])
        .ends(0)
        .shows("2 advisories")
        .shows("pypi: 2 records, 1 of them malware");
    tares()
        .run(["db", "status"])
        .ends(0)
        .shows("newest of 2023-11-10");
    tares()
        .run(["check"])
        .ends(0)
        .shows("vulnerable-dependency")
        .shows("GHSA-aaaa")
        .shows("CVE-2023-1")
        .shows("fixed in 2.31.0")
        .shows("advisory-data-old")
        .shows("days old");
    tares()
        .run(["scan", "requirements.txt"])
        .ends(0)
        .shows("vulnerable-dependency")
        .shows("advisory-data-old");
    repo.write("requirements.txt", "fetchr==1.0.1\n");
    tares()
        .run(["check"])
        .ends(1)
        .shows("malicious-package")
        .shows("MAL-2023-1");
    repo.write("requirements.txt", "fetchr==1.0.2\n");
    tares().run(["check"]).ends(0);
    // The sources of the last time are read again.
    tares().run(["db", "update"]).ends(0).shows("2 advisories");
}

#[test]
fn a_change_without_packages_says_nothing_about_data() {
    let repo = repo();
    repo.write("notes.md", "hello\n");
    let answer = tares_in(&repo).run(["check"]);
    assert!(!answer.stdout.contains("advisory"), "{answer}");
}

#[test]
fn damaged_data_is_told_and_never_nothing_known() {
    let (repo, folder) = staged();
    let data = folder.path().join("data");
    let tares = || tares_in(&repo).variable("TARES_DATA_DIR", &data);
    let source = folder.path().join("osv");
    tares()
        .run(["db", "update", source.to_str().unwrap()])
        .ends(0);
    let file = data.join("advisories.v1");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    repo.write("requirements.txt", "fetchr==1.0.1\n");
    tares()
        .run(["check"])
        .ends(0)
        .shows("advisory-undecided")
        .shows("cannot be read");
    tares().run(["db", "status"]).ends(2).complains("damaged");
    tares()
        .run(["db", "update", source.to_str().unwrap()])
        .ends(0);
    tares().run(["check"]).ends(1);
}

#[test]
fn documents_that_cannot_be_read_make_an_update_partial() {
    let (repo, folder) = staged();
    std::fs::write(
        folder.path().join("osv/broken.json"),
        r#"{"schema_version":"1","id":"#,
    )
    .unwrap();
    let tares = || tares_in(&repo).variable("TARES_DATA_DIR", folder.path().join("data"));
    tares()
        .run(["db", "update", folder.path().join("osv").to_str().unwrap()])
        .ends(4)
        .shows("broken.json")
        .complains("not whole");
    tares()
        .run(["db", "status", "--format", "json"])
        .ends(0)
        .shows("\"unreadable\": 1");
}
