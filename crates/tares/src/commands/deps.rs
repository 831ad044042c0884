//! `tares deps`: the packages of a project, why they are there, and what an agent asks before it
//! installs one.

use crate::advisories::Data;
use crate::arguments::{Clear, Deps, DepsCommand, ListFormat, Table, Verify, Why};
use crate::failure::{Failure, remark};
use crate::output::print_text;
use crate::registry::FromFolder;
use crate::trust;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tares_deps::formats;
use tares_deps::package::{self, because, date};
use tares_judge::Options;
use tares_judge::inventory::{self, Inventory, Item, Judged, Known, Mention};
use tares_model::fact::{Existence, PackageFacts, Packages as _};
use tares_model::{Ecosystem, ExitCode, Finding, Level, Notice, RepoPath};
use tares_policy::config::{Ask, Dependencies};
use tares_report::escape::visible;
use tares_world::{Os, walk};

const BOLD: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::BOLD);
const DIM: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::DIMMED);
const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const YELLOW: anstyle::Style = anstyle::AnsiColor::Yellow.on_default();

pub(crate) fn run(arguments: &Deps) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None => table(&arguments.table),
        Some(DepsCommand::Why(arguments)) => why(arguments),
        Some(DepsCommand::Verify(arguments)) => verify(arguments),
        Some(DepsCommand::Clear(arguments)) => clear(arguments),
    }
}

/// What the user's own tares.toml in a folder wants, and whether anybody is asked.
fn wanted(folder: &Path, offline: bool) -> Result<(Dependencies, bool), Failure> {
    let file = folder.join(tares_policy::config::FILE_NAME);
    let wanted = if file.is_file() {
        trust::from_file(&Os, &file, true)?.policy.dependencies
    } else {
        Dependencies::default()
    };
    let is_offline = offline || wanted.ask == Ask::Never;
    Ok((wanted, is_offline))
}

/// Reads the files below a folder that name packages, and says whether all could be read.
fn texts(path: &Path) -> Result<(Vec<(RepoPath, String)>, bool), Failure> {
    let bounds = walk::Options {
        lock_bytes: formats::LARGEST as u64,
        ..walk::Options::default()
    };
    let walked = walk::find(&[path.to_path_buf()], &bounds).map_err(|error| match error {
        walk::WalkError::Path { path, source } => {
            Failure::usage(format!("cannot look at {}", path.display())).because(&source)
        }
    })?;
    let (mut texts, mut is_whole) = (Vec::new(), true);
    for found in &walked.files {
        if !inventory::names_packages(&found.path) {
            continue;
        }
        match walk::load(found, &bounds).map(|file| file.after) {
            Ok(Some(side)) => {
                texts.push((
                    found.path.clone(),
                    String::from_utf8_lossy(&side.bytes).into_owned(),
                ));
            }
            Ok(None) => {}
            Err(_) => {
                is_whole = false;
                let file = visible(found.path.as_str());
                remark(
                    "not read",
                    &format!("{file} is too large or cannot be read"),
                );
            }
        }
    }
    Ok((texts, is_whole))
}

fn table(arguments: &Table) -> Result<ExitCode, Failure> {
    let path = arguments.path.clone().unwrap_or_else(|| PathBuf::from("."));
    let (wanted, is_offline) = wanted(&path, arguments.offline)?;
    let (texts, is_whole) = texts(&path)?;
    let items = inventory::inventory(&texts);
    if items.is_empty() && is_whole {
        remark("nothing to check", "no file here names a package");
        return Ok(ExitCode::Nothing);
    }
    let registry = FromFolder::new(&path, is_offline, &wanted);
    let data = Data::default();
    let found = inventory::judge(&items, &registry, data.get(), &wanted);
    let text = match arguments.format {
        ListFormat::Text => rows(&items, &found),
        ListFormat::Json => json(&items, &found),
    };
    print_text(arguments.color, &text)?;
    let judged = &found.judged;
    let is_blocked = judged.iter().any(|one| one.level() == Some(Level::Block));
    let is_unknown = !is_whole || (!is_offline && judged.iter().any(Judged::is_unknown));
    Ok(match (is_blocked, is_unknown) {
        (true, _) => ExitCode::Block,
        (_, true) => ExitCode::Partial,
        _ => ExitCode::Ok,
    })
}

