//! JavaScript: package.json, the lock files of npm, Yarn, pnpm and Bun.

use super::text::lines;
use super::{FormatError, json, yaml};
use crate::Ecosystem;
use crate::reference::{Origin, Place, Reference};
use jsonc_parser::ast::{Object, Value};
use tares_model::Span;

/// Sections of package.json that name packages.
const SECTIONS: [&str; 4] = [
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
];

/// Reads package.json.
pub(super) fn package(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        for section in SECTIONS {
            for property in json::child(root, section)
                .into_iter()
                .flat_map(|o| &o.properties)
            {
                if let Value::StringLit(wanted) = &property.value {
                    let span = json::span(&property.name);
                    found.push(manifest(property.name.as_str(), &wanted.value, span));
                }
            }
        }
        for holder in ["overrides", "resolutions"] {
            if let Some(table) = json::child(root, holder) {
                overrides(table, &mut found, 0);
            }
        }
        found
    })
}

/// Overrides nest: a key may be a name with a version, a path of names or a dot.
fn overrides(table: &Object<'_>, found: &mut Vec<Reference>, depth: usize) {
    for property in &table.properties {
        let key = property.name.as_str();
        let name = split_version(key.rsplit("**/").next().unwrap_or(key)).0;
        match &property.value {
            Value::StringLit(wanted) if name != "." && !wanted.value.starts_with('$') => {
                found.push(manifest(name, &wanted.value, json::span(&property.name)));
            }
            Value::Object(inner) if depth < 8 => overrides(inner, found, depth + 1),
            _ => {}
        }
    }
}

fn manifest(name: &str, wanted: &str, span: Span) -> Reference {
    // `npm:` gives another package under this name.
    let (name, wanted) = match wanted.strip_prefix("npm:") {
        Some(alias) => split_version(alias),
        None => (name, wanted),
    };
    Reference {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        version: exact(wanted),
        origin: origin(wanted),
        requirement: wanted.to_owned(),
        place: Place::Manifest,
        digest: None,
        span,
    }
}

/// Splits `@scope/name@1.2` at the version.
pub(super) fn split_version(text: &str) -> (&str, &str) {
    match text.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// Returns the version that a requirement without a range means.
pub(super) fn exact(wanted: &str) -> Option<String> {
    let version = wanted.trim().trim_start_matches(['=', 'v']);
    let core = version.split(['-', '+']).next().unwrap_or("");
    let is_plain = core.split('.').count() == 3
        && core
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    is_plain.then(|| version.to_owned())
}

fn origin(wanted: &str) -> Origin {
    let is_short = |text: &str| {
        let head = text.split('#').next().unwrap_or("");
        head.split('/').count() == 2
            && !head.starts_with(['@', '.', '/', '~'])
            && !head.contains([':', ' '])
    };
    if let Some(path) = ["file:", "link:", "portal:", "workspace:"]
        .iter()
        .find_map(|p| wanted.strip_prefix(p))
    {
        return Origin::Path(path.to_owned());
    }
    let is_git = [
        "git+",
        "git:",
        "github:",
        "gitlab:",
        "bitbucket:",
        "gist:",
        "git@",
    ]
    .iter()
    .any(|p| wanted.starts_with(p))
        || (wanted.contains("://") && wanted.split('#').next().unwrap_or("").ends_with(".git"))
        || is_short(wanted);
    if is_git {
        let (url, revision) = wanted.split_once('#').unwrap_or((wanted, ""));
        return Origin::Git {
            url: url.to_owned(),
            revision: revision.to_owned(),
        };
    }
    if wanted.contains("://") {
        return Origin::Url(wanted.to_owned());
    }
    Origin::Registry
}

/// Where a lock file says that an archive came from.
fn resolved(address: Option<&str>, version: Option<&str>) -> Origin {
    match address {
        Some(address) if address.starts_with("git") => origin(address),
        Some(address) if address.starts_with("file:") => Origin::Path(address.to_owned()),
        Some(address) if address.contains("://") => Origin::Resolved(address.to_owned()),
        _ => match version {
            Some(version) if version.contains(':') => origin(version),
            _ => Origin::Registry,
        },
    }
}

/// Reads package-lock.json of all versions.
pub(super) fn package_lock(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let mut found = Vec::new();
        if let Some(packages) = json::child(root, "packages") {
            for property in &packages.properties {
                let path = property.name.as_str();
                let Value::Object(entry) = &property.value else {
                    continue;
                };
                // The root and members of the workspace stand outside node_modules.
                let Some((_, name)) = path.rsplit_once("node_modules/") else {
                    continue;
                };
                if json::is_true(entry, "link") {
                    continue;
                }
                found.push(locked(
                    json::text(entry, "name").unwrap_or(name),
                    entry,
                    json::span(&property.name),
                ));
            }
        } else if let Some(tree) = json::child(root, "dependencies") {
            nested(tree, &mut found, 0);
        }
        found
    })
}

/// Returns what a package.json (`at` is empty) or the entry of the project in a package-lock.json
/// asks for: names with what is wanted of them, as written.
pub(crate) fn asked(text: &str, at: &[&str]) -> Vec<(String, String, Span)> {
    let read = json::object(text, |root| {
        let project = at
            .iter()
            .try_fold(root, |object, key| json::child(object, key));
        let tables = SECTIONS
            .iter()
            .filter_map(|section| json::child(project?, section));
        let wanted = tables
            .flat_map(|table| &table.properties)
            .filter_map(|property| match &property.value {
                Value::StringLit(wanted) => Some((
                    property.name.as_str().to_owned(),
                    wanted.value.to_string(),
                    json::span(&property.name),
                )),
                _ => None,
            });
        wanted.collect()
    });
    // What cannot be read is told by the rule `dependency-file-unreadable`.
    read.unwrap_or_default()
}

