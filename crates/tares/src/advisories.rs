//! The advisory data of this machine, opened when the first package is looked up.

use std::sync::OnceLock;
use std::time::UNIX_EPOCH;
use tares_deps::Ecosystem;
use tares_deps::advisory::{Advisories, Contents, Day, Record, Refusal};
use tares_world::advisories::{Damaged, Database};
use tares_world::{Os, System};

/// The data, once somebody asked for it.
#[derive(Debug, Default)]
pub(crate) struct Data(OnceLock<Option<Box<Opened>>>);

#[derive(Debug)]
enum Opened {
    Whole(Database),
    /// It is there and cannot be read: every question is answered with that.
    Damaged(Unreadable),
}

impl Data {
    /// Returns the data; `None` where there is none.
    pub(crate) fn get(&self) -> Option<&dyn Advisories> {
        match self.0.get_or_init(open).as_deref()? {
            Opened::Whole(database) => Some(database),
            Opened::Damaged(unreadable) => Some(unreadable),
        }
    }
}

fn open() -> Option<Box<Opened>> {
    let folder = Os.data_dir()?;
    let opened = match Database::open(&folder, seconds(&Os)) {
        Ok(database) => Opened::Whole(database?),
        Err(damaged) => Opened::Damaged(Unreadable {
            damaged,
            contents: Contents::default(),
        }),
    };
    Some(Box::new(opened))
}

/// Returns the time in seconds since 1970.
pub(crate) fn seconds(system: &dyn System) -> u64 {
    let since = system.now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Data that is there and damaged.
#[derive(Debug)]
struct Unreadable {
    damaged: Damaged,
    contents: Contents,
}

impl Advisories for Unreadable {
    fn find(&self, _: Ecosystem, _: &str) -> Result<Vec<Record>, Refusal> {
        Err(Refusal(self.damaged.to_string()))
    }

    fn contents(&self) -> &Contents {
        &self.contents
    }

    fn today(&self) -> Day {
        Day::of_seconds(seconds(&Os))
    }
}
