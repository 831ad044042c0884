//! Methods of Java's text.

use super::java::{spelled, text_of_all};
use super::{codec, int_at, list, str_at, text};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::value::text::Piece;
use crate::value::{Kind, SeqVal, Taint, Value, Why, join};
use tares_model::effect::Device;

/// Folds a method of a text.
pub(super) fn method(
    interp: &Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let _ = interp;
    if let Some(known) = receiver.as_str() {
        if let Some(value) = known_method(receiver, &std::sync::Arc::clone(known), name, args) {
            return Some(value);
        }
    } else if let Some(value) = open_method(receiver, name, args) {
        return Some(value);
    }
    text::method(false, receiver, name, args)
}

fn known_method(receiver: &Value, known: &str, name: &str, args: &Args) -> Option<Value> {
    let changed = |s: String| Some(Value::str(s).tainted(&Taint::device(Device::Transformed)));
    let chars = || known.chars().collect::<Vec<char>>();
    match name {
        "toString" | "intern" | "strip" | "trim" | "stripIndent" | "get" | "orElse"
        | "orElseThrow" | "orElseGet" => match name {
            "strip" | "trim" => Some(Value::str(known.trim())),
            _ => Some(receiver.clone()),
        },
        "length" => Some(Value::int(known.encode_utf16().count() as i64)),
        "isEmpty" => Some(Value::bool(known.is_empty())),
        "isBlank" => Some(Value::bool(known.trim().is_empty())),
        "equals" | "contentEquals" => join::equal(receiver, args.get(0)?).map(Value::bool),
        "equalsIgnoreCase" => {
            let other = str_at(args, 0)?;
            Some(Value::bool(known.to_lowercase() == other.to_lowercase()))
        }
        "contains" => Some(Value::bool(known.contains(&**str_at(args, 0)?))),
        "compareTo" => Some(Value::int(match known.cmp(str_at(args, 0)?) {
            std::cmp::Ordering::Less => -1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => 1,
        })),
        "hashCode" => {
            let hash = known.encode_utf16().fold(0_i32, |hash, unit| {
                hash.wrapping_mul(31).wrapping_add(i32::from(unit))
            });
            Some(Value::int(i64::from(hash)))
        }
        "substring" | "subSequence" => {
            let chars = chars();
            let start = usize::try_from(int_at(args, 0)?).ok()?;
            let end = match args.get(1) {
                Some(end) => usize::try_from(end.as_int()?).ok()?,
                None => chars.len(),
            };
            changed(chars.get(start..end)?.iter().collect())
        }
        "charAt" => {
            let at = usize::try_from(int_at(args, 0)?).ok()?;
            changed(chars().get(at)?.to_string())
        }
        "concat" => Some(text_of_all([receiver, args.get(0)?].into_iter())),
        "repeat" => {
            let times = usize::try_from(int_at(args, 0)?).ok()?;
            (known.len().saturating_mul(times) <= 4096).then(|| Value::str(known.repeat(times)))
        }
        "replace" => {
            let (from, to) = (spelled(args.get(0)?)?, spelled(args.get(1)?)?);
            changed(known.replace(&from, &to))
        }
        "replaceAll" | "replaceFirst" => {
            let (from, to) = (plain_pattern(str_at(args, 0)?)?, str_at(args, 1)?);
            if to.contains(['$', '\\']) {
                return None;
            }
            let times = if name == "replaceAll" { usize::MAX } else { 1 };
            changed(known.replacen(&from, to, times))
        }
        "split" => {
            let by = plain_pattern(str_at(args, 0)?)?;
            let limit = int_at(args, 1).unwrap_or(0);
            let mut parts: Vec<String> = if by.is_empty() {
                known.chars().map(String::from).collect()
            } else if limit > 0 {
                let limit = usize::try_from(limit).ok()?;
                known.splitn(limit, &*by).map(String::from).collect()
            } else {
                known.split(&*by).map(String::from).collect()
            };
            while limit == 0 && parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
                parts.pop();
            }
            Some(list(parts.into_iter().map(Value::str).collect()))
        }
        "toCharArray" => Some(list(
            known.chars().map(|c| Value::str(c.to_string())).collect(),
        )),
        "chars" | "codePoints" => Some(list(
            known
                .chars()
                .map(|c| Value::int(i64::from(u32::from(c))))
                .collect(),
        )),
        "lines" => Some(list(known.lines().map(Value::str).collect())),
        "getBytes" => {
            let coding = args.get(0).and_then(Value::as_str);
            let plain = coding.is_none_or(|c| !c.to_lowercase().starts_with("utf-16"));
            plain.then(|| Value::bytes(known.as_bytes()))
        }
        "format" | "formatted" => formatted(known, &args.pos),
        _ => None,
    }
}

