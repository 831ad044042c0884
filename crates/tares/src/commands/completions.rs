//! `tares completions`: a script for a shell.

use crate::arguments::{Arguments, Completions};
use crate::failure::Failure;
use crate::output::print_text;
use clap::CommandFactory as _;
use tares_model::ExitCode;

pub(crate) fn run(arguments: &Completions) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "tares",
        &mut script,
    );
    // A script may hold escape sequences that are meant.
    print_text(
        crate::arguments::Color::Always,
        &String::from_utf8_lossy(&script),
    )?;
    Ok(ExitCode::Ok)
}
