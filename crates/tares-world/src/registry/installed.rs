//! Which installed packages provide a module, by the records that clients wrote when they
//! installed or unpacked them.
//!
//! Nothing is run. Looked at are, in this order: the environments of the project, those of the
//! user and the system, and the wheels that uv keeps unpacked.

use super::Registries;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tares_model::Ecosystem;
use tares_model::fact::PackageName;

/// The largest record. The one of a package with 20,000 files has some 2 MB.
const RECORD: u64 = 8 * 1024 * 1024;

/// Most folders of packages that are looked into: unpacked wheels have one each.
const MOST_FOLDERS: usize = 4_000;

/// Returns the packages that provide a module; those that have the longest part of its path.
pub(super) fn providers(
    registries: &Registries,
    ecosystem: Ecosystem,
    module: &str,
) -> Vec<PackageName> {
    let names = match ecosystem {
        Ecosystem::PyPi => python(registries, module),
        Ecosystem::Npm => node(registries, module).into_iter().collect(),
        _ => BTreeSet::new(),
    };
    let names = names.into_iter().map(|name| PackageName {
        ecosystem,
        name: ecosystem.normal(&name),
    });
    names.collect()
}

/// Returns what a folder of `node_modules` calls itself: under an alias it has another name.
fn node(registries: &Registries, module: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        name: Option<String>,
    }
    let parts = 1 + usize::from(module.starts_with('@'));
    let folder: Vec<&str> = module.split('/').take(parts).collect();
    let is_plain = |part: &&str| !part.is_empty() && !part.starts_with('.');
    if folder.len() < parts || !folder.iter().all(is_plain) {
        return None;
    }
    let root = registries.settings.root.as_ref()?;
    let file = root
        .join("node_modules")
        .join(folder.join("/"))
        .join("package.json");
    let text = registries.system.read(&file, RECORD).ok()?;
    let manifest: Manifest = serde_json::from_slice(&text).ok()?;
    Some(manifest.name.unwrap_or_else(|| folder.join("/")))
}

fn python(registries: &Registries, module: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = module.split('.').collect();
    for folder in folders(registries).into_iter().take(MOST_FOLDERS) {
        let entries = registries.system.list(&folder).unwrap_or_default();
        // Records are read only where the module itself stands beside them.
        if !entries.iter().any(|entry| stem(entry) == parts[0]) {
            continue;
        }
        let mut deepest = 1;
        let mut names = BTreeSet::new();
        for entry in &entries {
            let Some(project) = project(entry) else {
                continue;
            };
            let depth = depth(registries, &folder.join(entry), &parts);
            if depth > deepest {
                deepest = depth;
                names.clear();
            }
            if depth == deepest {
                names.insert(project.to_owned());
            }
        }
        if !names.is_empty() {
            return names;
        }
    }
    BTreeSet::new()
}

/// Returns the name before the version of `Some_Tool-1.0.dist-info`.
fn project(entry: &str) -> Option<&str> {
    let stem = entry
        .strip_suffix(".dist-info")
        .or_else(|| entry.strip_suffix(".egg-info"))?;
    Some(stem.split_once('-').map_or(stem, |(name, _)| name))
}

/// Returns the folders in which packages of Python lie, those of the project first.
fn folders(registries: &Registries) -> Vec<PathBuf> {
    let system = &registries.system;
    let active = ["VIRTUAL_ENV", "CONDA_PREFIX"];
    let active = active
        .iter()
        .filter_map(|name| Some(PathBuf::from(system.var(name)?)));
    let own = registries.settings.environments.iter().cloned();
    let home = system.home_dir();
    let user = home.iter().map(|home| home.join(".local"));
    let shared = ["/usr/local", "/usr"].map(PathBuf::from);
    let mut found: Vec<PathBuf> = own
        .chain(active)
        .chain(user)
        .chain(shared)
        .flat_map(|prefix| site_packages(registries, &prefix))
        .collect();
    let kept = system
        .var("UV_CACHE_DIR")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(system.var("XDG_CACHE_HOME")?).join("uv")))
        .or_else(|| Some(home?.join(".cache/uv")));
    let unpacked = kept.map(|kept| kept.join("archive-v0"));
    let wheels = unpacked.iter().flat_map(|folder| {
        let names = system.list(folder).unwrap_or_default();
        names.into_iter().map(|name| folder.join(name))
    });
    found.extend(wheels);
    found
}

fn site_packages(registries: &Registries, environment: &Path) -> Vec<PathBuf> {
    let lib = environment.join("lib");
    let versions = registries.system.list(&lib).unwrap_or_default();
    let unix = versions
        .into_iter()
        .filter(|name| name.starts_with("python"))
        .flat_map(|name| ["site-packages", "dist-packages"].map(|end| lib.join(&name).join(end)));
    unix.chain([environment.join("Lib/site-packages")])
        .collect()
}

/// Returns how many parts of a module's path a package has; none where it does not have the first.
fn depth(registries: &Registries, info: &Path, parts: &[&str]) -> usize {
    let read = |name: &str| {
        let bytes = registries.system.read(&info.join(name), RECORD).ok()?;
        String::from_utf8(bytes).ok()
    };
    let records = ["RECORD", "installed-files.txt", "SOURCES.txt"];
    if let Some(record) = records.iter().find_map(|name| read(name)) {
        let lines = record.lines().map(|line| shared(line, parts));
        return lines.max().unwrap_or(0);
    }
    let roots = read("top_level.txt").unwrap_or_default();
    usize::from(roots.lines().any(|line| line.trim() == parts[0]))
}

/// Returns how many parts a line of a record has in common with a module's path.
fn shared(line: &str, parts: &[&str]) -> usize {
    let path = line.split(',').next().unwrap_or("").trim_matches('"');
    let path = path.strip_prefix("../").unwrap_or(path);
    let is_module = [".py", ".so", ".pyd"].iter().any(|end| path.ends_with(end));
    if !is_module {
        return 0;
    }
    let own = path.split('/').map(stem);
    own.zip(parts)
        .take_while(|(own, part)| own == *part)
        .count()
}

/// Returns a name without its endings.
fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
