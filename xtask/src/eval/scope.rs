//! Which part of a set a figure is asked for: by evidence, and by lists that were fixed before measuring.

use super::record::Record;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The published lists.
static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let lists: Lists =
        toml::from_str(include_str!("lists.toml")).expect("the lists are well formed");
    let reasons = lists.left_out.iter().map(|entry| &entry.reason);
    assert!(
        reasons.into_iter().all(|reason| !reason.is_empty()),
        "a reason for each"
    );
    lists
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    sink_in_file: BTreeSet<String>,
    left_out: Vec<LeftOut>,
}

/// Labelled lines that mark no danger.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    id: String,
    /// None means all of the sample.
    #[serde(default)]
    lines: Vec<u32>,
    reason: String,
}

/// Returns the groups that a sample belongs to besides its language and weakness.
pub(super) fn of(record: &Record) -> Vec<&'static str> {
    let mut groups = Vec::new();
    if record.id.starts_with("sven-") && record.language == "python" {
        if record.evidence.as_deref() == Some("outside") {
            groups.push("python, evidence outside");
        } else {
            groups.push("python, in sight");
            if !record.cwe.iter().any(|cwe| cwe == "CWE-89") {
                groups.push("python, in sight, not SQL");
            }
        }
    }
    let member = record.pair_id.as_ref().unwrap_or(&record.id);
    if LISTS.sink_in_file.contains(member) {
        groups.push(match record.language.as_str() {
            "python" => "python, sink in file",
            _ => "javascript, sink in file",
        });
    }
    groups
}

/// Whether a labelled line marks no danger by the published list.
pub(super) fn is_left_out(record: &Record, line: u32) -> bool {
    let here = LISTS.left_out.iter().find(|entry| entry.id == record.id);
    here.is_some_and(|entry| entry.lines.is_empty() || entry.lines.contains(&line))
}

#[cfg(test)]
mod tests {
    use super::{is_left_out, of};
    use crate::eval::record::Record;
    use serde_json::json;

    fn record(id: &str, cwe: &str, evidence: &str) -> Record {
        let value = json!({
            "id": id, "language": "python", "cwe": [cwe], "label": "bad", "evidence": evidence,
        });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_lies_outside_is_counted_apart() {
        assert_eq!(
            of(&record("sven-1-a", "CWE-78", "outside")),
            ["python, evidence outside"]
        );
        let inside = of(&record("sven-1-a", "CWE-22", "inside"));
        assert_eq!(inside, ["python, in sight", "python, in sight, not SQL"]);
        assert_eq!(
            of(&record("sven-1-a", "CWE-89", "inside")),
            ["python, in sight"]
        );
        assert!(of(&record("cweval-005", "CWE-79", "")).is_empty());
        assert_eq!(
            of(&record("cweval-006", "CWE-95", "")),
            ["python, sink in file"]
        );
    }

    #[test]
    fn a_list_without_lines_means_the_whole_sample() {
        let some = record("ruff-061", "CWE-78", "");
        assert!(is_left_out(&some, 34) && !is_left_out(&some, 5));
        assert!(is_left_out(&record("ruff-063", "CWE-78", ""), 5));
    }
}
