//! JavaScript's objects: prototypes, property descriptors, proxies, promises and listeners.

use super::list;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::function::Decorated;
use crate::interp::scope::{Slot, State};
use crate::value::{Behind, Key, Kind, PartialVal, SeqSort, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_model::effect::Device;
use tares_model::{Label, Span};

/// Folds a call.
pub(crate) fn call(
    interp: &mut Interp<'_>,
    path: &str,
    site: &Site<'_>,
    new: bool,
) -> Option<Value> {
    let args = site.args;
    if let Some(name) = [
        "Array", "String", "Object", "Function", "Map", "Set", "Promise",
    ]
    .into_iter()
    .find_map(|owner| path.strip_prefix(owner)?.strip_prefix(".prototype."))
    {
        // `Array.prototype.map.call(list, f)` comes as the receiver and the arguments of `call`.
        let this = args.get(0)?.clone();
        let mut rest = args.clone();
        rest.pos.remove(0);
        let name = interp.interner.intern(name);
        return Some(interp.method(&this, None, name, rest, site.span, false));
    }
    made(interp, path, args, new, site.span)
        .or_else(|| described(interp, path, args, site.span))
        .or_else(|| promised(interp, path, args))
}

/// Objects made of others.
fn made(interp: &mut Interp<'_>, path: &str, args: &Args, new: bool, span: Span) -> Option<Value> {
    match path {
        "Proxy" if new => {
            let (target, handler) = (args.get(0)?.clone(), args.get(1)?.clone());
            let plain = matches!(&handler.kind, Kind::Map(map)
                if map.entries.borrow().is_empty() && map.rest.borrow().is_none());
            if plain {
                return Some(target);
            }
            let taint = target.taint.clone();
            Some(behind(Behind::Proxy(target, handler)).tainted(&taint))
        }
        "Object.create" => {
            let parent = args.get(0)?.clone();
            let object = match parent.kind {
                Kind::Null => Value::map(Vec::new(), None),
                Kind::Map(_) | Kind::Object(_) | Kind::Api(_) | Kind::Class(_) => {
                    behind(Behind::Prototype(parent))
                }
                _ => Value::map(Vec::new(), Some(Value::unknown(Why::Operation))),
            };
            if let Some(properties) = args.get(1) {
                define_all(interp, &object, properties, span);
            }
            Some(object)
        }
        "Object.setPrototypeOf" | "Reflect.setPrototypeOf" => {
            let (object, parent) = (args.get(0)?.clone(), args.get(1)?.clone());
            let Kind::Map(map) = &object.kind else {
                return None;
            };
            map.set_behind(Behind::Prototype(parent));
            Some(object)
        }
        "Object.getPrototypeOf" | "Reflect.getPrototypeOf" => match &args.get(0)?.kind {
            Kind::Map(map) => match map.behind()? {
                Behind::Prototype(parent) => Some(parent),
                _ => None,
            },
            Kind::Object(object) => Some(Value::new(Kind::Class(Rc::clone(&object.class)))),
            _ => None,
        },
        "Object.assign" | "_.assign" | "lodash.assign" => {
            let target = args.get(0)?.clone();
            let plain = matches!(&target.kind, Kind::Map(map) if map.behind.borrow().is_none());
            // What a user sent is left to the model.
            let sent = |(v, _): &(Value, Span)| {
                !matches!(v.kind, Kind::Map(_)) && v.deep_taint().has(Label::UserInput)
            };
            if plain || target.is_unknown() || args.pos.iter().skip(1).any(sent) {
                return None;
            }
            for (source, _) in args.pos.iter().skip(1) {
                let Kind::Map(source) = &source.kind else {
                    continue;
                };
                let entries = source.entries.borrow().clone();
                for (key, value) in entries {
                    interp.set_index(&target, &key.value(), value, span);
                }
            }
            Some(target)
        }
        "Object.groupBy" | "Map.groupBy" => {
            let items = interp.items(args.get(0)?)?;
            let by = args.get(1)?.clone();
            let groups = Value::map(Vec::new(), None);
            let Kind::Map(map) = &groups.kind else {
                return None;
            };
            for item in items {
                let key = interp.call(&by, Args::of([item.clone()]), span).as_key()?;
                let mut group = match map.get(&key).map(|v| v.kind) {
                    Some(Kind::Seq(seq)) => seq.items.borrow().clone(),
                    _ => Vec::new(),
                };
                group.push(item);
                map.set(key, list(group));
            }
            Some(groups)
        }
        _ => None,
    }
}

fn behind(behind: Behind) -> Value {
    let object = Value::map(Vec::new(), None);
    if let Kind::Map(map) = &object.kind {
        map.set_behind(behind);
    }
    object
}

/// Property descriptors.
fn described(interp: &mut Interp<'_>, path: &str, args: &Args, span: Span) -> Option<Value> {
    match path {
        "Object.defineProperty" | "Reflect.defineProperty" => {
            let object = args.get(0)?.clone();
            define(interp, &object, args.get(1)?, args.get(2)?, span)?;
            Some(object)
        }
        "Object.defineProperties" => {
            let object = args.get(0)?.clone();
            define_all(interp, &object, args.get(1)?, span);
            Some(object)
        }
        "Object.getOwnPropertyDescriptor" | "Reflect.getOwnPropertyDescriptor" => {
            let object = args.get(0)?.clone();
            let mut value = interp.index(&object, args.get(1)?, span);
            if matches!(object.kind, Kind::Api(_) | Kind::Module(_)) {
                value = value.tainted(&Taint::device(Device::Reflection));
            }
            Some(Value::map(
                vec![(Key::Text("value".into()), value)],
                Some(Value::unknown(Why::Operation)),
            ))
        }
        _ => None,
    }
}

fn define_all(interp: &mut Interp<'_>, object: &Value, properties: &Value, span: Span) {
    let Kind::Map(properties) = &properties.kind else {
        return;
    };
    let entries = properties.entries.borrow().clone();
    for (key, descriptor) in entries {
        define(interp, object, &key.value(), &descriptor, span);
    }
}

fn define(
    interp: &mut Interp<'_>,
    object: &Value,
    key: &Value,
    descriptor: &Value,
    span: Span,
) -> Option<()> {
    let Kind::Map(map) = &descriptor.kind else {
        return None;
    };
    if let Some(value) = map.get_text("value") {
        interp.set_index(object, key, value, span);
        return Some(());
    }
    if let (Some(setter), Some(name)) = (map.get_text("set"), key.as_str()) {
        let name = Value::str(format!("set {name}"));
        interp.set_index(object, &name, setter, span);
    }
    let getter = map.get_text("get")?;
    let own = matches!(object.kind, Kind::Map(_) | Kind::Object(_) | Kind::Class(_));
    let value = match &getter.kind {
        Kind::Func(closure) if own => {
            let closure = closure.decorated_as(Decorated::Property);
            Value::new(Kind::Func(Rc::new(closure)))
        }
        // What others read of a module is what the getter gives.
        _ => interp.call(&getter, Args::default(), span),
    };
    interp.set_index(object, key, value, span);
    Some(())
}

/// Promises: what they are made of is known where they are made.
fn promised(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    match path {
        "Promise.race" | "Promise.any" => {
            let items = interp.items(args.get(0)?)?;
            items.into_iter().reduce(|a, b| join::join(&a, &b))
        }
        "Promise.allSettled" => {
            let items = interp.items(args.get(0)?)?;
            let settled = items.into_iter().map(|value| {
                Value::map(
                    vec![
                        (Key::Text("status".into()), Value::str("fulfilled")),
                        (Key::Text("value".into()), value),
                    ],
                    None,
                )
            });
            Some(list(settled.collect()))
        }
        // What an executor calls to settle its promise; the first argument is where it is kept.
        RESOLVER => {
            let Kind::Seq(cell) = &args.get(0)?.kind else {
                return None;
            };
            interp.journal.touch(Slot::Seq(Rc::clone(cell)));
            cell.items.borrow_mut().extend(args.get(1).cloned());
            Some(Value::new(Kind::Undefined))
        }
        _ => None,
    }
}

/// The path of the function that settles a promise.
const RESOLVER: &str = "Promise.resolver()";

/// `new Promise((resolve, reject) => …)`.
pub(crate) fn promise(interp: &mut Interp<'_>, args: &Args, span: Span) -> Option<Value> {
    let executor = args.get(0)?.clone();
    let cell = list(Vec::new());
    let resolver = interp.api(RESOLVER);
    let resolve = Value::new(Kind::Partial(Rc::new(PartialVal {
        callee: resolver,
        args: Args::of([cell.clone()]),
        method: false,
    })));
    let given = Args::of([resolve, Value::unknown(Why::Call)]);
    interp.at_once(|s| s.call(&executor, given, span));
    let Kind::Seq(cell) = &cell.kind else {
        return None;
    };
    let settled = cell.items.borrow().clone();
    let value = settled.into_iter().reduce(|a, b| join::join(&a, &b));
    Some(value.unwrap_or_else(|| Value::unknown(Why::Call)))
}

/// Listeners of an emitter: what is registered under a name runs when the name is emitted.
pub(crate) fn listener(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<()> {
    let event = match (&args.get(0)?.kind, name) {
        (Kind::Str(text), _) => Arc::clone(text),
        (Kind::Instance(event), "dispatchEvent") => Arc::clone(event.args.first()?.as_str()?),
        _ => return None,
    };
    let field: Arc<str> = format!("on {event}").into();
    match name {
        "on" | "once" | "addListener" | "prependListener" | "addEventListener" => {
            let added = args.get(1)?.clone();
            if !matches!(
                added.kind,
                Kind::Func(_) | Kind::Bound(_) | Kind::Partial(_)
            ) {
                return None;
            }
            let mut all = listeners(interp, receiver, &field);
            all.push(added);
            let kept = Value::seq(SeqSort::List, all);
            match &receiver.kind {
                Kind::Instance(instance) => {
                    let slot = Slot::Instance(Rc::clone(instance), field);
                    interp.journal.write(slot, State::Value(Some(kept)));
                }
                Kind::Object(object) => {
                    let slot = Slot::Field(Rc::clone(object), interp.interner.intern(&field));
                    interp.journal.write(slot, State::Value(Some(kept)));
                }
                _ => {}
            }
        }
        "emit" | "dispatchEvent" => {
            let mut rest = args.clone();
            if name == "emit" {
                rest.pos.remove(0);
            }
            for one in listeners(interp, receiver, &field) {
                interp.call(&one, rest.clone(), span);
            }
        }
        _ => {}
    }
    Some(())
}

fn listeners(interp: &Interp<'_>, receiver: &Value, field: &str) -> Vec<Value> {
    let kept = match &receiver.kind {
        Kind::Instance(instance) => {
            let fields = instance.fields.borrow();
            let mut named = fields.iter().rev();
            named.find(|(n, _)| &**n == field).map(|(_, v)| v.clone())
        }
        Kind::Object(object) => {
            let name = interp.interner.find(field);
            name.and_then(|name| object.fields.borrow().get(&name).cloned())
        }
        _ => None,
    };
    match kept.map(|v| v.kind) {
        Some(Kind::Seq(seq)) => seq.items.borrow().clone(),
        _ => Vec::new(),
    }
}

/// Calls a proxy through its handler.
pub(crate) fn call_proxy(
    interp: &mut Interp<'_>,
    target: &Value,
    handler: &Value,
    args: Args,
    span: Span,
    new: bool,
) -> Value {
    let given = args.tuple_from(0);
    let trapped = if new {
        interp.ask(handler, "construct", Args::of([target.clone(), given]))
    } else {
        let this = Value::new(Kind::Undefined);
        interp.ask(handler, "apply", Args::of([target.clone(), this, given]))
    };
    trapped.unwrap_or_else(|| interp.call_new(target, args, span, new))
}
