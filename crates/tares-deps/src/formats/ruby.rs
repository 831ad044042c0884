//! Ruby: Gemfile and Gemfile.lock.

use super::FormatError;
use super::text::lines;
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference, present};
use regex::Regex;
use std::sync::LazyLock;

static GEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*gem\s*\(?\s*["']([\w.\-]+)["'](.*)$"#).expect("a constant pattern")
});

/// Reads a Gemfile, as far as names stand in it as text.
pub(super) fn gemfile(text: &str) -> Result<Vec<Reference>, FormatError> {
    Ok(lines(text)
        .filter_map(|line| {
            let capture = GEM.captures(line.text)?;
            let (name, rest) = (capture.get(1)?.as_str(), capture.get(2)?.as_str());
            let requirement = rest.split(['"', '\'']).nth(1).unwrap_or("");
            let option = |key: &str| {
                let at = rest.find(key)? + key.len();
                rest[at..].split(['"', '\'']).nth(1)
            };
            let origin = match (option("git:"), option("github:"), option("path:")) {
                (Some(url), ..) | (None, Some(url), _) => Origin::Git {
                    url: url.to_owned(),
                    revision: option("ref:")
                        .or_else(|| option("tag:"))
                        .or_else(|| option("branch:"))
                        .unwrap_or("")
                        .to_owned(),
                },
                (None, None, Some(path)) => Origin::Path(path.to_owned()),
                _ => Origin::Registry,
            };
            let is_version =
                requirement.starts_with(|c: char| c.is_ascii_digit() || "=<>~!".contains(c));
            let requirement = if is_version { requirement } else { "" };
            Some(Reference {
                ecosystem: Ecosystem::RubyGems,
                name: name.to_owned(),
                requirement: requirement.to_owned(),
                version: requirement
                    .starts_with(|c: char| c.is_ascii_digit() || c == '=')
                    .then(|| requirement.trim_start_matches(['=', ' ']).to_owned()),
                origin,
                place: Place::Manifest,
                digest: None,
                span: line.span_of(name),
            })
        })
        .collect())
}

/// Reads a lock file: sections with a remote, gems indented by four blanks.
pub(super) fn lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    let (mut found, mut section, mut origin): (Vec<Reference>, &str, Origin) =
        (Vec::new(), "", Origin::Registry);
    let mut digests = rustc_hash::FxHashSet::default();
    for line in lines(text) {
        let body = line.text.trim();
        if !line.text.starts_with(' ') {
            (section, origin) = (body, Origin::Registry);
        } else if let Some(remote) = body.strip_prefix("remote: ") {
            origin = match section {
                "GIT" => Origin::Git {
                    url: remote.to_owned(),
                    revision: String::new(),
                },
                "PATH" => Origin::Path(remote.to_owned()),
                _ => Origin::Resolved(remote.to_owned()),
            };
        } else if let Some(commit) = body.strip_prefix("revision: ") {
            if let Origin::Git { revision, .. } = &mut origin {
                commit.clone_into(revision);
            }
        } else if section == "CHECKSUMS" {
            if body.contains("sha256=") {
                digests.extend(body.split_whitespace().next());
            }
        } else if line.text.starts_with("    ")
            && !line.text.starts_with("     ")
            && matches!(section, "GEM" | "GIT" | "PATH")
        {
            let (name, version) = body.split_once(" (").unwrap_or((body, ""));
            found.push(Reference {
                ecosystem: Ecosystem::RubyGems,
                name: name.to_owned(),
                requirement: String::new(),
                version: Some(version.trim_end_matches(')').to_owned())
                    .filter(|version| !version.is_empty()),
                origin: origin.clone(),
                place: Place::Lock,
                digest: None,
                span: line.span_of(name),
            });
        }
    }
    for reference in &mut found {
        reference.digest = present(digests.contains(reference.name.as_str()));
    }
    Ok(found)
}
