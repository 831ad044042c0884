//! Classes of the code itself, and their instances.

use crate::paths::PathId;
use crate::value::{Kind, Value};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use tares_lang::Sym;

/// A class of the code itself.
pub(crate) struct ClassVal {
    pub(crate) name: Rc<str>,
    pub(crate) unit: u32,
    pub(crate) bases: Vec<Value>,
    pub(crate) metaclass: Option<Value>,
    pub(crate) members: RefCell<FxHashMap<Sym, Value>>,
    /// The instance on which methods are analysed on their own; its fields are joined over
    /// all methods.
    pub(crate) sample: OnceCell<Rc<ObjectVal>>,
}

/// An instance of such a class.
pub(crate) struct ObjectVal {
    pub(crate) class: Rc<ClassVal>,
    pub(crate) fields: RefCell<FxHashMap<Sym, Value>>,
    /// Writes are joined with what is there rather than replacing it.
    pub(crate) weak: bool,
}

impl ClassVal {
    /// Looks a member up in the class and its bases, depth first, bounded.
    pub(crate) fn member(&self, name: Sym) -> Option<Value> {
        self.member_to(name, 8)
    }

    fn member_to(&self, name: Sym, depth: u8) -> Option<Value> {
        if let Some(value) = self.members.borrow().get(&name) {
            return Some(value.clone());
        }
        if depth == 0 {
            return None;
        }
        self.bases.iter().find_map(|base| match &base.kind {
            Kind::Class(class) => class.member_to(name, depth - 1),
            _ => None,
        })
    }

    /// Looks a member up in the bases only, as `super` does.
    pub(crate) fn inherited(&self, name: Sym) -> Option<Value> {
        self.bases.iter().find_map(|base| match &base.kind {
            Kind::Class(class) => class.member(name),
            _ => None,
        })
    }

    /// Returns the first API class that this class derives from.
    pub(crate) fn api_base(&self) -> Option<PathId> {
        self.api_base_to(8)
    }

    fn api_base_to(&self, depth: u8) -> Option<PathId> {
        self.bases.iter().find_map(|base| match &base.kind {
            Kind::Api(path) => Some(*path),
            Kind::Instance(instance) => Some(instance.path),
            Kind::Class(class) if depth > 0 => class.api_base_to(depth - 1),
            _ => None,
        })
    }
}
