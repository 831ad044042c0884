//! Java's standard functions that only compute, and the classes that hold text.

use super::java_build::{builder_method, built, joiner_method, place_method};
use super::{codec, int_at, java_seq, java_text, list, number, str_at};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::scope::{Slot, State};
use crate::value::text::TextBuilder;
use crate::value::{InstanceVal, Key, Kind, SeqSort, Taint, Value, Why, join};
use std::rc::Rc;
use std::sync::Arc;
use tares_model::Span;
use tares_model::effect::{Device, SinkSet};

/// Classes that stand for the text, place or address that they were made with.
const TRANSPARENT: &[&str] = &[
    "java.io.File",
    "java.net.URI",
    "java.net.URL",
    "java.nio.file.Path",
    "okhttp3.HttpUrl",
    "org.apache.http.client.methods.HttpGet",
    "org.springframework.core.io.FileSystemResource",
];

/// Classes that read from or write to another stream: what happens, happens to that.
const WRAPPERS: &[&str] = &[
    "BufferedInputStream",
    "BufferedOutputStream",
    "BufferedReader",
    "BufferedWriter",
    "DataInputStream",
    "DataOutputStream",
    "InputStreamReader",
    "OutputStreamWriter",
    "PrintStream",
    "PrintWriter",
    "PushbackInputStream",
];

/// The field in which a builder of text keeps it.
const TEXT: &str = "text";

/// Folds a call of an API path.
pub(crate) fn call(
    interp: &mut Interp<'_>,
    path: &str,
    site: &Site<'_>,
    new: bool,
) -> Option<Value> {
    let args = site.args;
    if let Some(receiver) = site.receiver
        && let Some(value) = instance_method(interp, path, receiver, args)
    {
        return Some(value);
    }
    verifier(interp, path, site);
    if new {
        return constructed(interp, path, args);
    }
    if let Some(value) = reflected(interp, path, site) {
        return Some(value);
    }
    let (class, name) = path.rsplit_once('.')?;
    let class = class.strip_prefix("java.").or_else(|| {
        let known = class.starts_with("org.apache.commons.") || class.starts_with("javax.xml.bind");
        known.then_some(class)
    })?;
    let value = match class {
        "lang.String" => java_text::static_call(interp, name, args)
            .or_else(|| of_instance(interp, name, args, site.span)),
        "lang.Integer" | "lang.Long" | "lang.Byte" | "lang.Short" => {
            whole(name, args).or_else(|| of_instance(interp, name, args, site.span))
        }
        "lang.Character" => character(name, args),
        "lang.Boolean" => match name {
            "parseBoolean" | "valueOf" => {
                Some(Value::bool(str_at(args, 0)?.eq_ignore_ascii_case("true")))
            }
            _ => None,
        },
        "lang.Math" => math(name, args),
        "lang.System" if name == "arraycopy" => array_copy(interp, args),
        "util.Objects" | "util.Optional" => objects(name, args),
        "util.Arrays"
        | "util.List"
        | "util.Set"
        | "util.Map"
        | "util.Collections"
        | "util.stream.Stream"
        | "util.stream.IntStream" => java_seq::static_call(interp, class, name, args, site.span),
        _ => codecs(class, name, args),
    }?;
    Some(super::with_arguments(value, args, site.callee_taint))
}

/// A method taken from its class: `String::trim`.
fn of_instance(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    let mut rest = args.clone();
    if rest.pos.is_empty() {
        return None;
    }
    let (receiver, _) = rest.pos.remove(0);
    super::method(interp, &receiver, name, &rest, span)
        .or_else(|| Some(Value::unknown_with(Why::Call, args.taint())))
}

