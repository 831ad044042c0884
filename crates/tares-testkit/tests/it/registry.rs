//! The registry on the loopback against the real clients: they install from it, refuse what it
//! forges, and see what it withdraws.

use std::path::Path;
use std::process::{Command, Output};
use tares_model::Ecosystem::{Cargo, Npm, PyPi};
use tares_testkit::registry::TestRelease;
use tares_testkit::{Behaviour, TestPackage, TestRegistry};
use tempfile::TempDir;

/// A client, with nothing of the user's configuration for it.
fn client(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        let lower = name.to_lowercase();
        let is_config = ["pip_", "npm_config", "cargo_", "uv_"]
            .iter()
            .any(|start| lower.starts_with(start));
        if is_config || lower.ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder);
    command
}

fn text(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{out}\n{err}")
}

fn release(version: &str) -> TestRelease {
    TestRelease::new(version, "2026-01-01T00:00:00Z")
}

#[test]
fn pip_installs_from_it() {
    let (registry, folder) = (TestRegistry::start(), TempDir::new().unwrap());
    let package = TestPackage::new(PyPi, "Slop.Demo")
        .with(release("1.0.0").file("slop_demo/__init__.py", "x = 1\n"))
        .with(release("2.0.0").yanked());
    registry.add(package);
    registry.add(TestPackage::new(PyPi, "forged").with(release("1.0.0").wrong_digest()));
    let pip = |what: &str| {
        let mut pip = client("python3", folder.path());
        pip.args([
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--no-cache-dir",
            "--disable-pip-version-check",
        ]);
        text(
            &pip.args(["-d", "out", what])
                .envs(registry.environment())
                .output()
                .unwrap(),
        )
    };
    for behaviour in [Behaviour::Honest, Behaviour::Mirror] {
        registry.behave(PyPi, behaviour);
        let said = pip("slop-demo");
        let wheel = folder.path().join("out/slop_demo-1.0.0-py3-none-any.whl");
        assert!(wheel.is_file(), "{said}");
        std::fs::remove_file(wheel).unwrap();
        let said = pip("forged");
        assert!(said.contains("DO NOT MATCH THE HASHES"), "{said}");
        let said = pip("made-up");
        assert!(
            said.contains("No matching distribution found for made-up"),
            "{said}"
        );
    }
    assert!(
        registry
            .headers("accept")
            .iter()
            .any(|one| one.contains("simple.v1+json"))
    );
}

#[test]
fn npm_installs_from_it() {
    let (registry, folder) = (TestRegistry::start(), TempDir::new().unwrap());
    registry.add(TestPackage::new(Npm, "slop-demo").with(release("1.0.0").file("index.js", "1")));
    registry.add(TestPackage::new(Npm, "@me/slop").with(release("1.0.0").deprecated("do not")));
    registry.add(TestPackage::new(Npm, "forged").with(release("1.0.0").wrong_digest()));
    std::fs::write(folder.path().join("package.json"), "{}").unwrap();
    let npm = |arguments: &[&str]| {
        let mut npm = client("npm", folder.path());
        npm.args(arguments)
            .args([
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
            ])
            .args(["--fetch-retries=0", "--userconfig=none", "--cache=cache"]);
        text(&npm.envs(registry.environment()).output().unwrap())
    };
    for behaviour in [Behaviour::Honest, Behaviour::Mirror] {
        registry.behave(Npm, behaviour);
        std::fs::remove_dir_all(folder.path().join("node_modules")).ok();
        std::fs::remove_dir_all(folder.path().join("cache")).ok();
        std::fs::remove_file(folder.path().join("package-lock.json")).ok();
        let said = npm(&["install", "slop-demo", "@me/slop"]);
        for file in ["slop-demo/index.js", "@me/slop/package.json"] {
            assert!(
                folder.path().join("node_modules").join(file).is_file(),
                "{said}"
            );
        }
        let said = npm(&["install", "forged"]);
        assert!(said.contains("EINTEGRITY"), "{said}");
        let said = npm(&["install", "made-up"]);
        assert!(said.contains("E404"), "{said}");
    }
    let said = npm(&["view", "slop-demo", "time", "--json"]);
    assert!(said.contains("\"1.0.0\": \"2024-01-28"), "{said}");
}

#[test]
fn cargo_fetches_from_it() {
    let (registry, folder) = (TestRegistry::start(), TempDir::new().unwrap());
    registry.add(TestPackage::new(Cargo, "slop_demo").with(release("1.0.0")));
    registry.add(TestPackage::new(Cargo, "forged").with(release("1.0.0").wrong_digest()));
    registry.add(TestPackage::new(Cargo, "gone").with(release("1.0.0").yanked()));
    let home = folder.path().join("home");
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("config.toml"), registry.cargo_config()).unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    let cargo = |dependency: &str| {
        let manifest = format!(
            "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n{dependency} = \"1\"\n"
        );
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::remove_file(folder.path().join("Cargo.lock")).ok();
        let mut cargo = client("cargo", folder.path());
        let cargo = cargo
            .arg("fetch")
            .env("CARGO_HOME", &home)
            .env("CARGO_NET_RETRY", "0");
        let output = cargo.output().unwrap();
        (output.status.success(), text(&output))
    };
    let (is_done, said) = cargo("slop_demo");
    assert!(is_done, "{said}");
    for (name, why) in [
        ("forged", "failed to verify the checksum of `forged"),
        ("gone", "yanked"),
        ("made-up", "no matching package named `made-up` found"),
    ] {
        let (is_done, said) = cargo(name);
        assert!(!is_done && said.contains(why), "{name}: {said}");
    }
    let asked = registry.requests();
    assert!(
        asked.contains(&"/cargo/sl/op/slop_demo".to_owned()),
        "{asked:?}"
    );
    assert!(
        asked.contains(&"/dl/slop_demo/1.0.0/download".to_owned()),
        "{asked:?}"
    );
}
