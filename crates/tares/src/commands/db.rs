//! `tares db`: advisory data built from sources on this machine, and how old it is.

use crate::advisories::seconds;
use crate::arguments::{Color, Db, DbAction, DbStatus, DbUpdate, ListFormat};
use crate::failure::{Failure, remark};
use crate::output::print_text;
use std::error::Error as _;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tares_deps::advisory::{Contents, Day, Source};
use tares_model::ExitCode;
use tares_report::escape::visible;
use tares_world::advisories::{self, Database, Limits, UpdateError};
use tares_world::{Os, System as _};

pub(crate) fn run(arguments: &Db) -> Result<ExitCode, Failure> {
    let folder = Os.data_dir().ok_or_else(|| {
        Failure::usage("this machine has no folder for data")
            .hint("name one in the variable TARES_DATA_DIR")
    })?;
    match &arguments.action {
        DbAction::Update(arguments) => update(&folder, arguments),
        DbAction::Status(arguments) => status(&folder, arguments),
    }
}

fn update(folder: &Path, arguments: &DbUpdate) -> Result<ExitCode, Failure> {
    let now = seconds(&Os);
    let from = if arguments.from.is_empty() {
        last_sources(folder, now)?
    } else {
        arguments.from.clone()
    };
    let contents = advisories::update(folder, &from, now, &Limits::default())
        .map_err(|error| failed(&error))?;
    let size = Database::open(folder, now)
        .ok()
        .flatten()
        .map_or(0, |database| database.size());
    print_text(Color::Auto, &text(&contents, size, Day::of_seconds(now)))?;
    if contents
        .sources
        .iter()
        .any(|source| source.broken_count > 0)
    {
        remark(
            "not whole",
            "some documents could not be read: what they say is not known (exit code 4)",
        );
        return Ok(ExitCode::Partial);
    }
    Ok(ExitCode::Ok)
}

/// Without sources, those of the last time are read again.
fn last_sources(folder: &Path, now: u64) -> Result<Vec<PathBuf>, Failure> {
    let known = Database::open(folder, now).ok().flatten();
    let known = known.map(|database| {
        let contents = tares_deps::advisory::Advisories::contents(&database);
        let places = contents
            .sources
            .iter()
            .map(|source| PathBuf::from(&source.place));
        places.collect()
    });
    known.ok_or_else(|| {
        Failure::usage("no source was named")
            .hint("name folders, archives or repositories with OSV or RustSec advisories: `tares db update FROM…`")
    })
}

fn failed(error: &UpdateError) -> Failure {
    let mut failure = Failure::usage(error.to_string());
    if let Some(cause) = error.source() {
        failure = failure.because(&cause);
    }
    failure.hint("nothing was changed: the data from before is still there, if there was any")
}

fn status(folder: &Path, arguments: &DbStatus) -> Result<ExitCode, Failure> {
    let now = seconds(&Os);
    let opened = Database::open(folder, now).map_err(|error| {
        Failure::usage(error.to_string()).hint("`tares db update` builds it again")
    })?;
    let Some(database) = opened else {
        remark(
            "no advisory data",
            "known flaws and malware are not looked up; `tares db update FROM…` builds the data",
        );
        return Ok(ExitCode::Nothing);
    };
    let contents = tares_deps::advisory::Advisories::contents(&database);
    let today = Day::of_seconds(now);
    let shown = match arguments.format {
        ListFormat::Text => text(contents, database.size(), today),
        ListFormat::Json => json(contents, database.size(), today),
    };
    print_text(Color::Auto, &shown)?;
    Ok(ExitCode::Ok)
}

fn text(contents: &Contents, size: u64, today: Day) -> String {
    let built = Day::of_seconds(contents.built);
    let mut text = format!(
        "advisory data, {:.1} MB, built {built} ({})\n",
        size as f64 / 1e6,
        ago(built.age(today))
    );
    for source in &contents.sources {
        text.push('\n');
        text.push_str(&about(source, today));
    }
    text
}

fn about(source: &Source, today: Day) -> String {
    let mut text = format!("{} ({})\n", visible(&source.place), source.form);
    let newest = source.newest.map_or("of unknown age".to_owned(), |day| {
        format!("newest of {day} ({})", ago(day.age(today)))
    });
    let advisories = source.advisories;
    let mut line = |words: &str| writeln!(text, "  {words}").expect("a text takes all");
    line(&format!("{advisories} advisories, {newest}"));
    for (ecosystem, tally) in &source.tallies {
        let malware = match tally.malware {
            0 => String::new(),
            count => format!(", {count} of them malware"),
        };
        line(&format!("{ecosystem}: {} records{malware}", tally.records));
    }
    let left_out = [
        (source.withdrawn, "withdrawn advisories, left out"),
        (
            source.commit_ranges,
            "ranges of commits, which only a repository's history can decide: left out",
        ),
        (source.foreign, "packages of other ecosystems, left out"),
        (source.other, "files that are no advisories"),
        (source.broken_count, "documents that could not be read"),
    ];
    for (count, what) in left_out.iter().filter(|(count, _)| *count > 0) {
        line(&format!("{count} {what}"));
    }
    for broken in &source.broken {
        line(&format!(
            "  {}: {}",
            visible(&broken.name),
            visible(&broken.reason)
        ));
    }
    text
}

fn ago(days: u32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn json(contents: &Contents, size: u64, today: Day) -> String {
    let sources = contents.sources.iter().map(|source| {
        serde_json::json!({
            "place": source.place,
            "form": source.form,
            "newest": source.newest.map(|day| day.to_string()),
            "ageInDays": source.newest.map(|day| day.age(today)),
            "advisories": source.advisories,
            "withdrawn": source.withdrawn,
            "commitRanges": source.commit_ranges,
            "foreign": source.foreign,
            "other": source.other,
            "records": source.tallies.iter().map(|(ecosystem, tally)| {
                (ecosystem.clone(), serde_json::json!({"all": tally.records, "malware": tally.malware}))
            }).collect::<serde_json::Map<_, _>>(),
            "unreadable": source.broken_count,
            "unreadableFirst": source.broken.iter().map(|broken| {
                serde_json::json!({"name": broken.name, "reason": broken.reason})
            }).collect::<Vec<_>>(),
        })
    });
    let document = serde_json::json!({
        "built": Day::of_seconds(contents.built).to_string(),
        "bytes": size,
        "sources": sources.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}
