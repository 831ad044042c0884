//! A tolerant reader of HTML that keeps places: what a browser shows of it, and what it does not.
//!
//! The tokeniser follows the states of the HTML standard as far as visibility depends on them:
//! comments in all their forms, tags with attributes, text of raw elements. It builds no tree; a
//! stack of open elements says what is hidden.

use super::{Carrier, Hidden, entity, style};
use tares_model::Span;

/// Deepest nesting that is kept; what is nested deeper belongs to the last element.
const DEEPEST: usize = 256;

/// Longest value of an attribute that is looked at, in bytes.
const LONGEST_VALUE: usize = 8 << 10;

/// Elements whose content nobody sees.
const UNSEEN: [&str; 8] = [
    "script", "style", "template", "noscript", "head", "datalist", "object", "audio",
];

/// Elements whose content is text up to their end tag.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "xmp", "iframe"];

/// Elements that have no content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "param",
];

/// Attributes whose text is meant for people or machines and not shown as text.
const QUIET: [&str; 12] = [
    "class", "id", "href", "src", "style", "width", "height", "rel", "type", "lang", "viewbox", "d",
];

/// An element that is open.
#[derive(Debug)]
struct Open<'t> {
    name: &'t str,
    is_hidden: bool,
}

/// Reads HTML piece by piece: a document's inline and block HTML share one state.
#[derive(Debug, Default)]
pub(super) struct Reader<'t> {
    open: Vec<Open<'t>>,
}

impl<'t> Reader<'t> {
    /// Whether text at this point is shown.
    pub(super) fn is_hidden(&self) -> bool {
        self.open.iter().any(|element| element.is_hidden)
    }

    /// Whether any element is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Reads `html`, which begins at `at` of the whole text. Visible text goes to `visible`.
    pub(super) fn read(
        &mut self,
        html: &'t str,
        at: usize,
        visible: &mut String,
        hidden: &mut Vec<Hidden>,
    ) {
        let mut rest = 0;
        while rest < html.len() {
            let next = html[rest..].find('<').map_or(html.len(), |i| rest + i);
            self.text(&html[rest..next], at + rest, visible, hidden);
            if next == html.len() {
                break;
            }
            rest = next + self.markup(&html[next..], at + next, visible, hidden);
        }
    }

    /// Handles text between tags.
    pub(super) fn text(
        &self,
        text: &str,
        at: usize,
        visible: &mut String,
        hidden: &mut Vec<Hidden>,
    ) {
        if text.trim().is_empty() {
            visible.push_str(text);
        } else if self.is_hidden() {
            hidden.push(Hidden::new(
                Carrier::Element,
                at,
                text,
                entity::decode(text),
            ));
        } else {
            visible.push_str(&entity::decode(text));
        }
    }

    /// Reads what begins with `<`; returns its length.
    fn markup(
        &mut self,
        html: &'t str,
        at: usize,
        visible: &mut String,
        hidden: &mut Vec<Hidden>,
    ) -> usize {
        if let Some(body) = html.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments; `--!>` ends one too.
            let length = if body.starts_with('>') {
                1
            } else if body.starts_with("->") {
                2
            } else {
                let ends = [
                    body.find("-->").map(|i| i + 3),
                    body.find("--!>").map(|i| i + 4),
                ];
                ends.into_iter().flatten().min().unwrap_or(body.len())
            };
            let text = body[..length].trim_end_matches(['>', '!', '-']);
            hidden.push(Hidden::new(
                Carrier::Comment,
                at,
                &html[..4 + length],
                text.to_owned(),
            ));
            return 4 + length;
        }
        if html.starts_with("<!") || html.starts_with("<?") {
            let length = html.find('>').map_or(html.len(), |i| i + 1);
            let is_doctype = html
                .get(..9)
                .is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"));
            if !is_doctype {
                let text = html[2..length].trim_end_matches('>').to_owned();
                hidden.push(Hidden::new(Carrier::Comment, at, &html[..length], text));
            }
            return length;
        }
        let Some(tag) = Tag::read(html) else {
            // A `<` that begins no tag is text.
            self.text("<", at, visible, hidden);
            return 1;
        };
        self.tag(&tag, at, visible, hidden);
        let mut length = tag.length;
        if !tag.is_end && RAW.iter().any(|raw| tag.name.eq_ignore_ascii_case(raw)) {
            length += self.raw(&html[length..], at + length, tag.name, hidden);
        }
        length
    }

    fn tag(&mut self, tag: &Tag<'t>, at: usize, visible: &mut String, hidden: &mut Vec<Hidden>) {
        if tag.is_end {
            let found = self
                .open
                .iter()
                .rposition(|element| element.name.eq_ignore_ascii_case(tag.name));
            if let Some(found) = found {
                self.open.truncate(found);
            }
            return;
        }
        for (name, value, offset) in &tag.attributes {
            let quiet = QUIET.iter().any(|quiet| name.eq_ignore_ascii_case(quiet));
            if !quiet && value.split_whitespace().count() >= 3 {
                let text = entity::decode(value);
                hidden.push(Hidden::new(Carrier::Attribute, at + offset, value, text));
            }
        }
        let name = tag.name.to_ascii_lowercase();
        if matches!(
            name.as_str(),
            "br" | "p" | "div" | "li" | "tr" | "h1" | "h2" | "h3"
        ) {
            visible.push('\n');
        }
        if VOID.contains(&name.as_str()) || tag.closes_itself {
            return;
        }
        if self.open.len() < DEEPEST {
            self.open.push(Open {
                name: tag.name,
                is_hidden: tag.is_hidden(),
            });
        }
    }

    /// Reads the text of a raw element up to its end tag; returns its length without the tag.
    fn raw(&self, html: &str, at: usize, name: &str, hidden: &mut Vec<Hidden>) -> usize {
        let end = html
            .match_indices("</")
            .find(|(i, _)| {
                html.get(i + 2..i + 2 + name.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(name))
            })
            .map_or(html.len(), |(i, _)| i);
        let text = &html[..end];
        if !text.trim().is_empty() {
            let carrier =
                if name.eq_ignore_ascii_case("textarea") || name.eq_ignore_ascii_case("title") {
                    None
                } else {
                    Some(Carrier::Script)
                };
            hidden.extend(carrier.map(|carrier| Hidden::new(carrier, at, text, text.to_owned())));
        }
        end
    }
}

