//! A selection of a repository as a change.

use super::error::GitError;
use super::load::{Loaded, Loader, Piece, repo_path};
use super::{Repository, Selection, revision, rewrite, status};
use tares_deps::formats;
use tares_model::change::{ChangeKind, FileChange, Side, Unseen};
use tares_model::{Change, RepoPath};

/// Bounds on what is read. What exceeds them is reported as unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file. A larger text file is unseen; of a larger binary file the first
    /// 8 KiB are kept as an excerpt, enough to tell what it is.
    pub file_bytes: u64,
    /// Bytes of one lock file, if that is more.
    pub lock_bytes: u64,
    /// Bytes of all files together.
    pub total_bytes: u64,
    /// Number of files that differ.
    pub files: usize,
    /// Number of commits whose messages become claims.
    pub claims: usize,
    /// Bytes of all claims together.
    pub claim_bytes: usize,
}

impl Limits {
    /// Returns the bytes that the file at a path may have.
    pub(crate) fn of(&self, path: &[u8]) -> u64 {
        if formats::is_lock_file(path) {
            self.file_bytes.max(self.lock_bytes)
        } else {
            self.file_bytes
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 * 1024 * 1024,
            lock_bytes: 0,
            total_bytes: 512 * 1024 * 1024,
            files: 50_000,
            claims: 200,
            claim_bytes: 64 * 1024,
        }
    }
}

/// Returns a selection of the repository as a change.
///
/// A file is in `files` when its head side could be read, when it was deleted, or, as an
/// excerpt of its beginning, when it is a large binary; otherwise it is in `unseen`. A base
/// side that could not be read leaves `before` empty, so that everything in the file counts as
/// new, and is in `unseen` too. Before the first commit there is no base.
pub fn change(
    repo: &Repository,
    selection: &Selection,
    limits: &Limits,
) -> Result<Change, GitError> {
    let sides = repo.resolve(selection)?;
    let status::Differences { raws, mut unseen } =
        status::differences(&repo.inner, &sides, limits.file_bytes)?;
    let total = raws.len();
    let mut loader = Loader::new(&repo.inner, limits);
    let loaded: Vec<Loaded> = raws
        .into_iter()
        .take(limits.files)
        .filter_map(|(path, raw)| loader.load(path, &raw))
        .collect();
    unseen.append(&mut loader.unseen);
    if total > limits.files {
        let reason = format!(
            "{total} files differ, and only the first {} were looked at: judge the change in smaller ranges",
            limits.files
        );
        unseen.push(Unseen {
            path: RepoPath::default(),
            reason,
        });
    }
    let files = files(loaded, &mut unseen);
    unseen.sort_by(|one, other| one.path.cmp(&other.path));
    let claims = sides
        .commits
        .map(|(tip, head)| revision::claims(&repo.inner, tip, head, limits));
    Ok(Change {
        name: sides.name,
        files,
        task: None,
        claims: claims.unwrap_or_default(),
        branch: revision::branch(&repo.inner),
        unseen,
        has_base: sides.base.is_some(),
    })
}

/// Turns loaded paths into file changes, joining both ends of renames and copies.
fn files(loaded: Vec<Loaded>, unseen: &mut Vec<Unseen>) -> Vec<FileChange> {
    let sources = rewrite::sources(&loaded);
    let mut is_moved = vec![false; loaded.len()];
    let mut came: Vec<Option<(rewrite::Source, RepoPath, Option<Piece>)>> =
        Vec::with_capacity(loaded.len());
    for at in 0..loaded.len() {
        let source = sources.get(&at).copied();
        came.push(source.map(|source| {
            is_moved[source.from] |= source.is_rename;
            let from = &loaded[source.from];
            (source, repo_path(from.path.as_ref()), from.before.clone())
        }));
    }
    let mut files = Vec::with_capacity(loaded.len());
    for ((file, came), is_moved) in loaded.into_iter().zip(came).zip(is_moved) {
        if is_moved {
            continue;
        }
        let path = repo_path(file.path.as_ref());
        let change = match came {
            Some((source, from, before)) => {
                let kind = if source.is_rename {
                    ChangeKind::Renamed
                } else {
                    ChangeKind::Copied
                };
                file_change(path, Some(from), Some(kind), before, file.after, unseen)
            }
            None => file_change(path, None, None, file.before, file.after, unseen),
        };
        files.extend(change);
    }
    files.sort_by(|one: &FileChange, other| one.path.cmp(&other.path));
    files
}

fn file_change(
    path: RepoPath,
    base_path: Option<RepoPath>,
    moved: Option<ChangeKind>,
    before: Option<Piece>,
    after: Option<Piece>,
    unseen: &mut Vec<Unseen>,
) -> Option<FileChange> {
    let (had_before, has_after) = (before.is_some(), after.is_some());
    let after = match after {
        Some(Piece::Unseen(reason)) => {
            unseen.push(Unseen { path, reason });
            return None;
        }
        Some(Piece::Side(side)) => Some(side),
        None => None,
    };
    let before = match before {
        Some(Piece::Unseen(reason)) => {
            if has_after {
                let reason =
                    format!("its base side was not seen, so all of it counts as new: {reason}");
                unseen.push(Unseen {
                    path: path.clone(),
                    reason,
                });
            }
            None
        }
        Some(Piece::Side(side)) => Some(side),
        None => None,
    };
    let kind = match moved {
        Some(kind) => kind,
        None if !had_before => ChangeKind::Added,
        None if !has_after => ChangeKind::Deleted,
        None => in_place(before.as_ref(), after.as_ref())?,
    };
    Some(FileChange {
        path,
        base_path,
        kind,
        before,
        after,
    })
}

/// Returns what happened to a file that both sides have, or `None` where nothing did.
fn in_place(before: Option<&Side>, after: Option<&Side>) -> Option<ChangeKind> {
    let (Some(before), Some(after)) = (before, after) else {
        return Some(ChangeKind::Modified);
    };
    if before.bytes != after.bytes || before.extent != after.extent {
        return Some(ChangeKind::Modified);
    }
    // Two beginnings that are equal say nothing about the rest of the files.
    if before.extent != tares_model::change::Extent::Complete {
        return Some(ChangeKind::Modified);
    }
    (before.entry != after.entry).then_some(ChangeKind::Mode)
}
