//! Abstract values.

pub(crate) mod join;
pub(crate) mod shape;
pub(crate) mod taint;
pub(crate) mod text;

use crate::interp::class::{ClassVal, ObjectVal};
use crate::interp::function::Closure;
use crate::paths::PathId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
pub(crate) use taint::Taint;
use tares_lang::Sym;
use tares_model::effect::Label;
pub(crate) use tares_model::effect::Why;
use text::Piece;

/// Most items a container keeps; what lies beyond is unknown.
pub(crate) const MAX_ITEMS: usize = 1024;
/// Longest text that is kept, in bytes.
pub(crate) const MAX_TEXT: usize = 64 << 10;

/// What is known of a value, and where it comes from.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) taint: Taint,
}

/// What is known of a value.
#[derive(Clone)]
pub(crate) enum Kind {
    Unknown(Why),
    Null,
    Undefined,
    Bool(bool),
    Int(i64),
    /// A whole number above 64 bits: its bytes, the highest first.
    Large(Arc<[u8]>),
    Float(f64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    /// Text (or bytes) with unknown parts.
    Pattern(Rc<[Piece]>),
    Seq(Rc<SeqVal>),
    Map(Rc<MapVal>),
    Func(Rc<Closure>),
    Class(Rc<ClassVal>),
    Object(Rc<ObjectVal>),
    /// Receiver and function.
    Bound(Rc<(Value, Value)>),
    /// Function with arguments given already.
    Partial(Rc<PartialVal>),
    /// A named thing of an API: module, function, class, constant.
    Api(PathId),
    /// A thing that an API made, with the fields it was given.
    Instance(Rc<InstanceVal>),
    /// A method of a receiver whose type is not known.
    Member(Rc<MemberVal>),
    /// A module of the repository, by its index in the program.
    Module(u32),
    /// Something imported from the repository that has not been looked at yet.
    Import(Rc<ImportVal>),
    /// One of a few values.
    OneOf(Rc<[Value]>),
}

/// Something imported from the repository: looked at when it matters, since most imports do not.
pub(crate) struct ImportVal {
    /// The unit that imports.
    pub(crate) unit: u32,
    /// The module as it is written.
    pub(crate) written: Arc<str>,
    /// Names that lead on from the module.
    pub(crate) names: Vec<Arc<str>>,
    /// What it is, once looked at.
    pub(crate) known: std::cell::OnceCell<Value>,
}

/// List, tuple or set.
pub(crate) struct SeqVal {
    pub(crate) items: RefCell<Vec<Value>>,
    /// Set when further, unknown items may exist; holds what is known of them.
    pub(crate) rest: RefCell<Option<Value>>,
    pub(crate) sort: SeqSort,
    /// What the generator that gave the items returned in the end.
    pub(crate) result: std::cell::OnceCell<Box<Value>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SeqSort {
    List,
    Tuple,
    Set,
    /// Bytes that can be written to: a list of numbers that functions on bytes take too.
    Buffer,
}

/// Map, dict or plain object; insertion order.
pub(crate) struct MapVal {
    pub(crate) entries: RefCell<Vec<(Key, Value)>>,
    /// Set when further, unknown entries may exist; holds what is known of their values.
    pub(crate) rest: RefCell<Option<Value>>,
    /// What answers for keys that it does not have.
    pub(crate) behind: RefCell<Option<Box<Behind>>>,
}

/// What answers for keys that a map does not have.
#[derive(Clone)]
pub(crate) enum Behind {
    /// A function that makes the value of a key that is missing (`defaultdict`).
    Factory(Value),
    /// The object that it inherits from (JavaScript).
    Prototype(Value),
    /// The target and the handler of a proxy (JavaScript).
    Proxy(Value, Value),
}

/// A known key of a map.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    Text(Arc<str>),
    Int(i64),
    Bool(bool),
    Null,
    Bytes(Arc<[u8]>),
    Tuple(Vec<Self>),
}

/// A function with arguments given already.
pub(crate) struct PartialVal {
    pub(crate) callee: Value,
    pub(crate) args: crate::interp::args::Args,
    /// Whether it is a method of the class that it stands in.
    pub(crate) method: bool,
}

/// A thing that an API made.
pub(crate) struct InstanceVal {
    pub(crate) path: PathId,
    pub(crate) fields: RefCell<Vec<(Arc<str>, Value)>>,
    /// Positional arguments of the call that made it.
    pub(crate) args: Vec<Value>,
    /// Whether it was made from constants alone.
    pub(crate) constant: bool,
}

/// A method of a receiver whose type is not known.
pub(crate) struct MemberVal {
    pub(crate) receiver: Value,
    pub(crate) receiver_name: Option<Sym>,
    pub(crate) name: Sym,
}

impl Value {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            taint: Taint::NONE,
        }
    }

    pub(crate) fn unknown(why: Why) -> Self {
        Self::new(Kind::Unknown(why))
    }

    pub(crate) fn unknown_with(why: Why, taint: Taint) -> Self {
        Self {
            kind: Kind::Unknown(why),
            taint,
        }
    }

    pub(crate) fn str(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        if text.len() > MAX_TEXT {
            return Self::unknown(Why::Fuel);
        }
        Self::new(Kind::Str(text))
    }

    pub(crate) fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        if bytes.len() > MAX_TEXT {
            return Self::unknown(Why::Fuel);
        }
        Self::new(Kind::Bytes(bytes))
    }

    pub(crate) fn int(n: i64) -> Self {
        Self::new(Kind::Int(n))
    }

    pub(crate) fn bool(b: bool) -> Self {
        Self::new(Kind::Bool(b))
    }

    pub(crate) fn seq(sort: SeqSort, items: Vec<Self>) -> Self {
        Self::seq_with(sort, items, None)
    }

    pub(crate) fn seq_with(sort: SeqSort, mut items: Vec<Self>, mut rest: Option<Self>) -> Self {
        if items.len() > MAX_ITEMS {
            items.truncate(MAX_ITEMS);
            rest.get_or_insert_with(|| Self::unknown(Why::Fuel));
        }
        Self::new(Kind::Seq(Rc::new(SeqVal {
            items: RefCell::new(items),
            rest: RefCell::new(rest),
            sort,
            result: std::cell::OnceCell::new(),
        })))
    }

    pub(crate) fn map(entries: Vec<(Key, Self)>, rest: Option<Self>) -> Self {
        Self::new(Kind::Map(Rc::new(MapVal {
            entries: RefCell::new(entries),
            rest: RefCell::new(rest),
            behind: RefCell::new(None),
        })))
    }

    /// Adds taint.
    #[must_use]
    pub(crate) fn tainted(mut self, taint: &Taint) -> Self {
        if !taint.is_none() {
            self.taint = self.taint.merge(taint);
        }
        self
    }

    /// Adds taint to a known result; an open one with labels carries its own.
    #[must_use]
    pub(crate) fn tainted_unless_open(self, taint: &Taint) -> Self {
        let open = matches!(self.kind, Kind::Unknown(_) | Kind::Pattern(_));
        if open && !self.taint.labels().is_empty() {
            self
        } else {
            self.tainted(taint)
        }
    }

    pub(crate) fn as_str(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(n) => Some(n),
            Kind::Bool(b) => Some(i64::from(b)),
            _ => None,
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(
            self.kind,
            Kind::Unknown(_) | Kind::Member(_) | Kind::Import(_)
        )
    }

    /// Returns whether the value is a scalar, or a list of them.
    pub(crate) fn is_known(&self) -> bool {
        match &self.kind {
            Kind::Seq(seq) => {
                seq.rest.borrow().is_none() && seq.items.borrow().iter().all(Self::is_scalar)
            }
            _ => self.is_scalar(),
        }
    }

    /// Returns whether the value is a number, text, boolean or null that is fully known.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(
            self.kind,
            Kind::Null
                | Kind::Undefined
                | Kind::Bool(_)
                | Kind::Int(_)
                | Kind::Large(_)
                | Kind::Float(_)
                | Kind::Str(_)
                | Kind::Bytes(_)
        )
    }

    /// Returns the taint of the value with that of its items, one container deep after another.
    pub(crate) fn deep_taint(&self) -> Taint {
        self.deep_taint_to(3)
    }

    fn deep_taint_to(&self, depth: u8) -> Taint {
        let mut taint = self.taint.clone();
        if depth == 0 {
            return taint;
        }
        let mut add = |value: &Self| {
            let inner = value.deep_taint_to(depth - 1);
            taint = taint.merge(&inner);
        };
        match &self.kind {
            Kind::Pattern(pieces) => {
                for piece in pieces.iter() {
                    if let Piece::Hole(hole) = piece {
                        taint = taint.merge(hole);
                    }
                }
            }
            Kind::Seq(seq) => {
                seq.items.borrow().iter().take(64).for_each(&mut add);
                seq.rest.borrow().iter().for_each(&mut add);
            }
            Kind::Map(map) => {
                map.entries
                    .borrow()
                    .iter()
                    .take(64)
                    .for_each(|(_, v)| add(v));
                map.rest.borrow().iter().for_each(&mut add);
            }
            Kind::OneOf(values) => values.iter().for_each(&mut add),
            Kind::Instance(instance) => instance
                .fields
                .borrow()
                .iter()
                .take(16)
                .for_each(|(_, v)| add(v)),
            Kind::Bound(bound) => add(&bound.0),
            _ => {}
        }
        taint
    }

    /// Returns the truth of the value in a condition, where it is certain. `js` decides about
    /// empty containers, which are true in JavaScript.
    pub(crate) fn truth(&self, js: bool) -> Option<bool> {
        match &self.kind {
            Kind::Null | Kind::Undefined => Some(false),
            Kind::Bool(b) => Some(*b),
            Kind::Int(n) => Some(*n != 0),
            Kind::Float(f) => Some(*f != 0.0 && !f.is_nan()),
            Kind::Str(text) => Some(!text.is_empty()),
            Kind::Bytes(bytes) => Some(js || !bytes.is_empty()),
            Kind::Pattern(pieces) => pieces
                .iter()
                .any(|p| matches!(p, Piece::Known(text) if !text.is_empty()))
                .then_some(true),
            Kind::Seq(seq) => {
                let known = !seq.items.borrow().is_empty();
                if js || known {
                    Some(true)
                } else {
                    seq.rest.borrow().is_none().then_some(false)
                }
            }
            Kind::Map(map) => {
                let known = !map.entries.borrow().is_empty();
                if js || known {
                    Some(true)
                } else {
                    map.rest.borrow().is_none().then_some(false)
                }
            }
            Kind::Large(_)
            | Kind::Func(_)
            | Kind::Class(_)
            | Kind::Bound(_)
            | Kind::Partial(_)
            | Kind::Module(_) => Some(true),
            Kind::OneOf(values) => {
                let first = values.first()?.truth(js)?;
                values
                    .iter()
                    .all(|v| v.truth(js) == Some(first))
                    .then_some(first)
            }
            Kind::Api(_)
            | Kind::Instance(_)
            | Kind::Member(_)
            | Kind::Object(_)
            | Kind::Import(_)
            | Kind::Unknown(_) => None,
        }
    }

    /// Returns the key that the value is in a map.
    pub(crate) fn as_key(&self) -> Option<Key> {
        self.as_key_to(4)
    }

    fn as_key_to(&self, depth: u8) -> Option<Key> {
        Some(match &self.kind {
            Kind::Str(text) => Key::Text(Arc::clone(text)),
            Kind::Int(n) => Key::Int(*n),
            Kind::Bool(b) => Key::Bool(*b),
            Kind::Null => Key::Null,
            Kind::Bytes(bytes) => Key::Bytes(Arc::clone(bytes)),
            Kind::Seq(seq) if seq.sort == SeqSort::Tuple && seq.rest.borrow().is_none() => {
                Key::Tuple(
                    seq.items
                        .borrow()
                        .iter()
                        .map(|v| v.as_key_to(depth.checked_sub(1)?))
                        .collect::<Option<_>>()?,
                )
            }
            _ => return None,
        })
    }

    /// Returns the alternatives of the value.
    pub(crate) fn alternatives(&self) -> &[Self] {
        match &self.kind {
            Kind::OneOf(values) => values,
            _ => std::slice::from_ref(self),
        }
    }
}

