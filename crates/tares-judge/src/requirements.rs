//! Which lines need a person, because they do what nothing asked for.

use crate::findings::Texts;
use crate::program::Files;
use crate::run::CodeFile;
use std::collections::BTreeMap;
use tares_model::Place;
use tares_model::effect::{AskedVerdict, Effect};
use tares_model::message::Requirement;

/// Effects that one requirement names; the rest is counted.
const NAMED: usize = 3;

/// Returns a requirement for each function that gained capabilities which nothing explains.
pub(crate) fn of(file: &CodeFile, files: &Files<'_>) -> Vec<Requirement> {
    let mut groups: BTreeMap<&str, Vec<&Effect>> = BTreeMap::new();
    for effect in file
        .facts
        .effects
        .iter()
        .filter(|effect| is_unexplained(effect))
    {
        let function = effect
            .site
            .as_ref()
            .map_or("", |site| site.function.as_str());
        groups.entry(function).or_default().push(effect);
    }
    let mut texts = Texts::new(file.head.as_ref(), files);
    let mut requirements: Vec<Requirement> = groups
        .into_values()
        .filter_map(|effects| requirement(&effects, file, &mut texts))
        .collect();
    requirements.sort_by(|one, other| one.place.cmp(&other.place));
    requirements
}

/// Keeps one requirement for each place, whichever file led there.
pub(crate) fn once(mut requirements: Vec<Requirement>) -> Vec<Requirement> {
    requirements.sort_by(|one, other| (&one.place, &one.why).cmp(&(&other.place, &other.why)));
    requirements.dedup_by(|next, kept| next.place == kept.place);
    requirements
}

fn is_unexplained(effect: &Effect) -> bool {
    let open = matches!(
        effect.asked.verdict,
        AskedVerdict::Unexplained | AskedVerdict::Contradicted
    );
    effect.is_new == Some(true) && effect.kind.is_capability() && !effect.is_plain_read() && open
}

fn requirement(effects: &[&Effect], file: &CodeFile, texts: &mut Texts<'_>) -> Option<Requirement> {
    let mut place: Option<Place> = None;
    for effect in effects {
        let at = texts.placed(effect).place;
        let Some(place) = &mut place else {
            place = Some(at);
            continue;
        };
        if place.path == at.path {
            (place.start_line, place.end_line) = (
                place.start_line.min(at.start_line),
                place.end_line.max(at.end_line),
            );
        }
    }
    let mut place = place?;
    if place.path != *file.path() && file.head.is_none() {
        return None;
    }
    (place.start_column, place.end_column) = (1, 1);
    let mut names: Vec<String> = effects.iter().map(|effect| name(effect)).collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let mut why = names.join(", ");
    if more > 0 {
        why = format!("{why} and {more} more");
    }
    // What contradicts weighs most, then what carries data away.
    let telling = effects
        .iter()
        .max_by_key(|effect| (effect.asked.verdict, !effect.data.carried().is_empty()))?;
    Some(Requirement {
        who: "a person".to_owned(),
        place,
        why: format!("{why}: {}", telling.asked.because),
    })
}

fn name(effect: &Effect) -> String {
    let target = effect.target.text();
    let target = if target.is_empty() {
        effect.api.as_str()
    } else {
        target
    };
    let cut = target
        .char_indices()
        .nth(60)
        .map_or(target, |(at, _)| &target[..at]);
    format!("new {} `{cut}`", effect.kind)
}
