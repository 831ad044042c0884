//! What a project calls itself.

use super::python::{table, toml_table, word};
use super::text::lines;
use super::{LARGEST, json};
use crate::Ecosystem;
use tares_model::RepoPath;

/// Returns whether a file may say what its project is called.
pub fn has_own_name(path: &RepoPath) -> bool {
    matches!(
        path.name(),
        "package.json"
            | "pyproject.toml"
            | "setup.cfg"
            | "setup.py"
            | "Cargo.toml"
            | "go.mod"
            | "composer.json"
    )
}

/// Returns the name that a manifest gives its own project.
pub fn own_name(path: &RepoPath, text: &str) -> Option<(Ecosystem, String)> {
    if text.len() > LARGEST {
        return None;
    }
    match path.name() {
        "package.json" => Some((Ecosystem::Npm, json_name(text)?)),
        "composer.json" => Some((Ecosystem::Composer, json_name(text)?)),
        "pyproject.toml" => {
            let name = toml_name(text, &[&["project"], &["tool", "poetry"]])?;
            Some((Ecosystem::PyPi, name))
        }
        "Cargo.toml" => Some((Ecosystem::Cargo, toml_name(text, &[&["package"]])?)),
        "setup.cfg" | "setup.py" => {
            let line = lines(text).find_map(|line| {
                let rest = line.text.trim().strip_prefix("name")?.trim_start();
                let value = rest.strip_prefix('=')?.trim().trim_end_matches(',');
                Some(value.trim_matches(['"', '\'']).to_owned())
            })?;
            Ecosystem::PyPi
                .is_name(&line)
                .then_some((Ecosystem::PyPi, line))
        }
        "go.mod" => {
            let module = lines(text).find_map(|line| {
                let rest = line.text.trim().strip_prefix("module ")?;
                Some(rest.split_whitespace().next()?.trim_matches('"').to_owned())
            })?;
            Some((Ecosystem::Go, module))
        }
        _ => None,
    }
}

fn json_name(text: &str) -> Option<String> {
    json::object(text, |root| json::text(root, "name").map(str::to_owned)).ok()?
}

fn toml_name(text: &str, tables: &[&[&str]]) -> Option<String> {
    toml_table(text, |root| {
        tables
            .iter()
            .find_map(|path| word(table(root, path)?, "name").map(str::to_owned))
    })
    .ok()?
}
