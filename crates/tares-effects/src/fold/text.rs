//! Methods of text and bytes, and formatting.

use super::{int_at, list, str_at};
use crate::interp::args::Args;
use crate::value::text::{Piece, TextBuilder};
use crate::value::{Key, Kind, SeqSort, Taint, Value, Why};
use tares_model::effect::Device;
use tares_model::effect::SinkSet;
use tares_model::effect::label::Sink;

/// Folds a method of a text.
pub(crate) fn method(js: bool, receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    match &receiver.kind {
        Kind::Str(text) => {
            known(js, receiver, text, name, args).or_else(|| partly(receiver, name, args))
        }
        _ => partly(receiver, name, args),
    }
}

fn device(value: Value, device: Device) -> Value {
    value.tainted(&Taint::device(device))
}

fn known(js: bool, receiver: &Value, text: &str, name: &str, args: &Args) -> Option<Value> {
    changed_text(text, name, args, js)
        .or_else(|| parts(js, text, name, args))
        .or_else(|| asked(text, name, args))
        .or_else(|| built(receiver, text, name, args))
        .or_else(|| picked(js, receiver, text, name, args))
}

/// Case, trimming and replacement.
fn changed_text(text: &str, name: &str, args: &Args, js: bool) -> Option<Value> {
    let changed = |s: String| Some(device(Value::str(s), Device::Transformed));
    match name {
        "upper" | "toUpperCase" | "toLocaleUpperCase" => Some(Value::str(text.to_uppercase())),
        "lower" | "toLowerCase" | "toLocaleLowerCase" | "casefold" => {
            Some(Value::str(text.to_lowercase()))
        }
        "capitalize" | "title" => {
            let mut chars = text.chars();
            let first: String = chars
                .next()
                .map(|c| c.to_uppercase().collect())
                .unwrap_or_default();
            Some(Value::str(first + &chars.as_str().to_lowercase()))
        }
        "swapcase" => changed(
            text.chars()
                .map(|c| {
                    if c.is_uppercase() {
                        c.to_lowercase().next().unwrap_or(c)
                    } else {
                        c.to_uppercase().next().unwrap_or(c)
                    }
                })
                .collect(),
        ),
        "strip" | "trim" | "lstrip" | "rstrip" | "trimStart" | "trimEnd" => {
            Some(Value::str(strip(text, name, args)?))
        }
        "replace" | "replaceAll" => {
            let (from, to) = (str_at(args, 0)?, str_at(args, 1)?);
            let all = !js || name == "replaceAll";
            changed(if all {
                text.replace(&**from, to)
            } else {
                text.replacen(&**from, to, 1)
            })
        }
        "removeprefix" => Some(Value::str(
            text.strip_prefix(&**str_at(args, 0)?).unwrap_or(text),
        )),
        "removesuffix" => Some(Value::str(
            text.strip_suffix(&**str_at(args, 0)?).unwrap_or(text),
        )),
        _ => None,
    }
}

/// Splitting.
fn parts(js: bool, text: &str, name: &str, args: &Args) -> Option<Value> {
    match name {
        "split" => split(js, text, args),
        "rsplit" => {
            let sep = str_at(args, 0)?;
            let n = args.at(1, "maxsplit").and_then(Value::as_int);
            let mut parts: Vec<&str> = match n {
                Some(n) => text
                    .rsplitn(usize::try_from(n).ok()?.saturating_add(1), &**sep)
                    .collect(),
                None => text.rsplit(&**sep).collect(),
            };
            parts.reverse();
            Some(list(parts.into_iter().map(Value::str).collect()))
        }
        "splitlines" => Some(list(text.lines().map(Value::str).collect())),
        "partition" | "rpartition" => {
            let sep = str_at(args, 0)?;
            let found = if name == "partition" {
                text.split_once(&**sep)
            } else {
                text.rsplit_once(&**sep)
            };
            let (a, b, c) = match found {
                Some((a, c)) => (a, &**sep, c),
                None => (text, "", ""),
            };
            Some(Value::seq(
                SeqSort::Tuple,
                vec![Value::str(a), Value::str(b), Value::str(c)],
            ))
        }
        _ => None,
    }
}

