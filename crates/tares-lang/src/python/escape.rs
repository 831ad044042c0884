//! Escape sequences in string literals.

/// What the prefix and the quotes of a literal say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Escapes stand for themselves.
    pub(super) raw: bool,
    /// Bytes, not text.
    pub(super) bytes: bool,
    /// Has interpolations; braces are doubled.
    pub(super) template: bool,
    /// Length of prefix and opening quote.
    pub(super) open: usize,
    /// Length of the closing quote.
    pub(super) close: usize,
}

impl Form {
    /// Reads prefix and quotes of a literal, which may lack its end.
    pub(super) fn of(literal: &str) -> Self {
        let bytes = literal.as_bytes();
        let prefix = bytes
            .iter()
            .position(|&b| b == b'"' || b == b'\'')
            .unwrap_or(bytes.len());
        let has = |letter: u8| {
            bytes[..prefix]
                .iter()
                .any(|b| b.eq_ignore_ascii_case(&letter))
        };
        let (raw, byte, template) = (has(b'r'), has(b'b'), has(b'f') || has(b't'));
        let rest = &bytes[prefix..];
        let quote: &[u8] = match rest {
            [a, b, c, ..] if a == b && b == c => &rest[..3],
            [_, ..] => &rest[..1],
            [] => &[],
        };
        let open = prefix + quote.len();
        let closed = bytes.len() >= open + quote.len() && bytes.ends_with(quote);
        Self {
            raw,
            bytes: byte,
            template,
            open,
            close: if closed { quote.len() } else { 0 },
        }
    }
}

/// Decodes the inside of a text literal onto `out`. Line ends become `\n`, as Python reads them.
pub(super) fn text(body: &str, form: Form, out: &mut String) {
    let special =
        |b: u8| b == b'\\' && !form.raw || b == b'\r' || form.template && (b == b'{' || b == b'}');
    let mut rest = body;
    let mut high = None;
    while let Some(at) = rest.bytes().position(special) {
        if at > 0 {
            surrogate(&mut high, out);
        }
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = match rest.as_bytes()[0] {
            b'\\' => escape(rest, &mut high, out),
            b'\r' => {
                out.push('\n');
                if rest.starts_with("\r\n") { 2 } else { 1 }
            }
            brace => {
                out.push(char::from(brace));
                if rest.as_bytes().get(1) == Some(&brace) {
                    2
                } else {
                    1
                }
            }
        };
        rest = &rest[len..];
    }
    if !rest.is_empty() {
        surrogate(&mut high, out);
    }
    out.push_str(rest);
    surrogate(&mut high, out);
}

/// Writes a first half of a pair that stayed alone.
fn surrogate(high: &mut Option<u32>, out: &mut String) {
    if high.take().is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
}

/// Decodes the escape at the start of `rest`; returns its length.
fn escape(rest: &str, high: &mut Option<u32>, out: &mut String) -> usize {
    let Some((unit, len)) = code(rest) else {
        surrogate(high, out);
        return named(rest, out);
    };
    match (high.take(), unit) {
        (Some(first), 0xDC00..=0xDFFF) => {
            let point = 0x10000 + ((first - 0xD800) << 10) + (unit - 0xDC00);
            out.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        (before, unit) => {
            surrogate(&mut { before }, out);
            if (0xD800..0xDC00).contains(&unit) {
                *high = Some(unit);
            } else {
                out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }
    len
}

/// Reads `\x41`, `\u0041`, `\U00000041` and `\101`.
fn code(rest: &str) -> Option<(u32, usize)> {
    let digits = match rest.as_bytes().get(1)? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'0'..=b'7' => return Some(octal(rest.as_bytes())),
        _ => return None,
    };
    let hex = rest
        .get(2..2 + digits)
        .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some((u32::from_str_radix(hex, 16).ok()?, 2 + digits))
}

fn octal(rest: &[u8]) -> (u32, usize) {
    let digits = rest[1..]
        .iter()
        .take(3)
        .take_while(|b| (b'0'..=b'7').contains(*b));
    digits.fold((0, 1), |(value, len), b| {
        (value * 8 + u32::from(b - b'0'), len + 1)
    })
}

/// Decodes an escape by letter or by name; an unknown one stands for itself.
fn named(rest: &str, out: &mut String) -> usize {
    if let Some(len) = rest.get(1..).and_then(line_end) {
        return 1 + len;
    }
    let name = rest
        .strip_prefix("\\N{")
        .and_then(|tail| tail.split_once('}'))
        .map(|(name, _)| name);
    if let Some((name, c)) = name.and_then(|name| Some((name, character(name)?))) {
        out.push(c);
        return name.len() + 4;
    }
    match rest.as_bytes().get(1).copied().and_then(letter) {
        Some(byte) => {
            out.push(char::from(byte));
            2
        }
        None => {
            out.push('\\');
            1
        }
    }
}

fn line_end(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        _ => None,
    }
}

fn letter(byte: u8) -> Option<u8> {
    Some(match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'\\' | b'\'' | b'"' => byte,
        _ => return None,
    })
}

