//! Files and folders as they lie on disk, for judging code without a change.
//!
//! Ignore files count as they do for git and ripgrep (`.gitignore`, `.ignore`, the user's own),
//! inside repositories and outside. Hidden files are visited, because workflows, editor tasks
//! and agent settings live there; only folders named `.git` are left out. Symbolic links are
//! not followed and not listed, except those named by the caller. A file that the caller
//! names is taken even if it would be ignored.

use crate::disk::{self, Found};
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tares_deps::formats;
use tares_model::change::{ChangeKind, Entry, FileChange, Side, Unseen};
use tares_model::{Change, RepoPath};

/// Bounds on a walk. What exceeds them is reported as unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Bytes of one file. Of a larger binary file the first 8 KiB are kept.
    pub file_bytes: u64,
    /// Bytes of one lock file, if that is more.
    pub lock_bytes: u64,
    /// Bytes of all files together, in [`scan`] only.
    pub total_bytes: u64,
    /// Number of files.
    pub files: usize,
    /// Folders below the one that was named.
    pub depth: usize,
    /// Whether ignore files count.
    pub respect_ignore: bool,
}

impl Options {
    /// Returns the bytes that the file at a path may have.
    pub(crate) fn of(&self, path: &[u8]) -> u64 {
        if formats::is_lock_file(path) {
            self.file_bytes.max(self.lock_bytes)
        } else {
            self.file_bytes
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            file_bytes: 4 * 1024 * 1024,
            lock_bytes: 0,
            total_bytes: 1024 * 1024 * 1024,
            files: 1_000_000,
            depth: 256,
            respect_ignore: true,
        }
    }
}

/// Why nothing was walked.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A path that the caller named cannot be looked at.
    #[error("{}: {source}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A file that was found, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The path as reports show it: the named path, then the path below it.
    pub path: RepoPath,
    /// Size in bytes when it was found.
    pub size: u64,
    file: PathBuf,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// The files, sorted by path, each once.
    pub files: Vec<FoundFile>,
    /// What could not be visited.
    pub unseen: Vec<Unseen>,
}

/// Finds the files below `paths` without reading them, so that a caller can load one after
/// the other and never hold all.
pub fn find(paths: &[PathBuf], options: &Options) -> Result<Walked, WalkError> {
    let mut walked = Walked::default();
    for path in paths {
        // A link that was named is meant; those below are not followed.
        let meta = std::fs::metadata(path).map_err(|source| WalkError::Path {
            path: path.clone(),
            source,
        })?;
        if meta.is_dir() {
            visit(path, options, &mut walked);
        } else {
            let file = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            walked.files.push(FoundFile {
                path: shown(path),
                size: meta.len(),
                file,
            });
        }
    }
    walked.files.sort_by(|one, other| one.path.cmp(&other.path));
    walked.files.dedup_by(|next, kept| next.path == kept.path);
    if walked.files.len() > options.files {
        let reason = format!(
            "{} files were found, and only the first {} were looked at",
            walked.files.len(),
            options.files
        );
        walked.unseen.push(Unseen {
            path: RepoPath::default(),
            reason: format!("{reason}: scan fewer folders at once"),
        });
        walked.files.truncate(options.files);
    }
    Ok(walked)
}

fn visit(root: &Path, options: &Options, walked: &mut Walked) {
    let whole = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let endless = options.respect_ignore;
    let endless = endless.then(|| whole.ancestors().find_map(disk::endless));
    if let Some(file) = endless.flatten() {
        walked.unseen.push(not_entered(root, &file));
        return;
    }
    let respect_ignore = options.respect_ignore;
    let (say, said) = std::sync::mpsc::channel();
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(options.respect_ignore)
        .ignore(options.respect_ignore)
        .git_ignore(options.respect_ignore)
        .git_global(options.respect_ignore)
        .git_exclude(options.respect_ignore)
        .require_git(false)
        .follow_links(false)
        .max_depth(Some(options.depth))
        // Where a walk that is cut off stops must not depend on the file system.
        .sort_by_file_name(Ord::cmp)
        .filter_entry(move |entry| {
            if entry.file_name() == ".git" {
                return false;
            }
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let endless = (respect_ignore && is_folder).then(|| disk::endless(entry.path()));
            let Some(file) = endless.flatten() else {
                return true;
            };
            // The other end lives as long as the walk.
            say.send(not_entered(entry.path(), &file)).is_err()
        })
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                walked.unseen.push(Unseen {
                    path: RepoPath::default(),
                    reason: format!("cannot be visited ({error}): check its permissions"),
                });
                continue;
            }
        };
        let Some(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() && entry.depth() == options.depth {
            let reason = format!(
                "the folder lies deeper than {} others and was not entered",
                options.depth
            );
            walked.unseen.push(Unseen {
                path: shown(entry.path()),
                reason,
            });
        }
        // One more than the limit shows that there are more; the rest need not be held.
        if !kind.is_file() || walked.files.len() > options.files {
            continue;
        }
        let size = entry.metadata().map_or(0, |meta| meta.len());
        walked.files.push(FoundFile {
            path: shown(entry.path()),
            size,
            file: entry.into_path(),
        });
    }
    walked.unseen.extend(said.try_iter());
}

