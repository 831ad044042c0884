//! `cargo xtask eval --data DIR`: recall and false alarms on labelled samples.
//!
//! The samples are read, laid out under neutral names in a scratch folder, scanned once per set,
//! and only counts come out: no text of a sample is printed or kept.

mod classes;
mod peers;
mod record;
mod scope;
mod score;
mod snapshot;

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
    /// Run Bandit, ruff and foxguard on the same files
    #[arg(long)]
    peers: bool,
    /// Print a row for every weakness too, not only for every language
    #[arg(long)]
    by_class: bool,
    /// Name the bad samples of this group that were not found, or whose good side was not silent
    #[arg(long)]
    missed: Option<String>,
    /// Compare every count with this file and fail if one of ours got worse; written if missing
    #[arg(long)]
    snapshot: Option<PathBuf>,
    /// Write the counts over the snapshot
    #[arg(long, requires = "snapshot")]
    keep: bool,
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
    match &args.snapshot {
        Some(file) => snapshot::compare(&rows, file, args.keep),
        None => Ok(()),
    }
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
    let shown: Vec<&Row> = rows
        .iter()
        .filter(|row| by_class || !row.group.contains(" CWE-"))
        .collect();
    let counted = |at: usize| shown.iter().any(|row| cells(&row.score)[at].1.of > 0);
    let columns: Vec<usize> = (0..HEADINGS.len()).filter(|at| counted(*at)).collect();
    let headings = columns.iter().map(|at| HEADINGS[*at]);
    let mut table = Table::new(
        &["set", "tool", "group"]
            .into_iter()
            .chain(headings)
            .collect::<Vec<_>>(),
    );
    for row in shown {
        let cells = cells(&row.score);
        let rates = columns.iter().map(|at| cells[*at].1.cell());
        let head = [&row.set, &row.tool, &row.group].map(String::clone);
        table.row(head.into_iter().chain(rates));
    }
    println!("{table}");
}

/// What the figures of [`cells`] are called in the table.
const HEADINGS: [&str; 12] = [
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
];

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
