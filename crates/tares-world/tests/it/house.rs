//! Fixture repositories, made by the `git` binary with a cleared environment.

use std::path::{Path, PathBuf};
use std::process::Command;
use tares_model::change::{ChangeKind, FileChange};
use tares_model::{Change, RepoPath};
use tares_world::git::{self, Limits, Selection};
use tempfile::TempDir;

/// A repository in a temporary folder.
pub(crate) struct House {
    folder: TempDir,
    root: PathBuf,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with_init(&["init", "-q", "-b", "main"])
    }

    pub(crate) fn with_init(init: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("repo");
        std::fs::create_dir(&root).unwrap();
        let house = Self { folder, root };
        house.git(init);
        house
    }

    /// The folder around the repository, for a second one beside it.
    pub(crate) fn around(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        run(&self.root, args)
    }

    /// Sets a key without starting anything in a repository that is already hostile.
    pub(crate) fn git_config_file(&self, key: &str, value: &str) {
        let config = self.root.join(".git/config");
        run(
            self.around(),
            &["config", "--file", config.to_str().unwrap(), key, value],
        );
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    pub(crate) fn open(&self) -> git::Repository {
        git::open(&self.root).unwrap()
    }

    pub(crate) fn change(&self, selection: &Selection) -> Change {
        git::change(&self.open(), selection, &Limits::default()).unwrap()
    }

    pub(crate) fn working_tree(&self) -> Change {
        self.change(&Selection::WorkingTree)
    }

    pub(crate) fn range(&self, base: &str) -> Change {
        self.change(&range(base))
    }

    /// Asserts that a range has exactly what `git diff --name-status` says, and returns it.
    pub(crate) fn same_as_git(&self, base: &str, head: &str) -> Change {
        let selection = Selection::Range {
            base: base.to_owned(),
            head: Some(head.to_owned()),
        };
        let change = self.change(&selection);
        let said = self.git(&[
            "diff",
            "--name-status",
            "-M",
            "-C",
            "-z",
            &format!("{base}...{head}"),
        ]);
        assert_eq!(statuses(&change), name_status(&said), "{change:#?}");
        change
    }
}

pub(crate) fn range(base: &str) -> Selection {
    Selection::Range {
        base: base.to_owned(),
        head: None,
    }
}

/// Runs git with nothing of the machine's settings and a fixed clock.
pub(crate) fn run(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", "/nonexistent")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "A")
        .env("GIT_AUTHOR_EMAIL", "a@tares.test")
        .env("GIT_COMMITTER_NAME", "C")
        .env("GIT_COMMITTER_EMAIL", "c@tares.test")
        .env("GIT_AUTHOR_DATE", "1700000000 +0000")
        .env("GIT_COMMITTER_DATE", "1700000000 +0000")
        .env("GIT_ALLOW_PROTOCOL", "file")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Makes a named pipe.
pub(crate) fn pipe_at(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// Writes a change in the letters of `git diff --name-status`, submodules included.
pub(crate) fn statuses(change: &Change) -> Vec<String> {
    let mut all: Vec<String> = change.files.iter().map(status).collect();
    all.extend(
        change
            .unseen
            .iter()
            .map(|unseen| format!("? {}", unseen.path)),
    );
    all.sort();
    all
}

fn status(file: &FileChange) -> String {
    let letter = match file.kind {
        ChangeKind::Added => "A",
        ChangeKind::Modified | ChangeKind::Mode => "M",
        ChangeKind::Deleted => "D",
        ChangeKind::Renamed => "R",
        ChangeKind::Copied => "C",
    };
    match &file.base_path {
        Some(from) => format!("{letter} {from} {}", file.path),
        None => format!("{letter} {}", file.path),
    }
}

fn name_status(said: &str) -> Vec<String> {
    let mut fields = said.split('\0').filter(|field| !field.is_empty());
    let mut all = Vec::new();
    while let Some(letter) = fields.next() {
        let letter = letter[..1].replace('T', "M");
        let path = fields.next().unwrap();
        all.push(match letter.as_str() {
            "R" | "C" => format!("{letter} {path} {}", fields.next().unwrap()),
            _ => format!("{letter} {path}"),
        });
    }
    all.sort();
    all
}

/// Returns the file at `path`, which has to be there.
pub(crate) fn file<'a>(change: &'a Change, path: &str) -> &'a FileChange {
    let found = change
        .files
        .iter()
        .find(|file| file.path == RepoPath::from(path));
    found.unwrap_or_else(|| panic!("{path} is not in {:?}", statuses(change)))
}

pub(crate) fn after(change: &Change, path: &str) -> String {
    String::from_utf8_lossy(&file(change, path).after.as_ref().unwrap().bytes).into_owned()
}

pub(crate) fn before(change: &Change, path: &str) -> String {
    String::from_utf8_lossy(&file(change, path).before.as_ref().unwrap().bytes).into_owned()
}

/// Returns a text of `lines` numbered lines, long enough for likeness to be measured.
pub(crate) fn text(name: &str, lines: usize) -> String {
    (0..lines)
        .map(|i| format!("{name} = {i} * {i} + {}\n", i % 7))
        .collect()
}
