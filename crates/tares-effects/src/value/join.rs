//! Joining what two paths of the program make of a value.

use super::{Kind, SeqVal, Value, Why};
use std::rc::Rc;

/// Most alternatives that are kept apart.
const MAX_ALTERNATIVES: usize = 8;

/// How deep lists within lists are joined item by item. A list may hold itself.
const MAX_LIST_DEPTH: u8 = 3;

/// How deep lists within lists are compared. A list may hold itself, many times.
const MAX_EQUAL_DEPTH: u8 = 2;

/// Returns what holds for both values.
pub(crate) fn join(a: &Value, b: &Value) -> Value {
    join_to(a, b, MAX_LIST_DEPTH)
}

fn join_to(a: &Value, b: &Value, depth: u8) -> Value {
    if same(a, b) {
        return Value {
            kind: a.kind.clone(),
            taint: a.taint.merge(&b.taint),
        };
    }
    let taint = a.taint.merge(&b.taint);
    if let (Kind::Unknown(why), _) | (_, Kind::Unknown(why)) = (&a.kind, &b.kind) {
        return Value::unknown_with(*why, a.deep_taint().merge(&b.deep_taint()));
    }
    if let (Kind::Seq(x), Kind::Seq(y)) = (&a.kind, &b.kind)
        && x.sort == y.sort
        && depth > 0
        && x.items.borrow().len() != y.items.borrow().len()
    {
        return join_lists(x, y, depth - 1).tainted(&taint);
    }
    let mut values: Vec<Value> = Vec::new();
    for value in a.alternatives().iter().chain(b.alternatives()) {
        if !values.iter().any(|v| same(v, value)) {
            values.push(value.clone());
        }
    }
    if values.len() > MAX_ALTERNATIVES {
        let taint = values.iter().fold(taint, |t, v| t.merge(&v.deep_taint()));
        return Value::unknown_with(Why::Join, taint);
    }
    Value {
        kind: Kind::OneOf(values.into()),
        taint,
    }
}

/// Lists of different length: the common beginning is kept, what follows may or may not be there.
fn join_lists(x: &Rc<SeqVal>, y: &Rc<SeqVal>, depth: u8) -> Value {
    let (xs, ys) = (x.items.borrow(), y.items.borrow());
    let common = xs.len().min(ys.len());
    let items: Vec<Value> = xs
        .iter()
        .zip(ys.iter())
        .map(|(a, b)| join_to(a, b, depth))
        .collect();
    let mut rest = match (&*x.rest.borrow(), &*y.rest.borrow()) {
        (Some(a), Some(b)) => Some(join_to(a, b, depth)),
        (Some(a), None) | (None, Some(a)) => Some(a.clone()),
        (None, None) => None,
    };
    for extra in xs[common..].iter().chain(&ys[common..]) {
        rest = Some(rest.map_or_else(|| extra.clone(), |r| join_to(&r, extra, depth)));
    }
    Value::seq_with(x.sort, items, rest)
}

/// Returns whether two values are known to be the same.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Unknown(x), Kind::Unknown(y)) => x == y,
        (Kind::Null, Kind::Null) | (Kind::Undefined, Kind::Undefined) => true,
        (Kind::Bool(x), Kind::Bool(y)) => x == y,
        (Kind::Int(x), Kind::Int(y)) => x == y,
        (Kind::Float(x), Kind::Float(y)) => x.to_bits() == y.to_bits(),
        (Kind::Str(x), Kind::Str(y)) => x == y,
        (Kind::Bytes(x), Kind::Bytes(y)) | (Kind::Large(x), Kind::Large(y)) => x == y,
        (Kind::Pattern(x), Kind::Pattern(y)) => Rc::ptr_eq(x, y),
        (Kind::Seq(x), Kind::Seq(y)) => Rc::ptr_eq(x, y),
        (Kind::Map(x), Kind::Map(y)) => Rc::ptr_eq(x, y),
        (Kind::Func(x), Kind::Func(y)) => Rc::ptr_eq(x, y) || x.same_code(y),
        (Kind::Class(x), Kind::Class(y)) => Rc::ptr_eq(x, y),
        (Kind::Object(x), Kind::Object(y)) => Rc::ptr_eq(x, y),
        (Kind::Bound(x), Kind::Bound(y)) => {
            Rc::ptr_eq(x, y) || (same(&x.0, &y.0) && same(&x.1, &y.1))
        }
        (Kind::Partial(x), Kind::Partial(y)) => Rc::ptr_eq(x, y),
        (Kind::Api(x), Kind::Api(y)) => x == y,
        (Kind::Instance(x), Kind::Instance(y)) => Rc::ptr_eq(x, y),
        (Kind::Member(x), Kind::Member(y)) => Rc::ptr_eq(x, y),
        (Kind::Module(x), Kind::Module(y)) => x == y,
        (Kind::Import(x), Kind::Import(y)) => Rc::ptr_eq(x, y),
        (Kind::OneOf(x), Kind::OneOf(y)) => Rc::ptr_eq(x, y),
        _ => false,
    }
}

/// Compares two known values by the rules of equality; `None` where it is not certain.
pub(crate) fn equal(a: &Value, b: &Value) -> Option<bool> {
    equal_to(a, b, MAX_EQUAL_DEPTH)
}

fn equal_to(a: &Value, b: &Value, depth: u8) -> Option<bool> {
    use Kind as K;
    match (&a.kind, &b.kind) {
        (K::Int(_) | K::Bool(_) | K::Float(_), K::Int(_) | K::Bool(_) | K::Float(_)) => {
            Some((number(a)? - number(b)?).abs() == 0.0)
        }
        (K::Str(x), K::Str(y)) => Some(x == y),
        (K::Bytes(x), K::Bytes(y)) | (K::Large(x), K::Large(y)) => Some(x == y),
        (K::Null | K::Undefined, K::Null | K::Undefined) => Some(true),
        (K::Seq(x), K::Seq(y)) if x.sort != y.sort => Some(false),
        (K::Seq(x), K::Seq(y)) => {
            if x.rest.borrow().is_some() || y.rest.borrow().is_some() {
                return None;
            }
            let (xs, ys) = (x.items.borrow(), y.items.borrow());
            if xs.len() != ys.len() {
                return Some(false);
            }
            let mut all = true;
            for (a, b) in xs.iter().zip(ys.iter()) {
                all &= equal_to(a, b, depth.checked_sub(1)?)?;
            }
            Some(all)
        }
        _ if a.is_scalar() && b.is_scalar() => Some(false),
        (K::Api(x), K::Api(y)) => (x == y).then_some(true),
        (
            K::Null | K::Undefined,
            K::Func(_) | K::Class(_) | K::Seq(_) | K::Map(_) | K::Object(_),
        )
        | (
            K::Func(_) | K::Class(_) | K::Seq(_) | K::Map(_) | K::Object(_),
            K::Null | K::Undefined,
        ) => Some(false),
        _ => None,
    }
}

/// Returns a number as a float.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value.kind {
        Kind::Int(n) => Some(n as f64),
        Kind::Float(f) => Some(f),
        Kind::Bool(b) => Some(f64::from(u8::from(b))),
        _ => None,
    }
}
