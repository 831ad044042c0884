//! Whether a version is one that an advisory speaks of.

use super::record::{Event, Record};
use crate::Ecosystem;
use crate::version::Version;
use std::cmp::Ordering;

/// Whether a version is affected. What cannot be decided is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Affected(Fix),
    /// It is not.
    Clear,
    /// Nobody can tell, with the reason.
    Unknown(&'static str),
}

/// What to take instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// The first version without it that is newer than the one asked for.
    From(String),
    /// A Cargo requirement that versions without it satisfy.
    Requirement(String),
    /// There is none.
    None,
}

/// Returns what a record says of a version; of any version at all without one.
///
/// Without a version only a record that covers all versions affects: what is recorded for some
/// versions of a package says nothing about its bare name.
pub fn affects(ecosystem: Ecosystem, record: &Record, version: Option<&str>) -> Answer {
    let Some(version) = version else {
        return if record.covers_all() {
            Answer::Affected(Fix::None)
        } else {
            Answer::Clear
        };
    };
    if record
        .versions
        .iter()
        .any(|known| is_same(ecosystem, known, version))
    {
        return Answer::Affected(fix(ecosystem, record, version));
    }
    if record.covers_all() {
        return Answer::Affected(Fix::None);
    }
    if let Some(safe) = &record.safe {
        return by_requirements(safe, version);
    }
    let mut unknown = None;
    for events in &record.ranges {
        match within(ecosystem, events, version) {
            Some(true) => return Answer::Affected(fix(ecosystem, record, version)),
            Some(false) => {}
            None => unknown = Some("its version has no place in the order of versions"),
        }
    }
    if record.ranges.is_empty() && record.versions.is_empty() {
        unknown = Some(if record.by_commits {
            "only the history of its repository can tell"
        } else {
            "the advisory names no versions"
        });
    }
    unknown.map_or(Answer::Clear, Answer::Unknown)
}

fn is_same(ecosystem: Ecosystem, known: &str, version: &str) -> bool {
    known == version || crate::version::order(ecosystem, known, version) == Some(Ordering::Equal)
}

/// Walks the events in the order of versions; `None` where one has no place there.
pub(super) fn within(ecosystem: Ecosystem, events: &[Event], version: &str) -> Option<bool> {
    let version = Version::parse(ecosystem, version)?;
    let mut affected = false;
    // The place of the last event that counted, so that the order in the record does not matter.
    let mut placed: Vec<(Option<Version>, &Event)> = Vec::with_capacity(events.len());
    for event in events {
        let (Event::Introduced(text) | Event::Fixed(text) | Event::Last(text)) = event;
        let is_start = matches!(event, Event::Introduced(_)) && text == "0";
        let place = if is_start {
            None
        } else {
            Some(Version::parse(ecosystem, text)?)
        };
        placed.push((place, event));
    }
    placed.sort_by(|(one, _), (other, _)| match (one, other) {
        (Some(one), Some(other)) => one.order(other).unwrap_or(Ordering::Equal),
        (one, other) => one.is_some().cmp(&other.is_some()),
    });
    for (place, event) in placed {
        let order = match &place {
            None => Ordering::Greater,
            Some(place) => version.order(place)?,
        };
        match event {
            Event::Introduced(_) if order.is_ge() => affected = true,
            Event::Fixed(_) if order.is_ge() => affected = false,
            Event::Last(_) if order.is_gt() => affected = false,
            _ => {}
        }
    }
    Some(affected)
}

fn by_requirements(safe: &[String], version: &str) -> Answer {
    let Ok(parsed) = semver::Version::parse(version) else {
        return Answer::Unknown("its version has no place in the order of versions");
    };
    let mut fix = Fix::None;
    for requirement in safe {
        let Ok(read) = semver::VersionReq::parse(requirement) else {
            return Answer::Unknown(
                "the advisory speaks of versions in a way that is not understood",
            );
        };
        if matches(&read, &parsed) {
            return Answer::Clear;
        }
        // What is patched stands before what never was affected.
        if fix == Fix::None {
            fix = Fix::Requirement(requirement.clone());
        }
    }
    Answer::Affected(fix)
}

/// A requirement of an advisory means pre-releases too, other than one of a manifest.
fn matches(requirement: &semver::VersionReq, version: &semver::Version) -> bool {
    if requirement.matches(version) {
        return true;
    }
    if version.pre.is_empty() {
        return false;
    }
    requirement.comparators.iter().all(|comparator| {
        let bound = semver::Version {
            major: comparator.major,
            minor: comparator.minor.unwrap_or(0),
            patch: comparator.patch.unwrap_or(0),
            pre: comparator.pre.clone(),
            build: semver::BuildMetadata::EMPTY,
        };
        let order = version.cmp_precedence(&bound);
        match comparator.op {
            semver::Op::Greater => order.is_gt(),
            semver::Op::GreaterEq => order.is_ge(),
            semver::Op::Less => order.is_lt(),
            semver::Op::LessEq => order.is_le(),
            // Within a release: what its release would satisfy, once it is past the bound.
            _ => order.is_ge() && comparator_matches_release(comparator, version),
        }
    })
}

fn comparator_matches_release(comparator: &semver::Comparator, version: &semver::Version) -> bool {
    let release = semver::Version::new(version.major, version.minor, version.patch);
    comparator.matches(&release)
}

/// Returns the lowest fixed version above the one that is asked for.
fn fix(ecosystem: Ecosystem, record: &Record, version: &str) -> Fix {
    let Some(own) = Version::parse(ecosystem, version) else {
        return Fix::None;
    };
    let mut best: Option<(Version, &str)> = None;
    for text in record.fixes() {
        let Some(fixed) = Version::parse(ecosystem, text) else {
            continue;
        };
        let is_newer = fixed.order(&own) == Some(Ordering::Greater);
        let is_lower = best
            .as_ref()
            .is_none_or(|(known, _)| fixed.order(known) == Some(Ordering::Less));
        if is_newer && is_lower {
            best = Some((fixed, text));
        }
    }
    best.map_or(Fix::None, |(_, text)| Fix::From(text.to_owned()))
}
