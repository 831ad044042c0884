//! The languages' own functions, folded where their arguments are known.
//!
//! Each function gives `None` where it has nothing to say; the API models speak then.

mod code;
mod codec;
mod deferred;
pub(crate) mod go;
mod iterate;
mod java;
mod java_build;
mod java_seq;
mod java_text;
mod javascript;
mod large;
mod listing;
pub(crate) mod map;
pub(crate) mod number;
pub(crate) mod objects;
pub(crate) mod operator;
mod pattern;
mod python;
mod python_convert;
mod python_sequence;
mod reflect;
pub(crate) mod sequence;
mod shell;
mod shell_args;
mod shell_text;
mod text;

pub(crate) use python::REGISTERED;

use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::{Kind, SeqSort, Taint, Value, Why};
pub(crate) use java::unwrapped as java_unwrapped;
pub(crate) use large::{as_float as large_as_float, as_text as large_as_text};
pub(crate) use shell::{command, print, printed};
use std::sync::Arc;
use tares_model::Span;

/// Whether a name is a builtin function of the language that is folded here.
pub(crate) fn is_builtin(js: bool, name: &str) -> bool {
    if js {
        javascript::BUILTINS.contains(&name)
    } else {
        python::BUILTINS.contains(&name)
    }
}

/// Types of Python whose methods can be called through the type: `str.upper(x)`.
const METHOD_OWNERS: &[&str] = &[
    "str",
    "bytes",
    "bytearray",
    "list",
    "tuple",
    "dict",
    "set",
    "frozenset",
    "int",
    "float",
    "object",
    "type",
    "collections.OrderedDict",
    "collections.deque",
];

/// Whether a path is a method of a builtin type, taken from the type.
pub(crate) fn is_builtin_method(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(owner, _)| METHOD_OWNERS.contains(&owner))
}

/// Whether a module of the standard library is one whose functions are folded here.
pub(crate) fn is_folded_module(js: bool, root: &str) -> bool {
    !js && matches!(
        root,
        "array"
            | "bisect"
            | "collections"
            | "contextlib"
            | "contextvars"
            | "copy"
            | "dataclasses"
            | "enum"
            | "functools"
            | "heapq"
            | "itertools"
            | "operator"
            | "queue"
            | "string"
            | "struct"
            | "textwrap"
            | "types"
            | "typing"
            | "weakref"
    )
}

/// Folds a call of an API path.
pub(crate) fn call(interp: &mut Interp<'_>, site: &Site<'_>, new: bool) -> Option<Value> {
    let path = Arc::clone(interp.paths.text(site.path));
    if interp.is_java() {
        let value =
            java::place(interp, &path, site.args).or_else(|| java::call(interp, &path, site, new));
        return value.inspect(|value| interp.charge(value));
    }
    if matches!(
        &*path,
        "os.path.join" | "posixpath.join" | "path.join" | "path.posix.join"
    ) {
        let joined = join_path(site.args)?;
        return Some(if interp.is_js() {
            normalised(joined)
        } else {
            joined
        });
    }
    if let Some(value) = resolved(&path, site.args) {
        return Some(value);
    }
    if matches!(&*path, "os.path.expanduser" | "os.path.expandvars") {
        return site.args.get(0).filter(|v| v.as_str().is_some()).cloned();
    }
    let value = if interp.is_go() {
        go::call(interp, &path, site, new)
    } else if interp.is_js() {
        javascript::call(interp, &path, site, new)
    } else {
        python::call(interp, &path, site)
    };
    value.inspect(|value| interp.charge(value))
}

