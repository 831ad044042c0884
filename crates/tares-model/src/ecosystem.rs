//! Ecosystems of packages: how each writes names, and how a name is asked for.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ecosystem {
    /// Python.
    PyPi,
    /// JavaScript.
    Npm,
    /// Rust.
    Cargo,
    /// Go modules.
    Go,
    /// Java and its kin.
    Maven,
    /// Ruby.
    RubyGems,
    /// PHP.
    Composer,
    /// .NET.
    NuGet,
    /// Steps of GitHub workflows.
    Action,
    /// Images of containers.
    Image,
}

impl Ecosystem {
    /// All ecosystems with the type that package URLs give them.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::PyPi, "pypi"),
        (Self::Npm, "npm"),
        (Self::Cargo, "cargo"),
        (Self::Go, "golang"),
        (Self::Maven, "maven"),
        (Self::RubyGems, "gem"),
        (Self::Composer, "composer"),
        (Self::NuGet, "nuget"),
        (Self::Action, "githubactions"),
        (Self::Image, "docker"),
    ];

    /// Returns the type of package URLs.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(ecosystem, _)| *ecosystem == self)
            .map_or("generic", |(_, word)| word)
    }

    /// Returns the form of a name under which it is looked up: PEP 503 for Python, lower case
    /// for Composer and NuGet, `-` for `_` and lower case for Cargo.
    ///
    /// npm tells capitals apart: packages from before 2017 have them (`JSONStream`), and the same
    /// name in small letters is another package or none.
    pub fn normal(self, name: &str) -> String {
        match self {
            Self::PyPi => {
                let mut out = String::with_capacity(name.len());
                for c in name.chars() {
                    match c {
                        '-' | '_' | '.' if out.ends_with('-') => {}
                        '-' | '_' | '.' => out.push('-'),
                        c => out.extend(c.to_lowercase()),
                    }
                }
                out
            }
            Self::Composer | Self::NuGet | Self::Action | Self::Image => name.to_lowercase(),
            Self::Cargo => name.to_lowercase().replace('_', "-"),
            Self::Npm | Self::Go | Self::Maven | Self::RubyGems => name.to_owned(),
        }
    }

    /// Returns whether a text can be a name at all; anything else is not asked for.
    pub fn is_name(self, name: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = |name: &str| name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if name.is_empty() || name.len() > 214 {
            return false;
        }
        match self {
            Self::PyPi | Self::RubyGems | Self::NuGet => starts(name) && name.chars().all(plain),
            Self::Cargo => {
                name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.len() <= 64
                    && name.chars().all(|c| plain(c) && c != '.')
            }
            Self::Npm => match name.strip_prefix('@') {
                Some(scoped) => scoped.split_once('/').is_some_and(|(scope, rest)| {
                    !scope.is_empty()
                        && starts(rest)
                        && scope.chars().all(plain)
                        && rest.chars().all(plain)
                }),
                None => starts(name) && name.chars().all(plain),
            },
            Self::Go => {
                name.contains('.') && name.chars().all(|c| plain(c) || matches!(c, '/' | '~'))
            }
            Self::Maven => name.split_once(':').is_some_and(|(group, artifact)| {
                starts(group)
                    && starts(artifact)
                    && group.chars().all(plain)
                    && artifact.chars().all(plain)
            }),
            Self::Composer => name.split_once('/').is_some_and(|(vendor, package)| {
                starts(vendor)
                    && starts(package)
                    && vendor.chars().all(plain)
                    && package.chars().all(plain)
            }),
            Self::Action | Self::Image => {
                starts(name) && name.chars().all(|c| plain(c) || matches!(c, '/' | ':'))
            }
        }
    }

    /// Returns the package URL of a name, with its version where there is one.
    pub fn purl(self, name: &str, version: Option<&str>) -> String {
        let name = match self {
            Self::Npm => name.to_lowercase().replacen('@', "%40", 1),
            Self::Maven => name.replacen(':', "/", 1),
            Self::PyPi => self.normal(name),
            _ => name.to_owned(),
        };
        match version {
            Some(version) => format!(
                "pkg:{}/{name}@{}",
                self.as_str(),
                version.replace('+', "%2B")
            ),
            None => format!("pkg:{}/{name}", self.as_str()),
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Ecosystem {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let alias = match word {
            "python" => "pypi",
            "node" | "javascript" => "npm",
            "rust" | "crates" => "cargo",
            "go" => "golang",
            "java" => "maven",
            "ruby" => "gem",
            "php" => "composer",
            other => other,
        };
        Self::ALL
            .iter()
            .find(|(_, known)| *known == alias)
            .map(|(ecosystem, _)| *ecosystem)
            .ok_or_else(|| format!("`{word}` is no ecosystem that is known"))
    }
}
