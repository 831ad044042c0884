//! Packages that package managers installed: npm's and Python's.

use crate::body::Body;
use crate::machine::{EntryKind, Machine};
use crate::places::{is_match, join};
use serde_json::Value;

/// Largest manifest, in bytes.
const MANIFEST: u64 = 4 << 20;

/// Largest list of what was installed, in bytes.
const LIST: u64 = 64 << 20;

/// An installed package.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) integrity: Option<String>,
    pub(crate) body: Body,
    pub(crate) place: String,
    pub(crate) faults: Vec<String>,
}

/// Reads a JSON file; `Null` where there is none.
pub(crate) fn json(machine: &dyn Machine, file: &str, limit: u64) -> Value {
    let bytes = machine.read(file, limit).unwrap_or_default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    serde_json::from_slice(text).unwrap_or(Value::Null)
}

/// Returns name, version and publisher of a manifest of npm, an editor or a desktop client.
pub(crate) fn identity(manifest: &Value) -> [Option<String>; 3] {
    let text = |value: &Value| value.as_str().map(shown).filter(|text| !text.is_empty());
    let publisher = ["publisher", "author"]
        .iter()
        .find_map(|key| text(&manifest[*key]).or_else(|| text(&manifest[*key]["name"])));
    [
        text(&manifest["name"]),
        text(&manifest["version"]),
        publisher,
    ]
}

fn shown(text: &str) -> String {
    text.chars()
        .take(120)
        .flat_map(char::escape_debug)
        .collect()
}

/// Returns the packages of a `node_modules` folder whose name is one of `names`.
pub(crate) fn npm(machine: &dyn Machine, folder: &str, names: &[String]) -> Vec<Package> {
    let mut found = Vec::new();
    for entry in machine.list(folder).unwrap_or_default() {
        if entry.name.starts_with('@') {
            for inner in machine.list(&join(folder, &entry.name)).unwrap_or_default() {
                found.push(format!("{}/{}", entry.name, inner.name));
            }
        } else if matches!(entry.kind, EntryKind::Folder | EntryKind::Link(_)) {
            found.push(entry.name);
        }
    }
    found.retain(|name| names.iter().any(|wanted| is_match(wanted, name)));
    if found.is_empty() {
        return Vec::new();
    }
    let installed = json(machine, &join(folder, ".package-lock.json"), LIST);
    let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    let pinned = json(machine, &join(parent, "package-lock.json"), LIST);
    found
        .into_iter()
        .map(|name| {
            let place = join(folder, &name);
            let manifest = json(machine, &join(&place, "package.json"), MANIFEST);
            let [_, version, publisher] = identity(&manifest);
            let key = format!("node_modules/{name}");
            let (here, wanted) = (&installed["packages"][&key], &pinned["packages"][&key]);
            Package {
                integrity: here["integrity"].as_str().map(str::to_owned),
                faults: disagreements(here, wanted, version.as_deref()),
                body: Body::Folder(place.clone()),
                name,
                version,
                publisher,
                place,
            }
        })
        .collect()
}

/// Compares what the lock file pins, what was written down at the installation, and what stands
/// there.
fn disagreements(here: &Value, wanted: &Value, version: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    for key in ["integrity", "version", "resolved"] {
        if let (Some(here), Some(wanted)) = (here[key].as_str(), wanted[key].as_str())
            && here != wanted
        {
            faults.push(format!(
                "package-lock.json pins {key} {}, installed was {}",
                shown(wanted),
                shown(here)
            ));
        }
    }
    if let (Some(noted), Some(version)) = (here["version"].as_str(), version)
        && noted != version
    {
        faults.push(format!(
            "version {} was installed, and what stands there says {version}",
            shown(noted)
        ));
    }
    faults
}

/// Returns the distributions of a `site-packages` folder whose name is one of `names`.
pub(crate) fn pip(machine: &dyn Machine, folder: &str, names: &[String]) -> Vec<Package> {
    let mut found = Vec::new();
    for entry in machine.list(folder).unwrap_or_default() {
        let Some((name, version)) = entry
            .name
            .strip_suffix(".dist-info")
            .and_then(|stem| stem.rsplit_once('-'))
        else {
            continue;
        };
        // As the packaging specifications normalise names.
        let name = name.to_ascii_lowercase().replace(['_', '.'], "-");
        if !names.iter().any(|wanted| is_match(wanted, &name)) {
            continue;
        }
        let info = join(folder, &entry.name);
        let metadata = machine
            .read(&join(&info, "METADATA"), MANIFEST)
            .unwrap_or_default();
        let record = machine
            .read(&join(&info, "RECORD"), LIST)
            .unwrap_or_default();
        found.push(Package {
            name,
            version: Some(shown(version)),
            publisher: header(&String::from_utf8_lossy(&metadata), "Author"),
            integrity: None,
            body: Body::Installed(folder.to_owned(), files(&String::from_utf8_lossy(&record))),
            place: info,
            faults: Vec::new(),
        });
    }
    found
}

fn header(metadata: &str, name: &str) -> Option<String> {
    metadata
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .map(shown)
}

/// Reads the list of installed files (`RECORD`): path, digest, size. What was compiled or stands
/// outside of the folder has no digest or is no content.
fn files(record: &str) -> Vec<(String, Option<String>)> {
    record
        .lines()
        .filter_map(|line| {
            let mut fields = line.rsplitn(3, ',');
            let (_size, digest, path) = (fields.next()?, fields.next()?, fields.next()?);
            let path = path.trim_matches('"');
            let leads_out = path.starts_with('/') || path.split('/').any(|part| part == "..");
            let is_written_later = path.ends_with(".pyc")
                || path.ends_with(".dist-info/RECORD")
                || path.ends_with(".dist-info/REQUESTED")
                || path.ends_with(".dist-info/INSTALLER");
            if leads_out || is_written_later || path.is_empty() {
                return None;
            }
            Some((
                path.to_owned(),
                digest.strip_prefix("sha256=").map(str::to_owned),
            ))
        })
        .take(60_000)
        .collect()
}
