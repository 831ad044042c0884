//! Asking the installed interpreters what they have.

use super::Language;
use crate::house::{Doing as _, Failure, Outcome, capture};
use std::process::Command;

/// What an interpreter answered.
pub(super) struct Asked {
    /// Its version, as far as its library changes with it: `3.11`, `20`.
    pub(super) version: String,
    pub(super) callables: Vec<Callable>,
}

/// A public function, class or method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Callable {
    /// Module, class and name, with dots between.
    pub(super) path: String,
    /// Whether it needs an instance of its class.
    pub(super) on_instance: bool,
}

impl Asked {
    /// Imports every module in a process of its own and lists what is public.
    pub(super) fn of(language: Language) -> Outcome<Self> {
        let (program, options, end, script) = match language {
            Language::Python => ("python3", "-I", ".py", include_str!("python.py")),
            Language::Javascript => ("node", "--no-warnings", ".js", include_str!("node.js")),
        };
        // A script that is given as an argument sees other globals than one in a file.
        let scratch = tempfile::Builder::new().suffix(end).tempfile();
        let scratch = scratch.doing("making a scratch file")?;
        std::fs::write(scratch.path(), script).doing("writing a scratch file")?;
        let mut command = Command::new(program);
        // Modules with windows look for a screen as they load.
        command
            .arg(options)
            .arg(scratch.path())
            .env_remove("DISPLAY");
        Self::read(&capture(&mut command)?)
    }

    fn read(answer: &str) -> Outcome<Self> {
        let mut version = None;
        let mut callables = Vec::new();
        for (kind, text) in answer.lines().filter_map(|line| line.split_once('\t')) {
            match kind {
                "version" => version = Some(text.to_owned()),
                "function" | "class" | "method" => callables.push(Callable {
                    path: text.to_owned(),
                    on_instance: kind == "method",
                }),
                _ => {}
            }
        }
        callables.sort_by(|one, two| one.path.cmp(&two.path));
        callables.dedup_by(|one, two| one.path == two.path);
        match version {
            Some(version) if callables.len() > 1000 => Ok(Self { version, callables }),
            _ => Err(Failure::new("the interpreter did not list its library")),
        }
    }
}

/// Whether a version comes after another, number by number.
pub(super) fn is_newer(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split('.');
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    numbers(version) > numbers(than)
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_newer("3.12", "3.9") && is_newer("22", "20"));
        assert!(!is_newer("3.11", "3.11") && !is_newer("3.9", "3.11"));
    }
}
