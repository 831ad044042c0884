//! Answers to what a judgement asks: from a repository, or from the folders that are scanned.

use std::path::PathBuf;
use std::sync::Arc;
use tares_judge::{Answers, Version};
use tares_lang::MAX_SOURCE;
use tares_model::RepoPath;
use tares_world::Cache;
use tares_world::disk::{self, Found};
use tares_world::git::{Files as _, RepoFiles};

/// Answers from both sides of a repository, and remembers in the user's cache.
pub(crate) struct FromRepository {
    pub(crate) base: RepoFiles,
    pub(crate) head: RepoFiles,
    pub(crate) cache: Option<Cache>,
}

impl FromRepository {
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
}

/// Answers from the folders that are scanned, and from nowhere else.
pub(crate) struct FromFolders {
    roots: Vec<PathBuf>,
}

impl FromFolders {
    /// Returns answers from these folders; named files stand for nothing but themselves.
    pub(crate) fn new(paths: &[PathBuf]) -> Self {
        let folders = paths.iter().filter(|path| path.is_dir());
        Self {
            roots: folders
                .map(|path| path.strip_prefix("./").unwrap_or(path).to_owned())
                .collect(),
        }
    }

    /// Finds the root that a shown path lies in, and what follows it.
    fn locate(&self, path: &RepoPath) -> Option<(PathBuf, Vec<u8>)> {
        self.roots.iter().find_map(|root| {
            let shown = root.to_string_lossy().replace('\\', "/");
            let shown = shown.trim_end_matches('/');
            if shown == "." {
                return Some((root.clone(), path.as_bytes().to_vec()));
            }
            // Resolving an import may lose the `/` at the beginning of an absolute path.
            let bytes = path.as_bytes();
            let rest = bytes
                .strip_prefix(shown.as_bytes())
                .or_else(|| bytes.strip_prefix(shown.trim_start_matches('/').as_bytes()))?;
            Some((root.clone(), rest.strip_prefix(b"/")?.to_vec()))
        })
    }
}

impl Answers for FromFolders {
    fn file(&self, version: Version, path: &RepoPath) -> Option<Arc<[u8]>> {
        let (root, rest) = self.locate(path).filter(|_| version == Version::Head)?;
        match disk::read_below(&root, &rest, MAX_SOURCE as u64).ok()? {
            Found::File { bytes, .. } => Some(bytes.into()),
            Found::Large { .. } | Found::Link(_) | Found::Nothing => None,
        }
    }

    fn exists(&self, version: Version, path: &RepoPath) -> bool {
        let place = self.locate(path).filter(|_| version == Version::Head);
        place.is_some_and(|(root, rest)| disk::is_file_below(&root, &rest))
    }

    fn recall(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}
}
