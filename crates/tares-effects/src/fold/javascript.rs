//! JavaScript's builtins and the standard functions that only compute.

use super::map;
use super::{codec, int_at, list, number, sequence, str_at};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::text::TextBuilder;
use crate::value::{Key, Kind, PartialVal, SeqSort, Taint, Value, Why, join};
use std::rc::Rc;
use tares_model::Span;
use tares_model::effect::{Device, SinkSet};

/// Builtin names that the engine knows.
pub(crate) const BUILTINS: &[&str] = &[
    "Array",
    "Boolean",
    "Buffer",
    "Date",
    "Error",
    "Function",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "Uint8Array",
    "WeakMap",
    "atob",
    "btoa",
    "clearTimeout",
    "console",
    "crypto",
    "decodeURI",
    "decodeURIComponent",
    "document",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "eval",
    "exports",
    "fetch",
    "global",
    "globalThis",
    "isNaN",
    "localStorage",
    "location",
    "module",
    "navigator",
    "parseFloat",
    "parseInt",
    "process",
    "require",
    "sessionStorage",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "queueMicrotask",
    "unescape",
    "window",
    "XMLHttpRequest",
    "WebSocket",
    "WebAssembly",
    "BigInt",
];

/// Folds a call.
pub(crate) fn call(
    interp: &mut Interp<'_>,
    path: &str,
    site: &Site<'_>,
    new: bool,
) -> Option<Value> {
    let args = site.args;
    let span = args.pos.first().map_or(site.span, |(_, s)| *s);
    match path {
        "require"
        | "module.require"
        | "process.getBuiltinModule"
        | "require.main.require"
        | "module.createRequire()"
        | "createRequire()" => {
            let name = args.get(0)?.clone();
            return Some(interp.import_value(&name, site.span, true));
        }
        "vm.runInNewContext" | "vm.runInContext" => {
            let code = args.get(0)?.clone();
            let run = |i: &mut Interp<'_>| super::code::run(i, site, &code, span, true);
            return Some(super::code::in_names(interp, args, run));
        }
        "eval" | "vm.runInThisContext" => {
            let code = args.get(0)?.clone();
            return Some(super::code::run(interp, site, &code, span, true));
        }
        "setTimeout" | "setInterval" | "setImmediate"
            if args.get(0).is_some_and(crate::value::text::is_text) =>
        {
            let code = args.get(0)?.clone();
            return Some(interp.detach(true, |i| super::code::run(i, site, &code, span, true)));
        }
        "Function" | "AsyncFunction" | "GeneratorFunction" => {
            return super::code::function(interp, site);
        }
        "Promise" if new => return super::objects::promise(interp, args, site.span),
        "Promise.resolve" | "Promise.all" | "util.promisify" | "Object.freeze" | "Object.seal"
        | "structuredClone" => {
            return args
                .get(0)
                .cloned()
                .or_else(|| Some(Value::new(Kind::Undefined)));
        }
        "Reflect.apply" => {
            let callee = args.get(0)?.clone();
            let given = spread_args(interp, args.get(2))?;
            return Some(interp.call(&callee, given, site.span));
        }
        "Reflect.construct" => {
            let callee = args.get(0)?.clone();
            let given = spread_args(interp, args.get(1))?;
            return Some(interp.call(&callee, given, site.span));
        }
        "Reflect.get" => {
            let (object, key) = (args.get(0)?.clone(), args.get(1)?.clone());
            let value = interp.index(&object, &key, site.span);
            return Some(match object.kind {
                Kind::Api(_) | Kind::Module(_) => value.tainted(&Taint::device(Device::Reflection)),
                _ => value,
            });
        }
        "vm.compileFunction" => {
            let params = match args.get(1) {
                Some(list) => interp.items(list)?,
                None => Vec::new(),
            };
            let mut all = Args::of(params);
            all.pos.push(args.pos.first().cloned()?);
            let site = Site {
                args: &all,
                path: site.path,
                receiver: site.receiver,
                callee_taint: site.callee_taint,
                span: site.span,
            };
            return super::code::function(interp, &site);
        }
        "vm.Script.runInThisContext" | "vm.Script.runInNewContext" | "vm.Script.runInContext" => {
            let Kind::Instance(script) = &site.receiver?.kind else {
                return None;
            };
            let code = script.args.first()?.clone();
            return Some(super::code::run(interp, site, &code, site.span, true));
        }
        "Reflect.set" => {
            let (object, key) = (args.get(0)?.clone(), args.get(1)?.clone());
            let value = args.get(2)?.clone();
            interp.set_index(&object, &key, value, site.span);
            return Some(object);
        }
        "Array.from" if args.len() > 1 => return made_with(interp, args, site.span),
        _ => {}
    }
    let known = super::listing::call(interp, path, site)
        .or_else(|| super::objects::call(interp, path, site, new));
    if known.is_some() {
        return known;
    }
    let value = pure(interp, path, args, new)?;
    Some(super::with_arguments(value, args, site.callee_taint))
}

