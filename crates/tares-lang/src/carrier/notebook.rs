//! Notebooks: the cells of code are one Python program; lines for the shell are calls of it.

use super::data::Node;
use super::map::Text;
use super::{Piece, json};
use crate::tree::Span;

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut text = Text::default();
    let document = json::read(source);
    let cells = document.as_ref().and_then(|d| d.get("cells"));
    for cell in cells.map_or(&[][..], Node::items) {
        if cell.get("cell_type").and_then(Node::text) != Some("code") {
            continue;
        }
        let Some(lines) = cell.get("source").map(Node::scalars) else {
            continue;
        };
        let first = lines.first().map_or("", |(line, _)| *line).trim();
        if let Some(magic) = first.strip_prefix("%%") {
            let shell = matches!(
                magic.split_whitespace().next(),
                Some("bash" | "sh" | "script" | "!")
            );
            for (line, place) in lines.iter().skip(1).filter(|_| shell) {
                command(line, *place, &mut text);
            }
            continue;
        }
        for (line, place) in lines {
            one(line, source, place, &mut text);
        }
        text.written("\n", cell.span);
    }
    let (text, map) = text.finish();
    vec![Piece { text, map }]
}

/// A string of a cell, which may be several lines.
fn one(code: &str, source: &str, place: Span, text: &mut Text) {
    for line in code.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let lead = &line[..line.len() - trimmed.len()];
        if let Some(shell) = trimmed.strip_prefix('!') {
            text.written(lead, place);
            command(shell, place, text);
        } else if let Some(magic) = trimmed.strip_prefix('%') {
            text.written(lead, place);
            let installs = ["pip ", "conda ", "sx ", "system "]
                .iter()
                .any(|m| magic.starts_with(m));
            if installs {
                command(magic, place, text);
            } else {
                text.written("pass\n", place);
            }
        } else {
            text.decoded(line, source, place);
        }
    }
    if !code.ends_with('\n') {
        text.written("\n", Span::new(place.end, place.end));
    }
}

/// A line that the shell runs.
fn command(line: &str, place: Span, text: &mut Text) {
    let line = line.trim_end().replace('\\', "\\\\").replace('"', "\\\"");
    text.written(&format!("os.system(\"{line}\")\n"), place);
}
