//! Which finding is of the right class for a label: the map that is fixed before the first run.

use crate::house::{Doing as _, Outcome};
use crate::report::Finding;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The published map.
const MAP: &str = include_str!("classes.toml");

/// The map, read.
#[derive(Deserialize)]
pub(super) struct Classes {
    cwe: BTreeMap<String, Class>,
    hint: BTreeMap<String, Class>,
    technique: BTreeMap<String, Class>,
}

/// What counts for one label.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    /// Weaknesses that count.
    #[serde(default)]
    pub(super) accept: Vec<String>,
    /// Families of rules that count.
    #[serde(default)]
    families: Vec<String>,
    /// Whether the label names a habit and no weakness.
    #[serde(default)]
    pub(super) style: bool,
    /// Why, for the reader of the map.
    #[serde(default)]
    reason: String,
}

impl Class {
    /// Whether a finding is of this class.
    pub(super) fn holds(&self, finding: &Finding) -> bool {
        self.accept.iter().any(|cwe| finding.cwe.contains(cwe))
            || self.families.contains(&finding.family)
    }

    fn join(&mut self, other: &Self) {
        self.accept.extend(other.accept.iter().cloned());
        self.families.extend(other.families.iter().cloned());
    }
}

impl Classes {
    /// Reads the map and refuses an entry without a reason.
    pub(super) fn read() -> Outcome<Self> {
        let map: Self = toml::from_str(MAP).doing("classes.toml")?;
        debug_assert!(
            map.entries().all(|class| !class.reason.is_empty()),
            "a reason for each"
        );
        Ok(map)
    }

    fn entries(&self) -> impl Iterator<Item = &Class> {
        self.cwe
            .values()
            .chain(self.hint.values())
            .chain(self.technique.values())
    }

    /// Returns what counts for a list of weaknesses.
    pub(super) fn of_cwes<'a>(&self, cwes: impl Iterator<Item = &'a String>) -> Class {
        let mut class = Class::default();
        for cwe in cwes {
            match self.cwe.get(cwe) {
                Some(entry) => class.join(entry),
                None => class.accept.push(cwe.clone()),
            }
        }
        class
    }

    /// Returns what counts for a rule of Bandit (`B602`) or ruff (`S602`).
    pub(super) fn of_rule(&self, rule: &str) -> Option<&Class> {
        self.hint.get(rule.trim_start_matches(['B', 'S']))
    }

    /// Returns what counts for a technique: all entries whose key is part of its name.
    pub(super) fn of_technique(&self, technique: &str) -> Class {
        let mut class = Class::default();
        for (key, entry) in &self.technique {
            if technique.contains(key.as_str()) {
                class.join(entry);
            }
        }
        if class == Class::default() {
            self.technique["*"].clone()
        } else {
            class
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Classes;

    #[test]
    fn every_entry_has_a_reason_and_accepts_something() {
        let classes = Classes::read().unwrap();
        for class in classes.entries() {
            assert!(!class.reason.is_empty(), "{class:?}");
            assert!(class.style != (!class.accept.is_empty() || !class.families.is_empty()));
        }
        for (cwe, class) in &classes.cwe {
            let itself = class.accept.contains(cwe);
            assert!(itself || cwe == "CWE-20", "{cwe} does not accept itself");
        }
    }

    #[test]
    fn a_technique_joins_what_its_name_holds() {
        let classes = Classes::read().unwrap();
        let class = classes.of_technique("threat-runtime-obfuscation-base64exec");
        let code = "CWE-94".to_owned();
        assert!(class.accept.contains(&code) && class.families.contains(&"hidden-text".to_owned()));
        let other = classes.of_technique("screenshot");
        assert!(!other.accept.contains(&code) && other.families.contains(&"capability".to_owned()));
    }

    #[test]
    fn an_unknown_weakness_accepts_itself_only() {
        let classes = Classes::read().unwrap();
        assert_eq!(
            classes.of_cwes(["CWE-1".to_owned()].iter()).accept,
            ["CWE-1"]
        );
    }
}
