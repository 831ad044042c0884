//! Rust: Cargo.toml and Cargo.lock.

use super::FormatError;
use super::python::{table, toml_table, word};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use tares_model::Span;
use toml::de::{DeTable, DeValue};

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Reads a manifest.
pub(super) fn manifest(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let mut found = Vec::new();
        for section in SECTIONS {
            entries(table(root, &[section]), &mut found);
        }
        entries(table(root, &["workspace", "dependencies"]), &mut found);
        for (_, target) in table(root, &["target"]).into_iter().flatten() {
            if let DeValue::Table(target) = target.get_ref() {
                for section in SECTIONS {
                    entries(table(target, &[section]), &mut found);
                }
            }
        }
        for (_, source) in table(root, &["patch"]).into_iter().flatten() {
            if let DeValue::Table(source) = source.get_ref() {
                entries(Some(source), &mut found);
            }
        }
        found
    })
}

fn entries(section: Option<&DeTable<'_>>, found: &mut Vec<Reference>) {
    for (key, value) in section.into_iter().flatten() {
        let mut name = key.get_ref().to_string();
        let (mut requirement, mut origin) = (String::new(), Origin::Registry);
        match value.get_ref() {
            DeValue::String(version) => requirement = version.to_string(),
            DeValue::Table(table) => {
                if table.contains_key("workspace") {
                    continue; // The workspace names it once.
                }
                if let Some(package) = word(table, "package") {
                    name = package.to_owned();
                }
                requirement = word(table, "version").unwrap_or("").to_owned();
                origin = table_origin(table);
            }
            _ => {}
        }
        found.push(Reference {
            ecosystem: Ecosystem::Cargo,
            name,
            version: requirement
                .strip_prefix('=')
                .map(|version| version.trim().to_owned()),
            requirement,
            origin,
            place: Place::Manifest,
            digest: None,
            span: Span::new(key.span().start as u32, key.span().end as u32),
        });
    }
}

fn table_origin(table: &DeTable<'_>) -> Origin {
    if let Some(url) = word(table, "git") {
        let revision = ["rev", "tag", "branch"]
            .iter()
            .find_map(|key| word(table, key));
        return Origin::Git {
            url: url.to_owned(),
            revision: revision.unwrap_or("").to_owned(),
        };
    }
    match word(table, "path") {
        Some(path) => Origin::Path(path.to_owned()),
        None => Origin::Registry,
    }
}

/// Reads a lock file.
pub(super) fn lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let Some(DeValue::Array(packages)) = root.get("package").map(|value| value.get_ref())
        else {
            return Vec::new();
        };
        packages
            .iter()
            .filter_map(|package| match package.get_ref() {
                DeValue::Table(table) => locked(table),
                _ => None,
            })
            .collect()
    })
}

fn locked(package: &DeTable<'_>) -> Option<Reference> {
    let name = package.get("name")?;
    let origin = match word(package, "source") {
        None => Origin::Path(".".to_owned()),
        Some(source) => match source.split_once('+') {
            Some(("git", rest)) => {
                let (url, revision) = rest.split_once('#').unwrap_or((rest, ""));
                Origin::Git {
                    url: url.to_owned(),
                    revision: revision.to_owned(),
                }
            }
            Some((_, address)) => Origin::Resolved(address.to_owned()),
            None => Origin::Registry,
        },
    };
    Some(Reference {
        ecosystem: Ecosystem::Cargo,
        name: word(package, "name")?.to_owned(),
        requirement: String::new(),
        version: word(package, "version").map(str::to_owned),
        origin,
        place: Place::Lock,
        digest: word(package, "checksum").map(str::to_owned),
        span: Span::new(name.span().start as u32 + 1, name.span().end as u32 - 1),
    })
}
