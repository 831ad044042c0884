//! The effect delta as rows, for the outputs that people read.

use crate::escape::{one_line, visible};
use tares_model::effect::{Asked, AskedVerdict, Guard, Target};
use tares_model::message::{DeltaReport, PlacedEffect};
use tares_model::{Effect, LabelSet};

/// What a row says about its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    Added,
    Changed,
    Removed,
}

impl Sign {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Changed => "~",
            Self::Removed => "-",
        }
    }
}

/// One row. Every text is visible already.
#[derive(Debug, Clone)]
pub(crate) struct DeltaRow {
    pub(crate) sign: Sign,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) kind: &'static str,
    pub(crate) target: String,
    /// What flows in, in words; empty for nothing.
    pub(crate) data: String,
    /// The conditions that decide; empty for none.
    pub(crate) guard: String,
    /// What keeps it from being seen: stealth and concealment; empty for nothing.
    pub(crate) stealth: String,
    pub(crate) asked: AskedVerdict,
    pub(crate) because: String,
}

/// Returns the rows: by module, added before changed before removed, in source order.
pub(crate) fn delta_rows(report: &DeltaReport) -> Vec<DeltaRow> {
    let delta = &report.delta;
    let added = delta.added.iter().map(|e| row(Sign::Added, e));
    let changed = delta
        .changed
        .iter()
        .map(|(before, after)| changed_row(before, after));
    let removed = delta.removed.iter().map(|e| row(Sign::Removed, e));
    let mut rows: Vec<DeltaRow> = added.chain(changed).chain(removed).collect();
    rows.sort_by(|a, b| (&a.path, a.sign, a.line).cmp(&(&b.path, b.sign, b.line)));
    rows
}

fn row(sign: Sign, placed: &PlacedEffect) -> DeltaRow {
    let effect = &placed.effect;
    let Asked { verdict, because } = &effect.asked;
    DeltaRow {
        sign,
        path: visible(placed.place.path.as_str()).into_owned(),
        line: placed.place.start_line,
        kind: effect.kind.as_str(),
        target: target(effect),
        data: labels(effect.data),
        guard: guards(&effect.guard),
        stealth: stealth(effect),
        asked: *verdict,
        because: one_line(because),
    }
}

fn changed_row(before: &PlacedEffect, after: &PlacedEffect) -> DeltaRow {
    let mut row = row(Sign::Changed, after);
    let (was_data, was_guard) = (labels(before.effect.data), guards(&before.effect.guard));
    row.data = was(&row.data, &was_data);
    row.guard = was(&row.guard, &was_guard);
    row
}

fn was(now: &str, before: &str) -> String {
    match (now, before) {
        _ if now == before => now.to_owned(),
        ("", _) => format!("none (was {before})"),
        (_, "") => format!("{now} (was none)"),
        _ => format!("{now} (was {before})"),
    }
}

fn target(effect: &Effect) -> String {
    let text = one_line(effect.target.text());
    match &effect.target {
        Target::Unknown(_) => format!("unknown: {text}"),
        Target::None => one_line(&effect.api),
        Target::Exact(_) | Target::Pattern(_) => text,
    }
}

fn labels(data: LabelSet) -> String {
    let words: Vec<&str> = data.carried().iter().map(|l| l.as_str()).collect();
    words.join(", ")
}

fn guards(guards: &[Guard]) -> String {
    use tares_model::effect::GuardClass;
    let told: Vec<String> = guards
        .iter()
        .filter(|g| g.class != GuardClass::Plain)
        .map(|g| {
            let not = if g.holds { "" } else { "not " };
            format!("{}: {not}{}", g.class, one_line(&g.text))
        })
        .collect();
    told.join(" and ")
}

fn stealth(effect: &Effect) -> String {
    let stealth = effect.stealth.iter().map(|s| s.as_str());
    let devices = effect.concealment.devices.iter().map(|d| d.as_str());
    stealth.chain(devices).collect::<Vec<_>>().join(", ")
}
