//! Errors that point into the user's own file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use tares_model::{LineIndex, Place, RepoPath, Span};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// A configuration text with the name under which people know it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the place of a span of the text.
    pub(crate) fn place(&self, span: Span) -> Place {
        LineIndex::new(&self.text).place(&RepoPath::from(&*self.name), &self.text, span)
    }

    /// Returns an error about a byte range.
    pub(crate) fn error(&self, range: Range<usize>, message: String) -> ConfigError {
        let span = Span::new(offset(range.start), offset(range.end));
        let place = self.place(span);
        let line = LineIndex::new(&self.text).line_span(&self.text, place.start_line);
        let end = span.end.clamp(span.start, line.end.max(span.start));
        let frame = Frame::new(
            line.text(&self.text),
            span.start.saturating_sub(line.start),
            end - span.start,
        );
        ConfigError {
            name: visible(&self.name),
            message: visible(&message),
            span,
            line: place.start_line,
            column: place.start_column,
            excerpt: frame.text,
            caret: frame.caret,
            hint: None,
        }
    }

    /// Returns an error about a 1-based line and a 1-based byte column.
    pub(crate) fn error_at(&self, line: usize, column: usize, message: String) -> ConfigError {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let start = LineIndex::new(&self.text).line_span(&self.text, line).start as usize;
        let mut at = (start + column.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.error(at..at, message)
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What is wrong with a configuration text, and where.
///
/// `Display` shows it in the manner of rustc, without colour and without the word `error:`
/// in front. All text from the file is made visible: no control or invisible characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Name of the file.
    pub name: String,
    /// One sentence.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Span,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in code points.
    pub column: u32,
    /// The line, cut where it is long.
    pub excerpt: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where the caret stands below the excerpt and how wide it is, in terminal cells.
    caret: (u16, u16),
}

impl ConfigError {
    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the place in the file where it begins.
    pub fn place(&self) -> Place {
        Place {
            path: RepoPath::from(self.name.as_str()),
            start_line: self.line,
            end_line: self.line,
            start_column: self.column,
            end_column: self.column.saturating_add(1),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gutter = self.line.to_string().len();
        let (at, width) = (usize::from(self.caret.0), usize::from(self.caret.1));
        writeln!(f, "{}", self.message)?;
        writeln!(
            f,
            "{:gutter$}--> {}:{}:{}",
            "", self.name, self.line, self.column
        )?;
        writeln!(f, "{:gutter$} |", "")?;
        writeln!(f, "{} | {}", self.line, self.excerpt)?;
        write!(f, "{:gutter$} | {:at$}{}", "", "", "^".repeat(width.max(1)))?;
        if let Some(hint) = &self.hint {
            write!(f, "\n{:gutter$} |\n{:gutter$} = help: {hint}", "", "")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// A line cut to what a terminal shows, with the caret's place in it.
struct Frame {
    text: String,
    caret: (u16, u16),
}

impl Frame {
    /// Cuts `line` around the byte range that starts at `start` and is `len` long.
    fn new(line: &str, start: u32, len: u32) -> Self {
        const BEFORE: usize = 60;
        const SHOWN: usize = 100;
        let at = floor(line, start as usize);
        let end = floor(line, start as usize + len as usize);
        let cut = line[..at]
            .char_indices()
            .rev()
            .nth(BEFORE)
            .map_or(0, |(i, _)| i);
        let shown = line[cut..]
            .char_indices()
            .nth(SHOWN)
            .map_or(line.len(), |(i, _)| cut + i);
        let lead = if cut > 0 { "…" } else { "" };
        let tail = if shown < line.len() { "…" } else { "" };
        let before = format!("{lead}{}", visible(&line[cut..at]));
        let marked = visible(&line[at..end.clamp(at, shown.max(at))]);
        let text = format!("{lead}{}{tail}", visible(&line[cut..shown]));
        Self {
            text,
            caret: (cells(&before), cells(&marked)),
        }
    }
}

fn floor(line: &str, at: usize) -> usize {
    let mut at = at.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn cells(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Makes untrusted text fit for a terminal: a tab becomes a space, and every character that
/// has no width of its own (controls, marks, direction changes, tags) becomes U+FFFD.
pub(crate) fn visible(text: &str) -> String {
    let show = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() || c.width().unwrap_or(0) == 0 || c == '\u{ad}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(show).collect()
}

/// Quotes untrusted text for a message: visible, and cut at 60 characters.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("`{}…`", visible(&text[..cut])),
        None => format!("`{}`", visible(text)),
    }
}
