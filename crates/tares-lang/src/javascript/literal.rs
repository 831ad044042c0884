//! Values of literals: numbers, escapes, character references, JSX text, documentation.

use crate::large;
use crate::tree::Expr;
use std::borrow::Cow;

/// Returns the value of a number as written.
pub(super) fn number(text: &str) -> Expr {
    let bytes = text.as_bytes();
    if bytes.len() <= 18
        && bytes.iter().all(u8::is_ascii_digit)
        && (bytes[..1] != *b"0" || bytes.len() == 1)
    {
        return Expr::Int(
            bytes
                .iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')),
        );
    }
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let digits = clean.strip_suffix('n').unwrap_or(&clean);
    if clean.len() > digits.len()
        && let Some(large) = large_integer(digits)
    {
        return large;
    }
    match digits.get(..2) {
        Some("0x" | "0X") => whole(&digits[2..], 16),
        Some("0o" | "0O") => whole(&digits[2..], 8),
        Some("0b" | "0B") => whole(&digits[2..], 2),
        _ if digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|b| (b'0'..b'8').contains(&b)) =>
        {
            whole(&digits[1..], 8)
        }
        _ if digits.bytes().all(|b| b.is_ascii_digit()) => whole(digits, 10),
        _ => Expr::Float(digits.parse().unwrap_or(f64::NAN)),
    }
}

/// Returns a `BigInt` that does not fit into 64 bits; other numbers are floats then.
fn large_integer(digits: &str) -> Option<Expr> {
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ => (10, digits),
    };
    i64::from_str_radix(digits, radix).err()?;
    large::from_digits(digits, radix).map(Expr::Large)
}

fn whole(digits: &str, radix: u32) -> Expr {
    if let Ok(value) = i64::from_str_radix(digits, radix) {
        return Expr::Int(value);
    }
    if radix == 10 {
        return Expr::Float(digits.parse().unwrap_or(f64::NAN));
    }
    let value = digits.chars().try_fold(0.0, |sum, c| {
        c.to_digit(radix)
            .map(|digit| f64::from(radix).mul_add(sum, f64::from(digit)))
    });
    Expr::Float(value.unwrap_or(f64::NAN))
}

/// Returns the text between the quotes, escapes still in it. A missing end quote is forgiven.
pub(super) fn unquoted(text: &str) -> &str {
    let Some(quote) = text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))
    else {
        return text;
    };
    let inner = &text[1..];
    inner.strip_suffix(quote).unwrap_or(inner)
}

/// Decodes the escapes of a string or template.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Decodes one escape, the text after its backslash, and returns what follows it.
fn escape<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut chars = text.chars();
    match chars.next() {
        None => return text,
        Some('n') => out.push('\n'),
        Some('t') => out.push('\t'),
        Some('r') => out.push('\r'),
        Some('b') => out.push('\u{8}'),
        Some('f') => out.push('\u{c}'),
        Some('v') => out.push('\u{b}'),
        Some('\n' | '\u{2028}' | '\u{2029}') => {}
        Some('\r') => return chars.as_str().strip_prefix('\n').unwrap_or(chars.as_str()),
        Some('x') => return hex(chars.as_str(), 2, out),
        Some('u') => return unicode(chars.as_str(), out),
        Some('0'..='7') => return octal(text, out),
        Some(other) => out.push(other),
    }
    chars.as_str()
}

fn push_code(code: u32, out: &mut String) {
    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn code(digits: Option<&str>) -> Option<u32> {
    let digits = digits?;
    // `from_str_radix` would take a sign.
    digits
        .bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

/// A broken escape keeps its letter, as text still arriving may end inside one.
fn hex<'a>(text: &'a str, len: usize, out: &mut String) -> &'a str {
    match code(text.get(..len)) {
        Some(value) => {
            push_code(value, out);
            &text[len..]
        }
        None => {
            out.push(if len == 2 { 'x' } else { 'u' });
            text
        }
    }
}

/// Longest `\u{…}` that is looked for, in bytes; zeros in front may make it long.
const MAX_BRACED: usize = 64;

fn unicode<'a>(text: &'a str, out: &mut String) -> &'a str {
    if let Some(braced) = text.strip_prefix('{') {
        let end = braced.bytes().take(MAX_BRACED).position(|b| b == b'}');
        let digits = end.map_or("", |end| &braced[..end]);
        if let Some(value) = code(Some(digits).filter(|digits| !digits.is_empty())) {
            push_code(value, out);
            return &braced[digits.len() + 1..];
        }
        out.push('u');
        return text;
    }
    let high = code(text.get(..4));
    if let Some(high @ 0xd800..0xdc00) = high
        && let Some(low @ 0xdc00..0xe000) = text
            .get(4..6)
            .filter(|&mark| mark == "\\u")
            .and_then(|_| code(text.get(6..10)))
    {
        push_code(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), out);
        return &text[10..];
    }
    hex(text, 4, out)
}

fn octal<'a>(text: &'a str, out: &mut String) -> &'a str {
    let most = if text.as_bytes()[0] <= b'3' { 3 } else { 2 };
    let len = text
        .bytes()
        .take(most)
        .take_while(|b| (b'0'..b'8').contains(b))
        .count();
    push_code(u32::from_str_radix(&text[..len], 8).unwrap_or(0), out);
    &text[len..]
}

/// Longest character reference that is looked for, in bytes.
const MAX_REFERENCE: usize = 12;

/// Decodes character references (`&amp;`, `&#x41;`) of JSX text; unknown ones stay as written.
pub(super) fn dereferenced(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(MAX_REFERENCE).position(|b| b == b';');
        let found = end.and_then(|end| Some((reference(&rest[1..end])?, &rest[end + 1..])));
        if let Some((value, after)) = found {
            out.push(value);
            rest = after;
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(value.ok()?)
        }
    }
}

/// Returns the text of JSX children as it is rendered: lines trimmed and joined by a space.
/// `None` for text that is only white space over a line break.
pub(super) fn jsx_text(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('\n') {
        return (!text.is_empty()).then(|| dereferenced(text));
    }
    let last = text.matches('\n').count();
    let lines = text.split('\n').enumerate().map(|(index, line)| {
        let line = if index == 0 { line } else { line.trim_start() };
        if index == last { line } else { line.trim_end() }
    });
    let joined = lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    (!joined.is_empty()).then(|| Cow::Owned(dereferenced(&joined).into_owned()))
}

/// Returns the text of a `/** … */` comment without its markers, or `None` for any other comment.
pub(super) fn documentation(comment: &str) -> Option<String> {
    let inner = comment.strip_prefix("/**")?.strip_suffix("*/")?;
    let mut out = String::with_capacity(inner.len());
    for line in inner.lines() {
        let line = line.trim();
        let line = line.strip_prefix('*').map_or(line, str::trim_start);
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
    }
    out.truncate(out.trim_end().len());
    Some(out)
}
