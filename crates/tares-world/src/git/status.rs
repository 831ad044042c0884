//! Which entries differ: tree against tree, tree against index, index against working tree.

use super::error::{GitError, Kind};
use super::index;
use super::load::{Raw, RawSide, Store};
use super::revision::{Head, Resolved};
use super::worktree::{Seen, on_disk};
use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::object::tree::{EntryKind, EntryMode};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use tares_model::RepoPath;
use tares_model::change::Unseen;

/// Differences by path.
pub(crate) type Raws = BTreeMap<BString, Raw>;

/// What differs between two sides, without renames.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) raws: Raws,
    pub(crate) unseen: Vec<Unseen>,
}

pub(crate) fn differences(
    repo: &gix::Repository,
    sides: &Resolved,
    large: u64,
) -> Result<Differences, GitError> {
    let base = sides
        .base
        .unwrap_or_else(|| ObjectId::empty_tree(repo.object_hash()));
    let raws = match sides.head {
        Head::Tree(head) => trees(repo, base, head)?,
        Head::Index => staged(repo, base, &index::read(repo)?)?,
        Head::WorkingTree => return working_tree(repo, base, large),
    };
    Ok(Differences {
        raws,
        unseen: Vec::new(),
    })
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

pub(crate) fn index_side(mode: gix::index::entry::Mode, id: ObjectId) -> Option<RawSide> {
    mode.to_tree_entry_mode().and_then(|mode| side(mode, id))
}

fn staged(
    repo: &gix::Repository,
    base: ObjectId,
    index: &gix::index::State,
) -> Result<Raws, GitError> {
    let mut raws = Raws::new();
    let reading = |error: gix::Error| GitError::reading("the index", &error);
    // Without this the library would look only below the current folder.
    let source = gix::worktree::stack::state::attributes::Source::IdMapping;
    let mut everything = repo
        .pathspec(false, None::<&BStr>, false, index, source)
        .map_err(reading)?;
    repo.tree_index_status(
        &base,
        index,
        Some(&mut everything),
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
    .map_err(reading)?;
    Ok(raws)
}

/// Lays what differs in the working tree over what differs in the index.
fn working_tree(
    repo: &gix::Repository,
    base: ObjectId,
    large: u64,
) -> Result<Differences, GitError> {
    let index = index::read(repo)?;
    refuse_endless(repo, &index)?;
    let mut raws = staged(repo, base, &index)?;
    let mut unseen = Vec::new();
    let on_disk = match on_disk(repo, &index, large, true) {
        Err(error) if error.kind() == Kind::Unreadable => {
            let reason = format!(
                "untracked files were not looked for ({error}): check the permissions of all folders, or ignore those that nobody may read"
            );
            unseen.push(Unseen {
                path: RepoPath::default(),
                reason,
            });
            on_disk(repo, &index, large, false)?
        }
        found => found?,
    };
    for (path, seen) in on_disk {
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
    Ok(Differences { raws, unseen })
}

/// Refuses a working tree in which a pipe or device stands where the git library reads unasked:
/// it would wait for ever. Folders without a tracked file are not looked at.
fn refuse_endless(repo: &gix::Repository, index: &gix::index::State) -> Result<(), GitError> {
    let root = repo.workdir().unwrap_or(Path::new("."));
    let mut folders = BTreeSet::from([BStr::new("")]);
    for entry in index.entries() {
        let mut folder = entry.path(index);
        while let Some(at) = folder.rfind_byte(b'/') {
            folder = folder[..at].as_bstr();
            if !folders.insert(folder) {
                break;
            }
        }
    }
    let folders = folders.into_iter().map(|folder| match folder.is_empty() {
        true => Some(root.to_owned()),
        false => Some(root.join(crate::disk::plain_path(folder)?)),
    });
    match folders
        .flatten()
        .find_map(|folder| crate::disk::endless(&folder))
    {
        None => Ok(()),
        Some(file) => Err(GitError::new(
            Kind::Unsupported,
            format!(
                "{} is no regular file, and reading it would wait",
                file.display()
            ),
        )
        .with_hint("remove it, or make it a file")),
    }
}
