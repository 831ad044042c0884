//! Definitions of functions and classes.

use super::class::{ClassVal, ObjectVal};
use super::function::{Closure, Decorated, Summary};
use super::scope::{Scope, ScopeKind};
use super::{Frame, Interp, Pending};
use crate::value::{Kind, Value};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use tares_lang::Tree;
use tares_lang::tree::{Block, ClassId, Expr, FuncId, Stmt};

impl Interp<'_> {
    /// Binds the functions of a block before it runs, as JavaScript does.
    pub(crate) fn hoist(&mut self, t: &Tree, block: Block) {
        if self.is_python() {
            return;
        }
        for &id in t.block(block) {
            if let Stmt::Func(f) = t.stmt(id)
                && let Some(name) = t.func(*f).name
            {
                let value = self.closure(t, *f);
                self.declare_name(name, value);
            }
        }
    }

    pub(crate) fn define_func(&mut self, t: &Tree, f: FuncId) {
        let func = t.func(f);
        let Some(name) = func.name else { return };
        if self.is_js() && self.frame.scope.has(name) && func.decorators.len == 0 {
            return; // Hoisted already.
        }
        let mut value = self.closure(t, f);
        let decorators: Vec<_> = t.exprs(func.decorators).to_vec();
        for decorator in decorators.into_iter().rev() {
            value = self.decorate(t, decorator, value);
        }
        self.set_name(name, value);
    }

    /// Makes a function value and queues it to be run on its own.
    pub(crate) fn closure(&mut self, t: &Tree, f: FuncId) -> Value {
        let func = t.func(f);
        let defaults = func
            .params
            .iter()
            .map(|p| {
                let default = p.default.filter(|_| self.is_python());
                default.map(|d| self.eval(t, d))
            })
            .collect();
        self.annotations(t, func);
        let own = func
            .name
            .map_or_else(|| "<lambda>".into(), |n| self.text(n));
        let name: Rc<str> = if self.frame.name.is_empty() {
            own.as_ref().into()
        } else {
            format!("{}.{own}", self.frame.name).into()
        };
        // Methods do not see the names of the class body.
        let mut scope = Rc::clone(&self.frame.scope);
        while scope.kind == ScopeKind::Class {
            match &scope.parent {
                Some(parent) => scope = Rc::clone(parent),
                None => break,
            }
        }
        let closure = Rc::new(Closure {
            unit: self.unit,
            func: f,
            scope,
            this: if func.flags.is_arrow {
                self.frame.this.clone()
            } else {
                None
            },
            class: RefCell::new(self.frame.class.clone()),
            name,
            defaults,
            fields: RefCell::new(Vec::new()),
            handler: RefCell::new(None),
            decorated: Cell::new(if func.flags.is_static {
                Decorated::Static
            } else {
                Decorated::Plain
            }),
            summary: RefCell::new(Summary::None),
            called: Cell::new(false),
        });
        self.queue(&closure);
        Value::new(Kind::Func(closure))
    }

    /// Python evaluates annotations where they stand; only calls in them do something.
    fn annotations(&mut self, t: &Tree, func: &tares_lang::tree::Func) {
        if self.is_js() {
            return;
        }
        let given = func.params.iter().filter_map(|p| p.annotation);
        for annotation in given.chain(func.returns) {
            self.annotation(t, annotation);
        }
    }

    /// Runs an annotation that is a call.
    pub(crate) fn annotation(&mut self, t: &Tree, annotation: super::Exp) {
        if self.is_python() && matches!(t.expr(annotation), Expr::Call { .. }) {
            self.eval(t, annotation);
        }
    }

    fn queue(&mut self, closure: &Rc<Closure>) {
        if self.units[closure.unit as usize].path.is_some() {
            return; // Functions of other modules are judged where they stand.
        }
        if self.queued.insert((closure.unit, closure.func)) {
            self.pending.push_back(Pending {
                closure: Rc::clone(closure),
                args: None,
                detached: false,
            });
        }
    }

    fn decorate(&mut self, t: &Tree, decorator: super::Exp, value: Value) -> Value {
        let span = t.span(decorator);
        let mut known = self.eval(t, decorator);
        if self.program.is_thorough() {
            known = self.force(&known);
        }
        let path = match &known.kind {
            Kind::Api(path) => Some(*path),
            Kind::Instance(instance) => Some(instance.path),
            Kind::Bound(bound) => match &bound.1.kind {
                Kind::Api(path) => Some(*path),
                _ => None,
            },
            _ => None,
        };
        if let Some(path) = path {
            let text = self.paths.text(path).to_string();
            let text = text.trim_end_matches("()");
            if let Kind::Func(closure) = &value.kind {
                match text {
                    "staticmethod" => closure.decorated.set(Decorated::Static),
                    "classmethod" => closure.decorated.set(Decorated::ClassMethod),
                    "property" | "functools.cached_property" => {
                        closure.decorated.set(Decorated::Property);
                    }
                    _ => {
                        let handler = self.paths.get(text);
                        if self.paths.node(handler).handler.is_some() {
                            *closure.handler.borrow_mut() = Some(handler);
                        } else if self.paths.node(path).calls.is_some()
                            && matches!(known.kind, Kind::Api(_))
                        {
                            self.call(&known, super::args::Args::of([value.clone()]), span);
                        }
                    }
                }
            }
            return value;
        }
        if matches!(
            known.kind,
            Kind::Func(_) | Kind::Class(_) | Kind::Partial(_) | Kind::Object(_)
        ) {
            let decorated = self.call(&known, super::args::Args::of([value.clone()]), span);
            if !decorated.is_unknown() {
                return decorated;
            }
        }
        // `@x.route(...)` on something unknown: the name says what it is.
        if let (Expr::Call { callee, .. }, Kind::Func(closure)) = (t.expr(decorator), &value.kind)
            && let Expr::Attr { name, .. } = t.expr(*callee)
        {
            let guess = self.paths.get(&format!("?.{}", self.interner.name(*name)));
            if self.paths.node(guess).handler.is_some() {
                *closure.handler.borrow_mut() = Some(guess);
            }
        }
        value
    }

    pub(crate) fn define_class(&mut self, t: &Tree, c: ClassId) {
        let value = self.class_value(t, c);
        let class = t.class(c);
        for &decorator in t.exprs(class.decorators) {
            self.eval(t, decorator);
        }
        if let Some(name) = class.name {
            self.declare_name(name, value);
        }
    }

    pub(crate) fn class_value(&mut self, t: &Tree, c: ClassId) -> Value {
        let class = t.class(c);
        let mut bases = Vec::new();
        let mut metaclass = None;
        for &base in t.exprs(class.bases) {
            match t.expr(base) {
                Expr::Keyword { name, value } => {
                    let value = self.eval(t, *value);
                    if &**self.interner.name(*name) == "metaclass" {
                        metaclass = Some(value);
                    }
                }
                _ => {
                    let base = self.eval(t, base);
                    bases.push(if self.program.is_thorough() {
                        self.force(&base)
                    } else {
                        base
                    });
                }
            }
        }
        let own = class
            .name
            .map_or_else(|| "<class>".into(), |n| self.text(n));
        let name: Rc<str> = if self.frame.name.is_empty() {
            own.as_ref().into()
        } else {
            format!("{}.{own}", self.frame.name).into()
        };
        let value = Rc::new(ClassVal {
            name: Rc::clone(&name),
            unit: self.unit,
            bases,
            metaclass,
            members: RefCell::new(FxHashMap::default()),
            sample: OnceCell::new(),
        });
        self.class_body(t, class.body, &value, name);
        if let Some(doc) = &class.doc {
            let key = self.interner.intern("__doc__");
            let odd = crate::value::Taint::device(tares_model::effect::Device::OddCarrier);
            value
                .members
                .borrow_mut()
                .entry(key)
                .or_insert_with(|| Value::str(std::sync::Arc::clone(doc)).tainted(&odd));
        }
        Value::new(Kind::Class(value))
    }

    fn class_body(&mut self, t: &Tree, body: Block, class: &Rc<ClassVal>, name: Rc<str>) {
        let scope = Scope::new(ScopeKind::Class, Some(Rc::clone(&self.frame.scope)));
        let mut frame = Frame::new(Rc::clone(&scope), name);
        frame.class = Some(Rc::clone(class));
        frame.outer.clone_from(&self.frame.outer);
        // Static blocks and field initialisers see the class as `this`.
        frame.this = Some(Value::new(Kind::Class(Rc::clone(class))));
        frame.code = self.frame.code;
        let outer = std::mem::replace(&mut self.frame, frame);
        self.block(t, body);
        self.frame = outer;
        let mut members = class.members.borrow_mut();
        for sym in scope.names() {
            if let Some(value) = scope.get(sym) {
                members.insert(sym, value);
            }
        }
    }

    /// Returns the instance on which the methods of a class are run on their own.
    pub(crate) fn sample(&mut self, class: &Rc<ClassVal>) -> Value {
        if let Some(object) = class.sample.get() {
            return Value::new(Kind::Object(Rc::clone(object)));
        }
        let object = Rc::new(ObjectVal {
            class: Rc::clone(class),
            fields: RefCell::new(FxHashMap::default()),
            weak: true,
        });
        let object = Rc::clone(class.sample.get_or_init(|| object));
        let value = Value::new(Kind::Object(object));
        let init = self.interner.find(if self.is_js() {
            "constructor"
        } else {
            "__init__"
        });
        if let Some(method) = init.and_then(|i| class.member(i))
            && let Kind::Func(closure) = &method.kind
        {
            // The constructor is run on its own later; this run only fills the fields.
            let closure = Rc::clone(closure);
            self.muted(|s| s.run_alone(&closure, Some(value.clone()), None));
        }
        value
    }

    /// Whether a function is a getter of JavaScript.
    pub(crate) fn is_getter(&self, closure: &Closure) -> bool {
        self.is_js()
            && self.units[closure.unit as usize]
                .tree
                .func(closure.func)
                .flags
                .is_getter
    }
}

impl Interp<'_> {
    /// `type(name, bases, members)`.
    pub(crate) fn make_class(&mut self, args: &super::args::Args) -> Option<Value> {
        let name = std::sync::Arc::clone(args.get(0)?.as_str()?);
        let bases = self.items(args.get(1)?)?;
        let Kind::Map(map) = &args.get(2)?.kind else {
            return None;
        };
        let mut members = FxHashMap::default();
        for (key, value) in map.entries.borrow().iter() {
            if let crate::value::Key::Text(key) = key {
                members.insert(self.interner.intern(key), value.clone());
            }
        }
        Some(Value::new(Kind::Class(Rc::new(ClassVal {
            name: name.as_ref().into(),
            unit: self.unit,
            bases,
            metaclass: None,
            members: RefCell::new(members),
            sample: OnceCell::new(),
        }))))
    }
}
