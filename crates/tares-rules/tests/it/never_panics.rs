//! Effects of any shape are judged without a panic, and the same way twice.

use crate::make::effect;
use proptest::prelude::*;
use tares_model::effect::label::Sink;
use tares_model::effect::*;
use tares_rules::{AskedFor, Rules};

fn labels() -> impl Strategy<Value = LabelSet> {
    prop::collection::vec(prop::sample::select(Label::ALL), 0..4)
        .prop_map(|all| all.into_iter().map(|(label, _)| label).collect())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[a-z(|)*+?\\[\\]\\\\.]{0,30}",
        Just("a".repeat(9000)),
        "https?://[a-z.]{0,20}/"
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    let part = prop_oneof![
        text().prop_map(Part::Known),
        labels().prop_map(|l| Part::Hole(l, SinkSet::of(Sink::Html))),
    ];
    let leaf = prop_oneof![
        Just(Shape::Absent),
        Just(Shape::Null),
        Just(Shape::Function),
        Just(Shape::Unknown(Why::Parameter)),
        any::<bool>().prop_map(Shape::Bool),
        any::<i64>().prop_map(Shape::Int),
        any::<f64>().prop_map(Shape::Float),
        text().prop_map(Shape::Str),
        text().prop_map(Shape::Api),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Shape::Bytes),
        prop::collection::vec(part, 0..5).prop_map(Shape::Pattern),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Shape::Seq),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Shape::OneOf),
            (prop::collection::vec((text(), inner), 0..4), any::<bool>())
                .prop_map(|(e, open)| Shape::Map(e, open)),
        ]
    })
}

const ROLES: &[&str] = &[
    "url",
    "host",
    "data",
    "headers",
    "verify",
    "timeout",
    "command",
    "shell",
    "path",
    "mode",
    "code",
    "name",
    "safe",
    "loader",
    "query",
    "filter",
    "html",
    "source",
    "value",
    "pattern",
    "key",
    "iv",
    "algorithm",
    "purpose",
    "left",
    "right",
    "op",
    "message",
    "debug",
    "secure",
    "auth",
    "members",
    "rounds",
    "size",
    "entities",
    "text",
];

fn any_effect() -> impl Strategy<Value = Effect> {
    let role = (prop::sample::select(ROLES), shape(), labels());
    let kind = prop::sample::select(EffectKind::ALL);
    let target = prop_oneof![
        text().prop_map(Target::Exact),
        text().prop_map(Target::Unknown),
        Just(Target::None)
    ];
    (
        kind,
        text(),
        prop::collection::vec(role, 0..6),
        target,
        prop::option::of(any::<bool>()),
    )
        .prop_map(|((kind, _), api, roles, target, is_new)| {
            let mut made = effect(kind, &api);
            made.target = target;
            made.is_new = is_new;
            for (name, shape, labels) in roles {
                made.data = made.data.union(labels);
                made.roles.push(Role {
                    labels,
                    ..crate::make::role(name, shape)
                });
            }
            made
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn judging_never_panics(effects in prop::collection::vec(any_effect(), 0..12)) {
        let drafts = Rules::embedded().judge(&effects);
        prop_assert!(drafts.iter().all(|d| d.effect < effects.len()));
        prop_assert_eq!(drafts, Rules::embedded().judge(&effects));
    }

    #[test]
    fn deciding_never_panics(task in text(), doc in text(), effect in any_effect()) {
        let asked = AskedFor::new(Some(&task), &[&doc], std::slice::from_ref(&effect));
        prop_assert_eq!(asked.decide(&effect, &doc), asked.decide(&effect, &doc));
    }
}
