//! Java's lists, sets, streams and maps.

use super::java::{key_of, pair, spelled};
use super::{int_at, list, str_at};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::scope::Slot;
use crate::value::{Key, Kind, MapVal, SeqSort, SeqVal, Value, Why, join};
use std::rc::Rc;
use tares_model::Span;

/// Longest range of numbers that is laid out.
const MAX_RANGE: i64 = 1024;

/// Static methods that make lists, sets, streams and maps.
pub(super) fn static_call(
    interp: &mut Interp<'_>,
    class: &str,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let _ = span;
    match (class, name) {
        ("util.Map", "of") => {
            let mut entries = Vec::new();
            for two in args.pos.chunks_exact(2) {
                entries.push((key_of(&two[0].0)?, two[1].0.clone()));
            }
            Some(Value::map(entries, None))
        }
        ("util.Map", "entry") => Some(pair(args.get(0)?.clone(), args.get(1)?.clone())),
        ("util.Map", "ofEntries") => {
            let map = Value::map(Vec::new(), None);
            if let Kind::Map(inner) = &map.kind {
                for (entry, _) in &args.pos {
                    super::map::set_pair(inner, entry);
                }
            }
            Some(map)
        }
        (_, "emptyList" | "emptySet" | "empty") => Some(list(Vec::new())),
        (_, "emptyMap") => Some(Value::map(Vec::new(), None)),
        ("util.stream.IntStream", "range" | "rangeClosed") => {
            let (start, end) = (int_at(args, 0)?, int_at(args, 1)?);
            let end = if name == "range" {
                end
            } else {
                end.checked_add(1)?
            };
            let len = end.checked_sub(start)?;
            (0..=MAX_RANGE)
                .contains(&len)
                .then(|| list((start..end).map(Value::int).collect()))
        }
        (_, "of" | "asList" | "stream" | "singletonList" | "singleton" | "ofNullable") => {
            Some(match (args.len(), args.get(0)) {
                (1, Some(only)) if matches!(only.kind, Kind::Seq(_)) => only.clone(),
                _ => {
                    let items = args.pos.iter().map(|(v, _)| v.clone()).collect();
                    Value::seq_with(SeqSort::List, items, args.more.clone())
                }
            })
        }
        (_, "copyOf" | "copyOfRange") => {
            let from = args.get(0)?;
            let items = interp.items(from)?;
            let (start, end) = match name {
                "copyOf" if args.len() == 1 => (0, items.len() as i64),
                "copyOf" => (0, int_at(args, 1)?),
                _ => (int_at(args, 1)?, int_at(args, 2)?),
            };
            let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
            items.get(start..end).map(|items| list(items.to_vec()))
        }
        (_, "unmodifiableList" | "unmodifiableSet" | "unmodifiableMap" | "synchronizedList") => {
            args.get(0).cloned()
        }
        (_, "reverse") => {
            if let Kind::Seq(seq) = &args.get(0)?.kind {
                interp.journal.touch(Slot::Seq(Rc::clone(seq)));
                seq.items.borrow_mut().reverse();
            }
            Some(Value::new(Kind::Null))
        }
        (_, "fill") => {
            if let Kind::Seq(seq) = &args.get(0)?.kind {
                let new = args.get(args.len() - 1)?.clone();
                interp.journal.touch(Slot::Seq(Rc::clone(seq)));
                seq.items.borrow_mut().fill(new);
            }
            Some(Value::new(Kind::Null))
        }
        (_, "addAll") => {
            if let Kind::Seq(seq) = &args.get(0)?.kind {
                interp.journal.touch(Slot::Seq(Rc::clone(seq)));
                let new = args.pos.iter().skip(1).map(|(v, _)| v.clone());
                seq.items.borrow_mut().extend(new);
            }
            Some(Value::bool(true))
        }
        (_, "toString") => Some(Value::unknown_with(Why::Operation, args.taint())),
        _ => None,
    }
}

/// A new list of the same items.
pub(super) fn copy(interp: &mut Interp<'_>, from: &Value) -> Value {
    match interp.items(from) {
        Some(items) => list(items).tainted(&from.taint),
        None => {
            let rest = interp.item_of(from);
            Value::seq_with(SeqSort::List, Vec::new(), Some(rest))
        }
    }
}

