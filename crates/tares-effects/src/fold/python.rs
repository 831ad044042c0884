//! Python's builtins and the standard functions that only compute.

use super::map;
use super::python_convert::{
    dedented, json, json_text, maketrans, substituted, to_bytes, to_number, to_text,
};
use super::python_sequence::{aggregate, to_sequence};
use super::{codec, int_at, large, list, number, sequence, str_at};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::{Behind, Kind, SeqSort, Taint, Value, Why};
use tares_model::effect::label::Sink;
use tares_model::effect::{Device, Label, SinkSet};

/// Builtin names that the engine knows.
pub(crate) const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "raw_input",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "memoryview",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "__import__",
    "unicode",
    "unichr",
    "xrange",
    "execfile",
    "__builtins__",
    "Exception",
    "BaseException",
    "execute",
    "builtins",
];

/// Folds a call.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let known = super::reflect::call(interp, path, site)
        .or_else(|| super::iterate::call(interp, path, site))
        .or_else(|| super::deferred::call(interp, path, site));
    if known.is_some() {
        return known;
    }
    match path {
        "exec" | "eval" => {
            let code = args.get(0)?.clone();
            let span = args.pos.first().map_or(site.span, |(_, s)| *s);
            let run = |i: &mut Interp<'_>| super::code::run(i, site, &code, span, path == "eval");
            return Some(super::code::in_names(interp, args, run));
        }
        "compile" => {
            // What is compiled runs when it is executed; the instance carries the text.
            let path = interp.paths.get("compile()");
            let code = args.get(0)?.clone();
            let hidden =
                site.callee_taint.devices().next().is_some() || code.taint.has(Label::Decoded);
            if hidden {
                let span = args.pos.first().map_or(site.span, |(_, s)| *s);
                interp.emit_code(site, &code, span);
            }
            let taint = code.deep_taint();
            return Some(interp.instance(path, args, taint));
        }
        "types.FunctionType" if matches!(args.get(0)?.kind, Kind::Func(_)) => {
            return args.get(0).cloned();
        }
        "types.FunctionType" => {
            if let Some(Kind::Instance(instance)) = args.get(0).map(|v| v.kind.clone()) {
                let code = instance.args.first()?.clone();
                return Some(super::code::run(interp, site, &code, site.span, false));
            }
            return None;
        }
        "map" | "filter" | "itertools.starmap" => return mapped(interp, path, args, site),
        "sorted" => {
            return sequence::sorted(interp, args.get(0)?, args)
                .or_else(|| Some(open_list(interp, args.get(0)?)));
        }
        "slice" => {
            let made = interp.paths.get("slice()");
            return Some(interp.instance(made, args, args.taint()));
        }
        "next" if matches!(args.get(0)?.kind, Kind::Object(_)) => {
            let object = args.get(0)?.clone();
            return interp
                .special(&object, "__next__", Args::default())
                .or_else(|| Some(interp.item_of(&object)));
        }
        "iter" if args.len() == 2 => {
            let callee = args.get(0)?.clone();
            let item = interp.call(&callee, Args::default(), site.span);
            return Some(Value::seq_with(
                SeqSort::List,
                vec![item.clone()],
                Some(item),
            ));
        }
        "next" => return next_item(interp, args),
        _ => {}
    }
    if let ("string.Template.substitute" | "string.Template.safe_substitute", Some(template)) =
        (path, site.receiver)
        && let Kind::Instance(template) = &template.kind
    {
        let text = template.args.first().and_then(Value::as_str)?;
        return Some(substituted(text, args));
    }
    if path == "re.Match.group"
        && let Some(value) = site.receiver.and_then(|r| super::pattern::group(r, args))
    {
        return Some(value);
    }
    if let Some((owner, name)) = path.rsplit_once('.')
        && super::METHOD_OWNERS.contains(&owner)
        && site.receiver.is_none_or(|r| matches!(r.kind, Kind::Api(_)))
        && let Some(value) = owned_method(interp, owner, name, site)
    {
        return Some(value);
    }
    if args
        .values()
        .any(|v| matches!(v.kind, Kind::Object(_) | Kind::Class(_)))
    {
        if let Some(answer) = asked(interp, path, args) {
            return Some(answer);
        }
        let plain = answered(interp, path, args);
        let value = pure(interp, path, &plain)?;
        return Some(super::with_arguments(value, args, site.callee_taint));
    }
    let value = pure(interp, path, args)?;
    Some(super::with_arguments(value, args, site.callee_taint))
}

