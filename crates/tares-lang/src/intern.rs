//! Interned names.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// An interned name; equal names of one [`Interner`] have equal symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub u32);

/// The names of one analysis. Single-threaded: each worker has its own.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    ids: FxHashMap<Arc<str>, Sym>,
    names: Vec<Arc<str>>,
}

impl Interner {
    /// Returns the symbol of `name`.
    pub fn intern(&mut self, name: &str) -> Sym {
        if let Some(&sym) = self.ids.get(name) {
            return sym;
        }
        let sym = Sym(self.names.len() as u32);
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.ids.insert(name, sym);
        sym
    }

    /// Returns the symbol of `name` if it is known already.
    pub fn find(&self, name: &str) -> Option<Sym> {
        self.ids.get(name).copied()
    }

    /// Returns the name of a symbol.
    pub fn name(&self, sym: Sym) -> &Arc<str> {
        &self.names[sym.0 as usize]
    }
}
