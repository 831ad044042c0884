//! The machine behind one trait: files that the user names, variables, the clock.
//!
//! The command line asks it for configuration, task, patch and baseline files, so that tests
//! can answer from memory. What a change holds does not come through here but from
//! [`crate::git`], [`crate::patch`] and [`crate::walk`].

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What the program asks of the machine.
pub trait System: Send + Sync {
    /// Reads a file that the user named, links followed. Refuses one above `limit` bytes with
    /// [`io::ErrorKind::FileTooLarge`].
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Returns whether a regular file is there, links followed.
    fn is_file(&self, file: &Path) -> bool;

    /// Writes a file that the user named, replacing it.
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Returns a variable of the environment; one that is not UTF-8 or is empty counts as not set.
    fn var(&self, name: &str) -> Option<String>;

    /// Returns the folder for the user's caches: `TARES_CACHE_DIR`, else the system's own with
    /// `tares` behind.
    fn cache_dir(&self) -> Option<PathBuf>;

    /// Returns the time.
    fn now(&self) -> SystemTime;
}

/// Variable that names the cache folder.
const CACHE_DIR: &str = "TARES_CACHE_DIR";

/// The real machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Os;

impl System for Os {
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let open = std::fs::File::open(file)?;
        if open.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut bytes = Vec::new();
        open.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        within(bytes, limit)
    }

    fn is_file(&self, file: &Path) -> bool {
        file.is_file()
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(file, bytes)
    }

    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn cache_dir(&self) -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        if let Some(folder) = self.var(CACHE_DIR) {
            return Some(folder.into());
        }
        Some(
            etcetera::choose_base_strategy()
                .ok()?
                .cache_dir()
                .join("tares"),
        )
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A machine in memory, for tests.
#[derive(Debug, Clone)]
pub struct InMemory {
    /// Files by path. Writing goes to a copy that [`InMemory::written`] returns.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Variables of the environment.
    pub vars: BTreeMap<String, String>,
    /// The time, which stands still.
    pub now: SystemTime,
    written: std::sync::Arc<std::sync::Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
}

impl Default for InMemory {
    fn default() -> Self {
        Self {
            files: BTreeMap::new(),
            vars: BTreeMap::new(),
            // An arbitrary fixed moment: 14 November 2023.
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            written: std::sync::Arc::default(),
        }
    }
}

impl InMemory {
    /// Returns what was written to `file`.
    pub fn written(&self, file: &Path) -> Option<Vec<u8>> {
        self.written.lock().ok()?.get(file).cloned()
    }
}

impl System for InMemory {
    fn read(&self, file: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = self.written(file).or_else(|| self.files.get(file).cloned());
        within(bytes.ok_or(io::ErrorKind::NotFound)?, limit)
    }

    fn is_file(&self, file: &Path) -> bool {
        self.files.contains_key(file) || self.written(file).is_some()
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.written.lock().map_err(|_| io::ErrorKind::Other)?;
        written.insert(file.to_owned(), bytes.to_owned());
        Ok(())
    }

    fn var(&self, name: &str) -> Option<String> {
        self.vars
            .get(name)
            .cloned()
            .filter(|value| !value.is_empty())
    }

    fn cache_dir(&self) -> Option<PathBuf> {
        self.var(CACHE_DIR).map(PathBuf::from)
    }

    fn now(&self) -> SystemTime {
        self.now
    }
}

fn within(bytes: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("larger than the limit of {limit} bytes"),
        ));
    }
    Ok(bytes)
}
