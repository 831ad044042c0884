//! The same samples through Bandit, ruff and foxguard, in the words of our report.

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

/// How a peer is called, and where its answer has what we need.
struct Dialect {
    name: &'static str,
    arguments: &'static [&'static str],
    /// The list of findings in the answer, and in each its rule, file, line and weakness.
    list: &'static str,
    rule: &'static str,
    /// How its rules begin; what else it says is of the syntax.
    begins: &'static str,
    file: &'static str,
    line: &'static str,
    cwe: Option<&'static str>,
}

const DIALECTS: [Dialect; 3] = [
    Dialect {
        name: "bandit",
        arguments: &["-q", "-r", ".", "-f", "json"],
        list: "/results",
        rule: "/test_id",
        begins: "B",
        file: "/filename",
        line: "/line_number",
        cwe: None,
    },
    Dialect {
        name: "ruff",
        arguments: &[
            "check",
            "--isolated",
            "--no-cache",
            "--select",
            "S",
            "--exit-zero",
            "--output-format",
            "json",
            ".",
        ],
        list: "",
        rule: "/code",
        begins: "S",
        file: "/filename",
        line: "/location/row",
        cwe: None,
    },
    Dialect {
        name: "foxguard",
        arguments: &["-f", "json", "."],
        list: "/findings",
        rule: "/rule_id",
        begins: "",
        file: "/file",
        line: "/line",
        cwe: Some("/cwe"),
    },
];

/// Runs the peers that are installed over the work folder.
pub(super) fn run(folder: &Path, classes: &Classes) -> Outcome<Vec<Peer>> {
    let programs = venv::peers()?;
    let mut peers = Vec::new();
    for dialect in &DIALECTS {
        let Some(program) = venv::peer(&programs, dialect.name) else {
            continue;
        };
        let answer = json(Command::new(program).args(dialect.arguments), folder)?;
        let all = answer.pointer(dialect.list).and_then(Value::as_array);
        let findings = all.into_iter().flatten();
        peers.push(Peer {
            name: dialect.name,
            findings: findings
                .map(|one| finding(one, dialect, folder, classes))
                .filter(|one| !one.rule.is_empty() && one.rule.starts_with(dialect.begins))
                .collect(),
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

/// A peer speaks at one level only. Where it names no weakness its class comes from the same map
/// that judges ours.
fn finding(one: &Value, dialect: &Dialect, folder: &Path, classes: &Classes) -> Finding {
    let text = |at: &str| one.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let path = Path::new(text(dialect.file));
    let path = path.strip_prefix(folder).unwrap_or(path);
    let line = one.pointer(dialect.line).and_then(Value::as_u64);
    let line = line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
    let rule = text(dialect.rule);
    let cwe = match dialect.cwe {
        Some(at) => vec![text(at).to_owned()],
        None => classes
            .of_rule(rule)
            .map(|class| class.accept.clone())
            .unwrap_or_default(),
    };
    Finding {
        rule: rule.to_owned(),
        family: String::new(),
        cwe,
        level: "review".to_owned(),
        path: path.to_string_lossy().into_owned(),
        start_line: line,
        end_line: line,
    }
}
