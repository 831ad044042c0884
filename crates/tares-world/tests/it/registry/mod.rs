//! Registries on the loopback, asked as a user's clients are configured.

mod artefacts;
mod dates;
mod honest;
mod hostile;
mod kept;
mod ledger;
mod secure;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tares_model::Ecosystem;
use tares_model::fact::{Existence, Ignorance, PackageFacts, PackageName, Packages as _};
use tares_testkit::TestRegistry;
use tares_world::InMemory;
use tares_world::registry::{Registries, Settings};
use tempfile::TempDir;

/// A registry, a machine whose clients are sent to it, and a folder for what is kept.
pub(crate) struct Stage {
    pub(crate) registry: TestRegistry,
    pub(crate) system: InMemory,
    pub(crate) folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let registry = TestRegistry::start();
        let folder = TempDir::new().unwrap();
        let mut system = InMemory::default();
        // 2026-06-01: after all dates that honest packages have here.
        system.now = std::time::UNIX_EPOCH + Duration::from_secs(1_780_272_000);
        system.vars.extend(registry.environment());
        system.vars.insert("HOME".to_owned(), "/home/me".to_owned());
        let files = [
            ("/home/me/.cargo/config.toml", registry.cargo_config()),
            ("/home/me/.m2/settings.xml", registry.maven_settings()),
        ];
        let files = files.map(|(path, text)| (PathBuf::from(path), text.into_bytes()));
        system.files.extend(files);
        for (name, leaf) in [("TARES_CACHE_DIR", "cache"), ("TARES_DATA_DIR", "data")] {
            let path = folder.path().join(leaf).display().to_string();
            system.vars.insert(name.to_owned(), path);
        }
        Self {
            registry,
            system,
            folder,
        }
    }

    /// A new run of the program.
    pub(crate) fn run(&self) -> Registries {
        self.run_with(Settings::default())
    }

    pub(crate) fn run_with(&self, settings: Settings) -> Registries {
        Registries::new(Arc::new(self.system.clone()), settings)
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.system.now += Duration::from_secs(seconds);
    }

    /// Asks for one name in a new run.
    pub(crate) fn ask(&self, ecosystem: Ecosystem, name: &str) -> PackageFacts {
        facts(&self.run(), ecosystem, name)
    }
}

pub(crate) fn package(ecosystem: Ecosystem, name: &str) -> PackageName {
    PackageName {
        ecosystem,
        name: ecosystem.normal(name),
    }
}

pub(crate) fn facts(registries: &Registries, ecosystem: Ecosystem, name: &str) -> PackageFacts {
    let mut facts = registries.facts(&[package(ecosystem, name)]);
    facts.pop().expect("one name, one answer")
}

/// Why nothing is known, in one word and the reason.
pub(crate) fn why(facts: &PackageFacts) -> String {
    match &facts.existence {
        Existence::Unknown(Ignorance::Uncalibrated(why)) => format!("uncalibrated: {why}"),
        Existence::Unknown(Ignorance::Failed(why)) => format!("failed: {why}"),
        Existence::Unknown(Ignorance::Malformed(why)) => format!("malformed: {why}"),
        other => format!("{other:?}"),
    }
}

/// Ecosystems that the test registry speaks.
pub(crate) const SPOKEN: [(Ecosystem, &str); 5] = [
    (Ecosystem::PyPi, "some-name"),
    (Ecosystem::Npm, "some-name"),
    (Ecosystem::Cargo, "some-name"),
    (Ecosystem::Go, "git.example/some/name"),
    (Ecosystem::Maven, "org.example:some-name"),
];
