//! Mail: what a reader of mail shows of a message, and what an agent gets besides.
//!
//! A message carries its text in several parts. People are shown the HTML part where there is
//! one; agents mostly get the plain part, or all. What the plain part says and the shown one does
//! not is hidden, and so is what the HTML hides. Parts come as quoted-printable or base64, so the
//! raw text says nothing to a search.

use super::{Carrier, Hidden, Views, html};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rustc_hash::FxHashSet;
use tares_model::Span;

/// Deepest nesting of parts, and most parts.
const DEEPEST: usize = 8;
const PARTS: usize = 100;

/// Longest head of a part, in bytes.
const HEAD: usize = 64 << 10;

/// Fewest words of a paragraph that is compared.
const WORDS: usize = 5;

/// Mail clients pad, or do not, and neither matters for what is read.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A part of a message with text, decoded.
pub(crate) struct Part {
    /// Where it stands in the message.
    pub(crate) span: Span,
    /// Its text.
    pub(crate) text: String,
    /// Whether it is HTML.
    pub(crate) is_html: bool,
    /// Whether it came as it stands, so that places in it are places in the message.
    pub(crate) is_plain: bool,
}

/// Returns the subject and the texts of a message, in order.
pub(crate) fn parts(message: &str) -> Vec<Part> {
    let mut found = Vec::new();
    if let Some((at, value)) = header(head(message), "subject") {
        let text = words(value);
        let is_plain = text == value;
        found.push(Part {
            span: Span::new(at as u32, (at + value.len()) as u32),
            text,
            is_html: false,
            is_plain,
        });
    }
    read(message, 0, 0, &mut found);
    found
}

/// Renders a message.
pub(super) fn views(message: &str) -> Views {
    let mut views = Views::default();
    let parts = parts(message);
    let has_html = parts.iter().any(|part| part.is_html);
    let mut shown = String::new();
    for part in &parts {
        let (mut visible, mut hidden) = (String::new(), Vec::new());
        if part.is_html {
            html::Reader::default().read(&part.text, 0, &mut visible, &mut hidden);
        }
        for mut one in hidden {
            one.span = if part.is_plain {
                shift(one.span, part.span.start)
            } else {
                part.span
            };
            views.hidden.push(one);
        }
        shown.push_str(&visible);
        shown.push('\n');
    }
    for (i, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_html) {
        if i == 0 || !has_html {
            views.visible.push_str(&part.text);
            views.visible.push('\n');
        } else {
            unshown(part, &shown, &mut views.hidden);
        }
    }
    views.visible.push_str(&shown);
    views.hidden.sort_by_key(|hidden| hidden.span);
    views
}

fn shift(span: Span, by: u32) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// Adds the paragraphs of a plain part that the shown one does not have.
fn unshown(part: &Part, shown: &str, hidden: &mut Vec<Hidden>) {
    let triples: FxHashSet<[u64; 3]> = triples(shown).collect();
    let mut at = 0;
    for paragraph in part.text.split_inclusive("\n\n") {
        let start = at;
        at += paragraph.len();
        let all: Vec<[u64; 3]> = triples_of(paragraph);
        let missing = all
            .iter()
            .filter(|triple| !triples.contains(*triple))
            .count();
        // Line ends, footers and links are told otherwise in both parts; a paragraph is not.
        if all.len() + 2 < WORDS || missing * 2 <= all.len() {
            continue;
        }
        let span = if part.is_plain {
            shift(Span::new(start as u32, at as u32), part.span.start)
        } else {
            part.span
        };
        hidden.push(Hidden {
            carrier: Carrier::OtherPart,
            span,
            text: paragraph.trim().to_owned(),
            stands_alone: false,
        });
    }
}

fn triples(text: &str) -> impl Iterator<Item = [u64; 3]> {
    triples_of(text).into_iter()
}

fn triples_of(text: &str) -> Vec<[u64; 3]> {
    use std::hash::{BuildHasher as _, BuildHasherDefault};
    let hasher = BuildHasherDefault::<rustc_hash::FxHasher>::default();
    let words: Vec<u64> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| hasher.hash_one(word.to_lowercase()))
        .collect();
    words
        .windows(3)
        .map(|three| [three[0], three[1], three[2]])
        .collect()
}

