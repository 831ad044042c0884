//! Builtin functions and conversions.

use super::super::{codec, list};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::scope::Slot;
use crate::value::text::{TextBuilder, concat, is_text};
use crate::value::{Key, Kind, MAX_ITEMS, SeqSort, Taint, Value, Why, join};
use std::rc::Rc;
use tares_model::effect::{Device, SinkSet};

/// Longest text whose characters are laid out.
const MAX_LAID_OUT: usize = 4096;

/// Whether a name is a type of numbers.
pub(super) fn is_number(name: &str) -> bool {
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
            | "complex64"
            | "complex128"
    )
}

/// Folds a call of a builtin name.
pub(super) fn call(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    if is_number(name) {
        return Some(number(name, args.get(0)?));
    }
    match name {
        "string" => Some(string(args.get(0)?)),
        "[]byte" => Some(bytes(args.get(0)?)),
        "[]rune" => Some(runes(args.get(0)?)),
        "bool" | "error" | "any" => args.get(0).cloned(),
        "go" => Some(go(interp, args, site)),
        "range" => Some(range(interp, args.get(0)?, false)),
        "range key" => Some(range(interp, args.get(0)?, true)),
        ".(type)" => Some(assert(interp, args.get(0)?, args.get(1)?)),
        "panic" => {
            interp.raised = true;
            Some(Value::new(Kind::Null))
        }
        "recover" => Some(Value::unknown(Why::Operation)),
        "len" => Some(len(args.get(0)?)),
        "min" | "max" => {
            let numbers: Option<Vec<i64>> = args.pos.iter().map(|(v, _)| v.as_int()).collect();
            let numbers = numbers?;
            let found = if name == "min" {
                numbers.iter().min()
            } else {
                numbers.iter().max()
            };
            found.map(|n| Value::int(*n))
        }
        _ => container(interp, name, args),
    }
}

/// Functions on slices, maps and channels.
fn container(interp: &mut Interp<'_>, name: &str, args: &Args) -> Option<Value> {
    let null = || Value::new(Kind::Null);
    match name {
        "make" => Some(make(args)),
        "append" => Some(append(args)),
        "copy" => {
            let (to, from) = (args.get(0)?, args.get(1)?);
            if let Kind::Seq(seq) = &to.kind {
                interp.journal.touch(Slot::Seq(Rc::clone(seq)));
                match interp.items(&bytes(from)) {
                    Some(items) => {
                        let mut own = seq.items.borrow_mut();
                        for (slot, item) in own.iter_mut().zip(items) {
                            *slot = item;
                        }
                    }
                    None => {
                        seq.items.borrow_mut().clear();
                        *seq.rest.borrow_mut() = Some(interp.item_of(from));
                    }
                }
            }
            Some(Value::unknown(Why::Operation))
        }
        "delete" => {
            if let (Kind::Map(map), Some(key)) = (&args.get(0)?.kind, args.get(1)?.as_key()) {
                interp.journal.touch(Slot::Map(Rc::clone(map)));
                map.entries.borrow_mut().retain(|(k, _)| *k != key);
            }
            Some(null())
        }
        "clear" => {
            if let Kind::Map(map) = &args.get(0)?.kind {
                interp.journal.touch(Slot::Map(Rc::clone(map)));
                map.entries.borrow_mut().clear();
            }
            Some(null())
        }
        "chan<-" => {
            if let Kind::Seq(seq) = &args.get(0)?.kind {
                interp.journal.touch(Slot::Seq(Rc::clone(seq)));
                let value = args.get(1)?.clone();
                let rest = seq.rest.borrow().clone();
                *seq.rest.borrow_mut() =
                    Some(rest.map_or(value.clone(), |rest| join::join(&rest, &value)));
            }
            Some(null())
        }
        "<-" => {
            let channel = args.get(0)?;
            match channel.kind {
                Kind::Seq(_) => Some(interp.item_of(channel)),
                _ => Some(Value::unknown_with(Why::Call, channel.deep_taint())),
            }
        }
        "close" => Some(null()),
        "cap" => Some(Value::unknown(Why::Operation)),
        _ => None,
    }
}

