//! Names, attributes and items.

use super::args::Args;
use super::function::Decorated;
use super::{Interp, MAX_CALL_DEPTH};
use crate::paths::PathId;
use crate::value::{Behind, InstanceVal, Key, Kind, MemberVal, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_lang::tree::Expr;
use tares_model::effect::Device;
use tares_model::{LabelSet, Span};

impl Interp<'_> {
    /// Reads `object.name`.
    pub(crate) fn attr(
        &mut self,
        object: &Value,
        object_name: Option<Sym>,
        name: Sym,
        span: Span,
    ) -> Value {
        // Prototypes, proxies and descriptors may lead back to where they began.
        self.deeper(Value::unknown(Why::Fuel), |interp| {
            interp.attr_value(object, object_name, name, span)
        })
    }

    fn attr_value(
        &mut self,
        object: &Value,
        object_name: Option<Sym>,
        name: Sym,
        span: Span,
    ) -> Value {
        if self.is_java()
            && let Some(value) = self.java_attr(object, name)
        {
            return value;
        }
        if let Some(request) = self.own_request(object, object_name, name, span) {
            return request;
        }
        match &object.kind {
            Kind::Api(path) => self.api_attr(object, *path, name, span),
            Kind::Instance(instance) => {
                let instance = Rc::clone(instance);
                self.instance_attr(object, &instance, name, span)
            }
            Kind::Object(_) => self.object_attr(object, name, span),
            // A class of JavaScript keeps its members in its prototype.
            Kind::Class(_) if self.is_js() && &**self.interner.name(name) == "prototype" => {
                object.clone()
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                match class.member(name) {
                    Some(value) => self.bind_class(object, value),
                    None => self.class_fallback(&class, name, span),
                }
            }
            Kind::Map(map) if self.is_js() || map.get_text(self.interner.name(name)).is_some() => {
                let text = self.text(name);
                let map = Rc::clone(map);
                match map.get_text(&text) {
                    Some(Value {
                        kind: Kind::Func(getter),
                        ..
                    }) if self.is_getter(&getter) => {
                        self.call_closure(&getter, Some(object.clone()), Args::default(), span)
                    }
                    Some(value) => value.tainted(&object.taint),
                    None => self.answered(object, &map, name, span),
                }
            }
            Kind::Str(_) | Kind::Bytes(_) | Kind::Seq(_)
                if self.is_js() && matches!(&**self.interner.name(name), "length" | "size") =>
            {
                length(object)
                    .unwrap_or_else(|| Value::unknown(Why::Operation))
                    .tainted(&object.taint)
            }
            Kind::Module(index) => self.module_attr(*index, name, span),
            Kind::Import(import) => {
                let import = Rc::clone(import);
                let text = self.text(name);
                let value = self.lead_on(&import, &text);
                self.constant_of(value)
            }
            Kind::Func(closure) => {
                let text = self.text(name);
                if is_function_method(self.is_js(), &text) {
                    return member(object, name);
                }
                let adds = matches!(
                    &*text,
                    "setter" | "getter" | "deleter" | "register" | "__get__"
                );
                if self.is_python() && adds && closure.field(&text).is_none() {
                    return member(object, name);
                }
                let closure = Rc::clone(closure);
                closure
                    .field(&text)
                    .or_else(|| self.func_text(&closure, &text))
                    .unwrap_or_else(|| self.missing(object, name, span))
            }
            Kind::Partial(partial) if self.is_python() => {
                let text = self.text(name);
                match &*text {
                    "func" => partial.callee.clone(),
                    "args" => partial.args.tuple_from(0),
                    "keywords" => {
                        let named = partial.args.named.iter();
                        let named = named.map(|(n, v, _)| (Key::Text(Arc::clone(n)), v.clone()));
                        Value::map(named.collect(), partial.args.more_named.clone())
                    }
                    _ => self.missing(object, name, span),
                }
            }
            Kind::OneOf(values) => {
                let values: Vec<Value> = values
                    .iter()
                    .map(|v| self.attr(v, object_name, name, span))
                    .collect();
                values
                    .into_iter()
                    .reduce(|a, b| join::join(&a, &b))
                    .unwrap_or_else(|| Value::unknown(Why::Join))
            }
            Kind::Bound(bound) => {
                let (receiver, function) = (bound.0.clone(), bound.1.clone());
                match &**self.interner.name(name) {
                    "__self__" => receiver,
                    "__func__" => function,
                    _ => self.attr(&function, object_name, name, span),
                }
            }
            _ => self.other_attr(object, object_name, name, span),
        }
    }

    /// The attribute of a value that has none of its own.
    fn other_attr(
        &mut self,
        object: &Value,
        object_name: Option<Sym>,
        name: Sym,
        span: Span,
    ) -> Value {
        let text = self.text(name);
        if matches!(&*text, "__dict__" | "__globals__" | "__builtins__")
            || self.paths.models().methods(&text).is_some()
            || !object.is_unknown()
        {
            let member = MemberVal {
                receiver: object.clone(),
                receiver_name: object_name,
                name,
            };
            let taint = object.deep_taint();
            let mut value = Value {
                kind: Kind::Member(Rc::new(member)),
                taint,
            };
            value.taint = value.taint.merge(&self.named_taint(&text, span));
            return value;
        }
        self.missing(object, name, span)
    }

    fn api_attr(&mut self, object: &Value, path: PathId, name: Sym, span: Span) -> Value {
        let text = self.text(name);
        if is_function_method(self.is_js(), &text) && &**self.paths.text(path) != "Reflect" {
            return member(object, name);
        }
        if let Some(value) = self.api_text(object, &text) {
            return value;
        }
        if &*text == "__dict__" {
            return member(object, name);
        }
        if &**self.paths.text(path) == "globals()"
            && let Some(value) = self.module_scope().get(name)
        {
            return value;
        }
        let mut child = self.paths.child(path, &text);
        if self.is_python() {
            child = self.module_of_module(path, child, &text);
        }
        let mut taint = self.inherited_taint(path, &object.taint);
        if !taint.labels().is_empty() {
            taint = taint.merge(&self.named_taint(&text, span));
        }
        if self.is_js() {
            self.emit_item(path, &text, span);
        }
        self.read_path(child, &taint, span)
    }

    /// `shutil.os` is the module `os` that `shutil` imports.
    fn module_of_module(&mut self, parent: PathId, child: PathId, name: &str) -> PathId {
        let imported = matches!(
            name.trim_start_matches('_'),
            "os" | "sys"
                | "subprocess"
                | "builtins"
                | "importlib"
                | "socket"
                | "shutil"
                | "pickle"
                | "ctypes"
        );
        let node = self.paths.node(child);
        let modelled = node.calls.is_some() || node.read.is_some() || node.kind.is_some();
        let parent = self.paths.text(parent);
        let is_module = !parent.contains(['(', '[']) && !parent.contains(char::is_uppercase);
        if imported && !modelled && is_module {
            self.paths.get(name.trim_start_matches('_'))
        } else {
            child
        }
    }

    fn instance_attr(
        &mut self,
        object: &Value,
        instance: &InstanceVal,
        name: Sym,
        span: Span,
    ) -> Value {
        let text = self.text(name);
        if &*text == "__dict__" && self.is_python() {
            return member(object, name);
        }
        if self.is_js() {
            let error = self.paths.text(instance.path).ends_with("Error");
            let pattern = &**self.paths.text(instance.path) == "RegExp";
            match &*text {
                "message" if error => {
                    if let Some(said) = instance.args.first() {
                        return said.clone().tainted(&object.taint);
                    }
                }
                "source" if pattern => {
                    if let Some(source) = instance.args.first() {
                        let odd = Taint::device(Device::OddCarrier);
                        return source.clone().tainted(&odd);
                    }
                }
                _ => {}
            }
        }
        if &*text == "args" && self.paths.text(instance.path).ends_with("Error") {
            return Value::seq(crate::value::SeqSort::Tuple, instance.args.clone())
                .tainted(&object.taint);
        }
        let field = instance
            .fields
            .borrow()
            .iter()
            .rev()
            .find(|(n, _)| *n == text)
            .map(|(_, v)| v.clone());
        let child = self.paths.child(instance.path, &text);
        let node = self.paths.node(child);
        let modelled = node.calls.is_some() || node.read.is_some();
        if let Some(value) = field.filter(|_| !modelled) {
            return value.tainted(&object.taint);
        }
        let taint = self.inherited_taint(instance.path, &object.taint);
        let value = self.read_path(child, &taint, span);
        match value.kind {
            // A method keeps its receiver, whose fields carry options.
            Kind::Api(_) if modelled => Value {
                taint: value.taint.clone(),
                kind: Kind::Bound(Rc::new((object.clone(), value))),
            },
            _ => value,
        }
    }

    /// The attribute of something that says nothing about it.
    fn missing(&mut self, object: &Value, name: Sym, span: Span) -> Value {
        let text = self.text(name);
        let taint = match &object.kind {
            Kind::Map(map) => map
                .rest
                .borrow()
                .as_ref()
                .map_or(Taint::NONE, Value::deep_taint)
                .merge(&object.taint),
            _ => object.taint.clone(),
        };
        if matches!(object.kind, Kind::Map(_)) {
            let taint = taint.merge(&self.named_taint(&text, span));
            let member = MemberVal {
                receiver: object.clone(),
                receiver_name: None,
                name,
            };
            return Value {
                kind: Kind::Member(Rc::new(member)),
                taint,
            };
        }
        let why = match object.kind {
            Kind::Unknown(why) => why,
            _ => Why::Operation,
        };
        Value::unknown_with(why, taint.merge(&self.named_taint(&text, span)))
    }

    /// Labels of a type hold for everything read from its instances.
    pub(super) fn inherited_taint(&mut self, path: PathId, taint: &Taint) -> Taint {
        let Some(kind) = self.paths.node(path).kind else {
            return taint.clone();
        };
        if kind.labels.is_empty() || !taint.labels().is_empty() {
            return taint.clone();
        }
        let labels: LabelSet = kind.labels.iter().copied().collect();
        let what = format!("`{}` is {}", kind.name, crate::names::describe_all(labels));
        let span = self.statement;
        taint.merge(&self.taint_here(labels, span, &what))
    }

    fn object_attr(&mut self, object: &Value, name: Sym, span: Span) -> Value {
        if self.is_go() {
            return self.go_field(object, name, span);
        }
        let Kind::Object(inner) = &object.kind else {
            return Value::unknown(Why::Operation);
        };
        let inner = Rc::clone(inner);
        if self.is_python() && !inner.weak {
            let key = Value::str(self.text(name));
            if let Some(value) = self.special(object, "__getattribute__", Args::of([key])) {
                return value;
            }
        }
        // A descriptor that is written to comes before the fields, any other after them.
        let field = inner.fields.borrow().get(&name).cloned();
        if let Some(value) = field {
            return value;
        }
        if let Some(member) = inner.class.member(name) {
            return self.bind(object, member);
        }
        let text = self.text(name);
        if let Some(method) = self.inner_method(object, name) {
            return if self.is_js() && matches!(&*text, "length" | "size") {
                let inner = self.plain(object);
                self.attr(&inner, None, name, span)
            } else {
                method
            };
        }
        if &*text == "__class__" || (self.is_js() && &*text == "constructor") {
            return Value::new(Kind::Class(Rc::clone(&inner.class)));
        }
        if &*text == "__dict__" {
            return Value::new(Kind::Member(Rc::new(MemberVal {
                receiver: object.clone(),
                receiver_name: None,
                name,
            })));
        }
        if self.call_depth < MAX_CALL_DEPTH {
            let key = Value::str(Arc::clone(&text));
            if let Some(value) = self.special(object, "__getattr__", Args::of([key])) {
                return value;
            }
        }
        if let Some(base) = inner.class.api_base() {
            let child = self.paths.child(base, &text);
            let node = self.paths.node(child);
            if node.calls.is_some() || node.read.is_some() || node.kind.is_some() {
                let taint = self.inherited_taint(base, &object.taint);
                return self.read_path(child, &taint, span);
            }
        }
        if self.paths.models().methods(&text).is_some() {
            let member = MemberVal {
                receiver: object.clone(),
                receiver_name: None,
                name,
            };
            return Value::new(Kind::Member(Rc::new(member)));
        }
        let hinted = self.hinted(&text, span);
        let taint = self.named_taint(&text, span);
        hinted
            .unwrap_or_else(|| Value::unknown(Why::Name))
            .tainted(&taint)
    }

    /// Binds a class member that was reached through an instance.
    fn bind(&mut self, object: &Value, member: Value) -> Value {
        match &member.kind {
            Kind::Func(closure) => match closure.decorated.get() {
                Decorated::Plain if self.is_getter(closure) => {
                    self.call_bound(object, &member, Args::default())
                }
                Decorated::Property => self.call_bound(object, &member, Args::default()),
                Decorated::Static => member,
                Decorated::ClassMethod => {
                    let class = match &object.kind {
                        Kind::Object(o) => Value::new(Kind::Class(Rc::clone(&o.class))),
                        _ => object.clone(),
                    };
                    Value::new(Kind::Bound(Rc::new((class, member))))
                }
                Decorated::Plain => Value::new(Kind::Bound(Rc::new((object.clone(), member)))),
            },
            Kind::Object(_) => self
                .special(
                    &member,
                    "__get__",
                    Args::of([object.clone(), Value::new(Kind::Null)]),
                )
                .unwrap_or(member),
            Kind::Partial(partial) if partial.method => {
                Value::new(Kind::Bound(Rc::new((object.clone(), member))))
            }
            _ => member,
        }
    }

    fn bind_class(&mut self, class: &Value, member: Value) -> Value {
        match &member.kind {
            Kind::Func(closure) if closure.decorated.get() == Decorated::ClassMethod => {
                Value::new(Kind::Bound(Rc::new((class.clone(), member))))
            }
            Kind::Func(closure) if self.is_getter(closure) => {
                self.call_bound(class, &member, Args::default())
            }
            Kind::Object(_) => self
                .special(
                    &member,
                    "__get__",
                    Args::of([Value::new(Kind::Null), class.clone()]),
                )
                .unwrap_or(member),
            _ => member,
        }
    }

    /// Returns what every class knows of itself.
    fn class_text(&mut self, class: &Rc<super::class::ClassVal>, name: &str) -> Option<Value> {
        if self.is_js() {
            return None;
        }
        let all = |names: Vec<Sym>, s: &Self| {
            let texts = names.into_iter().map(|n| Value::str(s.text(n)));
            Value::seq(crate::value::SeqSort::Tuple, texts.collect())
        };
        match name {
            "__dict__" => {
                let value = Value::new(Kind::Class(Rc::clone(class)));
                let name = self.interner.intern(name);
                Some(member(&value, name))
            }
            "__bases__" => Some(Value::seq(
                crate::value::SeqSort::Tuple,
                class.bases.clone(),
            )),
            "__mro__" => {
                let mut all: Vec<_> = class.from_the_root().map(Rc::clone).collect();
                all.reverse();
                let all = all.into_iter().map(|c| Value::new(Kind::Class(c)));
                Some(Value::seq(crate::value::SeqSort::Tuple, all.collect()))
            }
            "_fields" | "__match_args__" => {
                let fields = self.record_fields(class);
                (!fields.is_empty()).then(|| all(fields, self))
            }
            "__members__" => {
                self.enumerated(class)?;
                let names: Vec<Sym> = class.declared.clone();
                let mut entries = Vec::new();
                for name in names {
                    let value = class.members.borrow().get(&name).cloned();
                    if let Some(value) = value.filter(|v| matches!(v.kind, Kind::Object(_))) {
                        entries.push((Key::Text(self.text(name)), value));
                    }
                }
                Some(Value::map(entries, None))
            }
            _ => None,
        }
    }

    fn class_fallback(
        &mut self,
        class: &Rc<super::class::ClassVal>,
        name: Sym,
        span: Span,
    ) -> Value {
        let text = self.text(name);
        if &*text == "__name__" || (self.is_js() && &*text == "name") {
            return Value::str(&*class.name).tainted(&Taint::device(Device::OddCarrier));
        }
        if let Some(meta) = class.metaclass() {
            let value = Value::new(Kind::Class(Rc::clone(class)));
            if let Some(member) = meta.member(name) {
                return self.bind(&value, member);
            }
            let asked = self
                .interner
                .find("__getattr__")
                .and_then(|n| meta.member(n));
            if let Some(method) = asked {
                return self.call_bound(&value, &method, Args::of([Value::str(text)]));
            }
        }
        if let Some(value) = self.class_text(class, &text) {
            return value;
        }
        match class.api_base() {
            Some(base) => {
                let child = self.paths.child(base, &text);
                self.read_path(child, &Taint::NONE, span)
            }
            None => Value::unknown(Why::Name),
        }
    }

    /// Returns the text that a thing of an API carries as its name.
    fn api_text(&self, object: &Value, name: &str) -> Option<Value> {
        let Kind::Api(path) = &object.kind else {
            return None;
        };
        if !matches!(name, "__name__" | "__qualname__") {
            return None;
        }
        let text = self.paths.text(*path);
        let last = text.rsplit('.').next().unwrap_or(text);
        Some(Value::str(last).tainted(&Taint::device(Device::OddCarrier)))
    }

    fn func_text(&mut self, closure: &Rc<super::function::Closure>, name: &str) -> Option<Value> {
        let odd = Taint::device(Device::OddCarrier);
        match name {
            "__name__" | "name" => {
                let last = closure.name.rsplit('.').next().unwrap_or("");
                Some(Value::str(last).tainted(&odd))
            }
            "__doc__" => {
                let tree = Arc::clone(&self.units[closure.unit as usize].tree);
                let doc = tree.func(closure.func).doc.clone()?;
                Some(Value::str(doc).tainted(&odd))
            }
            "__globals__" => Some(self.api("globals()")),
            "__code__" => Some(Value::new(Kind::Func(Rc::clone(closure)))),
            "__defaults__" if self.is_python() => {
                let given = closure.defaults.iter().flatten().cloned();
                Some(Value::seq(crate::value::SeqSort::Tuple, given.collect()))
            }
            "__kwdefaults__" => {
                let tree = Arc::clone(&self.units[closure.unit as usize].tree);
                let params = tree.func(closure.func).params.iter();
                let named = params
                    .zip(&closure.defaults)
                    .filter_map(|(param, default)| {
                        let Expr::Name(name) = tree.expr(param.pattern) else {
                            return None;
                        };
                        let keyword = param.kind == tares_lang::tree::ParamKind::Keyword;
                        let default = default.clone().filter(|_| keyword)?;
                        Some((Key::Text(self.text(*name)), default))
                    });
                let named = named.collect();
                Some(Value::map(named, None))
            }
            "prototype" if self.is_js() => {
                let prototype = Value::map(Vec::new(), None);
                let mut fields = closure.fields.borrow_mut();
                fields.push(("prototype".into(), prototype.clone()));
                Some(prototype)
            }
            _ => None,
        }
    }

    /// Returns what stands behind a map of JavaScript that has no such entry itself.
    pub(super) fn answered(
        &mut self,
        object: &Value,
        map: &Rc<crate::value::MapVal>,
        name: Sym,
        span: Span,
    ) -> Value {
        match map.behind() {
            Some(Behind::Prototype(parent)) if self.call_depth < MAX_CALL_DEPTH => {
                if let Kind::Map(parent) = &parent.kind
                    && let Some(Value {
                        kind: Kind::Func(getter),
                        ..
                    }) = parent.get_text(&self.text(name))
                    && self.is_getter(&getter)
                {
                    return self.call_closure(&getter, Some(object.clone()), Args::default(), span);
                }
                self.attr(&parent, None, name, span)
            }
            Some(Behind::Proxy(target, handler)) if self.call_depth < MAX_CALL_DEPTH => {
                let key = Value::str(self.text(name));
                let args = Args::of([target.clone(), key, object.clone()]);
                match self.ask(&handler, "get", args) {
                    Some(value) => value,
                    None => self.attr(&target, None, name, span),
                }
            }
            _ => self.missing(object, name, span),
        }
    }

    /// Returns the field of an object without running anything.
    pub(crate) fn field(&mut self, object: &Value, name: Sym) -> Option<Value> {
        match &object.kind {
            Kind::Object(object) => object
                .fields
                .borrow()
                .get(&name)
                .cloned()
                .or_else(|| object.class.member(name)),
            Kind::Map(map) => map.get_text(&self.text(name)),
            Kind::Class(class) => class.member(name),
            Kind::Instance(instance) => {
                let text = self.text(name);
                instance
                    .fields
                    .borrow()
                    .iter()
                    .rev()
                    .find(|(n, _)| *n == text)
                    .map(|(_, v)| v.clone())
            }
            _ => None,
        }
    }

    /// Returns the scope of the module that the running code belongs to, text run as code included.
    pub(crate) fn module_scope(&self) -> Rc<super::scope::Scope> {
        let mut unit = self.unit;
        while let Some((outer, _)) = self.units[unit as usize].inside {
            unit = outer;
        }
        Rc::clone(&self.units[unit as usize].scope)
    }

    /// Calls a special method of an object if its class defines it.
    pub(crate) fn special(&mut self, object: &Value, name: &str, args: Args) -> Option<Value> {
        let Kind::Object(inner) = &object.kind else {
            return None;
        };
        let name = self.interner.find(name)?;
        let method = inner.class.member(name)?;
        Some(self.call_bound(object, &method, args))
    }

    pub(crate) fn super_value(&mut self) -> Value {
        let Some(class) = self.frame.class.clone() else {
            return Value::unknown(Why::Name);
        };
        match class.bases.first() {
            Some(base) => base.clone(),
            None => Value::unknown(Why::Name),
        }
    }
}

