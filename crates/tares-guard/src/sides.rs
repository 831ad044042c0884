//! Two views of a text, line by line: what a person is shown, and what an agent reads.

use crate::agent::Agent;
use crate::hidden;
use crate::notice::shown;
use crate::view::{Views, views};
use tares_model::{LineIndex, RepoPath, Span};

/// Longest line that is laid out, in bytes; the rest is cut.
const LONGEST: usize = 2 << 10;

/// A line in both views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its 1-based number.
    pub line: u32,
    /// What a person is shown of it, mark-up kept.
    pub seen: String,
    /// What an agent reads, in pieces.
    pub read: Vec<Piece>,
}

impl Row {
    /// Whether the views differ.
    pub fn differs(&self) -> bool {
        self.read.iter().any(|piece| piece.why.is_some())
    }
}

/// A piece of a line, safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text; what is invisible is decoded or named.
    pub text: String,
    /// Why a person does not see it; `None` for what both see.
    pub why: Option<&'static str>,
    /// Whether the agent gets it.
    pub is_read: bool,
}

/// A stretch that a person does not see.
struct Mark {
    span: Span,
    why: &'static str,
    says: Option<String>,
    is_read: bool,
}

/// Lays a text out.
pub fn sides(path: &RepoPath, text: &str, agent: Agent) -> Vec<Row> {
    let marks = marks(path, text, &views(path, text), agent);
    let index = LineIndex::new(text);
    (1..=index.lines())
        .map(|line| row(text, line, index.line_span(text, line), &marks))
        .collect()
}

fn marks(path: &RepoPath, text: &str, views: &Views, agent: Agent) -> Vec<Mark> {
    let mut marks: Vec<Mark> = hidden::strays(text)
        .into_iter()
        .map(|(span, says)| Mark {
            span,
            why: "invisible",
            says: Some(says),
            is_read: true,
        })
        .collect();
    for hidden in &views.hidden {
        marks.push(Mark {
            span: hidden.span,
            why: hidden.carrier.as_str(),
            says: None,
            is_read: agent.reads(path, hidden),
        });
    }
    // Of two that begin together the wider one comes first and takes the other in.
    marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    marks
}

fn row(text: &str, line: u32, span: Span, marks: &[Mark]) -> Row {
    let end = (span.end as usize).min(span.start as usize + LONGEST);
    let mut row = Row {
        line,
        seen: String::new(),
        read: Vec::new(),
    };
    let mut at = span.start as usize;
    let from = marks.partition_point(|mark| (mark.span.start as usize) < at);
    // A mark that began on an earlier line may reach into this one.
    let reaching = marks[..from].iter().rev().take(64).rev();
    for mark in reaching.chain(&marks[from..]) {
        let (start, stop) = (mark.span.start as usize, mark.span.end as usize);
        if start >= end {
            break;
        }
        if stop <= at {
            continue;
        }
        plain(&mut row, text.get(at..start.max(at)));
        let stop = stop.min(end);
        let raw = text.get(start.max(at)..stop).unwrap_or("");
        row.read.push(Piece {
            text: mark.says.clone().unwrap_or_else(|| shown(raw, LONGEST)),
            why: Some(mark.why),
            is_read: mark.is_read,
        });
        at = stop;
    }
    plain(&mut row, text.get(at..end));
    row
}

fn plain(row: &mut Row, text: Option<&str>) {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return;
    };
    let text = shown(text, LONGEST);
    row.seen.push_str(&text);
    row.read.push(Piece {
        text,
        why: None,
        is_read: true,
    });
}

/// Returns a copy of a text without what only an agent reads: invisible characters that do not
/// belong, and hidden text that instructs.
pub fn clean(path: &RepoPath, text: &str) -> String {
    let mut cuts: Vec<Span> = hidden::strays(text)
        .into_iter()
        .map(|(span, _)| span)
        .collect();
    let found = crate::inspect_piece(path, text);
    cuts.extend(
        found
            .iter()
            .filter(|notice| notice.rule == "hidden-instruction")
            .map(|notice| notice.span),
    );
    cuts.sort_unstable();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for cut in cuts {
        let (start, end) = (cut.start as usize, cut.end as usize);
        if start > at {
            out.push_str(text.get(at..start).unwrap_or(""));
        }
        at = at.max(end);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
