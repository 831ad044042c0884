//! Looks for private keys in PEM form.

use crate::matching::text::known_text;
use crate::secret_text::{is_spoken_for, provider};
use tares_model::effect::{Effect, Shape};

pub(super) fn private_key(effect: &Effect, all: &[Effect]) -> Option<String> {
    let roles = effect
        .roles
        .iter()
        .filter(|role| matches!(role.name.as_str(), "value" | "key" | "auth"));
    let constants = roles
        .flat_map(|role| role.shape.alternatives())
        .filter(|shape| match shape {
            Shape::Str(text) => text.contains("-----BEGIN "),
            Shape::Bytes(bytes) => bytes.starts_with(b"-----BEGIN "),
            _ => false,
        });
    let found = constants
        .filter_map(known_text)
        .find_map(|text| provider(&text));
    found
        .filter(|what| what.contains("private key") && !is_spoken_for(effect, all))
        .map(|_| String::new())
}
