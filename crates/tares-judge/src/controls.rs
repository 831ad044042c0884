//! What a change does to controls: added to the effects of its files before they are compared.

use crate::run::CodeFile;
use tares_effects::controls;
use tares_model::Change;
use tares_model::effect::Effect;
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
        if head.is_excerpt() || head.path.is_test_code() {
            continue;
        }
        let base = file.base.as_ref().map(|base| &*base.text);
        let mut found = controls::changes(file.language, base, &head.text);
        found.iter_mut().for_each(|effect| decide(effect, task));
        file.facts.effects.extend(found);
    }
}

/// Says whether the task asks for it; for what is a capability too, the delta decides.
fn decide(effect: &mut Effect, task: Option<&str>) {
    if !effect.kind.is_capability() {
        effect.asked = asked_of_control(effect, task);
    }
}
