//! `layers.toml` against `cargo metadata` and `Cargo.lock`: who may know whom.

use crate::tree::{assert_none, root};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

#[derive(Deserialize)]
struct Layers {
    shelf: Vec<Shelf>,
    dev: Dev,
    only: Vec<Only>,
    unreachable: Vec<Unreachable>,
}

#[derive(Deserialize)]
struct Shelf {
    number: u32,
    crates: Vec<String>,
}

#[derive(Deserialize)]
struct Dev {
    crates: Vec<String>,
    usable_in_tests: Vec<String>,
}

#[derive(Deserialize)]
struct Only {
    package: String,
    #[serde(default)]
    prefix: bool,
    crates: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Unreachable {
    package: String,
    except_shelves: Vec<u32>,
    reason: String,
}

/// The part of `cargo metadata --no-deps` that is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Layers {
    fn read() -> Self {
        toml::from_str(&std::fs::read_to_string(root().join("layers.toml")).unwrap()).unwrap()
    }

    fn shelf_of(&self, name: &str) -> Option<u32> {
        let holds = |shelf: &&Shelf| shelf.crates.iter().any(|entry| entry == name);
        self.shelf.iter().find(holds).map(|shelf| shelf.number)
    }

    fn is_dev(&self, name: &str) -> bool {
        self.dev.crates.iter().any(|entry| entry == name)
    }
}

impl Only {
    fn names(&self, package: &str) -> bool {
        package == self.package
            || self.prefix
                && package
                    .strip_prefix(self.package.as_str())
                    .is_some_and(|rest| rest.starts_with('-') || rest.starts_with('_'))
    }
}

fn metadata() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice::<Metadata>(&output.stdout)
        .unwrap()
        .packages
}

#[test]
fn every_crate_has_one_shelf() {
    let layers = Layers::read();
    let placed = layers
        .shelf
        .iter()
        .flat_map(|shelf| &shelf.crates)
        .chain(&layers.dev.crates);
    let mut listed: Vec<&str> = placed.map(String::as_str).collect();
    listed.sort_unstable();
    let packages = metadata();
    let mut found: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    found.sort_unstable();
    assert_eq!(
        listed, found,
        "layers.toml (left) and the workspace (right) differ"
    );
}

#[test]
fn crates_depend_only_on_lower_shelves() {
    let layers = Layers::read();
    let packages = metadata();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut complaints = Vec::new();
    for package in packages
        .iter()
        .filter(|package| !layers.is_dev(&package.name))
    {
        let shelf = layers.shelf_of(&package.name);
        for dependency in package
            .dependencies
            .iter()
            .filter(|d| ours.contains(d.name.as_str()))
        {
            let in_tests = dependency.kind.as_deref() == Some("dev");
            let allowed = if in_tests && layers.is_dev(&dependency.name) {
                layers.dev.usable_in_tests.contains(&dependency.name)
            } else {
                layers
                    .shelf_of(&dependency.name)
                    .is_some_and(|lower| Some(lower) < shelf)
            };
            if !allowed {
                complaints.push(format!("{} -> {}", package.name, dependency.name));
            }
        }
    }
    assert_none(
        "a crate depends only on lower shelves, never sideways",
        &complaints,
    );
}

#[test]
fn heavy_packages_sit_alone() {
    let layers = Layers::read();
    let mut complaints = Vec::new();
    for package in metadata() {
        for dependency in &package.dependencies {
            for only in layers
                .only
                .iter()
                .filter(|only| only.names(&dependency.name))
            {
                if !only.crates.contains(&package.name) {
                    let (user, used, reason) = (&package.name, &dependency.name, &only.reason);
                    complaints.push(format!("{user} declares {used}: {reason}"));
                }
            }
        }
    }
    assert_none("a heavy package has one home", &complaints);
}

#[test]
fn async_is_out_of_reach_below_its_shelf() {
    let layers = Layers::read();
    let lock: Lock =
        toml::from_str(&std::fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &lock.package {
        let names = package
            .dependencies
            .iter()
            .filter_map(|entry| entry.split(' ').next());
        uses.entry(&package.name).or_default().extend(names);
    }
    let mut complaints = Vec::new();
    for shelf in &layers.shelf {
        let barred = |entry: &&Unreachable| {
            // What stands above a shelf that may use the package reaches it through that shelf.
            entry
                .except_shelves
                .iter()
                .all(|lowest| shelf.number < *lowest)
        };
        for entry in layers.unreachable.iter().filter(barred) {
            for name in shelf
                .crates
                .iter()
                .filter(|name| reaches(&uses, name, &entry.package))
            {
                complaints.push(format!(
                    "{name} reaches {}: {}",
                    entry.package, entry.reason
                ));
            }
        }
    }
    assert_none("async stays on its shelf", &complaints);
}

fn reaches(uses: &BTreeMap<&str, BTreeSet<&str>>, from: &str, wanted: &str) -> bool {
    let (mut queue, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = queue.pop() {
        if name == wanted {
            return true;
        }
        if seen.insert(name.to_owned()) {
            queue.extend(uses.get(name).into_iter().flatten());
        }
    }
    false
}

#[test]
fn reach_is_transitive_and_ends_in_cycles() {
    let uses = BTreeMap::from([
        ("a", BTreeSet::from(["b"])),
        ("b", BTreeSet::from(["a", "c"])),
        ("d", BTreeSet::from(["a"])),
    ]);
    assert!(reaches(&uses, "d", "c"));
    assert!(!reaches(&uses, "c", "a"));
}
