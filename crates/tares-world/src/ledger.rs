//! Names that were seen absent or there, as an append-only file in the user's data folder.
//!
//! A name that models invent and that nobody had, and that is there one day, was registered by
//! somebody who waited for it. No registry tells that; tares writes it down itself. The format is
//! `specs/ledger.md`. Lines are only ever added, each in one write and with a digest of its own,
//! so that several processes may write and a kill may come at any moment: what is not whole is
//! not there.

use crate::System;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tares_model::Ecosystem;
use tares_model::fact::{PackageName, Sightings, Timestamp};

/// The largest file that is read, in bytes: some 600,000 lines.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How long after a sighting of an absent name the next one is written down, in seconds.
const AGAIN: i64 = 24 * 3600;
/// First part of each line: the version of the format.
const VERSION: &str = "1";

/// The record of sightings.
#[derive(Debug)]
pub struct Ledger {
    system: Arc<dyn System>,
    file: PathBuf,
    known: Mutex<Option<Known>>,
}

/// Sightings by ecosystem, name and place.
type Known = BTreeMap<(Ecosystem, String), BTreeMap<String, Sightings>>;

/// Returns the mark of a set of places, from which no address can be read.
pub fn place_id(places: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    for place in places {
        hasher.update(place.as_bytes()).update(b"\0");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

impl Ledger {
    /// Returns the record in a file, which is read when it is first needed.
    pub fn new(system: Arc<dyn System>, file: PathBuf) -> Self {
        Self {
            system,
            file,
            known: Mutex::new(None),
        }
    }

    /// Returns what was seen of a name at a place.
    pub fn sightings(&self, name: &PackageName, place: &str) -> Sightings {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(|| self.read());
        let found = known.get(&(name.ecosystem, name.name.clone()));
        found
            .and_then(|places| places.get(place))
            .cloned()
            .unwrap_or_default()
    }

    /// Writes down whether a name was there, where that adds something. A file that cannot be
    /// written is no error: the sighting is made again.
    pub fn record(&self, name: &PackageName, place: &str, exists: bool, now: Timestamp) {
        let seen = self.sightings(name, place);
        let is_known = if exists {
            seen.first_exists
                .is_some_and(|first| seen.last_absent.is_none_or(|last| last < first))
        } else {
            seen.last_absent
                .is_some_and(|last| now.0.saturating_sub(last.0) < AGAIN)
        };
        if !is_known {
            let what = if exists { "exists" } else { "absent" };
            self.write(name, place, what, now, "");
        }
    }

    /// Writes down that somebody vouches for a name that was absent once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn clear(
        &self,
        name: &PackageName,
        place: &str,
        by: &str,
        now: Timestamp,
    ) -> std::io::Result<()> {
        let by: String = by.chars().filter(|c| !c.is_control()).take(128).collect();
        self.write(name, place, "cleared", now, &by)
            .ok_or_else(|| std::io::Error::other("the record of sightings cannot be written"))
    }

    /// Returns the places at which a name was absent once.
    pub fn absent_at(&self, name: &PackageName) -> Vec<String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(|| self.read());
        let places = known.get(&(name.ecosystem, name.name.clone()));
        let absent = places.into_iter().flatten();
        absent
            .filter(|(_, seen)| seen.first_absent.is_some())
            .map(|(place, _)| place.clone())
            .collect()
    }

    fn write(
        &self,
        name: &PackageName,
        place: &str,
        what: &str,
        now: Timestamp,
        by: &str,
    ) -> Option<()> {
        let line = [
            VERSION,
            name.ecosystem.as_str(),
            &name.name,
            place,
            what,
            &now.0.to_string(),
            by,
        ]
        .join("\t");
        // A line before it that a kill cut short ends here, and counts as damaged.
        let whole = format!("\n{line}\t{}\n", digest(&line));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.system.append(&self.file, whole.as_bytes()).ok()?;
        take(known.get_or_insert_with(|| self.read()), &whole);
        Some(())
    }

    fn read(&self) -> Known {
        let mut known = Known::new();
        let bytes = self.system.read(&self.file, LARGEST).unwrap_or_default();
        take(&mut known, &String::from_utf8_lossy(&bytes));
        known
    }
}

/// Takes in all lines that are whole.
fn take(known: &mut Known, text: &str) {
    for line in text.lines() {
        let Some((line, sum)) = line.rsplit_once('\t') else {
            continue;
        };
        let parts: Vec<&str> = line.split('\t').collect();
        let &[VERSION, ecosystem, name, place, what, time, by] = parts.as_slice() else {
            continue;
        };
        let (Ok(ecosystem), Ok(time)) = (ecosystem.parse(), time.parse().map(Timestamp)) else {
            continue;
        };
        if digest(line) != sum {
            continue;
        }
        let places = known.entry((ecosystem, name.to_owned())).or_default();
        let seen = places.entry(place.to_owned()).or_default();
        let earliest = |old: Option<Timestamp>| Some(old.map_or(time, |old| old.min(time)));
        match what {
            "absent" => {
                seen.first_absent = earliest(seen.first_absent);
                seen.last_absent = seen.last_absent.max(Some(time));
            }
            "exists" => seen.first_exists = earliest(seen.first_exists),
            "cleared" => seen.cleared_by = Some(by.to_owned()),
            _ => {}
        }
    }
}

/// Returns the first 8 hexadecimal digits of a line's digest: against damage, not against forgery.
fn digest(line: &str) -> String {
    blake3::hash(line.as_bytes()).to_hex()[..8].to_owned()
}
