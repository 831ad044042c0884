//! Trees of modules that several files import.

use rustc_hash::FxHashMap;
use std::sync::Arc;
use tares_lang::{Interner, Language, Tree};
use tares_model::RepoPath;

/// Most bytes of source whose trees are kept.
const MAX_BYTES: usize = 8 << 20;

/// Trees of one worker; a tree holds only with the names of its worker.
#[derive(Default)]
pub(crate) struct Trees {
    known: FxHashMap<RepoPath, (Arc<str>, Arc<Tree>)>,
    bytes: usize,
}

impl Trees {
    /// Returns the tree of a text, parsed at most once while it is kept.
    pub(crate) fn parse(
        &mut self,
        path: &RepoPath,
        language: Language,
        source: &Arc<str>,
        interner: &mut Interner,
    ) -> Arc<Tree> {
        if let Some((text, tree)) = self.known.get(path) {
            // The two sides of a change have different texts under one path.
            if text == source {
                return Arc::clone(tree);
            }
        }
        let tree = Arc::new(tares_lang::parse(language, source, interner));
        self.bytes += source.len();
        if self.bytes > MAX_BYTES {
            self.known.clear();
            self.bytes = source.len();
        }
        self.known
            .insert(path.clone(), (Arc::clone(source), Arc::clone(&tree)));
        tree
    }
}
