//! One advisory about one package, in the form that is kept.

use super::{Day, Grade};
use crate::Ecosystem;
use serde::{Deserialize, Serialize};

/// What an advisory says of one package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its ecosystem, by the type of package URLs.
    #[serde(skip)]
    pub ecosystem: Option<Ecosystem>,
    /// Normal name of the package; the store keeps it as key.
    #[serde(skip)]
    pub name: String,
    /// Id, such as `GHSA-…`.
    pub id: String,
    /// Other names of the same thing.
    pub aliases: Vec<String>,
    /// Day on which it was published.
    pub date: Option<Day>,
    /// What it is about.
    pub kind: Kind,
    /// How bad, where it says so.
    pub grade: Option<Grade>,
    /// CVSS vector, as given; the newest version of CVSS where there are several.
    pub vector: Option<String>,
    /// Ranges of versions, each a list of events.
    pub ranges: Vec<Vec<Event>>,
    /// Versions that are named one by one and that no range covers.
    pub versions: Vec<String>,
    /// Cargo requirements of versions that are *not* affected, where that is how it speaks
    /// (RustSec); all others are.
    pub safe: Option<Vec<String>>,
    /// Some of what it says only the history of a repository can decide.
    pub by_commits: bool,
    /// Its first line, cut.
    pub title: String,
}

/// What an advisory is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Something to be told and no flaw.
    Notice,
    /// Nobody looks after it any more.
    Unmaintained,
    /// Safe code can reach undefined behaviour.
    Unsound,
    /// A flaw.
    Vulnerability,
    /// Made to do harm.
    Malware,
}

/// A place in the order of versions where something changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Affected from here on; `0` is the beginning.
    Introduced(String),
    /// No longer affected from here on.
    Fixed(String),
    /// The last that is affected.
    Last(String),
}

impl Record {
    /// Returns whether it speaks of every version that there is or will be.
    pub fn covers_all(&self) -> bool {
        let from_the_start = |events: &Vec<Event>| matches!(events.as_slice(), [Event::Introduced(from)] if from == "0");
        self.ranges.iter().any(from_the_start) || self.safe.as_ref().is_some_and(Vec::is_empty)
    }

    /// Returns the versions that are the first without the flaw, in the order of the record.
    pub fn fixes(&self) -> impl Iterator<Item = &str> {
        let fixed = self
            .ranges
            .iter()
            .flatten()
            .filter_map(|event| match event {
                Event::Fixed(version) => Some(version.as_str()),
                _ => None,
            });
        let safe = self.safe.iter().flatten();
        fixed.chain(safe.map(String::as_str))
    }

    /// Returns the bytes that a store keeps.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("records are plain data")
    }
}

/// What stands under a name in a store cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Reads the records that a store keeps under one name.
///
/// # Errors
/// When the bytes are none that [`Record::to_bytes`] wrote.
pub fn records(mut bytes: &[u8]) -> Result<Vec<Record>, Refusal> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (record, rest) =
            postcard::take_from_bytes(bytes).map_err(|error| Refusal(error.to_string()))?;
        found.push(record);
        bytes = rest;
    }
    Ok(found)
}

/// Returns the key of a package in a store.
pub fn store_key(ecosystem: Ecosystem, normal: &str) -> Vec<u8> {
    [ecosystem.as_str().as_bytes(), &[0], normal.as_bytes()].concat()
}
