//! `tares rules`: all rules, by family.

use crate::arguments::{Color, ListFormat, Rules as Arguments};
use crate::catalogue::{Entry, entries};
use crate::failure::Failure;
use crate::output::print_text;
use std::fmt::Write as _;
use tares_model::ExitCode;

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let rules = entries();
    let text = match arguments.format {
        ListFormat::Text => list(&rules),
        ListFormat::Json => json(&rules),
    };
    print_text(Color::Auto, &text)?;
    Ok(ExitCode::Ok)
}

fn list(rules: &[Entry]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for family in rules.chunk_by(|one, other| one.family == other.family) {
        let _ = writeln!(text, "{}", family[0].family);
        for rule in family {
            let (level, severity) = (rule.level, rule.severity);
            let _ = writeln!(
                text,
                "  {:width$}  {level:6}  {severity:8}  {}",
                rule.id, rule.title
            );
        }
        text.push('\n');
    }
    text.push_str("gate, about the check itself\n");
    for id in gate_ids() {
        let _ = writeln!(text, "  {id}");
    }
    text.push('\n');
    let _ = writeln!(
        text,
        "{} rules. `tares explain RULE` prints the page of one.",
        rules.len()
    );
    text
}

/// Returns the ids of findings that rest on no effect, sorted.
fn gate_ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = tares_policy::gate::RULES.to_vec();
    ids.push(tares_judge::BINARY_ADDED);
    ids.sort_unstable();
    ids
}

fn json(rules: &[Entry]) -> String {
    let entries: Vec<serde_json::Value> = rules
        .iter()
        .map(|rule| {
            serde_json::json!({
                "id": rule.id, "family": rule.family, "title": rule.title, "cwe": rule.cwe,
                "severity": rule.severity, "level": rule.level, "since": rule.since,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(entries))
}
