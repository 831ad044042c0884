//! Words of commands as arguments: options by name, operands by position, and the forms of their
//! own that some commands have.

use super::shell::{MAX_WORDS, modelled};
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::models::Syntax;
use crate::value;
use crate::value::text::TextBuilder;
use crate::value::{Kind, SeqSort, Taint, Value, Why};
use std::sync::Arc;
use tares_model::effect::Label;
use tares_model::{LabelSet, Span};

/// The words of a command as arguments.
pub(super) struct Parsed {
    pub(super) args: Args,
    /// Index of the first word that the options did not take.
    pub(super) rest: usize,
}

/// Reads options. With `sub` operands that name a subcommand, `rest` is behind the last of them.
pub(super) fn parse(syntax: &Syntax, args: &Args, sub: u8) -> Parsed {
    let mut out = Args {
        more: args.more.clone(),
        named: args.named.clone(),
        ..Args::default()
    };
    let mut rest = None;
    let mut at = 0;
    let mut only_operands = false;
    while let Some((word, place)) = args.pos.get(at) {
        at += 1;
        let text = word.as_str().map(|t| &**t);
        let option = text.filter(|t| !only_operands && t.len() > 1 && t.starts_with(['-', '+']));
        match option {
            Some("--") => only_operands = true,
            Some(option) => {
                at += read_option(syntax, option, args.pos.get(at), &mut out, *place);
            }
            None if word.as_str().is_none()
                && !only_operands
                && value::text::prefix(word).starts_with("--")
                && value::text::prefix(word).contains('=') =>
            {
                let prefix = value::text::prefix(word);
                let (name, start) = prefix.split_once('=').unwrap_or((prefix, ""));
                let known = syntax.options.get(name).map(|(n, _)| Arc::clone(n));
                let name = known.unwrap_or_else(|| name.trim_start_matches('-').into());
                let mut builder = TextBuilder::default();
                builder.text(start);
                builder.hole(word.deep_taint());
                add(&mut out, name, builder.build(), *place);
            }
            None => {
                if syntax.wraps {
                    rest = Some(at - 1);
                    break;
                }
                out.pos.push((word.clone(), *place));
                if sub > 0 && out.pos.len() == usize::from(sub) && rest.is_none() {
                    rest = Some(at);
                }
            }
        }
    }
    Parsed {
        args: out,
        rest: rest.unwrap_or(args.pos.len()),
    }
}

/// Reads one option; returns how many further words it took.
fn read_option(
    syntax: &Syntax,
    option: &str,
    next: Option<&(Value, Span)>,
    out: &mut Args,
    place: Span,
) -> usize {
    let take = |out: &mut Args, name: &Arc<str>| match next {
        Some((value, at)) => {
            add(out, Arc::clone(name), value.clone(), *at);
            1
        }
        None => 0,
    };
    if let Some((name, takes)) = syntax.options.get(option) {
        if *takes {
            return take(out, name);
        }
        add(out, Arc::clone(name), Value::bool(true), place);
        return 0;
    }
    if option.starts_with("--") || syntax.dash {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Value::str(value)),
            None => (option, Value::bool(true)),
        };
        let known = syntax.options.get(name).map(|(n, _)| Arc::clone(n));
        let name = known.unwrap_or_else(|| name.trim_start_matches('-').into());
        add(out, name, value, place);
        return 0;
    }
    // `-xzf file`: one letter after another, the last may take what follows.
    for (i, c) in option.char_indices().skip(1) {
        let letter = format!("-{c}");
        match syntax.options.get(letter.as_str()) {
            Some((name, true)) => {
                let attached = &option[i + c.len_utf8()..];
                if attached.is_empty() {
                    return take(out, name);
                }
                add(out, Arc::clone(name), Value::str(attached), place);
                return 0;
            }
            Some((name, false)) => add(out, Arc::clone(name), Value::bool(true), place),
            None => add(out, letter.into(), Value::bool(true), place),
        }
    }
    0
}

/// Adds an option; one that is given again is a list.
fn add(out: &mut Args, name: Arc<str>, value: Value, place: Span) {
    let Some((_, old, _)) = out.named.iter_mut().find(|(n, ..)| *n == name) else {
        out.named.push((name, value, place));
        return;
    };
    let mut items = match &old.kind {
        Kind::Seq(seq) => seq.items.borrow().clone(),
        _ => vec![old.clone()],
    };
    if items.len() < MAX_WORDS {
        items.push(value);
    }
    *old = Value::seq(SeqSort::List, items);
}

/// Commands that do the same to each of their operands, from the one at this position on.
fn repeats(name: &str) -> Option<usize> {
    Some(match name {
        "rm" | "shred" | "unlink" | "srm" | "wipe" | "trash" | "tee" | "sponge" | "truncate" => 0,
        "chmod" | "chown" | "chgrp" => 1,
        _ => return None,
    })
}

