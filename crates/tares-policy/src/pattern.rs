//! Patterns of a policy: wildcards over words and globs over paths.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use tares_model::RepoPath;

/// Text in which `*` stands for any run of characters, separators included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard {
    text: String,
}

impl Wildcard {
    /// Returns the wildcard as written.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Returns the wildcard as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether it has no `*`, so that it names one thing.
    pub fn is_exact(&self) -> bool {
        !self.text.contains('*')
    }

    /// Returns whether it is nothing but `*` and so matches everything.
    pub fn is_any(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|b| b == b'*')
    }

    /// Returns the number of bytes that are not `*`: the more, the more specific.
    pub fn known_len(&self) -> usize {
        self.text.bytes().filter(|&b| b != b'*').count()
    }

    /// Returns whether every text that `text` stands for is matched.
    ///
    /// `text` may itself hold `*` for parts that are not known. Only a `*` of this wildcard
    /// matches one of those, so an unknown part never counts as a particular text.
    pub fn matches(&self, text: &str) -> bool {
        matches_bytes(self.text.as_bytes(), text.as_bytes())
    }
}

/// Greedy matching that goes back to the last `*` only; at worst length times length.
fn matches_bytes(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            retry = Some((p, t));
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((after_star, from)) = retry {
            p = after_star;
            t = from + 1;
            retry = Some((after_star, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

/// A list of path globs, matched against the whole path from the root: `*` stays inside one
/// folder, `**` crosses folders, `{a,b}` and `[a-z]` work. Case matters on every system.
#[derive(Debug, Clone)]
pub struct PathGlobs {
    globs: Vec<String>,
    set: GlobSet,
}

impl PartialEq for PathGlobs {
    fn eq(&self, other: &Self) -> bool {
        self.globs == other.globs
    }
}

impl PathGlobs {
    /// Builds the list from globs that [`PathGlobs::check`] accepts.
    ///
    /// # Errors
    /// Says what is wrong where a glob is refused or all of them together are too large.
    pub fn new(globs: Vec<String>) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        for glob in &globs {
            builder.add(build(glob)?);
        }
        let set = builder.build().map_err(|e| e.kind().to_string())?;
        Ok(Self { globs, set })
    }

    /// Returns the list that matches no path.
    pub fn none() -> Self {
        Self {
            globs: Vec::new(),
            set: GlobSet::empty(),
        }
    }

    /// Says what is wrong with one glob, if anything. Globs that could never match (absolute,
    /// with `.` or `..` parts) are refused, because they would silently do nothing.
    ///
    /// # Errors
    /// One sentence without the glob itself.
    pub fn check(glob: &str) -> Result<(), String> {
        build(glob).map(|_| ())
    }

    /// Returns the globs as written.
    pub fn as_slice(&self) -> &[String] {
        &self.globs
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Returns whether a glob matches the path.
    pub fn matches(&self, path: &RepoPath) -> bool {
        !self.globs.is_empty() && self.set.is_match(path.as_str())
    }
}

fn build(glob: &str) -> Result<globset::Glob, String> {
    const MAX_GLOB: usize = 256;
    if glob.is_empty() {
        return Err("an empty pattern matches nothing".to_owned());
    }
    if glob.len() > MAX_GLOB {
        return Err(format!("a path pattern has at most {MAX_GLOB} bytes"));
    }
    if glob.starts_with('/') || glob.ends_with('/') {
        return Err(
            "paths are relative to the root of the repository and name files; write `folder/**`"
                .to_owned(),
        );
    }
    if glob.split('/').any(|part| part == "." || part == "..") {
        return Err("paths have no `.` or `..` parts".to_owned());
    }
    GlobBuilder::new(glob)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|e| e.kind().to_string())
}
