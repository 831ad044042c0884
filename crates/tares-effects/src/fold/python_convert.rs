//! Python values as texts, bytes, numbers and JSON.

use super::{codec, large, list, number, str_at};
use crate::interp::args::Args;
use crate::value::{Key, Kind, Taint, Value, Why};
use std::sync::Arc;
use tares_model::effect::label::Sink;
use tares_model::effect::{Device, SinkSet};

pub(super) fn to_text(args: &Args) -> Option<Value> {
    let Some(value) = args.get(0) else {
        return Some(Value::str(""));
    };
    Some(match &value.kind {
        Kind::Str(_) | Kind::Pattern(_) => value.clone(),
        Kind::Int(n) => Value::str(n.to_string()),
        Kind::Bytes(bytes) if args.len() > 1 || args.name("encoding").is_some() => {
            codec::decode_text(
                bytes,
                args.at(1, "encoding").and_then(Value::as_str).map(|s| &**s),
            )?
        }
        Kind::Bool(b) => Value::str(if *b { "True" } else { "False" }),
        Kind::Null => Value::str("None"),
        Kind::Float(f) => Value::str(format!("{f:?}")),
        // A text is no object with operators in it.
        _ => {
            let taint = value.deep_taint().cleaned(SinkSet::of(Sink::Query));
            Value::unknown_with(why_of(value), taint)
        }
    })
}

pub(super) fn why_of(value: &Value) -> Why {
    match value.kind {
        Kind::Unknown(why) => why,
        _ => Why::Operation,
    }
}

pub(super) fn to_bytes(args: &Args) -> Option<Value> {
    let Some(value) = args.get(0) else {
        return Some(Value::bytes(Vec::new()));
    };
    Some(match &value.kind {
        Kind::Str(text) => Value::bytes(text.as_bytes()),
        Kind::Bytes(_) | Kind::Pattern(_) => value.clone(),
        Kind::Seq(seq) if seq.rest.borrow().is_none() => {
            let bytes = codec::bytes_of_numbers(seq);
            let bytes = bytes?;
            let coded = !bytes.is_empty();
            let value = Value::bytes(bytes);
            if coded {
                value.tainted(&Taint::device(Device::CharacterCodes))
            } else {
                value
            }
        }
        Kind::Int(n) => Value::bytes(vec![0; usize::try_from(*n).ok().filter(|n| *n <= 4096)?]),
        _ => Value::unknown_with(Why::Operation, value.deep_taint()),
    })
}

pub(super) fn to_number(path: &str, args: &Args) -> Option<Value> {
    let Some(value) = args.get(0) else {
        return Some(if path == "bool" {
            Value::bool(false)
        } else {
            Value::int(0)
        });
    };
    let safe = || {
        let taint = value.deep_taint().cleaned(SinkSet::ALL);
        let answer = matches!(path, "len" | "bool" | "hash" | "ord");
        Value::unknown_with(
            Why::Operation,
            if answer { taint.of_answer() } else { taint },
        )
    };
    Some(match (path, &value.kind) {
        ("len", Kind::Str(text)) => Value::int(text.chars().count() as i64),
        ("len", Kind::Bytes(bytes)) => Value::int(bytes.len() as i64),
        ("len", Kind::Seq(seq)) if seq.rest.borrow().is_none() => {
            Value::int(seq.items.borrow().len() as i64)
        }
        ("len", Kind::Map(map)) if map.rest.borrow().is_none() => {
            Value::int(map.entries.borrow().len() as i64)
        }
        ("bool", _) => value.truth(false).map_or_else(safe, Value::bool),
        ("ord", Kind::Str(text)) => Value::int(i64::from(u32::from(text.chars().next()?))),
        ("ord", Kind::Bytes(bytes)) => Value::int(i64::from(*bytes.first()?)),
        ("int", Kind::Str(text)) => {
            let base = args.at(1, "base").and_then(Value::as_int).unwrap_or(10);
            let base = u32::try_from(base).ok()?;
            match number::parse(text, base) {
                Some(n) => Value::int(n),
                None => large::parse(text, base)?,
            }
        }
        ("int" | "round", Kind::Float(f)) => Value::int(if path == "int" {
            f.trunc() as i64
        } else {
            f.round_ties_even() as i64
        }),
        ("int" | "round", Kind::Int(_) | Kind::Bool(_)) => Value::int(value.as_int()?),
        ("int" | "round" | "abs", Kind::Large(_)) => value.clone(),
        ("abs", Kind::Int(n)) => Value::int(n.checked_abs()?),
        ("float", Kind::Int(n)) => Value::new(Kind::Float(*n as f64)),
        ("float", Kind::Float(_)) => value.clone(),
        _ => safe(),
    })
}

