//! Whether one role fulfils a condition.

use super::glob;
use super::text::known_text_with;
use crate::schema::{Const, RoleCondition};
use tares_model::effect::label::Sink;
use tares_model::effect::{Label, LabelSet, Part, Role, Shape, SinkSet};

/// Returns whether `role` (missing where the API model gives none) fulfils `condition`.
pub(crate) fn holds(condition: &RoleCondition, role: Option<&Role>) -> bool {
    let absent = Shape::Absent;
    let shape = role.map_or(&absent, |r| &r.shape);
    let labelled = role.is_some_and(|r| !r.labels.is_empty());
    value_holds(condition, shape, labelled)
        && text_holds(condition, shape, labelled)
        && data_holds(condition, role, shape)
}

/// Returns whether nothing of a value's text is known. A named thing of an API that carries
/// labels (`request.args`) is the data it stands for, not a constant.
fn is_opaque(shape: &Shape, labelled: bool) -> bool {
    matches!(shape, Shape::Unknown(_)) || (labelled && matches!(shape, Shape::Api(_)))
}

fn value_holds(condition: &RoleCondition, shape: &Shape, labelled: bool) -> bool {
    let all = shape.alternatives();
    let opaque = all.iter().any(|s| is_opaque(s, labelled));
    let one_of = |consts: &[Const], s: &Shape| consts.iter().any(|c| equals(c, s));
    (condition.is.is_empty() || all.iter().all(|s| one_of(&condition.is, s)))
        && (condition.may_be.is_empty() || all.iter().any(|s| one_of(&condition.may_be, s)))
        && !all.iter().any(|s| one_of(&condition.is_not, s))
        && condition
            .absent
            .is_none_or(|want| want == all.iter().any(|s| matches!(s, Shape::Absent)))
        && condition
            .below
            .is_none_or(|limit| all.iter().filter_map(number).any(|n| n < limit))
        && condition
            .above
            .is_none_or(|limit| all.iter().filter_map(number).any(|n| n > limit))
        && condition.opaque.is_none_or(|want| want == opaque)
        && condition
            .dynamic
            .is_none_or(|want| want == (opaque || !shape.is_constant()))
        && condition
            .built
            .is_none_or(|want| want == all.iter().any(is_built))
        && (condition.unknown.is_empty()
            || all
                .iter()
                .any(|s| matches!(s, Shape::Unknown(why) if condition.unknown.contains(why))))
}

fn text_holds(condition: &RoleCondition, shape: &Shape, labelled: bool) -> bool {
    let all = shape.alternatives();
    let length = |s: &Shape| match s {
        Shape::Str(text) => Some(text.len()),
        Shape::Bytes(bytes) => Some(bytes.len()),
        _ => None,
    };
    // With labels beside `unsafe_for`, only parts that carry them unsafely are holes to a pattern.
    let is_wanted = |labels: LabelSet, clean: SinkSet| match condition.unsafe_for {
        Some(sink) if !condition.labels.is_empty() => {
            !clean.has(sink) && condition.labels.iter().any(|l| labels.has(*l))
        }
        _ => true,
    };
    let found = |pattern: &crate::schema::Pattern| {
        all.iter()
            .filter(|s| !is_opaque(s, labelled))
            .filter_map(|s| known_text_with(s, &is_wanted))
            .any(|text| pattern.is_match(&text))
    };
    condition
        .len_below
        .is_none_or(|limit| all.iter().filter_map(length).any(|n| n < limit))
        && condition
            .len_at_least
            .is_none_or(|limit| all.iter().filter_map(length).any(|n| n >= limit))
        && condition.matches.as_ref().is_none_or(found)
        && !condition.not_matches.as_ref().is_some_and(found)
}

fn data_holds(condition: &RoleCondition, role: Option<&Role>, shape: &Shape) -> bool {
    let labels = match (role, condition.unsafe_for) {
        (None, _) => LabelSet::EMPTY,
        (Some(role), None) => role.labels,
        (Some(role), Some(sink)) => unsafe_labels(role, sink),
    };
    if condition.unsafe_for.is_some() && labels.is_empty() {
        return false;
    }
    if let Some(sink) = condition.open_for
        && !role.is_some_and(|role| is_open(shape, role, sink, 0))
    {
        return false;
    }
    let grade = role.map_or(0, |r| {
        r.devices.iter().map(|d| d.grade()).max().unwrap_or(0)
    });
    (condition.labels.is_empty() || condition.labels.iter().any(|l| labels.has(*l)))
        && !condition.not_labels.iter().any(|l| labels.has(*l))
        && condition.grade_at_least.is_none_or(|least| grade >= least)
        && condition
            .steps_at_most
            .is_none_or(|most| role.is_some_and(|role| is_near(role, &condition.labels, most)))
}

