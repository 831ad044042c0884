//! What is known of one package against how it is asked for: existence, history, likelihood.
//!
//! The first thing that decides is said. Unknown is never good and never bad: it is said why.

mod artefact;
mod history;
mod odds;
mod similar;
mod when;

pub use artefact::{provides, roots};
pub use history::{Author, newer_than};
pub use odds::{Odds, Term, odds};
pub use similar::nearest;
pub use when::date;

use crate::notice::shown;
use crate::version::Version;
use crate::{Ecosystem, imports};
use std::cmp::Ordering;
use tares_model::fact::{Existence, Ignorance, Lookup, PackageFacts};
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, Span};

/// What an organisation wants of packages that are new to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Level of a new name of which nobody could say whether it exists.
    pub on_unknown: Level,
    /// A first release younger than so many days is looked at.
    pub age_review_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            on_unknown: Level::Review,
            age_review_days: 90,
        }
    }
}

/// How a change asks for a package.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// Name as written.
    pub name: &'a str,
    /// The one version that can be meant.
    pub version: Option<&'a str>,
    /// Digests that a lock file gives.
    pub digests: Vec<&'a str>,
    /// A name of the repository that looks alike, told as explanation only.
    pub similar: Option<&'a str>,
}

/// Judges a package that an installer would take: from a manifest, a lock file or a command.
pub fn judge(asked: &Asked<'_>, facts: &PackageFacts, rules: &Rules) -> Vec<Notice> {
    match &facts.existence {
        Existence::Absent => vec![absent(asked, facts)],
        Existence::Unknown(_) => unverified(&[asked.name], facts, rules)
            .into_iter()
            .collect(),
        Existence::Exists => {
            let mut found: Vec<Notice> = history::appeared(asked, facts).into_iter().collect();
            found.extend(artefact::other_digest(asked, facts));
            found.extend(ambiguous(asked, facts));
            found.extend(release(asked, facts));
            if found.iter().all(|notice| notice.level < Level::Block) {
                found.extend(odds::judge(asked, facts, rules));
            }
            found
        }
    }
}

/// Says of names that nobody could tell whether they exist; `facts` are those of the first.
pub fn unverified(names: &[&str], facts: &PackageFacts, rules: &Rules) -> Option<Notice> {
    const SHOWN: usize = 5;
    let Existence::Unknown(why) = &facts.existence else {
        return None;
    };
    let (first, rest) = names.split_first()?;
    let says = match rest.len() {
        0 => format!("is not known to exist: {}", because(why)),
        more => {
            let shown: Vec<String> = rest
                .iter()
                .take(SHOWN)
                .map(|name| shown(name, 60))
                .collect();
            let end = if more > SHOWN { " …" } else { "" };
            format!(
                "and {more} more ({}{end}) are not known to exist: {}",
                shown.join(", "),
                because(why)
            )
        }
    };
    let ecosystem = facts.name.ecosystem;
    Some(notice(
        "package-unverified",
        rules.on_unknown,
        ecosystem,
        first,
        says,
    ))
}

fn absent(asked: &Asked<'_>, facts: &PackageFacts) -> Notice {
    let mut says = format!("does not exist{}", evidence(facts.lookup.as_ref()));
    let others = facts.elsewhere.iter();
    let others: Vec<&str> = others
        .filter(|(_, existence)| *existence == Existence::Exists)
        .map(|(ecosystem, _)| ecosystem.as_str())
        .collect();
    if !others.is_empty() {
        says.push_str(&format!(
            "; a package of this name is in {}",
            others.join(", ")
        ));
    }
    if let Some(meant) = imports::known_for(facts.name.ecosystem, asked.name) {
        says.push_str(&format!("; the module of this name comes with `{meant}`"));
    } else if let Some(similar) = asked.similar {
        says.push_str(&format!("; `{}` looks alike", shown(similar, 80)));
    }
    notice(
        "package-absent",
        Level::Block,
        facts.name.ecosystem,
        asked.name,
        says,
    )
}

/// Where manifests stand that say what code may import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manifests {
    /// In the folder of the code or above it.
    Above,
    /// Elsewhere in the repository.
    Elsewhere,
    /// Nowhere.
    None,
}

/// An import that nothing here declares.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// Ecosystem of the code.
    pub ecosystem: Ecosystem,
    /// Module as written.
    pub module: &'a str,
    /// Where it could be declared.
    pub manifests: Manifests,
    /// Whether the packages in question are installed on this machine and were seen to provide it.
    pub is_installed: bool,
}

