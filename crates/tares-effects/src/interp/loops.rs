//! Loops and comprehensions: laid out where the items are few and known, else run once or
//! twice on what all items have in common.

use super::args::Args;
use super::{Exp, Flow, Interp};
use crate::value::{Key, Kind, SeqSort, Taint, Value, Why, join};
use tares_lang::Tree;
use tares_lang::tree::{Block, ComprehensionKind, Expr, Exprs};

/// Most rounds of a loop that are laid out.
const MAX_ROUNDS: usize = 256;
/// Most nodes that laying out a loop may cost.
const MAX_LAYOUT: usize = 8_000;

impl Interp<'_> {
    pub(crate) fn for_stmt(
        &mut self,
        t: &Tree,
        target: Exp,
        iter: Exp,
        body: Block,
        other: Block,
        keys: bool,
    ) -> Flow {
        let value = self.eval(t, iter);
        let value = if keys { self.keys_of(&value) } else { value };
        let span = t.span(target);
        let size = block_size(t, body);
        if let Some(items) = self.items(&value)
            && items.len() <= MAX_ROUNDS
            && items.len() * size <= MAX_LAYOUT
        {
            self.open(true);
            for item in items {
                self.assign(t, target, item, span);
                if let Some(flow) = self.round(t, body) {
                    return self.close(flow);
                }
            }
            return self.ran_through(t, other);
        }
        let item = self.item_of(&value);
        self.open(true);
        self.some_rounds(t, body, false, |s| s.assign(t, target, item.clone(), span));
        self.close(Flow::Next);
        if other.len > 0 {
            self.optional(t, other);
        }
        Flow::Next
    }

    /// Runs one round of a loop that is laid out; returns how the loop ended, if it did.
    fn round(&mut self, t: &Tree, body: Block) -> Option<Flow> {
        let flow = self.scoped(t, body);
        match self.end_round(flow) {
            Flow::Break => Some(Flow::Next),
            Flow::End => Some(Flow::End),
            Flow::Next | Flow::Continue => None,
        }
    }

    /// Ends a loop that ran to its end, if no path left it: `else` follows.
    fn ran_through(&mut self, t: &Tree, other: Block) -> Flow {
        let is_left = self.is_left();
        self.close(Flow::Next);
        if is_left {
            self.optional(t, other);
            return Flow::Next;
        }
        self.scoped(t, other)
    }

    pub(crate) fn while_stmt(
        &mut self,
        t: &Tree,
        test: Exp,
        body: Block,
        other: Block,
        test_last: bool,
    ) -> Flow {
        let size = block_size(t, body);
        let rounds = MAX_ROUNDS.min(MAX_LAYOUT / size.max(1)).max(1);
        self.open(true);
        if test_last && let Some(flow) = self.round(t, body) {
            return self.close(flow);
        }
        for _ in 0..rounds {
            let endless = matches!(t.expr(test), Expr::Bool(true) | Expr::Int(1));
            let value = self.eval(t, test);
            match self.certain(t, test, &value) {
                Some(false) => return self.ran_through(t, other),
                Some(true) if !endless => {
                    if let Some(flow) = self.round(t, body) {
                        return self.close(flow);
                    }
                }
                _ => {
                    let flow = self.some_rounds(t, body, endless, |s| s.narrow(t, test, true));
                    let flow = self.close(flow.unwrap_or(Flow::Next));
                    if flow != Flow::Next {
                        return flow;
                    }
                    if other.len > 0 {
                        self.optional(t, other);
                    }
                    return Flow::Next;
                }
            }
        }
        self.some_rounds(t, body, false, |_| {});
        self.close(Flow::Next)
    }

    /// Runs a body none, one or several times: what it writes is joined with what was there,
    /// and a second round sees what the first one left. A body that certainly runs and is left
    /// on every path ends the loop; then its flow is returned.
    fn some_rounds(
        &mut self,
        t: &Tree,
        body: Block,
        certain: bool,
        mut enter: impl FnMut(&mut Self),
    ) -> Option<Flow> {
        for round in 0..2 {
            let mark = self.journal.begin();
            enter(self);
            let flow = self.scoped(t, body);
            let flow = self.end_round(flow);
            let writes = self.journal.rollback(mark);
            if certain && round == 0 && matches!(flow, Flow::Break | Flow::End) {
                self.journal.merge(Some(writes), None);
                let left = if flow == Flow::Break {
                    Flow::Next
                } else {
                    flow
                };
                return Some(left);
            }
            // A second round shows more only where the first one left labels that it may read.
            let again = round == 0
                && flow != Flow::End
                && writes.iter().any(|(_, state)| carries_labels(state));
            self.journal.merge(Some(writes), Some(Vec::new()));
            if !again {
                break;
            }
        }
        None
    }

    /// Runs a block that may or may not run.
    pub(crate) fn optional(&mut self, t: &Tree, block: Block) {
        let mark = self.journal.begin();
        let flow = self.scoped(t, block);
        let writes = self.journal.rollback(mark);
        if flow == Flow::Next {
            self.journal.merge(Some(writes), Some(Vec::new()));
        } else {
            self.leave(flow, writes);
        }
    }

    /// Returns what all items of a value have in common.
    pub(crate) fn item_of(&mut self, value: &Value) -> Value {
        let joined =
            |values: &mut dyn Iterator<Item = Value>| values.reduce(|a, b| join::join(&a, &b));
        let item = match &value.kind {
            Kind::Seq(seq) => {
                let items = seq.items.borrow();
                let rest = seq.rest.borrow();
                joined(&mut items.iter().chain(rest.iter()).cloned())
            }
            Kind::Object(_) => match self.special(value, "__iter__", Args::default()) {
                Some(iterator) if matches!(iterator.kind, Kind::Object(_)) => {
                    ["__next__", "__anext__"]
                        .into_iter()
                        .find_map(|name| self.special(&iterator, name, Args::default()))
                }
                Some(iterator) => return self.item_of(&iterator),
                None => self.special(value, "__next__", Args::default()),
            },
            Kind::Map(map) => joined(&mut map.entries.borrow().iter().map(|(k, _)| k.value())),
            Kind::OneOf(values) => {
                let values: Vec<Value> = values.iter().map(|v| self.item_of(v)).collect();
                joined(&mut values.into_iter())
            }
            Kind::Api(path) => {
                let path = self.paths.item(*path);
                return self.api_value(path, &value.taint);
            }
            Kind::Instance(instance) => {
                let path = self.paths.item(instance.path);
                return self.api_value(path, &value.taint);
            }
            _ => None,
        };
        let taint = value.deep_taint();
        item.unwrap_or_else(|| Value::unknown(Why::Loop))
            .tainted(&taint)
    }

    /// Returns the keys of a map, or the indices of a sequence, as `for … in` takes them.
    fn keys_of(&mut self, value: &Value) -> Value {
        match &value.kind {
            Kind::Map(map) => map.keys().tainted(&value.taint),
            Kind::Seq(seq) if seq.rest.borrow().is_none() => {
                let n = seq.items.borrow().len();
                Value::seq(
                    SeqSort::List,
                    (0..n).map(|i| Value::str(i.to_string())).collect(),
                )
            }
            _ => Value::unknown_with(Why::Loop, value.deep_taint()),
        }
    }

    pub(crate) fn comprehension(
        &mut self,
        t: &Tree,
        kind: ComprehensionKind,
        element: Exp,
        clauses: Exprs,
    ) -> Value {
        let mut out = Collected {
            values: Vec::new(),
            open: false,
            taint: Taint::NONE,
            left: MAX_LAYOUT,
        };
        let scope = super::scope::Scope::new(
            super::scope::ScopeKind::Block,
            Some(std::rc::Rc::clone(&self.frame.scope)),
        );
        let outer = std::mem::replace(&mut self.frame.scope, scope);
        self.clause(t, t.exprs(clauses), element, &mut out);
        self.frame.scope = outer;
        let Collected {
            values,
            open,
            taint,
            ..
        } = out;
        if kind == ComprehensionKind::Map {
            let mut entries: Vec<(Key, Value)> = Vec::new();
            let mut rest = open.then(|| Value::unknown(Why::Loop));
            for pair in values {
                let (key, value) = split_pair(&pair);
                match key.as_key() {
                    Some(key) => {
                        entries.retain(|(k, _)| *k != key);
                        entries.push((key, value));
                    }
                    None => rest = Some(rest.map_or(value.clone(), |r| join::join(&r, &value))),
                }
            }
            return Value::map(entries, rest).tainted(&taint);
        }
        let sort = if kind == ComprehensionKind::Set {
            SeqSort::Set
        } else {
            SeqSort::List
        };
        if open {
            let rest = values
                .into_iter()
                .reduce(|a, b| join::join(&a, &b))
                .unwrap_or_else(|| Value::unknown(Why::Loop));
            return Value::seq_with(sort, Vec::new(), Some(rest)).tainted(&taint);
        }
        Value::seq(sort, values).tainted(&taint)
    }

    fn clause(&mut self, t: &Tree, clauses: &[Exp], element: Exp, out: &mut Collected) {
        let Some((&first, rest)) = clauses.split_first() else {
            if !self.step() || out.left == 0 {
                out.open = true;
                return;
            }
            out.left -= 1;
            let value = match t.expr(element) {
                Expr::Pair { key, value } => {
                    let (key, value) = (self.eval(t, *key), self.eval(t, *value));
                    Value::seq(SeqSort::Tuple, vec![key, value])
                }
                _ => self.eval(t, element),
            };
            out.values.push(value);
            return;
        };
        let Expr::Clause { target, value } = t.expr(first) else {
            return self.clause(t, rest, element, out);
        };
        let known = self.eval(t, *value);
        let Some(target) = *target else {
            match self.truth(&known) {
                Some(true) => self.clause(t, rest, element, out),
                Some(false) => {}
                None => {
                    out.open = true;
                    let mark = self.journal.begin();
                    self.narrow(t, *value, true);
                    self.clause(t, rest, element, out);
                    let writes = self.journal.rollback(mark);
                    self.journal.merge(Some(writes), Some(Vec::new()));
                }
            }
            return;
        };
        let span = t.span(target);
        match self.items(&known) {
            Some(items) if items.len() <= MAX_ROUNDS * 4 && items.len() <= out.left => {
                for item in items {
                    self.declare(t, target, item, span);
                    self.clause(t, rest, element, out);
                }
            }
            _ => {
                out.open = true;
                let item = self.item_of(&known);
                out.taint = out.taint.merge(&known.taint);
                self.declare(t, target, item, span);
                self.clause(t, rest, element, out);
            }
        }
    }
}

