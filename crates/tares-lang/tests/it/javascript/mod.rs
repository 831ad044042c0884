//! JavaScript as neutral trees.

mod broken;
mod hostile;
mod jsx;
mod typescript;

use tares_lang::{Interner, Language, Tree, parse, sexpr};

/// Asserts that `source` lowers to `expected`, without errors.
#[track_caller]
fn check_as(language: Language, source: &str, expected: &str) {
    let mut interner = Interner::default();
    let tree = parse(language, source, &mut interner);
    assert_eq!(
        sexpr(&tree, &interner).trim_end(),
        expected,
        "{language:?} {source}"
    );
    assert_eq!(tree.errors, [], "{source}");
}

#[track_caller]
fn check(source: &str, expected: &str) {
    for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
        check_as(language, source, expected);
    }
}

fn tree_of(language: Language, source: &str) -> (Tree, Interner) {
    let mut interner = Interner::default();
    let tree = parse(language, source, &mut interner);
    (tree, interner)
}

#[test]
fn declarations() {
    check("var a = 1, b", "(= a 1)\n(= b undefined)");
    check("let a; const b = a;", "(let = a undefined)\n(let = b a)");
    check(
        "const {a, b: {c}, d = 1, 'e': f, [g]: h, ...i} = x",
        r#"(let = (map (pair "a" a) (pair "b" (map (pair "c" c))) (pair "d" (:= d 1)) (pair "e" f) (pair g h) (* i)) x)"#,
    );
    check(
        "let [a, , b = 2, ...c] = x",
        "(let = (list a undefined (:= b 2) (* c)) x)",
    );
}

#[test]
fn assignments() {
    check("a = b = c", "(= a b c)");
    check("a.b[c] = d", "(= (index a.b c) d)");
    check(
        "a += 1; b >>>= 2; c **= 3",
        "(+= a 1)\n(>>>= b 2)\n(**= c 3)",
    );
    check(
        "a ||= 1; b &&= 2; c ??= 3",
        "(||= a 1)\n(&&= b 2)\n(??= c 3)",
    );
    check("i++; --j; x = i++", "(+= i 1)\n(-= j 1)\n(= x (+= i 1))");
    check("[a, b] = [b, a]", "(= (list a b) (list b a))");
    check("({a, ...b} = c)", "(= (map (pair \"a\" a) (* b)) c)");
    check("f(a = 1)", "(call f (:= a 1))");
}

#[test]
fn numbers() {
    check(
        "[0, 7, 0xff, 0o17, 0b11, 1_000, 017, 089]",
        "(list 0 7 255 15 3 1000 15 89)",
    );
    check(
        "[1.0, .5, 5., 1e3, 1_0.5]",
        "(list 1.0 0.5 5.0 1000.0 10.5)",
    );
    check(
        "[10n, 0xFFn, 123456789012345678901234567890n]",
        "(list 10 255 0x18ee90ff6c373e0ee4e3f0ad2)",
    );
    check(
        "[9223372036854775807, 9223372036854775808]",
        "(list 9223372036854775807 9.223372036854776e18)",
    );
    check("0xffffffffffffffffff", "4.722366482869645e21");
}

