//! Files that the change leaves alone, for questions that judging asks.

use super::error::GitError;
use super::index;
use super::revision::{Head, Revision};
use super::{Limits, Repository, Selection};
use crate::disk::{self, Found};
use crate::folder::{self, Bounds, FolderFiles};
use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tares_model::RepoPath;

/// Answers questions about the files of one side.
pub trait Files: Send + Sync {
    /// Returns the bytes of a regular file; `None` where there is none, where it is a link,
    /// and where it is above the limit.
    fn read(&self, path: &RepoPath) -> Option<Arc<[u8]>>;

    /// Returns whether a regular file stands at `path`.
    fn exists(&self, path: &RepoPath) -> bool;
}

/// Which side of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// What the change starts from.
    Base,
    /// What the change leads to.
    Head,
}

/// The files of one side of a selection, changed or not.
pub struct RepoFiles {
    place: Place,
    limits: Limits,
}

/// What a folder holds, by names and ids.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Regular files.
    pub files: Vec<(String, Vec<u8>)>,
    /// Folders.
    pub folders: Vec<(String, Vec<u8>)>,
}

enum Place {
    Nothing,
    Disk(PathBuf),
    // The library's handle is for one thread at a time; questions are few and short.
    Tree(Box<Mutex<gix::Repository>>, ObjectId),
    Index(Box<Mutex<gix::Repository>>, Box<gix::index::State>),
}

/// Returns the files of one side of a selection.
pub fn files(
    repo: &Repository,
    selection: &Selection,
    version: Version,
    limits: &Limits,
) -> Result<RepoFiles, GitError> {
    let sides = repo.resolve(selection)?;
    let tree = |id| Place::Tree(Box::new(Mutex::new(repo.inner.clone())), id);
    let place = match (version, sides.head) {
        (Version::Base, _) => sides.base.map_or(Place::Nothing, tree),
        (Version::Head, Head::Tree(id)) => tree(id),
        (Version::Head, Head::WorkingTree) => repo
            .inner
            .workdir()
            .map_or(Place::Nothing, |root| Place::Disk(root.to_owned())),
        (Version::Head, Head::Index) => Place::Index(
            Box::new(Mutex::new(repo.inner.clone())),
            Box::new(index::read(&repo.inner)?),
        ),
    };
    Ok(RepoFiles {
        place,
        limits: *limits,
    })
}

/// Reads one file as it stands at a revision; `None` where it is not there or is no regular
/// file.
///
/// # Errors
///
/// A file above 64 MiB is refused rather than passed over: a policy that was not read must
/// never look like one that is not there.
pub fn read_at(
    repo: &Repository,
    revision: &Revision,
    path: &str,
) -> Result<Option<Vec<u8>>, GitError> {
    const LARGEST: u64 = 64 * 1024 * 1024;
    let tree = repo
        .inner
        .find_commit(revision.id)
        .and_then(|commit| commit.tree_id().map(gix::Id::detach));
    let tree = tree.map_err(|error| GitError::reading(revision.name(), &error))?;
    let Some(id) = lookup(&repo.inner, tree, path.as_bytes().as_bstr())
        .map_err(|error| GitError::reading(path, &error))?
    else {
        return Ok(None);
    };
    let size = repo
        .inner
        .find_header(id)
        .map_err(|error| GitError::reading(path, &error))?
        .size();
    if size > LARGEST {
        let message = format!("`{path}` has {size} bytes, more than {LARGEST}");
        return Err(GitError::new(crate::git::Kind::Unsupported, message));
    }
    let mut object = repo
        .inner
        .find_object(id)
        .map_err(|error| GitError::reading(path, &error))?;
    Ok(Some(std::mem::take(&mut object.data)))
}

/// Reads the files of a folder as it stands at a revision; `None` where no folder is there.
/// Links are passed over.
///
/// # Errors
///
/// Beyond the bounds: part of a folder must never look like the whole.
pub fn folder_at(
    repo: &Repository,
    revision: &Revision,
    path: &str,
    bounds: &Bounds,
) -> Result<Option<FolderFiles>, GitError> {
    let unread = |error: gix::Error| GitError::reading(path, &error);
    let tree = repo
        .inner
        .find_commit(revision.id)
        .and_then(|commit| commit.tree())
        .map_err(|error| GitError::reading(revision.name(), &error))?;
    let entry = tree.lookup_entry(path.split('/')).map_err(unread)?;
    let Some(entry) = entry.filter(|entry| entry.mode().is_tree()) else {
        return Ok(None);
    };
    let refused = |why| GitError::new(crate::git::Kind::Unsupported, why);
    let mut found = FolderFiles::new();
    let mut folders = vec![(String::new(), entry.object_id(), folder::DEPTH)];
    while let Some((prefix, id, depth)) = folders.pop() {
        let tree = repo.inner.find_tree(id).map_err(unread)?;
        for entry in tree.iter() {
            let entry =
                entry.map_err(|error| refused(format!("`{path}` cannot be read: {error}")))?;
            let Ok(name) = std::str::from_utf8(entry.filename()) else {
                continue;
            };
            let (mode, id, name) = (entry.mode(), entry.object_id(), format!("{prefix}{name}"));
            if mode.is_tree() && depth > 1 {
                folders.push((format!("{name}/"), id, depth - 1));
            } else if mode.is_blob() && name.ends_with(bounds.ending) {
                if found.len() == bounds.files {
                    return Err(refused(bounds.too_many(path)));
                }
                if repo.inner.find_header(id).map_err(unread)?.size() > bounds.bytes {
                    return Err(refused(bounds.too_large(&format!("{path}/{name}"))));
                }
                let mut object = repo.inner.find_object(id).map_err(unread)?;
                found.push((name, std::mem::take(&mut object.data)));
            }
        }
    }
    found.sort();
    Ok(Some(found))
}

