//! Further ways to the function of a call: other imports, other lookups, other carriers.

use super::Rewritten;
use super::callee::{
    imported, is_direct_eval, is_module, plain_calls, receiver, reference, top_imports,
};
use super::edit::Edits;
use super::quote::quote;
use super::scene::{Call, Scene};
use super::statement::sum;
use tares_lang::tree::{Expr, Stmt};

/// Names that Python has without an import.
const BUILTINS: [&str; 8] = [
    "compile", "eval", "exec", "input", "open", "print", "sorted", "len",
];

/// Names that JavaScript has without an import, as properties of its global object.
const GLOBALS: [&str; 12] = [
    "Buffer",
    "Function",
    "JSON",
    "Math",
    "Object",
    "Promise",
    "console",
    "document",
    "fetch",
    "process",
    "setTimeout",
    "window",
];

/// `import subprocess as tool` beside the first import, `tool.run(…)`.
pub(super) fn import_as(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let name = scene.fresh(number);
        let found = imports_with_ends(scene).find_map(|(import, end)| {
            let module = &import.module;
            let local = |sym| scene.names.name(sym);
            let rest_of = |known: &str| {
                call.callee
                    .strip_prefix(known)
                    .filter(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let whole = import.alias.map_or_else(
                || import.names.is_empty().then(|| module.to_string()),
                |alias| Some(local(alias).to_string()),
            );
            let (line, rest) = if let Some(known) =
                whole.filter(|_| scene.is_python() || import.alias.is_some())
            {
                let line = if scene.is_python() {
                    format!("import {module} as {name}")
                } else {
                    format!("import * as {name} from {};", quote(module))
                };
                (line, rest_of(&known)?)
            } else {
                let (original, known) = import
                    .names
                    .iter()
                    .find(|(_, known)| rest_of(local(*known)).is_some())?;
                let (original, known) = (local(*original), local(*known));
                let line = if scene.is_python() {
                    format!("from {module} import {original} as {name}")
                } else {
                    format!("import {{ {original} as {name} }} from {};", quote(module))
                };
                (line, rest_of(known)?)
            };
            Some((line, rest.len(), end))
        });
        if let Some((line, rest, end)) = found {
            edits.insert(end, format!("\n{line}"));
            edits.replace(call.callee_start, call.callee_end - rest, name);
        }
    }
    scene.finish(edits)
}

/// Returns the imports of the module with the ends of their lines; none that share a line.
fn imports_with_ends<'a>(
    scene: &'a Scene<'_>,
) -> impl Iterator<Item = (&'a tares_lang::tree::Import, usize)> {
    let body = scene.tree.block(scene.tree.body);
    body.iter().filter_map(|id| {
        let Stmt::Import(import) = scene.tree.stmt(*id) else {
            return None;
        };
        let end = scene.tree.stmt_span(*id).end as usize;
        let line = scene.source[end..].lines().next().unwrap_or_default();
        let usual =
            !import.type_only && &*import.module != "__future__" && !import.module.starts_with('.');
        (usual && matches!(line.trim(), "" | ";")).then_some((import, end + line.len()))
    })
}

/// `tool = subprocess` before the statement, `tool.run(…)` in it.
pub(super) fn object_alias(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let Some((object, _)) = call.callee.rsplit_once('.') else {
            continue;
        };
        let Some(line) = scene
            .hoistable(call)
            .filter(|_| !object.starts_with("super"))
        else {
            continue;
        };
        let name = scene.fresh(number);
        let declaration = if scene.is_python() {
            format!("{name} = {object}\n{}", line.indent)
        } else {
            format!("const {name} = {object};\n{}", line.indent)
        };
        edits.insert(line.start, declaration);
        edits.replace(call.callee_start, call.callee_start + object.len(), name);
    }
    scene.finish(edits)
}

/// `a = b = f; a(…)`, `const { f: a } = o; a.call(o, …)`.
pub(super) fn unpacked_alias(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in plain_calls(scene).iter().enumerate() {
        let Some(line) = scene.hoistable(call) else {
            continue;
        };
        let (name, indent) = (scene.fresh(number), &line.indent);
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        if scene.is_python() {
            edits.insert(
                line.start,
                format!(
                    "{name}n, ({name}, *_) = None, ({}, 1)\n{indent}",
                    call.callee
                ),
            );
            edits.replace(call.callee_start, call.callee_end, name);
        } else if let Some((object, last)) = call.callee.rsplit_once('.') {
            edits.insert(
                line.start,
                format!("const {{ {last}: {name} }} = {object};\n{indent}"),
            );
            edits.replace(
                call.callee_start,
                call.open,
                format!("{name}.call({object}{separator}"),
            );
        }
    }
    scene.finish(edits)
}

/// `getattr(os, "sys" + "tem")(…)`, `cp["ex" + "ec"](…)`.
pub(super) fn attribute_by_sum(scene: &Scene<'_>) -> Option<Rewritten> {
    lookups(scene, |object, name| {
        if scene.is_python() {
            format!("getattr({object}, {})", sum(name))
        } else {
            format!("{object}[{}]", sum(name))
        }
    })
}

