//! `cargo xtask test`: every test of the workspace, as a clean checkout has to pass them.

use crate::house::{Failure, Outcome, cargo, run as start};
use std::process::{Command, Stdio};

/// Programs that the tests run for real, with the Debian package that has each.
const PARTS: [(&str, &str); 7] = [
    ("git", "git"),
    ("python3", "python3"),
    ("pip3", "python3-pip"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("mvn", "maven"),
    ("openssl", "openssl"),
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
    let missing = || PARTS.iter().filter(|(program, _)| !answers(program));
    let packages: Vec<&str> = missing().map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if answers("apt-get") {
        start(Command::new("apt-get").arg("update"))?;
        start(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends"])
                .args(&packages),
        )?;
    }
    match missing().map(|(program, _)| *program).collect::<Vec<_>>() {
        left if left.is_empty() => Ok(()),
        left => Err(Failure::new(format!(
            "the tests run these programs for real, and they are missing: {}",
            left.join(", ")
        ))),
    }
}

fn answers(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null());
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
