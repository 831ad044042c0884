//! Lowering of Python: what every construct becomes.

use tares_lang::tree::{ErrorReason, Expr, Stmt};
use tares_lang::{Interner, Language, Tree, parse, sexpr};

pub(crate) fn lower(source: &str) -> (Tree, String) {
    let mut interner = Interner::default();
    let tree = parse(Language::Python, source, &mut interner);
    let text = sexpr(&tree, &interner);
    (tree, text)
}

/// Each source becomes the text beside it, without an error.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let (tree, text) = lower(source);
        assert_eq!(text.trim_end(), *expected, "{source}");
        assert_eq!(tree.errors, [], "{source}");
    }
}

#[test]
fn literals() {
    check(&[
        ("a", "a"),
        ("True, False, None, ...", "(tuple true false null ...)"),
        (
            "0, 42, 1_000, 0xFF, 0o17, 0b1_01",
            "(tuple 0 42 1000 255 15 5)",
        ),
        ("0777, 10L, 00", "(tuple 511 10 0)"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "0x8000000000000000"),
        ("0xFFFFFFFFFFFFFFFFFF", "0xffffffffffffffffff"),
        (
            "1.5, .5, 1e3, 1_0.5, 2j, 1.5J",
            "(tuple 1.5 0.5 1000.0 10.5 2.0 1.5)",
        ),
        (
            "[a, 1]; {a, 1}; (a, 1); (a,); ()",
            "(list a 1)\n(set a 1)\n(tuple a 1)\n(tuple a)\n(tuple)",
        ),
        ("{}; {a: 1, **b}", "(map)\n(map (pair a 1) (** b))"),
        ("[*a, *b]", "(list (* a) (* b))"),
        ("a,", "(tuple a)"),
    ]);
}

