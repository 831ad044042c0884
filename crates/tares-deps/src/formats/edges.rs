//! Which entry of a lock file needs which other: by this every entry is explained.

use super::json;
use super::node::split_version;
use super::python::{table, toml_table, word};
use super::text::lines;
use super::{LARGEST, MOST, yaml};
use crate::Ecosystem;
use jsonc_parser::ast::{Object, Value};
use tares_model::RepoPath;
use toml::de::{DeTable, DeValue};

/// Sections that name what an entry needs.
const NEEDS: [&str; 4] = [
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
];

/// Who needs whom in a lock file, by names in normal form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edges {
    /// Pairs of who needs and what is needed; `None` for the project itself.
    pub needs: Vec<(Option<String>, String)>,
    /// Whether the file says what the project itself needs.
    pub has_roots: bool,
}

/// Reads the edges of a lock file; `None` where its form has none or it cannot be read.
pub fn edges(path: &RepoPath, text: &str) -> Option<Edges> {
    if text.len() > LARGEST {
        return None;
    }
    let name = path.name().to_ascii_lowercase();
    let mut edges = match name.as_str() {
        "package-lock.json" | "npm-shrinkwrap.json" => package_lock(text),
        "pnpm-lock.yaml" => pnpm(text),
        "yarn.lock" => Some(yarn(text)),
        "cargo.lock" => cargo(text),
        "uv.lock" | "poetry.lock" | "pdm.lock" => python(text, name == "uv.lock"),
        _ => None,
    }?;
    // Without a need of its own the project says nothing about itself here.
    edges.has_roots |= edges.needs.iter().any(|(from, _)| from.is_none());
    edges.needs.truncate(MOST * 4);
    Some(edges)
}

fn npm(name: &str) -> String {
    Ecosystem::Npm.normal(name)
}

fn package_lock(text: &str) -> Option<Edges> {
    json::object(text, |root| {
        let packages = json::child(root, "packages")?;
        let mut edges = Edges::default();
        for property in &packages.properties {
            let Value::Object(entry) = &property.value else {
                continue;
            };
            let own = property.name.as_str().rsplit_once("node_modules/");
            let from = own.map(|(_, name)| npm(json::text(entry, "name").unwrap_or(name)));
            if let (Some((_, alias)), Some(real)) = (own, json::text(entry, "name")) {
                // An alias is needed under the name that it was given.
                edges.needs.push((Some(npm(alias)), npm(real)));
            }
            objects(entry, from.as_ref(), &mut edges);
        }
        Some(edges)
    })
    .ok()?
}

fn objects(entry: &Object<'_>, from: Option<&String>, edges: &mut Edges) {
    for section in NEEDS {
        let needed = json::child(entry, section).into_iter();
        for property in needed.flat_map(|needed| &needed.properties) {
            edges
                .needs
                .push((from.cloned(), npm(property.name.as_str())));
        }
    }
}

fn pnpm(text: &str) -> Option<Edges> {
    let mut edges = Edges::default();
    for node in yaml::scalars(text).ok()? {
        let path: Vec<&str> = node.path.iter().map(String::as_str).collect();
        let (from, name) = match path.as_slice() {
            ["importers", _, section, name, ..] if NEEDS.contains(section) => (None, *name),
            [section, name, ..] if NEEDS.contains(section) => (None, *name),
            ["packages" | "snapshots", key, section, name, ..] if NEEDS.contains(section) => {
                let plain = key.trim_start_matches('/').split('(').next().unwrap_or("");
                (Some(npm(split_version(plain).0)), *name)
            }
            _ => continue,
        };
        edges.needs.push((from.clone(), npm(name)));
        // An alias stands beside what it really is.
        let (real, version) = split_version(&node.value);
        if !version.is_empty() && Ecosystem::Npm.is_name(real) {
            edges.needs.push((from, npm(real)));
        }
    }
    Some(edges)
}

