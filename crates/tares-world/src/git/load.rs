//! From what differs to bytes: bounded, with a reason for everything that was not loaded.

use super::Limits;
use crate::disk::{self, Found};
use gix::ObjectId;
use gix::bstr::{BStr, BString};
use gix::object::tree::EntryKind;
use std::path::Path;
use std::sync::Arc;
use tares_model::RepoPath;
use tares_model::change::{Entry, Extent, Hunk, Side, Unseen};

/// Largest object that is unpacked to look at its beginning. Objects cannot be read in part.
const UNPACK: u64 = 32 * 1024 * 1024;

/// A path that differs, before anything is read.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) before: Option<RawSide>,
    pub(crate) after: Option<RawSide>,
    /// What the index has, where the working tree has something else.
    pub(crate) staged: Option<RawSide>,
    /// Whether the working tree was laid over the index.
    pub(crate) is_laid_over: bool,
}

impl Raw {
    /// Puts what the working tree has over what the index has.
    pub(crate) fn lay_over(&mut self, index: Option<RawSide>, disk: Option<RawSide>) {
        self.staged = index;
        self.after = disk;
        self.is_laid_over = true;
    }
}

/// One side of a path that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawSide {
    pub(crate) kind: EntryKind,
    pub(crate) store: Store,
}

/// Where the bytes of a side are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Object(ObjectId),
    /// In the working tree, with the mode that the index has for it.
    Disk,
    /// In the working tree, unknown to the index.
    Untracked,
}

/// A path that differs, with its bytes.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) path: BString,
    pub(crate) before: Option<Piece>,
    pub(crate) after: Option<Piece>,
}

/// One side, loaded as far as the limits allow.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// All of it, or the beginning of a binary file that is too large.
    Side(Side),
    /// Not loaded, and why.
    Unseen(String),
}

impl Piece {
    /// Returns the side if all of it is there.
    pub(crate) fn whole(&self) -> Option<&Side> {
        match self {
            Self::Side(side) if side.extent == Extent::Complete => Some(side),
            _ => None,
        }
    }
}

