//! Settings files as a flat list of keys and values with their places.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions};
use std::ops::Range;
use tares_model::Span;
use toml::de::{DeTable, DeValue};

/// Most entries that are read of one file.
const MOST: usize = 20_000;

/// Deepest nesting that is read.
const DEEPEST: usize = 32;

/// Deepest nesting of brackets that the parser is given: it recurses.
const DEEPEST_TEXT: usize = 128;

/// A value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// true, false.
    Bool(bool),
    /// A number as written, or null.
    Other(String),
}

impl Value {
    /// Returns the value as text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Other(text) => text,
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
        }
    }
}

/// One value with the keys that lead to it; items of lists have their number as key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Keys from the outside in.
    pub(crate) path: Vec<String>,
    /// The value.
    pub(crate) value: Value,
    /// Where key and value stand.
    pub(crate) span: Span,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Settings {
    /// Values in order.
    pub(crate) entries: Vec<Entry>,
    /// Keys that one object has twice: clients take the last one, people read the first.
    pub(crate) repeated: Vec<(String, Span)>,
}

/// Reads a file by its ending; `Err` says why it cannot be read.
pub(crate) fn read(name: &str, text: &str) -> Result<Settings, String> {
    if name.ends_with(".toml") {
        return toml(text);
    }
    json(text)
}

fn json(text: &str) -> Result<Settings, String> {
    if depth(text) > DEEPEST_TEXT {
        return Err("nested too deeply".to_owned());
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let parsed =
        jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default())
            .map_err(|error| error.to_string())?;
    let mut settings = Settings::default();
    if let Some(value) = &parsed.value {
        walk_json(value, &mut Vec::new(), None, &mut settings);
    }
    Ok(settings)
}

/// Counts how deep brackets nest, those in strings included: an upper bound.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for b in text.bytes() {
        match b {
            b'{' | b'[' => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

fn walk_json(
    value: &ast::Value<'_>,
    path: &mut Vec<String>,
    key: Option<Range<usize>>,
    out: &mut Settings,
) {
    if out.entries.len() >= MOST || path.len() > DEEPEST {
        return;
    }
    let own = value.range();
    let start = key.map_or(own.start, |key| key.start);
    let mut add = |value| {
        out.entries.push(Entry {
            path: path.clone(),
            value,
            span: Span::new(start as u32, own.end as u32),
        });
    };
    match value {
        ast::Value::StringLit(text) => add(Value::Text(text.value.to_string())),
        ast::Value::BooleanLit(literal) => add(Value::Bool(literal.value)),
        ast::Value::NumberLit(number) => add(Value::Other(number.value.to_string())),
        ast::Value::NullKeyword(_) => add(Value::Other("null".to_owned())),
        ast::Value::Object(object) => {
            let mut seen = rustc_hash::FxHashSet::default();
            for property in &object.properties {
                let name = property.name.as_str().to_owned();
                let range = property.name.range();
                if !seen.insert(name.clone()) {
                    out.repeated.push((
                        name.clone(),
                        Span::new(range.start as u32, range.end as u32),
                    ));
                }
                path.push(name);
                walk_json(&property.value, path, Some(range.start..range.end), out);
                path.pop();
            }
        }
        ast::Value::Array(array) => {
            for (i, item) in array.elements.iter().enumerate() {
                path.push(i.to_string());
                walk_json(item, path, None, out);
                path.pop();
            }
        }
    }
}

fn toml(text: &str) -> Result<Settings, String> {
    let table = DeTable::parse(text).map_err(|error| error.message().to_owned())?;
    let mut settings = Settings::default();
    walk_table(table.get_ref(), &mut Vec::new(), &mut settings);
    // Tables come sorted by key; people read them in the order of the file.
    settings.entries.sort_by_key(|entry| entry.span);
    Ok(settings)
}

fn walk_table(table: &DeTable<'_>, path: &mut Vec<String>, out: &mut Settings) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        walk_toml(
            value.get_ref(),
            key.span().start..value.span().end,
            path,
            out,
        );
        path.pop();
    }
}

fn walk_toml(value: &DeValue<'_>, range: Range<usize>, path: &mut Vec<String>, out: &mut Settings) {
    if out.entries.len() >= MOST || path.len() > DEEPEST {
        return;
    }
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(number) => Value::Other(number.to_string()),
        DeValue::Float(number) => Value::Other(number.to_string()),
        DeValue::Datetime(time) => Value::Other(time.to_string()),
        DeValue::Table(table) => return walk_table(table, path, out),
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                path.push(i.to_string());
                walk_toml(item.get_ref(), item.span(), path, out);
                path.pop();
            }
            return;
        }
    };
    out.entries.push(Entry {
        path: path.clone(),
        value,
        span: Span::new(range.start as u32, range.end as u32),
    });
}