/// Judges an import that nothing here declares, by what is known of the packages that may provide
/// it.
pub fn judge_import(import: &Import<'_>, candidates: &[&PackageFacts]) -> Option<Notice> {
    if let Some(found) = candidates
        .iter()
        .find(|facts| facts.existence == Existence::Exists)
    {
        let asked = Asked {
            name: &found.name.name,
            ..Asked::default()
        };
        // Nobody installs an import: a person decides what to do about it.
        return history::appeared(&asked, found).map(|mut notice| {
            notice.level = Level::Review;
            notice
        });
    }
    // It leads somewhere, wherever that was installed from.
    if import.is_installed {
        return None;
    }
    let names = candidates.iter().map(|facts| facts.name.name.as_str());
    let names = names.collect::<Vec<_>>().join("`, `");
    let unknown = candidates.iter().find_map(|facts| match &facts.existence {
        Existence::Unknown(why) => Some(why),
        _ => None,
    });
    if let Some(why) = unknown {
        let (level, declared) = match import.manifests {
            Manifests::Above => (Level::Review, "no manifest here declares it"),
            Manifests::Elsewhere | Manifests::None => (Level::Note, "nothing here declares it"),
        };
        let says = format!(
            "is imported: {declared}, and whether `{names}` exists is unknown: {}",
            because(why)
        );
        let (ecosystem, module) = (import.ecosystem, import.module);
        return Some(notice("package-unverified", level, ecosystem, module, says));
    }
    Some(unresolved(import, &names, candidates.first()?))
}

/// Says of an import that nothing is known to provide it. That its name is no package's is no
/// proof that it is made up: many modules are called otherwise than their packages. Where a
/// manifest stands it has to name one; where none does, nobody could have.
fn unresolved(import: &Import<'_>, names: &str, first: &PackageFacts) -> Notice {
    let (level, declared) = match import.manifests {
        Manifests::Above => (Level::Review, "no declared package provides it"),
        Manifests::Elsewhere => (Level::Review, "no manifest governs this code"),
        Manifests::None => (Level::Note, "there is no manifest"),
    };
    notice(
        "import-unresolved",
        level,
        import.ecosystem,
        import.module,
        format!(
            "is imported, and nothing tells where it comes from: it is no module of the language or of this repository, {declared}, no installed package has it, and `{names}` does not exist{}",
            evidence(first.lookup.as_ref())
        ),
    )
}

/// Says of a new name of a manifest that the lock file beside it does not have it.
pub fn unlocked(ecosystem: Ecosystem, name: &str) -> Notice {
    let says = "is asked for here, and the lock file does not have it: what is installed is decided on every machine anew";
    notice(
        "dependency-unlocked",
        Level::Review,
        ecosystem,
        name,
        says.to_owned(),
    )
}

/// Says of a package that a client may take from one place or from another. pip does so: of all
/// its indexes the highest version wins, whoever published it.
fn ambiguous(asked: &Asked<'_>, facts: &PackageFacts) -> Option<Notice> {
    let ecosystem = facts.name.ecosystem;
    if ecosystem != Ecosystem::PyPi {
        return None;
    }
    let own = facts.lookup.as_ref().map_or("", |lookup| &lookup.host);
    let others = || facts.beside.iter().filter(|beside| beside.host != own);
    let mut there = others().filter(|beside| beside.existence == Existence::Exists);
    let not_main = others().find(|b| b.is_main && b.existence == Existence::Absent);
    let (level, beside, says) = match (there.find(|b| b.is_same != Some(true)), not_main) {
        (Some(beside), _) if beside.is_same == Some(false) => {
            (Level::Review, beside, "has another package of this name")
        }
        (Some(beside), _) => (
            Level::Note,
            beside,
            "has a package of this name that may be another",
        ),
        (None, Some(beside)) => (
            Level::Note,
            beside,
            "has none of this name, so that somebody may register it",
        ),
        (None, None) => return None,
    };
    let says = format!(
        "is taken from {} here, and {} {says}: of several indexes pip takes the highest version, whoever published it",
        shown(own, 80),
        shown(&beside.host, 80)
    );
    Some(notice(
        "package-ambiguous",
        level,
        ecosystem,
        asked.name,
        says,
    ))
}