#[test]
fn strings() {
    check(r#"'a"b'"#, r#""a\"b""#);
    check(r"'\x41\u0042\u{43}\u{0000044}\n\0'", r#""ABCD\n\0""#);
    check(r"'\101\60\477'", r#""A0'7""#);
    check("'a\\\nb\\\r\nc'", r#""abc""#);
    check(r"'\ud83d\ude00\ud800x\q'", "\"\u{1f600}\u{fffd}xq\"");
    check("''", r#""""#);
}

#[test]
fn templates() {
    check("`plain`; ``", "\"plain\"\n\"\"");
    check("`a${b}\\n${c}d`", r#"(template "a" b "\n" c "d")"#);
    check("`${`x${y}`}`", r#"(template (template "x" y))"#);
    check("tag`a${b}`", r#"(tagged tag "a" b "")"#);
    check("a.b`c`", r#"(tagged a.b "c")"#);
    check("tag`${'a'}`", r#"(tagged tag "" "a" "")"#);
}

#[test]
fn what_is_awaited_in_parentheses_is_no_argument() {
    // The grammar of TypeScript knows better.
    check_as(
        Language::JavaScript,
        "async function f() { await (a ?? b)(c); await (await d()).e(); await [a, b][0](c); }",
        "(def async f ()\n  (call (await (?? a b)) c)\n  (call (await (await (call d))).e)\n  \
         (call (index (await (list a b)) 0) c))",
    );
}

#[test]
fn regexes() {
    check(r"/a\/[/]b/gi.test(x)", r"(call /a\/[/]b/gi.test x)");
}

#[test]
fn values() {
    check(
        "[this, null, undefined, true, false, void 0, NaN]",
        "(list this null undefined true false undefined NaN)",
    );
    check(
        "import.meta.url; function f() { new.target }",
        "meta.url\n(def f ()\n  meta)",
    );
    check("[1,,2,,]", "(list 1 undefined 2 undefined)");
}

#[test]
fn chains() {
    check(
        "a.b.c(d)?.e?.[f]?.(g)",
        "(call (index (call a.b.c d).e f) g)",
    );
    check("this.#a.b; super.c()", "this.#a.b\n(call super.c)");
    check("a /* x */ . b", "a.b");
    check(
        "new A; new A.B(1, ...c); new (f())(2)",
        "(new A)\n(new A.B 1 (* c))\n(new (call f) 2)",
    );
    check(
        "import('x').then(f); require('y')",
        "(call (import \"x\").then f)\n(call require \"y\")",
    );
}

#[test]
fn operators() {
    check(
        "a + b - c * d / e % f ** g",
        "(- (+ a b) (% (/ (* c d) e) (** f g)))",
    );
    check(
        "a << b >> c >>> d & e | f ^ g",
        "(| (& (>>> (>> (<< a b) c) d) e) (^ f g))",
    );
    check("a == b != c", "(!= (== a b) c)");
    check("a === b; a !== b", "(is a b)\n(is-not a b)");
    check(
        "a in b; #c in d; a instanceof B",
        "(in a b)\n(in #c d)\n(instanceof a B)",
    );
    check("a < b; a >= b", "(< a b)\n(>= a b)");
    check("a && b || c; a ?? b", "(or (and a b) c)\n(?? a b)");
    check(
        "!a; -b; +c; ~d; typeof e; void f; delete g.h",
        "(not a)\n(- b)\n(+ c)\n(~ d)\n(typeof e)\n(void f)\n(delete g.h)",
    );
    check("a ? b : c ? d : e", "(cond a b (cond c d e))");
    check("a, b, c", "(seq a b c)");
    check("((a))", "a");
}

#[test]
fn objects() {
    check(
        "x = {a, 'b': 1, 3: 2, [c]: 3, d() {}, get e() {}, set e(v) {}, async *[f]() {}, ...g, h: async () => 1}",
        "(= x (map (pair \"a\" a) (pair \"b\" 1) (pair \"3\" 2) (pair c 3) (pair \"d\" (def d ())) \
         (pair \"e\" (def get e ())) (pair \"e\" (def set e (v))) (pair f (def async generator ())) (** g) \
         (pair \"h\" (def async arrow ()\n  (return 1)))))",
    );
}

#[test]
fn functions() {
    check(
        "function f(a, b = 1, {c}, [d], ...e) { return a }",
        "(def f (a b=1 (map (pair \"c\" c)) (list d) *e)\n  (return a))",
    );
    check(
        "async function* f() { yield 1; yield* g(); yield; await h }",
        "(def async generator f ()\n  (yield 1)\n  (yield (call g))\n  (yield null)\n  (await h))",
    );
    check(
        "x = a => a + 1",
        "(= x (def arrow (a)\n  (return (+ a 1))))",
    );
    check("x = async (a) => { b }", "(= x (def async arrow (a)\n  b))");
    check("x = () => ({})", "(= x (def arrow ()\n  (return (map))))");
    check("x = function y() {}", "(= x (def y ()))");
    check("(function () { a })()", "(call (def ()\n  a))");
    check(
        "x = async => async",
        "(= x (def arrow (async)\n  (return async)))",
    );
}

#[test]
fn classes() {
    check(
        "class A extends B.C { static s = 1; #p = 2; z; [k] = 3; static { init() } constructor(a) { super(a) } \
         get x() { return 1 } set x(v) {} static async *g() {} #q() {} [Symbol.iterator]() {} 'lit'() {} ['con']() {} }",
        "(class A (B.C)\n  (= s 1)\n  (= #p 2)\n  (= z undefined)\n  (= (index this k) 3)\n  (other\n    (call init))\n  \
         (def constructor (a)\n    (call super a))\n  (def get x ()\n    (return 1))\n  (def set x (v))\n  \
         (def async generator static g ())\n  (def #q ())\n  (= (index this Symbol.iterator) (def ()))\n  \
         (def lit ())\n  (def con ()))",
    );
    check("x = class extends f() {}", "(= x (class ((call f))))");
    check(
        "@a @b.c(1) class D { @e m() {} }",
        "(class D () @a @(call b.c 1)\n  (def m () @e))",
    );
}

#[test]
fn documentation() {
    let source = "/** Sends.\n * Twice. */\nexport async function f() {}\n/* no */ function g() {}\n/** h */\nconst h = () => 1, i = () => 2;\n\
                  class C {\n /** m */\n m() {} }\n/** far */ x();\nfunction j() {}\n/** k */\na.k = function () {};";
    let (tree, interner) = tree_of(Language::JavaScript, source);
    let docs: Vec<_> = tree
        .funcs
        .iter()
        .map(|func| {
            (
                func.name
                    .map_or("", |name| &**interner.name(name))
                    .to_owned(),
                func.doc.as_deref(),
            )
        })
        .collect();
    let expected = [
        ("f", Some("Sends.\nTwice.")),
        ("g", None),
        ("", Some("h")),
        ("", None),
        ("m", Some("m")),
        ("j", None),
        ("", Some("k")),
    ];
    assert_eq!(docs, expected.map(|(name, doc)| (name.to_owned(), doc)));
}

#[test]
fn comments() {
    let source = "#!/usr/bin/env node\n// a\nf(/* b */ 1, // c\n 2);\nx /* d */ . y; z = [ /* e */ ]; if (q) /* f */ r; else /* g */ s /* h */";
    let (tree, _) = tree_of(Language::JavaScript, source);
    let comments: Vec<_> = tree.comments.iter().map(|span| span.text(source)).collect();
    assert_eq!(
        comments,
        [
            "// a", "/* b */", "// c", "/* d */", "/* e */", "/* f */", "/* g */", "/* h */"
        ]
    );
}

#[test]
fn branches() {
    check(
        "if (a) b; else if (c) { d } else e",
        "(if a\n  b\n  else\n    (if c\n      d\n      else\n        e))",
    );
    check("if (a) {}", "(if a)");
    check(
        "switch (a) { case 1: case 'b': c(); break; default: d }",
        "(switch-through a\n  (case 1)\n  (case \"b\"\n    (call c)\n    (break))\n  (case\n    d))",
    );
}

#[test]
fn loops() {
    check(
        "for (let i = 0; i < n; i++) f(i)",
        "(block\n  (let = i 0)\n  (while (< i n)\n    (call f i)\n    (+= i 1)))",
    );
    check("for (;;) {}", "(while true)");
    check("for (; a; i++);", "(while a\n  (+= i 1))");
    check("for (; a;) b", "(while a\n  b)");
    check(
        "for (i = 0, j = 1; ; i++, j--) {}",
        "(block\n  (seq (:= i 0) (:= j 1))\n  (while true\n    (seq (+= i 1) (-= j 1))))",
    );
    check("for (const k in o) f(k)", "(for-keys k o\n  (call f k))");
    check("for (const [k, v] of m) {}", "(for (list k v) m)");
    check(
        "async function f() { for await (x of y) z }",
        "(def async f ()\n  (for x y\n    z))",
    );
    check("while (a) { continue }", "(while a\n  (continue))");
    check("do a(); while (b)", "(do-while b\n  (call a))");
    check("x: for (a of b) break x", "(for a b\n  (break))");
}

#[test]
fn other_statements() {
    check(
        "try { a } catch ({b}) { c } finally { d }",
        "(try\n  a\n  (except (map (pair \"b\" b))\n    c)\n  finally\n    d)",
    );
    check("try {} catch { e }", "(try\n  (except\n    e))");
    check("throw new Error('x')", "(raise (new Error \"x\"))");
    check("with (a) b", "(with a\n  b)");
    check("debugger; ; { a }", "(other)\n(block\n  a)");
    check("'use strict'", "\"use strict\"");
}

#[test]
fn imports() {
    check("import 'a'", "(import a)");
    check("import a from 'b'", "(import b default:a)");
    check("import * as a from 'b'", "(import b as a)");
    check(
        "import a, {b as c, default as d, 'e f' as g, h} from 'i'",
        "(import i default:a b:c default:d e f:g h)",
    );
    check("import a, * as b from 'c'", "(import c as b default:a)");
    check(
        "import a from './b.json' with {type: 'json'}",
        "(import ./b.json default:a)",
    );
}

#[test]
fn exports() {
    check(
        "export {a as b, c}; export {d as default} from 'e'",
        "(export \"\" a:b c)\n(export \"e\" d:default)",
    );
    check(
        "export * from 'a'; export * as b from 'c'",
        "(export \"a\" *)\n(export \"c\" *:b)",
    );
    check(
        "export const a = 1, {b, c: [d]} = e",
        "(let = a 1)\n(let = (map (pair \"b\" b) (pair \"c\" (list d))) e)\n(export \"\" a b d)",
    );
    check(
        "export function f() {} export class C {}",
        "(def f ())\n(export \"\" f)\n(class C ())\n(export \"\" C)",
    );
    check(
        "export default function f() {}",
        "(def f ())\n(export-default f)",
    );
    check(
        "export default () => 1",
        "(export-default (def arrow ()\n  (return 1)))",
    );
    check("export default class {}", "(export-default (class ()))");
    check("export default a.b", "(export-default a.b)");
    check(
        "module.exports = {a}; exports.b = c",
        "(= module.exports (map (pair \"a\" a)))\n(= exports.b c)",
    );
}

#[test]
fn spans_are_those_of_the_source() {
    let source = "const héllo = a.b.c(d + 'é');";
    let (tree, _) = tree_of(Language::JavaScript, source);
    let mut texts: Vec<_> = tree
        .expr_spans
        .iter()
        .map(|span| span.text(source))
        .collect();
    texts.sort_unstable();
    assert_eq!(
        texts,
        [
            "'é'",
            "a",
            "a.b",
            "a.b.c",
            "a.b.c(d + 'é')",
            "d",
            "d + 'é'",
            "héllo"
        ]
    );
}

#[test]
fn size_counts_what_is_inside() {
    let (tree, _) = tree_of(Language::JavaScript, "function f() { return g(1) } a + b");
    // `return`, the call, `g` and `1`.
    assert_eq!(tree.funcs[0].size, 4);
}
