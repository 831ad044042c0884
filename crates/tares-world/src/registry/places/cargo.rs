//! Where cargo looks: `config.toml` from the cargo home to above the repository, source
//! replacement, variables, tokens.

use super::{Found, Ground, Protocol, defaults};
use crate::registry::http::{Credential, Line};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;
use tares_model::fact::Ignorance;
use toml::{Table, Value};

/// How often one source may stand for another.
const REPLACEMENTS: usize = 8;

/// Returns the index that the default registry's names come from, and the other registries.
pub(super) fn places(ground: &Ground<'_>) -> Found {
    let settings = Settings::read(ground);
    let source = settings.source().ok_or(Ignorance::NoPlace)?;
    let index = match source.index {
        Some(index) => index,
        None => defaults::cargo(ground).ok_or(Ignorance::NoPlace)?,
    };
    // An index in git is cloned as a whole; it cannot be asked for one name.
    let address = index.strip_prefix("sparse+").ok_or(Ignorance::NoPlace)?;
    let proxy = settings.text(&["http", "proxy"]);
    let certificates = ground
        .system
        .var("CARGO_HTTP_CAINFO")
        .or_else(|| settings.text(&["http", "cainfo"]));
    let line = Line {
        proxy: ground
            .system
            .var("CARGO_HTTP_PROXY")
            .or(proxy)
            .or_else(|| ground.proxy()),
        certificates: certificates.into_iter().map(PathBuf::from).collect(),
    };
    let place = |address: &str, registry: Option<&str>| {
        let mut place = ground.place(Protocol::SparseIndex, address, &line)?;
        let token = registry.and_then(|name| settings.token(ground, name));
        place.credential = token.and_then(Credential::new).or(place.credential);
        Some(place)
    };
    let main = place(address, source.registry.as_deref()).ok_or(Ignorance::NoPlace)?;
    let mut places = vec![main];
    // A manifest may take a name from any registry that has been given a name.
    for (name, index) in settings.registries() {
        let other = index.strip_prefix("sparse+");
        if let Some(other) = other.and_then(|address| place(address, Some(&name)))
            && places.iter().all(|known| known.base != other.base)
        {
            places.push(other);
        }
    }
    Ok(places)
}

/// Returns the file in which cargo keeps a copy of what its index says of a name, and when it
/// was written: the youngest of all spellings and indexes.
pub(in crate::registry) fn copy(ground: &Ground<'_>, name: &str) -> Option<(PathBuf, SystemTime)> {
    let folder = home(ground)?.join("registry/index");
    let mut found = Vec::new();
    for index in ground.system.list(&folder).ok()? {
        for path in crate::registry::client::cargo_paths(name) {
            let file = folder.join(&index).join(".cache").join(path);
            found.extend(ground.system.modified(&file).map(|time| (time, file)));
        }
    }
    let (time, file) = found.into_iter().max()?;
    Some((file, time))
}

/// Returns cargo's home.
fn home(ground: &Ground<'_>) -> Option<PathBuf> {
    let named = ground.system.var("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(ground.home()?.join(".cargo")))
}

/// A place that cargo takes crates from.
struct Source {
    /// Address, or `None` for cargo's own.
    index: Option<String>,
    /// Its name among the registries, for its token.
    registry: Option<String>,
}

/// cargo's settings and secrets, merged, the nearest level's first.
struct Settings {
    levels: Vec<Table>,
    secrets: Option<Table>,
}

impl Settings {
    fn read(ground: &Ground<'_>) -> Self {
        let parse = |text: &str| text.parse::<Table>().ok();
        let mut levels = Vec::new();
        let trusted = [".cargo/config.toml", ".cargo/config"].map(|path| ground.trusted(path));
        levels.extend(trusted.into_iter().flatten().filter_map(parse));
        let home = home(ground);
        let above = ground.settings.root.as_deref().into_iter();
        let above = above.flat_map(|root| root.ancestors().skip(1));
        let folders = above
            .map(|folder| folder.join(".cargo"))
            .filter(|folder| Some(folder) != home.as_ref());
        for folder in folders.chain(home.clone()) {
            let files = ["config", "config.toml"].map(|name| folder.join(name));
            let text = files.iter().find_map(|file| ground.read(file));
            levels.extend(text.as_deref().and_then(parse));
        }
        let secrets = home.and_then(|home| {
            let files = ["credentials", "credentials.toml"].map(|name| home.join(name));
            files.iter().find_map(|file| ground.read(file))
        });
        Self {
            levels,
            secrets: secrets.as_deref().and_then(parse),
        }
    }

    fn get(&self, path: &[&str]) -> Option<&Value> {
        self.levels.iter().find_map(|level| lookup(level, path))
    }

    fn text(&self, path: &[&str]) -> Option<String> {
        self.get(path)?.as_str().map(str::to_owned)
    }

    /// Follows what stands for the default source. `None` where crates come from a folder or
    /// from git.
    fn source(&self) -> Option<Source> {
        let mut name = "crates-io".to_owned();
        for _ in 0..REPLACEMENTS {
            if let Some(next) = self.text(&["source", &name, "replace-with"]) {
                name = next;
                continue;
            }
            let of_source = self.text(&["source", &name, "registry"]);
            let of_registry = self.text(&["registries", &name, "index"]);
            let index = of_source.or_else(|| of_registry.clone());
            let is_default = name == "crates-io";
            return (index.is_some() || is_default).then(|| Source {
                registry: (of_registry.is_some() || is_default).then_some(name),
                index,
            });
        }
        None
    }

    /// Returns the registries that were given a name, with their addresses.
    fn registries(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for level in &self.levels {
            let table = level.get("registries").and_then(Value::as_table);
            for (name, about) in table.into_iter().flatten() {
                if let Some(index) = about.get("index").and_then(Value::as_str) {
                    found
                        .entry(name.clone())
                        .or_insert_with(|| index.to_owned());
                }
            }
        }
        found
    }

    fn token(&self, ground: &Ground<'_>, registry: &str) -> Option<String> {
        let secret = |path: &[&str]| {
            let table = self.secrets.as_ref()?;
            lookup(table, path)?.as_str().map(str::to_owned)
        };
        // The default registry's token is for publishing; its index is read by anyone.
        if registry == "crates-io" {
            return None;
        }
        let upper = registry.to_uppercase().replace('-', "_");
        ground
            .system
            .var(&format!("CARGO_REGISTRIES_{upper}_TOKEN"))
            .or_else(|| secret(&["registries", registry, "token"]))
            .or_else(|| self.text(&["registries", registry, "token"]))
    }
}

fn lookup<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(*first)?;
    if rest.is_empty() {
        return Some(value);
    }
    lookup(value.as_table()?, rest)
}
