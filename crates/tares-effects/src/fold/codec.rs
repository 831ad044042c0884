//! Codecs on constants.

use crate::value::{Kind, MAX_TEXT, SeqVal, Taint, Value, Why};
use base64::Engine as _;
use std::io::Read as _;
use tares_model::effect::{Device, Label};

/// Marks a value as decoded from a constant.
pub(crate) fn decoded(value: Value) -> Value {
    value
        .tainted(&Taint::device(Device::Decoded))
        .tainted(&Taint::label(Label::Decoded))
}

/// Returns the bytes of text or bytes.
pub(crate) fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    match &value.kind {
        Kind::Bytes(bytes) => Some(bytes.to_vec()),
        Kind::Str(text) => Some(text.as_bytes().to_vec()),
        Kind::Seq(seq) if seq.sort == crate::value::SeqSort::Buffer => bytes_of_numbers(seq),
        _ => None,
    }
}

/// Returns the bytes of a sequence of known numbers, as character codes are given.
pub(crate) fn bytes_of_numbers(seq: &SeqVal) -> Option<Vec<u8>> {
    let items = seq.items.borrow();
    items
        .iter()
        .map(|v| v.as_int().and_then(|n| u8::try_from(n).ok()))
        .collect()
}

/// Decodes bytes to text.
pub(crate) fn decode_text(bytes: &[u8], coding: Option<&str>) -> Option<Value> {
    let coding = coding.map(str::to_ascii_lowercase);
    match coding.as_deref() {
        None | Some("utf-8" | "utf8" | "ascii") => std::str::from_utf8(bytes).ok().map(Value::str),
        Some("latin-1" | "latin1" | "iso-8859-1" | "binary") => Some(Value::str(
            bytes.iter().map(|&b| char::from(b)).collect::<String>(),
        )),
        Some("hex") => Some(Value::str(to_hex(bytes))),
        Some("base64") => Some(Value::str(
            base64::engine::general_purpose::STANDARD.encode(bytes),
        )),
        Some("utf-16" | "utf-16le" | "utf-16-le") => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|c| u16::from_le_bytes([c[0], c[1]]))
                .collect();
            Some(Value::str(String::from_utf16(&units).ok()?))
        }
        _ => None,
    }
}

/// Undoes the coding that a text is told to be in: codecs of text, and those that Python counts
/// among them. What is in a coding that is not known here is decoded all the same, to something
/// that nobody reads.
pub(crate) fn decode_named(bytes: &[u8], coding: &str) -> Value {
    let text = || std::str::from_utf8(bytes).ok();
    let plain = |bytes: Option<Vec<u8>>| bytes.map(|bytes| decoded(Value::bytes(bytes)));
    let name = coding.to_ascii_lowercase().replace('-', "_");
    let known = match name.as_str() {
        "base64" | "base64_codec" => plain(from_base64(bytes)),
        "hex" | "hex_codec" => plain(text().and_then(from_hex)),
        "rot13" | "rot_13" => text().map(|text| decoded(Value::str(rot13(text)))),
        "zlib" | "zlib_codec" | "zip" => plain(inflate(bytes)),
        _ => decode_text(bytes, Some(coding)),
    };
    let text_coding = matches!(
        name.as_str(),
        "utf8" | "utf_8" | "utf_8_sig" | "ascii" | "us_ascii" | "utf_16" | "utf_32"
    ) || name.starts_with("iso")
        || name.starts_with("latin")
        || name.starts_with("cp125")
        || name.starts_with("windows")
        || name.starts_with("gb")
        || name.starts_with("big5")
        || name.starts_with("euc")
        || name.starts_with("koi8")
        || name.contains("jis");
    known.unwrap_or_else(|| {
        let value = Value::unknown(Why::Operation);
        if text_coding { value } else { decoded(value) }
    })
}

