//! Steps of workflows and images of containers.

use super::text::lines;
use super::{FormatError, yaml};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference, present};
use tares_model::Span;

/// Reads the actions that a workflow uses.
pub(super) fn actions(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found = Vec::new();
    for node in yaml::scalars(text)? {
        match node.path.last().map(String::as_str) {
            Some("uses") if !node.value.starts_with('.') => {
                match node.value.strip_prefix("docker://") {
                    Some(image) => found.push(image_of(image, node.span)),
                    None => {
                        let (name, revision) =
                            node.value.split_once('@').unwrap_or((&node.value, ""));
                        let is_commit =
                            revision.len() >= 40 && revision.bytes().all(|b| b.is_ascii_hexdigit());
                        found.push(Reference {
                            ecosystem: Ecosystem::Action,
                            name: name.to_owned(),
                            requirement: revision.to_owned(),
                            version: is_commit.then(|| revision.to_owned()),
                            origin: Origin::Registry,
                            place: Place::Manifest,
                            digest: present(is_commit),
                            span: node.span,
                        });
                    }
                }
            }
            Some("image") if !node.value.contains("${{") => {
                found.push(image_of(&node.value, node.span));
            }
            Some("container") if !node.value.contains("${{") => {
                found.push(image_of(&node.value, node.span));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn image_of(image: &str, span: Span) -> Reference {
    let (image, digest) = image.split_once('@').unwrap_or((image, ""));
    // A port in the host has a colon too.
    let (name, tag) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, ""),
    };
    Reference {
        ecosystem: Ecosystem::Image,
        name: name.to_owned(),
        requirement: tag.to_owned(),
        version: Some(tag.to_owned()).filter(|tag| !tag.is_empty() && tag != "latest"),
        origin: Origin::Registry,
        place: Place::Manifest,
        digest: digest.starts_with("sha256:").then(|| digest.to_owned()),
        span,
    }
}

/// Reads the images that a Dockerfile builds on; names of its own stages are none.
pub(super) fn images(text: &str) -> Result<Vec<Reference>, FormatError> {
    let (mut found, mut stages): (Vec<Reference>, Vec<String>) = (Vec::new(), Vec::new());
    for line in lines(text) {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if !words
            .first()
            .is_some_and(|word| word.eq_ignore_ascii_case("from"))
        {
            continue;
        }
        let mut rest = words[1..].iter().filter(|word| !word.starts_with("--"));
        let Some(image) = rest.next() else { continue };
        let is_stage = stages.iter().any(|stage| stage.eq_ignore_ascii_case(image));
        if let (Some(word), Some(stage)) = (rest.next(), rest.next())
            && word.eq_ignore_ascii_case("as")
        {
            stages.push((*stage).to_owned());
        }
        if !is_stage && *image != "scratch" && !image.contains('$') {
            found.push(image_of(image, line.span_of(image)));
        }
    }
    Ok(found)
}
