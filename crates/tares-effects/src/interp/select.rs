//! Argument selectors of API models, and the conditions of their entries.

use super::Interp;
use super::call::Site;
use crate::models::schema::{Call, Look};
use crate::value::text::{self, TextBuilder};
use crate::value::{Key, Kind, Value};
use tares_model::Span;
use tares_model::effect::SinkSet;
use tares_model::effect::label::Sink;

impl Interp<'_> {
    /// Returns the argument that a selector names, with where it stands.
    pub(crate) fn select(&mut self, selector: &str, site: &Site<'_>) -> Option<(Value, Span)> {
        let (value, span) = selector
            .split('|')
            .find_map(|one| self.select_one(one.trim(), site))?;
        // What decides about an effect is worth a look.
        let value = self.force(&value);
        let value = if self.is_java() {
            crate::fold::java_unwrapped(self, &value)
        } else {
            value
        };
        Some((value, span))
    }

    fn select_one(&mut self, selector: &str, site: &Site<'_>) -> Option<(Value, Span)> {
        // `!x`: the switch that turns off what the role says.
        if let Some(selector) = selector.strip_prefix('!') {
            let (mut value, span) = self.select_one(selector, site)?;
            value.kind = match value.kind {
                Kind::Bool(b) => Kind::Bool(!b),
                kind if value.taint.is_none() => kind,
                _ => Kind::Unknown(crate::value::Why::Operation),
            };
            return Some((value, span));
        }
        let args = site.args;
        let (head, rest) = match selector.split_once('.') {
            Some((head, rest)) => (head, Some(rest)),
            None => (selector, None),
        };
        let is_open = head.parse::<usize>().is_ok_and(|i| i >= args.pos.len());
        let (value, span) = match head {
            "self" => (site.receiver.cloned()?, site.span),
            "*" => (args.tuple_from(0), site.span),
            "last" => args.pos.last().cloned()?,
            "any" => {
                let mut builder = TextBuilder::default();
                for value in args.values() {
                    // Loggers print objects with their line breaks escaped.
                    match value.kind {
                        Kind::Map(_) if self.is_js() => {
                            builder.hole(value.deep_taint().cleaned(SinkSet::of(Sink::Line)));
                        }
                        _ => builder.value(value),
                    }
                }
                (builder.build(), site.span)
            }
            _ => match head.strip_suffix('*').unwrap_or(head).parse::<usize>() {
                Ok(i) if head.ends_with('*') => (args.tuple_from(i), site.span),
                Ok(i) => match args.pos.get(i) {
                    Some((value, span)) => (value.clone(), *span),
                    None => (args.more.clone()?, site.span),
                },
                Err(_) => self.named_arg(head, site)?,
            },
        };
        match rest {
            None => Some((value, span)),
            Some(rest) => rest
                .split('.')
                .try_fold(value.clone(), |value, name| self.select_field(&value, name))
                // Of arguments that nobody counts it is not known that they lack something.
                .or_else(|| is_open.then_some(value))
                .map(|v| (v, span)),
        }
    }

    fn named_arg(&mut self, name: &str, site: &Site<'_>) -> Option<(Value, Span)> {
        let args = site.args;
        if let Some((_, value, span)) = args.named.iter().rev().find(|(n, ..)| &**n == name) {
            return Some((value.clone(), *span));
        }
        if self.is_js()
            && let Some((value, span)) = args.pos.last()
            && let Some(field) = self.select_field(value, name)
        {
            return Some((field, *span));
        }
        // Behind the arguments that are known may stand one with options.
        if let (Some(more), true) = (&args.more, self.is_js()) {
            return Some((more.clone(), site.span));
        }
        args.more_named.clone().map(|v| (v, site.span))
    }

    fn select_field(&mut self, value: &Value, name: &str) -> Option<Value> {
        match &value.kind {
            Kind::Map(map) => map
                .get(&Key::Text(name.into()))
                .or_else(|| map.rest.borrow().clone()),
            Kind::Seq(seq) => {
                let items = seq.items.borrow();
                items
                    .get(name.parse::<usize>().ok()?)
                    .cloned()
                    .or_else(|| seq.rest.borrow().clone())
            }
            Kind::Instance(instance) => {
                if let Ok(i) = name.parse::<usize>() {
                    return instance.args.get(i).cloned();
                }
                let fields = instance.fields.borrow();
                fields
                    .iter()
                    .rev()
                    .find(|(n, _)| &**n == name)
                    .map(|(_, v)| v.clone())
            }
            Kind::Object(object) => {
                let sym = self.interner.find(name)?;
                object.fields.borrow().get(&sym).cloned()
            }
            Kind::Bound(bound) => self.select_field(&bound.0.clone(), name),
            Kind::OneOf(values) => {
                let found: Vec<Value> = values
                    .iter()
                    .filter_map(|v| self.select_field(v, name))
                    .collect();
                found
                    .into_iter()
                    .reduce(|a, b| crate::value::join::join(&a, &b))
            }
            _ => None,
        }
    }

    /// Whether the conditions of a model entry hold.
    pub(crate) fn model_applies(&mut self, model: &Call, site: &Site<'_>) -> bool {
        model.when.iter().all(|(role, look)| {
            let selector = model.roles.get(role).map_or(role.as_str(), String::as_str);
            let value = self.select(selector, site).map(|(v, _)| v);
            looks(value.as_ref(), *look)
        })
    }
}

fn looks(value: Option<&Value>, look: Look) -> bool {
    let Some(value) = value else {
        return matches!(look, Look::Missing | Look::ReadMode);
    };
    match look {
        Look::Missing => false,
        Look::Present => true,
        Look::Sql => value.alternatives().iter().any(|v| is_sql(text::prefix(v))),
        Look::Url => value
            .alternatives()
            .iter()
            .any(|v| text::prefix(v).contains("://")),
        Look::Markup => text::skeleton(value).is_some_and(|s| s.contains('<')),
        Look::Text => text::is_text(value),
        Look::True => value.truth(true) == Some(true),
        Look::WriteMode => writes(value),
        Look::ReadMode => !writes(value),
    }
}

fn writes(value: &Value) -> bool {
    value
        .alternatives()
        .iter()
        .any(|v| text::prefix(v).contains(['w', 'a', 'x', '+']))
}

/// Whether a text begins like an SQL statement.
fn is_sql(text: &str) -> bool {
    let mut words = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '(')
        .split_whitespace();
    let first = words.next().unwrap_or("").to_ascii_uppercase();
    let second = words.next().unwrap_or("").to_ascii_uppercase();
    match first.as_str() {
        "SELECT" | "DELETE" | "WITH" | "EXPLAIN" | "PRAGMA" | "GRANT" | "REVOKE" | "TRUNCATE"
        | "CALL" => true,
        "INSERT" | "REPLACE" => second == "INTO" || second == "OR" || second == "IGNORE",
        "UPDATE" | "EXEC" | "EXECUTE" | "SHOW" | "DESCRIBE" | "MERGE" => {
            !second.is_empty() || text.ends_with(' ')
        }
        "CREATE" | "DROP" | "ALTER" => matches!(
            second.as_str(),
            "TABLE"
                | "DATABASE"
                | "INDEX"
                | "VIEW"
                | "USER"
                | "ROLE"
                | "SCHEMA"
                | "TRIGGER"
                | "TEMP"
                | "TEMPORARY"
                | "UNIQUE"
                | "FUNCTION"
                | "PROCEDURE"
                | "OR"
                | "SEQUENCE"
                | "EXTENSION"
        ),
        _ => false,
    }
}
