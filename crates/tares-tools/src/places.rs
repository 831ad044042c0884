//! Where tools stand, as data (`places.toml`), and what of it this machine has.

use crate::machine::{EntryKind, Machine};
use crate::tool::Kind;
use serde::Deserialize;
use std::sync::LazyLock;

/// Most things that one pattern leads to.
const MOST: usize = 5_000;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Holds {
    Extension,
    Archive,
    Plugin,
    Skill,
    Command,
    Rules,
    Settings,
    Program,
    Servers,
    Packages,
    Sites,
}

impl Holds {
    /// Returns the kind of tool, where the place itself is one.
    pub(crate) fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::Extension => Kind::Extension,
            Self::Archive => Kind::Archive,
            Self::Plugin => Kind::Plugin,
            Self::Skill => Kind::Skill,
            Self::Command => Kind::Command,
            Self::Rules => Kind::Rules,
            Self::Settings => Kind::Settings,
            Self::Program => Kind::Program,
            Self::Servers | Self::Packages | Self::Sites => return None,
        })
    }
}

/// One line of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) kind: Holds,
    pub(crate) host: String,
    #[serde(default)]
    pub(crate) needs: Option<String>,
    pub(crate) paths: Vec<String>,
}

/// Names of packages and programs that are agents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    pub(crate) npm: Vec<String>,
    pub(crate) pip: Vec<String>,
    pub(crate) programs: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) place: Vec<Place>,
    pub(crate) names: Names,
}

/// The table.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../places.toml")).expect("a test reads this table")
});

/// Returns what of a pattern is there, in the order of the names.
pub(crate) fn expand(machine: &dyn Machine, root: &str, pattern: &str) -> Vec<String> {
    let mut found = vec![root.to_owned()];
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    for (i, part) in parts.iter().enumerate() {
        let is_last = i + 1 == parts.len();
        let mut next = Vec::new();
        for folder in &found {
            for entry in machine.list(folder).unwrap_or_default() {
                let fits = matches!(entry.kind, EntryKind::Folder | EntryKind::Link(_))
                    || (is_last && entry.kind == EntryKind::File);
                if fits && is_match(part, &entry.name) && next.len() < MOST {
                    next.push(join(folder, &entry.name));
                }
            }
        }
        found = next;
    }
    found
}

/// Joins a folder and a name.
pub(crate) fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

/// Whether a name fits a pattern in which `*` stands for any letters. Hidden names have to be
/// named.
pub(crate) fn is_match(pattern: &str, name: &str) -> bool {
    if pattern.starts_with('*') && name.starts_with('.') {
        return false;
    }
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert!(TABLE.place.len() > 30);
        for place in &TABLE.place {
            for path in &place.paths {
                let is_rooted = ["~/", "./", "/"].iter().any(|root| path.starts_with(root));
                assert!(is_rooted && !path.contains(".."), "{path}");
            }
        }
    }

    #[test]
    fn stars_stand_for_part_of_a_name() {
        for (pattern, name, fits) in [
            ("*", "a", true),
            ("*", ".obsolete", false),
            ("*.md", "a.MD", true),
            ("python3*", "python3.12", true),
            ("*mcp-server*", "@x/mcp-server-git", true),
            ("rules-*", "rules", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXcYb", false),
        ] {
            assert_eq!(is_match(pattern, name), fits, "{pattern} {name}");
        }
    }
}
