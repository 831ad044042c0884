//! Readers of advisories, and what they say of versions.

use std::collections::BTreeMap;
use tares_deps::Ecosystem;
use tares_deps::advisory::{
    Advisories, Answer, Contents, Day, Document, Event, Fix, Grade, Import, Judged, Kind,
    ReadError, Record, Refusal, affects, judge_looked, read, records, store_key,
};
use tares_model::{Level, Notice, RepoPath};

/// Looks up what a new file names.
fn judge_file(path: &RepoPath, text: &str, data: &Data) -> Judged {
    judge_looked(&[&tares_deps::look(path, None, text)], data)
}

/// Data in memory, from documents as a source has them.
pub(crate) struct Data {
    contents: Contents,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Data {
    pub(crate) fn new(documents: &[(String, String)]) -> Self {
        let mut import = Import::new(u64::from(today().0) * 86_400);
        import.source("examples", "folder", None);
        for (name, text) in documents {
            import.document(name, text.as_bytes());
        }
        let (contents, entries) = import.finish();
        Self {
            contents,
            entries: entries
                .into_iter()
                .map(|(key, value)| (key.into_vec(), value))
                .collect(),
        }
    }
}

impl Advisories for Data {
    fn find(&self, ecosystem: Ecosystem, normal: &str) -> Result<Vec<Record>, Refusal> {
        let found = self.entries.get(&store_key(ecosystem, normal));
        found.map_or(Ok(Vec::new()), |bytes| records(bytes))
    }

    fn contents(&self) -> &Contents {
        &self.contents
    }

    fn today(&self) -> Day {
        today()
    }
}

fn today() -> Day {
    Day::parse(crate::pages::TODAY).expect("a date")
}

fn osv(fields: &str) -> Document {
    let text = format!(r#"{{"id":"GHSA-1","modified":"2026-01-02T03:04:05Z",{fields}}}"#);
    read("GHSA-1.json", text.as_bytes()).expect("an advisory")
}

fn one(fields: &str) -> Record {
    let document = osv(fields);
    assert_eq!(document.records.len(), 1, "{document:?}");
    document.records[0].clone()
}

fn affected(ecosystem: &str, rest: &str) -> String {
    format!(
        r#""affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"Some.Thing"}},{rest}}}]"#
    )
}

fn events(ecosystem: &str, events: &str) -> Record {
    one(&affected(
        ecosystem,
        &format!(r#""ranges":[{{"type":"ECOSYSTEM","events":[{events}]}}]"#),
    ))
}

#[test]
fn osv_json_and_yaml_read_the_same() {
    let json = r#"{"schema_version":"1.6.0","id":"PYSEC-1","modified":"2023-06-05T01:13:00Z","published":"2023-05-26T18:15:00Z",
     "aliases":["CVE-2023-1","GHSA-j8r2"],"details":"Leaks headers.\nMore.",
     "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N"}],
     "affected":[{"package":{"ecosystem":"PyPI","name":"Requests","purl":"pkg:pypi/requests"},
       "ranges":[{"type":"GIT","repo":"https://example.test/r","events":[{"introduced":"0"},{"fixed":"74ea"}]},
                 {"type":"ECOSYSTEM","events":[{"introduced":"2.3.0"},{"fixed":"2.31.0"}]}],
       "versions":["2.30.0","9.9"]}]}"#;
    let yaml = "id: PYSEC-1\nmodified: 2023-06-05T01:13:00Z\npublished: '2023-05-26T18:15:00Z'\naliases:\n- CVE-2023-1\n- GHSA-j8r2\n\
        details: |\n  Leaks headers.\n  More.\nseverity:\n- type: CVSS_V3\n  score: CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N\n\
        affected:\n- package:\n    ecosystem: PyPI\n    name: Requests\n  ranges:\n  - type: GIT\n    events:\n    - introduced: \"0\"\n\
        \x20 - type: ECOSYSTEM\n    events:\n    - introduced: 2.3.0\n    - fixed: 2.31.0\n  versions:\n  - 2.30.0\n  - 9.9\n";
    let one = read("a/PYSEC-1.json", json.as_bytes()).expect("JSON");
    let other = read("PYSEC-1.yaml", yaml.as_bytes()).expect("YAML");
    assert_eq!(one, other);
    assert_eq!(
        (one.commit_ranges, one.withdrawn, one.foreign),
        (1, false, 0)
    );
    let record = &one.records[0];
    assert_eq!(
        (record.name.as_str(), record.ecosystem),
        ("requests", Some(Ecosystem::PyPi))
    );
    assert_eq!(record.title, "Leaks headers.");
    assert_eq!(record.grade, Some(Grade::Medium));
    assert_eq!(
        record.versions,
        ["9.9"],
        "a listed version that the range covers is not kept twice"
    );
    assert_eq!(
        record.date.map(|day| day.to_string()).as_deref(),
        Some("2023-05-26")
    );
    assert!(record.by_commits);
}

