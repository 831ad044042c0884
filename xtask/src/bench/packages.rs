//! What packages cost: the table of a large lock file, and the new names of a change.

use super::advisories::{PACKAGES, lock_file};
use super::{Figure, RUNS, Results, megabytes, milliseconds};
use crate::house::{Doing as _, Outcome, empty_home};
use crate::measure::{Cost, cost, median};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tares_model::Ecosystem::Npm;
use tares_testkit::{Behaviour, TestPackage, TestRegistry, TestRepo};

/// Names that a change brings, in the figure for a warm cache.
const FEW: usize = 3;

/// Names that a change brings, in the figure for questions.
const MANY: usize = 100;

/// How long the place takes for each answer there.
const LATE: Duration = Duration::from_millis(50);

pub(super) fn measure(tares: &Path, results: &mut Results) -> Outcome {
    let mut figure = |what: &str, value, unit, limit: Option<f64>| {
        let figure = Figure::new(what, value, unit);
        results.ours.push(match limit {
            Some(limit) => figure.at_most(limit),
            None => figure,
        });
    };
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let lock = scratch.path().join("package-lock.json");
    std::fs::write(&lock, lock_file()).doing(lock.display())?;
    let table = median(RUNS, || {
        let mut command = Command::new(tares);
        command.args(["deps", "--offline"]).arg(scratch.path());
        let _home = empty_home(&mut command)?;
        cost(&command, None)
    })?;
    let what = format!("packages: `deps --offline`, {PACKAGES} of them");
    figure(&what, milliseconds(table), "ms", Some(50.0));
    figure("  peak memory", megabytes(table.peak), "MB", Some(60.0));

    let registry = TestRegistry::start();
    for number in 0..MANY {
        registry.add(TestPackage::seasoned(Npm, &format!("fresh-{number}")));
    }
    // What the lock file has is there, too.
    for number in 0..PACKAGES {
        registry.add(TestPackage::seasoned(Npm, &format!("harmless-{number}")));
        registry.add(TestPackage::seasoned(Npm, &format!("package-{number}")));
    }
    let home = tempfile::tempdir().doing("making a scratch folder")?;
    let warm = |names: usize| {
        let repo = repository(names);
        check(tares, &repo, &registry, home.path())?;
        median(RUNS, || check(tares, &repo, &registry, home.path()))
    };
    let (without, with) = (warm(0)?, warm(FEW)?);
    let added = milliseconds(with) - milliseconds(without);
    figure(
        "packages: a change without a new name",
        milliseconds(without),
        "ms",
        None,
    );
    figure("  what three new names add, warm", added, "ms", Some(10.0));

    registry.behave(Npm, Behaviour::Late(LATE));
    registry.forget_requests();
    let cold = tempfile::tempdir().doing("making a scratch folder")?;
    let asked = check(tares, &repository(MANY), &registry, cold.path())?;
    // Two names more tell what the place's answers are worth.
    let requests = registry.requests().len() as f64 - 2.0;
    let each = requests / MANY as f64;
    figure("  questions for each new name, cold", each, "", Some(1.0));
    let rounds = asked.wall / LATE.as_secs_f64();
    let what = format!("  {MANY} of them, in answers one after the other");
    figure(&what, rounds, "", Some(MANY as f64 / 4.0));
    Ok(())
}

/// Makes a repository with a large lock file and a change that brings new names.
fn repository(names: usize) -> TestRepo {
    let repo = TestRepo::new();
    let manifest = |names: usize| {
        let new: String = (0..names)
            .map(|number| format!("\"fresh-{number}\": \"1.9.0\",\n"))
            .collect();
        format!(
            "{{\"version\": \"1.0.{names}\", \"dependencies\": {{\n{new}\"harmless-1\": \"3.4.5\"}}}}\n"
        )
    };
    repo.file("package.json", manifest(0))
        .file("package-lock.json", lock_file())
        .commit("Start");
    repo.write("package.json", manifest(names).replace("1.0.", "1.1."));
    repo
}

fn check(tares: &Path, repo: &TestRepo, registry: &TestRegistry, home: &Path) -> Outcome<Cost> {
    let mut command = Command::new(tares);
    command.arg("check").current_dir(repo.path());
    command
        .env("HOME", home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("TARES_DATA_DIR", home.join("data"))
        .envs(registry.environment());
    cost(&command, None)
}