/// Folds a method of a value whose kind is known.
pub(crate) fn method(
    interp: &mut Interp<'_>,
    receiver: &Value,
    name: &str,
    args: &Args,
    span: Span,
) -> Option<Value> {
    let value = match &receiver.kind {
        Kind::Str(_) | Kind::Pattern(_) => java_text::method(interp, receiver, name, args)?,
        Kind::Seq(_) => return java_seq::seq_method(interp, receiver, name, args, span),
        Kind::Map(_) => return java_seq::map_method(interp, receiver, name, args, span),
        Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => plain_method(receiver, name, args)?,
        Kind::Bytes(bytes) => match name {
            "clone" => receiver.clone(),
            "length" => Value::int(bytes.len() as i64),
            _ => return None,
        },
        Kind::Unknown(_) => {
            return match name {
                "toString" | "trim" | "strip" | "intern" | "orElseThrow" | "clone"
                    if args.len() <= 1 =>
                {
                    Some(receiver.clone())
                }
                "orElse" => Some(join::join(receiver, args.get(0)?)),
                _ => None,
            };
        }
        _ => return None,
    };
    Some(super::with_arguments(value, args, &Taint::NONE).tainted_unless_open(&receiver.taint))
}

fn plain_method(receiver: &Value, name: &str, args: &Args) -> Option<Value> {
    match name {
        "toString" => Some(Value::str(spelled(receiver)?)),
        "intValue" | "longValue" | "byteValue" | "booleanValue" | "doubleValue" | "get"
        | "orElseThrow" | "orElse" => Some(receiver.clone()),
        "equals" => join::equal(receiver, args.get(0)?).map(Value::bool),
        _ => None,
    }
}

/// Spells a number, truth value or null as Java does.
pub(super) fn spelled(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(n) => n.to_string(),
        Kind::Bool(b) => b.to_string(),
        Kind::Float(f) => format!("{f:?}"),
        Kind::Null => "null".to_owned(),
        _ => return None,
    })
}

/// Makes the classes of the standard library whose content is followed.
fn constructed(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match path {
        "java.lang.StringBuilder" | "java.lang.StringBuffer" | "java.io.StringWriter" => {
            let text = args.get(0).filter(|v| !matches!(v.kind, Kind::Int(_)));
            let text = text.cloned().unwrap_or_else(|| Value::str(""));
            let made = interp.instance_of("java.lang.StringBuilder", Vec::new(), args.taint());
            set_text(interp, &made, text);
            Some(made)
        }
        "java.util.StringJoiner" => {
            let made = interp.instance_of(
                path,
                args.pos.iter().map(|(v, _)| v.clone()).collect(),
                args.taint(),
            );
            set_text(interp, &made, list(Vec::new()));
            Some(made)
        }
        "java.lang.String" => java_text::of_parts(args),
        "java.util.HashMap"
        | "java.util.LinkedHashMap"
        | "java.util.TreeMap"
        | "java.util.concurrent.ConcurrentHashMap" => {
            let map = Value::map(Vec::new(), None);
            if let (Kind::Map(map), Some(first)) = (&map.kind, args.get(0)) {
                java_seq::put_all(map, first);
            }
            Some(map)
        }
        "java.util.ArrayList"
        | "java.util.LinkedList"
        | "java.util.HashSet"
        | "java.util.LinkedHashSet"
        | "java.util.TreeSet"
        | "java.util.ArrayDeque"
        | "java.util.Vector"
        | "java.util.concurrent.CopyOnWriteArrayList" => {
            let from = args.get(0).filter(|v| !matches!(v.kind, Kind::Int(_)));
            Some(match from {
                None => list(Vec::new()),
                Some(from) => java_seq::copy(interp, from),
            })
        }
        _ if args.len() == 1 && TRANSPARENT.contains(&path) => {
            // A file made from a file is made from its text, so that nothing nests.
            let own = unwrapped(interp, args.get(0)?);
            let taint = args.taint();
            Some(interp.instance_of(path, vec![own], taint))
        }
        // A command is one list, however it is given.
        "java.lang.ProcessBuilder"
            if !matches!(args.get(0).map(|v| &v.kind), Some(Kind::Seq(_))) =>
        {
            let words = Value::seq_with(
                SeqSort::List,
                args.pos.iter().map(|(v, _)| v.clone()).collect(),
                args.more.clone(),
            );
            let taint = args.taint();
            Some(interp.instance_of(path, vec![words], taint))
        }
        "java.io.File" if args.len() == 2 => {
            let joined = super::join_path(&unwrapped_args(interp, args))?;
            let taint = args.taint();
            Some(interp.instance_of(path, vec![joined], taint))
        }
        _ if path.starts_with("java.io.") && WRAPPERS.contains(&name) => {
            let inner = args.get(0)?;
            let is_path = matches!(inner.kind, Kind::Str(_) | Kind::Pattern(_));
            let is_file = is_transparent(interp, inner);
            (!is_path && !is_file).then(|| inner.clone())
        }
        _ => None,
    }
}