pub(super) fn put_all(map: &MapVal, from: &Value) {
    match &from.kind {
        Kind::Map(other) => {
            for (key, value) in other.entries.borrow().iter() {
                map.set(key.clone(), value.clone());
            }
            if let Some(rest) = &*other.rest.borrow() {
                *map.rest.borrow_mut() = Some(rest.clone());
            }
        }
        Kind::Int(_) => {}
        _ => *map.rest.borrow_mut() = Some(Value::unknown_with(Why::Call, from.deep_taint())),
    }
}

/// Folds a method of a list, set, array or stream.
pub(super) fn seq_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let Kind::Seq(seq) = &receiver.kind else {
        return None;
    };
    let seq = Rc::clone(seq);
    if let Some(value) = changed(interp, &seq, name, args) {
        return Some(value);
    }
    let value = match name {
        "get" | "elementAt" | "getFirst" | "getLast" | "peek" | "element" | "charAt" => {
            let at = match name {
                "get" | "elementAt" | "charAt" => args.get(0)?.clone(),
                "getLast" => Value::int(seq.items.borrow().len() as i64 - 1),
                _ => Value::int(0),
            };
            let items = seq.items.borrow();
            let known = at
                .as_int()
                .and_then(|i| items.get(usize::try_from(i).ok()?).cloned());
            drop(items);
            known.unwrap_or_else(|| interp.item_of(receiver))
        }
        "size" | "count" | "length" if seq.rest.borrow().is_none() => {
            Value::int(seq.items.borrow().len() as i64)
        }
        "isEmpty" if seq.rest.borrow().is_none() => Value::bool(seq.items.borrow().is_empty()),
        "contains" => contains(&seq, args.get(0)?)?,
        "stream" | "parallelStream" | "toList" | "iterator" | "listIterator" | "boxed"
        | "sequential" | "parallel" | "unordered" | "toArray" | "clone" | "orElseThrow"
        | "distinct" | "asIterator" | "elements" => {
            return Some(receiver.clone());
        }
        "map" | "mapToObj" | "mapToInt" | "flatMap" | "forEach" | "filter" | "reduce"
        | "forEachOrdered" | "anyMatch" | "allMatch" | "mapToLong" => {
            return streamed(interp, receiver, name, args, span);
        }
        "collect" => collected(interp, receiver, args)?,
        "findFirst" | "findAny" | "next" => {
            let first = seq.items.borrow().first().cloned();
            first.unwrap_or_else(|| interp.item_of(receiver))
        }
        "limit" | "skip" | "subList" => {
            let items = interp.items(receiver)?;
            let (start, end) = match name {
                "limit" => (0, int_at(args, 0)?),
                "skip" => (int_at(args, 0)?, items.len() as i64),
                _ => (int_at(args, 0)?, int_at(args, 1)?),
            };
            let end = end.min(items.len() as i64);
            let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
            list(items.get(range)?.to_vec())
        }
        "sorted" => super::sequence::sorted(interp, receiver, &Args::default())
            .filter(|_| args.len() == 0)
            .unwrap_or_else(|| copy_open(interp, receiver)),
        "getKey" => seq.items.borrow().first()?.clone(),
        "getValue" => seq.items.borrow().get(1)?.clone(),
        "equals" => join::equal(receiver, args.get(0)?).map(Value::bool)?,
        _ => return None,
    };
    Some(value.tainted_unless_open(&receiver.taint))
}

fn copy_open(interp: &mut Interp<'_>, from: &Value) -> Value {
    let rest = interp.item_of(from);
    Value::seq_with(SeqSort::List, Vec::new(), Some(rest))
}

fn contains(seq: &SeqVal, wanted: &Value) -> Option<Value> {
    let items = seq.items.borrow();
    let mut certain = seq.rest.borrow().is_none();
    for item in items.iter() {
        match join::equal(item, wanted) {
            Some(true) => return Some(Value::bool(true)),
            Some(false) => {}
            None => certain = false,
        }
    }
    certain.then(|| Value::bool(false))
}

