//! Items: what `object[key]` and an attribute that is named by text give.

use super::Interp;
use super::args::Args;
use super::attr::{device_taint, is_namespace, sliced};
use crate::paths::PathId;
use crate::value::{Behind, Kind, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_model::Span;
use tares_model::effect::Device;

impl Interp<'_> {
    /// Reads `object[key]`.
    pub(crate) fn index(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        if self.is_go()
            && let Some(value) = self.go_index(object, key)
        {
            return value;
        }
        let taint = object.taint.merge(&key.taint.without_devices());
        if let (Kind::Object(_) | Kind::Class(_), Kind::Api(path), true) =
            (&object.kind, &key.kind, self.is_js())
        {
            let key = Value::str(Arc::clone(self.paths.text(*path)));
            return self.index(object, &key, span);
        }
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
                if let Some(inner) = self.inner(object) {
                    return self.inner_item(object, &inner, key, span);
                }
                if self.is_js() {
                    return self.attr_by_text(object, key, span);
                }
            }
            Kind::Class(class) if self.is_python() => {
                let class = Rc::clone(class);
                return self.class_item(object, &class, key, span);
            }
            Kind::Class(_) | Kind::Func(_) | Kind::Module(_) => {
                return self.attr_by_text(object, key, span);
            }
            _ => {}
        }
        if let (Kind::Seq(_) | Kind::Str(_) | Kind::Bytes(_), Kind::Instance(slice)) =
            (&object.kind, &key.kind)
            && self.paths.text(slice.path).starts_with("slice")
        {
            return sliced(object, &slice.args);
        }
        let own_key;
        let key = match key.kind {
            Kind::Object(_) | Kind::Map(_) if self.is_js() => {
                own_key = self.textual(key);
                &own_key
            }
            Kind::Api(path) if self.is_js() && matches!(object.kind, Kind::Map(_)) => {
                own_key = Value::str(Arc::clone(self.paths.text(path)));
                &own_key
            }
            Kind::Object(_) => {
                own_key = self.as_index(key);
                &own_key
            }
            _ => key,
        };
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
            crate::fold::sequence::Item::Missing if matches!(&object.kind, Kind::Map(map) if map.behind.borrow().is_some()) =>
            {
                return self.behind_item(object, key, span);
            }
            crate::fold::sequence::Item::Missing if self.is_python() => {
                self.raised = true;
                return Value::unknown(Why::Operation);
            }
            crate::fold::sequence::Item::Missing => {
                if matches!(object.kind, Kind::Seq(_)) && key.as_int().is_some() {
                    return Value::new(Kind::Undefined);
                }
                if matches!(object.kind, Kind::Map(_)) && key.as_str().is_some() {
                    return Value::new(Kind::Undefined);
                }
            }
            crate::fold::sequence::Item::Unknown => {
                if let Some(one) = one_of_constants(object) {
                    return one;
                }
            }
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

    /// The item of an object derived from a builtin container; its class may answer what is missing.
    pub(super) fn inner_item(
        &mut self,
        object: &Value,
        inner: &Value,
        key: &Value,
        span: Span,
    ) -> Value {
        let raised = std::mem::replace(&mut self.raised, false);
        let value = self.index(inner, key, span);
        let missing = std::mem::replace(&mut self.raised, raised);
        if !missing {
            return value;
        }
        match self.special(object, "__missing__", Args::of([key.clone()])) {
            Some(value) => value,
            None => {
                self.raised = true;
                value
            }
        }
    }

    /// `Enum["NAME"]`, what a class makes of a subscript, and subscripted generics.
    pub(super) fn class_item(
        &mut self,
        object: &Value,
        class: &Rc<super::class::ClassVal>,
        key: &Value,
        span: Span,
    ) -> Value {
        let asked = self.interner.find("__getitem__");
        let method = class.metaclass().and_then(|meta| meta.member(asked?));
        if let Some(method) = method {
            return self.call_bound(object, &method, Args::of([key.clone()]));
        }
        let asked = self.interner.find("__class_getitem__");
        if let Some(method) = asked.and_then(|name| class.member(name)) {
            return self.call_bound(object, &method, Args::of([key.clone()]));
        }
        if key.as_str().is_some() {
            return self.attr_by_text(object, key, span);
        }
        object.clone()
    }

    /// The item that a map does not have itself.
    pub(super) fn behind_item(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        let Kind::Map(map) = &object.kind else {
            return Value::unknown(Why::Operation);
        };
        let map = Rc::clone(map);
        match map.behind() {
            Some(Behind::Factory(factory)) => {
                let value = self.call(&factory, Args::default(), span);
                if let Some(key) = key.as_key() {
                    self.journal.touch(super::scope::Slot::Map(Rc::clone(&map)));
                    map.set(key, value.clone());
                }
                value
            }
            _ => match key.as_str() {
                Some(text) => {
                    let name = self.interner.intern(&Arc::clone(text));
                    self.answered(object, &map, name, span)
                }
                None => Value::unknown_with(Why::Operation, object.deep_taint()),
            },
        }
    }

    pub(super) fn api_item(&mut self, object: &Value, key: &Value, span: Span) -> Value {
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
                let mut devices = device_taint(key);
                let value = self.attr(object, None, name, span);
                if devices.is_none()
                    && let (Kind::Api(_), Kind::Api(path)) = (&object.kind, &value.kind)
                    && self.paths.node(*path).calls.is_some()
                {
                    devices = Taint::device(Device::Quoted);
                }
                if is_disguised(key) && is_global(self.paths.text(path)) {
                    self.emit_reflection(object, key, span);
                }
                return value.tainted(&devices);
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
    pub(super) fn namespace_item(&mut self, path: PathId, key: &Value, span: Span) -> Value {
        if matches!(key.kind, Kind::Api(name) if &**self.paths.text(name) == "__name__") {
            return self.api("globals()");
        }
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
}

/// What a table of constants gives for a key that is not known: one of them, whoever chose.
fn one_of_constants(object: &Value) -> Option<Value> {
    let values: Vec<Value> = match &object.kind {
        Kind::Map(map) if map.rest.borrow().is_none() && map.behind().is_none() => map
            .entries
            .borrow()
            .iter()
            .map(|(_, value)| value.clone())
            .collect(),
        Kind::Seq(seq) if seq.rest.borrow().is_none() => seq.items.borrow().clone(),
        _ => return None,
    };
    let constant = |value: &Value| value.is_scalar() && value.taint.labels().is_empty();
    let closed = !values.is_empty() && values.len() <= 8 && values.iter().all(constant);
    closed.then(|| values.into_iter().reduce(|a, b| join::join(&a, &b)))?
}

/// Whether a path is the object that holds all global names.
fn is_global(path: &str) -> bool {
    matches!(path, "window" | "global" | "globalThis" | "self")
}

/// Whether a key was decoded, or put together from character codes.
fn is_disguised(key: &Value) -> bool {
    key.taint.devices().any(|device| device.grade() >= 3)
}
