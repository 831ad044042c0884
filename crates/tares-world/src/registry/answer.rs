//! From names to facts: what is at hand, what has to be asked, and what the answers amount to.

use super::client::{self, Reply};
use super::oracle::{self, Calibration};
use super::outcome::{self, Case};
use super::places::Place;
use super::round::{self, Task, Told};
use super::{Registries, State, store};
use std::collections::BTreeMap;
use std::time::Instant;
use tares_model::fact::{Ignorance, PackageName, Timestamp};

/// Learns what is not known yet of some names.
pub(super) fn learn(registries: &Registries, state: &mut State, names: &[PackageName]) {
    let now = registries.now();
    let ground = registries.ground();
    let mut cases: BTreeMap<PackageName, Result<Vec<Case>, Ignorance>> = BTreeMap::new();
    for name in names.iter().filter(|name| !state.facts.contains_key(*name)) {
        if cases.contains_key(name) {
            continue;
        }
        let places = if name.ecosystem.is_name(&name.name) {
            registries.places.of(&ground, name)
        } else {
            Err(Ignorance::Malformed(
                "no name that can be asked for".to_owned(),
            ))
        };
        let case = |place: Place| Case {
            kept: store::answer(&registries.cache, &place, &name.name),
            name: name.clone(),
            place,
            told: None,
        };
        let found = places.map(|places| places.into_iter().map(case).collect());
        cases.insert(name.clone(), found);
    }
    let mut open: Vec<&mut Case> = cases
        .values_mut()
        .flatten()
        .flatten()
        .filter(|case| !case.is_settled(registries, now))
        .collect();
    if !open.is_empty() && !registries.settings.offline {
        ask(registries, state, &mut open, now);
    }
    for (name, found) in cases {
        let facts = outcome::facts(registries, state, &name, found, now);
        state.facts.insert(name, facts);
    }
}

/// A place that has to show first what its answers are worth.
struct Trial {
    place: Place,
    present: String,
    absent: String,
}

/// Asks for everything that is open: in one round all names in their usual spellings together
/// with the names whose answers are known; in a second, rarely, what the first left open.
fn ask(registries: &Registries, state: &mut State, open: &mut [&mut Case], now: Timestamp) {
    let end = Instant::now() + registries.settings.patience.total;
    let trials = trials(registries, state, open, now);
    let mut tasks: Vec<Task> = Vec::new();
    for trial in &trials {
        for name in [&trial.present, &trial.absent] {
            tasks.extend(Task::first(&trial.place, name));
        }
    }
    let mut counts = Vec::new();
    for case in open.iter() {
        let spellings = spellings(case, 0);
        counts.push(spellings.len());
        tasks.extend(spellings);
    }
    let mut told = round::run(registries, &tasks, end).into_iter();
    let mut next = || {
        let told = told.next();
        told.unwrap_or_else(|| Told::unknown(Ignorance::NoPlace))
    };
    let tried: Vec<(Told, Told)> = trials.iter().map(|_| (next(), next())).collect();
    for (case, count) in open.iter_mut().zip(counts) {
        case.told = Some(Told::of_spellings((0..count).map(|_| next()).collect()));
    }
    for (trial, (present, absent)) in trials.into_iter().zip(tried) {
        let calibration = conclude(registries, &trial, present, &absent, now, end);
        store::keep_calibration(&registries.cache, &trial.place, &calibration);
        state.calibrated.insert(trial.place.key(), calibration);
    }
    ask_further(registries, state, open, end);
}

/// Asks for further spellings of what is absent in its usual ones, at places that count.
fn ask_further(registries: &Registries, state: &State, open: &mut [&mut Case], end: Instant) {
    for case in open.iter_mut() {
        let told = case.told.as_ref();
        let is_absent = told.is_some_and(|told| told.reply == Reply::Absent);
        let calibration = state.calibrated.get(&case.place.key());
        let more = spellings(case, 1);
        if is_absent && !more.is_empty() && calibration.is_some_and(|one| one.against.is_none()) {
            case.told = Some(Told::of_spellings(round::run(registries, &more, end)));
        }
    }
}

/// Returns the questions for a name in the spellings of one round.
fn spellings(case: &Case, round: usize) -> Vec<Task> {
    let rounds = client::addresses(&case.place, &case.name.name);
    let addresses = rounds.into_iter().nth(round).unwrap_or_default();
    // Only what is there can be the same as before.
    let kept = case.kept.as_ref().filter(|kept| kept.details.is_some());
    let etag = kept.and_then(|kept| kept.etag.clone());
    let task = |address| Task {
        place: case.place.clone(),
        name: case.name.name.clone(),
        address,
        etag: etag.clone(),
    };
    addresses.into_iter().map(task).collect()
}

/// Returns the places that have to be tried, each once per run.
fn trials(
    registries: &Registries,
    state: &mut State,
    open: &[&mut Case],
    now: Timestamp,
) -> Vec<Trial> {
    let mut trials: BTreeMap<String, Trial> = BTreeMap::new();
    for case in open {
        let key = case.place.key();
        if state.calibrated.contains_key(&key) || trials.contains_key(&key) {
            continue;
        }
        if let Some(kept) = store::calibration(&registries.cache, &case.place, now) {
            state.calibrated.insert(key, kept);
            continue;
        }
        let (place, known) = (&case.place, &registries.settings.known);
        let scope = case.name.name.split_once('/').map(|(scope, _)| scope);
        let trial = Trial {
            present: oracle::present(place, known, |name| is_at(registries, place, name)),
            absent: oracle::absent(place.protocol, scope.filter(|scope| scope.starts_with('@'))),
            place: place.clone(),
        };
        trials.insert(key, trial);
    }
    trials.into_values().collect()
}

/// Returns whether a name is looked up at a place.
fn is_at(registries: &Registries, place: &Place, name: &PackageName) -> bool {
    let places = registries.places.of(&registries.ground(), name);
    places.is_ok_and(|places| places.contains(place))
}

/// Judges a place. Where the first name that must be there is not, others may be.
fn conclude(
    registries: &Registries,
    trial: &Trial,
    mut present: Told,
    absent: &Told,
    now: Timestamp,
    end: Instant,
) -> Calibration {
    let place = &trial.place;
    let mut name = trial.present.clone();
    if present.reply == Reply::Absent && absent.reply == Reply::Absent {
        let known = &registries.settings.known;
        let mut names = oracle::further(place, known, |name| is_at(registries, place, name));
        names.retain(|one| *one != name);
        let tasks: Vec<Task> = names
            .iter()
            .filter_map(|one| Task::first(place, one))
            .collect();
        let told = round::run(registries, &tasks, end);
        let mut found = names.into_iter().zip(told);
        if let Some(found) = found.find(|(_, told)| matches!(told.reply, Reply::Found(_))) {
            (name, present) = found;
        }
    }
    oracle::calibrate(
        place.protocol,
        (&name, &present),
        (&trial.absent, absent),
        now,
    )
}
