//! Python: requirements files, pyproject.toml in its dialects, Pipfile, lock files, setup.cfg,
//! environments of conda.

use super::requirement::{exact, origin, requirement};
use super::text::lines;
use super::{FormatError, json, yaml};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference, present};
use jsonc_parser::ast::Value;
use tares_model::Span;
use toml::de::{DeTable, DeValue};

/// Reads a requirements or constraints file.
pub(super) fn requirements(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found: Vec<Reference> = Vec::new();
    let mut continues = false;
    for line in lines(text) {
        let trimmed = line.text.trim();
        let ends_open = trimmed.ends_with('\\');
        let body = trimmed.trim_end_matches('\\').trim_end();
        if continues {
            // Digests stand on lines of their own behind the requirement.
            if body.contains("--hash=")
                && let Some(last) = found.last_mut()
            {
                last.digest = Some(String::new());
            }
        } else if let Some(rest) = body
            .strip_prefix("-e ")
            .or_else(|| body.strip_prefix("--editable "))
        {
            found.extend(requirement(
                rest.trim(),
                line.span_of(rest.trim()),
                Place::Manifest,
            ));
        } else if !body.starts_with('-') && !body.starts_with('#') {
            found.extend(requirement(body, line.span_of(body), Place::Manifest));
        }
        continues = ends_open;
    }
    Ok(found)
}

pub(super) fn toml_table<T>(
    text: &str,
    work: impl FnOnce(&DeTable<'_>) -> T,
) -> Result<T, FormatError> {
    let table =
        DeTable::parse(text).map_err(|error| FormatError::Syntax(error.message().to_owned()))?;
    Ok(work(table.get_ref()))
}

/// Returns the table under a path of keys.
pub(super) fn table<'a, 't>(root: &'a DeTable<'t>, path: &[&str]) -> Option<&'a DeTable<'t>> {
    let mut at = root;
    for key in path {
        at = match at.get(*key)?.get_ref() {
            DeValue::Table(table) => table,
            _ => return None,
        };
    }
    Some(at)
}

/// Returns the text of a key.
pub(super) fn word<'a>(table: &'a DeTable<'_>, key: &str) -> Option<&'a str> {
    match table.get(key)?.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// Reads pyproject.toml: PEP 621, PEP 735, build requirements, Poetry, PDM and uv.
pub(super) fn pyproject(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let mut found = Vec::new();
        if let Some(project) = table(root, &["project"]) {
            list(project, "dependencies", &mut found);
            lists(table(project, &["optional-dependencies"]), &mut found);
        }
        if let Some(build) = table(root, &["build-system"]) {
            list(build, "requires", &mut found);
        }
        lists(table(root, &["dependency-groups"]), &mut found);
        if let Some(uv) = table(root, &["tool", "uv"]) {
            list(uv, "dev-dependencies", &mut found);
        }
        lists(
            table(root, &["tool", "pdm", "dev-dependencies"]),
            &mut found,
        );
        if let Some(poetry) = table(root, &["tool", "poetry"]) {
            poetry_table(table(poetry, &["dependencies"]), &mut found);
            poetry_table(table(poetry, &["dev-dependencies"]), &mut found);
            for (_, group) in table(poetry, &["group"]).into_iter().flatten() {
                if let DeValue::Table(group) = group.get_ref() {
                    poetry_table(table(group, &["dependencies"]), &mut found);
                }
            }
        }
        uv_sources(table(root, &["tool", "uv", "sources"]), &mut found);
        found
    })
}

fn list(table: &DeTable<'_>, key: &str, found: &mut Vec<Reference>) {
    if let Some(DeValue::Array(items)) = table.get(key).map(|value| value.get_ref()) {
        for item in items.iter() {
            if let DeValue::String(text) = item.get_ref() {
                let span = Span::new(item.span().start as u32 + 1, item.span().end as u32);
                found.extend(requirement(text, span, Place::Manifest));
            }
        }
    }
}

