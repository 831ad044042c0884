//! Go: go.mod and go.sum.

use super::FormatError;
use super::text::lines;
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};

/// Reads a manifest: `require`, `replace` and `tool`.
pub(super) fn manifest(text: &str) -> Result<Vec<Reference>, FormatError> {
    let (mut found, mut block) = (Vec::new(), String::new());
    for line in lines(text) {
        let body = line.text.split("//").next().unwrap_or("").trim();
        if body == ")" {
            block.clear();
            continue;
        }
        if let Some(word) = body.strip_suffix('(') {
            block = word.trim().to_owned();
            continue;
        }
        let (verb, rest) = if block.is_empty() {
            body.split_once(char::is_whitespace).unwrap_or((body, ""))
        } else {
            (block.as_str(), body)
        };
        let words: Vec<&str> = rest
            .split_whitespace()
            .map(|word| word.trim_matches('"'))
            .collect();
        match (verb, words.as_slice()) {
            ("require", [name, version, ..]) => {
                let span = line.span_of(name);
                found.push(module(
                    name,
                    version,
                    Origin::Registry,
                    Place::Manifest,
                    span,
                ));
            }
            ("replace", [_, .., "=>", target]) if target.starts_with(['.', '/']) => {}
            ("replace", [_, .., "=>", target, version]) => {
                let span = line.span_of(target);
                found.push(module(
                    target,
                    version,
                    Origin::Registry,
                    Place::Manifest,
                    span,
                ));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn module(
    name: &str,
    version: &str,
    origin: Origin,
    place: Place,
    span: tares_model::Span,
) -> Reference {
    Reference {
        ecosystem: Ecosystem::Go,
        name: name.to_owned(),
        requirement: version.to_owned(),
        version: Some(version.to_owned()),
        origin,
        place,
        digest: None,
        span,
    }
}

/// Reads go.sum: a module, its version and a digest on each line.
pub(super) fn sums(text: &str) -> Result<Vec<Reference>, FormatError> {
    Ok(lines(text)
        .filter_map(|line| {
            let words: Vec<&str> = line.text.split_whitespace().collect();
            let [name, version, digest] = words.as_slice() else {
                return None;
            };
            let is_content = digest.starts_with("h1:") && !version.ends_with("/go.mod");
            is_content.then(|| Reference {
                digest: Some((*digest).to_owned()),
                ..module(
                    name,
                    version,
                    Origin::Registry,
                    Place::Lock,
                    line.span_of(name),
                )
            })
        })
        .collect())
}
