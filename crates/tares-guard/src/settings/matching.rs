//! Which entries of a file a line of the table speaks of.

use super::read::Value;
use crate::pattern::{Look, Program, Step};
use tares_model::Level;

include!(concat!(env!("OUT_DIR"), "/settings.rs"));

/// A line of the table, as the build writes it.
pub(crate) struct Setting {
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    /// What the setting does; `{value}` is the value.
    pub(crate) says: &'static str,
    /// Ends of paths, in lower case; `*` stands for anything but a slash.
    files: &'static [&'static str],
    /// Keys from the outside in; `*` stands for one, `**` for any number.
    keys: &'static [&'static [&'static str]],
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
    Pattern(Program),
}

/// Returns the lines of the table that speak of a file.
pub(crate) fn of_file(path: &str) -> Vec<&'static Setting> {
    let path = format!("/{}", path.to_ascii_lowercase());
    let is_about = |line: &&Setting| line.files.iter().any(|file| ends_with(&path, file));
    TABLE.iter().filter(is_about).collect()
}

impl Setting {
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

fn is_key(pattern: &[&str], path: &[String]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            is_key(rest, path) || (!path.is_empty() && is_key(pattern, &path[1..]))
        }
        (Some((first, rest)), Some((key, keys))) => {
            (*first == "*"
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
