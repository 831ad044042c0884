//! Packages that do not exist, that appear, that nobody can tell of: against registries on the
//! loopback.

use crate::stage::{repo, tares_in};
use tares_model::Ecosystem::{Npm, PyPi};
use tares_testkit::{Behaviour, Program, TestPackage, TestRegistry, TestRepo};

fn asking(repo: &TestRepo, registry: &TestRegistry) -> Program {
    let program = tares_in(repo);
    let variables = registry.environment();
    variables
        .into_iter()
        .fold(program, |program, (name, value)| {
            program.variable(name, value)
        })
}

/// Lets the time pass for which answers are kept; what tares saw of names stays.
fn forget(program: &Program) {
    std::fs::remove_dir_all(program.cache().join("tares/registry")).unwrap();
}

/// A repository that has a requirement, and a change that adds two.
fn adding(names: &str) -> TestRepo {
    let repo = repo();
    repo.file("requirements.txt", "requests==2.32.0\n")
        .commit("Require");
    repo.write("requirements.txt", format!("requests==2.32.0\n{names}"));
    repo
}

#[test]
fn an_invented_package_blocks_with_its_evidence() {
    let registry = TestRegistry::start();
    registry.add(TestPackage::seasoned(PyPi, "flask"));
    let repo = adding("flask\nfast-json-tools\n");
    let program = asking(&repo, &registry);
    let answer = program.run(["check"]);
    answer
        .ends(1)
        .shows("block[package-absent]")
        .shows("requirements.txt:3")
        .shows("404")
        .shows("made-up name");
    assert!(!answer.stdout.contains("`flask`"), "{answer}");
    assert!(
        !registry.requests().iter().any(|path| path.contains("app")),
        "only what is new is asked: {:?}",
        registry.requests()
    );
}

#[test]
fn nothing_new_asks_nobody() {
    let registry = TestRegistry::start();
    let repo = adding("");
    repo.write("app.py", "import os\nimport requests\nimport local\n");
    repo.write("local.py", "x = 1\n");
    asking(&repo, &registry).run(["check"]).ends(0);
    assert_eq!(registry.requests(), Vec::<String>::new());
}

#[test]
fn offline_no_name_leaves_the_machine() {
    let registry = TestRegistry::start();
    let repo = adding("fast-json-tools\n");
    let program = asking(&repo, &registry);
    program
        .run(["check", "--offline"])
        .ends(0)
        .shows("review[package-unverified]")
        .shows("offline");
    repo.write("tares.toml", "[dependencies]\nask = \"never\"\n");
    program
        .run(["check", "--config", "tares.toml"])
        .shows("package-unverified");
    repo.write("tares.toml", "[dependencies]\nprivate = [\"fast-*\"]\n");
    let answer = program.run(["check", "--config", "tares.toml"]);
    assert!(!answer.stdout.contains("[package-"), "{answer}");
    assert_eq!(registry.requests(), Vec::<String>::new());
}

#[test]
fn places_that_tell_nothing_neither_block_nor_pass() {
    for behaviour in [
        Behaviour::NothingThere,
        Behaviour::SoftNotFound,
        Behaviour::CatchAll,
        Behaviour::Status(503),
        Behaviour::Status(401),
        Behaviour::Truncated,
    ] {
        let registry = TestRegistry::start();
        registry.behave(PyPi, behaviour.clone());
        let repo = adding("fast-json-tools\n");
        let answer = asking(&repo, &registry).run(["check"]);
        answer.ends(0).shows("review[package-unverified]");
        assert!(
            !answer.stdout.contains("package-absent"),
            "{behaviour:?}: {answer}"
        );
    }
}

#[test]
fn a_mirror_tells_what_exists_and_no_age() {
    let registry = TestRegistry::start();
    for ecosystem in [PyPi, Npm] {
        registry.behave(ecosystem, Behaviour::Mirror);
    }
    registry.add(TestPackage::new(PyPi, "brand-new").release("1.0.0", "2026-11-19T00:00:00Z"));
    let repo = adding("fast-json-tools\n");
    repo.write("tools.txt", "");
    let program = asking(&repo, &registry);
    program.run(["check"]).ends(1).shows("package-absent");
    let answer = program.run(["deps", "verify", "requests", "--ecosystem", "pypi"]);
    answer.ends(0).shows("exists").shows("unknown");
}

