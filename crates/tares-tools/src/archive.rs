//! Archives of extensions (VSIX, MCPB): ZIP files, read as hostile input.
//!
//! Only what such archives need: stored and deflated entries of the central directory. What a
//! name or a second entry could do when somebody unpacks the archive is told and not done.

use flate2::{Decompress, FlushDecompress, Status};
use std::collections::BTreeSet;

/// Most entries.
const ENTRIES: usize = 60_000;

/// Largest entry, unpacked, in bytes.
const LARGEST: usize = 64 << 20;

/// Largest sum of all entries, unpacked, in bytes.
const TOTAL: usize = 512 << 20;

/// Signatures of the records, in the order of the file.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

/// Why an archive was not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// No directory, or one that leads out of the file.
    #[error("is no ZIP archive, or a damaged one")]
    Damaged,
    /// Written for sizes that no extension has.
    #[error("is an archive of more than 4 GiB or 65,535 files")]
    Zip64,
    /// Too many entries or too much content: an archive bomb, or no extension.
    #[error("holds more than is read: {ENTRIES} files, {LARGEST} bytes in one, {TOTAL} in all")]
    TooLarge,
}

/// What an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// Files by their path, each once.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// What would do harm when the archive is unpacked.
    pub(crate) faults: Vec<String>,
    /// Entries that could not be read, with why.
    pub(crate) unread: Vec<String>,
}

/// Reads the files of an archive in memory, sorted by path; for tests and fuzzing.
///
/// # Errors
/// When it is no archive, or too large.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    read(bytes).map(|unpacked| unpacked.files)
}

/// Reads an archive in memory.
pub(crate) fn read(bytes: &[u8]) -> Result<Unpacked, ArchiveError> {
    let directory = Directory::find(bytes)?;
    let (mut unpacked, mut names, mut total) = (Unpacked::default(), BTreeSet::new(), 0);
    let mut at = directory.start;
    for _ in 0..directory.entries {
        let entry = Central::read(bytes, at)?;
        at = entry.next;
        if entry.name.ends_with('/') {
            continue;
        }
        if let Some(why) = entry.danger(bytes) {
            unpacked
                .faults
                .push(format!("`{}` {why}", shown(&entry.name)));
            continue;
        }
        if !names.insert(entry.name.to_ascii_lowercase()) {
            let fault = format!("`{}` stands twice in the archive", shown(&entry.name));
            unpacked.faults.push(fault);
            continue;
        }
        match entry.content(bytes, TOTAL - total)? {
            Ok(content) => {
                total += content.len();
                unpacked.files.push((entry.name, content));
            }
            Err(why) => {
                let unread = format!("`{}`: {why}", shown(&entry.name));
                unpacked.unread.push(unread);
            }
        }
    }
    unpacked.files.sort();
    Ok(unpacked)
}

fn shown(name: &str) -> String {
    let visible = name.chars().take(120);
    visible.flat_map(char::escape_debug).collect()
}

struct Directory {
    start: usize,
    entries: usize,
}

impl Directory {
    fn find(bytes: &[u8]) -> Result<Self, ArchiveError> {
        // The record stands at the end, before a comment of at most 65,535 bytes.
        let from = bytes.len().saturating_sub(22 + 0xFFFF);
        let last = bytes.len().checked_sub(22).ok_or(ArchiveError::Damaged)?;
        let at = (from..=last)
            .rev()
            .find(|at| long(bytes, *at) == Some(END))
            .ok_or(ArchiveError::Damaged)?;
        let entries = short(bytes, at + 10).ok_or(ArchiveError::Damaged)?;
        let start = long(bytes, at + 16).ok_or(ArchiveError::Damaged)?;
        if entries == 0xFFFF || start == u32::MAX {
            return Err(ArchiveError::Zip64);
        }
        if usize::from(entries) > ENTRIES {
            return Err(ArchiveError::TooLarge);
        }
        Ok(Self {
            start: start as usize,
            entries: usize::from(entries),
        })
    }
}

/// One entry of the directory.
struct Central {
    name: String,
    method: u16,
    is_encrypted: bool,
    is_link: bool,
    packed: usize,
    size: usize,
    local: usize,
    next: usize,
}

impl Central {
    fn read(bytes: &[u8], at: usize) -> Result<Self, ArchiveError> {
        let entry = || {
            (long(bytes, at)? == CENTRAL).then_some(())?;
            let lengths = [28, 30, 32].map(|i| short(bytes, at + i).map(usize::from));
            let [name, extra, comment] = lengths;
            let start = at + 46;
            let end = start + name?;
            // Upper half: what Unix keeps in `st_mode`; the made-by byte says whether it counts.
            let mode = long(bytes, at + 38)? >> 16;
            Some(Self {
                name: String::from_utf8_lossy(bytes.get(start..end)?).into_owned(),
                method: short(bytes, at + 10)?,
                is_encrypted: short(bytes, at + 8)? & 1 == 1,
                is_link: mode & 0o170_000 == 0o120_000,
                packed: long(bytes, at + 20)? as usize,
                size: long(bytes, at + 24)? as usize,
                local: long(bytes, at + 42)? as usize,
                next: end + extra? + comment?,
            })
        };
        entry().ok_or(ArchiveError::Damaged)
    }

    /// Says what the entry would do when somebody unpacks it.
    fn danger(&self, bytes: &[u8]) -> Option<&'static str> {
        let leads_out = self.name.starts_with(['/', '\\'])
            || self.name.contains(['\\', '\0'])
            || self.name.split('/').any(|part| part == "..")
            || self.name.as_bytes().get(1) == Some(&b':');
        if leads_out {
            return Some("would be written outside of the folder it is unpacked into");
        }
        if self.is_link {
            return Some("is a link");
        }
        // Some programs read the directory, others the headers before the files.
        let length = usize::from(short(bytes, self.local + 26)?);
        let name = bytes.get(self.local + 30..self.local + 30 + length)?;
        (String::from_utf8_lossy(name) != self.name.as_str())
            .then_some("has another name in front of its content")
    }

    /// Unpacks it; the inner error concerns this entry alone.
    fn content(
        &self,
        bytes: &[u8],
        room: usize,
    ) -> Result<Result<Vec<u8>, &'static str>, ArchiveError> {
        if self.is_encrypted {
            return Ok(Err("is encrypted"));
        }
        if self.size > LARGEST.min(room) {
            return Err(ArchiveError::TooLarge);
        }
        let raw = || {
            (long(bytes, self.local)? == LOCAL).then_some(())?;
            let name = usize::from(short(bytes, self.local + 26)?);
            let extra = usize::from(short(bytes, self.local + 28)?);
            let start = self.local + 30 + name + extra;
            bytes.get(start..start + self.packed)
        };
        let Some(raw) = raw() else {
            return Ok(Err("leads out of the archive"));
        };
        Ok(match self.method {
            0 if raw.len() == self.size => Ok(raw.to_vec()),
            8 => inflate(raw, self.size),
            0 => Err("is damaged"),
            _ => Err("is packed in a way that is not read"),
        })
    }
}

/// Unpacks to exactly the size that the directory promises.
fn inflate(raw: &[u8], size: usize) -> Result<Vec<u8>, &'static str> {
    let mut content = Vec::with_capacity(size + 1);
    let done = Decompress::new(false).decompress_vec(raw, &mut content, FlushDecompress::Finish);
    match done {
        Ok(Status::StreamEnd) if content.len() == size => Ok(content),
        _ => Err("is damaged, or larger than it says"),
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(found.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(found.try_into().ok()?))
}
