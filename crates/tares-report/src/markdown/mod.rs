//! A pull-request comment that a reviewer wants to read.

mod escape;
mod finding;

use crate::Handler;
use crate::collected::Collected;
use crate::delta_rows::{DeltaRow, plain_reads, shown_rows};
use crate::escape::count;
use escape::{code, prose};
use std::collections::BTreeMap;
use std::io;
use tares_model::effect::AskedVerdict;
use tares_model::message::Summary;
use tares_model::{Level, Message, Verdict};

/// Characters of a comment. GitHub takes 65,536; the rest is for what a workflow adds.
const MAX_CHARS: usize = 60_000;

/// Characters kept for the end: what was not looked at must not be cut by many findings.
const TAIL_CHARS: usize = 8_000;

/// Rows of the table of effects.
const MAX_ROWS: usize = 40;

/// Entries of a list.
const MAX_ENTRIES: usize = 20;

/// Writes a comment when the run is over.
pub struct Markdown<'a> {
    out: &'a mut dyn io::Write,
    collected: Collected,
}

impl<'a> Markdown<'a> {
    /// Returns a handler that writes to `out`.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Self {
            out,
            collected: Collected::default(),
        }
    }
}

impl Handler for Markdown<'_> {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.collected.keep(message);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let summary = self.collected.end()?;
        self.out
            .write_all(comment(&self.collected, &summary).as_bytes())?;
        self.out.flush()
    }
}

fn comment(collected: &Collected, summary: &Summary) -> String {
    let mut page = Page {
        text: head(collected, summary),
        left: MAX_CHARS,
    };
    page.left -= page.text.chars().count();
    let mut tail = Page {
        text: String::new(),
        left: TAIL_CHARS,
    };
    write_tail(&mut tail, collected, summary);
    page.left -= tail.text.chars().count() + 200;
    write_effects(&mut page, collected);
    let cut = write_findings(&mut page, collected);
    if cut > 0 {
        tail.text.insert_str(
            0,
            &format!("\n_{cut} more findings did not fit into this comment._\n"),
        );
    }
    page.text + &tail.text
}

/// A text that is filled block by block until it is full.
struct Page {
    text: String,
    left: usize,
}

impl Page {
    /// Adds a block and returns true, or leaves the page as it is.
    fn add(&mut self, block: &str) -> bool {
        let chars = block.chars().count();
        let fits = chars <= self.left;
        if fits {
            self.left -= chars;
            self.text.push_str(block);
        }
        fits
    }
}

fn head(collected: &Collected, summary: &Summary) -> String {
    let found = match summary.verdict {
        Verdict::Pass => "nothing found in what was judged".to_owned(),
        _ if summary.block + summary.review == 0 => {
            "no finding, but not everything is settled".to_owned()
        }
        _ => format!("{} to block, {} to review", summary.block, summary.review),
    };
    let change = prose(&collected.run.change, 200);
    let languages = counted(&summary.languages);
    let languages = if languages.is_empty() {
        String::new()
    } else {
        format!(" ({languages})")
    };
    let task = match &collected.run.task {
        Some(task) => format!("Task: {}", prose(task, 300)),
        None => "No task was given, so nothing counts as asked for.".to_owned(),
    };
    format!(
        "### tares: {} \u{2013} {found}\n\nJudged: {change}, {} files, {} lines{languages}. {task}\n",
        summary.verdict.as_str(),
        summary.files,
        count(summary.lines),
    )
}

fn counted(counts: &BTreeMap<String, usize>) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(kind, n)| format!("{} {n}", prose(kind, 60)))
        .collect();
    parts.join(", ")
}

fn write_effects(page: &mut Page, collected: &Collected) {
    let (rows, plain) = shown_rows(&collected.delta, false);
    if rows.is_empty() && plain == 0 {
        let what = if collected.delta.has_base {
            "No new effects."
        } else {
            "No effects."
        };
        page.add(&format!("\n{what}\n"));
        return;
    }
    let title = if collected.delta.has_base {
        "New in this change"
    } else {
        "What this code does"
    };
    let head = if rows.is_empty() {
        ""
    } else {
        "| | where | effect | on | data | condition | how | asked for |\n\
         |---|---|---|---|---|---|---|---|\n"
    };
    page.add(&format!("\n#### {title}\n\n{head}"));
    let shown = rows
        .iter()
        .take(MAX_ROWS)
        .take_while(|row| page.add(&table_row(row)))
        .count();
    let mut rest = Vec::new();
    if shown < rows.len() {
        rest.push(format!("{} more effects", rows.len() - shown));
    }
    if plain > 0 {
        rest.push(plain_reads(plain));
    }
    if !rest.is_empty() {
        page.add(&format!("\n_{} not shown here._\n", rest.join(" and ")));
    }
}

