//! Names, attributes and items.

use super::args::Args;
use super::function::Decorated;
use super::{Interp, MAX_CALL_DEPTH};
use crate::paths::PathId;
use crate::value::{InstanceVal, Key, Kind, MemberVal, Taint, Value, Why, join};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_model::effect::{Device, SinkSet, Target};
use tares_model::{LabelSet, Span};

impl Interp<'_> {
    /// Returns the value that a name has in the scopes, if any gives it one.
    pub(crate) fn lookup(&self, name: Sym) -> Option<Value> {
        if let Some(scope) = self.frame.outer.get(&name) {
            return scope.get(name);
        }
        let mut scope = Some(&self.frame.scope);
        while let Some(s) = scope {
            if let Some(value) = s.get(name) {
                return Some(value);
            }
            scope = s.parent.as_ref();
        }
        None
    }

    pub(crate) fn name(&mut self, name: Sym, span: Span) -> Value {
        if let Some(value) = self.lookup(name) {
            return value;
        }
        let text = self.text(name);
        self.global(&text, span)
    }

    /// Returns the value of a name that no scope defines: a builtin, a module used without its
    /// import (an excerpt), or unknown.
    pub(crate) fn global(&mut self, text: &Arc<str>, span: Span) -> Value {
        match &**text {
            "__name__" | "__file__" => return Value::unknown(Why::Name),
            "NaN" => return Value::new(Kind::Float(f64::NAN)),
            "Infinity" => return Value::new(Kind::Float(f64::INFINITY)),
            "TYPE_CHECKING" => return Value::bool(false),
            name if self.is_python()
                && name.ends_with("Error")
                && name.starts_with(|c: char| c.is_ascii_uppercase()) =>
            {
                return self.api(name);
            }
            _ => {}
        }
        if crate::fold::is_builtin(self.is_js(), text)
            || self.paths.models().knows_root(text)
            || self.paths.models().knows_root(&format!("{text}()"))
        {
            let path = self.paths.get(text);
            return self.read_path(path, &Taint::NONE, span);
        }
        Value::unknown_with(Why::Name, self.named_taint(text, span))
    }

    /// Returns the taint that a telling name gives: credentials, personal data.
    pub(crate) fn named_taint(&mut self, name: &str, span: Span) -> Taint {
        match self.names.label(name) {
            Some(label) => {
                let what = format!("`{name}` holds {}", crate::names::describe(label));
                self.taint_here(LabelSet::of(label), span, &what)
            }
            None => Taint::NONE,
        }
    }

    /// Returns the value of a path: what it was changed to, what the models say, or itself.
    pub(crate) fn read_path(&mut self, path: PathId, taint: &Taint, span: Span) -> Value {
        if let Some(value) = self.journal.overrides.get(&path) {
            return value.clone().tainted(taint);
        }
        let node = self.paths.node(path);
        let Some(read) = node.read else {
            return self.api_value(path, taint);
        };
        let text = Arc::clone(&node.text);
        let mut taint = taint.clone();
        if !read.labels.is_empty() {
            let labels: LabelSet = read.labels.iter().copied().collect();
            let what = format!("`{text}` is {}", crate::names::describe_all(labels));
            taint = taint.merge(&self.taint_here(labels, span, &what));
        }
        if !read.clean.is_empty() {
            taint = taint.cleaned(
                read.clean
                    .iter()
                    .fold(SinkSet::NONE, |set, sink| set.union(SinkSet::of(*sink))),
            );
        }
        if let Some(kind) = read.effect {
            self.emit_read(kind, path, span, Target::None);
        }
        if let Some(value) = &read.value {
            return crate::value_of_fixed(value).tainted(&taint);
        }
        let path = match &read.kind {
            Some(kind) => self.paths.get(kind),
            None => path,
        };
        Value {
            kind: Kind::Api(path),
            taint,
        }
    }

    /// Returns a thing of an API, with the labels of its type.
    pub(crate) fn api_value(&mut self, path: PathId, taint: &Taint) -> Value {
        Value {
            kind: Kind::Api(path),
            taint: taint.clone(),
        }
    }

    /// Returns an instance that an API makes.
    pub(crate) fn instance(&mut self, path: PathId, args: &Args, taint: Taint) -> Value {
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        // Options given to the constructor are fields of what it makes.
        if let Some(Kind::Map(map)) = args
            .pos
            .last()
            .filter(|_| self.is_js())
            .map(|(v, _)| &v.kind)
        {
            for (key, value) in map.entries.borrow().iter() {
                if let Key::Text(name) = key {
                    fields.push((Arc::clone(name), value.clone()));
                }
            }
        }
        fields.extend(
            args.named
                .iter()
                .map(|(name, value, _)| (Arc::clone(name), value.clone())),
        );
        let constant =
            !args.pos.is_empty() && args.is_closed() && args.values().all(Value::is_scalar);
        let args = args.pos.iter().map(|(v, _)| v.clone()).collect();
        let instance = InstanceVal {
            path,
            fields: RefCell::new(fields),
            args,
            constant,
        };
        Value {
            kind: Kind::Instance(Rc::new(instance)),
            taint,
        }
    }

    /// Reads `object.name`.
    pub(crate) fn attr(
        &mut self,
        object: &Value,
        object_name: Option<Sym>,
        name: Sym,
        span: Span,
    ) -> Value {
        match &object.kind {
            Kind::Api(path) => self.api_attr(object, *path, name, span),
            Kind::Instance(instance) => {
                let instance = Rc::clone(instance);
                self.instance_attr(object, &instance, name, span)
            }
            Kind::Object(_) => self.object_attr(object, name, span),
            Kind::Class(class) => {
                let class = Rc::clone(class);
                match class.member(name) {
                    Some(value) => self.bind_class(object, value),
                    None => self.class_fallback(&class, name, span),
                }
            }
            Kind::Map(map) if self.is_js() || map.get_text(self.interner.name(name)).is_some() => {
                let text = self.text(name);
                match map.get_text(&text) {
                    Some(Value {
                        kind: Kind::Func(getter),
                        ..
                    }) if self.is_getter(&getter) => {
                        self.call_closure(&getter, Some(object.clone()), Args::default(), span)
                    }
                    Some(value) => value.tainted(&object.taint),
                    None => self.missing(object, name, span),
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
                self.lead_on(&import, &text)
            }
            Kind::Func(closure) => {
                let text = self.text(name);
                if is_function_method(self.is_js(), &text) {
                    return member(object, name);
                }
                closure
                    .field(&text)
                    .or_else(|| self.func_text(closure, &text))
                    .unwrap_or_else(|| self.missing(object, name, span))
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
                let function = bound.1.clone();
                self.attr(&function, object_name, name, span)
            }
            _ => {
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
        }
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
        let child = self.paths.child(path, &text);
        let mut taint = self.inherited_taint(path, &object.taint);
        if !taint.labels().is_empty() {
            taint = taint.merge(&self.named_taint(&text, span));
        }
        if self.is_js() {
            self.emit_item(path, &text, span);
        }
        self.read_path(child, &taint, span)
    }

    fn instance_attr(
        &mut self,
        object: &Value,
        instance: &InstanceVal,
        name: Sym,
        span: Span,
    ) -> Value {
        let text = self.text(name);
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
    fn inherited_taint(&mut self, path: PathId, taint: &Taint) -> Taint {
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
        let Kind::Object(inner) = &object.kind else {
            return Value::unknown(Why::Operation);
        };
        let inner = Rc::clone(inner);
        if let Some(value) = inner.fields.borrow().get(&name) {
            return value.clone();
        }
        if let Some(member) = inner.class.member(name) {
            return self.bind(object, member);
        }
        let text = self.text(name);
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
            _ => member,
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
        if let Some(meta) = class.metaclass.clone()
            && let Kind::Class(meta) = &meta.kind
            && let Some(member) = meta.member(name)
        {
            return self.bind(&Value::new(Kind::Class(Rc::clone(class))), member);
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
            _ => None,
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

    /// Reads `object[key]`.
    pub(crate) fn index(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        let taint = object.taint.merge(&key.taint.without_devices());
        match &object.kind {
            Kind::OneOf(values) => {
                let values: Vec<Value> = values.iter().map(|v| self.index(v, key, span)).collect();
                return values
                    .into_iter()
                    .reduce(|a, b| join::join(&a, &b))
                    .unwrap_or_else(|| Value::unknown(Why::Join));
            }
            Kind::Member(member)
                if matches!(
                    &*self.text(member.name),
                    "__dict__" | "__globals__" | "__builtins__"
                ) =>
            {
                let receiver = member.receiver.clone();
                return self.attr_by_text(&receiver, key, span);
            }
            Kind::Api(path) if is_namespace(self.paths.text(*path)) => {
                return self.namespace_item(*path, key, span);
            }
            Kind::Object(_) => {
                if let Some(value) = self.special(object, "__getitem__", Args::of([key.clone()])) {
                    return value;
                }
                if self.is_js() {
                    return self.attr_by_text(object, key, span);
                }
            }
            Kind::Class(_) if self.is_python() => {
                // `Enum["NAME"]` and subscripted generics.
                if key.as_str().is_some() {
                    return self.attr_by_text(object, key, span);
                }
                return object.clone();
            }
            Kind::Class(_) | Kind::Func(_) | Kind::Module(_) => {
                return self.attr_by_text(object, key, span);
            }
            _ => {}
        }
        match crate::fold::sequence::item(object, key, self.is_js()) {
            crate::fold::sequence::Item::Known(value) => {
                let value = if value.is_unknown() {
                    match key.as_str() {
                        Some(text) => {
                            let taint = self.named_taint(&Arc::clone(text), span);
                            value.tainted(&taint)
                        }
                        None => value,
                    }
                } else {
                    value
                };
                return value.tainted(&taint);
            }
            crate::fold::sequence::Item::Missing if self.is_python() => {
                self.raised = true;
                return Value::unknown(Why::Operation);
            }
            crate::fold::sequence::Item::Missing => {
                if matches!(object.kind, Kind::Map(_)) && key.as_str().is_some() {
                    return Value::new(Kind::Undefined);
                }
            }
            crate::fold::sequence::Item::Unknown => {}
        }
        match &object.kind {
            Kind::Api(_) | Kind::Instance(_) => self.api_item(object, key, span),
            _ => {
                let mut taint = object.deep_taint().merge(&key.taint.without_devices());
                if let Some(text) = key.as_str() {
                    taint = taint.merge(&self.named_taint(&Arc::clone(text), span));
                }
                let why = match object.kind {
                    Kind::Unknown(why) => why,
                    _ => Why::Operation,
                };
                Value::unknown_with(why, taint)
            }
        }
    }

    fn api_item(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        let path = match &object.kind {
            Kind::Instance(instance) => instance.path,
            Kind::Api(path) => *path,
            _ => return Value::unknown(Why::Operation),
        };
        let taint = self.inherited_taint(path, &object.taint);
        if let Some(text) = key.as_str().filter(|t| t.len() <= 80) {
            let text = Arc::clone(text);
            if self.is_js() {
                let name = self.interner.intern(&text);
                let devices = device_taint(key);
                return self.attr(object, None, name, span).tainted(&devices);
            }
            self.emit_item(path, &text, span);
            let child = self.paths.child(path, &text);
            let known = self.paths.node(child).read.is_some()
                || self.journal.overrides.contains_key(&child);
            if known {
                return self.read_path(child, &taint, span);
            }
            let named = self.named_taint(&text, span);
            let item = self.paths.item(path);
            let value = self.read_path(item, &taint, span);
            return value.tainted(&named);
        }
        let item = self.paths.item(path);
        self.read_path(item, &taint, span)
            .tainted(&key.taint.without_devices())
    }

    /// Reads an attribute whose name is a value: `getattr`, `obj[name]`, `__dict__[name]`.
    pub(crate) fn attr_by_text(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        match key.as_str() {
            Some(text) => {
                let text = Arc::clone(text);
                let name = self.interner.intern(&text);
                let value = self.attr(object, None, name, span);
                let mut devices = device_taint(key);
                if self.is_python() || !devices.is_none() {
                    devices = devices.merge(&Taint::device(Device::Reflection));
                }
                // On objects of one's own a look-up by text is routine.
                if matches!(
                    object.kind,
                    Kind::Api(_) | Kind::Instance(_) | Kind::Module(_)
                ) {
                    value.tainted(&devices)
                } else {
                    value
                }
            }
            None => {
                if matches!(object.kind, Kind::Api(_) | Kind::Module(_)) {
                    self.emit_reflection(object, key, span);
                }
                let taint = object.deep_taint().merge(&key.deep_taint());
                Value::unknown_with(Why::Reflection, taint)
            }
        }
    }

    /// Reads an item of `globals()`, `sys.modules` and the like.
    fn namespace_item(&mut self, path: PathId, key: &Value, span: Span) -> Value {
        let Some(text) = key.as_str().cloned() else {
            return Value::unknown_with(Why::Reflection, key.deep_taint());
        };
        let devices = device_taint(key).merge(&Taint::device(Device::Reflection));
        let value = if &**self.paths.text(path) == "sys.modules" {
            if &*text == "__main__" {
                return self.api("globals()");
            }
            let module = self.paths.get(&text);
            Value::new(Kind::Api(module))
        } else {
            let name = self.interner.intern(&text);
            if &*text == "__builtins__" {
                let builtins = self.paths.get("builtins");
                return Value::new(Kind::Api(builtins));
            }
            self.name(name, span)
        };
        value.tainted(&devices)
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
fn member(object: &Value, name: Sym) -> Value {
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
