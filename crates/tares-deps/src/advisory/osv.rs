//! OSV records, as JSON or YAML (the schema of the Open Source Vulnerability format, 1.x).

use super::affected::within;
use super::record::{Event, Kind, Record};
use super::{Day, Document, Grade, ReadError, tree};
use crate::Ecosystem;
use serde::Deserialize;
use serde_json::Value;

/// Longest title that is kept, in characters.
const TITLE: usize = 120;

/// Longest id, name or version, in bytes; a record with a longer one is refused.
const WORD: usize = 512;

#[derive(Deserialize)]
struct Osv {
    id: Option<String>,
    modified: Option<String>,
    published: Option<String>,
    withdrawn: Option<String>,
    aliases: Option<Vec<String>>,
    summary: Option<String>,
    details: Option<String>,
    severity: Option<Vec<Severity>>,
    affected: Option<Vec<Affected>>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Severity {
    #[serde(rename = "type")]
    kind: Option<String>,
    score: Option<String>,
}

#[derive(Deserialize)]
struct Affected {
    package: Option<Package>,
    ranges: Option<Vec<Range>>,
    versions: Option<Vec<String>>,
    severity: Option<Vec<Severity>>,
    database_specific: Option<Value>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: Option<String>,
    name: Option<String>,
    purl: Option<String>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(rename = "type")]
    kind: Option<String>,
    events: Option<Vec<Change>>,
}

#[derive(Deserialize)]
struct Change {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
}

/// Reads JSON. What is valid JSON without an id and packages is something else.
pub(super) fn json(text: &str) -> Result<Document, ReadError> {
    let osv: Osv = serde_json::from_str(text).map_err(|error| match error.classify() {
        // A list, or fields of other types: another kind of file, unless it says to be one.
        serde_json::error::Category::Data if !text.contains("\"schema_version\"") => {
            ReadError::Other
        }
        _ => ReadError::Syntax(error.to_string()),
    })?;
    document(osv)
}

/// Reads YAML.
pub(super) fn yaml(text: &str) -> Result<Document, ReadError> {
    let says_so = text.lines().any(|line| line.starts_with("affected:"));
    if !says_so {
        return Err(ReadError::Other);
    }
    let tree = tree::yaml(text).map_err(ReadError::Syntax)?;
    let osv = serde_json::from_value(tree).map_err(|error| ReadError::Syntax(error.to_string()))?;
    document(osv)
}

fn document(osv: Osv) -> Result<Document, ReadError> {
    let Some(id) = osv.id.clone() else {
        return Err(ReadError::Other);
    };
    let modified = osv.modified.as_deref().and_then(Day::parse);
    if osv.affected.is_none() && osv.modified.is_none() {
        return Err(ReadError::Other);
    }
    if modified.is_none() {
        return Err(ReadError::Syntax("`modified` is no time".to_owned()));
    }
    let mut document = Document {
        modified,
        withdrawn: osv.withdrawn.is_some(),
        ..Document::default()
    };
    if document.withdrawn {
        return Ok(document);
    }
    for affected in osv.affected.iter().flatten() {
        let Some((ecosystem, name)) = package(affected) else {
            document.foreign += 1;
            continue;
        };
        let mut record = head(&osv, &id, affected);
        record.ecosystem = Some(ecosystem);
        record.name = ecosystem.normal(&name);
        document.commit_ranges += read_versions(ecosystem, affected, &mut record);
        refuse_long(&record)?;
        add(&mut document.records, record);
    }
    for record in &mut document.records {
        let ecosystem = record.ecosystem.expect("it was set above");
        // What the ranges say already need not be listed.
        let ranges = std::mem::take(&mut record.ranges);
        record.versions.retain(|version| {
            !ranges
                .iter()
                .any(|events| within(ecosystem, events, version) == Some(true))
        });
        record.ranges = ranges;
    }
    Ok(document)
}

/// One advisory may name a package several times, with other ranges each time.
fn add(records: &mut Vec<Record>, record: Record) {
    let same = |known: &&mut Record| {
        known.ecosystem == record.ecosystem
            && known.name == record.name
            && known.kind == record.kind
    };
    match records.iter_mut().find(same) {
        Some(known) => {
            known.ranges.extend(record.ranges);
            known.versions.extend(record.versions);
            known.by_commits |= record.by_commits;
            known.grade = known.grade.max(record.grade);
        }
        None => records.push(record),
    }
}

fn package(affected: &Affected) -> Option<(Ecosystem, String)> {
    let package = affected.package.as_ref()?;
    let word = package.ecosystem.as_deref().unwrap_or("");
    // `Maven:…` names a repository, `Debian:12` a release.
    let word = word.split(':').next().unwrap_or("");
    let ecosystem = match word {
        "PyPI" => Ecosystem::PyPi,
        "npm" => Ecosystem::Npm,
        "Go" => Ecosystem::Go,
        "Maven" => Ecosystem::Maven,
        "Packagist" => Ecosystem::Composer,
        "RubyGems" => Ecosystem::RubyGems,
        "NuGet" => Ecosystem::NuGet,
        "GitHub Actions" => Ecosystem::Action,
        // Rust's is the host name of its registry.
        _ if word.starts_with("crates.") => Ecosystem::Cargo,
        "" => of_purl(package.purl.as_deref()?)?,
        _ => return None,
    };
    package
        .name
        .clone()
        .filter(|name| !name.is_empty())
        .map(|name| (ecosystem, name))
}

