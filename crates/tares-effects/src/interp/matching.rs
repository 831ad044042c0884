//! Patterns of `match`, and the values of `switch`.

use super::{Exp, Interp};
use crate::value::{Key, Kind, SeqSort, Value, Why, join};
use tares_lang::Tree;
use tares_lang::tree::{Case, CompareOp, Expr};

impl Interp<'_> {
    /// Returns whether a case is taken, as far as that is known, and whether it takes anything.
    pub(super) fn case_matches(
        &mut self,
        t: &Tree,
        value: &Value,
        case: &Case,
    ) -> (Option<bool>, bool) {
        let tests = t.exprs(case.tests);
        if tests.is_empty() {
            return match case.guard {
                // `case _ if …` is taken or not as its guard says.
                Some(_) => (None, false),
                None => (None, true),
            };
        }
        let mut any = Some(false);
        for &test in tests {
            let one = if self.is_python() {
                self.matches(t, test, value)
            } else {
                let known = self.eval(t, test);
                join::equal(value, &known)
            };
            any = either(any, one);
            if any == Some(true) {
                break;
            }
        }
        let catches_all = matches!(tests, [only] if matches!(t.expr(*only), Expr::Name(_)));
        if let Some(guard) = case.guard.filter(|_| any != Some(false)) {
            let held = self.eval(t, guard);
            let certain = self.certain(t, guard, &held);
            return (both(any, certain), false);
        }
        (any, catches_all && self.is_python() && case.guard.is_none())
    }

    /// Returns whether a value fits a pattern; gives the names in it their values.
    fn matches(&mut self, t: &Tree, pattern: Exp, value: &Value) -> Option<bool> {
        let value = &self.force(value);
        match t.expr(pattern) {
            Expr::Name(_) => {
                self.assign(t, pattern, value.clone(), t.span(pattern));
                Some(true)
            }
            Expr::Ellipsis => Some(true),
            Expr::Set(choices) => {
                let mut any = Some(false);
                for &choice in t.exprs(*choices) {
                    any = either(any, self.matches(t, choice, value));
                }
                any
            }
            Expr::Assign {
                target,
                value: inner,
                ..
            } => {
                let fits = self.matches(t, *inner, value);
                self.assign(t, *target, value.clone(), t.span(*target));
                fits
            }
            Expr::List(parts) => self.matches_sequence(t, t.exprs(*parts), value),
            Expr::Map(parts) => self.matches_mapping(t, t.exprs(*parts), value),
            Expr::Call { callee, args, .. } => {
                self.matches_class(t, *callee, t.exprs(*args), value)
            }
            Expr::Other(_) => None,
            _ => {
                let known = self.eval(t, pattern);
                let answer = self.compared(CompareOp::Equal, value, &known);
                answer.truth(false)
            }
        }
    }

    fn matches_sequence(&mut self, t: &Tree, parts: &[Exp], value: &Value) -> Option<bool> {
        let value = self.plain(value);
        let star = parts
            .iter()
            .position(|&e| matches!(t.expr(e), Expr::Spread(_)));
        let known = match &value.kind {
            Kind::Seq(seq) if seq.sort != SeqSort::Set => self.items(&value),
            Kind::Map(_) => return Some(false),
            _ if value.is_scalar() => return Some(false),
            _ => None,
        };
        let Some(items) = known else {
            for (i, &part) in parts.iter().enumerate() {
                let item = if star.is_some_and(|at| i >= at) {
                    self.item_of(&value)
                } else {
                    self.index(&value, &Value::int(i as i64), t.span(part))
                };
                self.matches_part(t, part, item);
            }
            return None;
        };
        let least = parts.len() - usize::from(star.is_some());
        if items.len() < least || (star.is_none() && items.len() != least) {
            return Some(false);
        }
        let mut all = Some(true);
        let more = items.len() - least;
        for (i, &part) in parts.iter().enumerate() {
            let one = match star {
                Some(at) if i == at => {
                    let taken = items[at..at + more].to_vec();
                    self.matches_part(t, part, Value::seq(SeqSort::List, taken))
                }
                Some(at) if i > at => self.matches(t, part, &items[i + more - 1]),
                _ => self.matches(t, part, &items[i]),
            };
            all = both(all, one);
        }
        all
    }

    /// Matches a part, or gives what is left to the name behind a star.
    fn matches_part(&mut self, t: &Tree, part: Exp, value: Value) -> Option<bool> {
        match t.expr(part) {
            Expr::Spread(name) | Expr::SpreadMap(name) => {
                if matches!(t.expr(*name), Expr::Name(_)) {
                    let list = match value.kind {
                        Kind::Seq(_) | Kind::Map(_) => value,
                        _ => Value::seq_with(SeqSort::List, Vec::new(), Some(value)),
                    };
                    self.assign(t, *name, list, t.span(*name));
                }
                Some(true)
            }
            _ => self.matches(t, part, &value),
        }
    }

    fn matches_mapping(&mut self, t: &Tree, parts: &[Exp], value: &Value) -> Option<bool> {
        let value = self.plain(value);
        if value.is_scalar() || matches!(value.kind, Kind::Seq(_)) {
            return Some(false);
        }
        let mut all = matches!(value.kind, Kind::Map(_)).then_some(true);
        let mut used: Vec<Key> = Vec::new();
        for &part in parts {
            match t.expr(part) {
                Expr::Pair {
                    key,
                    value: pattern,
                } => {
                    let key = self.eval(t, *key);
                    used.extend(key.as_key());
                    let (found, open) = match (&value.kind, key.as_key()) {
                        (Kind::Map(map), Some(key)) => (map.get(&key), map.rest.borrow().is_some()),
                        _ => (None, true),
                    };
                    if found.is_none() && !open {
                        return Some(false);
                    }
                    let certain = found.is_some();
                    let item = found.unwrap_or_else(|| self.index(&value, &key, t.span(part)));
                    let fits = self.matches(t, *pattern, &item);
                    all = both(all, if certain { fits } else { fits.filter(|b| !b) });
                }
                _ => {
                    let rest = match &value.kind {
                        Kind::Map(map) => {
                            let entries = map.entries.borrow();
                            let left = entries.iter().filter(|(k, _)| !used.contains(k));
                            Value::map(left.cloned().collect(), map.rest.borrow().clone())
                        }
                        _ => Value::unknown_with(Why::Reflection, value.deep_taint()),
                    };
                    if let Expr::SpreadMap(name) = t.expr(part) {
                        self.assign(t, *name, rest, t.span(part));
                    }
                }
            }
        }
        all
    }

    fn matches_class(
        &mut self,
        t: &Tree,
        callee: Exp,
        parts: &[Exp],
        value: &Value,
    ) -> Option<bool> {
        let class = self.eval(t, callee);
        let is_a = self.is_instance(value, &class);
        if is_a == Some(false) {
            return is_a;
        }
        let names = match &class.kind {
            Kind::Class(class) => self.positional_names(class),
            _ => Vec::new(),
        };
        let mut all = is_a;
        for (i, &part) in parts.iter().enumerate() {
            let span = t.span(part);
            let (item, pattern) = match t.expr(part) {
                Expr::Keyword { name, value: inner } => {
                    (self.attr(value, None, *name, span), *inner)
                }
                _ => match names.get(i) {
                    Some(&name) => (self.attr(value, None, name, span), part),
                    // `int(x)` takes the value itself.
                    None if matches!(class.kind, Kind::Api(_)) => (value.clone(), part),
                    None => (
                        Value::unknown_with(Why::Operation, value.deep_taint()),
                        part,
                    ),
                },
            };
            all = both(all, self.matches(t, pattern, &item));
        }
        all
    }

    /// Returns the attributes that the positions of a class pattern stand for.
    fn positional_names(
        &mut self,
        class: &std::rc::Rc<super::class::ClassVal>,
    ) -> Vec<tares_lang::Sym> {
        let listed = self.interner.find("__match_args__");
        match listed.and_then(|name| class.member(name)).map(|v| v.kind) {
            Some(Kind::Seq(seq)) => {
                let texts = seq.items.borrow().clone();
                let names = texts.iter().filter_map(Value::as_str);
                names.map(|text| self.interner.intern(text)).collect()
            }
            _ => self.record_fields(class),
        }
    }

    /// Returns whether a value is an instance of a class, where that is known.
    pub(crate) fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        match (&value.kind, &class.kind) {
            (_, Kind::Seq(choices)) => {
                let choices = choices.items.borrow();
                let answers = choices.iter().map(|c| self.is_instance(value, c));
                answers.fold(Some(false), either)
            }
            (Kind::Object(object), Kind::Class(class)) => {
                if object.class.is_a(class) {
                    Some(true)
                } else {
                    (!object.weak && object.class.api_base().is_none()).then_some(false)
                }
            }
            (_, Kind::Class(_)) if value.is_scalar() => Some(false),
            (_, Kind::Api(path)) => {
                let name = self.paths.text(*path);
                let types: &[&str] = match &value.kind {
                    Kind::Str(_) => &["str", "object"],
                    Kind::Int(_) => &["int", "object"],
                    Kind::Bool(_) => &["bool", "int", "object"],
                    Kind::Float(_) => &["float", "object"],
                    Kind::Bytes(_) => &["bytes", "object"],
                    Kind::Null => &["object"],
                    Kind::Map(map) if map.behind.borrow().is_none() => &["dict", "object"],
                    Kind::Seq(seq) => match seq.sort {
                        SeqSort::Tuple => &["tuple", "object"],
                        SeqSort::Set => &["set", "object"],
                        // Iterators are kept as lists, so what is no list is not known.
                        SeqSort::List if &**name == "list" => &["list"],
                        SeqSort::List | SeqSort::Buffer => return None,
                    },
                    _ => return None,
                };
                let builtin = matches!(
                    &**name,
                    "str"
                        | "int"
                        | "bool"
                        | "float"
                        | "bytes"
                        | "dict"
                        | "tuple"
                        | "list"
                        | "set"
                        | "object"
                );
                builtin.then(|| types.contains(&&**name))
            }
            _ => None,
        }
    }
}

fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