/// Starts a function that nobody waits for.
fn go(interp: &mut Interp<'_>, args: &Args, site: &Site<'_>) -> Value {
    let Some(callee) = args.get(0).cloned() else {
        return Value::new(Kind::Null);
    };
    let mut given = args.clone();
    given.pos.remove(0);
    let closure = match &callee.kind {
        Kind::Func(closure) => Some((Rc::clone(closure), given.clone())),
        Kind::Bound(bound) => match &bound.1.kind {
            // Its receiver is added where it is run.
            Kind::Func(closure) => Some((Rc::clone(closure), given.clone())),
            _ => None,
        },
        _ => None,
    };
    let before = closure.as_ref().is_some_and(|(c, _)| c.called.get());
    interp.detach(true, |s| s.call(&callee, given, site.span));
    if let Some((closure, all)) = closure
        && closure.called.get() == before
    {
        interp.enqueue(&closure, all, true);
    }
    Value::new(Kind::Null)
}

/// The pairs (or keys) of what a loop ranges over.
fn range(interp: &mut Interp<'_>, value: &Value, keys: bool) -> Value {
    let pair = |key: Value, item: Value| {
        if keys {
            key
        } else {
            Value::seq(SeqSort::Tuple, vec![key, item])
        }
    };
    let items: Option<Vec<Value>> = match &value.kind {
        Kind::Int(n) if (0..=256).contains(n) => Some((0..*n).map(Value::int).collect()),
        Kind::Map(map) if map.rest.borrow().is_none() => Some(
            map.entries
                .borrow()
                .iter()
                .map(|(k, v)| pair(k.value(), v.clone()))
                .collect(),
        ),
        Kind::Str(text) if text.len() <= MAX_LAID_OUT => Some(
            text.char_indices()
                .map(|(i, c)| {
                    let code = Value::int(i64::from(u32::from(c))).tainted(&value.taint);
                    pair(Value::int(i as i64), code)
                })
                .collect(),
        ),
        Kind::Seq(_) | Kind::Bytes(_) => interp.items(value).map(|items| {
            let numbered = items.into_iter().enumerate();
            numbered
                .map(|(i, item)| pair(Value::int(i as i64), item))
                .collect()
        }),
        _ => None,
    };
    if let Some(items) = items {
        return list(items).tainted(&value.taint);
    }
    let taint = value.deep_taint();
    let (key, item) = match &value.kind {
        Kind::Seq(_) => (Value::unknown(Why::Loop), interp.item_of(value)),
        Kind::Map(map) => {
            let entries = map.entries.borrow();
            let values = entries.iter().map(|(_, v)| v.clone());
            let values = values.chain(map.rest.borrow().clone());
            let item = values.reduce(|a, b| join::join(&a, &b));
            let item = item.unwrap_or_else(|| Value::unknown(Why::Loop));
            (Value::unknown_with(Why::Loop, taint.clone()), item)
        }
        Kind::Api(_) | Kind::Instance(_) => (
            Value::unknown_with(Why::Loop, taint.clone()),
            interp.item_of(value),
        ),
        _ => (
            Value::unknown_with(Why::Loop, taint.clone()),
            Value::unknown_with(Why::Loop, taint.clone()),
        ),
    };
    Value::seq_with(SeqSort::List, Vec::new(), Some(pair(key, item)))
}

/// `x.(T)`: an unknown value of a known type.
fn assert(interp: &mut Interp<'_>, value: &Value, kind: &Value) -> Value {
    if !value.is_unknown() {
        return value.clone();
    }
    match &kind.kind {
        Kind::Api(path) if is_number(interp.paths.text(*path)) => {
            Value::unknown_with(Why::Call, value.deep_taint().cleaned(SinkSet::ALL))
        }
        Kind::Api(path) if interp.paths.node(*path).kind.is_some() => Value {
            kind: Kind::Api(*path),
            taint: value.deep_taint(),
        },
        _ => value.clone(),
    }
}

