//! What Go does otherwise: several results, pointers, zero values, discarded errors, packages.

use super::args::Args;
use super::class::{ClassVal, ObjectVal};
use super::expr::last_name;
use super::{Exp, Interp};
use crate::value::{ImportVal, Kind, SeqSort, Taint, Value, Why};
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{Expr, Exprs};
use tares_lang::{Sym, Tree};
use tares_model::effect::label::Sink;
use tares_model::effect::{GuardClass, Label, SinkSet};
use tares_model::{LabelSet, Span};

impl Interp<'_> {
    /// Whether the file is Go.
    pub(crate) fn is_go(&self) -> bool {
        self.family == tares_lang::Family::Go
    }

    /// Returns the value of a name that no scope defines: a builtin, a name of a package that was
    /// imported with a dot.
    pub(super) fn go_global(&mut self, text: &Arc<str>, span: Span) -> Value {
        if crate::fold::go::is_builtin(text) {
            let path = self.paths.get(text);
            return Value::new(Kind::Api(path));
        }
        let dot = self.interner.intern(".");
        if let Some(Value {
            kind: Kind::Api(package),
            ..
        }) = self.lookup(dot)
        {
            let path = self.paths.child(package, text);
            return self.read_path(path, &Taint::NONE, span);
        }
        let named = self.named_taint(text, span);
        Value::unknown_with(Why::Name, named)
    }

    /// Returns a package by the path it is imported under. Versions are no part of a path.
    pub(super) fn go_module(&mut self, written: &str) -> Value {
        let path = unversioned(written);
        if path == "C" || self.paths.models().knows_root(path) {
            return Value::new(Kind::Api(self.paths.get(path)));
        }
        // A path without a host may still be the repository's own module.
        if is_standard(path) {
            return Value::new(Kind::Api(self.paths.get(path)));
        }
        Value::new(Kind::Import(Rc::new(ImportVal {
            unit: self.unit,
            written: written.into(),
            names: Vec::new(),
            known: OnceCell::new(),
        })))
    }

    /// Calls: a literal of a type, a function, a method; what it may fill through a pointer is
    /// filled.
    pub(super) fn go_call(
        &mut self,
        t: &Tree,
        e: Exp,
        callee: Exp,
        list: Exprs,
        new: bool,
    ) -> Value {
        let span = t.span(e);
        if new {
            let kind = self.eval(t, callee);
            let args = self.args(t, list);
            return self.call_new(&kind, args, span, true);
        }
        let Expr::Attr { object, name } = t.expr(callee) else {
            let function = self.eval(t, callee);
            let args = self.args(t, list);
            let own = matches!(function.kind, Kind::Func(_));
            let result = self.call_new(&function, args, span, false);
            if !own {
                self.fill(t, list, &result, None);
            }
            return result;
        };
        let receiver = self.eval(t, *object);
        let args = self.args(t, list);
        let own = matches!(receiver.kind, Kind::Object(_) | Kind::Module(_));
        let result = self.method(&receiver, last_name(t, *object), *name, args, span, false);
        if !own {
            self.fill(t, list, &result, Some(*name));
        }
        result
    }

    /// Gives what a library writes through its arguments the labels of its result: `&x`, and the
    /// plain arguments of functions that are there to fill them.
    fn fill(&mut self, t: &Tree, list: Exprs, result: &Value, name: Option<Sym>) {
        let fills = name.is_some_and(|name| is_filling(self.interner.name(name)));
        let args = t.exprs(list);
        if !fills && !args.iter().any(|&a| matches!(t.expr(a), Expr::Await(_))) {
            return;
        }
        let taint = result.deep_taint().without_devices();
        for &arg in args {
            let (target, pointed) = match t.expr(arg) {
                Expr::Await(inner) => (*inner, true),
                _ => (arg, false),
            };
            if !matches!(
                t.expr(target),
                Expr::Name(_) | Expr::Attr { .. } | Expr::Index { .. }
            ) || !(pointed || fills)
            {
                continue;
            }
            let Some(old) = self.peek(t, target) else {
                continue;
            };
            if let Some(filled) = self.filled(&old, &taint, pointed) {
                self.assign(t, target, filled, t.span(target));
            }
        }
    }

    fn filled(&mut self, old: &Value, taint: &Taint, pointed: bool) -> Option<Value> {
        match &old.kind {
            Kind::Object(object) => {
                if taint.labels().is_empty() {
                    return None;
                }
                let object = Rc::new(ObjectVal {
                    class: Rc::clone(&object.class),
                    fields: RefCell::new(FxHashMap::default()),
                    weak: object.weak,
                });
                Some(Value {
                    kind: Kind::Object(object),
                    taint: old.taint.merge(taint),
                })
            }
            // Things of a library keep what they are: `binary.Write(&buf, …)`.
            Kind::Instance(_) | Kind::Api(_) => {
                (!taint.labels().is_empty()).then(|| old.clone().tainted(taint))
            }
            Kind::Str(_) | Kind::Int(_) | Kind::Bool(_) | Kind::Float(_) | Kind::Unknown(_)
                if pointed =>
            {
                let numeric = matches!(old.kind, Kind::Int(_) | Kind::Bool(_) | Kind::Float(_));
                let taint = if numeric {
                    taint.cleaned(SinkSet::ALL)
                } else {
                    taint.clone()
                };
                Some(Value::unknown_with(Why::Call, old.taint.merge(&taint)))
            }
            Kind::Seq(_) | Kind::Map(_) | Kind::Unknown(_) => Some(Value::unknown_with(
                Why::Call,
                old.deep_taint().merge(taint),
            )),
            _ => None,
        }
    }

    /// `T{…}` and `T(x)` of a type of the code itself.
    pub(super) fn go_make(&mut self, class: &Rc<ClassVal>, args: Args, span: Span) -> Value {
        if let Some((value, _)) = args.pos.first() {
            return value.clone(); // A conversion: the value with another name.
        }
        let object = Rc::new(ObjectVal {
            class: Rc::clone(class),
            fields: RefCell::new(FxHashMap::default()),
            weak: false,
        });
        let value = Value::new(Kind::Object(object));
        for (name, given, at) in args.named {
            let name = self.interner.intern(&name);
            let _ = span;
            self.put_attr(&value, name, given, at);
        }
        value
    }

    /// Reads a field or a method of a struct of the code itself.
    pub(super) fn go_field(&mut self, object: &Value, name: Sym, span: Span) -> Value {
        let Kind::Object(inner) = &object.kind else {
            return Value::unknown(Why::Operation);
        };
        let inner = Rc::clone(inner);
        let field = inner.fields.borrow().get(&name).cloned();
        let member = field.or_else(|| inner.class.member(name));
        match member {
            Some(value) if matches!(value.kind, Kind::Func(_)) && !self.is_literal_func(&value) => {
                Value::new(Kind::Bound(Rc::new((object.clone(), value))))
            }
            Some(value) if value.is_unknown() => {
                let text = self.text(name);
                let numeric = value.taint.clean() == SinkSet::ALL;
                let whole = if numeric {
                    object.taint.cleaned(SinkSet::ALL)
                } else {
                    object.taint.clone()
                };
                let named = self.named_taint(&text, span);
                value.tainted(&whole).tainted(&named)
            }
            Some(value) => value.tainted(&object.taint),
            None => self.promoted(object, &inner, name, span),
        }
    }

    fn is_literal_func(&self, value: &Value) -> bool {
        match &value.kind {
            Kind::Func(closure) => self.is_literal_closure(closure),
            _ => false,
        }
    }

    /// Whether a function is a literal, which has no receiver of its own.
    pub(super) fn is_literal_closure(&self, closure: &super::function::Closure) -> bool {
        self.units[closure.unit as usize]
            .tree
            .func(closure.func)
            .flags
            .is_arrow
    }

    /// What an embedded value has.
    fn promoted(&mut self, object: &Value, inner: &Rc<ObjectVal>, name: Sym, span: Span) -> Value {
        let text = self.text(name);
        let embedded: Vec<Value> = inner
            .fields
            .borrow()
            .iter()
            .filter(|(_, v)| matches!(v.kind, Kind::Instance(_)))
            .map(|(_, v)| v.clone())
            .collect();
        if let Some(base) = inner.class.api_base() {
            for instance in embedded {
                if let Kind::Instance(i) = &instance.kind
                    && i.path == base
                {
                    return self.attr(&instance, None, name, span);
                }
            }
            let child = self.paths.child(base, &text);
            let node = self.paths.node(child);
            if node.calls.is_some() || node.read.is_some() || node.kind.is_some() {
                let receiver = Value::new(Kind::Api(base));
                return self.attr(&receiver, None, name, span);
            }
        }
        let hinted = self.hinted(&text, span);
        let taint = object.taint.merge(&self.named_taint(&text, span));
        hinted
            .unwrap_or_else(|| Value::unknown(Why::Name))
            .tainted(&taint)
    }

    /// Reads `object[key]` where Go means something else: the bytes of a text, the zero of a
    /// map's values.
    pub(super) fn go_index(&mut self, object: &Value, key: &Value) -> Option<Value> {
        match (&object.kind, key.as_int()) {
            (Kind::Str(text), Some(i)) => {
                let byte = text.as_bytes().get(usize::try_from(i).ok()?)?;
                Some(Value::int(i64::from(*byte)).tainted(&object.taint))
            }
            (Kind::Str(_) | Kind::Bytes(_), None) => Some(Value::unknown_with(
                Why::Operation,
                object.taint.cleaned(SinkSet::ALL),
            )),
            (Kind::Func(_), _) => Some(object.clone()),
            (Kind::Map(map), _) => {
                let known = map.get(&key.as_key()?).is_some() || map.rest.borrow().is_some();
                (!known).then(|| Value::unknown_with(Why::Operation, object.taint.clone()))
            }
            _ => None,
        }
    }

    /// The parts of a value that several names take: results of a function that is not in sight
    /// are the value itself, what else it gives, and whether it went well.
    pub(super) fn go_part(&mut self, t: &Tree, targets: &[Exp], value: &Value, i: usize) -> Value {
        if i == 0 {
            return value.clone();
        }
        let last = i + 1 == targets.len();
        let name = last_name(t, targets[i]).map(|n| self.text(n));
        let outcome = name.is_some_and(|name| is_outcome(&name));
        if last && outcome {
            return Value::unknown_with(Why::Call, Taint::NONE);
        }
        Value::unknown_with(Why::Call, value.deep_taint())
    }

    /// Whether the error that a call gives is thrown away: `_ = f()`, `x, _ := f()`.
    pub(super) fn discards(&self, t: &Tree, targets: Exprs, value: Exp) -> bool {
        if !self.is_go() || !matches!(t.expr(value), Expr::Call { new: false, .. }) {
            return false;
        }
        let [target] = t.exprs(targets) else {
            return false;
        };
        let last = match t.expr(*target) {
            Expr::Tuple(items) => match t.exprs(*items).last() {
                Some(&last) => last,
                None => return false,
            },
            _ => *target,
        };
        matches!(t.expr(last), Expr::Name(name) if &**self.interner.name(*name) == "_")
    }

    /// Evaluates a call whose error nobody looks at.
    pub(super) fn eval_discarded(&mut self, t: &Tree, value: Exp) -> Value {
        self.swallow += 1;
        let known = self.eval(t, value);
        self.swallow -= 1;
        known
    }

    /// Writes one byte of bytes that a variable holds.
    pub(super) fn set_byte(
        &mut self,
        receiver: &Value,
        key: &Value,
        value: &Value,
    ) -> Option<Value> {
        let Kind::Bytes(bytes) = &receiver.kind else {
            return None;
        };
        let at = key.as_int().and_then(|i| usize::try_from(i).ok());
        let taint = receiver.taint.merge(&value.deep_taint());
        match (at, value.as_int()) {
            (Some(at), Some(byte)) if at < bytes.len() => {
                let mut bytes = bytes.to_vec();
                bytes[at] = (byte & 0xff) as u8;
                let device = tares_model::effect::Device::Transformed;
                Some(
                    Value::bytes(bytes)
                        .tainted(&taint)
                        .tainted(&Taint::device(device)),
                )
            }
            _ => Some(Value::unknown_with(Why::Operation, taint)),
        }
    }

    /// Joins what a function returns: where it fails, its other results say nothing.
    pub(super) fn go_returns(&self, old: &Value, new: &Value) -> Option<Value> {
        match (is_failure(old), is_failure(new)) {
            (true, false) => Some(new.clone()),
            (false, true) => Some(old.clone()),
            _ => None,
        }
    }

    /// Returns an instance of the type that an annotation names.
    pub(super) fn go_type(&mut self, t: &Tree, annotation: Exp) -> Option<Value> {
        let value = match t.expr(annotation) {
            Expr::Name(name) => match self.lookup(*name) {
                Some(value) => value,
                None => {
                    let text = self.text(*name);
                    if is_numeric(&text) {
                        let taint = Taint::label(Label::Parameter).cleaned(SinkSet::ALL);
                        return Some(Value::unknown_with(Why::Parameter, taint));
                    }
                    return None;
                }
            },
            Expr::Attr { object, name } => {
                let Expr::Name(package) = t.expr(*object) else {
                    return None;
                };
                let package = self.lookup(*package)?;
                match package.kind {
                    Kind::Api(path) => {
                        let text = self.text(*name);
                        let child = self.paths.child(path, &text);
                        Value::new(Kind::Api(child))
                    }
                    Kind::Import(_) if self.program.is_thorough() => {
                        let package = self.force(&package);
                        self.attr(&package, None, *name, t.span(annotation))
                    }
                    _ => return None,
                }
            }
            Expr::List(items) => {
                let &item = t.exprs(*items).first()?;
                let item = self.go_type(t, item)?;
                if item.is_unknown() {
                    return None;
                }
                return Some(Value::seq_with(SeqSort::List, Vec::new(), Some(item)));
            }
            _ => return None,
        };
        let span = t.span(annotation);
        match &value.kind {
            Kind::Api(path) => {
                let path = *path;
                let kind = self.paths.node(path).kind?;
                let mut taint = Taint::NONE;
                if !kind.labels.is_empty() {
                    let labels: LabelSet = kind.labels.iter().copied().collect();
                    let what = format!("`{}` is {}", kind.name, crate::names::describe_all(labels));
                    taint = self.taint_here(labels, span, &what);
                }
                Some(Value {
                    kind: Kind::Api(path),
                    taint,
                })
            }
            Kind::Class(class) => {
                let class = Rc::clone(class);
                Some(self.sample(&class))
            }
            _ => None,
        }
    }

    /// Says what a test by a method of a time depends on: `now.After(deadline)` is a trigger
    /// where the deadline is fixed when the program is written.
    pub(super) fn go_guard(&mut self, t: &Tree, test: Exp, value: &Value) -> Option<GuardClass> {
        let Expr::Call { callee, args, .. } = t.expr(test) else {
            return None;
        };
        let Expr::Attr { object, name } = t.expr(*callee) else {
            return None;
        };
        if !value.taint.has(Label::Clock)
            || !matches!(&**self.interner.name(*name), "After" | "Before" | "Equal")
        {
            return None;
        }
        let sides = [Some(*object), t.exprs(*args).first().copied()];
        let fixed = sides
            .into_iter()
            .flatten()
            .any(|e| self.is_fixed_time(t, e));
        Some(if fixed {
            GuardClass::Clock
        } else {
            GuardClass::Plain
        })
    }

    /// Whether an expression is a constant of a package, such as `time.Friday`.
    pub(super) fn is_package_constant(&self, t: &Tree, e: Exp) -> bool {
        let Expr::Attr { object, .. } = t.expr(e) else {
            return false;
        };
        let Expr::Name(package) = t.expr(*object) else {
            return false;
        };
        self.is_go()
            && matches!(self.lookup(*package).map(|v| v.kind), Some(Kind::Api(path))
                if !self.paths.text(path).ends_with(|c: char| !c.is_ascii_lowercase()))
    }

    fn is_fixed_time(&mut self, t: &Tree, e: Exp) -> bool {
        match t.expr(e) {
            Expr::Call { callee, args, .. } => {
                let named = matches!(t.expr(*callee), Expr::Attr { name, .. }
                    if matches!(&**self.interner.name(*name), "Date" | "Unix" | "UnixMilli"));
                named
                    && t.exprs(*args).iter().all(|&a| {
                        matches!(
                            t.expr(a),
                            Expr::Int(_) | Expr::Attr { .. } | Expr::Float(_) | Expr::Binary { .. }
                        )
                    })
            }
            Expr::Name(name) => match self.lookup(*name) {
                Some(Value {
                    kind: Kind::Instance(instance),
                    taint,
                }) => {
                    !taint.has(Label::Clock)
                        && !instance.args.is_empty()
                        && instance
                            .args
                            .iter()
                            .all(|v| v.is_scalar() || matches!(v.kind, Kind::Api(_)))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Uses what a call of a library says about its arguments.
    pub(super) fn go_narrow(&mut self, t: &Tree, name: &str, args: &[Exp], holds: bool) {
        match (name, args) {
            ("HasPrefix", &[value, prefix]) if holds => {
                self.clean_prefix(t, value, Some(prefix));
            }
            ("HasPrefix", &[value, prefix]) => {
                if matches!(t.expr(prefix), Expr::Str(s) if &**s == "//") {
                    let url = SinkSet::of(Sink::Url);
                    self.clean(t, value, url, url);
                }
            }
            ("Contains" | "ContainsAny", &[value, part]) if !holds => {
                if matches!(t.expr(part), Expr::Str(s) if s.contains("..")) {
                    self.clean(t, value, SinkSet::of(Sink::Path), SinkSet::NONE);
                }
            }
            ("Contains", &[all, value]) if holds => {
                let closed = self.peek(t, all).is_none_or(|v| {
                    !matches!(v.kind, Kind::Str(_) | Kind::Pattern(_))
                        && v.taint.labels().is_empty()
                });
                if closed && !matches!(t.expr(value), Expr::Str(_)) {
                    self.clean(t, value, SinkSet::ALL, SinkSet::ALL);
                }
            }
            ("IsLocal", &[value]) if holds => {
                self.clean(t, value, SinkSet::of(Sink::Path), SinkSet::NONE);
            }
            _ => {}
        }
    }

    /// Puts a value into a variable of the running function.
    pub(crate) fn put_local(&mut self, name: &str, value: Value) {
        let name = self.interner.intern(name);
        let mut scope = Rc::clone(&self.frame.scope);
        while scope.kind == super::scope::ScopeKind::Block {
            match &scope.parent {
                Some(parent) => scope = Rc::clone(parent),
                None => break,
            }
        }
        let slot = super::scope::Slot::Var(scope, name);
        self.journal
            .write(slot, super::scope::State::Value(Some(value)));
    }
}

/// Returns the results of a call that gave several.
pub(super) fn results(value: &Value) -> Option<Vec<Value>> {
    match &value.kind {
        Kind::Seq(seq) if seq.sort == SeqSort::Tuple && seq.rest.borrow().is_none() => {
            Some(seq.items.borrow().clone())
        }
        _ => None,
    }
}

/// Whether a tuple of results says that the call failed: an error, and nothing else.
fn is_failure(value: &Value) -> bool {
    let Kind::Seq(seq) = &value.kind else {
        return false;
    };
    let items = seq.items.borrow();
    let Some((last, others)) = items.split_last() else {
        return false;
    };
    let fails = match &last.kind {
        Kind::Null => false,
        Kind::Bool(b) => !b,
        _ => true,
    };
    let empty = |v: &Value| match &v.kind {
        Kind::Null | Kind::Int(0) | Kind::Bool(false) => true,
        Kind::Str(text) => text.is_empty(),
        _ => false,
    };
    seq.sort == SeqSort::Tuple && fails && !others.is_empty() && others.iter().all(empty)
}

/// Whether a path is one of the standard library.
fn is_standard(path: &str) -> bool {
    const TOP: [&str; 44] = [
        "archive",
        "bufio",
        "bytes",
        "cmp",
        "compress",
        "container",
        "context",
        "crypto",
        "database",
        "debug",
        "embed",
        "encoding",
        "errors",
        "expvar",
        "flag",
        "fmt",
        "go",
        "hash",
        "html",
        "image",
        "index",
        "io",
        "iter",
        "log",
        "maps",
        "math",
        "mime",
        "net",
        "os",
        "path",
        "plugin",
        "reflect",
        "regexp",
        "runtime",
        "slices",
        "sort",
        "strconv",
        "strings",
        "sync",
        "syscall",
        "testing",
        "text",
        "time",
        "unicode",
    ];
    let top = path.split('/').next().unwrap_or(path);
    TOP.binary_search(&top).is_ok() || matches!(top, "unique" | "unsafe")
}

/// Whether a name is one that results about success get.
fn is_outcome(name: &str) -> bool {
    matches!(
        name,
        "_" | "ok" | "found" | "exists" | "err" | "e" | "closed" | "isPrefix"
    ) || name.ends_with("Err")
        || name.ends_with("err")
        || name.ends_with("OK")
        || name.ends_with("Ok")
        || name.starts_with("err")
}

/// Whether a function of this name is there to fill what it is given.
fn is_filling(name: &str) -> bool {
    name.starts_with("Unmarshal")
        || name.starts_with("Bind")
        || name.starts_with("ShouldBind")
        || name.starts_with("Scan")
        || matches!(
            name,
            "Decode"
                | "DecodeElement"
                | "ReadJSON"
                | "BodyParser"
                | "QueryParser"
                | "ParamsParser"
                | "Read"
                | "ReadFull"
                | "ReadAtLeast"
                | "Sscan"
                | "Sscanf"
                | "Sscanln"
                | "Fscan"
                | "Fscanf"
                | "ReadRequest"
        )
}

fn is_numeric(name: &str) -> bool {
    matches!(
        name,
        "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uintptr"
            | "byte"
            | "rune"
            | "float32"
            | "float64"
            | "bool"
    )
}

/// Returns the path of a package without the version that is a part of its name.
fn unversioned(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let path = match path.rsplit_once('/') {
        Some((rest, last)) if is_version(last) => rest,
        _ => path,
    };
    let parts: Vec<&str> = path.split('/').collect();
    // `github.com/x/y/v2/z`: only whole parts are cut, and only at the end; a version in the
    // middle belongs to the module.
    match path.rsplit_once('.') {
        Some((rest, version)) if is_version(version) && parts.len() > 1 => rest,
        _ => path,
    }
}