/// `str.upper(x)`: a method called through its type.
fn owned_method(
    interp: &mut Interp<'_>,
    owner: &str,
    name: &str,
    site: &Site<'_>,
) -> Option<Value> {
    if matches!(
        name,
        "fromkeys" | "maketrans" | "fromhex" | "from_bytes" | "mro"
    ) {
        return None;
    }
    let this = site.args.get(0)?.clone();
    let mut rest = site.args.clone();
    if name == "__new__" || (owner == "type" && name == "__call__") {
        if name == "__call__" {
            rest.pos.remove(0);
        }
        return interp.basic_method(owner, name, &this, &rest, site.span);
    }
    rest.pos.remove(0);
    if matches!(this.kind, Kind::Object(_))
        && let Some(value) = interp.basic_method(owner, name, &this, &rest, site.span)
    {
        return Some(value);
    }
    if matches!(owner, "object" | "type") {
        return super::method(interp, &this, name, &rest, site.span);
    }
    let this = interp.plain(&this);
    let known =
        matches!(this.kind, Kind::Seq(_) | Kind::Map(_) | Kind::Pattern(_)) || this.is_scalar();
    known.then(|| {
        let name = interp.interner.intern(name);
        interp.method(&this, None, name, rest, site.span, false)
    })
}

/// Returns what an object answers to a builtin function that asks it.
fn asked(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let special = match path {
        "len" => "__len__",
        "int" => "__int__",
        "float" => "__float__",
        "bytes" => "__bytes__",
        "hash" => "__hash__",
        "abs" => "__abs__",
        "round" => "__round__",
        "repr" | "ascii" => "__repr__",
        "reversed" => "__reversed__",
        "isinstance" => {
            return interp
                .is_instance(args.get(0)?, args.get(1)?)
                .map(Value::bool);
        }
        _ => return None,
    };
    interp.special(args.get(0)?, special, Args::default())
}

/// Puts what objects answer in the place of the objects.
fn answered(interp: &mut Interp<'_>, path: &str, args: &Args) -> Args {
    let mut plain = args.clone();
    for (value, _) in &mut plain.pos {
        if !matches!(value.kind, Kind::Object(_) | Kind::Class(_)) {
            continue;
        }
        *value = match path {
            "str" | "unicode" | "repr" | "format" | "ascii" => interp.textual(value),
            "bool" => match interp.truth(value) {
                Some(truth) => Value::bool(truth),
                None => value.clone(),
            },
            "int" | "hex" | "oct" | "bin" | "chr" | "range" => interp.as_index(value),
            "dict" | "collections.OrderedDict" | "collections.ChainMap" => interp.as_mapping(value),
            "isinstance" | "issubclass" | "callable" | "id" | "print" => value.clone(),
            _ => match interp.inner(value) {
                Some(inner) => inner,
                None => match interp.items(value) {
                    Some(items) => list(items),
                    None => value.clone(),
                },
            },
        };
    }
    plain
}

/// Methods of functions: what decorators of the library add to them.
pub(crate) fn function_method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    closure: &std::rc::Rc<crate::interp::function::Closure>,
    name: &str,
    args: &Args,
    span: tares_model::Span,
) -> Option<Value> {
    match name {
        "__call__" => Some(interp.call(receiver, args.clone(), span)),
        "__get__" => {
            let this = args.get(0)?.clone();
            Some(Value::new(Kind::Bound(std::rc::Rc::new((
                this,
                receiver.clone(),
            )))))
        }
        // `singledispatch`: every implementation may be meant.
        "register" => {
            let added = args.pos.last().map(|(v, _)| v.clone());
            match added.filter(|v| matches!(v.kind, Kind::Func(_))) {
                Some(added) => {
                    closure
                        .fields
                        .borrow_mut()
                        .push((REGISTERED.into(), added.clone()));
                    Some(added)
                }
                None => {
                    let name = interp.interner.intern("register");
                    Some(crate::interp::member(receiver, name))
                }
            }
        }
        "dispatch" => Some(receiver.clone()),
        "cache_clear" | "cache_info" => Some(Value::unknown(Why::Call)),
        _ => None,
    }
}

/// The field of a function that holds other implementations of it.
pub(crate) const REGISTERED: &str = "register ";

