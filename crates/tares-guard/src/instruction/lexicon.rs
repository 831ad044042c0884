//! The data of the lexicon: what `lexicon/*.toml` hold.

use serde::{Deserialize, Serialize};

/// One kind of evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Feature {
    /// Name, as the weighing uses it.
    pub(crate) name: String,
    /// What a text with it does, as people read it.
    pub(crate) says: String,
    /// Regular expressions; one that matches is enough.
    pub(crate) patterns: Vec<String>,
}