/// What a table says of one package, column by column.
fn columns(item: &Item, judged: &Judged) -> [String; 8] {
    let facts = judged.facts.as_ref();
    let pinned = match (item.has_digest(), &item.version) {
        (true, _) => "digest",
        (false, Some(_)) => "version",
        (false, None) => "no",
    };
    let day = |facts: &PackageFacts| {
        facts
            .first_release()
            .map(|time| date(time)[..10].to_owned())
    };
    let latest = facts.and_then(package::newest).map(str::to_owned);
    let licence = facts.and_then(|facts| {
        let of = |version: &str| facts.releases.iter().find(|r| r.version == version);
        let release = item
            .version
            .as_deref()
            .and_then(of)
            .or(facts.releases.last());
        release?.license.clone()
    });
    let unknown = || "?".to_owned();
    [
        visible(&item.purl()).into_owned(),
        pinned.to_owned(),
        exists(facts).to_owned(),
        facts.and_then(day).unwrap_or_else(unknown),
        latest.map_or_else(unknown, |version| visible(&version).into_owned()),
        licence.map_or_else(unknown, |licence| visible(&licence).into_owned()),
        judged
            .known
            .map_or_else(unknown, |known| known.as_str().to_owned()),
        judged.level().map_or("", Level::as_str).to_owned(),
    ]
}

fn exists(facts: Option<&PackageFacts>) -> &'static str {
    match facts.map(|facts| &facts.existence) {
        None => "-",
        Some(Existence::Exists) => "yes",
        Some(Existence::Absent) => "no",
        Some(Existence::Unknown(_)) => "?",
    }
}

/// Whether a row says it already: with nobody to ask, each package of a project would say so.
fn is_in_row(notice: &Notice) -> bool {
    notice.rule == "package-unverified"
}

fn rows(items: &[Item], found: &Inventory) -> String {
    let heads = [
        "package", "pinned", "exists", "first", "latest", "licence", "known", "verdict",
    ];
    let judged = &found.judged;
    let rows: Vec<[String; 8]> = items
        .iter()
        .zip(judged)
        .map(|(i, j)| columns(i, j))
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([heads[column].len()])
            .max()
            .unwrap_or(0)
            .min(60)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = String::new();
    let head: Vec<String> = heads
        .iter()
        .zip(&widths)
        .map(|(h, w)| format!("{h:w$}"))
        .collect();
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}", head.join("  ").trim_end());
    for ((row, item), judged) in rows.iter().zip(items).zip(judged) {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(c, w)| format!("{c:w$}"))
            .collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        for notice in judged.notices.iter().filter(|notice| !is_in_row(notice)) {
            let style = style(notice.level);
            let first = item.mentions.first();
            let place = first.map_or(String::new(), |m| format!("{}: ", place(m)));
            let _ = writeln!(
                text,
                "  {style}{}{style:#} {place}{} ({})",
                notice.level.as_str(),
                notice.message,
                notice.rule
            );
        }
    }
    let unknown = judged.iter().filter(|one| one.is_unknown()).count();
    let why = judged
        .iter()
        .find_map(|one| match &one.facts.as_ref()?.existence {
            Existence::Unknown(why) => Some(because(why)),
            _ => None,
        });
    let said = why.map_or(String::new(), |why| format!(", {unknown} unknown ({why})"));
    let _ = writeln!(text, "{} packages{said}", items.len());
    let _ = writeln!(text, "advisory data: {}", age(found));
    if let Some(stale) = &found.stale {
        let style = style(stale.level);
        let (level, message, rule) = (stale.level.as_str(), &stale.message, stale.rule);
        let _ = writeln!(text, "{style}{level}{style:#} {message} ({rule})");
    }
    text
}

