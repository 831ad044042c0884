//! What the shell and its small tools do to text: expansions, echo, printf, tr, sed, base64, xxd.

use super::codec;
use crate::interp::args::Args;
use crate::value::text::TextBuilder;
use crate::value::{Kind, MAX_TEXT, Taint, Value, Why};
use std::sync::Arc;
use tares_lang::shell::decode;
use tares_model::effect::Device;

/// Runs a tool that only turns its input or its words into text.
pub(crate) fn call(name: &str, args: &Args) -> Option<Value> {
    let input = args.name("<");
    let has = |flags: &[&str]| {
        args.pos
            .iter()
            .any(|(v, _)| v.as_str().is_some_and(|t| flags.contains(&&**t)))
    };
    let value = match name {
        "echo" => echo(args),
        "printf" => printf(args)?,
        "cat" if operands(args).next().is_none() || has(&["-"]) => input?.clone(),
        "base64" => base64(args, input, has(&["-d", "-D", "--decode", "-di"]))?,
        "openssl" if has(&["base64", "-base64", "-a"]) && has(&["-d", "-A"]) => {
            base64(args, input, has(&["-d"]))?
        }
        "xxd" if has(&["-r", "-rp", "-r -p"]) => decoded(input?, codec::from_hex)?,
        "rev" => transformed(input?, |text| {
            let lines: Vec<String> = text.lines().map(|l| l.chars().rev().collect()).collect();
            Some(lines.join("\n"))
        })?,
        "tac" => transformed(input?, |text| {
            Some(text.lines().rev().collect::<Vec<_>>().join("\n"))
        })?,
        "tr" => tr(args, input?)?,
        "sed" => sed(args, input?)?,
        "gunzip" | "zcat" | "gzip" | "zlib-flate"
            if has(&["-d", "-dc", "-cd"]) || name != "gzip" =>
        {
            if operands(args).next().is_some() {
                return None;
            }
            decoded_bytes(input?, codec::inflate)?
        }
        "tee" | "sponge" | "pv" => return None,
        "basename" | "dirname" | "realpath" | "readlink" => {
            let first = operands(args).next()?;
            path_part(name, first)?
        }
        _ => return None,
    };
    Some(value)
}

fn operands(args: &Args) -> impl Iterator<Item = &Value> {
    args.pos.iter().map(|(v, _)| v).filter(|v| {
        v.as_str()
            .is_none_or(|t| !t.starts_with('-') || t.len() == 1)
    })
}

fn echo(args: &Args) -> Value {
    let mut builder = TextBuilder::default();
    let mut escapes = false;
    let mut first = true;
    let mut codes = false;
    for (word, _) in &args.pos {
        let text = word.as_str().map(|t| &**t);
        if first && matches!(text, Some("-e" | "-n" | "-E" | "-ne" | "-en")) {
            escapes |= text.is_some_and(|t| t.contains('e'));
            continue;
        }
        if !first {
            builder.text(" ");
        }
        first = false;
        match text.filter(|t| escapes && t.contains('\\')) {
            Some(text) => {
                let (text, by_code) = decode(text);
                codes |= by_code;
                builder.value(&Value::str(text).tainted(&word.taint));
            }
            None => builder.value(word),
        }
    }
    if let Some(more) = &args.more {
        builder.hole(more.deep_taint());
    }
    with_codes(builder.build(), codes)
}

fn with_codes(value: Value, codes: bool) -> Value {
    if codes {
        value.tainted(&Taint::device(Device::CharacterCodes))
    } else {
        value
    }
}

fn printf(args: &Args) -> Option<Value> {
    let mut words = args.pos.iter().map(|(v, _)| v);
    let mut format = words.next()?;
    if format.as_str().is_some_and(|t| &**t == "--") {
        format = words.next()?;
    }
    if format.as_str().is_some_and(|t| &**t == "-v") {
        return Some(Value::str(""));
    }
    let Some(text) = format.as_str() else {
        let taint = args.taint();
        return Some(Value::unknown_with(Why::Operation, taint));
    };
    let (text, codes) = decode(text);
    let mut builder = TextBuilder::default();
    let mut words = words.peekable();
    for _ in 0..64 {
        let before = words.len();
        fill(&text, &mut words, &mut builder);
        // The format is used again while words are left.
        if words.peek().is_none() || words.len() == before {
            break;
        }
    }
    Some(with_codes(builder.build(), codes).tainted(&format.taint))
}

/// Writes one round of a format.
fn fill<'v>(format: &str, words: &mut impl Iterator<Item = &'v Value>, out: &mut TextBuilder) {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.text(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('%') {
            out.text("%");
            rest = tail;
            continue;
        }
        let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) else {
            break;
        };
        let verb = rest[end..].chars().next();
        if let Some(word) = words.next() {
            match word.as_str().filter(|_| verb == Some('b')) {
                Some(text) => out.value(&Value::str(decode(text).0)),
                None => out.value(word),
            }
        }
        rest = &rest[end + 1..];
    }
    out.text(rest);
}

