//! The Django package: interpreting beside bare parsing, and ours beside others.

use super::startup::peers;
use super::{Figure, Results, megabytes, milliseconds};
use crate::house::{Doing as _, Failure, Outcome, cargo, empty_home, run as start, target};
use crate::measure::{Cost, cost};
use crate::packages;
use crate::report::Report;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = "5.2.19";

/// How often all is measured, side by side.
const ROUNDS: usize = 9;

pub(super) fn measure(tares: &Path, with_peers: bool, results: &mut Results) -> Outcome {
    let package = package()?;
    let yardstick = yardstick()?;
    let bare = |task: &str| {
        let mut command = Command::new(&yardstick);
        command.arg(task).arg(&package);
        cost(&command, None)
    };
    let answer = tempfile::NamedTempFile::new().doing("making a scratch file")?;
    let mut scan = Command::new(tares);
    scan.args(["scan", "--format", "json"]).arg(&package);
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (read, parse) = (bare("read")?, bare("parse")?);
        let _home = empty_home(&mut scan)?;
        rounds.push((parse.without(read), cost(&scan, Some(answer.path()))?));
    }
    // A machine that others use is fast at one time and slow at another: what is compared is
    // measured side by side.
    let ratio = |(parse, ours): &(Cost, Cost)| ours.cpu / parse.cpu;
    rounds.sort_by(|one, two| ratio(one).total_cmp(&ratio(two)));
    let (parse, ours) = rounds[ROUNDS / 2];
    let report = Report::read(answer.path())?;
    let unchecked: u64 = report
        .summary
        .unchecked
        .iter()
        .map(|place| place.count(&package))
        .sum();
    let lines = report.summary.lines.max(1);
    let share = 100.0 * unchecked as f64 / lines as f64;
    results.ours.extend([
        Figure::new("Django, bare parse", milliseconds(parse), "ms"),
        Figure::new("Django, scan", milliseconds(ours), "ms"),
        Figure::new("Django, scan over bare parse", ratio(&(parse, ours)), "x").at_most(2.5),
        Figure::new("Django, files judged", report.summary.files as f64, ""),
        Figure::new("Django, lines judged", lines as f64, ""),
        Figure::new("Django, unchecked lines", share, "%").at_most(0.1),
        Figure::new("Django, peak memory", megabytes(ours.peak), "MB").at_most(150.0),
    ]);
    results
        .beside
        .push(("Django", "bare parse".to_owned(), parse));
    results.beside.push(("Django", "tares".to_owned(), ours));
    if with_peers {
        for (name, command) in peers(&package)? {
            let cost = cost(&command, None)?;
            results.beside.push(("Django", name, cost));
        }
    }
    Ok(())
}

/// Returns the package folder inside the source distribution.
fn package() -> Outcome<PathBuf> {
    let source = packages::python("django", Some(VERSION))?;
    for entry in std::fs::read_dir(&source).doing(source.display())? {
        let folder = entry.doing(source.display())?.path().join("django");
        if folder.is_dir() {
            return Ok(folder);
        }
    }
    Err(Failure::new(format!(
        "{}: no package folder",
        source.display()
    )))
}

/// Builds the program that parses the same files with the same grammars, or only reads them.
fn yardstick() -> Outcome<PathBuf> {
    let build = [
        "build",
        "--quiet",
        "--release",
        "--package",
        "xtask",
        "--example",
        "bare_parse",
    ];
    start(cargo().args(build))?;
    Ok(target().join("release").join("examples").join("bare_parse"))
}