/// Says what advisory data answered, and how old it is.
fn age(found: &Inventory) -> String {
    if found.data.is_empty() {
        "none, `tares db update` builds it".to_owned()
    } else {
        found.data.join(", ")
    }
}

fn style(level: Level) -> anstyle::Style {
    match level {
        Level::Block => RED,
        Level::Review => YELLOW,
        Level::Note => DIM,
    }
}

fn place(mention: &Mention) -> String {
    format!("{}:{}", visible(mention.path.as_str()), mention.line)
}

fn json(items: &[Item], found: &Inventory) -> String {
    let entries = items.iter().zip(&found.judged).map(|(i, j)| entry(i, j));
    let packages: Vec<serde_json::Value> = entries.collect();
    let all = serde_json::json!({ "packages": packages, "advisory_data": found.data });
    format!("{all:#}\n")
}

fn entry(item: &Item, judged: &Judged) -> serde_json::Value {
    let places: Vec<serde_json::Value> = item
        .mentions
        .iter()
        .map(|mention| {
            serde_json::json!({
                "path": mention.path.as_str(), "line": mention.line,
                "place": inventory::word(mention.reference.place),
                "requirement": mention.reference.requirement,
            })
        })
        .collect();
    let findings: Vec<serde_json::Value> = judged
        .notices
        .iter()
        .map(|notice| {
            serde_json::json!({
                "rule": notice.rule, "level": notice.level.as_str(), "message": notice.message,
            })
        })
        .collect();
    let facts = judged.facts.as_ref();
    let existence = facts.map(|facts| match &facts.existence {
        Existence::Exists => ("present", None),
        Existence::Absent => ("absent", None),
        Existence::Unknown(why) => ("unknown", Some(because(why))),
    });
    let odds = facts
        .filter(|facts| facts.existence == Existence::Exists)
        .map(|facts| {
            let odds = package::odds(item.version.as_deref(), facts, &package::Rules::default());
            let terms: Vec<serde_json::Value> = odds
                .terms
                .iter()
                .map(|term| serde_json::json!({ "fact": term.fact, "weight": term.weight }))
                .collect();
            serde_json::json!({ "terms": terms, "unknown": odds.unknown, "posterior": odds.posterior })
        });
    serde_json::json!({
        "purl": item.purl(), "ecosystem": item.name.ecosystem.as_str(), "name": item.name.name,
        "version": item.version, "digest": item.has_digest(), "places": places,
        "existence": existence.as_ref().map(|(word, _)| *word),
        "why_unknown": existence.and_then(|(_, why)| why),
        "first_release": facts.and_then(PackageFacts::first_release).map(date),
        "latest": facts.and_then(package::newest),
        "odds": odds, "findings": findings,
        "known": judged.known.map(Known::as_str),
        "verdict": judged.level().map_or("none", Level::as_str),
    })
}

fn why(arguments: &Why) -> Result<ExitCode, Failure> {
    let path = arguments.path.clone().unwrap_or_else(|| PathBuf::from("."));
    let reasons = inventory::why(&texts(&path)?.0, &arguments.name);
    if reasons.is_empty() {
        let text = format!("no file here names `{}`", visible(&arguments.name));
        remark("nothing to check", &text);
        return Ok(ExitCode::Nothing);
    }
    let mut text = String::new();
    for reason in &reasons {
        let reference = &reason.mention.reference;
        let _ = writeln!(
            text,
            "{BOLD}{}{BOLD:#}  {}  {}",
            place(&reason.mention),
            inventory::word(reference.place),
            visible(&reference.purl())
        );
        if reason.chain.len() > 1 {
            let chain: Vec<String> = reason
                .chain
                .iter()
                .map(|name| visible(name).into_owned())
                .collect();
            let _ = writeln!(text, "  {DIM}{}{DIM:#}", chain.join(" → "));
        }
    }
    print_text(arguments.color, &text)?;
    Ok(ExitCode::Ok)
}

