//! A reader of JSON with places. What is broken ends the document; what stands before it counts.

use super::data::{Kind, Node};
use crate::tree::Span;

/// Deepest nesting that is read.
const MAX_DEPTH: u32 = 64;

/// Reads a document; comments are taken for blanks.
pub(super) fn read(source: &str) -> Option<Node> {
    let mut reader = Reader {
        source,
        bytes: source.as_bytes(),
        at: 0,
    };
    reader.value(MAX_DEPTH)
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte.is_ascii_whitespace() || byte == 0xef || byte == 0xbb || byte == 0xbf {
                self.at += 1;
            } else if self.bytes[self.at..].starts_with(b"//") {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            } else {
                break;
            }
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: u32) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        self.blanks();
        let start = self.at;
        let kind = match self.bytes.get(self.at)? {
            b'{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while !self.takes(b'}') {
                    let Some(entry) = self.entry(depth) else {
                        break;
                    };
                    entries.push(entry);
                    if !self.takes(b',') {
                        self.takes(b'}');
                        break;
                    }
                }
                Kind::Map(entries)
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.takes(b']') {
                    let Some(item) = self.value(depth) else { break };
                    items.push(item);
                    if !self.takes(b',') {
                        self.takes(b']');
                        break;
                    }
                }
                Kind::List(items)
            }
            b'"' => Kind::Scalar(self.text()?),
            _ => {
                let rest = &self.bytes[self.at..];
                let len = rest
                    .iter()
                    .position(|b| b.is_ascii_whitespace() || matches!(b, b',' | b']' | b'}' | b':'))
                    .unwrap_or(rest.len());
                if len == 0 {
                    return None;
                }
                self.at += len;
                Kind::Scalar(self.source.get(start..self.at)?.to_owned())
            }
        };
        Some(Node {
            kind,
            span: Span::new(start as u32, self.at as u32),
        })
    }

    fn entry(&mut self, depth: u32) -> Option<(Node, Node)> {
        let key = self.value(1)?;
        self.takes(b':').then_some(())?;
        Some((key, self.value(depth)?))
    }

    fn text(&mut self) -> Option<String> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let raw = self.source.get(start..self.at)?;
        self.at += 1;
        if !raw.contains('\\') {
            return Some(raw.to_owned());
        }
        let mut out = String::with_capacity(raw.len());
        let mut chars = raw.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    out.push(
                        code.and_then(char::from_u32)
                            .unwrap_or(char::REPLACEMENT_CHARACTER),
                    );
                }
                other => out.push(other),
            }
        }
        Some(out)
    }
}
