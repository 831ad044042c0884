//! A store for results that can always be computed again, in the user's cache folder.
//!
//! One value is one file, named by its key, in one of 64 folders; so nothing is opened or read
//! before it is asked for, and processes need no lock. A value is written to a file of its own
//! and then renamed, and carries a checksum, so that a kill, a full disk or a second writer
//! leaves a miss at worst. The folders are never searched as a whole: about one write in 64
//! looks through the one folder it writes to and removes what was not used for longest.
//!
//! A cache that cannot be written is no error: values are computed again, and
//! [`Cache::problem`] says why, for whoever wants to tell.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Bytes kept by default.
pub const DEFAULT_LIMIT: u64 = 256 * 1024 * 1024;
/// Folders that values are spread over.
const SHARDS: u64 = 64;
/// One write in this many looks for values to remove.
const SWEEP: u8 = 64;
/// Layout of files; another layout gets another number and so another folder.
const VERSION: &str = "v1";
const MAGIC: &[u8; 4] = b"TRC1";
const HEADER: usize = MAGIC.len() + 32;
/// A value read after this time is marked as used; marking each read would cost a write.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// A half-written file older than this belongs to a process that is gone.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A content-addressed store. The key has to name everything that the value depends on.
#[derive(Debug)]
pub struct Cache {
    folder: Option<PathBuf>,
    limit: u64,
    disk: Box<dyn Disk>,
    problem: OnceLock<String>,
    counter: AtomicU64,
}

impl Cache {
    /// Returns a store in `folder` of at most about `limit` bytes. Touches nothing yet.
    pub fn new(folder: &Path, limit: u64) -> Self {
        Self::on(Some(folder.join(VERSION)), limit, Box::new(RealDisk))
    }

    /// Returns a store that keeps nothing.
    pub fn none() -> Self {
        Self::on(None, 0, Box::new(RealDisk))
    }

    fn on(folder: Option<PathBuf>, limit: u64, disk: Box<dyn Disk>) -> Self {
        Self {
            folder,
            limit,
            disk,
            problem: OnceLock::new(),
            counter: AtomicU64::new(0),
        }
    }

    /// Returns the value under `key`, if it is there and undamaged.
    pub fn get(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let (_, file) = self.place(key)?;
        let open = std::fs::File::open(&file).ok()?;
        let meta = open.metadata().ok()?;
        if !meta.is_file() || meta.len() > self.largest() + HEADER as u64 {
            return None;
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        (&open).take(meta.len()).read_to_end(&mut bytes).ok()?;
        let value = bytes.get(HEADER..)?;
        if bytes[..HEADER] != header(key, value) {
            return None;
        }
        if meta
            .modified()
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STALE))
        {
            // A mark that fails only makes the value look older than it is.
            open.set_modified(SystemTime::now()).ok();
        }
        bytes.drain(..HEADER);
        Some(bytes)
    }

    /// Keeps `value` under `key`, if it can. A value larger than a quarter of one folder's
    /// share is not kept.
    pub fn put(&self, key: &[u8; 32], value: &[u8]) {
        let Some((shard, file)) = self.place(key) else {
            return;
        };
        if self.problem.get().is_some() || value.len() as u64 > self.largest() {
            return;
        }
        if let Err(error) = self.write(&shard, &file, key, value) {
            self.problem
                .get_or_init(|| format!("{}: {error}", shard.display()));
            return;
        }
        if key[31] % SWEEP == 0 {
            self.sweep(&shard);
        }
    }

    /// Returns why values could not be kept, if one could not.
    pub fn problem(&self) -> Option<&str> {
        self.problem.get().map(String::as_str)
    }

    fn largest(&self) -> u64 {
        self.limit / SHARDS / 4
    }

    /// Returns the folder and the file of a key.
    fn place(&self, key: &[u8; 32]) -> Option<(PathBuf, PathBuf)> {
        let shard = self
            .folder
            .as_ref()?
            .join(format!("{:02x}", u64::from(key[0]) % SHARDS));
        let file = shard.join(hex(key));
        Some((shard, file))
    }

    fn write(&self, shard: &Path, file: &Path, key: &[u8; 32], value: &[u8]) -> io::Result<()> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        // Address-space randomisation tells apart two containers that share pids and folder.
        let place = std::ptr::from_ref(self).addr();
        let half = shard.join(format!("half-{}-{place:x}-{number}", std::process::id()));
        let bytes = [&header(key, value)[..], value].concat();
        let mut written = self.disk.write(&half, &bytes);
        if written
            .as_ref()
            .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        {
            self.disk.create_folder(shard)?;
            written = self.disk.write(&half, &bytes);
        }
        let kept = written.and_then(|()| self.disk.rename(&half, file));
        if kept.is_err() {
            self.disk.remove(&half).ok();
        }
        kept
    }

    /// Brings one folder back to three quarters of its share if it is above it.
    fn sweep(&self, shard: &Path) {
        let Ok(mut files) = self.disk.list(shard) else {
            return;
        };
        let age = |at: SystemTime| at.elapsed().unwrap_or_default();
        files.retain(|file| {
            let is_half = file
                .path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("half-"));
            if is_half && age(file.modified) > ABANDONED {
                self.disk.remove(&file.path).ok();
            }
            !is_half
        });
        let share = self.limit / SHARDS;
        let mut size: u64 = files.iter().map(|file| file.size).sum();
        if size <= share {
            return;
        }
        files.sort_by(|one, other| (one.modified, &one.path).cmp(&(other.modified, &other.path)));
        for file in files {
            if size <= share / 4 * 3 {
                break;
            }
            if self.disk.remove(&file.path).is_ok() {
                size -= file.size;
            }
        }
    }
}

