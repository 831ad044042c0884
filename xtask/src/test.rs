//! `cargo xtask test`: every test of the workspace, as a clean checkout has to pass them.

use crate::house::{Outcome, cargo, run as start};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to `cargo test`, for example `-- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    start(
        cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(&args.rest),
    )
}
