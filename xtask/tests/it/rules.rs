//! Every rule is one folder with its data and its page.

use crate::tree::{assert_none, files, root, text};
use std::collections::{BTreeMap, BTreeSet};

const RULES: &str = "crates/tares-rules/rules/";

/// Returns the files of each `<family>/<id>` folder; files that stand elsewhere are complaints.
fn folders() -> (BTreeMap<String, BTreeSet<String>>, Vec<String>) {
    let (mut folders, mut stray) = (BTreeMap::<String, BTreeSet<String>>::new(), Vec::new());
    for file in files() {
        let Some(inner) = file.strip_prefix(RULES) else {
            continue;
        };
        match inner.split('/').collect::<Vec<_>>()[..] {
            [family, id, name] => {
                folders
                    .entry(format!("{family}/{id}"))
                    .or_default()
                    .insert(name.to_owned());
            }
            _ => stray.push(file.clone()),
        }
    }
    (folders, stray)
}

#[test]
fn every_rule_has_its_data_and_its_page() {
    let (folders, mut complaints) = folders();
    assert!(!folders.is_empty(), "no rule found below {RULES}");
    for (folder, names) in &folders {
        for wanted in ["rule.toml", "page.md"] {
            if !names.contains(wanted) {
                complaints.push(format!("{RULES}{folder} has no {wanted}"));
            }
        }
    }
    assert_none("a rule is `<family>/<id>/{rule.toml,page.md}`", &complaints);
}

#[test]
fn rules_are_named_after_the_bad_thing() {
    let (folders, _) = folders();
    let mut complaints = Vec::new();
    for id in folders
        .keys()
        .filter_map(|folder| folder.split('/').next_back())
    {
        let kebab = id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let negated = ["no-", "ban-", "disallow-"]
            .iter()
            .any(|prefix| id.starts_with(prefix));
        if !kebab || negated {
            complaints.push(id.to_owned());
        }
    }
    assert_none(
        "\"allow <id>\" has to read well: kebab-case, no negation",
        &complaints,
    );
}

#[test]
fn rule_ids_are_unique_and_match_their_folder() {
    let (folders, _) = folders();
    let (mut seen, mut complaints) = (BTreeSet::new(), Vec::new());
    for folder in folders.keys() {
        let (family, id) = folder.split_once('/').unwrap();
        if !seen.insert(id) {
            complaints.push(format!("{id} exists twice"));
        }
        let file = format!("{RULES}{folder}/rule.toml");
        if !root().join(&file).exists() {
            continue;
        }
        let table: toml::Table = match toml::from_str(&text(&file).unwrap()) {
            Ok(table) => table,
            Err(error) => {
                complaints.push(format!("{file}: {error}"));
                continue;
            }
        };
        for (key, expected) in [("id", id), ("family", family)] {
            let found = table.get(key).and_then(toml::Value::as_str);
            if found.is_some_and(|found| found != expected) {
                complaints.push(format!("{file}: {key} is not {expected}"));
            }
        }
    }
    assert_none("the folder is the name", &complaints);
}
