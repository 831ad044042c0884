//! Looks for tokens of known services in the roles where literals stand.

use crate::matching::text::known_text;
use crate::secret_text::{is_spoken_for, provider, stands_first};
use tares_model::effect::{Effect, Shape};

/// Roles in which a token may stand as a literal.
const ROLES: &[&str] = &[
    "value", "auth", "headers", "data", "url", "params", "password",
];

pub(super) fn provider_shape(effect: &Effect, all: &[Effect]) -> Option<String> {
    let roles = effect
        .roles
        .iter()
        .filter(|role| ROLES.contains(&role.name.as_str()));
    let texts = roles
        .flat_map(|role| role.shape.alternatives())
        .filter_map(text);
    let found = texts.into_iter().find_map(|text| {
        if let Some(what) = provider(&text) {
            return Some(what);
        }
        let words = text.split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ':' | '"' | '\'' | '=' | '&' | '/')
        });
        words.into_iter().find_map(provider)
    });
    found
        .filter(|what| !what.contains("private key") && stands_first(effect, all) && !is_spoken_for(effect, all))
        .map(str::to_owned)
}

fn text(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Absent | Shape::Unknown(_) => None,
        other => known_text(other),
    }
}
