//! Code given as text: parsed and run in turn.

use crate::interp::args::Args;
use crate::interp::call::Site;
use crate::interp::scope::{Scope, ScopeKind};
use crate::interp::{Interp, MAX_TEXT_DEPTH};
use crate::value::{Kind, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::Stmt;
use tares_model::Span;

/// Runs the text given to exec, eval, Function and the like in the current names.
pub(crate) fn run(
    interp: &mut Interp<'_>,
    site: &Site<'_>,
    code: &Value,
    span: Span,
    expression: bool,
) -> Value {
    interp.emit_code(site, code, span);
    let text: Arc<str> = match &code.kind {
        Kind::Str(text) => Arc::clone(text),
        Kind::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => return Value::unknown(Why::Operation),
        },
        // `compile(text, …)` gives an instance that carries the text.
        Kind::Instance(instance) if !instance.args.is_empty() => {
            let inner = instance.args[0].clone();
            return match inner.as_str() {
                Some(text) => run_text(interp, &Arc::clone(text), span, expression),
                None => Value::unknown(Why::Operation),
            };
        }
        _ => return Value::unknown_with(Why::Operation, code.deep_taint()),
    };
    run_text(interp, &text, span, expression)
}

/// Parses and runs a text in the current scope.
pub(crate) fn run_text(
    interp: &mut Interp<'_>,
    text: &Arc<str>,
    span: Span,
    expression: bool,
) -> Value {
    let depth = interp.units[interp.unit as usize].depth + 1;
    if depth > MAX_TEXT_DEPTH || text.len() > 32 << 10 || interp.units.len() > 256 {
        interp.dropped = true;
        return Value::unknown(Why::Fuel);
    }
    interp.steps += text.len() as u64 / 4;
    let language = interp.language;
    let tree = Arc::new(tares_lang::parse(language, text, interp.interner));
    let inside = Some((interp.unit, span));
    let path = interp.units[interp.unit as usize].path.clone();
    let index = interp.add_unit(Arc::clone(&tree), Arc::clone(text), inside, path, depth);
    let outer = std::mem::replace(&mut interp.unit, index);
    let mut value = Value::new(Kind::Null);
    let last = tree.block(tree.body).last().map(|&id| tree.stmt(id));
    match last {
        Some(Stmt::Expr(e)) if expression && tree.body.len == 1 => value = interp.eval(&tree, *e),
        _ => {
            interp.hoist(&tree, tree.body);
            interp.block(&tree, tree.body);
            if let Some(Stmt::Expr(e)) = last.filter(|_| expression) {
                value = interp.eval(&tree, *e);
            }
        }
    }
    interp.unit = outer;
    value
}

/// Makes a function from the text of its body: `new Function("a", "b", "return a + b")`.
pub(crate) fn function(interp: &mut Interp<'_>, site: &Site<'_>) -> Option<Value> {
    let args = site.args;
    let (body, span) = args.pos.last().cloned()?;
    interp.emit_code(site, &body, span);
    let body = body.as_str().cloned()?;
    let params: Option<Vec<&str>> = args.pos[..args.len() - 1]
        .iter()
        .map(|(v, _)| v.as_str().map(|s| &**s))
        .collect();
    let text: Arc<str> = format!("(function({}){{{body}\n}})", params?.join(",")).into();
    Some(run_text(interp, &text, span, true))
}

/// Reads a text that is a literal of the language, without running anything.
pub(crate) fn literal(interp: &mut Interp<'_>, text: &Arc<str>) -> Value {
    if text.len() > 4096 {
        return Value::unknown(Why::Fuel);
    }
    let tree = tares_lang::parse(interp.language, text, interp.interner);
    let only = match tree.block(tree.body) {
        [id] => match tree.stmt(*id) {
            Stmt::Expr(e) => Some(*e),
            _ => None,
        },
        _ => None,
    };
    let calls = |e: &tares_lang::tree::Expr| matches!(e, tares_lang::tree::Expr::Call { .. });
    match only {
        Some(e) if !tree.exprs.iter().any(calls) => interp.eval(&tree, e),
        _ => Value::unknown(Why::Operation),
    }
}

/// Runs code with names of its own given as maps: `exec(code, {"x": 1}, found)`. What it defines
/// is written back to where it was told to keep it.
pub(crate) fn in_names(
    interp: &mut Interp<'_>,
    args: &Args,
    run: impl FnOnce(&mut Interp<'_>) -> Value,
) -> Value {
    let globals = args
        .at(1, "globals")
        .filter(|v| !matches!(v.kind, Kind::Null))
        .cloned();
    let locals = args
        .at(2, "locals")
        .filter(|v| !matches!(v.kind, Kind::Null))
        .cloned();
    let kept = |value: &Value, i: &Interp<'_>| match &value.kind {
        Kind::Map(_) => true,
        Kind::Member(member) => &*i.text(member.name) == "__dict__",
        _ => false,
    };
    let globals = globals.filter(|v| kept(v, interp));
    let locals = locals.filter(|v| kept(v, interp));
    if globals.is_none() && locals.is_none() {
        return run(interp);
    }
    let outer = Rc::clone(&interp.frame.scope);
    // With a map of its own for the module's names, code sees nothing of what is around the call.
    let mut scope = globals.is_none().then(|| Rc::clone(&outer));
    for names in [&globals, &locals].into_iter().flatten() {
        let inner = Scope::new(ScopeKind::Function, scope.take());
        interp.frame.scope = Rc::clone(&inner);
        scope = Some(inner);
        let map = interp.as_mapping(names);
        if let Kind::Map(map) = &map.kind {
            let entries = map.entries.borrow().clone();
            for (key, value) in entries {
                if let crate::value::Key::Text(name) = key {
                    let name = interp.interner.intern(&name);
                    interp.declare_name(name, value);
                }
            }
        }
    }
    let scope = Rc::clone(&interp.frame.scope);
    let value = run(interp);
    interp.frame.scope = outer;
    if args.get(0).is_some_and(|code| code.as_str().is_none()) {
        // What code that nobody can read defines may be anything.
        interp.lend(args);
    }
    if let Some(target) = locals.or(globals) {
        for name in scope.names() {
            if let Some(value) = scope.get(name) {
                let key = Value::str(interp.text(name));
                interp.set_index(&target, &key, value, Span::default());
            }
        }
    }
    value
}
