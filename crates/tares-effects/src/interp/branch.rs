//! Conditions: truth, guards, and what a condition says about the values in it.

use super::{Exp, Flow, GuardEntry, Interp};
use crate::value::{Kind, Taint, Value, text};
use tares_lang::Tree;
use tares_lang::tree::{Block, CompareOp, Expr, LogicOp, UnaryOp};
use tares_model::Span;
use tares_model::effect::label::Sink;
use tares_model::effect::{GuardClass, Label, SinkSet};

/// Most conditions that are remembered at one place.
const MAX_GUARDS: usize = 12;

/// Functions of libraries that end what calls them.
const LEAVING: &[&str] = &[
    "abort",
    "flask.abort",
    "werkzeug.exceptions.abort",
    "bottle.abort",
    "quart.abort",
    "sys.exit",
    "os._exit",
    "exit",
    "process.exit",
    "next/navigation.notFound",
];

impl Interp<'_> {
    pub(crate) fn if_stmt(&mut self, t: &Tree, test: Exp, then: Block, other: Block) -> Flow {
        let value = self.eval(t, test);
        match self.certain(t, test, &value) {
            // A test with a certain answer says nothing about the data in it.
            Some(true) => return self.scoped(t, then),
            Some(false) => return self.scoped(t, other),
            None => {}
        }
        // A test whose answer the code fixes itself says nothing about the data in it.
        let says = self.truth(&value).is_none();
        let class = self.guard_class(t, test, &value);
        let span = t.span(test);
        let (believes, before) = self.begin_belief();
        let (then_flow, then_writes) = self.path(t, test, (true, says), class, then);
        let then_believed = self.frame.believed.split_off(before);
        let (other_flow, other_writes) = self.path(t, test, (false, says), class, other);
        let other_believed = self.frame.believed.split_off(before);
        self.frame.believes = believes;
        let (a, b) = (then_flow == Flow::Next, other_flow == Flow::Next);
        if !a && (b || then_flow != other_flow) {
            self.leave(then_flow, then_writes.clone());
        }
        if !b && (a || then_flow != other_flow) {
            self.leave(other_flow, other_writes.clone());
        }
        match (a, b) {
            (false, true) => self.frame.believed.extend(other_believed),
            (true, false) => self.frame.believed.extend(then_believed),
            _ => {}
        }
        self.journal.merge(
            a.then_some(then_writes.clone()),
            b.then_some(other_writes.clone()),
        );
        match (a, b) {
            (true, true) => Flow::Next,
            // From here to the end of the block only the other path is left.
            (false, true) => {
                self.push_guard(class, span, false);
                Flow::Next
            }
            (true, false) => {
                self.push_guard(class, span, true);
                Flow::Next
            }
            (false, false) => {
                if then_flow != Flow::End && then_flow == other_flow {
                    self.journal.merge(Some(then_writes), Some(other_writes));
                    then_flow
                } else if then_flow == Flow::End && other_flow != Flow::End {
                    self.journal.merge(Some(other_writes), None);
                    other_flow
                } else {
                    self.journal.merge(Some(then_writes), None);
                    then_flow
                }
            }
        }
    }

    fn path(
        &mut self,
        t: &Tree,
        test: Exp,
        (holds, says): (bool, bool),
        class: GuardClass,
        block: Block,
    ) -> (Flow, super::scope::Writes) {
        let mark = self.journal.begin();
        if says {
            self.narrow(t, test, holds);
        }
        if block.len == 0 {
            return (Flow::Next, self.journal.rollback(mark));
        }
        let guards = self.guards.len();
        self.push_guard(class, t.span(test), holds);
        let flow = self.scoped(t, block);
        self.guards.truncate(guards);
        (flow, self.journal.rollback(mark))
    }

    pub(crate) fn push_guard(&mut self, class: GuardClass, span: Span, holds: bool) {
        if self.guards.len() < MAX_GUARDS || class != GuardClass::Plain {
            self.guards.push(GuardEntry {
                class,
                unit: self.unit,
                span,
                holds,
            });
        }
    }

    pub(crate) fn guards(&self) -> &[GuardEntry] {
        &self.guards
    }

    pub(crate) fn take_guards(&mut self) -> Vec<GuardEntry> {
        std::mem::take(&mut self.guards)
    }

    pub(crate) fn put_guards(&mut self, guards: Vec<GuardEntry>) {
        self.guards = guards;
    }

    pub(crate) fn guard_count(&self) -> usize {
        self.guards.len()
    }

    pub(crate) fn cut_guards(&mut self, count: usize) {
        self.guards.truncate(count);
    }

    /// Returns the truth of a condition where nobody else can change it.
    ///
    /// What a function reads from its module, from an object or from a container may have been
    /// set by somebody who is not in sight, so it never makes code dead.
    pub(crate) fn certain(&mut self, t: &Tree, test: Exp, value: &Value) -> Option<bool> {
        let truth = self.truth(value)?;
        self.is_certain(t, test).then_some(truth)
    }

    /// Whether nobody else can change what an expression gives.
    pub(crate) fn is_certain(&self, t: &Tree, e: Exp) -> bool {
        self.is_own(t, e, 12)
    }

    fn is_own(&self, t: &Tree, e: Exp, depth: u8) -> bool {
        if depth == 0 {
            return false;
        }
        let own = |e: Exp| self.is_own(t, e, depth - 1);
        let all = |list: tares_lang::tree::Exprs| t.exprs(list).iter().all(|&e| own(e));
        match t.expr(e) {
            Expr::Int(_)
            | Expr::Large(_)
            | Expr::Float(_)
            | Expr::Str(_)
            | Expr::Bytes(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Undefined
            | Expr::Func(_) => true,
            Expr::Name(name) => self.is_own_name(*name),
            Expr::Unary { operand, .. } => own(*operand),
            Expr::Binary { left, right, .. }
            | Expr::Compare { left, right, .. }
            | Expr::Logic { left, right, .. } => own(*left) && own(*right),
            Expr::Cond { test, then, other } => own(*test) && own(*then) && own(*other),
            Expr::List(items)
            | Expr::Tuple(items)
            | Expr::Set(items)
            | Expr::Map(items)
            | Expr::Template(items) => all(*items),
            Expr::Pair { key, value } => own(*key) && own(*value),
            Expr::Keyword { value, .. } | Expr::Spread(value) | Expr::Assign { value, .. } => {
                own(*value)
            }
            Expr::Slice { low, high, step } => own(*low) && own(*high) && own(*step),
            // Items and methods of what stands here, and builtin functions of it.
            Expr::Index { object, index } => is_literal(t, *object) && own(*object) && own(*index),
            Expr::Attr { object, .. } => is_literal(t, *object) && own(*object),
            Expr::Call { callee, args, .. } => {
                let function = match t.expr(*callee) {
                    Expr::Name(name) => self.lookup(*name).is_none(),
                    Expr::Attr { object, .. } => is_literal(t, *object) && own(*object),
                    _ => false,
                };
                function && all(*args)
            }
            _ => false,
        }
    }

    /// Whether a name is a variable of the running function, or of the module while its body runs.
    fn is_own_name(&self, name: tares_lang::Sym) -> bool {
        if self.is_shell() {
            return false; // The environment, a sourced file or a caller may have set it.
        }
        let at_module = self.frame.code.is_none();
        let mut scope = Some(&self.frame.scope);
        while let Some(s) = scope {
            if s.has(name) {
                return at_module || s.kind != super::scope::ScopeKind::Module;
            }
            if s.kind == super::scope::ScopeKind::Function {
                return false;
            }
            scope = s.parent.as_ref();
        }
        false
    }

    /// Says what a condition depends on.
    ///
    /// A clock counts only when it is compared with something fixed: `now - last > 60` is a
    /// timer, `today > date(2027, 1, 1)` a trigger.
    pub(crate) fn guard_class(&mut self, t: &Tree, test: Exp, value: &Value) -> GuardClass {
        let labels = value.taint.labels();
        if self.is_go()
            && let Some(class) = self.go_guard(t, test, value)
        {
            return class;
        }
        match t.expr(test) {
            Expr::Unary {
                op: UnaryOp::Not,
                operand,
            } => return self.guard_class(t, *operand, value),
            Expr::Logic { left, right, .. } => {
                let a = self.guard_class(t, *left, value);
                return if a == GuardClass::Plain {
                    self.guard_class(t, *right, value)
                } else {
                    a
                };
            }
            Expr::Compare { op, left, right } => {
                let fixed = self.is_fixed(t, *left) || self.is_fixed(t, *right);
                if labels.has(Label::Clock) && !fixed {
                    return GuardClass::Plain;
                }
                // Whether a form has a field, or an address a sign, is an ordinary question.
                let equality = matches!(
                    op,
                    CompareOp::Equal
                        | CompareOp::NotEqual
                        | CompareOp::Identical
                        | CompareOp::NotIdentical
                );
                if equality
                    && labels.has(Label::UserInput)
                    && (is_literal_text(t, *left) || is_literal_text(t, *right))
                {
                    return GuardClass::Magic;
                }
            }
            Expr::Call { callee, args, .. } if self.is_java() => {
                return self.java_guard(t, *callee, t.exprs(*args), value);
            }
            _ if labels.has(Label::Clock) => return GuardClass::Plain,
            _ => {}
        }
        class_of(value)
    }

    /// What a condition depends on that is asked by a method: `a.equals(b)`, `now.isAfter(day)`.
    fn java_guard(&mut self, t: &Tree, callee: Exp, args: &[Exp], value: &Value) -> GuardClass {
        let labels = value.taint.labels();
        let Some((receiver, name)) = self.callee_name(t, callee) else {
            return class_of(value);
        };
        let sides: Vec<Exp> = receiver.into_iter().chain(args.iter().copied()).collect();
        if labels.has(Label::Clock) && !sides.iter().any(|&e| self.is_fixed(t, e)) {
            return GuardClass::Plain;
        }
        let equality = matches!(&*name, "equals" | "equalsIgnoreCase" | "contentEquals");
        if equality && labels.has(Label::UserInput) && sides.iter().any(|&e| is_literal_text(t, e))
        {
            return GuardClass::Magic;
        }
        class_of(value)
    }

    pub(crate) fn magic_class(&self, value: &Value, literal: bool) -> GuardClass {
        if literal && value.taint.has(Label::UserInput) {
            GuardClass::Magic
        } else {
            class_of(value)
        }
    }

    /// Whether an expression is fixed when the program is written: a literal, a tuple of them, a
    /// date made from them, or a name that holds one.
    fn is_fixed(&mut self, t: &Tree, e: Exp) -> bool {
        match t.expr(e) {
            Expr::Int(_) | Expr::Float(_) | Expr::Str(_) => true,
            Expr::Tuple(items) | Expr::List(items) | Expr::Set(items) => {
                t.exprs(*items).iter().all(|&i| self.is_fixed(t, i))
            }
            Expr::Call { args, .. } => {
                args.len > 0 && t.exprs(*args).iter().all(|&a| self.is_fixed(t, a))
            }
            Expr::Keyword { value, .. } => self.is_fixed(t, *value),
            Expr::Name(name) => match self.lookup(*name) {
                Some(value) => match &value.kind {
                    Kind::Instance(instance) => instance.constant,
                    _ => value.is_scalar() || matches!(value.kind, Kind::Seq(_)),
                },
                None => false,
            },
            Expr::Attr { .. } => self.is_package_constant(t, e),
            _ => false,
        }
    }

    /// Uses what a condition says about the values in it on the path where it holds (or fails).
    pub(crate) fn narrow(&mut self, t: &Tree, test: Exp, holds: bool) {
        match t.expr(test) {
            Expr::Unary {
                op: UnaryOp::Not,
                operand,
            } => self.narrow(t, *operand, !holds),
            Expr::Logic { op, left, right } => {
                let both = (*op == LogicOp::And && holds) || (*op == LogicOp::Or && !holds);
                if both {
                    self.narrow(t, *left, holds);
                    self.narrow(t, *right, holds);
                }
            }
            Expr::Compare { op, left, right } => self.narrow_compare(t, *op, *left, *right, holds),
            Expr::Call { callee, args, .. } => self.narrow_call(t, *callee, t.exprs(*args), holds),
            // `if parts.netloc: return`
            Expr::Attr { name, .. } if !holds => {
                let name = self.text(*name);
                if super::origins::is_part(&name) && !super::origins::is_scheme(&name) {
                    let local = SinkSet::of(Sink::Url);
                    self.clean(t, test, local, local);
                }
            }
            // `if !allowed[x] { return }`
            Expr::Index { index, .. } if self.is_go() && holds => {
                self.clean(t, *index, SinkSet::ALL, SinkSet::ALL);
            }
            _ => {}
        }
    }

    fn narrow_compare(&mut self, t: &Tree, op: CompareOp, left: Exp, right: Exp, holds: bool) {
        let (op, holds) = match op {
            CompareOp::NotEqual => (CompareOp::Equal, !holds),
            CompareOp::NotIdentical => (CompareOp::Identical, !holds),
            CompareOp::NotIn => (CompareOp::In, !holds),
            other => (other, holds),
        };
        match op {
            CompareOp::In if holds => {
                // `root in path.parents`
                if let Expr::Attr { object, name } = t.expr(right)
                    && &*self.text(*name) == "parents"
                {
                    self.clean_prefix(t, *object, None);
                }
                // `x in ALLOWED`: x is one of a closed set.
                let set = self.peek(t, right);
                if set.as_ref().is_some_and(is_closed_set)
                    || set.is_none_or(|s| s.taint.labels().is_empty())
                {
                    self.clean(t, left, SinkSet::ALL, SinkSet::ALL);
                }
            }
            CompareOp::In => {
                // `".." in x` fails: no way up.
                if matches!(t.expr(left), Expr::Str(s) if s.contains("..") || &**s == "/" || &**s == "\\")
                {
                    self.clean(t, right, SinkSet::of(Sink::Path), SinkSet::NONE);
                }
            }
            CompareOp::Equal | CompareOp::Identical if holds => {
                for (name, other) in [(left, right), (right, left)] {
                    if let Some(known) = self
                        .peek(t, other)
                        .filter(|v| v.is_scalar() || !v.taint.has(Label::UserInput))
                    {
                        let known_constant = known.is_scalar();
                        self.clean(t, name, SinkSet::ALL, SinkSet::ALL);
                        if known_constant && matches!(t.expr(name), Expr::Name(_)) {
                            self.assign(t, name, known, t.span(name));
                        }
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    fn narrow_call(&mut self, t: &Tree, callee: Exp, args: &[Exp], holds: bool) {
        let Some((receiver, name)) = self.callee_name(t, callee) else {
            return;
        };
        if self.is_go() {
            self.go_narrow(t, &name, args, holds);
        }
        let clean_all = |s: &mut Self, e: Exp| s.clean(t, e, SinkSet::ALL, SinkSet::ALL);
        match &*name {
            "isinstance" if holds && args.len() == 2 => {
                let kind = self.source(t.span(args[1])).to_owned();
                if ["int", "float", "bool", "Decimal", "UUID"]
                    .iter()
                    .any(|k| kind.split(|c: char| !c.is_alphanumeric()).any(|w| w == *k))
                {
                    clean_all(self, args[0]);
                }
            }
            "isdigit" | "isalnum" | "isalpha" | "isnumeric" | "isdecimal" | "isidentifier"
                if holds =>
            {
                if let Some(receiver) = receiver {
                    clean_all(self, receiver);
                }
            }
            "startswith" | "startsWith" | "is_relative_to" if holds => {
                if let Some(receiver) = receiver {
                    self.clean_prefix(t, receiver, args.first().copied());
                }
            }
            // `path.relative(root, p).startsWith("..")` and `url.startsWith("//")` fail.
            "startswith" | "startsWith" => {
                let beginning = args.first().map(|&a| t.expr(a));
                let sink = match beginning {
                    Some(Expr::Str(text)) if text.starts_with("..") => Sink::Path,
                    Some(Expr::Str(text)) if &**text == "//" => Sink::Url,
                    _ => return,
                };
                if let Some(receiver) = receiver {
                    self.clean(t, receiver, SinkSet::of(sink), SinkSet::of(sink));
                }
            }
            "endswith" | "endsWith" => {}
            "match" | "fullmatch" | "test" | "matches" | "MatchString" | "Match"
                if holds && self.restricts(t, &name, receiver, args) =>
            {
                for &arg in args {
                    clean_all(self, arg);
                }
                if let Some(receiver) = receiver {
                    clean_all(self, receiver);
                }
            }
            "includes" | "has" | "get" | "__contains__" | "contains" | "containsKey" if holds => {
                if let Some(&arg) = args.first() {
                    clean_all(self, arg);
                }
            }
            "includes" | "indexOf" | "contains" if !holds => {
                if let (Some(receiver), Some(&arg)) = (receiver, args.first())
                    && matches!(t.expr(arg), Expr::Str(s) if s.contains(".."))
                {
                    self.clean(t, receiver, SinkSet::of(Sink::Path), SinkSet::NONE);
                }
            }
            "isInteger" | "isSafeInteger" | "isNaN" | "isFinite" => {
                if let Some(&arg) = args.first() {
                    clean_all(self, arg);
                }
            }
            name if holds && crate::names::is_validator(name) => {
                for &arg in args {
                    clean_all(self, arg);
                }
                if let (Some(receiver), true) = (receiver, args.is_empty()) {
                    clean_all(self, receiver);
                }
            }
            _ => {}
        }
    }

    /// Uses what a check says that stands alone, `validate_name(name)`: it throws if it is not so.
    pub(super) fn believe_check(&mut self, t: &Tree, e: Exp) {
        let call = match t.expr(e) {
            Expr::Await(inner) => *inner,
            _ => e,
        };
        let Expr::Call { callee, args, .. } = t.expr(call) else {
            return;
        };
        let (callee, args) = (*callee, *args);
        let Some((receiver, name)) = self.callee_name(t, callee) else {
            return;
        };
        if &*name == "relative_to"
            && let Some(receiver) = receiver
        {
            return self.clean_prefix(t, receiver, None);
        }
        if !crate::names::is_assertion(&name) {
            return;
        }
        if let Some(Value {
            kind: Kind::Func(closure),
            ..
        }) = &self.peek(t, callee)
        {
            // One in sight is believed if it can refuse at all.
            let unit = &self.units[closure.unit as usize];
            let body = unit.tree.func(closure.func).span.text(&unit.source);
            if !["raise", "throw", "abort(", "Error("]
                .iter()
                .any(|word| body.contains(word))
            {
                return;
            }
        }
        self.clean_values(t, t.exprs(args));
    }

    /// Whether a statement is a call that ends the function: `abort(404)`, `sys.exit(1)`.
    pub(super) fn never_returns(&mut self, t: &Tree, e: Exp) -> bool {
        let Expr::Call { callee, .. } = t.expr(e) else {
            return false;
        };
        let callee = *callee;
        let named = self.callee_name(t, callee);
        let leaves = |name: &str| matches!(name, "abort" | "exit" | "_exit" | "notFound");
        if named.is_none_or(|(_, name)| !leaves(&name)) {
            return false;
        }
        match self.peek(t, callee).map(|value| value.kind) {
            Some(Kind::Api(path)) => {
                let text = self.paths.text(path);
                let ends = LEAVING.contains(&&**text);
                ends && !self.journal.overrides.contains_key(&path)
            }
            Some(_) => false,
            // A piece of a file that does not show where `abort` comes from.
            None => self.is_python() && matches!(t.expr(callee), Expr::Name(_)),
        }
    }

    /// Marks single values as safe; a thing of an API, such as a whole request, is none.
    fn clean_values(&mut self, t: &Tree, args: &[Exp]) {
        for &arg in args {
            let thing = self.peek(t, arg).is_none_or(|value| self.is_whole(&value));
            let item = matches!(t.expr(arg), Expr::Index { .. });
            if item || !thing && matches!(t.expr(arg), Expr::Name(_) | Expr::Attr { .. }) {
                self.clean(t, arg, SinkSet::ALL, SinkSet::ALL);
            }
        }
    }

    /// Whether matching a pattern says what the whole text consists of. A pattern that is not in
    /// sight is believed; one that lets anything through is not.
    fn restricts(&mut self, t: &Tree, name: &str, receiver: Option<Exp>, args: &[Exp]) -> bool {
        let mut pattern = None;
        for &e in receiver.iter().chain(args) {
            let value = match t.expr(e) {
                Expr::Regex { pattern, .. } => Some(Value::str(std::sync::Arc::clone(pattern))),
                Expr::Call { args, .. } => t.exprs(*args).first().and_then(|&a| self.peek(t, a)),
                _ => self.peek(t, e),
            };
            let text = match value.map(|v| v.kind) {
                Some(Kind::Str(text)) => Some(text),
                Some(Kind::Instance(made)) => made.args.first().and_then(|v| v.as_str().cloned()),
                _ => None,
            };
            pattern = pattern.or(text);
        }
        let Some(pattern) = pattern else { return true };
        let ends = pattern.ends_with('$') || pattern.ends_with("\\Z") || pattern.ends_with("\\z");
        let begins = pattern.starts_with('^') || pattern.starts_with("\\A") || self.is_python();
        let open = [".*", ".+", "[^", "\\S+", "\\S*"]
            .iter()
            .any(|p| pattern.contains(p));
        let whole = name == "fullmatch" || self.is_java() && name == "matches";
        !open && (whole || (begins && ends))
    }

    /// `path.startswith(base)`: safe below `base` when its `..` parts were resolved before. A URL
    /// that begins with a scheme, a host and a slash is safe too.
    pub(super) fn clean_prefix(&mut self, t: &Tree, value: Exp, prefix: Option<Exp>) {
        let prefix = prefix.and_then(|p| self.peek(t, p));
        let host_fixed = prefix.as_ref().and_then(Value::as_str).is_some_and(|p| {
            p.split_once("://")
                .is_some_and(|(_, rest)| rest.contains('/'))
        });
        let normalised = self.peek(t, value).is_some_and(|v| v.taint.is_normalised());
        if host_fixed {
            self.clean(t, value, SinkSet::of(Sink::Url), SinkSet::NONE);
        } else if normalised {
            self.clean(t, value, SinkSet::of(Sink::Path), SinkSet::of(Sink::Path));
        }
    }

    /// Marks the variables of an expression as safe: `whole` for the expression when it is a
    /// name itself, `derived` for names that it was derived from.
    pub(super) fn clean(&mut self, t: &Tree, e: Exp, whole: SinkSet, derived: SinkSet) {
        self.clean_to(t, e, whole, derived, 4);
    }

    fn clean_to(&mut self, t: &Tree, e: Exp, sinks: SinkSet, derived: SinkSet, depth: u8) {
        if depth == 0 || sinks == SinkSet::NONE {
            return;
        }
        match t.expr(e) {
            Expr::Name(_) | Expr::Attr { .. } | Expr::Index { .. } => {
                if let Some(value) = self.peek(t, e)
                    && (!value.taint.is_none() || matches!(value.kind, Kind::Pattern(_)))
                {
                    let cleaned = cleaned(&value, sinks);
                    self.assign(t, e, cleaned, t.span(e));
                }
                match t.expr(e) {
                    Expr::Attr { object, name } => {
                        let proven = super::origins::proven_by(&self.text(*name));
                        let derived = derived.intersection(proven);
                        self.clean_to(t, *object, derived, derived, depth - 1);
                    }
                    Expr::Name(name) => self.clean_origins(*name, derived, depth - 1),
                    _ => {}
                }
                self.believe(t, e, sinks);
            }
            Expr::List(items) | Expr::Tuple(items) => {
                for &item in t.exprs(*items) {
                    self.clean_to(t, item, sinks, derived, depth - 1);
                }
            }
            Expr::Call { callee, args, .. } => {
                self.believe(t, e, sinks);
                if let Expr::Attr { object, .. } = t.expr(*callee) {
                    self.clean_to(t, *object, derived, derived, depth - 1);
                }
                for &arg in t.exprs(*args) {
                    self.clean_to(t, arg, derived, derived, depth - 1);
                }
            }
            Expr::Await(inner) | Expr::Spread(inner) => {
                self.clean_to(t, *inner, sinks, derived, depth - 1);
            }
            Expr::Assign { target, .. } => self.clean_to(t, *target, sinks, derived, depth - 1),
            _ => {}
        }
    }

    /// Returns the value of a name, attribute or literal without running anything.
    pub(crate) fn peek(&mut self, t: &Tree, e: Exp) -> Option<Value> {
        match t.expr(e) {
            Expr::Name(name) => self.lookup(*name),
            Expr::This => self.frame.this.clone(),
            Expr::Attr { object, name } => {
                let object = self.peek(t, *object)?;
                self.field(&object, *name)
            }
            Expr::Index { object, index } => {
                let object = self.peek(t, *object)?;
                let index = self.peek(t, *index)?;
                match (&object.kind, index.as_key()) {
                    (Kind::Map(map), Some(key)) => map.get(&key),
                    (Kind::Seq(seq), Some(crate::value::Key::Int(i))) => {
                        seq.items.borrow().get(usize::try_from(i).ok()?).cloned()
                    }
                    _ => None,
                }
            }
            Expr::Str(text) => Some(Value::str(std::sync::Arc::clone(text))),
            Expr::Int(n) => Some(Value::int(*n)),
            Expr::Bool(b) => Some(Value::bool(*b)),
            Expr::Null => Some(Value::new(Kind::Null)),
            Expr::Tuple(items) | Expr::List(items) | Expr::Set(items) => {
                let items: Option<Vec<Value>> =
                    t.exprs(*items).iter().map(|&i| self.peek(t, i)).collect();
                Some(Value::seq(crate::value::SeqSort::Tuple, items?))
            }
            Expr::Call { .. } | Expr::Binary { .. } | Expr::Template(_) => None,
            _ => None,
        }
    }

    /// Returns the last name of what is called, and its receiver.
    pub(crate) fn callee_name(
        &self,
        t: &Tree,
        callee: Exp,
    ) -> Option<(Option<Exp>, std::sync::Arc<str>)> {
        match t.expr(callee) {
            Expr::Name(name) => Some((None, self.text(*name))),
            Expr::Attr { object, name } => Some((Some(*object), self.text(*name))),
            _ => None,
        }
    }
}

/// Returns the value with its labelled parts marked safe.
pub(crate) fn cleaned(value: &Value, sinks: SinkSet) -> Value {
    let kind = match &value.kind {
        Kind::Pattern(pieces) => Kind::Pattern(
            pieces
                .iter()
                .map(|piece| match piece {
                    text::Piece::Hole(taint) => text::Piece::Hole(mark(taint, sinks)),
                    known @ text::Piece::Known(_) => known.clone(),
                })
                .collect(),
        ),
        Kind::OneOf(values) => Kind::OneOf(values.iter().map(|v| cleaned(v, sinks)).collect()),
        other => other.clone(),
    };
    Value {
        kind,
        taint: mark(&value.taint, sinks),
    }
}

fn mark(taint: &Taint, sinks: SinkSet) -> Taint {
    taint.cleaned(sinks)
}

/// Whether a container has constant members only.
fn is_closed_set(value: &Value) -> bool {
    match &value.kind {
        Kind::Seq(seq) => seq.rest.borrow().is_none(),
        Kind::Map(map) => map.rest.borrow().is_none(),
        Kind::Str(_) => false,
        Kind::OneOf(values) => values.iter().all(is_closed_set),
        _ => value.taint.labels().is_empty() && !text::is_text(value),
    }
}

/// Whether an expression makes its value here, so that nobody else holds it.
fn is_literal(t: &Tree, e: Exp) -> bool {
    match t.expr(e) {
        Expr::Str(_)
        | Expr::Bytes(_)
        | Expr::List(_)
        | Expr::Tuple(_)
        | Expr::Set(_)
        | Expr::Map(_) => true,
        Expr::Call { callee, .. } => {
            matches!(t.expr(*callee), Expr::Attr { object, .. } if is_literal(t, *object))
        }
        Expr::Index { object, .. } => is_literal(t, *object),
        _ => false,
    }
}

fn is_literal_text(t: &Tree, e: Exp) -> bool {
    matches!(t.expr(e), Expr::Str(text) if text.chars().count() > 1)
}

fn class_of(value: &Value) -> GuardClass {
    let labels = value.taint.labels();
    let classes = [
        (Label::Clock, GuardClass::Clock),
        (Label::Identity, GuardClass::Identity),
        (Label::CiFlag, GuardClass::Ci),
        (Label::Random, GuardClass::Random),
        (Label::WeakRandom, GuardClass::Random),
        (Label::RemoteContent, GuardClass::Remote),
        (Label::Counter, GuardClass::Count),
        (Label::Environment, GuardClass::Environment),
    ];
    classes
        .iter()
        .find(|(label, _)| labels.has(*label))
        .map_or(GuardClass::Plain, |(_, class)| *class)
}
