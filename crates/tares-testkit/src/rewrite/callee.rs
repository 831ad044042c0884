//! Rewrites of how a function is reached and how its arguments arrive.

use super::Rewritten;
use super::edit::Edits;
use super::quote::quote;
use super::scene::{Call, Scene};
use tares_lang::tree::{Expr, Stmt};

/// `ask = subprocess.run` before the statement, `ask(…)` in it.
pub(super) fn alias(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let Some(line) = scene
            .hoistable(call)
            .filter(|_| !is_direct_eval(scene, call))
        else {
            continue;
        };
        let (name, target) = (scene.fresh(number), reference(scene, call));
        let declare = if scene.is_python() { "" } else { "const " };
        let end = if scene.is_python() { "" } else { ";" };
        edits.insert(
            line.start,
            format!("{declare}{name} = {target}{end}\n{}", line.indent),
        );
        edits.replace(call.callee_start, call.callee_end, name);
    }
    scene.finish(edits)
}

/// `getattr(os, "system")(…)`, `cp["exec"](…)`.
pub(super) fn attribute_by_text(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let Some((object, name)) = call.callee.rsplit_once('.') else {
            continue;
        };
        let text = if scene.is_python() {
            format!("getattr({object}, {})", quote(name))
        } else {
            format!("{object}[{}]", quote(name))
        };
        edits.replace(call.callee_start, call.callee_end, text);
    }
    scene.finish(edits)
}

/// `f(*[a, b])`, `f(...[a, b])`.
pub(super) fn spread_positions(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        // Given a spread, engines take `eval` for the indirect one, which sees other names.
        if is_direct_eval(scene, &call) {
            continue;
        }
        let positions = call.arguments.iter().take_while(|id| {
            !matches!(
                scene.tree.expr(**id),
                Expr::Keyword { .. } | Expr::SpreadMap(_)
            )
        });
        let count = positions.count();
        if count > 0 {
            let mark = if scene.is_python() { "*[" } else { "...[" };
            edits.wrap(call.open, end_of(scene, &call, count - 1), mark, "]");
        }
    }
    scene.finish(edits)
}

/// Returns the end of an argument with the brackets around it, which belong to no node.
fn end_of(scene: &Scene<'_>, call: &Call, index: usize) -> usize {
    let end = scene.range(call.arguments[index]).1;
    let next = call
        .arguments
        .get(index + 1)
        .map_or(call.end - 1, |id| scene.range(*id).0);
    let between = &scene.source[end..next];
    let behind = between.split(',').next().unwrap_or_default();
    end + behind.rfind(')').map_or(0, |at| at + 1)
}

/// `f(**{"shell": True})`.
pub(super) fn spread_keywords(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let kinds: Vec<&Expr> = call
            .arguments
            .iter()
            .map(|id| scene.tree.expr(*id))
            .collect();
        let keyword = |expr: &&Expr| matches!(expr, Expr::Keyword { .. });
        let first = kinds.iter().position(keyword).unwrap_or(kinds.len());
        // A starred argument may follow a keyword and may not follow a spread map.
        if kinds[first..]
            .iter()
            .any(|expr| matches!(expr, Expr::Spread(_)))
        {
            continue;
        }
        for id in &call.arguments {
            if let Expr::Keyword { name, .. } = scene.tree.expr(*id) {
                let ((start, end), key) = (scene.range(*id), quote(scene.names.name(*name)));
                let Some((before, _)) = scene.source[start..end].split_once('=') else {
                    continue;
                };
                edits.replace(start, start + before.len() + 1, format!("**{{{key}: "));
                edits.insert(end, "}");
            }
        }
    }
    scene.finish(edits)
}

/// `functools.partial(f, …)()`, `f.bind(null, …)()`.
pub(super) fn partial(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        let head = if scene.is_python() {
            format!("__import__(\"functools\").partial({}", call.callee)
        } else {
            format!("{}.bind({}", call.callee, receiver(&call))
        };
        edits.replace(call.callee_start, call.open, format!("{head}{separator}"));
        edits.insert(call.end, "()");
    }
    scene.finish(edits)
}

/// `(lambda f, *a, **k: f(*a, **k))(f, …)`.
pub(super) fn wrapper(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    // In JavaScript a statement that begins with a bracket could continue the line before it.
    let separate =
        |call: &Call| scene.is_python() || scene.line_around(call.start, call.end).is_some();
    for call in plain_calls(scene).into_iter().filter(separate) {
        let wrapper = if scene.is_python() {
            "(lambda f, *a, **k: f(*a, **k))"
        } else {
            "((f, ...a) => f(...a))"
        };
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        let target = reference(scene, &call);
        edits.replace(
            call.callee_start,
            call.open,
            format!("{wrapper}({target}{separator}"),
        );
    }
    scene.finish(edits)
}

