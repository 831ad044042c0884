//! Advisories: what is known about versions of packages, and what that means for a reference.
//!
//! Readers turn the texts of public databases into [`Record`]s; [`Import`] gathers them for a
//! store; [`judge`] asks a store, through [`Advisories`], about the versions that a text names.
//! Nothing of a database is bundled. All of it is pure: texts and records in, records and notices
//! out.

mod affected;
mod date;
mod import;
mod judge;
mod osv;
mod record;
mod rustsec;
mod severity;
mod text;
mod tree;

pub use affected::{Answer, Fix, affects};
pub use date::Day;
pub use import::{Broken, Contents, Import, Source, Tally};
pub use judge::{Advisories, Judged, judge};
pub use record::{Event, Kind, Record, Refusal, records, store_key};
pub use severity::Grade;
pub use text::{judge_looked, names_packages};

/// What a text of a database turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// One record for each package that it names in an ecosystem that is known.
    pub records: Vec<Record>,
    /// It was withdrawn: there are no records.
    pub withdrawn: bool,
    /// Packages in ecosystems that tares does not know.
    pub foreign: usize,
    /// Ranges that only the history of a repository can decide, which were skipped.
    pub commit_ranges: usize,
    /// Day on which it was last changed.
    pub modified: Option<Day>,
}

/// Why a text is no advisory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is something else: a page, a configuration.
    #[error("not an advisory")]
    Other,
    /// It should be one and cannot be read.
    #[error("{0}")]
    Syntax(String),
}

/// Largest text of one advisory, in bytes. Real ones stay below 1 MB.
pub const LARGEST: usize = 8 << 20;

/// Reads a text by its name: `.json` and `.yaml` as OSV, `.md` as RustSec.
///
/// # Errors
/// [`ReadError::Other`] for what is no advisory by name or content, [`ReadError::Syntax`] for what
/// should be one.
pub fn read(name: &str, text: &[u8]) -> Result<Document, ReadError> {
    let reader: fn(&str) -> Result<Document, ReadError> = match ending(name) {
        Some("json") => osv::json,
        Some("yaml" | "yml") => osv::yaml,
        Some("md") => rustsec::read,
        _ => return Err(ReadError::Other),
    };
    if text.len() > LARGEST {
        return Err(ReadError::Syntax(format!(
            "{} bytes are more than an advisory may have",
            text.len()
        )));
    }
    let text = std::str::from_utf8(text)
        .map_err(|error| ReadError::Syntax(format!("not UTF-8: {error}")))?;
    reader(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Returns whether a file can be an advisory by its name.
pub fn is_candidate(name: &str) -> bool {
    matches!(ending(name), Some("json" | "yaml" | "yml" | "md"))
}

fn ending(name: &str) -> Option<&str> {
    let file = name.rsplit(['/', '\\']).next()?;
    file.rsplit_once('.').map(|(_, ending)| ending)
}
