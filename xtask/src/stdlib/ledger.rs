//! The account of what has no model: `crates/tares-effects/stdlib/<language>.toml`.

use super::{Language, Place};
use crate::house::{Doing as _, Outcome, root};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The data file of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    /// The newest version that was gone through.
    pub(super) version: String,
    /// Modules that reach the world: a new name there always has to be looked at.
    world: Vec<String>,
    #[serde(default)]
    pure: Vec<Entry>,
    #[serde(default, rename = "left-out")]
    left_out: Vec<Entry>,
}

/// Callables that have the same reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    why: String,
    /// Paths; `{a,b}` gives alternatives, `*` stands for any text.
    paths: Vec<String>,
}

/// One pattern: list, entry, path. The order of the file.
pub(super) type At = (bool, usize, usize);

impl Ledger {
    /// Reads the file of a language.
    pub(super) fn read(language: Language) -> Outcome<Self> {
        let folder = root().join("crates").join("tares-effects").join("stdlib");
        let file = folder.join(format!("{}.toml", language.name()));
        let text = std::fs::read_to_string(&file).doing(file.display())?;
        let mut ledger: Self = toml::from_str(&text).doing(file.display())?;
        for entry in ledger.pure.iter_mut().chain(&mut ledger.left_out) {
            entry.paths = entry.paths.iter().flat_map(|path| expand(path)).collect();
        }
        Ok(ledger)
    }

    /// Returns the longest pattern that holds for a path, with what it says.
    pub(super) fn place(&self, path: &str) -> Option<(At, Place)> {
        let best = self
            .patterns()
            .filter(|(_, pattern, _)| matches(pattern, path))
            .max_by_key(|(_, pattern, _)| (!pattern.contains('*'), pattern.len()))?;
        let (at, _, why) = best;
        let why = why.to_owned();
        Some((
            at,
            if at.0 {
                Place::LeftOut(why)
            } else {
                Place::Pure(why)
            },
        ))
    }

    /// Whether the pattern at a place names this path and no other.
    pub(super) fn is_exact(&self, at: At, path: &str) -> bool {
        self.patterns()
            .any(|(place, pattern, _)| place == at && pattern == path)
    }

    /// Whether a path belongs to a module that reaches the world.
    pub(super) fn is_world(&self, path: &str) -> bool {
        self.world.iter().any(|module| {
            path == module
                || path
                    .strip_prefix(module.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// Returns a complaint for every pattern that would hold for a name that a module which
    /// reaches the world has yet to get.
    pub(super) fn too_wide(&self) -> impl Iterator<Item = String> {
        let wide = |module: &String, pattern: &str| matches(pattern, &format!("{module}.?"));
        self.patterns().filter_map(move |(_, pattern, _)| {
            let module = self.world.iter().find(|module| wide(module, pattern))?;
            Some(format!(
                "`{pattern}` would take a new name of {module} unseen"
            ))
        })
    }

    /// Returns a remark for every pattern that stands for nothing here.
    pub(super) fn unused<'a>(
        &'a self,
        used: &'a BTreeSet<At>,
    ) -> impl Iterator<Item = String> + 'a {
        self.patterns()
            .filter(|(at, _, _)| !used.contains(at))
            .map(|(_, pattern, _)| format!("`{pattern}` stands for nothing here"))
    }

    fn patterns(&self) -> impl Iterator<Item = (At, &str, &str)> {
        let lists = [(false, &self.pure), (true, &self.left_out)];
        lists.into_iter().flat_map(|(list, entries)| {
            entries.iter().enumerate().flat_map(move |(index, entry)| {
                let paths = entry.paths.iter().enumerate();
                paths.map(move |(at, path)| ((list, index, at), path.as_str(), entry.why.as_str()))
            })
        })
    }
}

/// Whether a path is meant by a pattern; `*` stands for any text, dots included.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(mut left) = path.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// Expands `{a,b}` alternatives.
pub(super) fn expand(path: &str) -> Vec<String> {
    let parts = path
        .split_once('{')
        .and_then(|(head, rest)| Some((head, rest.split_once('}')?)));
    let Some((head, (choices, tail))) = parts else {
        return vec![path.to_owned()];
    };
    let tails = expand(tail);
    let of = |choice: &str| -> Vec<String> {
        let whole = |tail: &String| format!("{head}{}{tail}", choice.trim());
        tails.iter().map(whole).collect()
    };
    choices.split(',').flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{expand, matches};

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches("math.*", "math.sin") && matches("a.*.b", "a.x.y.b"));
        assert!(matches("*Error", "os.Error") && matches("a.b", "a.b"));
        assert!(!matches("math.*", "cmath.sin") && !matches("a.b", "a.bc"));
        assert!(!matches("a.*.b", "a.b") && !matches("a*b", "ac"));
    }

    #[test]
    fn alternatives_are_all_meant() {
        assert_eq!(expand("{a,b}.{c,d}"), ["a.c", "a.d", "b.c", "b.d"]);
    }
}