/// Spells bytes as hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// Reads base64 in either alphabet, with or without padding.
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = text
        .iter()
        .filter(|b| !b.is_ascii_whitespace() && **b != b'=')
        .map(|b| match b {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    base64::engine::general_purpose::STANDARD_NO_PAD
        .decode(text)
        .ok()
}

/// Replaces `%41` by the byte it stands for; `None` where the result is no text.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let raw = text.as_bytes();
    let digits = |i: usize| {
        let pair = std::str::from_utf8(raw.get(i + 1..i + 3)?).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    let mut out = Vec::with_capacity(raw.len());
    let mut i = 0;
    while i < raw.len() {
        match digits(i).filter(|_| raw[i] == b'%') {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(raw[i]);
                i += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

/// Rotates letters by thirteen.
pub(crate) fn rot13(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'a'..='z' => char::from((c as u8 - b'a' + 13) % 26 + b'a'),
            'A'..='Z' => char::from((c as u8 - b'A' + 13) % 26 + b'A'),
            other => other,
        })
        .collect()
}

/// Inflates zlib, gzip or raw deflate, bounded.
pub(crate) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let bounded = |reader: &mut dyn std::io::Read| {
        let mut out = Vec::new();
        reader
            .take(MAX_TEXT as u64 + 1)
            .read_to_end(&mut out)
            .ok()?;
        (!out.is_empty() && out.len() <= MAX_TEXT).then_some(out)
    };
    bounded(&mut flate2::read::ZlibDecoder::new(bytes))
        .or_else(|| bounded(&mut flate2::read::GzDecoder::new(bytes)))
        .or_else(|| bounded(&mut flate2::read::DeflateDecoder::new(bytes)))
}

/// `struct.pack` and `struct.unpack` of whole numbers and bytes.
pub(crate) fn structure(path: &str, args: &crate::interp::args::Args) -> Option<Value> {
    let format = args.get(0)?.as_str()?;
    let (little, codes) = match format.chars().next()? {
        '<' | '=' | '@' => (true, &format[1..]),
        '>' | '!' => (false, &format[1..]),
        _ => (true, &format[..]),
    };
    let fields = fields_of(codes)?;
    if path == "struct.calcsize" {
        return Some(Value::int(
            fields.iter().map(|(_, size)| *size as i64).sum(),
        ));
    }
    if path == "struct.pack" {
        let mut out = Vec::new();
        let mut values = args.pos.iter().skip(1);
        for (code, size) in fields {
            match code {
                'x' => out.extend(vec![0; size]),
                's' => {
                    let mut text = bytes_of(&values.next()?.0)?;
                    text.resize(size, 0);
                    out.extend(text);
                }
                _ => {
                    let n = match &values.next()?.0 {
                        Value {
                            kind: Kind::Bytes(one),
                            ..
                        } => i64::from(*one.first()?),
                        n => n.as_int()?,
                    };
                    let bytes = n.to_be_bytes()[8 - size..].to_vec();
                    out.extend(ordered(bytes, little));
                }
            }
        }
        return Some(Value::bytes(out));
    }
    let bytes = bytes_of(args.get(1)?)?;
    let mut at = args
        .at(2, "offset")
        .map_or(Some(0), Value::as_int)
        .and_then(|n| usize::try_from(n).ok())?;
    let mut out = Vec::new();
    for (code, size) in fields {
        let part = bytes.get(at..at.checked_add(size)?)?.to_vec();
        at += size;
        match code {
            'x' => {}
            's' | 'c' => out.push(Value::bytes(part)),
            _ => {
                let signed = code.is_ascii_lowercase();
                let part = ordered(part, little);
                let first = if signed && part[0] > 127 { -1_i64 } else { 0 };
                out.push(Value::int(
                    part.iter().fold(first, |n, b| n << 8 | i64::from(*b)),
                ));
            }
        }
    }
    Some(Value::seq(crate::value::SeqSort::Tuple, out))
}

fn ordered(mut bytes: Vec<u8>, little: bool) -> Vec<u8> {
    if little {
        bytes.reverse();
    }
    bytes
}

/// Returns the fields of a format: code and size of each.
fn fields_of(codes: &str) -> Option<Vec<(char, usize)>> {
    let (mut fields, mut count) = (Vec::new(), String::new());
    for code in codes.chars().filter(|c| !c.is_whitespace()) {
        if code.is_ascii_digit() {
            count.push(code);
            continue;
        }
        let n = if count.is_empty() {
            1
        } else {
            count.parse::<usize>().ok()?
        };
        count.clear();
        if n > 4096 || fields.len() > 4096 {
            return None;
        }
        let size = match code {
            's' => {
                fields.push(('s', n));
                continue;
            }
            'x' | 'c' | 'b' | 'B' | '?' => 1,
            'h' | 'H' => 2,
            'i' | 'I' | 'l' | 'L' => 4,
            'q' | 'Q' => 8,
            _ => return None,
        };
        fields.extend(std::iter::repeat_n((code, size), n));
    }
    Some(fields)
}
