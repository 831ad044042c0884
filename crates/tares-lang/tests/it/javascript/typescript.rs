//! TypeScript: types are erased, what runs stays.

use super::{check_as, tree_of};
use tares_lang::Language;

#[track_caller]
fn check(source: &str, expected: &str) {
    check_as(Language::TypeScript, source, expected);
}

#[test]
fn annotations() {
    check(
        "let a: B = c, d: e.F.G, h: I<J>, k: string, l: M | N",
        "(let = a :B c)\n(let = d :e.F.G undefined)\n(let = h :I undefined)\n(let = k :string undefined)\n(let = l undefined)",
    );
    check(
        "function f(this: W, a: A, b?: B<C>, ...d: E[]): R { }",
        "(def f (a:A b:B *d) -> R)",
    );
    check(
        "const f = async <T,>(a: T): Promise<T> => a",
        "(let = f (def async arrow (a:T) -> Promise\n  (return a)))",
    );
    check("try {} catch (e: unknown) {}", "(try\n  (except e))");
}

#[test]
fn casts() {
    check(
        "a as B; a satisfies B; a!; <B>a; a as const; a as any as B",
        "a\na\na\na\na\na",
    );
    check("f<T>(a!.b!)", "(call f a.b)");
    check("new Map<A, B>(c)", "(new Map c)");
    check("(a as any).b = c", "(= a.b c)");
}

#[test]
fn erased() {
    check(
        "interface A { b: C } type D = E; declare const f: G; declare module 'h' { const i: number }",
        "",
    );
    check(
        "declare global { interface W {} } declare function f(): void",
        "",
    );
    check(
        "function f(a: A): void; function f(a: any) { b }",
        "(def f (a:any)\n  b)",
    );
    check(
        "abstract class A<T> extends B<T> implements C { abstract m(): void; n(): void; n() { d } [k: string]: any }",
        "(class A (B)\n  (def n ()\n    d))",
    );
}

#[test]
fn enumerations() {
    check(
        "enum A { B, C = 5, D, E = 'x', F }",
        r#"(let = A (map (pair "B" 0) (pair "C" 5) (pair "D" 6) (pair "E" "x") (pair "F" (other))))"#,
    );
    check(
        "const enum A { 'b c' = 1 << 2 }",
        r#"(let = A (map (pair "b c" (<< 1 2))))"#,
    );
}

#[test]
fn namespaces() {
    check(
        "namespace A.B { export const c = d() }",
        "(block\n  (let = c (call d)))",
    );
    check("module A { f() }", "(block\n  (call f))");
    check("import A = B.C", "(let = A B.C)");
}

#[test]
fn classes() {
    check(
        "class A { constructor(private a: B, public readonly c = 1, d?: E) { super() } }",
        "(class A ()\n  (def constructor (a:B c=1 d:E)\n    (= this.a a)\n    (= this.c c)\n    (call super)))",
    );
    check(
        "class A { private static readonly x: B = y; z!: C; accessor q = 1 }",
        "(class A ()\n  (= x :B y)\n  (= z :C undefined)\n  (= q 1))",
    );
    check(
        "@C({a: 1}) export class D { @E() f!: G; @H('i') j(@K() l: M) {} }",
        "(class D () @(call C (map (pair \"a\" 1)))\n  (call E)\n  (= f :G undefined)\n  (call K)\n  (def j (l:M) @(call H \"i\")))\n(export \"\" D)",
    );
    check(
        "export default abstract class A {}",
        "(class A ())\n(export-default A)",
    );
}

#[test]
fn imports() {
    check(
        "import type {A} from 'b'; import type C from 'd'",
        "(import-type b A)\n(import-type d default:C)",
    );
    check(
        "import {type A, b} from 'c'; import {type D} from 'e'",
        "(import c b)\n(import-type c A)\n(import-type e D)",
    );
    check("import a = require('b')", "(import b as a)");
    check("export = a", "(= module.exports a)");
    check(
        "export type {A} from 'b'; export {type C, d}; export as namespace E; export interface F {}",
        "(export \"\" d)",
    );
}

#[test]
fn comments_in_types_count() {
    let source = "interface A { b: C /* d */ } type E = { /* f */ g: H }; let i: { j: /* k */ L };";
    let (tree, _) = tree_of(Language::TypeScript, source);
    let comments: Vec<_> = tree.comments.iter().map(|span| span.text(source)).collect();
    assert_eq!(comments, ["/* d */", "/* f */", "/* k */"]);
}
