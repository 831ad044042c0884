//! Units of systemd, tables of cron, settings of editors: commands that start by themselves.

use super::data::Node;
use super::map::Text;
use super::{Piece, Pieces, json};
use crate::tree::Span;

/// Lines of a unit that start a command.
const STARTS: [&str; 6] = [
    "ExecStart",
    "ExecStartPre",
    "ExecStartPost",
    "ExecStop",
    "ExecStopPost",
    "ExecReload",
];

pub(super) fn systemd(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for (line, place) in lines(source) {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        if !STARTS.contains(&key.trim()) {
            continue;
        }
        let value = value.trim_start_matches([' ', '-', '@', '+', '!', ':']);
        let start = place.end - value.len() as u32;
        let mut text = Text::default();
        text.copied(source, Span::new(start, place.end));
        pieces.script(text);
    }
    pieces.0
}

pub(super) fn cron(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for (line, place) in lines(source) {
        let trimmed = line.trim_start();
        if trimmed.starts_with('#') || trimmed.is_empty() {
            continue;
        }
        let fields = if trimmed.starts_with('@') { 1 } else { 5 };
        let is_time = trimmed.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | '@'));
        if !is_time {
            continue;
        }
        let mut rest = trimmed;
        for _ in 0..fields {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest[end..].trim_start();
        }
        let mut text = Text::default();
        text.copied(source, Span::new(place.end - rest.len() as u32, place.end));
        pieces.script(text);
    }
    pieces.0
}

/// `devcontainer.json`, `tasks.json`: what an editor runs when a folder is opened.
pub(super) fn editor(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    if let Some(document) = json::read(source) {
        commands(&document, source, &mut pieces, 16);
    }
    pieces.0
}

fn commands(node: &Node, source: &str, pieces: &mut Pieces, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for item in node.items() {
        commands(item, source, pieces, depth);
    }
    for (key, value) in node.entries() {
        let name = key.text().unwrap_or_default();
        if name == "command" || name.ends_with("Command") {
            let mut text = Text::default();
            if let Some(line) = value.text() {
                text.decoded(line, source, value.span);
            }
            for word in value
                .items()
                .iter()
                .chain(node.get("args").map_or(&[][..], Node::items))
            {
                if let Some(plain) = word.text() {
                    text.written(" ", word.span);
                    text.quoted(plain, word.span);
                }
            }
            pieces.script(text);
        }
        commands(value, source, pieces, depth);
    }
}

fn lines(source: &str) -> Vec<(&str, Span)> {
    let mut at = 0;
    let each = source.split_inclusive('\n').map(move |line| {
        let plain = line.trim_end_matches(['\n', '\r']);
        let place = Span::new(at as u32, (at + plain.len()) as u32);
        at += line.len();
        (plain, place)
    });
    each.collect()
}