impl Files for RepoFiles {
    fn read(&self, path: &RepoPath) -> Option<Arc<[u8]>> {
        let path = path.as_bytes();
        let limit = self.limits.of(path);
        match &self.place {
            Place::Nothing => None,
            Place::Disk(root) => match disk::read_below(root, path, limit).ok()? {
                Found::File { bytes, .. } => Some(bytes.into()),
                Found::Large { .. } | Found::Link(_) | Found::Nothing => None,
            },
            Place::Tree(repo, tree) => {
                let repo = repo.lock().unwrap_or_else(PoisonError::into_inner);
                let id = lookup(&repo, *tree, path.as_bstr()).ok()??;
                blob(&repo, id, limit)
            }
            Place::Index(repo, index) => {
                let repo = repo.lock().unwrap_or_else(PoisonError::into_inner);
                blob(&repo, index_file(index, path)?, limit)
            }
        }
    }

    fn exists(&self, path: &RepoPath) -> bool {
        let path = path.as_bytes();
        match &self.place {
            Place::Nothing => false,
            Place::Disk(root) => disk::is_file_below(root, path),
            Place::Tree(repo, tree) => {
                let repo = repo.lock().unwrap_or_else(PoisonError::into_inner);
                lookup(&repo, *tree, path.as_bstr()).is_ok_and(|found| found.is_some())
            }
            Place::Index(_, index) => index_file(index, path).is_some(),
        }
    }
}

impl RepoFiles {
    /// Returns the id of the root folder, where the side is a tree of git.
    pub fn root(&self) -> Option<Vec<u8>> {
        match &self.place {
            Place::Tree(_, tree) => Some(tree.as_slice().to_vec()),
            Place::Nothing | Place::Disk(_) | Place::Index(..) => None,
        }
    }

    /// Returns what the folder with this id holds: regular files and folders whose names are
    /// UTF-8, with their ids.
    pub fn list(&self, folder: &[u8]) -> Option<Folder> {
        let Place::Tree(repo, _) = &self.place else {
            return None;
        };
        let repo = repo.lock().unwrap_or_else(PoisonError::into_inner);
        let tree = repo.find_tree(ObjectId::try_from(folder).ok()?).ok()?;
        let mut found = Folder::default();
        for entry in tree.iter() {
            let entry = entry.ok()?;
            let Ok(name) = std::str::from_utf8(entry.filename()) else {
                continue;
            };
            let entries = match entry.mode() {
                mode if mode.is_blob() => &mut found.files,
                mode if mode.is_tree() => &mut found.folders,
                _ => continue,
            };
            entries.push((name.to_owned(), entry.object_id().as_slice().to_vec()));
        }
        Some(found)
    }

    /// Returns the bytes of the file with this id; `None` above the limit.
    pub fn content(&self, file: &[u8]) -> Option<Arc<[u8]>> {
        let (Place::Tree(repo, _) | Place::Index(repo, _)) = &self.place else {
            return None;
        };
        let repo = repo.lock().unwrap_or_else(PoisonError::into_inner);
        let id = ObjectId::try_from(file).ok()?;
        if !is_small_and_loose(&repo, id) {
            return blob(&repo, id, self.limits.file_bytes);
        }
        let mut object = repo.find_object(id).ok()?;
        let bytes = std::mem::take(&mut object.data);
        (bytes.len() as u64 <= self.limits.file_bytes).then(|| bytes.into())
    }
}

fn blob(repo: &gix::Repository, id: ObjectId, limit: u64) -> Option<Arc<[u8]>> {
    if repo.find_header(id).ok()?.size() > limit {
        return None;
    }
    let mut object = repo.find_object(id).ok()?;
    Some(std::mem::take(&mut object.data).into())
}

/// Returns whether an object has a small file of its own, so that it can be unpacked without
/// asking for its size first, which would open the file twice.
fn is_small_and_loose(repo: &gix::Repository, id: ObjectId) -> bool {
    /// Unpacked this is at most about a thousand times as much.
    const SMALL: u64 = 64 << 10;
    let name = id.to_hex().to_string();
    let (folder, rest) = name.split_at(2);
    let path = repo.objects.store_ref().path().join(folder).join(rest);
    path.metadata().is_ok_and(|file| file.len() <= SMALL)
}

fn index_file(index: &gix::index::State, path: &[u8]) -> Option<ObjectId> {
    use gix::index::entry::Mode;
    let entry = index.entry_by_path(path.as_bstr())?;
    (entry.mode == Mode::FILE || entry.mode == Mode::FILE_EXECUTABLE).then_some(entry.id)
}

/// Returns the object of a regular file in a tree.
fn lookup(repo: &gix::Repository, tree: ObjectId, path: &BStr) -> gix::Result<Option<ObjectId>> {
    let entry = repo.find_tree(tree)?.lookup_entry(path.split_str("/"))?;
    Ok(entry
        .filter(|entry| entry.mode().is_blob())
        .map(|entry| entry.object_id()))
}
