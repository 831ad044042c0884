//! Number literals.

use crate::large;
use crate::tree::Expr;

/// Returns the value of an integer literal; one with thousands of digits is a float that is none.
pub(super) fn integer(text: &str) -> Expr {
    // The common case first: one to eighteen plain digits.
    if text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') {
        let value = text
            .bytes()
            .fold(0, |value, b| value * 10 + i64::from(b - b'0'));
        return Expr::Int(value);
    }
    let digits: String = text
        .chars()
        .filter(|&c| c != '_')
        .collect::<String>()
        .to_ascii_lowercase();
    let digits = digits.trim_end_matches('l');
    if let Some(imaginary) = digits
        .strip_suffix('j')
        .filter(|_| !digits.starts_with("0x"))
    {
        return float(imaginary);
    }
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'o', ..] => (8, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        // Python 2 wrote octal numbers this way; Python 3 accepts nothing but zeros.
        [b'0', rest @ ..] if !rest.is_empty() && rest.iter().all(|b| (b'0'..=b'7').contains(b)) => {
            (8, &digits[1..])
        }
        _ => (10, digits),
    };
    match i64::from_str_radix(digits, radix) {
        Ok(value) => Expr::Int(value),
        Err(_) => large::from_digits(digits, radix).map_or(Expr::Float(f64::NAN), Expr::Large),
    }
}

/// Returns the value of a float literal, imaginary ones included.
pub(super) fn float(text: &str) -> Expr {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, '_' | 'j' | 'J' | 'l' | 'L'))
        .collect();
    Expr::Float(digits.parse().unwrap_or(f64::NAN))
}
