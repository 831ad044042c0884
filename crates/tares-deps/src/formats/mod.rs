//! Files that name packages: manifests and lock files of all ecosystems.
//!
//! Every reader keeps places and is bounded: a file above [`LARGEST`] is refused, nesting and
//! counts have limits, and nothing of a file is run or fetched.

mod cargo;
mod command;
mod dotnet;
mod edges;
mod gomod;
mod json;
mod jvm;
mod node;
mod own;
mod page;
mod php;
mod python;
mod requirement;
mod ruby;
mod setup;
mod text;
mod workflow;
mod yaml;

use crate::{Ecosystem, Reference};
pub use command::commands;
pub use edges::{Edges, edges};
pub(crate) use json::object as json_object;
pub(crate) use node::asked;
pub use own::{has_own_name, own_name};
pub use page::{is_page, page};
use tares_model::RepoPath;

/// Largest file that is read, in bytes. The largest lock files of public projects have some 5 MB.
pub const LARGEST: usize = 32 << 20;

/// Most references of one file.
pub const MOST: usize = 200_000;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is larger than any real one.
    #[error("{0} bytes is more than a file of this kind may have")]
    TooLarge(usize),
    /// It is not what its name says.
    #[error("{0}")]
    Syntax(String),
    /// It names more packages than any real one.
    #[error("more than {MOST} packages")]
    TooMany,
}

type Reader = fn(&str) -> Result<Vec<Reference>, FormatError>;

/// Returns whether a file is a manifest or lock file by its name.
pub fn is_dependency_file(path: &RepoPath) -> bool {
    reader(path).is_some()
}

/// Returns whether a file is written by a client and grows with all that a project needs, by the
/// end of its path: such files may be larger than what people write.
pub fn is_lock_file(path: &[u8]) -> bool {
    const NAMES: [&str; 15] = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "Pipfile.lock",
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "pylock.toml",
        "Cargo.lock",
        "go.sum",
        "composer.lock",
        "Gemfile.lock",
        "packages.lock.json",
    ];
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or(path);
    NAMES.iter().any(|known| name == known.as_bytes())
}

/// Returns whether a manifest is one that a client writes a lock file for.
pub fn is_locked_form(path: &RepoPath) -> bool {
    matches!(
        path.name(),
        "package.json"
            | "pyproject.toml"
            | "Pipfile"
            | "Cargo.toml"
            | "go.mod"
            | "composer.json"
            | "Gemfile"
    )
}

/// Reads a file by its name; `None` where it names no packages in a form of its own.
pub fn read(path: &RepoPath, text: &str) -> Option<Result<Vec<Reference>, FormatError>> {
    let (_, reader) = reader(path)?;
    if text.len() > LARGEST {
        return Some(Err(FormatError::TooLarge(text.len())));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    Some(reader(text).and_then(|mut found| {
        // Tables of TOML come sorted by key; people read them in the order of the file.
        found.sort_by_key(|reference| reference.span);
        if found.len() > MOST {
            Err(FormatError::TooMany)
        } else {
            Ok(found)
        }
    }))
}

/// Returns the ecosystem in which a manifest or lock file names packages, by its name.
pub fn ecosystem(path: &RepoPath) -> Option<Ecosystem> {
    reader(path).map(|(ecosystem, _)| ecosystem)
}

fn reader(path: &RepoPath) -> Option<(Ecosystem, Reader)> {
    use Ecosystem::{Action, Cargo, Composer, Go, Image, Maven, Npm, NuGet, PyPi, RubyGems};
    let lower = path.as_str().to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let is_requirements = name.ends_with(".txt") || name.ends_with(".in");
    Some(match name {
        "pyproject.toml" => (PyPi, python::pyproject),
        "pipfile" => (PyPi, python::pipfile),
        "pipfile.lock" => (PyPi, python::pipfile_lock),
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => (PyPi, python::lock),
        "setup.cfg" => (PyPi, python::setup_cfg),
        "setup.py" => (PyPi, setup::setup_py),
        "environment.yml" | "environment.yaml" => (PyPi, python::conda),
        "package.json" => (Npm, node::package),
        "package-lock.json" | "npm-shrinkwrap.json" => (Npm, node::package_lock),
        "yarn.lock" => (Npm, node::yarn),
        "pnpm-lock.yaml" => (Npm, node::pnpm),
        "bun.lock" => (Npm, node::bun),
        "cargo.toml" => (Cargo, cargo::manifest),
        "cargo.lock" => (Cargo, cargo::lock),
        "go.mod" => (Go, gomod::manifest),
        "go.sum" => (Go, gomod::sums),
        "pom.xml" => (Maven, jvm::pom),
        "build.gradle" | "build.gradle.kts" => (Maven, jvm::gradle),
        "libs.versions.toml" => (Maven, jvm::catalogue),
        "gemfile" | "gems.rb" => (RubyGems, ruby::gemfile),
        "gemfile.lock" | "gems.locked" => (RubyGems, ruby::lock),
        "composer.json" => (Composer, php::manifest),
        "composer.lock" => (Composer, php::lock),
        "packages.lock.json" => (NuGet, dotnet::lock),
        "packages.config" => (NuGet, dotnet::project),
        "directory.packages.props" => (NuGet, dotnet::project),
        _ if name.ends_with(".csproj")
            || name.ends_with(".fsproj")
            || name.ends_with(".vbproj") =>
        {
            (NuGet, dotnet::project)
        }
        _ if is_requirements
            && (name.contains("requirements")
                || name.contains("constraints")
                || lower.contains("/requirements/")) =>
        {
            (PyPi, python::requirements)
        }
        _ if lower.starts_with("requirements/") && is_requirements => (PyPi, python::requirements),
        _ if (lower.starts_with(".github/workflows/") || lower.contains("/.github/workflows/"))
            && (name.ends_with(".yml") || name.ends_with(".yaml")) =>
        {
            (Action, workflow::actions)
        }
        "action.yml" | "action.yaml" => (Action, workflow::actions),
        "dockerfile" | "containerfile" => (Image, workflow::images),
        _ if name.starts_with("dockerfile.") || name.ends_with(".dockerfile") => {
            (Image, workflow::images)
        }
        _ => return None,
    })
}
