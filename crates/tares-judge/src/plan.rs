//! What each file of a change is, and what of it is analysed.

use crate::classify::{Content, classify};
use crate::counts::Counts;
use crate::decode;
use crate::{Options, gate};
use tares_lang::{Language, MAX_SOURCE};
use tares_model::change::Side;
use tares_model::{Change, FileChange, Finding, RepoPath};

/// A file of code that waits for its analysis.
pub(crate) struct Plan<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) head: Option<(&'a Side, Language)>,
    pub(crate) base: Option<(&'a RepoPath, &'a Side, Language)>,
}

/// Decides what each file is. What is no code is counted, with a finding where it matters.
pub(crate) fn plan<'a>(
    change: &'a Change,
    options: &Options,
    counts: &mut Counts,
    findings: &mut Vec<Finding>,
) -> Vec<Plan<'a>> {
    let mut plans = Vec::new();
    for file in &change.files {
        let Some(side) = file.after.as_ref().or(file.before.as_ref()) else {
            continue;
        };
        if options.policy.excludes(&file.path) {
            counts.not_judged("excluded");
            continue;
        }
        match classify(&file.path, side) {
            Content::Code(language) => plans.extend(plan_code(file, language, options, counts)),
            Content::Unreadable(_) => {
                let reason = "named like source code, but its content is binary: look at where it comes from";
                counts.unchecked(&file.path, None, reason.to_owned());
            }
            Content::Other(kind) => counts.not_judged(kind),
            Content::Loadable(kind) => {
                counts.not_judged(kind);
                let same = file
                    .before
                    .as_ref()
                    .is_some_and(|before| before.bytes == side.bytes);
                if change.has_base && file.after.is_some() && !same {
                    findings.push(gate::binary_added(file, kind));
                }
            }
        }
    }
    plans
}

fn plan_code<'a>(
    file: &'a FileChange,
    language: Language,
    options: &Options,
    counts: &mut Counts,
) -> Option<Plan<'a>> {
    let limit = usize::try_from(options.policy.max_file_size)
        .unwrap_or(usize::MAX)
        .min(MAX_SOURCE);
    if let Some(after) = &file.after {
        if after.bytes.len() > limit {
            let reason = format!(
                "{} bytes is more than the limit of {limit}: split the file",
                after.bytes.len()
            );
            counts.unchecked(&file.path, None, reason);
            return None;
        }
        if decode::has_nul(&after.bytes) {
            let reason =
                "NUL bytes stand in this source, which readers treat differently: remove them";
            counts.unchecked(&file.path, None, reason.to_owned());
        }
        if let Some(coding) = decode::strange_coding(language, &after.bytes) {
            let reason = format!(
                "this source declares the encoding `{coding}`, in which other text may stand than is seen: store it as UTF-8"
            );
            counts.unchecked(&file.path, None, reason);
        }
    }
    let base_path = file.base_path.as_ref().unwrap_or(&file.path);
    let base = file
        .before
        .as_ref()
        .filter(|before| before.bytes.len() <= limit);
    let base = base.and_then(|before| match classify(base_path, before) {
        Content::Code(language) => Some((base_path, before, language)),
        _ => None,
    });
    let head = file.after.as_ref().map(|side| (side, language));
    (head.is_some() || base.is_some()).then_some(Plan {
        path: &file.path,
        head,
        base,
    })
}
