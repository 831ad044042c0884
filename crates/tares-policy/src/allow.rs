//! Effects that a policy allows: which target an entry covers.
//!
//! An entry covers a target only if it covers everything the target can turn out to be.
//! What is not known is never filled in to fit.

use crate::config::Policy;
use crate::pattern::{PathGlobs, Wildcard};
use std::fmt;
use tares_model::effect::Target;
use tares_model::{Effect, EffectKind, RepoPath, Span};

/// One `[[allow]]` entry.
#[derive(Debug, Clone)]
pub struct Allow {
    /// Position in the file, from 0; identifies the entry within its policy.
    pub index: usize,
    /// The kind of effect.
    pub effect: EffectKind,
    /// The target: exact, or with `*`.
    pub target: Wildcard,
    /// Where it is allowed; an empty list means everywhere.
    pub paths: PathGlobs,
    /// Why.
    pub reason: Option<String>,
    /// Where the entry stands in the text of the policy.
    pub span: Span,
}

/// Entries are equal if they allow the same.
impl PartialEq for Allow {
    fn eq(&self, other: &Self) -> bool {
        self.effect == other.effect && self.target == other.target && self.paths == other.paths
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.effect,
            crate::config::quoted(self.target.as_str())
        )?;
        if !self.paths.is_empty() {
            write!(f, " in {}", self.paths.as_slice().join(", "))?;
        }
        Ok(())
    }
}

impl Policy {
    /// Returns the first entry that allows the effect in the file `path`.
    pub fn allows(&self, effect: &Effect, path: &RepoPath) -> Option<&Allow> {
        self.allow.iter().find(|entry| entry.covers(effect, path))
    }
}

impl Allow {
    fn covers(&self, effect: &Effect, path: &RepoPath) -> bool {
        self.effect == effect.kind
            && (self.paths.is_empty() || self.paths.matches(path))
            && self.covers_target(&effect.target)
    }

    fn covers_target(&self, target: &Target) -> bool {
        match target {
            Target::None => self.target.is_any(),
            Target::Unknown(text) => {
                !self.target.is_any() && same_but_for_space(self.target.as_str(), text)
            }
            Target::Exact(text) => self.target.as_str() == text || self.covers_text(text),
            // Nothing but `*` is no name, so that it cannot stand for an unknown target.
            Target::Pattern(text) if text.starts_with('*') => {
                !self.target.is_any() && self.target.as_str() == text
            }
            Target::Pattern(text) => self.target.as_str() == text || self.covers_text(text),
        }
    }

    fn covers_text(&self, text: &str) -> bool {
        use EffectKind as K;
        match self.effect {
            K::Network | K::NameLookup | K::Listen | K::Redirect => {
                covers_address(&self.target, text)
            }
            K::FileRead | K::FileWrite | K::FileDelete | K::FileMode | K::TempFile | K::Archive => {
                let climbs = text.split(['/', '\\']).any(|part| part == "..");
                !climbs && self.target.matches(text)
            }
            // A second command behind a separator is not the command that was allowed.
            K::Process => !text.contains(SHELL_CONTROL) && self.target.matches(text),
            _ => self.target.matches(text),
        }
    }
}

/// Compares source expressions, whose spacing a formatter may change.
fn same_but_for_space(a: &str, b: &str) -> bool {
    let plain = |c: &char| !c.is_whitespace();
    a.chars().filter(plain).eq(b.chars().filter(plain))
}

/// Characters with which a shell starts another command, substitutes or redirects.
const SHELL_CONTROL: [char; 10] = [';', '|', '&', '$', '`', '(', '<', '>', '\n', '\r'];

/// A network address taken apart.
struct Address<'t> {
    scheme: Option<&'t str>,
    host: String,
    port: Option<&'t str>,
    /// Path, query and fragment.
    rest: &'t str,
}

impl<'t> Address<'t> {
    /// Takes an address apart, or returns `None` where readers disagree on what its host is:
    /// with user information, a backslash, white space or control characters.
    fn parse(text: &'t str) -> Option<Self> {
        if text.contains(|c: char| c == '\\' || c == '@' || c.is_whitespace() || c.is_control()) {
            return None;
        }
        let (scheme, after) = match text.split_once("://") {
            Some((scheme, after)) => (Some(scheme), after),
            None => (None, text),
        };
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port))
                if !port.contains(']') && (host.ends_with(']') || !host.contains(':')) =>
            {
                (host, Some(port))
            }
            _ => (authority, None),
        };
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        (!host.is_empty()).then_some(Self {
            scheme,
            host,
            port,
            rest,
        })
    }

    /// Whether scheme, host and port have no unknown part. A hole in any of them can move the
    /// host: `https://api.example.com:*` may go on with `x@other.example`.
    fn has_known_host(&self) -> bool {
        let holes = |text: &str| text.contains('*');
        !self.scheme.is_some_and(holes) && !holes(&self.host) && !self.port.is_some_and(holes)
    }
}

/// Compares host with host and path with path, so that a `*` in one never reaches the other.
fn covers_address(entry: &Wildcard, text: &str) -> bool {
    let Some(target) = Address::parse(text).filter(Address::has_known_host) else {
        return false;
    };
    let Some(allowed) = Address::parse(entry.as_str()) else {
        return false;
    };
    let scheme = allowed.scheme.is_none_or(|scheme| {
        target
            .scheme
            .is_some_and(|t| t.eq_ignore_ascii_case(scheme))
    });
    let port = allowed
        .port
        .is_none_or(|port| target.port == Some(port) || port == "*");
    let climbs = target.rest.split(['/', '?', '#']).any(|part| part == "..");
    let rest =
        allowed.rest.is_empty() || (!climbs && Wildcard::new(allowed.rest).matches(target.rest));
    scheme && port && rest && Wildcard::new(allowed.host).matches(&target.host)
}
