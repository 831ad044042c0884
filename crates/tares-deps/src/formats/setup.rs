//! setup.py: the requirements that are written out in it. It is a program; nothing of it is run,
//! and what it computes is not seen.

use super::FormatError;
use super::requirement::requirement;
use crate::reference::{Place, Reference};
use tares_model::Span;

/// Arguments that list requirements.
const KEYS: [&str; 4] = [
    "install_requires",
    "setup_requires",
    "tests_require",
    "extras_require",
];

/// Most lists of one kind that are read.
const MOST: usize = 32;

/// Reads the texts in the lists behind the keys.
pub(super) fn setup_py(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found = Vec::new();
    for key in KEYS {
        for (at, _) in text.match_indices(key).take(MOST) {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'']);
            let Some(list) = rest.trim_start().strip_prefix(['=', ':']) else {
                continue;
            };
            let list = list.trim_start();
            if list.starts_with(['[', '{', '(']) {
                texts(text, text.len() - list.len(), &mut found);
            }
        }
    }
    Ok(found)
}

/// Reads the texts between a bracket and its end; a text before a colon is a key.
fn texts(text: &str, start: usize, found: &mut Vec<Reference>) {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (start, 0usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'"' | b'\'' => {
                let from = at + 1;
                let Some(length) = bytes
                    .get(from..)
                    .and_then(|rest| rest.iter().position(|b| *b == byte || *b == b'\n'))
                else {
                    return;
                };
                at = from + length;
                let is_key = text[at..]
                    .trim_start_matches(['"', '\''])
                    .trim_start()
                    .starts_with(':');
                let span = Span::new(from as u32, at as u32);
                if !is_key {
                    found.extend(requirement(&text[from..at], span, Place::Manifest));
                }
            }
            _ => {}
        }
        at += 1;
    }
}
