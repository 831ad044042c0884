//! The effect delta as rows, for the outputs that people read.

use crate::escape::{one_line, visible};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tares_model::effect::{Asked, AskedVerdict, Device, Guard, Stealth, Target};
use tares_model::message::{DeltaReport, PlacedEffect};
use tares_model::{Effect, LabelSet, RepoPath};

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
    /// How it is done, where that keeps it from being seen; empty for nothing.
    pub(crate) manner: String,
    /// What changed elsewhere, where the file itself did not change.
    pub(crate) cause: String,
    /// Whether it is a read that needs nobody's eyes.
    pub(crate) is_plain: bool,
    pub(crate) asked: AskedVerdict,
    pub(crate) because: String,
}

/// Returns the rows: by module, added before changed before removed, in source order. Modules
/// with what nothing explains come first, test code last.
pub(crate) fn delta_rows(report: &DeltaReport) -> Vec<DeltaRow> {
    let delta = &report.delta;
    let added = delta.added.iter().map(|e| (e, row(Sign::Added, e)));
    let changed = delta
        .changed
        .iter()
        .map(|(before, after)| (after, changed_row(before, after)));
    let removed = delta.removed.iter().map(|e| (e, row(Sign::Removed, e)));
    let rows: Vec<_> = added.chain(changed).chain(removed).collect();
    let mut worst: BTreeMap<&RepoPath, AskedVerdict> = BTreeMap::new();
    for (placed, row) in rows.iter().filter(|(_, row)| !row.is_plain) {
        let verdict = worst.entry(&placed.place.path).or_default();
        *verdict = row.asked.max(*verdict);
    }
    let rank = |path: &RepoPath| {
        let verdict = worst
            .get(path)
            .copied()
            .filter(|v| *v >= AskedVerdict::Unexplained);
        (path.is_test_code(), Reverse(verdict))
    };
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|(placed, row)| (rank(&placed.place.path), row))
        .collect();
    rows.sort_by(|(one, a), (other, b)| {
        (one, &a.path, a.sign, a.line).cmp(&(other, &b.path, b.sign, b.line))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Returns the rows that a person is shown, and the number of plain reads among the rest.
pub(crate) fn shown_rows(report: &DeltaReport, all: bool) -> (Vec<DeltaRow>, usize) {
    let (plain, mut shown): (Vec<_>, Vec<_>) = delta_rows(report)
        .into_iter()
        .partition(|row| row.is_plain && !all);
    // Where nothing else is told, a few plain rows are no burden.
    if shown.is_empty() && plain.len() <= 3 {
        shown = plain;
        return (shown, 0);
    }
    (shown, plain.len())
}

/// Says how many reads are not shown.
pub(crate) fn plain_reads(number: usize) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!("{number} plain read{many} of files or variables")
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
        manner: manner(effect),
        cause: one_line(&placed.cause),
        is_plain: effect.is_plain_read(),
        asked: *verdict,
        because: one_line(because),
    }
}

fn changed_row(before: &PlacedEffect, after: &PlacedEffect) -> DeltaRow {
    let mut row = row(Sign::Changed, after);
    row.is_plain = before.effect.is_plain_read() && after.effect.is_plain_read();
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

/// Returns how an effect is done, as far as that keeps it from being seen.
fn manner(effect: &Effect) -> String {
    let quiet = effect.stealth.iter().map(|stealth| match stealth {
        Stealth::SwallowedErrors => "errors are swallowed",
        Stealth::Detached => "nobody waits for it",
        Stealth::TinyTimeout => "gives up at once",
        Stealth::DiscardedOutput => "output is thrown away",
        Stealth::ImportTime => "happens on import",
    });
    let devices: Vec<&str> = effect
        .concealment
        .devices
        .iter()
        .map(|device| match device {
            Device::Assembled => "text put together from pieces",
            Device::Transformed => "text turned around or cut",
            Device::CharacterCodes => "character codes",
            Device::Decoded => "decoded text",
            Device::Reflection => "names looked up by text",
            Device::Quoted => "a name in quotes",
            Device::ImportByText => "an import by text",
            Device::CodeAsText => "code as text",
            Device::Confusable => "look-alike letters",
            Device::OddCarrier => "text of a comment or name",
        })
        .collect();
    let mut parts: Vec<String> = quiet.map(str::to_owned).collect();
    if !devices.is_empty() {
        parts.push(format!("written as {}", devices.join(", ")));
    }
    parts.join("; ")
}