/// Returns whether one of the labels came in few steps. The further data has come through other
/// names and calls, the less of what it was is left in it. A label without a recorded way, such
/// as an own parameter, is near.
fn is_near(role: &Role, labels: &[Label], most: usize) -> bool {
    let mut ways = role.sources.iter().filter(|s| labels.contains(&s.label));
    let known = ways.clone().next().is_some();
    !known || ways.any(|source| source.steps.len() <= most)
}

/// Returns the labels of the parts that have not been made safe for `sink`.
pub(crate) fn unsafe_labels(role: &Role, sink: Sink) -> LabelSet {
    shape_labels(&role.shape, role, sink, 0)
}

fn shape_labels(shape: &Shape, role: &Role, sink: Sink, depth: usize) -> LabelSet {
    let whole = if role.clean.has(sink) {
        LabelSet::EMPTY
    } else {
        role.labels
    };
    let join = |shapes: &mut dyn Iterator<Item = &Shape>| {
        shapes.fold(LabelSet::EMPTY, |set, s| {
            set.union(shape_labels(s, role, sink, depth + 1))
        })
    };
    match shape {
        _ if depth > 8 => whole,
        Shape::Pattern(parts) => parts.iter().fold(LabelSet::EMPTY, |set, part| match part {
            Part::Hole(labels, clean) if !clean.has(sink) => set.union(*labels),
            Part::Hole(..) | Part::Known(_) => set,
        }),
        Shape::Seq(shapes) | Shape::OneOf(shapes) => join(&mut shapes.iter()),
        Shape::Map(entries, open) => {
            let known = join(&mut entries.iter().map(|(_, value)| value));
            if *open { known.union(whole) } else { known }
        }
        Shape::Unknown(_) | Shape::Api(_) => whole,
        _ => LabelSet::EMPTY,
    }
}

fn is_open(shape: &Shape, role: &Role, sink: Sink, depth: usize) -> bool {
    match shape {
        _ if depth > 8 => true,
        Shape::Pattern(parts) => parts
            .iter()
            .any(|part| matches!(part, Part::Hole(_, clean) if !clean.has(sink))),
        Shape::Seq(shapes) | Shape::OneOf(shapes) => {
            shapes.iter().any(|s| is_open(s, role, sink, depth + 1))
        }
        Shape::Map(entries, open) => {
            *open
                || entries
                    .iter()
                    .any(|(_, s)| is_open(s, role, sink, depth + 1))
        }
        Shape::Unknown(_) => !role.clean.has(sink),
        Shape::Api(_) => !role.labels.is_empty() && !role.clean.has(sink),
        _ => false,
    }
}

fn is_built(shape: &Shape) -> bool {
    let Shape::Pattern(parts) = shape else {
        return false;
    };
    let known = parts
        .iter()
        .any(|p| matches!(p, Part::Known(text) if !text.is_empty()));
    known && parts.iter().any(|p| matches!(p, Part::Hole(..)))
}

fn number(shape: &Shape) -> Option<f64> {
    match shape {
        Shape::Int(value) => Some(*value as f64),
        Shape::Float(value) => Some(*value),
        _ => None,
    }
}

fn equals(constant: &Const, shape: &Shape) -> bool {
    match (constant, shape) {
        (Const::Null, Shape::Null) => true,
        (Const::Bool(want), Shape::Bool(value)) => want == value,
        (Const::Bool(want), Shape::Int(value)) => *want == (*value != 0),
        // A function counts as yes wherever a switch is expected.
        (Const::Bool(want), Shape::Function) => *want,
        (Const::Int(want), Shape::Int(value)) => want == value,
        (Const::Text(want), Shape::Str(text)) => want == text,
        (Const::Text(want), Shape::Bytes(bytes)) => want.as_bytes() == bytes.as_slice(),
        (Const::Api(want), Shape::Api(path)) => glob::fits(want, path),
        _ => false,
    }
}
