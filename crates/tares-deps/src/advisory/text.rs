//! The packages that a text newly names, looked up.

use super::judge::{Advisories, Judged, judge};
use crate::reference::{Origin, Reference};
use crate::{Ecosystem, formats};
use rustc_hash::FxHashSet;
use tares_model::RepoPath;

/// Looks up what a file names, by its name, and with `with_commands` what commands in it install.
/// With `base`, the text before the change, only versions that are new.
pub fn judge_text(
    path: &RepoPath,
    base: Option<&str>,
    text: &str,
    with_commands: bool,
    advisories: &dyn Advisories,
) -> Judged {
    let head = references(path, text, with_commands);
    if head.is_empty() {
        return Judged::default();
    }
    let before = base.map_or_else(Vec::new, |base| references(path, base, with_commands));
    let known: FxHashSet<Identity<'_>> = before.iter().map(identity).collect();
    let new: Vec<&Reference> = head
        .iter()
        .filter(|reference| !known.contains(&identity(reference)))
        .collect();
    judge(&new, advisories)
}

/// Returns whether there is anything to look up in a text, without looking it up.
pub fn names_packages(path: &RepoPath) -> bool {
    formats::is_dependency_file(path)
}

fn references(path: &RepoPath, text: &str, with_commands: bool) -> Vec<Reference> {
    // What cannot be read is told by the rule `dependency-file-unreadable`.
    let mut found = formats::read(path, text)
        .and_then(Result::ok)
        .unwrap_or_default();
    if with_commands {
        found.extend(formats::commands(text));
    }
    found
}

type Identity<'r> = (Ecosystem, String, &'r Option<String>, &'r Origin);

fn identity(reference: &Reference) -> Identity<'_> {
    (
        reference.ecosystem,
        reference.normal(),
        &reference.version,
        &reference.origin,
    )
}
