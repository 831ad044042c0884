//! Why an import failed.

use std::io;
use std::path::PathBuf;

/// Why nothing was imported. The data from before is still there.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// A source is not there or cannot be read.
    #[error("cannot read {}", place.display())]
    Reading {
        /// Source.
        place: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A source ends in the middle, or is not what its name says.
    #[error("{}: {why}", place.display())]
    Broken {
        /// Source.
        place: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A source is larger than any real one.
    #[error("{}: more than {what}; this is no database of advisories", place.display())]
    TooLarge {
        /// Source.
        place: PathBuf,
        /// The limit, in words.
        what: String,
    },
    /// A source holds no advisory.
    #[error("no advisory was found in {}", .0.display())]
    Empty(PathBuf),
    /// The data could not be written.
    #[error("cannot write the advisory data to {}", folder.display())]
    Writing {
        /// Folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}
