//! Python's `itertools`, `heapq`, `bisect` and `operator` on known values.

use super::{int_at, list};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::scope::Slot;
use crate::value::{Kind, SeqSort, Value, Why};
use std::rc::Rc;
use tares_lang::tree::{BinaryOp, CompareOp, UnaryOp};

/// Most items that an endless iterator gives.
const MAX_ENDLESS: usize = 64;
/// Most items that a product or a permutation gives.
const MAX_PRODUCT: usize = 256;

/// Folds a call.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let (module, name) = path.split_once('.')?;
    match module {
        "itertools" => endless(interp, name, site.args)
            .or_else(|| chosen(interp, name, site))
            .or_else(|| combined(interp, name, site)),
        "heapq" | "bisect" => ordered(interp, name, site),
        "operator" | "_operator" => operator(interp, name.trim_matches('_'), site),
        _ => None,
    }
}

/// Iterators without an end: as many items as anything takes of them, and more may follow.
fn endless(interp: &mut Interp<'_>, name: &str, args: &Args) -> Option<Value> {
    match name {
        "count" => {
            let start = args.at(0, "start").map_or(Some(0), Value::as_int)?;
            let step = args.at(1, "step").map_or(Some(1), Value::as_int)?;
            let numbers = std::iter::successors(Some(start), |n| n.checked_add(step));
            Some(list(numbers.take(MAX_ENDLESS).map(Value::int).collect()))
        }
        "repeat" => {
            let times = args
                .at(1, "times")
                .map_or(Some(MAX_ENDLESS as i64), Value::as_int)?;
            let times = usize::try_from(times).ok().filter(|n| *n <= MAX_PRODUCT)?;
            Some(list(vec![args.get(0)?.clone(); times]))
        }
        "cycle" => {
            let items = interp.items(args.get(0)?)?;
            let round = items.iter().cycle().take(MAX_ENDLESS.max(items.len()));
            Some(list(round.cloned().collect()))
        }
        _ => None,
    }
}

/// Parts of what is iterated over.
fn chosen(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    match name {
        "chain.from_iterable" => {
            let mut all = Vec::new();
            for inner in interp.items(args.get(0)?)? {
                all.extend(interp.items(&inner)?);
            }
            Some(list(all))
        }
        "islice" => {
            let items = list(interp.items(args.get(0)?)?);
            let null = || Value::new(Kind::Null);
            let part = |i: usize| args.get(i).cloned().unwrap_or_else(null);
            let parts = match args.len() {
                2 => [null(), part(1), null()],
                _ => [part(1), part(2), part(3)],
            };
            let picked = super::sequence::slice(&items, &parts);
            matches!(picked.kind, Kind::Seq(_)).then_some(picked)
        }
        "takewhile" | "dropwhile" | "filterfalse" => {
            let test = args.get(0)?.clone();
            let mut out = Vec::new();
            let mut dropping = true;
            for item in interp.items(args.get(1)?)? {
                let holds = if matches!(test.kind, Kind::Null) {
                    interp.truth(&item)?
                } else {
                    let answer = interp.call(&test, Args::of([item.clone()]), site.span);
                    interp.truth(&answer)?
                };
                match name {
                    "takewhile" if !holds => break,
                    "filterfalse" if holds => continue,
                    "dropwhile" if dropping && holds => continue,
                    _ => dropping = false,
                }
                out.push(item);
            }
            Some(list(out))
        }
        "compress" => {
            let items = interp.items(args.get(0)?)?;
            let picks = interp.items(args.get(1)?)?;
            let mut out = Vec::new();
            for (item, pick) in items.into_iter().zip(picks) {
                if interp.truth(&pick)? {
                    out.push(item);
                }
            }
            Some(list(out))
        }
        _ => None,
    }
}

