//! `tares rules`: all rules, by family.

use crate::arguments::{Color, ListFormat, Rules as Arguments};
use crate::failure::Failure;
use crate::output::print_text;
use std::fmt::Write as _;
use tares_model::ExitCode;
use tares_model::finding::Level;
use tares_rules::{Rule, Rules};

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let rules: Vec<&Rule> = Rules::embedded().iter().collect();
    let text = match arguments.format {
        ListFormat::Text => list(&rules),
        ListFormat::Json => json(&rules),
    };
    print_text(Color::Auto, &text)?;
    Ok(ExitCode::Ok)
}

fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for family in rules.chunk_by(|one, other| one.family == other.family) {
        let _ = writeln!(text, "{}", family[0].family);
        for rule in family {
            let (level, severity) = (level(rule).as_str(), rule.severity.as_str());
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

/// Returns the highest level at which a rule reports, before policy.
fn level(rule: &Rule) -> Level {
    rule.when
        .iter()
        .map(|clause| clause.outcome.level)
        .max()
        .unwrap_or(Level::Note)
}

fn json(rules: &[&Rule]) -> String {
    let entries: Vec<serde_json::Value> = rules
        .iter()
        .map(|rule| {
            let cwe: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
            serde_json::json!({
                "id": rule.id, "family": rule.family.as_str(), "title": rule.title, "cwe": cwe,
                "severity": rule.severity.as_str(), "level": level(rule).as_str(), "since": rule.since,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(entries))
}
