//! Which entries differ: tree against tree, tree against index, index against working tree.

use super::error::GitError;
use super::index;
use super::load::{Raw, RawSide, Store};
use super::revision::{Head, Resolved};
use gix::ObjectId;
use gix::bstr::{BStr, BString};
use gix::object::tree::{EntryKind, EntryMode};
use gix::progress::Discard;
use gix::status::plumbing::index_as_worktree::traits::{
    CompareBlobs, HashEq, ReadData, SubmoduleStatus,
};
use gix::status::plumbing::index_as_worktree::{Change as Difference, EntryStatus};
use gix::status::plumbing::index_as_worktree_with_renames::{Entry, VisitEntry};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Differences by path.
pub(crate) type Raws = BTreeMap<BString, Raw>;

/// Returns what differs between the two sides, without renames.
pub(crate) fn differences(
    repo: &gix::Repository,
    sides: &Resolved,
    large: u64,
) -> Result<Raws, GitError> {
    let base = sides
        .base
        .unwrap_or_else(|| ObjectId::empty_tree(repo.object_hash()));
    match sides.head {
        Head::Tree(head) => trees(repo, base, head),
        Head::Index => staged(repo, base, &index::read(repo)?),
        Head::WorkingTree => working_tree(repo, base, large),
    }
}

fn trees(repo: &gix::Repository, base: ObjectId, head: ObjectId) -> Result<Raws, GitError> {
    let reading = |error: gix::Error| GitError::reading("the trees", &error);
    let base = repo.find_tree(base).map_err(reading)?;
    let head = repo.find_tree(head).map_err(reading)?;
    let options = gix::diff::Options::default().with_rewrites(None);
    let changes = repo
        .diff_tree_to_tree(Some(&base), Some(&head), Some(options))
        .map_err(reading)?;
    let mut raws = Raws::new();
    for change in changes {
        use gix::object::tree::diff::ChangeDetached as Detached;
        let (path, before, after) = match change {
            Detached::Addition {
                location,
                entry_mode,
                id,
                ..
            } => (location, None, side(entry_mode, id)),
            Detached::Deletion {
                location,
                entry_mode,
                id,
                ..
            } => (location, side(entry_mode, id), None),
            Detached::Modification {
                location,
                previous_entry_mode,
                previous_id,
                entry_mode,
                id,
            } => (
                location,
                side(previous_entry_mode, previous_id),
                side(entry_mode, id),
            ),
            Detached::Rewrite { .. } => unreachable!("rewrite tracking is off"),
        };
        merge(&mut raws, path, before, after);
    }
    Ok(raws)
}

/// Adds one difference. A file that became a folder, or a link a file, may come as two.
fn merge(raws: &mut Raws, path: BString, before: Option<RawSide>, after: Option<RawSide>) {
    if before.is_none() && after.is_none() {
        return;
    }
    let raw = raws.entry(path).or_default();
    raw.before = raw.before.take().or(before);
    raw.after = raw.after.take().or(after);
}

/// Returns a side of a tree difference; folders have none, their files come by themselves.
fn side(mode: EntryMode, id: ObjectId) -> Option<RawSide> {
    (!mode.is_tree()).then(|| RawSide {
        kind: mode.kind(),
        store: Store::Object(id),
    })
}

fn index_side(mode: gix::index::entry::Mode, id: ObjectId) -> Option<RawSide> {
    mode.to_tree_entry_mode().and_then(|mode| side(mode, id))
}

fn staged(
    repo: &gix::Repository,
    base: ObjectId,
    index: &gix::index::State,
) -> Result<Raws, GitError> {
    let mut raws = Raws::new();
    repo.tree_index_status(
        &base,
        index,
        None,
        gix::status::tree_index::TrackRenames::Disabled,
        |change, _, _| {
            use gix::diff::index::ChangeRef as Ref;
            let (path, before, after) = match change {
                Ref::Addition {
                    location,
                    entry_mode,
                    id,
                    ..
                } => (location, None, index_side(entry_mode, id.into_owned())),
                Ref::Deletion {
                    location,
                    entry_mode,
                    id,
                    ..
                } => (location, index_side(entry_mode, id.into_owned()), None),
                Ref::Modification {
                    location,
                    previous_entry_mode,
                    previous_id,
                    entry_mode,
                    id,
                    ..
                } => (
                    location,
                    index_side(previous_entry_mode, previous_id.into_owned()),
                    index_side(entry_mode, id.into_owned()),
                ),
                Ref::Rewrite { .. } => unreachable!("rewrite tracking is off"),
            };
            merge(&mut raws, path.into_owned(), before, after);
            Ok(ControlFlow::Continue(()))
        },
    )
    .map_err(|error| GitError::reading("the index", &error))?;
    Ok(raws)
}

/// Lays what differs in the working tree over what differs in the index.
fn working_tree(repo: &gix::Repository, base: ObjectId, large: u64) -> Result<Raws, GitError> {
    let index = index::read(repo)?;
    let mut raws = staged(repo, base, &index)?;
    for (path, seen) in on_disk(repo, &index, large)? {
        let raw = raws.entry(path).or_insert_with(|| Raw {
            before: seen.unstaged(),
            ..Raw::default()
        });
        match seen {
            Seen::Untracked(kind) => raw.lay_over(
                raw.after,
                Some(RawSide {
                    kind,
                    store: Store::Untracked,
                }),
            ),
            Seen::Tracked { index, disk } => raw.lay_over(index, disk),
            Seen::Conflict { disk, .. } => raw.after = disk,
            Seen::Submodule { head, .. } => {
                raw.after = Some(RawSide {
                    kind: EntryKind::Commit,
                    store: Store::Object(head),
                });
            }
        }
    }
    Ok(raws)
}

/// What the working tree shows at a path that differs from the index.
enum Seen {
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
    fn unstaged(&self) -> Option<RawSide> {
        match self {
            Self::Untracked(_) => None,
            Self::Tracked { index, .. } | Self::Submodule { index, .. } => *index,
            Self::Conflict { ours, .. } => *ours,
        }
    }
}

fn on_disk(
    repo: &gix::Repository,
    index: &gix::index::State,
    large: u64,
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
            dirwalk_options: Some(walk),
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
