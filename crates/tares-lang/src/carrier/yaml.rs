//! A reader of YAML with places, over the events of a parser. What is broken ends the document;
//! what stands before it counts.

use super::data::{Kind, Node};
use crate::tree::Span;
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser};
use tares_model::layout::{has_leading_bracket, joined_bracket};

/// Deepest nesting that is read.
const MAX_DEPTH: u32 = 64;
/// Most closing brackets that are put where the parser wants them.
const MAX_REPAIRS: usize = 16;
/// Most nodes of a file, what aliases repeat included.
const MAX_NODES: usize = 100_000;

/// Reads all documents of a file.
pub(super) fn read(source: &str) -> Vec<Node> {
    let relaxed = relaxed(source);
    let mut reader = Reader {
        parser: Parser::new_from_str(relaxed.as_deref().unwrap_or(source)),
        bytes: offsets(source),
        length: source.len() as u32,
        anchors: FxHashMap::default(),
        nodes: 0,
        broken: false,
    };
    let mut documents = Vec::new();
    while let Some((event, span)) = reader.next() {
        match event {
            Event::DocumentStart(_) | Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
            Event::StreamEnd => break,
            _ => match reader.node(event, span, MAX_DEPTH) {
                Some(node) => documents.push(node),
                None => break,
            },
        }
    }
    documents
}

/// Returns the text as clients take it where the parser refuses its brackets.
fn relaxed(source: &str) -> Option<String> {
    if !has_leading_bracket(source) {
        return None;
    }
    let mut text: Option<String> = None;
    for _ in 0..MAX_REPAIRS {
        let now = text.as_deref().unwrap_or(source);
        let refused = Parser::new_from_str(now).find_map(Result::err)?;
        match joined_bracket(now, refused.marker().index()) {
            Some(joined) => text = Some(joined),
            None => break,
        }
    }
    text
}

/// Byte offset of each character, where the two differ.
fn offsets(source: &str) -> Option<Vec<u32>> {
    if source.is_ascii() {
        return None;
    }
    Some(source.char_indices().map(|(at, _)| at as u32).collect())
}

struct Reader<'s> {
    parser: Parser<'s, saphyr_parser::StrInput<'s>>,
    bytes: Option<Vec<u32>>,
    length: u32,
    anchors: FxHashMap<usize, Node>,
    nodes: usize,
    broken: bool,
}

impl<'s> Reader<'s> {
    fn next(&mut self) -> Option<(Event<'s>, Span)> {
        if self.broken || self.nodes > MAX_NODES {
            return None;
        }
        let Some(Ok((event, span))) = self.parser.next_event() else {
            self.broken = true;
            return None;
        };
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        Some((event, Span::new(start, end.max(start))))
    }

    fn byte(&self, character: usize) -> u32 {
        match &self.bytes {
            None => (character as u32).min(self.length),
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
        }
    }

    fn node(&mut self, event: Event<'s>, span: Span, depth: u32) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        self.nodes += 1;
        let (kind, anchor, end) = match event {
            Event::Scalar(text, _, anchor, _) => {
                (Kind::Scalar(text.into_owned()), anchor, span.end)
            }
            Event::SequenceStart(anchor, _) => {
                let (items, end) = self.items(span.end, depth);
                (Kind::List(items), anchor, end)
            }
            Event::MappingStart(anchor, _) => {
                let (entries, end) = self.entries(span.end, depth);
                (Kind::Map(entries), anchor, end)
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor)?.clone();
                self.nodes += size(&node, MAX_NODES);
                return (self.nodes <= MAX_NODES).then_some(node);
            }
            _ => return None,
        };
        let node = Node {
            kind,
            span: Span::new(span.start, end.max(span.start)),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Some(node)
    }

    fn items(&mut self, mut end: u32, depth: u32) -> (Vec<Node>, u32) {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next() {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            let Some(item) = self.node(event, span, depth) else {
                break;
            };
            end = end.max(item.span.end);
            items.push(item);
        }
        (items, end)
    }

    fn entries(&mut self, mut end: u32, depth: u32) -> (Vec<(Node, Node)>, u32) {
        let mut entries = Vec::new();
        while let Some((event, span)) = self.next() {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let Some(key) = self.node(event, span, depth) else {
                break;
            };
            let Some((event, span)) = self.next() else {
                break;
            };
            let Some(value) = self.node(event, span, depth) else {
                break;
            };
            if key.text() == Some("<<") {
                entries.extend(value.entries().iter().cloned());
                continue;
            }
            end = end.max(value.span.end);
            entries.push((key, value));
        }
        (entries, end)
    }
}

/// Counts the nodes of a tree, up to a bound.
fn size(node: &Node, most: usize) -> usize {
    let mut count = 1;
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if count > most {
            break;
        }
        count += 1;
        open.extend(node.items());
        open.extend(node.entries().iter().flat_map(|(k, v)| [k, v]));
    }
    count
}
