//! The figures of an earlier run: numbers by set, tool, group and figure, and nothing else.

use super::{Row, cells};
use crate::house::{Doing as _, Failure, Outcome};
use crate::table::Table;
use serde_json::{Map, Value, json};
use std::path::Path;

/// What happened to one figure since it was kept.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// Set, tool, group and figure.
    at: [String; 4],
    before: String,
    now: String,
    word: &'static str,
}

/// Compares the figures with those in `file` and fails if one of ours got worse. A file that is
/// missing is written; one that is there is only written with `keep`.
pub(super) fn compare(rows: &[Row], file: &Path, keep: bool) -> Outcome {
    let now = figures(rows);
    let before = match std::fs::read_to_string(file) {
        Ok(text) => Some(serde_json::from_str(&text).doing(file.display())?),
        Err(_) => None,
    };
    let changes = before.as_ref().map_or(Vec::new(), |old| changes(old, &now));
    let mut table = Table::new(&["set", "tool", "group", "figure", "kept", "now", ""]);
    for Change {
        at,
        before,
        now,
        word,
    } in &changes
    {
        let rest = [before.clone(), now.clone(), (*word).to_owned()];
        table.row(at.iter().cloned().chain(rest));
    }
    if !changes.is_empty() {
        println!("Figures that changed since they were kept:\n\n{table}");
    }
    if keep || before.is_none() {
        // Figures of sets and tools that were not run stay as they were.
        let mut all = before.unwrap_or_else(|| json!({}));
        merge(&mut all, now);
        let text = serde_json::to_string_pretty(&all).doing("writing the snapshot")?;
        return std::fs::write(file, short(&text) + "\n").doing(file.display());
    }
    let worse = |change: &&Change| change.word == "worse" && change.at[1] == "tares";
    match changes.iter().filter(worse).count() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} figures got worse"))),
    }
}

/// Returns every count as `set → tool → group → figure → [hits, of]`, sorted.
fn figures(rows: &[Row]) -> Value {
    let mut all = Map::new();
    for row in rows {
        let mut node = &mut all;
        for key in [&row.set, &row.tool, &row.group] {
            let entry = node.entry(key.clone()).or_insert_with(|| json!({}));
            node = entry
                .as_object_mut()
                .expect("only objects are put above the counts");
        }
        let counted = cells(&row.score)
            .into_iter()
            .filter(|(_, rate)| rate.of > 0);
        for (name, rate) in counted {
            node.insert(name.to_owned(), json!([rate.hits, rate.of]));
        }
    }
    all.into()
}

/// Returns the figures that both have and that differ.
fn changes(before: &Value, now: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    for (set, tools) in entries(now) {
        for (tool, groups) in entries(tools) {
            for (group, figures) in entries(groups) {
                for (figure, new) in entries(figures) {
                    let old = &before[set][tool][group][figure];
                    if !old.is_null() && old != new {
                        let at = [set, tool, group, figure].map(String::clone);
                        changes.push(change(at, old, new));
                    }
                }
            }
        }
    }
    changes
}

fn change(at: [String; 4], old: &Value, new: &Value) -> Change {
    let count = |value: &Value, at: usize| value[at].as_u64().unwrap_or(0);
    let shown = |value: &Value| format!("{}/{}", count(value, 0), count(value, 1));
    // What is found in bad samples should grow, what is said of good ones should shrink.
    let grows = match at[3].as_str() {
        "bad_any" | "bad_block" | "bad_right" | "pairs" | "lines" => Some(true),
        name if name.starts_with("good_") || name == "ok_lines" => Some(false),
        _ => None,
    };
    let word = match grows {
        _ if count(old, 1) != count(new, 1) => "other samples",
        None => "",
        Some(grows) if (count(new, 0) > count(old, 0)) == grows => "better",
        Some(_) => "worse",
    };
    Change {
        at,
        before: shown(old),
        now: shown(new),
        word,
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Puts the figures of `new` over those of `all`.
fn merge(all: &mut Value, new: Value) {
    match (all, new) {
        (Value::Object(all), Value::Object(new)) => {
            for (key, value) in new {
                merge(all.entry(key).or_insert(Value::Null), value);
            }
        }
        (all, new) => *all = new,
    }
}

/// Writes a pair of counts on one line.
fn short(pretty: &str) -> String {
    let mut text = String::with_capacity(pretty.len());
    let mut inside = false;
    for line in pretty.lines() {
        text.push_str(if inside { line.trim_start() } else { line });
        inside = (inside || line.ends_with('[')) && !line.trim_start().starts_with(']');
        text.push_str(match (inside, line.ends_with(',')) {
            (false, _) => "\n",
            (true, true) => " ",
            (true, false) => "",
        });
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{changes, merge, short};
    use serde_json::json;

    #[test]
    fn what_is_found_should_grow_and_what_is_said_of_good_code_should_shrink() {
        let kept = json!({"s": {"tares": {"all": {"bad_any": [3, 9], "good_any": [1, 9], "extra": [1, 2]}}}});
        let now = json!({"s": {"tares": {"all": {"bad_any": [4, 9], "good_any": [2, 9], "extra": [2, 2], "new": [1, 1]}}}});
        let words: Vec<_> = changes(&kept, &now)
            .into_iter()
            .map(|change| (change.at[3].clone(), change.word))
            .collect();
        let expected = [("bad_any", "better"), ("extra", ""), ("good_any", "worse")];
        assert_eq!(words, expected.map(|(name, word)| (name.to_owned(), word)));
    }

    #[test]
    fn what_was_not_run_stays() {
        let mut all = json!({"a": {"x": [1, 2]}, "b": {"y": [3, 4]}});
        merge(&mut all, json!({"a": {"x": [2, 2]}}));
        assert_eq!(all, json!({"a": {"x": [2, 2]}, "b": {"y": [3, 4]}}));
    }

    #[test]
    fn pairs_of_counts_stand_on_one_line() {
        let text = serde_json::to_string_pretty(&json!({"a": [1, 2], "b": {"c": [3, 4]}})).unwrap();
        let expected = "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": [3, 4]\n  }\n}";
        assert_eq!(short(&text), expected);
    }
}
