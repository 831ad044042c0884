//! Regular expressions on known text.

use super::list;
use crate::interp::Interp;
use crate::interp::args::Args;
use crate::value::{InstanceVal, Kind, Taint, Value};
use regex::{Captures, Regex, RegexBuilder};
use std::sync::Arc;
use tares_model::effect::Device;

/// Longest text that patterns are applied to, in bytes.
const MAX_SEARCHED: usize = 4096;
/// Longest pattern, in bytes.
const MAX_PATTERN: usize = 512;
/// Most matches that a function is called for.
const MAX_MATCHES: usize = 256;

/// Folds a function of Python's `re`.
pub(crate) fn call(interp: &mut Interp<'_>, path: &str, args: &Args) -> Option<Value> {
    let at = usize::from(path == "re.sub");
    // Compiling costs more than all else here, and most texts are not known.
    let text = Arc::clone(args.at(1 + at, "string")?.as_str()?);
    if text.len() > MAX_SEARCHED {
        return None;
    }
    let pattern = compiled(&text_of_pattern(args.at(0, "pattern")?)?, "")?;
    match path {
        "re.sub" => {
            let by = args.at(1, "repl")?.clone();
            let most = args.at(3, "count").and_then(Value::as_int).unwrap_or(0);
            let most = usize::try_from(most).ok()?;
            replaced(interp, &pattern, &text, &by, most)
        }
        "re.findall" => Some(list(
            pattern.captures_iter(&text).map(|c| found(&c)).collect(),
        )),
        "re.split" => Some(list(pattern.split(&text).map(Value::str).collect())),
        "re.match" | "re.search" | "re.fullmatch" => {
            let captures = pattern.captures(&text)?;
            let whole = captures.get(0)?;
            let fits = match path {
                "re.match" => whole.start() == 0,
                "re.fullmatch" => whole.start() == 0 && whole.end() == text.len(),
                _ => true,
            };
            fits.then(|| match_value(interp, &captures))
        }
        _ => None,
    }
}

/// `match.group(1)` of a match on known text.
pub(crate) fn group(receiver: &Value, args: &Args) -> Option<Value> {
    let Kind::Instance(instance) = &receiver.kind else {
        return None;
    };
    let i = args.get(0).map_or(Some(0), Value::as_int)?;
    instance.args.get(usize::try_from(i).ok()?).cloned()
}

/// Folds a method of a text of JavaScript that takes a pattern.
pub(crate) fn method(
    interp: &mut Interp<'_>,
    text: &str,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let Kind::Instance(given) = &args.get(0)?.kind else {
        return None;
    };
    let is_folded = matches!(
        name,
        "replace" | "replaceAll" | "split" | "match" | "matchAll"
    );
    if !is_folded || text.len() > MAX_SEARCHED {
        return None;
    }
    let (pattern, flags) = expression(interp, given)?;
    match name {
        "replace" | "replaceAll" => {
            let most = usize::from(!flags.contains('g'));
            replaced(interp, &pattern, text, args.get(1)?, most)
        }
        "split" => Some(list(pattern.split(text).map(Value::str).collect())),
        "match" if flags.contains('g') => Some(list(
            pattern
                .find_iter(text)
                .map(|m| Value::str(m.as_str()))
                .collect(),
        )),
        "match" => Some(list(groups(&pattern.captures(text)?))),
        "matchAll" => {
            let all = pattern.captures_iter(text).take(MAX_MATCHES);
            Some(list(all.map(|c| list(groups(&c))).collect()))
        }
        _ => None,
    }
}

fn expression(interp: &Interp<'_>, instance: &InstanceVal) -> Option<(Regex, String)> {
    if &**interp.paths.text(instance.path) != "RegExp" {
        return None;
    }
    let flags = instance
        .args
        .get(1)
        .and_then(Value::as_str)
        .map_or("", |f| f);
    let pattern = compiled(instance.args.first()?.as_str()?, flags)?;
    Some((pattern, flags.to_owned()))
}

fn text_of_pattern(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Instance(compiled) => Some(compiled.args.first()?.as_str()?.to_string()),
        _ => None,
    }
}

/// Compiles a pattern; `None` for one that looks around or back, or that is too large.
fn compiled(pattern: &str, flags: &str) -> Option<Regex> {
    if pattern.len() > MAX_PATTERN {
        return None;
    }
    RegexBuilder::new(&pattern.replace("\\/", "/"))
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(1 << 18)
        .build()
        .ok()
}

fn replaced(
    interp: &mut Interp<'_>,
    pattern: &Regex,
    text: &str,
    by: &Value,
    most: usize,
) -> Option<Value> {
    let most = if most == 0 { MAX_MATCHES + 1 } else { most };
    let mut out = String::new();
    let mut from = 0;
    for (i, captures) in pattern.captures_iter(text).take(most).enumerate() {
        if i >= MAX_MATCHES {
            return None;
        }
        let whole = captures.get(0)?;
        out.push_str(&text[from..whole.start()]);
        from = whole.end();
        match by.as_str() {
            Some(template) => out.push_str(&filled(template, &captures, interp.is_js())),
            None => out.push_str(called(interp, by, &captures)?.as_str()?),
        }
    }
    out.push_str(&text[from..]);
    Some(Value::str(out).tainted(&Taint::device(Device::Transformed)))
}

/// Calls the function that gives the text in the place of a match.
fn called(interp: &mut Interp<'_>, by: &Value, captures: &Captures<'_>) -> Option<Value> {
    let args = if interp.is_js() {
        Args::of(groups(captures))
    } else {
        Args::of([match_value(interp, captures)])
    };
    let span = interp.statement;
    let text = interp.call(by, args, span);
    text.as_str().is_some().then_some(text)
}

fn match_value(interp: &mut Interp<'_>, captures: &Captures<'_>) -> Value {
    let path = interp.paths.get("re.Match");
    interp.instance(path, &Args::of(groups(captures)), Taint::NONE)
}

fn groups(captures: &Captures<'_>) -> Vec<Value> {
    let all = captures.iter();
    all.map(|group| match group {
        Some(group) => Value::str(group.as_str()),
        None => Value::new(Kind::Null),
    })
    .collect()
}

/// What `findall` gives for a match: the groups where there are any.
fn found(captures: &Captures<'_>) -> Value {
    let mut all = groups(captures);
    match all.len() {
        1 | 2 => all.pop().unwrap_or_else(|| Value::str("")),
        _ => {
            all.remove(0);
            Value::seq(crate::value::SeqSort::Tuple, all)
        }
    }
}

/// Puts groups into the text that replaces a match: `\1` in Python, `$1` in JavaScript.
fn filled(template: &str, captures: &Captures<'_>, js: bool) -> String {
    let sign = if js { '$' } else { '\\' };
    let mut out = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != sign {
            out.push(c);
            continue;
        }
        match chars.peek().copied() {
            Some('&') if js => {
                chars.next();
                out.push_str(&captures[0]);
            }
            Some(digit) if digit.is_ascii_digit() => {
                chars.next();
                let i = digit.to_digit(10).unwrap_or(0) as usize;
                out.push_str(captures.get(i).map_or("", |group| group.as_str()));
            }
            _ => out.push(c),
        }
    }
    out
}