pub(super) fn set_text(interp: &mut Interp<'_>, made: &Value, text: Value) {
    if let Kind::Instance(instance) = &made.kind {
        let slot = Slot::Instance(Rc::clone(instance), TEXT.into());
        interp.journal.write(slot, State::Value(Some(text)));
    }
}

pub(super) fn text_of(instance: &InstanceVal) -> Value {
    let fields = instance.fields.borrow();
    let text = fields.iter().rev().find(|(n, _)| &**n == TEXT);
    text.map_or_else(|| Value::str(""), |(_, text)| text.clone())
}

fn is_transparent(interp: &Interp<'_>, value: &Value) -> bool {
    matches!(&value.kind, Kind::Instance(i)
        if TRANSPARENT.contains(&&**interp.paths.text(i.path)))
}

/// Returns the text, place or address that a value was made with.
pub(crate) fn unwrapped(interp: &Interp<'_>, value: &Value) -> Value {
    match &value.kind {
        Kind::Instance(instance) if is_transparent(interp, value) => match instance.args.first() {
            // What a check said of the whole holds for the text in it.
            Some(first) => {
                let clean = value.taint.clean();
                let inner = unwrapped(interp, first);
                if clean == SinkSet::NONE {
                    inner.tainted(&value.taint)
                } else {
                    crate::interp::java::cleaned(&inner, clean)
                }
            }
            None => value.clone(),
        },
        Kind::Instance(instance)
            if &**interp.paths.text(instance.path) == "java.lang.StringBuilder" =>
        {
            text_of(instance)
        }
        _ => value.clone(),
    }
}

pub(super) fn unwrapped_args(interp: &Interp<'_>, args: &Args) -> Args {
    let mut out = args.clone();
    for (value, _) in &mut out.pos {
        *value = unwrapped(interp, value);
    }
    out
}

/// Methods of the classes whose content is followed, and of builders.
fn instance_method(
    interp: &mut Interp<'_>,
    path: &str,
    receiver: &Value,
    args: &Args,
) -> Option<Value> {
    let Kind::Instance(instance) = &receiver.kind else {
        return None;
    };
    let instance = Rc::clone(instance);
    let class = Arc::clone(interp.paths.text(instance.path));
    let name = path.rsplit('.').next().unwrap_or(path);
    match &*class {
        "java.lang.StringBuilder" => {
            return builder_method(interp, receiver, &instance, name, args);
        }
        "java.util.StringJoiner" => return joiner_method(interp, receiver, &instance, name, args),
        "java.util.Random" | "java.security.SecureRandom" if name == "nextBytes" => {
            forget_items(interp, args.get(0)?, receiver);
            return None;
        }
        _ => {}
    }
    if name == "setFeature" || name == "setProperty" || name == "setAttribute" {
        refuse_entities(interp, &instance, args);
    }
    if is_transparent(interp, receiver) {
        return place_method(interp, receiver, &class, name, args);
    }
    if class.ends_with("Builder") && !interp.paths.models().has(path) {
        return built(interp, receiver, &instance, &class, name, args);
    }
    if interp.paths.models().has(path) {
        return None;
    }
    property(interp, receiver, &instance, name, args)
}

