//! One file of fifty lines: what it costs to start.

use super::{Figure, RUNS, Results, milliseconds};
use crate::house::{Doing as _, Outcome, empty_home};
use crate::measure::{cost, median};
use crate::venv;
use std::path::Path;
use std::process::Command;

pub(super) fn measure(tares: &Path, with_peers: bool, results: &mut Results) -> Outcome {
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let file = scratch.path().join("small.py");
    std::fs::write(&file, source()).doing(file.display())?;
    let run = |command: &mut Command| {
        median(RUNS, || {
            let _home = empty_home(command)?;
            cost(command, None)
        })
    };
    let ours = run(Command::new(tares).arg("scan").arg(&file))?;
    results
        .ours
        .push(Figure::new("start-up, one file", milliseconds(ours), "ms").at_most(15.0));
    results.beside.push(("50 lines", "tares".to_owned(), ours));
    if with_peers {
        for (name, command) in peers(&file)? {
            results
                .beside
                .push(("50 lines", name, cost(&command, None)?));
        }
    }
    Ok(())
}

/// Returns the other tools, ready to look at a file or a folder with their security rules.
pub(super) fn peers(target: &Path) -> Outcome<Vec<(String, Command)>> {
    let programs = venv::peers()?;
    let arguments: [(&str, &[&str]); 3] = [
        ("bandit", &["-q", "-r", "-f", "json"]),
        (
            "ruff",
            &[
                "check",
                "--isolated",
                "--no-cache",
                "--select",
                "S",
                "--exit-zero",
            ],
        ),
        ("foxguard", &["-f", "json"]),
    ];
    let installed = arguments.into_iter().filter_map(|(name, arguments)| {
        let mut command = Command::new(venv::peer(&programs, name)?);
        command.args(arguments).arg(target);
        Some((name.to_owned(), command))
    });
    Ok(installed.collect())
}

/// Returns fifty lines of an ordinary module.
fn source() -> String {
    let head = "import json\nimport os\nimport subprocess\n\n\nLIMIT = 10\n\n\n";
    let function = |n: usize| {
        format!(
            "def step_{n}(path, count=LIMIT):\n    name = os.path.join(path, \"{n}.json\")\n    \
             with open(name) as handle:\n        data = json.load(handle)\n    \
             if len(data) > count:\n        subprocess.run([\"ls\", path], check=True)\n    \
             return data[:count]\n\n\n"
        )
    };
    let text: String = std::iter::once(head.to_owned())
        .chain((0..5).map(function))
        .collect();
    text.lines()
        .take(50)
        .map(|line| format!("{line}\n"))
        .collect()
}
