//! Rewrites that put a constant into something and take it out again.

use super::Rewritten;
use super::edit::Edits;
use super::quote::quote;
use super::scene::Scene;
use super::statement::is_constant;
use super::value::wrap;
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
    /// `{True}.pop()`, `[...new Set([true])][0]`.
    set: ("{", "}.pop()"), ("[...new Set([", "])][0]");
    /// `list({"k": True}.values())[0]`, `Object.values({ k: true })[0]`.
    values: ("list({\"k\": ", "}.values())[0]"), ("Object.values({ k: ", " })[0]");
    /// A record with one field.
    record: ("__import__(\"types\").SimpleNamespace(v=", ").v"), ("Object.freeze({ v: ", " }).v");
    /// `operator.itemgetter(1)([None, True])`, a pattern of a parameter.
    item: ("__import__(\"operator\").itemgetter(1)([None, ", "])"), ("(([, v]) => v)([null, ", "])");
    /// `next(filter(lambda v: 1, [True]))`, `[true].find(() => 1)`.
    filtered: ("next(filter(lambda v: 1, [", "]))"), ("[", "].filter(() => 1)[0]");
    /// `(lambda *a: a[0])(True)`, `arguments[0]`.
    arguments: ("(lambda *a: a[0])(", ")"), ("(function () { return arguments[0]; })(", ")");
    /// `(lambda **k: k["v"])(v=True)`, the default of a pattern.
    keywords: ("(lambda **k: k[\"v\"])(v=", ")"), ("(({ v = ", " } = {}) => v)()");
    /// An object that answers every name.
    answering: ("type(\"T\", (), {\"__getattr__\": lambda o, n: ", "})().v"), ("new Proxy({}, { get: () => ", " }).v");
    /// `copy.deepcopy({"k": True})["k"]`, `structuredClone({ k: true }).k`.
    copied: ("__import__(\"copy\").deepcopy({\"k\": ", "})[\"k\"]"), ("structuredClone({ k: ", " }).k");
    /// `sorted([True])[0]`, `[true].concat([]).pop()`.
    popped: ("list((", ",)).pop()"), ("[", "].concat([]).pop()");
    /// A table with a default, a table by identity.
    by_default: ("__import__(\"collections\").defaultdict(lambda: ", ")[\"k\"]"),
        ("Object.entries({ k: ", " })[0][1]");
    /// `dict.fromkeys("k", True)["k"]`, `Array(2).fill(true)[1]`.
    repeated: ("dict.fromkeys([\"k\"], ", ")[\"k\"]"), ("Array(2).fill(", ")[1]");
    /// `{k: v for k, v in [("k", True)]}["k"]`, `[true].flatMap((v) => [v])[0]`.
    mapped: ("{k: v for k, v in [(\"k\", ", ")]}[\"k\"]"), ("[", "].flatMap((v) => [null, v])[1]");
    /// `next(itertools.chain([], [True]))`, `Array.from([true])[0]`.
    chained: ("next(__import__(\"itertools\").chain([], [", "]))"), ("Array.from(new Set([", "]))[0]");
    /// `[v for _, v in enumerate([True])][0]`, a template with a function of its own.
    enumerated: ("[v for _, v in enumerate([", "])][0]"), ("((_, v) => v)`${", "}`");
    /// `list(reversed([True, None]))[1]`, `[true, null].reverse()[1]`.
    reversed: ("list(reversed([", ", None]))[1]"), ("[", ", null].reverse()[1]");
    /// A tuple with names, a symbol as key.
    named: ("__import__(\"collections\").namedtuple(\"T\", \"v\")(", ").v"),
        ("((k) => ({ [k]: ", " })[k])(Symbol(\"k\"))");
    /// A member of an enumeration, a field of a class without a name.
    member: ("__import__(\"enum\").Enum(\"T\", {\"v\": ", "}).v.value"), ("new (class { v = ", "; })().v");
    /// `{**{"k": True}}["k"]`, `{ ...{ k: true } }.k`.
    spread: ("({**{\"k\": ", "}}[\"k\"])"), ("({ ...{ k: ", " } }).k");
    /// `(lambda a, b=None: a)(True)`, a pattern with a rest.
    partly: ("(lambda a, b=None: a)(", ")"), ("(([...r]) => r[0])([", "])");
    /// `functools.reduce(lambda a, b: b, [None, True])`.
    reduced: ("__import__(\"functools\").reduce(lambda a, b: b, [None, ", "])"), ("[null, ", "].reduce((a, b) => b)");
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
                    edits.wrap(start, end, javascript.0, javascript.1);
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
