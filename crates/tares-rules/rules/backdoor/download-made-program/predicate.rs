//! Finds what makes a program of a file: a mode that lets it be executed, a command that starts it.

use crate::matching::function_of;
use crate::matching::text::known_text;
use tares_model::effect::{Effect, EffectKind, Shape};

/// The bits that let a file be executed.
const EXECUTE: i64 = 0o111;

/// Returns what makes a program of something in the function of the effect.
pub(super) fn made_program(effect: &Effect, all: &[Effect]) -> Option<String> {
    all.iter()
        .filter(|other| function_of(other) == function_of(effect))
        .find(|other| lets_execute(other) || starts_file(other))
        .map(|other| format!("`{}`", other.api))
}

fn lets_execute(effect: &Effect) -> bool {
    let modes = effect.role("mode").into_iter();
    effect.kind == EffectKind::FileMode
        && modes.flat_map(|role| role.shape.alternatives()).any(|shape| match shape {
            Shape::Int(mode) => mode & EXECUTE != 0,
            other => known_text(other).is_some_and(|text| {
                text.contains("S_IX") || text.contains("S_IEXEC") || text.contains("+x")
            }),
        })
}

fn starts_file(effect: &Effect) -> bool {
    let command = effect.role("command").and_then(|role| known_text(&role.shape));
    effect.kind == EffectKind::Process
        && command.is_some_and(|command| {
            let first = command.split_whitespace().next().unwrap_or("");
            command.contains("chmod +x")
                || command.contains("start ")
                || first.starts_with("./")
                || first.starts_with("/tmp/")
                || first.ends_with(".exe")
        })
}
