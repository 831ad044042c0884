//! Where Go looks: `GOPROXY` and what is kept private, from variables and Go's own file.

use super::{Found, Ground, Place, Protocol, defaults};
use crate::registry::http::Line;
use std::path::PathBuf;
use tares_model::fact::Ignorance;

/// Go's proxies.
#[derive(Debug)]
pub(super) struct Proxies {
    places: Vec<Place>,
    private: Vec<String>,
}

impl Proxies {
    /// Reads variables and Go's file.
    pub(super) fn read(ground: &Ground<'_>) -> Self {
        let file = ground.system.var("GOENV").map(PathBuf::from);
        let file = file.or_else(|| Some(ground.system.config_dir()?.join("go/env")));
        let text = file.and_then(|file| ground.read(&file)).unwrap_or_default();
        let setting = |name: &str| {
            let of_file = || {
                let mut lines = text.lines().filter_map(|line| line.split_once('='));
                let found = lines.find(|(key, _)| key.trim() == name);
                found.map(|(_, value)| value.trim().to_owned())
            };
            ground.system.var(name).or_else(of_file)
        };
        let list = setting("GOPROXY").or_else(|| defaults::go(ground));
        let line = Line {
            proxy: ground.proxy(),
            certificates: Vec::new(),
        };
        let list = list.unwrap_or_default();
        // What comes after the first proxy is asked by Go only when that one fails.
        let first = list
            .split([',', '|'])
            .map(str::trim)
            .find(|one| !one.is_empty());
        let place = first.and_then(|one| ground.place(Protocol::ModuleProxy, one, &line));
        let private = setting("GONOPROXY").or_else(|| setting("GOPRIVATE"));
        let private = private.unwrap_or_default();
        Self {
            places: place.into_iter().collect(),
            private: private
                .split(',')
                .map(|one| one.trim().trim_end_matches('/').to_owned())
                .filter(|one| !one.is_empty())
                .collect(),
        }
    }

    /// Returns where a module is looked up.
    pub(super) fn places(&self, module: &str) -> Found {
        if self.private.iter().any(|pattern| is_below(pattern, module)) {
            return Err(Ignorance::Private);
        }
        if self.places.is_empty() {
            return Err(Ignorance::NoPlace);
        }
        Ok(self.places.clone())
    }
}

/// Returns whether the first parts of a module's path match a pattern's parts, as Go has it.
fn is_below(pattern: &str, module: &str) -> bool {
    let mut parts = module.split('/');
    pattern.split('/').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| matches(wanted.as_bytes(), part.as_bytes()))
    })
}

/// Matches `*` and `?`. A pattern with brackets matches everything: what is private is not told.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    if pattern.contains(&b'[') {
        return true;
    }
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == b'?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else {
                    return false;
                };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn private_patterns_cover_what_is_below() {
        assert!(is_below("*.corp.example", "git.corp.example/team/x"));
        assert!(is_below("git.example/team", "git.example/team/x/v2"));
        assert!(!is_below("git.example/team", "git.example/teams"));
        assert!(!is_below("git.example/team", "git.example"));
        assert!(is_below("git.exampl[a-f]", "git.example/x"));
    }
}
