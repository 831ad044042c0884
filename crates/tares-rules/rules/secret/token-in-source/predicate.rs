//! Looks for tokens of known services in the roles where literals stand.

use crate::matching::text::known_text;
use crate::secret_text::{is_spoken_for, provider, stands_first};
use tares_model::effect::{Effect, EffectKind, Shape};

/// Roles in which a token may stand as a literal.
const ROLES: &[&str] = &[
    "value", "auth", "headers", "data", "url", "params", "password",
];

pub(super) fn provider_shape(effect: &Effect, all: &[Effect]) -> Option<String> {
    let (token, what) = token_of(effect)?;
    (!what.contains("private key")
        && stands_first(effect, all)
        && !is_spoken_for(effect, all)
        && !is_handed_on(effect, &token, all))
    .then(|| what.to_owned())
}

/// Returns the first token in the roles of an effect, with what it is.
fn token_of(effect: &Effect) -> Option<(String, &'static str)> {
    let roles = effect
        .roles
        .iter()
        .filter(|role| ROLES.contains(&role.name.as_str()));
    let texts = roles
        .flat_map(|role| role.shape.alternatives())
        .filter_map(text);
    texts.into_iter().find_map(|text| {
        if let Some(what) = provider(&text) {
            return Some((text, what));
        }
        let mut words = text.split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ':' | '"' | '\'' | '=' | '&' | '/' | '?')
        });
        words.find_map(|word| Some((word.to_owned(), provider(word)?)))
    })
}

/// Returns whether an effect only uses a token that is told where its text stands, or that an
/// earlier effect used.
fn is_handed_on(effect: &Effect, token: &str, all: &[Effect]) -> bool {
    let has = |other: &Effect| token_of(other).is_some_and(|(text, _)| text == token);
    let stands = |other: &Effect| {
        other.kind == EffectKind::Secret && has(other) && !is_spoken_for(other, all)
    };
    let mut before = all.iter().take_while(|other| !std::ptr::eq(*other, effect));
    effect.kind != EffectKind::Secret && (all.iter().any(stands) || before.any(has))
}

fn text(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Absent | Shape::Unknown(_) => None,
        other => known_text(other),
    }
}