/// Items put together anew.
fn combined(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let tuple = |items: Vec<Value>| Value::seq(SeqSort::Tuple, items);
    match name {
        "product" => {
            let repeat = args.name("repeat").map_or(Some(1), Value::as_int)?;
            let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
            for _ in 0..repeat.min(16) {
                for (column, _) in &args.pos {
                    let column = interp.items(column)?;
                    let next = rows.iter().flat_map(|row| {
                        let more = column
                            .iter()
                            .map(|v| [row.clone(), vec![v.clone()]].concat());
                        more.collect::<Vec<_>>()
                    });
                    rows = next.take(MAX_PRODUCT).collect();
                }
            }
            Some(list(rows.into_iter().map(tuple).collect()))
        }
        "permutations" | "combinations" => {
            let items = interp.items(args.get(0)?)?;
            let length = args
                .at(1, "r")
                .map_or(Some(items.len() as i64), Value::as_int)?;
            let length = usize::try_from(length).ok().filter(|n| *n <= 8)?;
            let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
            for _ in 0..length {
                let next = rows.iter().flat_map(|row| {
                    let free = |i: &usize| match name {
                        "permutations" => !row.contains(i),
                        _ => row.last().is_none_or(|last| i > last),
                    };
                    let places = (0..items.len()).filter(free);
                    places
                        .map(|i| [row.clone(), vec![i]].concat())
                        .collect::<Vec<_>>()
                });
                rows = next.take(MAX_PRODUCT).collect();
            }
            let pick = |row: Vec<usize>| tuple(row.into_iter().map(|i| items[i].clone()).collect());
            Some(list(rows.into_iter().map(pick).collect()))
        }
        "accumulate" => {
            let step = args.at(1, "func").cloned();
            let mut out: Vec<Value> = args.name("initial").cloned().into_iter().collect();
            for item in interp.items(args.get(0)?)? {
                let next = match (out.last().cloned(), &step) {
                    (None, _) => item,
                    (Some(last), Some(step)) => {
                        interp.call(step, Args::of([last, item]), site.span)
                    }
                    (Some(last), None) => interp.binary(BinaryOp::Add, &last, &item),
                };
                out.push(next);
            }
            Some(list(out))
        }
        "groupby" => {
            let by = args
                .at(1, "key")
                .cloned()
                .filter(|k| !matches!(k.kind, Kind::Null));
            let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
            for item in interp.items(args.get(0)?)? {
                let key = match &by {
                    Some(by) => interp.call(by, Args::of([item.clone()]), site.span),
                    None => item.clone(),
                };
                match groups.last_mut() {
                    Some((last, group)) if crate::value::join::equal(last, &key) == Some(true) => {
                        group.push(item);
                    }
                    _ => groups.push((key, vec![item])),
                }
            }
            let pair = |(key, group)| tuple(vec![key, list(group)]);
            Some(list(groups.into_iter().map(pair).collect()))
        }
        "tee" => {
            let items = interp.items(args.get(0)?)?;
            let n = args.at(1, "n").map_or(Some(2), Value::as_int)?;
            let n = usize::try_from(n).ok().filter(|n| *n <= 16)?;
            Some(tuple((0..n).map(|_| list(items.clone())).collect()))
        }
        "pairwise" => {
            let items = interp.items(args.get(0)?)?;
            let pairs = items.windows(2).map(|pair| tuple(pair.to_vec()));
            Some(list(pairs.collect()))
        }
        _ => None,
    }
}

/// `heapq` and `bisect`: lists that stay in order.
fn ordered(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    if matches!(name, "nsmallest" | "nlargest") {
        let mut items = sorted(interp.items(args.get(1)?)?)?;
        if name == "nlargest" {
            items.reverse();
        }
        items.truncate(usize::try_from(int_at(args, 0)?).ok()?);
        return Some(list(items));
    }
    let Kind::Seq(seq) = &args.get(0)?.kind else {
        return None;
    };
    let seq = Rc::clone(seq);
    if seq.rest.borrow().is_some() {
        return None;
    }
    interp.journal.touch(Slot::Seq(Rc::clone(&seq)));
    let mut items = seq.items.borrow().clone();
    let mut taken = Value::new(Kind::Null);
    match name {
        "heappush" | "insort" | "insort_left" | "insort_right" => items.push(args.get(1)?.clone()),
        "heapify" | "heappop" => {}
        "heappushpop" => items.push(args.get(1)?.clone()),
        _ => return None,
    }
    // What cannot be put in order is there all the same.
    let in_order = sorted(items.clone());
    let known = in_order.is_some();
    items = in_order.unwrap_or(items);
    if matches!(name, "heappop" | "heappushpop") {
        if items.is_empty() {
            return None;
        }
        taken = if known {
            items.remove(0)
        } else {
            items
                .iter()
                .cloned()
                .reduce(|a, b| crate::value::join::join(&a, &b))?
        };
    }
    *seq.items.borrow_mut() = items;
    Some(taken)
}

