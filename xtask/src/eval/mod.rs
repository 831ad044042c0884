//! `cargo xtask eval --data DIR`: recall and false alarms on labelled samples.
//!
//! The samples are read, laid out under neutral names in a scratch folder, scanned once per set,
//! and only counts come out: no text of a sample is printed or kept.

mod classes;
mod peers;
mod record;
mod scope;
mod score;

use crate::house::{Doing as _, Failure, Outcome, tares};
use crate::report::{Finding, Report};
use crate::table::Table;
use classes::Classes;
use record::Record;
use score::{Found, Score, score};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder with the labelled samples (`*.jsonl`)
    #[arg(long)]
    data: PathBuf,
    /// Score only these sets (file names without their ending)
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// Run Bandit and ruff on the same files
    #[arg(long)]
    peers: bool,
    /// Print a row for every weakness too, not only for every language
    #[arg(long)]
    by_class: bool,
    /// Name the bad samples of this group that were not found, or whose good side was not silent
    #[arg(long)]
    missed: Option<String>,
    /// Write every count to this file, as JSON
    #[arg(long)]
    snapshot: Option<PathBuf>,
    /// Score this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
}

/// The counts of one tool on one group of one set.
struct Row {
    set: String,
    tool: String,
    group: String,
    score: Score,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let classes = Classes::read()?;
    let binary = tares(args.tares.as_deref())?;
    let mut rows = Vec::new();
    for file in sets(args)? {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut records = record::read(&file)?;
        records.retain(Record::is_file);
        if records.is_empty() {
            println!("{name}: plain texts without a file, not scanned\n");
            continue;
        }
        rows.extend(run_set(&name, &records, &binary, args, &classes)?);
    }
    print(&rows, args.by_class);
    if let Some(file) = &args.snapshot {
        let json = serde_json::to_string_pretty(&snapshot(&rows)).doing("writing the snapshot")?;
        std::fs::write(file, json + "\n").doing(file.display())?;
    }
    Ok(())
}

/// Lays one set out, scans it, and scores it whole, by language and by weakness.
fn run_set(
    set: &str,
    records: &[Record],
    binary: &Path,
    args: &Args,
    classes: &Classes,
) -> Outcome<Vec<Row>> {
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let folder = scratch
        .path()
        .canonicalize()
        .doing("finding the scratch folder")?;
    for record in records {
        record.lay_out(&folder)?;
    }
    let report = Report::scan(binary, &folder)?;
    let left_out: BTreeSet<&str> = report
        .summary
        .unchecked
        .iter()
        .filter_map(|place| id_of(&place.path))
        .collect();
    if !left_out.is_empty() {
        println!(
            "{set}: {} of {} samples have unchecked code",
            left_out.len(),
            records.len()
        );
    }
    let mut tools = vec![("tares", report.findings)];
    if args.peers {
        tools.extend(
            peers::run(&folder, classes)?
                .into_iter()
                .map(|peer| (peer.name, peer.findings)),
        );
    }
    let mut rows = Vec::new();
    for (tool, findings) in tools {
        let found = by_sample(findings);
        for (group, members) in groups(records) {
            let score = score(&members, &found, classes);
            if tool == "tares" && args.missed.as_ref() == Some(&group) {
                println!("{set}, {group}: {}", score.missed.join(" "));
            }
            rows.push(Row {
                set: set.to_owned(),
                tool: tool.to_owned(),
                group,
                score,
            });
        }
    }
    Ok(rows)
}

/// Returns the groups of a set: all of it, by language, by weakness; doubtful labels apart.
fn groups(records: &[Record]) -> BTreeMap<String, Vec<&Record>> {
    let mut groups: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if record.known_error.is_some() {
            groups
                .entry("known error".to_owned())
                .or_default()
                .push(record);
            continue;
        }
        groups.entry("all".to_owned()).or_default().push(record);
        groups
            .entry(record.language.clone())
            .or_default()
            .push(record);
        for scope in scope::of(record) {
            groups.entry(scope.to_owned()).or_default().push(record);
        }
        for cwe in &record.cwe {
            groups
                .entry(format!("{} {cwe}", record.language))
                .or_default()
                .push(record);
        }
    }
    groups
}

fn by_sample(findings: Vec<Finding>) -> Found {
    let mut found = Found::new();
    for finding in findings {
        if let Some(id) = id_of(&finding.path) {
            found.entry(id.to_owned()).or_default().push(finding);
        }
    }
    found
}

/// The first folder of a path is the sample's id.
fn id_of(path: &str) -> Option<&str> {
    path.trim_start_matches("./")
        .split(['/', '\\'])
        .next()
        .filter(|id| !id.is_empty())
}

fn sets(args: &Args) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&args.data).doing(args.data.display())? {
        let file = entry.doing(args.data.display())?.path();
        let stem = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let wanted = args.sets.is_empty() || args.sets.contains(&stem);
        if wanted && file.extension().is_some_and(|end| end == "jsonl") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("{}: no samples", args.data.display())));
    }
    Ok(files)
}

fn print(rows: &[Row], by_class: bool) {
    println!(
        "Intervals are Wilson's, 95 %. \"Right\" needs the right class within two lines of a marked line.\n"
    );
    let mut table = Table::new(&[
        "set",
        "tool",
        "group",
        "bad: any",
        "bad: block",
        "bad: right",
        "pairs",
        "lines",
        "lines: noted",
        "extra",
        "left out",
        "good: same class",
        "good: any",
        "good: block",
        "ok lines hit",
    ]);
    let shown = rows
        .iter()
        .filter(|row| by_class || !row.group.contains(" CWE-"));
    for Row {
        set,
        tool,
        group,
        score,
    } in shown
    {
        let cells = cells(score).map(|(_, rate)| rate.cell());
        table.row(
            [set, tool, group]
                .map(String::clone)
                .into_iter()
                .chain(cells),
        );
    }
    println!("{table}");
}

fn cells(score: &Score) -> [(&'static str, crate::stats::Rate); 12] {
    [
        ("bad_any", score.raised),
        ("bad_block", score.blocked),
        ("bad_right", score.right),
        ("pairs", score.pairs),
        ("lines", score.lines),
        ("lines_noted", score.noted),
        ("extra", score.extra),
        ("left_out", score.style),
        ("good_same_class", score.alarms),
        ("good_any", score.alarms_any),
        ("good_block", score.alarms_block),
        ("ok_lines", score.ok_lines),
    ]
}

/// Returns every count as `set → tool → group → figure → [hits, of]`, sorted.
fn snapshot(rows: &[Row]) -> serde_json::Value {
    let mut all = serde_json::Map::new();
    for Row {
        set,
        tool,
        group,
        score,
    } in rows
    {
        let mut node = &mut all;
        for key in [set, tool, group] {
            let entry = node
                .entry(key.clone())
                .or_insert_with(|| serde_json::json!({}));
            node = entry
                .as_object_mut()
                .expect("only objects are put above the counts");
        }
        for (name, rate) in cells(score).into_iter().filter(|(_, rate)| rate.of > 0) {
            node.insert(name.to_owned(), serde_json::json!([rate.hits, rate.of]));
        }
    }
    all.into()
}
