//! What the answers of all places amount to for one name.

use super::client::{self, Details, Reply};
use super::oracle::Calibration;
use super::places::{self, Place, Protocol};
use super::round::Told;
use super::store::{self, Kept};
use super::{Registries, State, dates};
use std::collections::BTreeSet;
use std::time::UNIX_EPOCH;
use tares_model::Ecosystem;
use tares_model::fact::{
    Beside, Dates, Existence, Ignorance, Lookup, PackageFacts, PackageName, Sightings, Timestamp,
};

/// The largest copy of cargo's that is read, in bytes.
const COPY: u64 = 32 * 1024 * 1024;

/// A name at one place.
pub(super) struct Case {
    /// The name.
    pub(super) name: PackageName,
    /// The place.
    pub(super) place: Place,
    /// An earlier answer, fresh or not.
    pub(super) kept: Option<Kept>,
    /// What the place said just now.
    pub(super) told: Option<Told>,
}

impl Case {
    /// Returns whether nothing has to be asked.
    pub(super) fn is_settled(&self, registries: &Registries, now: Timestamp) -> bool {
        let offline = registries.settings.offline;
        let is_fresh = |kept: &Kept| kept.is_fresh(now, offline);
        self.told.is_some() || self.kept.as_ref().is_some_and(is_fresh)
    }

    fn lookup(&self, status: Option<u16>, time: Timestamp) -> Lookup {
        Lookup {
            endpoint: self.place.protocol.as_str().to_owned(),
            host: self.place.base.authority(),
            status,
            time,
            canaries: Vec::new(),
        }
    }
}

/// What one place has to say of a name in the end.
struct Outcome {
    existence: Existence,
    lookup: Lookup,
    details: Option<Details>,
    against_dates: Option<String>,
    /// Whether it was asked just now.
    is_live: bool,
    /// Whether it comes from the place that is asked first.
    is_main: bool,
}

/// Returns what is known of a name from all its places.
pub(super) fn facts(
    registries: &Registries,
    state: &State,
    name: &PackageName,
    cases: Result<Vec<Case>, Ignorance>,
    now: Timestamp,
) -> PackageFacts {
    let (cases, why) = match cases {
        Ok(cases) => (cases, Ignorance::NoPlace),
        Err(why) => (Vec::new(), why),
    };
    let keys: Vec<String> = cases.iter().map(|case| case.place.key()).collect();
    let outcomes = cases.into_iter().enumerate().map(|(at, case)| Outcome {
        is_main: at == 0,
        ..outcome(registries, state, case, now)
    });
    let mut outcomes: Vec<Outcome> = outcomes.collect();
    // One place that has it is enough; that nobody has it takes all of them.
    let rank = |outcome: &Outcome| match outcome.existence {
        Existence::Exists => 0,
        Existence::Unknown(_) => 1,
        Existence::Absent => 2,
    };
    let decides = (0..outcomes.len()).min_by_key(|&at| rank(&outcomes[at]));
    let mut outcome = decides.map(|at| outcomes.swap_remove(at));
    let is_settled = |outcome: &Outcome| !matches!(outcome.existence, Existence::Unknown(_));
    if !outcome.as_ref().is_some_and(is_settled) {
        outcome = local(registries, name, now).or(outcome);
    }
    match outcome {
        Some(outcome) => {
            let sightings = sightings(registries, name, &keys, &outcome, now);
            let beside = outcomes.iter().map(|other| beside(&outcome, other));
            PackageFacts {
                beside: beside.collect(),
                ..assemble(registries, name, outcome, sightings, now)
            }
        }
        None => PackageFacts::unknown(name.clone(), why),
    }
}

/// Says what another place has under the same name.
fn beside(decides: &Outcome, other: &Outcome) -> Beside {
    let digests = |outcome: &Outcome| -> BTreeSet<String> {
        let releases = outcome.details.iter().flat_map(|details| &details.releases);
        let digests = releases.flat_map(|release| release.digests.iter().cloned());
        digests.collect()
    };
    let (own, theirs) = (digests(decides), digests(other));
    let is_told = !own.is_empty() && !theirs.is_empty();
    Beside {
        host: other.lookup.host.clone(),
        is_main: other.is_main,
        existence: other.existence.clone(),
        is_same: is_told.then(|| !own.is_disjoint(&theirs)),
    }
}

/// Puts together what is known of a name.
fn assemble(
    registries: &Registries,
    name: &PackageName,
    outcome: Outcome,
    sightings: Sightings,
    now: Timestamp,
) -> PackageFacts {
    let details = outcome.details.unwrap_or_default();
    let mut dates = match details.against_dates {
        Some(why) => Dates::Untrusted(why),
        None => dates::judge(name.ecosystem, &details.releases, now),
    };
    if let (Dates::Plausible, Some(why), None) =
        (&dates, outcome.against_dates, dates::tau(&details.releases))
    {
        dates = Dates::Untrusted(why);
    }
    let is_there = outcome.existence == Existence::Exists;
    PackageFacts {
        in_distribution: is_there
            .then(|| registries.lists.carry(registries, name))
            .flatten(),
        existence: outcome.existence,
        lookup: Some(outcome.lookup),
        releases: details.releases,
        dates,
        latest: details.latest,
        repository: details.repository,
        sightings,
        ..PackageFacts::unknown(name.clone(), Ignorance::NoPlace)
    }
}

