//! Facts from outside about a name: what a registry or an archive says of a package.
//!
//! Every fact is optional and three-valued where it can be: known, known not, unknown. Unknown
//! never counts as good and never as bad, and says why it is unknown.

use crate::Ecosystem;
use serde::{Deserialize, Serialize};

/// Seconds since 1970 in universal time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// A name that is asked for, in the form of [`Ecosystem::normal`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageName {
    /// Ecosystem.
    pub ecosystem: Ecosystem,
    /// Name in normal form.
    pub name: String,
}

/// Whether a name exists where a client would look for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existence {
    /// A calibrated place has it.
    Exists,
    /// A calibrated place says that it does not have it.
    Absent,
    /// Nothing can be said, for this reason.
    Unknown(Ignorance),
}

/// Why something is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ignorance {
    /// The user wants no name to leave the machine.
    Offline,
    /// The name is declared private and is asked of nobody.
    Private,
    /// tares has no client for this ecosystem, or the user's client names no place to ask.
    NoPlace,
    /// The place gives no answer that can be relied on: what it said to the names whose answer is
    /// known.
    Uncalibrated(String),
    /// The place could not be reached or broke off, in its or the system's words.
    Failed(String),
    /// The answer is not what the format promises, or is too large.
    Malformed(String),
}

/// What a place answered to one look-up, kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// Kind of the place: `simple-index`, `sparse-index`, `packument`, `module-proxy`, `cache` …
    pub endpoint: String,
    /// Host that was asked, without credentials; empty for what lies on the machine.
    pub host: String,
    /// Status of the answer.
    pub status: Option<u16>,
    /// When it was asked.
    pub time: Timestamp,
    /// What the place said to the names whose answer is known.
    pub canaries: Vec<Canary>,
}

/// A name whose answer is known beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Name.
    pub name: String,
    /// Whether it must be there.
    pub must_exist: bool,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Whether the answer was the expected one.
    pub as_expected: bool,
}

/// Whether the dates of a package can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dates {
    /// They fit the order of versions.
    Plausible,
    /// There are none.
    Missing,
    /// They contradict themselves or the order of versions, for this reason.
    Untrusted(String),
}

/// One release of a package. Empty or `None` means that the place does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Version as the registry writes it.
    pub version: String,
    /// When it was published, as the place says it.
    pub time: Option<Timestamp>,
    /// Whether it was withdrawn.
    pub yanked: Option<bool>,
    /// Why it is discouraged.
    pub deprecated: Option<String>,
    /// Digests of its archives as `algorithm:hex`.
    pub digests: Vec<String>,
    /// Whether installing it runs code of its own.
    pub runs_at_install: Option<bool>,
    /// Whether an attestation of its origin stands beside it.
    pub attested: Option<bool>,
    /// Licence expression.
    pub license: Option<String>,
}

/// What tares itself saw of a name earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sightings {
    /// First time that a calibrated place did not have it.
    pub first_absent: Option<Timestamp>,
    /// Last time.
    pub last_absent: Option<Timestamp>,
    /// First time that it was there.
    pub first_exists: Option<Timestamp>,
    /// Who cleared a name that was absent once.
    pub cleared_by: Option<String>,
}

/// What a further place says of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Host of the place.
    pub host: String,
    /// Whether it is the main one, where names that have no other place are looked up.
    pub is_main: bool,
    /// Whether it has the name.
    pub existence: Existence,
    /// Whether it hands out the same archives, by their digests; `None` where they tell nothing.
    pub is_same: Option<bool>,
}

/// All that is known of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFacts {
    /// The name that was asked for.
    pub name: PackageName,
    /// Whether it exists.
    pub existence: Existence,
    /// On what that rests; `None` where nobody was asked.
    pub lookup: Option<Lookup>,
    /// Releases in the order of the place.
    pub releases: Vec<Release>,
    /// Whether the releases' dates count.
    pub dates: Dates,
    /// The version that the place hands out by itself.
    pub latest: Option<String>,
    /// Address of the source.
    pub repository: Option<String>,
    /// Whether the name exists in other ecosystems, where that was asked.
    pub elsewhere: Vec<(Ecosystem, Existence)>,
    /// What the other places said where a client looks for this name.
    pub beside: Vec<Beside>,
    /// Whether a distribution of an operating system carries it, where such a list is at hand.
    pub in_distribution: Option<bool>,
    /// What was seen of it earlier.
    pub sightings: Sightings,
}

impl PackageFacts {
    /// Returns the facts of a name that nothing is known of.
    pub fn unknown(name: PackageName, why: Ignorance) -> Self {
        Self {
            name,
            existence: Existence::Unknown(why),
            lookup: None,
            releases: Vec::new(),
            dates: Dates::Missing,
            latest: None,
            repository: None,
            elsewhere: Vec::new(),
            beside: Vec::new(),
            in_distribution: None,
            sightings: Sightings::default(),
        }
    }

    /// Returns the earliest date of a release, where the dates count.
    pub fn first_release(&self) -> Option<Timestamp> {
        (self.dates == Dates::Plausible)
            .then(|| {
                self.releases
                    .iter()
                    .filter_map(|release| release.time)
                    .min()
            })
            .flatten()
    }
}

/// A distribution that was fetched without running any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    /// File name.
    pub file: String,
    /// Digest of the archive as `sha256:hex`.
    pub digest: String,
    /// Its files by path inside the archive, bounded in number and size.
    pub files: Vec<(String, Vec<u8>)>,
    /// Whether files were left out because of a bound.
    pub is_partial: bool,
}

/// Answers questions about packages.
///
/// The same question gets the same answer within a run.
pub trait Packages: Sync {
    /// Returns what is known of each name, in the order of the names.
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts>;

    /// Returns the archive of a version, fetched and never run.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn artefact(&self, name: &PackageName, version: &str) -> Result<Artefact, Ignorance>;

    /// Returns the packages installed on this machine that provide a module, by their own
    /// records; those that provide the longest part of its path. Empty where none is known to.
    fn providers(&self, _ecosystem: Ecosystem, _module: &str) -> Vec<PackageName> {
        Vec::new()
    }
}

/// Asks nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPackages;

impl Packages for NoPackages {
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts> {
        let unknown = |name: &PackageName| PackageFacts::unknown(name.clone(), Ignorance::Offline);
        names.iter().map(unknown).collect()
    }

    fn artefact(&self, _: &PackageName, _: &str) -> Result<Artefact, Ignorance> {
        Err(Ignorance::Offline)
    }
}