/// Methods of a text with unknown parts.
fn open_method(receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    match name {
        "toString" | "intern" | "trim" | "strip" | "get" | "orElseThrow" | "orElse" => {
            Some(receiver.clone())
        }
        "getBytes" | "toCharArray" => Some(receiver.clone()),
        "concat" => Some(text_of_all([receiver, args.get(0)?].into_iter())),
        "formatted" => {
            let Kind::Pattern(pieces) = &receiver.kind else {
                return None;
            };
            let skeleton: String = pieces
                .iter()
                .map(|p| match p {
                    Piece::Known(text) => text.to_string(),
                    Piece::Hole(_) => String::new(),
                })
                .collect();
            formatted(&skeleton, &args.pos).map(|v| v.tainted(&receiver.deep_taint()))
        }
        _ => None,
    }
}

/// Returns the text that a regular expression without any sign of its own stands for.
fn plain_pattern(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                c if !c.is_ascii_alphanumeric() => out.push(c),
                'n' => out.push('\n'),
                't' => out.push('\t'),
                _ => return None,
            },
            '.' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' => {
                return None;
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// Static methods of `String`.
pub(super) fn static_call(interp: &mut Interp<'_>, name: &str, args: &Args) -> Option<Value> {
    match name {
        "valueOf" | "copyValueOf" => {
            let first = args.get(0)?;
            match &first.kind {
                Kind::Seq(_) => of_parts(args),
                _ => Some(spelled(first).map_or_else(|| first.clone(), Value::str)),
            }
        }
        "format" => {
            let (first, from) = match args.get(0)?.as_str() {
                Some(text) => (std::sync::Arc::clone(text), 1),
                // `format(Locale, …)`.
                None => (std::sync::Arc::clone(args.get(1)?.as_str()?), 2),
            };
            formatted(&first, &args.pos[from..])
        }
        "join" => {
            let separator = args.get(0)?.clone();
            let items = match (args.len(), args.get(1)) {
                (2, Some(items)) if matches!(items.kind, Kind::Seq(_)) => items.clone(),
                _ => list(args.pos.iter().skip(1).map(|(v, _)| v.clone()).collect()),
            };
            let joined = super::sequence::join_texts(&items, separator);
            joined.or_else(|| {
                Some(Value::unknown_with(
                    Why::Call,
                    interp.item_of(&items).deep_taint(),
                ))
            })
        }
        _ => None,
    }
}

/// `String.format`: text and numbers where they stand; widths and precision are dropped for what
/// is not known.
fn formatted(format: &str, args: &[(Value, tares_model::Span)]) -> Option<Value> {
    let mut parts: Vec<Value> = Vec::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        parts.push(Value::str(&rest[..at]));
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| c.is_ascii_alphabetic() || c == '%')?;
        let (spec, letter) = (&rest[..end], rest.as_bytes()[end]);
        rest = &rest[end + 1..];
        match letter {
            b'%' => parts.push(Value::str("%")),
            b'n' => parts.push(Value::str("\n")),
            _ => {
                let index = spec
                    .split_once('$')
                    .and_then(|(i, _)| i.parse::<usize>().ok());
                let index = index.map_or(next, |i| i.saturating_sub(1));
                next += usize::from(!spec.contains('$'));
                parts.push(one(args.get(index).map(|(v, _)| v), spec, letter));
            }
        }
    }
    parts.push(Value::str(rest));
    Some(joined(&parts))
}

