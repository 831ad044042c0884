//! Text with known and unknown parts.

use super::{Kind, MAX_TEXT, Taint, Value, Why};
use std::sync::Arc;
use tares_model::effect::SinkSet;

/// Most parts a text keeps apart.
const MAX_PIECES: usize = 64;

/// A part of a text.
#[derive(Clone)]
pub(crate) enum Piece {
    Known(Arc<str>),
    Hole(Taint),
}

/// Collects parts of a text.
#[derive(Default)]
pub(crate) struct TextBuilder {
    known: String,
    pieces: Vec<Piece>,
    taint: Taint,
    literals: u32,
}

impl TextBuilder {
    /// Adds literal text.
    pub(crate) fn text(&mut self, text: &str) {
        self.known.push_str(text);
    }

    /// Adds a value as text. Numbers and booleans are harmless in any sink.
    pub(crate) fn value(&mut self, value: &Value) {
        self.taint = self.taint.merge(&value.taint);
        match &value.kind {
            Kind::Str(text) => {
                self.literals += 1;
                self.text(text);
            }
            Kind::Int(n) => self.text(&n.to_string()),
            Kind::Large(bytes) => match crate::fold::large_as_text(bytes) {
                Some(text) => self.text(&text),
                None => self.hole(Taint::NONE),
            },
            Kind::Bool(b) => self.text(if *b { "True" } else { "False" }),
            Kind::Float(f) => self.text(&f.to_string()),
            Kind::Null => self.text("None"),
            Kind::Undefined => self.text("undefined"),
            Kind::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => self.text(text),
                Err(_) => self.hole(Taint::NONE),
            },
            Kind::Pattern(pieces) => {
                for piece in pieces.iter() {
                    match piece {
                        Piece::Known(text) => self.text(text),
                        Piece::Hole(taint) => self.hole(taint.clone()),
                    }
                }
            }
            Kind::OneOf(values) if values.iter().all(Value::is_scalar) => {
                // A choice among constants is as harmless as each of them.
                self.hole(value.deep_taint().cleaned(SinkSet::ALL));
            }
            _ => self.hole(value.deep_taint()),
        }
    }

    /// Adds an unknown part.
    pub(crate) fn hole(&mut self, taint: Taint) {
        self.flush();
        if self.pieces.len() >= MAX_PIECES
            && let Some(Piece::Hole(last)) = self.pieces.last_mut()
        {
            *last = last.merge(&taint);
            return;
        }
        self.taint = self.taint.merge(&taint);
        self.pieces.push(Piece::Hole(taint.without_devices()));
    }

    fn flush(&mut self) {
        if !self.known.is_empty() {
            let known = std::mem::take(&mut self.known);
            self.pieces.push(Piece::Known(known.into()));
        }
    }

    /// Returns the text.
    pub(crate) fn build(mut self) -> Value {
        if self.pieces.is_empty() {
            if self.known.len() > MAX_TEXT {
                return Value::unknown_with(Why::Fuel, self.taint);
            }
            return Value {
                kind: Kind::Str(self.known.into()),
                taint: self.taint,
            };
        }
        self.flush();
        let size: usize = self
            .pieces
            .iter()
            .map(|p| if let Piece::Known(t) = p { t.len() } else { 0 })
            .sum();
        if size > MAX_TEXT {
            return Value::unknown_with(Why::Fuel, self.taint);
        }
        Value {
            kind: Kind::Pattern(self.pieces.into()),
            taint: self.taint,
        }
    }
}

/// Joins two values as text.
pub(crate) fn concat(left: &Value, right: &Value) -> Value {
    let mut builder = TextBuilder::default();
    builder.value(left);
    builder.value(right);
    builder.build()
}

/// Returns whether a value is text or bytes, known or in part.
pub(crate) fn is_text(value: &Value) -> bool {
    matches!(value.kind, Kind::Str(_) | Kind::Pattern(_) | Kind::Bytes(_))
}

/// Returns the known beginning of a text.
pub(crate) fn prefix(value: &Value) -> &str {
    match &value.kind {
        Kind::Str(text) => text,
        Kind::Pattern(pieces) => match pieces.first() {
            Some(Piece::Known(text)) => text,
            _ => "",
        },
        _ => "",
    }
}

/// Returns all known parts, with U+FFFC for each hole.
pub(crate) fn skeleton(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Pattern(pieces) => Some(
            pieces
                .iter()
                .map(|p| {
                    if let Piece::Known(t) = p {
                        &**t
                    } else {
                        "\u{FFFC}"
                    }
                })
                .collect(),
        ),
        _ => None,
    }
}
