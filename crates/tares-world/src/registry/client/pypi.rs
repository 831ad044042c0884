//! The simple index: PEP 691 in JSON with PEP 700, PEP 503 in HTML, PEP 592 and PEP 740 in both.

use super::page::{Anchor, anchors, title};
use super::{Archive, Details, date, is_version, not_this};
use crate::registry::http::Answer;
use serde::Deserialize;
use std::collections::BTreeMap;
use tares_model::Ecosystem;
use tares_model::fact::Release;

#[derive(Deserialize)]
struct Project {
    name: String,
    #[serde(default)]
    meta: Meta,
    #[serde(default)]
    versions: Vec<String>,
    files: Vec<File>,
}

#[derive(Default, Deserialize)]
struct Meta {
    #[serde(rename = "api-version", default)]
    version: String,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    #[serde(rename = "upload-time")]
    time: Option<String>,
    yanked: Option<Yanked>,
    provenance: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Yanked {
    Plain(bool),
    Because(#[expect(dead_code, reason = "only that there is one counts")] String),
}

/// A file of either form.
struct Entry {
    archive: Archive,
    time: Option<tares_model::fact::Timestamp>,
    yanked: Option<bool>,
    attested: Option<bool>,
}

/// Reads an answer in either form.
pub(super) fn read(name: &str, answer: &Answer) -> Result<Details, String> {
    match answer.media.as_str() {
        "application/vnd.pypi.simple.v1+json" | "application/json" => json(name, answer),
        "text/html" | "application/vnd.pypi.simple.v1+html" => html(name, answer),
        _ => Err(not_this(answer, "a simple index")),
    }
}

fn json(name: &str, answer: &Answer) -> Result<Details, String> {
    let project: Project = serde_json::from_slice(&answer.body)
        .map_err(|_| "no project of a simple index".to_owned())?;
    if Ecosystem::PyPi.normal(&project.name) != name {
        return Err("the answer names another project".to_owned());
    }
    let mut against = None;
    // Attestations are told of since 1.3.
    let minor = project
        .meta
        .version
        .split_once('.')
        .and_then(|(_, minor)| minor.parse::<u32>().ok());
    let tells_attested = minor.is_some_and(|minor| minor >= 3);
    let entries = project.files.into_iter().filter_map(|file| {
        let digests = file
            .hashes
            .iter()
            .map(|(algorithm, hex)| format!("{algorithm}:{}", hex.to_lowercase()));
        let time = file
            .time
            .as_deref()
            .and_then(|text| date(text, &mut against));
        Some(Entry {
            time,
            yanked: Some(match file.yanked {
                None => false,
                Some(Yanked::Plain(yanked)) => yanked,
                Some(Yanked::Because(_)) => true,
            }),
            attested: (tells_attested || file.provenance.is_some())
                .then_some(file.provenance.is_some()),
            archive: Archive {
                version: version_in(name, &file.filename)?,
                link: file.url,
                digests: digests.collect(),
                file: file.filename,
            },
        })
    });
    let mut details = group(entries.collect());
    details.against_dates = against;
    let mut known: std::collections::BTreeSet<String> = details
        .releases
        .iter()
        .map(|release| release.version.clone())
        .collect();
    for version in project
        .versions
        .into_iter()
        .filter(|version| is_version(version))
    {
        if known.insert(version.clone()) {
            details.releases.push(Release {
                version,
                ..Release::default()
            });
        }
    }
    Ok(details)
}

fn html(name: &str, answer: &Answer) -> Result<Details, String> {
    let text = String::from_utf8_lossy(&answer.body);
    let entries: Vec<Entry> = anchors(&text)
        .filter_map(|anchor| entry(name, &anchor))
        .collect();
    // A page without files still says whose it is.
    let is_named = || {
        let title = Ecosystem::PyPi.normal(title(&text).unwrap_or_default());
        title.split_whitespace().last() == Some(name)
    };
    if entries.is_empty() && !is_named() {
        return Err("a page that does not name the project".to_owned());
    }
    Ok(group(entries))
}

fn entry(name: &str, anchor: &Anchor) -> Option<Entry> {
    let file = anchor.text.trim().to_owned();
    let (link, fragment) = anchor.href.split_once('#').unwrap_or((&anchor.href, ""));
    let digest = fragment.split_once('=').filter(|(_, hex)| hex.len() >= 32);
    Some(Entry {
        archive: Archive {
            version: version_in(name, &file)?,
            link: link.to_owned(),
            digests: digest
                .iter()
                .map(|(algorithm, hex)| format!("{algorithm}:{}", hex.to_lowercase()))
                .collect(),
            file,
        },
        time: None,
        yanked: Some(anchor.has("data-yanked")),
        attested: anchor.has("data-provenance").then_some(true),
    })
}

/// Puts the files of a version together.
fn group(entries: Vec<Entry>) -> Details {
    let mut details = Details::default();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let version = entry.archive.version.clone();
        let is_new = !places.contains_key(&version);
        let at = *places
            .entry(version.clone())
            .or_insert(details.releases.len());
        if is_new {
            details.releases.push(Release {
                version,
                time: entry.time,
                yanked: Some(true),
                runs_at_install: Some(true),
                attested: entry.attested,
                ..Release::default()
            });
        }
        let release = &mut details.releases[at];
        release.time = release.time.min(entry.time).or(release.time).or(entry.time);
        // Withdrawn is a version of which nothing is left.
        if entry.yanked == Some(false) {
            release.yanked = Some(false);
        }
        // One archive without an attestation is the one that is installed somewhere.
        if entry.attested == Some(false) {
            release.attested = Some(false);
        }
        // A wheel is unpacked; a source archive runs its build.
        if entry.archive.file.ends_with(".whl") {
            release.runs_at_install = Some(false);
        }
        release
            .digests
            .extend(entry.archive.digests.iter().cloned());
        details.files.push(entry.archive);
    }
    details
}

/// Returns the version in a file's name, if the file belongs to the project.
fn version_in(name: &str, file: &str) -> Option<String> {
    let stem = file.strip_suffix(".whl");
    if let Some(stem) = stem {
        let mut parts = stem.split('-');
        let project = parts.next()?;
        let version = parts.next()?;
        let is_ours = Ecosystem::PyPi.normal(project) == name;
        return (is_ours && is_version(version)).then(|| version.to_owned());
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"]
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    // A project's name may have `-` in it: the cut is where the name before it is ours.
    let mut cuts = stem.match_indices('-').map(|(at, _)| at);
    let cut = cuts.find(|&at| Ecosystem::PyPi.normal(&stem[..at]) == name)?;
    let version = &stem[cut + 1..];
    is_version(version).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_file_names() {
        let version = |name, file| version_in(name, file);
        assert_eq!(
            version("a-b", "a_b-1.0-py3-none-any.whl").as_deref(),
            Some("1.0")
        );
        assert_eq!(
            version("a-b", "a-b-1.0rc1.tar.gz").as_deref(),
            Some("1.0rc1")
        );
        assert_eq!(version("a-b", "A.B-2.zip").as_deref(), Some("2"));
        assert_eq!(version("a-b", "a-1.0.tar.gz"), None);
        assert_eq!(version("a", "a-b-1.0.exe"), None);
    }
}