/// Whether functions have a method of this name that calls them, or looks things up in them.
fn is_function_method(js: bool, name: &str) -> bool {
    if js {
        matches!(name, "call" | "apply" | "bind")
    } else {
        matches!(name, "__call__" | "__getattribute__")
    }
}

/// Returns a method as a value that keeps its receiver.
pub(crate) fn member(object: &Value, name: Sym) -> Value {
    let member = MemberVal {
        receiver: object.clone(),
        receiver_name: None,
        name,
    };
    Value {
        kind: Kind::Member(Rc::new(member)),
        taint: object.taint.clone(),
    }
}

/// `items[slice(1, 2)]`.
pub(super) fn sliced(object: &Value, parts: &[Value]) -> Value {
    let null = || Value::new(Kind::Null);
    let part = |i: usize| parts.get(i).cloned().unwrap_or_else(null);
    let parts = match parts.len() {
        1 => [null(), part(0), null()],
        _ => [part(0), part(1), part(2)],
    };
    crate::fold::sequence::slice(object, &parts)
}

/// Returns the length of a text or sequence that is known.
fn length(value: &Value) -> Option<Value> {
    let length = match &value.kind {
        Kind::Str(text) => text.encode_utf16().count(),
        Kind::Bytes(bytes) => bytes.len(),
        Kind::Seq(seq) if seq.rest.borrow().is_none() => seq.items.borrow().len(),
        _ => return None,
    };
    Some(Value::int(length as i64))
}

/// Returns the devices of a text as a taint of their own.
pub(crate) fn device_taint(value: &Value) -> Taint {
    value.taint.devices().fold(Taint::NONE, |taint, device| {
        taint.merge(&Taint::device(device))
    })
}

/// Whether a path is a map from names to things.
pub(crate) fn is_namespace(path: &str) -> bool {
    matches!(path, "globals()" | "locals()" | "vars()" | "sys.modules")
}