/// Methods that change the list itself.
fn changed(interp: &mut Interp<'_>, seq: &Rc<SeqVal>, name: &str, args: &Args) -> Option<Value> {
    if !matches!(
        name,
        "add"
            | "addAll"
            | "addFirst"
            | "addLast"
            | "push"
            | "offer"
            | "set"
            | "clear"
            | "addElement"
    ) {
        return None;
    }
    interp.journal.touch(Slot::Seq(Rc::clone(seq)));
    // A list may be given to itself, so nothing is held while values are joined.
    let open = match name {
        "clear" => {
            seq.items.borrow_mut().clear();
            *seq.rest.borrow_mut() = None;
            None
        }
        "addAll" => {
            let new = match &args.get(0)?.kind {
                Kind::Seq(other) if other.rest.borrow().is_none() => {
                    Some(other.items.borrow().clone())
                }
                _ => None,
            };
            match new {
                Some(new) => {
                    seq.items.borrow_mut().extend(new);
                    None
                }
                None => Some(Value::unknown_with(Why::Call, args.taint())),
            }
        }
        "set" | "add" if args.len() == 2 => {
            let new = args.get(1)?.clone();
            let at = int_at(args, 0).and_then(|i| usize::try_from(i).ok());
            let mut items = seq.items.borrow_mut();
            match at {
                Some(at) if name == "set" && at < items.len() => {
                    items[at] = new;
                    None
                }
                Some(at) if name == "add" && at <= items.len() => {
                    items.insert(at, new);
                    None
                }
                _ => Some(new),
            }
        }
        "addFirst" | "push" => {
            seq.items.borrow_mut().insert(0, args.get(0)?.clone());
            None
        }
        _ if seq.rest.borrow().is_some() => Some(args.get(0)?.clone()),
        _ => {
            seq.items.borrow_mut().push(args.get(0)?.clone());
            None
        }
    };
    if let Some(open) = open {
        add_rest(seq, &open);
    }
    seq.items.borrow_mut().truncate(crate::value::MAX_ITEMS);
    Some(Value::bool(true))
}

fn add_rest(seq: &SeqVal, value: &Value) {
    let old = seq.rest.borrow().clone();
    *seq.rest.borrow_mut() = Some(old.map_or_else(|| value.clone(), |r| join::join(&r, value)));
}

/// Methods of streams that take functions.
fn streamed(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let name = match name {
        "mapToObj" | "mapToInt" | "mapToLong" => "map",
        "forEachOrdered" => "forEach",
        "anyMatch" => "some",
        "allMatch" => "every",
        other => other,
    };
    if name == "reduce" {
        let (first, function) = match args.len() {
            1 => (None, args.get(0)?.clone()),
            _ => (args.get(0).cloned(), args.get(1)?.clone()),
        };
        let mut items = interp
            .items(receiver)
            .filter(|i| i.len() <= 256)?
            .into_iter();
        let mut value = match first {
            Some(first) => first,
            None => items.next()?,
        };
        for item in items {
            value = interp.call(&function, Args::of([value, item]), span);
        }
        return Some(value);
    }
    let function = args.get(0)?.clone();
    let Some(items) = interp.items(receiver).filter(|i| i.len() <= 256) else {
        let item = interp.item_of(receiver);
        let result = interp.call(&function, Args::of([item.clone()]), span);
        let rest = match name {
            "map" | "flatMap" => result,
            "filter" => item,
            "forEach" => return Some(Value::new(Kind::Null)),
            _ => return Some(Value::unknown(Why::Operation)),
        };
        return Some(Value::seq_with(SeqSort::List, Vec::new(), Some(rest)));
    };
    let mut out = Vec::new();
    let mut open = None;
    for item in items {
        let result = interp.call(&function, Args::of([item.clone()]), span);
        match (name, result.truth(false)) {
            ("map" | "forEach", _) => out.push(result),
            ("flatMap", _) => match interp.items(&result) {
                Some(inner) => out.extend(inner),
                None => out.push(result),
            },
            ("filter", Some(true)) => out.push(item),
            ("some", Some(true)) => return Some(Value::bool(true)),
            ("every", Some(false)) => return Some(Value::bool(false)),
            ("filter", None) => open = Some(item),
            (_, None) => open = Some(Value::unknown(Why::Operation)),
            _ => {}
        }
    }
    Some(match name {
        "forEach" => Value::new(Kind::Null),
        "some" | "every" if open.is_some() => Value::unknown(Why::Operation),
        "some" => Value::bool(false),
        "every" => Value::bool(true),
        _ => Value::seq_with(SeqSort::List, out, open),
    })
}

