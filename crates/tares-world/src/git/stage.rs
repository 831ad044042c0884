//! Writes a small repository from nothing, without the git program and without a clock.
//!
//! For showing and for trying out: what is judged never comes through here.

use super::error::{GitError, Kind};
use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Seconds since 1970 of the first commit: 5 January 2026, nine in the morning UTC.
const FIRST_COMMIT: i64 = 1_767_603_600;

/// A commit to write on top of the one before it.
#[derive(Debug, Clone, Copy)]
pub struct StagedCommit<'a> {
    /// The branch that points to it afterwards.
    pub branch: &'a str,
    /// Its message.
    pub message: &'a str,
    /// Name and address of its author.
    pub author: (&'a str, &'a str),
    /// All files it holds, by path.
    pub files: &'a [(&'a str, &'a str)],
}

/// Makes a repository in the empty folder `folder` whose commits follow each other, and checks
/// out the last one.
pub fn stage(folder: &Path, commits: &[StagedCommit<'_>]) -> Result<(), GitError> {
    let repo =
        gix::init(folder).map_err(|error| failed("the repository could not be made", &error))?;
    let mut parent = None;
    for (number, commit) in commits.iter().enumerate() {
        let files: BTreeMap<&str, &str> = commit.files.iter().copied().collect();
        let tree = write_tree(&repo, &files.into_iter().collect::<Vec<_>>())?;
        let id = write_commit(
            &repo,
            commit,
            tree,
            parent,
            FIRST_COMMIT + 3600 * number as i64,
        )?;
        write(
            &repo.git_dir().join("refs/heads").join(commit.branch),
            &format!("{id}\n"),
        )?;
        write(
            &repo.git_dir().join("HEAD"),
            &format!("ref: refs/heads/{}\n", commit.branch),
        )?;
        parent = Some((id, tree));
    }
    if let (Some((_, tree)), Some(commit)) = (parent, commits.last()) {
        for (path, text) in commit.files {
            write(&folder.join(path), text)?;
        }
        let mut index = repo
            .index_from_tree(&tree)
            .map_err(|error| failed("the index could not be made", &error))?;
        index
            .write(gix::index::write::Options::default())
            .map_err(|error| failed("the index could not be written", &error))?;
    }
    Ok(())
}

/// Writes the tree of sorted files, folder by folder.
fn write_tree(repo: &gix::Repository, files: &[(&str, &str)]) -> Result<ObjectId, GitError> {
    let mut entries = Vec::new();
    let mut folders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for &(path, text) in files {
        if let Some((folder, rest)) = path.split_once('/') {
            folders.entry(folder).or_default().push((rest, text));
            continue;
        }
        let id = repo
            .write_blob(text)
            .map_err(|error| failed("a file could not be written", &error))?
            .detach();
        entries.push(Entry {
            mode: EntryKind::Blob.into(),
            filename: path.into(),
            oid: id,
        });
    }
    for (folder, files) in folders {
        entries.push(Entry {
            mode: EntryKind::Tree.into(),
            filename: folder.into(),
            oid: write_tree(repo, &files)?,
        });
    }
    entries.sort();
    let tree = gix::objs::Tree { entries };
    Ok(repo
        .write_object(&tree)
        .map_err(|error| failed("a folder could not be written", &error))?
        .detach())
}

fn write_commit(
    repo: &gix::Repository,
    commit: &StagedCommit<'_>,
    tree: ObjectId,
    parent: Option<(ObjectId, ObjectId)>,
    seconds: i64,
) -> Result<ObjectId, GitError> {
    let (name, email) = commit.author;
    let author = gix::actor::Signature {
        name: name.into(),
        email: email.into(),
        time: gix::date::Time::new(seconds, 0),
    };
    let object = gix::objs::Commit {
        tree,
        parents: parent.into_iter().map(|(id, _)| id).collect(),
        author: author.clone(),
        committer: author,
        encoding: None,
        message: commit.message.into(),
        extra_headers: Vec::new(),
    };
    Ok(repo
        .write_object(&object)
        .map_err(|error| failed("a commit could not be written", &error))?
        .detach())
}

fn write(file: &Path, text: &str) -> Result<(), GitError> {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(file, text))
        .map_err(|error: io::Error| failed(&file.display().to_string(), &error))
}

fn failed(what: &str, error: &dyn std::error::Error) -> GitError {
    GitError::new(Kind::Corrupt, format!("{what}: {error}"))
}
