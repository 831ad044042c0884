//! Twenty changed files in a repository of five thousand, with an empty and with a filled cache.

use super::{Figure, RUNS, Results, milliseconds};
use crate::house::{Doing as _, Outcome, cache, capture};
use crate::measure::{Cost, cost, median};
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: usize = 5000;
const CHANGED: usize = 20;

pub(super) fn measure(tares: &Path, results: &mut Results) -> Outcome {
    let repository = repository()?;
    let home = tempfile::tempdir().doing("making a scratch folder")?;
    let run = || check(tares, &repository, home.path());
    let cold = median(RUNS, || {
        let kept = home.path().join("cache");
        if kept.exists() {
            std::fs::remove_dir_all(&kept).doing(kept.display())?;
        }
        run()
    })?;
    let warm = median(RUNS, run)?;
    for (name, cost, limit) in [("warm", warm, 60.0), ("cold", cold, 200.0)] {
        let what = format!("{CHANGED} of {FILES} files changed, {name} cache");
        results
            .ours
            .push(Figure::new(what, milliseconds(cost), "ms").at_most(limit));
        results
            .beside
            .push(("change", format!("tares, {name}"), cost));
    }
    Ok(())
}

fn check(tares: &Path, repository: &Path, home: &Path) -> Outcome<Cost> {
    let mut command = Command::new(tares);
    command.arg("check").current_dir(repository);
    command
        .env("HOME", home)
        .env("XDG_CACHE_HOME", home.join("cache"));
    cost(&command, None)
}

/// Returns the repository, made on first use: packages of modules that import each other.
fn repository() -> Outcome<PathBuf> {
    let folder = cache("bench")?.join(format!("repository-{FILES}-{CHANGED}"));
    let done = folder.join(".git").join("complete");
    if done.exists() {
        return Ok(folder);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).doing(folder.display())?;
    }
    for number in 0..FILES {
        write(&folder, number, false)?;
    }
    git(&folder, &["init", "--quiet", "--initial-branch", "main"])?;
    git(&folder, &["add", "--all"])?;
    git(&folder, &["commit", "--quiet", "--message", "base"])?;
    for number in (0..FILES).step_by(FILES / CHANGED) {
        write(&folder, number, true)?;
    }
    std::fs::write(&done, "").doing(done.display())?;
    Ok(folder)
}

fn write(folder: &Path, number: usize, changed: bool) -> Outcome {
    let (name, text) = if number % 4 == 3 {
        (format!("part_{number:04}.ts"), typescript(number, changed))
    } else {
        (format!("part_{number:04}.py"), python(number, changed))
    };
    let file = folder
        .join(format!("package_{:02}", number % 50))
        .join(name);
    let parent = file.parent().expect("the file was joined to a folder");
    std::fs::create_dir_all(parent).doing(parent.display())?;
    std::fs::write(&file, text).doing(file.display())
}

fn python(number: usize, changed: bool) -> String {
    let extra = if changed {
        "\n\ndef report(rows):\n    requests.post(\"https://metrics.example/rows\", json=rows, timeout=5)\n"
    } else {
        ""
    };
    let functions: String = (0..8)
        .map(|n| {
            format!(
                "\n\ndef load_{n}(path, limit={n}):\n    \"\"\"Load part {number}.\"\"\"\n    \
                 with open(os.path.join(path, \"{n}.json\")) as handle:\n        \
                 rows = json.load(handle)\n    return [row for row in rows if row[\"size\"] > limit]\n"
            )
        })
        .collect();
    format!("import json\nimport os\n\nimport requests\n{functions}{extra}")
}

fn typescript(number: usize, changed: bool) -> String {
    let extra = if changed {
        "\nexport async function report(rows: Row[]): Promise<void> {\n  await fetch(\"https://metrics.example/rows\", { method: \"POST\", body: JSON.stringify(rows) });\n}\n"
    } else {
        ""
    };
    let functions: String = (0..8)
        .map(|n| {
            format!(
                "\nexport function pick{n}(rows: Row[], limit = {n}): Row[] {{\n  \
                 return rows.filter((row) => row.size > limit && row.part === {number});\n}}\n"
            )
        })
        .collect();
    format!("export interface Row {{\n  size: number;\n  part: number;\n}}\n{functions}{extra}")
}

fn git(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Bench");
        command.env(format!("GIT_{role}_EMAIL"), "bench@tares.example");
    }
    capture(&mut command).map(drop)
}
