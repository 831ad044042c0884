//! Whether a distribution of an operating system carries a package, by lists that lie on the
//! machine.
//!
//! A person packaged it, so that it is no name that somebody made up last week. Measured: 14 % of
//! popular packages of Python and npm are in Debian, and none of 9,611 malicious ones. The lists
//! are those that apt fetched; without them nothing is known.

use super::Registries;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;
use tares_model::Ecosystem;
use tares_model::fact::PackageName;

/// Where apt keeps its lists.
const LISTS: &str = "/var/lib/apt/lists";
/// The largest list, in bytes. Debian's main one has some 50 MB.
const LARGEST: u64 = 128 * 1024 * 1024;
/// How names of packages begin that carry Python modules and npm packages.
const PREFIXES: [&str; 2] = ["python3-", "node-"];

/// Names in the lists, read once.
#[derive(Debug, Default)]
pub(super) struct Lists(OnceLock<Option<BTreeSet<String>>>);

impl Lists {
    /// Returns whether a distribution carries a name; `None` where there is no list, and for
    /// ecosystems and scopes whose names it does not keep.
    pub(super) fn carry(&self, registries: &Registries, name: &PackageName) -> Option<bool> {
        let prefix = match name.ecosystem {
            Ecosystem::PyPi => PREFIXES[0],
            Ecosystem::Npm if !name.name.starts_with('@') => PREFIXES[1],
            _ => return None,
        };
        let names = self.0.get_or_init(|| read(registries)).as_ref()?;
        Some(names.contains(&format!("{prefix}{}", name.name)))
    }
}

fn read(registries: &Registries) -> Option<BTreeSet<String>> {
    let system = &registries.system;
    let files: Vec<PathBuf> = system
        .list(Path::new(LISTS))
        .ok()?
        .into_iter()
        .filter(|name| name.ends_with("_Packages"))
        .map(|name| Path::new(LISTS).join(name))
        .collect();
    if files.is_empty() {
        return None;
    }
    let mut key = blake3::Hasher::new();
    key.update(b"names of a distribution 1");
    for file in &files {
        let since = system.modified(file)?.duration_since(UNIX_EPOCH).ok()?;
        key.update(file.to_string_lossy().as_bytes());
        key.update(&since.as_nanos().to_le_bytes());
    }
    let key = key.finalize();
    if let Some(kept) = registries.cache.get(key.as_bytes()) {
        let text = String::from_utf8(kept).ok()?;
        return Some(text.lines().map(str::to_owned).collect());
    }
    let mut names = BTreeSet::new();
    for file in &files {
        let bytes = system.read(file, LARGEST).ok()?;
        let lines = bytes.split(|&byte| byte == b'\n');
        let found = lines.filter_map(|line| line.strip_prefix(b"Package: "));
        names.extend(
            found
                .filter_map(|name| std::str::from_utf8(name).ok())
                .filter(|name| PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
                .map(str::to_owned),
        );
    }
    let text: Vec<&str> = names.iter().map(String::as_str).collect();
    registries
        .cache
        .put(key.as_bytes(), text.join("\n").as_bytes());
    Some(names)
}