#[test]
fn strings_are_decoded() {
    check(&[
        (r#""a\n\t\\\"\'""#, r#""a\n\t\\\"'""#),
        (r#"'\x41\u0042\U00000043\104'"#, r#""ABCD""#),
        (r#"'\a\b\f\v\0'"#, r#""\u{7}\u{8}\u{c}\u{b}\0""#),
        (r#"'\q\8\xZZ'"#, r#""\\q\\8\\xZZ""#),
        (
            r#"'\N{LATIN SMALL LETTER E}\N{DIGIT SEVEN}\N{full stop}\N{SNOWMAN}'"#,
            r#""e7.\\N{SNOWMAN}""#,
        ),
        (r#"'\ud83d\ude00 \ud83d'"#, "\"\u{1f600} \u{fffd}\""),
        (r#"'\u0000\U00110000'"#, "\"\\0\u{fffd}\""),
        ("'a\\\nb'", r#""ab""#),
        ("'''a\r\nb'''", r#""a\nb""#),
        ("\"\"\"a\"b\n\"\"\"", r#""a\"b\n""#),
        (r#"r'\n' R"\x41" u'\x41' U''"#, r#""\\n\\x41A""#),
        ("''", r#""""#),
        ("''''''", r#""""#),
    ]);
}

#[test]
fn bytes_are_decoded() {
    check(&[
        (r#"b'a\x00\xff\101\u0041\n'"#, r#"b"a\x00\xffA\\u0041\n""#),
        (r#"rb'\x41' Rb"\n" BR''"#, r#"b"\\x41\\n""#),
        (r#"b'\777\xg'"#, r#"b"\xff\\xg""#),
        ("b''", r#"b"""#),
        ("b'a\\\r\nb'", r#"b"ab""#),
        (r#"b'a' b'b'"#, r#"b"ab""#),
    ]);
}

#[test]
fn concatenation_is_folded() {
    check(&[
        ("'a' \"b\" r'\\c'", r#""ab\\c""#),
        ("('a'\n 'b' # why\n 'c')", r#""abc""#),
        ("'a' f'{x}b' 'c'", r#"(template "a" x "bc")"#),
        ("f'a' f\"b\"", r#""ab""#),
    ]);
}

#[test]
fn templates() {
    check(&[
        ("f'a{b}c'", r#"(template "a" b "c")"#),
        ("f'{{}}'", r#""{}""#),
        ("f'{{{a}}}'", r#"(template "{" a "}")"#),
        (r#"f'\x41{a}\n'"#, r#"(template "A" a "\n")"#),
        (r#"rf'\n{a}'"#, r#"(template "\\n" a)"#),
        ("f'{a.b(c)[0]}{d}'", "(template (index (call a.b c) 0) d)"),
        (
            "f'{a!s}{b!r}{c!a}'",
            "(template a (call b.__repr__) (call c.__repr__))",
        ),
        (
            "f'{a:>{b}}'",
            r#"(template (call a.__format__ (template ">" b)))"#,
        ),
        ("f'{a:x}{b:s}'", r#"(template (call a.__format__ "x") b)"#),
        ("f'{a = }'", r#"(template "a = " (call a.__repr__))"#),
        ("f'{a=:d}'", r#"(template "a=" (call a.__format__ "d"))"#),
        ("f'{f\"{a}b\"}c'", r#"(template (template a "b") "c")"#),
        ("f'{a, b}'", "(template (tuple a b))"),
        ("f'{(yield)}'", "(template (yield null))"),
        ("f'''{\n a # why\n}'''", "(template a)"),
        ("f'{ {1: 2}[1] }'", "(template (index (map (pair 1 2)) 1))"),
        (
            "f'{lambda_(x)!r:^{w}.{p}}'",
            r#"(template (call (call (call lambda_ x).__repr__).__format__ (template "^" w "." p)))"#,
        ),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("a + b - c * d", "(- (+ a b) (* c d))"),
        ("a / b // c % d @ e", "(@ (% (// (/ a b) c) d) e)"),
        ("a ** -b ** c", "(** a (- (** b c)))"),
        (
            "a << b >> c & d | e ^ f",
            "(| (& (>> (<< a b) c) d) (^ e f))",
        ),
        ("not a, -a, +a, ~a", "(tuple (not a) (- a) (+ a) (~ a))"),
        ("a and b or c and d", "(or (and a b) (and c d))"),
        ("a == b; a != b; a <> b", "(== a b)\n(!= a b)\n(!= a b)"),
        (
            "a < b <= c > d >= e",
            "(and (and (and (< a b) (<= b c)) (> c d)) (>= d e))",
        ),
        (
            "a in b; a not in b; a is b; a is not b",
            "(in a b)\n(not-in a b)\n(is a b)\n(is-not a b)",
        ),
        ("a if b else c", "(cond b a c)"),
        ("(a := b + 1)", "(:= a (+ b 1))"),
        ("await a.b()", "(await (call a.b))"),
    ]);
}

#[test]
fn chained_comparison_has_one_middle() {
    let (tree, _) = lower("a < f() < b");
    let calls = tree
        .exprs
        .iter()
        .filter(|expr| matches!(expr, Expr::Call { .. }))
        .count();
    assert_eq!(calls, 1);
}

#[test]
fn access_and_calls() {
    check(&[
        ("a.b.c", "a.b.c"),
        ("a.b().c()[0].d", "(index (call (call a.b).c) 0).d"),
        ("f(a, *b, c=d, **e)", "(call f a (* b) c=d (** e))"),
        ("f(x for x in y)", "(call f (generator-of x (for x y)))"),
        ("f(a, (b), (c, d), (*e))", "(call f a b (tuple c d) (* e))"),
        (
            "f(print=1, match=2, type=3)",
            "(call f print=1 match=2 type=3)",
        ),
        (
            "a[b]; a[b, c]; a[b,]",
            "(index a b)\n(index a (tuple b c))\n(index a (tuple b))",
        ),
        (
            "a[1:]; a[:2]; a[::3]; a[:]",
            "(index a (slice 1 null null))\n(index a (slice null 2 null))\n(index a (slice null null 3))\n(index a (slice null null null))",
        ),
        ("a[b:c, ..., d]", "(index a (tuple (slice b c null) ... d))"),
        ("a[*b]", "(index a (* b))"),
        ("a \\\n  .b", "a.b"),
        ("(a # why\n .b # how\n (c))", "(call a.b c)"),
    ]);
}

#[test]
fn comprehensions() {
    check(&[
        (
            "[a for a in b if c if d]",
            "(list-of a (for a b) (if c) (if d))",
        ),
        (
            "{a for a, b in c for d in a}",
            "(set-of a (for (tuple a b) c) (for d a))",
        ),
        ("{a: b for a in c}", "(map-of (pair a b) (for a c))"),
        ("(a async for a in b)", "(generator-of a (for a b))"),
        (
            "[x for x in lambda: y, 1]",
            "(list-of x (for x (tuple (def arrow ()\n  (return y)) 1)))",
        ),
    ]);
}

#[test]
fn lambdas() {
    check(&[
        ("lambda: 0", "(def arrow ()\n  (return 0))"),
        (
            "lambda a, *b, c=1, **d: a",
            "(def arrow (a *b kw:c=1 **d)\n  (return a))",
        ),
        (
            "lambda: (yield)",
            "(def generator arrow ()\n  (return (yield null)))",
        ),
    ]);
}

#[test]
fn assignments() {
    check(&[
        ("a = b = c", "(= a b c)"),
        ("a, *b = c", "(= (tuple a (* b)) c)"),
        ("[a, (b, c)] = d", "(= (list a (tuple b c)) d)"),
        ("a.b = c[d] = e", "(= a.b (index c d) e)"),
        ("a = b, c", "(= a (tuple b c))"),
        ("a = *b, c", "(= a (tuple (* b) c))"),
        ("a = yield b", "(= a (yield b))"),
        ("a: int", "(= a :int undefined)"),
        ("a: list[int] = []", "(= a :(index list int) (list))"),
        (
            "a: dict[str, list[int]] | None = b",
            "(= a :(| (index dict (tuple str (index list int))) null) b)",
        ),
        ("a: 'B' = c", "(= a :\"B\" c)"),
        ("a += 1", "(+= a 1)"),
        ("a.b //= c", "(//= a.b c)"),
        ("a **= b; a >>= b; a @= b", "(**= a b)\n(>>= a b)\n(@= a b)"),
        ("a = b += c", "(= a (+= b c))"),
        ("type A = int", "(= A int)"),
        ("type A[T] = list[T]", "(= A (index list T))"),
        (
            "type = 1; match = 2; print = 3",
            "(= type 1)\n(= match 2)\n(= print 3)",
        ),
    ]);
}

#[test]
fn simple_statements() {
    check(&[
        ("pass", ""),
        ("return", "(return)"),
        ("return a, b", "(return (tuple a b))"),
        ("raise", "(raise)"),
        ("raise A(b)", "(raise (call A b))"),
        ("raise A from b", "(raise A)"),
        ("raise A from f()", "(call f)\n(raise A)"),
        ("raise A, 'b'", "(raise (tuple A \"b\"))"),
        ("del a, b.c, d[0]", "(del a b.c (index d 0))"),
        ("del (a, b)", "(del (tuple a b))"),
        ("global a, b", "(global a b)"),
        ("nonlocal a", "(nonlocal a)"),
        ("assert a", "(assert a)"),
        ("assert a, b", "(assert a b)"),
        ("a; b; c", "a\nb\nc"),
        ("yield from a", "(yield a)"),
    ]);
}

#[test]
fn python_2_statements_are_calls() {
    check(&[
        ("print 'a'", "(call print \"a\")"),
        ("print a, b,", "(call print a b)"),
        ("print >>f, a", "(call print file=f a)"),
        ("print(a)", "(call print a)"),
        ("exec 'a'", "(call exec \"a\")"),
        ("exec a in b, c", "(call exec a b c)"),
        ("exec(a)", "(call exec a)"),
    ]);
}

#[test]
fn imports() {
    check(&[
        ("import a", "(import a)"),
        ("import a.b as c, d", "(import a.b as c)\n(import d)"),
        ("from a.b import c as d, e", "(import a.b c:d e)"),
        ("from a import (b, # why\n c,)", "(import a b c)"),
        ("from a import *", "(import a *)"),
        ("from . import a", "(import . a)"),
        ("from ...a.b import c", "(import ...a.b c)"),
        ("from . a . b import c", "(import .a.b c)"),
        (
            "from __future__ import a, b as c",
            "(import __future__ a b:c)",
        ),
    ]);
}

#[test]
fn branches_and_loops() {
    check(&[
        ("if a: b", "(if a\n  b)"),
        (
            "if a:\n  b\nelif c:\n  d\nelif e:\n  f\nelse:\n  g",
            "(if a\n  b\n  else\n    (if c\n      d\n      else\n        (if e\n          f\n          else\n            g)))",
        ),
        (
            "for a, b in c, d:\n  break\nelse:\n  e",
            "(for (tuple a b) (tuple c d)\n  (break)\n  else\n    e)",
        ),
        (
            "while a:\n  continue\nelse:\n  b",
            "(while a\n  (continue)\n  else\n    b)",
        ),
        (
            "async def f():\n  async for a in b: c",
            "(def async f ()\n  (for a b\n    c))",
        ),
    ]);
}

#[test]
fn try_statements() {
    check(&[
        (
            "try:\n  a\nexcept B as c:\n  d\nexcept (E, F): pass\nexcept:\n  g\nelse:\n  h\nfinally:\n  i",
            "(try\n  a\n  (except B c\n    d)\n  (except (tuple E F))\n  (except\n    g)\n  else\n    h\n  finally\n    i)",
        ),
        (
            "try: a\nexcept* B as c: d",
            "(try\n  a\n  (except B c\n    d))",
        ),
        (
            "try: a\nexcept B, c: d",
            "(try\n  a\n  (except B c\n    d))",
        ),
        (
            "try: a\nexcept B, C: d",
            "(try\n  a\n  (except (tuple B C)\n    d))",
        ),
    ]);
}

#[test]
fn with_statements() {
    check(&[
        ("with a: b", "(with a\n  b)"),
        ("with a() as b, c: d", "(with (:= b (call a)) c\n  d)"),
        ("with (a as b, c as d,): e", "(with (:= b a) (:= d c)\n  e)"),
        ("with a as (b, c): d", "(with (:= (tuple b c) a)\n  d)"),
    ]);
}

#[test]
fn match_statements() {
    check(&[
        (
            "match a:\n  case 1: b\n  case _: c",
            "(switch a\n  (case 1\n    b)\n  (case\n    c))",
        ),
        (
            "match a, b:\n  case -1 | 'x' | None if c: d",
            "(switch (tuple a b)\n  (case (- 1) \"x\" null if c\n    d))",
        ),
        (
            "match a:\n  case b: c\n  case d.e: f",
            "(switch a\n  (case b\n    c)\n  (case d.e\n    f))",
        ),
        (
            "match a:\n  case [b, *c]: d\n  case (e, _): f",
            "(switch a\n  (case (list b (* c))\n    d)\n  (case (list e ...)\n    f))",
        ),
        (
            "match a:\n  case b, c: d",
            "(switch a\n  (case (list b c)\n    d))",
        ),
        (
            "match a:\n  case {'k': v, **w}: d",
            "(switch a\n  (case (map (pair \"k\" v) (** w))\n    d))",
        ),
        (
            "match a:\n  case P(x, y=z) as q: d",
            "(switch a\n  (case (:= q (call P x y=z))\n    d))",
        ),
        (
            "match a:\n  case 1 - 2j: d",
            "(switch a\n  (case (other 1 (- 2.0))\n    d))",
        ),
        ("match = a\nmatch(b)", "(= match a)\n(call match b)"),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("def f(): pass", "(def f ())"),
        (
            "def f(a, /, b: int, c=1, *d: str, e, g: A = 2, **h) -> B: return a",
            "(def f (a b:int c=1 *d:str kw:e kw:g:A=2 **h) -> B\n  (return a))",
        ),
        ("def f(a, *, b): pass", "(def f (a kw:b))"),
        ("def f(a, (b, c)): pass", "(def f (a (tuple b c)))"),
        ("def f[T: int](a: T): pass", "(def f (a:T))"),
        ("async def f(): await a", "(def async f ()\n  (await a))"),
        ("def f():\n  yield a", "(def generator f ()\n  (yield a))"),
        (
            "def f():\n  def g(): yield\n  return g",
            "(def f ()\n  (def generator g ()\n    (yield null))\n  (return g))",
        ),
        ("@a\n@b.c(d)\ndef f(): pass", "(def f () @a @(call b.c d))"),
        (
            "def f():\n  'doc'\n  return 1",
            "(def f () doc=\"doc\"\n  \"doc\"\n  (return 1))",
        ),
        ("def f():\n  f'{a}'", "(def f ()\n  (template a))"),
    ]);
}

#[test]
fn classes() {
    check(&[
        ("class A: pass", "(class A ())"),
        (
            "@a\nclass A(B, c.D, metaclass=E, **f):\n  '''doc'''\n  x: int = 1\n  def g(self): self.x",
            "(class A (B c.D metaclass=E (** f)) @a doc=\"doc\"\n  \"doc\"\n  (= x :int 1)\n  (def g (self)\n    self.x))",
        ),
        (
            "class A[T](B[T]): x = 1",
            "(class A ((index B T))\n  (= x 1))",
        ),
    ]);
}

#[test]
fn look_alike_letters_are_folded() {
    check(&[
        ("\u{1d4ee}val(a)", "(call eval a)"),
        ("a.\u{ff45}xec(b)", "(call a.exec b)"),
        ("import \u{ff4f}s", "(import os)"),
        ("\u{e9}t\u{e9} = 1", "(= \u{e9}t\u{e9} 1)"),
    ]);
}

#[test]
fn spans_cover_what_they_name() {
    let source = "# c\n@d\ndef f(a):  # e\n    return g(a) + 1\n";
    let (tree, _) = lower(source);
    let func = &tree.funcs[0];
    assert_eq!(func.span.text(source), source[4..].trim_end());
    assert_eq!(
        tree.comments
            .iter()
            .map(|span| span.text(source))
            .collect::<Vec<_>>(),
        ["# c", "# e"]
    );
    let Stmt::Return(Some(value)) = *tree.stmt(tree.block(func.body)[0]) else {
        panic!("a return")
    };
    assert_eq!(tree.span(value).text(source), "g(a) + 1");
    assert_eq!(func.size, 7, "a, g, a, g(a), 1, +, return");
}

#[test]
fn comments_are_found_everywhere() {
    let source = "f( # 1\n a, # 2\n b=c # 3\n) # 4\nx = [ # 5\n] # 6\nif a: # 7\n  b # 8\n# 9\n";
    let (tree, _) = lower(source);
    assert_eq!(tree.comments.len(), 9);
    assert!(tree.comments.is_sorted_by_key(|span| span.start));
}

#[test]
fn indented_excerpt_gives_functions_and_calls() {
    check(&[
        (
            "    def a(self):\n        return f(1)\n\n    def b(self):\n        g()\n",
            "(def a (self)\n  (return (call f 1)))\n(def b (self)\n  (call g))",
        ),
        (
            "        return x\n    def b(self):\n        g()\n",
            "(return x)\n(def b (self)\n  (call g))",
        ),
        (
            "        f()\n    if x:\n        g()\ny = 1\n",
            "(call f)\n(if x\n  (call g))\n(= y 1)",
        ),
    ]);
}

/// Each source has an error and still becomes the text beside it.
#[track_caller]
fn check_broken(cases: &[(&str, &str, &[&str])]) {
    for (source, expected, errors) in cases {
        let (tree, text) = lower(source);
        assert_eq!(text.trim_end(), *expected, "{source}");
        assert!(
            tree.errors
                .iter()
                .all(|error| error.reason == ErrorReason::Syntax),
            "{source}"
        );
        let found: Vec<&str> = tree
            .errors
            .iter()
            .map(|error| error.span.text(source))
            .collect();
        assert_eq!(found, *errors, "{source}");
    }
}

#[test]
fn text_that_is_still_arriving_gives_its_calls() {
    check_broken(&[
        (
            "os.system(\"rm -rf",
            "(call os.system \"rm -rf\")",
            &["os.system(\"rm -rf"],
        ),
        (
            "f(a, g(b, \"x",
            "(call f a (call g b \"x\"))",
            &["f(a, g(b, \"x"],
        ),
        ("a = 1\nf(b, c=d", "(= a 1)\n(call f b c=d)", &["f(b, c=d"]),
    ]);
}

#[test]
fn what_stands_around_an_error_is_lowered() {
    check_broken(&[
        (
            "a = 1\nf(a $ b)\nc()\n",
            "(= a 1)\n(call f a)\n(call c)",
            &["$ b"],
        ),
        (
            "def f():\n  a()\n  ?\n  b()\n",
            "(def f ()\n  (call a)\n  (call b))",
            &["?"],
        ),
    ]);
}
