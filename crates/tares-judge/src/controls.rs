//! What a change does to controls: added to the effects of its files before they are compared.

use crate::run::CodeFile;
use tares_effects::controls;
use tares_model::Change;
use tares_model::effect::{AskedVerdict, Effect, EffectKind};
use tares_rules::asked_of_control;

/// Adds to each file of the change what it newly does to controls. Test code has none, and a
/// piece of a file has no base to compare with.
pub(crate) fn add(files: &mut [CodeFile], change: &Change) {
    if !change.has_base {
        return;
    }
    let task = change.task.as_ref().map(|task| task.text.as_str());
    for file in files {
        let Some(head) = &file.head else { continue };
        if head.is_excerpt() || head.path.is_test_code() || is_built(head.path.as_str()) {
            continue;
        }
        controls::quiet(&head.text, &mut file.facts.effects);
        let base = file.base.as_ref().map(|base| &*base.text);
        let mut found = controls::changes(file.language, base, &head.text);
        found.iter_mut().for_each(|effect| decide(effect, task));
        file.facts.effects.extend(found);
    }
}

/// Whether a path is that of something that tools wrote or others brought.
fn is_built(path: &str) -> bool {
    let folders = [
        "dist",
        "vendor",
        "node_modules",
        "third_party",
        "_vendor",
        "bundled",
    ];
    path.contains(".min.") || path.split('/').any(|part| folders.contains(&part))
}

/// Says of checks, settings and log entries that are new whether the task speaks of them: nobody
/// asks for each of them, but a door that nobody spoke of is another thing than one that is wanted.
pub(crate) fn ask(files: &mut [CodeFile], change: &Change) {
    let task = change.task.as_ref().map(|task| task.text.as_str());
    for effect in files.iter_mut().flat_map(|file| &mut file.facts.effects) {
        let is_asked_about = matches!(
            effect.kind,
            EffectKind::Check | EffectKind::Setting | EffectKind::Log | EffectKind::Random
        );
        if is_asked_about
            && effect.is_new == Some(true)
            && effect.asked.verdict == AskedVerdict::NotStated
        {
            effect.asked = asked_of_control(effect, task);
        }
    }
}

/// Says whether the task asks for it; for what is a capability too, the delta decides.
fn decide(effect: &mut Effect, task: Option<&str>) {
    if !effect.kind.is_capability() {
        effect.asked = asked_of_control(effect, task);
    }
}
