//! YAML as a flat list of values with their keys and places.

use super::FormatError;
use saphyr_parser::{Event, Parser, Span as YamlSpan};
use tares_model::Span;
use tares_model::layout::{has_leading_bracket, joined_bracket};

/// Most values of one file; also the bound on what aliases could unfold, which they never do here.
const MOST: usize = 400_000;

/// Most closing brackets that are put where the parser wants them.
const MOST_REPAIRS: usize = 16;

/// Deepest nesting.
const DEEPEST: usize = 64;

/// A value with the keys that lead to it; items of lists have their number as key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar {
    pub(super) path: Vec<String>,
    pub(super) value: String,
    pub(super) span: Span,
    /// Where its key stands.
    pub(super) key: Span,
}

/// A collection that is open.
enum Open {
    List(usize),
    /// The key that waits for its value.
    Map(Option<(String, Span)>),
}

/// Returns the values of a document in order. Aliases are not unfolded.
pub(super) fn scalars(text: &str) -> Result<Vec<Scalar>, FormatError> {
    let offsets = Offsets::new(text);
    if !has_leading_bracket(text) {
        return read(text, &offsets);
    }
    let mut joined = text.to_owned();
    for _ in 0..MOST_REPAIRS {
        let Some(refused) = Parser::new_from_str(&joined).find_map(Result::err) else {
            break;
        };
        match joined_bracket(&joined, refused.marker().index()) {
            Some(text) => joined = text,
            None => break,
        }
    }
    read(&joined, &offsets)
}

fn read(text: &str, offsets: &Offsets) -> Result<Vec<Scalar>, FormatError> {
    let (mut found, mut open): (Vec<Scalar>, Vec<Open>) = (Vec::new(), Vec::new());
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| FormatError::Syntax(error.to_string()))?;
        if found.len() > MOST || open.len() > DEEPEST {
            return Err(FormatError::Syntax(
                "too large or nested too deeply".to_owned(),
            ));
        }
        match event {
            Event::Scalar(value, ..) => scalar(
                value.into_owned(),
                offsets.span(&span),
                &mut open,
                &mut found,
            ),
            Event::Alias(_) => scalar(String::new(), offsets.span(&span), &mut open, &mut found),
            Event::SequenceStart(..) => open.push(Open::List(0)),
            Event::MappingStart(..) => open.push(Open::Map(None)),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                done(&mut open);
            }
            Event::StreamEnd => break,
            _ => {}
        }
    }
    Ok(found)
}

fn scalar(value: String, span: Span, open: &mut [Open], found: &mut Vec<Scalar>) {
    if let Some(Open::Map(key @ None)) = open.last_mut() {
        *key = Some((value, span));
        return;
    }
    let path = open.iter().map(|level| match level {
        Open::List(n) => n.to_string(),
        Open::Map(Some((key, _))) => key.clone(),
        Open::Map(None) => String::new(),
    });
    let key = match open.last() {
        Some(Open::Map(Some((_, span)))) => *span,
        _ => span,
    };
    found.push(Scalar {
        path: path.collect(),
        value,
        span,
        key,
    });
    done(open);
}

/// A value is complete: the list counts it, the map waits for a key.
fn done(open: &mut [Open]) {
    match open.last_mut() {
        Some(Open::List(n)) => *n += 1,
        Some(Open::Map(key)) => *key = None,
        None => {}
    }
}

/// Characters to bytes: the parser counts characters.
struct Offsets {
    /// Byte offset of every 64th character; `None` where all is ASCII.
    steps: Option<Vec<u32>>,
    text: String,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let steps = (!text.is_ascii()).then(|| {
            text.char_indices()
                .step_by(64)
                .map(|(at, _)| at as u32)
                .collect()
        });
        Self {
            text: if steps.is_some() {
                text.to_owned()
            } else {
                String::new()
            },
            steps,
        }
    }

    fn byte(&self, character: usize) -> u32 {
        let Some(steps) = &self.steps else {
            return character as u32;
        };
        let from = steps
            .get(character / 64)
            .copied()
            .unwrap_or(self.text.len() as u32) as usize;
        let rest = self.text.get(from..).unwrap_or("");
        let within: usize = rest.chars().take(character % 64).map(char::len_utf8).sum();
        (from + within) as u32
    }

    fn span(&self, span: &YamlSpan) -> Span {
        Span::new(self.byte(span.start.index()), self.byte(span.end.index()))
    }
}
