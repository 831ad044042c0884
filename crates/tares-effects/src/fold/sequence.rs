//! Sequences and maps.

use super::{int_at, list};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::scope::Slot;
use crate::value::join::{equal, join};
use crate::value::text::TextBuilder;
use crate::value::{Key, Kind, MAX_ITEMS, SeqSort, SeqVal, Taint, Value, Why};
use std::rc::Rc;
use tares_lang::tree::BinaryOp;
use tares_model::effect::{Device, SinkSet};
use tares_model::{Label, Span};

/// What an item look-up gave.
pub(crate) enum Item {
    Known(Value),
    Missing,
    Unknown,
}

/// Reads `container[key]`.
pub(crate) fn item(container: &Value, key: &Value, js: bool) -> Item {
    match &container.kind {
        Kind::Seq(seq) => {
            let Some(i) = key
                .as_int()
                .or_else(|| js.then(|| key.as_str()?.parse().ok()).flatten())
            else {
                // Which item is not known: it may be any of them.
                let few = seq.items.borrow().len() <= 64;
                return if few {
                    Item::Known(join_all(seq))
                } else {
                    Item::Unknown
                };
            };
            let items = seq.items.borrow();
            let len = items.len() as i64;
            let at = if i < 0 && !js { i + len } else { i };
            if i < 0 && seq.rest.borrow().is_some() {
                return Item::Unknown;
            }
            match usize::try_from(at).ok().and_then(|at| items.get(at)) {
                Some(value) => Item::Known(value.clone()),
                None => match &*seq.rest.borrow() {
                    Some(rest) => Item::Known(rest.clone()),
                    None => Item::Missing,
                },
            }
        }
        Kind::Map(map) => match key.as_key() {
            Some(key) => match map.get(&key) {
                Some(value) => Item::Known(value),
                None => match &*map.rest.borrow() {
                    Some(rest) => {
                        Item::Known(Value::unknown_with(Why::Reflection, rest.deep_taint()))
                    }
                    None => Item::Missing,
                },
            },
            None => {
                let entries = map.entries.borrow();
                let values = entries
                    .iter()
                    .map(|(_, v)| v.clone())
                    .chain(map.rest.borrow().clone());
                match values.reduce(|a, b| join(&a, &b)) {
                    Some(value) => Item::Known(value),
                    None => Item::Unknown,
                }
            }
        },
        Kind::Str(text) => match key.as_int() {
            Some(i) => {
                let len = text.chars().count() as i64;
                let at = if i < 0 && !js { i + len } else { i };
                match usize::try_from(at).ok().and_then(|at| text.chars().nth(at)) {
                    Some(c) => Item::Known(Value::str(c.to_string())),
                    None => Item::Missing,
                }
            }
            None => Item::Unknown,
        },
        Kind::Bytes(bytes) => match key
            .as_int()
            .and_then(|i| usize::try_from(i).ok())
            .and_then(|i| bytes.get(i))
        {
            Some(b) => Item::Known(Value::int(i64::from(*b))),
            None => Item::Unknown,
        },
        _ => Item::Unknown,
    }
}