/// Returns what one place says of a name, and keeps it where it counts.
fn outcome(registries: &Registries, state: &State, mut case: Case, now: Timestamp) -> Outcome {
    let offline = registries.settings.offline;
    let Some(told) = case.told.take() else {
        let kept = case.kept.take().filter(|kept| kept.is_fresh(now, offline));
        return match kept {
            Some(kept) => remembered(&case, kept),
            None => Outcome {
                existence: Existence::Unknown(Ignorance::Offline),
                lookup: case.lookup(None, now),
                details: None,
                against_dates: None,
                is_live: false,
                is_main: false,
            },
        };
    };
    let calibration = state.calibrated.get(&case.place.key());
    let (status, etag) = (told.status, told.etag.clone());
    let (existence, details) = weigh(&case, told, calibration);
    // Where nobody can be reached, what was there lately is there still.
    if matches!(existence, Existence::Unknown(Ignorance::Failed(_)))
        && let Some(kept) = case
            .kept
            .take_if(|kept| kept.details.is_some() && kept.is_fresh(now, true))
    {
        return remembered(&case, kept);
    }
    let mut lookup = case.lookup(status, now);
    lookup.canaries = calibration
        .map(|one| one.canaries.clone())
        .unwrap_or_default();
    let against_dates = calibration.and_then(|one| one.against_dates.clone());
    if !matches!(existence, Existence::Unknown(_)) {
        let kept = Kept {
            time: now,
            status,
            etag,
            details: details.clone(),
            canaries: lookup.canaries.clone(),
            against_dates: against_dates.clone(),
        };
        store::keep_answer(&registries.cache, &case.place, &case.name.name, &kept);
    }
    Outcome {
        existence,
        lookup,
        details,
        against_dates,
        is_live: true,
        is_main: false,
    }
}

fn remembered(case: &Case, kept: Kept) -> Outcome {
    let mut lookup = case.lookup(kept.status, kept.time);
    lookup.canaries = kept.canaries;
    Outcome {
        existence: match kept.details {
            Some(_) => Existence::Exists,
            None => Existence::Absent,
        },
        lookup,
        details: kept.details,
        against_dates: kept.against_dates,
        is_live: false,
        is_main: false,
    }
}

/// Says what an answer means at a place whose worth is known.
fn weigh(
    case: &Case,
    told: Told,
    calibration: Option<&Calibration>,
) -> (Existence, Option<Details>) {
    let unknown = |why: Ignorance| (Existence::Unknown(why), None);
    let against = match calibration {
        Some(calibration) => calibration.against.clone(),
        None => Some("it was not tried".to_owned()),
    };
    match (told.reply, against) {
        (Reply::Odd(why), _) => unknown(why),
        (_, Some(against)) => unknown(Ignorance::Uncalibrated(against)),
        (Reply::Found(details), None) => (Existence::Exists, Some(*details)),
        (Reply::Same, None) => match case.kept.as_ref().and_then(|kept| kept.details.clone()) {
            Some(details) => (Existence::Exists, Some(details)),
            None => {
                let why = "`not modified` without a question".to_owned();
                unknown(Ignorance::Malformed(why))
            }
        },
        (Reply::Absent, None)
            if case.place.protocol == Protocol::SparseIndex
                && !client::has_all_spellings(&case.name.name) =>
        {
            let why = "there are too many ways to spell the name".to_owned();
            unknown(Ignorance::Malformed(why))
        }
        (Reply::Absent, None) => (Existence::Absent, None),
    }
}

/// Looks into the copies of index files that cargo keeps on this machine. They tell that a crate
/// is there, never that one is not.
fn local(registries: &Registries, name: &PackageName, now: Timestamp) -> Option<Outcome> {
    if name.ecosystem != Ecosystem::Cargo {
        return None;
    }
    let (file, written) = places::cargo_copy(&registries.ground(), &name.name)?;
    let time = written.duration_since(UNIX_EPOCH).ok()?;
    let details = match store::copy(&registries.cache, &file, time) {
        Some(details) => details,
        None => {
            let bytes = registries.system.read(&file, COPY).ok()?;
            let details = client::from_local_cache(&name.name, &bytes)?;
            store::keep_copy(&registries.cache, &file, time, &details);
            details
        }
    };
    Some(Outcome {
        existence: Existence::Exists,
        lookup: Lookup {
            endpoint: "cache".to_owned(),
            host: String::new(),
            status: None,
            time: Timestamp(i64::try_from(time.as_secs()).ok()?).min(now),
            canaries: Vec::new(),
        },
        details: Some(details),
        against_dates: None,
        is_live: false,
        is_main: false,
    })
}

/// Returns what was seen earlier, and writes down what is seen now.
fn sightings(
    registries: &Registries,
    name: &PackageName,
    places: &[String],
    outcome: &Outcome,
    now: Timestamp,
) -> Sightings {
    let Some(ledger) = &registries.ledger else {
        return Sightings::default();
    };
    // Absent here and present there is no history: only the same places tell one.
    let at = crate::ledger::place_id(places);
    let seen = ledger.sightings(name, &at);
    if outcome.is_live && !matches!(outcome.existence, Existence::Unknown(_)) {
        ledger.record(name, &at, outcome.existence == Existence::Exists, now);
    }
    seen
}
