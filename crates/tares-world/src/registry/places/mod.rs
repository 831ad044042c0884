//! Where a name is looked up: read from the configuration of the user's own clients.
//!
//! No address stands in the project. What nothing configures is asked of the client itself
//! ([`defaults`]). A client's file inside the repository counts only as the caller hands it over,
//! so that a change cannot send questions elsewhere.

mod cargo;
mod defaults;
mod go;
mod ini;
mod maven;
mod npm;
mod pip;
mod project;

pub(super) use cargo::copy as cargo_copy;
pub(super) use maven::{blocks, value};

use super::Settings;
use super::address::Address;
use super::http::{Credential, Line};
use crate::{Cache, System};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tares_model::Ecosystem;
use tares_model::fact::{Ignorance, PackageName};

/// The largest configuration file of a client.
const LARGEST: u64 = 1024 * 1024;

/// What a place speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Protocol {
    /// Python: PEP 503, PEP 691.
    SimpleIndex,
    /// JavaScript.
    Packument,
    /// Rust.
    SparseIndex,
    /// Go.
    ModuleProxy,
    /// Java.
    MavenMetadata,
}

impl Protocol {
    /// Returns the word under which answers are kept as evidence.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SimpleIndex => "simple-index",
            Self::Packument => "packument",
            Self::SparseIndex => "sparse-index",
            Self::ModuleProxy => "module-proxy",
            Self::MavenMetadata => "maven-metadata",
        }
    }
}

/// A place where names are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// What it speaks.
    pub(super) protocol: Protocol,
    /// Its address, without name and password.
    pub(super) base: Address,
    /// Proof of who asks, for this server alone.
    pub(super) credential: Option<Credential>,
    /// Way there.
    pub(super) line: Line,
}

impl Place {
    /// Makes a place of an address as a client's configuration writes it.
    fn new(protocol: Protocol, address: &str, line: &Line) -> Option<Self> {
        let mut base = Address::parse(address)?;
        let credential = base.take_user().and_then(|user| {
            let (user, password) = user.split_once(':').unwrap_or((&user, ""));
            Credential::basic(&unescape(user), &unescape(password))
        });
        let mut line = line.clone();
        if base.is_loopback() {
            line.proxy = None;
        }
        Some(Self {
            protocol,
            base,
            credential,
            line,
        })
    }

    /// Returns what tells this place from others, as one text.
    pub(super) fn key(&self) -> String {
        let who = if self.credential.is_some() {
            "known"
        } else {
            "anyone"
        };
        format!("{} {} {who}", self.protocol.as_str(), self.base)
    }
}

/// Places of one ecosystem, or why there are none.
type Found = Result<Vec<Place>, Ignorance>;

/// All places, each ecosystem's read when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Places {
    pip: OnceLock<Found>,
    npm: OnceLock<npm::Npmrc>,
    cargo: OnceLock<Found>,
    go: OnceLock<go::Proxies>,
    maven: OnceLock<Found>,
}

impl Places {
    /// Returns where a name is looked up, the client's first choice first.
    pub(super) fn of(&self, ground: &Ground<'_>, name: &PackageName) -> Found {
        let found = match name.ecosystem {
            Ecosystem::PyPi => self.pip.get_or_init(|| pip::places(ground)).clone(),
            Ecosystem::Npm => {
                let npmrc = self.npm.get_or_init(|| npm::Npmrc::read(ground));
                npmrc.place(ground, &name.name).map(|place| vec![place])
            }
            Ecosystem::Cargo => self.cargo.get_or_init(|| cargo::places(ground)).clone(),
            Ecosystem::Go => {
                let proxies = self.go.get_or_init(|| go::Proxies::read(ground));
                proxies.places(&name.name)
            }
            Ecosystem::Maven => self.maven.get_or_init(|| maven::places(ground)).clone(),
            _ => return Err(Ignorance::NoPlace),
        };
        // A client that is not asked may know a place.
        match found {
            Err(Ignorance::NoPlace) if ground.settings.offline => Err(Ignorance::Offline),
            found => found,
        }
    }
}

/// What the search for places stands on.
pub(super) struct Ground<'a> {
    /// The machine.
    pub(super) system: &'a Arc<dyn System>,
    /// What the caller wants.
    pub(super) settings: &'a Settings,
    /// Where answers of clients are kept.
    pub(super) cache: &'a Cache,
}

impl Ground<'_> {
    fn read(&self, file: &Path) -> Option<String> {
        String::from_utf8(self.system.read(file, LARGEST).ok()?).ok()
    }

    /// Returns a file of the repository as the caller trusts it.
    fn trusted(&self, path: &str) -> Option<&str> {
        let files = &self.settings.base_config;
        let (_, bytes) = files
            .iter()
            .find(|(at, _)| at.as_bytes() == path.as_bytes())?;
        std::str::from_utf8(bytes).ok()
    }

    fn home(&self) -> Option<PathBuf> {
        self.system.home_dir()
    }

    /// Returns the user's own program of a name. One that lies in the repository is passed over,
    /// also where the search path leads there (`node_modules/.bin`, `.venv/bin`): a change could
    /// have brought it.
    fn program(&self, name: &str) -> Option<PathBuf> {
        let programs = self.system.programs(name);
        programs
            .into_iter()
            .find(|program| !self.is_of_repository(program))
    }

    /// Returns whether a file lies in the work tree that is judged, by its own or its real path.
    fn is_of_repository(&self, file: &Path) -> bool {
        let Some(root) = self.settings.root.as_deref() else {
            return false;
        };
        let root = self.repository(root);
        let (real_file, real_root) = (self.system.canonical(file), self.system.canonical(&root));
        file.starts_with(&root) || real_file.starts_with(&root) || real_file.starts_with(&real_root)
    }

    /// Returns the work tree that a folder is in, or the folder itself.
    fn repository(&self, root: &Path) -> PathBuf {
        let has_git = |folder: &&Path| {
            let git = folder.join(".git");
            let names = self.system.list(&git);
            self.system.is_file(&git) || names.is_ok_and(|names| !names.is_empty())
        };
        root.ancestors().find(has_git).unwrap_or(root).to_path_buf()
    }

    /// Returns the first of some variables that is set.
    fn var(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.system.var(name))
    }

    /// Returns the proxy that programs are generally told to use.
    fn proxy(&self) -> Option<String> {
        self.var(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    }

    /// Returns whether a host is to be reached without a proxy.
    fn is_direct(&self, host: &str) -> bool {
        let list = self.var(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
        list.split(',').map(str::trim).any(|entry| {
            let entry = entry.trim_start_matches('.');
            entry == "*"
                || (!entry.is_empty()
                    && (host == entry
                        || host
                            .strip_suffix(entry)
                            .is_some_and(|rest| rest.ends_with('.'))))
        })
    }

    /// Makes a place, with the proxy taken out where its host is to be reached without.
    fn place(&self, protocol: Protocol, address: &str, line: &Line) -> Option<Place> {
        let mut place = Place::new(protocol, address, line)?;
        if self.is_direct(place.base.host()) {
            place.line.proxy = None;
        }
        Some(place)
    }
}

/// Undoes percent signs in name and password.
fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = (byte == b'%').then(|| after.get(..2)).flatten();
        let code = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests;
