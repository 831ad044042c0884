//! Broken text and excerpts: what was understood is there, the rest is reported.

use super::tree_of;
use tares_lang::tree::ErrorReason;
use tares_lang::{Language, sexpr};

/// Asserts the tree and the stretches that were not understood.
#[track_caller]
fn check(source: &str, expected: &str, errors: &[&str]) {
    let (tree, interner) = tree_of(Language::JavaScript, source);
    assert_eq!(sexpr(&tree, &interner).trim_end(), expected, "{source}");
    let found: Vec<_> = tree
        .errors
        .iter()
        .map(|error| error.span.text(source))
        .collect();
    assert_eq!(found, errors, "{source}");
    assert!(
        tree.errors
            .iter()
            .all(|error| error.reason == ErrorReason::Syntax),
        "{source}"
    );
}

#[test]
fn stray_tokens() {
    check("a(); ) b();", "(call a)\n(call b)", &[")"]);
    check("f(a b);\nok(1)", "(call f a)\n(call ok 1)", &["b"]);
}

#[test]
fn methods_without_their_class() {
    check(
        "  async foo(a, {b}, c = 1, ...d) {\n    return this.x(a);\n  }\n\n  bar() {\n    y();\n  }\n",
        "(def async foo (a (map (pair \"b\" b)) c=1 *d)\n  (return (call this.x a)))\n(def bar ()\n  (call y))",
        &["foo", "", ""],
    );
}

#[test]
fn ends_before_beginnings() {
    check(
        "  }\n  z(1);\n}\n\nfunction f(a) {\n  g(a);\n",
        "(call z 1)\n(def f (a)\n  (call g a))",
        &["}", "}", ""],
    );
    check(
        "  }, [a]);\n\n  const f = () => {\n    run(x);\n  };\n",
        "(list a)\n(let = f (def arrow ()\n  (call run x)))",
        &["},", ")"],
    );
}

#[test]
fn text_still_arriving() {
    check(
        "export class A {\n  m(a) {\n    foo(a);\n",
        "(def m (a)\n  (call foo a))",
        &["export class A {\n  m(a) {"],
    );
    check("foo();\nimport { a, b", "(call foo)", &["import { a, b"]);
    check("foo();\nx = 'abc", "(call foo)", &["x = 'abc"]);
}

#[test]
fn cases_without_their_switch() {
    check(
        "    case 'x':\n      foo(1);\n      break;\n",
        "(call foo 1)\n(break)",
        &["case 'x':"],
    );
}

#[test]
fn every_cut_of_a_file_gives_a_tree() {
    let source = "import a from 'b';\nclass C extends D { #e = `f${g}`; async h({i, ...j} = {}) { return <k l={m}>n</k>; } }\n";
    for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
        for (cut, _) in source.char_indices() {
            tree_of(language, &source[..cut]);
            tree_of(language, &source[cut..]);
        }
    }
}
