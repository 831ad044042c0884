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
mod php;
mod python;
mod requirement;
mod ruby;
mod setup;
mod text;
mod workflow;
mod yaml;

use crate::Reference;
pub use command::commands;
pub use edges::{Edges, edges};
pub(crate) use json::object as json_object;
pub use own::{has_own_name, own_name};
use tares_model::RepoPath;

/// Largest file that is read, in bytes.
pub const LARGEST: usize = 64 << 20;

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
    let reader = reader(path)?;
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

fn reader(path: &RepoPath) -> Option<Reader> {
    let lower = path.as_str().to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let is_requirements = name.ends_with(".txt") || name.ends_with(".in");
    Some(match name {
        "pyproject.toml" => python::pyproject,
        "pipfile" => python::pipfile,
        "pipfile.lock" => python::pipfile_lock,
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pylock.toml" => python::lock,
        "setup.cfg" => python::setup_cfg,
        "setup.py" => setup::setup_py,
        "environment.yml" | "environment.yaml" => python::conda,
        "package.json" => node::package,
        "package-lock.json" | "npm-shrinkwrap.json" => node::package_lock,
        "yarn.lock" => node::yarn,
        "pnpm-lock.yaml" => node::pnpm,
        "bun.lock" => node::bun,
        "cargo.toml" => cargo::manifest,
        "cargo.lock" => cargo::lock,
        "go.mod" => gomod::manifest,
        "go.sum" => gomod::sums,
        "pom.xml" => jvm::pom,
        "build.gradle" | "build.gradle.kts" => jvm::gradle,
        "libs.versions.toml" => jvm::catalogue,
        "gemfile" | "gems.rb" => ruby::gemfile,
        "gemfile.lock" | "gems.locked" => ruby::lock,
        "composer.json" => php::manifest,
        "composer.lock" => php::lock,
        "packages.lock.json" => dotnet::lock,
        "packages.config" => dotnet::project,
        "directory.packages.props" => dotnet::project,
        _ if name.ends_with(".csproj")
            || name.ends_with(".fsproj")
            || name.ends_with(".vbproj") =>
        {
            dotnet::project
        }
        _ if is_requirements
            && (name.contains("requirements")
                || name.contains("constraints")
                || lower.contains("/requirements/")) =>
        {
            python::requirements
        }
        _ if lower.starts_with("requirements/") && is_requirements => python::requirements,
        _ if (lower.starts_with(".github/workflows/") || lower.contains("/.github/workflows/"))
            && (name.ends_with(".yml") || name.ends_with(".yaml")) =>
        {
            workflow::actions
        }
        "action.yml" | "action.yaml" => workflow::actions,
        "dockerfile" | "containerfile" => workflow::images,
        _ if name.starts_with("dockerfile.") || name.ends_with(".dockerfile") => workflow::images,
        _ => return None,
    })
}
