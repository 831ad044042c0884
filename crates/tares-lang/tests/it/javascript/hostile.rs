//! Text that is written to break a reader.

use super::tree_of;
use proptest::prelude::*;
use tares_lang::tree::{ErrorReason, Expr};
use tares_lang::{Language, MAX_SOURCE, sexpr};

const LANGUAGES: [Language; 3] = [Language::JavaScript, Language::TypeScript, Language::Tsx];

/// Runs on a stack that is smaller than what a plain recursion would need.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(run)
        .unwrap();
    thread.join().unwrap();
}

#[test]
fn escapes_in_names_are_read() {
    let lowered = |source: &str| {
        let (tree, interner) = tree_of(Language::TypeScript, source);
        sexpr(&tree, &interner)
    };
    for (escaped, plain) in [
        (r"\u0065val(x)", "eval(x)"),
        (r"cp.\u{65}xec(x)", "cp.exec(x)"),
        (r"const {\u0065xec} = cp", "const {exec} = cp"),
        (r"const {\u0065xec = 1} = cp", "const {exec = 1} = cp"),
        (r"({\u0065xec})", "({exec})"),
        (r"({\u0065xec: 1})", "({exec: 1})"),
        (
            r"import {\u0065xec as a} from 'cp'",
            "import {exec as a} from 'cp'",
        ),
        (
            r"function f(\u0061) { return a }",
            "function f(a) { return a }",
        ),
        (r"class A { \u0061() {} }", "class A { a() {} }"),
    ] {
        assert_eq!(lowered(escaped), lowered(plain), "{escaped}");
    }
}

#[test]
fn deep_nesting() {
    on_small_stack(|| {
        for open in [
            "(",
            "[",
            "{",
            "f(",
            "!",
            "a=",
            "a=>",
            "a?",
            "{a:",
            "`${",
            "<a>",
            "class A{b(){",
            "if(a)",
            "x:",
            "new ",
            "() => {",
        ] {
            for language in LANGUAGES {
                let source = open.repeat(100_000 / open.len());
                let (tree, interner) = tree_of(language, &source);
                sexpr(&tree, &interner);
            }
        }
    });
}

#[test]
fn type_arguments_that_never_close_are_refused() {
    for piece in ["f<a,", "f<a|", "f<a.b,"] {
        for language in [Language::TypeScript, Language::Tsx] {
            let (tree, _) = tree_of(language, &piece.repeat(3_000));
            assert!(
                tree.errors.iter().any(|e| e.reason == ErrorReason::Budget),
                "{piece}"
            );
            let (tree, _) = tree_of(language, &"x = a < b;\ny = <A<B>>c;\n".repeat(3_000));
            assert!(tree.errors.iter().all(|e| e.reason != ErrorReason::Budget));
        }
    }
}

#[test]
fn deep_nesting_is_reported() {
    on_small_stack(|| {
        let source = format!("{}x{}", "(".repeat(1000), ")".repeat(1000));
        let (tree, _) = tree_of(Language::JavaScript, &source);
        assert!(
            tree.errors
                .iter()
                .any(|error| error.reason == ErrorReason::Depth)
        );
    });
}

#[test]
fn long_chains_are_whole() {
    on_small_stack(|| {
        let cases = [
            ("a", "+b", 5000),
            ("a", ".then(b)", 5000),
            ("a", ".b", 5000),
            ("a", "[b]", 5000),
            ("a", ", b", 5000),
            ("a", " && b", 5000),
            ("if (a) b", "; else if (a) b", 5000),
            ("a = ", "a = ", 5000),
        ];
        for (first, link, count) in cases {
            for language in LANGUAGES {
                let source = format!(
                    "{first}{}{}",
                    link.repeat(count),
                    if link == "a = " { "1" } else { "" }
                );
                let (tree, interner) = tree_of(language, &source);
                assert_eq!(tree.errors, [], "{link}");
                assert!(tree.exprs.len() + tree.stmts.len() > count, "{link}");
                sexpr(&tree, &interner);
            }
        }
    });
}

