//! Rewrites in which something else carries the function of a call: a table, a class, a wrapper.

use super::Rewritten;
use super::callee::{imported, plain_calls, receiver, reference};
use super::edit::Edits;
use super::quote::quote;
use super::reach::{BUILTINS, GLOBALS, required};
use super::scene::Scene;
use tares_lang::tree::{Expr, Stmt};

/// `operator.methodcaller("system", …)(os)`, `Reflect.apply(cp.exec, cp, […])`.
pub(super) fn method_caller(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        if !scene.is_python() {
            let head = format!("Reflect.apply({}, {}, [", call.callee, receiver(&call));
            edits.replace(call.callee_start, call.open, head);
            edits.insert(call.end - 1, "]");
        } else if let Some((object, name)) = call.callee.rsplit_once('.') {
            let head = format!(
                "__import__(\"operator\").methodcaller({}{separator}",
                quote(name)
            );
            edits.replace(call.callee_start, call.open, head);
            edits.insert(call.end, format!("({object})"));
        }
    }
    scene.finish(edits)
}

/// `f.__call__(…)`, `f.call(o, …)`.
pub(super) fn called(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let last = call.callee.rsplit('.').next().unwrap_or_default();
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        if !scene.is_python() {
            edits.replace(
                call.callee_start,
                call.open,
                format!("{}.call({}{separator}", call.callee, receiver(&call)),
            );
        } else if last.starts_with(|c: char| c.is_ascii_lowercase())
            && scene.source[call.callee_end..].starts_with('(')
        {
            // A class has another `__call__` than the one that makes its objects.
            edits.insert(call.callee_end, ".__call__");
        }
    }
    scene.finish(edits)
}

/// A class with a method that hands everything on.
pub(super) fn method(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in plain_calls(scene).iter().enumerate() {
        let fits = !scene.is_in_class_body(call.start) && !call.callee.starts_with("this");
        let Some(line) = scene.hoistable(call).filter(|_| fits) else {
            continue;
        };
        let (name, indent) = (scene.fresh(number), &line.indent);
        let (class, made) = if scene.is_python() {
            (
                format!(
                    "class {name}:\n{indent}    go = lambda _o, *_a, **_k: {}(*_a, **_k)\n{indent}",
                    call.callee
                ),
                format!("{name}()"),
            )
        } else {
            (
                format!(
                    "class {name} {{ go(..._a) {{ return {}(..._a); }} }}\n{indent}",
                    call.callee
                ),
                format!("new {name}()"),
            )
        };
        edits.host(line.start, class);
        edits.replace(call.callee_start, call.callee_end, format!("{made}.go"));
    }
    scene.finish(edits)
}

/// `{"go": f}["go"](…)`.
pub(super) fn in_table(scene: &Scene<'_>) -> Option<Rewritten> {
    around(scene, ("({\"go\": ", "})[\"go\"]"), ("[null, ", "][1]"))
}

/// `(lambda: f)()(…)`.
pub(super) fn returned(scene: &Scene<'_>) -> Option<Rewritten> {
    around(scene, ("(lambda: ", ")()"), ("(() => ", ")()"))
}

/// `(f if 1 < 2 else None)(…)`.
pub(super) fn chosen(scene: &Scene<'_>) -> Option<Rewritten> {
    around(
        scene,
        ("(", " if 1 < 2 else None)"),
        ("(1 < 2 ? ", " : null)"),
    )
}

/// `type("T", (), {"go": staticmethod(f)}).go(…)`, a function as the property of a class.
pub(super) fn in_class(scene: &Scene<'_>) -> Option<Rewritten> {
    around(
        scene,
        ("type(\"T\", (), {\"go\": staticmethod(", ")}).go"),
        ("(class { static go = ", "; }).go"),
    )
}

/// `functools.partial(f)(…)`.
pub(super) fn defaulted(scene: &Scene<'_>) -> Option<Rewritten> {
    around(
        scene,
        ("(lambda *_a, _f=", ", **_k: _f(*_a, **_k))"),
        ("((_f = ", ") => (..._a) => _f(..._a))()"),
    )
}

/// Puts texts around the function of each call.
fn around(scene: &Scene<'_>, python: (&str, &str), javascript: (&str, &str)) -> Option<Rewritten> {
    let (head, tail) = if scene.is_python() {
        python
    } else {
        javascript
    };
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        // In JavaScript a statement that begins with a bracket could continue the line before it.
        if scene.is_python() || scene.line_around(call.start, call.end).is_some() {
            let text = format!("{head}{}{tail}", reference(scene, &call));
            edits.replace(call.callee_start, call.callee_end, text);
        }
    }
    scene.finish(edits)
}