fn mapped(interp: &mut Interp<'_>, path: &str, args: &Args, site: &Site<'_>) -> Option<Value> {
    let callee = args.get(0)?.clone();
    let over = args.get(1)?;
    let Some(items) = interp.items(over).filter(|i| i.len() <= 256) else {
        let item = interp.item_of(over);
        let result = interp.call(&callee, Args::of([item.clone()]), site.span);
        let rest = if path == "filter" { item } else { result };
        return Some(Value::seq_with(SeqSort::List, Vec::new(), Some(rest)));
    };
    let mut out = Vec::new();
    let others: Vec<Vec<Value>> = args
        .pos
        .iter()
        .skip(2)
        .map(|(v, _)| interp.items(v))
        .collect::<Option<_>>()?;
    for (i, item) in items.into_iter().enumerate() {
        let mut given = match (path, &item.kind) {
            ("itertools.starmap", Kind::Seq(seq)) => Args::of(seq.items.borrow().iter().cloned()),
            _ => Args::of([item.clone()]),
        };
        given.pos.extend(
            others
                .iter()
                .filter_map(|o| o.get(i))
                .map(|v| (v.clone(), site.span)),
        );
        if path != "filter" {
            out.push(interp.call(&callee, given, site.span));
            continue;
        }
        let keep = if matches!(callee.kind, Kind::Null) {
            item.truth(false)
        } else {
            {
                let answer = interp.call(&callee, given, site.span);
                interp.truth(&answer)
            }
        };
        match keep {
            Some(true) => out.push(item),
            Some(false) => {}
            None => {
                let rest = Value::unknown_with(Why::Operation, item.deep_taint());
                return Some(Value::seq_with(SeqSort::List, out, Some(rest)));
            }
        }
    }
    Some(list(out))
}

fn open_list(interp: &mut Interp<'_>, value: &Value) -> Value {
    let rest = interp.item_of(value);
    Value::seq_with(SeqSort::List, Vec::new(), Some(rest))
}

fn pure(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    conversions(interp, path, args)
        .or_else(|| iterations(interp, path, args))
        .or_else(|| functions(interp, path, args))
}

/// `next(items)`, which takes the first item out.
fn next_item(interp: &mut Interp<'_>, args: &Args) -> Option<Value> {
    let first = args.get(0)?;
    match interp.items(first) {
        Some(items) => {
            // An iterator is a sequence of its own, so taking an item changes nothing else.
            if let Kind::Seq(seq) = &first.kind {
                interp
                    .journal
                    .touch(crate::interp::scope::Slot::Seq(std::rc::Rc::clone(seq)));
                let mut rest = seq.items.borrow_mut();
                if !rest.is_empty() {
                    rest.remove(0);
                }
            }
            items.into_iter().next().or_else(|| args.get(1).cloned())
        }
        None => Some(interp.item_of(first)),
    }
}

/// Texts, numbers and containers made of other values.
fn conversions(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    match path {
        "str" | "unicode" | "repr" | "ascii" => to_text(args),
        "format" => match (args.get(0)?, str_at(args, 1)) {
            (value, Some(spec)) => super::text::formatted(value, spec),
            _ => to_text(args),
        },
        "bytes" | "memoryview" => to_bytes(args),
        "bytearray" => {
            let bytes = to_bytes(args)?;
            let taint = bytes.taint.clone();
            Some(match interp.items(&bytes) {
                Some(items) => Value::seq(SeqSort::Buffer, items).tainted(&taint),
                None => bytes,
            })
        }
        "int" | "float" | "round" | "abs" | "bool" | "len" | "ord" | "hash" | "complex" => {
            to_number(path, args)
        }
        "chr" | "unichr" => {
            let c = char::from_u32(u32::try_from(int_at(args, 0)?).ok()?)?;
            Some(Value::str(c.to_string()).tainted(&Taint::device(Device::CharacterCodes)))
        }
        "hex" | "oct" | "bin" => {
            let (prefix, base) = match path {
                "hex" => ("0x", 16),
                "oct" => ("0o", 8),
                _ => ("0b", 2),
            };
            Some(Value::str(format!(
                "{prefix}{}",
                large::spelled(args.get(0)?, base)?
            )))
        }
        "collections.UserString" => to_text(args),
        "list"
        | "tuple"
        | "set"
        | "frozenset"
        | "iter"
        | "reversed"
        | "aiter"
        | "collections.deque"
        | "collections.UserList"
        | "itertools.chain" => to_sequence(interp, path, args),
        "dict"
        | "collections.OrderedDict"
        | "collections.UserDict"
        | "collections.defaultdict"
        | "collections.ChainMap"
        | "types.MappingProxyType" => mapping(interp, path, args),
        "collections.Counter" => {
            let value = Value::map(Vec::new(), None);
            let Kind::Map(map) = &value.kind else {
                return None;
            };
            let zero = interp.api("int");
            map.set_behind(Behind::Factory(zero));
            match args.get(0) {
                Some(counted) if !matches!(counted.kind, Kind::Map(_)) => {
                    for item in interp.items(counted)? {
                        let key = item.as_key()?;
                        let count = map.get(&key).and_then(|n| n.as_int()).unwrap_or(0);
                        map.set(key, Value::int(count + 1));
                    }
                }
                _ => map::update(interp, map, args),
            }
            Some(value)
        }
        "dict.fromkeys" | "collections.OrderedDict.fromkeys" => {
            let given = args
                .get(1)
                .cloned()
                .unwrap_or_else(|| Value::new(Kind::Null));
            let keys = interp.items(args.get(0)?);
            let Some(keys) = keys else {
                return Some(Value::map(Vec::new(), Some(given)));
            };
            let entries: Option<Vec<_>> = keys
                .iter()
                .map(|key| Some((key.as_key()?, given.clone())))
                .collect();
            Some(Value::map(entries?, None))
        }
        _ => None,
    }
}

