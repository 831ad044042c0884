//! Rewrites that put a constant into something and take it out again.

use super::Rewritten;
use super::edit::Edits;
use super::quote::quote;
use super::scene::Scene;
use super::statement::is_constant;
use super::value::{before, constants, top_of, wrap, written};
use tares_lang::tree::Expr;

/// Wraps each constant in the texts of the language.
macro_rules! wrappers {
    ($($(#[$doc:meta])* $name:ident: $python:expr, $javascript:expr;)+) => {
        $($(#[$doc])*
        pub(super) fn $name(scene: &Scene<'_>) -> Option<Rewritten> {
            let (before, after) = if scene.is_python() { $python } else { $javascript };
            wrap(scene, before, after)
        })+
    };
}

wrappers! {
    /// `[0, [None, True]][-1][-1]`.
    nested: ("[0, [None, ", "]][-1][-1]"), ("[0, [null, ", "]][1][1]");
    /// `{"k": True}.get("k")`, `new Map([["k", true]]).get("k")`.
    got: ("({\"k\": ", "}).get(\"k\")"), ("new Map([[\"k\", ", "]]).get(\"k\")");
    /// `dict(zip("ab", (None, True)))["b"]`, `Object.fromEntries([["a", null], ["b", true]]).b`.
    zipped: ("dict(zip(\"ab\", (None, ", ")))[\"b\"]"), ("Object.fromEntries([[\"a\", null], [\"b\", ", "]]).b");
    /// `(None, True)[1]`, `[true].at(-1)`.
    tuple: ("(None, ", ")[1]"), ("[", "].at(-1)");
    /// `True if 1 < 2 else None`, `1 < 2 ? true : null`.
    ternary: ("(", " if 1 < 2 else None)"), ("(1 < 2 ? ", " : null)");
    /// `None or True`, `undefined ?? true`.
    logic: ("(None or ", ")"), ("(undefined ?? ", ")");
    /// `[v for v in (True,)][0]`, `[true].map((v) => v)[0]`.
    comprehension: ("[v for v in (", ",)][0]"), ("[", "].map((v) => v)[0]");
    /// `next(v for v in [True])`, a generator in JavaScript.
    generator: ("next(v for v in [", "])"), ("(function* () { yield ", "; })().next().value");
    /// `(lambda v: lambda: v)(True)()`.
    closure: ("(lambda v: lambda: v)(", ")()"), ("((v) => () => v)(", ")()");
    /// `(lambda *, v: v)(v=True)`, `(({ v }) => v)({ v: true })`.
    by_name: ("(lambda *, v: v)(v=", ")"), ("(({ v }) => v)({ v: ", " })");
    /// A class made by a call, a getter in JavaScript.
    object: ("type(\"T\", (), {\"v\": ", "}).v"), ("({ get v() { return ", "; } }).v");
    /// `functools.reduce(lambda a, b: b, [None, True])`.
    reduced: ("__import__(\"functools\").reduce(lambda a, b: b, [None, ", "])"), ("[null, ", "].reduce((a, b) => b)");
}

/// `a, b = None, True` before the statement, `const { k: b } = { k: true }`.
pub(super) fn unpacked(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, _| {
        if scene.is_python() {
            (format!("{name}n, {name} = None, {value}"), name.to_owned())
        } else {
            (
                format!("const {{ k: {name} }} = {{ k: {value} }};"),
                name.to_owned(),
            )
        }
    })
}

/// `setattr(o, "v", True)`, `o["v"] = true`.
pub(super) fn attribute(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, indent| {
        let declaration = if scene.is_python() {
            format!("class {name}: pass\n{indent}setattr({name}, \"v\", {value})")
        } else {
            format!("const {name} = {{}};\n{indent}{name}[\"v\"] = {value};")
        };
        (declaration, format!("{name}.v"))
    })
}

/// `d.update(v=True)`, `Object.defineProperty(d, "v", { value: true })`.
pub(super) fn updated(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, indent| {
        let declaration = if scene.is_python() {
            format!("{name} = {{}}\n{indent}{name}.update(v={value})")
        } else {
            format!(
                "const {name} = {{}};\n{indent}Object.defineProperty({name}, \"v\", {{ value: {value} }});"
            )
        };
        (declaration, format!("{name}[\"v\"]"))
    })
}