/// `(0, f)(…)`, where the function is a name of its own.
pub(super) fn sequence(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let bare = !call.callee.contains('.') && scene.line_around(call.start, call.end).is_some();
        if bare {
            edits.replace(
                call.callee_start,
                call.callee_end,
                format!("(0, {})", call.callee),
            );
        }
    }
    scene.finish(edits)
}

/// `list(map(f, [x]))[0]`, `[x].map((v) => f(v))[0]`.
pub(super) fn mapped(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let [argument] = call.arguments[..] else {
            continue;
        };
        let plain = !matches!(
            scene.tree.expr(argument),
            Expr::Keyword { .. }
                | Expr::Spread(_)
                | Expr::SpreadMap(_)
                | Expr::Await(_)
                | Expr::Yield(_)
        );
        let whole = scene.source[call.open..call.end - 1].trim() == scene.text(argument);
        if !plain || !whole {
            continue;
        }
        if scene.is_python() {
            edits.replace(
                call.start,
                call.open,
                format!("list(map({}, [", call.callee),
            );
            edits.replace(call.end - 1, call.end, "]))[0]");
        } else if scene.line_around(call.start, call.end).is_some()
            && !call.callee.starts_with("this")
        {
            edits.replace(call.start, call.open, "[");
            edits.replace(
                call.end - 1,
                call.end,
                format!("].map((_v) => {}(_v))[0]", call.callee),
            );
        }
    }
    scene.finish(edits)
}

/// `(None or f)(…)`, `(null ?? f)(…)`.
pub(super) fn alternative(scene: &Scene<'_>) -> Option<Rewritten> {
    around(scene, ("(None or ", ")"), ("(null ?? ", ")"))
}

/// A decorator around the function, used as a call.
pub(super) fn decorated(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in plain_calls(scene).iter().enumerate() {
        let fits = !scene.is_in_class_body(call.start);
        let Some(line) = scene.hoistable(call).filter(|_| fits) else {
            continue;
        };
        let (name, indent) = (scene.fresh(number), &line.indent);
        let wrapper = if scene.is_python() {
            format!("def {name}(f):\n{indent}    return lambda *a, **k: f(*a, **k)\n{indent}")
        } else {
            format!("const {name} = (f) => (...a) => f(...a);\n{indent}")
        };
        edits.host(line.start, wrapper);
        edits.replace(
            call.callee_start,
            call.callee_end,
            format!("{name}({})", reference(scene, call)),
        );
    }
    scene.finish(edits)
}

/// A function at the end of the file.
pub(super) fn last_function(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in plain_calls(scene).iter().enumerate() {
        let root = call.callee.split('.').next().unwrap_or_default();
        let known = imported(scene, root)
            || BUILTINS.contains(&root)
            || GLOBALS.contains(&root)
            || required(scene, root).is_some();
        let late = !scene.is_python() || scene.depth(call.start) > 0 && only_defines(scene);
        if !known || !late {
            continue;
        }
        let name = scene.fresh(number);
        let function = if scene.is_python() {
            format!("def {name}(*_a, **_k): return {}(*_a, **_k)\n", call.callee)
        } else {
            format!(
                "function {name}(..._a) {{ return {}(..._a); }}\n",
                call.callee
            )
        };
        let end = if scene.source.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        edits.host(scene.source.len(), format!("{end}{function}"));
        edits.replace(call.callee_start, call.callee_end, name);
    }
    scene.finish(edits)
}

/// Whether the module only imports and defines, so that nothing of its own runs before its end.
fn only_defines(scene: &Scene<'_>) -> bool {
    let body = scene.tree.block(scene.tree.body);
    let own = |name: &str| {
        scene
            .tree
            .funcs
            .iter()
            .filter_map(|function| function.name)
            .any(|known| **scene.names.name(known) == *name)
    };
    let quiet = |id| match scene.tree.expr(id) {
        Expr::Call { callee, .. } => !own(scene.text(*callee)),
        Expr::Str(_) | Expr::Name(_) | Expr::Int(_) | Expr::Null | Expr::Map(_) | Expr::List(_) => {
            true
        }
        _ => false,
    };
    body.iter().all(|id| match scene.tree.stmt(*id) {
        Stmt::Import(_) | Stmt::Func(_) | Stmt::Class(_) => true,
        Stmt::Assign { value, .. } => quiet(*value),
        Stmt::Expr(id) => matches!(scene.tree.expr(*id), Expr::Str(_)),
        _ => false,
    })
}
