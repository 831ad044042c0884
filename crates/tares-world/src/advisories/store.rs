//! A file of values by key that is written once and asked in place (`specs/advisories.md`).
//!
//! Keys fall into buckets; a look-up reads two places of a bucket in the index, then the bucket.
//! Each part carries a checksum, so that damage is an error and never "nothing known".

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

const MAGIC: &[u8; 8] = b"TARESADV";
const LAYOUT: u32 = 1;
/// Magic, layout, number of buckets, length of what it says about itself, length of the file,
/// checksum.
const HEADER: usize = 8 + 4 + 4 + 4 + 8 + 4;
/// Keys in a bucket, on average.
const FILL: usize = 4;
/// Largest bucket, and largest text about itself, in bytes.
const LARGEST: u64 = 256 << 20;

/// The file is not what was written, with what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the advisory data is damaged: {0}")]
pub struct Damaged(pub String);

/// Writes a file: header, what it says about itself, index, buckets. Keys must differ.
pub(super) fn write(
    out: &mut impl Write,
    about: &[u8],
    entries: &[(Box<[u8]>, Vec<u8>)],
) -> io::Result<()> {
    let count = u32::try_from(entries.len().div_ceil(FILL).max(1)).map_err(io::Error::other)?;
    let mut order: Vec<(u32, usize)> = (0..entries.len())
        .map(|at| (bucket(&entries[at].0, count), at))
        .collect();
    order.sort_unstable();
    let mut offsets = Vec::with_capacity(count as usize + 1);
    let mut at = HEADER as u64 + about.len() as u64 + 4 + 8 * (u64::from(count) + 1);
    let mut rest = &order[..];
    for number in 0..count {
        offsets.push(at);
        let own = rest
            .iter()
            .take_while(|(bucket, _)| *bucket == number)
            .count();
        let (now, later) = rest.split_at(own);
        let size = |&(_, at): &(u32, usize)| 8 + entries[at].0.len() + entries[at].1.len();
        at += 4 + now.iter().map(size).sum::<usize>() as u64;
        rest = later;
    }
    offsets.push(at);
    let length = u32::try_from(about.len()).map_err(io::Error::other)?;
    out.write_all(&header(count, length, at))?;
    out.write_all(about)?;
    out.write_all(&checksum(u32::MAX, about).to_le_bytes())?;
    for offset in &offsets {
        out.write_all(&offset.to_le_bytes())?;
    }
    let mut rest = &order[..];
    let mut bytes = Vec::new();
    for number in 0..count {
        let own = rest
            .iter()
            .take_while(|(bucket, _)| *bucket == number)
            .count();
        let (now, later) = rest.split_at(own);
        bytes.clear();
        for (_, at) in now {
            for part in [&*entries[*at].0, &*entries[*at].1] {
                let length = u32::try_from(part.len()).map_err(io::Error::other)?;
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(part);
            }
        }
        out.write_all(&checksum(number, &bytes).to_le_bytes())?;
        out.write_all(&bytes)?;
        rest = later;
    }
    Ok(())
}

fn header(count: u32, about: u32, length: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&LAYOUT.to_le_bytes());
    header[12..16].copy_from_slice(&count.to_le_bytes());
    header[16..20].copy_from_slice(&about.to_le_bytes());
    header[20..28].copy_from_slice(&length.to_le_bytes());
    let sum = checksum(LAYOUT, &header[..28]);
    header[28..].copy_from_slice(&sum.to_le_bytes());
    header
}

/// The bucket of a key; BLAKE3 spreads names that somebody chose to be alike.
fn bucket(key: &[u8], count: u32) -> u32 {
    let hash = blake3::hash(key);
    let word = u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("eight of 32 bytes"));
    (word % u64::from(count)) as u32
}

/// CRC-32 of a part and its number: a part in another's place is damage too.
fn checksum(number: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(number);
    hasher.update(bytes);
    hasher.finalize()
}

/// An open file.
#[derive(Debug)]
pub struct Store {
    file: File,
    buckets: u32,
    about: u32,
    length: u64,
}

