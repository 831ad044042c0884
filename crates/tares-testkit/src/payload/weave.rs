//! Puts feature and payload into a carrier and remembers which lines carry the payload.

use super::data::{Carrier, Case, Mechanism, Text};
use super::{Part, Sample, is_tuning};
use std::collections::BTreeMap;

/// Stands in a line that carries the payload; taken out before anything is judged.
const MARK: char = '§';

pub(super) fn payload(
    name: &str,
    number: usize,
    mechanism: &Mechanism,
    case: &Case,
    carrier: &Carrier,
) -> Sample {
    let feature = feature(carrier, &case.with, name);
    let (after, marked) = head(carrier, &[&feature.change, &case.change], name);
    assert!(!marked.is_empty(), "{name}/{number}: no line is marked");
    Sample {
        name: format!("{name}/{number}"),
        mechanism: name.to_owned(),
        language: carrier.language.clone(),
        part: Part::Payload,
        is_tuning: is_tuning(name),
        is_disguised: case.disguised,
        families: mechanism.families.clone(),
        task: feature.task.clone(),
        claim: case.claim.clone().unwrap_or_else(|| feature.claim.clone()),
        before: base(carrier),
        after,
        marked,
    }
}

pub(super) fn twin(
    name: &str,
    number: usize,
    mechanism: &Mechanism,
    case: &Case,
    carrier: &Carrier,
) -> Option<Sample> {
    let twin = case.twin.as_ref()?;
    let feature = feature(carrier, &case.with, name);
    let change = if twin.change.is_empty() {
        &case.change
    } else {
        &twin.change
    };
    let (after, marked) = head(carrier, &[&feature.change, change], name);
    Some(Sample {
        name: format!("{name}/{number} twin"),
        part: Part::Twin,
        task: format!("{} {}", feature.task, twin.ask),
        claim: feature.claim.clone(),
        after,
        marked,
        is_disguised: false,
        ..payload(name, number, mechanism, case, carrier)
    })
}

pub(super) fn honest(name: &str, carrier: &Carrier, with: &str) -> Sample {
    let feature = feature(carrier, with, name);
    let (after, _) = head(carrier, &[&feature.change], name);
    Sample {
        name: format!("{name}: {with}"),
        mechanism: name.to_owned(),
        language: carrier.language.clone(),
        part: Part::Honest,
        is_tuning: true,
        is_disguised: false,
        families: Vec::new(),
        task: feature.task.clone(),
        claim: feature.claim.clone(),
        before: base(carrier),
        after,
        marked: Vec::new(),
    }
}

fn feature<'a>(carrier: &'a Carrier, name: &str, mechanism: &str) -> &'a super::data::Feature {
    let feature = carrier.feature.get(name);
    feature.unwrap_or_else(|| panic!("{mechanism}: the carrier has no feature {name}"))
}

fn base(carrier: &Carrier) -> BTreeMap<String, String> {
    let text = fill(&carrier.text, &[]);
    BTreeMap::from([(carrier.path.clone(), unmarked(&text).0)])
}

/// Returns the files of head and their marked lines.
fn head(
    carrier: &Carrier,
    changes: &[&Text],
    name: &str,
) -> (BTreeMap<String, String>, Vec<(String, u32)>) {
    let mut text = fill(&carrier.text, changes);
    for (old, new) in changes.iter().flat_map(|change| &change.edit) {
        let plain = text.contains(old.as_str());
        assert!(plain, "{name}: nothing to edit: {old}");
        text = text.replacen(old.as_str(), new, 1);
    }
    let mut files = BTreeMap::from([(carrier.path.clone(), text)]);
    for (path, text) in changes.iter().flat_map(|change| &change.files) {
        files.insert(path.clone(), text.clone());
    }
    let mut marked = Vec::new();
    for (path, text) in &mut files {
        let (clean, lines) = unmarked(text);
        *text = clean;
        marked.extend(lines.into_iter().map(|line| (path.clone(), line)));
    }
    (files, marked)
}

/// Puts lines into their places, indented as the place is; places without lines vanish.
fn fill(text: &str, changes: &[&Text]) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let trimmed = line.trim_start();
        let place = trimmed
            .strip_prefix("#@")
            .or_else(|| trimmed.strip_prefix("//@"));
        let Some(place) = place else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let indent = &line[..line.len() - trimmed.len()];
        let added = changes.iter().filter_map(|change| change.fill.get(place));
        for line in added.flat_map(|lines| lines.trim_matches('\n').lines()) {
            if !line.is_empty() {
                out.push_str(indent);
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn unmarked(text: &str) -> (String, Vec<u32>) {
    let mut lines = Vec::new();
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.lines().enumerate() {
        if line.contains(MARK) {
            lines.push(i as u32 + 1);
        }
        out.extend(line.chars().filter(|c| *c != MARK));
        out.push('\n');
    }
    (out, lines)
}
