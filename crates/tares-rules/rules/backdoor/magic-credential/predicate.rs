//! Tells a literal that could be a password or a key from an ordinary word.

use crate::matching::text::masked;
use crate::secret_text::{is_chosen, is_random, key_in_guard};
use tares_model::effect::{Effect, Role, Shape};

pub(super) fn right_is_secret(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "right", is_chosen).or_else(|| {
        literal(effect, "right", is_word).filter(|_| is_called_password(effect.role("left")))
    })
}

pub(super) fn left_is_secret(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "left", is_chosen).or_else(|| {
        literal(effect, "left", is_word).filter(|_| is_called_password(effect.role("right")))
    })
}

pub(super) fn right_is_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "right", is_random)
}

pub(super) fn left_is_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    literal(effect, "left", is_random)
}

pub(super) fn guarded_by_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    key_in_guard(effect)
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

/// Returns whether a text may be a password where the other side is called one: also a word.
fn is_word(text: &str) -> bool {
    text.len() >= 4 && text.chars().all(char::is_alphanumeric)
}

/// Returns whether a role is a password by the name that the code gives it.
fn is_called_password(role: Option<&Role>) -> bool {
    let steps = role
        .into_iter()
        .flat_map(|role| &role.sources)
        .flat_map(|source| &source.steps);
    let names = ["passw", "passwd", "passcode", "passphrase"];
    steps.into_iter().any(|step| {
        let what = step.what.to_lowercase();
        names.iter().any(|name| what.contains(name)) && !what.contains("type")
    })
}
