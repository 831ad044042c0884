//! Further ways to the function of a call: other imports, other lookups, other carriers.

use super::Rewritten;
use super::callee::{imported, is_direct_eval, is_module, plain_calls, top_imports};
use super::edit::Edits;
use super::quote::quote;
use super::scene::{Call, Scene};
use super::statement::sum;
use tares_lang::tree::Stmt;

/// Names that Python has without an import.
pub(super) const BUILTINS: [&str; 8] = [
    "compile", "eval", "exec", "input", "open", "print", "sorted", "len",
];

/// Names that JavaScript has without an import, as properties of its global object.
pub(super) const GLOBALS: [&str; 12] = [
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

/// `__import__("subprocess").run(…)`, `require("child_process").exec(…)`.
pub(super) fn import_in_place(scene: &Scene<'_>) -> Option<Rewritten> {
    if scene.is_python() {
        return modules(scene, |object, name| {
            let known = top_imports(scene).find(|import| {
                import
                    .alias
                    .is_some_and(|alias| **scene.names.name(alias) == *object)
            });
            let module = known.map_or(object, |import| &import.module);
            format!("__import__({}, fromlist=[\"x\"]).{name}", quote(module))
        });
    }
    let mut edits = Edits::default();
    for call in scene.calls() {
        let Some((root, rest)) = call.callee.split_once('.') else {
            continue;
        };
        if let Some(text) = required(scene, root) {
            edits.replace(call.callee_start, call.callee_end, format!("{text}.{rest}"));
        }
    }
    scene.finish(edits)
}

/// Returns the `require` whose result the module binds to a name.
pub(super) fn required<'s>(scene: &Scene<'s>, name: &str) -> Option<&'s str> {
    let body = scene.tree.block(scene.tree.body);
    body.iter().find_map(|id| match scene.tree.stmt(*id) {
        Stmt::Assign { targets, value, .. } => {
            let mut bound = scene.tree.exprs(*targets).iter();
            let found = bound.any(|target| scene.text(*target) == name);
            Some(scene.text(*value))
                .filter(|text| found && text.starts_with("require(") && text.ends_with(')'))
        }
        _ => None,
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

/// `cp?.exec(…)`.
pub(super) fn optional(scene: &Scene<'_>) -> Option<Rewritten> {
    lookups(scene, |object, name| format!("{object}?.{name}"))
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