/// A small function before the statement that holds the call.
pub(super) fn helper(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.outer_calls().iter().enumerate() {
        let Some(line) = scene.hoistable(call).filter(|_| scene.is_movable(call)) else {
            continue;
        };
        let (name, indent) = (scene.fresh(number), &line.indent);
        let text = &scene.source[call.start..call.end];
        let function = if scene.is_python() {
            format!("def {name}():\n{indent}    return {text}\n{indent}")
        } else {
            format!("const {name} = () => {text};\n{indent}")
        };
        edits.host(line.start, function);
        edits.replace(call.start, call.end, format!("{name}()"));
    }
    scene.finish(edits)
}

/// `[f(…) for _kept in [0]][0]`, `[0].map(() => f(…))[0]`.
pub(super) fn comprehension(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene
        .outer_calls()
        .iter()
        .filter(|call| scene.is_movable(call))
    {
        let end = call.end;
        if scene.is_python() {
            edits.wrap(call.start, end, "[", " for _kept in [0]][0]");
        } else if scene.line_around(call.start, end).is_some() {
            edits.wrap(call.start, end, "[0].map(() => ", ")[0]");
        }
    }
    scene.finish(edits)
}

/// `globals()["subprocess"].run(…)`.
pub(super) fn globals(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let root = call.callee.split('.').next().unwrap_or_default();
        if imported(scene, root) {
            let end = call.callee_start + root.len();
            edits.replace(
                call.callee_start,
                end,
                format!("globals()[{}]", quote(root)),
            );
        }
    }
    scene.finish(edits)
}

/// `subprocess.__dict__["run"](…)`.
pub(super) fn module_dict(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let Some((object, name)) = call.callee.rsplit_once('.') else {
            continue;
        };
        if is_module(scene, object) {
            let text = format!("{object}.__dict__[{}]", quote(name));
            edits.replace(call.callee_start, call.callee_end, text);
        }
    }
    scene.finish(edits)
}

/// Returns the calls whose function can be handed on as a value.
pub(super) fn plain_calls(scene: &Scene<'_>) -> Vec<Call> {
    let mut calls = scene.calls();
    calls.retain(|call| !call.new && !scene.reads_scope(call) && !is_direct_eval(scene, call));
    calls
}

/// Returns the function of a call as a value that keeps its receiver.
pub(super) fn reference(scene: &Scene<'_>, call: &Call) -> String {
    if scene.is_python() || call.new || !call.callee.contains('.') {
        return call.callee.clone();
    }
    format!("{}.bind({})", call.callee, receiver(call))
}

pub(super) fn receiver(call: &Call) -> &str {
    call.callee
        .rsplit_once('.')
        .map_or("null", |(object, _)| object)
}

/// JavaScript's `eval` under another name runs in another scope.
pub(super) fn is_direct_eval(scene: &Scene<'_>, call: &Call) -> bool {
    !scene.is_python() && call.callee == "eval"
}

/// Whether a name is bound by an import of the module.
pub(super) fn imported(scene: &Scene<'_>, name: &str) -> bool {
    top_imports(scene).any(|import| {
        let alias = import.alias.map(|alias| scene.names.name(alias));
        let plain = import.alias.is_none() && import.names.is_empty();
        alias.is_some_and(|alias| **alias == *name)
            || plain && import.module.split('.').next() == Some(name)
            || import
                .names
                .iter()
                .any(|(_, local)| **scene.names.name(*local) == *name)
    })
}

/// Whether a dotted name is a module that was imported whole.
pub(super) fn is_module(scene: &Scene<'_>, name: &str) -> bool {
    top_imports(scene).any(|import| match import.alias {
        Some(alias) => **scene.names.name(alias) == *name,
        None => import.names.is_empty() && *import.module == *name,
    })
}

pub(super) fn top_imports<'a>(
    scene: &'a Scene<'_>,
) -> impl Iterator<Item = &'a tares_lang::tree::Import> {
    let body = scene.tree.block(scene.tree.body);
    body.iter().filter_map(|id| match scene.tree.stmt(*id) {
        Stmt::Import(import) => Some(import),
        _ => None,
    })
}
