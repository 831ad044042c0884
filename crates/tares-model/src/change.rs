//! A change: what is judged. It knows no git, so a hook, a patch and a stream are changes too.

use crate::RepoPath;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One change to judge, with what was asked and what is claimed about it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// How the change is named to people, such as `working tree against HEAD`.
    pub name: String,
    /// The files, sorted by path.
    pub files: Vec<FileChange>,
    /// What a person asked for; trusted.
    pub task: Option<Task>,
    /// What the change says of itself (commit messages, pull-request text); never trusted.
    pub claims: Vec<Claim>,
    /// The branch that it stands on, where there is one; whoever made it chose the words.
    pub branch: Option<String>,
    /// What could not be seen at all: submodules, missing objects, unreadable files.
    pub unseen: Vec<Unseen>,
    /// Whether there is a base to compare with. Without one nothing is "new".
    pub has_base: bool,
}

/// One file of a change.
#[derive(Debug, Clone)]
pub struct FileChange {
    /// Path on the head side, or on the base side of a deleted file.
    pub path: RepoPath,
    /// Path on the base side where it differs (rename or copy).
    pub base_path: Option<RepoPath>,
    /// What happened to the file.
    pub kind: ChangeKind,
    /// Content on the base side.
    pub before: Option<Side>,
    /// Content on the head side.
    pub after: Option<Side>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// New file.
    Added,
    /// Content changed in place.
    Modified,
    /// File gone.
    Deleted,
    /// Moved, content perhaps changed too.
    Renamed,
    /// Copied from a file that stays.
    Copied,
    /// Only mode or file type changed.
    Mode,
}

/// One side of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The bytes as they are stored, never passed through a filter.
    pub bytes: Arc<[u8]>,
    /// What kind of entry it is.
    pub entry: Entry,
    /// Whether `bytes` is the whole file.
    pub extent: Extent,
}

impl Side {
    /// Returns a whole regular file.
    pub fn file(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            entry: Entry::File,
            extent: Extent::Complete,
        }
    }
}

/// The kind of a tree entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Regular file.
    File,
    /// Regular file with the executable bit.
    Executable,
    /// Symbolic link; its bytes are the link text and are never followed.
    Symlink,
}

/// How much of a file a side holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Complete,
    /// Pieces of it, as a patch shows them. Each hunk gives where its text begins in
    /// `Side::bytes` and which 1-based line of the real file that is.
    Excerpt(Vec<Hunk>),
}

/// One contiguous piece of an excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hunk {
    /// Byte offset in [`Side::bytes`] where the piece begins.
    pub offset: u32,
    /// 1-based line of the real file at which it begins.
    pub line: u32,
}

/// What a person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The words.
    pub text: String,
    /// Where they came from, such as `--task` or a file name.
    pub source: String,
}

/// What the change says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The words.
    pub text: String,
    /// Where they stand, such as `commit 1a2b3c4`.
    pub source: String,
}

/// Something of the change that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Path, or empty where it concerns the whole change.
    pub path: RepoPath,
    /// Why, in a sentence that says what to do about it.
    pub reason: String,
}
