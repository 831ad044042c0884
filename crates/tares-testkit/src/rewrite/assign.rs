//! Rewrites of assignments to what an object or a module holds.

use super::Rewritten;
use super::edit::Edits;
use super::quote::quote;
use super::scene::Scene;
use super::statement::sum;
use tares_lang::tree::{Expr, ExprId, Stmt};

/// `setattr(o, "v", x)`, `o["v"] = x`.
pub(super) fn attribute(scene: &Scene<'_>) -> Option<Rewritten> {
    attributes(scene, |object, name, value| {
        if scene.is_python() {
            format!("setattr({object}, {}, ({value}))", quote(name))
        } else {
            format!("{object}[{}] = {value}", quote(name))
        }
    })
}

/// `setattr(o, "a" + "b", x)`, `o["a" + "b"] = x`.
pub(super) fn attribute_by_sum(scene: &Scene<'_>) -> Option<Rewritten> {
    attributes(scene, |object, name, value| {
        if scene.is_python() {
            format!("setattr({object}, {}, ({value}))", sum(name))
        } else {
            format!("{object}[{}] = {value}", sum(name))
        }
    })
}

/// `o.__setattr__("v", x)`, `Reflect.set(o, "v", x)`.
pub(super) fn method(scene: &Scene<'_>) -> Option<Rewritten> {
    attributes(scene, |object, name, value| {
        if scene.is_python() {
            format!("{object}.__setattr__({}, ({value}))", quote(name))
        } else {
            format!("Reflect.set({object}, {}, {value})", quote(name))
        }
    })
}

/// `(lambda f, *a: f(*a))(setattr, o, "v", x)`, `Object.assign(o, { v: x })`.
pub(super) fn merged(scene: &Scene<'_>) -> Option<Rewritten> {
    attributes(scene, |object, name, value| {
        if scene.is_python() {
            format!(
                "(lambda f, *a: f(*a))(setattr, {object}, {}, ({value}))",
                quote(name)
            )
        } else {
            format!("Object.assign({object}, {{ {name}: {value} }})")
        }
    })
}

/// `d.__setitem__("k", x)`, `Reflect.set(d, "k", x)`.
pub(super) fn item(scene: &Scene<'_>) -> Option<Rewritten> {
    rewrite(scene, |target, value| {
        let Expr::Index { object, index } = scene.tree.expr(target) else {
            return None;
        };
        let (object, index) = (scene.text(*object), scene.text(*index));
        Some(if scene.is_python() {
            format!("{object}.__setitem__(({index}), ({value}))")
        } else {
            format!("Reflect.set({object}, {index}, {value})")
        })
    })
}

/// `globals()["NAME"] = x` for a name of the module.
pub(super) fn global(scene: &Scene<'_>) -> Option<Rewritten> {
    rewrite(scene, |target, value| {
        let Expr::Name(name) = scene.tree.expr(target) else {
            return None;
        };
        let place = scene.range(target).0;
        let outside = scene.depth(place) == 0 && !scene.is_in_class_body(place);
        outside.then(|| format!("globals()[{}] = {value}", quote(scene.names.name(*name))))
    })
}

fn attributes(scene: &Scene<'_>, write: impl Fn(&str, &str, &str) -> String) -> Option<Rewritten> {
    rewrite(scene, |target, value| {
        let &Expr::Attr { object, name } = scene.tree.expr(target) else {
            return None;
        };
        let fits = !matches!(scene.tree.expr(object), Expr::Super);
        let name = scene.names.name(name);
        let public = !name.starts_with('#') && !name.starts_with("__");
        (fits && public).then(|| write(scene.text(object), name, value))
    })
}

/// Rewrites plain assignments with one target that stand alone on lines that matter.
fn rewrite(scene: &Scene<'_>, write: impl Fn(ExprId, &str) -> Option<String>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for statement in &scene.tree.stmts {
        let &Stmt::Assign {
            targets,
            op: None,
            value,
            annotation: None,
            declares: false,
        } = statement
        else {
            continue;
        };
        let &[target] = scene.tree.exprs(targets) else {
            continue;
        };
        let ((start, _), (value_start, end)) = (scene.range(target), scene.range(value));
        let alone = scene.is_focus(start)
            && scene
                .line_around(start, end)
                .is_some_and(|line| line.start == start);
        // Between them stands the sign, and no bracket around the value.
        let sign = scene
            .source
            .get(scene.range(target).1..value_start)
            .is_some_and(|sign| sign.trim() == "=");
        if !alone || !sign {
            continue;
        }
        if let Some(text) = write(target, scene.text(value)) {
            edits.replace(start, end, text);
        }
    }
    scene.finish(edits)
}
