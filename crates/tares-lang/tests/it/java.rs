//! What Java becomes in the neutral tree.

use tares_lang::tree::{ErrorReason, Stmt};
use tares_lang::{Interner, Language, Tree, parse, sexpr};

fn lower(source: &str) -> (Tree, String) {
    let mut interner = Interner::default();
    let tree = parse(Language::Java, source, &mut interner);
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
fn imports_name_package_and_class() {
    check(&[
        (
            "package a.b; import java.util.List;",
            "(import java.util List)",
        ),
        ("import java.util.*;", "(import java.util *)"),
        ("import static a.B.join;", "(import a.B join)"),
    ]);
}

#[test]
fn literals_and_operators() {
    check(&[
        ("x = 0xffffffff;", "(= x -1)"),
        ("x = 1_000L;", "(= x 1000)"),
        ("x = '\\u0041';", "(= x \"A\")"),
        ("x = \"a\\tb\\101\";", "(= x \"a\\tbA\")"),
        ("x = 'a' + 1;", "(= x (+ (+ \"a\") (+ 1)))"),
        ("c = (char) (c + 1);", "(= c (cast char (+ (+ c) (+ 1))))"),
        ("x += a.b[i];", "(+= x (index a.b i))"),
        ("f(a ? b : c);", "(call f (cond a b c))"),
        ("b = new byte[] {1, 2};", "(= b (list 1 2))"),
        ("b = new byte[16];", "(= b (* (list 0) 16))"),
        (
            "s = \"\"\"\n    a\n      \"b\"\n    \"\"\";",
            "(= s \"a\\n  \\\"b\\\"\\n\")",
        ),
    ]);
}

#[test]
fn methods_lambdas_and_references() {
    check(&[
        (
            "r = () -> f(1);",
            "(= r (def arrow ()\n  (return (call f 1))))",
        ),
        ("f = String::trim;", "(= f String.trim())"),
        ("f = A::new;", "(= f A)"),
        ("t = A.class;", "(= t A.class)"),
        (
            "int f(@P(\"q\") String a, int... b) { return 1; }",
            "(def f (a:String *b:int) -> int\n  (return 1))",
        ),
    ]);
}

#[test]
fn statements() {
    check(&[
        (
            "for (String s : all) f(s);",
            "(for (cast String s) all\n  (call f s))",
        ),
        (
            "if (o instanceof A a) f(a);",
            "(if (seq (:= (cast A a) o) (instanceof o A))\n  (call f a))",
        ),
        (
            "int x = switch (k) { case 1, 2 -> 3; default -> 4; };",
            "(let = x :int (cond (or (== k 1) (== k 2)) 3 4))",
        ),
        (
            "try (A a = f()) { g(); }",
            "(with (:= (cast A a) (call f))\n  (call g))",
        ),
    ]);
}

#[test]
fn classes_keep_members_apart() {
    let source = "class A { int n; { n = 1; } A(int n) { this.n = n; } int n() { return n; } }";
    let (tree, text) = lower(source);
    assert_eq!(tree.errors, []);
    for part in [
        "(let = n :int undefined)",
        "(def <instance> ()",
        "(def <init> (n:int)",
        "(def n ()",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn enums_and_records_make_themselves() {
    let (_, text) = lower("enum E { A(1), B { } ; E(int n) { } }");
    assert!(text.contains("(let = A (new this 1))"), "{text}");
    let (_, text) = lower("record P(String a) { P { a.trim(); } }");
    assert!(text.contains("(def <init> (a:String)"), "{text}");
    assert!(text.contains("(= this.a a)"), "{text}");
}

#[test]
fn pieces_of_files_and_broken_ones_give_a_tree() {
    let (tree, text) = lower("String f(String a) { return a; }\nint x = f(\"b\").length();");
    assert_eq!(tree.errors, []);
    assert!(text.contains("(def f"), "{text}");
    let (tree, text) = lower("class A { void f( { g(1); } void h() { k(2); }");
    assert!(tree.errors.iter().all(|e| e.reason == ErrorReason::Syntax));
    assert!(!tree.errors.is_empty());
    assert!(text.contains("(call k 2)"), "{text}");
    let deep = "(".repeat(5_000) + &")".repeat(5_000);
    let (tree, _) = lower(&format!("class A {{ int x = {deep}; }}"));
    assert!(!tree.errors.is_empty());
    let chain = format!("String s = {}\"b\";", "\"a\" + ".repeat(5_000));
    let (tree, _) = lower(&chain);
    assert_eq!(tree.errors, []);
    assert!(matches!(tree.stmts.last(), Some(Stmt::Assign { .. })));
}
