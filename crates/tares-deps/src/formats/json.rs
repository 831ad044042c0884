//! JSON with places, comments and trailing commas allowed.

use super::FormatError;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use tares_model::Span;

/// Deepest nesting of brackets that the parser is given: it recurses.
const DEEPEST: usize = 200;

/// Parses a text and hands its outermost object on.
pub(crate) fn object<T>(text: &str, work: impl FnOnce(&Object<'_>) -> T) -> Result<T, FormatError> {
    if depth(text) > DEEPEST {
        return Err(FormatError::Syntax("nested too deeply".to_owned()));
    }
    let parsed =
        jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default())
            .map_err(|error| FormatError::Syntax(error.to_string()))?;
    match parsed.value {
        Some(Value::Object(object)) => Ok(work(&object)),
        _ => Err(FormatError::Syntax("not an object".to_owned())),
    }
}

/// Counts how deep brackets nest, those in strings included: an upper bound.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for b in text.bytes() {
        match b {
            b'{' | b'[' => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Returns the place of a node.
pub(super) fn span(node: &impl Ranged) -> Span {
    let range = node.range();
    Span::new(range.start as u32, range.end as u32)
}

/// Returns the text of a property.
pub(super) fn text<'a>(object: &'a Object<'_>, key: &str) -> Option<&'a str> {
    match object.get(key).map(|property| &property.value) {
        Some(Value::StringLit(text)) => Some(text.value.as_ref()),
        _ => None,
    }
}

/// Returns the object of a property.
pub(super) fn child<'a, 't>(object: &'a Object<'t>, key: &str) -> Option<&'a Object<'t>> {
    match object.get(key).map(|property| &property.value) {
        Some(Value::Object(child)) => Some(child),
        _ => None,
    }
}

/// Returns whether a property is `true`.
pub(super) fn is_true(object: &Object<'_>, key: &str) -> bool {
    matches!(object.get(key).map(|property| &property.value), Some(Value::BooleanLit(literal)) if literal.value)
}
