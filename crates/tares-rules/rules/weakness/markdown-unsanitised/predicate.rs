//! Looks for a sanitiser of markup anywhere in the file.

use tares_model::effect::{Effect, EffectKind};

pub(super) fn nothing_cleans(_: &Effect, all: &[Effect]) -> Option<String> {
    let cleans = all.iter().any(|effect| effect.kind == EffectKind::Sanitiser);
    (!cleans).then(String::new)
}