fn lists(table: Option<&DeTable<'_>>, found: &mut Vec<Reference>) {
    let Some(table) = table else { return };
    for key in table.keys() {
        list(table, key.get_ref(), found);
    }
}

/// Poetry and Pipfile: names as keys, a version or a table as value.
fn poetry_table(table: Option<&DeTable<'_>>, found: &mut Vec<Reference>) {
    for (key, value) in table.into_iter().flatten() {
        let name = key.get_ref();
        if name == "python" || !Ecosystem::PyPi.is_name(name) {
            continue;
        }
        let span = Span::new(key.span().start as u32, key.span().end as u32);
        let (requirement, origin) = match value.get_ref() {
            DeValue::String(version) => (version.to_string(), Origin::Registry),
            DeValue::Table(table) => (
                word(table, "version").unwrap_or("").to_owned(),
                table_origin(table),
            ),
            _ => (String::new(), Origin::Registry),
        };
        found.push(Reference {
            ecosystem: Ecosystem::PyPi,
            name: name.to_string(),
            version: exact(&requirement).or_else(|| plain_version(&requirement)),
            requirement: if requirement == "*" {
                String::new()
            } else {
                requirement
            },
            origin,
            place: Place::Manifest,
            digest: None,
            span,
        });
    }
}

/// In Poetry a bare version means exactly it.
fn plain_version(requirement: &str) -> Option<String> {
    let is_plain = requirement.starts_with(|c: char| c.is_ascii_digit())
        && !requirement.contains([',', '*', ' ', '|']);
    is_plain.then(|| requirement.to_owned())
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
    if let Some(url) = word(table, "url").or_else(|| word(table, "file")) {
        return Origin::Url(url.to_owned());
    }
    match word(table, "path") {
        Some(path) => Origin::Path(path.to_owned()),
        None => Origin::Registry,
    }
}

/// uv names the origin of a package apart from its requirement.
fn uv_sources(sources: Option<&DeTable<'_>>, found: &mut [Reference]) {
    for (key, value) in sources.into_iter().flatten() {
        let DeValue::Table(table) = value.get_ref() else {
            continue;
        };
        let is_workspace = matches!(
            table.get("workspace").map(|v| v.get_ref()),
            Some(DeValue::Boolean(true))
        );
        let origin = if is_workspace {
            Origin::Path(".".to_owned())
        } else {
            table_origin(table)
        };
        let name = Ecosystem::PyPi.normal(key.get_ref());
        for reference in found
            .iter_mut()
            .filter(|reference| reference.normal() == name)
        {
            reference.origin = origin.clone();
        }
    }
}

/// Reads a Pipfile.
pub(super) fn pipfile(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let mut found = Vec::new();
        poetry_table(table(root, &["packages"]), &mut found);
        poetry_table(table(root, &["dev-packages"]), &mut found);
        found
    })
}

/// Reads Pipfile.lock.
pub(super) fn pipfile_lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        for section in ["default", "develop"] {
            for property in json::child(root, section)
                .into_iter()
                .flat_map(|o| &o.properties)
            {
                let Value::Object(entry) = &property.value else {
                    continue;
                };
                let version = json::text(entry, "version").and_then(exact);
                let origin = match json::text(entry, "git") {
                    Some(url) => Origin::Git {
                        url: url.to_owned(),
                        revision: json::text(entry, "ref").unwrap_or("").to_owned(),
                    },
                    None => Origin::Registry,
                };
                found.push(Reference {
                    ecosystem: Ecosystem::PyPi,
                    name: property.name.as_str().to_owned(),
                    requirement: String::new(),
                    version,
                    origin,
                    place: Place::Lock,
                    digest: present(entry.get("hashes").is_some()),
                    span: json::span(&property.name),
                });
            }
        }
        found
    })
}