/// Questions about a text.
fn asked(text: &str, name: &str, args: &Args) -> Option<Value> {
    match name {
        "startswith" | "startsWith" => affix(args, |p| text.starts_with(p)),
        "endswith" | "endsWith" => affix(args, |p| text.ends_with(p)),
        "includes" | "__contains__" => Some(Value::bool(text.contains(&**str_at(args, 0)?))),
        "find" | "indexOf" | "index" => Some(Value::int(
            text.find(&**str_at(args, 0)?)
                .map_or(-1, |i| text[..i].chars().count() as i64),
        )),
        "count" => Some(Value::int(text.matches(&**str_at(args, 0)?).count() as i64)),
        "isdigit" | "isnumeric" | "isdecimal" => Some(Value::bool(
            !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()),
        )),
        "isalpha" => Some(Value::bool(
            !text.is_empty() && text.chars().all(char::is_alphabetic),
        )),
        "isalnum" => Some(Value::bool(
            !text.is_empty() && text.chars().all(char::is_alphanumeric),
        )),
        "islower" => Some(Value::bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        )),
        "isupper" => Some(Value::bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        )),
        _ => None,
    }
}

/// Encoding, formatting and joining.
fn built(receiver: &Value, text: &str, name: &str, args: &Args) -> Option<Value> {
    match name {
        "encode" => {
            let coding = str_at(args, 0).map(|s| s.to_lowercase());
            match coding.as_deref() {
                None | Some("utf-8" | "utf8" | "ascii" | "latin-1" | "latin1") => {
                    Some(Value::bytes(text.as_bytes()))
                }
                _ => None,
            }
        }
        "format" => Some(format(text, args)),
        "format_map" | "substitute" | "safe_substitute" => {
            let mut all = args.clone();
            if let Some(map) = args.get(0) {
                all.spread_map(map, tares_model::Span::default());
            }
            Some(format(text, &all))
        }
        "join" => {
            let items = args.get(0)?;
            super::sequence::join_texts(items, receiver.clone())
                .or_else(|| Some(Value::unknown_with(Why::Call, items.deep_taint())))
        }
        "translate" => translate(text, args.get(0)?),
        "zfill" => {
            let width = usize::try_from(int_at(args, 0)?)
                .ok()
                .filter(|w| *w <= 4096)?;
            Some(Value::str(format!("{text:0>width$}")))
        }
        "ljust" | "rjust" | "center" | "padStart" | "padEnd" => padded(text, name, args),
        _ => None,
    }
}

