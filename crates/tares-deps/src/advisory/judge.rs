//! What advisories say of the packages that a text names.

use super::affected::{Answer, Fix, affects};
use super::record::{Kind, Record, Refusal};
use super::{Contents, Day, Grade};
use crate::Ecosystem;
use crate::notice::shown;
use crate::reference::{Origin, Place, Reference};
use crate::version::Version;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{Notice, Span};

/// Notices of one file; of more, the worst are told.
const MOST: usize = 100;

/// Ids that a message names.
const NAMED: usize = 4;

/// Age of data in days above which it is told, and above which a person has to look.
const OLD: u32 = 7;
const TOO_OLD: u32 = 30;

/// Data about versions of packages, wherever it is kept.
pub trait Advisories: Sync {
    /// Returns what is known of a package by its normal name.
    ///
    /// # Errors
    /// When the data is damaged: then nothing is known.
    fn find(&self, ecosystem: Ecosystem, normal: &str) -> Result<Vec<Record>, Refusal>;

    /// Returns what the data says about itself.
    fn contents(&self) -> &Contents;

    /// Returns the day of the question.
    fn today(&self) -> Day;
}

/// What was found about the references of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Worst first.
    pub notices: Vec<Notice>,
    /// Packages that were looked up.
    pub asked: usize,
    /// Their ecosystems.
    pub ecosystems: BTreeSet<Ecosystem>,
}

/// Asks about each package once.
///
/// Malware blocks by the versions that are recorded; a bare name only where all versions are.
/// Packages from folders, repositories and addresses are not those that the data speaks of.
pub fn judge(references: &[&Reference], advisories: &dyn Advisories) -> Judged {
    let mut judged = Judged::default();
    let mut seen = FxHashSet::default();
    for reference in references {
        let normal = reference.normal();
        let is_of_registry = matches!(reference.origin, Origin::Registry | Origin::Resolved(_));
        let mut is_new = || seen.insert((reference.ecosystem, normal.clone(), &reference.version));
        if !is_of_registry || reference.place == Place::Import || !is_new() {
            continue;
        }
        judged.asked += 1;
        judged.ecosystems.insert(reference.ecosystem);
        match advisories.find(reference.ecosystem, &normal) {
            Ok(records) if records.is_empty() => {}
            Ok(records) => judged.notices.extend(about(reference, &records)),
            Err(error) => {
                judged.notices.push(unreadable(&error));
                break;
            }
        }
    }
    judged
        .notices
        .sort_by_key(|notice| (std::cmp::Reverse(notice.level), notice.span));
    cut(&mut judged.notices);
    judged
}

fn cut(notices: &mut Vec<Notice>) {
    let left = notices.len().saturating_sub(MOST);
    notices.truncate(MOST);
    if let Some(last) = notices.last_mut().filter(|_| left > 0) {
        last.message = format!("{}; and {left} more of this file", last.message);
    }
}

/// What is known of one reference, one notice for each kind of thing.
fn about(reference: &Reference, records: &[Record]) -> Vec<Notice> {
    let mut told: Vec<Notice> = Vec::new();
    let version = reference.version.as_deref();
    let (mut affected, mut unknown) = (Vec::new(), Vec::new());
    for record in records {
        match affects(reference.ecosystem, record, version) {
            Answer::Affected(fix) => affected.push((record, fix)),
            Answer::Unknown(why) => unknown.push((record, why)),
            Answer::Clear => {}
        }
    }
    let of = |wanted: &[Kind]| -> Vec<&(&Record, Fix)> {
        let found = affected
            .iter()
            .filter(|(record, _)| wanted.contains(&record.kind));
        once(found.collect())
    };
    let malware = of(&[Kind::Malware]);
    if !malware.is_empty() {
        told.push(malicious(reference, &malware));
        // What else is wrong with it is of no interest.
        return told;
    }
    let flaws = of(&[Kind::Vulnerability, Kind::Unsound]);
    // Without a version, what is true of all versions is no news about this change.
    if version.is_some() && !flaws.is_empty() {
        told.push(vulnerable(reference, &flaws));
    }
    let orphans = of(&[Kind::Unmaintained, Kind::Notice]);
    if let Some((record, _)) = orphans.first() {
        told.push(notice(
            reference,
            "dependency-unmaintained",
            Level::Note,
            record,
            format!("{}: {}", what(record), shown(&record.title, 120)),
        ));
    }
    if let Some((record, why)) = unknown
        .iter()
        .max_by_key(|(record, _)| (record.kind, record.grade))
    {
        told.push(undecided(reference, record, why, unknown.len()));
    }
    told
}

