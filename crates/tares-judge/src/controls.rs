//! What a change does to controls: added to the effects of its files before they are compared.

use crate::run::CodeFile;
use crate::source::Source;
use std::sync::Arc;
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
    let texts: Vec<_> = files.iter().map(texts).collect();
    for file in files {
        let Some(head) = &file.head else { continue };
        if head.is_excerpt() || head.path.is_test_code() || is_built(head.path.as_str()) {
            continue;
        }
        controls::quiet(&head.text, &mut file.facts.effects);
        let base = file.base.as_ref().map(|base| &*base.text);
        let mut found = controls::changes(file.language, base, &head.text);
        found.retain(|effect| !has_moved(effect, &texts));
        found.iter_mut().for_each(|effect| decide(effect, task));
        file.facts.effects.extend(found);
    }
}

/// The texts of a file on both sides.
type Texts = (Option<Arc<str>>, Option<Arc<str>>);

fn texts(file: &CodeFile) -> Texts {
    let text = |source: &Option<Source>| source.as_ref().map(|source| Arc::clone(&source.text));
    (text(&file.base), text(&file.head))
}

/// Whether a control that is gone from one file is asked for as often in the change as a whole.
fn has_moved(effect: &Effect, texts: &[Texts]) -> bool {
    if !effect.api.starts_with("control.lost.") || texts.len() < 2 {
        return false;
    }
    let name = effect.target.text();
    let name = name.rsplit('.').next().unwrap_or(name);
    let count =
        |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.matches(name).count());
    let (before, after): (usize, usize) =
        texts.iter().fold((0, 0), |(before, after), (base, head)| {
            (before + count(base), after + count(head))
        });
    after >= before
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
