//! Levels, allow-list and suppressions: what of the findings counts.

use crate::added::AddedLines;
use crate::cache::Facts;
use crate::run::CodeFile;
use crate::source::Source;
use crate::{Options, delta};
use rustc_hash::FxHashMap;
use tares_model::finding::Family;
use tares_model::{Finding, RepoPath};
use tares_policy::suppress::{self, Cover, Suppression};

/// Gives findings the levels of the policy and marks those that do not count. Returns notes
/// about suppressions.
pub(crate) fn settle(
    findings: &mut Vec<Finding>,
    files: &[CodeFile],
    options: &Options,
    is_change: bool,
) -> Vec<Finding> {
    options.policy.set_levels(findings);
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.family == Family::Capability)
    {
        let effect = finding.effect.as_ref();
        if let Some(allowed) =
            effect.and_then(|effect| delta::allowed(&options.policy, effect, &finding.place.path))
        {
            finding.suppressed = Some(allowed.because);
        }
    }
    if !options.suppressions {
        return Vec::new();
    }
    let added: FxHashMap<&RepoPath, &AddedLines> = files
        .iter()
        .map(|file| (file.path(), &file.added))
        .collect();
    let is_added = |path: &RepoPath, line: u32| {
        is_change && added.get(path).is_some_and(|added| added.has_real(line))
    };
    let (mut suppressions, mut notes) = (Vec::new(), Vec::new());
    for file in files {
        let Some(head) = &file.head else { continue };
        let Facts {
            comments,
            statements,
            ..
        } = &file.facts;
        let text = suppress::File {
            path: file.path(),
            text: &head.text,
            comments,
            statements,
        };
        let (found, complaints) = suppress::collect(&text);
        suppressions.extend(
            found
                .into_iter()
                .map(|suppression| in_real_lines(suppression, head)),
        );
        notes.extend(complaints);
    }
    notes.extend(suppress::apply(
        findings,
        &suppressions,
        &is_added,
        &options.policy,
    ));
    // Of files that did not change, only what is newly found is told.
    let callers: Vec<_> = files
        .iter()
        .filter(|file| file.is_caller())
        .map(CodeFile::path)
        .collect();
    notes.retain(|note| !callers.contains(&&note.place.path));
    options.policy.set_levels(&mut notes);
    notes
}

/// Moves a suppression from the lines of an excerpt to those of the real file.
fn in_real_lines(mut suppression: Suppression, source: &Source) -> Suppression {
    if !source.is_excerpt() {
        return suppression;
    }
    let real = |line: u32| source.real_line(line);
    let place = &mut suppression.place;
    (place.start_line, place.end_line) = (real(place.start_line), real(place.end_line));
    let (first, last) = suppression.comment_lines;
    suppression.comment_lines = (real(first), real(last));
    if let Cover::Lines(first, last) = suppression.cover {
        suppression.cover = Cover::Lines(real(first), real(last));
    }
    suppression
}