/// Reads `container[low:high:step]`.
pub(crate) fn slice(container: &Value, parts: &[Value; 3]) -> Value {
    let bounds = parts.each_ref().map(|p| match p.kind {
        Kind::Null => Some(None),
        _ => p.as_int().map(Some),
    });
    let taint = container.taint.clone();
    let [Some(low), Some(high), Some(step)] = bounds else {
        return Value::unknown_with(Why::Operation, container.deep_taint());
    };
    let reversed = step.is_some_and(|s| s < 0);
    let devices = if reversed {
        Taint::device(Device::Transformed)
    } else {
        Taint::device(Device::Assembled)
    };
    match &container.kind {
        Kind::Str(text) => {
            let chars: Vec<char> = text.chars().collect();
            let picked: String = indices(chars.len(), low, high, step)
                .map(|i| chars[i])
                .collect();
            Value::str(picked).tainted(&taint).tainted(&devices)
        }
        Kind::Bytes(bytes) => {
            let picked: Vec<u8> = indices(bytes.len(), low, high, step)
                .map(|i| bytes[i])
                .collect();
            Value::bytes(picked).tainted(&taint).tainted(&devices)
        }
        Kind::Seq(seq) if seq.rest.borrow().is_none() => {
            let items = seq.items.borrow();
            let picked = indices(items.len(), low, high, step)
                .map(|i| items[i].clone())
                .collect();
            Value::seq(seq.sort, picked).tainted(&taint)
        }
        Kind::Seq(seq) => {
            Value::seq_with(seq.sort, Vec::new(), Some(join_all(seq))).tainted(&taint)
        }
        Kind::Pattern(_) => crate::value::text::concat(
            &Value::str(""),
            &Value::unknown_with(Why::Operation, container.deep_taint()),
        ),
        _ => Value::unknown_with(Why::Operation, container.deep_taint()),
    }
}

/// Returns where a part of a list begins and ends, if it is known and in one piece.
pub(crate) fn places(len: usize, parts: &[Value; 3]) -> Option<(usize, usize)> {
    let bound = |part: &Value, absent: i64| match part.kind {
        Kind::Null | Kind::Undefined => Some(absent),
        _ => part.as_int(),
    };
    if bound(&parts[2], 1)? != 1 {
        return None;
    }
    let n = len as i64;
    let at = |i: i64| if i < 0 { i.saturating_add(n) } else { i }.clamp(0, n) as usize;
    let start = at(bound(&parts[0], 0)?);
    Some((start, at(bound(&parts[1], n)?).max(start)))
}

fn join_all(seq: &SeqVal) -> Value {
    let items = seq.items.borrow();
    let all = items.iter().cloned().chain(seq.rest.borrow().clone());
    all.reduce(|a, b| join(&a, &b))
        .unwrap_or_else(|| Value::unknown(Why::Operation))
}

/// Returns the indices of a slice, as Python defines them.
fn indices(
    len: usize,
    low: Option<i64>,
    high: Option<i64>,
    step: Option<i64>,
) -> impl Iterator<Item = usize> {
    let n = len as i64;
    let step = step.filter(|s| *s != 0).unwrap_or(1);
    let clamp = |i: i64, min: i64, max: i64| (if i < 0 { i + n } else { i }).clamp(min, max);
    let (start, end) = if step > 0 {
        (
            low.map_or(0, |i| clamp(i, 0, n)),
            high.map_or(n, |i| clamp(i, 0, n)),
        )
    } else {
        (
            low.map_or(n - 1, |i| clamp(i, -1, n - 1)),
            high.map_or(-1, |i| clamp(i, -1, n - 1)),
        )
    };
    let mut at = start;
    std::iter::from_fn(move || {
        let open = if step > 0 { at < end } else { at > end };
        open.then(|| {
            let i = at;
            at += step;
            i as usize
        })
    })
}

/// Concatenates two sequences.
pub(crate) fn concat(left: &Value, right: &Value) -> Option<Value> {
    let (Kind::Seq(a), Kind::Seq(b)) = (&left.kind, &right.kind) else {
        return None;
    };
    if a.rest.borrow().is_some() {
        return Some(Value::seq_with(
            a.sort,
            a.items.borrow().clone(),
            Some(join(&join_all(a), &join_all(b))),
        ));
    }
    let items = a
        .items
        .borrow()
        .iter()
        .chain(b.items.borrow().iter())
        .cloned()
        .collect();
    Some(Value::seq_with(a.sort, items, b.rest.borrow().clone()))
}

