//! PHP: composer.json and composer.lock.

use super::{FormatError, json};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use jsonc_parser::ast::Value;

/// Reads a manifest. `php` and `ext-…` are the platform.
pub(super) fn manifest(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        for section in ["require", "require-dev"] {
            for property in json::child(root, section)
                .into_iter()
                .flat_map(|o| &o.properties)
            {
                let name = property.name.as_str();
                if let (Value::StringLit(wanted), true) = (&property.value, name.contains('/')) {
                    let wanted = wanted.value.as_ref();
                    found.push(Reference {
                        ecosystem: Ecosystem::Composer,
                        name: name.to_owned(),
                        requirement: wanted.to_owned(),
                        version: super::node::exact(wanted),
                        origin: Origin::Registry,
                        place: Place::Manifest,
                        digest: None,
                        span: json::span(&property.name),
                    });
                }
            }
        }
        found
    })
}

/// Reads a lock file.
pub(super) fn lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        for section in ["packages", "packages-dev"] {
            let Some(Value::Array(packages)) = root.get(section).map(|property| &property.value)
            else {
                continue;
            };
            for package in &packages.elements {
                let Value::Object(package) = package else {
                    continue;
                };
                let (Some(name), Some(property)) =
                    (json::text(package, "name"), package.get("name"))
                else {
                    continue;
                };
                let dist = json::child(package, "dist");
                found.push(Reference {
                    ecosystem: Ecosystem::Composer,
                    name: name.to_owned(),
                    requirement: String::new(),
                    version: json::text(package, "version")
                        .map(|version| version.trim_start_matches('v').to_owned()),
                    origin: match dist.and_then(|dist| json::text(dist, "url")) {
                        Some(url) => Origin::Resolved(url.to_owned()),
                        None => Origin::Registry,
                    },
                    place: Place::Lock,
                    digest: dist
                        .and_then(|dist| json::text(dist, "shasum"))
                        .filter(|sum| !sum.is_empty())
                        .map(str::to_owned),
                    span: json::span(&property.value),
                });
            }
        }
        found
    })
}