/// Sorts values that can all be compared.
pub(crate) fn sorted(items: Vec<Value>) -> Option<Vec<Value>> {
    let mut out: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let mut at = out.len();
        while at > 0 && super::operator::compare(false, CompareOp::Less, &item, &out[at - 1])? {
            at -= 1;
        }
        out.insert(at, item);
    }
    Some(out)
}

/// Operators as functions.
fn operator(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let (a, b) = (args.get(0)?.clone(), args.get(1).cloned());
    if let Some(op) = binary_of(
        name.strip_prefix('i')
            .filter(|n| binary_of(n).is_some())
            .unwrap_or(name),
    ) {
        let b = b?;
        let in_place = name.starts_with('i') && matches!(a.kind, Kind::Seq(_));
        if in_place && op == BinaryOp::Add {
            let extend = interp.interner.intern("extend");
            interp.method(&a, None, extend, Args::of([b]), site.span, false);
            return Some(a);
        }
        return Some(interp.binary(op, &a, &b));
    }
    let compared = match name {
        "eq" => Some(CompareOp::Equal),
        "ne" => Some(CompareOp::NotEqual),
        "lt" => Some(CompareOp::Less),
        "le" => Some(CompareOp::LessEqual),
        "gt" => Some(CompareOp::Greater),
        "ge" => Some(CompareOp::GreaterEqual),
        "is" => Some(CompareOp::Identical),
        "is_not" => Some(CompareOp::NotIdentical),
        _ => None,
    };
    if let Some(op) = compared {
        return Some(interp.compared(op, &a, &b?));
    }
    match name {
        "contains" => Some(interp.compared(CompareOp::In, &b?, &a)),
        "not" => interp.truth(&a).map(|b| Value::bool(!b)),
        "truth" => interp.truth(&a).map(Value::bool),
        "neg" => Some(interp.prefixed(UnaryOp::Minus, &a)),
        "pos" => Some(interp.prefixed(UnaryOp::Plus, &a)),
        "inv" | "invert" => Some(interp.prefixed(UnaryOp::Invert, &a)),
        "index" => Some(interp.as_index(&a)),
        "getitem" => Some(interp.index(&a, &b?, site.span)),
        "setitem" => {
            interp.set_index(&a, &b?, args.get(2)?.clone(), site.span);
            Some(Value::new(Kind::Null))
        }
        "delitem" => {
            let pop = interp.interner.intern("pop");
            interp.method(&a, None, pop, Args::of([b?]), site.span, false);
            Some(Value::new(Kind::Null))
        }
        "length_hint" => Some(Value::unknown(Why::Operation)),
        "call" => {
            let mut rest = args.clone();
            rest.pos.remove(0);
            Some(interp.call(&a, rest, site.span))
        }
        _ => None,
    }
}

fn binary_of(name: &str) -> Option<BinaryOp> {
    Some(match name {
        "add" | "concat" => BinaryOp::Add,
        "sub" => BinaryOp::Sub,
        "mul" => BinaryOp::Mul,
        "truediv" => BinaryOp::Div,
        "floordiv" => BinaryOp::FloorDiv,
        "mod" => BinaryOp::Mod,
        "pow" => BinaryOp::Pow,
        "and" | "and_" => BinaryOp::BitAnd,
        "or" | "or_" => BinaryOp::BitOr,
        "xor" => BinaryOp::BitXor,
        "lshift" => BinaryOp::ShiftLeft,
        "rshift" => BinaryOp::ShiftRight,
        "matmul" => BinaryOp::MatMul,
        _ => return None,
    })
}