/// Joins two maps; the right one wins.
pub(crate) fn merge_maps(left: &Value, right: &Value) -> Value {
    let (Kind::Map(a), Kind::Map(b)) = (&left.kind, &right.kind) else {
        return Value::unknown_with(Why::Operation, left.deep_taint().merge(&right.deep_taint()));
    };
    let rest = match (&*a.rest.borrow(), &*b.rest.borrow()) {
        (Some(x), Some(y)) => Some(join(x, y)),
        (x, y) => x.clone().or_else(|| y.clone()),
    };
    let merged = Value::map(a.entries.borrow().clone(), rest);
    if let Kind::Map(map) = &merged.kind {
        for (key, value) in b.entries.borrow().iter() {
            map.set(key.clone(), value.clone());
        }
    }
    merged
}

/// Set algebra on known members.
pub(crate) fn set_operation(op: BinaryOp, left: &Value, right: &Value) -> Option<Value> {
    let (Kind::Seq(a), Kind::Seq(b)) = (&left.kind, &right.kind) else {
        return None;
    };
    if a.rest.borrow().is_some() || b.rest.borrow().is_some() {
        return None;
    }
    let (xs, ys) = (a.items.borrow(), b.items.borrow());
    let has = |set: &[Value], v: &Value| set.iter().any(|w| equal(v, w) == Some(true));
    let items: Vec<Value> = match op {
        BinaryOp::BitOr => xs
            .iter()
            .chain(ys.iter().filter(|v| !has(&xs, v)))
            .cloned()
            .collect(),
        BinaryOp::BitAnd => xs.iter().filter(|v| has(&ys, v)).cloned().collect(),
        BinaryOp::Sub => xs.iter().filter(|v| !has(&ys, v)).cloned().collect(),
        BinaryOp::BitXor => xs
            .iter()
            .filter(|v| !has(&ys, v))
            .chain(ys.iter().filter(|v| !has(&xs, v)))
            .cloned()
            .collect(),
        _ => return None,
    };
    Some(Value::seq(SeqSort::Set, items))
}

/// Folds a method of a sequence.
pub(crate) fn seq_method(
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
    if seq.sort == SeqSort::Buffer
        && let Some(value) = super::text::bytes_method(receiver, name, args)
    {
        return Some(value.tainted(&Taint::device(Device::CharacterCodes)));
    }
    grown(interp, &seq, name, args)
        .or_else(|| shrunk(interp, receiver, &seq, name, args))
        .or_else(|| combined(interp, receiver, &seq, name, args))
        .or_else(|| asked(interp, receiver, &seq, name, args, span))
}

/// Adds items.
fn grown(interp: &mut Interp<'_>, seq: &Rc<SeqVal>, name: &str, args: &Args) -> Option<Value> {
    let first = args.get(0).cloned();
    let null = || Value::new(Kind::Null);
    match name {
        "append" | "push" | "add" | "appendleft" | "unshift" => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            for (value, _) in &args.pos {
                if matches!(name, "unshift" | "appendleft") {
                    seq.items.borrow_mut().insert(0, value.clone());
                } else {
                    push(seq, value.clone());
                }
            }
            Some(null())
        }
        "extend" | "update" => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let value = first?;
            match interp.items(&value) {
                Some(items) => items.into_iter().for_each(|v| push(seq, v)),
                None => {
                    let rest = interp.item_of(&value);
                    add_rest(seq, rest);
                }
            }
            Some(null())
        }
        "extendleft" => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = interp.items(&first?)?;
            items.reverse();
            seq.items.borrow_mut().splice(0..0, items);
            Some(null())
        }
        "rotate" => {
            let mut items = seq.items.borrow_mut();
            if seq.rest.borrow().is_some() || items.is_empty() {
                return None;
            }
            let by = args.get(0).map_or(Some(1), Value::as_int)?;
            drop(items);
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            items = seq.items.borrow_mut();
            let by = by.rem_euclid(items.len() as i64) as usize;
            items.rotate_right(by);
            drop(items);
            Some(null())
        }
        "__setitem__" => {
            interp.set_index(
                &Value::new(Kind::Seq(Rc::clone(seq))),
                args.get(0)?,
                args.get(1)?.clone(),
                Span::default(),
            );
            Some(null())
        }
        "insert" => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let at = usize::try_from(int_at(args, 0)?).ok()?;
            let mut items = seq.items.borrow_mut();
            let at = at.min(items.len());
            if items.len() < MAX_ITEMS {
                items.insert(at, args.get(1)?.clone());
            } else {
                drop(items);
                add_rest(seq, args.get(1)?.clone());
            }
            Some(null())
        }
        _ => None,
    }
}