fn verify(arguments: &Verify) -> Result<ExitCode, Failure> {
    let ecosystem = ecosystem(&arguments.ecosystem)?;
    let (name, version) = split(&arguments.name);
    named(ecosystem, name)?;
    let (wanted, is_offline) = wanted(Path::new("."), arguments.offline)?;
    let item = Item::named(ecosystem, name, version);
    let registry = FromFolder::new(Path::new("."), is_offline, &wanted);
    let data = Data::default();
    let mut found = inventory::judge(std::slice::from_ref(&item), &registry, data.get(), &wanted);
    let judged = found.judged.pop().unwrap_or_default();
    let inside = if arguments.archive {
        look_inside(&item, &judged, &registry)?
    } else {
        Inside::default()
    };
    let text = match arguments.format {
        ListFormat::Json => {
            let mut entry = entry(&item, &judged);
            entry["advisory_data"] = found.data.iter().map(String::as_str).collect();
            entry["archive"] = inside.archive.as_ref().map_or(
                serde_json::Value::Null,
                |(file, digest)| serde_json::json!({ "file": file, "digest": digest }),
            );
            entry["install_code"] = inside.findings.iter().map(said).collect();
            entry["modules"] = inside.modules.iter().map(String::as_str).collect();
            format!("{entry:#}\n")
        }
        ListFormat::Text => verdict(&item, &judged, &age(&found), &inside),
    };
    print_text(arguments.color, &text)?;
    let worst = inside.findings.iter().map(|finding| finding.level).max();
    Ok(match judged.level().max(worst) {
        Some(Level::Block) => ExitCode::Block,
        _ if judged.facts.is_none() || judged.is_unknown() => ExitCode::Partial,
        _ if arguments.archive && inside.archive.is_none() => ExitCode::Partial,
        _ => ExitCode::Ok,
    })
}

fn said(finding: &Finding) -> serde_json::Value {
    serde_json::json!({
        "rule": finding.rule, "level": finding.level.as_str(), "message": finding.message,
        "path": finding.place.path.as_str(), "line": finding.place.start_line,
    })
}

/// What stands in an archive.
#[derive(Default)]
struct Inside {
    /// Name and digest of the archive that was read.
    archive: Option<(String, String)>,
    /// What the code that runs at installation does.
    findings: Vec<Finding>,
    /// Import names that it provides, where its files tell.
    modules: BTreeSet<String>,
}

/// Fetches the archive of the version that is meant and judges what runs at its installation.
fn look_inside(item: &Item, judged: &Judged, registry: &FromFolder) -> Result<Inside, Failure> {
    let facts = judged.facts.as_ref();
    let meant = item.version.clone();
    let Some(version) = meant.or_else(|| facts.and_then(package::newest).map(str::to_owned)) else {
        remark(
            "not read",
            "no version is known whose archive could be read",
        );
        return Ok(Inside::default());
    };
    match registry.artefact(&item.name, &version) {
        Err(why) => {
            remark("not read", &format!("the archive: {}", because(&why)));
            Ok(Inside::default())
        }
        Ok(artefact) => {
            let mut findings = inventory::install_code(&artefact, &Options::default())?;
            findings.retain(|finding| finding.level > Level::Note);
            Ok(Inside {
                archive: Some((artefact.file.clone(), artefact.digest.clone())),
                findings,
                modules: package::roots(item.name.ecosystem, &artefact),
            })
        }
    }
}

