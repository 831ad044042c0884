//! Which entries of a file a line of the table speaks of.

use super::read::Value;
use super::table::Setting;
use regex::Regex;
use std::sync::LazyLock;
use tares_model::Level;

/// A line of the table, ready to be compared.
pub(crate) struct Ready {
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    pub(crate) says: String,
    files: Vec<String>,
    keys: Vec<Vec<String>>,
    value: Wanted,
}

/// What a value must be.
enum Wanted {
    Any,
    Bool(bool),
    /// A text that is not empty.
    Command,
    /// An address that is not on this machine.
    Foreign,
    Pattern(Regex),
}

static TABLE: LazyLock<Vec<Ready>> = LazyLock::new(|| {
    let settings: Vec<Setting> = postcard::from_bytes(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/settings.postcard"
    )))
    .expect("the build wrote these bytes from the same types");
    settings.into_iter().map(Ready::new).collect()
});

/// Returns the lines of the table that speak of a file.
pub(crate) fn of_file(path: &str) -> Vec<&'static Ready> {
    let path = format!("/{}", path.to_ascii_lowercase());
    TABLE
        .iter()
        .filter(|ready| ready.files.iter().any(|file| ends_with(&path, file)))
        .collect()
}

impl Ready {
    fn new(setting: Setting) -> Self {
        let value = match setting.value.as_str() {
            "any" => Wanted::Any,
            "true" => Wanted::Bool(true),
            "false" => Wanted::Bool(false),
            "command" => Wanted::Command,
            "foreign" => Wanted::Foreign,
            pattern => Wanted::Pattern(
                Regex::new(pattern.trim_start_matches('/').trim_end_matches('/'))
                    .expect("the build compiled this pattern"),
            ),
        };
        Self {
            rule: crate::catalogue::rule(&setting.rule)
                .map(|page| page.id.as_str())
                .expect("the build knows the rule"),
            level: setting.level.parse().expect("the build knows the level"),
            says: setting.says,
            files: setting.files,
            keys: setting.keys.iter().map(|key| split(key)).collect(),
            value,
        }
    }

    /// Whether the line speaks of this key and value.
    pub(crate) fn speaks_of(&self, path: &[String], value: &Value) -> bool {
        self.keys.iter().any(|key| is_key(key, path)) && self.wants(value)
    }

    fn wants(&self, value: &Value) -> bool {
        match &self.value {
            Wanted::Any => value.text() != "false" && !value.text().is_empty(),
            Wanted::Bool(wanted) => {
                matches!(value, Value::Bool(found) if found == wanted)
                    || value.text() == if *wanted { "true" } else { "false" }
            }
            Wanted::Command => matches!(value, Value::Text(text) if !text.trim().is_empty()),
            Wanted::Foreign => is_foreign(value.text()),
            Wanted::Pattern(pattern) => pattern.is_match(value.text()),
        }
    }
}

/// Whether a text is an address of another machine.
pub(crate) fn is_foreign(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    if scheme.contains(['$', '{']) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let name = if host.starts_with('[') {
        host.split(']').next().unwrap_or("")
    } else {
        host.split(':').next().unwrap_or("")
    };
    !matches!(
        name,
        "" | "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1" | "host.docker.internal"
    )
}

/// Splits a key at its dots; a backslash keeps a dot in the key.
fn split(key: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut letters = key.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => part.extend(letters.next()),
            '.' => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
    }
    parts.push(part);
    parts
}

fn is_key(pattern: &[String], path: &[String]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => {
            is_key(rest, path) || (!path.is_empty() && is_key(pattern, &path[1..]))
        }
        (Some((first, rest)), Some((key, keys))) => {
            (first == "*"
                || first.eq_ignore_ascii_case(key)
                || first
                    .strip_suffix("**")
                    .is_some_and(|begin| !begin.is_empty() && key.starts_with(begin)))
                && is_key(rest, keys)
        }
        _ => false,
    }
}

/// Whether a path, with a slash before it, ends with a pattern on a border of names.
fn ends_with(path: &str, pattern: &str) -> bool {
    let names: Vec<&str> = pattern.split('/').collect();
    let found: Vec<&str> = path.rsplit('/').take(names.len()).collect();
    found.len() == names.len()
        && names
            .iter()
            .zip(found.iter().rev())
            .all(|(pattern, name)| is_name(pattern, name))
}

fn is_name(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((begin, end)) => {
            let end = end.trim_start_matches('*');
            name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
        }
    }
}