fn table_row(row: &DeltaRow) -> String {
    let filled = |text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            code(text, 80)
        }
    };
    let asked = match row.asked {
        AskedVerdict::NotStated => String::new(),
        AskedVerdict::Unexplained | AskedVerdict::Contradicted => format!("**{}**", row.asked),
        AskedVerdict::Asked | AskedVerdict::Claimed | AskedVerdict::Usual => row.asked.to_string(),
    };
    let because = if row.because.is_empty() {
        String::new()
    } else {
        format!(": {}", prose(&row.because, 120))
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {asked}{because} |\n",
        code(row.sign.as_str(), 4),
        code(&format!("{}:{}", row.path, row.line), 120),
        row.kind,
        filled(&row.target),
        prose(&row.data, 120),
        filled(&row.guard),
        prose(
            &[&*row.manner, &*row.cause]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
            200
        ),
    )
}

/// Writes the findings, worst first, and returns how many did not fit.
fn write_findings(page: &mut Page, collected: &Collected) -> usize {
    let findings = collected.worst_first();
    let mut level = None;
    for (i, report) in findings.iter().enumerate() {
        let is_new_level = level.replace(report.finding.level) != Some(report.finding.level);
        let title = match report.finding.level {
            _ if !is_new_level => "",
            Level::Block => "\n#### To block\n",
            Level::Review => "\n#### To review\n",
            Level::Note => "\n#### Notes\n",
        };
        let full = format!("{title}{}", finding::full(report));
        if !page.add(&full) && !page.add(&format!("{title}{}", finding::short(report))) {
            return findings.len() - i;
        }
    }
    0
}

fn write_tail(page: &mut Page, collected: &Collected, summary: &Summary) {
    let requirements = collected.requirements.iter().map(|r| {
        let place = finding::place_text(&r.place);
        format!(
            "{}: {}: {}",
            code(&place, 120),
            prose(&r.who, 80),
            prose(&r.why, 300)
        )
    });
    write_list(page, "Who has to look", requirements.collect());
    let unchecked = summary.unchecked.iter().map(|u| {
        let lines = u
            .lines
            .map(|(first, last)| format!(":{first}-{last}"))
            .unwrap_or_default();
        let path = format!("{}{lines}", u.path);
        let place = if path.is_empty() {
            String::new()
        } else {
            format!("{}: ", code(&path, 120))
        };
        format!("{place}{}", prose(&u.reason, 300))
    });
    let mut not_looked_at: Vec<String> = unchecked.collect();
    if !summary.not_judged.is_empty() {
        not_looked_at.push(format!(
            "Nothing to judge: {}",
            counted(&summary.not_judged)
        ));
    }
    write_list(page, "Not looked at", not_looked_at);
    let mut small: Vec<String> = summary.limits.iter().map(|l| prose(l, 200)).collect();
    for (number, what) in [
        (summary.suppressed, "suppressed"),
        (summary.known, "in base already"),
    ] {
        if number > 0 {
            small.push(format!("{number} {what}"));
        }
    }
    if !small.is_empty() {
        page.add(&format!("\n<sub>{}</sub>\n", small.join("; ")));
    }
}

fn write_list(page: &mut Page, title: &str, entries: Vec<String>) {
    if entries.is_empty() {
        return;
    }
    let all = entries.len();
    // Half of what is left, so that one list does not take the room of the next.
    let mut room = page.left / 2;
    let mut lines = vec![format!("\n#### {title}\n\n")];
    for entry in entries.into_iter().take(MAX_ENTRIES) {
        let line = format!("- {entry}\n");
        let Some(left) = room.checked_sub(line.chars().count()) else {
            break;
        };
        room = left;
        lines.push(line);
    }
    let hidden = all + 1 - lines.len();
    if hidden > 0 {
        lines.push(format!("- {hidden} more\n"));
    }
    page.add(&lines.concat());
}