#[test]
fn nul_bytes_and_strange_text() {
    for language in LANGUAGES {
        for source in [
            "\0",
            "a\0b()",
            "'\0'",
            "\u{feff}a()",
            "a\u{2028}b",
            "/*",
            "`",
            "'",
            "/",
            "<",
            "\\u0061",
            "#!",
            "@",
            "0x",
            "1n",
            "'\\",
            "`\\u{",
        ] {
            tree_of(language, source);
        }
    }
}

#[test]
fn one_long_line() {
    on_small_stack(|| {
        let source = "x(1);".repeat(MAX_SOURCE / 5);
        let (tree, _) = tree_of(Language::JavaScript, &source);
        assert_eq!(tree.errors, []);
        assert_eq!(tree.body.len as usize, MAX_SOURCE / 5);
        let source = format!("'{}'", "a".repeat(MAX_SOURCE - 2));
        let (tree, _) = tree_of(Language::JavaScript, &source);
        assert!(matches!(&tree.exprs[0], Expr::Str(text) if text.len() == MAX_SOURCE - 2));
    });
}

#[test]
fn minified_code() {
    let source = "!function(e,t){\"object\"==typeof exports?module.exports=t():e.x=t()}(this,(function(){var e=1,t=2;return e||(t=3),function(n){for(var r=0,o=n.length;r<o;r++)n[r]&&e?t++:(e--,n[r]())}}));";
    let (tree, _) = tree_of(Language::JavaScript, &source.repeat(200));
    assert_eq!(tree.errors, []);
    assert_eq!(tree.funcs.len(), 3 * 200);
}

#[test]
fn garbage_ends() {
    on_small_stack(|| {
        for piece in [
            "}{)(", "class ", "\"'`", "<a b={", "=> (", "import {", "?.:", "case x:", "@a ", "/* ",
        ] {
            for language in LANGUAGES {
                tree_of(language, &piece.repeat(20_000 / piece.len()));
            }
        }
    });
}

/// Text on which a look ahead or back without bound would take the square of its length.
#[test]
fn look_ahead_is_bounded() {
    on_small_stack(|| {
        let braces = format!("'{}'", "\\u{".repeat(300_000));
        let references = format!("<a b='{}'/>", "&".repeat(1 << 20));
        let members = format!("a{}(){}", ".b".repeat(100_000), ".c".repeat(100_000));
        let gap = format!(
            "/** */{}{}",
            " ".repeat(1 << 19),
            "function f() {}".repeat(30_000)
        );
        for source in [braces, references, members, gap] {
            tree_of(Language::Tsx, &source);
        }
    });
}

/// Pieces that between them reach most of the grammar.
const PIECES: &[&str] = &[
    "a",
    "b.c",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=>",
    "=",
    "+",
    ",",
    ";",
    ":",
    "?",
    "?.",
    "...",
    "`",
    "${",
    "'x'",
    "1",
    "/r/",
    "<a>",
    "</a>",
    "<",
    ">",
    "/>",
    "function ",
    "class ",
    "extends ",
    "async ",
    "await ",
    "yield ",
    "static ",
    "get ",
    "if ",
    "else ",
    "for ",
    "of ",
    "in ",
    "switch ",
    "case ",
    "default ",
    "try ",
    "catch ",
    "return ",
    "import ",
    "export ",
    "from ",
    "as ",
    "type ",
    "enum ",
    "namespace ",
    "declare ",
    "@d ",
    "#p",
    "*",
    "!",
    "++",
    "//c\n",
    "/*c*/",
    "\n",
    "new ",
    "let ",
    "const ",
    "var ",
    "interface ",
    "abstract ",
    "private ",
    "\\",
    "\0",
    "é",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_text_gives_a_tree(source in any::<String>()) {
        for language in LANGUAGES {
            tree_of(language, &source);
        }
    }

    #[test]
    fn any_tokens_give_a_tree_with_spans_inside(picks in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let source: String = picks.iter().map(|&pick| PIECES[pick]).collect();
        for language in LANGUAGES {
            let (tree, interner) = tree_of(language, &source);
            sexpr(&tree, &interner);
            for span in tree.expr_spans.iter().chain(&tree.stmt_spans).chain(&tree.comments) {
                prop_assert!(span.start <= span.end && source.get(span.start as usize..span.end as usize).is_some());
            }
        }
    }
}
