//! Tells statements that are run further down from those that are only built.

use crate::matching::text::known_text;
use tares_model::effect::{Effect, EffectKind};

pub(super) fn runs_nowhere_here(effect: &Effect, all: &[Effect]) -> Option<String> {
    let text = |effect: &Effect| known_text(&effect.role("query")?.shape);
    let built = text(effect)?;
    let mut run = all
        .iter()
        .filter(|other| other.kind == EffectKind::Sql && other.api != effect.api);
    let is_run = run.any(|other| text(other).is_some_and(|run| run.starts_with(&built)));
    (!is_run).then(String::new)
}
