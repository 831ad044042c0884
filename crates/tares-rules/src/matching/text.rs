//! Values as text: for patterns to be tried on, and for people to read.

use crate::schema::{HOLE, OTHER_HOLE};
use tares_model::effect::{LabelSet, Part, Shape, SinkSet};

/// Longest text that a pattern is tried on, in bytes.
const MAX_MATCHED: usize = 4096;

/// Returns the known text of one alternative, with a mark for each unknown part.
///
/// Sequences are their members with a space between, maps are `key: value` with a comma
/// between. `None` where nothing is known.
pub(crate) fn known_text(shape: &Shape) -> Option<String> {
    known_text_with(shape, &|_, _| true)
}

/// Returns the known text, where only unknown parts that pass the test get the mark that
/// patterns look for: it matters *where* in a text the tainted part stands.
pub(crate) fn known_text_with(
    shape: &Shape,
    is_wanted: &dyn Fn(LabelSet, SinkSet) -> bool,
) -> Option<String> {
    let mut out = String::new();
    write_known(shape, &mut out, is_wanted, 0).then_some(out)
}

fn write_known(
    shape: &Shape,
    out: &mut String,
    is_wanted: &dyn Fn(LabelSet, SinkSet) -> bool,
    depth: usize,
) -> bool {
    if depth > 8 || out.len() > MAX_MATCHED {
        return false;
    }
    match shape {
        Shape::Absent | Shape::Function | Shape::Unknown(_) => return false,
        Shape::Null => out.push_str("null"),
        Shape::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Shape::Int(value) => out.push_str(&value.to_string()),
        Shape::Float(value) => out.push_str(&value.to_string()),
        Shape::Str(text) | Shape::Api(text) => out.push_str(head(text, MAX_MATCHED)),
        Shape::Bytes(bytes) => {
            let bytes = &bytes[..bytes.len().min(MAX_MATCHED)];
            out.push_str(&String::from_utf8_lossy(bytes));
        }
        Shape::Pattern(parts) => parts.iter().for_each(|part| match part {
            Part::Known(text) => out.push_str(head(text, MAX_MATCHED)),
            Part::Hole(labels, clean) if is_wanted(*labels, *clean) => out.push(HOLE),
            Part::Hole(..) => out.push(OTHER_HOLE),
        }),
        Shape::Seq(members) => write_members(members, out, is_wanted, depth),
        Shape::Map(entries, _) => {
            for (i, (key, value)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                out.push_str(key);
                out.push_str(": ");
                if !write_known(value, out, is_wanted, depth + 1) {
                    out.push(HOLE);
                }
            }
        }
        Shape::OneOf(shapes) => {
            return shapes
                .iter()
                .any(|s| write_known(s, out, is_wanted, depth + 1));
        }
    }
    true
}

fn write_members(
    members: &[Shape],
    out: &mut String,
    is_wanted: &dyn Fn(LabelSet, SinkSet) -> bool,
    depth: usize,
) {
    for (i, member) in members.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        if !write_known(member, out, is_wanted, depth + 1) {
            out.push(HOLE);
        }
    }
}

/// Returns a value for people: constants as written, unknown parts as `…`, cut to `limit` characters.
pub(crate) fn readable(shape: &Shape, limit: usize) -> String {
    match shape {
        Shape::Absent => "nothing".to_owned(),
        Shape::Function => "a function".to_owned(),
        Shape::Unknown(_) => "a value not known here".to_owned(),
        Shape::Str(_) | Shape::Pattern(_) | Shape::Bytes(_) | Shape::Api(_) => {
            format!("`{}`", clip(&known_text(shape).unwrap_or_default(), limit))
        }
        Shape::OneOf(shapes) => {
            let mut texts: Vec<String> = shapes
                .iter()
                .take(3)
                .map(|s| readable(s, limit / 2))
                .collect();
            texts.dedup();
            clip(&texts.join(" or "), limit)
        }
        other => clip(&known_text(other).unwrap_or_default(), limit),
    }
}

/// Cuts a text to `limit` characters and makes it fit for one line.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i >= limit {
            out.push('…');
            break;
        }
        out.push(match c {
            HOLE | OTHER_HOLE => '…',
            c if c.is_control() => ' ',
            c => c,
        });
    }
    out
}

/// Returns a secret as it may be shown: two characters at most, and its length.
pub(crate) fn masked(shape: &Shape) -> String {
    let Some(text) = shape.alternatives().iter().find_map(known_text) else {
        return readable(shape, 60);
    };
    let count = text.chars().count();
    let shown: String = text.chars().take(if count >= 12 { 2 } else { 0 }).collect();
    format!("`{}…` ({count} characters)", clip(&shown, 2))
}

/// Returns the longest prefix of at most `limit` bytes that ends between characters.
fn head(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
