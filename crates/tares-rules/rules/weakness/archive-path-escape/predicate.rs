//! Tells names of members of an archive from other content of files.

use tares_model::effect::{Effect, Label};

/// Parts of the API paths under which members of archives are listed.
const LISTS: &[&str] = &[
    "zipfile.", "tarfile.", "adm-zip", "unzipper", "archive/zip", "archive/tar", "yauzl", "jszip", "tar-stream",
];

pub(super) fn member_names_it(effect: &Effect, _: &[Effect]) -> Option<String> {
    let sources = &effect.role("path")?.sources;
    sources
        .iter()
        .filter(|source| source.label == Label::FileContent)
        .filter_map(|source| source.steps.first())
        .any(|step| LISTS.iter().any(|list| step.what.contains(list)))
        .then(String::new)
}
