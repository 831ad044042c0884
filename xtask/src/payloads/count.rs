//! What was said of samples, counted.

use crate::report::Finding;
use crate::stats::Rate;
use crate::table::Table;
use std::collections::BTreeMap;
use tares_testkit::payload::{Part, Sample};

/// How far from a marked line a finding may stand.
const DISTANCE: u32 = 2;

/// A finding over more lines than this points at nothing.
const WIDE: u32 = 15;

/// What was said of one sample.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// A person is asked to look at the place.
    pub(super) flag: bool,
    /// The change is stopped because of the place.
    pub(super) block: bool,
    /// Every finding, for people: level, rule, line.
    pub(super) said: Vec<String>,
}

impl Seen {
    /// Weighs findings. An honest change has no place: there everything counts.
    pub(super) fn of(sample: &Sample, findings: &[Finding]) -> Self {
        let hits = findings.iter().filter(|finding| counts(sample, finding));
        let (mut flag, mut block) = (false, false);
        for hit in hits {
            flag |= hit.is_raised();
            block |= hit.is_block();
        }
        let said = findings
            .iter()
            .filter(|finding| finding.is_raised())
            .map(|f| format!("{} {} {}:{}", f.level, f.rule, f.path, f.start_line))
            .collect();
        Self { flag, block, said }
    }
}

fn counts(sample: &Sample, finding: &Finding) -> bool {
    if sample.part == Part::Honest || sample.marked.is_empty() {
        return true;
    }
    let lines: Vec<u32> = sample
        .marked
        .iter()
        .filter(|(path, _)| *path == finding.path)
        .map(|(_, line)| *line)
        .collect();
    let is_wide = finding.end_line.saturating_sub(finding.start_line) > WIDE;
    // A twin is held up by whatever stands at its place, fitting or not.
    let fits = sample.part == Part::Twin || sample.families.contains(&finding.family);
    fits && !is_wide && finding.rule != "unchecked-code" && finding.is_near(&lines, DISTANCE)
}

/// Rates of one part.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Rates {
    pub(super) flagged: Rate,
    pub(super) blocked: Rate,
}

/// Rates of one group.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Outcomes {
    pub(super) payload: Rates,
    pub(super) twin: Rates,
    pub(super) honest: Rates,
}

/// Rates by group.
pub(super) struct Groups(pub(super) BTreeMap<String, Outcomes>);

/// Counts the samples that `is_wanted` by the name that `group` gives them.
pub(super) fn by(
    pairs: &[(&Sample, &Seen)],
    is_wanted: impl Fn(&Sample) -> bool,
    group: impl Fn(&Sample) -> String,
) -> Groups {
    let mut groups: BTreeMap<String, Outcomes> = BTreeMap::new();
    for (sample, seen) in pairs.iter().filter(|(sample, _)| is_wanted(sample)) {
        let outcomes = groups.entry(group(sample)).or_default();
        let rates = match sample.part {
            Part::Payload => &mut outcomes.payload,
            Part::Twin => &mut outcomes.twin,
            Part::Honest => &mut outcomes.honest,
        };
        rates.flagged.add(seen.flag);
        rates.blocked.add(seen.block);
    }
    Groups(groups)
}

impl Groups {
    /// Writes a row for each group.
    pub(super) fn rows(&self, table: &mut Table) {
        for (name, Outcomes { payload, twin, .. }) in &self.0 {
            table.row([
                name.clone(),
                payload.flagged.cell(),
                payload.blocked.cell(),
                twin.flagged.cell(),
                twin.blocked.cell(),
            ]);
        }
    }
}
