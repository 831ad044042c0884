//! Other people's tools, installed into an environment below `target/xtask`.

use crate::house::{Outcome, cache, capture};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The tools that stand beside ours, with the versions the figures were first taken with.
const PEERS: [(&str, &str); 3] = [
    ("bandit", "1.9.4"),
    ("ruff", "0.17.*"),
    ("foxguard", "0.14.1"),
];

/// Returns the folder with the programs of a Python environment of our own.
pub(crate) fn environment() -> Outcome<PathBuf> {
    let folder = cache("venv")?;
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !programs.exists() {
        capture(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    Ok(programs)
}

/// Returns the same folder with the peers in it, installing what is missing.
///
/// A peer that cannot be installed is named and left out: its column stays empty.
pub(crate) fn peers() -> Outcome<PathBuf> {
    let programs = environment()?;
    for (name, version) in PEERS {
        if programs.join(program(name)).exists() {
            continue;
        }
        let mut pip = Command::new(python(&programs));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        if let Err(failure) = capture(pip.arg(format!("{name}=={version}"))) {
            eprintln!("{name} {version} is left out: {failure}");
        }
    }
    Ok(programs)
}

/// Returns a peer's program if it is installed.
pub(crate) fn peer(programs: &Path, name: &str) -> Option<PathBuf> {
    Some(programs.join(program(name))).filter(|file| file.exists())
}

/// Returns the interpreter of the environment the peers live in.
pub(crate) fn python(programs: &Path) -> PathBuf {
    programs.join(program("python"))
}

fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
