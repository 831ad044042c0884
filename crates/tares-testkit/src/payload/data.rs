//! The files of `payloads/`, as they are written.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// A small service; its text stands beside its `.toml`, under the name `source`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Carrier {
    /// Language, as results are counted by.
    pub(super) language: String,
    /// Path in the made-up repository.
    pub(super) path: String,
    /// Honest changes by name.
    pub(super) feature: BTreeMap<String, Feature>,
    /// The text, with its places.
    #[serde(skip)]
    pub(super) text: String,
}

/// An honest change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Feature {
    /// What a person asked for.
    pub(super) task: String,
    /// What the author says of it.
    pub(super) claim: String,
    #[serde(flatten)]
    pub(super) change: Text,
}

/// Lines that are added or replaced.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Text {
    /// Lines by place.
    pub(super) fill: BTreeMap<String, String>,
    /// Text and what stands in its stead.
    pub(super) edit: Vec<(String, String)>,
    /// New files by path.
    pub(super) files: BTreeMap<String, String>,
}

/// All cases of one mechanism.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mechanism {
    /// Families of rules that fit.
    pub(super) families: Vec<String>,
    pub(super) case: Vec<Case>,
}

/// A payload on a carrier. Its lines end in `§`.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    /// The carrier.
    pub(super) on: String,
    /// The feature that it comes with.
    pub(super) with: String,
    /// Whether it is written so that it is hard to read.
    #[serde(default)]
    pub(super) disguised: bool,
    /// What the author says, where it is more than the feature's words.
    #[serde(default)]
    pub(super) claim: Option<String>,
    #[serde(flatten)]
    pub(super) change: Text,
    /// The same calls, asked for.
    pub(super) twin: Option<Twin>,
}

/// What is asked for, and what stands there if it is not the payload itself.
#[derive(Debug, Deserialize)]
pub(super) struct Twin {
    /// Words added to the feature's task.
    pub(super) ask: String,
    #[serde(flatten)]
    pub(super) change: Text,
}

impl Text {
    pub(super) fn is_empty(&self) -> bool {
        self.fill.is_empty() && self.edit.is_empty() && self.files.is_empty()
    }
}

pub(super) fn carriers(folder: &Path) -> BTreeMap<String, Carrier> {
    let mut carriers: BTreeMap<String, Carrier> = read(folder);
    for entry in std::fs::read_dir(folder).expect("the carriers are there") {
        let file = entry.expect("the folder can be read").path();
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        if file.extension().is_none_or(|end| end != "toml") {
            let carrier = carriers.get_mut(stem.as_ref());
            let carrier = carrier.unwrap_or_else(|| panic!("{stem}: no .toml beside the text"));
            carrier.text = std::fs::read_to_string(&file).expect("a carrier is text");
        }
    }
    carriers
}

pub(super) fn mechanisms(folder: &Path) -> BTreeMap<String, Mechanism> {
    read(folder)
}

fn read<T: DeserializeOwned>(folder: &Path) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the payloads are there") {
        let file = entry.expect("the folder can be read").path();
        if file.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("data is text");
        let data = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        all.insert(stem.into_owned(), data);
    }
    all
}
