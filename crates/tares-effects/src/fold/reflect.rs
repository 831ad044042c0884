//! Python's reflection: names looked up as values.

use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::function::Decorated;
use crate::value::{Kind, MemberVal, PartialVal, SeqSort, Value, Why, join};
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
            let key = interp.plain(&key);
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
            if name.as_str().is_none() && interp.paths.node(site.path).calls.is_some() {
                return None; // A model says what it is.
            }
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
                        method: false,
                    }))));
                }
                return Some(Value::new(Kind::Partial(Rc::new(PartialVal {
                    callee,
                    args: rest,
                    method: path.ends_with("method"),
                }))));
            }
            let applied = interp.api(&format!("{path}()"));
            Some(Value::new(Kind::Partial(Rc::new(PartialVal {
                callee: applied,
                args: rest,
                method: false,
            }))))
        }
        "operator.attrgetter()" => {
            let (object, given) = args.pos.split_last()?;
            let mut found = Vec::new();
            for (key, _) in given {
                let mut value = object.0.clone();
                for part in key.as_str()?.split('.') {
                    let part = Value::str(part).tainted(&key.taint);
                    value = interp.attr_by_text(&value, &part, span);
                }
                found.push(value);
            }
            one_or_all(found)
        }
        "operator.itemgetter()" => {
            let (object, given) = args.pos.split_last()?;
            let object = object.0.clone();
            let found = given
                .iter()
                .map(|(key, _)| interp.index(&object, key, span));
            one_or_all(found.collect())
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
        _ => None,
    }
}

/// What a getter of one or of several names gives.
fn one_or_all(mut found: Vec<Value>) -> Option<Value> {
    match found.len() {
        0 => None,
        1 => found.pop(),
        _ => Some(Value::seq(SeqSort::Tuple, found)),
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
        | "functools.singledispatch"
        | "functools.singledispatchmethod"
        | "functools.total_ordering"
        | "contextlib.contextmanager"
            if args.len() == 1 =>
        {
            args.get(0).cloned()
        }
        "staticmethod" | "classmethod" | "property" if args.len() == 1 => {
            // The function itself stays what it is.
            let Kind::Func(closure) = &args.get(0)?.kind else {
                return args.get(0).cloned();
            };
            let decorated = closure.decorated_as(match path {
                "staticmethod" => Decorated::Static,
                "classmethod" => Decorated::ClassMethod,
                _ => Decorated::Property,
            });
            Some(Value::new(Kind::Func(Rc::new(decorated))))
        }
        "property" => {
            let Kind::Func(getter) = &args.at(0, "fget")?.kind else {
                return None;
            };
            let getter = getter.decorated_as(Decorated::Property);
            if let Some(setter) = args.at(1, "fset") {
                let mut fields = getter.fields.borrow_mut();
                fields.push((crate::interp::function::SETTER.into(), setter.clone()));
            }
            Some(Value::new(Kind::Func(Rc::new(getter))))
        }
        "types.MethodType" => {
            let (function, this) = (args.get(0)?.clone(), args.get(1)?.clone());
            Some(Value::new(Kind::Bound(Rc::new((this, function)))))
        }
        "importlib.reload" if matches!(args.get(0)?.kind, Kind::Api(_) | Kind::Module(_)) => {
            args.get(0).cloned()
        }
        "pkgutil.resolve_name" => {
            let name = args.get(0)?.as_str()?.replace(':', ".");
            let (module, attribute) = name.rsplit_once('.')?;
            let module = Value::str(module).tainted(&args.get(0)?.taint);
            let module = interp.import_value(&module, span, false);
            Some(interp.attr_by_text(&module, &Value::str(attribute), span))
        }
        "sys._getframe" | "inspect.currentframe" => {
            let entries = vec![
                (
                    crate::value::Key::Text("f_locals".into()),
                    interp.api("locals()"),
                ),
                (
                    crate::value::Key::Text("f_globals".into()),
                    interp.api("globals()"),
                ),
            ];
            Some(Value::map(entries, Some(Value::unknown(Why::Reflection))))
        }
        "type" => type_of(interp, args),
        "types.SimpleNamespace" | "argparse.Namespace" | "threading.local" => {
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
    let name = match &args.get(0)?.kind {
        Kind::Object(object) => {
            return Some(Value::new(Kind::Class(Rc::clone(&object.class))));
        }
        Kind::Str(_) | Kind::Pattern(_) => "str",
        Kind::Int(_) => "int",
        Kind::Bool(_) => "bool",
        Kind::Float(_) => "float",
        Kind::Bytes(_) => "bytes",
        Kind::Map(_) => "dict",
        Kind::Seq(seq) => match seq.sort {
            SeqSort::List => "list",
            SeqSort::Tuple => "tuple",
            SeqSort::Set => "set",
            SeqSort::Buffer => "bytearray",
        },
        Kind::Class(class) => {
            return class.metaclass().map(|meta| Value::new(Kind::Class(meta)));
        }
        _ => return None,
    };
    Some(interp.api(name))
}
