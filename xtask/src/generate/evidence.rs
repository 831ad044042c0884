//! `docs/evidence.md`: how signs add up, from the clauses of the rule `signs-add-up`.

use super::{HEAD, Page, read};
use crate::house::{Doing as _, Outcome};
use std::fmt::Write as _;
use std::path::Path;
use toml::{Table, Value};

/// Longest pattern that is shown.
const MAX_PATTERN: usize = 60;

pub(super) fn page(root: &Path) -> Outcome<Page> {
    let file = root.join("crates/tares-rules/rules/backdoor/signs-add-up/rule.toml");
    let rule: Table = read(&file)?.parse().doing(file.display())?;
    let mut text = format!(
        "{HEAD}\n# How signs add up\n\nOne weak sign is a note. Signs that explain each other weigh together, by this table: the first row of which all\nsigns hold decides. It is the data of the rule `signs-add-up`; `tares explain signs-add-up` shows examples.\n\n| act | asked for? | signs | weight |\n|---|---|---|---|\n"
    );
    let rows = rule.get("when").and_then(Value::as_array);
    for row in rows.into_iter().flatten().filter_map(Value::as_table) {
        let asked = words(row.get("asked"));
        let asked = if asked.is_empty() {
            "any".to_owned()
        } else {
            asked
        };
        let level = row.get("level").and_then(Value::as_str).unwrap_or("");
        let signs = signs(row).join(" · ");
        let _ = writeln!(
            text,
            "| {} | {asked} | {signs} | {level} |",
            words(row.get("kind"))
        );
    }
    Ok(Page {
        path: "docs/evidence.md",
        text,
    })
}

/// Returns the conditions of a clause in words.
fn signs(row: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in row {
        match key.as_str() {
            "target" => found.push(format!("target {}", inside(value))),
            "data" | "data_all" => found.push(format!("data: {}", words(Some(value)))),
            "guard" => found.push(format!("only if: {}", words(Some(value)))),
            "stealth" => found.push(format!("quiet: {}", words(Some(value)))),
            "devices" => found.push(format!("disguise: {}", words(Some(value)))),
            "new" if value.as_bool() == Some(false) => found.push("was there before".to_owned()),
            "new" => found.push("new".to_owned()),
            "role" => found.extend(roles(value)),
            "any" => found.push(one_of(value)),
            "beside" => found.push(format!("beside {}", all_of(value))),
            "not" => found.push(format!("not {}", all_of(value))),
            "by_task" => found.push("only the change itself says so".to_owned()),
            "named" => found.push("named by task, policy or base".to_owned()),
            _ => {}
        }
    }
    found
}

fn roles(value: &Value) -> Vec<String> {
    let table = value.as_table().into_iter().flatten();
    table
        .map(|(name, wanted)| format!("`{name}` {}", inside(wanted)))
        .collect()
}

fn one_of(value: &Value) -> String {
    let all: Vec<String> = tables(value)
        .map(|table| signs(table).join(" and "))
        .collect();
    all.join(" or ")
}

fn all_of(value: &Value) -> String {
    let all: Vec<String> = tables(value)
        .map(|table| {
            let mut parts = vec![words(table.get("kind"))];
            parts.extend(signs(table));
            parts.retain(|part| !part.is_empty());
            parts.join(", ")
        })
        .collect();
    all.join("; ")
}

fn tables(value: &Value) -> impl Iterator<Item = &Table> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_table)
}

/// Returns what a condition on a value or a target says.
fn inside(value: &Value) -> String {
    let table = value.as_table().into_iter().flatten();
    let parts: Vec<String> = table
        .map(|(key, wanted)| match (key.as_str(), wanted) {
            ("exact", _) => "known".to_owned(),
            ("labels", labels) => format!("carries {}", words(Some(labels))),
            ("matches", Value::String(pattern)) => format!("matches `{}`", cut(pattern)),
            ("dynamic", _) => "not constant".to_owned(),
            ("grade_at_least", grade) => format!("disguised by grade {grade}"),
            ("steps_at_most", steps) => format!("at most {steps} steps away"),
            (key, wanted) => format!("{key} {wanted}"),
        })
        .collect();
    parts.join(", ")
}

fn cut(pattern: &str) -> String {
    let text = pattern.replace('|', "\\|");
    match text.char_indices().nth(MAX_PATTERN) {
        Some((end, _)) => format!("{}…", text[..end].trim_end_matches('\\')),
        None => text,
    }
}

fn words(value: Option<&Value>) -> String {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
