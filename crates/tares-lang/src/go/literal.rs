//! Literals: numbers, runes and strings, and what escapes in them stand for.

use crate::tree::Expr;

/// Returns the value of an integer literal; one that does not fit is a float.
pub(super) fn integer(text: &str) -> Expr {
    let digits: String = text
        .chars()
        .filter(|&c| c != '_')
        .collect::<String>()
        .to_ascii_lowercase();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'o', ..] => (8, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        [b'0', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => {
            (8, &digits[1..])
        }
        _ => (10, &digits[..]),
    };
    match i64::from_str_radix(digits, radix) {
        Ok(value) => Expr::Int(value),
        Err(_) => Expr::Float(
            digits
                .chars()
                .filter_map(|c| c.to_digit(radix))
                .fold(0.0, |value, d| value * f64::from(radix) + f64::from(d)),
        ),
    }
}

/// Returns the value of a float or imaginary literal.
pub(super) fn float(text: &str) -> Expr {
    let digits: String = text.chars().filter(|c| !matches!(c, '_' | 'i')).collect();
    Expr::Float(digits.parse().unwrap_or(f64::NAN))
}

/// Returns the number that a rune literal stands for.
pub(super) fn rune(text: &str) -> Expr {
    let inner = text.strip_prefix('\'').unwrap_or(text);
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    let value = match inner.strip_prefix('\\') {
        Some(rest) => match escape(rest) {
            (Escaped::Char(c), _) => u32::from(c),
            (Escaped::Byte(b), _) => u32::from(b),
            (Escaped::Nothing, _) => 0,
        },
        None => inner.chars().next().map_or(0, u32::from),
    };
    Expr::Int(i64::from(value))
}

/// Returns the text of an interpreted string; bytes where it is no valid text.
pub(super) fn interpreted(inner: &str) -> Expr {
    if !inner.contains('\\') {
        return Expr::Str(inner.into());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let (value, used) = escape(&rest[at + 1..]);
        match value {
            Escaped::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Escaped::Byte(b) => bytes.push(b),
            Escaped::Nothing => bytes.push(b'\\'),
        }
        rest = &rest[at + 1 + used..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    match String::from_utf8(bytes) {
        Ok(text) => Expr::Str(text.into()),
        Err(error) => Expr::Bytes(error.into_bytes().into()),
    }
}

/// Returns the text of a raw string: as written, without carriage returns.
pub(super) fn raw(inner: &str) -> Expr {
    if inner.contains('\r') {
        return Expr::Str(inner.replace('\r', "").into());
    }
    Expr::Str(inner.into())
}

enum Escaped {
    Char(char),
    Byte(u8),
    Nothing,
}

/// Reads what follows a backslash: what it stands for, and how many bytes it takes.
fn escape(rest: &str) -> (Escaped, usize) {
    let number = |from: usize, len: usize, radix: u32| {
        rest.get(from..from + len)
            .and_then(|digits| u32::from_str_radix(digits, radix).ok())
    };
    let simple = |c: char| (Escaped::Char(c), 1);
    match rest.as_bytes().first() {
        Some(b'a') => simple('\u{7}'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'v') => simple('\u{b}'),
        Some(b @ (b'\\' | b'"' | b'\'')) => simple(char::from(*b)),
        Some(b'x') => match number(1, 2, 16) {
            Some(n) => (Escaped::Byte(n as u8), 3),
            None => (Escaped::Nothing, 0),
        },
        Some(b'u') => unicode(number(1, 4, 16), 5),
        Some(b'U') => unicode(number(1, 8, 16), 9),
        Some(b'0'..=b'7') => match number(0, 3, 8).and_then(|n| u8::try_from(n).ok()) {
            Some(n) => (Escaped::Byte(n), 3),
            None => (Escaped::Nothing, 0),
        },
        _ => (Escaped::Nothing, 0),
    }
}

fn unicode(number: Option<u32>, used: usize) -> (Escaped, usize) {
    match number.and_then(char::from_u32) {
        Some(c) => (Escaped::Char(c), used),
        None => (Escaped::Nothing, 0),
    }
}
