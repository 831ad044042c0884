//! Assignment to names, patterns, attributes and items.

use super::scope::{Scope, ScopeKind, Slot, State};
use super::{Exp, Interp};
use crate::value::{Behind, Key, Kind, SeqSort, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{BinaryOp, Expr, Exprs};
use tares_lang::{Sym, Tree};
use tares_model::Span;

impl Interp<'_> {
    pub(crate) fn assign_stmt(
        &mut self,
        t: &Tree,
        targets: Exprs,
        op: Option<BinaryOp>,
        value: Exp,
        annotation: Option<Exp>,
        declares: bool,
    ) {
        let span = t.span(value);
        if let Some(annotation) = annotation {
            self.annotation(t, annotation);
        }
        let mut known = match op {
            Some(op) => {
                let target = t.exprs(targets)[0];
                self.augmented(t, target, op, value)
            }
            None if self.discards(t, targets, value) => self.eval_discarded(t, value),
            None => self.eval(t, value),
        };
        if let Some(annotation) = annotation.filter(|_| self.is_java()) {
            let unset = matches!(known.kind, Kind::Undefined);
            known = self.java_declared(t, annotation, known);
            if let (true, Some(&target)) = (unset, t.exprs(targets).first()) {
                known = self.java_unset(t, target, known);
            }
        } else if known.is_unknown()
            && let Some(kind) = annotation.and_then(|a| self.type_of_annotation(t, a))
        {
            known = kind.tainted(&known.taint);
        }
        self.note_built(t, value, &known);
        for &target in t.exprs(targets) {
            if op.is_none() {
                self.note_origin(t, target, value);
            }
            let known = self.stepped(t, target, known.clone());
            self.note_assignment(t, target, &known, span);
            if declares {
                self.declare(t, target, known, span);
            } else {
                self.assign(t, target, known, span);
            }
        }
    }

    /// Adds a step to the evidence chain when a labelled value gets a name.
    fn stepped(&self, t: &Tree, target: Exp, mut value: Value) -> Value {
        if let Expr::Name(name) = t.expr(target)
            && !value.taint.sources().is_empty()
        {
            let what = format!("it is held in `{}`", self.interner.name(*name));
            value.taint = value.taint.step(self.unit, t.span(target), &what);
        }
        value
    }

    pub(crate) fn assign_expr(
        &mut self,
        t: &Tree,
        target: Exp,
        op: Option<BinaryOp>,
        value: Exp,
    ) -> Value {
        let known = match op {
            Some(op) => self.augmented(t, target, op, value),
            None => self.eval(t, value),
        };
        self.note_built(t, value, &known);
        let known = self.stepped(t, target, known);
        if op.is_none() {
            self.note_origin(t, target, value);
        }
        self.note_assignment(t, target, &known, t.span(value));
        self.assign(t, target, known.clone(), t.span(value));
        known
    }

    fn augmented(&mut self, t: &Tree, target: Exp, op: BinaryOp, value: Exp) -> Value {
        let old = self.eval(t, target);
        let new = self.eval(t, value);
        match op {
            BinaryOp::LogicOr | BinaryOp::LogicAnd | BinaryOp::Coalesce => {
                match old.truth(self.is_js()) {
                    Some(b) if op == BinaryOp::LogicOr => {
                        if b {
                            old
                        } else {
                            new
                        }
                    }
                    Some(b) if op == BinaryOp::LogicAnd => {
                        if b {
                            new
                        } else {
                            old
                        }
                    }
                    _ => join::join(&old, &new),
                }
            }
            BinaryOp::BitOr if matches!((&old.kind, &new.kind), (Kind::Map(_), Kind::Map(_))) => {
                crate::fold::sequence::merge_maps(&old, &new)
            }
            _ => match self.in_place(op, &old, &new) {
                Some(changed) => changed,
                None => self.binary(op, &old, &new),
            },
        }
    }

    /// `x += y` on something that changes itself.
    fn in_place(&mut self, op: BinaryOp, old: &Value, new: &Value) -> Option<Value> {
        if let (BinaryOp::Add, Kind::Seq(seq), true) = (op, &old.kind, self.is_python())
            && matches!(seq.sort, SeqSort::List | SeqSort::Buffer)
        {
            let extend = self.interner.intern("extend");
            let span = self.statement;
            let args = super::args::Args::of([new.clone()]);
            self.method(old, None, extend, args, span, false);
            return Some(old.clone());
        }
        let name = match op {
            BinaryOp::Add => "__iadd__",
            BinaryOp::Sub => "__isub__",
            BinaryOp::Mul => "__imul__",
            BinaryOp::BitOr => "__ior__",
            BinaryOp::BitAnd => "__iand__",
            BinaryOp::BitXor => "__ixor__",
            BinaryOp::ShiftLeft => "__ilshift__",
            BinaryOp::ShiftRight => "__irshift__",
            _ => return None,
        };
        self.special(old, name, super::args::Args::of([new.clone()]))
    }

    /// Assigns to a pattern, in the scope where each name lives.
    pub(crate) fn assign(&mut self, t: &Tree, target: Exp, value: Value, span: Span) {
        self.pattern(t, target, value, span, false);
    }

    /// Declares the names of a pattern in the innermost scope.
    pub(crate) fn declare(&mut self, t: &Tree, target: Exp, value: Value, span: Span) {
        self.pattern(t, target, value, span, true);
    }

    fn pattern(&mut self, t: &Tree, target: Exp, value: Value, span: Span, declares: bool) {
        match t.expr(target) {
            Expr::Cast { kind, value: name } => {
                let value = self.java_declared(t, *kind, value);
                self.pattern(t, *name, value, span, true);
            }
            Expr::Name(name) => {
                if !declares && self.is_java() && self.java_write(*name, &value, span) {
                    return;
                }
                if declares {
                    self.declare_name(*name, value);
                } else {
                    self.set_name(*name, value);
                }
            }
            Expr::Attr { object, name } => {
                let receiver = self.eval(t, *object);
                self.set_attr(&receiver, *name, value, span);
            }
            Expr::Index { object, index } => {
                let receiver = self.eval(t, *object);
                if let Expr::Slice { low, high, step } = t.expr(*index) {
                    let parts = [*low, *high, *step].map(|p| self.eval(t, p));
                    self.set_slice(&receiver, &parts, &value);
                    return;
                }
                let key = self.eval(t, *index);
                self.note_secret_key(&key, &value, span);
                self.note_key_write(t, (*object, *index), &key, &value);
                if self.frame.name.ends_with("get_context_data")
                    && let Some(name) = key.as_str()
                {
                    self.note_page_value("", name, &value, span);
                }
                if self.is_go()
                    && let Some(bytes) = self.set_byte(&receiver, &key, &value)
                {
                    return self.assign(t, *object, bytes, span);
                }
                self.set_index(&receiver, &key, value, span);
            }
            Expr::Tuple(items) | Expr::List(items) => {
                self.unpack(t, t.exprs(*items), &value, span, declares);
            }
            Expr::Map(items) => self.unpack_map(t, t.exprs(*items), &value, span, declares),
            Expr::Assign {
                target,
                value: default,
                ..
            } => {
                let value = match value.kind {
                    Kind::Undefined => self.eval(t, *default),
                    Kind::Unknown(_) | Kind::Member(_) => {
                        let default = self.eval(t, *default);
                        join::join(&value, &default)
                    }
                    _ => value,
                };
                self.pattern(t, *target, value, span, declares);
            }
            Expr::Spread(inner) | Expr::SpreadMap(inner) => {
                self.pattern(t, *inner, value, span, declares);
            }
            _ => {}
        }
    }

    fn unpack(&mut self, t: &Tree, targets: &[Exp], value: &Value, span: Span, declares: bool) {
        let known = if self.is_go() {
            super::go::results(value)
        } else {
            self.items(value)
        };
        let star = targets
            .iter()
            .position(|&e| matches!(t.expr(e), Expr::Spread(_)));
        for (i, &target) in targets.iter().enumerate() {
            let item = match (&known, star) {
                (Some(items), Some(at)) if i == at => {
                    let after = targets.len() - at - 1;
                    let end = items.len().saturating_sub(after).max(at.min(items.len()));
                    Value::seq(SeqSort::List, items[at.min(items.len())..end].to_vec())
                }
                (Some(items), Some(at)) if i > at => {
                    let from_end = targets.len() - i;
                    items
                        .len()
                        .checked_sub(from_end)
                        .and_then(|j| items.get(j))
                        .cloned()
                        .unwrap_or_else(|| Value::unknown(Why::Operation))
                }
                (Some(items), _) => items.get(i).cloned().unwrap_or_else(|| {
                    if self.is_js() {
                        Value::new(Kind::Undefined)
                    } else {
                        Value::unknown(Why::Operation)
                    }
                }),
                (None, _) if self.is_go() => self.go_part(t, targets, value, i),
                (None, _) => {
                    let index = Value::int(i as i64);
                    if matches!(t.expr(target), Expr::Spread(_)) {
                        Value::unknown_with(Why::Operation, value.deep_taint())
                    } else {
                        self.index(value, &index, span)
                    }
                }
            };
            self.pattern(t, target, item, span, declares);
        }
    }

    fn unpack_map(&mut self, t: &Tree, items: &[Exp], value: &Value, span: Span, declares: bool) {
        for &item in items {
            match t.expr(item) {
                Expr::Pair { key, value: target } => {
                    let key = self.eval(t, *key);
                    let name = key.as_str().map(|text| self.interner.intern(text));
                    let absent = match (&value.kind, key.as_key()) {
                        (Kind::Map(map), Some(key)) => {
                            map.rest.borrow().is_none() && map.get(&key).is_none()
                        }
                        _ => false,
                    };
                    let part = match name {
                        _ if absent => Value::new(Kind::Undefined),
                        Some(name) => self.attr(value, None, name, span),
                        None => self.index(value, &key, span),
                    };
                    self.pattern(t, *target, part, span, declares);
                }
                Expr::Spread(target) | Expr::SpreadMap(target) => {
                    self.pattern(t, *target, value.clone(), span, declares);
                }
                _ => self.pattern(
                    t,
                    item,
                    Value::unknown_with(Why::Operation, value.deep_taint()),
                    span,
                    declares,
                ),
            }
        }
    }

    pub(crate) fn declare_name(&mut self, name: Sym, value: Value) {
        let scope = Rc::clone(&self.frame.scope);
        self.journal
            .write(Slot::Var(scope, name), State::Value(Some(value)));
    }

    /// Writes a name where the language says it lives.
    pub(crate) fn set_name(&mut self, name: Sym, value: Value) {
        let scope = self.home(name);
        self.journal
            .write(Slot::Var(scope, name), State::Value(Some(value)));
    }

    /// Writes a name of the module, as `global` and `globals()` do.
    pub(crate) fn set_global(&mut self, name: Sym, value: Value, span: Span) {
        let text = self.text(name);
        self.note_secret_named(&text, &value, span);
        let setting = self.paths.get(&format!("global.{text}"));
        if self.paths.node(setting).write.is_some() {
            self.emit_write(setting, &text, &value, span);
        }
        let scope = self.module_scope();
        self.journal
            .write(Slot::Var(scope, name), State::Value(Some(value)));
    }

    fn home(&self, name: Sym) -> Rc<Scope> {
        if let Some(scope) = self.frame.outer.get(&name) {
            return Rc::clone(scope);
        }
        if self.is_js() || self.is_go() || self.is_java() {
            let mut scope = Some(&self.frame.scope);
            while let Some(s) = scope {
                if s.has(name) {
                    return Rc::clone(s);
                }
                scope = s.parent.as_ref();
            }
        }
        if self.is_shell() {
            // Dynamic scope: whoever declared the name last, else everybody.
            let mut scope = &self.frame.scope;
            while let Some(parent) = scope.parent.as_ref().filter(|_| !scope.has(name)) {
                scope = parent;
            }
            return Rc::clone(scope);
        }
        // The innermost scope that is not a mere block.
        let mut scope = &self.frame.scope;
        while scope.kind == ScopeKind::Block {
            match &scope.parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        Rc::clone(scope)
    }

    /// Sets `receiver.name`, by the setter that the receiver has for it where it has one.
    pub(crate) fn set_attr(&mut self, receiver: &Value, name: Sym, value: Value, span: Span) {
        if !self.set_by_setter(receiver, name, &value, span) {
            self.put_attr(receiver, name, value, span);
        }
    }

    /// Calls the setter of a property, a descriptor, a class or a proxy.
    fn set_by_setter(&mut self, receiver: &Value, name: Sym, value: &Value, span: Span) -> bool {
        match &receiver.kind {
            Kind::Object(object) if self.is_python() => {
                let class = Rc::clone(&object.class);
                match class.member(name).map(|m| m.kind) {
                    Some(Kind::Object(descriptor)) => {
                        let descriptor = Value::new(Kind::Object(descriptor));
                        let args = super::args::Args::of([receiver.clone(), value.clone()]);
                        if self.special(&descriptor, "__set__", args).is_some() {
                            return true;
                        }
                    }
                    Some(Kind::Func(getter)) => {
                        if let Some(setter) = getter.field(super::function::SETTER) {
                            let args = super::args::Args::of([value.clone()]);
                            self.call_bound(receiver, &setter, args);
                            return true;
                        }
                    }
                    _ => {}
                }
                let text = Value::str(self.text(name));
                let args = super::args::Args::of([text, value.clone()]);
                self.special(receiver, "__setattr__", args).is_some()
            }
            Kind::Object(_) | Kind::Map(_) | Kind::Class(_) if self.is_js() => {
                if let Kind::Map(map) = &receiver.kind
                    && let Some(Behind::Proxy(target, handler)) = map.behind()
                {
                    let key = Value::str(self.text(name));
                    let args = super::args::Args::of([target.clone(), key, value.clone()]);
                    if self.ask(&handler, "set", args).is_none() {
                        self.set_attr(&target, name, value.clone(), span);
                    }
                    return true;
                }
                let setter = self.setter_name(name);
                let Some(setter) = self.field(receiver, setter) else {
                    return false;
                };
                self.call_bound(receiver, &setter, super::args::Args::of([value.clone()]));
                true
            }
            _ => false,
        }
    }

    /// Sets `receiver.name` itself.
    pub(crate) fn put_attr(&mut self, receiver: &Value, name: Sym, value: Value, span: Span) {
        let text = self.text(name);
        if matches!(receiver.kind, Kind::Import(_)) && self.program.is_thorough() {
            let known = self.force(receiver);
            if !matches!(known.kind, Kind::Import(_)) {
                self.set_attr(&known, name, value, span);
            }
            return;
        }
        match &receiver.kind {
            Kind::Object(object) => {
                let value = if object.weak {
                    self.weakly(object.fields.borrow().get(&name), value.clone())
                } else {
                    value.clone()
                };
                self.journal.write(
                    Slot::Field(Rc::clone(object), name),
                    State::Value(Some(value)),
                );
            }
            Kind::Class(class) => {
                class.members.borrow_mut().insert(name, value.clone());
            }
            Kind::Map(map) => {
                self.journal.touch(Slot::Map(Rc::clone(map)));
                map.set(Key::Text(Arc::clone(&text)), value.clone());
            }
            Kind::Instance(instance) => {
                let path = self.paths.child(instance.path, &text);
                self.emit_write(path, &text, &value, span);
                let slot = Slot::Instance(Rc::clone(instance), text);
                self.journal.write(slot, State::Value(Some(value)));
                return;
            }
            Kind::Api(path) if &**self.paths.text(*path) == "globals()" => {
                self.set_global(name, value, span);
                return;
            }
            Kind::Api(path) => {
                let path = self.paths.child(*path, &text);
                self.emit_write(path, &text, &value, span);
                self.export_member(path, &text, &value);
                self.journal
                    .write(Slot::Override(path), State::Value(Some(value)));
                return;
            }
            Kind::Func(closure) => {
                closure
                    .fields
                    .borrow_mut()
                    .push((Arc::clone(&text), value.clone()));
            }
            Kind::OneOf(values) => {
                for receiver in values.iter() {
                    self.set_attr(receiver, name, value.clone(), span);
                }
                return;
            }
            _ => {}
        }
        self.emit_field_write(&text, &value, span);
    }

    fn weakly(&self, old: Option<&Value>, value: Value) -> Value {
        match old {
            Some(old) if !matches!(old.kind, Kind::Null | Kind::Undefined) => {
                join::join(old, &value)
            }
            _ => value,
        }
    }

    pub(crate) fn set_index(&mut self, receiver: &Value, key: &Value, value: Value, span: Span) {
        match &receiver.kind {
            Kind::Map(map) => {
                self.journal.touch(Slot::Map(Rc::clone(map)));
                match key.as_key() {
                    Some(key) => map.set(key, value),
                    None => {
                        let rest = map.rest.borrow().clone();
                        *map.rest.borrow_mut() =
                            Some(rest.map_or(value.clone(), |r| join::join(&r, &value)));
                    }
                }
            }
            Kind::Seq(seq) => {
                self.journal.touch(Slot::Seq(Rc::clone(seq)));
                let len = seq.items.borrow().len();
                let at = key.as_int().map(|i| if i < 0 { i + len as i64 } else { i });
                match at.and_then(|i| usize::try_from(i).ok()) {
                    Some(i) if i < len => seq.items.borrow_mut()[i] = value,
                    Some(i) if i == len && self.is_js() => seq.items.borrow_mut().push(value),
                    _ => {
                        let rest = seq.rest.borrow().clone();
                        *seq.rest.borrow_mut() =
                            Some(rest.map_or(value.clone(), |r| join::join(&r, &value)));
                    }
                }
            }
            Kind::Member(member) if &*self.text(member.name) == "__dict__" => {
                if let Some(name) = key.as_str() {
                    let name = self.interner.intern(&Arc::clone(name));
                    let receiver = member.receiver.clone();
                    self.put_attr(&receiver, name, value, span);
                }
            }
            Kind::Api(path)
                if super::is_namespace(self.paths.text(*path)) && key.as_str().is_some() =>
            {
                let global = &**self.paths.text(*path) == "globals()";
                if let Some(name) = key.as_str().map(|k| self.interner.intern(k)) {
                    if global {
                        self.set_global(name, value, span);
                    } else {
                        self.set_name(name, value);
                    }
                }
            }
            Kind::Object(_) if self.is_python() => {
                let args = super::args::Args::of([key.clone(), value.clone()]);
                if self.special(receiver, "__setitem__", args).is_none()
                    && let Some(inner) = self.inner(receiver)
                {
                    self.set_index(&inner, key, value, span);
                }
            }
            _ => {
                let path = match &receiver.kind {
                    Kind::Api(path) => Some(*path),
                    Kind::Instance(instance) => Some(instance.path),
                    _ => None,
                };
                // A model of any item, such as a response's headers, before one of a named item.
                if let Some(item) = path
                    .map(|p| self.paths.item(p))
                    .filter(|p| self.paths.node(*p).write.is_some())
                {
                    let name = key.as_str().cloned().unwrap_or_else(|| "*".into());
                    self.emit_write(item, &name, &value, span);
                    return;
                }
                let text = match &key.kind {
                    // `[Symbol.iterator]() {}` in a class.
                    Kind::Api(path) if self.is_js() => Some(Arc::clone(self.paths.text(*path))),
                    _ => key.as_str().cloned(),
                };
                if let Some(text) = text {
                    let name = self.interner.intern(&text);
                    self.set_attr(receiver, name, value, span);
                }
            }
        }
    }

    /// Replaces a part of a list by the items of another value.
    pub(crate) fn set_slice(&mut self, receiver: &Value, parts: &[Value; 3], value: &Value) {
        let Kind::Seq(seq) = &receiver.kind else {
            return;
        };
        let new = self.items(value);
        let rest = match &new {
            Some(_) => None,
            None => Some(self.item_of(value)),
        };
        self.journal.touch(Slot::Seq(Rc::clone(seq)));
        let mut items = seq.items.borrow_mut();
        let places = crate::fold::sequence::places(items.len(), parts);
        let (Some((start, end)), Some(new)) = (places, new) else {
            // Which part, or by what, is not known: any item may be there now.
            let new = rest.unwrap_or_else(|| value.clone());
            let all = items
                .drain(..)
                .chain(seq.rest.borrow_mut().take())
                .chain([new]);
            let any = all.reduce(|a, b| join::join(&a, &b));
            *seq.rest.borrow_mut() = any;
            return;
        };
        items.splice(start..end, new);
        items.truncate(crate::value::MAX_ITEMS);
    }

    pub(crate) fn delete(&mut self, t: &Tree, target: Exp) {
        match t.expr(target) {
            Expr::Name(name) => {
                let scope = self.home(*name);
                self.journal
                    .write(Slot::Var(scope, *name), State::Value(None));
            }
            Expr::Index { object, index } => {
                let receiver = self.eval(t, *object);
                if let Expr::Slice { low, high, step } = t.expr(*index) {
                    let parts = [*low, *high, *step].map(|p| self.eval(t, p));
                    self.set_slice(&receiver, &parts, &Value::seq(SeqSort::List, Vec::new()));
                    return;
                }
                let key = self.eval(t, *index);
                if let (Kind::Seq(seq), Some(at)) = (&receiver.kind, key.as_int()) {
                    self.journal.touch(Slot::Seq(Rc::clone(seq)));
                    let mut items = seq.items.borrow_mut();
                    let at = if at < 0 {
                        at.saturating_add(items.len() as i64)
                    } else {
                        at
                    };
                    if let Some(at) = usize::try_from(at).ok().filter(|at| *at < items.len()) {
                        items.remove(at);
                    }
                    return;
                }
                if let (Kind::Map(map), Some(key)) = (&receiver.kind, key.as_key()) {
                    self.journal.touch(Slot::Map(Rc::clone(map)));
                    map.entries.borrow_mut().retain(|(k, _)| *k != key);
                }
            }
            Expr::Tuple(items) | Expr::List(items) => {
                for &item in t.exprs(*items) {
                    self.delete(t, item);
                }
            }
            _ => {
                self.eval(t, target);
            }
        }
    }
}