fn base64(args: &Args, input: Option<&Value>, decodes: bool) -> Option<Value> {
    let input = input.filter(|_| {
        operands(args).all(|v| {
            v.as_str()
                .is_some_and(|t| matches!(&**t, "-" | "base64" | "enc" | "0"))
        })
    })?;
    if decodes {
        return decoded(input, |text| codec::from_base64(text.as_bytes()));
    }
    transformed_plain(input, |text| {
        match codec::decode_text(text.as_bytes(), Some("base64")) {
            Some(value) => value.as_str().map(ToString::to_string),
            None => None,
        }
    })
}

/// Applies a decoder; what is not known keeps its labels.
fn decoded(input: &Value, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Value> {
    let Some(text) = input.as_str() else {
        return Some(Value::unknown_with(Why::Operation, input.deep_taint()));
    };
    let bytes = decode(text).filter(|b| b.len() <= MAX_TEXT)?;
    Some(codec::decoded(text_or_bytes(bytes)).tainted(&input.taint))
}

fn decoded_bytes(input: &Value, decode: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Value> {
    let Some(bytes) = codec::bytes_of(input) else {
        return Some(Value::unknown_with(Why::Operation, input.deep_taint()));
    };
    let bytes = decode(&bytes)?;
    Some(codec::decoded(text_or_bytes(bytes)).tainted(&input.taint))
}

fn text_or_bytes(bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => Value::str(text.trim_end_matches('\n')),
        Err(error) => Value::bytes(error.into_bytes()),
    }
}

/// Applies a change that hides what a text says.
fn transformed(input: &Value, change: impl Fn(&str) -> Option<String>) -> Option<Value> {
    let changed = transformed_plain(input, change)?;
    Some(changed.tainted(&Taint::device(Device::Transformed)))
}

fn transformed_plain(input: &Value, change: impl Fn(&str) -> Option<String>) -> Option<Value> {
    match input.as_str() {
        Some(text) => Some(Value::str(change(text)?).tainted(&input.taint)),
        None => Some(Value::unknown_with(Why::Operation, input.deep_taint())),
    }
}

/// The characters of a set such as `A-Za-z`.
fn letters(set: &str) -> Option<Vec<char>> {
    let (set, _) = decode(set);
    let chars: Vec<char> = set.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if at + 2 < chars.len() && chars[at + 1] == '-' {
            out.extend(chars[at]..=chars[at + 2]);
            at += 3;
        } else {
            out.push(chars[at]);
            at += 1;
        }
        if out.len() > 512 {
            return None;
        }
    }
    Some(out)
}

fn tr(args: &Args, input: &Value) -> Option<Value> {
    let words: Vec<&str> = args
        .pos
        .iter()
        .map(|(v, _)| v.as_str().map(|t| &**t))
        .collect::<Option<_>>()?;
    let (flags, sets): (Vec<&str>, Vec<&str>) = words
        .iter()
        .partition(|w| w.starts_with('-') && w.len() > 1);
    if sets.iter().any(|s| s.contains("[:"))
        || flags.iter().any(|f| f.contains('c') || f.contains('C'))
    {
        return Some(Value::unknown_with(Why::Operation, input.deep_taint()));
    }
    let from = letters(sets.first()?)?;
    if flags.iter().any(|f| f.contains('d')) {
        return transformed_plain(input, |text| {
            Some(text.chars().filter(|c| !from.contains(c)).collect())
        });
    }
    let to = letters(sets.get(1)?)?;
    let last = *to.last()?;
    let mapped = |text: &str| {
        let swap = |c: char| match from.iter().position(|f| *f == c) {
            Some(at) => to.get(at).copied().unwrap_or(last),
            None => c,
        };
        Some(text.chars().map(swap).collect())
    };
    if from.len() > 12 {
        transformed(input, mapped)
    } else {
        transformed_plain(input, mapped)
    }
}

/// `sed s/a/b/`, where nothing in it has a special meaning.
fn sed(args: &Args, input: &Value) -> Option<Value> {
    let unknown = || Some(Value::unknown_with(Why::Operation, input.deep_taint()));
    let scripts: Vec<&Arc<str>> = operands(args).filter_map(Value::as_str).collect();
    let [script] = scripts[..] else {
        return None;
    };
    let Some(sign) = script.strip_prefix('s').and_then(|s| s.chars().next()) else {
        return unknown();
    };
    let parts: Vec<&str> = script[1 + sign.len_utf8()..].split(sign).collect();
    let &[from, to, flags] = &parts[..] else {
        return unknown();
    };
    let special = |t: &str| t.contains(['\\', '[', ']', '*', '^', '$', '.', '&', '(', '+', '?']);
    if from.is_empty() || special(from) || special(to) || flags.contains('e') {
        return unknown();
    }
    transformed(input, |text| {
        Some(if flags.contains('g') {
            text.replace(from, to)
        } else {
            text.replacen(from, to, 1)
        })
    })
}