/// A mapping made of pairs, other mappings and keywords.
fn mapping(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let value = Value::map(Vec::new(), None);
    let Kind::Map(map) = &value.kind else {
        return None;
    };
    let mut rest = args.clone();
    if path.ends_with("defaultdict") && !rest.pos.is_empty() {
        let (factory, _) = rest.pos.remove(0);
        if !matches!(factory.kind, Kind::Null) {
            map.set_behind(Behind::Factory(factory));
        }
    }
    if path.ends_with("ChainMap") {
        rest.pos.reverse(); // The first map wins.
    }
    map::update(interp, map, &rest);
    Some(value)
}

/// Things to iterate over.
fn iterations(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    match path {
        "range" | "xrange" => {
            let (start, end, step) = match (int_at(args, 0), int_at(args, 1), int_at(args, 2)) {
                (Some(end), None, _) if args.len() == 1 => (0, end, 1),
                (Some(start), Some(end), step) => (start, end, step.unwrap_or(1)),
                _ => return None,
            };
            if step == 0 || end.abs_diff(start) / step.unsigned_abs() > 1024 {
                return None;
            }
            let within = |i: &i64| (step > 0 && *i < end) || (step < 0 && *i > end);
            let numbers = std::iter::successors(Some(start), |i| i.checked_add(step));
            Some(list(numbers.take_while(within).map(Value::int).collect()))
        }
        "enumerate" => {
            let start = args.at(1, "start").and_then(Value::as_int).unwrap_or(0);
            let value = args.get(0)?;
            match interp.items(value) {
                Some(items) => Some(list(
                    items
                        .into_iter()
                        .enumerate()
                        .map(|(i, v)| {
                            let number = start.checked_add(i as i64);
                            let number =
                                number.map_or_else(|| Value::unknown(Why::Operation), Value::int);
                            Value::seq(SeqSort::Tuple, vec![number, v])
                        })
                        .collect(),
                )),
                None => {
                    let item = interp.item_of(value);
                    let pair = Value::seq(SeqSort::Tuple, vec![Value::unknown(Why::Loop), item]);
                    Some(Value::seq_with(SeqSort::List, Vec::new(), Some(pair)))
                }
            }
        }
        "zip" | "itertools.zip_longest" => {
            let columns: Option<Vec<Vec<Value>>> =
                args.pos.iter().map(|(v, _)| interp.items(v)).collect();
            let Some(columns) = columns else {
                let items: Vec<Value> = args.pos.iter().map(|(v, _)| interp.item_of(v)).collect();
                return Some(Value::seq_with(
                    SeqSort::List,
                    Vec::new(),
                    Some(Value::seq(SeqSort::Tuple, items)),
                ));
            };
            let lengths = columns.iter().map(Vec::len);
            let longest = path.ends_with("zip_longest");
            let n = if longest {
                lengths.max()
            } else {
                lengths.min()
            }
            .unwrap_or(0);
            let fill = args.name("fillvalue").cloned();
            let fill = fill.unwrap_or_else(|| Value::new(Kind::Null));
            let row = |i: usize| {
                let cells = columns.iter().map(|c| c.get(i).unwrap_or(&fill).clone());
                Value::seq(SeqSort::Tuple, cells.collect())
            };
            Some(list((0..n).map(row).collect()))
        }
        _ => None,
    }
}

