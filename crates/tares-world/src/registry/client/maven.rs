//! `maven-metadata.xml` of an artefact.

use super::{Details, is_version};
use crate::registry::http::Answer;
use crate::registry::places::{blocks, value};
use tares_model::fact::Release;

/// Returns where `group:artifact` is described.
pub(super) fn path(name: &str) -> String {
    let (group, artifact) = name.split_once(':').unwrap_or((name, ""));
    format!("{}/{artifact}/maven-metadata.xml", group.replace('.', "/"))
}

/// Reads an answer.
pub(super) fn read(name: &str, answer: &Answer) -> Result<Details, String> {
    let text = std::str::from_utf8(&answer.body).map_err(|_| "no Maven metadata".to_owned())?;
    let metadata = blocks_of_root(text).ok_or_else(|| "no Maven metadata".to_owned())?;
    let (group, artifact) = name.split_once(':').unwrap_or((name, ""));
    if value(metadata, "groupId").as_deref() != Some(group)
        || value(metadata, "artifactId").as_deref() != Some(artifact)
    {
        return Err("the answer names another artefact".to_owned());
    }
    let list = blocks(metadata, "versions")
        .first()
        .copied()
        .unwrap_or_default();
    let versions = blocks(list, "version").into_iter().map(str::trim);
    Ok(Details {
        releases: versions
            .filter(|version| is_version(version))
            .map(|version| Release {
                version: version.to_owned(),
                ..Release::default()
            })
            .collect(),
        latest: value(metadata, "release").or_else(|| value(metadata, "latest")),
        ..Details::default()
    })
}

/// Returns what stands in the outermost element, which may have attributes.
fn blocks_of_root(text: &str) -> Option<&str> {
    let start = text.find("<metadata")?;
    let inside = &text[start..];
    let open = inside.find('>')? + 1;
    let end = inside.rfind("</metadata>")?;
    inside.get(open..end)
}
