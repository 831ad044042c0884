//! What the guard costs: a pass over plain text, a repository of code and documents, a change.
//!
//! `crates/tares-guard/examples/speed.rs` measures itself in CPU time of its thread, so that what
//! else the machine does does not show.

use super::{Figure, RUNS, Results};
use crate::house::{Doing as _, Failure, Outcome, cache, capture, cargo};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILES: usize = 5000;

pub(super) fn measure(results: &mut Results) -> Outcome {
    let repository = repository()?;
    let mut runs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..RUNS {
        for (name, value) in run(&repository)? {
            runs.entry(name).or_default().push(value);
        }
    }
    let mut median = |name: &str| -> Outcome<f64> {
        let mut values = runs
            .remove(name)
            .ok_or_else(|| Failure::new(format!("no {name}")))?;
        values.sort_by(f64::total_cmp);
        Ok(values[values.len() / 2])
    };
    let speed = median("ascii-gb-per-s")?;
    results
        .ours
        .push(Figure::new("guard, plain ASCII", speed, "GB/s").at_least(1.0));
    for (name, what, limit) in [
        ("repository-ms", format!("guard, {FILES} files"), 150.0),
        ("change-ms", "guard, 20 changed files".to_owned(), 2.0),
    ] {
        results
            .ours
            .push(Figure::new(what, median(name)?, "ms").at_most(limit));
    }
    Ok(())
}

fn run(repository: &Path) -> Outcome<Vec<(String, f64)>> {
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--release", "--package", "tares-guard"])
        .args(["--example", "speed", "--"])
        .arg(repository);
    let said = capture(&mut command)?;
    Ok(said
        .lines()
        .filter_map(|line| {
            let (name, value) = line.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        })
        .collect())
}

/// Returns the repository, made on first use: code, documents, settings of agents.
fn repository() -> Outcome<PathBuf> {
    let folder = cache("bench")?.join(format!("texts-{FILES}"));
    let done = folder.join(".git").join("complete");
    if done.exists() {
        return Ok(folder);
    }
    for number in 0..FILES {
        let (name, text) = text(number);
        let file = folder
            .join(format!("package_{:02}", number % 50))
            .join(name);
        let parent = file.parent().expect("the file was joined to a folder");
        std::fs::create_dir_all(parent).doing(parent.display())?;
        std::fs::write(&file, text).doing(file.display())?;
    }
    let parent = done.parent().expect("the file was joined to a folder");
    std::fs::create_dir_all(parent).doing(parent.display())?;
    std::fs::write(&done, "").doing(done.display())?;
    Ok(folder)
}

/// Of a hundred files, eighty are code, fifteen documents (some with letters beyond ASCII), four
/// data, and one is for agents.
fn text(number: usize) -> (String, String) {
    match number / 50 % 100 {
        0 if number % 2 == 0 => (
            "CLAUDE.md".to_owned(),
            format!(
                "# Package {number}\n\nRun `make test` before you commit. Keep functions short.\n"
            ),
        ),
        0 => (
            ".mcp.json".to_owned(),
            r#"{"mcpServers": {"docs": {"command": "npx", "args": ["-y", "docs-mcp@1.2.3"]}}}"#
                .to_owned(),
        ),
        1..=4 => (
            format!("data_{number}.json"),
            format!(
                "{{\n  \"number\": {number},\n  \"names\": [{}]\n}}\n",
                "\"a\", ".repeat(200) + "\"b\""
            ),
        ),
        5..=19 => (format!("page_{number}.md"), page(number)),
        _ => (format!("part_{number}.py"), code(number)),
    }
}

fn page(number: usize) -> String {
    let word = ["naïve", "Größe", "日本語の文", "✅ done", "plain"][number % 5];
    let section = format!(
        "## Section {number}\n\nThe loader reads {word} rows and keeps those above the limit. See [the guide](guide.md) \
         and the <!-- generated --> table.\n\n| name | size |\n|---|---|\n| a | 1 |\n\n```python\nload(\"a\", limit=3)\n```\n\n"
    );
    format!("# Page {number}\n\n{}", section.repeat(8))
}

fn code(number: usize) -> String {
    let function = |n: usize| {
        format!(
            "\n\ndef load_{n}(path, limit={n}):\n    \"\"\"Load part {number}.\"\"\"\n    \
             with open(os.path.join(path, \"{n}.json\")) as handle:\n        rows = json.load(handle)\n    \
             return [row for row in rows if row[\"size\"] > limit]\n"
        )
    };
    let functions: String = (0..16).map(function).collect();
    format!("import json\nimport os\n{functions}")
}