/// Reads sides, keeping count of the room that is left.
pub(crate) struct Loader<'a> {
    repo: &'a gix::Repository,
    root: Option<&'a Path>,
    limits: Limits,
    room: u64,
    pub(crate) unseen: Vec<Unseen>,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(repo: &'a gix::Repository, limits: &Limits) -> Self {
        Self {
            repo,
            root: repo.workdir(),
            limits: *limits,
            room: limits.total_bytes,
            unseen: Vec::new(),
        }
    }

    /// Loads both sides of a path; `None` where nothing is left to compare.
    pub(crate) fn load(&mut self, path: BString, raw: &Raw) -> Option<Loaded> {
        let before = self.side(path.as_ref(), self.without_submodule(raw.before));
        let after = self.note_submodule(path.as_ref(), raw);
        let mut after = self.side(path.as_ref(), after);
        if raw.is_laid_over && self.is_nothing_new(before.as_ref(), after.as_ref(), raw) {
            after = self.side(path.as_ref(), self.without_submodule(raw.staged));
        }
        (before.is_some() || after.is_some()).then_some(Loaded {
            path,
            before,
            after,
        })
    }

    /// Returns whether the working tree has nothing of its own to judge, so that the index,
    /// which a commit would take, comes to the fore.
    fn is_nothing_new(&self, before: Option<&Piece>, after: Option<&Piece>, raw: &Raw) -> bool {
        match (before.and_then(Piece::whole), after) {
            (_, None) => raw.staged != raw.before,
            (Some(before), Some(after)) => after.whole() == Some(before),
            (None, Some(_)) => false,
        }
    }

    fn without_submodule(&self, side: Option<RawSide>) -> Option<RawSide> {
        side.filter(|side| side.kind != EntryKind::Commit)
    }

    /// Notes a submodule on the head side, whose files lie in another repository.
    fn note_submodule(&mut self, path: &BStr, raw: &Raw) -> Option<RawSide> {
        let Some(RawSide {
            kind: EntryKind::Commit,
            store,
        }) = raw.after
        else {
            return raw.after;
        };
        let reason = match store {
            Store::Object(id) => format!(
                "submodule, now at {}: its files belong to another repository; run `tares check` inside it",
                id.to_hex_with_len(7)
            ),
            Store::Disk | Store::Untracked => {
                "nested repository that is not tracked: run `tares check` inside it, or ignore it"
                    .to_owned()
            }
        };
        self.unseen.push(Unseen {
            path: repo_path(path),
            reason,
        });
        None
    }

    fn side(&mut self, path: &BStr, side: Option<RawSide>) -> Option<Piece> {
        let side = side?;
        let piece = match side.store {
            Store::Object(id) => Some(self.object(id, side.kind, self.limits.of(path))),
            Store::Disk | Store::Untracked => self.file(path, side),
        };
        if let Some(Piece::Side(side)) = &piece {
            let size = side.bytes.len() as u64;
            if size > self.room {
                return Some(Piece::Unseen(
                    "the change as a whole is too large to hold: judge it in smaller ranges"
                        .to_owned(),
                ));
            }
            self.room -= size;
        }
        piece
    }

    fn object(&self, id: ObjectId, kind: EntryKind, limit: u64) -> Piece {
        let missing = || {
            Piece::Unseen(format!(
                "object {} is missing from this clone: `git fetch --refetch --no-filter` brings it",
                id.to_hex_with_len(7)
            ))
        };
        let damaged = |error: &gix::Error| {
            Piece::Unseen(format!(
                "object {} cannot be read ({error}): run `git fsck`",
                id.to_hex_with_len(7)
            ))
        };
        let size = match self.repo.try_find_header(id) {
            Ok(Some(header)) if header.kind() == gix::object::Kind::Blob => header.size(),
            Ok(Some(_)) => {
                return Piece::Unseen(
                    "the tree names something that is no file: run `git fsck`".to_owned(),
                );
            }
            Ok(None) => return missing(),
            Err(error) => return damaged(&error),
        };
        if size > limit.max(UNPACK) {
            return too_large(size, limit);
        }
        let bytes = match self.repo.find_object(id) {
            Ok(mut object) => std::mem::take(&mut object.data),
            Err(error) => return damaged(&error),
        };
        let entry = entry_of(kind);
        if size > limit {
            sniffed(&bytes, size, entry, limit)
        } else {
            whole(bytes, entry)
        }
    }

    fn file(&self, path: &BStr, side: RawSide) -> Option<Piece> {
        let root = self.root?;
        let entry = |executable: bool| match side {
            RawSide {
                kind: EntryKind::Link,
                ..
            } => Entry::Symlink,
            RawSide {
                store: Store::Untracked,
                ..
            } if executable => Entry::Executable,
            RawSide { kind, .. } => entry_of(kind),
        };
        let limit = self.limits.of(path);
        Some(match disk::read_below(root, path, limit) {
            Ok(Found::Nothing) => return None,
            Ok(Found::Link(text)) => whole(text, Entry::Symlink),
            Ok(Found::File { bytes, executable }) => whole(bytes, entry(executable)),
            Ok(Found::Large {
                head,
                size,
                executable,
            }) => sniffed(&head, size, entry(executable), limit),
            Err(error) => Piece::Unseen(format!("cannot be read ({error}): check its permissions")),
        })
    }
}

/// Keeps the beginning of a large file if it is binary; refuses it if it is text.
fn sniffed(bytes: &[u8], size: u64, entry: Entry, limit: u64) -> Piece {
    if disk::is_text(bytes) {
        return too_large(size, limit);
    }
    Piece::Side(beginning(bytes, entry))
}

/// Returns a side that holds the first bytes of a binary file.
pub(crate) fn beginning(bytes: &[u8], entry: Entry) -> Side {
    let head = &bytes[..bytes.len().min(disk::SNIFF)];
    Side {
        bytes: head.into(),
        entry,
        extent: Extent::Excerpt(vec![Hunk { offset: 0, line: 1 }]),
    }
}

/// Says that a text file is above the limit.
pub(crate) fn too_large_reason(size: u64, limit: u64) -> String {
    format!(
        "{size} bytes is more than the limit of {limit}: split the file, or exclude it in tares.toml"
    )
}

fn too_large(size: u64, limit: u64) -> Piece {
    Piece::Unseen(too_large_reason(size, limit))
}

fn whole(bytes: Vec<u8>, entry: Entry) -> Piece {
    Piece::Side(Side {
        bytes: Arc::from(bytes),
        entry,
        extent: Extent::Complete,
    })
}

fn entry_of(kind: EntryKind) -> Entry {
    match kind {
        EntryKind::Link => Entry::Symlink,
        EntryKind::BlobExecutable => Entry::Executable,
        EntryKind::Blob | EntryKind::Tree | EntryKind::Commit => Entry::File,
    }
}

pub(crate) fn repo_path(path: &BStr) -> RepoPath {
    RepoPath::from_bytes(path)
}
