//! What the repository itself knows of packages: what its manifests and lock files name, what it
//! is called itself, and which modules it holds. Looked up only where a new name needs it.

use super::folders::{Folders, join, upwards};
use super::{Kind, Mention, Named};
use crate::answers::Answers;
use crate::delta::Sides;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tares_deps::package::Manifests;
use tares_deps::{Place, Reference, formats, package};
use tares_effects::Program as _;
use tares_model::fact::PackageName;
use tares_model::{Ecosystem, RepoPath};

/// Most manifests and lock files that are read besides those of the change.
const MOST_FILES: usize = 80;
/// Most folders that are looked into for members of a workspace, and how deep.
const MOST_MEMBERS: usize = 400;
const DEEPEST: usize = 3;
/// Most folders in which modules are looked for by name.
const MOST_FOLDERS: usize = 4_000;

/// Names that are tried where a folder cannot be listed.
const USUAL: [&str; 22] = [
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "environment.yml",
    "Cargo.toml",
    "Cargo.lock",
    "go.mod",
    "composer.json",
    "Gemfile",
];

/// What the manifests and lock files of one folder say.
#[derive(Default)]
struct Said {
    /// Names that head's files name.
    declared: FxHashSet<(Ecosystem, String)>,
    /// Names that head's lock files have, and the ecosystems of these files.
    locked: FxHashSet<(Ecosystem, String)>,
    locks: FxHashSet<Ecosystem>,
    /// Ecosystems of manifests and lock files that name a package or the project.
    governs: FxHashSet<Ecosystem>,
    /// Names that base's files name.
    before: FxHashSet<(Ecosystem, String)>,
}

impl Said {
    fn declare(&mut self, path: &RepoPath, references: &[Reference]) {
        let names = references.iter().map(|r| (r.ecosystem, r.normal()));
        self.declared.extend(names);
        if !references.is_empty() {
            self.governs.extend(formats::ecosystem(path));
        }
        let locked = references.iter().filter(|r| r.place == Place::Lock);
        for reference in locked {
            self.locks.insert(reference.ecosystem);
            let key = (reference.ecosystem, reference.normal());
            self.locked.insert(key);
        }
    }
}

/// The repository around a change.
pub(crate) struct Around<'a> {
    sides: &'a Sides<'a>,
    folders: Folders<'a>,
    named: FxHashMap<&'a str, &'a Named>,
    said: FxHashMap<String, Rc<Said>>,
    read: usize,
    /// What the repository and its members are called.
    own: FxHashSet<(Ecosystem, String)>,
    members_seen: bool,
    /// Ecosystems of all manifests near the root, by their file names.
    manifests: FxHashSet<Ecosystem>,
    modules: Option<FxHashSet<String>>,
}

impl<'a> Around<'a> {
    pub(crate) fn new(answers: &'a dyn Answers, sides: &'a Sides<'a>, named: &'a [Named]) -> Self {
        let files = named.iter().filter(|named| named.kind == Kind::File);
        Self {
            sides,
            folders: Folders::new(answers),
            named: files.map(|named| (named.path.as_str(), named)).collect(),
            said: FxHashMap::default(),
            read: 0,
            own: FxHashSet::default(),
            members_seen: false,
            manifests: FxHashSet::default(),
            modules: None,
        }
    }

    /// Leaves out what base names elsewhere and what the repository is called itself.
    pub(crate) fn unknown(
        &mut self,
        mut mentions: BTreeMap<PackageName, Vec<Mention>>,
    ) -> BTreeMap<PackageName, Vec<Mention>> {
        if mentions.is_empty() {
            return mentions;
        }
        let mut folders: Vec<String> = vec![String::new()];
        let places = mentions.values().flatten();
        folders.extend(places.map(|mention| mention.path.parent().to_owned()));
        folders.extend(self.named.keys().map(|path| parent(path).to_owned()));
        folders.sort();
        folders.dedup();
        let mut known: FxHashSet<(Ecosystem, String)> = FxHashSet::default();
        for folder in &folders {
            for above in upwards(folder) {
                known.extend(self.said(above).before.iter().cloned());
            }
        }
        mentions.retain(|name, _| {
            let key = (name.ecosystem, name.name.clone());
            !known.contains(&key) && !self.own.contains(&key)
        });
        if !mentions.is_empty() {
            self.look_for_members();
            mentions.retain(|name, _| !self.is_own(name.ecosystem, &name.name));
        }
        mentions
    }

