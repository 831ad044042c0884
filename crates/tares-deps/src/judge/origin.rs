//! Where a package is taken from, and whether it is always the same one.

use crate::Ecosystem;
use crate::notice::shown;
use crate::reference::{Origin, Place, Reference};
use tares_model::Notice;
use tares_model::finding::{Confidence, Level, Severity};

/// Judges one reference.
pub(super) fn judge(reference: &Reference) -> Option<Notice> {
    if reference.place == Place::Page {
        return page(reference);
    }
    match &reference.origin {
        Origin::Git { url, revision } if !is_commit(revision) => {
            let what = if revision.is_empty() {
                "whatever its default branch holds".to_owned()
            } else {
                format!("`{}`, which can be moved", shown(revision, 40))
            };
            Some(notice(
                reference,
                "dependency-from-address",
                Level::Review,
                format!("is taken from the repository {} at {what}", shown(url, 120)),
            ))
        }
        Origin::Url(url) if reference.digest.is_none() => {
            let level = if url.starts_with("http:") {
                Level::Block
            } else {
                Level::Review
            };
            let clear = if level == Level::Block {
                ", in clear"
            } else {
                ""
            };
            Some(notice(
                reference,
                "dependency-from-address",
                level,
                format!(
                    "is taken from {}{clear}, with no digest to tell what that should be",
                    shown(url, 120)
                ),
            ))
        }
        Origin::Registry | Origin::Resolved(_) => floating(reference),
        Origin::Git { .. } | Origin::Url(_) | Origin::Path(_) => None,
    }
}

/// What a page loads is run by everybody who opens it. Only `integrity` says what it has to be.
fn page(reference: &Reference) -> Option<Notice> {
    if reference.digest.is_some() {
        return None;
    }
    let (level, says) = match &reference.origin {
        Origin::Git { revision, .. } if is_commit(revision) => (Level::Note, BARE),
        Origin::Git { .. } => (Level::Review, MOVING),
        _ if reference.version.is_some() => (Level::Note, BARE),
        _ if takes_any(reference) => (Level::Review, MOVING),
        _ => (Level::Note, MOVING),
    };
    Some(notice(
        reference,
        "page-script-unpinned",
        level,
        says.to_owned(),
    ))
}

const BARE: &str = "is loaded without `integrity`: whoever serves it decides what it is";
const MOVING: &str = "is loaded in whatever version is newest, by everybody who opens this page";

fn is_commit(revision: &str) -> bool {
    revision.len() >= 40 && revision.bytes().all(|b| b.is_ascii_hexdigit())
}

fn floating(reference: &Reference) -> Option<Notice> {
    let is_pinned = reference.version.is_some();
    let takes_any = takes_any(reference);
    match (reference.place, reference.ecosystem) {
        (Place::RunOnce, _) if !is_pinned => Some(notice(
            reference,
            "run-once-unpinned",
            Level::Review,
            "is downloaded and run in whatever version is newest".to_owned(),
        )),
        (Place::Manifest, Ecosystem::Action) if reference.digest.is_none() => Some(notice(
            reference,
            "dependency-unpinned",
            Level::Note,
            format!(
                "is taken at `{}`, which its owner can move",
                shown(&reference.requirement, 40)
            ),
        )),
        (Place::Manifest, Ecosystem::Image) if reference.digest.is_none() && !is_pinned => {
            Some(notice(
                reference,
                "dependency-unpinned",
                Level::Note,
                "is taken in whatever version is newest".to_owned(),
            ))
        }
        (Place::Manifest, _) if takes_any && !is_pinned && !is_managed(reference) => Some(notice(
            reference,
            "dependency-unpinned",
            Level::Note,
            "is asked for in any version".to_owned(),
        )),
        _ => None,
    }
}

/// Returns whether any version will do.
fn takes_any(reference: &Reference) -> bool {
    matches!(
        reference.requirement.as_str(),
        "" | "*" | "latest" | "x" | "next" | "main" | "master" | ">=0" | "RELEASE" | "LATEST"
    )
}

/// Where another file gives the version: a parent of Maven, a catalogue, a group.
fn is_managed(reference: &Reference) -> bool {
    matches!(
        reference.ecosystem,
        Ecosystem::Maven | Ecosystem::NuGet | Ecosystem::RubyGems
    ) && reference.requirement.is_empty()
}

pub(super) fn notice(
    reference: &Reference,
    rule: &'static str,
    level: Level,
    says: String,
) -> Notice {
    Notice {
        rule,
        level,
        severity: match level {
            Level::Block => Severity::High,
            Level::Review => Severity::Medium,
            Level::Note => Severity::Low,
        },
        confidence: Confidence::High,
        span: reference.span,
        message: format!(
            "`{}` ({}) {says}",
            shown(&reference.name, 80),
            reference.ecosystem
        ),
        related: Vec::new(),
        identity: format!("{} {rule}", reference.purl()),
    }
}