/// Other functions that only compute.
fn functions(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    match path {
        "max" | "min" | "sum" | "any" | "all" => aggregate(interp, path, args),
        "pow" => Some(interp.binary(tares_lang::tree::BinaryOp::Pow, args.get(0)?, args.get(1)?)),
        "divmod" => {
            let (a, b) = (args.get(0)?, args.get(1)?);
            let q = interp.binary(tares_lang::tree::BinaryOp::FloorDiv, a, b);
            let r = interp.binary(tares_lang::tree::BinaryOp::Mod, a, b);
            Some(Value::seq(SeqSort::Tuple, vec![q, r]))
        }
        "isinstance" | "issubclass" | "callable" | "print" | "id" => {
            Some(Value::unknown_with(Why::Operation, Taint::NONE))
        }
        "str.maketrans" => maketrans(args),
        "bytes.maketrans" | "bytearray.maketrans" => {
            let (from, to) = (
                codec::bytes_of(args.get(0)?)?,
                codec::bytes_of(args.get(1)?)?,
            );
            let mut table: Vec<u8> = (0..=255).collect();
            for (a, b) in from.into_iter().zip(to) {
                table[usize::from(a)] = b;
            }
            Some(Value::bytes(table))
        }
        "str.join" => sequence::join_texts(args.get(1)?, args.get(0)?.clone()),
        "str.format" => {
            let mut rest = args.clone();
            rest.pos.remove(0);
            Some(super::text::format(str_at(args, 0)?, &rest))
        }
        "json.loads" => json(str_at(args, 0)?),
        "json.dumps" => match json_text(args.get(0)?) {
            Some(text) => Some(Value::str(text)),
            None => json_for_pages(interp, args),
        },
        // The translation is taken to hold what the text holds.
        "gettext.gettext" => args.get(0).filter(|v| v.as_str().is_some()).cloned(),
        "ast.literal_eval" => Some(match str_at(args, 0).cloned() {
            Some(text) => super::code::literal(interp, &text),
            None => Value::unknown_with(Why::Operation, args.taint()),
        }),
        "textwrap.dedent" | "inspect.cleandoc" => Some(Value::str(dedented(str_at(args, 0)?))),
        "string.Template" => None,
        "memoryview" | "types.MappingProxyType" => args.get(0).cloned(),
        "dataclasses.asdict" => interp.record_map(args.get(0)?),
        "dataclasses.astuple" => {
            let values = interp.record_values(args.get(0)?)?;
            Some(Value::seq(SeqSort::Tuple, values))
        }
        "dataclasses.replace" | "copy.replace" => {
            let mut rest = args.clone();
            let (record, _) = (!rest.pos.is_empty()).then(|| rest.pos.remove(0))?;
            interp.record_method(&record, "_replace", &rest)
        }
        "int.from_bytes" => number::from_bytes(args),
        "struct.pack" | "struct.unpack" | "struct.calcsize" | "struct.unpack_from" => {
            codec::structure(path, args)
        }
        "array.array" => {
            let items = interp.items(args.get(1)?)?;
            Some(Value::seq(SeqSort::Buffer, items))
        }
        "copy.copy" | "copy.deepcopy" | "os.fspath" | "typing.cast" | "sys.intern"
        | "operator.pos" => args.get(if path == "typing.cast" { 1 } else { 0 }).cloned(),
        "collections.namedtuple" | "typing.NamedTuple" | "dataclasses.make_dataclass" => {
            interp.record_class(path, args)
        }
        "enum.Enum" | "enum.IntEnum" | "enum.StrEnum" | "enum.Flag" | "enum.IntFlag"
            if args.len() > 1 =>
        {
            interp.record_class(path, args)
        }
        "re.sub" | "re.findall" | "re.split" | "re.match" | "re.search" | "re.fullmatch" => {
            super::pattern::call(interp, path, args)
        }
        _ => codecs(path, args),
    }
}

