//! Text for people at a terminal, in the manner of rustc: calm, aligned, bounded in width.

mod delta;
mod drawing;
mod finding;
mod summary;

use crate::Handler;
use crate::collected::no_summary;
use crate::escape::{cut, one_line};
use anstyle::{AnsiColor, Effects, Style};
use std::io;
use tares_model::message::{Requirement, Run};
use tares_model::{Level, Message, Verdict};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verbosity {
    /// Findings and the verdict.
    Quiet,
    /// What a reviewer needs.
    #[default]
    Normal,
    /// Also claims, suppressed findings, all of the effect delta, and the words that decided.
    Verbose,
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether colours are used. Without them not one escape sequence is written.
    pub color: bool,
    /// Columns of the terminal. Fewer than 40 are taken for 40.
    pub width: usize,
    /// Whether findings at `note` are shown; otherwise they are only counted.
    pub show_notes: bool,
    /// How much is said.
    pub verbosity: Verbosity,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            show_notes: false,
            verbosity: Verbosity::Normal,
        }
    }
}

/// Writes text as the messages come.
pub struct Text<'a> {
    out: &'a mut dyn io::Write,
    pen: Pen,
    has_task: bool,
    requirements: Vec<Requirement>,
    is_over: bool,
}

impl<'a> Text<'a> {
    /// Returns a handler that writes to `out`.
    pub fn new(out: &'a mut dyn io::Write, options: TextOptions) -> Self {
        let options = TextOptions {
            width: options.width.max(40),
            ..options
        };
        Self {
            out,
            pen: Pen { options },
            has_task: false,
            requirements: Vec::new(),
            is_over: false,
        }
    }

    fn run(&mut self, run: &Run) -> io::Result<()> {
        self.has_task = run.task.is_some();
        let pen = self.pen;
        if pen.options.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        let name = format!("tares {}", one_line(&run.command));
        let title = cut(&one_line(&run.change), pen.room(name.len() + 2)).into_owned();
        writeln!(self.out, "{}  {title}", pen.paint(BOLD, &name))?;
        let mut field = |name: &str, value: &str| {
            let value = cut(&one_line(value), pen.room(10)).into_owned();
            writeln!(
                self.out,
                "  {}{value}",
                pen.paint(DIM, &format!("{name:<8}"))
            )
        };
        if let Some(task) = &run.task {
            field("task", task)?;
        }
        if pen.options.verbosity == Verbosity::Verbose {
            field("policy", &run.policy)?;
            run.claims
                .iter()
                .try_for_each(|claim| field("claims", claim))?;
        }
        Ok(())
    }

    fn is_shown(&self, finding: &tares_model::Finding) -> bool {
        let options = self.pen.options;
        (finding.level > Level::Note || options.show_notes)
            && (finding.suppressed.is_none() || options.verbosity == Verbosity::Verbose)
    }
}

impl Handler for Text<'_> {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        match message {
            Message::Run(run) => self.run(run),
            Message::Delta(report) if self.pen.options.verbosity > Verbosity::Quiet => {
                delta::write_delta(self.out, self.pen, report, self.has_task)
            }
            Message::Finding(report) if self.is_shown(&report.finding) => {
                finding::write_finding(self.out, self.pen, report)
            }
            Message::Requirement(requirement) => {
                self.requirements.push(requirement.clone());
                Ok(())
            }
            Message::Summary(summary) => {
                self.is_over = true;
                summary::write_requirements(self.out, self.pen, &self.requirements)?;
                summary::write_summary(self.out, self.pen, summary)
            }
            // Everything unchecked comes again with the summary.
            Message::Delta(_)
            | Message::Finding(_)
            | Message::Progress(_)
            | Message::Unchecked(_) => Ok(()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()?;
        if self.is_over {
            Ok(())
        } else {
            Err(no_summary())
        }
    }
}

const BOLD: Style = Style::new().effects(Effects::BOLD);
const DIM: Style = Style::new().effects(Effects::DIMMED);
const RED: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
const YELLOW: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
const GREEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
const BLUE: Style = AnsiColor::BrightBlue.on_default();

fn level_style(level: Level) -> Style {
    match level {
        Level::Block => RED,
        Level::Review => YELLOW,
        Level::Note => BLUE,
    }
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Block => RED,
        Verdict::Review => YELLOW,
        Verdict::Pass => GREEN,
    }
}

/// The options, with what every part of the text does with them.
#[derive(Debug, Clone, Copy)]
struct Pen {
    options: TextOptions,
}

impl Pen {
    /// Returns the text in a style, or as it is where there are no colours.
    fn paint(self, style: Style, text: &str) -> String {
        if self.options.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Returns the columns that are left after `used`.
    fn room(self, used: usize) -> usize {
        self.options.width.saturating_sub(used).max(16)
    }
}
