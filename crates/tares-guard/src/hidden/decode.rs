//! What invisible characters say, where they are a message.

use super::class::{Class, class};
use base64::Engine as _;

/// Fewest printable characters that count as a message: shorter texts come by chance.
pub(crate) const MESSAGE: usize = 6;

/// Longest run that is decoded, in characters; what follows says no other thing.
const LONGEST: usize = 16 << 10;

/// A message that was hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// How it was written.
    pub(crate) carrier: &'static str,
    /// What it says.
    pub(crate) text: String,
}

/// Decodes a run of invisible characters; `None` where it says nothing readable.
pub(crate) fn message(run: &[char]) -> Option<Message> {
    let run = &run[..run.len().min(LONGEST)];
    tags(run)
        .or_else(|| selectors(run))
        .or_else(|| private(run))
        .or_else(|| binary(run))
}

/// Tag characters are ASCII, moved up by U+E0000.
fn tags(run: &[char]) -> Option<Message> {
    let bytes: Vec<u8> = run
        .iter()
        .filter_map(|&c| u8::try_from((c as u32).checked_sub(0xE0000)?).ok())
        .filter(|b| *b < 0x80)
        .collect();
    readable("tag characters", bytes)
}

/// Variation selectors are bytes: the first sixteen values in one block, the rest in another.
fn selectors(run: &[char]) -> Option<Message> {
    let bytes: Vec<u8> = run
        .iter()
        .filter_map(|&c| match c as u32 {
            n @ 0xFE00..=0xFE0F => Some((n - 0xFE00) as u8),
            n @ 0xE0100..=0xE01EF => Some((n - 0xE0100 + 16) as u8),
            _ => None,
        })
        .collect();
    readable("variation selectors", bytes)
}

/// Characters of the private planes, each with a byte as its low part.
fn private(run: &[char]) -> Option<Message> {
    let bytes: Vec<u8> = run
        .iter()
        .filter(|&&c| class(c) == Some(Class::PrivatePlane))
        .filter_map(|&c| u8::try_from(c as u32 & 0xFFFF).ok())
        .collect();
    readable("private-use characters", bytes)
}

/// Two to four zero-width characters as the digits of binary text.
fn binary(run: &[char]) -> Option<Message> {
    let digits: Vec<char> = run
        .iter()
        .copied()
        .filter(|&c| class(c).is_some_and(is_digit))
        .collect();
    let mut alphabet = digits.clone();
    alphabet.sort_unstable();
    alphabet.dedup();
    let best = match alphabet.len() {
        2 => two_symbols(&digits, &alphabet),
        // One of three parts the letters; the other two are bits.
        3 => alphabet
            .iter()
            .filter_map(|&gap| separated(&digits, &alphabet, gap))
            .max_by_key(likeness),
        4 => four_symbols(&digits, &alphabet),
        _ => None,
    };
    let text = best.filter(|text| text.chars().count() >= MESSAGE)?;
    Some(Message {
        carrier: "zero-width characters",
        text,
    })
}

fn is_digit(class: Class) -> bool {
    matches!(
        class,
        Class::ZeroWidthSpace
            | Class::NonJoiner
            | Class::Joiner
            | Class::Operator
            | Class::ByteOrderMark
            | Class::Filler
            | Class::Mongolian
            | Class::SoftHyphen
            | Class::BidiMark
            | Class::BidiEmbedding
            | Class::BidiIsolate
    )
}

fn two_symbols(digits: &[char], alphabet: &[char]) -> Option<String> {
    let forms = [(0, false), (0, true), (1, false), (1, true)];
    let tries = [8, 7].into_iter().flat_map(|width| {
        forms.map(|(one, reversed)| {
            let bits = digits.iter().map(|c| u8::from(*c == alphabet[1 - one]));
            text_of_bits(bits, width, 1, reversed)
        })
    });
    tries.flatten().max_by_key(likeness)
}

