//! Terraform: commands that are run, doors that are opened to everybody, rights without bounds.

use super::map::Text;
use super::{Piece, Pieces};
use crate::tree::Span;

pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    let mut reader = Reader::default();
    let mut at = 0;
    while at < source.len() {
        let end = memchr::memchr(b'\n', &source.as_bytes()[at..]).map_or(source.len(), |n| at + n);
        let place = Span::new(at as u32, end as u32);
        at = reader.line(source, place, &mut pieces).unwrap_or(end + 1);
    }
    pieces.0
}

/// The blocks that are open.
#[derive(Default)]
struct Reader {
    /// Header of each open block.
    open: Vec<String>,
    /// Whether the block of rights lets everything be done.
    any_action: bool,
}

impl Reader {
    fn inside(&self, word: &str) -> bool {
        self.open.iter().any(|header| header.contains(word))
    }

    /// Reads a line; returns where to go on if it began a document.
    fn line(&mut self, source: &str, place: Span, pieces: &mut Pieces) -> Option<usize> {
        let line = place.text(source).trim();
        if line.starts_with('#') || line.starts_with("//") {
            return None;
        }
        let mut next = None;
        if let Some((key, value)) = line.split_once('=').filter(|(k, _)| !k.contains('"')) {
            let (key, value) = (key.trim(), value.trim());
            let start = place.end
                - (place.text(source).len() - place.text(source).rfind(value).unwrap_or(0)) as u32;
            let at = Span::new(start, start + value.len() as u32);
            if let Some(mark) = value.strip_prefix("<<") {
                let mark = mark.trim_start_matches('-').trim().to_owned();
                let (body, after) = document(source, place.end as usize + 1, &mark);
                next = Some(after);
                self.script(key, body, source, pieces);
            } else {
                self.attribute(key, value, at, source, pieces);
            }
        }
        if line.ends_with('{') {
            self.open.push(line.to_owned());
        } else if line.starts_with('}') {
            self.any_action = false;
            self.open.pop();
        }
        next
    }

    fn runs(&self, key: &str) -> bool {
        matches!(key, "command" | "inline") && self.inside("-exec")
            || matches!(
                key,
                "user_data" | "startup_script" | "custom_data" | "metadata_startup_script"
            )
    }

    fn script(&self, key: &str, body: Span, source: &str, pieces: &mut Pieces) {
        if self.runs(key) {
            let mut text = Text::default();
            text.copied(source, body);
            pieces.script(text);
        }
    }

    fn attribute(&mut self, key: &str, value: &str, at: Span, source: &str, pieces: &mut Pieces) {
        if self.runs(key) && value.starts_with('"') {
            let inner = Span::new(at.start + 1, at.end.saturating_sub(1).max(at.start + 1));
            let mut text = Text::default();
            text.written(
                &inner
                    .text(source)
                    .replace("\\\"", "\"")
                    .replace("\\n", "\n"),
                inner,
            );
            return pieces.script(text);
        }
        let everybody = value.contains("0.0.0.0/0") || value.contains("::/0");
        match key {
            "cidr_blocks"
            | "ipv6_cidr_blocks"
            | "source_ranges"
            | "cidr_ipv4"
            | "source_address_prefix"
                if everybody && !self.inside("egress") =>
            {
                pieces.fact("terraform.open", &[(value, at)], at);
            }
            "acl" if value.contains("public-read") => {
                pieces.fact("terraform.public", &[(value, at)], at);
            }
            "actions" | "Action" if is_any(value) => self.any_action = true,
            "resources" | "Resource" if is_any(value) && self.any_action => {
                pieces.fact("terraform.rights", &[("*", at)], at);
            }
            _ => {}
        }
    }
}

fn is_any(value: &str) -> bool {
    matches!(value.trim_end_matches(','), "\"*\"" | "[\"*\"]")
}

/// The body of a document, and where the next line begins.
fn document(source: &str, start: usize, mark: &str) -> (Span, usize) {
    let mut at = start.min(source.len());
    while at < source.len() {
        let end = memchr::memchr(b'\n', &source.as_bytes()[at..]).map_or(source.len(), |n| at + n);
        if source[at..end].trim() == mark {
            return (Span::new(start as u32, at as u32), end + 1);
        }
        at = end + 1;
    }
    let start = start.min(source.len()) as u32;
    (Span::new(start, source.len() as u32), source.len())
}