fn of_purl(purl: &str) -> Option<Ecosystem> {
    let word = purl.strip_prefix("pkg:")?.split('/').next()?;
    Ecosystem::ALL
        .iter()
        .find(|(_, known)| *known == word)
        .map(|(ecosystem, _)| *ecosystem)
}

fn head(osv: &Osv, id: &str, affected: &Affected) -> Record {
    let aliases = osv.aliases.clone().unwrap_or_default();
    let severities = || {
        let own = affected.severity.iter().flatten();
        own.chain(osv.severity.iter().flatten())
    };
    let vector = ["CVSS_V4", "CVSS_V3"].iter().find_map(|wanted| {
        severities()
            .find(|one| one.kind.as_deref() == Some(wanted))
            .and_then(|one| one.score.clone())
    });
    let word = osv
        .database_specific
        .as_ref()
        .and_then(|own| own.get("severity"));
    let word = word.and_then(Value::as_str).and_then(Grade::from_word);
    let computed = || {
        severities()
            .filter_map(|one| Grade::from_vector(one.score.as_deref()?))
            .max()
    };
    let text = osv.summary.as_deref().or(osv.details.as_deref());
    let kind = kind(osv, id, &aliases, affected);
    // That a package is malware says all, and there are hundreds of thousands of these.
    let title = text
        .filter(|_| kind != Kind::Malware)
        .map_or(String::new(), title);
    Record {
        ecosystem: None,
        name: String::new(),
        id: id.to_owned(),
        aliases,
        date: osv.published.as_deref().and_then(Day::parse),
        kind,
        grade: word.or_else(computed),
        vector,
        ranges: Vec::new(),
        versions: Vec::new(),
        safe: None,
        by_commits: false,
        title,
    }
}

fn kind(osv: &Osv, id: &str, aliases: &[String], affected: &Affected) -> Kind {
    let lists = |value: &Option<Value>, key: &str, wanted: &str| {
        let list = value.as_ref().and_then(|value| value.get(key)?.as_array());
        list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(wanted)))
    };
    let is_malware = id.starts_with("MAL-")
        || aliases.iter().any(|alias| alias.starts_with("MAL-"))
        // CWE-506: embedded malicious code.
        || lists(&osv.database_specific, "cwe_ids", "CWE-506")
        || lists(&affected.database_specific, "categories", "malicious");
    if is_malware {
        return Kind::Malware;
    }
    let own = affected.database_specific.as_ref();
    match own.and_then(|own| own.get("informational")?.as_str()) {
        Some("unmaintained") => Kind::Unmaintained,
        Some("unsound") => Kind::Unsound,
        Some(_) => Kind::Notice,
        None => Kind::Vulnerability,
    }
}

/// Returns the first line of a text without Markdown's signs of a heading, cut.
pub(super) fn title(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| line.trim_start_matches('#').trim())
        .find(|line| !line.is_empty())
        .unwrap_or("");
    line.chars().take(TITLE).collect()
}

/// Reads ranges and versions and returns how many ranges only a repository can decide.
fn read_versions(ecosystem: Ecosystem, affected: &Affected, record: &mut Record) -> usize {
    let mut by_commits = 0;
    for range in affected.ranges.iter().flatten() {
        if range.kind.as_deref() == Some("GIT") {
            by_commits += 1;
            continue;
        }
        let mut events = Vec::new();
        for change in range.events.iter().flatten() {
            let all = [
                change.introduced.clone().map(Event::Introduced),
                change.fixed.clone().map(Event::Fixed),
                change.last_affected.clone().map(Event::Last),
            ];
            events.extend(all.into_iter().flatten());
        }
        if !events.is_empty() {
            record.ranges.push(events);
        }
    }
    record.by_commits = by_commits > 0;
    let mut versions = affected.versions.clone().unwrap_or_default();
    if ecosystem == Ecosystem::Go {
        for version in &mut versions {
            if let Some(bare) = version.strip_prefix('v') {
                *version = bare.to_owned();
            }
        }
    }
    record.versions = versions;
    by_commits
}

fn refuse_long(record: &Record) -> Result<(), ReadError> {
    let events = record.ranges.iter().flatten();
    let texts = events.map(|event| match event {
        Event::Introduced(text) | Event::Fixed(text) | Event::Last(text) => text,
    });
    let mut all = texts
        .chain(&record.versions)
        .chain(&record.aliases)
        .chain(&record.vector)
        .chain([&record.id, &record.name]);
    match all.find(|text| text.len() > WORD) {
        Some(text) => Err(ReadError::Syntax(format!(
            "an id, name or version of {} bytes",
            text.len()
        ))),
        None => Ok(()),
    }
}