/// Returns `n` of `{ length: n }`.
fn counted(value: &Value) -> Option<usize> {
    let Kind::Map(map) = &value.kind else {
        return None;
    };
    let n = map.get_text("length")?.as_int()?;
    usize::try_from(n).ok().filter(|n| *n <= 1024)
}

fn spread_args(interp: &mut Interp<'_>, list: Option<&Value>) -> Option<Args> {
    let mut args = Args::default();
    match list {
        Some(value) => {
            match interp.items(value) {
                Some(items) => args
                    .pos
                    .extend(items.into_iter().map(|v| (v, Span::default()))),
                None => args.spread(value, Span::default()),
            }
            Some(args)
        }
        None => Some(args),
    }
}

fn pure(interp: &mut Interp<'_>, path: &str, args: &Args, new: bool) -> Option<Value> {
    scalars(interp, path, args).or_else(|| objects(interp, path, args, new))
}

/// Texts and numbers.
fn scalars(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    match path {
        "String" => {
            let mut builder = TextBuilder::default();
            if let Some(value) = args.get(0) {
                let value = interp.textual(value);
                builder.value(&value);
            }
            Some(builder.build())
        }
        "String.fromCharCode" | "String.fromCodePoint" => {
            let codes: Option<Vec<u16>> = args
                .pos
                .iter()
                .map(|(v, _)| v.as_int().and_then(|n| u16::try_from(n).ok()))
                .collect();
            if args.more.is_some() {
                return None;
            }
            let text = String::from_utf16(&codes?).ok()?;
            Some(Value::str(text).tainted(&Taint::device(Device::CharacterCodes)))
        }
        "Number" | "parseInt" | "parseFloat" | "Math.floor" | "Math.round" | "Math.ceil"
        | "Math.trunc" | "Math.abs" | "BigInt" => numbers(path, args),
        "Boolean" => args.get(0)?.truth(true).map(Value::bool),
        "Math.max" | "Math.min" => {
            let all: Option<Vec<i64>> = args.pos.iter().map(|(v, _)| v.as_int()).collect();
            let all = all?;
            (if path == "Math.max" {
                all.iter().max()
            } else {
                all.iter().min()
            })
            .map(|n| Value::int(*n))
        }
        "Math.pow" => {
            Some(interp.binary(tares_lang::tree::BinaryOp::Pow, args.get(0)?, args.get(1)?))
        }
        _ => None,
    }
}

/// `Array.from(items, f)`.
fn made_with(interp: &mut Interp<'_>, args: &Args, span: Span) -> Option<Value> {
    let items = match counted(args.get(0)?) {
        Some(n) => vec![Value::new(Kind::Undefined); n],
        None => interp.items(args.get(0)?)?,
    };
    array_method(
        interp,
        &list(items),
        "map",
        &Args::of([args.get(1)?.clone()]),
        span,
    )
}

/// A buffer of so many noughts, or another view of one.
fn buffer(args: &Args) -> Option<Value> {
    match (args.get(0)?.as_int(), &args.get(0)?.kind) {
        (Some(n), _) => {
            let n = usize::try_from(n).ok().filter(|n| *n <= 1024)?;
            Some(Value::seq(SeqSort::Buffer, vec![Value::int(0); n]))
        }
        (None, Kind::Seq(_)) => args.get(0).cloned(),
        _ => None,
    }
}

