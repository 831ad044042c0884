//! Classes of the code itself, and their instances.

use super::Interp;
use crate::paths::PathId;
use crate::value::{Kind, Value};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use tares_lang::Sym;

/// Most classes that a class inherits from.
const MAX_ANCESTORS: usize = 64;

/// A class of the code itself.
pub(crate) struct ClassVal {
    pub(crate) name: Rc<str>,
    pub(crate) unit: u32,
    pub(crate) bases: Vec<Value>,
    pub(crate) members: RefCell<FxHashMap<Sym, Value>>,
    /// What its own body declares, in order: fields of a record, members of an enumeration.
    pub(crate) declared: Vec<Sym>,
    /// The instance on which methods are analysed on their own; its fields are joined over
    /// all methods.
    pub(crate) sample: OnceCell<Rc<ObjectVal>>,
    metaclass: Option<Value>,
    /// The classes of the code that it inherits from, in the order in which they are asked.
    ancestors: Vec<Rc<Self>>,
}

/// An instance of such a class.
pub(crate) struct ObjectVal {
    pub(crate) class: Rc<ClassVal>,
    pub(crate) fields: RefCell<FxHashMap<Sym, Value>>,
    /// Writes are joined with what is there rather than replacing it.
    pub(crate) weak: bool,
}

impl ClassVal {
    pub(crate) fn new(
        name: Rc<str>,
        unit: u32,
        bases: Vec<Value>,
        metaclass: Option<Value>,
        declared: Vec<Sym>,
    ) -> Self {
        let ancestors = linearised(&bases);
        Self {
            name,
            unit,
            bases,
            members: RefCell::new(FxHashMap::default()),
            declared,
            sample: OnceCell::new(),
            metaclass,
            ancestors,
        }
    }

    /// Lets go of everything that may hold this class in turn, but for its bare sample.
    pub(crate) fn let_go(&self) {
        self.members.take();
        if let Some(sample) = self.sample.get() {
            sample.fields.take();
        }
    }

    /// Looks a member up in the class and in what it inherits from.
    pub(crate) fn member(&self, name: Sym) -> Option<Value> {
        self.own(name).or_else(|| self.inherited(name))
    }

    fn own(&self, name: Sym) -> Option<Value> {
        self.members.borrow().get(&name).cloned()
    }

    /// Looks a member up in the bases only.
    pub(crate) fn inherited(&self, name: Sym) -> Option<Value> {
        self.ancestors.iter().find_map(|class| class.own(name))
    }

    /// Looks a member up in what comes after `before` for an instance of this class, as `super` does.
    pub(crate) fn after(&self, before: &Self, name: Sym) -> Option<Value> {
        if std::ptr::eq(self, before) {
            return self.inherited(name);
        }
        let at = self
            .ancestors
            .iter()
            .position(|class| std::ptr::eq(&raw const **class, before));
        match at {
            Some(at) => self.ancestors[at + 1..]
                .iter()
                .find_map(|class| class.own(name)),
            None => before.inherited(name),
        }
    }

    /// Whether it is `class` or inherits from it.
    pub(crate) fn is_a(&self, class: &Self) -> bool {
        std::ptr::eq(self, class)
            || self
                .ancestors
                .iter()
                .any(|c| std::ptr::eq(&raw const **c, class))
    }

    /// Returns the class itself and all it inherits from, the most basic first.
    pub(crate) fn from_the_root(self: &Rc<Self>) -> impl Iterator<Item = &Rc<Self>> {
        self.ancestors.iter().rev().chain(std::iter::once(self))
    }

    /// Returns the class of the class, its own or an inherited one.
    pub(crate) fn metaclass(&self) -> Option<Rc<Self>> {
        let own = self.metaclass.iter();
        let all = own.chain(
            self.ancestors
                .iter()
                .filter_map(|class| class.metaclass.as_ref()),
        );
        all.filter_map(|value| match &value.kind {
            Kind::Class(class) => Some(Rc::clone(class)),
            _ => None,
        })
        .next()
    }

    /// Returns the first API class that this class derives from.
    pub(crate) fn api_base(&self) -> Option<PathId> {
        let bases = self
            .bases
            .iter()
            .chain(self.ancestors.iter().flat_map(|class| &class.bases));
        bases
            .filter_map(|base| match &base.kind {
                Kind::Api(path) => Some(*path),
                Kind::Instance(instance) => Some(instance.path),
                _ => None,
            })
            .next()
    }
}

/// Merges the ancestors of the bases so that each class stands before its own bases, and the bases
/// in the order in which they are written.
fn linearised(bases: &[Value]) -> Vec<Rc<ClassVal>> {
    let classes: Vec<Rc<ClassVal>> = bases
        .iter()
        .filter_map(|base| match &base.kind {
            Kind::Class(class) => Some(Rc::clone(class)),
            _ => None,
        })
        .collect();
    if let [only] = &classes[..] {
        let all = std::iter::once(only).chain(&only.ancestors);
        return all.take(MAX_ANCESTORS).cloned().collect();
    }
    let mut rows: Vec<Vec<Rc<ClassVal>>> = classes
        .iter()
        .map(|class| {
            std::iter::once(class)
                .chain(&class.ancestors)
                .cloned()
                .collect()
        })
        .collect();
    rows.push(classes);
    let mut out: Vec<Rc<ClassVal>> = Vec::new();
    while out.len() < MAX_ANCESTORS {
        rows.retain(|row| !row.is_empty());
        let free = |class: &Rc<ClassVal>| {
            !rows
                .iter()
                .any(|row| row[1..].iter().any(|other| Rc::ptr_eq(other, class)))
        };
        // Bases that contradict each other do not run; any order will do.
        let heads = || rows.iter().map(|row| &row[0]);
        let Some(next) = heads()
            .find(|class| free(class))
            .or_else(|| heads().next())
            .cloned()
        else {
            break;
        };
        for row in &mut rows {
            row.retain(|class| !Rc::ptr_eq(class, &next));
        }
        out.push(next);
    }
    out
}

impl Interp<'_> {
    /// Returns the path of the API class that a class derives from.
    pub(crate) fn base_text(&self, class: &ClassVal) -> Option<std::sync::Arc<str>> {
        class
            .api_base()
            .map(|path| std::sync::Arc::clone(self.paths.text(path)))
    }
}
