//! What an honest registry and a mirror of one make known.

use super::{SPOKEN, Stage, facts, package, why};
use tares_model::Ecosystem::{Cargo, Npm, PyPi};
use tares_model::fact::{Dates, Existence, Ignorance, Packages as _, Timestamp};
use tares_testkit::registry::TestRelease;
use tares_testkit::{Behaviour, TestPackage};
use tares_world::registry::Settings;

#[test]
fn names_are_told_apart_in_every_ecosystem() {
    let stage = Stage::new();
    for (ecosystem, name) in SPOKEN {
        assert_eq!(
            stage.ask(ecosystem, name).existence,
            Existence::Absent,
            "{ecosystem}"
        );
    }
    for (ecosystem, name) in SPOKEN {
        stage.registry.add(TestPackage::seasoned(ecosystem, name));
    }
    let mut stage = stage;
    stage.wait(3600);
    for (ecosystem, name) in SPOKEN {
        let facts = stage.ask(ecosystem, name);
        assert_eq!(facts.existence, Existence::Exists, "{ecosystem}");
        assert_eq!(facts.releases.len(), 10, "{ecosystem}");
        let lookup = facts.lookup.unwrap();
        assert_eq!(lookup.status, Some(200));
        assert!(lookup.host.starts_with("127.0.0.1:"), "{}", lookup.host);
        let [present, absent] = lookup.canaries.as_slice() else {
            panic!("{:?}", lookup.canaries);
        };
        assert!(present.must_exist && present.as_expected && present.status == Some(200));
        assert!(!absent.must_exist && absent.as_expected && absent.status == Some(404));
    }
}

#[test]
fn dates_withdrawals_scripts_and_attestations_are_known() {
    let stage = Stage::new();
    let releases = |ecosystem| {
        TestPackage::new(ecosystem, "tool")
            .with(TestRelease::new("1.0.0", "2024-02-29T00:00:00Z").attested())
            .with(
                TestRelease::new("1.1.0", "2025-01-01T12:30:00.5+02:00")
                    .yanked()
                    .deprecated("old"),
            )
            .with(TestRelease::new("1.2.0", "2026-01-01T00:00:00Z").runs_at_install())
            .repository("https://git.example/tool")
    };
    for ecosystem in [PyPi, Npm, Cargo] {
        stage.registry.add(releases(ecosystem));
    }
    let [python, npm, cargo] = [PyPi, Npm, Cargo].map(|one| stage.ask(one, "tool"));
    for facts in [&python, &npm, &cargo] {
        assert_eq!(facts.dates, Dates::Plausible, "{facts:?}");
        assert_eq!(facts.first_release(), Some(Timestamp(1_709_164_800)));
        assert_eq!(facts.releases[1].time, Some(Timestamp(1_735_727_400)));
        assert!(
            facts.releases.iter().all(|one| one.digests.len() == 1),
            "{facts:?}"
        );
    }
    let yanked = |facts: &tares_model::fact::PackageFacts| -> Vec<_> {
        facts.releases.iter().map(|one| one.yanked).collect()
    };
    assert_eq!(yanked(&python), [Some(false), Some(true), Some(false)]);
    assert_eq!(yanked(&cargo), [Some(false), Some(true), Some(false)]);
    let attested = |facts: &tares_model::fact::PackageFacts| -> Vec<_> {
        facts.releases.iter().map(|one| one.attested).collect()
    };
    assert_eq!(attested(&python), [Some(true), Some(false), Some(false)]);
    assert_eq!(attested(&npm), [Some(true), None, None]);
    assert_eq!(npm.releases[1].deprecated.as_deref(), Some("old"));
    assert_eq!(npm.releases[2].runs_at_install, Some(true));
    assert_eq!(python.releases[2].runs_at_install, Some(true));
    assert_eq!(python.releases[0].runs_at_install, Some(false));
    assert_eq!(npm.repository.as_deref(), Some("https://git.example/tool"));
    assert_eq!(npm.latest.as_deref(), Some("1.2.0"));
    assert_eq!(cargo.latest.as_deref(), Some("1.2.0"));
}

#[test]
fn a_mirror_answers_for_existence_and_not_for_age() {
    let stage = Stage::new();
    for ecosystem in [PyPi, Npm] {
        stage
            .registry
            .add(TestPackage::seasoned(ecosystem, "old-tool"));
        stage.registry.add(
            TestPackage::new(ecosystem, "young-tool").release("1.0.0", "2026-05-30T00:00:00Z"),
        );
        stage.registry.behave(ecosystem, Behaviour::Mirror);
    }
    let run = stage.run();
    for name in ["old-tool", "young-tool"] {
        let python = facts(&run, PyPi, name);
        assert_eq!(
            (&python.existence, &python.dates),
            (&Existence::Exists, &Dates::Missing)
        );
        let npm = facts(&run, Npm, name);
        assert_eq!(npm.existence, Existence::Exists);
        let reason = Dates::Untrusted("no date `created`".to_owned());
        assert_eq!(npm.dates, reason);
        assert_eq!(npm.first_release(), None);
    }
    assert_eq!(facts(&run, Npm, "made-up").existence, Existence::Absent);
}

