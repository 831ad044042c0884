//! Where pip looks: variables, `pip.conf` at every level, and what [`project`] adds.

use super::{Found, Ground, Place, Protocol, defaults, ini, project};
use crate::registry::http::Line;
use std::path::PathBuf;
use tares_model::fact::Ignorance;

/// What is configured.
#[derive(Debug, Default)]
struct Pip {
    index: Option<String>,
    extra: Vec<String>,
    no_index: bool,
    certificate: Option<String>,
    proxy: Option<String>,
}

/// Returns the indexes, the main one first.
pub(super) fn places(ground: &Ground<'_>) -> Found {
    let mut pip = Pip::default();
    for file in files(ground) {
        if let Some(text) = ground.read(&file) {
            pip.take_file(&text);
        }
    }
    pip.take_variables(ground);
    let project::Indexes { main, more } = project::indexes(ground);
    // What pip is told is where it looks first; a name may be in any of the others.
    let mut all = main.into_iter();
    pip.index = pip.index.or_else(|| all.next());
    pip.extra.extend(all.chain(more));
    let line = Line {
        proxy: pip.proxy.clone().or_else(|| ground.proxy()),
        certificates: pip.certificate.iter().map(PathBuf::from).collect(),
    };
    let index = match &pip.index {
        _ if pip.no_index => None,
        Some(index) => Some(index.clone()),
        None => defaults::pip(ground),
    };
    let extra: &[String] = if pip.no_index { &[] } else { &pip.extra };
    let mut places: Vec<Place> = Vec::new();
    for address in index.iter().chain(extra) {
        let address = address.trim_end_matches('/');
        if let Some(place) = ground.place(Protocol::SimpleIndex, address, &line)
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    if places.is_empty() {
        return Err(Ignorance::NoPlace);
    }
    Ok(places)
}

/// Returns pip's files, the weakest first.
fn files(ground: &Ground<'_>) -> Vec<PathBuf> {
    let named = ground.system.var("PIP_CONFIG_FILE");
    // pip's own way of saying "no file at all".
    if matches!(named.as_deref(), Some("/dev/null" | "nul")) {
        return Vec::new();
    }
    let mut files = Vec::new();
    if cfg!(windows) {
        files.extend(
            ground
                .var(&["PROGRAMDATA"])
                .map(|at| PathBuf::from(at).join("pip/pip.ini")),
        );
        files.extend(
            ground
                .var(&["APPDATA"])
                .map(|at| PathBuf::from(at).join("pip/pip.ini")),
        );
        files.extend(ground.home().map(|home| home.join("pip/pip.ini")));
    } else {
        let global = ground
            .var(&["XDG_CONFIG_DIRS"])
            .unwrap_or_else(|| "/etc/xdg".to_owned());
        files.extend(
            global
                .split(':')
                .map(|at| PathBuf::from(at).join("pip/pip.conf")),
        );
        files.push("/etc/pip.conf".into());
        if cfg!(target_os = "macos") {
            files.push("/Library/Application Support/pip/pip.conf".into());
        }
        if let Some(home) = ground.home() {
            files.push(home.join(".pip/pip.conf"));
            if cfg!(target_os = "macos") {
                files.push(home.join("Library/Application Support/pip/pip.conf"));
            }
        }
        files.extend(ground.system.config_dir().map(|at| at.join("pip/pip.conf")));
    }
    let leaf = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    let site = ground.var(&["VIRTUAL_ENV"]);
    let site = site.map(|at| PathBuf::from(at).join(leaf));
    // One in the repository may have come with a change.
    files.extend(site.filter(|file| !ground.is_of_repository(file)));
    files.extend(named.map(PathBuf::from));
    files
}

impl Pip {
    fn take_file(&mut self, text: &str) {
        let entries = ini::entries(text);
        // A section for a command is stronger than the one for all.
        for wanted in ["global", "download", "install"] {
            for (section, key, value) in &entries {
                if section == wanted {
                    self.take(key, value);
                }
            }
        }
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "index-url" => self.index = Some(value.to_owned()),
            "extra-index-url" => self.extra = value.split_whitespace().map(str::to_owned).collect(),
            "no-index" => {
                self.no_index =
                    matches!(value.to_lowercase().as_str(), "1" | "true" | "yes" | "on");
            }
            "cert" => self.certificate = Some(value.to_owned()),
            "proxy" => self.proxy = Some(value.to_owned()),
            _ => {}
        }
    }

    fn take_variables(&mut self, ground: &Ground<'_>) {
        for (name, key) in [
            ("PIP_INDEX_URL", "index-url"),
            ("PIP_EXTRA_INDEX_URL", "extra-index-url"),
            ("PIP_NO_INDEX", "no-index"),
            ("REQUESTS_CA_BUNDLE", "cert"),
            ("PIP_CERT", "cert"),
            ("PIP_PROXY", "proxy"),
        ] {
            if let Some(value) = ground.system.var(name) {
                self.take(key, &value);
            }
        }
    }
}