/// Leaves one record of those that name each other: the one that says most.
fn once<'r, 'a>(mut records: Vec<&'r (&'a Record, Fix)>) -> Vec<&'r (&'a Record, Fix)> {
    let weight = |record: &Record| (record.kind, record.grade, !record.title.is_empty());
    records.sort_by(|(one, _), (other, _)| (weight(other), &one.id).cmp(&(weight(one), &other.id)));
    let mut names: FxHashSet<&str> = FxHashSet::default();
    records.retain(|(record, _)| {
        let own = || record.aliases.iter().chain([&record.id]);
        let is_new = !own().any(|name| names.contains(name.as_str()));
        names.extend(own().map(String::as_str));
        is_new
    });
    records
}

fn malicious(reference: &Reference, records: &[&(&Record, Fix)]) -> Notice {
    let (record, _) = records[0];
    let what = if record.covers_all() {
        "all of its versions are"
    } else {
        "this version is"
    };
    let says = format!("is recorded as malware: {what}, by {}", ids(records));
    notice(reference, "malicious-package", Level::Block, record, says)
}

fn vulnerable(reference: &Reference, records: &[&(&Record, Fix)]) -> Notice {
    let (worst, _) = records[0];
    let level = match (worst.kind, worst.grade) {
        (Kind::Unsound, _) | (_, Some(Grade::Low | Grade::Medium)) => Level::Note,
        // A flaw whose weight nobody told may be any.
        _ => Level::Review,
    };
    let grade = worst.grade.map_or("of unknown weight", Grade::as_str);
    let count = match records.len() {
        1 => "a known flaw".to_owned(),
        count => format!("{count} known flaws"),
    };
    let title = if worst.title.is_empty() {
        String::new()
    } else {
        format!(": {}", shown(&worst.title, 120))
    };
    let says = format!(
        "has {count}, {grade}{}, {}{title}; {}",
        if records.len() > 1 { " at worst" } else { "" },
        ids(records),
        remedy(reference.ecosystem, records)
    );
    notice(reference, "vulnerable-dependency", level, worst, says)
}

/// Names the version that is free of all of them.
fn remedy(ecosystem: Ecosystem, records: &[&(&Record, Fix)]) -> String {
    let mut best: Option<(Version, &str)> = None;
    let mut requirements: Vec<&str> = Vec::new();
    let mut without = 0;
    for (_, fix) in records {
        match fix {
            Fix::None => without += 1,
            Fix::Requirement(text) => requirements.push(text),
            Fix::From(text) => {
                let Some(version) = Version::parse(ecosystem, text) else {
                    continue;
                };
                let is_later = best
                    .as_ref()
                    .is_none_or(|(known, _)| version.order(known) == Some(Ordering::Greater));
                if is_later {
                    best = Some((version, text));
                }
            }
        }
    }
    let mut parts = Vec::new();
    if let Some((_, text)) = best {
        parts.push(format!("fixed in {}", shown(text, 60)));
    }
    if let Some(text) = requirements.first() {
        parts.push(format!("fixed in `{}`", shown(text, 60)));
    }
    match (without, records.len()) {
        (0, _) => {}
        (_, 1) => parts.push("no version without it is known".to_owned()),
        (count, _) => parts.push(format!("for {count} no version without them is known")),
    }
    parts.join("; ")
}