/// Reads the TOML lock files of Poetry, uv and PDM, and PEP 751.
pub(super) fn lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    toml_table(text, |root| {
        let key = if root.contains_key("packages") {
            "packages"
        } else {
            "package"
        };
        let Some(DeValue::Array(packages)) = root.get(key).map(|value| value.get_ref()) else {
            return Vec::new();
        };
        let tables = packages
            .iter()
            .filter_map(|package| match package.get_ref() {
                DeValue::Table(table) => Some(table),
                _ => None,
            });
        tables.filter_map(locked).collect()
    })
}

fn locked(package: &DeTable<'_>) -> Option<Reference> {
    let name = package.get("name")?;
    let span = Span::new(name.span().start as u32 + 1, name.span().end as u32 - 1);
    let has = |key: &str| package.contains_key(key);
    let origin = match table(package, &["source"]) {
        Some(source) => lock_origin(source),
        None => Origin::Registry,
    };
    Some(Reference {
        ecosystem: Ecosystem::PyPi,
        name: word(package, "name")?.to_owned(),
        requirement: String::new(),
        version: word(package, "version").map(str::to_owned),
        digest: present(has("files") || has("sdist") || has("wheels") || has("archive")),
        origin,
        place: Place::Lock,
        span,
    })
}

fn lock_origin(source: &DeTable<'_>) -> Origin {
    if let Some(registry) = word(source, "registry") {
        return Origin::Resolved(registry.to_owned());
    }
    if ["virtual", "editable", "directory"]
        .iter()
        .any(|key| source.contains_key(*key))
    {
        return Origin::Path(".".to_owned());
    }
    // What uv locks stands behind the `#`, whatever the query asks for.
    if let Some(git) = word(source, "git") {
        let commit = git.split_once('#').map_or("", |(_, commit)| commit);
        return match origin(&format!("git+{git}")) {
            Origin::Git { url, revision } if revision.is_empty() => Origin::Git {
                url,
                revision: commit.to_owned(),
            },
            other => other,
        };
    }
    match (word(source, "type"), word(source, "url")) {
        (Some("git"), Some(url)) => Origin::Git {
            url: url.to_owned(),
            revision: word(source, "resolved_reference").unwrap_or("").to_owned(),
        },
        (Some("url"), Some(url)) | (None, Some(url)) => Origin::Url(url.to_owned()),
        (Some("legacy"), Some(url)) => Origin::Resolved(url.to_owned()),
        (Some("directory" | "file"), Some(path)) => Origin::Path(path.to_owned()),
        _ => Origin::Registry,
    }
}

/// Reads `install_requires` and `extras_require` of setup.cfg.
pub(super) fn setup_cfg(text: &str) -> Result<Vec<Reference>, FormatError> {
    let (mut found, mut section, mut is_list) = (Vec::new(), "", false);
    for line in lines(text) {
        let trimmed = line.text.trim();
        if trimmed.starts_with('[') {
            section = trimmed.trim_matches(['[', ']']);
            is_list = false;
        } else if !line.text.starts_with([' ', '\t']) {
            let (key, value) = trimmed.split_once('=').unwrap_or((trimmed, ""));
            let key = key.trim();
            is_list = (section == "options"
                && matches!(key, "install_requires" | "setup_requires" | "tests_require"))
                || section == "options.extras_require";
            if is_list && !value.trim().is_empty() {
                found.extend(requirement(
                    value.trim(),
                    line.span_of(value.trim()),
                    Place::Manifest,
                ));
            }
        } else if is_list {
            found.extend(requirement(trimmed, line.span_of(trimmed), Place::Manifest));
        }
    }
    Ok(found)
}

/// Reads the packages that an environment of conda takes by pip; conda's own are not judged.
pub(super) fn conda(text: &str) -> Result<Vec<Reference>, FormatError> {
    let nodes = yaml::scalars(text)?;
    Ok(nodes
        .into_iter()
        .filter(|node| {
            node.path.first().is_some_and(|key| key == "dependencies")
                && node.path.iter().any(|key| key == "pip")
        })
        .filter_map(|node| requirement(&node.value, node.span, Place::Manifest))
        .collect())
}
