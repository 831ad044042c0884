//! The packages that a change adds, over all of its files at once: what local knowledge does not
//! explain is asked of the caller, in one question.

mod around;
mod folders;
mod imported;
mod named;

use crate::answers::Answers;
use crate::counts::Counts;
use crate::delta::Sides;
use crate::run::CodeFile;
use crate::source::Source;
use crate::{Options, inputs};
use around::Around;
pub(crate) use named::{Kind, Mention, Named};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use tares_deps::{Place as Kindred, package};
use tares_model::change::Extent;
use tares_model::fact::{Existence, PackageFacts, PackageName};
use tares_model::finding::Related;
use tares_model::{Change, Ecosystem, Finding, Notice, RepoPath, Span};

/// Most names that are asked in one run; what is beyond is said to be unchecked.
const MOST_ASKED: usize = 2_000;

/// Most further places that a finding names.
const MOST_PLACES: usize = 8;

/// An import that nothing here explains.
pub(crate) struct Unexplained {
    ecosystem: Ecosystem,
    module: String,
    /// Names of the packages that may provide it, or were seen to.
    candidates: Vec<String>,
    is_installed: bool,
    manifests: package::Manifests,
    path: RepoPath,
    span: Span,
}

impl Unexplained {
    fn may_mean(&self, name: &PackageName) -> bool {
        self.ecosystem == name.ecosystem && self.candidates.contains(&name.name)
    }
}

/// Judges the packages that a change adds. Without anybody to ask nothing is said; without a new
/// name nobody is asked.
pub(crate) fn judge(
    change: &Change,
    code: &[CodeFile],
    named: &[Named],
    answers: &dyn Answers,
    sides: &Sides<'_>,
    options: &Options,
    counts: &mut Counts,
) -> Vec<Finding> {
    let Some(packages) = answers.packages() else {
        return Vec::new();
    };
    let mut around = Around::new(answers, sides, named);
    let places = Places::new(change);
    let mut findings = lock_roots(named, &around, &places);
    let mentions = named::added(named, &options.policy.dependencies);
    let imports = imported::added(code);
    if mentions.is_empty() && imports.is_empty() {
        return findings;
    }
    let mentions = around.unknown(mentions);
    let imports = imported::unexplained(imports, &mut around, packages, options);
    findings.extend(unlocked(&mentions, &mut around, &places));
    let names = names(&mentions, &imports);
    let (names, left) = names.split_at(names.len().min(MOST_ASKED));
    not_asked(left, &mentions, &imports, counts);
    if names.is_empty() {
        return findings;
    }
    let answered = packages.facts(names);
    let facts: FxHashMap<&PackageName, &PackageFacts> = names.iter().zip(&answered).collect();
    findings.extend(judge_mentions(&mentions, &facts, &around, &places, options));
    findings.extend(judge_imports(&imports, &facts, &places));
    findings
}

/// Finds lock files that say another thing of their project than its manifest does, where they did
/// not before.
fn lock_roots(named: &[Named], around: &Around<'_>, places: &Places<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let locks = named.iter().filter(|named| {
        matches!(
            named.path.name(),
            "package-lock.json" | "npm-shrinkwrap.json"
        )
    });
    for lock in locks {
        let (folder, name) = (lock.path.parent(), lock.path.name());
        let now = around.read(folder, "package.json");
        let Some((manifest, text)) = now.zip(around.read(folder, name)) else {
            continue;
        };
        let mut notices = tares_deps::judge_lock_root(&manifest, &text);
        if notices.is_empty() {
            continue;
        }
        let before = around.read_before(folder, "package.json");
        if let Some((manifest, text)) = before.zip(around.read_before(folder, name)) {
            let known = tares_deps::judge_lock_root(&manifest, &text);
            notices.retain(|notice| !known.iter().any(|old| old.identity == notice.identity));
        }
        let found = notices.into_iter();
        findings.extend(found.filter_map(|notice| {
            let span = notice.span;
            places.at(notice, &lock.path, span)
        }));
    }
    findings
}

/// Finds names that a manifest asks for and the lock file beside it does not have.
fn unlocked(
    mentions: &BTreeMap<PackageName, Vec<Mention>>,
    around: &mut Around<'_>,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, mentions) in mentions {
        let manifest = mentions.iter().find(|mention| {
            mention.reference.place == Kindred::Manifest
                && tares_deps::formats::is_locked_form(&mention.path)
        });
        let Some(manifest) = manifest else { continue };
        if around.is_locked(name, manifest.path.parent()) == Some(false) {
            let notice = package::unlocked(name.ecosystem, &manifest.reference.name);
            findings.extend(places.finding(notice, &[manifest]));
        }
    }
    findings
}

/// Returns all names that are asked, each once, in order.
fn names(
    mentions: &BTreeMap<PackageName, Vec<Mention>>,
    imports: &[Unexplained],
) -> Vec<PackageName> {
    let candidates = imports.iter().flat_map(|import| {
        import.candidates.iter().map(|name| PackageName {
            ecosystem: import.ecosystem,
            name: name.clone(),
        })
    });
    let all: BTreeSet<PackageName> = mentions.keys().cloned().chain(candidates).collect();
    all.into_iter().collect()
}

/// Says in which files names stand that are too many to be asked.
fn not_asked(
    left: &[PackageName],
    mentions: &BTreeMap<PackageName, Vec<Mention>>,
    imports: &[Unexplained],
    counts: &mut Counts,
) {
    let mut files: BTreeMap<&RepoPath, usize> = BTreeMap::new();
    for name in left {
        let places = mentions.get(name).and_then(|mentions| mentions.first());
        let import = || imports.iter().find(|import| import.may_mean(name));
        let path = places.map(|mention| &mention.path);
        if let Some(path) = path.or_else(|| import().map(|import| &import.path)) {
            *files.entry(path).or_default() += 1;
        }
    }
    for (path, count) in files {
        let reason = format!(
            "{count} new packages of this file were not asked about: one change may bring {MOST_ASKED}, split it"
        );
        counts.unchecked(path, None, reason);
    }
}

