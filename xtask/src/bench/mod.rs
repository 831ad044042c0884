//! `cargo xtask bench`: time, memory and size beside their limits, and beside other tools.
//!
//! CPU time is user and system time of all threads; every figure of ours is the median of five
//! runs, every figure of another tool is one run.

mod advisories;
mod change;
mod django;
mod guard;
mod packages;
mod startup;

use crate::house::{Doing as _, Failure, Outcome, tares};
use crate::measure::Cost;
use crate::table::Table;
use std::path::PathBuf;

/// Runs behind every figure.
const RUNS: usize = 5;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Measure only these parts
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Run Bandit, ruff and foxguard beside it, each once: some take their time
    #[arg(long)]
    peers: bool,
    /// Measure this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
    /// Fail if a limit is broken
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// One file of 50 lines
    Startup,
    /// 20 changed files in a repository of 5,000
    Change,
    /// The Django package
    Django,
    /// What agents read: a pass, a repository, a change
    Guard,
    /// Advisory data of 500,000 records, and a lock file of 1,500 packages
    Advisories,
    /// The table of a lock file of 1,500 packages, and new names of a change
    Packages,
    /// The binary
    Size,
}

/// One figure, its unit and its limit.
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    limit: Option<f64>,
    /// Whether the limit is one from below.
    is_least: bool,
}

impl Figure {
    fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            limit: None,
            is_least: false,
        }
    }

    fn at_least(mut self, limit: f64) -> Self {
        self.is_least = true;
        self.at_most(limit)
    }

    fn at_most(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    fn is_broken(&self) -> bool {
        self.limit.is_some_and(|limit| {
            if self.is_least {
                self.value < limit
            } else {
                self.value > limit
            }
        })
    }
}

/// What the parts write their figures into.
#[derive(Default)]
struct Results {
    ours: Vec<Figure>,
    /// Task, tool and cost, for the comparison.
    beside: Vec<(&'static str, String, Cost)>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    if args.parts == [Part::Guard] {
        let mut results = Results::default();
        guard::measure(&mut results)?;
        return results.end(args.strict);
    }
    let built = tares(args.tares.as_deref())?;
    // A copy, so that a build that goes on meanwhile changes nothing that is measured.
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let binary = scratch.path().join(built.file_name().unwrap_or_default());
    std::fs::copy(&built, &binary).doing(built.display())?;
    let wanted = |part| args.parts.is_empty() || args.parts.contains(&part);
    let mut results = Results::default();
    if wanted(Part::Startup) {
        startup::measure(&binary, args.peers, &mut results)?;
    }
    if wanted(Part::Change) {
        change::measure(&binary, &mut results)?;
    }
    if wanted(Part::Django) {
        django::measure(&binary, args.peers, &mut results)?;
    }
    if wanted(Part::Guard) {
        guard::measure(&mut results)?;
    }
    if wanted(Part::Advisories) {
        advisories::measure(&binary, &mut results)?;
    }
    if wanted(Part::Packages) {
        packages::measure(&binary, &mut results)?;
    }
    if wanted(Part::Size) {
        let size = std::fs::metadata(&binary).doing(binary.display())?.len();
        results
            .ours
            .push(Figure::new("release binary", megabytes(size), "MB").at_most(40.0));
    }
    results.end(args.strict)
}

impl Results {
    fn end(&self, is_strict: bool) -> Outcome {
        self.print();
        let broken = self.ours.iter().filter(|figure| figure.is_broken()).count();
        if is_strict && broken > 0 {
            return Err(Failure::new(format!("{broken} limits are broken")));
        }
        Ok(())
    }

    fn print(&self) {
        let mut table = Table::new(&["figure", "value", "limit", ""]);
        for figure in &self.ours {
            let Figure {
                what,
                value,
                unit,
                limit,
                ..
            } = figure;
            let limit = limit.map_or(String::new(), |limit| format!("{limit} {unit}"));
            let word = if figure.is_broken() {
                "beyond the limit"
            } else {
                ""
            };
            table.row([
                what.clone(),
                format!("{value:.2} {unit}"),
                limit,
                word.to_owned(),
            ]);
        }
        println!("{table}");
        if self.beside.is_empty() {
            return;
        }
        let mut table = Table::new(&["task", "tool", "CPU", "wall", "peak memory", "exit"]);
        for (task, tool, cost) in &self.beside {
            let Cost {
                cpu,
                wall,
                peak,
                code,
            } = cost;
            let times = [cpu, wall].map(|seconds| format!("{:.0} ms", 1000.0 * seconds));
            let rest = [format!("{:.0} MB", megabytes(*peak)), code.to_string()];
            let cells = [(*task).to_owned(), tool.clone()]
                .into_iter()
                .chain(times)
                .chain(rest);
            table.row(cells);
        }
        println!("{table}");
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn milliseconds(cost: Cost) -> f64 {
    1000.0 * cost.cpu
}
