//! `strings` and `bytes`.

use super::super::{int_at, list, sequence, text};
use super::builtin;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::value::text::TextBuilder;
use crate::value::{Kind, SeqSort, Taint, Value, Why};
use tares_model::Span;
use tares_model::effect::{Device, SinkSet};

/// Longest text that a function is called on letter by letter.
const MAX_MAPPED: usize = 1024;

/// Folds `strings.name(args)`; functions of `bytes` do the same.
pub(super) fn call(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    let texts = Args {
        pos: args
            .pos
            .iter()
            .map(|(v, s)| match v.kind {
                Kind::Bytes(_) => (builtin::string(v), *s),
                _ => (v.clone(), *s),
            })
            .collect(),
        more: args.more.clone(),
        ..Args::default()
    };
    let value = one(interp, name, &texts, span)?;
    let open = matches!(value.kind, Kind::Unknown(_) | Kind::Pattern(_));
    if open && !value.taint.labels().is_empty() {
        return Some(value);
    }
    let taint = args
        .values()
        .filter(|v| !matches!(v.kind, Kind::Func(_)))
        .fold(Taint::NONE, |taint, v| taint.merge(&v.deep_taint()));
    Some(match value.kind {
        Kind::Bool(_) | Kind::Int(_) => value.tainted(&taint.cleaned(SinkSet::ALL)),
        _ => value.tainted(&taint),
    })
}

fn one(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    // A resolved path may lie elsewhere than where its first part says.
    if name == "HasPrefix"
        && let Some(value) = args.get(0)
        && matches!(value.kind, Kind::Pattern(_))
        && value.taint.is_normalised()
    {
        return Some(Value::unknown_with(
            Why::Call,
            value.deep_taint().cleaned(SinkSet::ALL),
        ));
    }
    if let Some(method) = method_of(name) {
        let mut rest = args.clone();
        let receiver = rest.pos.first().map(|(v, _)| v.clone())?;
        rest.pos.remove(0);
        // The number of replacements, or of parts.
        let limited =
            matches!(name, "Replace" | "SplitN") && int_at(&rest, rest.len() - 1) != Some(-1);
        if limited && name == "SplitN" {
            let n = int_at(&rest, 1)?;
            rest.pos[1].0 = Value::int(n - 1);
        } else {
            rest.pos.truncate(if method == "replace" { 2 } else { 1 });
        }
        return match receiver.kind {
            Kind::Str(_) | Kind::Pattern(_) => text::method(false, &receiver, method, &rest),
            _ => None,
        };
    }
    match name {
        "Join" => sequence::join_texts(args.get(0)?, args.get(1)?.clone())
            .or_else(|| Some(Value::unknown_with(Why::Call, args.taint()))),
        "Map" => map(interp, args, span),
        "Concat" => {
            let mut builder = TextBuilder::default();
            args.values().for_each(|v| builder.value(v));
            Some(builder.build())
        }
        "Cut" => {
            let (whole, at) = (args.get(0)?, args.get(1)?);
            let parts = match (whole.as_str(), at.as_str()) {
                (Some(whole), Some(at)) => match whole.split_once(&**at) {
                    Some((a, b)) => vec![Value::str(a), Value::str(b), Value::bool(true)],
                    None => vec![whole_value(whole), Value::str(""), Value::bool(false)],
                },
                _ => {
                    let taint = whole.deep_taint();
                    let part = Value::unknown_with(Why::Operation, taint);
                    vec![part.clone(), part, Value::unknown(Why::Operation)]
                }
            };
            Some(Value::seq(SeqSort::Tuple, parts))
        }
        "EqualFold" => {
            let (a, b) = (args.get(0)?.as_str()?, args.get(1)?.as_str()?);
            Some(Value::bool(a.to_lowercase() == b.to_lowercase()))
        }
        "Equal" => Some(Value::bool(
            args.get(0)?.as_str()? == args.get(1)?.as_str()?,
        )),
        "NewReplacer" => {
            let path = interp.paths.get("strings.NewReplacer()");
            Some(interp.instance(path, args, args.taint()))
        }
        "NewReader" | "NewBufferString" | "NewBuffer" | "Clone" => args.get(0).cloned(),
        "Reverse" => {
            let text: String = args.get(0)?.as_str()?.chars().rev().collect();
            Some(Value::str(text).tainted(&Taint::device(Device::Transformed)))
        }
        "SplitSeq" | "SplitAfter" => Some(Value::seq_with(
            SeqSort::List,
            Vec::new(),
            Some(Value::unknown_with(Why::Operation, args.taint())),
        )),
        "Fields" => {
            let text = args.get(0)?.as_str()?;
            Some(list(text.split_whitespace().map(Value::str).collect()))
        }
        _ => None,
    }
}

fn whole_value(text: &str) -> Value {
    Value::str(text)
}

/// The method of a text that does the same in the engine.
fn method_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "ToLower" => "lower",
        "ToUpper" => "upper",
        "Title" => "title",
        "TrimSpace" | "Trim" => "strip",
        "TrimLeft" => "lstrip",
        "TrimRight" => "rstrip",
        "TrimPrefix" => "removeprefix",
        "TrimSuffix" => "removesuffix",
        "Replace" | "ReplaceAll" => "replace",
        "Split" | "SplitN" => "split",
        "HasPrefix" => "startswith",
        "HasSuffix" => "endswith",
        "Contains" => "__contains__",
        "Index" => "find",
        "Count" => "count",
        "Repeat" => "repeat",
        _ => return None,
    })
}

/// `strings.Map(f, s)`: the function is called on every letter.
fn map(interp: &mut Interp<'_>, args: &Args, span: Span) -> Option<Value> {
    let function = args.get(0)?.clone();
    let text = std::sync::Arc::clone(args.get(1)?.as_str()?);
    if text.len() > MAX_MAPPED {
        return None;
    }
    let mut out = String::new();
    for c in text.chars() {
        let code = Value::int(i64::from(u32::from(c)));
        let result = interp.call(&function, Args::of([code]), span);
        match result.as_int()? {
            -1 => {}
            n => out.push(char::from_u32(u32::try_from(n).ok()?)?),
        }
    }
    Some(Value::str(out).tainted(&Taint::device(Device::Transformed)))
}
