//! The Django package: interpreting beside bare parsing, and ours beside others.

use super::startup::peers;
use super::{Figure, RUNS, Results, megabytes, milliseconds};
use crate::house::{Doing as _, Failure, Outcome, cargo, empty_home, run as start, target};
use crate::measure::{Cost, cost, median};
use crate::packages;
use crate::report::Report;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = "5.2.19";

pub(super) fn measure(tares: &Path, with_peers: bool, results: &mut Results) -> Outcome {
    let package = package()?;
    let parse = bare_parse(&package)?;
    let answer = tempfile::NamedTempFile::new().doing("making a scratch file")?;
    let mut scan = Command::new(tares);
    scan.args(["scan", "--format", "json"]).arg(&package);
    let ours = median(RUNS, || {
        let _home = empty_home(&mut scan)?;
        cost(&scan, Some(answer.path()))
    })?;
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
        Figure::new("Django, scan over bare parse", ours.cpu / parse.cpu, "x").at_most(2.5),
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

/// Returns what parsing the same files with the same grammars costs, without reading them.
fn bare_parse(package: &Path) -> Outcome<Cost> {
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
    let program = target().join("release").join("examples").join("bare_parse");
    let run = |task| {
        let mut command = Command::new(&program);
        command.arg(task).arg(package);
        median(RUNS, || cost(&command, None))
    };
    let (read, parse) = (run("read")?, run("parse")?);
    Ok(Cost {
        cpu: parse.cpu - read.cpu,
        wall: parse.wall - read.wall,
        ..parse
    })
}
