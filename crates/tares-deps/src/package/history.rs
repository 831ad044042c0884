//! What was seen of a name earlier, and what the writing model can have known.

use super::{Asked, date, notice};
use crate::notice::shown;
use tares_model::Notice;
use tares_model::fact::{PackageFacts, Timestamp};
use tares_model::finding::Level;

/// Judges a name that exists now and was missing once: the strongest sign of a name that somebody
/// registered because models invent it. Needs nobody but tares's own memory.
pub(super) fn appeared(asked: &Asked<'_>, facts: &PackageFacts) -> Option<Notice> {
    let seen = &facts.sightings;
    let missing = seen.first_absent?;
    if seen.cleared_by.is_some() {
        return None;
    }
    let since = seen.first_exists.map_or(String::new(), |time| {
        format!(" and was first seen on {}", date(time))
    });
    Some(notice(
        "package-appeared",
        Level::Block,
        facts.name.ecosystem,
        asked.name,
        format!(
            "did not exist on {}{since}: somebody registered a name that was asked for before it existed. `tares deps clear` clears it once a person has looked",
            date(seen.last_absent.unwrap_or(missing))
        ),
    ))
}

/// A model, as far as its dates are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Vendor, name and version.
    pub model: String,
    /// Day up to which its training data reach.
    pub cutoff: Option<Timestamp>,
    /// Day of its release.
    pub released: Option<Timestamp>,
}

/// Judges a package whose first release is younger than what the model that wrote the line can
/// have learned. Silent where either date is unknown.
pub fn newer_than(author: &Author, asked: &Asked<'_>, facts: &PackageFacts) -> Option<Notice> {
    let first = facts.first_release()?;
    let after = |day: Option<Timestamp>| day.is_some_and(|day| first > day);
    let what = if after(author.released) {
        "was released"
    } else if after(author.cutoff) {
        "was trained"
    } else {
        return None;
    };
    Some(notice(
        "package-newer-than-model",
        Level::Review,
        facts.name.ecosystem,
        asked.name,
        format!(
            "was first published on {}, after {} {what}: the model cannot have learned this name",
            date(first),
            shown(&author.model, 80)
        ),
    ))
}