fn one(value: Option<&Value>, spec: &str, letter: u8) -> Value {
    let Some(value) = value else {
        return Value::unknown(Why::Operation);
    };
    let code = match (letter, &value.kind) {
        (b'c', Kind::Int(n)) => u32::try_from(*n).ok().and_then(char::from_u32),
        _ => None,
    };
    let text = match (letter, &value.kind) {
        (b'c', _) if code.is_some() => code.map(String::from),
        (b'x', Kind::Int(n)) => Some(format!("{n:x}")),
        (b's' | b'd' | b'c' | b'b', _) => spelled(value),
        (b'S', _) => spelled(value).map(|s| s.to_uppercase()),
        _ => None,
    };
    let width = spec.trim_start_matches(['-', '0', '#', ',']);
    match text {
        Some(text) => {
            let width = width.parse::<usize>().unwrap_or(0).min(256);
            let text = if spec.starts_with('0') {
                format!("{text:0>width$}")
            } else if spec.starts_with('-') {
                format!("{text:<width$}")
            } else {
                format!("{text:>width$}")
            };
            Value::str(text).tainted(&value.taint)
        }
        None if matches!(letter, b'd' | b'x' | b'f' | b'e' | b'b') => Value::unknown_with(
            Why::Operation,
            value
                .deep_taint()
                .cleaned(tares_model::effect::SinkSet::ALL),
        ),
        None => value.clone(),
    }
}

/// Joins texts; what is put together from constants alone says so.
pub(super) fn joined(parts: &[Value]) -> Value {
    let value = text_of_all(parts.iter());
    let literals = parts
        .iter()
        .filter(|v| v.as_str().is_some_and(|s| !s.is_empty()));
    if matches!(value.kind, Kind::Str(_)) && literals.count() > 1 {
        return value.tainted(&Taint::device(Device::Assembled));
    }
    value
}

/// `new String(chars)`, `new String(bytes, charset)`, and parts of them.
pub(super) fn of_parts(args: &Args) -> Option<Value> {
    let Some(first) = args.get(0) else {
        return Some(Value::str(""));
    };
    let whole = match &first.kind {
        Kind::Seq(seq) => {
            let bytes = bytes_of_seq(seq);
            let texts = text_of_seq(seq);
            match (texts, bytes) {
                (Some(text), _) => Value::str(text).tainted(&Taint::device(Device::CharacterCodes)),
                (None, Some(bytes)) => codec::decode_text(&bytes, None)?
                    .tainted(&Taint::device(Device::CharacterCodes)),
                _ => return Some(Value::unknown_with(Why::Operation, first.deep_taint())),
            }
        }
        Kind::Bytes(bytes) => {
            let coding = args.get(args.len() - 1).and_then(Value::as_str);
            codec::decode_text(bytes, coding.map(|c| &**c))?
        }
        _ => return Some(first.clone()),
    };
    let whole = whole.tainted(&first.taint);
    match (int_at(args, 1), int_at(args, 2), whole.as_str()) {
        (Some(start), Some(len), Some(text)) => {
            let (start, len) = (usize::try_from(start).ok()?, usize::try_from(len).ok()?);
            let part: String = text.chars().skip(start).take(len).collect();
            Some(Value::str(part).tainted(&whole.taint))
        }
        _ => Some(whole),
    }
}

/// The characters of an array, where at least one is written as such.
fn text_of_seq(seq: &SeqVal) -> Option<String> {
    if seq.rest.borrow().is_some() {
        return None;
    }
    let items = seq.items.borrow();
    if !items.iter().any(|v| matches!(v.kind, Kind::Str(_))) {
        return None;
    }
    items
        .iter()
        .map(|item| match &item.kind {
            Kind::Str(text) => Some(text.to_string()),
            Kind::Int(n) => char::from_u32(u32::try_from(*n).ok()?).map(String::from),
            _ => None,
        })
        .collect()
}

/// The bytes of an array of numbers, signed or not.
pub(super) fn bytes_of_seq(seq: &SeqVal) -> Option<Vec<u8>> {
    if seq.rest.borrow().is_some() {
        return None;
    }
    seq.items
        .borrow()
        .iter()
        .map(|item| match item.kind {
            Kind::Int(n) if (-128..256).contains(&n) => Some(n as u8),
            _ => None,
        })
        .collect()
}
