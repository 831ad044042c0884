//! Rewrites of whole statements: when they run, and as what.

use super::Rewritten;
use super::edit::Edits;
use super::quote::{halves, quote};
use super::scene::{Line, Scene};
use tares_lang::tree::{Expr, Stmt};

/// `exec("…")`, `eval("…")` with the statement as text.
pub(super) fn code_as_text(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for line in &lines(scene) {
        let text = scene.source[line.start..line.end].trim_end_matches(';');
        let end = line.start + text.len();
        if scene.is_plain_text(line) {
            let run = if scene.is_python() { "exec" } else { "eval" };
            edits.replace(line.start, end, format!("{run}({})", quote(text)));
        }
    }
    scene.finish(edits)
}

/// `if len("ab") == 2:` around the statement.
pub(super) fn constant_if(scene: &Scene<'_>) -> Option<Rewritten> {
    around(scene, "if len(\"ab\") == 2:", "if (\"ab\".length === 2)")
}

/// A loop of one round around the statement.
pub(super) fn one_round(scene: &Scene<'_>) -> Option<Rewritten> {
    around(scene, "for _kept in (0,):", "for (const _kept of [0])")
}

/// The handler of an exception that is certain.
pub(super) fn certain_exception(scene: &Scene<'_>) -> Option<Rewritten> {
    around(
        scene,
        "try:\n    {}[\"x\"]\nexcept KeyError:",
        "try { throw 0; } catch",
    )
}

/// `late = {}`, `late["shell"] = True`, `f(**late)`.
pub(super) fn late_change(scene: &Scene<'_>) -> Option<Rewritten> {
    if !scene.is_python() {
        return late_object(scene);
    }
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let Some(line) = scene.hoistable(call) else {
            continue;
        };
        let keywords = call
            .arguments
            .iter()
            .filter_map(|id| match scene.tree.expr(*id) {
                Expr::Keyword { name, value } if is_constant(scene.tree.expr(*value)) => {
                    Some((*id, scene.names.name(*name).to_string(), scene.text(*value)))
                }
                _ => None,
            });
        let keywords: Vec<_> = keywords.collect();
        let last = call.arguments.last().map(|id| scene.tree.expr(*id));
        if keywords.is_empty() || matches!(last, Some(Expr::Spread(_))) {
            continue;
        }
        let (name, indent) = (scene.fresh(number), &line.indent);
        let changes: String = keywords
            .iter()
            .map(|(_, key, value)| format!("{name}[{}] = {value}\n{indent}", quote(key)))
            .collect();
        edits.insert(line.start, format!("{name} = {{}}\n{indent}{changes}"));
        for (index, (id, _, _)) in keywords.iter().enumerate() {
            let (start, end) = scene.range(*id);
            let text = if index == 0 {
                format!("**{name}")
            } else {
                "**{}".to_owned()
            };
            edits.replace(start, end, text);
        }
    }
    scene.finish(edits)
}

/// `const late = {}; Object.assign(late, {…}); f(late)`.
fn late_object(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let Some(line) = scene.hoistable(call) else {
            continue;
        };
        let object = call.arguments.iter().find(|id| {
            let Expr::Map(items) = scene.tree.expr(**id) else {
                return false;
            };
            scene
                .tree
                .exprs(*items)
                .iter()
                .all(|item| match scene.tree.expr(*item) {
                    Expr::Pair { value, .. } => is_constant(scene.tree.expr(*value)),
                    _ => false,
                })
        });
        let Some(object) = object else { continue };
        let ((start, end), text) = (scene.range(*object), scene.text(*object));
        let (name, indent) = (scene.fresh(number), &line.indent);
        let change = format!("Object.assign({name}, {text});\n{indent}");
        edits.insert(
            line.start,
            format!("const {name} = {{}};\n{indent}{change}"),
        );
        edits.replace(start, end, name);
    }
    scene.finish(edits)
}

/// `subprocess = importlib.import_module("sub" + "process")`, `require("child_" + "process")`.
pub(super) fn import_by_text(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    if !scene.is_python() {
        for id in scene.inside(0, scene.source.len()) {
            let Expr::Call { callee, args, .. } = scene.tree.expr(id) else {
                continue;
            };
            let [argument] = scene.tree.exprs(*args) else {
                continue;
            };
            if let ("require", Expr::Str(name)) = (scene.text(*callee), scene.tree.expr(*argument))
            {
                let (start, end) = scene.range(*argument);
                edits.replace(start, end, sum(name));
            }
        }
        return scene.finish(edits);
    }
    for id in scene.tree.block(scene.tree.body) {
        let Stmt::Import(import) = scene.tree.stmt(*id) else {
            continue;
        };
        let span = scene.tree.stmt_span(*id);
        let text = &scene.source[span.start as usize..span.end as usize];
        let module = format!(
            "__import__(\"importlib\").import_module({})",
            sum(&import.module)
        );
        let single = !text.contains([',', '(', '*', '\n']) && !import.module.starts_with('.');
        let replacement = match (import.alias, &import.names[..]) {
            _ if !single || &*import.module == "__future__" => continue,
            (Some(alias), []) => format!("{} = {module}", scene.names.name(alias)),
            (None, []) if !import.module.contains('.') => format!("{} = {module}", import.module),
            (None, [(name, local)]) => {
                let (name, local) = (scene.names.name(*name), scene.names.name(*local));
                format!("{local} = getattr({module}, {})", quote(name))
            }
            _ => continue,
        };
        edits.replace(span.start as usize, span.end as usize, replacement);
    }
    scene.finish(edits)
}

/// Puts a header around each statement that matters and binds nothing block-scoped.
fn around(scene: &Scene<'_>, python: &str, javascript: &str) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for line in lines(scene) {
        let text = &scene.source[line.start..line.end];
        if text.contains('\n') || scene.is_in_class_body(line.start) {
            continue;
        }
        if scene.is_python() {
            let header = python.replace('\n', &format!("\n{}", line.indent));
            edits.insert(line.start, format!("{header}\n{}    ", line.indent));
        } else if !line.binds {
            edits.wrap(line.start, line.end, &format!("{javascript} {{ "), " }");
        }
    }
    scene.finish(edits)
}

/// Returns the statements of the calls that matter, each once.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let calls = scene.outer_calls();
    let mut lines: Vec<Line> = calls
        .iter()
        .filter_map(|call| scene.line_around(call.start, call.end))
        .collect();
    lines.dedup_by_key(|line| line.start);
    lines
}

pub(super) fn is_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Bool(_) | Expr::Int(_) | Expr::Str(_) | Expr::Null
    )
}

/// Writes a text as the sum of its halves.
pub(super) fn sum(text: &str) -> String {
    let (first, second) = halves(text);
    format!("{} + {}", quote(first), quote(second))
}