/// Returns the head of a message or part, with its blank line.
fn head(text: &str) -> &str {
    let end = ["\r\n\r\n", "\n\n"]
        .into_iter()
        .filter_map(|blank| text.find(blank).map(|at| at + blank.len()))
        .min()
        .unwrap_or(text.len());
    let mut end = end.min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns the value of a header, folded lines and all, with its place.
fn header<'t>(head: &'t str, name: &str) -> Option<(usize, &'t str)> {
    let mut at = 0;
    for line in head.split_inclusive('\n') {
        let (start, is_folded) = (at, line.starts_with([' ', '\t']));
        at += line.len();
        let is_it = !is_folded
            && line.as_bytes().get(name.len()) == Some(&b':')
            && line
                .get(..name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if !is_it {
            continue;
        }
        let rest = &head[at..];
        let more: usize = rest
            .split_inclusive('\n')
            .take_while(|line| line.starts_with([' ', '\t']))
            .map(str::len)
            .sum();
        let begin = start + name.len() + 1;
        let value = &head[begin..at + more];
        let lead = value.len() - value.trim_start().len();
        return Some((begin + lead, value.trim()));
    }
    None
}

/// Returns a parameter of a header, such as `boundary`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let is_it = key.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn read(text: &str, at: usize, depth: usize, out: &mut Vec<Part>) {
    let head = head(text);
    let kind = header(head, "content-type").map_or("text/plain", |(_, value)| value);
    let media = kind
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let body = &text[head.len()..];
    let start = at + head.len();
    if media.starts_with("multipart/") {
        if let Some(boundary) = parameter(kind, "boundary").filter(|_| depth < DEEPEST) {
            for (offset, part) in split(body, &boundary) {
                if out.len() < PARTS {
                    read(part, start + offset, depth + 1, out);
                }
            }
        }
        return;
    }
    if media == "message/rfc822" && depth < DEEPEST {
        return read(body, start, depth + 1, out);
    }
    if media != "text/plain" && media != "text/html" {
        return;
    }
    let encoding = header(head, "content-transfer-encoding").map_or("", |(_, value)| value);
    let text = match encoding.to_ascii_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_owned(),
    };
    out.push(Part {
        span: Span::new(start as u32, (start + body.len()) as u32),
        is_plain: text == body,
        text,
        is_html: media == "text/html",
    });
}

/// Returns the parts between the lines that say a boundary, each with its offset.
fn split<'t>(body: &'t str, boundary: &str) -> Vec<(usize, &'t str)> {
    let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive('\n') {
        let is_border = line
            .strip_prefix("--")
            .and_then(|rest| rest.strip_prefix(boundary))
            .is_some_and(|rest| matches!(rest.trim(), "" | "--"));
        if is_border {
            if let Some(start) = start {
                parts.push((start, &body[start..at]));
            }
            start = Some(at + line.len());
        }
        at += line.len();
    }
    // A message that was cut off has no last border.
    if let Some(start) = start.filter(|start| *start < at) {
        parts.push((start, &body[start..at]));
    }
    parts
}

fn base64(body: &str) -> String {
    let letters: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let bytes = BASE64.decode(letters).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quoted_printable(body: &str) -> String {
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'=' {
            bytes.push(first);
            continue;
        }
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else if let Some(end) = tail.iter().position(|b| *b == b'\n')
            && tail[..end].iter().all(u8::is_ascii_whitespace)
        {
            // A line that goes on.
            rest = &tail[end + 1..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decodes the words of a header (`=?utf-8?B?…?=`).
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("=?") {
        out.push_str(&rest[..at]);
        let word = &rest[at + 2..];
        let mut fields = word.splitn(4, '?');
        let [_, encoding, text] = [(); 3].map(|()| fields.next().unwrap_or(""));
        let Some(tail) = fields.next().and_then(|tail| tail.strip_prefix('=')) else {
            out.push_str(&rest[at..]);
            return out;
        };
        match encoding {
            "B" | "b" => out.push_str(&base64(text)),
            _ => out.push_str(&quoted_printable(&text.replace('_', " "))),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