/// Arrays, maps and objects.
fn objects(interp: &mut Interp<'_>, path: &str, args: &Args, new: bool) -> Option<Value> {
    match path {
        "Array" | "Array.of" | "Set" | "Array.from" | "Uint8Array" | "Uint8Array.from"
        | "Uint8Array.of" => {
            let inputs: Vec<Value> = args.pos.iter().map(|(v, _)| v.clone()).collect();
            match path {
                "Array.of" | "Uint8Array.of" => Some(list(inputs)),
                // Of a buffer it is another view, of a number so many noughts.
                "Uint8Array" if matches!(&args.get(0)?.kind, Kind::Seq(seq) if seq.sort == SeqSort::Buffer) => {
                    args.get(0).cloned()
                }
                "Uint8Array" if args.get(0).is_some_and(|v| v.as_int().is_some()) => {
                    let n = usize::try_from(int_at(args, 0)?)
                        .ok()
                        .filter(|n| *n <= 1024)?;
                    Some(Value::seq(SeqSort::Buffer, vec![Value::int(0); n]))
                }
                "Array" if args.len() != 1 => Some(list(inputs)),
                "Array" => {
                    let n = usize::try_from(int_at(args, 0)?)
                        .ok()
                        .filter(|n| *n <= 1024)?;
                    Some(list(vec![Value::new(Kind::Undefined); n]))
                }
                _ => {
                    let sort = if path == "Set" {
                        SeqSort::Set
                    } else {
                        SeqSort::List
                    };
                    match args.get(0) {
                        None => Some(Value::seq(sort, Vec::new())),
                        Some(value) => match interp.items(value) {
                            Some(items) if path.starts_with("Uint8") => {
                                Some(Value::seq(SeqSort::Buffer, items))
                            }
                            Some(items) => Some(Value::seq(sort, items)),
                            None => {
                                let rest = interp.item_of(value);
                                Some(Value::seq_with(sort, Vec::new(), Some(rest)))
                            }
                        },
                    }
                }
            }
        }
        "Map" | "Object.fromEntries" | "WeakMap" => {
            let value = Value::map(Vec::new(), None);
            let Kind::Map(map) = &value.kind else {
                return None;
            };
            if let Some(pairs) = args.get(0) {
                let items = interp.items(pairs);
                if !items.is_some_and(|items| items.iter().all(|p| map::set_pair(map, p))) {
                    *map.rest.borrow_mut() =
                        Some(Value::unknown_with(Why::Reflection, pairs.deep_taint()));
                }
            }
            Some(value)
        }
        "Object" if new || args.len() == 0 => Some(Value::map(Vec::new(), None)),
        "Object.assign" | "_.assign" | "lodash.assign" => {
            let target = args.get(0)?.clone();
            let Kind::Map(map) = &target.kind else {
                return None;
            };
            interp
                .journal
                .touch(crate::interp::scope::Slot::Map(Rc::clone(map)));
            let mut rest = args.clone();
            rest.pos.remove(0);
            map::update(interp, map, &rest);
            Some(target)
        }
        "Object.keys"
        | "Object.values"
        | "Object.entries"
        | "Object.getOwnPropertyNames"
        | "Reflect.ownKeys" => entries(path, args.get(0)?),
        "JSON.parse" => super::python_convert::json(str_at(args, 0)?),
        "JSON.stringify" => {
            let value = args.get(0)?;
            let own = interp.ask(value, "toJSON", Args::default());
            let text = super::python_convert::json_text(own.as_ref().unwrap_or(value));
            Some(match text.filter(|_| args.len() == 1) {
                Some(text) => Value::str(text),
                None => Value::unknown_with(Why::Operation, args.taint()),
            })
        }
        "DataView"
        | "ArrayBuffer"
        | "Buffer.alloc"
        | "Buffer.allocUnsafe"
        | "buffer.Buffer.alloc" => buffer(args),
        _ => codecs(path, args, new),
    }
}

