//! Chores of the house, one file each. `cargo xtask help` lists them.
//!
//! This program may start others and read the tree; it holds no rule and no judgement.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the people who work on the project speaks to their terminal"
)]

mod bench;
mod dependencies;
mod eval;
mod fuzz;
mod generate;
mod house;
mod measure;
mod metamorphic;
mod new_rule;
mod noise;
mod packages;
mod payloads;
mod ready;
mod replay;
mod report;
mod stats;
mod stdlib;
mod table;
mod test;
mod venv;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the house")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every test of the workspace
    Test(test::Args),
    /// Check formatting, lints and tests: what a change has to pass
    Ready,
    /// Write the generated files, or compare them with what is there
    Gen(generate::Args),
    /// Start a rule: its folder, its data, its page
    NewRule(new_rule::Args),
    /// Measure time, memory and size beside other tools
    Bench(bench::Args),
    /// Score labelled samples
    Eval(eval::Args),
    /// Count findings on well-known packages
    Noise(noise::Args),
    /// Account for every public callable of the standard libraries
    Stdlib(stdlib::Args),
    /// Print how the rules survive rewritten examples, by class of rewrite
    Metamorphic,
    /// Feed the targets in `fuzz/` made-up inputs
    Fuzz(fuzz::Args),
    /// Judge ordinary merged commits of real histories
    Replay(replay::Args),
    /// Count what is said of names that do not exist, and of real ones
    Dependencies(dependencies::Args),
    /// Count hidden payloads that are found, and honest twins that are held up
    Payloads(payloads::Args),
    /// Run one command and write what it cost (used by the other chores)
    #[command(hide = true)]
    Measure(measure::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Test(args) => test::run(&args),
        Chore::Ready => ready::run(),
        Chore::Gen(args) => generate::run(&args),
        Chore::NewRule(args) => new_rule::run(&args),
        Chore::Bench(args) => bench::run(&args),
        Chore::Eval(args) => eval::run(&args),
        Chore::Noise(args) => noise::run(&args),
        Chore::Stdlib(args) => stdlib::run(&args),
        Chore::Metamorphic => metamorphic::run(),
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Replay(args) => replay::run(&args),
        Chore::Dependencies(args) => dependencies::run(&args),
        Chore::Payloads(args) => payloads::run(&args),
        Chore::Measure(args) => measure::child(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
