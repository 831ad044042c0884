//! Answers to what a judgement asks: from a repository, or from the files that are scanned.

use crate::advisories::Data;
use crate::registry::{Asker, FromFolder};
use std::collections::BTreeMap;
use std::sync::Arc;
use tares_deps::advisory::Advisories;
use tares_judge::{Answers, ContentId, Listing, Version};
use tares_model::change::Extent;
use tares_model::fact::{Artefact, Ignorance, PackageFacts, PackageName, Packages};
use tares_model::{Ecosystem, RepoPath};
use tares_world::Cache;
use tares_world::git::{Files as _, Folder, RepoFiles};
use tares_world::registry::Registries;
use tares_world::walk::{self, FoundFile};

/// Answers from both sides of a repository, and remembers in the user's cache.
pub(crate) struct FromRepository {
    pub(crate) base: RepoFiles,
    pub(crate) head: RepoFiles,
    pub(crate) cache: Option<Cache>,
    pub(crate) data: Data,
    pub(crate) asker: Asker,
}

impl FromRepository {
    fn registries(&self) -> &Registries {
        let read = |file: &str| self.base.read(&RepoPath::from(file));
        self.asker
            .get(|file| read(file).map(|bytes| bytes.to_vec()))
    }

    fn side(&self, version: Version) -> &RepoFiles {
        match version {
            Version::Base => &self.base,
            Version::Head => &self.head,
        }
    }
}

impl Answers for FromRepository {
    fn file(&self, version: Version, path: &RepoPath) -> Option<Arc<[u8]>> {
        self.side(version).read(path)
    }

    fn exists(&self, version: Version, path: &RepoPath) -> bool {
        self.side(version).exists(path)
    }

    fn root(&self) -> Option<ContentId> {
        self.base.root()
    }

    fn list(&self, folder: &ContentId) -> Option<Listing> {
        let Folder { files, folders } = self.base.list(folder)?;
        Some(Listing { files, folders })
    }

    fn content(&self, file: &ContentId) -> Option<Arc<[u8]>> {
        self.base.content(file)
    }

    fn packages(&self) -> Option<&dyn Packages> {
        Some(self)
    }

    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.cache.as_ref()?.get(key)
    }

    fn keep(&self, key: &[u8; 32], value: &[u8]) {
        if let Some(cache) = &self.cache {
            cache.put(key, value);
        }
    }

    fn keeps(&self) -> bool {
        self.cache.is_some()
    }

    fn advisories(&self) -> Option<&dyn Advisories> {
        self.data.get()
    }
}

/// Where names are asked is what base says, as all settings are.
impl Packages for FromRepository {
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

/// Answers from the files that are scanned, and from no others: what an import leads to outside
/// of them is not looked at.
pub(crate) struct FromWalk<'a> {
    files: BTreeMap<&'a RepoPath, &'a FoundFile>,
    bounds: walk::Options,
    data: Data,
    asker: Option<FromFolder>,
}

impl<'a> FromWalk<'a> {
    /// Returns answers from these files.
    pub(crate) fn new(
        files: &'a [FoundFile],
        bounds: walk::Options,
        asker: Option<FromFolder>,
    ) -> Self {
        Self {
            files: files.iter().map(|found| (&found.path, found)).collect(),
            bounds,
            data: Data::default(),
            asker,
        }
    }

    fn find(&self, version: Version, path: &RepoPath) -> Option<&'a FoundFile> {
        let found = self.files.get(path).copied();
        found.filter(|_| version == Version::Head)
    }
}

impl Answers for FromWalk<'_> {
    fn file(&self, version: Version, path: &RepoPath) -> Option<Arc<[u8]>> {
        let file = walk::load(self.find(version, path)?, &self.bounds).ok()?;
        file.after
            .filter(|side| side.extent == Extent::Complete)
            .map(|side| side.bytes)
    }

    fn exists(&self, version: Version, path: &RepoPath) -> bool {
        self.find(version, path).is_some()
    }

    fn packages(&self) -> Option<&dyn Packages> {
        self.asker.as_ref().map(|asker| asker as &dyn Packages)
    }

    fn recall(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}

    fn advisories(&self) -> Option<&dyn Advisories> {
        self.data.get()
    }
}
