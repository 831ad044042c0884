//! What objects of the code's own classes say when the language asks them: whether they are
//! true, how long they are, what their items, their text and their order are.

use super::Interp;
use super::args::Args;
use super::attr::member;
use super::class::ClassVal;
use crate::value::{Key, Kind, SeqSort, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::Sym;
use tares_lang::tree::{CompareOp, UnaryOp};

/// Most items that an iterator of the code's own gives.
const MAX_ITERATED: i64 = 64;

/// The field in which an object keeps what its builtin base class holds; no code can write it.
const INNER: &str = "";

impl Interp<'_> {
    /// Returns the container, text or number that an object of a class derived from a builtin holds.
    pub(crate) fn inner(&mut self, value: &Value) -> Option<Value> {
        let Kind::Object(object) = &value.kind else {
            return None;
        };
        let name = self.interner.find(INNER)?;
        let inner = object.fields.borrow().get(&name).cloned();
        inner.map(|inner| inner.tainted(&value.taint))
    }

    /// Gives an object what its builtin base class makes of the arguments.
    pub(crate) fn fill_inner(&mut self, class: &Rc<ClassVal>, object: &Value, args: &Args) {
        let Some(base) = self.base_text(class).filter(|base| is_container(base)) else {
            return;
        };
        let path = self.paths.get(&base);
        let api = Value::new(Kind::Api(path));
        let made = self.construct(&api, args.clone());
        let made = if matches!(made.kind, Kind::Seq(_) | Kind::Map(_)) || made.is_scalar() {
            made
        } else {
            self.construct(&api, Args::default())
        };
        self.set_inner(object, made);
    }

    fn construct(&mut self, class: &Value, args: Args) -> Value {
        let span = self.statement;
        self.call_new(class, args, span, true)
    }

    pub(crate) fn set_inner(&mut self, object: &Value, inner: Value) {
        if let Kind::Object(object) = &object.kind {
            let name = self.interner.intern(INNER);
            object.fields.borrow_mut().insert(name, inner);
        }
    }

    /// Returns the object itself, or what it holds when it stands for a builtin container.
    pub(crate) fn plain(&mut self, value: &Value) -> Value {
        self.inner(value).unwrap_or_else(|| value.clone())
    }

    /// Returns a method of the builtin that an object holds.
    pub(crate) fn inner_method(&mut self, object: &Value, name: Sym) -> Option<Value> {
        let inner = self.inner(object)?;
        let text = self.text(name);
        let known = match &inner.kind {
            Kind::Map(_) => MAP_METHODS.contains(&&*text),
            Kind::Seq(_) => SEQ_METHODS.contains(&&*text),
            Kind::Str(_) | Kind::Pattern(_) => !text.starts_with("__"),
            _ => false,
        };
        known.then(|| member(&inner, name))
    }

    /// Returns the truth of a value, asking objects.
    pub(crate) fn truth(&mut self, value: &Value) -> Option<bool> {
        if let (Kind::Object(_), true) = (&value.kind, self.is_python()) {
            if let Some(answer) = self.special(value, "__bool__", Args::default()) {
                return answer.truth(false);
            }
            if let Some(length) = self.special(value, "__len__", Args::default()) {
                return length.truth(false);
            }
            return self.inner(value)?.truth(false);
        }
        value.truth(self.is_js())
    }

    /// Returns all items of a value that has few and known ones, asking objects.
    pub(crate) fn items(&mut self, value: &Value) -> Option<Vec<Value>> {
        match &value.kind {
            Kind::Object(_) if self.is_python() => self.object_items(value),
            Kind::Object(_) | Kind::Map(_) if self.is_js() => self.own_iterator(value),
            Kind::Class(class) if self.is_python() => {
                let class = Rc::clone(class);
                self.enumerated(&class)
            }
            _ => super::loops::known_items(value),
        }
    }

    fn object_items(&mut self, value: &Value) -> Option<Vec<Value>> {
        for name in ["__iter__", "__aiter__"] {
            if let Some(iterator) = self.special(value, name, Args::default()) {
                return match &iterator.kind {
                    Kind::Object(_) => None,
                    _ => super::loops::known_items(&iterator),
                };
            }
        }
        if let Some(inner) = self.inner(value) {
            return super::loops::known_items(&inner);
        }
        // The oldest protocol: indices from nought until one is out of range.
        let mut items = Vec::new();
        for i in 0..MAX_ITERATED {
            let raised = std::mem::replace(&mut self.raised, false);
            let item = self.special(value, "__getitem__", Args::of([Value::int(i)]));
            let ended = std::mem::replace(&mut self.raised, raised);
            match item {
                Some(item) if !ended && !item.is_unknown() => items.push(item),
                _ => break,
            }
        }
        (!items.is_empty()).then_some(items)
    }

    /// Items of an object with an iterator of its own, or of a `Map`.
    fn own_iterator(&mut self, value: &Value) -> Option<Vec<Value>> {
        for name in ["Symbol.iterator", "Symbol.asyncIterator"] {
            if let Some(iterator) = self.ask(value, name, Args::default()) {
                return match &iterator.kind {
                    Kind::Map(_) | Kind::Object(_) => self.stepped_through(&iterator),
                    _ => super::loops::known_items(&iterator),
                };
            }
        }
        if let Some(inner) = self.inner(value) {
            return self.items(&inner);
        }
        // A `Map` gives pairs.
        let Kind::Map(map) = &value.kind else {
            return None;
        };
        if map.rest.borrow().is_some() || map.behind.borrow().is_some() {
            return None;
        }
        let entries = map.entries.borrow();
        let pair = |(key, value): &(Key, Value)| {
            Value::seq(SeqSort::List, vec![key.value(), value.clone()])
        };
        Some(entries.iter().map(pair).collect())
    }

    /// Calls `next` until it says that it is done.
    fn stepped_through(&mut self, iterator: &Value) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        for _ in 0..MAX_ITERATED {
            let step = self.ask(iterator, "next", Args::default())?;
            let Kind::Map(step) = &step.kind else { break };
            match step.get_text("done").map(|done| done.truth(true)) {
                None | Some(Some(false)) => items.push(step.get_text("value")?),
                // Whether there is more is not known: what was given first is what is known.
                Some(None) => {
                    items.extend(step.get_text("value"));
                    break;
                }
                Some(Some(true)) => break,
            }
        }
        (!items.is_empty()).then_some(items)
    }

    /// Calls a method of an object, or of a plain object of JavaScript.
    pub(crate) fn ask(&mut self, value: &Value, name: &str, args: Args) -> Option<Value> {
        match &value.kind {
            Kind::Map(map) => {
                let method = map.get_text(name)?;
                matches!(method.kind, Kind::Func(_)).then(|| self.call_bound(value, &method, args))
            }
            _ => self.special(value, name, args),
        }
    }

    /// Returns what a value is as text, asking objects; `None` where nobody answers.
    pub(crate) fn own_text(&mut self, value: &Value, spec: Option<&str>) -> Option<Value> {
        if self.is_js() {
            return self.js_text(value);
        }
        if let Kind::Class(class) = &value.kind {
            return Some(Value::str(&*class.name));
        }
        if !matches!(value.kind, Kind::Object(_)) {
            return None;
        }
        if let Some(spec) = spec
            && let Some(text) = self.special(value, "__format__", Args::of([Value::str(spec)]))
        {
            return Some(text);
        }
        let said = self
            .special(value, "__str__", Args::default())
            .or_else(|| self.special(value, "__repr__", Args::default()));
        said.or_else(|| self.inner(value).filter(Value::is_scalar))
    }

    fn js_text(&mut self, value: &Value) -> Option<Value> {
        match value.kind {
            Kind::Map(_) | Kind::Object(_) => {}
            // Arrays become their items with commas.
            Kind::Bool(b) => return Some(Value::str(if b { "true" } else { "false" })),
            Kind::Null => return Some(Value::str("null")),
            Kind::Seq(ref seq) if seq.rest.borrow().is_none() && seq.items.borrow().len() <= 64 => {
                return crate::fold::sequence::join_texts(value, Value::str(","));
            }
            _ => return None,
        }
        for name in ["Symbol.toPrimitive", "toString", "valueOf"] {
            if let Some(text) = self.ask(value, name, Args::default()) {
                return Some(text);
            }
        }
        None
    }

    /// Returns a value that text can be made of.
    pub(crate) fn textual(&mut self, value: &Value) -> Value {
        match value.kind {
            Kind::Object(_)
            | Kind::Map(_)
            | Kind::Class(_)
            | Kind::Seq(_)
            | Kind::Bool(_)
            | Kind::Null => self.own_text(value, None).unwrap_or_else(|| value.clone()),
            _ => value.clone(),
        }
    }

    /// Returns the whole number that an object stands for as an index.
    pub(crate) fn as_index(&mut self, value: &Value) -> Value {
        if !matches!(value.kind, Kind::Object(_)) {
            return value.clone();
        }
        let asked = self.special(value, "__index__", Args::default());
        asked.unwrap_or_else(|| self.plain(value))
    }

    /// Compares objects by the methods that they have for it.
    pub(crate) fn own_comparison(&mut self, op: CompareOp, a: &Value, b: &Value) -> Option<Value> {
        if self.is_js() || !(is_object(a) || is_object(b)) {
            return None;
        }
        let (name, mirrored) = match op {
            CompareOp::Equal => ("__eq__", "__eq__"),
            CompareOp::NotEqual => ("__ne__", "__ne__"),
            CompareOp::Less => ("__lt__", "__gt__"),
            CompareOp::LessEqual => ("__le__", "__ge__"),
            CompareOp::Greater => ("__gt__", "__lt__"),
            CompareOp::GreaterEqual => ("__ge__", "__le__"),
            CompareOp::In | CompareOp::NotIn => return self.own_membership(op, a, b),
            _ => return None,
        };
        if let Some(answer) = self.special(a, name, Args::of([b.clone()])) {
            return Some(answer);
        }
        if let Some(answer) = self.special(b, mirrored, Args::of([a.clone()])) {
            return Some(answer);
        }
        if op == CompareOp::NotEqual
            && let Some(equal) = self.special(a, "__eq__", Args::of([b.clone()]))
        {
            return self.truth(&equal).map(|b| Value::bool(!b));
        }
        let (x, y) = (self.inner(a), self.inner(b));
        if x.is_none() && y.is_none() {
            return None;
        }
        let (x, y) = (
            x.unwrap_or_else(|| a.clone()),
            y.unwrap_or_else(|| b.clone()),
        );
        crate::fold::operator::compare(false, op, &x, &y).map(Value::bool)
    }

    fn own_membership(&mut self, op: CompareOp, item: &Value, holder: &Value) -> Option<Value> {
        if !is_object(holder) {
            return None;
        }
        let answer = match self.special(holder, "__contains__", Args::of([item.clone()])) {
            Some(answer) => self.truth(&answer),
            None => {
                let items = self.items(holder)?;
                let list = Value::seq(SeqSort::List, items);
                crate::fold::operator::contains(&list, item)
            }
        }?;
        Some(Value::bool(answer == (op == CompareOp::In)))
    }

    /// Applies a prefix operator that an object has a method for.
    pub(crate) fn own_unary(&mut self, op: UnaryOp, value: &Value) -> Option<Value> {
        let name = match op {
            UnaryOp::Minus => "__neg__",
            UnaryOp::Plus => "__pos__",
            UnaryOp::Invert => "__invert__",
            _ => return None,
        };
        self.special(value, name, Args::default())
    }

    /// Returns a mapping as a map: an object that holds one, or one that answers `keys`.
    pub(crate) fn as_mapping(&mut self, value: &Value) -> Value {
        match &value.kind {
            Kind::Member(member) if &*self.text(member.name) == "__dict__" => {
                let receiver = member.receiver.clone();
                self.fields_of(&receiver).unwrap_or_else(|| value.clone())
            }
            Kind::Api(path) if &**self.paths.text(*path) == "locals()" => self.locals(),
            Kind::Object(_) => {
                if let Some(inner) = self.inner(value) {
                    return inner;
                }
                let Some(keys) = self.special(value, "keys", Args::default()) else {
                    return value.clone();
                };
                let Some(keys) = self.items(&keys) else {
                    return value.clone();
                };
                let mut entries = Vec::new();
                for key in keys {
                    let item = self.special(value, "__getitem__", Args::of([key.clone()]));
                    let item = item.unwrap_or_else(|| Value::unknown(Why::Operation));
                    entries.extend(key.as_key().map(|key| (key, item)));
                }
                Value::map(entries, None)
            }
            _ => value.clone(),
        }
    }

    /// Returns the names of the running function as a map.
    fn locals(&mut self) -> Value {
        let scope = Rc::clone(&self.frame.scope);
        let names = scope.names();
        let entries = names.into_iter().filter_map(|name| {
            let value = scope.get(name)?;
            Some((Key::Text(self.text(name)), value))
        });
        Value::map(entries.collect(), None)
    }

    /// Returns the attributes that a format may read, those of the class included.
    pub(crate) fn attributes_of(&mut self, object: &Value) -> Option<Value> {
        let Kind::Object(inner) = &object.kind else {
            return None;
        };
        let class = Rc::clone(&inner.class);
        let own = self.fields_of(object)?;
        let Kind::Map(map) = &own.kind else {
            return None;
        };
        for class in class.from_the_root() {
            let of_class = self.fields_of(&Value::new(Kind::Class(Rc::clone(class))))?;
            let Kind::Map(of_class) = &of_class.kind else {
                continue;
            };
            for (key, value) in of_class.entries.borrow().iter() {
                if map.get(key).is_none() {
                    map.set(key.clone(), value.clone());
                }
            }
        }
        Some(own)
    }

    /// Runs what a thread or process of an own class does.
    pub(crate) fn started(&mut self, object: &Value, class: &Rc<ClassVal>) -> Option<Value> {
        let base = self.base_text(class)?;
        let is_thread = matches!(&*base, "threading.Thread" | "threading.Timer");
        let is_process = base.starts_with("multiprocessing.") && base.ends_with("Process");
        if !is_thread && !is_process {
            return None;
        }
        let run = self
            .interner
            .find("run")
            .and_then(|name| class.member(name))?;
        self.detach(true, |s| s.call_bound(object, &run, Args::default()));
        Some(Value::new(Kind::Null))
    }

    /// Returns the fields of an object as a map, in the order of their names.
    pub(crate) fn fields_of(&mut self, object: &Value) -> Option<Value> {
        let (fields, open) = match &object.kind {
            Kind::Object(object) => (object.fields.borrow().clone(), object.weak),
            Kind::Class(class) => (class.members.borrow().clone(), false),
            Kind::Map(_) => return Some(object.clone()),
            Kind::Instance(instance) => {
                let fields = instance.fields.borrow().clone();
                let entries = fields
                    .into_iter()
                    .map(|(name, value)| (Key::Text(name), value));
                let rest = Some(Value::unknown(Why::Reflection));
                return Some(Value::map(entries.collect(), rest));
            }
            _ => return None,
        };
        let mut entries: Vec<(Arc<str>, Value)> = fields
            .into_iter()
            .map(|(name, value)| (self.text(name), value))
            .filter(|(name, _)| !name.is_empty())
            .collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let entries = entries
            .into_iter()
            .map(|(name, value)| (Key::Text(name), value));
        let rest = open.then(|| Value::unknown(Why::Reflection));
        Some(Value::map(entries.collect(), rest))
    }
}