#[test]
fn a_slopsquat_from_its_invention_to_the_person_who_clears_it() {
    let registry = TestRegistry::start();
    let repo = adding("fast-json-tools==1.0.0\n");
    let program = asking(&repo, &registry);
    // A model invents the name: it is absent, and tares remembers.
    program
        .run(["check"])
        .ends(1)
        .shows("block[package-absent]");
    // Somebody registers it.
    registry.add(
        TestPackage::new(PyPi, "fast-json-tools")
            .release("0.9.0", "2019-01-01T00:00:00Z")
            .release("1.0.0", "2019-06-01T00:00:00Z"),
    );
    forget(&program);
    let verify = [
        "deps",
        "verify",
        "fast-json-tools@1.0.0",
        "--ecosystem",
        "pypi",
    ];
    program
        .run(["check"])
        .ends(1)
        .shows("block[package-appeared]")
        .shows("did not exist on");
    program.run(verify).ends(1).shows("package-appeared");
    // An old date does not clear it, a person does.
    let clear = [
        "deps",
        "clear",
        "Fast_JSON.tools",
        "--ecosystem",
        "pypi",
        "--by",
        "Ada",
    ];
    program.run(clear).ends(0).shows("cleared by Ada");
    let answer = program.run(["check"]);
    answer.ends(0);
    assert!(!answer.stdout.contains("package-appeared"), "{answer}");
    program.run(verify).ends(0).shows("exists");
    program
        .run([
            "deps",
            "clear",
            "requests",
            "--ecosystem",
            "pypi",
            "--by",
            "Ada",
        ])
        .ends(3)
        .complains("nothing to clear");
}

#[test]
fn verify_tells_by_its_exit_code() {
    let registry = TestRegistry::start();
    registry.add(TestPackage::seasoned(Npm, "@scope/kit"));
    let repo = repo();
    let program = asking(&repo, &registry);
    program
        .run(["deps", "verify", "@scope/kit", "--ecosystem", "npm"])
        .ends(0)
        .shows("pkg:npm/%40scope/kit");
    program
        .run(["deps", "verify", "left-padd", "--ecosystem", "npm"])
        .ends(1)
        .shows("does not exist");
    program
        .run([
            "deps",
            "verify",
            "left-pad",
            "--ecosystem",
            "npm",
            "--offline",
        ])
        .ends(4)
        .shows("offline");
    program
        .run(["deps", "verify", "left pad", "--ecosystem", "npm"])
        .ends(2);
    program
        .run(["deps", "verify", "left-pad", "--ecosystem", "atari"])
        .ends(2);
    let answer = program.run([
        "deps",
        "verify",
        "left-padd",
        "--ecosystem",
        "npm",
        "--format",
        "json",
    ]);
    let value: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(value["purl"], "pkg:npm/left-padd");
    assert_eq!(value["existence"], "absent");
    assert_eq!(value["findings"][0]["rule"], "package-absent");
}

#[test]
fn the_table_names_every_package_with_its_facts() {
    let registry = TestRegistry::start();
    registry.add(TestPackage::new(Npm, "fresh").release("1.0.0", "2026-11-19T00:00:00Z"));
    let repo = repo();
    repo.write(
        "package.json",
        "{\"dependencies\": {\"left-pad\": \"^1.0.0\", \"gone-pad\": \"1.0.0\"}}",
    );
    let program = asking(&repo, &registry);
    program.run(["deps", "--offline"]).ends(0).shows("offline");
    program
        .run(["deps"])
        .ends(1)
        .shows("pkg:npm/left-pad")
        .shows("package-absent")
        .shows("package.json:1");
    program
        .run(["deps", "why", "left-pad"])
        .ends(0)
        .shows("package.json:1");
    program.run(["deps", "why", "nothing"]).ends(3);
    let answer = program.run(["deps", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(value["packages"][0]["purl"], "pkg:npm/gone-pad@1.0.0");
}

#[test]
fn a_scan_asks_only_when_it_is_told_to() {
    let registry = TestRegistry::start();
    let repo = adding("fast-json-tools\n");
    let program = asking(&repo, &registry);
    let answer = program.run(["scan", "."]);
    assert!(!answer.stdout.contains("package-"), "{answer}");
    assert_eq!(registry.requests(), Vec::<String>::new());
    program
        .run(["scan", "--online", "."])
        .ends(1)
        .shows("package-absent");
}

#[test]
fn a_lock_file_of_100_mb_is_not_read() {
    let repo = repo();
    let text = [&b"{\"packages\": {"[..], &vec![b' '; 100 << 20], b"}}"].concat();
    repo.write("package-lock.json", text);
    let program = tares_in(&repo);
    program
        .run(["check", "--offline"])
        .ends(4)
        .shows("package-lock.json");
    program
        .run(["deps", "--offline"])
        .complains("package-lock.json");
}
