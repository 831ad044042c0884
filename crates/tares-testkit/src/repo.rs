//! Real git repositories that come out the same on every machine.

use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Seconds since 1970 of the first commit: 1 January 2026, midnight UTC. Each one after it is a minute later.
const FIRST_COMMIT: u64 = 1_767_225_600;

/// A repository in a folder of its own, made by the real git with fixed people and dates.
///
/// The same calls give the same commit ids everywhere: no configuration of the machine is read.
/// The folder goes when the value does.
///
/// ```
/// let repo = tares_testkit::TestRepo::new();
/// repo.file("app.py", "print(1)\n").commit("Start");
/// repo.write("app.py", "print(2)\n");
/// assert_eq!(repo.git(["status", "--short"]), " M app.py\n");
/// ```
#[derive(Debug)]
pub struct TestRepo {
    folder: TempDir,
    root: PathBuf,
    commits: Cell<u64>,
}

impl Default for TestRepo {
    fn default() -> Self {
        Self::new()
    }
}

impl TestRepo {
    /// Returns an empty repository on the branch `main`.
    pub fn new() -> Self {
        Self::with(&["--initial-branch=main"])
    }

    /// Returns an empty repository without a working tree.
    pub fn bare() -> Self {
        Self::with(&["--initial-branch=main", "--bare"])
    }

    /// Returns a clone of `other`, made with `options` such as `--depth=1`.
    pub fn clone_of(other: &Self, options: &[&str]) -> Self {
        let repo = Self::outside();
        // The plain path would copy files and ignore a depth.
        let from = format!("file://{}", other.root.display());
        let arguments = ["clone", "--quiet"].iter().chain(options).copied();
        repo.git(arguments.chain([from.as_str(), "."]));
        repo.commits.set(other.commits.get());
        repo
    }

    fn with(options: &[&str]) -> Self {
        let repo = Self::outside();
        repo.git(["init", "--quiet"].iter().chain(options));
        repo
    }

    fn outside() -> Self {
        let folder = TempDir::with_prefix("tares-").expect("a temporary folder can be made");
        let root = folder
            .path()
            .canonicalize()
            .expect("the folder was just made");
        Self {
            folder,
            root,
            commits: Cell::new(0),
        }
    }

    /// Returns the folder of the repository.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Writes a file and stages it.
    pub fn file(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        self.write(path, text).stage(path)
    }

    /// Writes a file of the working tree and leaves the index alone.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let file = self.root.join(path);
        let folder = file.parent().expect("a path below the root has a parent");
        std::fs::create_dir_all(folder).expect("folders can be made in the repository");
        std::fs::write(&file, text).expect("files can be written in the repository");
        self
    }

    /// Deletes a file from the working tree and leaves the index alone.
    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.root.join(path)).expect("the file exists");
        self
    }

    /// Stages a path as it stands in the working tree, also where it is gone.
    pub fn stage(&self, path: &str) -> &Self {
        self.git(["add", "--all", "--force", "--", path]);
        self
    }

    /// Commits what is staged, as the person of the house.
    pub fn commit(&self, message: &str) -> &Self {
        let options = [
            "commit",
            "--quiet",
            "--allow-empty",
            "--allow-empty-message",
        ];
        self.git(options.iter().chain(&["--message", message]));
        self.commits.set(self.commits.get() + 1);
        self
    }

    /// Starts a branch here and switches to it.
    pub fn branch(&self, name: &str) -> &Self {
        self.git(["switch", "--quiet", "--create", name]);
        self
    }

    /// Switches to a branch that exists.
    pub fn switch(&self, name: &str) -> &Self {
        self.git(["switch", "--quiet", name]);
        self
    }

    /// Merges a branch into this one, always with a commit.
    pub fn merge(&self, name: &str) -> &Self {
        self.git(["merge", "--quiet", "--no-ff", "--no-edit", name]);
        self.commits.set(self.commits.get() + 1);
        self
    }

    /// Returns the id of the current commit.
    pub fn head(&self) -> String {
        self.git(["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Runs git in the repository and returns what it printed.
    ///
    /// # Panics
    /// When git answers with an error.
    pub fn git(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(&self.root)
            .stdin(Stdio::null());
        self.seal(&mut command);
        let output = command.output().expect("git is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}\n{said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Takes the machine away: no configuration, no identity, no clock.
    fn seal(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let date = format!("{} +0000", FIRST_COMMIT + 60 * self.commits.get());
        let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
        command
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_GLOBAL", nowhere)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", "file")
            .env("LC_ALL", "C")
            .env("TZ", "UTC");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ruth Miller")
                .env(format!("GIT_{role}_EMAIL"), "ruth@people.example")
                .env(format!("GIT_{role}_DATE"), &date);
        }
    }
}