/// Characters and pieces, and what is left.
fn picked(js: bool, receiver: &Value, text: &str, name: &str, args: &Args) -> Option<Value> {
    match name {
        "charCodeAt" | "codePointAt" => {
            let i = usize::try_from(int_at(args, 0).unwrap_or(0)).ok()?;
            text.encode_utf16().nth(i).map(|c| Value::int(i64::from(c)))
        }
        "charAt" | "at" => {
            let i = int_at(args, 0).unwrap_or(0);
            let len = text.chars().count() as i64;
            let i = if i < 0 && name == "at" { i + len } else { i };
            Some(Value::str(
                text.chars()
                    .nth(usize::try_from(i).ok()?)
                    .map(String::from)
                    .unwrap_or_default(),
            ))
        }
        "slice" | "substring" | "substr" => {
            let chars: Vec<char> = text.chars().collect();
            let len = chars.len() as i64;
            let at = |i: Option<i64>, default: i64| {
                let i = i.unwrap_or(default);
                (if i < 0 && name != "substring" {
                    i + len
                } else {
                    i
                })
                .clamp(0, len)
            };
            let start = at(int_at(args, 0), 0);
            let end = if name == "substr" {
                start
                    .saturating_add(int_at(args, 1).unwrap_or(len))
                    .clamp(0, len)
            } else {
                at(int_at(args, 1), len)
            };
            let (start, end) = if name == "substring" && start > end {
                (end, start)
            } else {
                (start, end)
            };
            Some(device(
                Value::str(
                    chars[start as usize..(end.max(start)) as usize]
                        .iter()
                        .collect::<String>(),
                ),
                Device::Assembled,
            ))
        }
        "concat" => {
            let mut builder = TextBuilder::default();
            builder.text(text);
            args.values().for_each(|v| builder.value(v));
            Some(device(builder.build(), Device::Assembled))
        }
        "repeat" => {
            let n = usize::try_from(int_at(args, 0)?).ok()?;
            (text.len().saturating_mul(n) <= 4096).then(|| Value::str(text.repeat(n)))
        }
        "toString" | "valueOf" | "normalize" | "__str__" | "__format__" if args.len() == 0 => {
            Some(receiver.clone())
        }
        "__add__" => Some(device(
            crate::value::text::concat(receiver, args.get(0)?),
            Device::Assembled,
        )),
        "__getitem__" => match super::sequence::item(receiver, args.get(0)?, js) {
            super::sequence::Item::Known(value) => Some(value),
            _ => None,
        },
        "__len__" => Some(Value::int(text.chars().count() as i64)),
        _ => None,
    }
}

/// Fills a text up to a width.
fn padded(text: &str, name: &str, args: &Args) -> Option<Value> {
    let width = usize::try_from(int_at(args, 0)?)
        .ok()
        .filter(|w| *w <= 4096)?;
    let fill: Vec<char> = str_at(args, 1).map_or(" ", |s| s).chars().collect();
    let short = width.saturating_sub(text.chars().count());
    let run = |n: usize| fill.iter().cycle().take(n).collect::<String>();
    if fill.is_empty() {
        return Some(Value::str(text));
    }
    Some(Value::str(match name {
        "ljust" | "padEnd" => format!("{text}{}", run(short)),
        "rjust" | "padStart" => format!("{}{text}", run(short)),
        _ => format!("{}{text}{}", run(short / 2), run(short - short / 2)),
    }))
}

fn strip(text: &str, name: &str, args: &Args) -> Option<String> {
    let set: Option<Vec<char>> = match args.get(0) {
        None => None,
        Some(value) => Some(value.as_str()?.chars().collect()),
    };
    let unwanted = |c: char| set.as_ref().map_or(c.is_whitespace(), |s| s.contains(&c));
    Some(
        match name {
            "lstrip" | "trimStart" => text.trim_start_matches(unwanted),
            "rstrip" | "trimEnd" => text.trim_end_matches(unwanted),
            _ => text.trim_matches(unwanted),
        }
        .to_owned(),
    )
}

fn split(js: bool, text: &str, args: &Args) -> Option<Value> {
    let parts: Vec<String> = match args.get(0) {
        None if js => vec![text.to_owned()],
        None => text.split_whitespace().map(str::to_owned).collect(),
        Some(sep) => {
            let sep = match &sep.kind {
                Kind::Null if !js => {
                    return Some(list(text.split_whitespace().map(Value::str).collect()));
                }
                _ => sep.as_str()?,
            };
            match args.at(1, "maxsplit").and_then(Value::as_int) {
                _ if sep.is_empty() => text.chars().map(String::from).collect(),
                Some(n) if !js && n >= 0 => text
                    .splitn((n as usize).saturating_add(1), &**sep)
                    .map(str::to_owned)
                    .collect(),
                _ => text.split(&**sep).map(str::to_owned).collect(),
            }
        }
    };
    Some(list(parts.into_iter().map(Value::str).collect()))
}

