//! `cargo xtask test`: every test of the workspace, as a clean checkout has to pass them.

use crate::house::{Failure, Outcome, cargo, run as start};
use std::process::{Command, Stdio};

/// Programs that the tests run for real: how each is asked whether it is there, and the Debian
/// package that has it.
const PARTS: [(&str, &str, &str); 7] = [
    ("git", "--version", "git"),
    ("python3", "--version", "python3"),
    ("pip3", "--version", "python3-pip"),
    ("node", "--version", "nodejs"),
    ("npm", "--version", "npm"),
    ("mvn", "--version", "maven"),
    ("openssl", "version", "openssl"),
];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to `cargo test`, for example `-- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    provide()?;
    start(
        cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(&args.rest),
    )
}

/// Installs the programs that are missing where Debian's package manager can; a part that is
/// missing fails the tests, it never skips them.
fn provide() -> Outcome {
    let missing = || {
        PARTS
            .iter()
            .filter(|(program, asked, _)| !answers(program, asked))
    };
    let packages: Vec<&str> = missing().map(|(.., package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if answers("apt-get", "--version") {
        start(Command::new("apt-get").arg("update"))?;
        start(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends"])
                .args(&packages),
        )?;
    }
    match missing().map(|(program, ..)| *program).collect::<Vec<_>>() {
        left if left.is_empty() => Ok(()),
        left => Err(Failure::new(format!(
            "the tests run these programs for real, and they are missing: {}",
            left.join(", ")
        ))),
    }
}

fn answers(program: &str, asked: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(asked).stdin(Stdio::null());
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