/// Setters and getters of what a library made: `cookie.setSecure(true)`.
fn property(
    interp: &mut Interp<'_>,
    receiver: &Value,
    instance: &Rc<InstanceVal>,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let class = Arc::clone(interp.paths.text(instance.path));
    interp.paths.models().knows_class(&class).then_some(())?;
    let process = &*class == "java.lang.ProcessBuilder";
    let field: Arc<str> = match crate::interp::java::property(name) {
        Some(field) => field,
        None if process => name.into(),
        None => return None,
    };
    if args.len() == 0 {
        let fields = instance.fields.borrow();
        return fields
            .iter()
            .rev()
            .find(|(n, _)| *n == field)
            .map(|(_, v)| v.clone());
    }
    if name.starts_with("set") || process {
        let given = if args.len() == 1 {
            args.get(0)?.clone()
        } else {
            args.tuple_from(0)
        };
        let slot = Slot::Instance(Rc::clone(instance), field);
        interp.journal.write(slot, State::Value(Some(given)));
        return Some(receiver.clone());
    }
    None
}

/// A parser that is told to refuse entities, or what leads to them.
fn refuse_entities(interp: &mut Interp<'_>, instance: &Rc<InstanceVal>, args: &Args) {
    let (Some(name), Some(value)) = (args.get(0), args.get(1)) else {
        return;
    };
    let on = matches!(value.kind, Kind::Bool(true));
    let off = matches!(value.kind, Kind::Bool(false));
    let empty = value.as_str().is_some_and(|text| text.is_empty());
    let name = match &name.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Api(path) => interp.paths.text(*path).to_string(),
        _ => return,
    };
    let refuses = match name.rsplit(['/', '.']).next().unwrap_or("") {
        "disallow-doctype-decl" | "FEATURE_SECURE_PROCESSING" | "secure-processing" => on,
        "external-general-entities"
        | "IS_SUPPORTING_EXTERNAL_ENTITIES"
        | "SUPPORT_DTD"
        | "isSupportingExternalEntities"
        | "supportDTD" => off,
        "ACCESS_EXTERNAL_DTD" | "accessExternalDTD" => empty,
        _ => false,
    };
    if refuses {
        let slot = Slot::Instance(Rc::clone(instance), "entities".into());
        interp
            .journal
            .write(slot, State::Value(Some(Value::bool(false))));
    }
}

/// What a generator writes into an array is not what the array held.
fn forget_items(interp: &mut Interp<'_>, array: &Value, by: &Value) {
    if let Kind::Seq(seq) = &array.kind {
        interp.journal.touch(Slot::Seq(Rc::clone(seq)));
        seq.items.borrow_mut().clear();
        let unknown = Value::unknown_with(Why::Call, by.deep_taint());
        *seq.rest.borrow_mut() = Some(unknown);
    }
}

/// A check of host names that says yes to every name.
fn verifier(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) {
    let name = path.rsplit('.').next().unwrap_or(path);
    if !matches!(
        name,
        "setHostnameVerifier"
            | "setDefaultHostnameVerifier"
            | "hostnameVerifier"
            | "setSSLHostnameVerifier"
    ) {
        return;
    }
    let Some(function) = site.args.get(0).cloned() else {
        return;
    };
    if !matches!(
        function.kind,
        Kind::Func(_) | Kind::Object(_) | Kind::Bound(_)
    ) {
        return;
    }
    let unknown = || Value::unknown(Why::Parameter);
    let answer = interp.call(&function, Args::of([unknown(), unknown()]), site.span);
    if matches!(answer.kind, Kind::Bool(true)) {
        interp.java_pseudo("javax.net.ssl.HostnameVerifier.acceptsAll", site.span);
    }
}

/// Classes and methods by name.
fn reflected(interp: &mut Interp<'_>, path: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    match path {
        "java.lang.Class.forName"
        | "java.lang.ClassLoader.loadClass"
        | "java.net.URLClassLoader.loadClass" => {
            let name = args.get(0)?.clone();
            let Some(text) = name.as_str() else {
                if path == "java.lang.Class.forName" {
                    interp.emit_import(&name, site.span);
                }
                return Some(Value::unknown_with(Why::Reflection, name.deep_taint()));
            };
            let text = text.replace('$', ".");
            let devices =
                crate::interp::java::devices_of(&name).merge(&Taint::device(Device::Reflection));
            Some(interp.api(&text).tainted(&devices))
        }
        "java.lang.invoke.MethodHandles.Lookup.findStatic"
        | "java.lang.invoke.MethodHandles.Lookup.findVirtual" => {
            let (class, name) = (args.get(0)?.clone(), args.get(1)?.clone());
            let span = site.span;
            interp.java_method_named(&class, &name, span)
        }
        _ => None,
    }
}