impl Store {
    /// Opens a file; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, is of another layout, or its length is not what it was written
    /// with.
    pub fn open(path: &Path) -> Result<Option<Self>, Damaged> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Damaged(error.to_string())),
        };
        let mut bytes = [0; HEADER];
        read_at(&file, &mut bytes, 0)?;
        let word =
            |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        if bytes[..8] != *MAGIC || word(8) != LAYOUT {
            return Err(Damaged("it has another layout".to_owned()));
        }
        let length = u64::from_le_bytes(bytes[20..28].try_into().expect("eight bytes"));
        let (buckets, about) = (word(12), word(16));
        if bytes != header(buckets, about, length) || buckets == 0 {
            return Err(Damaged("its beginning is not what was written".to_owned()));
        }
        let real = file
            .metadata()
            .map_err(|error| Damaged(error.to_string()))?
            .len();
        if real != length {
            return Err(Damaged(format!("it has {real} bytes and had {length}")));
        }
        Ok(Some(Self {
            file,
            buckets,
            about,
            length,
        }))
    }

    /// Returns what it says about itself.
    ///
    /// # Errors
    /// When that is damaged.
    pub fn about(&self) -> Result<Vec<u8>, Damaged> {
        let mut bytes = self.read(HEADER as u64, u64::from(self.about) + 4)?;
        let sum = bytes.split_off(self.about as usize);
        if sum != checksum(u32::MAX, &bytes).to_le_bytes() {
            return Err(Damaged("what it says about itself".to_owned()));
        }
        Ok(bytes)
    }

    /// Returns the value under a key.
    ///
    /// # Errors
    /// When the part where it would stand is damaged: whether it is there cannot be told.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Damaged> {
        let number = bucket(key, self.buckets);
        let index = HEADER as u64 + u64::from(self.about) + 4;
        let mut places = [0; 16];
        read_at(&self.file, &mut places, index + 8 * u64::from(number))?;
        let place =
            |at: usize| u64::from_le_bytes(places[at..at + 8].try_into().expect("eight bytes"));
        let (start, end) = (place(0), place(8));
        let damaged = || Damaged(format!("bucket {number}"));
        let size = end.checked_sub(start).filter(|size| *size >= 4);
        let bytes = self.read(start, size.ok_or_else(damaged)?)?;
        let (sum, entries) = bytes.split_at(4);
        if sum != checksum(number, entries).to_le_bytes() {
            return Err(damaged());
        }
        let mut rest = entries;
        while !rest.is_empty() {
            let (known, left) = part(rest).ok_or_else(damaged)?;
            let (value, left) = part(left).ok_or_else(damaged)?;
            if known == key {
                return Ok(Some(value.to_vec()));
            }
            rest = left;
        }
        Ok(None)
    }

    /// Returns its size in bytes.
    pub fn size(&self) -> u64 {
        self.length
    }

    /// Reads a part that has to lie inside the file.
    fn read(&self, start: u64, size: u64) -> Result<Vec<u8>, Damaged> {
        let end = start.checked_add(size);
        if size > LARGEST || end.is_none_or(|end| end > self.length) {
            return Err(Damaged("a part lies outside of it".to_owned()));
        }
        let mut bytes = vec![0; size as usize];
        read_at(&self.file, &mut bytes, start)?;
        Ok(bytes)
    }
}

/// Takes a part with its length off the front.
fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    rest.split_at_checked(length)
}

/// Reads at a place without moving a position, so that threads do not disturb each other.
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> Result<(), Damaged> {
    #[cfg(unix)]
    let read = std::os::unix::fs::FileExt::read_exact_at(file, bytes, at);
    #[cfg(windows)]
    let read = {
        let mut filled = 0;
        loop {
            let place = at + filled as u64;
            match std::os::windows::fs::FileExt::seek_read(file, &mut bytes[filled..], place) {
                Ok(0) if filled < bytes.len() => break Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(0) => break Ok(()),
                Ok(more) => filled += more,
                Err(error) => break Err::<(), io::Error>(error),
            }
        }
    };
    read.map_err(|error| Damaged(error.to_string()))
}
