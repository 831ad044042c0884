//! What can go wrong with a repository, said for a program and for a person.

use std::fmt;

/// What went wrong, for a caller that decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No repository at or above the folder.
    NotARepository,
    /// HEAD has no commit yet, and the question needs one.
    Unborn,
    /// The repository has no working tree, and the question needs one.
    Bare,
    /// A name that is no commit.
    UnknownRevision,
    /// The two commits share no history.
    NoMergeBase,
    /// The clone is shallow, and the commit where both sides part lies beyond its edge.
    Shallow,
    /// An object is missing: a partial clone, or damage.
    MissingObject,
    /// The system does not let the repository or its working tree be read.
    Unreadable,
    /// The repository uses a format that is not understood.
    Unsupported,
    /// The repository could not be read.
    Corrupt,
}

/// A failure, with what a person can do about it.
#[derive(Debug, thiserror::Error)]
pub struct GitError {
    kind: Kind,
    message: String,
    hint: Option<String>,
}

impl GitError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Wraps what the git library says, telling a missing object from damage.
    pub(crate) fn reading(what: &str, error: &gix::Error) -> Self {
        let error_text = last_words(error);
        if error.is_not_found() {
            Self::new(Kind::MissingObject, format!("{what}: an object is missing ({error_text})"))
                .with_hint("in a partial clone, `git fetch --refetch --no-filter` brings all objects; otherwise run `git fsck`")
        } else if error.is_permission_denied() {
            Self::new(Kind::Unreadable, format!("{what}: {error_text}"))
                .with_hint("check the permissions of the repository and its working tree")
        } else {
            Self::new(Kind::Corrupt, format!("{what}: {error_text}"))
                .with_hint("run `git fsck` to see whether the repository is damaged")
        }
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns what to do about it, such as a command to run.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Returns the innermost message, which names the object or file.
fn last_words(error: &gix::Error) -> String {
    error
        .iter_errors()
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