/// A list after its items were turned. Only text that was taken apart is hidden by it.
fn turned(list: &Value, items: &[Value]) -> Value {
    let is_letter = |v: &Value| v.as_str().is_some_and(|s| s.chars().count() == 1);
    if items.len() > 1 && items.iter().all(is_letter) {
        return list.clone().tainted(&Taint::device(Device::Transformed));
    }
    list.clone()
}

/// Takes items away, or changes their order.
fn shrunk(
    interp: &mut Interp<'_>,
    receiver: &Value,
    seq: &Rc<SeqVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let first = args.get(0).cloned();
    let null = || Value::new(Kind::Null);
    match name {
        "pop" | "shift" | "popleft" => {
            if seq.rest.borrow().is_some() {
                return Some(join_all(seq).tainted(&receiver.taint));
            }
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = seq.items.borrow_mut();
            if items.is_empty() {
                return None;
            }
            let last = items.len() - 1;
            let at = match (name, int_at(args, 0)) {
                ("pop", Some(i)) if interp.is_python() => {
                    usize::try_from(if i < 0 { i + items.len() as i64 } else { i })
                        .ok()
                        .filter(|i| *i <= last)?
                }
                ("pop", _) if seq.sort == SeqSort::Set && items.len() > 1 => return None, // The order of a set is not known.
                ("pop", _) => last,
                _ => 0,
            };
            Some(items.remove(at).tainted(&receiver.taint))
        }
        "splice" if interp.is_js() && seq.rest.borrow().is_none() => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = seq.items.borrow_mut();
            let n = items.len() as i64;
            let start = int_at(args, 0)?;
            let start = if start < 0 {
                start.saturating_add(n)
            } else {
                start
            }
            .clamp(0, n);
            let count = args
                .get(1)
                .map_or(Some(n), Value::as_int)?
                .clamp(0, n - start);
            let new = args.pos.iter().skip(2).map(|(v, _)| v.clone());
            let gone = items.splice(start as usize..(start + count) as usize, new);
            Some(list(gone.collect()))
        }
        "set" | "setUint8" | "setInt8" | "write" if seq.sort == SeqSort::Buffer => {
            let given = args.get(0)?;
            let (new, at) = if name.starts_with("set") && name != "set" {
                (vec![args.get(1)?.clone()], int_at(args, 0)?)
            } else {
                (
                    interp.items(&bytes_or(given))?,
                    int_at(args, 1).unwrap_or(0),
                )
            };
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = seq.items.borrow_mut();
            for (i, value) in new.into_iter().enumerate() {
                let at = usize::try_from(at).ok()?.checked_add(i)?;
                *items.get_mut(at)? = value;
            }
            Some(null())
        }
        "sort" if interp.is_js() && args.len() > 0 => {
            let sorted =
                super::javascript::array_method(interp, receiver, "sort", args, Span::default())?;
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            if let Kind::Seq(sorted) = &sorted.kind {
                *seq.items.borrow_mut() = sorted.items.borrow().clone();
            }
            Some(receiver.clone())
        }
        "clear" | "reverse" | "remove" | "discard" | "sort" => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = seq.items.borrow_mut();
            match name {
                "clear" => items.clear(),
                "reverse" => items.reverse(),
                "sort" => {
                    let value = list(items.clone());
                    drop(items);
                    let sorted = sorted(interp, &value, args)?;
                    if let Kind::Seq(sorted) = &sorted.kind {
                        *seq.items.borrow_mut() = sorted.items.borrow().clone();
                    }
                    return Some(receiver.clone());
                }
                _ => {
                    let gone = first?;
                    if let Some(at) = items.iter().position(|v| equal(v, &gone) == Some(true)) {
                        items.remove(at);
                    }
                }
            }
            if name == "reverse" && interp.is_js() {
                let turned = turned(receiver, &items);
                drop(items);
                return Some(turned);
            }
            Some(null())
        }
        _ => None,
    }
}

