//! The packages that the texts of a change name.

use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use tares_deps::{Looked, Origin, Place, Reference};
use tares_model::fact::PackageName;
use tares_model::{Ecosystem, RepoPath};
use tares_policy::config::Dependencies;

/// What a text names packages as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A manifest or lock file.
    File,
    /// Commands, or a page.
    Commands,
}

/// The packages that one text names, before and after the change.
pub(crate) struct Named {
    pub(crate) path: RepoPath,
    pub(crate) kind: Kind,
    pub(crate) head: Vec<Reference>,
    pub(crate) before: Vec<Reference>,
}

impl Named {
    pub(crate) fn new(path: &RepoPath, kind: Kind, looked: Looked) -> Self {
        Self {
            path: path.clone(),
            kind,
            head: looked.head,
            before: looked.before,
        }
    }
}

/// One place of a change that names a package.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) path: RepoPath,
    pub(crate) reference: Reference,
}

impl Mention {
    /// Says what kind of place it is.
    pub(crate) fn says(&self) -> &'static str {
        match self.reference.place {
            Place::Manifest => "asked for here",
            Place::Lock => "locked here",
            Place::Command => "installed here",
            Place::RunOnce => "run here",
            Place::Page => "loaded here",
            Place::Import => "imported here",
        }
    }
}

/// Returns the names that texts have now and had not before, each with its places.
pub(crate) fn added(named: &[Named], wanted: &Dependencies) -> BTreeMap<PackageName, Vec<Mention>> {
    let mut found: BTreeMap<PackageName, Vec<Mention>> = BTreeMap::new();
    for text in named {
        let before: FxHashSet<(Ecosystem, String)> = text
            .before
            .iter()
            .map(|reference| (reference.ecosystem, reference.normal()))
            .collect();
        for reference in &text.head {
            if !is_asked(reference) {
                continue;
            }
            let key = (reference.ecosystem, reference.normal());
            if before.contains(&key) || wanted.is_private(reference.ecosystem, &reference.name) {
                continue;
            }
            let name = PackageName {
                ecosystem: key.0,
                name: key.1,
            };
            found.entry(name).or_default().push(Mention {
                path: text.path.clone(),
                reference: reference.clone(),
            });
        }
    }
    found
}

/// Returns whether a registry decides about a reference, and its name could be one.
fn is_asked(reference: &Reference) -> bool {
    matches!(reference.origin, Origin::Registry | Origin::Resolved(_))
        // Of steps and images it counts whether they are pinned.
        && !matches!(reference.ecosystem, Ecosystem::Action | Ecosystem::Image)
        && reference.ecosystem.is_name(&reference.normal())
        && !(matches!(reference.place, Place::Command | Place::RunOnce | Place::Page)
            && is_placeholder(&reference.name))
}

/// Returns whether a name only stands for one: `your-package`, `package_name`.
fn is_placeholder(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "your",
        "my",
        "the",
        "some",
        "package",
        "packages",
        "name",
        "module",
        "library",
        "lib",
        "example",
        "placeholder",
    ];
    let lower = name.to_ascii_lowercase();
    lower
        .trim_start_matches('@')
        .split(['-', '_', '.', '/'])
        .all(|word| WORDS.contains(&word))
}
