//! `cargo xtask replay GITDIR…`: what ordinary merged commits of a history would have been told.
//!
//! Each first-parent commit is judged against its parent, without a task, as a pull request that
//! nobody described. Commits that hold nothing to judge are left out. Rates stand per 1,000 with
//! Wilson's intervals; what blocks or asks for a look is listed, for people to look at.

use crate::house::{Doing as _, Outcome, capture, tares};
use crate::report::Report;
use crate::stats::Rate;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Git directories of real histories
    #[arg(required = true)]
    histories: Vec<PathBuf>,
    /// Judge this many commits of each, the newest
    #[arg(long, default_value_t = 100)]
    last: usize,
    /// Only commits that name a coding agent as an author
    #[arg(long)]
    coauthored: bool,
    /// Judge with this binary instead of building one
    #[arg(long)]
    tares: Option<PathBuf>,
}

/// Names under which coding agents sign.
const AGENTS: &str = "co-authored-by:.*\\(claude\\|copilot\\|cursor\\|codex\\|openhands\\|devin\\|aider\\|gemini\\|amp\\b\\|jules\\)";

/// Counts of one history, or of all.
#[derive(Default)]
struct Counts {
    block: Rate,
    review: Rate,
    rules: BTreeMap<String, usize>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let binary = tares(args.tares.as_deref())?;
    let mut all = Counts::default();
    for history in &args.histories {
        let mut counts = Counts::default();
        for commit in commits(history, args)? {
            if let Some(report) = judge(&binary, history, &commit)? {
                counts.add(&commit, &report);
            }
        }
        counts.print(&history.display().to_string());
        all.join(counts);
    }
    if args.histories.len() > 1 {
        all.print("all");
    }
    Ok(())
}

/// Returns the newest first-parent commits that have a parent.
fn commits(history: &Path, args: &Args) -> Outcome<Vec<String>> {
    let mut git = Command::new("git");
    git.arg("--git-dir").arg(history);
    git.args(["log", "--first-parent", "--min-parents=1", "--format=%H"]);
    git.arg(format!("--max-count={}", args.last));
    if args.coauthored {
        git.args(["--regexp-ignore-case", "--grep", AGENTS]);
    }
    Ok(capture(&mut git)?.lines().map(str::to_owned).collect())
}

/// Judges a commit against its first parent; nothing where there is nothing to judge.
fn judge(tares: &Path, history: &Path, commit: &str) -> Outcome<Option<Report>> {
    let output = Command::new(tares)
        .args(["check", "--no-cache", "--format", "json"])
        .args(["--base", &format!("{commit}^"), "--head", commit])
        .current_dir(history)
        .stdin(Stdio::null())
        .output()
        .doing(tares.display())?;
    let Ok(report) = serde_json::from_slice::<Report>(&output.stdout) else {
        let said = String::from_utf8_lossy(&output.stderr);
        println!(
            "{commit} was not judged: {}",
            said.lines().next().unwrap_or("")
        );
        return Ok(None);
    };
    Ok((report.summary.files > 0).then_some(report))
}

impl Counts {
    fn add(&mut self, commit: &str, report: &Report) {
        let raised: Vec<_> = report.findings.iter().filter(|f| f.is_raised()).collect();
        let is_block = raised.iter().any(|finding| finding.is_block());
        self.block.add(is_block);
        self.review.add(!is_block && !raised.is_empty());
        for finding in &raised {
            let place = format!("{}:{}", finding.path, finding.start_line);
            println!(
                "{} {} {} {place}",
                finding.level,
                finding.rule,
                &commit[..12]
            );
            let key = format!("{} {}", finding.level, finding.rule);
            *self.rules.entry(key).or_default() += 1;
        }
    }

    fn join(&mut self, other: Self) {
        for (mine, theirs) in [
            (&mut self.block, other.block),
            (&mut self.review, other.review),
        ] {
            mine.hits += theirs.hits;
            mine.of += theirs.of;
        }
        for (rule, count) in other.rules {
            *self.rules.entry(rule).or_default() += count;
        }
    }

    fn print(&self, name: &str) {
        println!("\n{name}: {} commits", self.block.of);
        for (level, rate) in [("block", self.block), ("review", self.review)] {
            let (low, high) = rate.interval();
            let per = 1000.0 / (rate.of.max(1) as f64);
            println!(
                "  {level}: {} commits, {:.0} per 1,000 [{:.0}-{:.0}]",
                rate.hits,
                per * rate.hits as f64,
                1000.0 * low,
                1000.0 * high
            );
        }
        for (rule, count) in &self.rules {
            println!("  {count:5} {rule}");
        }
        println!();
    }
}