/// Makes a text or a sequence of the items.
fn combined(
    interp: &mut Interp<'_>,
    receiver: &Value,
    seq: &Rc<SeqVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let null = || Value::new(Kind::Null);
    match name {
        "join" => join_texts(
            receiver,
            args.get(0).map_or_else(|| Value::str(","), Clone::clone),
        ),
        "copy" | "toString" if name == "copy" => Some(Value::seq_with(
            seq.sort,
            seq.items.borrow().clone(),
            seq.rest.borrow().clone(),
        )),
        "concat" => {
            let mut all = receiver.clone();
            for (value, _) in &args.pos {
                all = match concat(&all, value) {
                    Some(joined) => joined,
                    None => concat(&all, &list(vec![value.clone()]))?,
                };
            }
            Some(all)
        }
        "slice" if interp.is_js() => {
            let part = |i: usize| args.get(i).cloned().unwrap_or_else(null);
            Some(slice(receiver, &[part(0), part(1), null()]))
        }
        _ => None,
    }
}

/// Looks items up.
fn asked(
    interp: &mut Interp<'_>,
    receiver: &Value,
    seq: &Rc<SeqVal>,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let first = args.get(0).cloned();
    match name {
        "index" | "indexOf" => {
            let wanted = first?;
            let at = seq
                .items
                .borrow()
                .iter()
                .position(|v| equal(v, &wanted) == Some(true));
            at.map(|i| Value::int(i as i64))
        }
        "includes" | "__contains__" | "has" => {
            super::operator::contains(receiver, &first?).map(Value::bool)
        }
        "count" => None,
        "map" | "forEach" | "filter" | "find" | "some" | "every" | "flatMap" | "reduce"
        | "reduceRight" | "at" | "flat" | "entries" | "keys" | "values" | "fill" | "findIndex"
        | "findLast" | "toReversed" | "toSorted" | "with"
            if interp.is_js() =>
        {
            super::javascript::array_method(interp, receiver, name, args, span)
        }
        "union" | "intersection" | "difference" | "symmetric_difference" => {
            let op = match name {
                "union" => BinaryOp::BitOr,
                "intersection" => BinaryOp::BitAnd,
                "difference" => BinaryOp::Sub,
                _ => BinaryOp::BitXor,
            };
            set_operation(op, receiver, &first?)
        }
        "__getitem__" => Some(interp.index(receiver, &first?, span)),
        "next" if interp.is_js() && seq.rest.borrow().is_none() => {
            interp.journal.touch(Slot::Seq(Rc::clone(seq)));
            let mut items = seq.items.borrow_mut();
            let done = items.is_empty();
            let value = if done {
                seq.result
                    .get()
                    .map_or_else(|| Value::new(Kind::Undefined), |v| (**v).clone())
            } else {
                items.remove(0)
            };
            let entries = vec![
                (Key::Text("value".into()), value),
                (Key::Text("done".into()), Value::bool(done)),
            ];
            Some(Value::map(entries, None))
        }
        "lastIndexOf" => {
            let wanted = first?;
            let items = seq.items.borrow();
            let at = items.iter().rposition(|v| equal(v, &wanted) == Some(true));
            at.map(|i| Value::int(i as i64))
        }
        "__iter__" => Some(receiver.clone()),
        "__len__" => Some(Value::int(seq.items.borrow().len() as i64)),
        "tolist" => Some(list(seq.items.borrow().clone())),
        "__next__" | "send" => seq.items.borrow().first().cloned(),
        _ => None,
    }
}

