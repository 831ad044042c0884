//! Queries of document stores: a text in them is only compared, an object is an operator.

use tares_model::effect::label::Sink;
use tares_model::effect::{Effect, Label, Role, Shape};

/// Parts of a request that are always text, so that no operator can arrive through them.
const TEXTS: &[&str] = &[
    ".args",
    ".form",
    ".cookies",
    ".headers",
    ".GET",
    ".POST",
    ".query_params",
    ".params",
    ".view_args",
];

pub(super) fn operator_may_arrive(effect: &Effect, _: &[Effect]) -> Option<String> {
    let role = effect.role("query").or_else(|| effect.role("filter"))?;
    let tainted = role.labels.has(Label::UserInput) && !role.clean.has(Sink::Query);
    (tainted && may_be_object(&role.shape, role, 0)).then(String::new)
}

/// Returns whether somewhere in a query a value may be an object that came from outside.
fn may_be_object(shape: &Shape, role: &Role, depth: usize) -> bool {
    match shape {
        _ if depth > 6 => false,
        Shape::Unknown(_) => {
            role.sources
                .iter()
                .any(|source| source.label == Label::UserInput)
                && depth < 2
        }
        Shape::Api(path) => !TEXTS.iter().any(|part| path.contains(part)),
        Shape::Seq(shapes) | Shape::OneOf(shapes) => {
            shapes.iter().any(|s| may_be_object(s, role, depth + 1))
        }
        Shape::Map(entries, _) => entries.iter().any(|(key, value)| {
            // `$where` and `$function` take code, so there a text is enough.
            (key.starts_with("$w") && !value.is_constant()) || may_be_object(value, role, depth + 1)
        }),
        _ => false,
    }
}
