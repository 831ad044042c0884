//! Workflow commands that GitHub turns into annotations on the lines of a pull request.

use crate::Handler;
use crate::collected::Collected;
use crate::escape::{count, one_line, visible};
use std::fmt::Write as _;
use std::io;
use tares_model::message::Summary;
use tares_model::{Finding, Level, Message};

/// Annotations of one type that GitHub shows per step; it drops the rest without a word.
const MAX_OF_A_KIND: usize = 10;

/// Writes workflow commands when the run is over, worst first.
pub struct Github<'a> {
    out: &'a mut dyn io::Write,
    collected: Collected,
}

impl<'a> Github<'a> {
    /// Returns a handler that writes to `out`.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Self {
            out,
            collected: Collected::default(),
        }
    }
}

impl Handler for Github<'_> {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.collected.keep(message);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let summary = self.collected.end()?;
        let findings = self.collected.worst_first();
        let mut left = Vec::new();
        for level in [Level::Block, Level::Review, Level::Note] {
            // The summary is a notice too.
            let max = if level == Level::Note {
                MAX_OF_A_KIND - 1
            } else {
                MAX_OF_A_KIND
            };
            let of_level: Vec<&Finding> = findings
                .iter()
                .map(|r| &r.finding)
                .filter(|f| f.level == level)
                .collect();
            for finding in of_level.iter().take(max) {
                writeln!(self.out, "{}", annotation(finding))?;
            }
            if of_level.len() > max {
                left.push(format!(
                    "{} more at {level} without an annotation",
                    of_level.len() - max
                ));
            }
        }
        let title = escape_property(&format!("tares: {}", summary.verdict.as_str()));
        let text = escape_data(&conclusion(
            &summary,
            self.collected.requirements.len(),
            &left,
        ));
        writeln!(self.out, "::notice title={title}::{text}")?;
        self.out.flush()
    }
}

fn annotation(finding: &Finding) -> String {
    let command = match finding.level {
        Level::Block => "error",
        Level::Review => "warning",
        Level::Note => "notice",
    };
    let place = &finding.place;
    let file = escape_property(&visible(place.path.as_str()));
    let mut line = format!(
        "::{command} file={file},line={},endLine={}",
        place.start_line, place.end_line
    );
    // GitHub takes columns only where they are columns of one line.
    if place.start_line == place.end_line {
        write!(
            line,
            ",col={},endColumn={}",
            place.start_column, place.end_column
        )
        .expect("writing to a string cannot fail");
    }
    let title = escape_property(&format!("{}[{}]", finding.level, one_line(&finding.rule)));
    let text = [
        ("", &finding.message),
        ("why: ", &finding.why),
        ("fix: ", &finding.fix),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(word, text)| format!("{word}{}", one_line(text)))
    .collect::<Vec<_>>()
    .join("\n");
    format!("{line},title={title}::{}", escape_data(&text))
}

fn conclusion(summary: &Summary, requirements: usize, left: &[String]) -> String {
    let mut text = format!(
        "{} to block, {} to review, {} at note, {} suppressed; judged {} files, {} lines.",
        summary.block,
        summary.review,
        summary.note,
        summary.suppressed,
        summary.files,
        count(summary.lines)
    );
    let mut line = |sentence: String| {
        text.push('\n');
        text.push_str(&sentence);
    };
    if requirements > 0 {
        line(format!(
            "Places where somebody has to look: {requirements}."
        ));
    }
    for left in left {
        line(format!("{left}."));
    }
    for unchecked in summary.unchecked.iter().take(MAX_OF_A_KIND) {
        let path = visible(unchecked.path.as_str());
        let space = if path.is_empty() { "" } else { " " };
        line(format!(
            "Not checked: {path}{space}{}",
            one_line(&unchecked.reason)
        ));
    }
    if summary.unchecked.len() > MAX_OF_A_KIND {
        line(format!(
            "Not checked: {} more.",
            summary.unchecked.len() - MAX_OF_A_KIND
        ));
    }
    text
}

/// Escapes the text of a command: what the runner would take for the end of the line.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property: also what would end the value.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
