//! The JSON report: one document, schema `tares/report/v1`.

use crate::Handler;
use crate::collected::Collected;
use crate::document::write_document;
use crate::entries;
use std::io;
use tares_model::Message;
use tares_model::report::{ChangeInfo, Report, SCHEMA, SuppressedEntry, Tool};

/// Writes the JSON report when the run is over.
pub struct Json<'a> {
    out: &'a mut dyn io::Write,
    collected: Collected,
}

impl<'a> Json<'a> {
    /// Returns a handler that writes to `out`.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Self {
            out,
            collected: Collected::default(),
        }
    }
}

impl Handler for Json<'_> {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.collected.keep(message);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let report = report(&self.collected)?;
        write_document(self.out, &report)
    }
}

fn report(collected: &Collected) -> io::Result<Report> {
    let summary = collected.end()?;
    let run = &collected.run;
    let suppressed = collected.suppressed.iter().map(|r| SuppressedEntry {
        finding: entries::finding(&r.finding),
        reason: r.finding.suppressed.clone().unwrap_or_default(),
    });
    Ok(Report {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "tares".to_owned(),
            version: run.version.clone(),
        },
        change: ChangeInfo {
            name: run.change.clone(),
            task: run.task.clone(),
            claims: run.claims.clone(),
            policy: run.policy.clone(),
            has_base: collected.delta.has_base,
        },
        findings: collected
            .findings
            .iter()
            .map(|r| entries::finding(&r.finding))
            .collect(),
        effects: entries::delta(&collected.delta.delta),
        requirements: collected
            .requirements
            .iter()
            .map(entries::requirement)
            .collect(),
        summary: entries::summary(&summary),
        suppressed: suppressed.collect(),
    })
}
