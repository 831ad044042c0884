//! What an installed copy of a package provides: names to import, from its own records.
//!
//! Only what a client wrote when it installed is read; nothing is run.

use super::Registries;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tares_model::Ecosystem;
use tares_model::fact::PackageName;

/// The largest record. The one of a package with 20,000 files has some 2 MB.
const RECORD: u64 = 8 * 1024 * 1024;

/// Returns the names under which a package is imported, if it is installed.
pub(super) fn imports(registries: &Registries, name: &PackageName) -> Option<Vec<String>> {
    match name.ecosystem {
        Ecosystem::PyPi => python(registries, &name.name),
        Ecosystem::Npm => node(registries, &name.name),
        _ => None,
    }
}

fn node(registries: &Registries, name: &str) -> Option<Vec<String>> {
    let root = registries.settings.root.as_ref()?;
    let file = root.join("node_modules").join(name).join("package.json");
    registries
        .system
        .is_file(&file)
        .then(|| vec![name.to_owned()])
}

fn python(registries: &Registries, name: &str) -> Option<Vec<String>> {
    let system = &registries.system;
    let active = system.var("VIRTUAL_ENV").map(PathBuf::from);
    let environments = registries
        .settings
        .environments
        .iter()
        .cloned()
        .chain(active);
    for environment in environments {
        for packages in site_packages(registries, &environment) {
            let names = system.list(&packages).unwrap_or_default();
            let info = names.iter().find(|entry| {
                let project = entry.strip_suffix(".dist-info");
                let project = project
                    .and_then(|stem| stem.split_once('-'))
                    .map(|(name, _)| name);
                project.is_some_and(|project| Ecosystem::PyPi.normal(project) == name)
            });
            if let Some(info) = info {
                return roots(registries, &packages.join(info));
            }
        }
    }
    None
}

fn site_packages(registries: &Registries, environment: &Path) -> Vec<PathBuf> {
    let lib = environment.join("lib");
    let versions = registries.system.list(&lib).unwrap_or_default();
    let unix = versions
        .into_iter()
        .filter(|name| name.starts_with("python"))
        .map(|name| lib.join(name).join("site-packages"));
    unix.chain([environment.join("Lib/site-packages")])
        .collect()
}

/// Returns the first parts of the modules in a record.
fn roots(registries: &Registries, info: &Path) -> Option<Vec<String>> {
    let read = |name: &str| {
        let bytes = registries.system.read(&info.join(name), RECORD).ok()?;
        String::from_utf8(bytes).ok()
    };
    let mut roots = BTreeSet::new();
    if let Some(record) = read("RECORD") {
        roots.extend(record.lines().filter_map(root_of));
    }
    if roots.is_empty() {
        let top = read("top_level.txt")?;
        roots.extend(
            top.lines()
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty()),
        );
    }
    (!roots.is_empty()).then(|| roots.into_iter().collect())
}

/// Returns the module that a line of a record provides, if it is one.
fn root_of(line: &str) -> Option<String> {
    let path = line.split(',').next()?.trim_matches('"');
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_module =
        |name: &str| name.ends_with(".py") || name.ends_with(".so") || name.ends_with(".pyd");
    if !is_module(path)
        || first == ".."
        || first.ends_with(".dist-info")
        || first.ends_with(".data")
    {
        return None;
    }
    let root = if rest.is_empty() {
        first.split('.').next()?
    } else {
        first
    };
    let is_name = root.chars().all(|c| c == '_' || c.is_alphanumeric());
    (is_name && !root.is_empty()).then(|| root.to_owned())
}
