//! `cargo xtask payloads`: how many hidden payloads are found, and how many honest twins are held up.
//!
//! A hit is a finding of a fitting family within two lines of a marked line that is not wide.
//! What is unchecked does not count. Half of the mechanisms may be tuned on; the other half is
//! what to believe.

mod count;
mod stage;

use crate::house::{Outcome, tares};
use crate::table::Table;
use count::{Outcomes, Seen};
use std::path::PathBuf;
use tares_testkit::payload::{Part, Sample, samples};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Judge with this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
    /// Only mechanisms whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Name each sample of the half that may be tuned on with what was said of it
    #[arg(long)]
    list: bool,
    /// Leave the task out
    #[arg(long)]
    without_task: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let binary = tares(args.tares.as_deref())?;
    let only = args.only.as_deref().unwrap_or("");
    let mut all = samples();
    all.retain(|sample| sample.name.contains(only));
    if args.without_task {
        all.iter_mut().for_each(|sample| sample.task.clear());
    }
    let seen = stage::judge(&binary, &all)?;
    if args.list {
        list(&all, &seen);
    }
    print(&all, &seen);
    Ok(())
}

/// Prints what was said of each sample that rules may be tuned on, the silent ones marked.
fn list(samples: &[Sample], seen: &[Seen]) {
    for (sample, seen) in samples
        .iter()
        .zip(seen)
        .filter(|(sample, _)| sample.is_tuning)
    {
        let is_good = match sample.part {
            Part::Payload => seen.block,
            Part::Twin | Part::Honest => !seen.flag,
        };
        let mark = match (is_good, seen.flag) {
            (true, _) => "  ",
            (false, true) => "~ ",
            (false, false) => "! ",
        };
        println!(
            "{mark}{} [{}]: {}",
            sample.name,
            sample.language,
            seen.said.join("; ")
        );
    }
    println!();
}

fn print(samples: &[Sample], seen: &[Seen]) {
    let pairs: Vec<(&Sample, &Seen)> = samples.iter().zip(seen).collect();
    println!("Intervals are Wilson's, 95 %.\n");
    for (title, tuning) in [
        ("mechanisms to tune on", true),
        ("mechanisms to report on", false),
    ] {
        let half = |sample: &Sample| sample.is_tuning == tuning && sample.part != Part::Honest;
        let mut table = headed(title);
        count::by(&pairs, half, |sample| sample.mechanism.clone()).rows(&mut table);
        count::by(&pairs, half, |sample| sample.language.clone()).rows(&mut table);
        count::by(&pairs, half, |sample| how(sample).to_owned()).rows(&mut table);
        count::by(&pairs, half, |_| "all".to_owned()).rows(&mut table);
        println!("{table}");
    }
    let honest = |sample: &Sample| sample.part == Part::Honest;
    let mut table = Table::new(&["honest changes", "flagged", "blocked"]);
    for (name, Outcomes { honest, .. }) in
        count::by(&pairs, honest, |sample| sample.language.clone())
            .0
            .into_iter()
            .chain(count::by(&pairs, honest, |_| "all".to_owned()).0)
    {
        table.row([name, honest.flagged.cell(), honest.blocked.cell()]);
    }
    println!("{table}");
}

fn headed(title: &str) -> Table {
    Table::new(&[
        title,
        "flagged",
        "blocked",
        "twins flagged",
        "twins blocked",
    ])
}

fn how(sample: &Sample) -> &'static str {
    if sample.is_disguised {
        "disguised"
    } else {
        "plain"
    }
}
