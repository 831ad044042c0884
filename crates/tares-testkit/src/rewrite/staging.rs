//! Rewrites of where a statement stands and in which form its text reaches the language.

use super::Rewritten;
use super::edit::Edits;
use super::quote::quote;
use super::scene::{Line, Scene};
use super::spelling::base64_of;
use super::statement::lines;
use tares_lang::tree::Expr;

/// `try: pass` with the statement in `finally`.
pub(super) fn last_of_try(scene: &Scene<'_>) -> Option<Rewritten> {
    surround(
        scene,
        "try:\n    pass\nfinally:\n    ",
        ("try {} finally { ", " }"),
    )
}

/// The branch of a condition that never holds.
pub(super) fn other_branch(scene: &Scene<'_>) -> Option<Rewritten> {
    surround(
        scene,
        "if 2 < 1:\n    pass\nelse:\n    ",
        ("if (2 < 1) {} else { ", " }"),
    )
}

/// The end of an empty loop, a loop that ends after one round.
pub(super) fn after_loop(scene: &Scene<'_>) -> Option<Rewritten> {
    surround(
        scene,
        "for _kept in ():\n    pass\nelse:\n    ",
        ("do { ", " } while (false);"),
    )
}

/// `match 3:`, `switch (3)`.
pub(super) fn matched(scene: &Scene<'_>) -> Option<Rewritten> {
    surround(
        scene,
        "match 3:\n    case 3:\n        ",
        ("switch (3) { case 1: break; case 3: ", " }"),
    )
}

/// A context that does nothing, a block with a label.
pub(super) fn in_context(scene: &Scene<'_>) -> Option<Rewritten> {
    surround(
        scene,
        "with __import__(\"contextlib\").nullcontext():\n    ",
        ("kept: { ", " }"),
    )
}

/// `exec(compile("…", "kept", "exec"))`, `new Function("cp", "…")(cp)`.
pub(super) fn compiled(scene: &Scene<'_>) -> Option<Rewritten> {
    as_text(scene, |line, text| {
        if scene.is_python() {
            return Some(format!(
                "exec(compile({}, \"kept\", \"exec\"))",
                quote(text)
            ));
        }
        let names = free_names(scene, line.start, line.end)?;
        let parameters: String = names
            .iter()
            .map(|name| format!("{}, ", quote(name)))
            .collect();
        Some(format!(
            "new Function({parameters}{})({})",
            quote(text),
            names.join(", ")
        ))
    })
}

/// `exec(base64.b64decode("…").decode())`, `eval(atob("…"))`.
pub(super) fn encoded(scene: &Scene<'_>) -> Option<Rewritten> {
    let run = if scene.is_python() { "exec" } else { "eval" };
    as_text(scene, |_, text| {
        text.is_ascii()
            .then(|| format!("{run}({})", base64_of(scene.is_python(), text)))
    })
}

/// `eval("f(…)")` in the place of the call.
pub(super) fn evaluated(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene
        .outer_calls()
        .iter()
        .filter(|call| scene.is_movable(call))
    {
        // The text of Python sees the names of one function and those of the module.
        let holds = |expr: &Expr| matches!(expr, Expr::Comprehension { .. });
        let inner = scene.inside(call.start, call.end).any(|id| {
            matches!(
                scene.tree.expr(id),
                Expr::Comprehension { .. } | Expr::Func(_)
            )
        });
        let hidden =
            scene.depth(call.start) > 1 || inner || scene.is_within(call.start, call.end, holds);
        if scene.is_python() && hidden {
            continue;
        }
        let text = quote(&scene.source[call.start..call.end]);
        edits.replace(call.start, call.end, format!("eval({text})"));
    }
    scene.finish(edits)
}

/// `new Function("f", "return f(…)")(f)` in the place of the call.
pub(super) fn made_function(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene
        .outer_calls()
        .iter()
        .filter(|call| scene.is_movable(call))
    {
        let inner = scene
            .inside(call.start, call.end)
            .any(|id| matches!(scene.tree.expr(id), Expr::Func(_)));
        let names = free_names(scene, call.start, call.end).filter(|_| !inner);
        if let Some(names) = names.filter(|_| scene.line_around(call.start, call.end).is_some()) {
            let parameters: String = names
                .iter()
                .map(|name| format!("{}, ", quote(name)))
                .collect();
            let text = quote(&format!("return {}", &scene.source[call.start..call.end]));
            let code = format!("new Function({parameters}{text})({})", names.join(", "));
            edits.replace(call.start, call.end, code);
        }
    }
    scene.finish(edits)
}

/// Replaces each bare statement that means the same as text.
fn as_text(scene: &Scene<'_>, write: impl Fn(&Line, &str) -> Option<String>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for line in lines(scene).iter().filter(|line| scene.is_plain_text(line)) {
        let text = scene.source[line.start..line.end].trim_end_matches(';');
        if let Some(code) = write(line, text) {
            edits.replace(line.start, line.start + text.len(), code);
        }
    }
    scene.finish(edits)
}

/// Returns the names that a stretch reads; nothing where it needs more than names.
fn free_names<'s>(scene: &Scene<'s>, start: usize, end: usize) -> Option<Vec<&'s str>> {
    let mut names: Vec<&str> = Vec::new();
    for id in scene.inside(start, end) {
        match scene.tree.expr(id) {
            Expr::Name(_) => names.push(scene.text(id)),
            Expr::This | Expr::Super | Expr::Meta | Expr::ImportCall(_) => return None,
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    names.retain(|name| {
        name.chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$')
    });
    // Direct evaluation would look at the scope of the new function.
    (!names.contains(&"eval") && !names.contains(&"arguments")).then_some(names)
}

/// Puts a header before each statement that matters (Python), or texts around it.
fn surround(scene: &Scene<'_>, python: &str, javascript: (&str, &str)) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for line in lines(scene) {
        let text = &scene.source[line.start..line.end];
        if text.contains('\n') || scene.is_in_class_body(line.start) {
            continue;
        }
        if scene.is_python() {
            edits.insert(
                line.start,
                python.replace('\n', &format!("\n{}", line.indent)),
            );
        } else if !line.binds {
            edits.wrap(line.start, line.end, javascript.0, javascript.1);
        }
    }
    scene.finish(edits)
}
