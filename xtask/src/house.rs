//! Where the house stands, how its programs are started, and how a chore fails.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Why a chore stopped, in words for the person who started it.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What every chore returns.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// Returns a failure with its explanation.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Adds to an error what was being done.
pub(crate) trait Doing<T> {
    /// Turns the error into a [`Failure`] that begins with `what`.
    fn doing(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{what}: {error}")))
    }
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .expect("xtask is a folder of the repository")
        .to_path_buf()
}

/// Returns a folder for downloads and scratch files, made if it is missing.
pub(crate) fn cache(name: &str) -> Outcome<PathBuf> {
    let folder = root().join("target").join("xtask").join(name);
    std::fs::create_dir_all(&folder).doing(folder.display())?;
    Ok(folder)
}

/// Returns the cargo that started this program, or the one on the path.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command with the terminal of this one; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().doing(line(command))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("{}: {status}", line(command))))
    }
}

/// Runs a command silently and returns its output; a failure shows what it said.
pub(crate) fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().doing(line(command))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure(format!(
        "{}: {}\n{said}",
        line(command),
        output.status
    )))
}

/// Gives a command the home of a user who never ran it: no cache, no configuration. The folder
/// goes when the returned value does.
pub(crate) fn empty_home(command: &mut Command) -> Outcome<TempDir> {
    let home = tempfile::tempdir().doing("making an empty home")?;
    for name in ["HOME", "USERPROFILE", "LOCALAPPDATA"] {
        command.env(name, home.path());
    }
    for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, home.path().join(name));
    }
    Ok(home)
}

/// Builds the release binary, or takes the one that was given.
pub(crate) fn tares(given: Option<&Path>) -> Outcome<PathBuf> {
    if let Some(given) = given {
        return given.canonicalize().doing(given.display());
    }
    run(cargo().args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "tares",
        "--bin",
        "tares",
    ]))?;
    let name = format!("tares{}", std::env::consts::EXE_SUFFIX);
    Ok(target().join("release").join(name))
}

/// Returns the folder cargo builds into.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
