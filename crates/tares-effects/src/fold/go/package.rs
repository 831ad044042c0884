//! Functions of the standard library that only compute.

use super::super::{codec, int_at, join_path, list, number, str_at};
use super::{builtin, format, text};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::text::TextBuilder;
use crate::value::{Kind, Taint, Value, Why, join};
use std::sync::Arc;
use tares_model::effect::{Device, SinkSet};

/// Folds `package.name(args)`.
pub(super) fn call(
    interp: &mut Interp<'_>,
    package: &str,
    name: &str,
    site: &Site<'_>,
) -> Option<Value> {
    let args = site.args;
    match package {
        "net/http" if matches!(name, "NewRequest" | "NewRequestWithContext") => {
            Some(request(interp, name, args))
        }
        "net/http.ResponseHeader" => {
            note_content_type(interp, args);
            None
        }
        "net/http.ResponseWriter" if name == "Write" => plain_answer(interp),
        "strings" | "bytes" => text::call(interp, name, args, site.span),
        "fmt" => fmt(interp, name, site),
        "io" if matches!(name, "Copy" | "CopyN" | "CopyBuffer") => copy(interp, site),
        "io" if name == "WriteString" => write_to(interp, args.get(0)?.clone(), args.get(1)?, site),
        "strconv" => strconv(name, args),
        "path" | "path/filepath" => path(name, args),
        "os" if matches!(name, "Getenv" | "LookupEnv") => variable(interp, site),
        "os" if name == "Exit" => {
            interp.raised = true;
            None
        }
        "log" if name.starts_with("Fatal") || name.starts_with("Panic") => {
            interp.raised = true;
            None
        }
        "reflect" => match name {
            "ValueOf" | "Indirect" => args.get(0).cloned(),
            _ => None,
        },
        "slices" | "maps" | "sort" | "unicode/utf8" => collection(name, args),
        "errors" | "context" | "time" => None,
        _ => codecs(package, name, site),
    }
}

/// A variable of the environment whose name says that it holds a credential.
fn variable(interp: &mut Interp<'_>, site: &Site<'_>) -> Option<Value> {
    let key = Arc::clone(str_at(site.args, 0)?);
    let named = interp.named_taint(&key, site.span);
    let model = interp.paths.node(site.path).calls?.first()?;
    Some(interp.apply(model, site).tainted(&named))
}

/// Remembers what a handler says its answer is.
fn note_content_type(interp: &mut Interp<'_>, args: &Args) {
    let is_type = str_at(args, 0).is_some_and(|name| name.eq_ignore_ascii_case("content-type"));
    if let Some(value) = args.get(1).filter(|_| is_type) {
        let value = value.clone();
        interp.put_local(CONTENT_TYPE, value);
    }
}

/// An answer that says it is no markup is shown as it is.
fn plain_answer(interp: &mut Interp<'_>) -> Option<Value> {
    let name = interp.interner.find(CONTENT_TYPE)?;
    let value = interp.lookup(name)?;
    let kind = value.as_str()?.to_ascii_lowercase();
    let shown = ["html", "xml", "svg"]
        .iter()
        .any(|markup| kind.contains(markup));
    (!shown).then(|| Value::unknown(Why::Call))
}

/// A variable that no program can name.
const CONTENT_TYPE: &str = "content type";

/// A request that is about to be sent: its headers are a map that is filled later.
fn request(interp: &mut Interp<'_>, name: &str, args: &Args) -> Value {
    let at = usize::from(name == "NewRequestWithContext");
    let path = interp.paths.get("net/http.OutRequest");
    let mut given = Args::default();
    for (i, field) in ["method", "url", "data"].into_iter().enumerate() {
        if let Some((value, span)) = args.pos.get(at + i) {
            given.named.push((field.into(), value.clone(), *span));
        }
    }
    let headers = Value::map(Vec::new(), None);
    given
        .named
        .push(("Header".into(), headers, tares_model::Span::default()));
    interp.instance(path, &given, args.taint())
}

/// Formats; what is printed to a writer is a write of that writer.
fn fmt(interp: &mut Interp<'_>, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    match name {
        "Sprintf" => Some(format::sprintf(args, 0)),
        "Sprint" => Some(format::sprint(args, 0, false)),
        "Sprintln" => Some(format::sprint(args, 0, true)),
        "Appendf" => Some(builtin::joined(args.get(0)?, &format::sprintf(args, 1))),
        "Fprintf" | "Fprint" | "Fprintln" => {
            let text = match name {
                "Fprintf" => format::sprintf(args, 1),
                _ => format::sprint(args, 1, name == "Fprintln"),
            };
            let text = text.tainted(&Taint::NONE);
            write_to(interp, args.get(0)?.clone(), &text, site)
        }
        _ => None,
    }
}

