//! Whether a place's answers are evidence: it is asked for a name that must be there and for one
//! that cannot be.
//!
//! A mirror may answer 404 for everything, and a catch-all page 200. Neither tells whether a
//! package exists. Only where both names got the right answer does a 404 mean that a name is
//! absent, and a 200 that it is there.

use super::client::Reply;
use super::dates;
use super::places::{Place, Protocol};
use super::round::Told;
use serde::{Deserialize, Serialize};
use std::hash::{BuildHasher as _, Hasher as _};
use tares_model::Ecosystem;
use tares_model::fact::{Canary, Dates, Ignorance, PackageName, Timestamp};

/// The most names of the caller's that a place is tried with, when the first is not there.
const FURTHER: usize = 15;

/// What a place's answers are worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Calibration {
    /// What it said to the names whose answer is known.
    pub(super) canaries: Vec<Canary>,
    /// Why nothing it says counts, if so.
    pub(super) against: Option<String>,
    /// Why dates of packages with few versions do not count, if so: those of the name that must
    /// be there do not fit.
    pub(super) against_dates: Option<String>,
    /// When it was asked.
    pub(super) time: Timestamp,
}

/// Returns the name that must be there: one that the caller knows, else one that everybody has.
///
/// The fixed ones have been in their registries for ten years and more, and far too much hangs
/// on them for them to go.
pub(super) fn present(
    place: &Place,
    known: &[PackageName],
    is_here: impl Fn(&PackageName) -> bool,
) -> String {
    let ecosystem = ecosystem(place.protocol);
    // A name with `-` may be spelled in several ways, of which one is the right one.
    let is_plain = |name: &&PackageName| ecosystem != Ecosystem::Cargo || !name.name.contains('-');
    let mut fitting = known.iter().filter(|name| name.ecosystem == ecosystem);
    match fitting.find(|name| is_plain(name) && ecosystem.is_name(&name.name) && is_here(name)) {
        Some(name) => name.name.clone(),
        None => well_known(place.protocol),
    }
}

/// Returns further names that may be there, for a place that does not have the first: the one
/// that everybody has, and more that the caller knows. A small place beside the main one has few
/// names, and the caller's lock file some of them.
pub(super) fn further(
    place: &Place,
    known: &[PackageName],
    is_here: impl Fn(&PackageName) -> bool,
) -> Vec<String> {
    let ecosystem = ecosystem(place.protocol);
    let fitting = known.iter().filter(|name| {
        name.ecosystem == ecosystem && ecosystem.is_name(&name.name) && is_here(name)
    });
    let known = fitting.map(|name| name.name.clone()).take(FURTHER);
    std::iter::once(well_known(place.protocol))
        .chain(known)
        .collect()
}

/// Returns the name that every full place of its kind has.
fn well_known(protocol: Protocol) -> String {
    let name = match protocol {
        Protocol::SimpleIndex => "requests",
        Protocol::Packument => "left-pad",
        Protocol::SparseIndex => "serde",
        Protocol::ModuleProxy => "golang.org/x/text",
        Protocol::MavenMetadata => "junit:junit",
    };
    name.to_owned()
}

/// Returns a name that cannot be there: 64 random bits, new each time, because a fixed one could
/// be registered. In the scope of what is asked for where there is one.
pub(super) fn absent(protocol: Protocol, scope: Option<&str>) -> String {
    let random = std::collections::hash_map::RandomState::new();
    let bits = random.build_hasher().finish();
    let name = format!("tarescanary{bits:016x}");
    match (protocol, scope) {
        (Protocol::Packument, Some(scope)) => format!("{scope}/{name}"),
        (Protocol::ModuleProxy, _) => format!("golang.org/x/{name}"),
        (Protocol::MavenMetadata, _) => format!("junit:{name}"),
        _ => name,
    }
}

/// Returns the ecosystem of a kind of place.
pub(super) fn ecosystem(protocol: Protocol) -> Ecosystem {
    match protocol {
        Protocol::SimpleIndex => Ecosystem::PyPi,
        Protocol::Packument => Ecosystem::Npm,
        Protocol::SparseIndex => Ecosystem::Cargo,
        Protocol::ModuleProxy => Ecosystem::Go,
        Protocol::MavenMetadata => Ecosystem::Maven,
    }
}

/// Judges a place by its two answers.
pub(super) fn calibrate(
    protocol: Protocol,
    present: (&str, &Told),
    absent: (&str, &Told),
    now: Timestamp,
) -> Calibration {
    let against = match (&present.1.reply, &absent.1.reply) {
        (Reply::Absent, _) => Some(format!(
            "it does not have `{}`, which must be there",
            present.0
        )),
        (Reply::Odd(why), _) => Some(format!("asked for `{}`, {}", present.0, words(why))),
        (_, Reply::Absent) => None,
        (_, Reply::Odd(why)) => Some(format!(
            "asked for a name that cannot be there, {}",
            words(why)
        )),
        _ => Some("it has a name that cannot be there".to_owned()),
    };
    let against_dates = match &present.1.reply {
        Reply::Found(details) => dates::tau(&details.releases).and_then(|_| {
            match dates::judge(ecosystem(protocol), &details.releases, now) {
                Dates::Untrusted(why) => Some(format!("`{}` there: {why}", present.0)),
                _ => None,
            }
        }),
        _ => None,
    };
    let canary = |(name, told): (&str, &Told), must_exist, as_expected| Canary {
        name: name.to_owned(),
        must_exist,
        status: told.status,
        as_expected,
    };
    Calibration {
        canaries: vec![
            canary(present, true, matches!(present.1.reply, Reply::Found(_))),
            canary(absent, false, absent.1.reply == Reply::Absent),
        ],
        against,
        against_dates,
        time: now,
    }
}

/// Says in words why something is unknown.
fn words(why: &Ignorance) -> String {
    match why {
        Ignorance::Failed(why) => format!("it failed: {why}"),
        Ignorance::Malformed(why) | Ignorance::Uncalibrated(why) => {
            format!("it answered with {why}")
        }
        Ignorance::Offline | Ignorance::Private | Ignorance::NoPlace => {
            "it was not asked".to_owned()
        }
    }
}
