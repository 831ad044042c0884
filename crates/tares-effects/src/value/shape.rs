//! Abstract values as the shapes that rules read.

use super::text::Piece;
use super::{Key, Kind, Value};
use crate::paths::{Paths, is_class};
use tares_model::effect::{Part, Shape};

/// Most items and entries a shape shows.
const MAX_SHOWN: usize = 32;

/// Returns the shape of a value.
pub(crate) fn shape(value: &Value, paths: &Paths<'_>) -> Shape {
    shape_to(value, paths, 3)
}

fn shape_to(value: &Value, paths: &Paths<'_>, depth: u8) -> Shape {
    let unknown = |why| Shape::Unknown(why);
    if depth == 0 {
        return unknown(super::Why::Fuel);
    }
    match &value.kind {
        Kind::Unknown(why) => unknown(*why),
        Kind::Member(_) | Kind::Import(_) => unknown(super::Why::Name),
        Kind::Null | Kind::Undefined => Shape::Null,
        Kind::Bool(b) => Shape::Bool(*b),
        Kind::Int(n) => Shape::Int(*n),
        Kind::Float(f) => Shape::Float(*f),
        Kind::Large(bytes) => Shape::Float(crate::fold::large_as_float(bytes)),
        Kind::Str(text) => Shape::Str(text.to_string()),
        Kind::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Shape::Str(text.to_owned()),
            Err(_) => Shape::Bytes(bytes.to_vec()),
        },
        Kind::Pattern(pieces) => Shape::Pattern(pieces.iter().map(part).collect()),
        Kind::Seq(seq) => {
            let items = seq.items.borrow();
            let mut shapes: Vec<Shape> = items
                .iter()
                .take(MAX_SHOWN)
                .map(|v| shape_to(v, paths, depth - 1))
                .collect();
            if let Some(rest) = &*seq.rest.borrow() {
                shapes.push(unknown(match rest.kind {
                    Kind::Unknown(why) => why,
                    _ => super::Why::Join,
                }));
            }
            Shape::Seq(shapes)
        }
        Kind::Map(map) => {
            let entries = map.entries.borrow();
            let shown = entries.iter().take(MAX_SHOWN);
            let pairs = shown
                .map(|(k, v)| (key_text(k), shape_to(v, paths, depth - 1)))
                .collect();
            Shape::Map(
                pairs,
                map.rest.borrow().is_some() || entries.len() > MAX_SHOWN,
            )
        }
        Kind::Func(_) | Kind::Class(_) | Kind::Bound(_) | Kind::Partial(_) => Shape::Function,
        // A result or an item is not the thing that its path begins with, and labelled data is
        // whatever its source sent.
        Kind::Api(path) if value.taint.labels().is_empty() && !is_derived(paths.text(*path)) => {
            Shape::Api(paths.text(*path).to_string())
        }
        Kind::Instance(instance) if is_class(paths.text(instance.path)) => {
            Shape::Api(paths.text(instance.path).to_string())
        }
        Kind::Api(_) | Kind::Instance(_) => unknown(super::Why::Call),
        Kind::Object(_) | Kind::Module(_) => unknown(super::Why::Operation),
        Kind::OneOf(values) => Shape::OneOf(
            values
                .iter()
                .map(|v| shape_to(v, paths, depth - 1))
                .collect(),
        ),
    }
}

fn is_derived(path: &str) -> bool {
    path.ends_with("()") || path.ends_with("[]") || path.ends_with(".*")
}

fn part(piece: &Piece) -> Part {
    match piece {
        Piece::Known(text) => Part::Known(text.to_string()),
        Piece::Hole(taint) => Part::Hole(taint.labels(), taint.clean()),
    }
}

fn key_text(key: &Key) -> String {
    match key {
        Key::Text(text) => text.to_string(),
        Key::Int(n) => n.to_string(),
        Key::Bool(b) => b.to_string(),
        Key::Null => "null".to_owned(),
        Key::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Key::Tuple(_) => "(…)".to_owned(),
    }
}