/// A start or end tag.
struct Tag<'t> {
    name: &'t str,
    is_end: bool,
    closes_itself: bool,
    /// Name, value and the value's offset in the tag.
    attributes: Vec<(&'t str, &'t str, usize)>,
    length: usize,
}

impl<'t> Tag<'t> {
    fn read(html: &'t str) -> Option<Self> {
        let is_end = html.starts_with("</");
        let start = 1 + usize::from(is_end);
        let first = *html.as_bytes().get(start)?;
        if !first.is_ascii_alphabetic() {
            return None;
        }
        let is_name = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>');
        let bytes = html.as_bytes();
        let end = start + bytes[start..].iter().take_while(|b| is_name(b)).count();
        let mut tag = Self {
            name: &html[start..end],
            is_end,
            closes_itself: false,
            attributes: Vec::new(),
            length: html.len(),
        };
        let mut at = end;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => {
                    tag.length = at + 1;
                    return Some(tag);
                }
                b'/' => {
                    tag.closes_itself = bytes.get(at + 1) == Some(&b'>');
                    at += 1;
                }
                b if b.is_ascii_whitespace() => at += 1,
                _ => at = tag.attribute(html, at),
            }
        }
        // A tag that never ends swallows the rest, as in a browser.
        Some(tag)
    }

    /// Reads one attribute; returns where it ends.
    fn attribute(&mut self, html: &'t str, start: usize) -> usize {
        let bytes = html.as_bytes();
        let is_name = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/');
        let mut end = start + bytes[start..].iter().take_while(|b| is_name(b)).count();
        if end == start {
            end += 1; // A stray `=`.
        }
        while !html.is_char_boundary(end) {
            end += 1;
        }
        let name = &html[start..end];
        let blanks = |at: usize| {
            bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_whitespace())
                .count()
        };
        let equals = end + blanks(end);
        if bytes.get(equals) != Some(&b'=') {
            self.attributes.push((name, "", end));
            return end;
        }
        let value = equals + 1 + blanks(equals + 1);
        let (from, to, next) = match bytes.get(value) {
            Some(&quote @ (b'"' | b'\'')) => {
                let close = memchr::memchr(quote, &bytes[value + 1..])
                    .map_or(bytes.len(), |i| value + 1 + i);
                (value + 1, close, (close + 1).min(bytes.len()))
            }
            _ => {
                let is_value = |b: &u8| !b.is_ascii_whitespace() && *b != b'>';
                let close = value
                    + bytes[value.min(bytes.len())..]
                        .iter()
                        .take_while(|b| is_value(b))
                        .count();
                (value.min(bytes.len()), close, close)
            }
        };
        let text = html.get(from..to).unwrap_or("");
        if text.len() <= LONGEST_VALUE {
            self.attributes.push((name, text, from));
        }
        next
    }

    fn is_hidden(&self) -> bool {
        if UNSEEN
            .iter()
            .any(|name| self.name.eq_ignore_ascii_case(name))
        {
            return true;
        }
        self.attributes.iter().any(|(name, value, _)| {
            (name.eq_ignore_ascii_case("hidden") && !value.eq_ignore_ascii_case("false"))
                || (name.eq_ignore_ascii_case("style") && style::hides(value))
                || (name.eq_ignore_ascii_case("type")
                    && value.eq_ignore_ascii_case("hidden")
                    && self.name.eq_ignore_ascii_case("input"))
        })
    }
}

/// Returns the span of a piece that stands at `at`.
pub(super) fn span(at: usize, raw: &str) -> Span {
    Span::new(at as u32, (at + raw.len()) as u32)
}
