//! The packument, full or short.

use super::{Archive, Details, date, is_version, not_this};
use crate::registry::http::Answer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use tares_model::fact::Release;

#[derive(Deserialize)]
struct Packument {
    name: String,
    #[serde(rename = "dist-tags", default)]
    tags: BTreeMap<String, String>,
    /// Dates by version, and two of the whole. Some hold other things than text.
    time: Option<BTreeMap<String, Loose>>,
    #[serde(default, deserialize_with = "in_order")]
    versions: Vec<(String, Version)>,
    repository: Option<Loose>,
}

#[derive(Deserialize)]
struct Version {
    deprecated: Option<Loose>,
    license: Option<Loose>,
    #[serde(rename = "hasInstallScript")]
    has_install_script: Option<bool>,
    scripts: Option<Scripts>,
    dist: Option<Dist>,
}

/// What npm runs when it installs from a registry.
#[derive(Deserialize)]
struct Scripts {
    preinstall: Option<IgnoredAny>,
    install: Option<IgnoredAny>,
    postinstall: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Dist {
    tarball: Option<String>,
    integrity: Option<String>,
    shasum: Option<String>,
    attestations: Option<IgnoredAny>,
}

/// A text, or a table with the text inside: registries hold both.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Table {
        url: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
    },
    Other(IgnoredAny),
}

impl Loose {
    /// Returns the text, or of a table what `choose` takes of its address and its kind.
    fn text_or(
        self,
        choose: fn(Option<String>, Option<String>) -> Option<String>,
    ) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Table { url, kind } => choose(url, kind),
            Self::Other(_) => None,
        }
        .filter(|text| !text.is_empty() && text.len() <= 2048)
    }

    fn text(self) -> Option<String> {
        self.text_or(|_, _| None)
    }
}

/// Reads an answer.
pub(super) fn read(name: &str, answer: &Answer) -> Result<Details, String> {
    if answer.media == "text/html" {
        return Err(not_this(answer, "a packument"));
    }
    let packument: Packument =
        serde_json::from_slice(&answer.body).map_err(|_| "no packument".to_owned())?;
    if packument.name != name {
        return Err("the answer names another package".to_owned());
    }
    let mut against = None;
    let mut times = BTreeMap::new();
    if let Some(time) = packument.time {
        for key in ["created", "modified"] {
            if !time.contains_key(key) {
                against.get_or_insert_with(|| format!("no date `{key}`"));
            }
        }
        for (key, value) in time {
            if key != "unpublished"
                && let Some(text) = value.text()
            {
                times.insert(key, date(&text, &mut against));
            }
        }
    }
    let mut details = Details {
        latest: packument.tags.get("latest").cloned(),
        repository: packument
            .repository
            .and_then(|one| one.text_or(|url, _| url)),
        ..Details::default()
    };
    let versions = packument.versions.into_iter();
    for (version, about) in versions.filter(|(version, _)| is_version(version)) {
        let time = times.get(&version).copied().flatten();
        let (release, archive) = about.into_release(version, time);
        details.releases.push(release);
        details.files.extend(archive);
    }
    details.against_dates = against;
    Ok(details)
}

impl Version {
    fn into_release(
        self,
        version: String,
        time: Option<tares_model::fact::Timestamp>,
    ) -> (Release, Option<Archive>) {
        let scripts = self.scripts.map(|scripts| {
            scripts.preinstall.is_some()
                || scripts.install.is_some()
                || scripts.postinstall.is_some()
        });
        let mut release = Release {
            version: version.clone(),
            time,
            yanked: None,
            deprecated: self.deprecated.and_then(Loose::text),
            license: self.license.and_then(|one| one.text_or(|_, kind| kind)),
            runs_at_install: match (scripts, self.has_install_script) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), _) | (_, Some(false)) => Some(false),
                (None, None) => None,
            },
            ..Release::default()
        };
        let archive = self.dist.and_then(|dist| {
            let integrity = dist
                .integrity
                .as_deref()
                .unwrap_or_default()
                .split_whitespace();
            release.digests = integrity.filter_map(hex_of_integrity).collect();
            release.digests.extend(
                dist.shasum
                    .map(|hex| format!("sha1:{}", hex.to_lowercase())),
            );
            release.attested = dist.attestations.map(|_| true);
            let link = dist.tarball?;
            Some(Archive {
                version,
                file: link.rsplit('/').next().unwrap_or_default().to_owned(),
                link,
                digests: release.digests.clone(),
            })
        });
        (release, archive)
    }
}

/// Turns `sha512-<base64>` into `sha512:<hex>`.
fn hex_of_integrity(text: &str) -> Option<String> {
    use base64::Engine as _;
    let (algorithm, coded) = text.split_once('-')?;
    let coded = coded.split('?').next().unwrap_or_default();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(coded)
        .ok()?;
    Some(format!(
        "{algorithm}:{}",
        crate::registry::artefact::hex(&bytes)
    ))
}

/// Reads a table as a list, in the order in which it stands.
fn in_order<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<(String, T)>, D::Error> {
    struct InOrder<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
        type Value = Vec<(String, T)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a table of versions")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = Vec::new();
            while let Some(entry) = map.next_entry()? {
                found.push(entry);
            }
            Ok(found)
        }
    }

    deserializer.deserialize_map(InOrder(PhantomData))
}
