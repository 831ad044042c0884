//! What judging asks of its caller.

use std::sync::Arc;
use tares_deps::advisory::Advisories;
use tares_model::RepoPath;
use tares_model::fact::Packages;

/// Which side of a change a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// What the change starts from.
    Base,
    /// What the change leads to.
    Head,
}

/// The name of a file's or folder's content: whoever has the name means the same content.
pub type ContentId = Vec<u8>;

/// What a folder holds.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Regular files, by name.
    pub files: Vec<(String, ContentId)>,
    /// Folders, by name.
    pub folders: Vec<(String, ContentId)>,
}

/// Answers what a judgement asks about the rest of the repository, and remembers for it.
///
/// The change itself is never asked for. The same question must get the same answer within a
/// run.
pub trait Answers: Sync {
    /// Returns the bytes of a regular file; `None` where there is none or it is too large.
    fn file(&self, version: Version, path: &RepoPath) -> Option<Arc<[u8]>>;

    /// Returns whether a regular file stands at `path`.
    fn exists(&self, version: Version, path: &RepoPath) -> bool;

    /// Returns the root folder of base; `None` where base cannot be listed.
    fn root(&self) -> Option<ContentId> {
        None
    }

    /// Returns what a folder of base holds.
    fn list(&self, _folder: &ContentId) -> Option<Listing> {
        None
    }

    /// Returns the bytes of a file of base; `None` where it is too large.
    fn content(&self, _file: &ContentId) -> Option<Arc<[u8]>> {
        None
    }

    /// Returns who is asked about packages that are new; `None` where nothing is to be said of
    /// whether they exist.
    fn packages(&self) -> Option<&dyn Packages> {
        None
    }

    /// Returns what was kept under `key`. The key names everything the value depends on.
    fn recall(&self, key: &[u8; 32]) -> Option<Vec<u8>>;

    /// Keeps a value, if the caller wants to.
    fn keep(&self, key: &[u8; 32], value: &[u8]);

    /// Returns the data about versions of packages; `None` where there is none.
    fn advisories(&self) -> Option<&dyn Advisories> {
        None
    }

    /// Returns whether anything is ever kept; if not, nothing is computed to be kept.
    fn keeps(&self) -> bool {
        false
    }
}

/// Knows nothing but the change, as for a patch on its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAnswers;

impl Answers for NoAnswers {
    fn file(&self, _: Version, _: &RepoPath) -> Option<Arc<[u8]>> {
        None
    }

    fn exists(&self, _: Version, _: &RepoPath) -> bool {
        false
    }

    fn recall(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}
}
