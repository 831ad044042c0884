//! `cargo xtask noise`: how much tares says about ordinary, well-known code.
//!
//! The packages are fetched once by name with the ordinary clients, unpacked and never run.

use crate::house::{Doing as _, Failure, Outcome, tares};
use crate::packages;
use crate::report::Report;
use crate::stats::poisson;
use crate::table::Table;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The published list.
const PACKAGES: &str = include_str!("packages.toml");

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many packages of each registry; the registries are asked once for each
    #[arg(long, default_value_t = 30)]
    take: usize,
    /// Count over these folders as well
    #[arg(long)]
    folder: Vec<PathBuf>,
    /// How many files to name
    #[arg(long, default_value_t = 10)]
    top: usize,
    /// Scan with this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Packages {
    python: Vec<String>,
    npm: Vec<String>,
}

/// What was counted over everything that was scanned.
#[derive(Debug, Default)]
struct Tally {
    files: u64,
    lines: u64,
    unchecked: u64,
    /// Block and review findings by rule.
    rules: BTreeMap<String, [usize; 2]>,
    /// Findings by file.
    places: BTreeMap<String, usize>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let binary = tares(args.tares.as_deref())?;
    let mut tally = Tally::default();
    let mut failed = Vec::new();
    let mut per_source = Table::new(&["source", "lines", "block", "review"]);
    for (name, folder) in sources(args)? {
        let before = (tally.lines, tally.sums());
        match Report::scan(&binary, &folder) {
            Ok(report) => tally.add(&name, &folder, &report),
            // The others still count, and the chore fails at its end.
            Err(failure) => {
                eprintln!("{name} could not be scanned: {failure}");
                failed.push(name);
                continue;
            }
        }
        let [block, review] = tally.sums();
        let lines = tally.lines - before.0;
        let counts = [
            lines,
            (block - before.1[0]) as u64,
            (review - before.1[1]) as u64,
        ];
        per_source.row(std::iter::once(name).chain(counts.map(|count| count.to_string())));
    }
    println!("{per_source}\n{}", tally.by_rule());
    let mut places: Vec<(&String, &usize)> = tally.places.iter().collect();
    places.sort_by_key(|(path, count)| (std::cmp::Reverse(**count), *path));
    for (path, count) in places.into_iter().take(args.top) {
        println!("{count:5}  {path}");
    }
    let Tally {
        files,
        lines,
        unchecked,
        ..
    } = tally;
    println!("\n{files} files, {lines} lines scanned, {unchecked} lines unchecked");
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(Failure::new(format!("not scanned: {}", failed.join(", ")))),
    }
}

/// Returns name and folder of everything to scan; what cannot be fetched is named and left out.
fn sources(args: &Args) -> Outcome<Vec<(String, PathBuf)>> {
    let list: Packages = toml::from_str(PACKAGES).doing("packages.toml")?;
    let python = list
        .python
        .iter()
        .take(args.take)
        .map(|name| (format!("python {name}"), packages::python(name, None)));
    let npm = list
        .npm
        .iter()
        .take(args.take)
        .map(|name| (format!("npm {name}"), packages::npm(name)));
    let mut sources = Vec::new();
    for (name, folder) in python.chain(npm) {
        match folder {
            Ok(folder) => sources.push((name, folder)),
            Err(failure) => eprintln!("{name} is left out: {failure}"),
        }
    }
    sources.extend(
        args.folder
            .iter()
            .map(|folder| (folder.display().to_string(), folder.clone())),
    );
    Ok(sources)
}

impl Tally {
    fn add(&mut self, name: &str, folder: &Path, report: &Report) {
        self.files += report.summary.files;
        self.lines += report.summary.lines;
        self.unchecked += report
            .summary
            .unchecked
            .iter()
            .map(|place| place.count(folder))
            .sum::<u64>();
        for finding in report.findings.iter().filter(|finding| finding.is_raised()) {
            let counts = self.rules.entry(finding.rule.clone()).or_default();
            counts[usize::from(!finding.is_block())] += 1;
            *self
                .places
                .entry(format!("{name}: {}", finding.path))
                .or_default() += 1;
        }
    }

    fn sums(&self) -> [usize; 2] {
        self.rules
            .values()
            .fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]])
    }

    fn by_rule(&self) -> Table {
        let mut table = Table::new(&[
            "rule",
            "block",
            "block per kLOC",
            "review",
            "review per kLOC",
        ]);
        let mut rules: Vec<(&str, [usize; 2])> = self
            .rules
            .iter()
            .map(|(rule, counts)| (rule.as_str(), *counts))
            .collect();
        rules.sort_by_key(|(rule, counts)| (std::cmp::Reverse(*counts), *rule));
        rules.push(("all rules", self.sums()));
        for (rule, [block, review]) in rules {
            let cells = [
                block.to_string(),
                self.rate(block),
                review.to_string(),
                self.rate(review),
            ];
            table.row(std::iter::once(rule.to_owned()).chain(cells));
        }
        table
    }

    /// Returns a count per thousand lines with its 95 % interval.
    fn rate(&self, count: usize) -> String {
        if self.lines == 0 {
            return "-".to_owned();
        }
        let per = |count: f64| 1000.0 * count / self.lines as f64;
        let (low, high) = poisson(count);
        format!(
            "{:.3} [{:.3}-{:.3}]",
            per(count as f64),
            per(low),
            per(high)
        )
    }
}