fn verdict(item: &Item, judged: &Judged, age: &str, inside: &Inside) -> String {
    let mut text = String::new();
    let facts = judged.facts.as_ref();
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}", visible(&item.purl()));
    let says = match facts.map(|facts| &facts.existence) {
        None => "is private: nobody was asked".to_owned(),
        Some(Existence::Exists) => "exists".to_owned(),
        Some(Existence::Absent) => "does not exist".to_owned(),
        Some(Existence::Unknown(why)) => format!("unknown: {}", because(why)),
    };
    let _ = writeln!(text, "  {says}");
    if let Some(facts) = facts.filter(|facts| facts.existence == Existence::Exists) {
        let first = facts.first_release().map_or("unknown".to_owned(), date);
        let latest = package::newest(facts).unwrap_or("unknown");
        let _ = writeln!(
            text,
            "  first release {first}, latest {}, {} releases",
            visible(latest),
            facts.releases.len()
        );
        let odds = package::odds(item.version.as_deref(), facts, &package::Rules::default());
        for term in &odds.terms {
            let _ = writeln!(text, "  {DIM}{:+.1}{DIM:#} {}", term.weight, term.fact);
        }
        let unknown = match odds.unknown.as_slice() {
            [] => String::new(),
            list => format!(" (unknown: {})", list.join(", ")),
        };
        let _ = writeln!(
            text,
            "  probability of a trap {:.1} %{unknown}",
            odds.posterior * 100.0
        );
    }
    let known = judged.known.map_or("unknown", Known::as_str);
    let _ = writeln!(
        text,
        "  known flaws or malware: {known} (advisory data: {age})"
    );
    for notice in &judged.notices {
        let style = style(notice.level);
        let _ = writeln!(
            text,
            "  {style}{}{style:#} {} ({})",
            notice.level.as_str(),
            notice.message,
            notice.rule
        );
    }
    if let Some((file, digest)) = &inside.archive {
        let _ = writeln!(text, "  archive {} {digest}", visible(file));
    }
    if !inside.modules.is_empty() {
        let modules: Vec<String> = inside
            .modules
            .iter()
            .map(|name| visible(name).into_owned())
            .collect();
        let _ = writeln!(text, "  provides {}", modules.join(", "));
    }
    for finding in &inside.findings {
        let style = style(finding.level);
        let _ = writeln!(
            text,
            "  {style}{}{style:#} at installation, {}:{}: {} ({})",
            finding.level.as_str(),
            visible(finding.place.path.as_str()),
            finding.place.start_line,
            finding.message,
            finding.rule
        );
    }
    text
}

fn clear(arguments: &Clear) -> Result<ExitCode, Failure> {
    let ecosystem = ecosystem(&arguments.ecosystem)?;
    named(ecosystem, &arguments.name)?;
    let by = arguments.by.clone();
    let item = Item::named(ecosystem, &arguments.name, None);
    let registry = FromFolder::new(Path::new("."), false, &Dependencies::default());
    let cleared = registry.registries().clear(&item.name, &by);
    let was_absent = cleared.map_err(|error| {
        Failure::usage(format!("cannot clear {}", visible(&item.purl()))).because(&error)
    })?;
    if !was_absent {
        let text = format!("{} was never seen to be absent", visible(&item.purl()));
        remark("nothing to clear", &text);
        return Ok(ExitCode::Nothing);
    }
    let text = format!("{} is cleared by {}\n", visible(&item.purl()), visible(&by));
    print_text(crate::arguments::Color::Never, &text)?;
    Ok(ExitCode::Ok)
}

fn ecosystem(word: &str) -> Result<Ecosystem, Failure> {
    word.parse().map_err(|error: String| {
        let words = Ecosystem::ALL.map(|(_, word)| word).join(", ");
        Failure::usage(error).hint(format!("one of {words}"))
    })
}

fn named(ecosystem: Ecosystem, name: &str) -> Result<(), Failure> {
    if ecosystem.is_name(&ecosystem.normal(name)) {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "`{}` can be no name of a package in {ecosystem}",
        visible(name)
    )))
}

/// Splits a name from the version behind its last `@`; one in front is a scope.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.rfind('@') {
        Some(at) if at > 0 => (&text[..at], Some(&text[at + 1..])),
        _ => (text, None),
    }
}
