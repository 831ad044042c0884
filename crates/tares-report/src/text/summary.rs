//! The end of the text: who has to look, the verdict, what was judged and what was not.

use super::{DIM, Pen, Verbosity, YELLOW, verdict_style};
use crate::escape::{count, cut, one_line, visible, wrap};
use anstyle::Style;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use tares_model::Verdict;
use tares_model::message::{Requirement, Summary, Unchecked};
use unicode_width::UnicodeWidthStr as _;

/// Entries of a list that are shown; the rest is counted.
const MAX_ENTRIES: usize = 12;

/// Columns of the words on the left.
const LABEL: usize = 13;

pub(super) fn write_requirements(
    out: &mut dyn io::Write,
    pen: Pen,
    requirements: &[Requirement],
) -> io::Result<()> {
    if requirements.is_empty() || pen.options.verbosity == Verbosity::Quiet {
        return Ok(());
    }
    writeln!(out)?;
    let entries = requirements.iter().map(|r| {
        let place = lines_of(
            r.place.path.as_str(),
            Some((r.place.start_line, r.place.end_line)),
        );
        format!("{place} ({}): {}", one_line(&r.who), one_line(&r.why))
    });
    write_list(out, pen, "to look at", DIM, &entries.collect::<Vec<_>>())
}

pub(super) fn write_summary(
    out: &mut dyn io::Write,
    pen: Pen,
    summary: &Summary,
) -> io::Result<()> {
    writeln!(out)?;
    let verdict = summary.verdict.as_str();
    let style = verdict_style(summary.verdict);
    write_list(out, pen, verdict, style, &[counts(pen, summary)])?;
    write_list(out, pen, "judged", DIM, &[judged(summary)])?;
    if !summary.unchecked.is_empty() {
        let entries: Vec<String> = summary.unchecked.iter().map(unchecked).collect();
        write_list(out, pen, "not checked", YELLOW, &entries)?;
    }
    if pen.options.verbosity == Verbosity::Quiet {
        return Ok(());
    }
    if !summary.not_judged.is_empty() {
        write_list(out, pen, "not judged", DIM, &[counted(&summary.not_judged)])?;
    }
    if !summary.limits.is_empty() {
        let limits: Vec<String> = summary.limits.iter().map(|l| one_line(l)).collect();
        write_list(out, pen, "not seen", DIM, &[limits.join("; ")])?;
    }
    Ok(())
}

/// Returns what was found, in numbers.
fn counts(pen: Pen, summary: &Summary) -> String {
    let mut parts = Vec::new();
    if summary.block + summary.review == 0 {
        let nothing = summary.verdict == Verdict::Pass;
        parts.push(
            if nothing {
                "nothing found"
            } else {
                "no finding, but not everything is settled"
            }
            .to_owned(),
        );
    } else {
        parts.push(format!("{} to block", summary.block));
        parts.push(format!("{} to review", summary.review));
    }
    let hidden = if pen.options.show_notes {
        ""
    } else {
        " not shown"
    };
    for (number, one, many, after) in [
        (summary.note, "note", "notes", hidden),
        (summary.suppressed, "suppressed", "suppressed", ""),
        (summary.known, "in base already", "in base already", ""),
    ] {
        if number > 0 {
            parts.push(format!(
                "{number} {}{after}",
                if number == 1 { one } else { many }
            ));
        }
    }
    parts.join(", ")
}

fn judged(summary: &Summary) -> String {
    let files = if summary.files == 1 { "file" } else { "files" };
    let lines = if summary.lines == 1 { "line" } else { "lines" };
    let mut text = format!(
        "{} {files}, {} {lines}",
        summary.files,
        count(summary.lines)
    );
    if !summary.languages.is_empty() {
        write!(text, " ({})", counted(&summary.languages))
            .expect("writing to a string cannot fail");
    }
    if summary.texts > 0 {
        let texts = if summary.texts == 1 { "text" } else { "texts" };
        write!(
            text,
            "; {} {texts} read as an agent reads them",
            summary.texts
        )
        .expect("writing to a string cannot fail");
    }
    text
}

fn counted(counts: &BTreeMap<String, usize>) -> String {
    let parts: Vec<String> = counts
        .iter()
        .map(|(kind, n)| format!("{} {n}", one_line(kind)))
        .collect();
    parts.join(", ")
}

fn unchecked(unchecked: &Unchecked) -> String {
    let place = lines_of(unchecked.path.as_str(), unchecked.lines);
    let reason = one_line(&unchecked.reason);
    if place.is_empty() {
        reason
    } else {
        format!("{place}: {reason}")
    }
}

fn lines_of(path: &str, lines: Option<(u32, u32)>) -> String {
    let path = visible(path);
    match lines {
        Some((first, last)) if first == last => format!("{path}:{first}"),
        Some((first, last)) => format!("{path}:{first}-{last}"),
        None => path.into_owned(),
    }
}

/// Writes a word on the left and its entries beside it.
fn write_list(
    out: &mut dyn io::Write,
    pen: Pen,
    word: &str,
    style: Style,
    entries: &[String],
) -> io::Result<()> {
    let max = if pen.options.verbosity == Verbosity::Verbose {
        usize::MAX
    } else {
        MAX_ENTRIES
    };
    let (shown, hidden) = entries.split_at(entries.len().min(max));
    let mut left = format!(
        "{}{}",
        pen.paint(style, word),
        " ".repeat(LABEL - word.width())
    );
    for entry in shown {
        for line in wrap(entry, pen.room(LABEL)) {
            writeln!(out, "{left}{}", cut(&line, pen.room(LABEL)))?;
            left = " ".repeat(LABEL);
        }
    }
    if !hidden.is_empty() {
        writeln!(
            out,
            "{left}{}",
            pen.paint(DIM, &format!("+{} more", hidden.len()))
        )?;
    }
    Ok(())
}