fn four_symbols(digits: &[char], alphabet: &[char]) -> Option<String> {
    // Which symbol stands for which pair of bits is not known: all orders are tried.
    let tries = orders().into_iter().flat_map(|order| {
        let value = |c: &char| {
            let at = alphabet.iter().position(|a| a == c).unwrap_or(0);
            order[at]
        };
        [false, true].map(|reversed| text_of_bits(digits.iter().map(value), 4, 2, reversed))
    });
    tries.flatten().max_by_key(likeness)
}

fn separated(digits: &[char], alphabet: &[char], gap: char) -> Option<String> {
    let bits: Vec<char> = alphabet.iter().copied().filter(|c| *c != gap).collect();
    [0, 1]
        .into_iter()
        .filter_map(|one| {
            let letters = digits.split(|c| *c == gap).filter(|part| !part.is_empty());
            let text: Option<String> = letters
                .map(|part| {
                    let value = part.iter().take(22).fold(0_u32, |value, c| {
                        value << 1 | u32::from(*c == bits[1 - one])
                    });
                    char::from_u32(value).filter(|c| is_plain(*c))
                })
                .collect();
            text
        })
        .max_by_key(likeness)
}

/// Reads digits of `bits` bits each, `width` of them to a letter; `None` unless nearly all of it
/// is plain text.
fn text_of_bits(
    digits: impl Iterator<Item = u8>,
    width: usize,
    bits: u32,
    reversed: bool,
) -> Option<String> {
    let digits: Vec<u8> = digits.collect();
    let bytes = digits.chunks_exact(width).map(|chunk| {
        let fold = |value: u8, digit: &u8| value << bits | digit;
        if reversed {
            chunk.iter().rev().fold(0, fold)
        } else {
            chunk.iter().fold(0, fold)
        }
    });
    plain(bytes.collect())
}

fn orders() -> Vec<[u8; 4]> {
    let mut found = Vec::with_capacity(24);
    for code in 0..256_u32 {
        let order = [0, 2, 4, 6].map(|shift| (code >> shift & 3) as u8);
        if (0..4).all(|digit| order.contains(&digit)) {
            found.push(order);
        }
    }
    found
}

/// Makes a message of bytes, decoded once more where they are base64 or percent-encoded.
fn readable(carrier: &'static str, bytes: Vec<u8>) -> Option<Message> {
    let text = plain(bytes)?;
    let text = again(&text).unwrap_or(text);
    (text.chars().count() >= MESSAGE).then_some(Message { carrier, text })
}

fn again(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() >= 8 && text.len().is_multiple_of(4) {
        let engine = base64::engine::general_purpose::STANDARD;
        if let Some(found) = engine.decode(text).ok().and_then(plain) {
            return Some(found);
        }
    }
    let bytes = text.as_bytes();
    if bytes.iter().filter(|b| **b == b'%').count() < 3 {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| first == b'%');
        let code = code
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    plain(out)
}

/// Returns bytes as text if nearly all of it is plain: text that a person could read out.
fn plain(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let text = text.trim_matches(|c: char| c == '\0');
    let total = text.chars().count();
    let good = text.chars().filter(|c| is_plain(*c)).count();
    (total > 0 && good * 20 >= total * 19).then(|| text.to_owned())
}

/// How much of a text, in thousandths, reads as words: of several ways to read the same digits the
/// one that says something is meant.
#[expect(
    clippy::ptr_arg,
    reason = "handed to `max_by_key`, which gives the item itself"
)]
fn likeness(text: &String) -> usize {
    let is_word = |c: &char| c.is_lowercase() || matches!(c, ' ' | '\n' | 'e' | '/' | '.');
    text.chars().filter(is_word).count() * 1000 / text.chars().count().max(1)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_graphic()
        || matches!(c, ' ' | '\n' | '\r' | '\t')
        || (c as u32 > 0xA0 && c.is_alphanumeric())
}
