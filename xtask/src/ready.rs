//! `cargo xtask ready`: what a change has to pass before it is shown to anybody.

use crate::house::{Failure, Outcome, capture, cargo, root, run as start};
use std::process::Command;

pub(crate) fn run() -> Outcome {
    start(cargo().args(["fmt", "--all", "--check"]))?;
    // Warnings become errors here and never by an attribute in the source.
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    start(cargo().args(lints))?;
    start(cargo().args(["test", "--workspace"]))?;
    let changed = capture(
        Command::new("git")
            .args(["status", "--short"])
            .current_dir(root()),
    )?;
    if changed.is_empty() {
        println!("ready");
        return Ok(());
    }
    Err(Failure::new(format!(
        "everything passed, but the tree is not clean:\n{changed}"
    )))
}
