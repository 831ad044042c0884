//! `[dependencies]`: which names are private, who may be asked, and what an unknown name is.

use super::error::ConfigError;
use super::quoted;
use super::read::{Item, Reader};
use crate::pattern::Wildcard;
use std::collections::BTreeMap;
use tares_model::{Ecosystem, Level};

/// Most private patterns: each is tried on every new name.
const MAX_PRIVATE: usize = 2000;

/// Ecosystems whose index can be set.
const INDEXED: [Ecosystem; 2] = [Ecosystem::PyPi, Ecosystem::Npm];

/// What an organisation wants of packages that are new to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependencies {
    /// Names that are asked of nobody.
    pub private: Vec<Wildcard>,
    /// Level of a new name of which nobody could say whether it exists.
    pub on_unknown: Level,
    /// A first release younger than so many days is looked at.
    pub age_review_days: u32,
    /// Whether a registry is asked.
    pub ask: Ask,
    /// Addresses of indexes that stand in the place of those that the client is configured for.
    pub index: BTreeMap<Ecosystem, String>,
}

/// Who is asked about names that local knowledge does not explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The registry, about names that are new.
    New,
    /// Nobody: no name leaves the machine.
    Never,
}

impl Default for Dependencies {
    fn default() -> Self {
        Self {
            private: Vec::new(),
            on_unknown: Level::Review,
            age_review_days: 90,
            ask: Ask::New,
            index: BTreeMap::new(),
        }
    }
}

impl Dependencies {
    /// Returns whether a name is private, as written or in normal form.
    pub fn is_private(&self, ecosystem: Ecosystem, name: &str) -> bool {
        let normal = ecosystem.normal(name);
        self.private
            .iter()
            .any(|pattern| pattern.matches(name) || pattern.matches(&normal))
    }

    pub(super) fn read(reader: &Reader<'_>, item: &Item<'_>) -> Result<Self, ConfigError> {
        let table = reader.table(item, "dependencies")?;
        let mut read = Self::default();
        if let Some(item) = table.get("private") {
            for item in reader.list(item, "private")? {
                read.private
                    .push(Wildcard::new(reader.text(item, "private")?));
                if read.private.len() > MAX_PRIVATE {
                    let text = format!("`private` has more than {MAX_PRIVATE} patterns");
                    return Err(reader.error(item.span(), text));
                }
            }
        }
        if let Some(item) = table.get("on-unknown") {
            let words = [
                (Level::Block, "block"),
                (Level::Review, "review"),
                (Level::Note, "note"),
            ];
            read.on_unknown = reader.word(item, "on-unknown", &words)?;
        }
        if let Some(item) = table.get("age-review-days") {
            read.age_review_days = reader.number(item, "age-review-days", 3650)?;
        }
        if let Some(item) = table.get("ask") {
            let words = [(Ask::New, "new"), (Ask::Never, "never")];
            read.ask = reader.word(item, "ask", &words)?;
        }
        if let Some(item) = table.get("index") {
            for (key, item) in reader.any_table(item, "index")? {
                let word: &str = key.get_ref();
                let ecosystem = word.parse().ok();
                let ecosystem = ecosystem.filter(|one| INDEXED.contains(one));
                let ecosystem = ecosystem.ok_or_else(|| {
                    reader
                        .error(
                            key.span(),
                            format!("no index can be set for {}", quoted(word)),
                        )
                        .with_hint(
                            "`pypi` or `npm`; others are asked where their client is configured",
                        )
                })?;
                let address = reader.text(item, word)?;
                if address != "configured" {
                    read.index.insert(ecosystem, address.to_owned());
                }
            }
        }
        Ok(read)
    }
}