pub(super) fn maketrans(args: &Args) -> Option<Value> {
    let value = Value::map(Vec::new(), None);
    let Kind::Map(map) = &value.kind else {
        return None;
    };
    if let (Some(from), Some(to)) = (str_at(args, 0), str_at(args, 1)) {
        for (a, b) in from.chars().zip(to.chars()) {
            map.set(Key::Int(i64::from(u32::from(a))), Value::str(b.to_string()));
        }
    } else if let Kind::Map(given) = &args.get(0)?.kind {
        for (key, value) in given.entries.borrow().iter() {
            let key = match key {
                Key::Text(text) => Key::Int(i64::from(u32::from(text.chars().next()?))),
                other => other.clone(),
            };
            map.set(key, value.clone());
        }
    }
    if let Some(gone) = str_at(args, 2) {
        for c in gone.chars() {
            map.set(Key::Int(i64::from(u32::from(c))), Value::new(Kind::Null));
        }
    }
    Some(value)
}

/// `string.Template("$a ${b}").substitute(a=1, b=2)`.
pub(super) fn substituted(text: &str, args: &Args) -> Value {
    let mut all = args.clone();
    if let Some(map) = args.get(0) {
        all.spread_map(map, tares_model::Span::default());
    }
    let mut builder = crate::value::text::TextBuilder::default();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        builder.text(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('$') {
            builder.text("$");
            rest = tail;
            continue;
        }
        let braced = rest
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let (name, tail) = braced.unwrap_or_else(|| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            rest.split_at(end.unwrap_or(rest.len()))
        });
        match all.name(name) {
            Some(value) => builder.value(value),
            None => builder.hole(args.taint()),
        }
        rest = tail;
    }
    builder.text(rest);
    let value = builder.build();
    if value.as_str().is_some() {
        return value.tainted(&Taint::device(Device::Assembled));
    }
    value
}

/// Takes the white space that all lines begin with away.
pub(super) fn dedented(text: &str) -> String {
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let depth = filled()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines = text.split('\n').map(|line| line.get(depth..).unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes a value that is wholly known as JSON.
pub(crate) fn json_text(value: &Value) -> Option<String> {
    Some(json_of(value, 8)?.to_string())
}

pub(super) fn json_of(value: &Value, depth: u8) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    let depth = depth.checked_sub(1)?;
    Some(match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(b) => Json::Bool(*b),
        Kind::Int(n) => Json::from(*n),
        Kind::Float(f) => Json::from(*f),
        Kind::Str(text) => Json::String(text.to_string()),
        Kind::Seq(seq) if seq.rest.borrow().is_none() => {
            let items = seq.items.borrow();
            Json::Array(
                items
                    .iter()
                    .map(|v| json_of(v, depth))
                    .collect::<Option<_>>()?,
            )
        }
        Kind::Map(map) if map.rest.borrow().is_none() => {
            let entries = map.entries.borrow();
            let pairs = entries.iter().map(|(key, value)| {
                let Key::Text(key) = key else { return None };
                Some((key.to_string(), json_of(value, depth)?))
            });
            Json::Object(pairs.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Parses constant JSON.
pub(crate) fn json(text: &Arc<str>) -> Option<Value> {
    let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(json_value(&parsed))
}

pub(super) fn json_value(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::new(Kind::Null),
        serde_json::Value::Bool(b) => Value::bool(*b),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(
            || Value::new(Kind::Float(n.as_f64().unwrap_or(0.0))),
            Value::int,
        ),
        serde_json::Value::String(s) => Value::str(s.as_str()),
        serde_json::Value::Array(items) => list(items.iter().map(json_value).collect()),
        serde_json::Value::Object(map) => Value::map(
            map.iter()
                .map(|(k, v)| (Key::Text(k.as_str().into()), json_value(v)))
                .collect(),
            None,
        ),
    }
}
