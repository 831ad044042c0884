//! Finds a file that was written from the network and is run in the same function.

use crate::matching::function_of;
use crate::matching::text::{clip, known_text};
use tares_model::effect::{Effect, EffectKind, Label, Shape, Target};

pub(super) fn runs_download(effect: &Effect, all: &[Effect]) -> Option<String> {
    let command = match &effect.role("command")?.shape {
        Shape::Seq(members) => members
            .iter()
            .filter_map(known_text)
            .collect::<Vec<_>>()
            .join(" "),
        shape => known_text(shape)?,
    };
    let written = all
        .iter()
        .filter(|other| is_download(other) && function_of(other) == function_of(effect));
    let mut paths = written.filter_map(|other| match &other.target {
        Target::Exact(path) if path.len() > 3 => Some(path),
        _ => None,
    });
    let path = paths.find(|path| command.split_whitespace().any(|word| word == path.as_str()))?;
    Some(format!("`{}`", clip(path, 60)))
}

fn is_download(effect: &Effect) -> bool {
    effect.kind == EffectKind::FileWrite
        && (effect.data.has(Label::RemoteContent) || effect.api.ends_with("urlretrieve"))
}