fn whole(name: &str, args: &Args) -> Option<Value> {
    match name {
        "parseInt" | "parseLong" | "valueOf" | "parseByte" | "decode" => match &args.get(0)?.kind {
            Kind::Int(n) => Some(Value::int(*n)),
            Kind::Str(text) => {
                let base = int_at(args, 1).unwrap_or(10);
                let base = u32::try_from(base).ok().filter(|b| (2..=36).contains(b))?;
                i64::from_str_radix(text.trim_start_matches('+'), base)
                    .ok()
                    .map(Value::int)
            }
            _ => Some(Value::unknown_with(
                Why::Operation,
                args.taint().cleaned(SinkSet::ALL),
            )),
        },
        "toHexString" => Some(Value::str(number::to_base(int_at(args, 0)?, 16)?)),
        "toBinaryString" => Some(Value::str(number::to_base(int_at(args, 0)?, 2)?)),
        "toString" => {
            let base = u32::try_from(int_at(args, 1).unwrap_or(10)).ok()?;
            Some(Value::str(number::to_base(int_at(args, 0)?, base)?))
        }
        _ => None,
    }
}

fn character(name: &str, args: &Args) -> Option<Value> {
    let first = args.get(0)?;
    let code = match &first.kind {
        Kind::Int(n) => char::from_u32(u32::try_from(*n).ok()?)?,
        Kind::Str(text) => text.chars().next()?,
        _ => return None,
    };
    let text = |c: char| Some(Value::str(c.to_string()));
    match name {
        "toString" | "valueOf" | "toChars" => {
            text(code).map(|v| v.tainted(&Taint::device(Device::CharacterCodes)))
        }
        "toUpperCase" => text(code.to_ascii_uppercase()),
        "toLowerCase" => text(code.to_ascii_lowercase()),
        "isDigit" => Some(Value::bool(code.is_numeric())),
        "isLetter" | "isAlphabetic" => Some(Value::bool(code.is_alphabetic())),
        "isLetterOrDigit" => Some(Value::bool(code.is_alphanumeric())),
        "isUpperCase" => Some(Value::bool(code.is_uppercase())),
        "isLowerCase" => Some(Value::bool(code.is_lowercase())),
        "isWhitespace" => Some(Value::bool(code.is_whitespace())),
        "getNumericValue" => code.to_digit(36).map(|d| Value::int(i64::from(d))),
        "digit" => {
            let base = u32::try_from(int_at(args, 1)?)
                .ok()
                .filter(|b| (2..=36).contains(b))?;
            Some(Value::int(code.to_digit(base).map_or(-1, i64::from)))
        }
        _ => None,
    }
}

fn math(name: &str, args: &Args) -> Option<Value> {
    let (a, b) = (int_at(args, 0)?, int_at(args, 1));
    match name {
        "max" => Some(Value::int(a.max(b?))),
        "min" => Some(Value::int(a.min(b?))),
        "abs" => a.checked_abs().map(Value::int),
        "floorMod" => a.checked_rem_euclid(b?).map(Value::int),
        _ => None,
    }
}

fn objects(name: &str, args: &Args) -> Option<Value> {
    match name {
        "requireNonNull" | "of" | "ofNullable" => args.get(0).cloned(),
        "requireNonNullElse" => Some(join::join(args.get(0)?, args.get(1)?)),
        "toString" => {
            let first = args.get(0)?;
            Some(spelled(first).map_or_else(|| first.clone(), Value::str))
        }
        "equals" => join::equal(args.get(0)?, args.get(1)?).map(Value::bool),
        "empty" => Some(Value::new(Kind::Null)),
        _ => None,
    }
}