#[test]
fn versions_stand_inside_or_outside_of_events() {
    let record = events(
        "npm",
        r#"{"introduced":"0"},{"fixed":"1.2.0"},{"introduced":"2.0.0-rc.1"},{"last_affected":"2.3.0"}"#,
    );
    let says = |version: &str| affects(Ecosystem::Npm, &record, Some(version));
    assert_eq!(
        says("0.0.1"),
        Answer::Affected(Fix::From("1.2.0".to_owned()))
    );
    assert_eq!(says("1.2.0"), Answer::Clear);
    assert_eq!(
        says("1.2.0-beta"),
        Answer::Affected(Fix::From("1.2.0".to_owned()))
    );
    assert_eq!(says("2.0.0-rc.0"), Answer::Clear);
    assert_eq!(says("2.0.0"), Answer::Affected(Fix::None));
    assert_eq!(says("2.3.0"), Answer::Affected(Fix::None));
    assert_eq!(says("2.3.1"), Answer::Clear);
    assert!(matches!(says("next"), Answer::Unknown(_)));
    assert_eq!(affects(Ecosystem::Npm, &record, None), Answer::Clear);
}

#[test]
fn the_order_of_events_in_a_record_does_not_matter() {
    let record = events("PyPI", r#"{"fixed":"2.0"},{"introduced":"1.0"}"#);
    let says = |version: &str| affects(Ecosystem::PyPi, &record, Some(version));
    assert_eq!(says("0.9"), Answer::Clear);
    assert!(matches!(says("1.0"), Answer::Affected(_)));
    assert_eq!(says("2.0"), Answer::Clear);
}

#[test]
fn what_only_commits_decide_is_unknown_and_said() {
    let document = osv(&affected(
        "npm",
        r#""ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]"#,
    ));
    assert_eq!(document.commit_ranges, 1);
    let answer = affects(Ecosystem::Npm, &document.records[0], Some("1.0.0"));
    assert!(matches!(answer, Answer::Unknown(_)), "{answer:?}");
}

#[test]
fn withdrawn_and_foreign_advisories_leave_no_record() {
    let document = osv(&format!(
        r#""withdrawn":"2026-01-03T00:00:00Z",{}"#,
        affected("npm", r#""versions":["1.0.0"]"#)
    ));
    assert!(document.withdrawn && document.records.is_empty());
    let document = osv(&affected("Debian:12", r#""versions":["1.0.0"]"#));
    assert_eq!((document.foreign, document.records.len()), (1, 0));
}

#[test]
fn malware_is_told_by_id_alias_weakness_and_category() {
    let kind = |fields: &str| one(fields).kind;
    let package = affected("npm", r#""versions":["1.0.0"]"#);
    assert_eq!(kind(&package), Kind::Vulnerability);
    assert_eq!(
        kind(&format!(r#""aliases":["MAL-2024-1"],{package}"#)),
        Kind::Malware
    );
    let weakness = r#""database_specific":{"cwe_ids":["CWE-506"]}"#;
    assert_eq!(kind(&format!("{weakness},{package}")), Kind::Malware);
}

/// Rust's ecosystem is named by the host of its registry, whatever that is.
#[test]
fn packages_of_rust_are_known_by_name_or_purl() {
    for package in [
        r#"{"ecosystem":"crates.example","name":"Foo_Bar"}"#,
        r#"{"purl":"pkg:cargo/foo-bar","name":"Foo_Bar"}"#,
    ] {
        let record = one(&format!(
            r#""affected":[{{"package":{package},"versions":["1.0.0"]}}]"#
        ));
        assert_eq!(
            (record.ecosystem, record.name.as_str()),
            (Some(Ecosystem::Cargo), "foo-bar")
        );
    }
}

#[test]
fn rustsec_speaks_of_what_is_safe() {
    let text = |head: &str, versions: &str| {
        format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2022-0042\"\npackage = \"Some_Crate\"\ndate = \"2022-05-10\"\n{head}\n[versions]\n{versions}\n```\n\n# A title\n\nText.\n"
        )
    };
    let read = |head: &str, versions: &str| {
        let document =
            read("RUSTSEC-2022-0042.md", text(head, versions).as_bytes()).expect("an advisory");
        document.records.first().cloned()
    };
    let flaw = read(
        "cvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"",
        "patched = [\">= 1.2.3, < 2.0.0\", \">= 2.1.0\"]\nunaffected = [\"< 0.5\"]",
    )
    .expect("a record");
    assert_eq!(
        (flaw.name.as_str(), flaw.kind, flaw.grade),
        ("some-crate", Kind::Vulnerability, Some(Grade::Critical))
    );
    assert_eq!(flaw.title, "A title");
    let says = |version: &str| affects(Ecosystem::Cargo, &flaw, Some(version));
    assert_eq!(says("0.4.9"), Answer::Clear);
    assert_eq!(says("1.2.3"), Answer::Clear);
    assert_eq!(
        says("2.1.0-rc.1"),
        Answer::Affected(Fix::Requirement(">= 1.2.3, < 2.0.0".to_owned()))
    );
    assert!(matches!(says("2.0.5"), Answer::Affected(_)));
    assert_eq!(says("2.2.0-beta"), Answer::Clear);
    assert!(matches!(says("nonsense"), Answer::Unknown(_)));
    for head in ["categories = [\"malicious\"]", "expect-deleted = true"] {
        let malware = read(head, "patched = []").expect("a record");
        assert_eq!(malware.kind, Kind::Malware, "{head}");
        assert!(matches!(
            affects(Ecosystem::Cargo, &malware, None),
            Answer::Affected(_)
        ));
    }
    let kinds = ["unmaintained", "unsound", "notice"].map(|word| {
        read(&format!("informational = \"{word}\""), "patched = []").map(|record| record.kind)
    });
    assert_eq!(
        kinds,
        [
            Some(Kind::Unmaintained),
            Some(Kind::Unsound),
            Some(Kind::Notice)
        ]
    );
    assert_eq!(read("withdrawn = \"2023-01-01\"", "patched = []"), None);
}

#[test]
fn texts_that_are_no_advisories_are_told_from_broken_ones() {
    let other = [
        "{}",
        "[1,2]",
        "{\"name\":\"x\",\"version\":\"1\"}",
        "{\"id\":5}",
        "\"text\"",
    ];
    for text in other {
        assert_eq!(
            read("x.json", text.as_bytes()),
            Err(ReadError::Other),
            "{text}"
        );
    }
    assert_eq!(read("README.md", b"# Title\n"), Err(ReadError::Other));
    assert_eq!(read("x.txt", b"{}"), Err(ReadError::Other));
    assert_eq!(read("ci.yml", b"jobs:\n  a: 1\n"), Err(ReadError::Other));
    let deep = "{\"a\":".repeat(100_000);
    let alias = "id: a\nmodified: 2026-01-01\naffected: &a [*a]\n";
    for (name, text) in [
        ("x.json", "{\"id\":\"A\",\"modified\":\"2026"),
        ("x.json", deep.as_str()),
        (
            "x.json",
            "{\"id\":\"A\",\"affected\":[],\"modified\":\"soon\"}",
        ),
        ("x.yaml", alias),
        ("x.md", "```toml\n[advisory]\nid = 5\n```\n"),
        ("x.md", "```toml\n[advisory]\nid = \"x\"\n"),
    ] {
        let found = read(name, text.as_bytes());
        assert!(
            matches!(found, Err(ReadError::Syntax(_))),
            "{name} {found:?}"
        );
    }
    assert!(matches!(
        read("x.json", b"\xff\xfe"),
        Err(ReadError::Syntax(_))
    ));
}

#[test]
fn scores_are_those_of_the_specification() {
    let grade = Grade::from_vector;
    // Examples of the CVSS 3.1 user guide and their published base scores.
    for (vector, expected) in [
        (
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N",
            Grade::Medium,
        ), // 6.1
        (
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
            Grade::Medium,
        ), // 6.4
        ("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", Grade::Low), // 3.1
        (
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H",
            Grade::Critical,
        ), // 9.9
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", Grade::High), // 7.8
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", Grade::High), // 7.5
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Grade::Low), // 0.0
    ] {
        assert_eq!(grade(vector), Some(expected), "{vector}");
    }
    assert_eq!(
        grade("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
        None
    );
    assert_eq!(grade("CVSS:3.1/AV:N/AC:L"), None);
}

#[test]
fn days_are_read_and_shown() {
    for text in [
        "1970-01-01",
        "2000-02-29",
        "2026-11-20",
        "2100-03-01",
        "1999-12-31",
    ] {
        assert_eq!(
            Day::parse(text).map(|day| day.to_string()).as_deref(),
            Some(text)
        );
    }
    assert_eq!(Day::parse("2026-01-02T03:04:05Z"), Some(Day(20_455)));
    for text in [
        "",
        "2026",
        "1969-12-31",
        "2026-13-01",
        "2026-1-1",
        "not a date",
    ] {
        assert_eq!(Day::parse(text), None, "{text}");
    }
}

fn lock(name: &str, version: &str) -> String {
    format!("{{\"packages\": {{\n\"node_modules/{name}\": {{\"version\": \"{version}\"}}\n}}}}\n")
}

fn notices(documents: &[(&str, &str)], text: &str) -> Vec<Notice> {
    let documents: Vec<(String, String)> = documents
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let data = Data::new(&documents);
    let path = RepoPath::from("package-lock.json");
    judge_file(&path, text, &data).notices
}

fn npm(id: &str, more: &str, ranges: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2026-01-09T00:00:00Z",{more}"affected":[{{"package":{{"ecosystem":"npm","name":"thing"}},"ranges":[{{"type":"SEMVER","events":[{ranges}]}}]}}]}}"#
    )
}

#[test]
fn records_that_name_each_other_are_told_once_with_the_version_free_of_all() {
    let one = npm(
        "GHSA-1",
        r#""aliases":["CVE-1"],"database_specific":{"severity":"MODERATE"},"#,
        r#"{"introduced":"0"},{"fixed":"1.5.0"}"#,
    );
    let same = npm(
        "SNYK-1",
        r#""aliases":["CVE-1"],"#,
        r#"{"introduced":"0"},{"fixed":"1.5.0"}"#,
    );
    let two = npm(
        "GHSA-2",
        r#""database_specific":{"severity":"CRITICAL"},"summary":"Runs anything","#,
        r#"{"introduced":"1.0.0"},{"fixed":"1.10.0"}"#,
    );
    let found = notices(
        &[("1.json", &one), ("2.json", &same), ("3.json", &two)],
        &lock("thing", "1.2.0"),
    );
    assert_eq!(found.len(), 1, "{found:?}");
    let notice = &found[0];
    assert_eq!(
        (notice.rule, notice.level),
        ("vulnerable-dependency", Level::Review)
    );
    for part in [
        "2 known flaws",
        "critical at worst",
        "GHSA-2",
        "CVE-1",
        "Runs anything",
        "fixed in 1.10.0",
    ] {
        assert!(notice.message.contains(part), "{part}: {}", notice.message);
    }
}

#[test]
fn the_level_follows_the_grade_and_unknown_is_not_harmless() {
    let level = |more: &str| {
        let text = npm("GHSA-1", more, r#"{"introduced":"0"},{"fixed":"2.0.0"}"#);
        notices(&[("1.json", &text)], &lock("thing", "1.0.0"))[0].level
    };
    assert_eq!(
        level(r#""database_specific":{"severity":"LOW"},"#),
        Level::Note
    );
    assert_eq!(
        level(r#""database_specific":{"severity":"HIGH"},"#),
        Level::Review
    );
    assert_eq!(level(""), Level::Review);
}

#[test]
fn a_compromised_version_blocks_and_the_name_of_its_project_does_not() {
    let text = r#"{"id":"MAL-2025-7","modified":"2026-01-09T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"thing"},"versions":["1.2.1","1.2.2"]}]}"#;
    let data = [("1.json", text)];
    for version in ["1.2.1", "1.2.2", "v1.2.1"] {
        let found = notices(&data, &lock("thing", version));
        assert_eq!(
            (found[0].rule, found[0].level),
            ("malicious-package", Level::Block),
            "{version}"
        );
    }
    for version in ["1.2.0", "1.2.3", "2.0.0"] {
        assert_eq!(notices(&data, &lock("thing", version)), [], "{version}");
    }
    let path = RepoPath::from("package.json");
    let manifest = r#"{"dependencies":{"thing":"^1.2.0","Thing":"*"}}"#;
    let data = Data::new(&[("1.json".to_owned(), text.to_owned())]);
    assert_eq!(judge_file(&path, manifest, &data).notices, []);
}

#[test]
fn packages_from_elsewhere_are_not_those_of_the_registry() {
    let text = npm("MAL-1", "", r#"{"introduced":"0"}"#);
    let path = RepoPath::from("package.json");
    let manifest = r#"{"dependencies":{"thing":"file:../thing"}}"#;
    let data = Data::new(&[("1.json".to_owned(), text)]);
    let judged = judge_file(&path, manifest, &data);
    assert_eq!((judged.asked, judged.notices.len()), (0, 0));
}

#[test]
fn dates_to_come_do_not_keep_data_young() {
    let text = |modified: &str| {
        format!(
            r#"{{"id":"G","modified":"{modified}","affected":[{{"package":{{"ecosystem":"npm","name":"x"}},"versions":["1.0.0"]}}]}}"#
        )
    };
    let data = Data::new(&[
        ("1.json".to_owned(), text("2025-06-01")),
        ("2.json".to_owned(), text("2099-01-01")),
    ]);
    let (count, newest) = data.contents().of(Ecosystem::Npm).expect("records");
    assert_eq!((count, newest), (2, Day::parse("2025-06-01")));
}

#[test]
fn records_survive_the_store() {
    let record = events("Maven", r#"{"introduced":"1.0"},{"fixed":"1.1"}"#);
    let mut bytes = record.to_bytes();
    bytes.extend(record.to_bytes());
    let back = records(&bytes).expect("two records");
    assert_eq!(back.len(), 2);
    assert_eq!(
        back[0].ranges,
        [[
            Event::Introduced("1.0".to_owned()),
            Event::Fixed("1.1".to_owned())
        ]]
    );
    bytes.pop();
    assert!(records(&bytes).is_err());
}

#[test]
fn licences_are_allowed_refused_or_unknown() {
    use tares_deps::{Licence, licence};
    let allowed = [
        "MIT",
        "Apache-2.0",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    ]
    .map(str::to_owned);
    for (expression, expected) in [
        ("MIT", Licence::Allowed),
        ("mit", Licence::Allowed),
        ("MIT OR GPL-3.0-only", Licence::Allowed),
        ("MIT AND Apache-2.0", Licence::Allowed),
        ("MIT/Apache-2.0", Licence::Allowed),
        ("(GPL-3.0-only OR MIT) AND Apache-2.0", Licence::Allowed),
        (
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Licence::Allowed,
        ),
        ("GPL-2.0-only", Licence::Refused),
        ("MIT AND GPL-3.0-only", Licence::Refused),
        ("LicenseRef-Own", Licence::Refused),
        ("SEE LICENSE IN LICENSE.txt", Licence::Unknown),
        ("UNLICENSED", Licence::Unknown),
        ("", Licence::Unknown),
        ("MIT OR", Licence::Unknown),
    ] {
        assert_eq!(licence(expression, &allowed), expected, "{expression}");
    }
}

proptest::proptest! {
    /// Whatever stands in a text, reading it ends, and what was read can be asked and kept.
    #[test]
    fn changed_documents_are_read_or_refused(
        at in 0..2000_usize,
        length in 0..40_usize,
        with in ".{0,20}",
        which in 0..4_usize,
    ) {
        const TEXTS: [(&str, &str); 4] = [
            ("a.json", r#"{"id":"A","modified":"2026-01-01","aliases":["B"],"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],"affected":[{"package":{"ecosystem":"PyPI","name":"x"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1"},{"fixed":"2"}]}],"versions":["1.5","a"]}]}"#),
            ("a.yaml", "id: A\nmodified: 2026-01-01\naffected:\n- package:\n    ecosystem: Maven\n    name: a:b\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: '0'\n    - fixed: 1.2-rc3\n  versions: [1, 2.0, ~]\n"),
            ("a.md", "```toml\n[advisory]\nid = \"R\"\npackage = \"p\"\ndate = \"2026-01-01\"\n[versions]\npatched = [\">= 1.2.3\", \"^0.9\"]\n```\n# T\n"),
            ("b.json", r#"{"id":"MAL-1","modified":"2026-01-01","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]}]}"#),
        ];
        let (name, text) = TEXTS[which];
        let characters: Vec<char> = text.chars().collect();
        let from = at.min(characters.len());
        let to = (from + length).min(characters.len());
        let changed: String = characters[..from].iter().copied().chain(with.chars()).chain(characters[to..].iter().copied()).collect();
        if let Ok(document) = read(name, changed.as_bytes()) {
            for record in document.records {
                let ecosystem = record.ecosystem.expect("readers set it");
                let kept = records(&record.to_bytes()).expect("it was just written");
                proptest::prop_assert_eq!(&kept[0].ranges, &record.ranges);
                for version in ["1.0.0", "dev-main", &*with] {
                    affects(ecosystem, &record, Some(version));
                }
            }
        }
    }
}
