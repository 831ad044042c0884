//! Expressions.

use super::args::Args;
use super::{Exp, Interp};
use crate::value::text::{TextBuilder, concat};
use crate::value::{Key, Kind, SeqSort, Taint, Value, Why, join};
use std::sync::Arc;
use tares_lang::Tree;
use tares_lang::tree::{BinaryOp, CompareOp, Expr, Exprs, LogicOp, UnaryOp};
use tares_model::Span;
use tares_model::effect::{Device, SinkSet};

impl Interp<'_> {
    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, t: &Tree, e: Exp) -> Value {
        if !self.step() {
            return Value::unknown(Why::Fuel);
        }
        let value = self.deeper(Value::unknown(Why::Fuel), |s| s.eval_inner(t, e));
        if self.frame.believed.is_empty() {
            return value;
        }
        self.as_believed(t, e, value)
    }

    fn eval_inner(&mut self, t: &Tree, e: Exp) -> Value {
        match t.expr(e) {
            Expr::Name(name) => self.name(*name, t.span(e)),
            Expr::This => self
                .frame
                .this
                .clone()
                .unwrap_or_else(|| Value::unknown(Why::Name)),
            Expr::Super => self.super_value(),
            Expr::Str(text) => Value::str(Arc::clone(text)),
            Expr::Bytes(bytes) => Value::bytes(Arc::clone(bytes)),
            Expr::Int(n) => Value::int(*n),
            Expr::Large(bytes) => Value::new(Kind::Large(Arc::clone(bytes))),
            Expr::Float(f) => Value::new(Kind::Float(*f)),
            Expr::Bool(b) => Value::bool(*b),
            Expr::Null => Value::new(Kind::Null),
            Expr::Undefined => Value::new(Kind::Undefined),
            Expr::Ellipsis | Expr::Meta => Value::unknown(Why::Operation),
            Expr::Template(parts) => self.template(t, *parts),
            Expr::TaggedTemplate { tag, parts } => self.tagged(t, *tag, *parts, t.span(e)),
            Expr::Regex { pattern, flags } => self.regex(pattern, flags, t.span(e)),
            Expr::List(items) => self.sequence(t, SeqSort::List, *items),
            Expr::Tuple(items) => self.sequence(t, SeqSort::Tuple, *items),
            Expr::Set(items) => self.sequence(t, SeqSort::Set, *items),
            Expr::Map(items) => self.map(t, *items),
            Expr::Attr { object, name } => {
                let object_name = last_name(t, *object);
                let object = self.eval(t, *object);
                self.attr(&object, object_name, *name, t.span(e))
            }
            Expr::Index { object, index } => self.index_expr(t, *object, *index, t.span(e)),
            Expr::Call { callee, args, new } => self.call_expr(t, e, *callee, *args, *new),
            Expr::Unary { op, operand } => self.unary(t, *op, *operand),
            Expr::Binary { .. } => self.binary_chain(t, e),
            Expr::Compare { op, left, right } => {
                self.compare_expr(t, *op, *left, *right, t.span(e))
            }
            Expr::Logic { op, left, right } => self.logic(t, *op, *left, *right),
            Expr::Cond { test, then, other } => self.cond(t, *test, *then, *other),
            Expr::Func(f) => self.closure(t, *f),
            Expr::Class(c) => self.class_value(t, *c),
            Expr::Comprehension {
                kind,
                element,
                clauses,
            } => self.comprehension(t, *kind, *element, *clauses),
            Expr::Assign { target, op, value } => self.assign_expr(t, *target, *op, *value),
            Expr::Await(inner) => self.eval(t, *inner),
            Expr::Yield(inner) => {
                let value = self.eval(t, *inner);
                if self.is_shell() {
                    return crate::fold::print(self, value, t.span(e));
                }
                self.note_handed_path(t, *inner, &value);
                // `yield from g()` and `yield* g()` hand on each item.
                let after = self.source(t.span(e)).get(5..).unwrap_or("").trim_start();
                let delegates = after.starts_with('*') || after.starts_with("from ");
                let result = match &value.kind {
                    Kind::Seq(seq) if delegates => seq.result.get().map(|v| (**v).clone()),
                    _ => None,
                };
                match self.items(&value).filter(|_| delegates) {
                    Some(items) => self.frame.yields.extend(items),
                    None => self.frame.yields.push(value),
                }
                self.frame.yields.truncate(64);
                result.unwrap_or_else(|| Value::unknown(Why::Operation))
            }
            Expr::Sequence(items) => {
                let mut last = Value::new(Kind::Undefined);
                for &item in t.exprs(*items) {
                    last = self.eval(t, item);
                }
                last
            }
            Expr::ImportCall(module) => {
                let value = self.eval(t, *module);
                self.import_value(&value, t.span(e), true)
            }
            Expr::Element {
                tag,
                attributes,
                children,
            } => self.element(t, *tag, *attributes, *children, t.span(e)),
            Expr::Slice { low, high, step } => {
                for part in [low, high, step] {
                    self.eval(t, *part);
                }
                Value::unknown(Why::Operation)
            }
            Expr::Pair { key, value } => {
                self.eval(t, *key);
                self.eval(t, *value)
            }
            Expr::Keyword { value, .. } => self.eval(t, *value),
            Expr::Spread(inner) | Expr::SpreadMap(inner) => self.eval(t, *inner),
            Expr::Clause { value, .. } => self.eval(t, *value),
            Expr::Cast { kind, value } => self.java_cast(t, *kind, *value),
            Expr::Other(items) => {
                let mut taint = Taint::NONE;
                for &item in t.exprs(*items) {
                    let value = self.eval(t, item);
                    taint = taint.merge(&value.deep_taint());
                }
                Value::unknown_with(Why::Operation, taint)
            }
        }
    }

    fn template(&mut self, t: &Tree, parts: Exprs) -> Value {
        let mut builder = TextBuilder::default();
        let mut holes = 0;
        for &part in t.exprs(parts) {
            if let Expr::Str(text) = t.expr(part) {
                builder.text(text);
                continue;
            }
            holes += 1;
            let mut value = self.eval(t, part);
            if self.program.is_thorough() {
                value = self.force(&value);
            }
            let value = self.textual(&value);
            builder.value(&value);
        }
        let value = builder.build();
        if holes > 0 && matches!(value.kind, Kind::Str(_)) {
            return value.tainted(&Taint::device(Device::Assembled));
        }
        value
    }

    fn sequence(&mut self, t: &Tree, sort: SeqSort, items: Exprs) -> Value {
        let mut values = Vec::with_capacity(items.len as usize);
        let mut rest = None;
        for &item in t.exprs(items) {
            if let Expr::Spread(inner) = t.expr(item) {
                let value = self.eval(t, *inner);
                match self.items(&value) {
                    Some(known) if rest.is_none() => values.extend(known),
                    _ => rest = Some(self.item_of(&value)),
                }
            } else {
                let value = self.eval(t, item);
                match &mut rest {
                    Some(rest) => *rest = join::join(rest, &value),
                    None => values.push(value),
                }
            }
        }
        Value::seq_with(sort, values, rest)
    }

    fn map(&mut self, t: &Tree, items: Exprs) -> Value {
        let map = Value::map(Vec::with_capacity(items.len as usize), None);
        let Kind::Map(inner) = &map.kind else {
            return map;
        };
        for &item in t.exprs(items) {
            match t.expr(item) {
                Expr::Pair {
                    key,
                    value: written,
                } => {
                    let mut key_value = self.eval(t, *key);
                    let value = self.eval(t, *written);
                    self.note_secret_key(&key_value, &value, t.span(*written));
                    if self.is_js() {
                        key_value = self.property_key(&key_value, &value);
                    }
                    match key_value.as_key() {
                        Some(Key::Text(name)) if self.is_js() && &*name == "__proto__" => {
                            inner.set_behind(crate::value::Behind::Prototype(value));
                        }
                        Some(key) => inner.set(key, value),
                        None => add_rest(&inner.rest, value),
                    }
                }
                Expr::SpreadMap(spread) | Expr::Spread(spread) => {
                    let value = self.eval(t, *spread);
                    let value = self.as_mapping(&value);
                    match &value.kind {
                        Kind::Map(other) => {
                            for (key, value) in other.entries.borrow().iter() {
                                inner.set(key.clone(), value.clone());
                            }
                            if let Some(rest) = &*other.rest.borrow() {
                                add_rest(&inner.rest, rest.clone());
                            }
                        }
                        _ => add_rest(
                            &inner.rest,
                            Value::unknown_with(Why::Reflection, value.deep_taint()),
                        ),
                    }
                }
                _ => {
                    self.eval(t, item);
                }
            }
        }
        map
    }

    /// Returns the key under which an object of JavaScript keeps a property.
    fn property_key(&mut self, key: &Value, value: &Value) -> Value {
        if let Kind::Func(closure) = &value.kind
            && self.units[closure.unit as usize]
                .tree
                .func(closure.func)
                .flags
                .is_setter
            && let Some(text) = key.as_str()
        {
            return Value::str(format!("set {text}"));
        }
        match &key.kind {
            Kind::Api(path) => Value::str(Arc::clone(self.paths.text(*path))),
            Kind::Int(n) => Value::str(n.to_string()),
            _ => key.clone(),
        }
    }

    fn unary(&mut self, t: &Tree, op: UnaryOp, operand: Exp) -> Value {
        let value = self.eval(t, operand);
        self.prefixed(op, &value)
    }

    /// Applies a prefix operator.
    pub(crate) fn prefixed(&mut self, op: UnaryOp, value: &Value) -> Value {
        if let (Kind::Object(_), true) = (&value.kind, self.is_python())
            && let Some(answer) = self.own_unary(op, value)
        {
            return answer;
        }
        let kind = match (op, &value.kind) {
            (UnaryOp::Not, _) => match self.truth(value) {
                Some(b) => Kind::Bool(!b),
                None => Kind::Unknown(Why::Operation),
            },
            (UnaryOp::Minus, Kind::Int(n)) => n
                .checked_neg()
                .map_or(Kind::Unknown(Why::Operation), Kind::Int),
            (UnaryOp::Minus, Kind::Float(f)) => Kind::Float(-f),
            (UnaryOp::Plus, Kind::Int(_) | Kind::Float(_)) => value.kind.clone(),
            // A character is promoted to its code.
            (UnaryOp::Plus, Kind::Str(text)) if self.is_java() && text.chars().count() == 1 => {
                Kind::Int(text.chars().next().map_or(0, |c| i64::from(u32::from(c))))
            }
            (UnaryOp::Plus, _) if self.is_java() => value.kind.clone(),
            (UnaryOp::Plus, _) if self.is_js() => {
                crate::fold::number::to_number(value).map_or(Kind::Unknown(Why::Operation), |n| n)
            }
            (UnaryOp::Invert, Kind::Int(n)) => Kind::Int(!n),
            (UnaryOp::Invert, Kind::Float(f)) if self.is_js() => Kind::Int(!(*f as i64)),
            (UnaryOp::TypeOf, _) => {
                type_of(value).map_or(Kind::Unknown(Why::Operation), |s| Kind::Str(s.into()))
            }
            (UnaryOp::Void, _) => Kind::Undefined,
            _ => Kind::Unknown(Why::Operation),
        };
        let taint = value.deep_taint();
        let taint = match op {
            UnaryOp::Not | UnaryOp::TypeOf | UnaryOp::Void | UnaryOp::Delete => {
                taint.of_answer().cleaned(SinkSet::ALL)
            }
            _ => taint,
        };
        Value { kind, taint }
    }

    /// Evaluates `a + b + c …` from the left without a frame for each operand.
    fn binary_chain(&mut self, t: &Tree, e: Exp) -> Value {
        let mut operands = Vec::new();
        let mut leftmost = e;
        while let Expr::Binary { op, left, right } = t.expr(leftmost) {
            operands.push((*op, *right));
            leftmost = *left;
        }
        let mut value = self.eval(t, leftmost);
        for (op, right) in operands.into_iter().rev() {
            let right = self.eval(t, right);
            value = self.binary(op, &value, &right);
        }
        value
    }

    /// Applies a two-sided operator.
    pub(crate) fn binary(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Value {
        if let (Kind::Import(_), _) | (_, Kind::Import(_)) = (&left.kind, &right.kind)
            && self.program.is_thorough()
        {
            let (left, right) = (self.force(left), self.force(right));
            if !matches!(left.kind, Kind::Import(_)) && !matches!(right.kind, Kind::Import(_)) {
                return self.binary(op, &left, &right);
            }
        }
        let taint = left.taint.merge(&right.taint);
        let (own_left, own_right);
        let (left, right) = if self.is_js() && op == BinaryOp::Add && answers(left, right) {
            (own_left, own_right) = (self.textual(left), self.textual(right));
            (&own_left, &own_right)
        } else {
            (left, right)
        };
        if op == BinaryOp::Add
            && (is_textual(left) || is_textual(right))
            && !matches!(left.kind, Kind::Seq(_))
        {
            let joined = concat(left, right);
            self.charge(&joined);
            let both = matches!(
                (&left.kind, &right.kind),
                (Kind::Str(_), Kind::Str(_)) | (Kind::Bytes(_), Kind::Bytes(_))
            );
            if let (Kind::Bytes(a), Kind::Bytes(b)) = (&left.kind, &right.kind) {
                return Value::bytes([&**a, &**b].concat())
                    .tainted(&taint)
                    .tainted(&Taint::device(Device::Assembled));
            }
            return if both {
                joined.tainted(&Taint::device(Device::Assembled))
            } else {
                joined
            };
        }
        if op == BinaryOp::Div
            && let Some(value) = self.path_division(left, right)
        {
            return value;
        }
        let shown;
        let right = match (op, &left.kind) {
            (BinaryOp::Mod, Kind::Str(_) | Kind::Pattern(_)) if self.is_python() => {
                shown = self.percent_values(right);
                &shown
            }
            _ => right,
        };
        if let Some(value) = crate::fold::operator::binary(self.is_js(), op, left, right) {
            return value.tainted(&taint);
        }
        let mut taint = left.deep_taint().merge(&right.deep_taint());
        if op == BinaryOp::Sub {
            // A difference of times is a duration, not a date.
            taint = taint.without(tares_model::LabelSet::of(tares_model::Label::Clock));
        }
        if op == BinaryOp::Mod && matches!(left.kind, Kind::Int(_) | Kind::Float(_)) {
            taint = taint.cleaned(SinkSet::ALL);
        }
        let object = |v: &Value| matches!(v.kind, Kind::Object(_));
        if object(left) || object(right) {
            if let Some(value) = self.operator_method(op, left, right) {
                return value;
            }
            let (a, b) = (self.plain(left), self.plain(right));
            if !object(&a) && !object(&b) {
                return self.binary(op, &a, &b);
            }
        }
        Value::unknown_with(Why::Operation, taint)
    }

    /// Puts the text of objects in their place on the right of `text % values`.
    fn percent_values(&mut self, right: &Value) -> Value {
        match &right.kind {
            Kind::Object(_) => match self.inner(right) {
                Some(inner) => inner,
                None => self.textual(right),
            },
            Kind::Seq(seq) if seq.sort == SeqSort::Tuple => {
                let items = seq.items.borrow().clone();
                if !items.iter().any(|v| matches!(v.kind, Kind::Object(_))) {
                    return right.clone();
                }
                let items = items.iter().map(|v| self.textual(v)).collect();
                Value::seq_with(SeqSort::Tuple, items, seq.rest.borrow().clone())
            }
            Kind::Api(_) => self.as_mapping(right),
            _ => right.clone(),
        }
    }

    /// `Path(a) / b` is a path of both.
    fn path_division(&mut self, left: &Value, right: &Value) -> Option<Value> {
        let Kind::Instance(instance) = &left.kind else {
            return None;
        };
        if !self.paths.text(instance.path).starts_with("pathlib.") {
            return None;
        }
        let base = instance
            .args
            .first()
            .cloned()
            .unwrap_or_else(|| Value::str("~"));
        let part = match &right.kind {
            Kind::Instance(other) => other.args.first().cloned().unwrap_or_else(|| right.clone()),
            _ => right.clone(),
        };
        let joined = crate::fold::join_path(&Args::of([base, part]))?;
        let path = instance.path;
        let taint = left.taint.merge(&right.deep_taint());
        Some(self.instance(path, &Args::of([joined]), taint))
    }

    fn operator_method(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
        let name = match op {
            BinaryOp::Add => "add",
            BinaryOp::Sub => "sub",
            BinaryOp::Mul => "mul",
            BinaryOp::Mod => "mod",
            BinaryOp::Div => "truediv",
            BinaryOp::FloorDiv => "floordiv",
            BinaryOp::Pow => "pow",
            BinaryOp::BitOr => "or",
            BinaryOp::BitAnd => "and",
            BinaryOp::BitXor => "xor",
            BinaryOp::ShiftLeft => "lshift",
            BinaryOp::ShiftRight => "rshift",
            BinaryOp::MatMul => "matmul",
            _ => return None,
        };
        let (object, other, name) = if matches!(left.kind, Kind::Object(_)) {
            (left, right, format!("__{name}__"))
        } else {
            (right, left, format!("__r{name}__"))
        };
        self.special(object, &name, Args::of([other.clone()]))
    }

    fn logic(&mut self, t: &Tree, op: LogicOp, left: Exp, right: Exp) -> Value {
        let first = self.eval(t, left);
        let decided = match op {
            LogicOp::And => self.truth(&first).map(|b| !b),
            LogicOp::Or => self.truth(&first),
            LogicOp::Coalesce => match first.kind {
                Kind::Null | Kind::Undefined => Some(false),
                Kind::Unknown(_) | Kind::Member(_) | Kind::OneOf(_) | Kind::Instance(_) => None,
                _ => Some(true),
            },
        };
        match decided {
            Some(true) => {
                if !self.is_certain(t, left) {
                    // What stands on the right may run all the same, if somebody changed the left.
                    self.aside(t, right);
                }
                return first;
            }
            Some(false) => {
                return self.eval(t, right);
            }
            None => {}
        }
        let mark = self.journal.begin();
        let guards = self.guard_count();
        if op == LogicOp::And {
            let class = self.guard_of(t, left, &first);
            self.push_guard(class, t.span(left), true);
        }
        let belief = self.begin_belief();
        self.narrow(t, left, op == LogicOp::And);
        let second = self.eval(t, right);
        self.end_belief(belief);
        self.cut_guards(guards);
        let writes = self.journal.rollback(mark);
        self.journal.merge(Some(writes), Some(Vec::new()));
        if op == LogicOp::And && matches!(second.kind, Kind::Bool(_)) {
            return Value::unknown_with(Why::Operation, first.deep_taint());
        }
        join::join(&first, &second)
    }

    /// Runs an expression for its effects only.
    fn aside(&mut self, t: &Tree, e: Exp) {
        let mark = self.journal.begin();
        self.eval(t, e);
        self.journal.rollback(mark);
    }

    fn cond(&mut self, t: &Tree, test: Exp, then: Exp, other: Exp) -> Value {
        let value = self.eval(t, test);
        match self.certain(t, test, &value) {
            Some(true) => return self.eval(t, then),
            Some(false) => return self.eval(t, other),
            None => {}
        }
        let class = self.guard_of(t, test, &value);
        let one = |s: &mut Self, e: Exp, holds: bool| {
            let mark = s.journal.begin();
            let guards = s.guard_count();
            let belief = s.begin_belief();
            s.push_guard(class, t.span(test), holds);
            s.narrow(t, test, holds);
            let value = s.eval(t, e);
            s.end_belief(belief);
            s.cut_guards(guards);
            (value, s.journal.rollback(mark))
        };
        let (a, wa) = one(self, then, true);
        let (b, wb) = one(self, other, false);
        self.journal.merge(Some(wa), Some(wb));
        join::join(&a, &b)
    }

    fn compare_expr(
        &mut self,
        t: &Tree,
        op: CompareOp,
        left: Exp,
        right: Exp,
        span: Span,
    ) -> Value {
        let (a, b) = (self.eval(t, left), self.eval(t, right));
        self.note_comparison(t, op, (left, &a), (right, &b), span);
        if self.is_java() && is_null_test(&a, &b) {
            let taint = a.deep_taint().merge(&b.deep_taint()).cleaned(SinkSet::ALL);
            return Value::unknown_with(Why::Operation, taint.without_devices());
        }
        self.compared(op, &a, &b)
    }

    /// Compares two values.
    pub(crate) fn compared(&mut self, op: CompareOp, a: &Value, b: &Value) -> Value {
        if let Some(answer) = self.own_comparison(op, a, b) {
            return answer;
        }
        if op == CompareOp::InstanceOf
            && matches!(b.kind, Kind::Class(_))
            && let Some(answer) = self.is_instance(a, b)
        {
            return Value::bool(answer);
        }
        if let (CompareOp::In, Kind::Map(map), true) = (op, &b.kind, self.is_js())
            && let Some(behind) = map.behind()
        {
            return match behind {
                crate::value::Behind::Proxy(target, handler) => {
                    let args = Args::of([target.clone(), a.clone()]);
                    match self.ask(&handler, "has", args) {
                        Some(answer) => answer,
                        None => self.compared(op, a, &target),
                    }
                }
                _ => Value::unknown(Why::Operation),
            };
        }
        if let Some(answer) = crate::fold::operator::compare(self.is_js(), op, a, b) {
            let taint = a.taint.merge(&b.taint).without_devices();
            return Value::bool(answer).tainted(&taint.of_answer());
        }
        let taint = a.deep_taint().merge(&b.deep_taint()).cleaned(SinkSet::ALL);
        Value::unknown_with(Why::Operation, taint.without_devices().of_answer())
    }

    fn index_expr(&mut self, t: &Tree, object: Exp, index: Exp, span: Span) -> Value {
        let receiver = self.eval(t, object);
        if let Expr::Slice { low, high, step } = t.expr(index) {
            let parts = [*low, *high, *step].map(|p| self.eval(t, p));
            return crate::fold::sequence::slice(&receiver, &parts);
        }
        let key = self.eval(t, index);
        self.index(&receiver, &key, span)
    }

    fn tagged(&mut self, t: &Tree, tag: Exp, parts: Exprs, span: Span) -> Value {
        let callee = self.eval(t, tag);
        let mut strings = Vec::new();
        let mut values = Vec::new();
        for (i, &part) in t.exprs(parts).iter().enumerate() {
            let value = self.eval(t, part);
            // Texts and values take turns.
            if i % 2 == 0 {
                strings.push(value);
            } else {
                values.push(value);
            }
        }
        let name = match t.expr(tag) {
            Expr::Attr { name, .. } | Expr::Name(name) => Some(*name),
            _ => None,
        };
        if name.is_some_and(|n| &**self.interner.name(n) == "raw")
            && matches!(&callee.kind, Kind::Api(_))
        {
            let mut builder = TextBuilder::default();
            for &part in t.exprs(parts) {
                let value = self.eval(t, part);
                builder.value(&value);
            }
            return builder.build();
        }
        let mut args = Args::of([Value::seq(SeqSort::List, strings)]);
        args.pos.extend(values.into_iter().map(|v| (v, span)));
        self.call(&callee, args, span)
    }

    fn regex(&mut self, pattern: &Arc<str>, flags: &Arc<str>, span: Span) -> Value {
        let path = self.paths.get("RegExp");
        let mut args = Args::of([
            Value::str(Arc::clone(pattern)),
            Value::str(Arc::clone(flags)),
        ]);
        args.pos[0].1 = span;
        self.call(&Value::new(Kind::Api(path)), args, span)
    }

    fn element(
        &mut self,
        t: &Tree,
        tag: Exp,
        attributes: Exp,
        children: Exprs,
        span: Span,
    ) -> Value {
        let tag_value = self.eval(t, tag);
        let props = self.eval(t, attributes);
        let mut taint = props.deep_taint();
        for &child in t.exprs(children) {
            let value = self.eval(t, child);
            // Text children are escaped by the framework.
            taint = taint.merge(&value.deep_taint().cleaned(SinkSet::ALL));
        }
        if let Kind::Map(map) = &props.kind {
            let entries = map.entries.borrow().clone();
            for (key, value) in entries {
                if let Key::Text(name) = key {
                    let path = self.paths.get(&format!("jsx.{name}"));
                    self.emit_write(path, &name, &value, span);
                }
            }
        }
        if matches!(tag_value.kind, Kind::Func(_)) {
            return self.call(&tag_value, Args::of([props]), span);
        }
        Value::unknown_with(Why::Operation, taint)
    }
}