/// Folds a method of a value whose kind is known.
pub(crate) fn method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    if interp.is_go() {
        return go::method(interp, receiver, name, args, span);
    }
    if interp.is_java() {
        let value = java::method(interp, receiver, name, args, span);
        return value.inspect(|value| interp.charge(value));
    }
    if matches!(name, "__format__" | "__repr__" | "__str__")
        && !matches!(receiver.kind, Kind::Object(_))
    {
        if matches!(receiver.kind, Kind::Class(_)) {
            return interp.own_text(receiver, None);
        }
        return Some(formatted(receiver, args));
    }
    if let ("__format__", Kind::Object(_)) = (name, &receiver.kind) {
        let spec = str_at(args, 0).cloned();
        let text = interp.own_text(receiver, spec.as_deref());
        return Some(text.unwrap_or_else(|| formatted(receiver, args)));
    }
    if let ("__setattr__" | "__setitem__", Some(key), Some(value)) =
        (name, args.get(0), args.get(1))
        && let Some(done) = written_out(interp, receiver, name, key, value, span)
    {
        return Some(done);
    }
    if interp.is_js()
        && let Kind::Str(text) = &receiver.kind
        && let Some(value) = pattern::method(interp, &Arc::clone(text), name, args)
    {
        return Some(with_arguments(value, args, &Taint::NONE).tainted(&receiver.taint));
    }
    let shown;
    let args = match &receiver.kind {
        Kind::Str(_) | Kind::Pattern(_) if matches!(name, "format" | "concat") => {
            shown = textual_args(interp, args, text::reaches_inside(receiver));
            &shown
        }
        _ => args,
    };
    // What a task or a future gives is known already.
    if interp.is_python() && args.len() == 0 {
        let done = receiver.is_scalar()
            || matches!(receiver.kind, Kind::Seq(_) | Kind::Map(_) | Kind::Func(_));
        if done && (name == "result" || (name == "get" && !matches!(receiver.kind, Kind::Map(_)))) {
            return Some(receiver.clone());
        }
    }
    if interp.is_js()
        && let Kind::Member(member) = &receiver.kind
        && name == "constructor"
        && !member.receiver.is_unknown()
    {
        let function = interp.api("Function");
        return Some(interp.call(&function, args.clone(), span));
    }
    let value = match &receiver.kind {
        Kind::Str(_) | Kind::Pattern(_) => text::method(interp.is_js(), receiver, name, args),
        Kind::Bytes(_) => text::bytes_method(receiver, name, args),
        Kind::Seq(_) => {
            let found = sequence::seq_method(interp, receiver, name, args, span);
            return found;
        }
        Kind::Map(_) => map::map_method(interp, receiver, name, args, span),
        Kind::Large(bytes) => large::method(bytes, name, args),
        Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => number::method(receiver, name, args),
        Kind::Func(_) | Kind::Class(_) | Kind::Partial(_) | Kind::Bound(_) if interp.is_js() => {
            return javascript::function_method(interp, receiver, name, args, span);
        }
        Kind::Api(path) if interp.is_js() && &**interp.paths.text(*path) == "Reflect" => None,
        Kind::Api(_) | Kind::Member(_)
            if interp.is_js() && matches!(name, "call" | "apply" | "bind") =>
        {
            return javascript::function_method(interp, receiver, name, args, span);
        }
        Kind::Api(_) | Kind::Object(_) | Kind::Class(_)
            if name == "__getattribute__" || name == "__getattr__" =>
        {
            let key = args.get(0)?;
            return Some(interp.attr_by_text(receiver, key, span));
        }
        Kind::Func(_) | Kind::Api(_) | Kind::Bound(_) | Kind::Class(_) if name == "__call__" => {
            return Some(interp.call(receiver, args.clone(), span));
        }
        Kind::Api(path) if crate::interp_is_namespace(interp.paths.text(*path)) => {
            return namespace_method(interp, receiver, name, args, span);
        }
        Kind::Member(member) if &*interp.text(member.name) == "__dict__" => {
            return namespace_method(interp, receiver, name, args, span);
        }
        Kind::Func(closure) if interp.is_python() => {
            let closure = std::rc::Rc::clone(closure);
            return python::function_method(interp, receiver, &closure, name, args, span);
        }
        Kind::Object(object) if name == "start" && interp.is_python() => {
            let class = std::rc::Rc::clone(&object.class);
            return interp.started(receiver, &class);
        }
        Kind::Object(object) => {
            let known = interp
                .interner
                .find(name)
                .and_then(|n| object.class.member(n));
            return match known {
                Some(_) => None,
                None => interp.record_method(receiver, name, args),
            };
        }
        Kind::Class(_) if name == "_make" => return interp.record_method(receiver, name, args),
        _ => None,
    }?;
    interp.charge(&value);
    Some(with_arguments(value, args, &Taint::NONE).tainted_unless_open(&receiver.taint))
}

/// Puts the text of objects in their place, unless the format reads their attributes.
fn textual_args(interp: &mut Interp<'_>, args: &Args, inside: bool) -> Args {
    let mut shown = args.clone();
    let pos = shown.pos.iter_mut().map(|(v, _)| v);
    for value in pos.chain(shown.named.iter_mut().map(|(_, v, _)| v)) {
        *value = match &value.kind {
            Kind::Object(_) if inside => {
                interp.attributes_of(value).unwrap_or_else(|| value.clone())
            }
            Kind::Object(_) => interp.textual(value),
            _ => value.clone(),
        };
    }
    if let Some(more) = &shown.more_named {
        shown.more_named = Some(interp.as_mapping(more));
    }
    shown
}

/// Gives a folded result the taint of what it was made from. A result that is not known has
/// its own already: what a function cleaned stays clean.
fn with_arguments(value: Value, args: &Args, callee: &Taint) -> Value {
    let open = matches!(value.kind, Kind::Unknown(_) | Kind::Pattern(_));
    if open && !value.taint.labels().is_empty() {
        return value;
    }
    let taint = args
        .values()
        .fold(callee.without_devices(), |taint, value| {
            taint.merge(&value.taint)
        });
    value.tainted(&taint)
}

/// Returns a list value.
pub(crate) fn list(items: Vec<Value>) -> Value {
    Value::seq(SeqSort::List, items)
}

/// Returns text of an argument.
pub(crate) fn str_at(args: &Args, i: usize) -> Option<&Arc<str>> {
    args.get(i).and_then(Value::as_str)
}

