//! Tells a literal that could be a password or a key from an ordinary word.

use crate::matching::text::masked;
use crate::secret_text::{is_example, is_random};
use tares_model::effect::{Effect, Shape};

pub(super) fn right_is_secret(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "right", is_chosen)
}

pub(super) fn left_is_secret(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "left", is_chosen)
}

pub(super) fn right_is_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "right", is_random)
}

pub(super) fn left_is_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "left", is_random)
}

/// Returns the literal in a role, masked, if it passes the test.
fn literal(effect: &Effect, role: &str, test: fn(&str) -> bool) -> Option<String> {
    let shape = &effect.role(role)?.shape;
    match shape {
        Shape::Str(text) if test(text) => Some(masked(shape)),
        Shape::Bytes(bytes) if std::str::from_utf8(bytes).is_ok_and(test) => Some(masked(shape)),
        _ => None,
    }
}

/// Returns whether a text may be a password: long enough, one word, and not the name of a
/// scheme (`Bearer`), a type or a placeholder.
fn is_chosen(text: &str) -> bool {
    let lower = text.to_lowercase();
    let schemes = [
        "bearer",
        "basic",
        "digest",
        "password",
        "token",
        "secret",
        "apikey",
        "api_key",
        "refresh_token",
    ];
    text.len() >= 6
        && !text.contains(char::is_whitespace)
        && !text.ends_with([':', '='])
        && !schemes.contains(&lower.trim_end_matches(':'))
        && (!is_example(text) || lower.contains("test") || lower.contains("12345678"))
        && !(text.chars().all(|c| c.is_lowercase() || c == '_') && text.contains('_'))
}