/// `collect(Collectors.joining(","))` and the like; any other collector keeps the items.
fn collected(interp: &mut Interp<'_>, receiver: &Value, args: &Args) -> Option<Value> {
    let joining = match &args.get(0)?.kind {
        Kind::Instance(made) => {
            let path = interp.paths.text(made.path);
            path.ends_with("Collectors.joining()")
                .then(|| made.args.clone())
        }
        _ => None,
    };
    let Some(given) = joining else {
        return Some(receiver.clone());
    };
    let part = |i: usize| given.get(i).cloned().unwrap_or_else(|| Value::str(""));
    let items = interp.items(receiver);
    let texts = match items {
        Some(items) => list(
            items
                .iter()
                .map(|v| spelled(v).map_or_else(|| v.clone(), |s| Value::str(s).tainted(&v.taint)))
                .collect(),
        ),
        None => receiver.clone(),
    };
    let middle = super::sequence::join_texts(&texts, part(0))
        .unwrap_or_else(|| Value::unknown_with(Why::Operation, receiver.deep_taint()));
    Some(super::java_text::joined(&[part(1), middle, part(2)]))
}

/// Folds a method of a map.
pub(super) fn map_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let Kind::Map(map) = &receiver.kind else {
        return None;
    };
    let map = Rc::clone(map);
    let value = match name {
        "put" | "putIfAbsent" | "setProperty" | "set" | "add" => {
            interp.journal.touch(Slot::Map(Rc::clone(&map)));
            let value = args.get(1)?.clone();
            if let Some(text) = str_at(args, 0).cloned() {
                interp.note_secret_named(&text, &value, span);
            }
            match args.get(0).and_then(key_of) {
                Some(key) => map.set(key, value),
                None => {
                    let rest = map.rest.borrow().clone();
                    let rest = rest.map_or_else(|| value.clone(), |r| join::join(&r, &value));
                    *map.rest.borrow_mut() = Some(rest);
                }
            }
            Value::unknown(Why::Call)
        }
        "putAll" => {
            interp.journal.touch(Slot::Map(Rc::clone(&map)));
            put_all(&map, args.get(0)?);
            Value::new(Kind::Null)
        }
        "get" | "getOrDefault" | "getProperty" | "remove" => {
            let key = args.get(0)?;
            let known = key_of(key).and_then(|k| map.get(&k));
            match known {
                Some(value) => value,
                None if map.rest.borrow().is_none() && key_of(key).is_some() => args
                    .get(1)
                    .cloned()
                    .unwrap_or_else(|| Value::new(Kind::Null)),
                None => any_value(&map),
            }
        }
        "values" => {
            let items = map
                .entries
                .borrow()
                .iter()
                .map(|(_, v)| v.clone())
                .collect();
            Value::seq_with(SeqSort::List, items, map.rest.borrow().clone())
        }
        "keySet" => {
            let items = map
                .entries
                .borrow()
                .iter()
                .map(|(k, _)| k.value())
                .collect();
            let open = map
                .rest
                .borrow()
                .is_some()
                .then(|| Value::unknown(Why::Loop));
            Value::seq_with(SeqSort::List, items, open)
        }
        "entrySet" => {
            let entries = map.entries.borrow();
            let items = entries
                .iter()
                .map(|(k, v)| pair(k.value(), v.clone()))
                .collect();
            let rest = map.rest.borrow().clone();
            let rest = rest.map(|v| pair(Value::unknown(Why::Loop), v));
            Value::seq_with(SeqSort::List, items, rest)
        }
        "containsKey" if map.rest.borrow().is_none() => {
            Value::bool(map.get(&key_of(args.get(0)?)?).is_some())
        }
        "isEmpty" if map.rest.borrow().is_none() => Value::bool(map.entries.borrow().is_empty()),
        "size" if map.rest.borrow().is_none() => Value::int(map.entries.borrow().len() as i64),
        "forEach" => {
            let function = args.get(0)?.clone();
            let entries: Vec<(Key, Value)> = map.entries.borrow().clone();
            for (key, value) in entries.into_iter().take(64) {
                interp.call(&function, Args::of([key.value(), value]), span);
            }
            Value::new(Kind::Null)
        }
        _ => return None,
    };
    Some(value.tainted_unless_open(&receiver.taint))
}

fn any_value(map: &MapVal) -> Value {
    let entries = map.entries.borrow();
    let all = entries
        .iter()
        .map(|(_, v)| v.clone())
        .chain(map.rest.borrow().clone());
    all.reduce(|a, b| join::join(&a, &b))
        .unwrap_or_else(|| Value::unknown(Why::Call))
}
