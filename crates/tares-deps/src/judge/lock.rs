//! Lock files that say another thing than they should: entries from elsewhere, other names,
//! digests that change or go.
//!
//! Lock files are the least read files of a change, and clients install what stands in them.

use super::origin::notice;
use crate::Ecosystem;
use crate::formats;
use crate::notice::shown;
use crate::reference::{Origin, Place, Reference};
use rustc_hash::{FxHashMap, FxHashSet};
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, RepoPath};

/// Judges the entries of a lock file that are new.
pub(super) fn judge(
    head: &[Reference],
    before: &[Reference],
    new: &[&Reference],
    is_change: bool,
    out: &mut Vec<Notice>,
) {
    if !head.iter().any(|reference| reference.place == Place::Lock) {
        return;
    }
    let hosts = if before.is_empty() {
        counted(head)
    } else {
        counted(before)
    };
    let usual = usual(&hosts);
    let has_digests = head
        .iter()
        .filter(|reference| reference.digest.is_some())
        .count()
        * 2
        > head.len();
    let digests: FxHashMap<(String, &str), &str> = before
        .iter()
        .filter_map(|reference| {
            Some((
                (reference.normal(), reference.version.as_deref()?),
                reference.digest.as_deref()?,
            ))
        })
        .collect();
    for reference in new
        .iter()
        .filter(|reference| reference.place == Place::Lock)
    {
        out.extend(foreign_host(reference, &hosts, usual));
        out.extend(other_name(reference));
        let version = reference.version.as_deref().unwrap_or("");
        let old = digests.get(&(reference.normal(), version)).copied();
        match (&reference.digest, old) {
            (Some(now), Some(old)) if !now.is_empty() && !old.is_empty() && !same(now, old) => out.push(notice(
                reference,
                "lock-digest-changed",
                Level::Block,
                format!("keeps its version {} and gets another digest: the content is not what was locked", shown(version, 40)),
            )),
            (None, Some(_)) => out.push(notice(
                reference,
                "lock-digest-changed",
                Level::Block,
                "loses the digest that it had".to_owned(),
            )),
            (None, None) if is_change && has_digests && matches!(reference.origin, Origin::Registry | Origin::Resolved(_)) => {
                out.push(notice(
                    reference,
                    "lock-digest-changed",
                    Level::Review,
                    "has no digest, where other entries have one".to_owned(),
                ));
            }
            _ => {}
        }
    }
}

/// Finds new names that neither the project nor any other entry needs.
pub(super) fn unexplained(
    path: &RepoPath,
    text: &str,
    before: &[Reference],
    new: &[&Reference],
) -> Vec<Notice> {
    let Some(edges) = formats::edges(path, text).filter(|edges| edges.has_roots) else {
        return Vec::new();
    };
    let needed: FxHashSet<&str> = edges.needs.iter().map(|(_, name)| name.as_str()).collect();
    let old: FxHashSet<String> = before.iter().map(Reference::normal).collect();
    new.iter()
        .filter(|reference| {
            let name = reference.normal();
            let is_foreign = !matches!(reference.origin, Origin::Path(_));
            reference.place == Place::Lock
                && is_foreign
                && !old.contains(&name)
                && !needed.contains(name.as_str())
        })
        .map(|reference| {
            let says = "is locked, and neither the project nor any other entry needs it".to_owned();
            notice(reference, "lock-entry-unexplained", Level::Review, says)
        })
        .collect()
}

/// Two digests are one if any of their parts is: lock files may list several.
fn same(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> Vec<String> { text.split([' ', ',']).map(str::to_owned).collect() };
    let others = parts(other);
    let algorithm = |part: &str| match part.find(['-', ':', '/']) {
        Some(end) => part[..end].to_owned(),
        None => String::new(),
    };
    let comparable = parts(one).iter().any(|part| {
        others
            .iter()
            .any(|other| algorithm(other) == algorithm(part))
    });
    !comparable || parts(one).iter().any(|part| others.contains(part))
}