/// The last of several steps of a loop.
pub(super) fn last_step(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, indent| {
        let declaration = if scene.is_python() {
            format!("for {name} in (None, {value}): pass")
        } else {
            format!("let {name};\n{indent}for (const v of [null, {value}]) {name} = v;")
        };
        (declaration, name.to_owned())
    })
}

/// A constant that a handler sets.
pub(super) fn handled(scene: &Scene<'_>) -> Option<Rewritten> {
    before(scene, |name, value, indent| {
        let declaration = if scene.is_python() {
            format!("try: {{}}[\"x\"]\n{indent}except KeyError: {name} = {value}")
        } else {
            format!("let {name};\n{indent}try {{ throw 0; }} catch {{ {name} = {value}; }}")
        };
        (declaration, name.to_owned())
    })
}

/// A function of the module that returns the constant.
pub(super) fn function(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, constant) in constants(scene).iter().enumerate() {
        let name = scene.fresh(number);
        let text = written(scene, constant);
        let declaration = if scene.is_python() {
            format!("def {name}():\n    return {text}\n")
        } else {
            format!("function {name}() {{ return {text}; }}\n")
        };
        edits.insert(top_of(scene, constant.start)?, declaration);
        edits.replace(constant.start, constant.end, format!("{name}()"));
    }
    scene.finish(edits)
}

/// `f(**dict(shell=True))`, `f({ ...{ shell: true } })`.
pub(super) fn spread_object(scene: &Scene<'_>) -> Option<Rewritten> {
    options(scene, ("**dict(", ")"), ("{ ...", " }"))
}

/// `f(**({} | {"shell": True}))`, `f(Object.assign({}, { shell: true }))`.
pub(super) fn merged(scene: &Scene<'_>) -> Option<Rewritten> {
    options(scene, ("**({} | dict(", "))"), ("Object.assign({}, ", ")"))
}

/// Wraps the keywords of Python and the object literals of JavaScript.
fn options(scene: &Scene<'_>, python: (&str, &str), javascript: (&str, &str)) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for call in scene.calls() {
        let starred = |expr: &Expr| matches!(expr, Expr::Spread(_));
        let positional_last = call
            .arguments
            .last()
            .is_some_and(|id| starred(scene.tree.expr(*id)));
        for id in &call.arguments {
            let ((start, end), expr) = (scene.range(*id), scene.tree.expr(*id));
            match expr {
                Expr::Keyword { .. } if scene.is_python() && !positional_last => {
                    edits.wrap(start, end, python.0, python.1);
                }
                Expr::Map(_) if !scene.is_python() => {
                    edits.wrap(start, end, javascript.0, javascript.1)
                }
                _ => {}
            }
        }
    }
    scene.finish(edits)
}

/// `late = {}; late.shell = true; f(late)`: one property after the other.
pub(super) fn properties(scene: &Scene<'_>) -> Option<Rewritten> {
    let mut edits = Edits::default();
    for (number, call) in scene.calls().iter().enumerate() {
        let Some(line) = scene.hoistable(call) else {
            continue;
        };
        let object = call
            .arguments
            .iter()
            .find_map(|id| match scene.tree.expr(*id) {
                Expr::Map(items) => Some((*id, scene.tree.exprs(*items))),
                _ => None,
            });
        let Some((object, items)) = object else {
            continue;
        };
        let pairs = items.iter().map(|item| match scene.tree.expr(*item) {
            Expr::Pair { key, value } if is_constant(scene.tree.expr(*value)) => {
                match scene.tree.expr(*key) {
                    Expr::Str(name) => Some((name.to_string(), scene.text(*value))),
                    _ => None,
                }
            }
            _ => None,
        });
        let Some(pairs) = pairs.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let (name, indent) = (scene.fresh(number), &line.indent);
        let changes: String = pairs
            .iter()
            .map(|(key, value)| format!("{name}[{}] = {value};\n{indent}", quote(key)))
            .collect();
        edits.insert(
            line.start,
            format!("const {name} = {{}};\n{indent}{changes}"),
        );
        let (start, end) = scene.range(object);
        edits.replace(start, end, name);
    }
    scene.finish(edits)
}
