//! Paths inside what is judged.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A path relative to the root of what is judged, with `/` between its parts.
///
/// A path that is not UTF-8 keeps its bytes beside a readable form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct RepoPath {
    text: String,
    bytes: Option<Vec<u8>>,
}

impl RepoPath {
    /// Returns the path for raw bytes as git stores them.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self {
                text: text.to_owned(),
                bytes: None,
            },
            Err(_) => Self {
                text: String::from_utf8_lossy(bytes).into_owned(),
                bytes: Some(bytes.to_owned()),
            },
        }
    }

    /// Returns the readable form; bytes that are not UTF-8 appear as U+FFFD.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the exact bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Returns the bytes only where the readable form loses some.
    pub fn raw(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// Returns the last part.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or("")
    }

    /// Returns everything before the last part, without a trailing `/`.
    pub fn parent(&self) -> &str {
        self.text.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// Returns whether it is the path of test code, by the conventions of languages.
    pub fn is_test_code(&self) -> bool {
        let folder = self.parent().split('/').any(|part| {
            matches!(
                part,
                "test" | "tests" | "testing" | "__tests__" | "spec" | "specs" | "fixtures" | "e2e"
            )
        });
        let name = self.name();
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let middle = name.contains(".test.") || name.contains(".spec.");
        folder
            || middle
            || stem.starts_with("test_")
            || stem.ends_with("_test")
            || stem == "conftest"
    }

    /// Returns the lower-cased text after the last dot of the name, if there is one.
    pub fn extension(&self) -> Option<String> {
        let (stem, ext) = self.name().rsplit_once('.')?;
        (!stem.is_empty()).then(|| ext.to_ascii_lowercase())
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            bytes: None,
        }
    }
}

impl From<String> for RepoPath {
    fn from(text: String) -> Self {
        Self { text, bytes: None }
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
