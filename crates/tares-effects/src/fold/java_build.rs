//! Java objects that are built step by step: builders, joiners, places, requests.

use super::java::{set_text, spelled, text_of, unwrapped, unwrapped_args};
use super::{int_at, java_text, list};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::scope::{Slot, State};
use crate::value::{InstanceVal, Kind, Taint, Value, Why};
use std::rc::Rc;
use tares_model::Span;
use tares_model::effect::Device;

pub(super) fn builder_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    instance: &Rc<InstanceVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let old = text_of(instance);
    let new = match name {
        "append" | "write" if args.len() == 3 => {
            Value::unknown_with(Why::Operation, old.deep_taint().merge(&args.taint()))
        }
        "append" | "write" | "appendCodePoint" => {
            let given = unwrapped(interp, args.get(0)?);
            let given = match (&given.kind, name) {
                (Kind::Int(n), "appendCodePoint" | "write") => {
                    let c = char::from_u32(u32::try_from(*n).ok()?)?;
                    Value::str(c.to_string()).tainted(&Taint::device(Device::CharacterCodes))
                }
                (Kind::Seq(_), _) => java_text::of_parts(args)?,
                _ => given,
            };
            java_text::joined(&[old, given])
        }
        "insert" if int_at(args, 0) == Some(0) => java_text::joined(&[args.get(1)?.clone(), old])
            .tainted(&Taint::device(Device::Transformed)),
        "reverse" => match old.as_str() {
            Some(text) => Value::str(text.chars().rev().collect::<String>())
                .tainted(&old.taint)
                .tainted(&Taint::device(Device::Transformed)),
            None => Value::unknown_with(Why::Operation, old.deep_taint()),
        },
        "setLength" if int_at(args, 0) == Some(0) => Value::str(""),
        "setLength" | "deleteCharAt" | "delete" | "setCharAt" | "replace" | "insert" => {
            edited(&old, name, args)
        }
        "toString" | "substring" | "length" | "charAt" | "isEmpty" | "indexOf" | "chars" => {
            if name == "toString" && args.len() == 0 {
                return Some(old);
            }
            let span = interp.statement;
            return super::method(interp, &old, name, args, span);
        }
        _ => return None,
    };
    set_text(interp, receiver, new);
    Some(receiver.clone())
}

/// A known text with a part of it replaced.
pub(super) fn edited(old: &Value, name: &str, args: &Args) -> Value {
    let known = || -> Option<String> {
        let chars: Vec<char> = old.as_str()?.chars().collect();
        let start = usize::try_from(int_at(args, 0)?).ok()?.min(chars.len());
        let (end, new) = match name {
            "setLength" => return Some(chars[..start].iter().collect()),
            "deleteCharAt" => (start + 1, String::new()),
            "delete" => (usize::try_from(int_at(args, 1)?).ok()?, String::new()),
            "setCharAt" => (start + 1, spelled(args.get(1)?)?),
            "insert" => (start, spelled(args.get(1)?)?),
            _ => (
                usize::try_from(int_at(args, 1)?).ok()?,
                spelled(args.get(2)?)?,
            ),
        };
        let end = end.clamp(start, chars.len());
        let (head, tail) = (&chars[..start], &chars[end..]);
        Some(head.iter().collect::<String>() + &new + &tail.iter().collect::<String>())
    };
    let taint = old.deep_taint().merge(&args.taint());
    match known() {
        Some(text) => Value::str(text)
            .tainted(&taint)
            .tainted(&Taint::device(Device::Transformed)),
        None => Value::unknown_with(Why::Operation, taint),
    }
}

pub(super) fn joiner_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    instance: &Rc<InstanceVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let items = text_of(instance);
    match name {
        "add" => {
            let mut all = interp.items(&items)?;
            all.push(args.get(0)?.clone());
            set_text(interp, receiver, list(all));
            Some(receiver.clone())
        }
        "toString" => {
            let separator = instance.args.first()?.clone();
            let middle = super::sequence::join_texts(&items, separator)?;
            let part = |i: usize| {
                instance
                    .args
                    .get(i)
                    .cloned()
                    .unwrap_or_else(|| Value::str(""))
            };
            Some(java_text::joined(&[part(1), middle, part(2)]))
        }
        _ => None,
    }
}

/// Methods of files, paths and addresses.
pub(super) fn place_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    class: &str,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let own = unwrapped(interp, receiver);
    match name {
        "toString" | "getPath" | "getAbsolutePath" | "toExternalForm" | "toASCIIString" => {
            Some(own)
        }
        "resolve" | "resolveSibling" => {
            let mut parts = unwrapped_args(interp, args);
            parts.pos.insert(0, (own, Span::default()));
            let joined = super::join_path(&parts)?;
            let taint = receiver.taint.merge(&args.taint());
            Some(interp.instance_of(class, vec![joined], taint))
        }
        "normalize" | "getCanonicalFile" | "toRealPath" => {
            let taint = receiver.taint.clone().normalised();
            let text = Value {
                taint: own.taint.clone().normalised(),
                ..own
            };
            Some(interp.instance_of(class, vec![text], taint))
        }
        "toAbsolutePath" | "getAbsoluteFile" => Some(receiver.clone()),
        "getCanonicalPath" => Some(Value {
            taint: own.taint.clone().normalised(),
            ..own
        }),
        "toPath" => {
            Some(interp.instance_of("java.nio.file.Path", vec![own], receiver.taint.clone()))
        }
        "toFile" => Some(interp.instance_of("java.io.File", vec![own], receiver.taint.clone())),
        "toURL" => Some(interp.instance_of("java.net.URL", vec![own], receiver.taint.clone())),
        "toURI" | "uri" => {
            Some(interp.instance_of("java.net.URI", vec![own], receiver.taint.clone()))
        }
        _ => None,
    }
}

/// A builder keeps what it is given by the name of the method, and hands it to what it builds.
pub(super) fn built(
    interp: &mut Interp<'_>,
    receiver: &Value,
    instance: &Rc<InstanceVal>,
    class: &str,
    name: &str,
    args: &Args,
) -> Option<Value> {
    if name == "build" && args.len() == 0 {
        let made = class
            .strip_suffix(".Builder")
            .or_else(|| class.strip_suffix("Builder"))?;
        let value = interp.instance_of(made, instance.args.clone(), receiver.deep_taint());
        if let Kind::Instance(new) = &value.kind {
            new.fields
                .borrow_mut()
                .extend(instance.fields.borrow().iter().cloned());
        }
        return Some(value);
    }
    if args.len() == 0 {
        return Some(receiver.clone());
    }
    let key = if name == "POST" || name == "PUT" || name == "post" || name == "put" {
        "data"
    } else {
        name
    };
    let mut given = args.get(args.len() - 1)?.clone();
    if args.len() == 2 {
        let old = instance
            .fields
            .borrow()
            .iter()
            .rev()
            .find(|(n, _)| &**n == "headers")
            .map(|(_, v)| v.clone());
        let map = old
            .filter(|v| matches!(v.kind, Kind::Map(_)))
            .unwrap_or_else(|| Value::map(Vec::new(), None));
        if let (Kind::Map(inner), Some(name)) = (&map.kind, args.get(0).and_then(Value::as_key)) {
            interp.journal.touch(Slot::Map(Rc::clone(inner)));
            inner.set(name, given);
        }
        given = map;
    }
    let key = if args.len() == 2 { "headers" } else { key };
    let slot = Slot::Instance(Rc::clone(instance), key.into());
    interp.journal.write(slot, State::Value(Some(given)));
    Some(receiver.clone())
}