/// Text as the bytes that it is written as.
fn bytes_or(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => Value::bytes(text.as_bytes()),
        None => value.clone(),
    }
}

fn push(seq: &SeqVal, value: Value) {
    if seq.rest.borrow().is_some() || seq.items.borrow().len() >= MAX_ITEMS {
        add_rest(seq, value);
        return;
    }
    if seq.sort == SeqSort::Set
        && seq
            .items
            .borrow()
            .iter()
            .any(|v| equal(v, &value) == Some(true))
    {
        return;
    }
    seq.items.borrow_mut().push(value);
}

fn add_rest(seq: &SeqVal, value: Value) {
    let old = seq.rest.borrow().clone();
    *seq.rest.borrow_mut() = Some(old.map_or(value.clone(), |r| join(&r, &value)));
}

/// Joins the texts of a sequence.
pub(crate) fn join_texts(items: &Value, separator: Value) -> Option<Value> {
    let Kind::Seq(seq) = &items.kind else {
        return None;
    };
    let mut builder = TextBuilder::default();
    let known = seq.items.borrow();
    for (i, value) in known.iter().enumerate() {
        if i > 0 {
            builder.value(&separator);
        }
        if !matches!(value.kind, Kind::Null | Kind::Undefined) {
            builder.value(value);
        }
    }
    if let Some(rest) = &*seq.rest.borrow() {
        // `",".join("?" for _ in names)`: how many is not known, but what they are.
        let repeated = rest.as_str().is_some() && rest.taint.labels().is_empty();
        builder.hole(if repeated {
            Taint::label(Label::Decoded).cleaned(SinkSet::ALL)
        } else {
            rest.deep_taint()
        });
    }
    let text = builder.build();
    let constant = text.as_str().is_some() && known.len() > 1;
    let device = if separator.as_str().is_some_and(|s| s.is_empty()) {
        Device::Transformed
    } else {
        Device::Assembled
    };
    Some(if constant {
        text.tainted(&Taint::device(device))
    } else {
        text
    })
}

/// Sorts known scalars.
pub(crate) fn sorted(interp: &mut Interp<'_>, value: &Value, args: &Args) -> Option<Value> {
    let mut items = interp.items(value)?;
    if let Some(by) = args.name("key").cloned().filter(|_| interp.is_python()) {
        return sorted_by(interp, items, &by, args);
    }
    if interp.is_js() && args.len() > 0 {
        return None;
    }
    if items.iter().all(|v| v.as_str().is_some()) {
        items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    } else if items.iter().all(|v| v.as_int().is_some()) && interp.is_python() {
        items.sort_by_key(|v| v.as_int());
    } else {
        return None;
    }
    if args.name("reverse").and_then(|r| r.truth(false)) == Some(true) {
        items.reverse();
    }
    Some(list(items))
}

/// Sorts by what a function says of each item.
fn sorted_by(interp: &mut Interp<'_>, items: Vec<Value>, by: &Value, args: &Args) -> Option<Value> {
    if items.len() > 256 {
        return None;
    }
    let span = interp.statement;
    let pair = |interp: &mut Interp<'_>, item: Value| {
        let key = interp.call(by, Args::of([item.clone()]), span);
        (key, item)
    };
    let pairs: Vec<(Value, Value)> = items.into_iter().map(|i| pair(interp, i)).collect();
    let backwards = args.name("reverse").and_then(|r| r.truth(false)) == Some(true);
    let op = if backwards {
        tares_lang::tree::CompareOp::Greater
    } else {
        tares_lang::tree::CompareOp::Less
    };
    let mut out: Vec<(Value, Value)> = Vec::with_capacity(pairs.len());
    for (key, item) in pairs {
        let mut at = out.len();
        while at > 0 && super::operator::compare(false, op, &key, &out[at - 1].0)? {
            at -= 1;
        }
        out.insert(at, (key, item));
    }
    Some(list(out.into_iter().map(|(_, item)| item).collect()))
}
