//! Registries of packages: whether a name exists, since when, and what its archive holds.
//!
//! Addresses come from the configuration of the user's own clients ([`places`]). An answer is
//! evidence only from a place that was just seen to tell a name that is there from one that is
//! not ([`oracle`]). Every question is bounded in time and size ([`http`]), and none is asked
//! where the user wants no name to leave the machine. Whether a package is a good one is not
//! known here.

mod address;
mod answer;
mod artefact;
mod client;
pub mod dates;
mod distribution;
mod http;
mod installed;
mod oracle;
mod outcome;
mod places;
mod round;
mod store;

pub use http::Patience;

use crate::ledger::Ledger;
use crate::{Cache, System};
use http::{Answer, Ask, Http};
use places::{Ground, Place, Places};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, UNIX_EPOCH};
use tares_model::fact::{Artefact, Ignorance, PackageFacts, PackageName, Packages, Timestamp};
use tares_model::{Ecosystem, RepoPath};

/// Questions that are under way at once.
const THREADS: usize = 8;
/// Bytes of answers that are kept.
const CACHE: u64 = 64 * 1024 * 1024;

/// What the caller wants of registries, and what it knows that they do not.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether nothing may be asked: no request is made and no client is started. What was kept
    /// of earlier answers still counts.
    pub offline: bool,
    /// Clients' configuration inside the repository, as the target branch has it: `.npmrc`,
    /// `.cargo/config.toml`, `uv.toml`, `pyproject.toml`. What a change makes of them never
    /// gets here.
    pub base_config: Vec<(RepoPath, Vec<u8>)>,
    /// Addresses of Python indexes that trusted requirements files name, the main one first.
    pub python_indexes: Vec<String>,
    /// Names that are installed from where names are looked up, of the lockfile of the base.
    pub known: Vec<PackageName>,
    /// Folder of the repository: cargo's configuration above it counts.
    pub root: Option<PathBuf>,
    /// Folders of Python environments of the project, beside `VIRTUAL_ENV`.
    pub environments: Vec<PathBuf>,
    /// How long is waited.
    pub patience: Patience,
}

/// Asks registries as the user's clients would.
pub struct Registries {
    system: Arc<dyn System>,
    settings: Settings,
    places: Places,
    http: Http,
    cache: Cache,
    ledger: Option<Ledger>,
    lists: distribution::Lists,
    state: Mutex<State>,
}

/// What was learned in this run. The same question gets the same answer within it.
#[derive(Debug, Default)]
struct State {
    facts: BTreeMap<PackageName, PackageFacts>,
    calibrated: BTreeMap<String, oracle::Calibration>,
}

impl Registries {
    /// Returns what asks registries. Reads and opens nothing until a name is asked for.
    pub fn new(system: Arc<dyn System>, settings: Settings) -> Self {
        let cache = system.cache_dir().map(|folder| folder.join("registry"));
        let ledger = system.data_dir().map(|folder| folder.join("sightings"));
        Self {
            cache: cache.map_or_else(Cache::none, |folder| Cache::new(&folder, CACHE)),
            ledger: ledger.map(|file| Ledger::new(Arc::clone(&system), file)),
            http: Http::new(settings.patience),
            places: Places::default(),
            lists: distribution::Lists::default(),
            state: Mutex::default(),
            system,
            settings,
        }
    }

    /// Returns the record of names that were absent once, where there is a folder for it.
    pub fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// Writes down that somebody vouches for a name, wherever it was absent once. Returns whether
    /// it ever was.
    ///
    /// # Errors
    /// When there is no folder for it, or it cannot be written.
    pub fn clear(&self, name: &PackageName, by: &str) -> std::io::Result<bool> {
        let ledger = self.ledger.as_ref();
        let ledger = ledger.ok_or_else(|| std::io::Error::other("there is no folder for data"))?;
        let places = ledger.absent_at(name);
        for place in &places {
            ledger.clear(name, place, by, self.now())?;
        }
        Ok(!places.is_empty())
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            system: &self.system,
            settings: &self.settings,
            cache: &self.cache,
        }
    }

    fn now(&self) -> Timestamp {
        let since = self.system.now().duration_since(UNIX_EPOCH);
        Timestamp(since.map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        }))
    }

    /// The one way out: every request goes through here.
    fn ask(&self, place: &Place, ask: &Ask, end: Instant) -> Result<Answer, Ignorance> {
        if self.settings.offline {
            return Err(Ignorance::Offline);
        }
        self.http.ask(&*self.system, &place.line, ask, end)
    }
}

/// Shows nothing of the configuration, which holds secrets.
impl fmt::Debug for Registries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Registries");
        shown.field("offline", &self.settings.offline);
        shown.finish_non_exhaustive()
    }
}

impl Packages for Registries {
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        answer::learn(self, &mut state, names);
        let known = |name: &PackageName| {
            let facts = state.facts.get(name).cloned();
            facts.unwrap_or_else(|| PackageFacts::unknown(name.clone(), Ignorance::NoPlace))
        };
        names.iter().map(known).collect()
    }

    fn artefact(&self, name: &PackageName, version: &str) -> Result<Artefact, Ignorance> {
        artefact::fetch(self, name, version)
    }

    fn providers(&self, ecosystem: Ecosystem, module: &str) -> Vec<PackageName> {
        installed::providers(self, ecosystem, module)
    }
}
