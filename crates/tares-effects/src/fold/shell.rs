//! Commands of the shell: functions of the script, builtins, wrappers, interpreters, and programs
//! by their models.
//!
//! A command gets its words as they are. What its models see are arguments: options by the name
//! that the models give them, operands by position, the input as `<`, the words as written as `argv`.

use super::shell_args::{adapted, parse, read_file};
use super::{code, shell_text};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::value::text::TextBuilder;
use crate::value::{Key, Kind, SeqSort, Taint, Value, Why, join};
use crate::{Foreign, value};
use std::sync::Arc;
use tares_lang::Language;
use tares_model::Span;
use tares_model::effect::{Device, Label};

/// The key under which a `<(…)` keeps what its commands print.
const STREAM: &str = "<(";
/// Most words that a text is split into.
pub(super) const MAX_WORDS: usize = 64;

/// Runs a command that is named by a value.
pub(crate) fn command(interp: &mut Interp<'_>, callee: &Value, args: &Args, span: Span) -> Value {
    match &callee.kind {
        Kind::Str(text) => {
            let text = Arc::clone(text);
            // `$CMD x`, where the variable holds a command with its first arguments.
            if text.contains(char::is_whitespace) {
                let mut words = text.split_whitespace();
                let name = words.next().unwrap_or_default().to_owned();
                let mut all = Args::of(words.take(MAX_WORDS).map(Value::str));
                all.pos.append(&mut args.pos.clone());
                all.named.clone_from(&args.named);
                all.more.clone_from(&args.more);
                return named(interp, &name, &callee.taint, &all, span);
            }
            named(interp, &text, &callee.taint, args, span)
        }
        Kind::OneOf(values) => {
            let values: Vec<Value> = values
                .iter()
                .map(|one| command(interp, one, args, span))
                .collect();
            values
                .into_iter()
                .reduce(|a, b| join::join(&a, &b))
                .unwrap_or_else(|| Value::unknown(Why::Join))
        }
        Kind::Seq(seq) => {
            let items = seq.items.borrow().clone();
            let Some((first, rest)) = items.split_first() else {
                return Value::unknown(Why::Name);
            };
            let mut all = Args::of(rest.iter().cloned());
            all.pos.append(&mut args.pos.clone());
            all.named.clone_from(&args.named);
            command(interp, first, &all, span)
        }
        _ => {
            let all = words(callee, args);
            let mut args = args.clone();
            args.named.push(("argv".into(), all, span));
            args.named.push(("code".into(), callee.clone(), span));
            modelled(interp, "command", &callee.taint, &args, span)
        }
    }
}

/// Runs a command by its name.
fn named(interp: &mut Interp<'_>, name: &str, taint: &Taint, args: &Args, span: Span) -> Value {
    if let Some(value) = operation(interp, name, args, span) {
        return value;
    }
    // A path that a variable begins is how scripts are written.
    let plain = taint.without_devices();
    let taint = if taint.devices().all(|d| d.grade() < 2) {
        &plain
    } else {
        taint
    };
    if let Some(function) = interp
        .interner
        .find(name)
        .and_then(|sym| interp.lookup(sym))
        && let Kind::Func(closure) = &function.kind
    {
        let closure = std::rc::Rc::clone(closure);
        let mut given = args.clone();
        given.named.retain(|(n, ..)| &**n == "$<");
        return interp.call_closure(&closure, None, given, span);
    }
    let base = name.rsplit('/').next().unwrap_or(name);
    if let Some(value) = wrapper(interp, base, args, span) {
        return value;
    }
    if let Some(value) = interpreter(interp, base, args, span) {
        return value;
    }
    if let Some(value) = builtin(interp, base, args, span) {
        return value;
    }
    if let Some(value) = shell_text::call(base, args) {
        return value;
    }
    program(interp, name, base, taint, args, span)
}

