//! What an effect acts on.

use serde::{Deserialize, Serialize};

/// Host, path, command, package or setting that an effect acts on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// Known exactly.
    Exact(String),
    /// Known in part; unknown parts appear as `*`.
    Pattern(String),
    /// Not known. The text is the source expression, so that two unknown targets are only
    /// equal when they are written alike.
    Unknown(String),
    /// The effect has no target.
    None,
}

impl Target {
    /// Returns the readable form.
    pub fn text(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Pattern(text) | Self::Unknown(text) => text,
            Self::None => "",
        }
    }

    /// Returns whether the target is known exactly.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    pub(crate) fn write_canonical(&self, out: &mut String) {
        match self {
            Self::Exact(text) => out.push_str(text),
            Self::Pattern(text) => {
                out.push('~');
                out.push_str(text);
            }
            Self::Unknown(text) => {
                out.push_str("? ");
                out.extend(text.chars().filter(|c| !c.is_whitespace()));
            }
            Self::None => out.push('-'),
        }
    }
}
