//! Rewrites that declare something first and take a constant from it where it is used.
//!
//! In the texts `NAME` stands for a name of its own and `VALUE` for the constant.

use super::Rewritten;
use super::scene::Scene;
use super::value::{above, before};
use std::cell::RefCell;

/// What is declared and how it is used, in one language.
type Texts = (&'static str, &'static str);

/// Writes a rewrite for each pair of texts: Python, then JavaScript.
macro_rules! declared {
    ($place:ident: $($(#[$doc:meta])* $name:ident: $python:expr, $javascript:expr;)+) => {
        $($(#[$doc])*
        pub(super) fn $name(scene: &Scene<'_>) -> Option<Rewritten> {
            $place(scene, $python, $javascript)
        })+
    };
}

declared! { in_front:
    /// `a, b = None, True`, `const { k: b } = { k: true }`.
    unpacked: ("NAMEn, NAME = None, VALUE", "NAME"), ("const { k: NAME } = { k: VALUE };", "NAME");
    /// `setattr(o, "v", True)`, `o["v"] = true`.
    attribute: ("class NAME: pass\nsetattr(NAME, \"v\", VALUE)", "NAME.v"),
        ("const NAME = {};\nNAME[\"v\"] = VALUE;", "NAME.v");
    /// `d.update(v=True)`, `Object.defineProperty(d, "v", { value: true })`.
    updated: ("NAME = {}\nNAME.update(v=VALUE)", "NAME[\"v\"]"),
        ("const NAME = {};\nObject.defineProperty(NAME, \"v\", { value: VALUE });", "NAME[\"v\"]");
    /// `d.append(True)`, `d.push(true)`.
    appended: ("NAME = []\nNAME.append(VALUE)", "NAME[0]"), ("const NAME = [];\nNAME.push(VALUE);", "NAME[0]");
    /// A function that changes what it is given.
    filled: ("def NAMEf(o): o[\"v\"] = VALUE\nNAME = {}\nNAMEf(NAME)", "NAME[\"v\"]"),
        ("const NAME = {};\n((o) => { o.v = VALUE; })(NAME);", "NAME.v");
    /// A function that changes a variable outside.
    captured: ("NAME = [None]\n(lambda: NAME.__setitem__(0, VALUE))()", "NAME[0]"),
        ("let NAME;\n(() => { NAME = VALUE; })();", "NAME");
    /// The value of an earlier assignment, changed before the use.
    overwritten: ("NAME = None\nNAME = VALUE", "NAME"), ("let NAME = null;\nNAME = VALUE;", "NAME");
    /// The last of several steps of a loop.
    last_step: ("for NAME in (None, VALUE): pass", "NAME"),
        ("let NAME;\nfor (const v of [null, VALUE]) NAME = v;", "NAME");
    /// A loop that counts to a condition.
    counted: ("NAME = 0\nwhile NAME < 3: NAME += 1", "(VALUE if NAME == 3 else None)"),
        ("let NAME = 0;\nwhile (NAME < 3) NAME += 1;", "(NAME === 3 ? VALUE : null)");
    /// A constant that a handler sets.
    handled: ("try: {}[\"x\"]\nexcept KeyError: NAME = VALUE", "NAME"),
        ("let NAME;\ntry { throw 0; } catch { NAME = VALUE; }", "NAME");
    /// A constant that an exception carries.
    raised: ("try: raise KeyError(VALUE)\nexcept KeyError as NAMEe: NAME = NAMEe.args[0]", "NAME"),
        ("let NAME;\ntry { throw { v: VALUE }; } catch (e) { NAME = e.v; }", "NAME");
    /// A branch that is not taken sets something else.
    branched: ("if len(\"ab\") == 3: NAME = None\nelse: NAME = VALUE", "NAME"),
        ("let NAME;\nif (\"ab\".length === 3) NAME = null; else NAME = VALUE;", "NAME");
    /// The field of an object, set by its constructor.
    instance: ("class NAME:\n    def __init__(self, v): self.v = v", "NAME(VALUE).v"),
        ("class NAME { constructor(v) { this.v = v; } }", "new NAME(VALUE).v");
    /// The field of a parent class.
    inherited: ("class NAMEb:\n    v = VALUE\nclass NAME(NAMEb): pass", "NAME().v"),
        ("class NAMEb { v = VALUE; }\nclass NAME extends NAMEb {}", "new NAME().v");
    /// A property, a private field.
    property: ("class NAME:\n    @property\n    def v(self): return VALUE", "NAME().v"),
        ("class NAME { #v = VALUE; v() { return this.#v; } }", "new NAME().v()");
    /// An object that can be called, a static method.
    callable: ("class NAME:\n    def __call__(self): return VALUE", "NAME()()"),
        ("class NAME { static v() { return VALUE; } }", "NAME.v()");
    /// An object with an index, a getter of a class.
    indexed: ("class NAME:\n    def __getitem__(self, k): return VALUE", "NAME()[\"k\"]"),
        ("class NAME { static get v() { return VALUE; } }", "NAME[\"v\"]");
    /// An object that can be gone through.
    iterated: ("class NAME:\n    def __iter__(self): return iter([VALUE])", "list(NAME())[0]"),
        ("class NAME { *[Symbol.iterator]() { yield VALUE; } }", "[...new NAME()][0]");
    /// An operator with a meaning of its own, an inherited method.
    added: ("class NAME:\n    def __add__(self, o): return VALUE", "(NAME() + 1)"),
        ("const NAME = Object.create({ v() { return VALUE; } });", "NAME.v()");
    /// A function with an early end.
    early: ("def NAME(n):\n    if n > 1: return VALUE\n    return None", "NAME(2)"),
        ("const NAME = (n) => {\n  if (n > 1) return VALUE;\n  return null;\n};", "NAME(2)");
    /// A function that calls itself.
    recursive: ("def NAME(n): return VALUE if n == 0 else NAME(n - 1)", "NAME(3)"),
        ("const NAME = (n) => (n === 0 ? VALUE : NAME(n - 1));", "NAME(3)");
    /// A return that the end of a `try` replaces.
    replaced: ("def NAME():\n    try: return None\n    finally: return VALUE", "NAME()"),
        ("const NAME = () => {\n  try { return null; } finally { return VALUE; }\n};", "NAME()");
    /// A function that a decorator calls at once, a function called at once.
    at_once: ("@lambda f: f()\ndef NAME(): return VALUE", "NAME"),
        ("const NAME = (() => {\n  const v = VALUE;\n  return v;\n})();", "NAME");
    /// A function behind a cache, a function in a table.
    cached: ("@__import__(\"functools\").lru_cache(None)\ndef NAME(): return VALUE", "NAME()"),
        ("const NAME = { go: () => VALUE };", "NAME[\"go\"]()");
    /// The end of a `try` that went well, a block that is left.
    went_well: ("try: pass\nexcept KeyError: NAME = None\nelse: NAME = VALUE", "NAME"),
        ("let NAME = null;\nout: { NAME = VALUE; break out; }", "NAME");
    /// A loop that is left.
    left: ("while True:\n    NAME = VALUE\n    break", "NAME"),
        ("let NAME = null;\nfor (;;) { NAME = VALUE; break; }", "NAME");
    /// A pattern that takes it, a case that sets it.
    captured_by_case: ("match {\"k\": VALUE}:\n    case {\"k\": NAME}: pass", "NAME"),
        ("let NAME;\nswitch (\"b\") { case \"a\": NAME = null; break; case \"b\": NAME = VALUE; }", "NAME");
    /// A context that gives it, an iteration over pairs.
    entered: ("class NAMEc:\n    def __enter__(self): return VALUE\n    def __exit__(self, *a): return None\nwith NAMEc() as NAME: pass", "NAME"),
        ("let NAME;\nfor (const [, v] of Object.entries({ k: VALUE })) NAME = v;", "NAME");
    /// The method of a parent class, called from the child.
    by_parent: ("class NAMEb:\n    def v(self): return VALUE\nclass NAME(NAMEb):\n    def v(self): return super().v()", "NAME().v()"),
        ("class NAMEb { v() { return VALUE; } }\nclass NAME extends NAMEb { v() { return super.v(); } }", "new NAME().v()");
    /// The field of a data class, a field set by a method.
    field: ("@__import__(\"dataclasses\").dataclass\nclass NAME:\n    v: object = VALUE", "NAME().v"),
        ("class NAME { set(v) { this.v = v; return this; } }", "new NAME().set(VALUE).v");
    /// Two names that change places.
    swapped: ("NAMEn, NAME = VALUE, None\nNAMEn, NAME = NAME, NAMEn", "NAME"),
        ("let NAMEn = VALUE, NAME = null;\n[NAMEn, NAME] = [NAME, NAMEn];", "NAME");
    /// A list of which a part is replaced.
    spliced: ("NAME = [None, None]\nNAME[1:] = [VALUE]", "NAME[1]"),
        ("const NAME = [null, null];\nNAME.splice(1, 1, VALUE);", "NAME[1]");
    /// A table that is asked to keep a default.
    kept: ("NAME = {}\nNAME.setdefault(\"k\", VALUE)", "NAME[\"k\"]"),
        ("const NAME = new Map();\nNAME.set(\"k\", VALUE);", "NAME.get(\"k\")");
    /// Two names of one table.
    shared: ("NAME = {}\nNAMEo = NAME\nNAMEo[\"k\"] = VALUE", "NAME[\"k\"]"),
        ("const NAME = {};\nconst NAMEo = NAME;\nNAMEo.k = VALUE;", "NAME.k");
    /// A closure with a state.
    state: ("def NAME():\n    v = None\n    def put():\n        nonlocal v\n        v = VALUE\n    put()\n    return v", "NAME()"),
        ("const NAME = (() => {\n  let v;\n  return { put: (x) => { v = x; }, get: () => v };\n})();\nNAME.put(VALUE);", "NAME.get()");
    /// A generator that hands on another one.
    delegated: ("def NAMEg(): yield VALUE\ndef NAME(): yield from NAMEg()", "next(NAME())"),
        ("function* NAMEg() { yield VALUE; }\nfunction* NAME() { yield* NAMEg(); }", "[...NAME()][0]");
}

declared! { on_top:
    /// A function of the module that returns the constant.
    function: ("def NAME():\n    return VALUE", "NAME()"), ("function NAME() { return VALUE; }", "NAME()");
    /// A table of the module.
    table: ("NAME = {\"on\": {\"v\": VALUE}}", "NAME[\"on\"][\"v\"]"), ("const NAME = { on: { v: VALUE } };", "NAME.on.v");
    /// A variable of the module that a function sets.
    global: ("def NAMEf():\n    global NAME\n    NAME = VALUE\nNAMEf()", "NAME"),
        ("let NAME;\nfunction NAMEf() { NAME = VALUE; }\nNAMEf();", "NAME");
    /// A name put into the namespace of the program.
    stored: ("globals()[\"NAME\"] = VALUE", "NAME"), ("globalThis[\"NAME\"] = VALUE;", "globalThis.NAME");
    /// A chain of constants.
    chained: ("NAMEa = VALUE\nNAMEb = NAMEa\nNAME = (NAMEb, NAMEa)", "NAME[0]"),
        ("const NAMEa = VALUE;\nconst NAMEb = NAMEa;\nconst NAME = [NAMEb, NAMEa];", "NAME[0]");
}

/// A constant of another file.
pub(super) fn in_file(scene: &Scene<'_>) -> Option<Rewritten> {
    in_file_beside(
        scene,
        ("NAME = VALUE", "NAME"),
        ("const NAME = VALUE;", "NAME"),
    )
}

/// A function of another file that returns the constant.
pub(super) fn function_in_file(scene: &Scene<'_>) -> Option<Rewritten> {
    let python = ("def NAME():\n    return VALUE", "NAME()");
    in_file_beside(
        scene,
        python,
        ("function NAME() { return VALUE; }", "NAME()"),
    )
}

/// Declares in a second file, imports it and uses it there.
fn in_file_beside(scene: &Scene<'_>, python: Texts, javascript: Texts) -> Option<Rewritten> {
    let is_module = !scene.is_python() && scene.is_module_file();
    let (declaration, use_) = if scene.is_python() {
        python
    } else {
        javascript
    };
    let beside = RefCell::new(String::new());
    let rewritten = above(scene, |name, value| {
        let export = if is_module { "export " } else { "" };
        let mut file = beside.borrow_mut();
        file.extend([export, &fill(declaration, name, value), "\n"]);
        let import = if scene.is_python() {
            format!("from kept import {name}")
        } else if is_module {
            format!("import {{ {name} }} from \"./kept.mjs\";")
        } else {
            file.extend(["exports.", name, " = ", name, ";\n"]);
            format!("const {{ {name} }} = require(\"./kept.cjs\");")
        };
        (import, fill(use_, name, value))
    })?;
    let name = match (scene.is_python(), is_module) {
        (true, _) => "kept.py",
        (_, true) => "kept.mjs",
        (_, false) => "kept.cjs",
    };
    Some(Rewritten {
        beside: Some((name, beside.into_inner())),
        ..rewritten
    })
}

fn in_front(scene: &Scene<'_>, python: Texts, javascript: Texts) -> Option<Rewritten> {
    let (declaration, use_) = if scene.is_python() {
        python
    } else {
        javascript
    };
    before(scene, |name, value, indent| {
        let declaration = declaration.replace('\n', &format!("\n{indent}"));
        (fill(&declaration, name, value), fill(use_, name, value))
    })
}

fn on_top(scene: &Scene<'_>, python: Texts, javascript: Texts) -> Option<Rewritten> {
    let (declaration, use_) = if scene.is_python() {
        python
    } else {
        javascript
    };
    above(scene, |name, value| {
        (fill(declaration, name, value), fill(use_, name, value))
    })
}

fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace("NAME", name).replace("VALUE", value)
}
