//! Operators on known values.

use super::number::from_float;
use super::{large, sequence, text};
use crate::value::join::{equal, number};
use crate::value::{Kind, SeqSort, Value};
use tares_lang::tree::{BinaryOp as Op, CompareOp};

/// Longest result of a repetition.
const MAX_REPEAT: i64 = 4096;

/// Applies a two-sided operator, or gives `None` where the result is not known. Addition of
/// texts is done by the caller.
pub(crate) fn binary(js: bool, op: Op, left: &Value, right: &Value) -> Option<Value> {
    match (&left.kind, &right.kind) {
        (Kind::Int(a), Kind::Int(b)) => return integers(js, op, *a, *b),
        (Kind::Large(a), Kind::Int(b)) => return large::binary(op, a, *b),
        (Kind::Bool(a), Kind::Bool(b)) if !js => match op {
            Op::BitAnd => return Some(Value::bool(a & b)),
            Op::BitOr => return Some(Value::bool(a | b)),
            Op::BitXor => return Some(Value::bool(a ^ b)),
            _ => return integers(js, op, i64::from(*a), i64::from(*b)),
        },
        (
            Kind::Bool(_) | Kind::Int(_) | Kind::Float(_),
            Kind::Bool(_) | Kind::Int(_) | Kind::Float(_),
        ) => {
            if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
                return integers(js, op, a, b);
            }
            return floats(op, number(left)?, number(right)?);
        }
        _ => {}
    }
    match op {
        Op::Mod if !js => text::percent(left, right),
        Op::Mul => {
            let (value, times) = match (left.as_int(), right.as_int()) {
                (None, Some(n)) => (left, n),
                (Some(n), None) => (right, n),
                _ => return None,
            };
            repeat(value, times)
        }
        Op::Add => {
            sequence::concat(left, right).or_else(|| js.then(|| js_add(left, right)).flatten())
        }
        Op::BitOr => match (&left.kind, &right.kind) {
            (Kind::Map(_), Kind::Map(_)) => Some(sequence::merge_maps(left, right)),
            (Kind::Seq(_), Kind::Seq(_)) => sequence::set_operation(op, left, right),
            _ => None,
        },
        Op::BitAnd | Op::Sub | Op::BitXor => sequence::set_operation(op, left, right),
        _ => None,
    }
}

/// Addition of things that JavaScript makes text of.
fn js_add(left: &Value, right: &Value) -> Option<Value> {
    let text = |v: &Value| -> Option<String> {
        Some(match &v.kind {
            Kind::Seq(seq) if seq.rest.borrow().is_none() && seq.items.borrow().is_empty() => {
                String::new()
            }
            Kind::Map(_) => "[object Object]".to_owned(),
            Kind::Bool(b) => b.to_string(),
            Kind::Null => "null".to_owned(),
            Kind::Undefined => "undefined".to_owned(),
            Kind::Int(n) => n.to_string(),
            _ => return None,
        })
    };
    let container = |v: &Value| matches!(v.kind, Kind::Seq(_) | Kind::Map(_));
    (container(left) || container(right))
        .then(|| Some(Value::str(text(left)? + &text(right)?)))
        .flatten()
}

fn integers(js: bool, op: Op, a: i64, b: i64) -> Option<Value> {
    let whole = match op {
        Op::Add => a.checked_add(b)?,
        Op::Sub => a.checked_sub(b)?,
        Op::Mul => a.checked_mul(b)?,
        Op::Div if js && a.checked_rem(b) == Some(0) => a.checked_div(b)?,
        Op::Div if b != 0 => return Some(Value::new(Kind::Float(a as f64 / b as f64))),
        Op::FloorDiv if b != 0 => a.checked_div_euclid(b).map(|q| {
            if b < 0 && a.checked_rem(b) != Some(0) {
                q - 1
            } else {
                q
            }
        })?,
        Op::Mod if b != 0 => {
            if js {
                a.checked_rem(b)?
            } else {
                a.checked_rem(b)?.checked_add(b)?.checked_rem(b)?
            }
        }
        Op::Pow if (0..64).contains(&b) => a.checked_pow(u32::try_from(b).ok()?)?,
        Op::ShiftLeft if (0..63).contains(&b) => {
            if js {
                i64::from((a as i32).wrapping_shl(b as u32))
            } else {
                a.checked_mul(1_i64.checked_shl(b as u32)?)?
            }
        }
        Op::ShiftRight if (0..63).contains(&b) => {
            if js {
                i64::from((a as i32) >> (b & 31))
            } else {
                a >> b
            }
        }
        Op::ShiftRightUnsigned if (0..32).contains(&b) => i64::from((a as u32) >> b),
        Op::BitAnd => a & b,
        Op::BitOr => a | b,
        Op::BitXor => a ^ b,
        _ => return None,
    };
    Some(Value::int(whole))
}

fn floats(op: Op, a: f64, b: f64) -> Option<Value> {
    Some(from_float(match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div if b != 0.0 => a / b,
        Op::Mod if b != 0.0 => a % b,
        Op::FloorDiv if b != 0.0 => (a / b).floor(),
        _ => return None,
    }))
}

fn repeat(value: &Value, times: i64) -> Option<Value> {
    let times = times.max(0);
    let fits = |len: usize, most: i64| (len as i64).saturating_mul(times) <= most;
    match &value.kind {
        Kind::Str(text) if fits(text.len(), MAX_REPEAT) => {
            Some(Value::str(text.repeat(times as usize)))
        }
        Kind::Bytes(bytes) if fits(bytes.len(), MAX_REPEAT) => {
            Some(Value::bytes(bytes.repeat(times as usize)))
        }
        Kind::Seq(seq) if seq.rest.borrow().is_none() && fits(seq.items.borrow().len(), 1024) => {
            let items = seq.items.borrow();
            let all = items
                .iter()
                .cycle()
                .take(items.len() * times as usize)
                .cloned()
                .collect();
            Some(Value::seq(seq.sort, all))
        }
        _ => None,
    }
}

