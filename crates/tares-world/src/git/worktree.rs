//! What the working tree shows where it differs from the index.

use super::error::GitError;
use super::load::{RawSide, Store};
use super::status::index_side;
use gix::ObjectId;
use gix::bstr::{BStr, BString};
use gix::object::tree::EntryKind;
use gix::progress::Discard;
use gix::status::plumbing::index_as_worktree::traits::{
    CompareBlobs, HashEq, ReadData, SubmoduleStatus,
};
use gix::status::plumbing::index_as_worktree::{Change as Difference, EntryStatus};
use gix::status::plumbing::index_as_worktree_with_renames::{Entry, VisitEntry};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// What the working tree shows at a path that differs from the index.
pub(crate) enum Seen {
    Untracked(EntryKind),
    Tracked {
        index: Option<RawSide>,
        disk: Option<RawSide>,
    },
    Conflict {
        ours: Option<RawSide>,
        disk: Option<RawSide>,
    },
    Submodule {
        index: Option<RawSide>,
        head: ObjectId,
    },
}

impl Seen {
    /// Returns what HEAD has where the index does not differ from it.
    pub(crate) fn unstaged(&self) -> Option<RawSide> {
        match self {
            Self::Untracked(_) => None,
            Self::Tracked { index, .. } | Self::Submodule { index, .. } => *index,
            Self::Conflict { ours, .. } => *ours,
        }
    }
}

/// Compares the working tree with the index, and looks for untracked files on request.
pub(crate) fn on_disk(
    repo: &gix::Repository,
    index: &gix::index::State,
    large: u64,
    with_untracked: bool,
) -> Result<Vec<(BString, Seen)>, GitError> {
    let reading = |error: gix::Error| GitError::reading("the working tree", &error);
    let root = repo
        .workdir()
        .expect("a bare repository was refused before")
        .to_owned();
    let walk = repo
        .dirwalk_options()
        .map_err(reading)?
        .emit_untracked(gix::dir::walk::EmissionMode::Matching)
        .emit_ignored(None);
    let mut collect = Collect(Vec::new());
    repo.index_worktree_status(
        index,
        None::<&BStr>,
        &mut collect,
        Compare { large },
        Submodules { root },
        &mut Discard,
        &AtomicBool::new(false),
        gix::status::index_worktree::Options {
            sorting: None,
            dirwalk_options: with_untracked.then_some(walk),
            rewrites: None,
            thread_limit: None,
        },
    )
    .map_err(reading)?;
    Ok(collect.0)
}

/// Compares by id after line ends were converted, so that a size that differs proves nothing
/// yet; takes a file above the limit for changed without reading it.
#[derive(Clone)]
struct Compare {
    large: u64,
}

impl CompareBlobs for Compare {
    type Output = ();

    fn compare_blobs<'a, 'b>(
        &mut self,
        entry: &gix::index::Entry,
        size: u64,
        data: impl ReadData<'a>,
        buf: &mut Vec<u8>,
    ) -> gix::Result<Option<()>> {
        if size > self.large {
            return Ok(Some(()));
        }
        Ok(HashEq.compare_blobs(entry, size, data, buf)?.map(|_| ()))
    }
}

/// Tells a submodule whose checked-out commit differs, looking at nothing but its HEAD.
#[derive(Clone)]
struct Submodules {
    root: PathBuf,
}

impl SubmoduleStatus for Submodules {
    type Output = ObjectId;

    fn status(&mut self, entry: &gix::index::Entry, path: &BStr) -> gix::Result<Option<ObjectId>> {
        let Some(relative) = crate::disk::plain_path(path) else {
            return Ok(None);
        };
        let options = super::options();
        let head = gix::open_opts(self.root.join(relative), options)
            .and_then(|repo| Ok(repo.head_id()?.detach()));
        // A submodule that is not checked out has no repository, and so no difference.
        Ok(head.ok().filter(|head| *head != entry.id))
    }
}

struct Collect(Vec<(BString, Seen)>);

impl<'index> VisitEntry<'index> for Collect {
    type ContentChange = ();
    type SubmoduleStatus = ObjectId;

    fn visit_entry(&mut self, entry: Entry<'index, (), ObjectId>) {
        match entry {
            Entry::Modification {
                entry,
                rela_path,
                status,
                ..
            } => {
                if let Some(seen) = tracked(entry, status) {
                    self.0.push((rela_path.to_owned(), seen));
                }
            }
            Entry::DirectoryContents { entry, .. } => {
                if let Some(kind) = untracked(&entry) {
                    self.0.push((entry.rela_path, Seen::Untracked(kind)));
                }
            }
            Entry::Rewrite { .. } => unreachable!("rewrite tracking is off"),
        }
    }
}

fn tracked(entry: &gix::index::Entry, status: EntryStatus<(), ObjectId>) -> Option<Seen> {
    let index = index_side(entry.mode, entry.id);
    let on_disk = |mode: gix::index::entry::Mode| {
        let kind = mode.to_tree_entry_mode().map(|mode| mode.kind());
        kind.map(|kind| RawSide {
            kind,
            store: Store::Disk,
        })
    };
    Some(match status {
        EntryStatus::NeedsUpdate(_) => return None,
        EntryStatus::IntentToAdd => Seen::Tracked {
            index: None,
            disk: on_disk(entry.mode),
        },
        EntryStatus::Conflict { entries, .. } => {
            // Stage 2 is ours; it stands for HEAD, whose entry is the same.
            let [_, ours, theirs] = *entries;
            let mode = ours
                .as_ref()
                .or(theirs.as_ref())
                .map_or(entry.mode, |entry| entry.mode);
            Seen::Conflict {
                ours: ours.and_then(|ours| index_side(ours.mode, ours.id)),
                disk: on_disk(mode),
            }
        }
        EntryStatus::Change(Difference::Removed) => Seen::Tracked { index, disk: None },
        EntryStatus::Change(Difference::Type { worktree_mode }) => Seen::Tracked {
            index,
            disk: on_disk(worktree_mode),
        },
        EntryStatus::Change(Difference::Modification {
            executable_bit_changed,
            ..
        }) => {
            let mut disk = on_disk(entry.mode);
            if executable_bit_changed && let Some(side) = &mut disk {
                side.kind = match side.kind {
                    EntryKind::Blob => EntryKind::BlobExecutable,
                    _ => EntryKind::Blob,
                };
            }
            Seen::Tracked { index, disk }
        }
        EntryStatus::Change(Difference::SubmoduleModification(head)) => {
            Seen::Submodule { index, head }
        }
    })
}

/// Returns the kind of an untracked entry; pipes, sockets and devices cannot be added.
fn untracked(entry: &gix::dir::Entry) -> Option<EntryKind> {
    use gix::dir::entry::{Kind, Status};
    if entry.status != Status::Untracked {
        return None;
    }
    match entry.disk_kind? {
        Kind::File => Some(EntryKind::Blob),
        Kind::Symlink => Some(EntryKind::Link),
        Kind::Repository => Some(EntryKind::Commit),
        Kind::Untrackable | Kind::Directory => None,
    }
}
