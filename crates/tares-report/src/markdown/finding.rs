//! One finding in a comment.

use super::escape::{code, fenced, prose};
use crate::escape::{ShownLine, visible};
use tares_model::message::{Excerpt, FindingReport};
use tares_model::{Finding, Place};

/// Columns of a source line.
const LINE_WIDTH: usize = 100;

/// Source lines of one excerpt.
const MAX_LINES: u32 = 12;

/// Excerpts and steps of one finding.
const MAX_PARTS: usize = 8;

/// Characters of a sentence.
const SENTENCE: usize = 600;

/// Returns the finding with its evidence folded away.
pub(super) fn full(report: &FindingReport) -> String {
    let finding = &report.finding;
    let mut parts = vec![short(report)];
    parts.push("<details><summary>why, fix and evidence</summary>\n\n".to_owned());
    for (word, text) in [("Why", &finding.why), ("Fix", &finding.fix)] {
        if !text.is_empty() {
            parts.push(format!("{word}: {}\n\n", prose(text, SENTENCE)));
        }
    }
    for (related, number) in finding.related.iter().zip(1..).take(MAX_PARTS) {
        let place = code(&place_text(&related.place), 120);
        parts.push(format!(
            "{number}. {place} {}\n",
            prose(&related.message, SENTENCE)
        ));
    }
    if finding.related.len() > MAX_PARTS {
        parts.push(format!(
            "\n{} more steps\n",
            finding.related.len() - MAX_PARTS
        ));
    }
    for excerpt in report.excerpts.iter().take(MAX_PARTS) {
        let path = code(excerpt.path.as_str(), 120);
        parts.push(format!("\n{path}\n\n{}", source(finding, excerpt)));
    }
    parts.push("\n</details>\n".to_owned());
    parts.concat()
}

/// Returns the finding in two lines.
pub(super) fn short(report: &FindingReport) -> String {
    let finding = &report.finding;
    let cwe: Vec<String> = finding
        .cwe
        .iter()
        .map(|c| format!(", {}", prose(c, 20)))
        .collect();
    format!(
        "\n**{}** at {} <sub>{} severity, {} confidence{}</sub>\n{}\n\n",
        code(&finding.rule, 80),
        code(&place_text(&finding.place), 200),
        finding.severity,
        finding.confidence,
        cwe.concat(),
        prose(&finding.message, SENTENCE),
    )
}

/// Returns path and lines, visible.
pub(super) fn place_text(place: &Place) -> String {
    let path = visible(place.path.as_str());
    if place.start_line == place.end_line {
        format!("{path}:{}", place.start_line)
    } else {
        format!("{path}:{}-{}", place.start_line, place.end_line)
    }
}

/// Returns the source lines with their numbers; the marked ones have an arrow.
fn source(finding: &Finding, excerpt: &Excerpt) -> String {
    let places = || {
        let related = finding.related.iter().map(|r| &r.place);
        std::iter::once(&finding.place)
            .chain(related)
            .filter(|p| p.path == excerpt.path)
    };
    let digits = excerpt
        .first_line
        .saturating_add(MAX_LINES)
        .to_string()
        .len();
    let numbered = excerpt.lines.iter().zip(0..MAX_LINES).map(|(text, i)| {
        let line = excerpt.first_line.saturating_add(i);
        let mark = places().find(|p| (p.start_line..=p.end_line).contains(&line));
        let arrow = if mark.is_some() { '>' } else { ' ' };
        let shown = ShownLine::new(text, LINE_WIDTH, mark.map_or(1, |p| p.start_column));
        format!("{arrow} {line:>digits$} | {}", shown.text)
    });
    fenced(&numbered.collect::<Vec<_>>())
}
