//! The verdict on a change.

use crate::finding::Level;
use serde::{Deserialize, Serialize};

/// What happens to the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing found in what was judged. A statement with limits.
    Pass,
    /// A person has to look.
    Review,
    /// A careful reviewer would never let this through.
    Block,
}

impl Verdict {
    /// Returns the verdict that one finding at `level` demands.
    pub fn from_level(level: Level) -> Self {
        match level {
            Level::Note => Self::Pass,
            Level::Review => Self::Review,
            Level::Block => Self::Block,
        }
    }

    /// Returns the word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}
