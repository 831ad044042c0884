//! Looks at a command as a list: who chooses the program, and whether input may be an option.

use tares_model::effect::label::Sink;
use tares_model::effect::{Effect, Label, LabelSet, Part, Role, Shape};

pub(super) fn program_from_input(effect: &Effect, _: &[Effect]) -> Option<String> {
    describe(program_labels(effect)?)
}

pub(super) fn program_from_person(effect: &Effect, _: &[Effect]) -> Option<String> {
    let labels = program_labels(effect)?;
    labels
        .has(Label::LocalInput)
        .then(|| "input of the local user".to_owned())
}

/// Returns the labels of what chooses the program, if anything that is not constant does.
fn program_labels(effect: &Effect) -> Option<LabelSet> {
    let role = effect.role("command")?;
    let program = match &role.shape {
        Shape::Seq(members) => members.first()?,
        shape => shape,
    };
    // A fixed beginning of the text is a fixed program, or at least a fixed folder.
    let open = match program {
        Shape::Pattern(parts) => matches!(parts.first(), Some(Part::Hole(..))),
        Shape::Unknown(_) | Shape::Api(_) => true,
        _ => false,
    };
    // Labels of an unknown member are only known for the whole list: they are its own where
    // nothing else in the list is open.
    let sole = match &role.shape {
        Shape::Seq(members) => members.iter().skip(1).all(Shape::is_constant),
        _ => true,
    };
    let attributable = sole || !matches!(program, Shape::Unknown(_) | Shape::Api(_));
    (open && attributable).then(|| labels(program, role))
}

pub(super) fn options_from_input(effect: &Effect, _: &[Effect]) -> Option<String> {
    let command = effect.role("command")?;
    let Shape::Seq(members) = &command.shape else {
        return None;
    };
    let mut found = LabelSet::EMPTY;
    for member in members.iter().skip(1) {
        match member {
            Shape::Str(text) if text == "--" => break,
            // A fixed beginning such as `--name=` leaves no room for another option.
            Shape::Pattern(parts) if matches!(parts.first(), Some(Part::Known(_))) => {}
            other => found = found.union(labels(other, command)),
        }
    }
    describe(found)
}

fn labels(shape: &Shape, role: &Role) -> LabelSet {
    match shape {
        Shape::Pattern(parts) => parts.iter().fold(LabelSet::EMPTY, |set, part| match part {
            Part::Hole(labels, clean) if !clean.has(Sink::Code) => set.union(*labels),
            _ => set,
        }),
        Shape::Unknown(_) | Shape::Api(_) if role.clean.has(Sink::Code) => LabelSet::EMPTY,
        Shape::Unknown(_) | Shape::Api(_) => role.labels,
        Shape::OneOf(shapes) => shapes
            .iter()
            .fold(LabelSet::EMPTY, |set, s| set.union(labels(s, role))),
        _ => LabelSet::EMPTY,
    }
}

fn describe(labels: LabelSet) -> Option<String> {
    if labels.has(Label::UserInput) {
        return Some("user input".to_owned());
    }
    labels
        .has(Label::RemoteContent)
        .then(|| "content from the network".to_owned())
}
