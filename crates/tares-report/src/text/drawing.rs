//! The source lines of a finding: which are drawn together, and how their columns become
//! offsets in what is shown.

use super::Pen;
use super::finding::{Mark, Numbers};
use crate::escape::ShownLine;
use annotate_snippets::{Annotation, AnnotationKind, Snippet};
use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use tares_model::message::FindingReport;
use tares_model::{Place, RepoPath};
use unicode_width::UnicodeWidthStr as _;

/// Lines between two excerpts of one file up to which they are drawn as one, folded.
const MAX_GAP: u32 = 400;

/// Lines of a span that are drawn; of a longer one only the first.
const MAX_SPAN_LINES: u32 = 6;

/// Columns beside the source text: line number, frame, arrow of a span over several lines.
const GUTTER: usize = 12;

/// Lines of one file that are drawn together, and the marks on them, the leading one first.
pub(super) struct Sheet<'a> {
    lines: BTreeMap<u32, &'a str>,
    pub(super) marks: Vec<usize>,
}

/// Sorts the marks into sheets, the one with the primary place first.
pub(super) fn sheets<'a>(report: &'a FindingReport, marks: &[Mark<'_>]) -> Vec<Sheet<'a>> {
    let mut files: BTreeMap<&RepoPath, Vec<usize>> = BTreeMap::new();
    for (i, mark) in marks.iter().enumerate() {
        files.entry(&mark.place.path).or_default().push(i);
    }
    let mut sheets: Vec<Sheet<'a>> = Vec::new();
    for (path, mut indices) in files {
        let lines = lines_of(report, path);
        indices.sort_by_key(|&i| marks[i].place.start_line);
        let mut last_line = None;
        for i in indices {
            let line = marks[i].place.start_line;
            let is_near = last_line.is_some_and(|last: u32| line - last <= MAX_GAP);
            last_line = Some(line);
            match sheets.last_mut() {
                Some(sheet) if is_near => sheet.marks.push(i),
                _ => sheets.push(Sheet {
                    lines: lines.clone(),
                    marks: vec![i],
                }),
            }
        }
    }
    for sheet in &mut sheets {
        sheet.marks.sort_by_key(|&i| (!marks[i].is_primary, i));
        sheet.keep_near(marks);
    }
    sheets.sort_by_key(|s| (!marks[s.marks[0]].is_primary, s.marks[0]));
    sheets
}

fn lines_of<'a>(report: &'a FindingReport, path: &RepoPath) -> BTreeMap<u32, &'a str> {
    let excerpts = report.excerpts.iter().filter(|e| e.path == *path);
    excerpts
        .flat_map(|e| {
            e.lines
                .iter()
                .zip(0..)
                .map(|(line, i)| (e.first_line.saturating_add(i), line.as_str()))
        })
        .collect()
}

impl Sheet<'_> {
    /// Drops the lines of other sheets of the same file.
    fn keep_near(&mut self, marks: &[Mark<'_>]) {
        let lines = || self.marks.iter().map(|&i| marks[i].place);
        let first = lines()
            .map(|p| p.start_line)
            .min()
            .unwrap_or(1)
            .saturating_sub(3);
        let last = lines()
            .map(|p| p.end_line.min(p.start_line.saturating_add(MAX_SPAN_LINES)))
            .max();
        let last = last.unwrap_or(1).saturating_add(3);
        self.lines.retain(|line, _| (first..=last).contains(line));
    }

    /// Returns the drawing, or nothing where not one marked line is at hand. Labels that do
    /// not fit beside their mark go to `footnotes`.
    pub(super) fn snippet<'d>(
        &self,
        pen: Pen,
        marks: &[Mark<'_>],
        numbers: &Numbers,
        footnotes: &mut Vec<(String, String)>,
    ) -> Option<Snippet<'d, Annotation<'d>>> {
        let (&first, _) = self.lines.first_key_value()?;
        let (&last, _) = self.lines.last_key_value()?;
        if !self
            .marks
            .iter()
            .any(|&i| self.lines.contains_key(&marks[i].place.start_line))
        {
            return None;
        }
        let width = pen.room(GUTTER);
        let drawing = Drawing::new(&self.lines, first..=last, width, |line| {
            let on_line = self
                .marks
                .iter()
                .map(|&i| marks[i].place)
                .find(|p| p.start_line == line);
            on_line.map_or(1, |p| p.start_column)
        });
        let mut snippet = Snippet::source(drawing.source.clone()).line_start(first as usize);
        for &i in &self.marks {
            let mark = &marks[i];
            let Some((span, column)) = drawing.span(mark.place) else {
                footnotes.push((numbers.word(i), mark.label.clone()));
                continue;
            };
            let kind = if mark.is_primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let label = numbers.label(i, &mark.label);
            let label = if column + 1 + label.width() <= width || mark.label.is_empty() {
                label
            } else {
                footnotes.push((numbers.word(i), mark.label.clone()));
                numbers.short(i)
            };
            let annotation = kind.span(span);
            snippet = snippet.annotation(if label.is_empty() {
                annotation
            } else {
                annotation.label(label)
            });
        }
        Some(snippet)
    }
}

/// The source text of a sheet as it is shown, with the way from columns to offsets.
struct Drawing {
    source: String,
    lines: BTreeMap<u32, (usize, ShownLine)>,
}

impl Drawing {
    fn new(
        lines: &BTreeMap<u32, &str>,
        range: RangeInclusive<u32>,
        width: usize,
        focus: impl Fn(u32) -> u32,
    ) -> Self {
        let mut drawing = Self {
            source: String::new(),
            lines: BTreeMap::new(),
        };
        for line in range {
            if let Some(text) = lines.get(&line) {
                let shown = ShownLine::new(text, width, focus(line));
                let start = drawing.source.len();
                drawing.source.push_str(&shown.text);
                drawing.lines.insert(line, (start, shown));
            }
            drawing.source.push('\n');
        }
        drawing
    }

    /// Returns the span of a place, and the screen column at which it ends. A place over more
    /// lines than are drawn is marked on its first.
    fn span(&self, place: &Place) -> Option<(Range<usize>, usize)> {
        let (start_line, first) = self.lines.get(&place.start_line)?;
        let start = start_line + first.offset(place.start_column);
        let is_short = place.end_line.saturating_sub(place.start_line) < MAX_SPAN_LINES;
        let last = self.lines.get(&place.end_line).filter(|_| is_short);
        let (end, column) = match last {
            Some((end_line, last)) => {
                let offset = last.offset(place.end_column);
                (end_line + offset, last.text[..offset].width())
            }
            None => (start_line + first.text.len(), first.text.width()),
        };
        Some((start..end.max(start), column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_ends_beyond_the_excerpt_is_marked_on_its_first_line() {
        let lines = BTreeMap::from([(7, "f(")]);
        let drawing = Drawing::new(&lines, 7..=7, 40, |_| 1);
        let path = RepoPath::from("f");
        let place = Place {
            path,
            start_line: 7,
            end_line: 9,
            start_column: 1,
            end_column: 4,
        };
        assert_eq!(drawing.span(&place), Some((0..2, 2)));
    }
}
