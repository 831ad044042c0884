//! Licences of the packages that a lock file names, against a list of those that are allowed.
//!
//! Only what the lock file itself says is known (npm and Composer write it there). A licence that
//! is missing or no SPDX expression is unknown: neither allowed nor refused.

use crate::Ecosystem;
use crate::notice::shown;
use jsonc_parser::ast::{Array, ObjectPropName, Value};
use rustc_hash::FxHashSet;
use spdx::{Expression, ParseMode};
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, RepoPath, Span};

/// Most notices of one file.
const MOST: usize = 100;

/// Longest expression that is read, in bytes.
const LONGEST: usize = 1_000;

/// What a list of allowed licences says of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Licence {
    /// It can be satisfied with allowed licences alone.
    Allowed,
    /// It cannot.
    Refused,
    /// It is missing or no SPDX expression.
    Unknown,
}

/// Judges an SPDX expression: of `OR` one side has to be allowed, of `AND` both. `allowed` holds
/// licences as expressions write them, with an exception where it is meant: `Apache-2.0`,
/// `GPL-2.0-only WITH Classpath-exception-2.0`.
pub fn licence(expression: &str, allowed: &[String]) -> Licence {
    let expression = expression.trim();
    if expression.is_empty() || expression.len() > LONGEST {
        return Licence::Unknown;
    }
    // Lists from before expressions had rules: `MIT/Apache-2.0`, `GPL-2.0+`.
    let Ok(read) = Expression::parse_mode(expression, ParseMode::LAX) else {
        return Licence::Unknown;
    };
    let is_allowed = read.evaluate(|wanted| {
        let wanted = wanted.to_string();
        allowed.iter().any(|one| one.eq_ignore_ascii_case(&wanted))
    });
    if is_allowed {
        Licence::Allowed
    } else {
        Licence::Refused
    }
}

/// A package of a lock file with the licence that stands there.
struct Entry {
    ecosystem: Ecosystem,
    name: String,
    version: String,
    licence: Option<String>,
    span: Span,
}

/// Judges the packages that a lock file newly names; silent for files that carry no licences, and
/// where nothing is allowed, which means that nobody wants to know.
pub fn judge_licences(
    path: &RepoPath,
    base: Option<&str>,
    text: &str,
    allowed: &[String],
) -> Vec<Notice> {
    if allowed.is_empty() {
        return Vec::new();
    }
    let head = entries(path, text);
    let before = base.map_or_else(Vec::new, |base| entries(path, base));
    let identity = |entry: &Entry| {
        let licence = entry.licence.clone();
        (entry.name.clone(), entry.version.clone(), licence)
    };
    let mut known: FxHashSet<_> = before.iter().map(identity).collect();
    let mut notices = Vec::new();
    let mut unknown: Vec<&Entry> = Vec::new();
    for entry in &head {
        if !known.insert(identity(entry)) {
            continue;
        }
        let written = entry.licence.as_deref().unwrap_or("");
        match licence(written, allowed) {
            Licence::Allowed => {}
            Licence::Unknown => unknown.push(entry),
            Licence::Refused => notices.push(notice(
                entry,
                Level::Review,
                format!(
                    "has the licence {}, which is not allowed here",
                    shown(written, 120)
                ),
            )),
        }
    }
    if let Some(first) = unknown.first() {
        let more = match unknown.len() {
            1 => String::new(),
            count => format!(", nor of {} more", count - 1),
        };
        let says = format!("has a licence that is not known{more}");
        notices.push(notice(first, Level::Note, says));
    }
    notices.truncate(MOST);
    notices
}

fn notice(entry: &Entry, level: Level, says: String) -> Notice {
    Notice {
        rule: "licence-not-allowed",
        level,
        severity: Severity::Low,
        confidence: Confidence::High,
        span: entry.span,
        message: format!(
            "`{}` {} ({}) {says}",
            shown(&entry.name, 80),
            shown(&entry.version, 60),
            entry.ecosystem
        ),
        related: Vec::new(),
        identity: format!(
            "{} licence",
            entry.ecosystem.purl(&entry.name, Some(&entry.version))
        ),
    }
}

/// Reads the entries of a lock file that says licences; none of any other file.
fn entries(path: &RepoPath, text: &str) -> Vec<Entry> {
    let lower = path.as_str().to_ascii_lowercase();
    let read = match lower.rsplit('/').next() {
        Some("package-lock.json" | "npm-shrinkwrap.json") => crate::formats::json_object(text, npm),
        Some("composer.lock") => crate::formats::json_object(text, composer),
        _ => return Vec::new(),
    };
    // What cannot be read is told by the rule `dependency-file-unreadable`.
    read.unwrap_or_default()
}

fn npm(object: &jsonc_parser::ast::Object<'_>) -> Vec<Entry> {
    let Some(packages) = object.get_object("packages") else {
        return Vec::new();
    };
    let entry = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let (ObjectPropName::String(key), Value::Object(value)) = (&property.name, &property.value)
        else {
            return None;
        };
        // The project itself and its workspaces have no folder of modules before them.
        let (_, name) = key.value.rsplit_once("node_modules/")?;
        if value.get_boolean("link").is_some_and(|link| link.value) {
            return None;
        }
        Some(Entry {
            ecosystem: Ecosystem::Npm,
            name: name.to_owned(),
            version: text(value, "version")?,
            licence: text(value, "license"),
            span: Span::new(key.range.start as u32, key.range.end as u32),
        })
    };
    packages.properties.iter().filter_map(entry).collect()
}

fn composer(object: &jsonc_parser::ast::Object<'_>) -> Vec<Entry> {
    let lists = ["packages", "packages-dev"].map(|key| object.get_array(key));
    let entry = |value: &Value<'_>| {
        let Value::Object(value) = value else {
            return None;
        };
        let property = value.get("name")?;
        Some(Entry {
            ecosystem: Ecosystem::Composer,
            name: text(value, "name")?,
            version: text(value, "version")?,
            licence: value.get_array("license").map(alternatives),
            span: Span::new(property.range.start as u32, property.range.end as u32),
        })
    };
    lists
        .iter()
        .flatten()
        .flat_map(|list| list.elements.iter().filter_map(entry))
        .collect()
}

/// Composer lists licences of which the user may choose one.
fn alternatives(list: &Array<'_>) -> String {
    let texts = list.elements.iter().filter_map(|value| match value {
        Value::StringLit(text) => Some(format!("({})", text.value)),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" OR ")
}

fn text(object: &jsonc_parser::ast::Object<'_>, key: &str) -> Option<String> {
    match object.get(key).map(|property| &property.value) {
        Some(Value::StringLit(text)) => Some(text.value.to_string()),
        _ => None,
    }
}
