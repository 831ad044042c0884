//! Maps: their methods, and what changes them.

use super::list;
use super::sequence::{Item, item};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::scope::Slot;
use crate::value::join::join;
use crate::value::{Key, Kind, MapVal, SeqSort, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_model::Span;

/// Folds a method of a map.
pub(crate) fn map_method(
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
    // A method of the object itself comes first.
    if interp.is_js() {
        if let Some(own) = map.get_text(name) {
            return Some(match &own.kind {
                Kind::Func(closure) => {
                    interp.call_closure(closure, Some(receiver.clone()), args.clone(), span)
                }
                // An entry that is read from itself: `exports.run = exports.run`.
                Kind::Member(member) if &*interp.text(member.name) == name => {
                    Value::unknown_with(Why::Call, receiver.deep_taint())
                }
                _ => interp.deeper(Value::unknown(Why::Call), |interp| {
                    interp.call(&own, args.clone(), span)
                }),
            });
        }
        if !matches!(
            name,
            "get"
                | "set"
                | "has"
                | "hasOwnProperty"
                | "delete"
                | "forEach"
                | "entries"
                | "values"
                | "keys"
        ) || map.behind.borrow().is_some()
        {
            return None;
        }
        if matches!(name, "forEach" | "entries" | "values" | "keys") {
            return iterated(interp, &map, name, args, span);
        }
    }
    changed(interp, receiver, &map, name, args, span)
        .or_else(|| listed(interp, receiver, &map, name, args))
}

/// Goes through the entries of a `Map`.
pub(super) fn iterated(
    interp: &mut Interp<'_>,
    map: &Rc<MapVal>,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let entries = map.entries.borrow().clone();
    if name == "forEach" {
        let callee = args.get(0)?.clone();
        for (key, value) in entries.into_iter().take(64) {
            interp.call(&callee, Args::of([value, key.value()]), span);
        }
        return Some(Value::new(Kind::Undefined));
    }
    let each = entries.into_iter().map(|(key, value)| match name {
        "values" => value,
        "keys" => key.value(),
        _ => list(vec![key.value(), value]),
    });
    Some(Value::seq_with(
        SeqSort::List,
        each.collect(),
        map.rest.borrow().clone(),
    ))
}

/// Reads and writes entries.
pub(super) fn changed(
    interp: &mut Interp<'_>,
    receiver: &Value,
    map: &Rc<MapVal>,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    match name {
        "get" | "pop" | "__getitem__" => {
            let key = args.get(0)?;
            let default = args
                .get(1)
                .cloned()
                .unwrap_or_else(|| Value::new(Kind::Null));
            match item(receiver, key, interp.is_js()) {
                Item::Known(value) if key.as_key().is_some_and(|k| map.get(&k).is_none()) => {
                    Some(join(&value, &default))
                }
                Item::Known(value) => {
                    if name == "pop" {
                        interp.journal.touch(Slot::Map(Rc::clone(map)));
                        let key = key.as_key()?;
                        map.entries.borrow_mut().retain(|(k, _)| *k != key);
                    }
                    Some(value)
                }
                Item::Missing if name == "__getitem__" => Some(interp.index(receiver, key, span)),
                Item::Missing => Some(default),
                Item::Unknown => Some(Value::unknown_with(Why::Operation, receiver.deep_taint())),
            }
        }
        "set" | "__setitem__" => {
            interp.set_index(receiver, args.get(0)?, args.get(1)?.clone(), span);
            Some(receiver.clone())
        }
        "setdefault" => {
            let key = args.get(0)?.as_key()?;
            if let Some(value) = map.get(&key) {
                return Some(value);
            }
            interp.journal.touch(Slot::Map(Rc::clone(map)));
            let value = args
                .get(1)
                .cloned()
                .unwrap_or_else(|| Value::new(Kind::Null));
            map.set(key, value.clone());
            Some(value)
        }
        "update" => {
            interp.journal.touch(Slot::Map(Rc::clone(map)));
            update(interp, map, args);
            Some(Value::new(Kind::Null))
        }
        _ => None,
    }
}

/// Lists entries, and takes them away.
pub(super) fn listed(
    interp: &mut Interp<'_>,
    receiver: &Value,
    map: &Rc<MapVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    match name {
        "items" => {
            let pairs = map
                .entries
                .borrow()
                .iter()
                .map(|(k, v)| Value::seq(SeqSort::Tuple, vec![k.value(), v.clone()]))
                .collect();
            let rest = map.rest.borrow().as_ref().map(|r| {
                Value::seq(
                    SeqSort::Tuple,
                    vec![
                        Value::unknown_with(Why::Reflection, r.deep_taint()),
                        r.clone(),
                    ],
                )
            });
            Some(Value::seq_with(SeqSort::List, pairs, rest))
        }
        "keys" => Some(map.keys()),
        "values" => {
            let values = map
                .entries
                .borrow()
                .iter()
                .map(|(_, v)| v.clone())
                .collect();
            Some(Value::seq_with(
                SeqSort::List,
                values,
                map.rest.borrow().clone(),
            ))
        }
        "copy" => Some(Value::map(
            map.entries.borrow().clone(),
            map.rest.borrow().clone(),
        )),
        "has" | "hasOwnProperty" | "__contains__" => {
            super::operator::contains(receiver, args.get(0)?).map(Value::bool)
        }
        "delete" | "clear" => {
            interp.journal.touch(Slot::Map(Rc::clone(map)));
            match args.get(0).and_then(Value::as_key) {
                Some(key) => map.entries.borrow_mut().retain(|(k, _)| *k != key),
                None => map.entries.borrow_mut().clear(),
            }
            Some(Value::new(Kind::Null))
        }
        "popitem" => map
            .entries
            .borrow()
            .last()
            .map(|(k, v)| Value::seq(SeqSort::Tuple, vec![k.value(), v.clone()])),
        _ => None,
    }
}

/// `map.update(other, key=value)`.
pub(crate) fn update(interp: &mut Interp<'_>, map: &MapVal, args: &Args) {
    for (value, _) in &args.pos {
        match &value.kind {
            Kind::Map(other) => {
                // A map may be updated with itself, so nothing stays borrowed.
                let entries = other.entries.borrow().clone();
                for (key, value) in entries {
                    map.set(key, value);
                }
                let rest = other.rest.borrow().clone();
                if let Some(rest) = rest {
                    let old = map.rest.borrow().clone();
                    let joined = old.map_or_else(|| rest.clone(), |o| join(&o, &rest));
                    *map.rest.borrow_mut() = Some(joined);
                }
            }
            _ => {
                let pairs = interp.items(value);
                let known = pairs
                    .as_deref()
                    .is_some_and(|pairs| pairs.iter().all(|p| set_pair(map, p)));
                if !known {
                    *map.rest.borrow_mut() =
                        Some(Value::unknown_with(Why::Reflection, value.deep_taint()));
                }
            }
        }
    }
    for (name, value, _) in &args.named {
        map.set(Key::Text(Arc::clone(name)), value.clone());
    }
    if let Some(more) = &args.more_named {
        *map.rest.borrow_mut() = Some(more.clone());
    }
}

/// Sets a key from a pair; false where it is none.
pub(crate) fn set_pair(map: &MapVal, pair: &Value) -> bool {
    let Kind::Seq(seq) = &pair.kind else {
        return false;
    };
    let items = seq.items.borrow();
    match (items.first().and_then(Value::as_key), items.get(1)) {
        (Some(key), Some(value)) => {
            map.set(key, value.clone());
            true
        }
        _ => false,
    }
}