fn undecided(reference: &Reference, record: &Record, why: &str, count: usize) -> Notice {
    let level = match (record.kind, record.grade) {
        (Kind::Malware, _) | (Kind::Vulnerability, None | Some(Grade::High | Grade::Critical)) => {
            Level::Review
        }
        _ => Level::Note,
    };
    let more = match count {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let version = reference.version.as_deref().unwrap_or("");
    let says = format!(
        "may be what {}{more} speaks of: whether {} is cannot be told, because {why}",
        shown(&record.id, 60),
        shown(version, 60)
    );
    notice(reference, "advisory-undecided", level, record, says)
}

fn what(record: &Record) -> String {
    let id = shown(&record.id, 60);
    match record.kind {
        Kind::Unmaintained => format!("is not maintained any more, by {id}"),
        _ => format!("has a notice, {id}"),
    }
}

fn ids(records: &[&(&Record, Fix)]) -> String {
    let named = records.iter().take(NAMED).map(|(record, _)| {
        let cve = record
            .aliases
            .iter()
            .find(|alias| alias.starts_with("CVE-"));
        match cve {
            Some(cve) => format!("{} ({})", shown(&record.id, 60), shown(cve, 40)),
            None => shown(&record.id, 60),
        }
    });
    let mut text = named.collect::<Vec<_>>().join(", ");
    if records.len() > NAMED {
        text.push_str(" …");
    }
    text
}

fn notice(
    reference: &Reference,
    rule: &'static str,
    level: Level,
    record: &Record,
    says: String,
) -> Notice {
    let severity = match (record.kind, record.grade) {
        (Kind::Malware, _) | (_, Some(Grade::Critical)) => Severity::Critical,
        (Kind::Vulnerability, Some(Grade::High)) => Severity::High,
        (Kind::Vulnerability, None | Some(Grade::Medium)) => Severity::Medium,
        _ => Severity::Low,
    };
    let version = reference.version.as_deref().unwrap_or("");
    Notice {
        rule,
        level,
        severity,
        confidence: Confidence::High,
        span: reference.span,
        message: format!(
            "`{}` {}({}) {says}",
            shown(&reference.name, 80),
            if version.is_empty() {
                String::new()
            } else {
                format!("{} ", shown(version, 60))
            },
            reference.ecosystem
        ),
        related: Vec::new(),
        identity: format!("{} {rule} {}", reference.purl(), record.id),
    }
}

fn unreadable(error: &Refusal) -> Notice {
    Notice {
        rule: "advisory-undecided",
        level: Level::Review,
        severity: Severity::Medium,
        confidence: Confidence::High,
        span: Span::default(),
        message: format!(
            "the advisory data cannot be read, so nothing is known of these packages: {error}; `tares db update` builds it again"
        ),
        related: Vec::new(),
        identity: "advisory-undecided".to_owned(),
    }
}

impl Judged {
    /// Takes what was found in another text of the same run, without its notices.
    pub fn count(&mut self, other: &Self) {
        self.asked += other.asked;
        self.ecosystems.extend(&other.ecosystems);
    }

    /// Says how old the data is that answered, for each ecosystem that was asked about.
    pub fn data(&self, advisories: &dyn Advisories) -> Vec<String> {
        let (contents, today) = (advisories.contents(), advisories.today());
        let words = self
            .ecosystems
            .iter()
            .map(|&ecosystem| match contents.of(ecosystem) {
                None => format!("{ecosystem}: no advisory data at all"),
                Some((count, None)) => format!("{ecosystem}: {count} records of unknown age"),
                Some((count, Some(day))) => {
                    format!("{ecosystem}: {count} records, {}", days(day.age(today)))
                }
            });
        words.collect()
    }

    /// Tells data that is too old to be relied on, at the place of the first question.
    pub fn stale(&self, advisories: &dyn Advisories) -> Option<Notice> {
        let (contents, today) = (advisories.contents(), advisories.today());
        let age = |&ecosystem: &Ecosystem| {
            let (_, newest) = contents.of(ecosystem)?;
            Some((newest.map_or(u32::MAX, |day| day.age(today)), ecosystem))
        };
        let (age, ecosystem) = self.ecosystems.iter().filter_map(age).max()?;
        let level = match age {
            0..=OLD => return None,
            ..=TOO_OLD => Level::Note,
            _ => Level::Review,
        };
        let how_old = match age {
            u32::MAX => "of unknown age".to_owned(),
            age => days(age),
        };
        Some(Notice {
            rule: "advisory-data-old",
            level,
            severity: Severity::Low,
            confidence: Confidence::High,
            span: Span::default(),
            message: format!(
                "the advisory data about {ecosystem} is {how_old}: what was recorded since is not known"
            ),
            related: Vec::new(),
            identity: format!("advisory-data-old {ecosystem}"),
        })
    }
}

fn days(count: u32) -> String {
    match count {
        1 => "1 day old".to_owned(),
        count => format!("{count} days old"),
    }
}