/// Returns all items of a value that has few and known ones.
pub(crate) fn known_items(value: &Value) -> Option<Vec<Value>> {
    match &value.kind {
        Kind::Seq(seq) if seq.rest.borrow().is_none() => {
            let items = seq.items.borrow();
            Some(
                items
                    .iter()
                    .map(|v| v.clone().tainted(&value.taint))
                    .collect(),
            )
        }
        Kind::Map(map) if map.rest.borrow().is_none() => Some(
            map.entries
                .borrow()
                .iter()
                .map(|(k, _)| k.value())
                .collect(),
        ),
        Kind::Str(text) if text.len() <= 4096 => Some(
            text.chars()
                .map(|c| Value::str(c.to_string()).tainted(&value.taint))
                .collect(),
        ),
        Kind::Bytes(bytes) if bytes.len() <= 4096 => Some(
            bytes
                .iter()
                .map(|&b| Value::int(i64::from(b)).tainted(&value.taint))
                .collect(),
        ),
        _ => None,
    }
}

struct Collected {
    values: Vec<Value>,
    open: bool,
    taint: Taint,
    left: usize,
}

fn split_pair(pair: &Value) -> (Value, Value) {
    match &pair.kind {
        Kind::Seq(seq) if seq.items.borrow().len() == 2 => {
            let items = seq.items.borrow();
            (items[0].clone(), items[1].clone())
        }
        _ => (Value::unknown(Why::Loop), pair.clone()),
    }
}

/// Returns the rough number of nodes of a block, from its spans.
fn block_size(t: &Tree, block: Block) -> usize {
    let ids = t.block(block);
    let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
        return 0;
    };
    // About eight bytes of source stand for one node.
    (t.stmt_span(last)
        .end
        .saturating_sub(t.stmt_span(first).start)
        / 8) as usize
        + ids.len()
}

/// Whether what a path left somewhere came from outside.
fn carries_labels(state: &super::scope::State) -> bool {
    let own = tares_model::LabelSet::of(tares_model::Label::Parameter);
    let labelled = |value: &Value| !value.taint.labels().without(own).is_empty();
    match state {
        super::scope::State::Value(value) => value.as_ref().is_some_and(labelled),
        super::scope::State::Items(items, rest) => items.iter().chain(rest).any(labelled),
        super::scope::State::Entries(entries, rest) => entries
            .iter()
            .map(|(_, value)| value)
            .chain(rest)
            .any(labelled),
    }
}
