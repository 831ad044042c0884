//! Python's reflection: names looked up as values.

use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::function::Decorated;
use crate::value::{Kind, MemberVal, PartialVal, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;

/// Folds a reflective builtin.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    names(interp, path, site)
        .or_else(|| operators(interp, path, site))
        .or_else(|| functions(interp, path, site))
}

/// Attributes, namespaces and modules by name.
fn names(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let span = site.span;
    match path {
        "getattr" => {
            let (object, key) = (args.get(0)?.clone(), args.get(1)?.clone());
            let value = interp.attr_by_text(&object, &key, span);
            Some(match args.get(2) {
                Some(default) if value.is_unknown() => join::join(&value, default),
                _ => value,
            })
        }
        "setattr" => {
            let (object, key, value) = (
                args.get(0)?.clone(),
                Arc::clone(args.get(1)?.as_str()?),
                args.get(2)?.clone(),
            );
            let name = interp.interner.intern(&key);
            interp.set_attr(&object, name, value, span);
            Some(Value::new(Kind::Null))
        }
        "hasattr" | "delattr" => Some(Value::unknown(Why::Operation)),
        "vars" if args.len() == 1 => {
            let name = interp.interner.intern("__dict__");
            let member = MemberVal {
                receiver: args.get(0)?.clone(),
                receiver_name: None,
                name,
            };
            Some(Value::new(Kind::Member(Rc::new(member))))
        }
        "globals" | "locals" | "vars" => Some(interp.api(&format!("{path}()"))),
        "importlib.import_module"
        | "__import__"
        | "imp.load_module"
        | "importlib.__import__"
        | "pydoc.locate"
        | "django.utils.module_loading.import_string" => {
            let name = args.at(0, "name")?.clone();
            // `__import__("a.b")` gives `a` unless names are asked for.
            let whole = path != "__import__" || args.at(3, "fromlist").is_some();
            let name = match name.as_str() {
                Some(text) if !whole => {
                    Value::str(text.split('.').next().unwrap_or(text)).tainted(&name.taint)
                }
                _ => name,
            };
            Some(interp.import_value(&name, span, false))
        }
        _ => None,
    }
}