/// A slice of a length: the first argument holds the zero of its items.
fn make(args: &Args) -> Value {
    let Some(zero) = args.get(0) else {
        return Value::unknown(Why::Operation);
    };
    let Kind::Seq(seq) = &zero.kind else {
        return zero.clone();
    };
    let item = seq.items.borrow().first().cloned();
    match (args.get(1), item) {
        (None, _) => list(Vec::new()),
        (Some(length), Some(item)) => match length.as_int() {
            Some(n) if (0..=MAX_ITEMS as i64).contains(&n) => list(vec![item; n as usize]),
            _ => Value::seq_with(SeqSort::List, Vec::new(), Some(item)),
        },
        (Some(length), None) if length.as_int() == Some(0) => list(Vec::new()),
        (Some(_), None) => Value::seq_with(
            SeqSort::List,
            Vec::new(),
            Some(Value::unknown(Why::Operation)),
        ),
    }
}

fn append(args: &Args) -> Value {
    let Some(base) = args.get(0) else {
        return Value::unknown(Why::Operation);
    };
    let more = &args.pos[1..];
    match &base.kind {
        Kind::Bytes(_) | Kind::Str(_) | Kind::Pattern(_) => {
            let mut whole = base.clone();
            for (part, _) in more {
                let part = match part.kind {
                    Kind::Int(n) => u8::try_from(n).map_or_else(
                        |_| Value::unknown(Why::Operation),
                        |b| Value::bytes(vec![b]).tainted(&part.taint),
                    ),
                    _ => part.clone(),
                };
                whole = joined(&whole, &part);
            }
            match &args.more {
                Some(more) => concat(&whole, more),
                None => whole,
            }
        }
        Kind::Seq(_) | Kind::Null => {
            let (mut items, mut rest) = match &base.kind {
                Kind::Seq(seq) => (seq.items.borrow().clone(), seq.rest.borrow().clone()),
                _ => (Vec::new(), None),
            };
            // Bytes added to an empty slice of bytes.
            if items.is_empty()
                && rest.is_none()
                && let [(only, _)] = more
                && matches!(only.kind, Kind::Bytes(_))
                && args.more.is_none()
            {
                return only.clone().tainted(&base.taint);
            }
            for (item, _) in more {
                match &mut rest {
                    Some(rest) => *rest = join::join(rest, item),
                    None => items.push(item.clone()),
                }
            }
            if let Some(more) = &args.more {
                rest = Some(rest.map_or(more.clone(), |rest| join::join(&rest, more)));
            }
            Value::seq_with(SeqSort::List, items, rest).tainted(&base.taint)
        }
        // What is appended to something unknown is still in it.
        _ => Value::seq_with(
            SeqSort::List,
            Vec::new(),
            Some(Value::unknown_with(base_why(base), args.taint())),
        ),
    }
}

fn base_why(value: &Value) -> Why {
    match value.kind {
        Kind::Unknown(why) => why,
        _ => Why::Operation,
    }
}

/// Joins texts or bytes; known ones stay known.
pub(super) fn joined(left: &Value, right: &Value) -> Value {
    let taint = left.taint.merge(&right.taint);
    if let (Kind::Bytes(a), Kind::Bytes(b)) = (&left.kind, &right.kind) {
        return Value::bytes([&**a, &**b].concat())
            .tainted(&taint)
            .tainted(&Taint::device(Device::Assembled));
    }
    let both = is_text(left) && is_text(right);
    let whole = concat(left, right);
    if both && matches!(whole.kind, Kind::Str(_)) {
        whole.tainted(&Taint::device(Device::Assembled))
    } else {
        whole
    }
}

