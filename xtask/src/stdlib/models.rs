//! What the models and the engine say of a path, read from their sources.

use super::Language;
use super::ledger::expand;
use crate::house::{Doing as _, Outcome, root};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The paths that have a model, and those that the engine computes.
pub(super) struct Models {
    /// Path to what its entry says, in a few words.
    known: BTreeMap<String, String>,
    alias: BTreeMap<String, String>,
    /// A class to the types whose entries hold for its instances.
    types: BTreeMap<String, BTreeSet<String>>,
    folded: BTreeSet<String>,
    /// Whether methods that are listed belong to instances of their class: namespaces of
    /// JavaScript are listed like classes.
    instances: bool,
}

/// The part of a model file that is read here.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    alias: BTreeMap<String, String>,
    #[serde(default)]
    call: Vec<Entry>,
    #[serde(default)]
    read: Vec<Entry>,
    #[serde(default)]
    write: Vec<Entry>,
    #[serde(default)]
    handler: Vec<Entry>,
    #[serde(default, rename = "type")]
    types: Vec<Type>,
}

#[derive(Deserialize)]
struct Entry {
    path: Vec<String>,
    #[serde(default)]
    effect: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    returns: Option<String>,
}

#[derive(Deserialize)]
struct Type {
    name: String,
    #[serde(default)]
    extends: Vec<String>,
}

impl Models {
    /// Reads the model files and the folding of a language.
    pub(super) fn read(language: Language) -> Outcome<Self> {
        let home = root().join("crates").join("tares-effects");
        let mut models = Self {
            known: BTreeMap::new(),
            alias: BTreeMap::new(),
            types: BTreeMap::new(),
            folded: BTreeSet::new(),
            instances: language == Language::Python,
        };
        for text in texts(&home.join("models").join(language.name()), "toml")? {
            models.add(toml::from_str(&text).doing("a model file")?);
        }
        for text in texts(&home.join("src").join("fold"), "rs")? {
            models.folded.extend(quoted(&text).map(str::to_owned));
        }
        Ok(models)
    }

    fn add(&mut self, file: File) {
        self.alias.extend(file.alias);
        let entries = [file.call, file.read, file.write, file.handler];
        for entry in entries.into_iter().flatten() {
            let mut words: Vec<String> = entry.effect.into_iter().chain(entry.labels).collect();
            words.extend(entry.returns.as_ref().map(|kind| format!("gives {kind}")));
            for path in entry.path.iter().flat_map(|path| expand(path)) {
                if let Some(kind) = entry.returns.as_ref().filter(|kind| *kind != "self") {
                    self.types
                        .entry(path.clone())
                        .or_default()
                        .insert(kind.clone());
                }
                let said = self.known.entry(path).or_default();
                for word in &words {
                    if !said.split(' ').any(|other| other == word) {
                        *said = format!("{said} {word}").trim().to_owned();
                    }
                }
            }
        }
        for kind in file.types {
            self.types
                .entry(kind.name)
                .or_default()
                .extend(kind.extends);
        }
    }

    /// Returns what the models say of a callable.
    pub(super) fn of(&self, path: &str, on_instance: bool) -> Option<String> {
        let mut path = self.resolved(path);
        if on_instance && let Some((class, name)) = path.rsplit_once('.') {
            // The engine takes what begins with a capital for a class, and gives anything else
            // that is called, and whose result no model names, a path with brackets.
            let last = class.rsplit('.').next().unwrap_or(class);
            let small = last.starts_with(|c: char| c.is_ascii_lowercase());
            if small && self.instances && !self.types.contains_key(class) {
                path = format!("{class}().{name}");
            }
        }
        if let Some(said) = self.known.get(&path) {
            return Some(said.clone());
        }
        let (owner, name) = path.rsplit_once('.')?;
        let bases = self.types.get(owner).into_iter().flatten();
        let inherited = bases.map(|base| format!("{}.{name}", self.resolved(base)));
        let any = format!("{owner}.*");
        inherited
            .chain([any])
            .find_map(|path| self.known.get(&path).cloned())
    }

    /// Whether the engine computes it: the path stands in the folding.
    pub(super) fn is_folded(&self, path: &str) -> bool {
        self.folded.contains(&self.resolved(path))
    }

    /// Replaces the longest beginning that has an alias, as the engine does.
    pub(super) fn resolved(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..4 {
            let ends = path
                .match_indices('.')
                .map(|(at, _)| at)
                .chain([path.len()]);
            let found = ends
                .filter_map(|at| Some((at, self.alias.get(&path[..at])?)))
                .next_back();
            match found {
                Some((at, to)) => path = format!("{to}{}", &path[at..]),
                None => break,
            }
        }
        path
    }
}

fn texts(folder: &Path, end: &str) -> Outcome<Vec<String>> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).doing(folder.display())? {
        let file = entry.doing(folder.display())?.path();
        if file.extension().is_some_and(|extension| extension == end) {
            texts.push(std::fs::read_to_string(&file).doing(file.display())?);
        }
    }
    Ok(texts)
}

/// Returns the texts between quotes that look like a path.
fn quoted(source: &str) -> impl Iterator<Item = &str> {
    let path = |text: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        !text.is_empty() && text.chars().all(plain)
    };
    source.split('"').filter(path)
}
