//! Numbers.

use crate::interp::args::Args;
use crate::value::{Kind, Value};

/// Returns the number that JavaScript makes of a value.
pub(crate) fn to_number(value: &Value) -> Option<Kind> {
    Some(match &value.kind {
        Kind::Int(n) => Kind::Int(*n),
        Kind::Float(f) => Kind::Float(*f),
        Kind::Bool(b) => Kind::Int(i64::from(*b)),
        Kind::Null => Kind::Int(0),
        Kind::Undefined => Kind::Float(f64::NAN),
        Kind::Str(text) => {
            let text = text.trim();
            if text.is_empty() {
                return Some(Kind::Int(0));
            }
            parse(text, 10)
                .map(Kind::Int)
                .or_else(|| text.parse::<f64>().ok().map(Kind::Float))
                .unwrap_or(Kind::Float(f64::NAN))
        }
        Kind::Seq(seq) if seq.rest.borrow().is_none() && seq.items.borrow().is_empty() => {
            Kind::Int(0)
        }
        _ => return None,
    })
}

/// Parses an integer with an optional prefix; base 0 takes the prefix's base.
pub(crate) fn parse(text: &str, base: u32) -> Option<i64> {
    let text = text.trim().replace('_', "");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match (base, lower.get(..2)) {
        (0 | 10 | 16, Some("0x")) if base != 10 => (16, &lower[2..]),
        (0 | 8, Some("0o")) => (8, &lower[2..]),
        (0 | 2, Some("0b")) => (2, &lower[2..]),
        (0, _) => (10, &lower[..]),
        (base, _) => (base, &lower[..]),
    };
    if !(2..=36).contains(&base) {
        return None;
    }
    let n = i64::from_str_radix(digits, base).ok()?;
    Some(if negative { -n } else { n })
}

/// Makes a float a whole number where it is one.
pub(crate) fn from_float(f: f64) -> Value {
    if f.fract() == 0.0 && f.abs() < 9.0e15 {
        Value::int(f as i64)
    } else {
        Value::new(Kind::Float(f))
    }
}

/// Folds a method of a number.
pub(crate) fn method(receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    match name {
        "toString" => {
            let n = receiver.as_int()?;
            let base = match args.get(0) {
                None => 10,
                Some(v) => u32::try_from(v.as_int()?).ok()?,
            };
            Some(Value::str(to_base(n, base)?))
        }
        "bit_length" => receiver
            .as_int()
            .map(|n| Value::int(i64::from(64 - n.unsigned_abs().leading_zeros()))),
        "to_bytes" => {
            let n = receiver.as_int()?;
            let len = usize::try_from(super::int_at(args, 0)?)
                .ok()
                .filter(|l| *l <= 8)?;
            let order = args
                .at(1, "byteorder")
                .and_then(Value::as_str)
                .map_or("big", |o| o);
            let bytes = n.to_be_bytes()[8 - len..].to_vec();
            Some(Value::bytes(if order == "little" {
                bytes.into_iter().rev().collect::<Vec<_>>()
            } else {
                bytes
            }))
        }
        "toFixed" | "valueOf" => None,
        _ => None,
    }
}

/// `int.from_bytes(bytes, order)`.
pub(crate) fn from_bytes(args: &Args) -> Option<Value> {
    let mut bytes = super::codec::bytes_of(args.get(0)?)?;
    let order = args
        .at(1, "byteorder")
        .and_then(Value::as_str)
        .map_or("big", |o| o);
    if order == "little" {
        bytes.reverse();
    }
    (bytes.len() <= 4096).then(|| super::large::of_bytes(&bytes))
}

/// Spells a number in a base.
pub(crate) fn to_base(n: i64, base: u32) -> Option<String> {
    if !(2..=36).contains(&base) {
        return None;
    }
    let mut digits = Vec::new();
    let mut rest = n.unsigned_abs();
    loop {
        digits.push(char::from_digit((rest % u64::from(base)) as u32, base)?);
        rest /= u64::from(base);
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        digits.push('-');
    }
    Some(digits.iter().rev().collect())
}