fn len(value: &Value) -> Value {
    let known = match &value.kind {
        Kind::Str(text) => Some(text.len()),
        Kind::Bytes(bytes) => Some(bytes.len()),
        Kind::Seq(seq) if seq.rest.borrow().is_none() => Some(seq.items.borrow().len()),
        Kind::Map(map) if map.rest.borrow().is_none() => Some(map.entries.borrow().len()),
        _ => None,
    };
    match known {
        Some(n) => Value::int(n as i64),
        None => Value::unknown_with(
            Why::Operation,
            value.deep_taint().cleaned(SinkSet::ALL).without_devices(),
        ),
    }
}

/// Converts to a number; one that is not known is harmless in any sink.
fn number(name: &str, value: &Value) -> Value {
    let known = match value.kind {
        Kind::Int(n) => Some(match name {
            "byte" | "uint8" => Kind::Int(n & 0xff),
            "uint16" => Kind::Int(n & 0xffff),
            "uint32" => Kind::Int(n & 0xffff_ffff),
            "float32" | "float64" => Kind::Float(n as f64),
            _ => Kind::Int(n),
        }),
        Kind::Float(f) if name.starts_with("float") => Some(Kind::Float(f)),
        Kind::Float(f) => Some(Kind::Int(f as i64)),
        _ => None,
    };
    match known {
        Some(kind) => Value {
            kind,
            taint: value.taint.clone(),
        },
        None => Value::unknown_with(Why::Operation, value.deep_taint().cleaned(SinkSet::ALL)),
    }
}

/// `string(x)`: a text of bytes, runes or one rune.
pub(super) fn string(value: &Value) -> Value {
    let coded = |text: String| {
        Value::str(text)
            .tainted(&value.taint)
            .tainted(&Taint::device(Device::CharacterCodes))
    };
    match &value.kind {
        Kind::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::str(text).tainted(&value.taint),
            Err(_) => value.clone(),
        },
        Kind::Int(n) => match u32::try_from(*n).ok().and_then(char::from_u32) {
            Some(c) => coded(c.to_string()),
            None => Value::unknown(Why::Operation),
        },
        Kind::Seq(seq) if seq.rest.borrow().is_none() => {
            let taint = value.deep_taint();
            if let Some(text) =
                codec::bytes_of_numbers(seq).and_then(|bytes| String::from_utf8(bytes).ok())
            {
                return coded(text).tainted(&taint);
            }
            let items = seq.items.borrow();
            let chars: Option<String> = items
                .iter()
                .map(|v| char::from_u32(u32::try_from(v.as_int()?).ok()?))
                .collect();
            match chars {
                Some(text) => coded(text).tainted(&taint),
                None => open_text(&taint),
            }
        }
        Kind::Seq(_) => open_text(&value.deep_taint()),
        _ => value.clone(),
    }
}

fn open_text(taint: &Taint) -> Value {
    let mut builder = TextBuilder::default();
    builder.hole(taint.clone());
    builder.build()
}

/// `[]byte(x)`.
pub(super) fn bytes(value: &Value) -> Value {
    match &value.kind {
        Kind::Str(text) => Value::bytes(text.as_bytes()).tainted(&value.taint),
        _ => value.clone(),
    }
}

/// `[]rune(x)`.
fn runes(value: &Value) -> Value {
    match &value.kind {
        Kind::Str(text) if text.len() <= MAX_LAID_OUT => list(
            text.chars()
                .map(|c| Value::int(i64::from(u32::from(c))))
                .collect(),
        )
        .tainted(&value.taint),
        Kind::Str(_) | Kind::Pattern(_) => Value::seq_with(
            SeqSort::List,
            Vec::new(),
            Some(Value::unknown_with(Why::Operation, value.deep_taint())),
        ),
        _ => value.clone(),
    }
}

/// Returns the key that a text is in a map.
pub(super) fn key(value: &Value) -> Option<Key> {
    string(value).as_key()
}