/// Returns the character of a Unicode name, for ASCII: what hides a word is written with these.
fn character(name: &str) -> Option<char> {
    const SIGNS: [(&str, char); 31] = [
        ("SPACE", ' '),
        ("EXCLAMATION MARK", '!'),
        ("QUOTATION MARK", '"'),
        ("NUMBER SIGN", '#'),
        ("DOLLAR SIGN", '$'),
        ("PERCENT SIGN", '%'),
        ("AMPERSAND", '&'),
        ("APOSTROPHE", '\''),
        ("LEFT PARENTHESIS", '('),
        ("RIGHT PARENTHESIS", ')'),
        ("ASTERISK", '*'),
        ("PLUS SIGN", '+'),
        ("COMMA", ','),
        ("HYPHEN-MINUS", '-'),
        ("FULL STOP", '.'),
        ("SOLIDUS", '/'),
        ("COLON", ':'),
        ("SEMICOLON", ';'),
        ("LESS-THAN SIGN", '<'),
        ("EQUALS SIGN", '='),
        ("GREATER-THAN SIGN", '>'),
        ("QUESTION MARK", '?'),
        ("COMMERCIAL AT", '@'),
        ("LEFT SQUARE BRACKET", '['),
        ("REVERSE SOLIDUS", '\\'),
        ("RIGHT SQUARE BRACKET", ']'),
        ("LOW LINE", '_'),
        ("LEFT CURLY BRACKET", '{'),
        ("VERTICAL LINE", '|'),
        ("RIGHT CURLY BRACKET", '}'),
        ("TILDE", '~'),
    ];
    const DIGITS: [&str; 10] = [
        "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE",
    ];
    let name = name.to_ascii_uppercase();
    if let Some(digit) = name.strip_prefix("DIGIT ") {
        return DIGITS
            .iter()
            .position(|&d| d == digit)
            .and_then(|d| char::from_digit(d as u32, 10));
    }
    if let Some((case, letter)) = name
        .strip_prefix("LATIN ")
        .and_then(|rest| rest.rsplit_once(' '))
    {
        let letter = letter.chars().next().filter(|_| letter.len() == 1)?;
        return match case {
            "SMALL LETTER" => Some(letter.to_ascii_lowercase()),
            "CAPITAL LETTER" => Some(letter),
            _ => None,
        };
    }
    SIGNS
        .iter()
        .find(|(sign, _)| *sign == name)
        .map(|&(_, c)| c)
}

/// Decodes the inside of a bytes literal. Characters outside of ASCII are not allowed there
/// and are kept as they are.
pub(super) fn bytes(body: &str, form: Form, out: &mut Vec<u8>) {
    let source = body.as_bytes();
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        let rest = &body.as_bytes()[at..];
        match byte {
            b'\\' if !form.raw => at += byte_escape(rest, out),
            b'\r' => {
                out.push(b'\n');
                at += if rest.get(1) == Some(&b'\n') { 2 } else { 1 };
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

fn byte_escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    match *rest {
        [_, b'\r', b'\n', ..] => 3,
        [_, b'\n' | b'\r', ..] => 2,
        [_, b'0'..=b'7', ..] => {
            let (value, len) = octal(rest);
            out.push(value as u8);
            len
        }
        [_, b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            let digit = |b: u8| char::from(b).to_digit(16).unwrap_or(0) as u8;
            out.push(digit(high) << 4 | digit(low));
            4
        }
        [_, byte, ..] if letter(byte).is_some() => {
            out.extend(letter(byte));
            2
        }
        _ => {
            out.push(b'\\');
            1
        }
    }
}
