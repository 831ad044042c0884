//! Function values.

use super::class::ClassVal;
use super::scope::Scope;
use crate::value::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::FuncId;

/// A function with the names it closes over.
pub(crate) struct Closure {
    pub(crate) unit: u32,
    pub(crate) func: FuncId,
    pub(crate) scope: Rc<Scope>,
    /// `this` of an arrow function.
    pub(crate) this: Option<Value>,
    /// The class it is a method of.
    pub(crate) class: RefCell<Option<Rc<ClassVal>>>,
    /// Dotted name with classes and enclosing functions.
    pub(crate) name: Rc<str>,
    /// Values of the defaults, evaluated at the definition.
    pub(crate) defaults: Vec<Option<Value>>,
    /// Attributes set on the function.
    pub(crate) fields: RefCell<Vec<(Arc<str>, Value)>>,
    /// Text of the handler path when a decorator made it a handler.
    pub(crate) handler: RefCell<Option<crate::paths::PathId>>,
    pub(crate) decorated: Cell<Decorated>,
    pub(crate) summary: RefCell<Summary>,
    /// Whether it has run with the arguments of a caller.
    pub(crate) called: Cell<bool>,
    /// Whether it is, or was, in the queue of what is run on its own.
    pub(crate) queued: Cell<bool>,
}

/// The field of a getter that holds its setter; no code can write it.
pub(crate) const SETTER: &str = "";

/// How a decorator of the language changes a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Decorated {
    #[default]
    Plain,
    Static,
    ClassMethod,
    Property,
}

/// What the analysis of a function on its own showed.
#[derive(Clone, Default)]
pub(crate) enum Summary {
    /// Not run yet.
    #[default]
    None,
    /// Not run yet, but a caller had to know what it returns. What the module held then is part of
    /// the answer: `has_run` says whether it had run.
    Early { returns: Value, has_run: bool },
    /// Running now.
    Running,
    /// Done: the value it returns when nothing is known of its parameters, and whether running
    /// it again with known arguments could show more.
    Done { returns: Value, reacts: bool },
}

impl Closure {
    /// Lets go of everything that may hold this function in turn.
    pub(crate) fn let_go(&self) {
        self.scope.clear();
        let class = self.class.take();
        self.fields.take();
        self.summary.take();
        if let Some(class) = class {
            class.let_go();
        }
    }

    /// Returns the same function as another kind of method.
    pub(crate) fn decorated_as(&self, decorated: Decorated) -> Self {
        Self {
            unit: self.unit,
            func: self.func,
            scope: Rc::clone(&self.scope),
            this: self.this.clone(),
            class: self.class.clone(),
            name: Rc::clone(&self.name),
            defaults: self.defaults.clone(),
            fields: self.fields.clone(),
            handler: self.handler.clone(),
            decorated: Cell::new(decorated),
            summary: self.summary.clone(),
            called: Cell::new(self.called.get()),
            queued: Cell::new(false),
        }
    }

    /// Whether both are the same code with the same surroundings.
    pub(crate) fn same_code(&self, other: &Self) -> bool {
        self.unit == other.unit && self.func == other.func && Rc::ptr_eq(&self.scope, &other.scope)
    }

    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        self.fields
            .borrow()
            .iter()
            .rev()
            .find(|(n, _)| &**n == name)
            .map(|(_, v)| v.clone())
    }
}
