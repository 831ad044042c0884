//! Finds comparisons of two constants.

use tares_model::effect::{Effect, Shape};

pub(super) fn same_constant(effect: &Effect, _: &[Effect]) -> Option<String> {
    let (left, right) = (effect.role("left")?, effect.role("right")?);
    let text = |shape: &Shape| matches!(shape, Shape::Str(_) | Shape::Bytes(_));
    (text(&left.shape) && text(&right.shape)).then(String::new)
}
