//! The packages that a text newly names, looked up.

use super::judge::{Advisories, Judged, judge};
use crate::reference::{Origin, Reference};
use crate::{Ecosystem, Looked, formats};
use rustc_hash::FxHashSet;
use tares_model::RepoPath;

/// Looks up what a text names and did not name before: the text as a file that names packages,
/// and the commands in it.
pub fn judge_looked(looked: &[&Looked], advisories: &dyn Advisories) -> Judged {
    let before = looked.iter().flat_map(|looked| &looked.before);
    let known: FxHashSet<Identity<'_>> = before.map(identity).collect();
    let new: Vec<&Reference> = looked
        .iter()
        .flat_map(|looked| &looked.head)
        .filter(|reference| !known.contains(&identity(reference)))
        .collect();
    judge(&new, advisories)
}

/// Returns whether there is anything to look up in a text, without looking it up.
pub fn names_packages(path: &RepoPath) -> bool {
    formats::is_dependency_file(path)
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
