//! Classes: members, constructors, annotations.

use super::super::Interp;
use super::super::args::Args;
use super::super::call::Site;
use super::super::class::ClassVal;
use super::super::function::{Closure, Decorated};
use super::super::record::new_object;
use super::super::scope::ScopeKind;
use super::OUTER;
use crate::value::{Kind, Taint, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{Block, ClassId, Expr, Exprs, FuncId, Stmt};
use tares_lang::{Sym, Tree};
use tares_model::Span;

/// Most methods of one name that are kept.
const MAX_OVERLOADS: usize = 24;
/// The handler of a method whose result is the body of the answer.
const ANSWER: &str = "org.springframework.web.bind.annotation.ResponseBody";

impl Interp<'_> {
    /// Defines a class, its annotations in sight.
    pub(crate) fn java_define_class(&mut self, t: &Tree, c: ClassId) {
        let class = t.class(c);
        let Some(name) = class.name else { return };
        if self.frame.scope.kind == ScopeKind::Class && self.frame.scope.has(name) {
            return; // Done before the body ran.
        }
        self.java.annotations = t.exprs(class.decorators).to_vec();
        let value = self.class_value(t, c);
        for &decorator in t.exprs(class.decorators) {
            if let Expr::Call { callee, .. } = t.expr(decorator)
                && let Kind::Api(path) = self.eval(t, *callee).kind
                && self.paths.node(path).calls.is_some()
            {
                self.eval(t, decorator);
            }
        }
        if let (Some(around), ScopeKind::Class) = (&self.frame.class, self.frame.scope.kind) {
            around.members.borrow_mut().insert(name, value.clone());
        }
        self.declare_name(name, value);
    }

    /// Defines the methods and inner classes of a body before anything in it runs.
    pub(crate) fn java_members(&mut self, t: &Tree, body: Block, class: &Rc<ClassVal>) {
        let annotations = std::mem::take(&mut self.java.annotations);
        for &id in t.block(body) {
            match t.stmt(id) {
                Stmt::Func(f) => {
                    self.note_trust(t, *f, class);
                    let value = self.java_method_value(t, *f, &annotations);
                    let name = t.func(*f).name.map(|name| self.java_method_name(name));
                    if let Some(name) = name {
                        let mut members = class.members.borrow_mut();
                        let old = members.remove(&name);
                        members.insert(name, overloaded(old, value));
                    }
                }
                Stmt::Class(c) => self.java_define_class(t, *c),
                _ => {}
            }
        }
    }

    /// Notes a trust manager whose check of servers does nothing.
    fn note_trust(&mut self, t: &Tree, f: FuncId, class: &Rc<ClassVal>) {
        let func = t.func(f);
        let Some(name) = func.name else { return };
        if &**self.interner.name(name) != "checkServerTrusted" || !self.has_body(func.span) {
            return;
        }
        let does_nothing = t
            .block(func.body)
            .iter()
            .all(|&s| matches!(t.stmt(s), Stmt::Return(None)));
        let base = class
            .api_base()
            .map(|base| Arc::clone(self.paths.text(base)));
        if does_nothing && base.is_some_and(|base| base.ends_with("TrustManager")) {
            self.java_pseudo("javax.net.ssl.X509TrustManager.acceptsAll", func.span);
        }
    }

    fn has_body(&self, span: Span) -> bool {
        self.source(span).ends_with('}')
    }

    /// Records what code does by being as it is, as if it called an API.
    pub(crate) fn java_pseudo(&mut self, path: &str, span: Span) {
        let path = self.paths.get(path);
        let site = Site {
            path,
            receiver: None,
            args: &Args::default(),
            callee_taint: &Taint::NONE,
            span,
        };
        self.call_api(&site, false);
    }

    /// Keeps who the class that is defined now lies in.
    pub(crate) fn java_enclose(&mut self, class: &Rc<ClassVal>) {
        if let Some(outer) = &self.frame.this {
            let name = self.interner.intern(OUTER);
            class.members.borrow_mut().insert(name, outer.clone());
        }
    }

    /// Defines a method that stands in no class, as in an excerpt.
    pub(crate) fn java_define(&mut self, t: &Tree, f: FuncId) {
        if self.frame.scope.kind == ScopeKind::Class {
            return; // Done before the body ran.
        }
        let Some(name) = t.func(f).name else { return };
        let value = self.java_method_value(t, f, &[]);
        let name = self.java_method_name(name);
        let old = self
            .frame
            .scope
            .get(name)
            .filter(|old| !is_same_func(old, &value));
        self.declare_name(name, overloaded(old, value));
    }

    /// Defines the methods of an excerpt before it runs.
    pub(crate) fn java_hoist(&mut self, t: &Tree, block: Block) {
        for &id in t.block(block) {
            if let Stmt::Func(f) = t.stmt(id) {
                self.java_define(t, *f);
            }
        }
    }

    /// The name that a method has among members.
    pub(crate) fn java_method_name(&mut self, name: Sym) -> Sym {
        if let Some(&known) = self.java.methods.get(&name) {
            return known;
        }
        let text = format!("{}()", self.interner.name(name));
        let method = self.interner.intern(&text);
        self.java.methods.insert(name, method);
        method
    }

    fn java_method_value(&mut self, t: &Tree, f: FuncId, around: &[super::ExprId]) -> Value {
        let value = self.closure(t, f);
        let decorators = t.func(f).decorators;
        if let Kind::Func(closure) = &value.kind {
            self.java_annotations(t, decorators, around, closure);
        }
        value
    }

    /// Uses what annotations say of a method: that a library calls it, and with what.
    fn java_annotations(
        &mut self,
        t: &Tree,
        own: Exprs,
        around: &[super::ExprId],
        closure: &Rc<Closure>,
    ) {
        let mut handler = None;
        let mut answers = around.iter().any(|&a| self.is_answer(t, a));
        for &decorator in t.exprs(own) {
            answers |= self.is_answer(t, decorator);
            let Expr::Call { callee, .. } = t.expr(decorator) else {
                continue;
            };
            let known = self.eval(t, *callee);
            let Kind::Api(path) = known.kind else {
                continue;
            };
            if self.paths.node(path).handler.is_some() {
                handler = Some(path);
            }
            if self.paths.node(path).calls.is_some() {
                self.eval(t, decorator);
            }
        }
        if let Some(path) = handler {
            let spring = self.paths.text(path).starts_with("org.springframework.web");
            let path = if answers && spring {
                self.paths.get(ANSWER)
            } else {
                path
            };
            *closure.handler.borrow_mut() = Some(path);
        }
    }

    fn is_answer(&self, t: &Tree, annotation: super::ExprId) -> bool {
        let Expr::Call { callee, .. } = t.expr(annotation) else {
            return false;
        };
        let (Expr::Name(name) | Expr::Attr { name, .. }) = t.expr(*callee) else {
            return false;
        };
        matches!(
            &**self.interner.name(*name),
            "RestController" | "ResponseBody"
        )
    }

    /// Makes an instance of a class of the code itself.
    pub(crate) fn java_new(&mut self, class: &Rc<ClassVal>, args: Args, span: Span) -> Value {
        let value = new_object(class);
        self.java_initialise(class, &value);
        let constructor = self.interner.intern("<init>()");
        let own = class.members.borrow().get(&constructor).cloned();
        match own {
            Some(method) => {
                self.java_invoke(&value, &method, args, span);
            }
            None => {
                self.java_super_constructor(class, &value, args, span);
            }
        }
        value
    }

    fn java_initialise(&mut self, class: &Rc<ClassVal>, value: &Value) {
        let Some(name) = self.interner.find("<instance>()") else {
            return;
        };
        if let Some(block) = class.member(name) {
            let span = self.statement;
            self.java_invoke(value, &block, Args::default(), span);
        }
    }

    /// Runs the constructor that the class around it, or the library, gives.
    pub(super) fn java_super_constructor(
        &mut self,
        class: &Rc<ClassVal>,
        this: &Value,
        args: Args,
        span: Span,
    ) {
        let constructor = self.interner.intern("<init>()");
        if let Some(method) = class.inherited(constructor) {
            self.java_invoke(this, &method, args, span);
            return;
        }
        if let Some(path) = class.api_base() {
            let site = Site {
                path,
                receiver: Some(this),
                args: &args,
                callee_taint: &Taint::NONE,
                span,
            };
            self.call_api(&site, true);
        }
    }

    /// Fills the fields of the instance on which methods are run on their own.
    pub(crate) fn java_fill(&mut self, class: &Rc<ClassVal>, value: &Value) {
        for name in ["<instance>()", "<init>()"] {
            let name = self.interner.find(name);
            let own = name.and_then(|n| class.members.borrow().get(&n).cloned());
            let Some(own) = own else { continue };
            for one in own.alternatives().iter().take(3) {
                if let Kind::Func(closure) = &one.kind {
                    let closure = Rc::clone(closure);
                    self.muted(|s| s.run_alone(&closure, Some(value.clone()), None));
                }
            }
        }
    }

    /// What an enumeration gives of itself.
    pub(super) fn java_values(&self, class: &Rc<ClassVal>) -> Value {
        let members = class.members.borrow();
        let mut names: Vec<&Sym> = members.keys().collect();
        names.sort_unstable();
        let own = names.into_iter().filter_map(|name| {
            let value = &members[name];
            matches!(&value.kind, Kind::Object(o) if o.class.is_a(class)).then(|| value.clone())
        });
        Value::seq(crate::value::SeqSort::List, own.collect())
    }

    /// `Outer.this`.
    pub(super) fn java_this_of(&mut self, class: &Value) -> Value {
        let Kind::Class(wanted) = &class.kind else {
            return Value::unknown(Why::Name);
        };
        let outer = self.interner.find(OUTER);
        let mut holder = self.frame.this.clone();
        for _ in 0..super::MAX_OUTER {
            let Some(value) = holder else { break };
            let own = match &value.kind {
                Kind::Object(object) => Rc::clone(&object.class),
                Kind::Class(class) => Rc::clone(class),
                _ => break,
            };
            if own.is_a(wanted) {
                return value;
            }
            holder = outer.and_then(|name| own.member(name));
        }
        class.clone()
    }

    /// Whether a method stands for its class and not for an instance.
    pub(super) fn is_static(closure: &Closure) -> bool {
        closure.decorated.get() == Decorated::Static
    }
}

fn is_same_func(old: &Value, new: &Value) -> bool {
    old.alternatives()
        .iter()
        .any(|old| match (&old.kind, &new.kind) {
            (Kind::Func(a), Kind::Func(b)) => a.unit == b.unit && a.func == b.func,
            _ => false,
        })
}

/// Adds a method to those of the same name.
fn overloaded(old: Option<Value>, new: Value) -> Value {
    let Some(old) = old else { return new };
    let mut all = old.alternatives().to_vec();
    if all.len() < MAX_OVERLOADS {
        all.push(new);
    }
    Value::new(Kind::OneOf(all.into()))
}

/// Returns the name of the field that `getName`, `isName` or `setName` is about.
pub(crate) fn property(name: &str) -> Option<Arc<str>> {
    let rest = ["get", "set", "is"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))?;
    let first = rest.chars().next().filter(|c| c.is_uppercase())?;
    Some(format!("{}{}", first.to_lowercase(), &rest[first.len_utf8()..]).into())
}