fn entries(path: &str, value: &Value) -> Option<Value> {
    if let Kind::Seq(seq) = &value.kind
        && seq.rest.borrow().is_none()
    {
        let items = seq.items.borrow();
        let each = items.iter().enumerate().map(|(i, v)| match path {
            "Object.values" => v.clone(),
            "Object.entries" => list(vec![Value::str(i.to_string()), v.clone()]),
            _ => Value::str(i.to_string()),
        });
        return Some(list(each.collect()));
    }
    let Kind::Map(map) = &value.kind else {
        return None;
    };
    let each = |k: &Key, v: &Value| match path {
        "Object.values" => v.clone(),
        "Object.entries" => list(vec![k.value(), v.clone()]),
        _ => k.value(),
    };
    let items = map
        .entries
        .borrow()
        .iter()
        .map(|(k, v)| each(k, v))
        .collect();
    let rest = map
        .rest
        .borrow()
        .as_ref()
        .map(|r| Value::unknown_with(Why::Reflection, r.deep_taint()));
    Some(Value::seq_with(SeqSort::List, items, rest))
}

fn numbers(path: &str, args: &Args) -> Option<Value> {
    let value = args.get(0)?;
    let safe = || Value::unknown_with(Why::Operation, value.deep_taint().cleaned(SinkSet::ALL));
    let known = match path {
        "parseInt" => match &value.kind {
            Kind::Str(text) => {
                let base = int_at(args, 1).map_or(10, |b| b as u32);
                let digits: String = text
                    .trim()
                    .chars()
                    .take_while(|c| c.is_digit(base.clamp(2, 36)) || *c == '-')
                    .collect();
                number::parse(if base == 16 { text } else { &digits }, base).map(Kind::Int)
            }
            _ => number::to_number(value),
        },
        _ => number::to_number(value),
    };
    Some(match known {
        Some(Kind::Float(f)) if path != "Number" && path != "parseFloat" && !f.is_nan() => {
            Value::int(match path {
                "Math.ceil" => f.ceil(),
                "Math.round" => f.round(),
                "Math.trunc" | "parseInt" => f.trunc(),
                "Math.abs" => f.abs(),
                _ => f.floor(),
            } as i64)
        }
        Some(Kind::Int(n)) if path == "Math.abs" => Value::int(n.checked_abs()?),
        Some(kind) => Value::new(kind),
        None => safe(),
    })
}

fn codecs(path: &str, args: &Args, new: bool) -> Option<Value> {
    match path {
        "atob" => {
            let bytes = codec::from_base64(&codec::bytes_of(args.get(0)?)?)?;
            Some(codec::decoded(codec::decode_text(&bytes, Some("latin1"))?))
        }
        "btoa" => {
            use base64::Engine as _;
            Some(Value::str(
                base64::engine::general_purpose::STANDARD.encode(codec::bytes_of(args.get(0)?)?),
            ))
        }
        "Buffer.from" | "Buffer" | "buffer.Buffer.from" => {
            let value = args.get(0)?;
            if let Kind::Seq(seq) = &value.kind {
                let bytes = codec::bytes_of_numbers(seq);
                return Some(Value::bytes(bytes?).tainted(&Taint::device(Device::CharacterCodes)));
            }
            let text = value.as_str()?;
            match str_at(args, 1).map(|s| &**s) {
                Some("base64" | "base64url") => Some(codec::decoded(Value::bytes(
                    codec::from_base64(text.as_bytes())?,
                ))),
                Some("hex") => Some(codec::decoded(Value::bytes(codec::from_hex(text)?))),
                _ => Some(Value::bytes(text.as_bytes())),
            }
        }
        "Buffer.alloc" => {
            let Kind::Int(size @ 0..=1024) = args.get(0)?.kind else {
                return None;
            };
            let fill = match args.get(1).map(|value| &value.kind) {
                None => 0,
                Some(Kind::Int(fill)) => u8::try_from(*fill).ok()?,
                Some(_) => return None,
            };
            Some(Value::bytes(vec![fill; usize::try_from(size).ok()?]))
        }
        "Buffer.concat" => {
            let Kind::Seq(seq) = &args.get(0)?.kind else {
                return None;
            };
            let parts: Option<Vec<Vec<u8>>> =
                seq.items.borrow().iter().map(codec::bytes_of).collect();
            Some(Value::bytes(parts?.concat()))
        }
        "decodeURIComponent" | "unescape" | "decodeURI" => {
            let text = str_at(args, 0)?;
            codec::percent_decode(text).map(|s| codec::decoded(Value::str(s)))
        }
        "TextDecoder.decode" => match &args.get(0)?.kind {
            Kind::Bytes(bytes) => codec::decode_text(bytes, None),
            Kind::Seq(seq) => {
                let bytes = codec::bytes_of_numbers(seq);
                Some(
                    codec::decode_text(&bytes?, None)?
                        .tainted(&Taint::device(Device::CharacterCodes)),
                )
            }
            _ => None,
        },
        "zlib.inflateSync" | "zlib.gunzipSync" | "zlib.unzipSync" | "zlib.inflateRawSync" => {
            Some(codec::decoded(Value::bytes(codec::inflate(
                &codec::bytes_of(args.get(0)?)?,
            )?)))
        }
        "RegExp" if new => None,
        _ => None,
    }
}

