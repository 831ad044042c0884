//! One generation of the cache: a file of values, and a table that tells where they are.
//!
//! The table has buckets of four slots; the bucket follows from the key. A slot holds a piece
//! of the key, the length and the place of a value. All slots of a bucket taken means that one
//! of them is given up.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

const BUCKETS: u64 = 32 * 1024;
const SLOTS: usize = 4;
const SLOT: usize = 16;
const BUCKET: usize = SLOTS * SLOT;
const MAGIC: &[u8; 4] = b"TRC1";
/// Magic, key and checksum before each value.
const HEADER: usize = MAGIC.len() + 32 + 32;

/// Returns the numbers of the generations that are there, oldest first.
pub(super) fn list(folder: &Path) -> Vec<u64> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut numbers: Vec<u64> = entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Returns the folder of a generation.
pub(super) fn folder(folder: &Path, number: u64) -> PathBuf {
    folder.join(number.to_string())
}

/// What changes the disk, so that a test can let each step fail.
pub(super) trait Pen: std::fmt::Debug + Send + Sync {
    /// Makes the folder and the files of a generation.
    fn create(&self, folder: &Path) -> io::Result<()>;
    /// Removes a generation.
    fn remove(&self, folder: &Path) -> io::Result<()>;
    /// Adds bytes at the end of a file and returns where they begin.
    fn append(&self, data: &mut File, bytes: &[u8]) -> io::Result<u64>;
    /// Writes bytes at a place in a file.
    fn write_at(&self, index: &mut File, at: u64, bytes: &[u8]) -> io::Result<()>;
}

#[derive(Debug)]
pub(super) struct RealPen;

impl Pen for RealPen {
    fn create(&self, folder: &Path) -> io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            // Results tell what the user works on.
            builder.mode(0o700);
        }
        builder.create(folder)?;
        for name in ["index", "data"] {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(folder.join(name))?;
        }
        Ok(())
    }

    fn remove(&self, folder: &Path) -> io::Result<()> {
        std::fs::remove_dir_all(folder)
    }

    fn append(&self, data: &mut File, bytes: &[u8]) -> io::Result<u64> {
        data.write_all(bytes)?;
        // Where another process wrote in between, this is the wrong place, and a miss later.
        Ok(data.stream_position()?.saturating_sub(bytes.len() as u64))
    }

    fn write_at(&self, index: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
        index.seek(SeekFrom::Start(at))?;
        index.write_all(bytes)
    }
}

/// An open generation.
#[derive(Debug)]
pub(super) struct Generation {
    index: File,
    data: File,
    size: u64,
}

impl Generation {
    /// Opens a generation, for reading only where writing is not allowed.
    pub(super) fn open(parent: &Path, number: u64) -> Option<Self> {
        let folder = folder(parent, number);
        let open = |name: &str, options: &mut OpenOptions| {
            let file = folder.join(name);
            match options.read(true).open(&file) {
                // Only here: a rival may make the file after any other refusal, and what is
                // then opened for reading would fail at the first value.
                Err(error) if is_read_only(&error) => File::open(&file).ok(),
                opened => opened.ok(),
            }
        };
        let index = open("index", OpenOptions::new().write(true))?;
        let data = open("data", OpenOptions::new().append(true))?;
        let size = data.metadata().ok()?.len();
        Some(Self { index, data, size })
    }

    /// Returns the bytes of all values, as far as this process knows.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn get(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let bucket = self.bucket(key);
        bucket
            .chunks_exact(SLOT)
            .filter(|slot| slot[..4] == key[16..20])
            .find_map(|slot| self.value(key, slot))
    }

    fn value(&mut self, key: &[u8; 32], slot: &[u8]) -> Option<Vec<u8>> {
        let length = u32::from_le_bytes(slot[4..8].try_into().ok()?) as usize;
        let at = u64::from_le_bytes(slot[8..].try_into().ok()?);
        // The table is not trusted with an allocation: the value has to lie inside the file.
        let end = at.checked_add((HEADER + length) as u64)?;
        if end > self.size {
            self.size = self.data.metadata().ok()?.len();
        }
        if end > self.size {
            return None;
        }
        let mut bytes = vec![0; HEADER + length];
        self.data.seek(SeekFrom::Start(at)).ok()?;
        self.data.read_exact(&mut bytes).ok()?;
        if bytes[..HEADER] != header(key, &bytes[HEADER..]) {
            return None;
        }
        bytes.drain(..HEADER);
        Some(bytes)
    }

    pub(super) fn put(&mut self, pen: &dyn Pen, key: &[u8; 32], value: &[u8]) -> io::Result<()> {
        let bytes = [&header(key, value)[..], value].concat();
        let at = pen.append(&mut self.data, &bytes)?;
        self.size = self.size.max(at + bytes.len() as u64);
        let bucket = self.bucket(key);
        let slots = || bucket.chunks_exact(SLOT);
        let taken = slots().position(|slot| slot[..4] == key[16..20]);
        let free = slots().position(|slot| slot.iter().all(|&b| b == 0));
        // Any will do; this one differs from key to key.
        let slot = taken.or(free).unwrap_or(usize::from(key[20]) % SLOTS);
        let mut entry = [0; SLOT];
        entry[..4].copy_from_slice(&key[16..20]);
        entry[4..8].copy_from_slice(&(value.len() as u32).to_le_bytes());
        entry[8..].copy_from_slice(&at.to_le_bytes());
        pen.write_at(&mut self.index, place(key) + (slot * SLOT) as u64, &entry)
    }

    /// Reads the bucket of a key; what was never written is empty.
    fn bucket(&mut self, key: &[u8; 32]) -> [u8; BUCKET] {
        let mut bucket = [0; BUCKET];
        if self.index.seek(SeekFrom::Start(place(key))).is_ok() {
            let mut filled = 0;
            while let Ok(read @ 1..) = self.index.read(&mut bucket[filled..]) {
                filled += read;
            }
        }
        bucket
    }
}

fn is_read_only(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
}

fn place(key: &[u8; 32]) -> u64 {
    let number = u64::from_le_bytes(key[..8].try_into().expect("eight bytes of 32"));
    number % BUCKETS * BUCKET as u64
}

fn header(key: &[u8; 32], value: &[u8]) -> [u8; HEADER] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(MAGIC);
    header[4..36].copy_from_slice(key);
    header[36..].copy_from_slice(hasher.finalize().as_bytes());
    header
}
