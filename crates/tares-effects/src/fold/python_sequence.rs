//! Python sequences made of other values, and what sums them up.

use super::int_at;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::value::join::equal;
use crate::value::{SeqSort, Taint, Value};
use tares_lang::tree::CompareOp;
use tares_model::effect::Device;

pub(super) fn to_sequence(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let sort = match path {
        "tuple" => SeqSort::Tuple,
        "set" | "frozenset" => SeqSort::Set,
        _ => SeqSort::List,
    };
    let Some(value) = args.get(0) else {
        return Some(Value::seq(sort, Vec::new()));
    };
    let mut all = Vec::new();
    let mut open: Option<Value> = None;
    let inputs: Vec<Value> = if path == "itertools.chain" {
        args.pos.iter().map(|(v, _)| v.clone()).collect()
    } else {
        vec![value.clone()]
    };
    for input in &inputs {
        match interp.items(input) {
            Some(items) => all.extend(items),
            None => open = Some(interp.item_of(input)),
        }
    }
    if path == "reversed" {
        all.reverse();
        let result = Value::seq_with(sort, all, open);
        return Some(if value.as_str().is_some() {
            result.tainted(&Taint::device(Device::Transformed))
        } else {
            result
        });
    }
    if sort == SeqSort::Set {
        let mut unique: Vec<Value> = Vec::new();
        for item in all {
            if !unique.iter().any(|v| equal(v, &item) == Some(true)) {
                unique.push(item);
            }
        }
        all = unique;
    }
    Some(Value::seq_with(sort, all, open))
}

pub(super) fn aggregate(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let items = if args.len() == 1 || path == "sum" {
        interp.items(args.get(0)?)?
    } else {
        args.pos.iter().map(|(v, _)| v.clone()).collect()
    };
    match path {
        "any" | "all" => {
            let mut unsure = false;
            for item in &items {
                match interp.truth(item) {
                    Some(b) if b == (path == "any") => return Some(Value::bool(b)),
                    Some(_) => {}
                    None => unsure = true,
                }
            }
            (!unsure).then(|| Value::bool(path == "all"))
        }
        "sum" => {
            let start = int_at(args, 1).unwrap_or(0);
            items
                .iter()
                .try_fold(start, |sum, v| sum.checked_add(v.as_int()?))
                .map(Value::int)
        }
        _ => {
            let op = if path == "max" {
                CompareOp::Greater
            } else {
                CompareOp::Less
            };
            let by = args.name("key").cloned();
            let mut key_of = |item: &Value| match &by {
                Some(by) => {
                    let span = interp.statement;
                    interp.call(by, Args::of([item.clone()]), span)
                }
                None => item.clone(),
            };
            let mut best = items.first()?.clone();
            let mut best_key = key_of(&best);
            for item in &items[1..] {
                let key = key_of(item);
                if super::operator::compare(false, op, &key, &best_key)? {
                    (best, best_key) = (item.clone(), key);
                }
            }
            Some(best)
        }
    }
}