/// Folds the methods that every function has.
pub(crate) fn function_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let this = args.get(0).cloned();
    let mut given = match name {
        "call" | "bind" => {
            let mut rest = args.clone();
            if !rest.pos.is_empty() {
                rest.pos.remove(0);
            }
            rest
        }
        "apply" => spread_args(interp, args.get(1))?,
        _ => return None,
    };
    if let (Kind::Func(closure), Some(this)) = (&receiver.kind, this) {
        if name != "bind" {
            return Some(interp.call_closure(closure, Some(this), given, span));
        }
        let bound = Value::new(Kind::Bound(Rc::new((this, receiver.clone()))));
        return Some(Value::new(Kind::Partial(Rc::new(PartialVal {
            callee: bound,
            args: given,
            method: false,
        }))));
    }
    if name == "bind" {
        return Some(
            Value::new(Kind::Partial(Rc::new(PartialVal {
                callee: receiver.clone(),
                args: given,
                method: false,
            })))
            .tainted(&receiver.taint),
        );
    }
    for (_, at) in &mut given.pos {
        if *at == Span::default() {
            *at = span;
        }
    }
    Some(interp.call(receiver, given, span))
}

/// Folds the methods of arrays that take functions, and some that do not.
pub(crate) fn array_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let items = interp.items(receiver).filter(|i| i.len() <= 256);
    let Some(items) = items else {
        return array_method_open(interp, receiver, name, args, span);
    };
    let callee = args.get(0).cloned();
    let apply = |interp: &mut Interp<'_>, i: usize, item: &Value| {
        callee.as_ref().map(|f| {
            interp.call(
                f,
                Args::of([item.clone(), Value::int(i as i64), receiver.clone()]),
                span,
            )
        })
    };
    match name {
        "map" | "flatMap" | "forEach" => {
            let mut out = Vec::new();
            for (i, item) in items.iter().enumerate() {
                let value = apply(interp, i, item)?;
                match (&value.kind, name) {
                    (Kind::Seq(seq), "flatMap") => out.extend(seq.items.borrow().iter().cloned()),
                    _ => out.push(value),
                }
            }
            Some(if name == "forEach" {
                Value::new(Kind::Undefined)
            } else {
                list(out)
            })
        }
        "findIndex" => {
            for (i, item) in items.iter().enumerate() {
                if apply(interp, i, item)?.truth(true)? {
                    return Some(Value::int(i as i64));
                }
            }
            Some(Value::int(-1))
        }
        "findLast" => {
            for (i, item) in items.iter().enumerate().rev() {
                if apply(interp, i, item)?.truth(true)? {
                    return Some(item.clone());
                }
            }
            Some(Value::new(Kind::Undefined))
        }
        "toSorted" | "sort" => {
            let Some(by) = callee.clone() else {
                return sequence::sorted(interp, receiver, args);
            };
            sorted_by(interp, items, &by, span)
        }
        "filter" | "find" | "some" | "every" => {
            let mut out = Vec::new();
            for (i, item) in items.iter().enumerate() {
                match apply(interp, i, item)?.truth(true) {
                    Some(true) if name == "find" => return Some(item.clone()),
                    Some(true) if name == "some" => return Some(Value::bool(true)),
                    Some(false) if name == "every" => return Some(Value::bool(false)),
                    Some(true) => out.push(item.clone()),
                    Some(false) => {}
                    None => {
                        let rest = interp.item_of(receiver);
                        return Some(match name {
                            "filter" => Value::seq_with(SeqSort::List, out, Some(rest)),
                            "find" => rest,
                            _ => Value::unknown(Why::Operation),
                        });
                    }
                }
            }
            Some(match name {
                "filter" => list(out),
                "some" => Value::bool(false),
                "every" => Value::bool(true),
                _ => Value::new(Kind::Undefined),
            })
        }
        "reduce" | "reduceRight" => {
            let mut items = items;
            if name == "reduceRight" {
                items.reverse();
            }
            if let Some(first) = args.get(1) {
                items.insert(0, first.clone());
            }
            let mut items = items.into_iter();
            let mut value = items.next()?;
            for item in items {
                value = interp.call(callee.as_ref()?, Args::of([value, item]), span);
            }
            Some(value)
        }
        _ => rearranged(items, name, args),
    }
}

