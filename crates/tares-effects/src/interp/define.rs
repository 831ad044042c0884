//! Definitions of functions and classes.

use super::class::{ClassVal, ObjectVal};
use super::function::{Closure, Decorated, Summary};
use super::scope::{Scope, ScopeKind};
use super::{Frame, Interp, Pending};
use crate::value::{Kind, Value, Why};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Tree;
use tares_lang::tree::{Block, ClassId, Expr, FuncId, Stmt};

impl Interp<'_> {
    /// Binds the functions of a block before it runs, as JavaScript does.
    pub(crate) fn hoist(&mut self, t: &Tree, block: Block) {
        if self.is_java() {
            return self.java_hoist(t, block);
        }
        if self.is_python() || self.is_shell() {
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
        if self.is_java() {
            return self.java_define(t, f);
        }
        let func = t.func(f);
        let Some(mut name) = func.name else { return };
        if func.flags.is_setter {
            // Stands beside the getter of the same name.
            name = self.setter_name(name);
        }
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

    /// Records literal credentials among the defaults of parameters.
    fn note_secret_defaults(&mut self, t: &Tree, func: &tares_lang::tree::Func) {
        for param in &func.params {
            if let (Some(default), Expr::Name(name)) = (param.default, t.expr(param.pattern))
                && let Expr::Str(text) = t.expr(default)
            {
                let name = self.text(*name);
                let value = Value::str(Arc::clone(text));
                self.note_secret_named(&name, &value, t.span(default));
            }
        }
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
        self.note_secret_defaults(t, func);
        self.annotations(t, func);
        let own = func
            .name
            .map_or_else(|| "<lambda>".into(), |n| self.text(n));
        let name: Rc<str> = if self.is_shell() && func.name.is_none() {
            // A group of commands belongs to the function that it stands in.
            Rc::clone(&self.frame.name)
        } else if self.frame.name.is_empty() {
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
            queued: Cell::new(false),
        });
        self.journal.note_made(&closure);
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
            closure.queued.set(true);
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
                    "functools.singledispatch" | "functools.singledispatchmethod" => {}
                    "staticmethod" => closure.decorated.set(Decorated::Static),
                    "classmethod" => closure.decorated.set(Decorated::ClassMethod),
                    "property" | "functools.cached_property" => {
                        closure.decorated.set(Decorated::Property);
                    }
                    _ => {
                        let handler = self.paths.get(text);
                        if self.paths.node(handler).handler.is_some() {
                            *closure.handler.borrow_mut() = Some(handler);
                            if self.paths.node(path).calls.is_some() && path == handler {
                                // What the decorator itself does; the function runs as a handler.
                                let own = Rc::clone(&closure.name);
                                let around = std::mem::replace(&mut self.frame.name, own);
                                let nobody = Value::unknown(Why::Name);
                                self.call(&known, super::args::Args::of([nobody]), span);
                                self.frame.name = around;
                            }
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
        if let (Kind::Member(member), Kind::Func(added)) = (&known.kind, &value.kind)
            && let Kind::Func(first) = &member.receiver.kind
        {
            let (first, name) = (Rc::clone(first), self.text(member.name));
            return self.decorate_by(&first, &name, t, decorator, added);
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
        if self.is_java() {
            return self.java_define_class(t, c);
        }
        let mut value = self.class_value(t, c);
        let class = t.class(c);
        let decorators: Vec<_> = t.exprs(class.decorators).to_vec();
        for decorator in decorators.into_iter().rev() {
            value = self.decorate_class(t, decorator, value);
        }
        if let Some(name) = class.name {
            self.declare_name(name, value);
        }
    }

    /// A decorator that is a part of another function: the setter of a property, another
    /// implementation of a generic function.
    fn decorate_by(
        &mut self,
        first: &Rc<Closure>,
        name: &str,
        t: &Tree,
        decorator: super::Exp,
        added: &Rc<Closure>,
    ) -> Value {
        let added_value = Value::new(Kind::Func(Rc::clone(added)));
        match name {
            "setter" | "getter" | "deleter" => {
                let getter = Rc::new(first.decorated_as(Decorated::Property));
                if name == "setter" {
                    let mut fields = getter.fields.borrow_mut();
                    fields.push((super::function::SETTER.into(), added_value));
                }
                Value::new(Kind::Func(getter))
            }
            "register" => {
                let kind = match t.expr(decorator) {
                    Expr::Call { args, .. } => t.exprs(*args).first().copied(),
                    _ => {
                        let params = &t.func(added.func).params;
                        params.iter().find_map(|param| param.annotation)
                    }
                };
                let kind = kind.map_or("", |e| {
                    t.span(e).text(&self.units[self.unit as usize].source)
                });
                let field = format!("{}{kind}", crate::fold::REGISTERED);
                first
                    .fields
                    .borrow_mut()
                    .push((field.into(), added_value.clone()));
                added_value
            }
            _ => added_value,
        }
    }

    /// Applies a decorator to a class; what it gives replaces the class where it is known.
    fn decorate_class(&mut self, t: &Tree, decorator: super::Exp, value: Value) -> Value {
        let span = t.span(decorator);
        let mut known = self.eval(t, decorator);
        if self.program.is_thorough() {
            known = self.force(&known);
        }
        let own = matches!(
            known.kind,
            Kind::Func(_) | Kind::Class(_) | Kind::Partial(_) | Kind::Object(_) | Kind::Bound(_)
        );
        if !own {
            return value;
        }
        let decorated = self.call(&known, super::args::Args::of([value.clone()]), span);
        match decorated.kind {
            Kind::Class(_) | Kind::Func(_) | Kind::Partial(_) | Kind::Object(_) => decorated,
            _ => value,
        }
    }

    /// Returns the name under which the setter of a property is kept; no code can write it.
    pub(crate) fn setter_name(&mut self, name: tares_lang::Sym) -> tares_lang::Sym {
        let text = format!("set {}", self.interner.name(name));
        self.interner.intern(&text)
    }

    pub(crate) fn class_value(&mut self, t: &Tree, c: ClassId) -> Value {
        let class = t.class(c);
        let mut bases = Vec::new();
        let mut metaclass = None;
        let mut keywords = super::args::Args::default();
        for &base in t.exprs(class.bases) {
            match t.expr(base) {
                Expr::Keyword { name, value } => {
                    let value = self.eval(t, *value);
                    let name = self.text(*name);
                    if &*name == "metaclass" {
                        metaclass = Some(value);
                    } else {
                        keywords.named.push((name, value, t.span(base)));
                    }
                }
                Expr::Spread(list) if self.is_python() => {
                    let list = self.eval(t, *list);
                    bases.extend(self.items(&list).unwrap_or_default());
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
        let declared = self.declared(t, class, &bases);
        let value = ClassVal::new(Rc::clone(&name), self.unit, bases, metaclass, declared);
        let value = Rc::new(value);
        self.class_body(t, class.body, &value, name);
        if let Some(doc) = &class.doc {
            let key = self.interner.intern("__doc__");
            let odd = crate::value::Taint::device(tares_model::effect::Device::OddCarrier);
            value
                .members
                .borrow_mut()
                .entry(key)
                .or_insert_with(|| Value::str(Arc::clone(doc)).tainted(&odd));
        }
        self.finish_class(&value);
        if self.is_python() {
            return self.announced(&value, keywords);
        }
        Value::new(Kind::Class(value))
    }

    /// Returns the names that a class body declares in order: all of an enumeration, those with a
    /// type of any other class.
    fn declared(
        &mut self,
        t: &Tree,
        class: &tares_lang::tree::Class,
        bases: &[Value],
    ) -> Vec<tares_lang::Sym> {
        if self.is_js() {
            return Vec::new();
        }
        let enumeration = bases.iter().any(|base| match &base.kind {
            Kind::Class(class) => self.is_enumeration(class),
            Kind::Api(path) => self.paths.text(*path).starts_with("enum."),
            _ => false,
        });
        let mut names = Vec::new();
        for &id in t.block(class.body) {
            if let Stmt::Assign {
                targets,
                annotation,
                ..
            } = t.stmt(id)
                && (enumeration || annotation.is_some_and(|a| !self.is_class_variable(t, a)))
            {
                names.extend(t.exprs(*targets).iter().filter_map(|&e| match t.expr(e) {
                    Expr::Name(name) => Some(*name),
                    _ => None,
                }));
            }
        }
        names
    }

    fn is_class_variable(&self, t: &Tree, annotation: super::Exp) -> bool {
        match t.expr(annotation) {
            Expr::Name(name) | Expr::Attr { name, .. } => {
                &**self.interner.name(*name) == "ClassVar"
            }
            Expr::Index { object, .. } => self.is_class_variable(t, *object),
            _ => false,
        }
    }

    /// Tells those who asked to be told that a class was made, and lets its metaclass make it.
    fn announced(&mut self, class: &Rc<ClassVal>, keywords: super::args::Args) -> Value {
        let mut value = Value::new(Kind::Class(Rc::clone(class)));
        if let Some(meta) = class.metaclass() {
            value = self.made_by(&meta, class, &keywords);
        }
        let Kind::Class(class) = &value.kind else {
            return value;
        };
        let class = Rc::clone(class);
        if let Some(told) = self.interner.find("__set_name__") {
            let mut members: Vec<_> = class
                .members
                .borrow()
                .iter()
                .filter(
                    |(_, v)| matches!(&v.kind, Kind::Object(o) if o.class.member(told).is_some()),
                )
                .map(|(n, v)| (*n, v.clone()))
                .collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            for (name, member) in members {
                let name = Value::str(self.text(name));
                let args = super::args::Args::of([value.clone(), name]);
                self.special(&member, "__set_name__", args);
            }
        }
        let told = self.interner.find("__init_subclass__");
        if let Some(method) = told.and_then(|n| class.inherited(n)) {
            self.call_bound(&value, &method, keywords);
        }
        value
    }

    /// Lets the metaclass make the class, where it has a say.
    fn made_by(
        &mut self,
        meta: &Rc<ClassVal>,
        class: &Rc<ClassVal>,
        keywords: &super::args::Args,
    ) -> Value {
        let mut value = Value::new(Kind::Class(Rc::clone(class)));
        let metaclass = Value::new(Kind::Class(Rc::clone(meta)));
        let members = self.fields_of(&value);
        let args = |first: Value| {
            let mut args = super::args::Args::of([
                first,
                Value::str(&*class.name),
                Value::seq(crate::value::SeqSort::Tuple, class.bases.clone()),
                members
                    .clone()
                    .unwrap_or_else(|| Value::map(Vec::new(), None)),
            ]);
            args.named.clone_from(&keywords.named);
            args
        };
        let span = self.statement;
        let new = self.interner.find("__new__").and_then(|n| meta.member(n));
        if let Some(method) = new {
            let made = self.call(&method, args(metaclass), span);
            if matches!(made.kind, Kind::Class(_)) {
                value = made;
            }
        }
        let init = self.interner.find("__init__").and_then(|n| meta.member(n));
        if let Some(method) = init {
            self.call(&method, args(value.clone()), span);
        }
        value
    }

    fn class_body(&mut self, t: &Tree, body: Block, class: &Rc<ClassVal>, name: Rc<str>) {
        let scope = Scope::new(ScopeKind::Class, Some(Rc::clone(&self.frame.scope)));
        let mut frame = Frame::new(Rc::clone(&scope), name);
        frame.class = Some(Rc::clone(class));
        frame.outer.clone_from(&self.frame.outer);
        // Static blocks and field initialisers see the class as `this`.
        frame.this = Some(Value::new(Kind::Class(Rc::clone(class))));
        frame.code = self.frame.code;
        if self.is_java() {
            self.java_enclose(class);
        }
        let outer = std::mem::replace(&mut self.frame, frame);
        if self.is_java() {
            self.java_members(t, body, class);
        }
        self.block(t, body);
        self.frame = outer;
        let mut members = class.members.borrow_mut();
        for sym in scope.names() {
            match scope.get(sym) {
                // `name: type` declares a field and gives it no value.
                Some(Value {
                    kind: Kind::Undefined,
                    ..
                }) if self.is_python() => {}
                Some(value) => {
                    members.insert(sym, value);
                }
                None => {}
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
        if self.is_java() {
            self.java_fill(class, &value);
            return value;
        }
        let init = self.interner.find(if self.is_js() {
            "constructor"
        } else {
            "__init__"
        });
        if let Some(method) = init.and_then(|i| class.member(i))
            && let Kind::Func(closure) = &method.kind
        {
            // The constructor is run on its own as well; this run only fills the fields.
            self.explore(closure, Some(value.clone()));
        }
        value
    }

    /// Whether a function is a getter of JavaScript.
    pub(crate) fn is_getter(&self, closure: &Closure) -> bool {
        self.is_js()
            && (closure.decorated.get() == Decorated::Property
                || self.units[closure.unit as usize]
                    .tree
                    .func(closure.func)
                    .flags
                    .is_getter)
    }
}

impl Interp<'_> {
    /// `type(name, bases, members)`.
    pub(crate) fn make_class(&mut self, args: &super::args::Args) -> Option<Value> {
        let name = Arc::clone(args.get(0)?.as_str()?);
        let bases = self.items(args.get(1)?)?;
        let Kind::Map(map) = &args.get(2)?.kind else {
            return None;
        };
        let metaclass = args.get(3).cloned();
        let class = ClassVal::new(
            name.as_ref().into(),
            self.unit,
            bases,
            metaclass,
            Vec::new(),
        );
        for (key, value) in map.entries.borrow().iter() {
            if let crate::value::Key::Text(key) = key {
                let key = self.interner.intern(key);
                class.members.borrow_mut().insert(key, value.clone());
            }
        }
        Some(Value::new(Kind::Class(Rc::new(class))))
    }
}