fn yarn(text: &str) -> Edges {
    let mut edges = Edges::default();
    let (mut from, mut is_section) = (None, false);
    for line in lines(text) {
        let body = line.text.trim();
        let depth = line.text.len() - line.text.trim_start().len();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if depth == 0 {
            let head = body.trim_end_matches(':').trim_matches('"');
            let first = head.split(", ").next().unwrap_or("").trim_matches('"');
            let (name, wanted) = split_version(first);
            from = Some(npm(name));
            if let Some(alias) = wanted.strip_prefix("npm:").filter(|a| a.contains('@')) {
                edges
                    .needs
                    .push((from.clone(), npm(split_version(alias).0)));
            }
            edges.has_roots |= wanted.contains("workspace:");
            is_section = false;
        } else if depth <= 2 {
            is_section = NEEDS.contains(&body.trim_end_matches(':'));
        } else if is_section {
            let name = body.split([' ', ':']).next().unwrap_or("");
            let name = match body.strip_prefix('"') {
                Some(rest) => rest.split('"').next().unwrap_or(""),
                None => name,
            };
            edges.needs.push((from.clone(), npm(name)));
        }
    }
    edges
}

/// Calls something with each `[[package]]`.
fn packages(text: &str, mut each: impl FnMut(&DeTable<'_>)) -> Option<()> {
    toml_table(text, |root| {
        if let Some(DeValue::Array(list)) = root.get("package").map(|value| value.get_ref()) {
            for package in list {
                if let DeValue::Table(table) = package.get_ref() {
                    each(table);
                }
            }
        }
    })
    .ok()
}

fn cargo(text: &str) -> Option<Edges> {
    let mut edges = Edges::default();
    let normal = |name: &str| Ecosystem::Cargo.normal(name);
    packages(text, |package| {
        // Entries without a source are the project's own.
        let own = word(package, "name").filter(|_| word(package, "source").is_some());
        let needed = package.get("dependencies").map(|value| value.get_ref());
        if let Some(DeValue::Array(needed)) = needed {
            for item in needed.iter().filter_map(|item| item.get_ref().as_str()) {
                let name = item.split(' ').next().unwrap_or(item);
                edges.needs.push((own.map(normal), normal(name)));
            }
        }
    })?;
    Some(edges)
}

fn python(text: &str, has_roots: bool) -> Option<Edges> {
    let mut edges = Edges::default();
    let normal = |name: &str| Ecosystem::PyPi.normal(name);
    packages(text, |package| {
        let is_own = table(package, &["source"]).is_some_and(|source| {
            ["virtual", "editable", "workspace", "directory"]
                .iter()
                .any(|key| source.get(*key).is_some())
        });
        let from = word(package, "name").filter(|_| !(is_own && has_roots));
        let from = from.map(normal);
        for key in ["dependencies", "optional-dependencies", "dev-dependencies"] {
            if let Some(value) = package.get(key) {
                needed(value.get_ref(), from.as_ref(), &mut edges, 0);
            }
        }
    })?;
    Some(edges)
}

/// Takes a requirement by its name.
fn push(requirement: &str, from: Option<&String>, edges: &mut Edges) {
    let end = requirement.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let name = &requirement[..end.unwrap_or(requirement.len())];
    edges
        .needs
        .push((from.cloned(), Ecosystem::PyPi.normal(name)));
}

/// Reads a list of texts or tables with a name, a table of such lists, or a table whose keys are
/// names.
fn needed(value: &DeValue<'_>, from: Option<&String>, edges: &mut Edges, depth: usize) {
    match value {
        DeValue::Array(items) => {
            for item in items {
                match item.get_ref() {
                    DeValue::String(text) => push(text, from, edges),
                    DeValue::Table(table) => {
                        if let Some(name) = word(table, "name") {
                            push(name, from, edges);
                        }
                    }
                    _ => {}
                }
            }
        }
        DeValue::Table(table) => {
            for (key, value) in table {
                if depth == 0 && matches!(value.get_ref(), DeValue::Array(_)) {
                    needed(value.get_ref(), from, edges, 1);
                }
                push(key.get_ref(), from, edges);
            }
        }
        _ => {}
    }
}