fn affix(args: &Args, test: impl Fn(&str) -> bool) -> Option<Value> {
    let wanted = args.get(0)?;
    match &wanted.kind {
        Kind::Str(text) => Some(Value::bool(test(text))),
        Kind::Seq(seq) => {
            let items = seq.items.borrow();
            let all: Option<Vec<bool>> =
                items.iter().map(|v| v.as_str().map(|t| test(t))).collect();
            all.map(|all| Value::bool(all.contains(&true)))
        }
        _ => None,
    }
}

fn translate(text: &str, table: &Value) -> Option<Value> {
    let Kind::Map(map) = &table.kind else {
        return None;
    };
    let mut out = String::new();
    for c in text.chars() {
        match map.get(&Key::Int(i64::from(u32::from(c)))) {
            None => out.push(c),
            Some(value) => match &value.kind {
                Kind::Null => {}
                Kind::Int(n) => out.push(char::from_u32(u32::try_from(*n).ok()?)?),
                Kind::Str(s) => out.push_str(s),
                _ => return None,
            },
        }
    }
    Some(device(Value::str(out), Device::Transformed))
}

/// Methods of a text that is known in part (or whose arguments are): what survives of it.
fn partly(receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    match name {
        // Text had this method in Python 2.
        "decode" if args.len() == 1 && receiver.as_str().is_some() => {
            let text = receiver.as_str()?;
            Some(super::codec::decode_named(
                text.as_bytes(),
                str_at(args, 0)?,
            ))
        }
        "strip" | "trim" | "lower" | "upper" | "toLowerCase" | "toUpperCase" | "toString"
        | "encode" | "decode" | "rstrip" | "lstrip" | "casefold" | "normalize" | "valueOf"
        | "trimEnd" | "trimStart" => Some(receiver.clone()),
        "format" | "format_map" => receiver.as_str().map(|text| format(text, args)),
        "concat" => {
            let mut builder = TextBuilder::default();
            builder.value(receiver);
            args.values().for_each(|v| builder.value(v));
            Some(builder.build())
        }
        "join" => super::sequence::join_texts(args.get(0)?, receiver.clone()),
        "replace" | "replaceAll" => replace_partly(receiver, args),
        "startswith" | "startsWith" => {
            let wanted = args.get(0)?.as_str()?;
            let known = crate::value::text::prefix(receiver);
            if known.starts_with(&**wanted) {
                Some(Value::bool(true))
            } else if known.len() >= wanted.len() || !wanted.starts_with(known) {
                Some(Value::bool(false))
            } else {
                None
            }
        }
        "split" | "splitlines" | "rsplit" => {
            let rest = Value::unknown_with(Why::Operation, receiver.deep_taint());
            Some(Value::seq_with(SeqSort::List, Vec::new(), Some(rest)))
        }
        _ => None,
    }
}

/// `replace` on unknown parts: removing line breaks or quotes makes data safe for some sinks.
fn replace_partly(receiver: &Value, args: &Args) -> Option<Value> {
    let from = str_at(args, 0)?;
    let sinks = match &**from {
        "\n" | "\r" | "\r\n" => SinkSet::of(Sink::Line),
        "<" | ">" | "&" => SinkSet::of(Sink::Html),
        "../" | ".." => SinkSet::NONE,
        _ => SinkSet::NONE,
    };
    let Kind::Pattern(pieces) = &receiver.kind else {
        return Some(Value::unknown_with(
            Why::Operation,
            receiver.taint.cleaned(sinks),
        ));
    };
    let mut builder = TextBuilder::default();
    for piece in pieces.iter() {
        match piece {
            Piece::Known(text) => match str_at(args, 1) {
                Some(to) => builder.text(&text.replace(&**from, to)),
                None => builder.text(text),
            },
            Piece::Hole(taint) => builder.hole(taint.cleaned(sinks)),
        }
    }
    Some(builder.build())
}

