//! Values of literals: numbers, characters, escapes, text blocks.

use crate::tree::Expr;
use std::borrow::Cow;

/// Returns the value of a whole number as written.
pub(super) fn whole(text: &str) -> Expr {
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let digits = clean.trim_end_matches(['l', 'L']);
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0b" | "0B") => (&digits[2..], 2),
        _ if digits.len() > 1 && digits.starts_with('0') => (&digits[1..], 8),
        _ => (digits, 10),
    };
    let is_long = digits.len() < clean.len() && clean.ends_with(['l', 'L']);
    match u64::from_str_radix(digits, radix) {
        // `0xffffffff` is -1: the bits of an int.
        Ok(n) if radix != 10 && !is_long && n > 0x7fff_ffff && n <= 0xffff_ffff => {
            Expr::Int(i64::from(n as u32 as i32))
        }
        Ok(n) => Expr::Int(n as i64),
        Err(_) => Expr::Float(digits.parse().unwrap_or(f64::NAN)),
    }
}

/// Returns the value of a number with a point or exponent.
pub(super) fn float(text: &str) -> Expr {
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let digits = clean.trim_end_matches(['f', 'F', 'd', 'D']);
    Expr::Float(digits.parse().unwrap_or(f64::NAN))
}

/// Returns the text of a string or character literal, escapes decoded. A missing end quote is
/// forgiven.
pub(super) fn string(text: &str) -> Cow<'_, str> {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        let block = block.strip_suffix("\"\"\"").unwrap_or(block);
        return unescaped(&block_text(&unicode_unescaped(block)))
            .into_owned()
            .into();
    }
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = quote.map_or(text, |quote| {
        let inner = &text[1..];
        inner.strip_suffix(quote).unwrap_or(inner)
    });
    match unicode_unescaped(inner) {
        Cow::Borrowed(inner) => unescaped(inner),
        Cow::Owned(inner) => unescaped(&inner).into_owned().into(),
    }
}

/// Takes the common indentation and the trailing spaces out of a text block, and the rest of the
/// line after its opening quotes.
fn block_text(text: &str) -> String {
    let body = text.split_once('\n').map_or(text, |(_, body)| body);
    let lines: Vec<&str> = body.split('\n').map(|l| l.trim_end_matches('\r')).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let last = lines.len() - 1;
    let common = lines
        .iter()
        .enumerate()
        .filter(|(i, line)| *i == last || !line.trim().is_empty())
        .map(|(_, line)| indent(line))
        .min()
        .unwrap_or(0);
    let lines = lines.iter().map(|line| {
        line.get(common..)
            .unwrap_or("")
            .trim_end_matches([' ', '\t'])
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Decodes the escapes that may stand anywhere in a source file, in names too: `\u0041`.
pub(super) fn unicode_unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\\\\") {
            flush(&mut units, &mut out);
            out.push_str("\\\\");
            rest = after;
            continue;
        }
        let digits = rest
            .strip_prefix("\\u")
            .map(|after| after.trim_start_matches('u'));
        let code = digits.and_then(|d| d.get(..4)).filter(|d| is_hex(d));
        match (digits, code.and_then(|d| u16::from_str_radix(d, 16).ok())) {
            (Some(digits), Some(code)) => {
                units.push(code);
                rest = &digits[4..];
            }
            _ => {
                flush(&mut units, &mut out);
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    flush(&mut units, &mut out);
    Cow::Owned(out)
}

fn is_hex(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_hexdigit())
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.push_str(&String::from_utf16_lossy(units));
    units.clear();
}

/// Decodes the escapes of a string.
fn unescaped(text: &str) -> Cow<'_, str> {
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
        Some('s') => out.push(' '),
        Some('\n') => {}
        Some('0'..='7') => {
            let most = if text.as_bytes()[0] <= b'3' { 3 } else { 2 };
            let is_octal = |b: &u8| (b'0'..b'8').contains(b);
            let len = text.bytes().take(most).take_while(is_octal).count();
            let code = u32::from_str_radix(&text[..len], 8).unwrap_or(0);
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            return &text[len..];
        }
        Some(other) => out.push(other),
    }
    chars.as_str()
}

/// Returns the text of a documentation comment without its frame; `None` for any other comment.
pub(super) fn documentation(comment: &str) -> Option<String> {
    let inner = comment.strip_prefix("/**")?.strip_suffix("*/")?;
    let lines = inner
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim());
    Some(lines.collect::<Vec<_>>().join("\n").trim().to_owned())
}
