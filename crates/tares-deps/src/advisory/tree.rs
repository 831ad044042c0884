//! YAML as a tree of JSON values, so that both spellings of OSV have one reader.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Most values of one text. Aliases are refused, so this bounds what they could unfold.
const MOST: usize = 400_000;

/// Deepest nesting.
const DEEPEST: usize = 64;

/// A collection that is open.
enum Open {
    List(Vec<Value>),
    /// With the key that waits for its value.
    Map(Map<String, Value>, Option<String>),
}

/// Reads the first document of a text. Plain scalars stay texts but for `null`: versions such as
/// `1.10` are no numbers.
pub(super) fn yaml(text: &str) -> Result<Value, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut count = 0;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        count += 1;
        if count > MOST || open.len() > DEEPEST {
            return Err("too large or nested too deeply".to_owned());
        }
        let done = match event {
            Event::Scalar(text, style, ..) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                if is_null {
                    Value::Null
                } else {
                    Value::String(text.into_owned())
                }
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(items)) => Value::Array(items),
                Some(Open::Map(map, _)) => Value::Object(map),
                None => return Err("a collection ends that never began".to_owned()),
            },
            Event::Alias(_) => return Err("aliases have no place in an advisory".to_owned()),
            _ => continue,
        };
        match open.last_mut() {
            None => return Ok(done),
            Some(Open::List(items)) => items.push(done),
            Some(Open::Map(_, key @ None)) => match done {
                Value::String(text) => *key = Some(text),
                _ => return Err("a key that is no text".to_owned()),
            },
            Some(Open::Map(map, key)) => {
                let key = key.take().expect("the arm above has the empty one");
                map.insert(key, done);
            }
        }
    }
    Err("an empty text".to_owned())
}