fn judge_mentions(
    mentions: &BTreeMap<PackageName, Vec<Mention>>,
    facts: &FxHashMap<&PackageName, &PackageFacts>,
    around: &Around<'_>,
    places: &Places<'_>,
    options: &Options,
) -> Vec<Finding> {
    let wanted = &options.policy.dependencies;
    let rules = package::Rules {
        on_unknown: wanted.on_unknown,
        age_review_days: wanted.age_review_days,
    };
    let mut findings = Vec::new();
    let mut unknown: BTreeMap<&RepoPath, Vec<(&Mention, &PackageFacts)>> = BTreeMap::new();
    for (name, mentions) in mentions {
        let Some(facts) = facts.get(name) else {
            continue;
        };
        let is_locked = |mention: &Mention| mention.reference.place == Kindred::Lock;
        if matches!(facts.existence, Existence::Unknown(_)) && mentions.iter().all(is_locked) {
            let first = &mentions[0];
            unknown.entry(&first.path).or_default().push((first, facts));
            continue;
        }
        // A lock file may hold several versions; each is judged where it stands.
        let mut versions: Vec<Option<&str>> = mentions
            .iter()
            .map(|m| m.reference.version.as_deref())
            .collect();
        versions.sort_unstable();
        versions.dedup();
        if facts.existence != Existence::Exists || versions.iter().any(Option::is_none) {
            versions.truncate(1);
        }
        for version in versions {
            let of_version = mentions
                .iter()
                .filter(|m| version.is_none() || m.reference.version.as_deref() == version);
            let of_version: Vec<&Mention> = of_version.collect();
            let Some(first) = of_version.first() else {
                continue;
            };
            let exact = mentions.iter().find_map(|m| m.reference.version.as_deref());
            let digests = of_version
                .iter()
                .filter_map(|m| m.reference.digest.as_deref());
            let asked = package::Asked {
                name: &first.reference.name,
                version: version.or(exact),
                digests: digests.filter(|digest| !digest.is_empty()).collect(),
                similar: around.similar(name),
            };
            for notice in package::judge(&asked, facts, &rules) {
                findings.extend(places.finding(notice, &of_version));
            }
        }
    }
    // What a manifest brings along is one thing to look at, not a hundred.
    for unknown in unknown.into_values() {
        let names: Vec<&str> = unknown
            .iter()
            .map(|(m, _)| m.reference.name.as_str())
            .collect();
        let mentions: Vec<&Mention> = unknown.iter().map(|(mention, _)| *mention).collect();
        if let Some(notice) = package::unverified(&names, unknown[0].1, &rules) {
            findings.extend(places.finding(notice, &mentions));
        }
    }
    findings
}

fn judge_imports(
    imports: &[Unexplained],
    facts: &FxHashMap<&PackageName, &PackageFacts>,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for import in imports {
        let candidates = import.candidates.iter().map(|name| {
            let name = PackageName {
                ecosystem: import.ecosystem,
                name: name.clone(),
            };
            facts.get(&name).copied()
        });
        // Where one of them was not asked about, nothing is known; that is said of the file.
        let Some(candidates) = candidates.collect::<Option<Vec<&PackageFacts>>>() else {
            continue;
        };
        let asked = package::Import {
            ecosystem: import.ecosystem,
            module: &import.module,
            manifests: import.manifests,
            is_installed: import.is_installed,
        };
        let notice = package::judge_import(&asked, &candidates);
        if let Some(notice) = notice {
            findings.extend(places.at(notice, &import.path, import.span));
        }
    }
    findings
}

/// Where the names of a change stand.
struct Places<'c> {
    sources: std::cell::RefCell<FxHashMap<RepoPath, Source>>,
    change: &'c Change,
}

impl<'c> Places<'c> {
    fn new(change: &'c Change) -> Self {
        Self {
            sources: std::cell::RefCell::default(),
            change,
        }
    }

    fn place(&self, path: &RepoPath, span: Span) -> Option<tares_model::Place> {
        let mut sources = self.sources.borrow_mut();
        if !sources.contains_key(path) {
            let file = self.change.files.iter().find(|file| file.path == *path)?;
            let side = file.after.as_ref()?;
            debug_assert!(matches!(side.extent, Extent::Complete));
            sources.insert(path.clone(), Source::new(path, side));
        }
        Some(sources.get(path)?.place(span))
    }

    fn at(&self, notice: Notice, path: &RepoPath, span: Span) -> Option<Finding> {
        let place = self.place(path, span)?;
        Some(inputs::finding(notice, |_| place.clone()))
    }

    /// Makes a finding that stands where a person would change it first.
    fn finding(&self, notice: Notice, mentions: &[&Mention]) -> Option<Finding> {
        let rank = |mention: &&Mention| match mention.reference.place {
            Kindred::Manifest => 0,
            Kindred::Command | Kindred::RunOnce | Kindred::Page => 1,
            Kindred::Lock => 2,
            Kindred::Import => 3,
        };
        let mut mentions = mentions.to_vec();
        mentions.sort_by_key(rank);
        let (first, rest) = mentions.split_first()?;
        let mut finding = self.at(notice, &first.path, first.reference.span)?;
        let related = rest.iter().take(MOST_PLACES).filter_map(|mention| {
            Some(Related {
                place: self.place(&mention.path, mention.reference.span)?,
                message: mention.says().to_owned(),
            })
        });
        finding.related.extend(related);
        Some(finding)
    }
}
