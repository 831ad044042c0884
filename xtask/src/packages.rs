//! Published packages to measure on: fetched once, unpacked below `target/xtask`, never run.

use crate::house::{Doing as _, Outcome, cache, capture};
use crate::venv;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Fetches with pip's own finder and unpacks; it stands beside this file.
const HELPER: &str = include_str!("packages.py");

/// Returns the unpacked source distribution of a Python package, the newest without a version.
pub(crate) fn python(name: &str, version: Option<&str>) -> Outcome<PathBuf> {
    let folder = cache("python")?
        .join(version.map_or_else(|| name.to_owned(), |version| format!("{name}-{version}")));
    once(&folder, |folder| {
        let mut helper = helper("fetch", folder)?;
        capture(helper.arg(name).args(version)).map(drop)
    })
}

/// Returns the unpacked tarball of an npm package. Its install scripts are not run.
pub(crate) fn npm(name: &str) -> Outcome<PathBuf> {
    let folder = cache("npm")?.join(name.replace('/', "+"));
    once(&folder, |folder| {
        let mut pack = Command::new("npm");
        pack.args([
            "pack",
            "--silent",
            "--ignore-scripts",
            name,
            "--pack-destination",
        ]);
        let file = capture(pack.arg(folder))?;
        let archive = folder.join(file.lines().last().unwrap_or_default().trim());
        capture(helper("unpack", folder)?.arg(archive)).map(drop)
    })
}

/// Runs `fill` for a folder that has no `source` yet; a half-filled one is thrown away first.
fn once(folder: &Path, fill: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
    let source = folder.join("source");
    let done = folder.join("complete");
    if !done.exists() {
        if folder.exists() {
            std::fs::remove_dir_all(folder).doing(folder.display())?;
        }
        std::fs::create_dir_all(folder).doing(folder.display())?;
        fill(folder)?;
        std::fs::write(&done, "").doing(done.display())?;
    }
    Ok(source)
}

fn helper(task: &str, folder: &Path) -> Outcome<Command> {
    let python = venv::python(&venv::environment()?);
    let mut command = Command::new(python);
    command.args(["-c", HELPER, task]).arg(folder);
    Ok(command)
}