/// `io.Copy(w, r)` is a write of what is read.
fn copy(interp: &mut Interp<'_>, site: &Site<'_>) -> Option<Value> {
    let (writer, source) = (site.args.get(0)?.clone(), site.args.get(1)?);
    let content = Value::unknown_with(Why::Call, source.deep_taint());
    write_to(interp, writer, &content, site)
}

/// `w.Write(text)`, where the text stands at the call.
fn write_to(
    interp: &mut Interp<'_>,
    writer: Value,
    text: &Value,
    site: &Site<'_>,
) -> Option<Value> {
    let name = interp.interner.intern("Write");
    let span = site.args.pos.get(1).map_or(site.span, |(_, s)| *s);
    let mut args = Args::of([text.clone()]);
    args.pos[0].1 = span;
    Some(interp.method(&writer, None, name, args, site.span, false))
}

fn strconv(name: &str, args: &Args) -> Option<Value> {
    let value = args.get(0)?;
    let safe = || Value::unknown_with(Why::Operation, value.deep_taint().cleaned(SinkSet::ALL));
    match name {
        "Itoa" => Some(match value.kind {
            Kind::Int(n) => Value::str(n.to_string()),
            _ => safe(),
        }),
        "FormatInt" | "FormatUint" => Some(match (&value.kind, int_at(args, 1)) {
            (Kind::Int(n), Some(base)) => u32::try_from(base)
                .ok()
                .and_then(|base| number::to_base(*n, base))
                .map_or_else(safe, Value::str),
            _ => safe(),
        }),
        "Atoi" => Some(match value.as_str().and_then(|t| number::parse(t, 10)) {
            Some(n) => Value::int(n).tainted(&value.taint),
            None => safe(),
        }),
        "ParseInt" | "ParseUint" => {
            let base = int_at(args, 1).and_then(|b| u32::try_from(b).ok());
            let known = value
                .as_str()
                .zip(base)
                .and_then(|(t, base)| number::parse(t, base));
            Some(known.map_or_else(safe, |n| Value::int(n).tainted(&value.taint)))
        }
        "ParseFloat" | "ParseBool" | "FormatFloat" | "FormatBool" => Some(safe()),
        "Quote" | "QuoteToASCII" => Some(match value.as_str() {
            Some(text) => Value::str(format!("{text:?}")).tainted(&value.taint),
            None => {
                let mut builder = TextBuilder::default();
                builder.text("\"");
                builder.value(value);
                builder.text("\"");
                builder.build()
            }
        }),
        "Unquote" => {
            let text = value.as_str()?;
            let inner = text.get(1..text.len().checked_sub(1)?)?;
            let tree = tares_lang::parse(
                tares_lang::Language::Go,
                &format!("_ = \"{inner}\""),
                &mut tares_lang::Interner::default(),
            );
            tree.exprs.iter().find_map(|e| match e {
                tares_lang::tree::Expr::Str(text) => {
                    Some(Value::str(Arc::clone(text)).tainted(&Taint::device(Device::Decoded)))
                }
                _ => None,
            })
        }
        _ => None,
    }
}

fn path(name: &str, args: &Args) -> Option<Value> {
    match name {
        // Unlike elsewhere, a part that begins at the root does not replace what came before.
        "Join" => Some(joined_path(args)),
        "Base" => {
            let value = args.get(0)?;
            match value.as_str() {
                Some(text) => {
                    let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or("");
                    Some(Value::str(last).tainted(&value.taint))
                }
                None => None,
            }
        }
        "Dir" => {
            let value = args.get(0)?;
            if matches!(value.kind, Kind::Pattern(_)) {
                return Some(value.clone()); // its folder is as open as it is
            }
            let (folder, _) = value.as_str()?.rsplit_once('/')?;
            Some(Value::str(folder).tainted(&value.taint))
        }
        "Ext" => {
            let value = args.get(0)?;
            let text = value.as_str()?;
            let at = text.rfind('.')?;
            Some(Value::str(&text[at..]).tainted(&value.taint))
        }
        "FromSlash" | "ToSlash" => args.get(0).cloned(),
        _ => None,
    }
}

