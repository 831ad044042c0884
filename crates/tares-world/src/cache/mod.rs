//! A store for results that can always be computed again, in the user's cache folder.
//!
//! Values lie one after the other in a file that only grows, and a table of fixed size tells
//! where. One file for all of them, because making a file costs a hundred times as much as
//! adding to one: 40 values are read in well under a millisecond. Nobody takes a lock:
//! whatever two processes, a kill or a full disk do to either file, a value counts only if its
//! key and its checksum are found with it, so that damage is a miss and never another value.
//!
//! When the file has half of the limit, a new generation begins. Values that are read from the
//! one before are carried over, and what was not read since goes with the one before that. So
//! nothing is ever searched or counted.
//!
//! A cache that cannot be written is no error: values are computed again, and
//! [`Cache::problem`] says why, for whoever wants to tell.

mod generation;

use generation::{Generation, Pen, RealPen};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Bytes kept by default.
pub const DEFAULT_LIMIT: u64 = 256 * 1024 * 1024;
/// Layout of the files; another layout gets another folder.
const VERSION: &str = "v1";

/// A content-addressed store. The key has to name everything that the value depends on.
#[derive(Debug)]
pub struct Cache {
    folder: Option<PathBuf>,
    limit: u64,
    pen: Box<dyn Pen>,
    state: Mutex<Option<State>>,
    problem: OnceLock<String>,
}

/// The open generations.
#[derive(Debug, Default)]
struct State {
    young: Option<Generation>,
    old: Option<Generation>,
}

impl Cache {
    /// Returns a store in `folder` of at most about `limit` bytes. Touches nothing yet.
    pub fn new(folder: &Path, limit: u64) -> Self {
        Self::on(Some(folder.join(VERSION)), limit, Box::new(RealPen))
    }

    /// Returns a store that keeps nothing.
    pub fn none() -> Self {
        Self::on(None, 0, Box::new(RealPen))
    }

    fn on(folder: Option<PathBuf>, limit: u64, pen: Box<dyn Pen>) -> Self {
        Self {
            folder,
            limit,
            pen,
            state: Mutex::new(None),
            problem: OnceLock::new(),
        }
    }

    /// Returns the value under `key`, if it is there and undamaged.
    pub fn get(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let folder = self.folder.as_deref()?;
        let mut guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = guard.get_or_insert_with(|| State::open(folder));
        if let Some(value) = state.young.as_mut().and_then(|young| young.get(key)) {
            return Some(value);
        }
        let value = state.old.as_mut().and_then(|old| old.get(key))?;
        if self.problem.get().is_none() {
            let kept = self.write(folder, state, key, &value);
            self.note(folder, kept);
        }
        Some(value)
    }

    /// Keeps `value` under `key`, if it can. A value above an eighth of the limit is not kept.
    pub fn put(&self, key: &[u8; 32], value: &[u8]) {
        let Some(folder) = self.folder.as_deref() else {
            return;
        };
        if self.problem.get().is_some() || value.len() as u64 > self.limit / 8 {
            return;
        }
        let mut guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = guard.get_or_insert_with(|| State::open(folder));
        let kept = self.write(folder, state, key, value);
        self.note(folder, kept);
    }

    /// Returns why values could not be kept, if one could not.
    pub fn problem(&self) -> Option<&str> {
        self.problem.get().map(String::as_str)
    }

    fn note(&self, folder: &Path, kept: io::Result<()>) {
        if let Err(error) = kept {
            self.problem
                .get_or_init(|| format!("{}: {error}", folder.display()));
        }
    }

    fn write(
        &self,
        folder: &Path,
        state: &mut State,
        key: &[u8; 32],
        value: &[u8],
    ) -> io::Result<()> {
        let half = self.limit / 2;
        if state
            .young
            .as_ref()
            .is_none_or(|young| young.size() >= half)
        {
            self.begin_generation(folder, state, half)?;
        }
        let young = state.young.as_mut().expect("a generation was begun");
        young.put(&*self.pen, key, value)
    }

