//! Effects made by hand.

use tares_model::Span;
use tares_model::effect::{
    Asked, Concealment, Effect, EffectKind, Label, LabelSet, Part, Role, Seen, Shape, SinkSet,
    Source, Step, Target,
};

/// Returns an effect without roles at bytes 10 to 20.
pub(crate) fn effect(kind: EffectKind, api: &str) -> Effect {
    Effect {
        kind,
        api: api.to_owned(),
        target: Target::None,
        data: LabelSet::EMPTY,
        roles: Vec::new(),
        guard: Vec::new(),
        concealment: Concealment::default(),
        stealth: Vec::new(),
        asked: Asked::default(),
        site: Some(tares_model::effect::Site {
            span: Span::new(10, 20),
            ..Default::default()
        }),
        seen: Seen::Predicted,
        is_new: None,
    }
}

/// Returns a role without labels.
pub(crate) fn role(name: &str, shape: Shape) -> Role {
    Role {
        name: name.to_owned(),
        shape,
        labels: LabelSet::EMPTY,
        clean: SinkSet::NONE,
        devices: Vec::new(),
        sources: Vec::new(),
        span: None,
    }
}

/// Returns a role with one label and a source at bytes 1 to 5.
pub(crate) fn tainted(name: &str, shape: Shape, label: Label) -> Role {
    let step = Step {
        path: None,
        span: Span::new(1, 5),
        what: "read here".to_owned(),
    };
    let sources = vec![Source {
        label,
        steps: vec![step],
    }];
    Role {
        labels: LabelSet::of(label),
        sources,
        ..role(name, shape)
    }
}

/// Returns text with one unknown part in the middle.
pub(crate) fn pattern(before: &str, label: Label, clean: SinkSet, after: &str) -> Shape {
    Shape::Pattern(vec![
        Part::Known(before.to_owned()),
        Part::Hole(LabelSet::of(label), clean),
        Part::Known(after.to_owned()),
    ])
}

/// Returns an effect with these roles.
pub(crate) fn with(mut effect: Effect, roles: Vec<Role>) -> Effect {
    effect.data = roles.iter().fold(effect.data, |set, r| set.union(r.labels));
    effect.roles = roles;
    effect
}

/// Returns a network effect that goes to a host.
pub(crate) fn network(host: &str) -> Effect {
    let mut effect = effect(EffectKind::Network, "requests.post");
    effect.target = Target::Exact(host.to_owned());
    effect.is_new = Some(true);
    effect
}
