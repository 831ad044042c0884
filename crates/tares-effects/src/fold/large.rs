//! Whole numbers above 64 bits. Text is kept in them as bytes, and taken out by shifts and
//! remainders; nothing else is followed.

use super::number;
use crate::interp::args::Args;
use crate::value::{Kind, Value};
use tares_lang::tree::BinaryOp;

/// Returns the number of these bytes, the highest first.
pub(crate) fn of_bytes(bytes: &[u8]) -> Value {
    let start = bytes.iter().position(|byte| *byte != 0);
    let bytes = &bytes[start.unwrap_or(bytes.len())..];
    let small = bytes.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
    match i64::try_from(small) {
        Ok(small) if bytes.len() <= 8 => Value::int(small),
        _ => Value::new(Kind::Large(bytes.into())),
    }
}

/// Parses a number that is too large for 64 bits.
pub(crate) fn parse(text: &str, base: u32) -> Option<Value> {
    let text = text.trim().replace('_', "").to_ascii_lowercase();
    let (base, digits) = match (base, text.get(..2)) {
        (0 | 16, Some("0x")) => (16, &text[2..]),
        (0, _) => (10, &text[..]),
        (base, _) => (base, &text[..]),
    };
    let known = (2..=36).contains(&base);
    let bytes = tares_lang::large::from_digits(digits, known.then_some(base)?)?;
    Some(of_bytes(&bytes))
}

/// Spells a number in a base.
pub(crate) fn to_base(bytes: &[u8], base: u32) -> Option<String> {
    if !(2..=36).contains(&base) {
        return None;
    }
    let mut digits = Vec::new();
    let mut rest = bytes.to_vec();
    while !rest.is_empty() {
        let (quotient, digit) = divide(&rest, u64::from(base));
        digits.push(char::from_digit(digit as u32, base)?);
        rest = quotient;
    }
    Some(digits.iter().rev().collect())
}

/// Divides by a small number; quotient without zeros in front, and remainder.
fn divide(bytes: &[u8], by: u64) -> (Vec<u8>, u64) {
    let mut rest = 0_u128;
    let mut quotient = Vec::with_capacity(bytes.len());
    for byte in bytes {
        rest = rest << 8 | u128::from(*byte);
        let digit = (rest / u128::from(by)) as u8;
        rest %= u128::from(by);
        if digit != 0 || !quotient.is_empty() {
            quotient.push(digit);
        }
    }
    (quotient, rest as u64)
}

/// Applies an operator to a large and a small number.
pub(crate) fn binary(op: BinaryOp, bytes: &[u8], small: i64) -> Option<Value> {
    let small = u64::try_from(small).ok()?;
    Some(match op {
        BinaryOp::FloorDiv | BinaryOp::Div if small != 0 => of_bytes(&divide(bytes, small).0),
        BinaryOp::Mod if small != 0 => Value::int(i64::try_from(divide(bytes, small).1).ok()?),
        BinaryOp::ShiftRight => {
            let kept = bytes.len().saturating_sub(usize::try_from(small / 8).ok()?);
            of_bytes(&divide(&bytes[..kept], 1 << (small % 8)).0)
        }
        BinaryOp::BitAnd => {
            let low = bytes.iter().rev().take(8).enumerate();
            let low = low.fold(0_u64, |n, (i, b)| n | u64::from(*b) << (8 * i));
            Value::int(i64::try_from(low & small).ok()?)
        }
        _ => return None,
    })
}

/// Folds a method of a large number.
pub(crate) fn method(bytes: &[u8], name: &str, args: &Args) -> Option<Value> {
    match name {
        "to_bytes" => {
            let length = usize::try_from(args.at(0, "length")?.as_int()?).ok()?;
            let missing = length.checked_sub(bytes.len()).filter(|n| *n <= 4096)?;
            let mut all = vec![0; missing];
            all.extend_from_slice(bytes);
            let order = args.at(1, "byteorder").and_then(Value::as_str);
            if order.is_some_and(|order| &**order == "little") {
                all.reverse();
            }
            Some(Value::bytes(all))
        }
        "bit_length" => {
            let first = i64::from(bytes.first()?.leading_zeros());
            Some(Value::int(bytes.len() as i64 * 8 - first))
        }
        "toString" => {
            let base = args.get(0).map_or(Some(10), Value::as_int)?;
            Some(Value::str(to_base(bytes, u32::try_from(base).ok()?)?))
        }
        _ => None,
    }
}

/// Returns the hexadecimal, octal or binary spelling that Python's `hex`, `oct` and `bin` give.
pub(crate) fn spelled(value: &Value, base: u32) -> Option<String> {
    match &value.kind {
        Kind::Large(bytes) => to_base(bytes, base),
        _ => number::to_base(value.as_int()?, base),
    }
}

/// Returns a large number in decimal digits.
pub(crate) fn as_text(bytes: &[u8]) -> Option<String> {
    to_base(bytes, 10)
}

/// Returns a large number as a float, for what only looks at its size.
pub(crate) fn as_float(bytes: &[u8]) -> f64 {
    bytes
        .iter()
        .fold(0.0, |sum, byte| f64::mul_add(sum, 256.0, f64::from(*byte)))
}
