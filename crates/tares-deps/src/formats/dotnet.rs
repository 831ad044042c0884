//! .NET: project files, packages.config, packages.lock.json.

use super::{FormatError, json};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use jsonc_parser::ast::Value;
use regex::Regex;
use std::sync::LazyLock;
use tares_model::Span;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?is)<(?:PackageReference|PackageVersion|GlobalPackageReference|DotNetCliToolReference|package)\s[^>]*?\b(?:Include|Update|id)\s*=\s*"([\w.\-]+)"[^>]*>"#)
        .expect("a constant pattern")
});

static VERSION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)\bversion\s*=\s*"([^"]*)""#).expect("a constant pattern"));

/// Reads a project file or packages.config.
pub(super) fn project(text: &str) -> Result<Vec<Reference>, FormatError> {
    Ok(REFERENCE
        .captures_iter(text)
        .filter_map(|capture| {
            let (whole, name) = (capture.get(0)?, capture.get(1)?);
            let version = VERSION
                .captures(whole.as_str())
                .and_then(|found| found.get(1))
                .map_or("", |found| found.as_str());
            let is_plain =
                version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(['*', ',']);
            Some(Reference {
                ecosystem: Ecosystem::NuGet,
                name: name.as_str().to_owned(),
                requirement: version.to_owned(),
                version: is_plain.then(|| version.to_owned()),
                origin: Origin::Registry,
                place: Place::Manifest,
                digest: None,
                span: Span::new(name.start() as u32, name.end() as u32),
            })
        })
        .collect())
}

/// Reads packages.lock.json.
pub(super) fn lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        for framework in json::child(root, "dependencies")
            .into_iter()
            .flat_map(|o| &o.properties)
        {
            let Value::Object(packages) = &framework.value else {
                continue;
            };
            for property in &packages.properties {
                let Value::Object(entry) = &property.value else {
                    continue;
                };
                if json::text(entry, "type") == Some("Project") {
                    continue;
                }
                found.push(Reference {
                    ecosystem: Ecosystem::NuGet,
                    name: property.name.as_str().to_owned(),
                    requirement: json::text(entry, "requested").unwrap_or("").to_owned(),
                    version: json::text(entry, "resolved").map(str::to_owned),
                    origin: Origin::Registry,
                    place: Place::Lock,
                    digest: json::text(entry, "contentHash").map(str::to_owned),
                    span: json::span(&property.name),
                });
            }
        }
        found
    })
}
