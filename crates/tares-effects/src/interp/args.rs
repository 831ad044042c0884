//! Arguments of a call.

use crate::value::{Kind, SeqSort, Taint, Value, Why};
use std::sync::Arc;
use tares_model::Span;

/// Arguments as values. Spread sequences and maps of known content are laid out already.
#[derive(Clone, Default)]
pub(crate) struct Args {
    /// Positional, with the span of each in the calling unit.
    pub(crate) pos: Vec<(Value, Span)>,
    /// By name.
    pub(crate) named: Vec<(Arc<str>, Value, Span)>,
    /// Set when further positional arguments may follow.
    pub(crate) more: Option<Value>,
    /// Set when further named arguments may follow.
    pub(crate) more_named: Option<Value>,
}

impl Args {
    /// Returns these arguments with further ones behind them.
    pub(crate) fn with(&self, mut further: Self) -> Self {
        let mut all = self.clone();
        all.pos.append(&mut further.pos);
        all.named.append(&mut further.named);
        all.more = further.more.or(all.more);
        all.more_named = further.more_named.or(all.more_named);
        all
    }

    pub(crate) fn of(values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            pos: values.into_iter().map(|v| (v, Span::default())).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn get(&self, i: usize) -> Option<&Value> {
        self.pos.get(i).map(|(v, _)| v)
    }

    pub(crate) fn name(&self, name: &str) -> Option<&Value> {
        self.named
            .iter()
            .rev()
            .find(|(n, ..)| &**n == name)
            .map(|(_, v, _)| v)
    }

    /// Returns the argument at a position or with a name.
    pub(crate) fn at(&self, i: usize, name: &str) -> Option<&Value> {
        self.get(i).or_else(|| self.name(name))
    }

    pub(crate) fn len(&self) -> usize {
        self.pos.len()
    }

    /// Whether nothing is left open.
    pub(crate) fn is_closed(&self) -> bool {
        self.more.is_none() && self.more_named.is_none()
    }

    /// Returns all values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        let pos = self.pos.iter().map(|(v, _)| v);
        pos.chain(self.named.iter().map(|(_, v, _)| v))
            .chain(&self.more)
            .chain(&self.more_named)
    }

    /// Returns the union of the taint of all arguments, items of containers included.
    pub(crate) fn taint(&self) -> Taint {
        self.values()
            .fold(Taint::NONE, |taint, value| taint.merge(&value.deep_taint()))
    }

    /// Adds the items of a spread sequence.
    pub(crate) fn spread(&mut self, value: &Value, span: Span) {
        match &value.kind {
            Kind::Seq(seq) => {
                self.pos
                    .extend(seq.items.borrow().iter().map(|v| (v.clone(), span)));
                if let Some(rest) = &*seq.rest.borrow() {
                    self.more = Some(rest.clone());
                }
            }
            _ => self.more = Some(Value::unknown_with(Why::Reflection, value.deep_taint())),
        }
    }

    /// Adds the entries of a spread map.
    pub(crate) fn spread_map(&mut self, value: &Value, span: Span) {
        match &value.kind {
            Kind::Map(map) => {
                for (key, value) in map.entries.borrow().iter() {
                    if let crate::value::Key::Text(name) = key {
                        self.named.push((Arc::clone(name), value.clone(), span));
                    }
                }
                if let Some(rest) = &*map.rest.borrow() {
                    self.more_named = Some(rest.clone());
                }
            }
            // One alternative that is known to be empty leaves everything at its default.
            Kind::OneOf(values) if values.iter().any(is_empty_map) => {}
            _ => self.more_named = Some(Value::unknown_with(Why::Reflection, value.deep_taint())),
        }
    }

    /// Returns the positional arguments from `i` on as a tuple.
    pub(crate) fn tuple_from(&self, i: usize) -> Value {
        let items = self.pos.iter().skip(i).map(|(v, _)| v.clone()).collect();
        Value::seq_with(SeqSort::Tuple, items, self.more.clone())
    }
}

fn is_empty_map(value: &Value) -> bool {
    matches!(&value.kind, Kind::Map(map)
        if map.entries.borrow().is_empty() && map.rest.borrow().is_none())
}