#[test]
fn one_round_asks_each_name_once_and_two_more() {
    let stage = Stage::new();
    let run = stage.run();
    let names: Vec<_> = ["a1", "b1", "c1"].map(|name| package(Npm, name)).to_vec();
    run.facts(&names);
    run.facts(&names);
    run.facts(&[package(Npm, "d1")]);
    let mut asked = stage.registry.requests();
    asked.sort();
    let canary = asked
        .iter()
        .filter(|path| path.starts_with("/npm/tarescanary"))
        .count();
    assert_eq!(canary, 1);
    asked.retain(|path| !path.starts_with("/npm/tarescanary"));
    assert_eq!(
        asked,
        ["/npm/a1", "/npm/b1", "/npm/c1", "/npm/d1", "/npm/left-pad"]
    );
}

#[test]
fn a_name_that_the_caller_knows_tries_the_place() {
    let stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "known"));
    let settings = |name: &str| Settings {
        known: vec![package(Npm, name)],
        ..Settings::default()
    };
    let canary = |name: &str| {
        let facts = facts(&stage.run_with(settings(name)), Npm, &format!("not-{name}"));
        assert_eq!(facts.existence, Existence::Absent);
        facts.lookup.unwrap().canaries[0].name.clone()
    };
    assert_eq!(canary("known"), "known");
    std::fs::remove_dir_all(stage.folder.path().join("cache")).unwrap();
    // Where hearsay fails, the name that everybody has decides.
    assert_eq!(canary("from-git"), "left-pad");
}

#[test]
fn crates_are_found_however_they_are_spelled() {
    let stage = Stage::new();
    for name in ["my_mixed-crate", "under_score", "dash-ed"] {
        stage.registry.add(TestPackage::seasoned(Cargo, name));
    }
    for name in ["my-mixed-crate", "under-score", "dash-ed"] {
        assert_eq!(
            stage.ask(Cargo, name).existence,
            Existence::Exists,
            "{name}"
        );
    }
    let many = stage.ask(Cargo, "a-b-c-d-e-f-g");
    assert_eq!(
        why(&many),
        "malformed: there are too many ways to spell the name"
    );
}

#[test]
fn offline_asks_nobody() {
    let stage = Stage::new();
    let offline = || {
        stage.run_with(Settings {
            offline: true,
            ..Settings::default()
        })
    };
    for (ecosystem, name) in SPOKEN {
        let run = offline();
        let unknown = Existence::Unknown(Ignorance::Offline);
        assert_eq!(
            facts(&run, ecosystem, name).existence,
            unknown,
            "{ecosystem}"
        );
        let artefact = run.artefact(&package(ecosystem, name), "1.0.0");
        assert_eq!(artefact, Err(Ignorance::Offline));
    }
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
}

#[test]
fn what_no_client_names_is_not_asked() {
    let mut stage = Stage::new();
    stage
        .system
        .vars
        .retain(|name, _| name.starts_with("TARES") || name == "PIP_CONFIG_FILE");
    stage.system.files.clear();
    for (ecosystem, name) in SPOKEN {
        let unknown = Existence::Unknown(Ignorance::NoPlace);
        assert_eq!(stage.ask(ecosystem, name).existence, unknown, "{ecosystem}");
    }
    let gem = stage.ask(tares_model::Ecosystem::RubyGems, "rails");
    assert_eq!(gem.existence, Existence::Unknown(Ignorance::NoPlace));
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
}

#[test]
fn a_distribution_vouches_for_what_it_carries() {
    let mut stage = Stage::new();
    for name in ["carried", "other"] {
        stage.registry.add(TestPackage::seasoned(PyPi, name));
        stage.registry.add(TestPackage::seasoned(Npm, name));
    }
    assert_eq!(stage.ask(PyPi, "carried").in_distribution, None);
    let list = "Package: python3-carried\nVersion: 1\n\nPackage: node-other\nDescription: x\n";
    let path = "/var/lib/apt/lists/deb.example_dists_stable_main_binary-amd64_Packages";
    stage.system.files.insert(path.into(), list.into());
    for _kept_and_read in 0..2 {
        let run = stage.run();
        assert_eq!(facts(&run, PyPi, "carried").in_distribution, Some(true));
        assert_eq!(facts(&run, PyPi, "other").in_distribution, Some(false));
        assert_eq!(facts(&run, Npm, "other").in_distribution, Some(true));
        assert_eq!(facts(&run, Npm, "made-up").in_distribution, None);
    }
}

