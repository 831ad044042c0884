//! Taking an archive apart in memory: wheels and other zips, gzipped tars.
//!
//! An archive whose paths lead out of it, or that grows out of proportion, is refused as a whole:
//! no honest tool writes one.

use std::io::{Cursor, Read};

/// The most files.
const FILES: usize = 20_000;
/// The largest file that is kept, in bytes.
const FILE: u64 = 8 * 1024 * 1024;
/// The most bytes that are kept.
const KEPT: u64 = 128 * 1024 * 1024;
/// The most bytes that are unpacked, kept or not.
const UNPACKED: u64 = 512 * 1024 * 1024;
/// How many times larger than packed the whole may be. Deflate reaches 1,032 on zeros; sources
/// stay below 20.
const RATIO: u64 = 200;
/// Unpacked bytes up to which the ratio does not count.
const SMALL: u64 = 4 * 1024 * 1024;
/// The longest path.
const PATH: usize = 1024;

/// Files by path, and whether some were left out.
type Files = (Vec<(String, Vec<u8>)>, bool);

/// Takes an archive apart by the end of its name.
pub(super) fn unpack(name: &str, bytes: &[u8]) -> Result<Files, String> {
    let mut bounds = Bounds::new(bytes.len() as u64);
    if name.ends_with(".whl") || name.ends_with(".zip") {
        unzip(bytes, &mut bounds)?;
    } else if [".tar.gz", ".tgz", ".crate"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        untar(bytes, &mut bounds)?;
    } else {
        return Err("a form that is not read".to_owned());
    }
    Ok((bounds.files, bounds.is_partial))
}

/// Returns one file of a zip.
pub(in crate::registry) fn zip_entry(bytes: &[u8], path: &str, limit: usize) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut out = Vec::new();
    let entry = archive.by_name(path).ok()?;
    entry.take(limit as u64 + 1).read_to_end(&mut out).ok()?;
    (out.len() <= limit).then_some(out)
}

/// What was taken so far.
struct Bounds {
    packed: u64,
    unpacked: u64,
    kept: u64,
    files: Vec<(String, Vec<u8>)>,
    is_partial: bool,
}

impl Bounds {
    fn new(packed: u64) -> Self {
        Self {
            packed,
            unpacked: 0,
            kept: 0,
            files: Vec::new(),
            is_partial: false,
        }
    }

    /// Takes one file, whatever length it claims to have.
    fn take(&mut self, path: String, mut content: impl Read) -> Result<(), String> {
        if self.files.len() >= FILES {
            return Err(format!("more than {FILES} files"));
        }
        let mut bytes = Vec::new();
        let read = content.by_ref().take(FILE + 1).read_to_end(&mut bytes);
        read.map_err(|_| "damaged".to_owned())?;
        self.grow(bytes.len() as u64)?;
        if bytes.len() as u64 > FILE || self.kept + bytes.len() as u64 > KEPT {
            self.is_partial = true;
            return self.pass(content);
        }
        self.kept += bytes.len() as u64;
        self.files.push((path, bytes));
        Ok(())
    }

    /// Reads the rest of a file that is not kept, so that its size counts.
    fn pass(&mut self, mut content: impl Read) -> Result<(), String> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => self.grow(count as u64)?,
                Err(_) => return Err("damaged".to_owned()),
            }
        }
    }

    fn grow(&mut self, by: u64) -> Result<(), String> {
        self.unpacked += by;
        let bound = UNPACKED.min((self.packed * RATIO).max(SMALL));
        if self.unpacked > bound {
            return Err("it grows out of proportion when it is unpacked".to_owned());
        }
        Ok(())
    }
}

fn unzip(bytes: &[u8], bounds: &mut Bounds) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| "damaged".to_owned())?;
    if archive.len() > FILES {
        return Err(format!("more than {FILES} files"));
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| "damaged".to_owned())?;
        let name = entry.name().map_err(|_| "damaged".to_owned())?;
        let path = inside(&name)?;
        if entry.is_file() {
            bounds.take(path, entry)?;
        }
    }
    Ok(())
}

fn untar(bytes: &[u8], bounds: &mut Bounds) -> Result<(), String> {
    // What is unpacked without being a file counts too: a tar may be all headers.
    let bound = UNPACKED.min((bounds.packed * RATIO).max(SMALL)) + SMALL;
    let plain = flate2::read::MultiGzDecoder::new(bytes).take(bound);
    let mut archive = tar::Archive::new(plain);
    let damaged = |_| "damaged".to_owned();
    let mut seen = 0;
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        seen += 1;
        if seen > FILES {
            return Err(format!("more than {FILES} files"));
        }
        let path = inside(&String::from_utf8_lossy(&entry.path_bytes()))?;
        // Links lead to what is taken elsewhere, or out of the archive.
        if entry.header().entry_type().is_file() {
            bounds.take(path, entry)?;
        }
    }
    Ok(())
}

/// Returns a path with `/` between its parts if it stays in the archive.
fn inside(path: &str) -> Result<String, String> {
    let plain = path.replace('\\', "/");
    let drive = plain.as_bytes().get(1) == Some(&b':');
    let leads_out = plain.starts_with('/') || drive || plain.split('/').any(|part| part == "..");
    if leads_out || plain.len() > PATH || plain.contains('\0') {
        return Err("a path leads out of the archive".to_owned());
    }
    Ok(plain.trim_start_matches("./").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write as _;

    fn tar(path: &str, content: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_path(path).unwrap();
        header.set_cksum();
        let mut tar = tar::Builder::new(Vec::new());
        tar.append(&header, content).unwrap();
        tar.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_apart_or_refused(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut plain = tar("a/b.py", b"x = 1\n");
            for (at, byte) in &changes {
                let at = at.index(plain.len());
                plain[at] = *byte;
            }
            unpack("x.tgz", &gzip(&plain)).ok();
            unpack("x.tgz", &gzip(&plain[..cut.index(plain.len())])).ok();
            let mut packed = gzip(&plain);
            for (at, byte) in &changes {
                let at = at.index(packed.len());
                packed[at] = *byte;
            }
            unpack("x.tgz", &packed).ok();
            unpack("x.whl", &packed).ok();
        }
    }

    #[test]
    fn a_large_file_is_left_out_and_that_is_said() {
        // Not regular enough to count as a bomb.
        let mut state = 1_u64;
        let noise: Vec<u8> = (0..FILE + 1)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        let (files, is_partial) = unpack("x.tgz", &gzip(&tar("big", &noise))).unwrap();
        assert_eq!((files.len(), is_partial), (0, true));
    }
}