fn is_object(value: &Value) -> bool {
    matches!(value.kind, Kind::Object(_))
}

/// Whether instances of a builtin class hold something that the engine follows.
pub(crate) fn is_container(path: &str) -> bool {
    matches!(
        path,
        "dict"
            | "list"
            | "set"
            | "frozenset"
            | "tuple"
            | "str"
            | "int"
            | "float"
            | "bytes"
            | "bytearray"
            | "collections.OrderedDict"
            | "collections.defaultdict"
            | "collections.Counter"
            | "collections.deque"
            | "collections.UserDict"
            | "collections.UserList"
            | "collections.UserString"
            | "collections.ChainMap"
            | "Array"
            | "Map"
            | "Set"
            | "String"
    )
}

const MAP_METHODS: &[&str] = &[
    "get",
    "pop",
    "update",
    "items",
    "keys",
    "values",
    "copy",
    "setdefault",
    "popitem",
    "clear",
    "__getitem__",
    "__setitem__",
    "__contains__",
    "__iter__",
    "set",
    "has",
    "delete",
    "forEach",
    "entries",
    "size",
];

const SEQ_METHODS: &[&str] = &[
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "reverse",
    "sort",
    "index",
    "count",
    "copy",
    "add",
    "discard",
    "update",
    "union",
    "intersection",
    "difference",
    "appendleft",
    "popleft",
    "rotate",
    "extendleft",
    "__getitem__",
    "__setitem__",
    "__iter__",
    "push",
    "shift",
    "unshift",
    "map",
    "forEach",
    "filter",
    "find",
    "some",
    "every",
    "flatMap",
    "reduce",
    "reduceRight",
    "at",
    "flat",
    "entries",
    "keys",
    "values",
    "fill",
    "join",
    "concat",
    "slice",
    "splice",
    "includes",
    "indexOf",
    "has",
    "length",
];
