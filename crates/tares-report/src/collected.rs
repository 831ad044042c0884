//! A whole run, kept until its end, for the outputs that are one document.

use std::io;
use tares_model::Message;
use tares_model::message::{DeltaReport, FindingReport, Requirement, Run, Summary, Unchecked};

/// The messages of one run, sorted into drawers.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) run: Run,
    pub(crate) delta: DeltaReport,
    pub(crate) findings: Vec<FindingReport>,
    pub(crate) suppressed: Vec<FindingReport>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) summary: Option<Summary>,
    unchecked: Vec<Unchecked>,
}

impl Collected {
    /// Keeps a message.
    pub(crate) fn keep(&mut self, message: &Message) {
        match message {
            Message::Run(run) => self.run = run.clone(),
            Message::Progress(_) => {}
            Message::Delta(delta) => self.delta = delta.clone(),
            Message::Finding(report) if report.finding.suppressed.is_some() => {
                self.suppressed.push((**report).clone());
            }
            Message::Finding(report) => self.findings.push((**report).clone()),
            Message::Requirement(requirement) => self.requirements.push(requirement.clone()),
            Message::Unchecked(unchecked) => self.unchecked.push(unchecked.clone()),
            Message::Summary(summary) => self.summary = Some(summary.clone()),
        }
    }

    /// Returns the summary, with everything unchecked that either it or the stream named.
    pub(crate) fn end(&self) -> io::Result<Summary> {
        let mut summary = self.summary.clone().ok_or_else(no_summary)?;
        for unchecked in &self.unchecked {
            if !summary.unchecked.contains(unchecked) {
                summary.unchecked.push(unchecked.clone());
            }
        }
        Ok(summary)
    }

    /// Returns the findings that count, worst first; equals stay in the order of the run.
    pub(crate) fn worst_first(&self) -> Vec<&FindingReport> {
        let mut findings: Vec<&FindingReport> = self.findings.iter().collect();
        findings.sort_by_key(|r| {
            std::cmp::Reverse((r.finding.level, r.finding.severity, r.finding.confidence))
        });
        findings
    }
}

/// Returns the error of a stream without an end.
pub(crate) fn no_summary() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the run ended without a summary: this is no verdict",
    )
}
