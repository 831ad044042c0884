//! One finding with its source lines, drawn by annotate-snippets.

use super::drawing::sheets;
use super::{BLUE, DIM, Pen, RED, YELLOW, level_style};
use crate::escape::{one_line, visible, wrap};
use annotate_snippets::{Group, Level as Drawn, Origin, Padding, Renderer};
use std::io;
use tares_model::effect::AskedVerdict;
use tares_model::message::FindingReport;
use tares_model::{Finding, Level, Place};
use unicode_width::UnicodeWidthStr as _;

/// Places of an evidence chain that are drawn.
const MAX_PLACES: usize = 16;

pub(super) fn write_finding(
    out: &mut dyn io::Write,
    pen: Pen,
    report: &FindingReport,
) -> io::Result<()> {
    let finding = &report.finding;
    let marks = marks(finding);
    let sheets = sheets(report, &marks);
    let numbers = Numbers::of(&marks);
    let level = match finding.level {
        Level::Block => Drawn::ERROR,
        Level::Review => Drawn::WARNING,
        Level::Note => Drawn::NOTE,
    };
    let level = level.with_name(finding.level.as_str());
    let rule = visible(&finding.rule).into_owned();
    let room = pen.room(finding.level.as_str().len() + rule.width() + 4);
    let title = wrap(&one_line(&finding.message), room).join("\n");
    let mut group: Group<'_> = Group::with_title(level.primary_title(title).id(rule));
    let mut footnotes = Vec::new();
    for (i, sheet) in sheets.iter().enumerate() {
        let first = &marks[sheet.marks[0]].place;
        let path = visible(first.path.as_str()).into_owned();
        // The column of the source, not of what is drawn: escapes make a line longer.
        let origin = Origin::path(path).line(first.start_line as usize);
        let origin = origin.char_column(first.start_column as usize);
        group = if i > 0 {
            group.element(Padding).element(origin)
        } else {
            group.element(origin)
        };
        if let Some(snippet) = sheet.snippet(pen, &marks, &numbers, &mut footnotes) {
            group = group.element(snippet);
        } else {
            footnotes.extend(
                sheet
                    .marks
                    .iter()
                    .map(|&i| (numbers.word(i), marks[i].label.clone())),
            );
        }
    }
    footnotes.sort();
    footnotes.retain(|(_, label)| !label.is_empty());
    footnotes.extend(remarks(finding));
    for (name, text) in footnotes {
        let text = wrap(&text, pen.room(name.width() + 8)).join("\n");
        group = group.element(Drawn::NOTE.with_name(name).message(text));
    }
    let drawn = renderer(pen, finding.level).render(&[group]);
    writeln!(out)?;
    let lines = drawn.lines().filter(|line| !is_bare_origin(line));
    lines
        .map(str::trim_end)
        .try_for_each(|line| writeln!(out, "{line}"))
}

/// Returns whether a line is the sign of another file without its name, which is drawn where a
/// snippet has no path of its own.
fn is_bare_origin(line: &str) -> bool {
    // The text is visible, so that escape sequences can only be styles.
    let plain = line
        .split('\u{1b}')
        .map(|part| part.split_once('m').map_or(part, |(_, rest)| rest));
    line.contains(":::") && plain.collect::<String>().trim() == ":::"
}

fn renderer(pen: Pen, level: Level) -> Renderer {
    // Lines are cut before they are drawn, so that a mark is never cut away with them.
    let renderer = if pen.options.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(pen.options.width * 4);
    if !pen.options.color {
        return renderer;
    }
    let renderer = renderer
        .error(RED)
        .warning(YELLOW)
        .context(BLUE)
        .line_num(DIM);
    renderer.note(if level == Level::Note {
        level_style(level)
    } else {
        DIM
    })
}

/// The footnotes that are not places: why, what to do, how sure.
fn remarks(finding: &Finding) -> Vec<(String, String)> {
    let mut remarks = Vec::new();
    let mut push = |name: &str, text: String| {
        if !text.is_empty() {
            remarks.push((name.to_owned(), text));
        }
    };
    push("why", one_line(&finding.why));
    push("fix", one_line(&finding.fix));
    if let Some(asked) = finding.effect.as_ref().map(|e| &e.asked)
        && asked.verdict != AskedVerdict::NotStated
    {
        let because = one_line(&asked.because);
        let because = if because.is_empty() {
            because
        } else {
            format!(" ({because})")
        };
        push("asked", format!("{}{because}", asked.verdict));
    }
    let hidden = finding.related.len().saturating_sub(MAX_PLACES);
    if hidden > 0 {
        push("chain", format!("{hidden} more places"));
    }
    let mut rated = format!(
        "{} severity, {} confidence",
        finding.severity, finding.confidence
    );
    for cwe in &finding.cwe {
        rated.push_str(", ");
        rated.push_str(&visible(cwe));
    }
    push("rated", rated);
    if let Some(reason) = &finding.suppressed {
        push("suppressed", one_line(reason));
    }
    remarks
}

/// A place to mark, with what to say there.
pub(super) struct Mark<'a> {
    pub(super) place: &'a Place,
    pub(super) label: String,
    pub(super) is_primary: bool,
}

/// Returns the primary place and the evidence chain. A step of the chain at the primary place
/// becomes its label.
fn marks(finding: &Finding) -> Vec<Mark<'_>> {
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for related in finding.related.iter().take(MAX_PLACES) {
        let is_primary = related.place == finding.place;
        marks.push(Mark {
            place: &related.place,
            label: one_line(&related.message),
            is_primary,
        });
    }
    if !marks.iter().any(|m| m.is_primary) {
        marks.push(Mark {
            place: &finding.place,
            label: String::new(),
            is_primary: true,
        });
    }
    marks
}

/// The numbers of the steps. One step alone needs none.
pub(super) struct Numbers {
    words: Vec<String>,
}

impl Numbers {
    fn of(marks: &[Mark<'_>]) -> Self {
        let is_chain = marks.iter().filter(|m| !m.label.is_empty()).count() > 1;
        let word = |(i, mark): (usize, &Mark<'_>)| match (is_chain, mark.label.is_empty()) {
            (true, false) => (i + 1).to_string(),
            _ => String::new(),
        };
        Self {
            words: marks.iter().enumerate().map(word).collect(),
        }
    }

    /// Returns what names a step in a footnote.
    pub(super) fn word(&self, i: usize) -> String {
        if self.words[i].is_empty() {
            "there".to_owned()
        } else {
            self.words[i].clone()
        }
    }

    /// Returns the label with its number.
    pub(super) fn label(&self, i: usize, label: &str) -> String {
        if self.words[i].is_empty() {
            label.to_owned()
        } else {
            format!("{}. {label}", self.words[i])
        }
    }

    /// Returns the number alone, where the label stands in a footnote.
    pub(super) fn short(&self, i: usize) -> String {
        self.words[i].clone()
    }
}