/// Folds a method of bytes.
pub(crate) fn bytes_method(receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    let bytes = &super::codec::bytes_of(receiver).filter(|_| receiver.as_str().is_none())?[..];
    match name {
        "decode" if args.len() > 0 => Some(super::codec::decode_named(
            bytes,
            args.at(0, "encoding")?.as_str()?,
        )),
        "decode" | "toString" => super::codec::decode_text(bytes, str_at(args, 0).map(|s| &**s)),
        "hex" => Some(Value::str(super::codec::to_hex(bytes))),
        "startswith" | "endswith" => {
            let part = super::codec::bytes_of(args.get(0)?)?;
            Some(Value::bool(if name == "startswith" {
                bytes.starts_with(&part)
            } else {
                bytes.ends_with(&part)
            }))
        }
        "join" => {
            let Kind::Seq(seq) = &args.get(0)?.kind else {
                return None;
            };
            let mut out: Vec<u8> = Vec::new();
            for (i, item) in seq.items.borrow().iter().enumerate() {
                let Kind::Bytes(part) = &item.kind else {
                    return None;
                };
                if i > 0 {
                    out.extend_from_slice(bytes);
                }
                out.extend_from_slice(part);
            }
            Some(device(Value::bytes(out), Device::Transformed))
        }
        "tobytes" | "tolist" | "toreadonly" if args.len() == 0 => Some(if name == "tolist" {
            list(bytes.iter().map(|b| Value::int(i64::from(*b))).collect())
        } else {
            Value::bytes(bytes)
        }),
        "translate" => {
            let table = super::codec::bytes_of(args.get(0)?)?;
            let translated: Option<Vec<u8>> = bytes
                .iter()
                .map(|b| table.get(usize::from(*b)).copied())
                .collect();
            Some(device(Value::bytes(translated?), Device::Transformed))
        }
        "replace" | "strip" | "lower" | "upper" | "split" => {
            let text = std::str::from_utf8(bytes).ok()?;
            let texts = Args::of(args.pos.iter().map(|(v, _)| match &v.kind {
                Kind::Bytes(b) => std::str::from_utf8(b).map_or_else(|_| v.clone(), Value::str),
                _ => v.clone(),
            }));
            let result = known(false, &Value::str(text), text, name, &texts)?;
            Some(match &result.kind {
                Kind::Str(text) => Value::bytes(text.as_bytes()).tainted(&result.taint),
                _ => result,
            })
        }
        _ => None,
    }
}

/// `text.format(…)`.
pub(crate) fn format(text: &str, args: &Args) -> Value {
    let mut builder = TextBuilder::default();
    let mut rest = text;
    let mut next = 0;
    let mut fields = 0;
    while let Some(at) = rest.find(['{', '}']) {
        builder.text(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            builder.text(&tail[..1]);
            rest = &tail[2..];
            continue;
        }
        let Some(end) = tail.find('}').filter(|_| tail.starts_with('{')) else {
            builder.text(&tail[..1]);
            rest = &tail[1..];
            continue;
        };
        let field = &tail[1..end];
        rest = &tail[end + 1..];
        fields += 1;
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let name = name.split('!').next().unwrap_or("");
        let (root, path) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
        let value = if root.is_empty() {
            next += 1;
            args.get(next - 1).cloned()
        } else if let Ok(i) = root.parse::<usize>() {
            args.get(i).cloned()
        } else {
            args.name(root).cloned()
        };
        match value {
            Some(value) if path.is_empty() && spec.is_empty() => builder.value(&value),
            Some(value) if path.is_empty() => match formatted(&value, spec) {
                Some(text) => builder.value(&text),
                None => builder.value(&Value::unknown_with(Why::Operation, value.deep_taint())),
            },
            Some(value) => builder.value(&item_by_path(&value, path)),
            None => builder.hole(
                args.more
                    .as_ref()
                    .or(args.more_named.as_ref())
                    .map_or(Taint::NONE, Value::deep_taint),
            ),
        }
    }
    builder.text(rest);
    let value = builder.build();
    if fields > 0 && value.as_str().is_some() {
        device(value, Device::Assembled)
    } else {
        value
    }
}