/// Commands whose operands are files that they read.
const READERS: [&str; 38] = [
    "cat", "head", "tail", "less", "more", "grep", "egrep", "fgrep", "rg", "awk", "gawk", "sed",
    "cut", "sort", "uniq", "nl", "strings", "od", "hexdump", "xxd", "base64", "base32", "gzip",
    "bzip2", "xz", "zstd", "tar", "zip", "jq", "yq", "tac", "gpg", "age", "openssl", "cp", "scp",
    "rsync", "curl",
];

/// Calls a command by its models, in the form that they expect.
pub(super) fn adapted(
    interp: &mut Interp<'_>,
    path: &str,
    taint: &Taint,
    mut args: Args,
    span: Span,
) -> Value {
    let mut read = Taint::NONE;
    if READERS.contains(&path) {
        read = read_files(interp, &args);
    }
    match path {
        "curl" | "wget" | "wget2" => send_files(interp, &mut args),
        "chmod" => {
            if let Some((mode, _)) = args.pos.first_mut() {
                *mode = mode_of(mode);
            }
        }
        "dd" => {
            for (word, at) in args.pos.clone() {
                if let Some((name, value)) = word.as_str().and_then(|t| t.split_once('=')) {
                    args.named.push((name.into(), Value::str(value), at));
                }
            }
        }
        "scp" | "rsync" => {
            let remote = args.pos.last().is_some_and(|(v, _)| {
                value::text::skeleton(v).is_some_and(|t| t.contains(':') || t.contains("://"))
            });
            if remote {
                args.named.push(("remote".into(), Value::bool(true), span));
            }
        }
        "find"
            if args
                .name("-delete")
                .or_else(|| args.name("delete"))
                .is_some() =>
        {
            modelled(interp, "find.delete", taint, &args, span);
        }
        _ => {}
    }
    if matches!(path, "ssh" | "scp" | "sftp" | "rsync") {
        let loose = |v: &Value| {
            value::text::skeleton(v).is_some_and(|t| {
                t.contains("StrictHostKeyChecking") || t.contains("UserKnownHostsFile")
            })
        };
        let option = ["option", "rsh"].iter().filter_map(|n| args.name(n));
        if option.flat_map(spread).any(|v| loose(&v)) {
            modelled(interp, &format!("{path} -o"), taint, &args, span);
        }
    }
    let value = match repeats(path).filter(|from| args.len() > from + 1) {
        Some(from) => each(interp, path, taint, &args, from, span),
        None => modelled(interp, path, taint, &args, span),
    };
    if matches!(path, "curl" | "wget" | "wget2") {
        save(interp, path, &args, &value, span);
    }
    value.tainted(&read)
}

/// Runs a command once for each operand.
fn each(
    interp: &mut Interp<'_>,
    path: &str,
    taint: &Taint,
    args: &Args,
    from: usize,
    span: Span,
) -> Value {
    let mut last = Value::str("");
    for at in from..args.len().min(from + MAX_WORDS) {
        let mut one = args.clone();
        one.pos.truncate(from);
        one.pos.push(args.pos[at].clone());
        last = modelled(interp, path, taint, &one, span);
    }
    last
}

fn spread(value: &Value) -> Vec<Value> {
    match &value.kind {
        Kind::Seq(seq) => seq.items.borrow().clone(),
        _ => vec![value.clone()],
    }
}

/// Reading a file that holds a secret.
pub(super) fn read_file(interp: &mut Interp<'_>, path: &Value, span: Span) -> Taint {
    let text = value::text::skeleton(path).unwrap_or_default();
    // A script reads files all the time; only some are worth a look.
    if !is_secret(&text) && !is_watched(&text) {
        return Taint::label(Label::FileContent).merge(&path.deep_taint());
    }
    let args = Args::of([path.clone()]);
    let mut taint = modelled(interp, "<", &Taint::NONE, &args, span).taint;
    if is_secret(&text) {
        let what = format!("`{text}` holds a credential");
        taint = taint.merge(&interp.taint_here(LabelSet::of(Label::Credential), span, &what));
    }
    taint
}

/// The files among the operands of a command that reads them. Only those that are worth a look:
/// a script reads files all the time.
fn read_files(interp: &mut Interp<'_>, args: &Args) -> Taint {
    let mut taint = Taint::NONE;
    for (word, at) in &args.pos {
        let text = value::text::skeleton(word).unwrap_or_default();
        if is_secret(&text) || is_watched(&text) {
            taint = taint.merge(&read_file(interp, word, *at));
        } else if text.contains(['/', '.']) {
            taint = taint.merge(&Taint::label(Label::FileContent));
        }
    }
    taint
}