#[test]
fn installed_copies_tell_who_provides_a_module() {
    let mut stage = Stage::new();
    let site = "/repo/.venv/lib/python3.12/site-packages";
    let system = "/usr/lib/python3/dist-packages";
    let wheel = "/home/me/.cache/uv/archive-v0/x1";
    for (path, text) in [
        (
            format!("{site}/Some_Tool-1.0.dist-info/RECORD"),
            "sometool/__init__.py,sha256=x,1\nsometool/sub/a.py,,\nSome_Tool-1.0.dist-info/METADATA,,\n",
        ),
        (format!("{site}/sometool/__init__.py"), ""),
        (
            format!("{site}/Part_One-1.dist-info/RECORD"),
            "shared/one/__init__.py,,\n",
        ),
        (
            format!("{site}/Part_Two-1.dist-info/RECORD"),
            "shared/two/__init__.py,,\n",
        ),
        (format!("{site}/shared/one/__init__.py"), ""),
        (
            format!("{site}/Claims-1.dist-info/RECORD"),
            "elsewhere/__init__.py,,\n",
        ),
        (
            format!("{system}/Old-2.egg-info/top_level.txt"),
            "oldroot\n",
        ),
        (format!("{system}/oldroot.py"), ""),
        (
            format!("{wheel}/Kept-3.dist-info/RECORD"),
            "_native.cpython-312.so,,\n",
        ),
        (format!("{wheel}/_native.cpython-312.so"), ""),
        ("/repo/node_modules/@me/x/package.json".to_owned(), "{}"),
        (
            "/repo/node_modules/alias/package.json".to_owned(),
            "{\"name\": \"real\"}",
        ),
    ] {
        stage.system.files.insert(path.into(), text.into());
    }
    stage
        .system
        .vars
        .insert("UV_CACHE_DIR".into(), "/home/me/.cache/uv".into());
    let run = stage.run_with(Settings {
        root: Some("/repo".into()),
        environments: vec!["/repo/.venv".into()],
        ..Settings::default()
    });
    for (ecosystem, module, wanted) in [
        (PyPi, "sometool.sub.thing", &["some-tool"][..]),
        (PyPi, "shared.two", &["part-two"]),
        (PyPi, "shared", &["part-one", "part-two"]),
        (PyPi, "oldroot", &["old"]),
        (PyPi, "_native", &["kept"]),
        // A record alone is no copy.
        (PyPi, "elsewhere", &[]),
        (PyPi, "none", &[]),
        (Npm, "@me/x/deep", &["@me/x"]),
        (Npm, "alias", &["real"]),
        (Npm, "../x", &[]),
    ] {
        let found = run.providers(ecosystem, module);
        let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, wanted, "{module}");
    }
    assert_eq!(stage.registry.requests(), Vec::<String>::new());
}

#[test]
fn a_small_index_beside_the_main_one_is_tried_with_names_that_are_known() {
    let mut stage = Stage::new();
    let small = tares_testkit::TestRegistry::start();
    small.remove(PyPi, "requests");
    small.add(TestPackage::seasoned(PyPi, "in-house"));
    small.add(TestPackage::seasoned(PyPi, "private"));
    let extra = ("PIP_EXTRA_INDEX_URL".to_owned(), small.url(PyPi));
    stage.system.vars.extend([extra]);
    let settings = |known: &[&str]| Settings {
        known: known.iter().map(|name| package(PyPi, name)).collect(),
        ..Settings::default()
    };
    let told = |known: &[&str], name: &str| {
        std::fs::remove_dir_all(stage.folder.path().join("cache")).ok();
        why(&facts(&stage.run_with(settings(known)), PyPi, name))
    };
    // Nothing shows that the small one tells names apart: it may have the name.
    let reason = "uncalibrated: it does not have `requests`, which must be there";
    assert_eq!(told(&[], "made-up"), reason);
    assert_eq!(told(&["requests", "in-house"], "made-up"), "Absent");
    assert_eq!(told(&["requests", "in-house"], "private"), "Exists");
    // What the other place has under the same name is known besides.
    let other = TestRelease::new("1.0.0", "2020-01-01T00:00:00Z").file("twice.py", "other = 1\n");
    small.add(TestPackage::new(PyPi, "twice").with(other));
    stage.registry.add(TestPackage::seasoned(PyPi, "twice"));
    stage
        .registry
        .add(TestPackage::seasoned(PyPi, "in-house-too"));
    small.add(TestPackage::seasoned(PyPi, "in-house-too"));
    let run = stage.run_with(settings(&["requests", "in-house"]));
    let beside = |name: &str| {
        let beside = facts(&run, PyPi, name).beside;
        assert_eq!(beside.len(), 1, "{beside:?}");
        let beside = beside.into_iter().next().unwrap();
        (beside.existence, beside.is_main, beside.is_same)
    };
    assert_eq!(beside("private"), (Existence::Absent, true, None));
    assert_eq!(beside("twice"), (Existence::Exists, false, Some(false)));
    assert_eq!(
        beside("in-house-too"),
        (Existence::Exists, false, Some(true))
    );
}

#[test]
fn capitals_count_where_the_place_tells_them_apart() {
    let stage = Stage::new();
    stage.registry.add(TestPackage::seasoned(Npm, "JSONStream"));
    stage
        .registry
        .add(TestPackage::seasoned(PyPi, "JSONStream"));
    assert_eq!(stage.ask(Npm, "JSONStream").existence, Existence::Exists);
    assert_eq!(stage.ask(Npm, "jsonstream").existence, Existence::Absent);
    assert_eq!(stage.ask(PyPi, "JSONStream").existence, Existence::Exists);
}