/// Operations of the language itself.
fn operation(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    let first = || args.get(0).cloned().unwrap_or_else(|| Value::str(""));
    Some(match name {
        "$split" => split(&first()),
        "$length" => match &first().kind {
            Kind::Str(text) => Value::int(text.chars().count() as i64),
            Kind::Seq(seq) if seq.rest.borrow().is_none() => {
                Value::int(seq.items.borrow().len() as i64)
            }
            _ => Value::unknown(Why::Operation),
        },
        "$((" => shell_text::number(&first()),
        "$'" => first().tainted(&Taint::device(Device::CharacterCodes)),
        "$cut" => shell_text::cut(args),
        "$indirect" => indirect(interp, &first(), span),
        STREAM => Value::map(vec![(Key::Text(STREAM.into()), first())], None),
        "$quoted" => first().tainted(&Taint::device(Device::Transformed)),
        ">(" => Value::str("/dev/null"),
        ">" | ">>" => write(interp, name, args, span),
        "&" => interp.detach(true, |s| s.call(&first(), Args::default(), span)),
        _ => return None,
    })
}

/// `> path`; some paths are connections.
fn write(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Value {
    let path = args.get(0).cloned().unwrap_or_else(|| Value::str(""));
    let prefix = value::text::prefix(&path).to_owned();
    for device in ["/dev/tcp", "/dev/udp"] {
        let Some(rest) = prefix.strip_prefix(device) else {
            continue;
        };
        let mut parts = rest.trim_start_matches('/').splitn(2, '/');
        let host = parts.next().unwrap_or_default();
        let host = if host.is_empty() {
            Value::unknown_with(Why::Operation, path.deep_taint())
        } else {
            Value::str(host)
        };
        let mut given = Args::of([host, args.get(1).cloned().unwrap_or_else(|| Value::str(""))]);
        if let Some(port) = parts.next() {
            given.named.push(("port".into(), Value::str(port), span));
        }
        return modelled(interp, device, &path.taint, &given, span);
    }
    modelled(interp, name, &Taint::NONE, args, span)
}

/// `${!name}`: the variable that a text names.
fn indirect(interp: &mut Interp<'_>, name: &Value, span: Span) -> Value {
    match name.as_str() {
        Some(text) => {
            let sym = interp.interner.intern(&format!("${text}"));
            interp
                .name(sym, span)
                .tainted(&Taint::device(Device::Reflection))
        }
        None => Value::unknown_with(Why::Reflection, name.deep_taint()),
    }
}

/// The words of a value that stands without quotes.
fn split(value: &Value) -> Value {
    let items = match &value.kind {
        Kind::Str(text) if text.contains(char::is_whitespace) => text
            .split_whitespace()
            .take(MAX_WORDS)
            .map(|word| Value::str(word).tainted(&value.taint))
            .collect(),
        Kind::Str(text) if text.is_empty() => Vec::new(),
        Kind::Seq(_) => return value.clone(),
        _ => vec![value.clone()],
    };
    Value::seq(SeqSort::List, items)
}

/// All words of a command, for what is judged as it is written.
fn words(name: &Value, args: &Args) -> Value {
    let mut items = vec![name.clone()];
    items.extend(args.pos.iter().map(|(v, _)| v.clone()));
    Value::seq_with(SeqSort::List, items, args.more.clone())
}

/// Commands that run the rest of their words as a command.
fn wrapper(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    let syntax = Arc::clone(interp.paths.models().syntax(name).filter(|s| s.wraps)?);
    let parsed = parse(&syntax, args, 0);
    let from = parsed.rest.min(args.len());
    let mut rest = Args {
        pos: args.pos[from..].to_vec(),
        ..args.clone()
    };
    if name == "env" {
        let assigns = |v: &Value| value::text::prefix(v).contains('=');
        while rest.get(0).is_some_and(assigns) {
            rest.pos.remove(0);
        }
    }
    let skipped = match name {
        "timeout" | "chroot" | "flock" | "taskset" => 1,
        _ => 0,
    };
    rest.pos.drain(..skipped.min(rest.pos.len()));
    if rest.pos.is_empty() {
        return None;
    }
    if name == "xargs" || name == "parallel" {
        let input = args.name("<").cloned();
        rest.named.retain(|(n, ..)| &**n != "<");
        let items = input.unwrap_or_else(|| {
            Value::unknown_with(Why::Operation, Taint::label(Label::LocalInput))
        });
        match parsed
            .args
            .name("replace")
            .and_then(|v| v.as_str().cloned())
        {
            Some(mark) => {
                for (word, _) in &mut rest.pos {
                    *word = shell_text::substituted(word, &mark, &items);
                }
            }
            None => rest.pos.push((items, span)),
        }
    }
    let (callee, _) = rest.pos.remove(0);
    let quiet = matches!(name, "nohup" | "setsid");
    Some(interp.detach(quiet, |s| command(s, &callee, &rest, span)))
}

/// Commands that run text as code.
fn interpreter(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (language, flags): (Option<Language>, &[&str]) = match stem {
        "sh" | "bash" | "zsh" | "ksh" | "dash" | "ash" => (Some(Language::Shell), &["-c"]),
        "python" | "pypy" => (Some(Language::Python), &["-c"]),
        "node" | "nodejs" | "bun" => (
            Some(Language::JavaScript),
            &["-e", "--eval", "-p", "--print"],
        ),
        "deno" => (Some(Language::TypeScript), &["eval"]),
        "perl" | "ruby" | "lua" => (None, &["-e"]),
        "php" => (None, &["-r"]),
        _ => return None,
    };
    let is_flag = |v: &Value| {
        v.as_str().is_some_and(|t| {
            flags.contains(&&**t)
                // `bash -lc`, `sh -ec`, `perl -pe`
                || (t.len() > 2
                    && t.starts_with('-')
                    && !t.starts_with("--")
                    && flags[0].len() == 2
                    && t.ends_with(&flags[0][1..])
                    && t[1..].chars().all(|c| c.is_ascii_alphabetic()))
        })
    };
    let at = args.pos.iter().position(|(v, _)| is_flag(v));
    let operand = args
        .pos
        .iter()
        .find(|(v, _)| !value::text::prefix(v).starts_with('-') || v.as_str().is_none());
    let reads_input = match (&at, &operand) {
        (Some(_), _) => false,
        (None, None) => true,
        (None, Some((first, _))) => {
            args.pos.iter().any(|(v, _)| {
                v.as_str()
                    .is_some_and(|t| matches!(&**t, "-" | "-s" | "/dev/stdin"))
            }) || is_stream(first)
        }
    };
    let given = match at {
        Some(at) => args.pos.get(at + 1).cloned(),
        None if reads_input => match operand.filter(|(v, _)| is_stream(v)) {
            Some((stream, at)) => Some((content(stream), *at)),
            None => args
                .name("<")
                .map(|v| (v.clone(), place_of_input(args, span))),
        },
        None => None,
    };
    let mut all = args.clone();
    let words = words(&Value::str(name), args);
    all.named.push(("argv".into(), words, span));
    let Some((text, place)) = given else {
        return Some(modelled(interp, stem, &Taint::NONE, &all, span));
    };
    all.named.push(("code".into(), text.clone(), place));
    let input = if reads_input { "stdin" } else { "text" };
    all.named.push((input.into(), Value::bool(true), place));
    let value = modelled(interp, stem, &text.taint, &all, span);
    match (language, text.as_str()) {
        (Some(Language::Shell), Some(code)) => {
            let code = Arc::clone(code);
            Some(run_text(interp, &code, place))
        }
        (Some(language), Some(code)) => {
            interp.foreign.push(Foreign {
                language,
                text: Arc::clone(code),
                span: interp.outer(interp.unit, place).1,
            });
            Some(value)
        }
        _ => Some(value),
    }
}

/// Where the input of a command stands.
fn place_of_input(args: &Args, span: Span) -> Span {
    args.named
        .iter()
        .rev()
        .find(|(n, ..)| &**n == "<")
        .map_or(span, |(.., at)| *at)
}

/// Runs text as shell code; what it prints is its value.
fn run_text(interp: &mut Interp<'_>, text: &Arc<str>, span: Span) -> Value {
    let outer = std::mem::take(&mut interp.frame.yields);
    code::run_text(interp, text, span, false);
    let inner = std::mem::replace(&mut interp.frame.yields, outer);
    printed(&inner)
}

fn is_stream(value: &Value) -> bool {
    matches!(&value.kind, Kind::Map(map) if map.get_text(STREAM).is_some())
}

/// What a `<(…)` gives when it is read.
fn content(stream: &Value) -> Value {
    match &stream.kind {
        Kind::Map(map) => map
            .get_text(STREAM)
            .unwrap_or_else(|| Value::unknown(Why::Operation)),
        _ => stream.clone(),
    }
}

/// Builtins that act on the shell itself.
fn builtin(interp: &mut Interp<'_>, name: &str, args: &Args, span: Span) -> Option<Value> {
    Some(match name {
        "eval" => {
            let code = joined(args);
            let path = interp.paths.get("sh eval");
            let site = Site {
                path,
                receiver: None,
                args,
                callee_taint: &Taint::NONE,
                span,
            };
            interp.emit_code(&site, &code, span);
            match code.as_str() {
                Some(text) => {
                    let text = Arc::clone(text);
                    let place = args.pos.first().map_or(span, |(_, at)| *at);
                    run_text(interp, &text, place)
                }
                None => Value::unknown_with(Why::Call, code.deep_taint()),
            }
        }
        "source" | "." => {
            let first = args.get(0)?.clone();
            let mut all = args.clone();
            if is_stream(&first) {
                all.named.push(("code".into(), content(&first), span));
            }
            modelled(interp, "source", &Taint::NONE, &all, span);
            match content(&first).as_str().filter(|_| is_stream(&first)) {
                Some(text) => {
                    let text = Arc::clone(text);
                    run_text(interp, &text, span)
                }
                None => Value::unknown(Why::Call),
            }
        }
        "trap" => {
            if let Some((value, at)) = args.pos.first().filter(|_| args.len() > 1).cloned()
                && let Some(text) = value.as_str().filter(|t| t.len() > 1)
            {
                let text = Arc::clone(text);
                run_text(interp, &text, at);
            }
            Value::str("")
        }
        "cat" if args.name("<").is_none() && args.len() == 1 => {
            let (path, at) = args.pos[0].clone();
            if is_stream(&path) {
                return Some(content(&path));
            }
            Value::unknown_with(Why::Call, read_file(interp, &path, at))
        }
        "set" | "export" | "declare" | "typeset"
            if args.pos.iter().all(|(v, _)| {
                v.as_str()
                    .is_some_and(|t| matches!(&**t, "-p" | "-x" | "-px"))
            }) =>
        {
            modelled(interp, "env", &Taint::NONE, args, span)
        }
        "find" => {
            let from = args.pos.iter().position(|(v, _)| {
                v.as_str()
                    .is_some_and(|t| matches!(&**t, "-exec" | "-execdir" | "-ok"))
            })?;
            let mut rest = Args::of([]);
            for (word, at) in &args.pos[from + 1..] {
                if word.as_str().is_some_and(|t| matches!(&**t, ";" | "+")) {
                    break;
                }
                rest.pos.push((word.clone(), *at));
            }
            if rest.pos.is_empty() {
                return None;
            }
            let (callee, _) = rest.pos.remove(0);
            command(interp, &callee, &rest, span)
        }
        "read" | "mapfile" | "readarray" => match args.name("<") {
            Some(input) => Value::unknown_with(Why::Operation, input.deep_taint()),
            None => Value::unknown_with(Why::Operation, Taint::label(Label::LocalInput)),
        },
        "true" | ":" | "cd" | "pushd" | "popd" | "wait" | "sleep" | "set" | "shopt" | "hash"
        | "mkdir" | "ls" | "touch" | "test" | "[" | "setopt" | "ulimit" | "getopts" => {
            return (args.is_closed() && interp.paths.models().calls(name).is_none())
                .then(|| Value::str(""));
        }
        _ => return None,
    })
}

/// All words as one text.
fn joined(args: &Args) -> Value {
    let mut builder = TextBuilder::default();
    for (at, (word, _)) in args.pos.iter().enumerate() {
        if at > 0 {
            builder.text(" ");
        }
        builder.value(word);
    }
    if let Some(more) = &args.more {
        builder.hole(more.deep_taint());
    }
    builder.build()
}

/// A program, by its models. One that nobody knows keeps the labels of its words and its input.
fn program(
    interp: &mut Interp<'_>,
    name: &str,
    base: &str,
    taint: &Taint,
    args: &Args,
    span: Span,
) -> Value {
    let mut path = base.to_owned();
    let models = interp.paths.models();
    let mut given = args.clone();
    if let Some(syntax) = models.syntax(base) {
        let mut parsed = parse(syntax, args, syntax.sub);
        for _ in 0..syntax.sub {
            let Some(word) = parsed.args.get(0).and_then(Value::as_str).cloned() else {
                break;
            };
            if word.contains(['/', '$', '{', '.', ':']) {
                break;
            }
            path = format!("{path}.{word}");
            parsed.args.pos.remove(0);
        }
        given = match models.syntax(&path).filter(|_| path != base) {
            Some(inner) => {
                let mut rest = Args {
                    pos: args.pos[parsed.rest.min(args.len())..].to_vec(),
                    ..args.clone()
                };
                rest.named.clone_from(&args.named);
                let inner = parse(inner, &rest, 0).args;
                let mut all = parsed.args;
                all.pos = inner.pos;
                for (name, value, at) in inner.named {
                    all.named.retain(|(n, ..)| *n != name);
                    all.named.push((name, value, at));
                }
                all
            }
            None => parsed.args,
        };
    }
    let all = words(&Value::str(base), args);
    given.named.push(("argv".into(), all, span));
    let known = models.calls(&path).is_some();
    // A script of the repository, or a file that was written a moment ago.
    let by_path = !known && name.contains('/') && interp.paths.models().calls(base).is_none();
    if by_path {
        let mut items = vec![Value::str(name)];
        items.extend(args.pos.iter().map(|(v, _)| v.clone()));
        given.named.retain(|(n, ..)| &**n != "argv");
        given
            .named
            .push(("argv".into(), Value::seq(SeqSort::List, items), span));
        return modelled(interp, "command", taint, &given, span);
    }
    let path = if known { path } else { base.to_owned() };
    adapted(interp, &path, taint, given, span)
}

/// Calls an API path, whose models speak.
pub(super) fn modelled(
    interp: &mut Interp<'_>,
    path: &str,
    taint: &Taint,
    args: &Args,
    span: Span,
) -> Value {
    let path = interp.paths.get(path);
    if interp.paths.node(path).calls.is_none() {
        return Value::unknown_with(Why::Call, args.taint());
    }
    let site = Site {
        path,
        receiver: None,
        args,
        callee_taint: taint,
        span,
    };
    let value = interp.call_modelled(&site);
    // What a command prints is text, whatever it is.
    Value::unknown_with(Why::Call, value.taint)
}

/// A command that stands as a statement: what it prints is seen by whoever reads the output.
pub(crate) fn print(interp: &mut Interp<'_>, value: Value, span: Span) -> Value {
    let shown = value.deep_taint();
    // A function prints what it returns.
    if shown.has(Label::Credential) && interp.frame.code.is_none() && prints(interp.source(span)) {
        let path = interp.paths.get("stdout");
        let args = Args::of([value.clone()]);
        let site = Site {
            path,
            receiver: None,
            args: &args,
            callee_taint: &Taint::NONE,
            span,
        };
        interp.call_modelled(&site);
    }
    interp.frame.yields.push(value);
    interp.frame.yields.truncate(64);
    Value::unknown_with(Why::Call, shown)
}

/// Whether the last command of a pipe is one that shows what it is given.
fn prints(text: &str) -> bool {
    let last = text.rsplit('|').next().unwrap_or(text).trim_start();
    let name = last.split(|c: char| !c.is_ascii_alphanumeric()).next();
    matches!(
        name,
        Some(
            "echo"
                | "printf"
                | "cat"
                | "env"
                | "printenv"
                | "base64"
                | "xxd"
                | "rev"
                | "tee"
                | "set"
                | "export"
        )
    )
}

/// What several commands print one after the other.
pub(crate) fn printed(parts: &[Value]) -> Value {
    let told: Vec<&Value> = parts
        .iter()
        .filter(|v| v.as_str().is_none_or(|t| !t.is_empty()))
        .collect();
    match told[..] {
        [] => Value::str(""),
        [one] => one.clone(),
        _ => {
            let mut builder = TextBuilder::default();
            for (at, part) in told.iter().enumerate() {
                if at > 0 {
                    builder.text("\n");
                }
                builder.value(part);
            }
            builder.build()
        }
    }
}
