//! The part of `tares/report/v1` that the chores read. Unknown fields and words are skipped.

use crate::house::{Doing as _, Failure, Outcome, empty_home};
use serde::Deserialize;
use std::path::Path;
use std::process::{Command, Stdio};

/// A report of `tares scan --format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) findings: Vec<Finding>,
    pub(crate) summary: Summary,
}

/// One finding.
#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    #[serde(default)]
    pub(crate) family: String,
    #[serde(default)]
    pub(crate) cwe: Vec<String>,
    pub(crate) level: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) start_line: u32,
    #[serde(default)]
    pub(crate) end_line: u32,
}

/// The closing counts.
#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    #[serde(default)]
    pub(crate) files: u64,
    /// Lines judged.
    #[serde(default)]
    pub(crate) lines: u64,
    #[serde(default)]
    pub(crate) unchecked: Vec<Unchecked>,
}

/// A place that was not judged and should have been.
#[derive(Debug, Deserialize)]
pub(crate) struct Unchecked {
    pub(crate) path: String,
    /// First and last line, where only a part of the file is meant.
    #[serde(default)]
    pub(crate) start_line: Option<u64>,
    #[serde(default)]
    pub(crate) end_line: Option<u64>,
}

impl Finding {
    /// Whether a person is asked to look.
    pub(crate) fn is_raised(&self) -> bool {
        self.level == "review" || self.is_block()
    }

    /// Whether the change is stopped.
    pub(crate) fn is_block(&self) -> bool {
        self.level == "block"
    }

    /// Whether it lies within `distance` lines of one of `lines`.
    pub(crate) fn is_near(&self, lines: &[u32], distance: u32) -> bool {
        let last = self.end_line.max(self.start_line);
        lines.iter().any(|line| {
            line + distance >= self.start_line && *line <= last.saturating_add(distance)
        })
    }
}

impl Unchecked {
    /// Returns how many lines are meant: the range, or the whole file below `folder`.
    pub(crate) fn count(&self, folder: &Path) -> u64 {
        if let (Some(first), Some(last)) = (self.start_line, self.end_line) {
            return last.saturating_sub(first) + 1;
        }
        std::fs::read(folder.join(&self.path)).map_or(0, |text| {
            text.iter().filter(|byte| **byte == b'\n').count() as u64
        })
    }
}

impl Report {
    /// Runs `tares scan --format json .` in `folder`, with an empty cache, and reads what it prints.
    ///
    /// Verdicts are the point of a scan, so the exit code is not looked at; an answer that is no
    /// report is a failure with what the scan said.
    pub(crate) fn scan(tares: &Path, folder: &Path) -> Outcome<Self> {
        let answer = tempfile::NamedTempFile::new().doing("making a scratch file")?;
        let sink = answer.reopen().doing("opening a scratch file")?;
        let mut command = Command::new(tares);
        let _home = empty_home(&mut command)?;
        let output = command
            .args(["scan", "--format", "json", "."])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(sink)
            .output()
            .doing(tares.display())?;
        Self::read(answer.path()).map_err(|failure| {
            Failure::new(format!(
                "{failure}\n{}",
                String::from_utf8_lossy(&output.stderr)
            ))
        })
    }

    /// Reads a report from a file.
    pub(crate) fn read(file: &Path) -> Outcome<Self> {
        let bytes = std::fs::read(file).doing(file.display())?;
        if bytes.is_empty() {
            return Err(Failure::new(format!(
                "{}: the scan printed nothing",
                file.display()
            )));
        }
        serde_json::from_slice(&bytes).doing(format!("reading the report in {}", file.display()))
    }
}
