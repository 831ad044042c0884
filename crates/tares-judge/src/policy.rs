//! What a change does to the policy that will judge later changes.

use crate::{Options, gate as judged};
use std::collections::BTreeMap;
use tares_effects::models::own;
use tares_model::change::Extent;
use tares_model::{Change, FileChange, Finding, RepoPath};
use tares_policy::config::FILE_NAME;
use tares_policy::{Baseline, Policy, gate};

/// Returns findings about the configuration and the baseline of head.
pub(crate) fn findings(change: &Change, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &change.files {
        let concerns = |path: &str| {
            file.path.as_str() == path
                || file.base_path.as_ref().is_some_and(|p| p.as_str() == path)
        };
        if concerns(FILE_NAME) {
            findings.extend(configuration(file, options));
        } else if options
            .baseline
            .as_ref()
            .is_some_and(|(_, name)| concerns(name))
        {
            findings.extend(baseline(file, options));
        } else {
            findings.extend(models(file, options));
        }
    }
    findings
}

/// Compares head's configuration with the one that counts.
fn configuration(file: &FileChange, options: &Options) -> Vec<Finding> {
    if is_excerpt(file) {
        return vec![pieces(file)];
    }
    let head = match head_text(file, FILE_NAME) {
        Some(text) => Policy::parse(&text, FILE_NAME),
        None => Ok(Policy::standard()),
    };
    match head {
        Ok(head) => Policy::diff_findings(&options.policy, &head),
        Err(error) => vec![gate::policy_unreadable(&error)],
    }
}

/// Counts what head's baseline knows that the one that counts does not.
fn baseline(file: &FileChange, options: &Options) -> Vec<Finding> {
    let Some((counting, name)) = &options.baseline else {
        return Vec::new();
    };
    if is_excerpt(file) {
        return vec![pieces(file)];
    }
    let Some(text) = head_text(file, name) else {
        return Vec::new();
    };
    let head = match Baseline::parse(&text, name) {
        Ok(head) => head,
        Err(error) => return vec![gate::policy_unreadable(&error)],
    };
    let known: BTreeMap<_, _> = counting
        .entries()
        .map(|entry| ((entry.rule, entry.fingerprint), entry.count))
        .collect();
    let surplus = head.entries().map(|entry| {
        let before = known
            .get(&(entry.rule, entry.fingerprint))
            .copied()
            .unwrap_or(0);
        u64::from(entry.count.saturating_sub(before))
    });
    let more: u64 = surplus.sum();
    if more == 0 {
        return Vec::new();
    }
    let message =
        format!("this change of the baseline makes {more} more finding(s) count as known");
    let mut finding = judged::about(&file.path, 1, gate::POLICY_LOOSENED, "baseline", message);
    finding.why = "once merged, later changes may bring these findings unseen".to_owned();
    finding.fix = "have someone who owns the policy agree, in a change of its own".to_owned();
    vec![finding]
}

/// Says that a change touches the models that count, and whether they can still be read.
fn models(file: &FileChange, options: &Options) -> Option<Finding> {
    let folder = options.policy.models.as_deref()?;
    let below = |path: &RepoPath| -> Option<String> {
        let rest = path.as_str().strip_prefix(folder)?;
        // The folder itself may become a link.
        let rest = if rest.is_empty() {
            rest
        } else {
            rest.strip_prefix('/')?
        };
        (rest.is_empty() || rest.ends_with(".toml")).then(|| rest.to_owned())
    };
    let (now, before) = (below(&file.path), file.base_path.as_ref().and_then(below));
    let after = file.after.as_ref().filter(|_| now.is_some());
    let verb = match (after, file.before.is_some()) {
        _ if now.is_none() && before.is_none() => return None,
        (None, _) => "takes away",
        (Some(_), false) => "adds",
        (Some(_), true) => "changes",
    };
    if let (Some(side), Some(name)) = (after, &now)
        && side.extent == Extent::Complete
        && let Err(error) = own::check(folder, name, &side.bytes)
    {
        let message = format!("the API models cannot be read any more: {}", error.message);
        let rule = gate::POLICY_UNREADABLE;
        let mut finding = judged::about(&file.path, error.line, rule, &error.message, message);
        finding.why = "once merged, no check can run with these models".to_owned();
        finding.fix = "mend the file; `tares models` says what is wrong".to_owned();
        return Some(finding);
    }
    let message = format!("this {verb} API models, which say what calls of libraries do");
    let mut finding = judged::about(&file.path, 1, gate::POLICY_LOOSENED, "models", message);
    finding.why = "models can make what code does invisible to later checks".to_owned();
    finding.fix = "have someone who owns the policy agree, in a change of its own".to_owned();
    Some(finding)
}

fn is_excerpt(file: &FileChange) -> bool {
    file.after
        .as_ref()
        .is_some_and(|side| side.extent != Extent::Complete)
}

/// Returns the finding for a change of policy of which only pieces are there.
fn pieces(file: &FileChange) -> Finding {
    let message =
        "this changes the policy, and of its file only pieces are there to compare".to_owned();
    let mut finding = judged::about(&file.path, 1, gate::POLICY_LOOSENED, "pieces", message);
    finding.why = "once merged, later changes are judged by the new policy".to_owned();
    finding.fix = "have someone who owns the policy agree, in a change of its own".to_owned();
    finding
}

/// Returns what head has at `path`, if it has it there as a whole.
fn head_text(file: &FileChange, path: &str) -> Option<String> {
    let side = file.after.as_ref().filter(|_| file.path.as_str() == path)?;
    Some(String::from_utf8_lossy(&side.bytes).into_owned())
}
