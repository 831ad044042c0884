//! Gathers the documents of sources into what a store keeps, and counts what it met.

use super::record::store_key;
use super::{Day, Kind, ReadError, read};
use crate::Ecosystem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Documents that could not be read and are named; more are counted.
const NAMED: usize = 10;

/// What a store says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contents {
    /// When it was built, in seconds since 1970.
    pub built: u64,
    /// The sources, in the order in which they were named.
    pub sources: Vec<Source>,
}

/// One source with what it gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// As the user named it, made absolute.
    pub place: String,
    /// Folder, archive or repository.
    pub form: String,
    /// The newest day that the data itself carries; a day after the import does not count.
    pub newest: Option<Day>,
    /// Documents that are advisories, withdrawn ones too.
    pub advisories: u64,
    /// Of these, withdrawn: not kept.
    pub withdrawn: u64,
    /// Files that are something else.
    pub other: u64,
    /// Packages in ecosystems that are not known.
    pub foreign: u64,
    /// Ranges that only the history of a repository can decide: skipped.
    pub commit_ranges: u64,
    /// Records kept, by the type of package URLs.
    pub tallies: BTreeMap<String, Tally>,
    /// How many documents could not be read.
    pub broken_count: u64,
    /// The first of them.
    pub broken: Vec<Broken>,
}

/// Records of one ecosystem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// All.
    pub records: u64,
    /// Of these, malware.
    pub malware: u64,
}

/// A document that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Its name in the source.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// An import under way.
#[derive(Debug, Default)]
pub struct Import {
    today: Day,
    contents: Contents,
    /// Key and record, in the order in which they came.
    entries: Vec<(Box<[u8]>, Box<[u8]>)>,
}

impl Import {
    /// Begins an import at a time in seconds since 1970.
    pub fn new(now: u64) -> Self {
        Self {
            today: Day::of_seconds(now),
            contents: Contents {
                built: now,
                sources: Vec::new(),
            },
            entries: Vec::new(),
        }
    }

    /// Begins a source; what follows belongs to it. `dated` is the day that it carries as a whole.
    pub fn source(&mut self, place: &str, form: &str, dated: Option<Day>) {
        let newest = dated.filter(|day| *day <= self.today);
        self.contents.sources.push(Source {
            place: place.to_owned(),
            form: form.to_owned(),
            newest,
            ..Source::default()
        });
    }

    /// Takes one document of the source that was begun last.
    pub fn document(&mut self, name: &str, text: &[u8]) {
        let Some(source) = self.contents.sources.last_mut() else {
            return;
        };
        let document = match read(name, text) {
            Ok(document) => document,
            Err(ReadError::Other) => {
                source.other += 1;
                return;
            }
            Err(ReadError::Syntax(reason)) => {
                source.broken_count += 1;
                if source.broken.len() < NAMED {
                    source.broken.push(Broken {
                        name: name.to_owned(),
                        reason,
                    });
                }
                return;
            }
        };
        source.advisories += 1;
        source.withdrawn += u64::from(document.withdrawn);
        source.foreign += document.foreign as u64;
        source.commit_ranges += document.commit_ranges as u64;
        // A date in the future would keep old data young for ever.
        let modified = document.modified.filter(|day| *day <= self.today);
        source.newest = source.newest.max(modified);
        for record in document.records {
            let Some(ecosystem) = record.ecosystem else {
                continue;
            };
            let tally = source
                .tallies
                .entry(ecosystem.as_str().to_owned())
                .or_default();
            tally.records += 1;
            tally.malware += u64::from(record.kind == Kind::Malware);
            let key = store_key(ecosystem, &record.name);
            self.entries
                .push((key.into_boxed_slice(), record.to_bytes().into_boxed_slice()));
        }
    }

    /// Returns what the store says about itself, and its entries by key, each key once.
    pub fn finish(mut self) -> (Contents, Vec<(Box<[u8]>, Vec<u8>)>) {
        self.entries.sort();
        self.entries.dedup();
        let mut merged: Vec<(Box<[u8]>, Vec<u8>)> = Vec::new();
        for (key, record) in self.entries {
            match merged.last_mut() {
                Some((known, bytes)) if *known == key => bytes.extend_from_slice(&record),
                _ => merged.push((key, record.into_vec())),
            }
        }
        (self.contents, merged)
    }
}

impl Contents {
    /// Returns how many records it has about an ecosystem, and the newest day of a source that
    /// has any.
    pub fn of(&self, ecosystem: Ecosystem) -> Option<(u64, Option<Day>)> {
        let sources = self.sources.iter().filter_map(|source| {
            let tally = source.tallies.get(ecosystem.as_str())?;
            Some((tally.records, source.newest))
        });
        sources.reduce(|(count, newest), (more, day)| (count + more, newest.max(day)))
    }
}