fn joined_path(args: &Args) -> Value {
    let mut parts = args.clone();
    for (value, _) in parts.pos.iter_mut().skip(1) {
        if let Some(text) = value.as_str()
            && let Some(rest) = text.strip_prefix('/')
        {
            *value = Value::str(rest).tainted(&value.taint);
        }
    }
    let whole = join_path(&parts).unwrap_or_else(|| Value::unknown(Why::Call));
    // `Join` resolves the `..` parts that are in it.
    let taint = whole.taint.normalised();
    Value {
        kind: whole.kind,
        taint,
    }
}

fn collection(name: &str, args: &Args) -> Option<Value> {
    let value = args.get(0)?;
    let Kind::Seq(seq) = &value.kind else {
        return None;
    };
    match name {
        "Reverse" => {
            seq.items.borrow_mut().reverse();
            Some(Value::new(Kind::Null))
        }
        "Contains" => {
            let items = seq.items.borrow();
            let wanted = args.get(1)?;
            let all: Option<Vec<bool>> = items.iter().map(|v| join::equal(v, wanted)).collect();
            let found = all?.contains(&true);
            (found || seq.rest.borrow().is_none()).then(|| Value::bool(found))
        }
        "Concat" => {
            let mut items = Vec::new();
            for (part, _) in &args.pos {
                let Kind::Seq(seq) = &part.kind else {
                    return None;
                };
                items.extend(seq.items.borrow().iter().cloned());
            }
            Some(list(items))
        }
        _ => None,
    }
}

/// Decoders of constants, and readers over known text.
fn codecs(package: &str, name: &str, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let decoded = |bytes: Vec<u8>, taint: &Taint| {
        let value = match String::from_utf8(bytes) {
            Ok(text) => Value::str(text),
            Err(error) => Value::bytes(error.into_bytes()),
        };
        codec::decoded(value).tainted(taint)
    };
    let whole = site
        .receiver
        .map(|r| r.taint.clone())
        .unwrap_or(Taint::NONE);
    let input = |i: usize| args.get(i).map(builtin::string);
    match (package, name) {
        (p, "DecodeString") if p.starts_with("encoding/base64") => {
            let value = input(0)?;
            Some(decoded(
                codec::from_base64(value.as_str()?.as_bytes())?,
                &value.taint.merge(&whole),
            ))
        }
        (p, "AppendDecode") if p.starts_with("encoding/base64") => {
            let value = input(1)?;
            let bytes = codec::from_base64(value.as_str()?.as_bytes())?;
            Some(decoded(bytes, &value.taint.merge(&whole)))
        }
        // What is written into the buffer has the labels of the result.
        (p, "Decode") if p.starts_with("encoding/base64") || p == "encoding/hex" => {
            input(1)?.as_str()?;
            Some(codec::decoded(Value::unknown(Why::Call)))
        }
        (p, "EncodeToString") if p.starts_with("encoding/base64") => {
            let value = input(0)?;
            use base64::Engine as _;
            let text = base64::engine::general_purpose::STANDARD.encode(codec::bytes_of(&value)?);
            Some(
                Value::str(text)
                    .tainted(&value.taint)
                    .tainted(&Taint::device(Device::Transformed)),
            )
        }
        ("encoding/hex", "DecodeString") => {
            let value = input(0)?;
            Some(decoded(codec::from_hex(value.as_str()?)?, &value.taint))
        }
        ("encoding/hex", "EncodeToString") => {
            let value = input(0)?;
            Some(Value::str(codec::to_hex(&codec::bytes_of(&value)?)).tainted(&value.taint))
        }
        ("net/url", "QueryUnescape" | "PathUnescape") => {
            let value = input(0)?;
            let text = codec::percent_decode(&value.as_str()?.replace('+', " "))?;
            Some(codec::decoded(Value::str(text)).tainted(&value.taint))
        }
        ("compress/gzip" | "compress/zlib" | "compress/flate", "NewReader") => {
            let value = args.get(0)?;
            let bytes = codec::inflate(&codec::bytes_of(value)?)?;
            Some(decoded(bytes, &value.taint))
        }
        ("io" | "io/ioutil", "ReadAll") => {
            let value = args.get(0)?;
            matches!(value.kind, Kind::Str(_) | Kind::Bytes(_) | Kind::Pattern(_))
                .then(|| value.clone())
        }
        ("encoding/json", "Unmarshal") => None,
        ("encoding/base64", "NewDecoder") => {
            let value = args.get(1)?;
            let value = builtin::string(value);
            Some(decoded(
                codec::from_base64(value.as_str()?.as_bytes())?,
                &value.taint,
            ))
        }
        ("bufio", "NewReader" | "NewWriter" | "NewReadWriter") => {
            args.get(0).filter(|v| !v.is_unknown()).cloned()
        }
        ("embed", _) => None,
        _ => None,
    }
}
