//! Calls: methods of `this`, of objects and classes, overloads, functional interfaces, reflection.

use super::super::args::Args;
use super::super::call::Site;
use super::super::class::ClassVal;
use super::super::expr::last_name;
use super::super::function::Closure;
use super::super::{Exp, Interp};
use super::class::property;
use crate::value::{Kind, MemberVal, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{CompareOp, Expr, Exprs, ParamKind};
use tares_lang::{Sym, Tree};
use tares_model::Span;
use tares_model::effect::Device;

/// Most methods of one name that one call runs.
const MAX_TAKEN: usize = 4;

/// The methods of the interfaces that libraries call.
const FUNCTIONAL: &[&str] = &[
    "run()",
    "call()",
    "apply()",
    "accept()",
    "get()",
    "test()",
    "handle()",
    "compare()",
    "execute()",
    "invoke()",
    "uncaughtException()",
    "onResponse()",
    "completed()",
    "verify()",
];

impl Interp<'_> {
    pub(crate) fn java_call(
        &mut self,
        t: &Tree,
        e: Exp,
        callee: Exp,
        list: Exprs,
        new: bool,
    ) -> Value {
        let span = t.span(e);
        match t.expr(callee) {
            Expr::Attr { object, name } if !new => {
                if matches!(t.expr(*object), Expr::Super) {
                    let args = self.args(t, list);
                    return self.java_super(*name, args, span);
                }
                let hint = last_name(t, *object);
                let receiver = self.eval(t, *object);
                let args = self.args(t, list);
                self.java_comparison(t, *object, &receiver, *name, (list, &args), span);
                let is_getter = list.len == 0 && receiver.is_unknown();
                let value = self.method(&receiver, hint, *name, args, span, false);
                if is_getter && value.is_unknown() {
                    let text = self.text(*name);
                    let field = property(&text).filter(|_| text.starts_with("get"));
                    let taint = self.named_taint(&field.unwrap_or(text), span);
                    return value.tainted(&taint);
                }
                value
            }
            Expr::Name(name) if !new => {
                let args = self.args(t, list);
                self.java_bare(*name, args, span)
            }
            Expr::This | Expr::Super if !new => {
                let args = self.args(t, list);
                let own = matches!(t.expr(callee), Expr::This);
                self.java_delegate(own, args, span);
                Value::new(Kind::Null)
            }
            _ => {
                let function = self.eval(t, callee);
                let args = self.args(t, list);
                self.call_new(&function, args, span, new)
            }
        }
    }

    /// `a.equals(b)` is a comparison.
    fn java_comparison(
        &mut self,
        t: &Tree,
        object: Exp,
        receiver: &Value,
        name: Sym,
        (list, args): (Exprs, &Args),
        span: Span,
    ) {
        let name = self.text(name);
        let given = t.exprs(list);
        let (left, right) = match (&*name, given, args.get(0), args.get(1)) {
            ("equals" | "equalsIgnoreCase" | "contentEquals", &[e], Some(v), None) => {
                ((object, receiver), (e, v))
            }
            ("equals", &[a, b], Some(v), Some(w)) => ((a, v), (b, w)),
            _ => return,
        };
        self.note_comparison(t, CompareOp::Equal, left, right, span);
    }

    /// `name(args)`.
    fn java_bare(&mut self, name: Sym, args: Args, span: Span) -> Value {
        let method = self.java_method_name(name);
        if let Some((holder, member)) = self.java_member(method) {
            return self.java_invoke(&holder, &member, args, span);
        }
        let module = Rc::clone(&self.units[self.unit as usize].scope);
        if let Some(function) = self.java_local(method).or_else(|| module.get(method)) {
            let this = self.frame.this.clone();
            let this = this.unwrap_or_else(|| Value::unknown(Why::Name));
            return self.java_invoke(&this, &function, args, span);
        }
        let text = self.text(name);
        if let Some(this) = self.frame.this.clone() {
            if let Some(base) = self.java_api_base(&this) {
                let path = self.paths.child(base, &text);
                if self.paths.node(path).calls.is_some() {
                    return self.java_api(path, &this, &args, span);
                }
            }
            if let Some(value) = self.java_property(&this, &text, &args, span) {
                return value;
            }
        }
        if let Some(function) = self.java_static_star(&text, span) {
            return self.call(&function, args, span);
        }
        self.call_unknown(&Value::unknown(Why::Name), &args)
    }

    fn java_api(
        &mut self,
        path: crate::paths::PathId,
        receiver: &Value,
        args: &Args,
        span: Span,
    ) -> Value {
        let site = Site {
            path,
            receiver: Some(receiver),
            args,
            callee_taint: &Taint::NONE,
            span,
        };
        self.call_api(&site, false)
    }

    /// `this(args)` and `super(args)`.
    fn java_delegate(&mut self, own: bool, args: Args, span: Span) {
        let (Some(class), Some(this)) = (self.frame.class.clone(), self.frame.this.clone()) else {
            return;
        };
        if !own {
            self.java_super_constructor(&class, &this, args, span);
            return;
        }
        let name = self.interner.intern("<init>()");
        let constructors = class.members.borrow().get(&name).cloned();
        if let Some(constructors) = constructors {
            self.java_invoke(&this, &constructors, args, span);
        }
    }

    fn java_super(&mut self, name: Sym, args: Args, span: Span) -> Value {
        let (Some(class), Some(this)) = (self.frame.class.clone(), self.frame.this.clone()) else {
            return self.call_unknown(&Value::unknown(Why::Name), &args);
        };
        let method = self.java_method_name(name);
        if let Some(member) = class.inherited(method) {
            return self.java_invoke(&this, &member, args, span);
        }
        match class.api_base() {
            Some(base) => {
                let text = self.text(name);
                let path = self.paths.child(base, &text);
                self.java_api(path, &this, &args, span)
            }
            None => self.call_unknown(&Value::unknown(Why::Name), &args),
        }
    }

    /// Calls a method of something whose methods Java has its own way with; `None` for the rest.
    pub(crate) fn java_method(
        &mut self,
        receiver: &Value,
        name: Sym,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        let text = self.text(name);
        match &receiver.kind {
            Kind::Object(_) => {
                let method = self.java_method_name(name);
                self.java_object_method(receiver, method, &text, args, span)
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                let method = self.java_method_name(name);
                if let Some(member) = class.member(method) {
                    return Some(self.java_invoke(receiver, &member, args.clone(), span));
                }
                if &*text == "values" && args.pos.is_empty() {
                    return Some(self.java_values(&class));
                }
                self.java_reflected(receiver, &text, args, span)
            }
            Kind::Func(_) | Kind::Bound(_) | Kind::Partial(_) => {
                if let Some(value) = self.java_reflected(receiver, &text, args, span) {
                    return Some(value);
                }
                Some(match &*text {
                    "andThen" | "compose" | "negate" | "reversed" | "thenComparing" => {
                        Value::unknown_with(Why::Call, args.taint())
                    }
                    _ => self.call(receiver, args.clone(), span),
                })
            }
            Kind::Api(_) => self.java_reflected(receiver, &text, args, span),
            _ => None,
        }
    }

    fn java_object_method(
        &mut self,
        receiver: &Value,
        method: Sym,
        text: &Arc<str>,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        let Kind::Object(object) = &receiver.kind else {
            return None;
        };
        if let Some(member) = object.class.member(method) {
            return Some(self.java_invoke(receiver, &member, args.clone(), span));
        }
        let base = object.class.api_base();
        if let Some(base) = base {
            let known = Arc::clone(self.paths.text(base));
            if &**text == "start" && known.ends_with("Thread") {
                let run = self.interner.find("run()");
                if let Some(Kind::Func(run)) =
                    run.and_then(|n| object.class.member(n)).map(|m| m.kind)
                {
                    self.enqueue(&run, Args::default(), true);
                }
            }
            let path = self.paths.child(base, text);
            if self.paths.node(path).calls.is_some() {
                return Some(self.java_api(path, receiver, args, span));
            }
        }
        if &**text == "getClass" {
            return Some(Value::new(Kind::Class(Rc::clone(&object.class))));
        }
        self.java_property(receiver, text, args, span)
    }

    /// Accessors that nobody wrote out: those of records, and those that a library adds.
    fn java_property(
        &mut self,
        receiver: &Value,
        text: &str,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        let own = self.interner.find(text);
        let named = property(text).and_then(|p| self.interner.find(&p));
        for name in own.into_iter().chain(named) {
            let Some(value) = self.field(receiver, name) else {
                continue;
            };
            if matches!(value.kind, Kind::Func(_) | Kind::Class(_)) {
                continue;
            }
            match (args.len(), text.starts_with("set")) {
                (0, false) => return Some(value),
                (1, true) => {
                    let given = args.get(0)?.clone();
                    self.put_attr(receiver, name, given, span);
                    return Some(receiver.clone());
                }
                _ => {}
            }
        }
        None
    }

    /// Methods of classes and methods as values.
    fn java_reflected(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &Args,
        span: Span,
    ) -> Option<Value> {
        let reflected = receiver.taint.devices().any(|d| d == Device::Reflection);
        match name {
            "getMethod" | "getDeclaredMethod" | "getField" | "getDeclaredField" => {
                let key = args.get(0)?.clone();
                if key.as_str().is_none() {
                    self.emit_reflection(receiver, &key, span);
                    return Some(Value::unknown_with(Why::Reflection, key.deep_taint()));
                }
                let devices = Taint::device(Device::Reflection)
                    .merge(&super::super::attr::device_taint(&key));
                let text = Arc::clone(key.as_str()?);
                let value = match &receiver.kind {
                    Kind::Api(path) => {
                        let child = self.paths.child(*path, &text);
                        Value::new(Kind::Api(child))
                    }
                    Kind::Class(class) => {
                        let method = self.interner.intern(&format!("{text}()"));
                        let field = self.interner.intern(&text);
                        class.member(method).or_else(|| class.member(field))?
                    }
                    _ => return None,
                };
                Some(value.tainted(&devices).tainted(&receiver.taint))
            }
            "getConstructor" | "getDeclaredConstructor" | "getClass" | "asSubclass" => {
                Some(receiver.clone().tainted(&Taint::device(Device::Reflection)))
            }
            "newInstance" => Some(self.call_new(receiver, args.clone(), span, true)),
            "setAccessible" if reflected => Some(Value::new(Kind::Null)),
            "invoke" | "get" if reflected => {
                let mut rest = args.clone();
                if rest.pos.is_empty() {
                    return None;
                }
                let (this, _) = rest.pos.remove(0);
                if let ([(one, at)], true) = (rest.pos.as_slice(), rest.pos.len() == 1)
                    && matches!(one.kind, Kind::Seq(_))
                {
                    let (one, at) = (one.clone(), *at);
                    rest.pos.clear();
                    rest.spread(&one, at);
                }
                match &receiver.kind {
                    Kind::Api(path) => {
                        let site = Site {
                            path: *path,
                            receiver: Some(&this),
                            args: &rest,
                            callee_taint: &receiver.taint,
                            span,
                        };
                        Some(self.call_api(&site, false))
                    }
                    _ => Some(self.java_invoke(&this, receiver, rest, span)),
                }
            }
            "invokeExact" | "invokeWithArguments" if reflected => {
                Some(self.call(receiver, args.clone(), span))
            }
            _ => None,
        }
    }

    /// Returns the method of a class that a value names.
    pub(crate) fn java_method_named(
        &mut self,
        class: &Value,
        name: &Value,
        span: Span,
    ) -> Option<Value> {
        self.java_reflected(class, "getMethod", &Args::of([name.clone()]), span)
    }

    /// What a thing gives without being asked for anything more carries what the thing was made
    /// with: the stream of a connection its address.
    pub(crate) fn java_carried(&mut self, value: Value, site: &Site<'_>) -> Value {
        let (Kind::Instance(made), Some(receiver)) = (&value.kind, site.receiver) else {
            return value;
        };
        let Kind::Instance(from) = &receiver.kind else {
            return value;
        };
        let bare = from.args.is_empty() && from.fields.borrow().is_empty();
        if Rc::ptr_eq(made, from) || !made.args.is_empty() || bare {
            return value;
        }
        let path = Arc::clone(self.paths.text(made.path));
        let fields = from.fields.borrow().clone();
        let carried = self.instance_of(&path, from.args.clone(), value.taint.clone());
        if let Kind::Instance(new) = &carried.kind {
            *new.fields.borrow_mut() = fields;
        }
        carried
    }

    /// Makes an instance of a class of an API.
    pub(crate) fn instance_of(&mut self, path: &str, args: Vec<Value>, taint: Taint) -> Value {
        let path = self.paths.get(path);
        self.instance(path, &Args::of(args), taint)
    }

    /// Calls a method, or those of several that take the arguments.
    pub(crate) fn java_invoke(
        &mut self,
        holder: &Value,
        member: &Value,
        args: Args,
        span: Span,
    ) -> Value {
        let mut result: Option<Value> = None;
        for one in self.taking(member, &args) {
            let Kind::Func(closure) = &one.kind else {
                return self.call(&one, args, span);
            };
            let closure = Rc::clone(closure);
            let this = if Self::is_static(&closure) {
                let class = closure.class.borrow().clone();
                class.map(|class| Value::new(Kind::Class(class)))
            } else {
                Some(holder.clone())
            };
            let given = self.laid_out(&closure, args.clone());
            let taint = given.taint();
            let value = self.call_closure(&closure, this, given, span);
            let value = self.java_result(&closure, value, &taint);
            result = Some(match result {
                Some(old) => join::join(&old, &value),
                None => value,
            });
        }
        result.unwrap_or_else(|| Value::unknown(Why::Call))
    }

    /// A method without a body gives something of its type; so does one of which nothing is known.
    fn java_result(&mut self, closure: &Rc<Closure>, value: Value, taint: &Taint) -> Value {
        let t = Arc::clone(&self.units[closure.unit as usize].tree);
        let func = t.func(closure.func);
        let is_abstract = func.body.len == 0 && matches!(value.kind, Kind::Null);
        if !is_abstract && !value.is_unknown() {
            return value;
        }
        let Some(returns) = func.returns else {
            return value;
        };
        let unit = std::mem::replace(&mut self.unit, closure.unit);
        let kind = self.java_type(&t, returns);
        self.unit = unit;
        let taint = if is_abstract { taint } else { &value.taint };
        match kind {
            Some(kind) => kind.tainted(taint),
            None if is_abstract => Value::unknown_with(Why::Call, taint.clone()),
            None => value,
        }
    }

    /// Lays out an array that is given for a parameter of any number.
    fn laid_out(&self, closure: &Closure, mut args: Args) -> Args {
        let func = self.units[closure.unit as usize].tree.func(closure.func);
        let is_rest = func
            .params
            .last()
            .is_some_and(|p| p.kind == ParamKind::Rest);
        if is_rest
            && args.pos.len() == func.params.len()
            && matches!(args.pos.last(), Some((v, _)) if matches!(v.kind, Kind::Seq(_)))
            && let Some((array, span)) = args.pos.pop()
        {
            args.spread(&array, span);
        }
        args
    }

    /// Returns those of several methods that take the arguments; all where none seems to.
    fn taking(&self, member: &Value, args: &Args) -> Vec<Value> {
        let all = member.alternatives();
        if all.len() == 1 {
            return all.to_vec();
        }
        let fitting = |exact: bool| -> Vec<Value> {
            let fits = all.iter().filter(|one| match &one.kind {
                Kind::Func(closure) => self.takes(closure, args, exact),
                _ => false,
            });
            fits.take(MAX_TAKEN).cloned().collect()
        };
        for exact in [true, false] {
            let found = fitting(exact);
            if !found.is_empty() {
                return found;
            }
        }
        all.iter().take(MAX_TAKEN).cloned().collect()
    }

    fn takes(&self, closure: &Closure, args: &Args, exact: bool) -> bool {
        let t = &self.units[closure.unit as usize].tree;
        let params = &t.func(closure.func).params;
        let is_rest = params.last().is_some_and(|p| p.kind == ParamKind::Rest);
        if is_rest && !exact {
            return args.len() + 1 >= params.len();
        }
        if args.more.is_none() && params.len() != args.len() {
            return false;
        }
        params.iter().zip(&args.pos).all(|(param, (value, _))| {
            let Some(Expr::Name(name)) = param.annotation.map(|a| t.expr(a)) else {
                return true;
            };
            may_be(value, self.interner.name(*name))
        })
    }

    /// Calls a value that is no plain method; `None` for what every language calls alike.
    pub(crate) fn java_call_value(
        &mut self,
        function: &Value,
        args: &Args,
        span: Span,
        new: bool,
    ) -> Option<Value> {
        match &function.kind {
            Kind::Class(class) => {
                let class: Rc<ClassVal> = Rc::clone(class);
                Some(self.java_new(&class, args.clone(), span))
            }
            Kind::Object(object) => {
                let class = Rc::clone(&object.class);
                let method = FUNCTIONAL
                    .iter()
                    .filter_map(|name| self.interner.find(name))
                    .find_map(|name| class.member(name))?;
                Some(self.java_invoke(function, &method, args.clone(), span))
            }
            Kind::Func(closure) if closure.this.is_none() => {
                let closure = Rc::clone(closure);
                let class = closure.class.borrow().clone()?;
                let func = self.units[closure.unit as usize].tree.func(closure.func);
                // `Type::method` takes its receiver as first argument.
                if !Self::is_static(&closure) && args.len() == func.params.len() + 1 {
                    let mut rest = args.clone();
                    let (this, _) = rest.pos.remove(0);
                    return Some(self.java_invoke(&this, function, rest, span));
                }
                let this = Value::new(Kind::Class(class));
                Some(self.java_invoke(&this, function, args.clone(), span))
            }
            Kind::OneOf(values)
                if values.iter().all(|v| matches!(v.kind, Kind::Func(_))) && !new =>
            {
                let taken = self.taking(function, args);
                let mut results = Vec::new();
                for one in taken {
                    results.push(self.call(&one, args.clone(), span));
                }
                results.into_iter().reduce(|a, b| join::join(&a, &b))
            }
            _ => None,
        }
    }

    /// Reads what Java has attributes for beside fields: `length`, `class`, `Outer.this`, `A::b`.
    pub(crate) fn java_attr(&mut self, object: &Value, name: Sym) -> Option<Value> {
        let text = self.text(name);
        match &*text {
            "class" => return Some(object.clone()),
            "this" => return Some(self.java_this_of(object)),
            "length" => {
                if let Kind::Seq(seq) = &object.kind
                    && seq.rest.borrow().is_none()
                {
                    return Some(Value::int(seq.items.borrow().len() as i64));
                }
                return None;
            }
            _ => {}
        }
        let plain = text.strip_suffix("()")?;
        let class = match &object.kind {
            Kind::Object(inner) => Rc::clone(&inner.class),
            Kind::Class(class) => Rc::clone(class),
            Kind::Api(path) => {
                let plain: Arc<str> = plain.into();
                let child = self.paths.child(*path, &plain);
                return Some(Value {
                    kind: Kind::Api(child),
                    taint: object.taint.clone(),
                });
            }
            _ => {
                let name = self.interner.intern(plain);
                let member = MemberVal {
                    receiver: object.clone(),
                    receiver_name: None,
                    name,
                };
                return Some(Value {
                    kind: Kind::Member(Rc::new(member)),
                    taint: object.taint.clone(),
                });
            }
        };
        let member = class.member(name)?;
        if matches!(object.kind, Kind::Class(_)) {
            return Some(member);
        }
        Some(Value::new(Kind::Bound(Rc::new((object.clone(), member)))))
    }
}

/// Whether a value may be given for a parameter of a type with this name.
fn may_be(value: &Value, kind: &str) -> bool {
    let open = kind.len() == 1 || matches!(kind, "Object" | "Comparable" | "Serializable");
    let number = matches!(
        kind,
        "int" | "long" | "short" | "byte" | "double" | "float" | "Integer" | "Long" | "Number"
    );
    match &value.kind {
        _ if open => true,
        Kind::Str(text) => {
            matches!(kind, "String" | "CharSequence")
                || matches!(kind, "char" | "int" | "Character") && text.chars().count() == 1
        }
        Kind::Pattern(_) => matches!(kind, "String" | "CharSequence"),
        Kind::Int(_) | Kind::Float(_) => number || kind == "char",
        Kind::Bool(_) => matches!(kind, "boolean" | "Boolean"),
        Kind::Func(_) | Kind::Seq(_) | Kind::Map(_) => {
            !number && !matches!(kind, "String" | "boolean" | "char")
        }
        _ => true,
    }
}
