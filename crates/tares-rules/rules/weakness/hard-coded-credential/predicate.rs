//! Tells a real credential from a placeholder, a name or a label.

use crate::matching::text::{known_text, masked};
use crate::secret_text::{UNNAMED, is_example, is_random, stands_first};
use tares_model::effect::{Effect, Label, Role, Shape};

pub(super) fn random_key(effect: &Effect, all: &[Effect]) -> Option<String> {
    texts(effect.role("value").filter(|_| effect.api != UNNAMED)?)
        .any(|text| is_random(&text) && stands_first(effect, all))
        .then(String::new)
}

pub(super) fn plain_password(effect: &Effect, all: &[Effect]) -> Option<String> {
    let name = name(effect);
    let is_password = name.contains("passw") || name.contains("pwd") || name.contains("passphrase");
    texts(effect.role("value")?)
        .any(|text| is_password && is_chosen(&text) && stands_first(effect, all))
        .then(String::new)
}

/// A text for a key or token that is too short to look random, but holds letters and digits.
pub(super) fn short_key(effect: &Effect, all: &[Effect]) -> Option<String> {
    let mixed = |text: &str| {
        let both = text.contains(char::is_alphabetic) && text.contains(|c: char| c.is_ascii_digit());
        both && text.chars().all(char::is_alphanumeric)
    };
    texts(effect.role("value").filter(|_| effect.api != UNNAMED)?)
        .any(|text| mixed(&text) && is_chosen(&text) && stands_first(effect, all))
        .then(String::new)
}

/// A credential is compared with a text that a person may have chosen as a password.
pub(super) fn compared_password(effect: &Effect, _: &[Effect]) -> Option<String> {
    let (left, right) = (effect.role("left")?, effect.role("right")?);
    let chosen = |secret: &Role, known: &Role| {
        secret.labels.has(Label::Credential)
            && !secret.shape.is_constant()
            && texts(known).any(|text| is_chosen(&text))
    };
    (chosen(left, right) || chosen(right, left)).then(String::new)
}

pub(super) fn password_word(effect: &Effect, all: &[Effect]) -> Option<String> {
    let name = name(effect);
    let is_password = ["password", "passwd", "pwd", "passphrase"]
        .iter()
        .any(|end| name.ends_with(end));
    let is_word = |text: &str| {
        (4..=32).contains(&text.len())
            && text.chars().all(char::is_alphanumeric)
            && !name.contains(&text.to_lowercase())
    };
    let mut texts = texts(effect.role("value")?);
    texts
        .any(|text| is_password && is_word(&text) && stands_first(effect, all))
        .then(String::new)
}

pub(super) fn constant_auth(effect: &Effect, _: &[Effect]) -> Option<String> {
    let role = effect.role("auth").or_else(|| effect.role("password"))?;
    let last = match &role.shape {
        Shape::Seq(parts) => parts.last()?,
        shape => shape,
    };
    let text = constant(last)?;
    (is_chosen(&text) || is_random(&text)).then(|| masked(last))
}

pub(super) fn constant_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    let role = effect.role("key")?;
    let text = constant(&role.shape)?;
    (text.len() >= 8 && !is_example(&text)).then(|| masked(&role.shape))
}

fn name(effect: &Effect) -> String {
    let role = effect
        .role("name")
        .and_then(|role| role.shape.as_str().map(str::to_lowercase));
    role.unwrap_or_else(|| effect.target.text().to_lowercase())
}

fn texts(role: &Role) -> impl Iterator<Item = String> {
    role.shape.alternatives().iter().filter_map(constant)
}

fn constant(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Str(_) | Shape::Bytes(_) => known_text(shape),
        _ => None,
    }
}

/// Returns whether a text is what a person chooses as a password: not a placeholder, not a
/// name or a sentence, and with more than letters in it.
fn is_chosen(text: &str) -> bool {
    let letters_only = text
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '_' | '-' | '.' | ' ' | ':'));
    (6..=64).contains(&text.len())
        && !letters_only
        && !text.contains(char::is_whitespace)
        && !text.contains("://")
        && !text.starts_with(['/', '$', '%', '.', '<', '{'])
        && !is_example(text)
}
