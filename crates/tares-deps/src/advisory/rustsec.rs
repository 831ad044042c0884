//! RustSec advisories: Markdown with a fenced head in TOML.

use super::record::{Event, Kind, Record};
use super::{Day, Document, Grade, ReadError, osv};
use crate::Ecosystem;
use serde::Deserialize;

#[derive(Deserialize)]
struct Head {
    advisory: Advisory,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    package: String,
    /// Part of the standard library or tools where it is `rust`.
    collection: Option<String>,
    date: toml::Value,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default, rename = "expect-deleted")]
    expect_deleted: bool,
    informational: Option<String>,
    cvss: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// Reads an advisory; a page without a fenced head is something else.
pub(super) fn read(text: &str) -> Result<Document, ReadError> {
    let fenced = text
        .trim_start()
        .strip_prefix("```toml")
        .ok_or(ReadError::Other)?;
    let (head, rest) = fenced
        .split_once("\n```")
        .ok_or_else(|| ReadError::Syntax("the head has no end".to_owned()))?;
    if !head.contains("[advisory]") {
        return Err(ReadError::Other);
    }
    let head: Head =
        toml::from_str(head).map_err(|error| ReadError::Syntax(error.message().to_owned()))?;
    let advisory = head.advisory;
    let date = Day::parse(&shown(&advisory.date));
    let mut document = Document {
        withdrawn: advisory.withdrawn.is_some(),
        modified: advisory
            .withdrawn
            .as_ref()
            .and_then(|day| Day::parse(&shown(day)))
            .or(date),
        ..Document::default()
    };
    if document.withdrawn {
        return Ok(document);
    }
    if advisory
        .collection
        .as_deref()
        .is_some_and(|word| word != "crates")
    {
        document.foreign = 1;
        return Ok(document);
    }
    let is_malware = advisory.expect_deleted
        || advisory.categories.iter().any(|word| word == "malicious")
        || advisory
            .aliases
            .iter()
            .any(|alias| alias.starts_with("MAL-"));
    let kind = match advisory.informational.as_deref() {
        _ if is_malware => Kind::Malware,
        Some("unmaintained") => Kind::Unmaintained,
        Some("unsound") => Kind::Unsound,
        Some(_) => Kind::Notice,
        None => Kind::Vulnerability,
    };
    let mut safe = head.versions.patched;
    safe.extend(head.versions.unaffected);
    // Without a version that is free of it, it is in all of them.
    let ranges = if safe.is_empty() {
        vec![vec![Event::Introduced("0".to_owned())]]
    } else {
        Vec::new()
    };
    let words = [&advisory.id, &advisory.package];
    if words.iter().any(|word| word.is_empty() || word.len() > 256) {
        return Err(ReadError::Syntax(
            "an id or package without a name".to_owned(),
        ));
    }
    document.records.push(Record {
        ecosystem: Some(Ecosystem::Cargo),
        name: Ecosystem::Cargo.normal(&advisory.package),
        id: advisory.id,
        aliases: advisory.aliases,
        date,
        kind,
        grade: advisory.cvss.as_deref().and_then(Grade::from_vector),
        vector: advisory.cvss,
        ranges,
        versions: Vec::new(),
        safe: (!safe.is_empty()).then_some(safe),
        by_commits: false,
        title: osv::title(rest.trim_start_matches('`')),
    });
    Ok(document)
}

/// A date may stand as text or as TOML's own.
fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
