//! Folders of the repository, as far as the change and its base tell.

use crate::answers::{Answers, Listing};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The folders of base, looked up by path, each once.
pub(crate) struct Folders<'a> {
    answers: &'a dyn Answers,
    seen: FxHashMap<String, Option<Rc<Listing>>>,
}

impl<'a> Folders<'a> {
    pub(crate) fn new(answers: &'a dyn Answers) -> Self {
        Self {
            answers,
            seen: FxHashMap::default(),
        }
    }

    /// Returns what a folder of base holds; `None` where it is none, or base cannot be listed.
    pub(crate) fn list(&mut self, folder: &str) -> Option<Rc<Listing>> {
        if let Some(known) = self.seen.get(folder) {
            return known.clone();
        }
        let listing = self.look(folder).map(Rc::new);
        self.seen.insert(folder.to_owned(), listing.clone());
        listing
    }

    fn look(&mut self, folder: &str) -> Option<Listing> {
        if folder.is_empty() {
            return self.answers.list(&self.answers.root()?);
        }
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let parent = self.list(parent)?;
        let (_, id) = parent.folders.iter().find(|(other, _)| other == name)?;
        self.answers.list(id)
    }
}

/// Returns a folder and all above it, the innermost first; the root is the empty path.
pub(crate) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let own = next?;
        next = match own.rsplit_once('/') {
            Some((parent, _)) => Some(parent),
            None if own.is_empty() => None,
            None => Some(""),
        };
        Some(own)
    })
}

/// Joins a folder and a name.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upwards_ends_at_the_root() {
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upwards("").collect::<Vec<_>>(), [""]);
    }
}
