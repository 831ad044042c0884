//! Tells a literal that could be a password or a key from an ordinary word.

use crate::matching::text::masked;
use crate::secret_text::is_random;
use tares_model::effect::{Effect, GuardClass, Role, Shape};

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

/// A guard that compares user input with a literal, where the literal could be a key: an action's
/// or a field's name (`"delete"`, `"_continue" in request.POST`) opens nothing.
pub(super) fn guarded_by_key(effect: &Effect, _: &[Effect]) -> Option<String> {
    let magic = effect.guard.iter().filter(|g| g.class == GuardClass::Magic);
    magic.flat_map(|guard| quoted(&guard.text)).find_map(|text| {
        (is_chosen(text) || is_random(text)).then(|| masked(&Shape::Str(text.to_owned())))
    })
}

/// Returns the texts between equal quotes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'', '`']) {
        let quote = &rest[start..=start];
        let body = &rest[start + 1..];
        let Some(end) = body.find(quote) else { break };
        found.push(&body[..end]);
        rest = &body[end + 1..];
    }
    found
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

/// Returns whether a text may be a password or a key: long enough, one word, and with more in
/// it than the names of modes, schemes and types have (`same-origin`, `Bearer`).
fn is_chosen(text: &str) -> bool {
    let has_more = text
        .chars()
        .any(|c| c.is_ascii_digit() || "!#$%&*+?@^~".contains(c));
    text.len() >= 6
        && has_more
        && !text.contains(char::is_whitespace)
        && !text.contains("://")
        && !text.ends_with([':', '='])
        && ![
            "base64", "sha1", "sha-", "sha2", "sha5", "rs256", "hs256", "es256", "oauth2", "pkcs1",
            "pkcs8", "md5", "hmac", "utf-8", "tag:", "curve25519", "ed25519", "nistp",
        ]
        .iter()
        .any(|name| text.to_lowercase().contains(name))
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