/// Compares two values, or gives `None` where the answer is not known.
pub(crate) fn compare(js: bool, op: CompareOp, a: &Value, b: &Value) -> Option<bool> {
    match op {
        CompareOp::Equal => loosely_equal(js, a, b),
        CompareOp::NotEqual => loosely_equal(js, a, b).map(|x| !x),
        CompareOp::Identical => identical(js, a, b),
        CompareOp::NotIdentical => identical(js, a, b).map(|x| !x),
        CompareOp::Less => order(a, b).map(std::cmp::Ordering::is_lt),
        CompareOp::LessEqual => order(a, b).map(std::cmp::Ordering::is_le),
        CompareOp::Greater => order(a, b).map(std::cmp::Ordering::is_gt),
        CompareOp::GreaterEqual => order(a, b).map(std::cmp::Ordering::is_ge),
        CompareOp::In => {
            if js {
                js_in(a, b)
            } else {
                contains(b, a)
            }
        }
        CompareOp::NotIn => contains(b, a).map(|x| !x),
        CompareOp::InstanceOf => None,
    }
}

fn loosely_equal(js: bool, a: &Value, b: &Value) -> Option<bool> {
    if js {
        match (&a.kind, &b.kind) {
            (Kind::Str(_), Kind::Int(_) | Kind::Float(_))
            | (Kind::Int(_) | Kind::Float(_), Kind::Str(_)) => {
                let (x, y) = (super::number::to_number(a)?, super::number::to_number(b)?);
                return equal(&Value::new(x), &Value::new(y));
            }
            (Kind::Seq(_) | Kind::Map(_), Kind::Seq(_) | Kind::Map(_)) => return None,
            _ => {}
        }
    }
    equal(a, b)
}

fn identical(js: bool, a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Undefined) | (Kind::Undefined, Kind::Null) => Some(false),
        (Kind::Bool(x), Kind::Bool(y)) => Some(x == y),
        (Kind::Bool(_), Kind::Int(_)) | (Kind::Int(_), Kind::Bool(_)) => Some(false),
        (Kind::Seq(_) | Kind::Map(_), _) | (_, Kind::Seq(_) | Kind::Map(_)) => match equal(a, b) {
            Some(false) => Some(false),
            _ => None,
        },
        // Whether equal constants are one object is up to the interpreter.
        (Kind::Str(_) | Kind::Bytes(_) | Kind::Float(_), _) if !js && equal(a, b) == Some(true) => {
            None
        }
        _ => equal(a, b),
    }
}

fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    order_to(a, b, 8)
}

/// A list may hold itself, so the comparison goes only so deep.
fn order_to(a: &Value, b: &Value, depth: u8) -> Option<std::cmp::Ordering> {
    match (&a.kind, &b.kind) {
        (Kind::Str(x), Kind::Str(y)) => Some(x.cmp(y)),
        (Kind::Bytes(x), Kind::Bytes(y)) => Some(x.cmp(y)),
        (Kind::Seq(x), Kind::Seq(y)) if x.sort == SeqSort::Set => {
            // Subset tests of sets.
            let (xs, ys) = (x.items.borrow(), y.items.borrow());
            let all = |from: &[Value], to: &[Value]| {
                from.iter()
                    .all(|v| to.iter().any(|w| equal(v, w) == Some(true)))
            };
            match (all(&xs, &ys), all(&ys, &xs)) {
                (true, true) => Some(std::cmp::Ordering::Equal),
                (true, false) => Some(std::cmp::Ordering::Less),
                (false, true) => Some(std::cmp::Ordering::Greater),
                (false, false) => None,
            }
        }
        (Kind::Seq(x), Kind::Seq(y)) => {
            for (v, w) in x.items.borrow().iter().zip(y.items.borrow().iter()) {
                match order_to(v, w, depth.checked_sub(1)?)? {
                    std::cmp::Ordering::Equal => {}
                    other => return Some(other),
                }
            }
            Some(x.items.borrow().len().cmp(&y.items.borrow().len()))
        }
        _ => number(a)?.partial_cmp(&number(b)?),
    }
}

/// Whether a container has an item.
pub(crate) fn contains(container: &Value, item: &Value) -> Option<bool> {
    match &container.kind {
        Kind::Str(text) => item.as_str().map(|i| text.contains(&**i)),
        Kind::Bytes(bytes) => match &item.kind {
            Kind::Bytes(part) => {
                Some(part.is_empty() || bytes.windows(part.len()).any(|w| w == &**part))
            }
            _ => None,
        },
        Kind::Seq(seq) => {
            let mut unsure = seq.rest.borrow().is_some();
            for known in seq.items.borrow().iter() {
                match equal(known, item) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => unsure = true,
                }
            }
            (!unsure).then_some(false)
        }
        Kind::Map(map) => {
            let key = item.as_key()?;
            if map.get(&key).is_some() {
                Some(true)
            } else {
                map.rest.borrow().is_none().then_some(false)
            }
        }
        _ => None,
    }
}

fn js_in(key: &Value, object: &Value) -> Option<bool> {
    match &object.kind {
        Kind::Map(_) => contains(object, key),
        _ => None,
    }
}