/// Returns an integer of an argument.
pub(crate) fn int_at(args: &Args, i: usize) -> Option<i64> {
    args.get(i).and_then(Value::as_int)
}

/// Joins the parts of a path; a part that begins at the root replaces what came before.
pub(crate) fn join_path(args: &Args) -> Option<Value> {
    let mut builder = crate::value::text::TextBuilder::default();
    let known: Vec<&Value> = args.pos.iter().map(|(v, _)| v).collect();
    let from = known
        .iter()
        .rposition(|v| crate::value::text::prefix(v).starts_with('/'))
        .unwrap_or(0);
    let mut ends_open = true;
    for value in &known[from.min(known.len())..] {
        if !ends_open {
            builder.text("/");
        }
        builder.value(value);
        ends_open = value
            .as_str()
            .is_some_and(|t| t.ends_with('/') || t.is_empty());
    }
    if let Some(more) = &args.more {
        builder.hole(more.deep_taint());
    }
    Some(builder.build())
}

/// A path without its `..` parts, as far as its beginning is known.
fn resolved(path: &str, args: &Args) -> Option<Value> {
    let value = match path {
        "os.path.abspath"
        | "os.path.realpath"
        | "os.path.normpath"
        | "path.normalize"
        | "path.posix.normalize" => args.get(0)?.clone(),
        "path.resolve" | "path.posix.resolve" => join_path(args)?,
        _ => return None,
    };
    if crate::value::text::prefix(&value).starts_with('/') {
        return Some(normalised(value));
    }
    // Where it begins is not known; the models say the same of Python's.
    let taint = value.deep_taint().normalised();
    path.starts_with("path.")
        .then(|| Value::unknown_with(Why::Call, taint))
}

fn normalised(mut value: Value) -> Value {
    value.taint = value.deep_taint().normalised();
    value
}

/// An assignment written as the call that it stands for.
fn written_out(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    key: &Value,
    value: &Value,
    span: Span,
) -> Option<Value> {
    match (&receiver.kind, name) {
        // `dict.__setitem__(d, k, v)` means `d`.
        (Kind::Api(path), _) if METHOD_OWNERS.contains(&&**interp.paths.text(*path)) => {
            return None;
        }
        (Kind::Api(_) | Kind::Instance(_), "__setitem__") => {
            interp.set_index(receiver, key, value.clone(), span);
        }
        (Kind::Api(_) | Kind::Instance(_) | Kind::Class(_), "__setattr__") => {
            let name = interp.interner.intern(&Arc::clone(key.as_str()?));
            interp.set_attr(receiver, name, value.clone(), span);
        }
        (Kind::Object(object), "__setattr__") => {
            // A class with a setter of its own is called.
            let own = interp
                .interner
                .find("__setattr__")
                .and_then(|n| object.class.member(n));
            if own.is_some() {
                return None;
            }
            let name = interp.interner.intern(&Arc::clone(key.as_str()?));
            interp.set_attr(receiver, name, value.clone(), span);
        }
        _ => return None,
    }
    Some(Value::new(Kind::Null))
}

/// Reads and writes names through `globals()`, `vars(x)` and `x.__dict__`.
fn namespace_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    match name {
        "get" | "__getitem__" => {
            let value = interp.index(receiver, args.get(0)?, span);
            Some(match args.get(1) {
                Some(default) if value.is_unknown() => crate::value::join::join(&value, default),
                _ => value,
            })
        }
        "setdefault" | "__setitem__" => {
            let value = args.get(1)?.clone();
            interp.set_index(receiver, args.get(0)?, value.clone(), span);
            Some(value)
        }
        "update" => {
            let given = Value::map(Vec::new(), None);
            let Kind::Map(map) = &given.kind else {
                return None;
            };
            map::update(interp, map, args);
            let entries = map.entries.borrow().clone();
            for (key, value) in entries {
                interp.set_index(receiver, &key.value(), value, span);
            }
            Some(Value::new(Kind::Null))
        }
        "items" | "values" | "keys" | "copy" | "pop" => {
            let map = interp.as_mapping(receiver);
            let method = interp.interner.intern(name);
            matches!(map.kind, Kind::Map(_))
                .then(|| interp.method(&map, None, method, args.clone(), span, false))
        }
        _ => None,
    }
}

/// The text of a value in an f-string; a numeric format lets only numbers through.
fn formatted(receiver: &Value, args: &Args) -> Value {
    let spec = str_at(args, 0).map_or("", |s| s);
    if let Some(text) = text::formatted(receiver, spec).filter(Value::is_scalar) {
        return text;
    }
    let taint = receiver.deep_taint();
    let numeric = spec.ends_with(['d', 'f', 'x', 'X', 'e', 'g', 'n', '%', 'b', 'o']);
    let taint = if numeric {
        taint.cleaned(tares_model::effect::SinkSet::ALL)
    } else {
        taint
    };
    let mut builder = crate::value::text::TextBuilder::default();
    builder.hole(taint);
    builder.build()
}
