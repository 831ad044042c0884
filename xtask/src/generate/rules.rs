//! `docs/rules.md`: one line per rule, from the folders below `rules` of the rooms that judge.

use super::{HEAD, Page, read};
use crate::house::{Doing as _, Outcome};
use std::path::{Path, PathBuf};

/// Rooms with rules.
const ROOMS: [&str; 3] = ["tares-rules", "tares-guard", "tares-deps"];

/// A rule as the index shows it.
pub(super) struct Rule {
    room: &'static str,
    family: String,
    id: String,
    cwe: String,
    severity: String,
    title: String,
}

/// Returns all rules, by family and name.
pub(super) fn all(root: &Path) -> Outcome<Vec<Rule>> {
    let mut rules = Vec::new();
    for room in ROOMS {
        for family in folders(&root.join(format!("crates/{room}/rules")))? {
            for rule in folders(&family)? {
                rules.push(read_rule(room, &rule)?);
            }
        }
    }
    rules.sort_by(|one, two| (&one.family, &one.id).cmp(&(&two.family, &two.id)));
    Ok(rules)
}

pub(super) fn page(root: &Path) -> Outcome<Page> {
    let rules = all(root)?;
    let mut text = vec![format!(
        "{HEAD}\n# Rules\n\n{} rules. `tares explain <rule>` prints the whole page of one.\n",
        rules.len()
    )];
    for family in rules.chunk_by(|one, two| one.family == two.family) {
        let name = &family[0].family;
        text.push(format!(
            "\n## {name}\n\n| rule | what it finds | CWE | severity |\n|---|---|---|---|\n"
        ));
        text.extend(family.iter().map(Rule::row));
    }
    Ok(Page {
        path: "docs/rules.md",
        text: text.concat(),
    })
}

impl Rule {
    /// Whether the rule names a weakness class (`CWE-79`).
    pub(super) fn names(&self, cwe: &str) -> bool {
        self.cwe.split(", ").any(|named| named == cwe)
    }

    /// Returns its name as a link to its page.
    pub(super) fn link(&self) -> String {
        let Self {
            room, family, id, ..
        } = self;
        format!("[`{id}`](../crates/{room}/rules/{family}/{id}/page.md)")
    }

    fn row(&self) -> String {
        let Self {
            room,
            family,
            id,
            cwe,
            severity,
            title,
        } = self;
        let page = format!("../crates/{room}/rules/{family}/{id}/page.md");
        format!("| [`{id}`]({page}) | {title} | {cwe} | {severity} |\n")
    }
}

fn read_rule(room: &'static str, folder: &Path) -> Outcome<Rule> {
    let data = folder.join("rule.toml");
    let table: toml::Table = read(&data)?.parse().doing(data.display())?;
    let word = |key: &str| {
        table
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let cwe = match table.get("cwe") {
        Some(toml::Value::Array(list)) => list.iter().map(cwe_name).collect::<Vec<_>>().join(", "),
        Some(value) => cwe_name(value),
        None => String::new(),
    };
    Ok(Rule {
        room,
        family: name(folder.parent().unwrap_or(folder)),
        id: name(folder),
        cwe,
        severity: word("severity"),
        title: word("title").replace('|', "\\|"),
    })
}

/// Takes the number or the whole name; both are written in rule data.
fn cwe_name(value: &toml::Value) -> String {
    match value {
        toml::Value::Integer(number) => format!("CWE-{number}"),
        toml::Value::String(name) => name.clone(),
        other => other.to_string(),
    }
}

fn folders(folder: &Path) -> Outcome<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).doing(folder.display())? {
        let path = entry.doing(folder.display())?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn name(folder: &Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
