//! Advisory data of this machine: built from folders, archives and repositories that the user
//! names, kept as one file that never changes, and asked in place.
//!
//! Nothing is fetched from anywhere and nothing of a source is written but what was read out of
//! it: a member's name in an archive is never a path. A source that cannot be read to its end, or
//! that is larger than any real one, ends the import, and the data from before stays.

mod error;
mod limits;
mod source;
mod store;

pub use error::UpdateError;
pub use limits::Limits;
pub use store::{Damaged, Store};

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tares_deps::Ecosystem;
use tares_deps::advisory::{
    Advisories, Contents, Day, Import, Record, Refusal, records, store_key,
};

/// Name of the file in the folder for the user's data.
pub const FILE: &str = "advisories.v1";

/// Beginning of the names of files that are being written.
const UNFINISHED: &str = ".advisories-";

/// Seconds after which an unfinished file was left by a process that is gone.
const ABANDONED: u64 = 24 * 60 * 60;

/// Builds the data anew from `sources` and puts it in the place of the old, whole or not at all.
///
/// # Errors
/// When a source cannot be read to its end or holds no advisory, or the file cannot be written.
/// What was there before stays.
pub fn update(
    folder: &Path,
    sources: &[PathBuf],
    now: u64,
    limits: &Limits,
) -> Result<Contents, UpdateError> {
    let mut import = Import::new(now);
    let mut budget = limits.budget();
    for place in sources {
        source::read(place, &mut budget, &mut import)?;
    }
    let (contents, entries) = import.finish();
    for (source, place) in contents.sources.iter().zip(sources) {
        if source.advisories == 0 {
            return Err(UpdateError::Empty(place.clone()));
        }
    }
    write(folder, &contents, &entries).map_err(|source| UpdateError::Writing {
        folder: folder.to_owned(),
        source,
    })?;
    Ok(contents)
}

fn write(
    folder: &Path,
    contents: &Contents,
    entries: &[(Box<[u8]>, Vec<u8>)],
) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    sweep(folder, contents.built);
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    let about = postcard::to_stdvec(contents).map_err(std::io::Error::other)?;
    {
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file.as_file_mut());
        store::write(&mut out, &about, entries)?;
        out.flush()?;
    }
    // The name changes hands only when all bytes are on disk: a kill at any moment, even of the
    // machine, leaves the old file or the new one.
    file.as_file().sync_all()?;
    file.persist(folder.join(FILE))
        .map_err(|error| error.error)?;
    if let Ok(folder) = File::open(folder) {
        // Not every system can do this for a folder; the name is then safe a little later.
        folder.sync_all().ok();
    }
    Ok(())
}

/// Removes what processes that were killed left behind.
fn sweep(folder: &Path, now: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let written = entry.metadata().and_then(|meta| meta.modified()).ok();
        let written = written.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let is_old = written.is_some_and(|time| time.as_secs() + ABANDONED < now);
        if is_ours && is_old {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}

/// The data of this machine, ready to be asked.
#[derive(Debug)]
pub struct Database {
    store: Store,
    contents: Contents,
    today: Day,
}

impl Database {
    /// Opens the data in a folder; `None` where there is none.
    ///
    /// # Errors
    /// When the file is there and damaged, of another layout, or cannot be read.
    pub fn open(folder: &Path, now: u64) -> Result<Option<Self>, Damaged> {
        let Some(store) = Store::open(&folder.join(FILE))? else {
            return Ok(None);
        };
        let contents = postcard::from_bytes(&store.about()?)
            .map_err(|error| Damaged(format!("what it says about itself: {error}")))?;
        Ok(Some(Self {
            store,
            contents,
            today: Day::of_seconds(now),
        }))
    }

    /// Returns the size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.store.size()
    }
}

impl Advisories for Database {
    fn find(&self, ecosystem: Ecosystem, normal: &str) -> Result<Vec<Record>, Refusal> {
        let found = self
            .store
            .get(&store_key(ecosystem, normal))
            .map_err(|damaged| Refusal(damaged.to_string()))?;
        found.map_or(Ok(Vec::new()), |bytes| records(&bytes))
    }

    fn contents(&self) -> &Contents {
        &self.contents
    }

    fn today(&self) -> Day {
        self.today
    }
}
