//! Invisible messages written as escapes in source text, for a program to print or decode.

use super::{decode, runs};
use aho_corasick::{AhoCorasick, Input};
use std::sync::LazyLock;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level};

/// Ways to write a tag character or a variation selector, each with what begins it.
const FORMS: [&str; 6] = [
    "\\u{e0",
    "\\U000e0",
    "\\udb40\\u",
    "&#xe0",
    "&#917",
    "%F3%A0%8",
];

/// Fewest escapes in a row that are decoded.
const FEWEST: usize = 6;

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(FORMS)
        .expect("a few short texts")
});

/// Finds runs of escapes that decode to a message.
pub(super) fn find(text: &str, out: &mut Vec<Notice>) {
    // Where no escape begins there is nothing to find, and that is seen at the speed of memory.
    if memchr::memchr3(b'\\', b'%', b'&', text.as_bytes()).is_none() {
        return;
    }
    let mut at = 0;
    while let Some(found) = FINDER.find(Input::new(text).range(at..)) {
        let start = found.start();
        let (run, end) = read(text, start);
        at = end.max(found.end());
        if run.len() < FEWEST {
            continue;
        }
        let Some(message) = decode::message(&run) else {
            continue;
        };
        let mut notice = runs::hidden_message(Span::new(start as u32, end as u32), &message);
        // Escapes are visible as such; what they are for only the program shows.
        notice.level = Level::Review;
        notice.confidence = Confidence::Medium;
        notice.message = notice
            .message
            .replace("written in", "written as escapes of");
        out.push(notice);
    }
}

/// Reads escapes that follow each other directly.
fn read(text: &str, start: usize) -> (Vec<char>, usize) {
    let (mut run, mut at) = (Vec::new(), start);
    while let Some((c, length)) = one(&text[at..]) {
        run.push(c);
        at += length;
        if run.len() > 4096 {
            break;
        }
    }
    (run, at)
}

fn one(text: &str) -> Option<(char, usize)> {
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok();
    if let Some(rest) = text.strip_prefix("\\u{") {
        let end = rest.find('}').filter(|end| *end <= 8)?;
        return Some((char::from_u32(hex(&rest[..end])?)?, end + 4));
    }
    if let Some(rest) = text.strip_prefix("\\U") {
        return Some((char::from_u32(hex(rest.get(..8)?)?)?, 10));
    }
    if let Some(rest) = text.strip_prefix("\\u") {
        let high = hex(rest.get(..4)?)?;
        let low = hex(rest.get(4..)?.strip_prefix("\\u")?.get(..4)?)?;
        let c = char::decode_utf16([high as u16, low as u16]).next()?.ok()?;
        return Some((c, 12));
    }
    if let Some(rest) = text.strip_prefix("&#") {
        let end = rest.find(';').filter(|end| *end <= 8)?;
        let number = match rest[..end].strip_prefix(['x', 'X']) {
            Some(digits) => hex(digits)?,
            None => rest[..end].parse().ok()?,
        };
        return Some((char::from_u32(number)?, end + 3));
    }
    let mut bytes = Vec::with_capacity(4);
    for i in 0..4 {
        let code = text.get(i * 3..i * 3 + 3)?.strip_prefix('%')?;
        bytes.push(u8::try_from(hex(code)?).ok()?);
    }
    let c = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((c, 12))
}
