//! Values that literals make, and methods of values whose kind is known: builders, replacers,
//! maps with methods, reflection.

use super::builtin;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::scope::{Slot, State};
use crate::value::{InstanceVal, Key, Kind, MapVal, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_model::Span;
use tares_model::effect::Device;

/// `pkg.T{…}`: an instance with the fields it was given, or the map that it is.
pub(super) fn made(interp: &mut Interp<'_>, site: &Site<'_>) -> Value {
    if let Some(models) = interp.paths.node(site.path).calls {
        for model in models {
            if interp.model_applies(model, site) {
                interp.apply(model, site);
            }
        }
    }
    let known = interp.paths.node(site.path).kind.is_some();
    if let [(only, _)] = &site.args.pos[..]
        && site.args.named.is_empty()
        && matches!(only.kind, Kind::Map(_))
        && !known
    {
        return only.clone();
    }
    if !site.args.pos.is_empty() && site.args.named.is_empty() && !known {
        // A list type of a package, such as `bson.D{…}`.
        let items = site.args.pos.iter().map(|(v, _)| v.clone()).collect();
        return super::super::list(items);
    }
    let taint = site.args.taint();
    interp.instance(site.path, site.args, taint)
}

/// Folds a method.
pub(super) fn method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    if let Some(value) = reflected(interp, receiver, name, args, span) {
        return Some(value);
    }
    match &receiver.kind {
        Kind::Instance(instance) => {
            let instance = Rc::clone(instance);
            let path = Arc::clone(interp.paths.text(instance.path));
            match &*path {
                "strings.Builder" | "bytes.Buffer" => builder(interp, &instance, name, args),
                "strings.NewReplacer()" if name == "Replace" => replace(&instance, args),
                _ => None,
            }
        }
        Kind::Map(map) => map_method(interp, &Rc::clone(map), receiver, name, args),
        Kind::Str(_) | Kind::Bytes(_) | Kind::Pattern(_) => match name {
            // Readers over known text, and named types of text.
            "String" | "Bytes" if args.len() == 0 => Some(receiver.clone()),
            "Error" if args.len() == 0 => Some(receiver.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// What was written to a builder so far is one text.
fn builder(
    interp: &mut Interp<'_>,
    instance: &Rc<InstanceVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let held = instance
        .fields
        .borrow()
        .iter()
        .rev()
        .find(|(n, _)| &**n == "text")
        .map(|(_, v)| v.clone());
    let held = held.unwrap_or_else(|| Value::str(""));
    let mut put = |value: Value| {
        let slot = Slot::Instance(Rc::clone(instance), "text".into());
        interp.journal.write(slot, State::Value(Some(value)));
    };
    match name {
        "WriteString" | "Write" => {
            let part = builtin::string(args.get(0)?);
            put(builtin::joined(&held, &part));
        }
        "WriteByte" | "WriteRune" => {
            let part = builtin::string(args.get(0)?);
            put(builtin::joined(&held, &part));
        }
        "Reset" => put(Value::str("")),
        "String" => return Some(held),
        "Bytes" => return Some(builtin::bytes(&held)),
        "ReadFrom" => {
            let part = Value::unknown_with(Why::Call, args.taint());
            put(builtin::joined(&held, &part));
        }
        _ => return None,
    }
    Some(Value::new(Kind::Null))
}

/// `strings.NewReplacer(a, b, …).Replace(s)`: all at once, in one walk.
fn replace(instance: &InstanceVal, args: &Args) -> Option<Value> {
    let value = args.get(0)?;
    let text = value.as_str()?;
    let mut pairs = Vec::new();
    for pair in instance.args.chunks_exact(2) {
        pairs.push((pair[0].as_str()?, pair[1].as_str()?));
    }
    let mut out = String::new();
    let mut rest = &**text;
    while let Some(c) = rest.chars().next() {
        match pairs
            .iter()
            .find(|(from, _)| !from.is_empty() && rest.starts_with(&***from))
        {
            Some((from, to)) => {
                out.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(
        Value::str(out)
            .tainted(&value.taint)
            .tainted(&Taint::device(Device::Transformed)),
    )
}

/// Methods of the maps that have them: query values and headers.
fn map_method(
    interp: &mut Interp<'_>,
    map: &Rc<MapVal>,
    receiver: &Value,
    name: &str,
    args: &Args,
) -> Option<Value> {
    match name {
        "Set" | "Add" | "Append" => {
            let (key, value) = (args.get(0)?, args.get(1)?.clone());
            interp.journal.touch(Slot::Map(Rc::clone(map)));
            match builtin::key(key) {
                Some(key) => map.set(key, value),
                None => {
                    let rest = map.rest.borrow().clone();
                    *map.rest.borrow_mut() =
                        Some(rest.map_or(value.clone(), |rest| join::join(&rest, &value)));
                }
            }
            Some(Value::new(Kind::Null))
        }
        "Get" => {
            let key = args.get(0)?.as_key()?;
            match map.get(&key) {
                Some(value) => match &value.kind {
                    Kind::Seq(seq) => seq.items.borrow().first().cloned(),
                    _ => Some(value),
                },
                None => Some(Value::unknown_with(Why::Operation, receiver.deep_taint())),
            }
        }
        "Del" => {
            if let Some(Key::Text(key)) = args.get(0)?.as_key() {
                interp.journal.touch(Slot::Map(Rc::clone(map)));
                map.entries
                    .borrow_mut()
                    .retain(|(k, _)| !matches!(k, Key::Text(text) if *text == key));
            }
            Some(Value::new(Kind::Null))
        }
        "Encode" => Some(Value::unknown_with(Why::Call, receiver.deep_taint())),
        _ => None,
    }
}

/// `reflect.ValueOf(x)` is `x` here; what is asked of it is asked of that.
fn reflected(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    match name {
        "MethodByName" | "FieldByName" if args.len() == 1 => {
            let key = args.get(0)?.clone();
            let value = interp.attr_by_text(receiver, &key, span);
            Some(value.tainted(&Taint::device(Device::Reflection)))
        }
        "Call"
            if args.len() == 1
                && matches!(
                    receiver.kind,
                    Kind::Func(_) | Kind::Bound(_) | Kind::Api(_) | Kind::Member(_)
                ) =>
        {
            let Kind::Seq(_) = &args.get(0)?.kind else {
                return None;
            };
            let mut given = Args::default();
            given.spread(args.get(0)?, span);
            Some(interp.call(receiver, given, span))
        }
        "Interface" | "Elem"
            if args.len() == 0
                && matches!(
                    receiver.kind,
                    Kind::Func(_) | Kind::Bound(_) | Kind::Str(_) | Kind::Seq(_) | Kind::Map(_)
                ) =>
        {
            Some(receiver.clone())
        }
        _ => None,
    }
}