fn counted(references: &[Reference]) -> FxHashMap<&str, usize> {
    let mut hosts = FxHashMap::default();
    for host in references.iter().filter_map(host_of) {
        *hosts.entry(host).or_default() += 1;
    }
    hosts
}

/// Returns the host that most entries come from.
fn usual<'h>(hosts: &FxHashMap<&'h str, usize>) -> Option<&'h str> {
    hosts
        .iter()
        .max_by_key(|(host, count)| (**count, std::cmp::Reverse(**host)))
        .map(|(host, _)| *host)
}

fn host_of(reference: &Reference) -> Option<&str> {
    match &reference.origin {
        Origin::Resolved(address) | Origin::Url(address) => host(address),
        _ => None,
    }
}

fn host(address: &str) -> Option<&str> {
    let authority = address.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

fn foreign_host(
    reference: &Reference,
    hosts: &FxHashMap<&str, usize>,
    usual: Option<&str>,
) -> Option<Notice> {
    let Origin::Resolved(address) = &reference.origin else {
        return None;
    };
    let (own, usual) = (host(address)?, usual?);
    if address.starts_with("http://") && !usual_is_clear(own) {
        return Some(notice(
            reference,
            "lock-entry-foreign",
            Level::Block,
            format!("is fetched in clear from {}", shown(address, 120)),
        ));
    }
    // A host that others of the file come from too is a registry of the project.
    let count = hosts.get(own).copied().unwrap_or(0);
    (own != usual && count <= 1 && hosts.get(usual).copied().unwrap_or(0) >= 3).then(|| {
        notice(
            reference,
            "lock-entry-foreign",
            Level::Block,
            format!(
                "is fetched from {}, and all others from {}",
                shown(own, 80),
                shown(usual, 80)
            ),
        )
    })
}

/// Judges what a package-lock.json says that its project asks for, against the package.json beside
/// it. npm writes one from the other; a difference was made by hand, or one of them is old.
pub fn judge_lock_root(manifest: &str, lock: &str) -> Vec<Notice> {
    let wanted: FxHashSet<(String, String)> = formats::asked(manifest, &[])
        .into_iter()
        .map(|(name, wanted, _)| (name, wanted))
        .collect();
    let mut notices = Vec::new();
    for (name, locked, span) in formats::asked(lock, &["packages", ""]) {
        let key = (name, locked);
        if wanted.contains(&key) {
            continue;
        }
        let (name, locked) = key;
        let asked = wanted.iter().find(|(other, _)| *other == name);
        let asked = match asked {
            Some((_, asked)) => format!("package.json asks for `{}`", shown(asked, 60)),
            None => "package.json does not ask for it".to_owned(),
        };
        notices.push(Notice {
            rule: "lock-root-differs",
            level: Level::Review,
            severity: Severity::Medium,
            confidence: Confidence::High,
            span,
            message: format!(
                "the lock file says that the project asks for `{}` as `{}`, and {asked}",
                shown(&name, 80),
                shown(&locked, 60)
            ),
            related: Vec::new(),
            identity: format!("lock-root-differs {name} {locked}"),
        });
    }
    notices.truncate(super::MOST);
    notices
}

fn usual_is_clear(host: &str) -> bool {
    host.starts_with("localhost") || host.starts_with("127.0.0.1")
}

/// An address that names another package than its entry.
fn other_name(reference: &Reference) -> Option<Notice> {
    let Origin::Resolved(address) = &reference.origin else {
        return None;
    };
    if reference.ecosystem != Ecosystem::Npm {
        return None;
    }
    let path = address.split_once("://")?.1.split_once('/')?.1;
    let (before, file) = path.split_once("/-/")?;
    let bare = reference.name.rsplit('/').next().unwrap_or(&reference.name);
    let decoded = before.replace("%2f", "/").replace("%2F", "/");
    let is_own = decoded.ends_with(&reference.name)
        && file
            .rsplit('/')
            .next()
            .is_some_and(|file| file.starts_with(bare));
    (!is_own).then(|| {
        notice(
            reference,
            "lock-entry-foreign",
            Level::Block,
            format!(
                "is fetched from an address that names another package: {}",
                shown(path, 120)
            ),
        )
    })
}