/// The methods of arrays that take no function.
fn rearranged(items: Vec<Value>, name: &str, args: &Args) -> Option<Value> {
    match name {
        "toReversed" => Some(list(items.into_iter().rev().collect())),
        "with" => {
            let at = usize::try_from(int_at(args, 0)?)
                .ok()
                .filter(|at| *at < items.len())?;
            let mut items = items;
            items[at] = args.get(1)?.clone();
            Some(list(items))
        }
        "at" => {
            let i = int_at(args, 0)?;
            let i = if i < 0 { i + items.len() as i64 } else { i };
            items.get(usize::try_from(i).ok()?).cloned()
        }
        "flat" => {
            let mut out = Vec::new();
            for item in &items {
                match &item.kind {
                    Kind::Seq(seq) => out.extend(seq.items.borrow().iter().cloned()),
                    _ => out.push(item.clone()),
                }
            }
            Some(list(out))
        }
        "entries" => Some(list(
            items
                .into_iter()
                .enumerate()
                .map(|(i, v)| list(vec![Value::int(i as i64), v]))
                .collect(),
        )),
        "keys" => Some(list(
            (0..items.len()).map(|i| Value::int(i as i64)).collect(),
        )),
        "values" => Some(list(items)),
        "fill" => Some(list(vec![args.get(0)?.clone(); items.len()])),
        _ => None,
    }
}

/// Sorts by what a function of two items says.
fn sorted_by(interp: &mut Interp<'_>, items: Vec<Value>, by: &Value, span: Span) -> Option<Value> {
    let mut out: Vec<Value> = Vec::new();
    for item in items {
        let mut at = out.len();
        while at > 0 {
            let order = interp.call(by, Args::of([item.clone(), out[at - 1].clone()]), span);
            if order.as_int()? >= 0 {
                break;
            }
            at -= 1;
        }
        out.insert(at, item);
    }
    Some(list(out))
}

fn array_method_open(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let item = interp.item_of(receiver);
    let result = match args.get(0).cloned() {
        Some(callee) if !matches!(name, "at" | "fill") => interp.call(
            &callee,
            Args::of([item.clone(), Value::unknown(Why::Loop)]),
            span,
        ),
        _ => item.clone(),
    };
    Some(match name {
        "map" | "flatMap" => Value::seq_with(SeqSort::List, Vec::new(), Some(result)),
        "filter" | "values" | "flat" => Value::seq_with(SeqSort::List, Vec::new(), Some(item)),
        "find" | "at" => item,
        "reduce" | "reduceRight" => join::join(&result, &item),
        "forEach" => Value::new(Kind::Undefined),
        _ => Value::unknown_with(Why::Operation, item.deep_taint()),
    })
}
