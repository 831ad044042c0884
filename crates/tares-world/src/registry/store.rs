//! What places answered earlier, kept in the user's cache folder with the time of the answer.

use super::client::Details;
use super::oracle::Calibration;
use super::places::Place;
use crate::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;
use tares_model::fact::{Canary, Timestamp};

/// How long a place's calibration counts, in seconds.
const CALIBRATION: i64 = 10 * 60;
/// How long an absent name stays absent, in seconds: whoever waits for it registers it soon.
const ABSENT: i64 = 10 * 60;
/// How long a name that is there is not asked for again, in seconds. Afterwards the place is
/// asked whether something changed.
const EXISTS: i64 = 4 * 3600;
/// How long a name that is there counts when nothing may be asked, in seconds.
const EXISTS_OFFLINE: i64 = 30 * 24 * 3600;

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// When it was given.
    pub(super) time: Timestamp,
    /// Its status.
    pub(super) status: Option<u16>,
    /// What the server calls it.
    pub(super) etag: Option<String>,
    /// What the name has there; `None` where it is absent.
    pub(super) details: Option<Details>,
    /// On what it rests.
    pub(super) canaries: Vec<Canary>,
    /// Why dates of packages with few versions do not count there.
    pub(super) against_dates: Option<String>,
}

impl Kept {
    /// Returns whether it stands for an answer of now.
    pub(super) fn is_fresh(&self, now: Timestamp, is_offline: bool) -> bool {
        let limit = match (&self.details, is_offline) {
            (None, _) => ABSENT,
            (Some(_), false) => EXISTS,
            (Some(_), true) => EXISTS_OFFLINE,
        };
        is_within(self.time, now, limit)
    }
}

/// Returns whether a time is at most so many seconds ago. A time in the future never is: the
/// clock was set back, and nothing can be told.
fn is_within(time: Timestamp, now: Timestamp, limit: i64) -> bool {
    (0..=limit).contains(&now.0.saturating_sub(time.0))
}

/// Returns what was kept of a name.
pub(super) fn answer(cache: &Cache, place: &Place, name: &str) -> Option<Kept> {
    get(cache, &["answer 1", &place.key(), name])
}

/// Keeps an answer.
pub(super) fn keep_answer(cache: &Cache, place: &Place, name: &str, kept: &Kept) {
    put(cache, &["answer 1", &place.key(), name], kept);
}

/// Returns what was kept of a place, if it still counts.
pub(super) fn calibration(cache: &Cache, place: &Place, now: Timestamp) -> Option<Calibration> {
    let kept: Calibration = get(cache, &["calibration 1", &place.key()])?;
    is_within(kept.time, now, CALIBRATION).then_some(kept)
}

/// Keeps that a place's answers count. One whose answers do not is tried again in the next run.
pub(super) fn keep_calibration(cache: &Cache, place: &Place, calibration: &Calibration) {
    if calibration.against.is_none() {
        put(cache, &["calibration 1", &place.key()], calibration);
    }
}

/// Returns what was read of a copy that cargo keeps, as it was written then. A copy holds all
/// that a build needs, a hundred times more than counts here.
pub(super) fn copy(cache: &Cache, file: &Path, written: Duration) -> Option<Details> {
    get(
        cache,
        &copy_key(file, written).each_ref().map(String::as_str),
    )
}

/// Keeps what was read of a copy.
pub(super) fn keep_copy(cache: &Cache, file: &Path, written: Duration, details: &Details) {
    let key = copy_key(file, written);
    put(cache, &key.each_ref().map(String::as_str), details);
}

fn copy_key(file: &Path, written: Duration) -> [String; 3] {
    let file = file.to_string_lossy().into_owned();
    ["copy 1".to_owned(), file, written.as_nanos().to_string()]
}

fn key(parts: &[&str]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes()).update(b"\0");
    }
    *hasher.finalize().as_bytes()
}

fn get<T: DeserializeOwned>(cache: &Cache, parts: &[&str]) -> Option<T> {
    serde_json::from_slice(&cache.get(&key(parts))?).ok()
}

fn put<T: Serialize>(cache: &Cache, parts: &[&str], value: &T) {
    if let Ok(bytes) = serde_json::to_vec(value) {
        cache.put(&key(parts), &bytes);
    }
}