/// Operators as functions.
fn operators(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let span = site.span;
    match path {
        "operator.attrgetter"
        | "operator.itemgetter"
        | "operator.methodcaller"
        | "functools.partial"
        | "functools.partialmethod" => {
            let callee = if path.starts_with("functools") {
                args.get(0)?.clone()
            } else {
                Value::new(Kind::Api(site.path))
            };
            let mut rest = args.clone();
            if path.starts_with("functools") {
                rest.pos.remove(0);
                if let Kind::Partial(inner) = &callee.kind {
                    // Arguments given one after the other are given together.
                    if inner.args.len() + rest.len() > 64 {
                        return Some(Value::unknown_with(Why::Fuel, args.taint()));
                    }
                    let mut all = inner.args.clone();
                    all.pos.extend(rest.pos);
                    all.named.extend(rest.named);
                    rest = Args {
                        pos: all.pos,
                        named: all.named,
                        more: rest.more.or(all.more),
                        more_named: rest.more_named.or(all.more_named),
                    };
                    let callee = inner.callee.clone();
                    return Some(Value::new(Kind::Partial(Rc::new(PartialVal {
                        callee,
                        args: rest,
                    }))));
                }
                return Some(Value::new(Kind::Partial(Rc::new(PartialVal {
                    callee,
                    args: rest,
                }))));
            }
            let applied = interp.api(&format!("{path}()"));
            Some(Value::new(Kind::Partial(Rc::new(PartialVal {
                callee: applied,
                args: rest,
            }))))
        }
        "operator.attrgetter()" => {
            let (object, given) = args.pos.split_last()?;
            let key = given.first()?.0.clone();
            let mut value = object.0.clone();
            for part in key.as_str()?.split('.') {
                let part = Value::str(part).tainted(&key.taint);
                value = interp.attr_by_text(&value, &part, span);
            }
            Some(value)
        }
        "operator.itemgetter()" => {
            let (object, given) = args.pos.split_last()?;
            let key = given.first()?.0.clone();
            Some(interp.index(&object.0.clone(), &key, span))
        }
        "operator.methodcaller()" => {
            let (object, given) = args.pos.split_last()?;
            let key = given.first()?.0.clone();
            let object = object.0.clone();
            let mut rest = args.clone();
            rest.pos = given[1..].to_vec();
            let method = interp.attr_by_text(&object, &key, span);
            let method = match &method.kind {
                Kind::Unknown(_) => {
                    let name = interp.interner.intern(&Arc::clone(key.as_str()?));
                    return Some(interp.method(&object, None, name, rest, span, false));
                }
                _ => method,
            };
            Some(interp.call(&method, rest, span))
        }
        "operator.getitem" => {
            let (object, key) = (args.get(0)?.clone(), args.get(1)?.clone());
            Some(interp.index(&object, &key, span))
        }
        "operator.add" | "operator.concat" => {
            Some(interp.binary(tares_lang::tree::BinaryOp::Add, args.get(0)?, args.get(1)?))
        }
        "operator.mod" => {
            Some(interp.binary(tares_lang::tree::BinaryOp::Mod, args.get(0)?, args.get(1)?))
        }
        "operator.not_" => args.get(0)?.truth(false).map(|b| Value::bool(!b)),
        "operator.truth" => args.get(0)?.truth(false).map(Value::bool),
        "operator.eq" => join::equal(args.get(0)?, args.get(1)?).map(Value::bool),
        "operator.call" => {
            let callee = args.get(0)?.clone();
            let mut rest = args.clone();
            rest.pos.remove(0);
            Some(interp.call(&callee, rest, span))
        }
        _ => None,
    }
}

/// Functions that take functions, and classes made by calls.
fn functions(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let span = site.span;
    match path {
        "functools.reduce" => {
            let callee = args.get(0)?.clone();
            let mut items = interp.items(args.get(1)?)?;
            if items.len() > 64 {
                return None;
            }
            if let Some(first) = args.get(2) {
                items.insert(0, first.clone());
            }
            let mut items = items.into_iter();
            let mut value = items.next()?;
            for item in items {
                value = interp.call(&callee, Args::of([value, item]), span);
            }
            Some(value)
        }
        "functools.wraps"
        | "functools.lru_cache"
        | "functools.cache"
        | "contextlib.contextmanager"
            if args.len() == 1 =>
        {
            args.get(0).cloned()
        }
        "staticmethod" | "classmethod" | "property" if args.len() == 1 => {
            if let Some(Kind::Func(closure)) = args.get(0).map(|v| v.kind.clone()) {
                closure.decorated.set(match path {
                    "staticmethod" => Decorated::Static,
                    "classmethod" => Decorated::ClassMethod,
                    _ => Decorated::Property,
                });
            }
            args.get(0).cloned()
        }
        "type" => type_of(interp, args),
        "types.SimpleNamespace" | "argparse.Namespace" => {
            let value = Value::map(Vec::new(), args.more_named.clone());
            for (name, given, _) in &args.named {
                if let Kind::Map(map) = &value.kind {
                    map.set(crate::value::Key::Text(Arc::clone(name)), given.clone());
                }
            }
            Some(value)
        }
        _ => None,
    }
}

/// `type(x)` of an instance, and `type(name, bases, dict)`.
fn type_of(interp: &mut Interp<'_>, args: &Args) -> Option<Value> {
    if args.len() == 3 {
        return interp.make_class(args);
    }
    match &args.get(0)?.kind {
        Kind::Object(object) => Some(Value::new(Kind::Class(Rc::clone(&object.class)))),
        _ => None,
    }
}