fn nested(tree: &Object<'_>, found: &mut Vec<Reference>, depth: usize) {
    for property in &tree.properties {
        if let Value::Object(entry) = &property.value {
            found.push(locked(
                property.name.as_str(),
                entry,
                json::span(&property.name),
            ));
            if let Some(inner) = json::child(entry, "dependencies").filter(|_| depth < 64) {
                nested(inner, found, depth + 1);
            }
        }
    }
}

fn locked(name: &str, entry: &Object<'_>, span: Span) -> Reference {
    let version = json::text(entry, "version");
    Reference {
        ecosystem: Ecosystem::Npm,
        name: name.to_owned(),
        requirement: String::new(),
        version: version.and_then(exact),
        origin: resolved(json::text(entry, "resolved"), version),
        place: Place::Lock,
        digest: json::text(entry, "integrity").map(str::to_owned),
        span,
    }
}

/// Reads yarn.lock, in the first form and in Berry's, which is YAML.
pub(super) fn yarn(text: &str) -> Result<Vec<Reference>, FormatError> {
    let (mut found, mut open): (Vec<Reference>, Option<Reference>) = (Vec::new(), None);
    for line in lines(text) {
        let body = line.text.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if !line.text.starts_with(' ') {
            found.extend(open.take());
            let head = body.trim_end_matches(':').trim_matches('"');
            let first = head.split(", ").next().unwrap_or("").trim_matches('"');
            if first == "__metadata" {
                continue;
            }
            let (name, wanted) = split_version(first);
            let (name, wanted) = match wanted
                .strip_prefix("npm:")
                .filter(|alias| alias.contains('@'))
            {
                Some(alias) => split_version(alias),
                None => (name, wanted.trim_start_matches("npm:")),
            };
            open = Some(Reference {
                ecosystem: Ecosystem::Npm,
                name: name.to_owned(),
                requirement: wanted.to_owned(),
                version: None,
                origin: origin(wanted),
                place: Place::Lock,
                digest: None,
                span: line.span(),
            });
            continue;
        }
        let Some(reference) = open.as_mut() else {
            continue;
        };
        let (key, value) = body.split_once([' ', ':']).unwrap_or((body, ""));
        let value = value.trim_start_matches([':', ' ']).trim_matches('"');
        match key.trim_end_matches(':') {
            "version" => reference.version = exact(value),
            "resolved" => reference.origin = resolved(Some(value), None),
            "integrity" | "checksum" => reference.digest = Some(value.to_owned()),
            "resolution" if value.contains("@workspace:") => {
                reference.origin = Origin::Path(".".to_owned());
            }
            _ => {}
        }
    }
    found.extend(open);
    Ok(found)
}

/// Reads pnpm-lock.yaml.
pub(super) fn pnpm(text: &str) -> Result<Vec<Reference>, FormatError> {
    let mut found: Vec<Reference> = Vec::new();
    let mut last = String::new();
    for node in yaml::scalars(text)? {
        let [section, key, rest @ ..] = node.path.as_slice() else {
            continue;
        };
        if section != "packages" || rest.is_empty() {
            continue;
        }
        if *key != last {
            last.clone_from(key);
            // Older forms begin with a slash and end with peers in brackets.
            let plain = key.trim_start_matches('/').split('(').next().unwrap_or("");
            let (name, version) = split_version(plain);
            found.push(Reference {
                ecosystem: Ecosystem::Npm,
                name: name.to_owned(),
                requirement: String::new(),
                version: exact(version),
                origin: if version.contains("://") {
                    resolved(Some(version), None)
                } else {
                    Origin::Registry
                },
                place: Place::Lock,
                digest: None,
                span: node.key,
            });
        }
        let Some(reference) = found.last_mut() else {
            continue;
        };
        match rest {
            [holder, key] if holder == "resolution" && key == "integrity" => {
                reference.digest = Some(node.value);
            }
            [holder, key] if holder == "resolution" && key == "tarball" => {
                reference.origin = resolved(Some(&node.value), None);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Reads bun.lock: each package is a list of its name with version, address, facts and digest.
pub(super) fn bun(text: &str) -> Result<Vec<Reference>, FormatError> {
    json::object(text, |root| {
        let packages = json::child(root, "packages")
            .into_iter()
            .flat_map(|o| &o.properties);
        packages
            .filter_map(|property| {
                let Value::Array(entry) = &property.value else {
                    return None;
                };
                let words: Vec<&str> = entry
                    .elements
                    .iter()
                    .filter_map(|item| match item {
                        Value::StringLit(text) => Some(text.value.as_ref()),
                        _ => None,
                    })
                    .collect();
                let (name, version) = split_version(words.first()?);
                Some(Reference {
                    ecosystem: Ecosystem::Npm,
                    name: name.to_owned(),
                    requirement: String::new(),
                    version: exact(version),
                    origin: match words.get(1) {
                        Some(address) if address.contains("://") => resolved(Some(address), None),
                        _ => origin(version),
                    },
                    place: Place::Lock,
                    digest: words
                        .iter()
                        .find(|word| word.starts_with("sha"))
                        .map(|word| (*word).to_owned()),
                    span: json::span(&property.name),
                })
            })
            .collect()
    })
}
