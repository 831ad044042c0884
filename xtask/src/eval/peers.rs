//! The same samples through Bandit and ruff, in the words of our report.

use super::classes::Classes;
use crate::house::{Doing as _, Outcome};
use crate::report::Finding;
use crate::venv;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// A peer's name and its findings, with paths from the work folder.
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) findings: Vec<Finding>,
}

/// Runs the peers that are installed over the work folder.
pub(super) fn run(folder: &Path, classes: &Classes) -> Outcome<Vec<Peer>> {
    let programs = venv::peers()?;
    let mut peers = Vec::new();
    if let Some(bandit) = venv::peer(&programs, "bandit") {
        let answer = json(
            Command::new(bandit).args(["-q", "-r", ".", "-f", "json"]),
            folder,
        )?;
        let all = answer["results"].as_array().into_iter().flatten();
        let findings = all
            .map(|one| {
                let rule = one["test_id"].as_str().unwrap_or_default();
                finding(rule, &one["filename"], &one["line_number"], folder, classes)
            })
            .collect();
        peers.push(Peer {
            name: "bandit",
            findings,
        });
    }
    if let Some(ruff) = venv::peer(&programs, "ruff") {
        let options = [
            "check",
            "--isolated",
            "--no-cache",
            "--select",
            "S",
            "--exit-zero",
        ];
        let format = ["--output-format", "json", "."];
        let answer = json(Command::new(ruff).args(options).args(format), folder)?;
        let findings = answer
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| {
                one["code"]
                    .as_str()
                    .is_some_and(|code| code.starts_with('S'))
            })
            .map(|one| {
                let rule = one["code"].as_str().unwrap_or_default();
                finding(
                    rule,
                    &one["filename"],
                    &one["location"]["row"],
                    folder,
                    classes,
                )
            })
            .collect();
        peers.push(Peer {
            name: "ruff",
            findings,
        });
    }
    Ok(peers)
}

fn json(command: &mut Command, folder: &Path) -> Outcome<Value> {
    let output = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .doing("running a peer")?;
    serde_json::from_slice(&output.stdout).doing(format!("reading the answer of {command:?}"))
}

/// A peer speaks at one level only; its classes come from the same map that judges ours.
fn finding(rule: &str, path: &Value, line: &Value, folder: &Path, classes: &Classes) -> Finding {
    let path = Path::new(path.as_str().unwrap_or_default());
    let path = path.strip_prefix(folder).unwrap_or(path);
    let line = line
        .as_u64()
        .and_then(|line| u32::try_from(line).ok())
        .unwrap_or(0);
    Finding {
        rule: rule.to_owned(),
        family: String::new(),
        cwe: classes
            .of_rule(rule)
            .map(|class| class.accept.clone())
            .unwrap_or_default(),
        level: "review".to_owned(),
        path: path.to_string_lossy().into_owned(),
        start_line: line,
        end_line: line,
    }
}
