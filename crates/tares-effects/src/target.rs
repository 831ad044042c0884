//! What an effect acts on, in canonical form.

use crate::paths::{Paths, is_class};
use crate::value::text::Piece;
use crate::value::{Kind, Value};
use tares_model::effect::{EffectKind, Target};

/// Longest target that is kept, in characters.
const MAX_TARGET: usize = 160;

/// Returns the target that a value names, or `None` where nothing of it is known.
pub(crate) fn of(kind: EffectKind, value: &Value, paths: &Paths<'_>) -> Option<Target> {
    let text = spell(value, paths)?;
    if text.chars().all(|c| c == '*') {
        return None;
    }
    let text = match kind {
        EffectKind::Network
        | EffectKind::Listen
        | EffectKind::NameLookup
        | EffectKind::Redirect => host(&text)?,
        _ => text,
    };
    let text = cut(text);
    Some(if text.contains('*') && !is_exact(value) {
        Target::Pattern(text)
    } else {
        Target::Exact(text)
    })
}

fn is_exact(value: &Value) -> bool {
    match &value.kind {
        Kind::Seq(seq) => {
            seq.rest.borrow().is_none() && seq.items.borrow().iter().all(Value::is_scalar)
        }
        _ => value.is_scalar(),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_TARGET) {
        Some((i, _)) => text[..i].to_owned(),
        None => text,
    }
}

/// How deep a value is spelled, and how many items of a list. A list may hold itself, many times.
const MAX_SPELLED: u8 = 4;
const MAX_WORDS: usize = 24;

/// Spells a value with `*` for each unknown part.
fn spell(value: &Value, paths: &Paths<'_>) -> Option<String> {
    spell_to(value, paths, MAX_SPELLED)
}

fn spell_to(value: &Value, paths: &Paths<'_>, depth: u8) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    Some(match &value.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(n) => n.to_string(),
        Kind::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Kind::Pattern(pieces) => pieces
            .iter()
            .map(|p| {
                if let Piece::Known(text) = p {
                    &**text
                } else {
                    "*"
                }
            })
            .collect(),
        Kind::Seq(seq) => {
            let mut words: Vec<String> = seq
                .items
                .borrow()
                .iter()
                .take(MAX_WORDS)
                .map(|v| spell_to(v, paths, depth).unwrap_or_else(|| "*".into()))
                .collect();
            if seq.rest.borrow().is_some() || seq.items.borrow().len() > MAX_WORDS {
                words.push("*".into());
            }
            if words.is_empty() {
                return None;
            }
            words.join(" ")
        }
        Kind::Instance(instance) if is_class(paths.text(instance.path)) => {
            // Paths, URLs and requests carry their text as first argument.
            let first = instance.args.first()?;
            return spell_to(first, paths, depth);
        }
        Kind::Map(map) => {
            let field = ["url", "uri", "hostname", "host", "path"]
                .iter()
                .find_map(|name| map.get_text(name))?;
            return spell_to(&field, paths, depth);
        }
        Kind::OneOf(values) => {
            let all: Option<Vec<String>> =
                values.iter().map(|v| spell_to(v, paths, depth)).collect();
            let all = all?;
            if all.len() > 4 {
                return None;
            }
            all.join(" | ")
        }
        _ => return None,
    })
}

/// Returns the host of a URL, or the text itself where it is none. Case-folded, without port 80/443.
fn host(text: &str) -> Option<String> {
    let rest = match text.split_once("://") {
        Some((_, rest)) => rest,
        None if text.starts_with('/') => return Some("same origin".to_owned()),
        None => text,
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = authority.rsplit('@').next().unwrap_or(authority);
    if host.is_empty() || host == "*" {
        return None;
    }
    let host = host
        .strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"))
        .unwrap_or(host);
    Some(host.to_ascii_lowercase())
}
