//! Git, read in-process.
//!
//! Nothing that the repository could name is ever run: the sections that name programs are
//! taken out of the configuration once it is loaded, no filter, hook, file-system monitor,
//! external or textual diff driver remains, and files included by configuration are not read.
//! Replacement objects are not applied, so that what is judged is what the ids say. The user's
//! and the system's own settings do count, for their line ends and ignore rules. A repository
//! that belongs to somebody else is read all the same, because reading it is harmless; its
//! settings that name paths outside are then not believed.
//!
//! Bytes are taken as they are stored, on disk as in objects. Whether a file in the working
//! tree counts as changed is asked after line ends were converted the way git itself would
//! (`core.autocrlf`, `text` and `eol` attributes), so a checkout with CRLF is no change; the
//! bytes of a file that did change are nevertheless those on disk. A file whose clean filter is
//! not run (Git LFS) counts as changed once its time stamp does not match the index.

mod change;
mod error;
mod files;
mod index;
mod load;
mod revision;
mod rewrite;
mod stage;
mod status;
mod worktree;

pub use change::{Limits, change};
pub use error::{GitError, Kind};
pub use files::{Files, Folder, RepoFiles, Version, files, folder_at, read_at};
pub(crate) use load::beginning;
pub use revision::{Revision, policy_revision};
pub use stage::{StagedCommit, stage};

use gix::config::Source;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Which change is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Working tree, index and untracked files that are not ignored, against HEAD.
    ///
    /// Each path is taken from the working tree. Only where the working tree has what HEAD has
    /// while the index has something else is the index taken, so that nothing hides there.
    WorkingTree,
    /// The index against HEAD: what a commit would hold.
    Staged,
    /// What `head` adds since it parted from `base`, as a pull request is seen.
    Range {
        /// The target, such as `origin/main`.
        base: String,
        /// The proposed commit; HEAD where it is not given.
        head: Option<String>,
    },
}

/// An open repository.
pub struct Repository {
    pub(crate) inner: gix::Repository,
    /// The last selection with what it resolved to, as several questions ask for it.
    resolved: Mutex<Option<(Selection, revision::Resolved)>>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository")
            .field("git_dir", &self.inner.git_dir())
            .finish_non_exhaustive()
    }
}

impl Repository {
    /// Returns the root of the working tree; a bare repository has none.
    pub fn root(&self) -> Option<&Path> {
        self.inner.workdir()
    }

    /// Resolves a selection, remembering the last one.
    pub(crate) fn resolve(&self, selection: &Selection) -> Result<revision::Resolved, GitError> {
        let mut last = self.resolved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, resolved)) = &*last
            && known == selection
        {
            return Ok(resolved.clone());
        }
        let resolved = revision::resolve(&self.inner, selection)?;
        *last = Some((selection.clone(), resolved.clone()));
        Ok(resolved)
    }
}

/// Opens the repository at `dir` or above it.
///
/// Refuses repositories of a format it does not know, such as those with reftables, rather
/// than reading them half.
pub fn open(dir: &Path) -> Result<Repository, GitError> {
    let not_found = || {
        GitError::new(Kind::NotARepository, format!("no git repository at {} or above it", dir.display()))
            .with_hint("run tares inside a repository, or judge a patch with `--patch FILE` or files with `tares scan PATH`")
    };
    let (path, _) = gix::discover::upwards(dir).map_err(|_| not_found())?;
    let (git_dir, work_tree) = path.into_repository_and_work_tree_directories();
    let at = work_tree.unwrap_or(git_dir);
    let mut inner = gix::open_opts(at, options()).map_err(|error| opening(&error))?;
    refuse_unknown_format(&inner)?;
    disarm(&mut inner)?;
    inner.object_cache_size_if_unset(4 * 1024 * 1024);
    Ok(Repository {
        inner,
        resolved: Mutex::new(None),
    })
}

/// The options every repository is opened with, submodules too.
pub(crate) fn options() -> gix::open::Options {
    let mut permissions = gix::open::Permissions::all();
    permissions.config.includes = false;
    permissions.config.git_binary = false;
    permissions.attributes.git_binary = false;
    gix::open::Options::default()
        .permissions(permissions)
        .config_overrides(["core.useReplaceRefs=false", "core.fsmonitor=false"])
}

/// Takes out of the configuration what can name a program, and of the repository's own
/// what names files elsewhere.
fn disarm(repo: &mut gix::Repository) -> Result<(), GitError> {
    const ARMED: [&str; 11] = [
        "alias",
        "credential",
        "diff",
        "difftool",
        "filter",
        "gpg",
        "guitool",
        "merge",
        "mergetool",
        "pager",
        "sequence",
    ];
    let mut config = repo.config_snapshot_mut();
    let armed: Vec<_> = config
        .sections_and_ids()
        .filter(|(section, _)| {
            let name = section.header().name().to_string().to_ascii_lowercase();
            ARMED.contains(&name.as_str())
        })
        .map(|(_, id)| id)
        .collect();
    for id in armed {
        drop(config.remove_section_by_id(id));
    }
    // Files that the repository's own settings name could be endless, such as devices.
    let own: Vec<_> = config
        .sections_and_ids()
        .filter(|(section, _)| matches!(section.meta().source, Source::Local | Source::Worktree))
        .map(|(_, id)| id)
        .collect();
    for id in own {
        if let Some(mut section) = config.section_mut_by_id(id) {
            for name in ["attributesFile", "excludesFile"] {
                while section.remove(name).is_some() {}
            }
        }
    }
    config
        .commit()
        .map_err(|error| GitError::reading("the configuration", &error))?;
    Ok(())
}

/// Refuses repository formats that would be misread rather than refused by the library.
fn refuse_unknown_format(repo: &gix::Repository) -> Result<(), GitError> {
    const KNOWN: [&str; 8] = [
        "noop",
        "noop-v1",
        "objectformat",
        "partialclone",
        "preciousobjects",
        "refstorage",
        "relativeworktrees",
        "worktreeconfig",
    ];
    let config = repo.config_snapshot();
    let unsupported = |what: String| {
        Err(GitError::new(
            Kind::Unsupported,
            format!("the repository uses {what}, which is not supported"),
        )
        .with_hint("judge a patch instead: `git diff BASE...HEAD | tares check --patch -`"))
    };
    if let Some(storage) = config.string("extensions.refStorage")
        && !storage.eq_ignore_ascii_case(b"files")
    {
        return unsupported(format!("the reference storage `{storage}`"));
    }
    if config.integer("core.repositoryFormatVersion").unwrap_or(0) < 1 {
        return Ok(());
    }
    for section in config
        .plumbing()
        .sections_by_name("extensions")
        .into_iter()
        .flatten()
    {
        for name in section.value_names() {
            let name = name.to_string().to_ascii_lowercase();
            if !KNOWN.contains(&name.as_str()) {
                return unsupported(format!("the extension `{name}`"));
            }
        }
    }
    Ok(())
}

/// Says why a repository that is there could not be opened.
fn opening(error: &gix::Error) -> GitError {
    if error.is_unsupported() {
        return GitError::new(
            Kind::Unsupported,
            format!("the repository has an unsupported format: {error}"),
        )
        .with_hint("judge a patch instead: `git diff BASE...HEAD | tares check --patch -`");
    }
    GitError::reading("the repository could not be opened", error)
}
