//! How much of a source is read.

use super::error::UpdateError;
use std::path::Path;

/// Bounds of one import. The largest public collection has about half a million records in a few
/// GB of text.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Files and members, in all.
    pub documents: u64,
    /// Bytes that are unpacked, in all.
    pub bytes: u64,
    /// Bytes of one document that may be an advisory.
    pub document_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            documents: 3_000_000,
            bytes: 24 << 30,
            document_bytes: tares_deps::advisory::LARGEST as u64,
        }
    }
}

impl Limits {
    /// Returns what an import may spend.
    pub(super) fn budget(&self) -> Budget {
        Budget {
            documents: self.documents,
            bytes: self.bytes,
            limits: *self,
        }
    }
}

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Budget {
    documents: u64,
    bytes: u64,
    limits: Limits,
}

impl Budget {
    /// Spends one document.
    pub(super) fn document(&mut self, place: &Path) -> Result<(), UpdateError> {
        if self.documents == 0 {
            return Err(UpdateError::TooLarge {
                place: place.to_owned(),
                what: format!("{} files", self.limits.documents),
            });
        }
        self.documents -= 1;
        Ok(())
    }

    /// Spends bytes.
    pub(super) fn bytes(&mut self, place: &Path, count: u64) -> Result<(), UpdateError> {
        self.bytes = self
            .bytes
            .checked_sub(count)
            .ok_or_else(|| UpdateError::TooLarge {
                place: place.to_owned(),
                what: format!("{} bytes", self.limits.bytes),
            })?;
        Ok(())
    }

    /// Returns the bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.bytes
    }

    /// Returns the most bytes that the next document may have, and one more to tell that it has
    /// more.
    pub(super) fn next(&self) -> u64 {
        self.limits.document_bytes.min(self.bytes) + 1
    }

    /// Refuses a document above the bounds.
    pub(super) fn within(
        &mut self,
        place: &Path,
        name: &str,
        size: u64,
    ) -> Result<(), UpdateError> {
        if size > self.limits.document_bytes {
            return Err(UpdateError::TooLarge {
                place: place.to_owned(),
                what: format!("{} bytes in `{name}`", self.limits.document_bytes),
            });
        }
        self.bytes(place, size)
    }
}
