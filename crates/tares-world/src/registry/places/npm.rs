//! Where npm looks: `.npmrc` at every level, variables, scopes, tokens bound to a server.

use super::{Ground, Place, Protocol, defaults};
use crate::registry::http::{Credential, Line};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use tares_model::fact::Ignorance;

/// npm's settings, the strongest level's.
pub(super) struct Npmrc {
    settings: BTreeMap<String, String>,
    registry: OnceLock<Option<String>>,
}

/// Shows nothing: among the settings are secrets.
impl std::fmt::Debug for Npmrc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Npmrc").finish_non_exhaustive()
    }
}

impl Npmrc {
    /// Reads all levels: global, user, the repository's as it is trusted, variables.
    pub(super) fn read(ground: &Ground<'_>) -> Self {
        let named = |names: &[&str]| ground.var(names).map(PathBuf::from);
        let global = named(&["NPM_CONFIG_GLOBALCONFIG", "npm_config_globalconfig"]);
        let prefix = named(&["NPM_CONFIG_PREFIX", "npm_config_prefix", "PREFIX"]);
        let beside_npm = ground.program("npm").and_then(|npm| {
            let prefix = npm.parent()?.parent()?;
            Some(prefix.join("etc/npmrc"))
        });
        let user = named(&["NPM_CONFIG_USERCONFIG", "npm_config_userconfig"])
            .or_else(|| Some(ground.home()?.join(".npmrc")));
        let files = [
            global
                .or(prefix.map(|prefix| prefix.join("etc/npmrc")))
                .or(beside_npm),
            user,
        ];
        let mut settings = BTreeMap::new();
        let texts = files
            .into_iter()
            .flatten()
            .filter_map(|file| ground.read(&file));
        for text in texts.chain(ground.trusted(".npmrc").map(str::to_owned)) {
            settings.extend(entries(ground, &text));
        }
        for key in ["registry", "cafile", "proxy", "https_proxy", "noproxy"] {
            let upper = format!("NPM_CONFIG_{}", key.to_uppercase());
            if let Some(value) = ground.var(&[&format!("npm_config_{key}"), &upper]) {
                settings.insert(key.replace('_', "-"), value);
            }
        }
        Self {
            settings,
            registry: OnceLock::new(),
        }
    }

    /// Returns where a name is looked up.
    pub(super) fn place(&self, ground: &Ground<'_>, name: &str) -> Result<Place, Ignorance> {
        let scope = name
            .split_once('/')
            .map(|(scope, _)| format!("{scope}:registry"));
        let scoped = scope.and_then(|key| self.settings.get(&key).cloned());
        let address = scoped
            .or_else(|| self.registry(ground))
            .ok_or(Ignorance::NoPlace)?;
        let setting = |key: &str| self.settings.get(key).cloned();
        let more = ground.system.var("NODE_EXTRA_CA_CERTS");
        let proxy = setting("https-proxy").or_else(|| setting("proxy"));
        let line = Line {
            proxy: proxy
                .filter(|proxy| proxy != "null")
                .or_else(|| ground.proxy()),
            certificates: setting("cafile")
                .into_iter()
                .chain(more)
                .map(PathBuf::from)
                .collect(),
        };
        let mut place = ground
            .place(Protocol::Packument, &address, &line)
            .ok_or(Ignorance::NoPlace)?;
        place.credential = self.credential(&place).or(place.credential);
        Ok(place)
    }

    fn registry(&self, ground: &Ground<'_>) -> Option<String> {
        let configured = self.settings.get("registry").cloned();
        let ask = || configured.or_else(|| defaults::npm(ground));
        self.registry.get_or_init(ask).clone()
    }

    /// Returns the proof that is bound to the place or to a folder above it, the nearest first.
    fn credential(&self, place: &Place) -> Option<Credential> {
        let mut path = place.base.path().trim_end_matches('/').to_owned();
        loop {
            let at = format!("//{}{path}", place.base.authority());
            for at in [format!("{at}/"), at] {
                let get = |key: &str| self.settings.get(&format!("{at}:{key}"));
                if let Some(token) = get("_authToken") {
                    return Credential::new(format!("Bearer {token}"));
                }
                if let Some(coded) = get("_auth") {
                    return Credential::new(format!("Basic {coded}"));
                }
                if let (Some(user), Some(coded)) = (get("username"), get("_password")) {
                    use base64::Engine as _;
                    let decoder = base64::engine::general_purpose::STANDARD;
                    let password = String::from_utf8(decoder.decode(coded).ok()?).ok()?;
                    return Credential::basic(user, &password);
                }
            }
            let cut = path.rfind('/')?;
            path.truncate(cut);
        }
    }
}

/// Reads one file. `${NAME}` stands for a variable; an entry with one that is not set is as npm
/// takes it, with the text left in place, and so never a usable secret.
fn entries(ground: &Ground<'_>, text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim);
    let entries = lines.filter(|line| !line.starts_with(['#', ';', '[']));
    let entries = entries.filter_map(|line| line.split_once('='));
    entries
        .map(|(key, value)| {
            let value = value.trim().trim_matches(['"', '\'']);
            (expand(ground, key.trim()), expand(ground, value))
        })
        .collect()
}

fn expand(ground: &Ground<'_>, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        let (plain, is_optional) = match name.strip_suffix('?') {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        match ground.system.var(plain) {
            Some(value) => out.push_str(&value),
            None if is_optional => {}
            None => out.extend(["${", name, "}"]),
        }
        rest = behind;
    }
    out + rest
}
