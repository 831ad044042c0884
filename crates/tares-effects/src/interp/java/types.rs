//! Declared types: of parameters, fields, variables and casts.

use super::super::function::Closure;
use super::super::{Exp, Interp};
use crate::paths::PathId;
use crate::value::{Kind, SeqSort, Taint, Value, Why};
use std::rc::Rc;
use tares_lang::Tree;
use tares_lang::tree::{Expr, Param};
use tares_model::effect::{Device, SinkSet};
use tares_model::{Label, LabelSet};

/// Types whose values are harmless in any text.
const NUMBERS: &[&str] = &[
    "int",
    "long",
    "short",
    "byte",
    "double",
    "float",
    "boolean",
    "Integer",
    "Long",
    "Short",
    "Byte",
    "Double",
    "Float",
    "Boolean",
    "UUID",
    "BigDecimal",
    "BigInteger",
    "LocalDate",
    "LocalDateTime",
    "Instant",
    "Duration",
];

impl Interp<'_> {
    /// Returns the value of a parameter that no caller has given.
    pub(crate) fn java_param(
        &mut self,
        t: &Tree,
        param: &Param,
        handler: Option<PathId>,
        i: usize,
        closure: &Rc<Closure>,
    ) -> Value {
        let span = t.span(param.pattern);
        let kind = param.annotation.and_then(|a| self.java_type(t, a));
        let number = param.annotation.is_some_and(|a| self.is_number(t, a));
        let named = match t.expr(param.pattern) {
            Expr::Name(name) if !number => {
                let text = self.text(*name);
                self.named_taint(&text, span)
            }
            _ => Taint::NONE,
        };
        let given = self
            .annotated_param(t, param)
            .or_else(|| handler.and_then(|h| self.handler_param(h, i, span)));
        if let Some(given) = given {
            let given = if number {
                Value::unknown_with(Why::Parameter, given.taint.cleaned(SinkSet::ALL))
            } else {
                given.tainted(&named)
            };
            return match kind {
                Some(kind) if matches!(kind.kind, Kind::Api(_)) => kind.tainted(&given.taint),
                _ => given,
            };
        }
        let label = Taint::label(Label::Parameter);
        if number {
            return Value::unknown_with(Why::Parameter, label.cleaned(SinkSet::ALL));
        }
        if closure.name.ends_with("main") && Self::is_static(closure) {
            let labels = LabelSet::of(Label::LocalInput);
            let taint = self.taint_here(labels, span, "arguments of the command line come in here");
            let rest = Value::unknown_with(Why::Parameter, taint);
            return Value::seq_with(SeqSort::List, Vec::new(), Some(rest));
        }
        match kind {
            Some(kind) if matches!(kind.kind, Kind::Import(_)) => kind.tainted(&label),
            Some(kind) => kind,
            None => Value::unknown_with(Why::Parameter, label).tainted(&named),
        }
    }

    /// What an annotation says of a parameter, as `@RequestParam` does.
    fn annotated_param(&mut self, t: &Tree, param: &Param) -> Option<Value> {
        let span = t.span(param.pattern);
        for &decorator in t.exprs(param.decorators) {
            let Expr::Call { callee, .. } = t.expr(decorator) else {
                continue;
            };
            let Kind::Api(path) = self.eval(t, *callee).kind else {
                continue;
            };
            if self.paths.node(path).kind.is_some() {
                let taint = self.type_taint(path, span);
                return Some(Value::unknown_with(Why::Call, taint));
            }
        }
        None
    }

    fn is_number(&self, t: &Tree, annotation: Exp) -> bool {
        matches!(t.expr(annotation), Expr::Name(name) | Expr::Attr { name, .. }
            if NUMBERS.contains(&&**self.interner.name(*name)))
    }

    /// Returns an instance of a declared type, if anything is known of it.
    pub(crate) fn java_type(&mut self, t: &Tree, annotation: Exp) -> Option<Value> {
        let span = t.span(annotation);
        let known = match t.expr(annotation) {
            Expr::Name(name) => {
                let text = self.text(*name);
                if !super::is_class_name(&text) || matches!(&*text, "String" | "Object") {
                    return None;
                }
                self.java_name(*name, span)
            }
            Expr::Attr { .. } => self.eval(t, annotation),
            Expr::Index { object, index } => return self.generic_type(t, *object, *index),
            Expr::List(items) => {
                let element = *t.exprs(*items).first()?;
                if matches!(t.expr(element), Expr::Name(name)
                    if matches!(&**self.interner.name(*name), "byte" | "char"))
                {
                    return None;
                }
                let item = self.java_type(t, element);
                let label = Taint::label(Label::Parameter);
                let item = item.unwrap_or_else(|| Value::unknown_with(Why::Parameter, label));
                return Some(Value::seq_with(SeqSort::List, Vec::new(), Some(item)));
            }
            _ => return None,
        };
        match &known.kind {
            Kind::Api(path) => {
                let path = *path;
                self.is_known_type(path).then(|| {
                    let taint = self.type_taint(path, span);
                    Value {
                        kind: Kind::Api(path),
                        taint,
                    }
                })
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                Some(self.sample(&class))
            }
            Kind::Import(_) => Some(known),
            _ => None,
        }
    }

    fn is_known_type(&self, path: PathId) -> bool {
        let node = self.paths.node(path);
        node.kind.is_some()
            || node.calls.is_some()
            || self.paths.models().knows_class(self.paths.text(path))
    }

    fn generic_type(&mut self, t: &Tree, object: Exp, index: Exp) -> Option<Value> {
        let (Expr::Name(name) | Expr::Attr { name, .. }) = t.expr(object) else {
            return None;
        };
        match &*self.text(*name) {
            "List" | "Set" | "Collection" | "Iterable" | "ArrayList" | "Stream" => {
                let label = Taint::label(Label::Parameter);
                let item = self.java_type(t, index);
                let item = item.unwrap_or_else(|| Value::unknown_with(Why::Parameter, label));
                Some(Value::seq_with(SeqSort::List, Vec::new(), Some(item)))
            }
            "Optional" | "Supplier" | "Provider" | "ObjectProvider" => self.java_type(t, index),
            _ => self.java_type(t, object),
        }
    }

    /// Gives what a declaration holds its declared type, where nothing better is known.
    pub(crate) fn java_declared(&mut self, t: &Tree, annotation: Exp, value: Value) -> Value {
        if let Expr::Name(name) = t.expr(annotation) {
            let name = self.text(*name);
            if let Some(converted) = converted(&value, &name) {
                return converted;
            }
        }
        match value.kind {
            Kind::Undefined => self
                .java_type(t, annotation)
                .unwrap_or_else(|| Value::unknown(Why::Name)),
            Kind::Unknown(_) if self.is_number(t, annotation) => {
                let taint = value.taint.cleaned(SinkSet::ALL);
                Value { taint, ..value }
            }
            Kind::Unknown(_) | Kind::Member(_) => match self.java_type(t, annotation) {
                Some(kind) => kind.tainted(&value.deep_taint()),
                None => value,
            },
            Kind::Instance(ref made) if !self.is_known_type(made.path) => {
                match self.java_type(t, annotation) {
                    Some(kind) if matches!(kind.kind, Kind::Api(_)) => {
                        kind.tainted(&value.deep_taint())
                    }
                    _ => value,
                }
            }
            _ => value,
        }
    }

    /// Gives a field without an initialiser the label that its name tells: whoever makes the
    /// object fills it.
    pub(crate) fn java_unset(&mut self, t: &Tree, target: Exp, value: Value) -> Value {
        match t.expr(target) {
            Expr::Name(name) if matches!(value.kind, Kind::Unknown(_)) => {
                let text = self.text(*name);
                let taint = self.named_taint(&text, t.span(target));
                value.tainted(&taint)
            }
            _ => value,
        }
    }

    /// `(T) x`.
    pub(crate) fn java_cast(&mut self, t: &Tree, kind: Exp, inner: Exp) -> Value {
        let value = self.eval(t, inner);
        self.java_declared(t, kind, value)
    }
}

/// Turns characters to numbers and numbers to characters, as casts and declarations do.
fn converted(value: &Value, kind: &str) -> Option<Value> {
    let kind = match (kind, &value.kind) {
        ("char", Kind::Int(n)) => {
            let c = char::from_u32(u32::try_from(*n).ok()? & 0xffff)?;
            let value = Value::str(c.to_string()).tainted(&value.taint);
            return Some(value.tainted(&Taint::device(Device::CharacterCodes)));
        }
        ("int" | "long" | "short", Kind::Str(text)) => {
            let mut chars = text.chars();
            let first = chars.next().filter(|_| chars.next().is_none())?;
            Kind::Int(i64::from(u32::from(first)))
        }
        ("byte", Kind::Str(text)) => Kind::Int(i64::from(text.bytes().next()? as i8)),
        ("byte", Kind::Int(n)) => Kind::Int(i64::from(*n as i8)),
        ("int" | "long", Kind::Float(f)) => Kind::Int(*f as i64),
        _ => return None,
    };
    Some(Value {
        kind,
        taint: value.taint.clone(),
    })
}