/// Whether a format reads attributes or items of its arguments.
pub(crate) fn reaches_inside(format: &Value) -> bool {
    let inside = |part: &str| {
        let field = part.split(['}', ':', '!']).next().unwrap_or("");
        field.contains(['.', '['])
    };
    format
        .as_str()
        .is_some_and(|text| text.split('{').skip(1).any(inside))
}

fn item_by_path(value: &Value, path: &str) -> Value {
    let mut value = value.clone();
    for key in path.split(['.', '[', ']']).filter(|key| !key.is_empty()) {
        let next = match &value.kind {
            Kind::Map(map) => map.get_text(key),
            Kind::Seq(seq) => {
                let at = key.parse::<usize>().ok();
                at.and_then(|at| seq.items.borrow().get(at).cloned())
            }
            Kind::Instance(instance) => {
                let fields = instance.fields.borrow();
                let mut named = fields.iter().rev();
                named
                    .find(|(name, _)| &**name == key)
                    .map(|(_, v)| v.clone())
            }
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return Value::unknown_with(Why::Operation, value.deep_taint()),
        }
    }
    value
}

/// Formats one value; only the plain forms.
pub(crate) fn formatted(value: &Value, spec: &str) -> Option<Value> {
    match spec {
        "s" | "d" | "" => Some(value.clone()),
        "c" => char::from_u32(u32::try_from(value.as_int()?).ok()?)
            .map(|c| device(Value::str(c.to_string()), Device::CharacterCodes)),
        "x" => value.as_int().map(|n| Value::str(format!("{n:x}"))),
        "X" => value.as_int().map(|n| Value::str(format!("{n:X}"))),
        "o" => value.as_int().map(|n| Value::str(format!("{n:o}"))),
        "b" => value.as_int().map(|n| Value::str(format!("{n:b}"))),
        _ => None,
    }
}

/// `text % args`.
pub(crate) fn percent(left: &Value, right: &Value) -> Option<Value> {
    if !matches!(left.kind, Kind::Str(_) | Kind::Bytes(_) | Kind::Pattern(_)) {
        return None;
    }
    let Some(text) = left.as_str() else {
        return Some(Value::unknown_with(
            Why::Operation,
            left.deep_taint().merge(&right.deep_taint()),
        ));
    };
    let items: Vec<Value> = match &right.kind {
        Kind::Seq(seq) if seq.sort == SeqSort::Tuple => seq.items.borrow().clone(),
        _ => vec![right.clone()],
    };
    let mut builder = TextBuilder::default();
    let mut rest: &str = text;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        builder.text(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('%') {
            builder.text("%");
            rest = tail;
            continue;
        }
        let mut key = None;
        if let Some((name, tail)) = rest.strip_prefix('(').and_then(|t| t.split_once(')')) {
            key = Some(name);
            rest = tail;
        }
        let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) else {
            break;
        };
        let conversion = &rest[end..=end];
        rest = &rest[end + 1..];
        let value = match key {
            Some(key) => item_by_path(right, key),
            None => {
                next += 1;
                items
                    .get(next - 1)
                    .cloned()
                    .unwrap_or_else(|| Value::unknown_with(Why::Operation, right.deep_taint()))
            }
        };
        match conversion {
            "s" | "r" | "a" => builder.value(&value),
            "d" | "i" | "u" | "f" | "g" | "e" | "x" | "X" | "o" | "c" => match formatted(
                &value,
                if conversion == "i" || conversion == "u" {
                    "d"
                } else {
                    conversion
                },
            ) {
                Some(known) if known.is_scalar() => builder.value(&known),
                // Only a number gets through.
                _ if conversion != "c" => builder.hole(value.deep_taint().cleaned(SinkSet::ALL)),
                _ => builder.hole(value.deep_taint()),
            },
            _ => builder.hole(value.deep_taint()),
        }
    }
    builder.text(rest);
    let value = builder.build();
    Some(if value.as_str().is_some() && next > 0 {
        device(value, Device::Assembled)
    } else {
        value
    })
}
