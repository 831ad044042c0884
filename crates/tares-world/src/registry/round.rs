//! One round of questions: all names and the names whose answers are known, at once.

use super::address::Address;
use super::client::{self, Reply};
use super::http::Ask;
use super::places::{Place, Protocol};
use super::{Registries, THREADS};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tares_model::fact::Ignorance;

/// One question of a round.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// Where.
    pub(super) place: Place,
    /// For what.
    pub(super) name: String,
    /// Address of one spelling.
    pub(super) address: Address,
    /// What the server called the answer that is at hand.
    pub(super) etag: Option<String>,
}

impl Task {
    /// Asks for a name in its likeliest spelling.
    pub(super) fn first(place: &Place, name: &str) -> Option<Self> {
        let address = client::addresses(place, name)
            .into_iter()
            .flatten()
            .next()?;
        Some(Self {
            place: place.clone(),
            name: name.to_owned(),
            address,
            etag: None,
        })
    }
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// Status of the answer.
    pub(super) status: Option<u16>,
    /// What the server calls it.
    pub(super) etag: Option<String>,
    /// What it means.
    pub(super) reply: Reply,
}

impl Told {
    /// Makes it of something that gave no answer.
    pub(super) fn unknown(why: Ignorance) -> Self {
        Self {
            status: None,
            etag: None,
            reply: Reply::Odd(why),
        }
    }

    /// Puts the answers to several spellings of one name together: one that is there decides,
    /// then one that tells nothing.
    pub(super) fn of_spellings(told: Vec<Self>) -> Self {
        let rank = |one: &Self| match one.reply {
            Reply::Found(_) | Reply::Same => 0,
            Reply::Odd(_) => 1,
            Reply::Absent => 2,
        };
        let best = told.into_iter().min_by_key(rank);
        best.unwrap_or_else(|| Self::unknown(Ignorance::NoPlace))
    }
}

/// Asks everything at once, in at most [`THREADS`] threads, and returns the answers in the order
/// of the questions.
pub(super) fn run(registries: &Registries, tasks: &[Task], end: Instant) -> Vec<Told> {
    let next = AtomicUsize::new(0);
    let told: Mutex<Vec<Option<Told>>> = Mutex::new(vec![None; tasks.len()]);
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(tasks.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(index) else {
                        break;
                    };
                    let answer = one(registries, task, end);
                    told.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(answer);
                }
            });
        }
    });
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let broken = || Told::unknown(Ignorance::Failed("it was not asked".to_owned()));
    told.into_iter()
        .map(|one| one.unwrap_or_else(broken))
        .collect()
}

fn one(registries: &Registries, task: &Task, end: Instant) -> Told {
    let protocol = task.place.protocol;
    let mut ask = Ask {
        address: task.address.clone(),
        accept: client::accept(protocol),
        credential: task.place.credential.clone(),
        etag: task.etag.clone(),
        limit: client::LARGEST,
        may_pack: true,
    };
    let mut answer = registries.ask(&task.place, &ask, end);
    if protocol == Protocol::Packument && matches!(answer, Err(Ignorance::Malformed(_))) {
        // The full form may be too large; the short one has everything but dates.
        ask.accept = client::SHORT_PACKUMENT;
        ask.etag = None;
        answer = registries.ask(&task.place, &ask, end);
    }
    match answer {
        Ok(answer) => Told {
            status: Some(answer.status),
            etag: answer.etag.clone(),
            reply: client::reply(protocol, &task.name, &answer),
        },
        Err(why) => Told::unknown(why),
    }
}