/// `os.__getattribute__("system")(…)`; for modules only, whose lookup nothing overrides.
pub(super) fn attribute_by_method(scene: &Scene<'_>) -> Option<Rewritten> {
    modules(scene, |object, name| {
        format!("{object}.__getattribute__({})", quote(name))
    })
}

/// `operator.attrgetter("system")(os)(…)`.
pub(super) fn attribute_getter(scene: &Scene<'_>) -> Option<Rewritten> {
    lookups(scene, |object, name| {
        format!(
            "__import__(\"operator\").attrgetter({})({object})",
            quote(name)
        )
    })
}

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

/// `Reflect.get(cp, "exec").call(cp, …)`.
pub(super) fn reflected(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in plain_calls(scene) {
        let separator = if call.arguments.is_empty() { "" } else { ", " };
        if let Some((object, name)) = call.callee.rsplit_once('.') {
            let head = format!(
                "Reflect.get({object}, {}).call({object}{separator}",
                quote(name)
            );
            edits.replace(call.callee_start, call.open, head);
        }
    }
    scene.finish(edits)
}

/// `vars(os)["system"](…)`.
pub(super) fn namespace_vars(scene: &Scene<'_>) -> Option<Rewritten> {
    modules(scene, |object, name| {
        format!("vars({object})[{}]", quote(name))
    })
}

/// `sys.modules["os"].system(…)`.
pub(super) fn namespace_modules(scene: &Scene<'_>) -> Option<Rewritten> {
    modules(scene, |object, name| {
        let known = top_imports(scene).find(|import| {
            import
                .alias
                .is_some_and(|alias| **scene.names.name(alias) == *object)
        });
        let module = known.map_or(object, |import| &import.module);
        format!("__import__(\"sys\").modules[{}].{name}", quote(module))
    })
}

/// `__import__("builtins").open(…)`, `globalThis["fetch"](…)`.
pub(super) fn namespace_builtins(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let root = call.callee.split('.').next().unwrap_or_default();
        let known = if scene.is_python() {
            &BUILTINS[..]
        } else {
            &GLOBALS[..]
        };
        if !known.contains(&root) || binds(scene, root) {
            continue;
        }
        let text = if scene.is_python() {
            format!("__import__(\"builtins\").{root}")
        } else {
            format!("globalThis[{}]", quote(root))
        };
        edits.replace(call.callee_start, call.callee_start + root.len(), text);
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

/// `cp?.exec(…)`.
pub(super) fn optional(scene: &Scene<'_>) -> Option<Rewritten> {
    lookups(scene, |object, name| format!("{object}?.{name}"))
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
            || required(scene, root);
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

/// Whether the module binds a name to what `require` gives.
fn required(scene: &Scene<'_>, name: &str) -> bool {
    let body = scene.tree.block(scene.tree.body);
    body.iter().any(|id| match scene.tree.stmt(*id) {
        Stmt::Assign { targets, value, .. } => {
            let bound = scene
                .tree
                .exprs(*targets)
                .iter()
                .any(|target| scene.text(*target) == name);
            bound && scene.text(*value).starts_with("require(")
        }
        _ => false,
    })
}

/// Whether the program gives a name a meaning of its own anywhere.
fn binds(scene: &Scene<'_>, name: &str) -> bool {
    let tree = &scene.tree;
    let assigned = tree.stmts.iter().any(|stmt| match stmt {
        Stmt::Assign { targets, .. } => tree
            .exprs(*targets)
            .iter()
            .any(|target| scene.text(*target) == name),
        _ => false,
    });
    let defined = tree.funcs.iter().any(|function| {
        let taken = function
            .params
            .iter()
            .any(|param| scene.text(param.pattern) == name);
        taken
            || function
                .name
                .is_some_and(|known| **scene.names.name(known) == *name)
    });
    assigned || defined || imported(scene, name)
}

/// Rewrites the lookup of the last name of each callee.
fn lookups(scene: &Scene<'_>, write: impl Fn(&str, &str) -> String) -> Option<Rewritten> {
    let mut edits = Edits::default();
    let fits = |call: &Call| !call.new && !is_direct_eval(scene, call);
    for call in scene.calls().into_iter().filter(fits) {
        if let Some((object, name)) = call.callee.rsplit_once('.') {
            edits.replace(call.callee_start, call.callee_end, write(object, name));
        }
    }
    scene.finish(edits)
}

/// Rewrites the lookup of a function in a module.
fn modules(scene: &Scene<'_>, write: impl Fn(&str, &str) -> String) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        if let Some((object, name)) = call
            .callee
            .rsplit_once('.')
            .filter(|(object, _)| is_module(scene, object))
        {
            edits.replace(call.callee_start, call.callee_end, write(object, name));
        }
    }
    scene.finish(edits)
}
