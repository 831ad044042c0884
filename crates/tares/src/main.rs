//! The command line of tares: arguments, wiring, exit codes and hints; no judgement.
#![forbid(unsafe_code)]

mod advisories;
mod answers;
mod arguments;
mod catalogue;
mod commands;
mod failure;
mod output;
mod progress;
mod registry;
mod trust;

use arguments::{Arguments, Command};
use clap::Parser as _;
use failure::Failure;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tares_model::ExitCode;

fn main() -> std::process::ExitCode {
    quiet_panics();
    let code = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| failure::report_internal());
    code.into()
}

fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return failure::report_usage(&error),
    };
    match dispatch(arguments) {
        Ok(code) => code,
        Err(failure) if failure.is_closed_pipe() => ExitCode::Ok,
        Err(failure) => failure.report(),
    }
}

fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    if let Some(folder) = &arguments.folder {
        std::env::set_current_dir(folder).map_err(|error| {
            Failure::usage(format!("cannot go to {}", folder.display())).because(&error)
        })?;
    }
    match arguments.command {
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Scan(arguments) => commands::scan::run(&arguments),
        Command::Inputs(arguments) => commands::inputs::run(&arguments),
        Command::Tools(arguments) => commands::tools::run(&arguments),
        Command::Db(arguments) => commands::db::run(&arguments),
        Command::Deps(arguments) => commands::deps::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Rules(arguments) => commands::rules::run(&arguments),
        Command::Models(arguments) => commands::models::run(&arguments),
        Command::Init => commands::init::run(),
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
    }
}

/// A panic is reported once, by [`failure::report_internal`], and not by every thread.
fn quiet_panics() {
    std::panic::set_hook(Box::new(failure::remember_panic));
}