/// Checks that a value is whole and lies under the key it was written for.
fn header(key: &[u8; 32], value: &[u8]) -> [u8; HEADER] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    let mut header = [0; HEADER];
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    header[MAGIC.len()..].copy_from_slice(hasher.finalize().as_bytes());
    header
}

fn hex(key: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*key).to_hex().to_string()
}

/// A file of a folder that is swept.
#[derive(Debug)]
struct Listed {
    path: PathBuf,
    size: u64,
    modified: SystemTime,
}

/// What changes the disk, so that a test can let each step fail.
trait Disk: std::fmt::Debug + Send + Sync {
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, file: &Path) -> io::Result<()>;
    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>>;
}

#[derive(Debug)]
struct RealDisk;

impl Disk for RealDisk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            // Results tell what the user works on.
            builder.mode(0o700);
        }
        builder.create(folder)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut open = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(file)?;
        open.write_all(bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        std::fs::remove_file(file)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            // Another process may have removed it since.
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_file() {
                files.push(Listed {
                    path: entry.path(),
                    size: meta.len(),
                    modified: meta.modified()?,
                });
            }
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    /// Fails at one step, or from it on as if the process were killed. Writing and renaming
    /// that fail have done half of their work.
    #[derive(Debug, Clone)]
    struct FailingDisk {
        step: Arc<AtomicUsize>,
        fails_at: usize,
        is_kill: bool,
    }

    impl FailingDisk {
        fn fails(&self) -> bool {
            let step = self.step.fetch_add(1, Ordering::Relaxed);
            step == self.fails_at || (self.is_kill && step > self.fails_at)
        }
    }

    fn full() -> io::Error {
        io::ErrorKind::StorageFull.into()
    }

    impl Disk for FailingDisk {
        fn create_folder(&self, folder: &Path) -> io::Result<()> {
            if self.fails() {
                Err(full())
            } else {
                RealDisk.create_folder(folder)
            }
        }
        fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
            if !self.fails() {
                return RealDisk.write(file, bytes);
            }
            RealDisk.write(file, &bytes[..bytes.len() / 2]).ok();
            Err(full())
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            if !self.fails() {
                return RealDisk.rename(from, to);
            }
            // A file system without atomic renames may leave a torn file.
            let bytes = std::fs::read(from).unwrap_or_default();
            std::fs::write(to, &bytes[..bytes.len() / 2]).ok();
            Err(full())
        }
        fn remove(&self, file: &Path) -> io::Result<()> {
            if self.fails() {
                Err(full())
            } else {
                RealDisk.remove(file)
            }
        }
        fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
            if self.fails() {
                Err(full())
            } else {
                RealDisk.list(folder)
            }
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
        for is_kill in [false, true] {
            for fails_at in 0.. {
                let folder = tempfile::TempDir::new().unwrap();
                let steps = Arc::new(AtomicUsize::new(0));
                let disk = FailingDisk {
                    step: Arc::clone(&steps),
                    fails_at,
                    is_kill,
                };
                // So small that values are removed as well.
                let cache = Cache::on(
                    Some(folder.path().join(VERSION)),
                    64 * 1024 * 4,
                    Box::new(disk),
                );
                (0..40).for_each(|i| cache.put(&key(i), &value(i)));
                let has_failed = steps.load(Ordering::Relaxed) > fails_at;
                let fresh = Cache::new(folder.path(), 64 * 1024 * 4);
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
                if !has_failed {
                    assert!(fails_at > 80, "each value takes two steps at least");
                    break;
                }
            }
        }
    }

    #[test]
    fn a_sweep_removes_the_oldest_and_abandoned_halves() {
        let folder = tempfile::TempDir::new().unwrap();
        let cache = Cache::new(folder.path(), SHARDS * 4_000);
        let shard = folder.path().join(VERSION).join("00");
        let mut keys = Vec::new();
        for i in 0..20_u8 {
            let mut key = [i; 32];
            (key[0], key[31]) = (0, 1);
            cache.put(&key, &[i; 400]);
            let age = Duration::from_secs(100_000 - u64::from(i) * 100);
            let file = std::fs::File::options()
                .write(true)
                .open(shard.join(hex(&key)))
                .unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
            keys.push(key);
        }
        assert_eq!(
            cache.get(&keys[0]).unwrap(),
            [0; 400],
            "a read marks the oldest as used"
        );
        let half = shard.join("half-1-2-3");
        std::fs::write(&half, "x").unwrap();
        std::fs::File::options()
            .write(true)
            .open(&half)
            .unwrap()
            .set_modified(SystemTime::now() - ABANDONED * 2)
            .unwrap();
        let last = [0; 32];
        cache.put(&last, b"sweep");
        assert!(!half.exists());
        assert!(
            cache.get(&keys[0]).is_some()
                && cache.get(&last).is_some()
                && cache.get(&keys[19]).is_some()
        );
        assert!(cache.get(&keys[1]).is_none() && cache.get(&keys[5]).is_none());
        let left: u64 = RealDisk
            .list(&shard)
            .unwrap()
            .iter()
            .map(|file| file.size)
            .sum();
        assert!(left <= 3_000, "{left}");
    }
}