/// Whether a path is one where secrets lie.
fn is_secret(path: &str) -> bool {
    const PLACES: [&str; 23] = [
        ".ssh/id_",
        ".aws/credentials",
        "/.netrc",
        ".pypirc",
        ".docker/config.json",
        ".kube/config",
        ".git-credentials",
        "/etc/shadow",
        ".pgpass",
        "application_default_credentials",
        ".vault-token",
        "/run/secrets/",
        ".gnupg/",
        "gcloud/credentials",
        ".azure/",
        "/proc/self/environ",
        "serviceaccount/token",
        ".npmrc",
        "wallet.dat",
        "key4.db",
        "logins.json",
        ".bash_history",
        ".zsh_history",
    ];
    let file = path.rsplit('/').next().unwrap_or(path);
    if path.ends_with(".pub") || path.len() > 200 {
        return false;
    }
    PLACES.iter().any(|place| path.contains(place))
        || matches!(
            file,
            ".env"
                | ".netrc"
                | "id_rsa"
                | "id_ed25519"
                | "secrets.yml"
                | "secrets.yaml"
                | "credentials.json"
        )
        || file.starts_with(".env.")
            && !file.ends_with("example")
            && !file.ends_with("sample")
            && !file.ends_with("template")
}

fn is_watched(path: &str) -> bool {
    matches!(path, "/etc/passwd" | "/etc/sudoers" | "/etc/machine-id")
}

/// `-d @file`, `-F x=@file`, `-T file`, `--post-file=file`: what is sent is the file.
fn send_files(interp: &mut Interp<'_>, args: &mut Args) {
    for at in 0..args.named.len() {
        let (name, value, place) = args.named[at].clone();
        if !matches!(&*name, "data" | "headers") {
            continue;
        }
        let items: Vec<Value> = spread(&value)
            .into_iter()
            .map(|item| sent(interp, &item, args, place))
            .collect();
        args.named[at].1 = match <[Value; 1]>::try_from(items) {
            Ok([one]) => one,
            Err(items) => Value::seq(SeqSort::List, items),
        };
    }
}

fn sent(interp: &mut Interp<'_>, item: &Value, args: &Args, span: Span) -> Value {
    let text = value::text::skeleton(item).unwrap_or_default();
    let Some((_, file)) = text
        .split_once('@')
        .filter(|(head, _)| head.is_empty() || head.ends_with('='))
    else {
        if is_secret(&text) && !text.contains("://") {
            let taint = read_file(interp, &Value::str(text.as_str()), span);
            return item.clone().tainted(&taint);
        }
        return item.clone();
    };
    if matches!(file, "-" | "/dev/stdin") {
        return match args.name("<") {
            Some(input) => Value::unknown_with(Why::Operation, input.deep_taint()),
            None => item.clone(),
        };
    }
    let file = file.split(';').next().unwrap_or(file);
    let path = if file.contains('\u{FFFC}') {
        Value::unknown_with(Why::Operation, item.deep_taint())
    } else {
        Value::str(file)
    };
    let taint = read_file(interp, &path, span);
    Value::unknown_with(Why::Operation, taint.merge(&item.deep_taint()))
}

/// The file that a download is written to.
fn save(interp: &mut Interp<'_>, path: &str, args: &Args, content: &Value, span: Span) {
    let named = args.name("output").cloned();
    let to = match (&named, path) {
        (Some(value), _) => value.clone(),
        (None, "curl") if args.name("remote").is_none() => return,
        _ => {
            let Some(url) = args.get(0) else { return };
            let text = value::text::skeleton(url).unwrap_or_default();
            let file = text.split(['?', '#']).next().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default().to_owned();
            if file.is_empty() || file.contains('\u{FFFC}') {
                return;
            }
            Value::str(file)
        }
    };
    if to
        .as_str()
        .is_some_and(|t| matches!(&**t, "-" | "/dev/null" | "/dev/stdout"))
    {
        return;
    }
    let base = if path == "curl" { "curl -o" } else { "wget -o" };
    let given = Args::of([to, content.clone()]);
    modelled(interp, base, &Taint::NONE, &given, span);
}

/// The mode of `chmod` as a number, where it says so much.
fn mode_of(mode: &Value) -> Value {
    let Some(text) = mode.as_str() else {
        return mode.clone();
    };
    if let Ok(n) = i64::from_str_radix(text, 8) {
        return Value::int(n).tainted(&mode.taint);
    }
    let mut bits = 0o600;
    for clause in text.split(',') {
        let Some(at) = clause.find(['+', '=']) else {
            continue;
        };
        let (who, rights) = clause.split_at(at);
        let rights = &rights[1..];
        let value = i64::from(rights.contains('r')) * 4
            + i64::from(rights.contains('w')) * 2
            + i64::from(rights.contains('x'));
        // `chmod +w` leaves out what the mask forbids.
        let all = who.contains('a') || (who.is_empty() && !rights.contains('w'));
        if all || who.contains('o') {
            bits |= value;
        }
        if all || who.contains('g') {
            bits |= value << 3;
        }
        if all || who.contains('u') {
            bits |= value << 6;
            if rights.contains('s') {
                bits |= 0o4000;
            }
        }
    }
    Value::int(bits).tainted(&mode.taint)
}