fn not_entered(folder: &Path, file: &Path) -> Unseen {
    Unseen {
        path: shown(folder),
        reason: format!(
            "the folder was not entered: {} is no regular file and would be waited for, remove it",
            file.display()
        ),
    }
}

/// Reads a file that was found, or tells why it is unseen.
pub fn load(found: &FoundFile, options: &Options) -> Result<FileChange, Unseen> {
    let unseen = |reason: String| Unseen {
        path: found.path.clone(),
        reason,
    };
    let limit = options.of(found.path.as_bytes());
    let side = match disk::read(&found.file, limit) {
        Ok(Found::File { bytes, .. }) => Side::file(bytes),
        Ok(Found::Large { head, size, .. }) if disk::is_text(&head) => {
            return Err(unseen(format!(
                "{size} bytes is more than the limit of {limit}: split the file, or exclude it in tares.toml"
            )));
        }
        Ok(Found::Large { head, .. }) => crate::git::beginning(&head, Entry::File),
        Ok(Found::Link(_) | Found::Nothing) => {
            return Err(unseen(
                "is no regular file (any more): nothing was read".to_owned(),
            ));
        }
        Err(error) => {
            return Err(unseen(format!(
                "cannot be read ({error}): check its permissions"
            )));
        }
    };
    Ok(added(found.path.clone(), side))
}

/// Reads the beginning of a found file, enough to say what it is. For files whose name says that
/// there is nothing to judge in them.
///
/// # Errors
///
/// What keeps the file from being read, as an entry for the report.
pub fn glance(found: &FoundFile, options: &Options) -> Result<FileChange, Unseen> {
    match disk::read(&found.file, disk::SNIFF as u64) {
        Ok(Found::File { bytes, .. } | Found::Large { head: bytes, .. }) => {
            let side = crate::git::beginning(&bytes, Entry::File);
            Ok(added(found.path.clone(), side))
        }
        _ => load(found, options),
    }
}

/// Finds and reads everything below `paths`. Large trees are better taken with [`find`] and
/// [`load`], which hold one file at a time.
pub fn scan(paths: &[PathBuf], options: &Options) -> Result<Change, WalkError> {
    let walked = find(paths, options)?;
    let mut change = Change {
        name: name(paths),
        unseen: walked.unseen,
        ..Change::default()
    };
    let mut room = options.total_bytes;
    for found in &walked.files {
        if found.size.min(options.of(found.path.as_bytes())) > room {
            let reason =
                "the scan as a whole is too large to hold: scan fewer folders at once".to_owned();
            change.unseen.push(Unseen {
                path: found.path.clone(),
                reason,
            });
            continue;
        }
        match load(found, options) {
            Ok(file) => {
                let size = file.after.as_ref().map_or(0, |side| side.bytes.len());
                room = room.saturating_sub(size as u64);
                change.files.push(file);
            }
            Err(unseen) => change.unseen.push(unseen),
        }
    }
    Ok(change)
}

/// Returns bytes from standard input as a change of one file, whose name tells its language.
pub fn single(path: &str, bytes: impl Into<Arc<[u8]>>) -> Change {
    let file = added(RepoPath::from(path), Side::file(bytes));
    Change {
        name: "standard input".to_owned(),
        files: vec![file],
        ..Change::default()
    }
}

fn added(path: RepoPath, side: Side) -> FileChange {
    FileChange {
        path,
        base_path: None,
        kind: ChangeKind::Added,
        before: None,
        after: Some(side),
    }
}

/// Returns how a scan is named to people.
pub fn name(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

fn shown(path: &Path) -> RepoPath {
    let path = path.strip_prefix("./").unwrap_or(path);
    RepoPath::from_bytes(&disk::path_bytes(path))
}