/// What only turns bytes into other bytes or text.
const DECODERS: &[&str] = &[
    "base64.b64decode",
    "base64.standard_b64decode",
    "base64.urlsafe_b64decode",
    "base64.decodebytes",
    "base64.decodestring",
    "base64.b16decode",
    "base64.b32decode",
    "base64.b85decode",
    "base64.a85decode",
    "binascii.a2b_base64",
    "binascii.a2b_hex",
    "binascii.unhexlify",
    "bytes.fromhex",
    "bytearray.fromhex",
    "codecs.decode",
    "zlib.decompress",
    "gzip.decompress",
    "bz2.decompress",
    "lzma.decompress",
    "marshal.loads",
];

fn codecs(path: &str, args: &Args) -> Option<Value> {
    known_codecs(path, args).or_else(|| {
        // A constant in a coding that is not undone here is a constant that nobody reads.
        let is_constant = matches!(args.get(0)?.kind, Kind::Str(_) | Kind::Bytes(_));
        (is_constant && DECODERS.contains(&path))
            .then(|| codec::decoded(Value::unknown_with(Why::Operation, args.taint())))
    })
}

fn known_codecs(path: &str, args: &Args) -> Option<Value> {
    let bytes = |i: usize| args.get(i).and_then(codec::bytes_of);
    match path {
        "base64.b64decode"
        | "base64.standard_b64decode"
        | "base64.urlsafe_b64decode"
        | "base64.decodebytes"
        | "base64.decodestring"
        | "binascii.a2b_base64" => Some(codec::decoded(Value::bytes(codec::from_base64(&bytes(
            0,
        )?)?))),
        "base64.b16decode" | "binascii.unhexlify" | "binascii.a2b_hex" | "bytes.fromhex"
        | "bytearray.fromhex" => {
            let text = bytes(0)?;
            Some(codec::decoded(Value::bytes(codec::from_hex(
                std::str::from_utf8(&text).ok()?,
            )?)))
        }
        "base64.b64encode" | "base64.urlsafe_b64encode" | "base64.encodebytes" => {
            use base64::Engine as _;
            Some(Value::bytes(
                base64::engine::general_purpose::STANDARD
                    .encode(bytes(0)?)
                    .into_bytes(),
            ))
        }
        "binascii.hexlify" | "binascii.b2a_hex" => {
            Some(Value::bytes(codec::to_hex(&bytes(0)?).into_bytes()))
        }
        "zlib.decompress" | "gzip.decompress" => {
            Some(codec::decoded(Value::bytes(codec::inflate(&bytes(0)?)?)))
        }
        "codecs.decode" | "codecs.encode" => {
            let coding = str_at(args, 1).map(|s| s.to_ascii_lowercase());
            match coding.as_deref() {
                Some("rot13" | "rot_13") => {
                    Some(codec::decoded(Value::str(codec::rot13(str_at(args, 0)?))))
                }
                Some("hex" | "hex_codec") if path == "codecs.decode" => {
                    let text = bytes(0)?;
                    Some(codec::decoded(Value::bytes(codec::from_hex(
                        std::str::from_utf8(&text).ok()?,
                    )?)))
                }
                Some("base64" | "base64_codec") if path == "codecs.decode" => Some(codec::decoded(
                    Value::bytes(codec::from_base64(&bytes(0)?)?),
                )),
                other => codec::decode_text(&bytes(0)?, other),
            }
        }
        "urllib.parse.unquote" | "urllib.parse.unquote_plus" => {
            let text = str_at(args, 0)?;
            codec::percent_decode(text).map(|s| codec::decoded(Value::str(s)))
        }
        _ => None,
    }
}

/// JSON of an encoder whose name says that it escapes for pages; any other is left to the models.
fn json_for_pages(interp: &Interp<'_>, args: &Args) -> Option<Value> {
    let (_, encoder, span) = args.named.iter().find(|(name, ..)| &**name == "cls")?;
    let written = match &encoder.kind {
        Kind::Api(path) => interp.paths.text(*path).to_lowercase(),
        Kind::Class(class) => class.name.to_lowercase(),
        Kind::Import(import) => import.names.join(".").to_lowercase(),
        _ => interp.source(*span).to_lowercase(),
    };
    let mut words = ["html", "script", "safe", "escap"].iter();
    let escapes = words.any(|word| written.contains(word));
    let taint = args.taint().cleaned(SinkSet::of(Sink::Html));
    escapes.then(|| Value::unknown_with(Why::Operation, taint))
}