    /// Returns whether the repository or one of its members has this name.
    pub(crate) fn is_own(&self, ecosystem: Ecosystem, normal: &str) -> bool {
        if ecosystem == Ecosystem::Go {
            return self.own.iter().any(|(own, module)| {
                *own == Ecosystem::Go
                    && normal
                        .strip_prefix(module.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
        }
        self.own.contains(&(ecosystem, normal.to_owned()))
    }

    /// Returns the names that manifests and lock files from a folder upwards name; empty where
    /// none governs code in it.
    pub(crate) fn declared(&mut self, ecosystem: Ecosystem, folder: &str) -> Vec<String> {
        let mut names = Vec::new();
        for above in upwards(folder) {
            let said = self.said(above);
            let of = said.declared.iter().filter(|(of, _)| *of == ecosystem);
            names.extend(of.map(|(_, name)| name.clone()));
        }
        names.sort();
        names.dedup();
        names
    }

    /// Returns where manifests stand that could declare what code in a folder imports.
    pub(crate) fn manifests(&mut self, ecosystem: Ecosystem, folder: &str) -> Manifests {
        if upwards(folder).any(|above| self.said(above).governs.contains(&ecosystem)) {
            return Manifests::Above;
        }
        self.look_for_members();
        if self.manifests.contains(&ecosystem) {
            Manifests::Elsewhere
        } else {
            Manifests::None
        }
    }

    /// Returns whether a folder into which clients install is part of the repository: then what
    /// stands in it is no evidence, since whoever writes the change may have written it.
    pub(crate) fn holds_installed(&mut self) -> bool {
        [".venv", "venv", "node_modules"]
            .iter()
            .any(|folder| self.has_folder(folder))
    }

    /// Returns whether the nearest lock file above a manifest has a name; `None` where there is no
    /// lock file.
    pub(crate) fn is_locked(&mut self, name: &PackageName, folder: &str) -> Option<bool> {
        let key = (name.ecosystem, name.name.clone());
        upwards(folder).find_map(|above| {
            let said = self.said(above);
            let has_lock = said.locks.contains(&name.ecosystem);
            has_lock.then(|| said.locked.contains(&key))
        })
    }

    /// Returns the name of the repository's own that is most like another.
    pub(crate) fn similar(&self, name: &PackageName) -> Option<&str> {
        let said = self.said.values().flat_map(|said| &said.before);
        let known = said.filter(|(ecosystem, _)| *ecosystem == name.ecosystem);
        package::nearest(&name.name, known.map(|(_, name)| name.as_str()))
    }

    /// Returns the text of a file of head.
    pub(crate) fn read(&self, folder: &str, name: &str) -> Option<Arc<str>> {
        self.sides.head.read(&RepoPath::from(join(folder, name)))
    }

    /// Returns the text of a file of base.
    pub(crate) fn read_before(&self, folder: &str, name: &str) -> Option<Arc<str>> {
        self.sides.base.read(&RepoPath::from(join(folder, name)))
    }

    /// Returns whether a file stands in head.
    pub(crate) fn exists(&self, path: String) -> bool {
        self.sides.head.exists(&RepoPath::from(path))
    }

    /// Returns whether a folder stands in base, or a file of the change is in it.
    pub(crate) fn has_folder(&mut self, folder: &str) -> bool {
        self.folders.list(folder).is_some() || self.sides.head.has_below(folder)
    }

    /// Returns the files of a folder in base.
    pub(crate) fn files(&mut self, folder: &str) -> Vec<String> {
        let listing = self.folders.list(folder);
        let files = listing.iter().flat_map(|listing| &listing.files);
        files.map(|(name, _)| name.clone()).collect()
    }

    /// Returns whether any file or folder of the repository has this name without its ending:
    /// paths may be changed at run time, so that a module can stand anywhere.
    pub(crate) fn has_module(&mut self, name: &str) -> bool {
        if self.modules.is_none() {
            let found = self.find_modules();
            self.modules = Some(found);
        }
        self.modules
            .as_ref()
            .is_some_and(|modules| modules.contains(name))
            || self.sides.head.has_part(name)
    }

    fn find_modules(&mut self) -> FxHashSet<String> {
        let mut found = FxHashSet::default();
        let mut open = vec![String::new()];
        let mut seen = 0;
        while let Some(folder) = open.pop() {
            seen += 1;
            let Some(listing) = self.folders.list(&folder).filter(|_| seen <= MOST_FOLDERS) else {
                continue;
            };
            for (name, _) in &listing.files {
                let stem = name.split('.').next().unwrap_or(name);
                found.insert(stem.to_owned());
                // Code that is generated from a schema carries this ending.
                if name.ends_with(".proto") {
                    found.insert(format!("{stem}_pb2"));
                    found.insert(format!("{stem}_pb2_grpc"));
                }
            }
            for (name, _) in &listing.folders {
                if !is_foreign(name) {
                    found.insert(name.clone());
                    open.push(join(&folder, name));
                }
            }
        }
        found
    }

    fn said(&mut self, folder: &str) -> Rc<Said> {
        if let Some(said) = self.said.get(folder) {
            return Rc::clone(said);
        }
        let mut said = Said::default();
        let mut paths = self.dependency_files(folder);
        paths.extend(self.dependency_files(&join(folder, "requirements")));
        for path in paths {
            self.take(&path, &mut said);
        }
        let said = Rc::new(said);
        self.said.insert(folder.to_owned(), Rc::clone(&said));
        said
    }

    fn dependency_files(&mut self, folder: &str) -> Vec<String> {
        let mut paths: Vec<String> = match self.folders.list(folder) {
            Some(listing) => listing
                .files
                .iter()
                .map(|(name, _)| join(folder, name))
                .filter(|path| formats::is_dependency_file(&RepoPath::from(path.as_str())))
                .collect(),
            None if self.folders.list("").is_some() => Vec::new(),
            None => {
                let usual = USUAL.iter().map(|name| join(folder, name));
                usual.filter(|path| self.exists(path.clone())).collect()
            }
        };
        let own = self.named.keys().filter(|path| parent(path) == folder);
        paths.extend(own.map(|path| (*path).to_owned()));
        paths.sort();
        paths.dedup();
        paths
    }

    fn take(&mut self, path: &str, said: &mut Said) {
        let at = RepoPath::from(path);
        let key = |reference: &Reference| (reference.ecosystem, reference.normal());
        if let Some(named) = self.named.get(path) {
            said.declare(&at, &named.head);
            said.before.extend(named.before.iter().map(key));
        } else if self.read < MOST_FILES {
            self.read += 1;
            // What the change leaves alone is the same on both sides.
            let text = self.sides.head.read(&at);
            let read = text.and_then(|text| formats::read(&at, &text)?.ok());
            let read = read.unwrap_or_default();
            said.before.extend(read.iter().map(key));
            said.declare(&at, &read);
        }
        said.governs.extend(self.take_own(&at));
    }

    /// Learns what a manifest calls its project, and returns its ecosystem.
    fn take_own(&mut self, path: &RepoPath) -> Option<Ecosystem> {
        if !formats::has_own_name(path) {
            return None;
        }
        let text = self.sides.head.read(path)?;
        let (ecosystem, name) = formats::own_name(path, &text)?;
        self.own.insert((ecosystem, ecosystem.normal(&name)));
        Some(ecosystem)
    }

    /// Learns the names of the packages that the repository holds, near its root.
    fn look_for_members(&mut self) {
        if std::mem::replace(&mut self.members_seen, true) {
            return;
        }
        let changed: Vec<RepoPath> = self
            .named
            .values()
            .map(|named| named.path.clone())
            .collect();
        for path in &changed {
            self.manifests.extend(formats::ecosystem(path));
            self.take_own(path);
        }
        let mut open = vec![(String::new(), 0)];
        let mut seen = 0;
        while let Some((folder, depth)) = open.pop() {
            seen += 1;
            let Some(listing) = self.folders.list(&folder).filter(|_| seen <= MOST_MEMBERS) else {
                continue;
            };
            for (name, _) in &listing.files {
                let path = RepoPath::from(join(&folder, name));
                self.manifests.extend(formats::ecosystem(&path));
                self.take_own(&path);
            }
            if depth < DEEPEST {
                let inner = listing.folders.iter().filter(|(name, _)| !is_foreign(name));
                open.extend(inner.map(|(name, _)| (join(&folder, name), depth + 1)));
            }
        }
    }
}

/// Returns whether a folder holds other people's code.
fn is_foreign(name: &str) -> bool {
    matches!(
        name,
        "node_modules" | ".git" | "vendor" | "third_party" | ".venv" | "venv"
    )
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
