//! Fills message templates: `{api}`, `{target}`, `{role.url}` and the like.

use crate::draft::Relevant;
use crate::matching::function_of;
use crate::matching::text::{clip, masked, readable};
use tares_model::effect::{Effect, EffectKind, GuardClass, Label, LabelSet, Role, Shape};

/// Longest value in a message, in characters.
const MAX_VALUE: usize = 60;

/// Returns the message of a template for one effect. `detail` comes from a predicate.
pub(crate) fn fill(
    template: &str,
    effect: &Effect,
    relevant: &Relevant<'_>,
    detail: &str,
) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|i| i + open) else {
            break;
        };
        out.push_str(&rest[..open]);
        out.push_str(&value(&rest[open + 1..close], effect, relevant, detail));
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

fn value(word: &str, effect: &Effect, relevant: &Relevant<'_>, detail: &str) -> String {
    match word {
        "api" => format!("`{}`", clip(&effect.api, MAX_VALUE)),
        "target" => target(effect),
        "kind" => effect.kind.to_string(),
        "source" => source(relevant),
        "labels" => labels(if relevant.labels.is_empty() {
            effect.data
        } else {
            relevant.labels
        }),
        "guard" => guard(effect),
        "devices" => join(
            effect
                .concealment
                .devices
                .iter()
                .map(|d| d.as_str().replace('-', " ")),
        ),
        "stealth" => join(effect.stealth.iter().map(|s| s.as_str().replace('-', " "))),
        "asked" => clip(&effect.asked.because, 2 * MAX_VALUE),
        "detail" => clip(detail, 2 * MAX_VALUE),
        "function" => match function_of(effect) {
            "" => "the module".to_owned(),
            name => format!("`{}`", clip(name, MAX_VALUE)),
        },
        other => other
            .strip_prefix("role.")
            .map_or_else(String::new, |name| role(effect, name)),
    }
}

fn target(effect: &Effect) -> String {
    match effect.target.text() {
        "" => "a target not known here".to_owned(),
        text => format!("`{}`", clip(text, MAX_VALUE)),
    }
}

fn source(relevant: &Relevant<'_>) -> String {
    let step = relevant
        .sources
        .iter()
        .find_map(|source| source.steps.first());
    step.map_or_else(
        || labels(relevant.labels),
        |step| clip(&step.what, MAX_VALUE),
    )
}

fn guard(effect: &Effect) -> String {
    let odd = effect
        .guard
        .iter()
        .find(|g| g.class != GuardClass::Plain)
        .or(effect.guard.first());
    odd.map_or_else(
        || "no condition".to_owned(),
        |g| format!("`{}`", clip(&g.text, MAX_VALUE)),
    )
}

fn role(effect: &Effect, name: &str) -> String {
    match effect.role(name) {
        None => readable(&Shape::Absent, MAX_VALUE),
        Some(role) if is_secret(effect, role) => masked(&role.shape),
        Some(role) => readable(&role.shape, MAX_VALUE),
    }
}

/// Returns whether a value must never be shown in full.
fn is_secret(effect: &Effect, role: &Role) -> bool {
    role.labels.has(Label::Credential)
        || matches!(
            role.name.as_str(),
            "key" | "auth" | "password" | "salt" | "iv"
        )
        || (effect.kind == EffectKind::Secret && role.name == "value")
        || (effect.kind == EffectKind::Check && matches!(role.name.as_str(), "left" | "right"))
}

fn labels(set: LabelSet) -> String {
    let words = set.iter().filter(|l| *l != Label::Decoded).map(|label| {
        match label {
            Label::UserInput => "user input",
            Label::LocalInput => "command-line input",
            Label::Credential => "a credential",
            Label::Environment => "environment variables",
            Label::FileContent => "the content of a file",
            Label::RemoteContent => "content from the network",
            Label::DatabaseContent => "content of the database",
            Label::PersonalData => "personal data",
            Label::SourceCode => "source code",
            Label::Identity => "details of host or user",
            Label::ProcessOutput => "the output of a process",
            Label::Parameter => "a parameter",
            Label::ErrorDetail => "details of an error",
            Label::Session => "the session",
            Label::WeakHash => "a weak hash",
            Label::WeakRandom => "predictable random values",
            other => other.as_str(),
        }
        .to_owned()
    });
    join(words)
}

fn join(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [] => "data not known here".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