fn add_rest(rest: &std::cell::RefCell<Option<Value>>, value: Value) {
    let old = rest.borrow().clone();
    *rest.borrow_mut() = Some(old.map_or(value.clone(), |r| join::join(&r, &value)));
}

/// Whether something that is not known in full is compared with null: a declared type says
/// nothing about that.
fn is_null_test(a: &Value, b: &Value) -> bool {
    let null = |v: &Value| matches!(v.kind, Kind::Null);
    null(a) && !b.is_scalar() || null(b) && !a.is_scalar()
}

/// Whether one of two values to be added may make a text of itself.
fn answers(left: &Value, right: &Value) -> bool {
    let own = |v: &Value| match &v.kind {
        Kind::Object(_) => true,
        Kind::Map(map) => !map.entries.borrow().is_empty(),
        _ => false,
    };
    let plain = |v: &Value| matches!(v.kind, Kind::Bool(_) | Kind::Null);
    let text = |v: &Value| matches!(v.kind, Kind::Str(_) | Kind::Pattern(_));
    own(left) || own(right) || (plain(left) && text(right)) || (text(left) && plain(right))
}

fn is_textual(value: &Value) -> bool {
    matches!(value.kind, Kind::Str(_) | Kind::Pattern(_) | Kind::Bytes(_))
}

/// Returns the last name of an expression such as `self.cursor` or `get_db()`.
pub(crate) fn last_name(t: &Tree, e: Exp) -> Option<tares_lang::Sym> {
    match t.expr(e) {
        Expr::Name(name) | Expr::Attr { name, .. } => Some(*name),
        Expr::Call { callee, .. } => last_name(t, *callee),
        Expr::Await(inner) => last_name(t, *inner),
        _ => None,
    }
}

fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value.kind {
        Kind::Undefined => "undefined",
        Kind::Bool(_) => "boolean",
        Kind::Int(_) | Kind::Float(_) => "number",
        Kind::Str(_) | Kind::Pattern(_) => "string",
        Kind::Func(_) | Kind::Class(_) => "function",
        Kind::Null | Kind::Map(_) | Kind::Seq(_) | Kind::Object(_) => "object",
        _ => return None,
    })
}
