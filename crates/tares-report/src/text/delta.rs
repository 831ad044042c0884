//! The table of new effects: what a reviewer wants to know even when no rule fires.

use super::{BOLD, DIM, GREEN, Pen, RED, Verbosity, YELLOW};
use crate::delta_rows::{DeltaRow, Sign, plain_reads, shown_rows};
use crate::escape::{cut, wrap};
use std::io;
use tares_model::effect::AskedVerdict;
use tares_model::message::DeltaReport;
use unicode_width::UnicodeWidthStr as _;

/// Rows shown unless everything is asked for: about half a screen with the module names.
const MAX_ROWS: usize = 12;

/// Widest column of targets; longer ones are cut.
const MAX_TARGET: usize = 44;

pub(super) fn write_delta(
    out: &mut dyn io::Write,
    pen: Pen,
    report: &DeltaReport,
    has_task: bool,
) -> io::Result<()> {
    let is_verbose = pen.options.verbosity == Verbosity::Verbose;
    let (rows, plain) = shown_rows(report, is_verbose);
    if rows.is_empty() && plain == 0 {
        return writeln!(
            out,
            "{}",
            if report.has_base {
                "No new effects."
            } else {
                "No effects."
            }
        );
    }
    writeln!(out)?;
    let title = if report.has_base {
        "New in this change"
    } else {
        "What this code does"
    };
    let remark = if has_task {
        ""
    } else {
        "  no task given, so none counts as asked for"
    };
    writeln!(out, "{}{}", pen.paint(BOLD, title), pen.paint(DIM, remark))?;
    let max_rows = if is_verbose { usize::MAX } else { MAX_ROWS };
    let (shown, hidden) = rows.split_at(rows.len().min(max_rows));
    let columns = Columns::of(shown, pen);
    let mut module = None;
    for row in shown {
        if module.replace(&row.path) != Some(&row.path) {
            writeln!(out, "  {}", cut(&row.path, pen.room(2)))?;
        }
        write_row(out, pen, columns, row)?;
    }
    let mut rest = Vec::new();
    if !hidden.is_empty() {
        rest.push(format!("+{} more", hidden.len()));
    }
    if plain > 0 {
        rest.push(format!("+{}", plain_reads(plain)));
    }
    if rest.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  {}",
        pen.paint(DIM, &format!("{} (--verbose)", rest.join(", ")))
    )
}

/// Widths of the aligned columns.
#[derive(Clone, Copy)]
struct Columns {
    line: usize,
    kind: usize,
    target: usize,
}

impl Columns {
    fn of(rows: &[DeltaRow], pen: Pen) -> Self {
        let widest = |width: fn(&DeltaRow) -> usize| rows.iter().map(width).max().unwrap_or(0);
        let line = widest(|r| r.line.to_string().len());
        let kind = widest(|r| r.kind.len());
        let target = widest(|r| r.target.width())
            .min(MAX_TARGET)
            .min(pen.room(line + kind + 30));
        Self { line, kind, target }
    }

    /// Columns before the target.
    fn indent(self) -> usize {
        4 + self.line + 1 + 2 + self.kind + 2
    }
}

/// Writes one row: what always fits in the aligned columns, the rest behind it if it fits and
/// under it if not.
fn write_row(
    out: &mut dyn io::Write,
    pen: Pen,
    columns: Columns,
    row: &DeltaRow,
) -> io::Result<()> {
    let sign = match row.sign {
        Sign::Added => pen.paint(GREEN, "+"),
        Sign::Changed => pen.paint(YELLOW, "~"),
        Sign::Removed => pen.paint(RED, "-"),
    };
    let line = pen.paint(DIM, &format!("{:>width$}", row.line, width = columns.line));
    let target = cut(&row.target, columns.target);
    let padding = " ".repeat(columns.target - target.width());
    let head = format!(
        "    {line} {sign} {:<width$}  {target}",
        row.kind,
        width = columns.kind
    );
    let parts = parts(pen, row);
    let used = columns.indent() + columns.target;
    let tail: usize = parts.iter().map(|(plain, _)| plain.width() + 2).sum();
    if parts.is_empty() {
        return writeln!(out, "{head}");
    }
    if used + tail <= pen.options.width {
        let tail: Vec<String> = parts.into_iter().map(|(_, painted)| painted).collect();
        return writeln!(out, "{head}{padding}  {}", tail.join("  "));
    }
    let first = parts
        .first()
        .filter(|(plain, _)| used + 2 + plain.width() <= pen.options.width);
    match first {
        Some((_, painted)) => writeln!(out, "{head}{padding}  {painted}")?,
        None => writeln!(out, "{head}")?,
    }
    let indent = columns.indent();
    for (plain, painted) in parts.iter().skip(usize::from(first.is_some())) {
        if plain.width() <= pen.room(indent) {
            writeln!(out, "{:indent$}{painted}", "")?;
            continue;
        }
        for line in wrap(plain, pen.room(indent)) {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    Ok(())
}

/// Returns what is said behind the target, plain and painted, the answer to "asked for?" first.
fn parts(pen: Pen, row: &DeltaRow) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let style = match row.asked {
        AskedVerdict::Unexplained => YELLOW,
        AskedVerdict::Contradicted => RED,
        _ => DIM,
    };
    if row.asked != AskedVerdict::NotStated {
        let mut asked = row.asked.as_str().to_owned();
        if pen.options.verbosity == Verbosity::Verbose && !row.because.is_empty() {
            asked = format!("{asked} ({})", row.because);
        }
        parts.push((asked.clone(), pen.paint(style, &asked)));
    }
    for (word, text) in [
        ("with", &row.data),
        ("if", &row.guard),
        ("", &row.manner),
        ("because", &row.cause),
    ] {
        if !text.is_empty() {
            let painted = if word.is_empty() {
                text.clone()
            } else {
                format!("{} {text}", pen.paint(DIM, word))
            };
            parts.push((format!("{word} {text}").trim_start().to_owned(), painted));
        }
    }
    parts
}