fn path_part(name: &str, value: &Value) -> Option<Value> {
    let Some(text) = value.as_str() else {
        return Some(Value::unknown_with(Why::Operation, value.deep_taint()));
    };
    let part = match name {
        "basename" => text.trim_end_matches('/').rsplit('/').next()?,
        "dirname" => text
            .trim_end_matches('/')
            .rsplit_once('/')
            .map_or(".", |(d, _)| d),
        _ => text,
    };
    Some(Value::str(part).tainted(&value.taint))
}

/// A text as the number it stands for.
pub(crate) fn number(value: &Value) -> Value {
    match &value.kind {
        Kind::Int(_) => value.clone(),
        Kind::Str(text) => match text.trim().parse::<i64>() {
            Ok(n) => Value::int(n).tainted(&value.taint),
            Err(_) => Value::unknown_with(Why::Operation, value.deep_taint()),
        },
        _ => Value::unknown_with(Why::Operation, value.deep_taint()),
    }
}

/// `${x#p}`, `${x/a/b}`, `${x:1:2}`, `${x^^}`.
pub(crate) fn cut(args: &Args) -> Value {
    let Some(value) = args.get(0) else {
        return Value::str("");
    };
    let unknown = || Value::unknown_with(Why::Operation, args.taint());
    let (Some(text), Some(op)) = (value.as_str(), args.get(1).and_then(Value::as_str)) else {
        return unknown();
    };
    let operand = |at: usize| args.get(at).and_then(Value::as_str).map(|t| &**t);
    let result = match &**op {
        "^^" => Some(text.to_uppercase()),
        ",," => Some(text.to_lowercase()),
        "^" | "," => Some(first_letter(text, &**op == "^")),
        ":" => operand(2).and_then(|from| slice(text, from, operand(3))),
        "#" | "##" | "%" | "%%" => operand(2).and_then(|pattern| stripped(text, op, pattern)),
        "/" | "//" => match (operand(2), operand(3)) {
            (Some(from), to) if !from.is_empty() && !from.contains(['*', '?', '[']) => {
                let to = to.unwrap_or("");
                Some(if &**op == "//" {
                    text.replace(from, to)
                } else {
                    text.replacen(from, to, 1)
                })
            }
            _ => None,
        },
        _ => None,
    };
    match result {
        Some(result) => {
            let plain = matches!(&**op, "#" | "##" | "%" | "%%" | "^^" | ",," | "^" | ",");
            let device = if plain {
                Taint::NONE
            } else {
                Taint::device(Device::Transformed)
            };
            Value::str(result).tainted(&value.taint).tainted(&device)
        }
        None => unknown(),
    }
}

fn first_letter(text: &str, upper: bool) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let first: String = if upper {
        first.to_uppercase().collect()
    } else {
        first.to_lowercase().collect()
    };
    first + chars.as_str()
}

fn slice(text: &str, from: &str, len: Option<&str>) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let from: i64 = from.trim().parse().ok()?;
    let start = if from < 0 {
        chars.len().checked_sub(from.unsigned_abs() as usize)?
    } else {
        from as usize
    };
    let end = match len.map(str::trim).filter(|l| !l.is_empty()) {
        None => chars.len(),
        Some(len) => {
            let len: i64 = len.parse().ok()?;
            if len < 0 {
                chars.len().checked_sub(len.unsigned_abs() as usize)?
            } else {
                chars.len().min(start.saturating_add(len as usize))
            }
        }
    };
    Some(chars.get(start..end)?.iter().collect())
}

/// Takes a fixed text, or all up to or from one, off a text.
fn stripped(text: &str, op: &str, pattern: &str) -> Option<String> {
    let special = |t: &str| t.contains(['*', '?', '[', '\\']);
    let whole = || Some(text.to_owned());
    match op {
        "#" | "##" => {
            if let Some(tail) = pattern
                .strip_prefix('*')
                .filter(|t| !special(t) && !t.is_empty())
            {
                let at = if op == "#" {
                    text.find(tail)
                } else {
                    text.rfind(tail)
                };
                return at.map_or_else(whole, |at| Some(text[at + tail.len()..].to_owned()));
            }
            (!special(pattern)).then(|| text.strip_prefix(pattern).unwrap_or(text).to_owned())
        }
        _ => {
            if let Some(head) = pattern
                .strip_suffix('*')
                .filter(|t| !special(t) && !t.is_empty())
            {
                let at = if op == "%" {
                    text.rfind(head)
                } else {
                    text.find(head)
                };
                return at.map_or_else(whole, |at| Some(text[..at].to_owned()));
            }
            (!special(pattern)).then(|| text.strip_suffix(pattern).unwrap_or(text).to_owned())
        }
    }
}

/// Puts a value where a mark stands in a word: `xargs -I{}`.
pub(crate) fn substituted(word: &Value, mark: &str, value: &Value) -> Value {
    let Some(text) = word
        .as_str()
        .filter(|t| !mark.is_empty() && t.contains(mark))
    else {
        return word.clone();
    };
    let mut builder = TextBuilder::default();
    for (at, part) in text.split(mark).enumerate() {
        if at > 0 {
            builder.value(value);
        }
        builder.text(part);
    }
    builder.build()
}
