//! Who is asked about packages: the registries that the user's own clients are configured for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tares_deps::{Place, formats};
use tares_model::fact::{Artefact, Ignorance, PackageFacts, PackageName, Packages};
use tares_model::{Ecosystem, RepoPath};
use tares_policy::config::{Ask, Dependencies};
use tares_world::registry::{Registries, Settings};
use tares_world::{Os, System as _};

/// Settings of clients that a repository may hold.
const CLIENTS: [&str; 8] = [
    ".npmrc",
    ".cargo/config.toml",
    ".cargo/config",
    "uv.toml",
    "pip.conf",
    "pyproject.toml",
    ".yarnrc.yml",
    "bunfig.toml",
];

/// Lock files whose names are known to be there.
const LOCKS: [&str; 8] = [
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "uv.lock",
    "poetry.lock",
    "requirements.txt",
    "Cargo.lock",
    "go.mod",
];

/// Names of one lock file that the oracle may start from.
const KNOWN: usize = 24;

/// Largest file that is read for it, in bytes.
const LARGEST: u64 = 8 << 20;

/// Registries that are set up when the first name is asked for, so that a run without a new name
/// reads nothing for them.
pub(crate) struct Asker {
    made: OnceLock<Registries>,
    offline: bool,
    index: BTreeMap<Ecosystem, String>,
    root: Option<PathBuf>,
}

impl Asker {
    /// Returns what asks as a policy wants it.
    pub(crate) fn new(offline: bool, wanted: &Dependencies, root: Option<&Path>) -> Self {
        Self {
            made: OnceLock::new(),
            offline: offline || wanted.ask == Ask::Never,
            index: wanted.index.clone(),
            root: root.map(Path::to_path_buf),
        }
    }

    /// Returns the registries; `read` gives the files of the repository that counts.
    pub(crate) fn get(&self, read: impl Fn(&str) -> Option<Vec<u8>>) -> &Registries {
        self.made.get_or_init(|| {
            let config = CLIENTS
                .iter()
                .filter_map(|file| Some((RepoPath::from(*file), read(file)?)));
            let mut config: Vec<(RepoPath, Vec<u8>)> = config.collect();
            if let Some(address) = self.index.get(&Ecosystem::Npm) {
                // The policy's word stands in the place of the repository's own.
                config.retain(|(path, _)| path.as_str() != ".npmrc");
                let line = format!("registry={address}\n");
                config.push((RepoPath::from(".npmrc"), line.into_bytes()));
            }
            let settings = Settings {
                offline: self.offline,
                base_config: config,
                python_indexes: self
                    .index
                    .get(&Ecosystem::PyPi)
                    .into_iter()
                    .cloned()
                    .collect(),
                // They try a place, and offline none is tried.
                known: if self.offline {
                    Vec::new()
                } else {
                    known(&read)
                },
                root: self.root.clone(),
                environments: self
                    .root
                    .iter()
                    .flat_map(|root| [root.join(".venv"), root.join("venv")])
                    .collect(),
                ..Settings::default()
            };
            Registries::new(Arc::new(Os), settings)
        })
    }
}

/// Returns names that lock files of the repository hold: they were installed from where new ones
/// are asked for.
fn known(read: &impl Fn(&str) -> Option<Vec<u8>>) -> Vec<PackageName> {
    let mut names = Vec::new();
    for file in LOCKS {
        let Some(bytes) = read(file) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let Some(Ok(references)) = formats::read(&RepoPath::from(file), &text) else {
            continue;
        };
        let of = references.iter().filter(|reference| {
            matches!(reference.place, Place::Lock | Place::Manifest)
                && matches!(
                    reference.origin,
                    tares_deps::Origin::Registry | tares_deps::Origin::Resolved(_)
                )
        });
        names.extend(of.take(KNOWN).map(|reference| PackageName {
            ecosystem: reference.ecosystem,
            name: reference.normal(),
        }));
    }
    names
}

/// Asks about the packages of a folder on disk.
pub(crate) struct FromFolder {
    folder: PathBuf,
    asker: Asker,
}

impl FromFolder {
    pub(crate) fn new(folder: &Path, offline: bool, wanted: &Dependencies) -> Self {
        let folder = if folder.is_file() {
            folder.parent().unwrap_or(Path::new(".")).to_path_buf()
        } else {
            folder.to_path_buf()
        };
        Self {
            asker: Asker::new(offline, wanted, Some(&folder)),
            folder,
        }
    }

    pub(crate) fn registries(&self) -> &Registries {
        self.asker
            .get(|file| Os.read(&self.folder.join(file), LARGEST).ok())
    }
}

impl Packages for FromFolder {
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts> {
        self.registries().facts(names)
    }

    fn artefact(&self, name: &PackageName, version: &str) -> Result<Artefact, Ignorance> {
        self.registries().artefact(name, version)
    }

    fn providers(&self, ecosystem: Ecosystem, module: &str) -> Vec<PackageName> {
        self.registries().providers(ecosystem, module)
    }
}