impl Key {
    /// Returns the key as a value.
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::str(Arc::clone(text)),
            Self::Int(n) => Value::int(*n),
            Self::Bool(b) => Value::bool(*b),
            Self::Null => Value::new(Kind::Null),
            Self::Bytes(bytes) => Value::bytes(Arc::clone(bytes)),
            Self::Tuple(keys) => Value::seq(SeqSort::Tuple, keys.iter().map(Self::value).collect()),
        }
    }
}

impl MapVal {
    /// Returns what answers for keys that it does not have.
    pub(crate) fn behind(&self) -> Option<Behind> {
        self.behind.borrow().as_deref().cloned()
    }

    pub(crate) fn set_behind(&self, behind: Behind) {
        *self.behind.borrow_mut() = Some(Box::new(behind));
    }

    /// Returns the keys as a sequence; unknown entries stay unknown.
    pub(crate) fn keys(&self) -> Value {
        let keys = self
            .entries
            .borrow()
            .iter()
            .map(|(k, _)| k.value())
            .collect();
        let rest = self.rest.borrow();
        let rest = rest
            .as_ref()
            .map(|r| Value::unknown_with(Why::Reflection, names_only(&r.deep_taint())));
        Value::seq_with(SeqSort::List, keys, rest)
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Value> {
        self.entries
            .borrow()
            .iter()
            .rev()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.clone())
    }

    pub(crate) fn get_text(&self, key: &str) -> Option<Value> {
        let entries = self.entries.borrow();
        entries
            .iter()
            .rev()
            .find(|(k, _)| matches!(k, Key::Text(t) if &**t == key))
            .map(|(_, v)| v.clone())
    }

    pub(crate) fn set(&self, key: Key, value: Value) {
        let mut entries = self.entries.borrow_mut();
        if let Some(entry) = entries.iter_mut().find(|(k, _)| *k == key) {
            entry.1 = value;
        } else if entries.len() < MAX_ITEMS {
            entries.push((key, value));
        } else {
            drop(entries);
            let rest = self.rest.borrow().clone();
            *self.rest.borrow_mut() = Some(rest.map_or(value.clone(), |r| join::join(&r, &value)));
        }
    }
}

/// Labels of the names under which secrets are kept: a name is no secret.
pub(crate) fn names_only(taint: &Taint) -> Taint {
    taint.without([Label::Credential, Label::Session].into_iter().collect())
}