fn array_copy(interp: &mut Interp<'_>, args: &Args) -> Option<Value> {
    let (from, to) = (args.get(0)?, args.get(2)?);
    let Kind::Seq(target) = &to.kind else {
        return None;
    };
    interp.journal.touch(Slot::Seq(Rc::clone(target)));
    let places = (int_at(args, 1), int_at(args, 3), int_at(args, 4));
    let source = interp.items(from);
    if let (Some(source), (Some(a), Some(b), Some(n))) = (source, places) {
        let [a, b, n] = [a, b, n].map(|i| usize::try_from(i).unwrap_or(usize::MAX));
        let mut items = target.items.borrow_mut();
        if n <= items.len() && b <= items.len() - n && n <= source.len() && a <= source.len() - n {
            items[b..b + n].clone_from_slice(&source[a..a + n]);
            return Some(Value::new(Kind::Null));
        }
    }
    let unknown = Value::unknown_with(Why::Operation, from.deep_taint());
    target.items.borrow_mut().clear();
    *target.rest.borrow_mut() = Some(unknown);
    Some(Value::new(Kind::Null))
}

/// Encoders and decoders.
fn codecs(class: &str, name: &str, args: &Args) -> Option<Value> {
    let decoder = class.starts_with("util.Base64.") && class.ends_with("ecoder()");
    match (class, name) {
        _ if decoder && name == "decode" => from_base64(args),
        _ if decoder && matches!(name, "encode" | "encodeToString") => to_base64(args),
        ("org.apache.commons.codec.binary.Base64", "decodeBase64")
        | ("javax.xml.bind.DatatypeConverter", "parseBase64Binary") => from_base64(args),
        ("org.apache.commons.codec.binary.Base64", "encodeBase64String")
        | ("javax.xml.bind.DatatypeConverter", "printBase64Binary") => to_base64(args),
        ("util.HexFormat.of()", "parseHex")
        | ("org.apache.commons.codec.binary.Hex", "decodeHex")
        | ("javax.xml.bind.DatatypeConverter", "parseHexBinary") => {
            let text = bytes(args)?;
            let decoded = codec::from_hex(std::str::from_utf8(&text).ok()?)?;
            Some(codec::decoded(Value::bytes(decoded)))
        }
        ("net.URLDecoder", "decode") => {
            codec::percent_decode(str_at(args, 0)?).map(|s| codec::decoded(Value::str(s)))
        }
        ("nio.file.Paths", "get") | ("nio.file.Path", "of") => None,
        _ => None,
    }
}

fn bytes(args: &Args) -> Option<Vec<u8>> {
    let first = args.get(0)?;
    match &first.kind {
        Kind::Seq(seq) => java_text::bytes_of_seq(seq),
        _ => codec::bytes_of(first),
    }
}

fn from_base64(args: &Args) -> Option<Value> {
    Some(codec::decoded(Value::bytes(codec::from_base64(&bytes(
        args,
    )?)?)))
}

fn to_base64(args: &Args) -> Option<Value> {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes(args)?);
    Some(Value::str(text))
}

/// A place made of parts: `Paths.get(a, b)`, `URI.create(a)`.
pub(crate) fn place(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let class = match path {
        "java.nio.file.Paths.get" | "java.nio.file.Path.of" => "java.nio.file.Path",
        "java.net.URI.create" => "java.net.URI",
        "okhttp3.HttpUrl.parse" | "okhttp3.HttpUrl.get" => "okhttp3.HttpUrl",
        _ => return None,
    };
    let parts = unwrapped_args(interp, args);
    let joined = super::join_path(&parts)?;
    let taint = args.taint();
    Some(interp.instance_of(class, vec![joined], taint))
}

/// Returns an empty sequence or map where a model needs the kind alone.
pub(super) fn pair(key: Value, value: Value) -> Value {
    Value::seq(SeqSort::Tuple, vec![key, value])
}

/// Returns the key that a value is, as text where it is none of its own.
pub(super) fn key_of(value: &Value) -> Option<Key> {
    value.as_key()
}

/// Returns the text of several values one after another.
pub(super) fn text_of_all<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut builder = TextBuilder::default();
    for value in values {
        match spelled(value) {
            Some(text) => builder.value(&Value::str(text).tainted(&value.taint)),
            None => builder.value(value),
        }
    }
    builder.build()
}