/// Says of a release what its registry says of it.
fn release(asked: &Asked<'_>, facts: &PackageFacts) -> Option<Notice> {
    let version = asked.version?;
    let ecosystem = facts.name.ecosystem;
    let plain = |version: &str| version.trim_start_matches('v').to_owned();
    let found = facts
        .releases
        .iter()
        .find(|release| plain(&release.version) == plain(version));
    let says = match found {
        // A place that lists nothing does not say which versions there are.
        None if facts.releases.is_empty() => return None,
        None => {
            let says = format!(
                "has no version {}{}",
                shown(version, 40),
                evidence(facts.lookup.as_ref())
            );
            return Some(notice(
                "version-absent",
                Level::Review,
                ecosystem,
                asked.name,
                says,
            ));
        }
        Some(release) if release.yanked == Some(true) => {
            format!("{} was withdrawn by its owner", shown(version, 40))
        }
        Some(release) => format!(
            "{} is discouraged by its owner: {}",
            shown(version, 40),
            shown(release.deprecated.as_deref()?, 160)
        ),
    };
    Some(notice(
        "package-withdrawn",
        Level::Review,
        ecosystem,
        asked.name,
        says,
    ))
}

/// Returns the version that a client would install today: the one that the place hands out by
/// itself, else the highest that is final and not withdrawn.
pub fn newest(facts: &PackageFacts) -> Option<&str> {
    if let Some(latest) = &facts.latest {
        return Some(latest);
    }
    let is_final = |version: &str| {
        let public = version.split('+').next().unwrap_or(version);
        let plain = public.trim_start_matches('v').replace("post", "");
        plain.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let versions = facts
        .releases
        .iter()
        .filter(|release| release.yanked != Some(true) && is_final(&release.version))
        .filter_map(|release| {
            let version = Version::parse(facts.name.ecosystem, &release.version)?;
            Some((version, release.version.as_str()))
        });
    let highest = versions.reduce(|one, other| match one.0.order(&other.0) {
        Some(Ordering::Less) => other,
        _ => one,
    });
    highest.map(|(_, text)| text)
}

/// Says on what an answer rests.
fn evidence(lookup: Option<&Lookup>) -> String {
    let Some(lookup) = lookup else {
        return String::new();
    };
    let status = |status: Option<u16>| status.map_or("nothing".to_owned(), |s| s.to_string());
    let host = match lookup.host.as_str() {
        "" => String::new(),
        host => format!(" of {}", shown(host, 80)),
    };
    let mut says = format!(
        " (the {}{host} answered {} at {}",
        shown(&lookup.endpoint, 40),
        status(lookup.status),
        date(lookup.time)
    );
    for canary in &lookup.canaries {
        let kind = if canary.must_exist { "real" } else { "made-up" };
        says.push_str(&format!(
            ", {} for the {kind} name `{}`",
            status(canary.status),
            shown(&canary.name, 60)
        ));
    }
    says.push(')');
    says
}

/// Says why something is unknown.
pub fn because(why: &Ignorance) -> String {
    match why {
        Ignorance::Offline => "nobody was asked (offline)".to_owned(),
        Ignorance::Private => "the name is private, and is asked of nobody".to_owned(),
        Ignorance::NoPlace => "no place is known where it could be asked".to_owned(),
        Ignorance::Uncalibrated(says) => {
            format!(
                "the place gives no answers to rely on: {}",
                shown(says, 200)
            )
        }
        Ignorance::Failed(says) => format!("the place gave no answer: {}", shown(says, 200)),
        Ignorance::Malformed(says) => {
            format!("the answer cannot be read: {}", shown(says, 200))
        }
    }
}

/// Makes a notice without a place: the caller knows where the name stands.
pub(crate) fn notice(
    rule: &'static str,
    level: Level,
    ecosystem: Ecosystem,
    name: &str,
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
        span: Span::default(),
        message: format!("`{}` ({ecosystem}) {says}", shown(name, 120)),
        related: Vec::new(),
        identity: format!("{} {rule}", ecosystem.purl(name, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tares_model::fact::{PackageName, Release};

    #[test]
    fn the_newest_version_is_final_and_not_withdrawn() {
        let name = PackageName {
            ecosystem: Ecosystem::PyPi,
            name: "x".to_owned(),
        };
        let mut facts = PackageFacts::unknown(name, Ignorance::Offline);
        assert_eq!(newest(&facts), None);
        let release = |version: &str, is_withdrawn| Release {
            version: version.to_owned(),
            yanked: Some(is_withdrawn),
            ..Release::default()
        };
        facts.releases = vec![
            release("1.10", false),
            release("1.9.post1", false),
            release("2.0rc1", false),
            release("1.11", true),
        ];
        assert_eq!(newest(&facts), Some("1.10"));
        facts.latest = Some("1.9".to_owned());
        assert_eq!(newest(&facts), Some("1.9"));
    }
}
