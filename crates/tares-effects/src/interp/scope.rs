//! Scopes, and the journal that lets two paths be run one after the other and joined.

use super::class::ObjectVal;
use super::function::Closure;
use crate::paths::PathId;
use crate::value::{InstanceVal, Key, MapVal, SeqVal, Value, join};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use tares_lang::Sym;

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Function,
    Class,
    Block,
}

/// The names of a module, function, class body or block.
pub(crate) struct Scope {
    vars: RefCell<FxHashMap<Sym, Value>>,
    pub(crate) parent: Option<Rc<Self>>,
    pub(crate) kind: ScopeKind,
}

impl Scope {
    pub(crate) fn new(kind: ScopeKind, parent: Option<Rc<Self>>) -> Rc<Self> {
        Rc::new(Self {
            vars: RefCell::new(FxHashMap::default()),
            parent,
            kind,
        })
    }

    pub(crate) fn get(&self, name: Sym) -> Option<Value> {
        self.vars.borrow().get(&name).cloned()
    }

    pub(crate) fn has(&self, name: Sym) -> bool {
        self.vars.borrow().contains_key(&name)
    }

    /// Forgets every name of this scope and of those around it.
    pub(crate) fn clear(&self) {
        let mut scope = Some(self);
        while let Some(inner) = scope {
            // What is dropped here may be the last holder of another scope.
            drop(std::mem::take(&mut *inner.vars.borrow_mut()));
            scope = inner.parent.as_deref();
        }
    }

    /// Returns the names of the scope, sorted by symbol so that the order is stable.
    pub(crate) fn names(&self) -> Vec<Sym> {
        let mut names: Vec<Sym> = self.vars.borrow().keys().copied().collect();
        names.sort_unstable();
        names
    }
}

/// A place that a path of the program can change.
#[derive(Clone)]
pub(crate) enum Slot {
    Var(Rc<Scope>, Sym),
    Field(Rc<ObjectVal>, Sym),
    Instance(Rc<InstanceVal>, Arc<str>),
    Override(PathId),
    Seq(Rc<SeqVal>),
    Map(Rc<MapVal>),
}

/// The content of a slot.
#[derive(Clone)]
pub(crate) enum State {
    Value(Option<Value>),
    Items(Vec<Value>, Option<Value>),
    Entries(Vec<(Key, Value)>, Option<Value>),
}

/// Everything a path changed, with the values it left there.
pub(crate) type Writes = Vec<(Slot, State)>;

/// What tells slots apart.
#[derive(PartialEq, Eq, Hash, Clone)]
pub(super) enum SlotKey {
    Place(usize, u32),
    Named(usize, Arc<str>),
}

impl Slot {
    pub(super) fn key(&self) -> SlotKey {
        match self {
            Self::Var(scope, sym) => SlotKey::Place(Rc::as_ptr(scope) as usize, sym.0),
            Self::Field(object, sym) => SlotKey::Place(Rc::as_ptr(object) as usize, sym.0),
            Self::Instance(instance, name) => {
                SlotKey::Named(Rc::as_ptr(instance) as usize, Arc::clone(name))
            }
            Self::Override(path) => SlotKey::Place(1, path.0),
            Self::Seq(seq) => SlotKey::Place(Rc::as_ptr(seq) as usize, u32::MAX),
            Self::Map(map) => SlotKey::Place(Rc::as_ptr(map) as usize, u32::MAX),
        }
    }
}

/// The journal of writes since the outermost open branch, and the values that API paths were
/// given (`yaml.SafeLoader = yaml.UnsafeLoader`).
#[derive(Default)]
pub(crate) struct Journal {
    entries: Vec<(Slot, State)>,
    open: u32,
    pub(crate) overrides: FxHashMap<PathId, Value>,
    /// Functions that were made and may hold themselves.
    made: Vec<Weak<Closure>>,
}

/// A function holds the scope it was made in, and the scope holds the function; so do a class
/// and its methods. When the journal ends so does what it wrote to, and the circles are cut.
impl Drop for Journal {
    fn drop(&mut self) {
        for closure in self.made.drain(..).filter_map(|closure| closure.upgrade()) {
            closure.let_go();
        }
    }
}

impl Journal {
    /// Notes a function that was made.
    pub(crate) fn note_made(&mut self, closure: &Rc<Closure>) {
        if self.made.len() == self.made.capacity() {
            self.made.retain(|made| made.strong_count() > 0);
            // Room for as many again, so that looking through them stays rare.
            self.made.reserve(self.made.len() + 16);
        }
        self.made.push(Rc::downgrade(closure));
    }

    /// Leaves all branches for a while; what is written then stays.
    pub(super) fn suspend(&mut self) -> u32 {
        std::mem::take(&mut self.open)
    }

    /// Goes back into the branches that were left.
    pub(super) fn resume(&mut self, open: u32) {
        self.open = open;
    }

    /// Begins a branch; returns the mark for [`Self::rollback`].
    pub(crate) fn begin(&mut self) -> usize {
        self.open += 1;
        self.entries.len()
    }

    /// Ends a branch, keeping what it wrote.
    pub(crate) fn commit(&mut self, mark: usize) {
        self.open -= 1;
        if self.open == 0 {
            self.entries.truncate(mark);
        }
    }

    /// Ends a branch, taking back what it wrote; returns it.
    pub(crate) fn rollback(&mut self, mark: usize) -> Writes {
        self.open -= 1;
        let entries = self.entries.split_off(mark);
        let mut seen = FxHashSet::default();
        let mut writes = Vec::new();
        for (slot, _) in &entries {
            if seen.insert(slot.key()) {
                writes.push((slot.clone(), self.read(slot)));
            }
        }
        for (slot, old) in entries.into_iter().rev() {
            self.put(&slot, old);
        }
        writes
    }