    /// Makes the youngest generation that has room the one to write to, beginning one if
    /// none has, and removes those before the last two.
    fn begin_generation(&self, folder: &Path, state: &mut State, half: u64) -> io::Result<()> {
        let numbers = generation::list(folder);
        let last = numbers.last().copied().unwrap_or(0);
        let newest = Generation::open(folder, last).filter(|newest| newest.size() < half);
        let (young, number) = match newest {
            Some(newest) => (newest, last),
            None => {
                self.pen.create(&generation::folder(folder, last + 1))?;
                let young = Generation::open(folder, last + 1);
                (young.ok_or(io::ErrorKind::PermissionDenied)?, last + 1)
            }
        };
        state.young = Some(young);
        state.old = numbers
            .iter()
            .rev()
            .find(|&&old| old < number)
            .and_then(|&old| Generation::open(folder, old));
        for &gone in numbers.iter().filter(|&&gone| gone + 1 < number) {
            // What another process still holds open may stay until the next time.
            self.pen.remove(&generation::folder(folder, gone)).ok();
        }
        Ok(())
    }
}

impl State {
    fn open(folder: &Path) -> Self {
        let mut numbers = generation::list(folder).into_iter().rev();
        let mut next = || {
            numbers
                .next()
                .and_then(|number| Generation::open(folder, number))
        };
        Self {
            young: next(),
            old: next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Fails at one step, or from it on as if the process were killed. A write that fails has
    /// done half of its work.
    #[derive(Debug)]
    struct FailingPen {
        step: Arc<AtomicUsize>,
        fails_at: usize,
        is_kill: bool,
    }

    impl FailingPen {
        fn check(&self) -> io::Result<()> {
            let step = self.step.fetch_add(1, Ordering::Relaxed);
            let fails = step == self.fails_at || (self.is_kill && step > self.fails_at);
            if fails {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                Ok(())
            }
        }
    }

    impl Pen for FailingPen {
        fn create(&self, folder: &Path) -> io::Result<()> {
            self.check()?;
            RealPen.create(folder)
        }
        fn remove(&self, folder: &Path) -> io::Result<()> {
            if let Err(error) = self.check() {
                std::fs::remove_file(folder.join("index")).ok();
                return Err(error);
            }
            RealPen.remove(folder)
        }
        fn append(&self, data: &mut File, bytes: &[u8]) -> io::Result<u64> {
            if let Err(error) = self.check() {
                RealPen.append(data, &bytes[..bytes.len() / 2]).ok();
                return Err(error);
            }
            RealPen.append(data, bytes)
        }
        fn write_at(&self, index: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
            if let Err(error) = self.check() {
                RealPen.write_at(index, at, &bytes[..bytes.len() / 2]).ok();
                return Err(error);
            }
            RealPen.write_at(index, at, bytes)
        }
    }

    fn key(i: usize) -> [u8; 32] {
        *blake3::hash(&i.to_le_bytes()).as_bytes()
    }

    fn value(i: usize) -> Vec<u8> {
        format!("value {i} ").repeat(i % 50 + 1).into_bytes()
    }

    #[test]
    fn every_failing_step_leaves_a_miss_or_the_value() {
        // So small that generations come and go.
        const LIMIT: u64 = 8_000;
        for is_kill in [false, true] {
            for fails_at in 0.. {
                let folder = tempfile::TempDir::new().unwrap();
                let step = Arc::new(AtomicUsize::new(0));
                let pen = FailingPen {
                    step: Arc::clone(&step),
                    fails_at,
                    is_kill,
                };
                let cache = Cache::on(Some(folder.path().join(VERSION)), LIMIT, Box::new(pen));
                (0..40).for_each(|i| cache.put(&key(i), &value(i)));
                let fresh = Cache::new(folder.path(), LIMIT);
                for i in 0..40 {
                    let found = fresh.get(&key(i));
                    assert!(
                        found.is_none() || found == Some(value(i)),
                        "step {fails_at}, value {i}"
                    );
                    fresh.put(&key(i), &value(i));
                    assert_eq!(
                        fresh.get(&key(i)),
                        Some(value(i)),
                        "step {fails_at}, value {i}"
                    );
                }
                assert_eq!(fresh.problem(), None);
                if step.load(Ordering::Relaxed) <= fails_at {
                    assert!(
                        fails_at > 80,
                        "each value takes two steps, and generations some more"
                    );
                    break;
                }
            }
        }
    }
}