    /// Returns what was written since a mark, as it is now.
    pub(super) fn since(&self, mark: usize) -> Writes {
        let mut seen = FxHashSet::default();
        let slots = self.entries[mark.min(self.entries.len())..].iter();
        let slots = slots.filter(|(slot, _)| seen.insert(slot.key()));
        slots
            .map(|(slot, _)| (slot.clone(), self.read(slot)))
            .collect()
    }

    /// Writes a slot.
    pub(crate) fn write(&mut self, slot: Slot, state: State) {
        if self.open > 0 {
            let old = self.read(&slot);
            self.put(&slot, state);
            self.entries.push((slot, old));
        } else {
            self.put(&slot, state);
        }
    }

    /// Notes a container that is about to be changed in place.
    pub(crate) fn touch(&mut self, slot: Slot) {
        if self.open > 0 {
            let old = self.read(&slot);
            self.entries.push((slot, old));
        }
    }

    fn read(&self, slot: &Slot) -> State {
        match slot {
            Slot::Var(scope, sym) => State::Value(scope.get(*sym)),
            Slot::Field(object, sym) => State::Value(object.fields.borrow().get(sym).cloned()),
            Slot::Instance(instance, name) => {
                let fields = instance.fields.borrow();
                State::Value(
                    fields
                        .iter()
                        .rev()
                        .find(|(n, _)| n == name)
                        .map(|(_, v)| v.clone()),
                )
            }
            Slot::Override(path) => State::Value(self.overrides.get(path).cloned()),
            Slot::Seq(seq) => State::Items(seq.items.borrow().clone(), seq.rest.borrow().clone()),
            Slot::Map(map) => {
                State::Entries(map.entries.borrow().clone(), map.rest.borrow().clone())
            }
        }
    }

    fn put(&mut self, slot: &Slot, state: State) {
        match (slot, state) {
            (Slot::Var(scope, sym), State::Value(value)) => {
                put_in(&mut scope.vars.borrow_mut(), *sym, value);
            }
            (Slot::Field(object, sym), State::Value(value)) => {
                put_in(&mut object.fields.borrow_mut(), *sym, value);
            }
            (Slot::Instance(instance, name), State::Value(value)) => {
                let mut fields = instance.fields.borrow_mut();
                fields.retain(|(n, _)| n != name);
                fields.extend(value.map(|v| (Arc::clone(name), v)));
            }
            (Slot::Override(path), State::Value(value)) => {
                put_in(&mut self.overrides, *path, value);
            }
            (Slot::Seq(seq), State::Items(items, rest)) => {
                *seq.items.borrow_mut() = items;
                *seq.rest.borrow_mut() = rest;
            }
            (Slot::Map(map), State::Entries(entries, rest)) => {
                *map.entries.borrow_mut() = entries;
                *map.rest.borrow_mut() = rest;
            }
            _ => {} // A slot is only ever given the kind of state it was read with.
        }
    }

    /// Joins what two paths wrote. A path that ended (returned, raised) does not count.
    pub(crate) fn merge(&mut self, a: Option<Writes>, b: Option<Writes>) {
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (Some(only), None) | (None, Some(only)) => {
                for (slot, state) in only {
                    self.write(slot, state);
                }
                return;
            }
            (None, None) => return,
        };
        let keys: FxHashMap<SlotKey, usize> = b
            .iter()
            .enumerate()
            .map(|(i, (slot, _))| (slot.key(), i))
            .collect();
        let mut used = FxHashSet::default();
        for (slot, left) in a {
            let right = match keys.get(&slot.key()) {
                Some(&i) => {
                    used.insert(i);
                    b[i].1.clone()
                }
                None => self.read(&slot),
            };
            self.write(slot, join_states(left, right));
        }
        for (i, (slot, right)) in b.into_iter().enumerate() {
            if !used.contains(&i) {
                let left = self.read(&slot);
                self.write(slot, join_states(left, right));
            }
        }
    }
}

fn put_in<K: std::hash::Hash + Eq>(map: &mut FxHashMap<K, Value>, key: K, value: Option<Value>) {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}

fn join_states(a: State, b: State) -> State {
    match (a, b) {
        (State::Value(Some(a)), State::Value(Some(b))) => State::Value(Some(join::join(&a, &b))),
        (State::Value(a), State::Value(b)) => State::Value(a.or(b)),
        (State::Items(a, ra), State::Items(b, rb)) => {
            let common = a.len().min(b.len());
            let mut items: Vec<Value> = a.iter().zip(&b).map(|(x, y)| join::join(x, y)).collect();
            items.truncate(common);
            let mut rest = join_options(ra, rb);
            for extra in a[common..].iter().chain(&b[common..]) {
                rest = join_options(rest, Some(extra.clone()));
            }
            State::Items(items, rest)
        }
        (State::Entries(a, ra), State::Entries(mut b, rb)) => {
            let mut entries = Vec::with_capacity(a.len());
            for (key, value) in a {
                let value = match b.iter().position(|(k, _)| *k == key) {
                    Some(i) => join::join(&value, &b.swap_remove(i).1),
                    None => value,
                };
                entries.push((key, value));
            }
            entries.extend(b);
            State::Entries(entries, join_options(ra, rb))
        }
        (a, _) => a,
    }
}

fn join_options(a: Option<Value>, b: Option<Value>) -> Option<Value> {
    match (a, b) {
        (Some(a), Some(b)) => Some(join::join(&a, &b)),
        (a, b) => a.or(b),
    }
}
