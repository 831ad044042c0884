//! Hostile Python: nothing panics, hangs or exhausts the stack of a worker.

use crate::python::lower;
use proptest::prelude::*;
use std::thread;
use tares_lang::tree::{ErrorReason, Expr, Stmt};
use tares_lang::{Interner, Language, MAX_SOURCE, Tree, parse};

/// What a worker has.
const STACK: usize = 16 << 20;

fn lower_as_worker(source: String) -> Tree {
    let run = move || parse(Language::Python, &source, &mut Interner::default());
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap()
}

fn has(tree: &Tree, reason: ErrorReason) -> bool {
    tree.errors.iter().any(|error| error.reason == reason)
}

#[test]
fn a_lone_carriage_return_ends_lines_and_comments() {
    let lowered = |source: &str| lower(source).1;
    for source in [
        "# a\rf(1)\rg(2)",
        "# a\rf(1)\r\ng(2)\r\n",
        "\rf(1)\n# b\rg(2)",
    ] {
        let (tree, text) = lower(source);
        assert_eq!(text, lowered("f(1)\ng(2)\n"), "{source:?}");
        assert!(tree.errors.is_empty(), "{source:?}");
        let spans = tree.stmt_spans.iter();
        let texts: Vec<&str> = spans.map(|span| span.text(source)).collect();
        assert_eq!(texts, ["f(1)", "g(2)"]);
    }
    assert_eq!(lowered("x = '''a\rb'''"), lowered("x = 'a\\nb'"));
}

#[test]
fn nested_brackets_end_at_the_depth_limit() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("a[", "]"),
        ("lambda: (", ")"),
    ] {
        let tree = lower_as_worker(format!("{}1{}\n", open.repeat(5_000), close.repeat(5_000)));
        assert!(
            has(&tree, ErrorReason::Depth) || has(&tree, ErrorReason::Budget),
            "{open}"
        );
        let tree = lower_as_worker(format!(
            "{}1{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        ));
        assert!(!tree.errors.is_empty(), "{open}");
        let tree = lower_as_worker(open.repeat(100_000));
        assert!(!tree.errors.is_empty(), "{open}");
        lower_as_worker(close.repeat(100_000));
    }
}

#[test]
fn right_nesting_ends_at_the_depth_limit() {
    for piece in ["not ", "-", "a ** ", "a if b else ", "lambda: ", "await "] {
        let tree = lower_as_worker(format!("{}a\n", piece.repeat(50_000)));
        assert!(!tree.errors.is_empty(), "{piece}");
    }
}

#[test]
fn deepest_allowed_nesting_fits_the_stack() {
    let lambdas = format!(
        "f({}1{})",
        "lambda x=[{'a': (".repeat(90),
        ")}]: 0".repeat(90)
    );
    lower_as_worker(lambdas);
    let mut blocks = String::new();
    for depth in 0..380 {
        blocks.push_str(&" ".repeat(depth));
        blocks.push_str(
            [
                "if a:\n",
                "for a in b:\n",
                "class A:\n",
                "def f():\n",
                "with a:\n",
            ][depth % 5],
        );
    }
    blocks.push_str(&" ".repeat(380));
    blocks.push_str("f(1)\n");
    let tree = lower_as_worker(blocks);
    assert!(
        tree.exprs
            .iter()
            .any(|expr| matches!(expr, Expr::Call { .. }))
    );
}

#[test]
fn long_chains_are_lowered_whole() {
    let long = 50_000;
    let chains = [
        (format!("a{}\n", " + a".repeat(long)), long),
        (format!("a{}\n", " and a".repeat(long)), long),
        (format!("a{}\n", ".b()".repeat(long)), 2 * long),
        (format!("a{}\n", "[0]".repeat(long)), long),
        (format!("{}1\n", "a = ".repeat(long)), long),
        (format!("a{}\n", " < a".repeat(long)), 2 * long - 1),
        (format!("f({})\n", "a,".repeat(long)), long),
        (format!("({})\n", "'a' ".repeat(long)), 1),
    ];
    for (source, least) in chains {
        let start = source[..20.min(source.len())].to_owned();
        let tree = lower_as_worker(source);
        assert_eq!(tree.errors, [], "{start}");
        assert!(tree.exprs.len() >= least, "{start}: {}", tree.exprs.len());
    }
    let arms = format!("if a: b\n{}", "elif a: b\n".repeat(long));
    assert!(lower_as_worker(arms).stmts.len() > long);
}

#[test]
fn large_lines_and_garbage_end() {
    let fill = |piece: &str, size: usize| piece.repeat(size / piece.len());
    for piece in ["a", "'", "\0", "#", "1", "\u{1f600}", "\t \n"] {
        lower_as_worker(fill(piece, MAX_SOURCE));
    }
    for piece in [
        "a ",
        "a\0",
        "a,",
        "x = 1;",
        "f'{",
        "def ",
        "@",
        "if a:\n ",
        "(a b\n",
        "class A(\n",
        "' \n",
    ] {
        lower_as_worker(fill(piece, MAX_SOURCE / 64));
    }
}

#[test]
fn looking_far_ahead_ends_at_the_budget() {
    let tree = lower_as_worker("\\\n".repeat(MAX_SOURCE / 64));
    assert!(has(&tree, ErrorReason::Budget));
    let (_, after) = lower("a()\n");
    assert_eq!(
        after, "(call a)\n",
        "the parser forgets the text that it gave up"
    );
}

#[test]
fn nul_bytes_do_not_hide_what_follows() {
    let (tree, text) = lower("a()\n\0\nb()\n");
    assert!(text.contains("(call b)"), "{text}");
    assert!(has(&tree, ErrorReason::Syntax));
}

#[test]
fn empty_texts_give_empty_trees() {
    for source in ["", "\n", " ", "\u{feff}", "# c", "\\"] {
        let (tree, text) = lower(source);
        assert_eq!(text, "", "{source:?}");
        assert!(tree.stmts.is_empty());
    }
}

/// Spans lie within the source and on character boundaries, children within their parents.
fn check_spans(source: &str, tree: &Tree) {
    let fits =
        |span: tares_lang::tree::Span| source.get(span.start as usize..span.end as usize).is_some();
    assert!(
        tree.expr_spans
            .iter()
            .chain(&tree.stmt_spans)
            .chain(&tree.comments)
            .all(|&span| fits(span))
    );
    assert!(tree.errors.iter().all(|error| fits(error.span)));
    assert_eq!(tree.exprs.len(), tree.expr_spans.len());
    assert_eq!(tree.stmts.len(), tree.stmt_spans.len());
    for (expr, span) in tree.exprs.iter().zip(&tree.expr_spans) {
        let within = |id| span.contains(tree.span(id));
        match *expr {
            Expr::Attr { object, .. } => assert!(within(object), "{span:?}"),
            Expr::Call { callee, args, .. } => {
                assert!(
                    within(callee) && tree.exprs(args).iter().all(|&id| within(id)),
                    "{span:?}"
                );
            }
            Expr::Binary { left, right, .. } | Expr::Logic { left, right, .. } => {
                assert!(within(left) && within(right), "{span:?}");
            }
            Expr::List(items) | Expr::Tuple(items) | Expr::Set(items) | Expr::Map(items) => {
                assert!(tree.exprs(items).iter().all(|&id| within(id)), "{span:?}");
            }
            _ => {}
        }
    }
    for (stmt, span) in tree.stmts.iter().zip(&tree.stmt_spans) {
        if let Stmt::While { test, .. } | Stmt::If { test, .. } = stmt {
            assert!(span.contains(tree.span(*test)), "{span:?}");
        }
    }
}

const SEED: &str = "import os\n@d(1)\nasync def f(a, *b, c: int = 3, **k) -> T:\n    '''doc'''\n    with open(f'{a!r:>{k}}') as g, h:\n        x = y = [i for i in range(3) if i not in b]\n    try:\n        await os.system('rm ' + a.b(c)[1:2].d)\n    except (E, F) as e:\n        raise G from e\n    match x:\n        case [1, *r] | P(z=q) if r: print(lambda u: (yield u))\n    return {**k, 'a': b'\\x41'} if a < 3 <= c else None\n";

fn mutated() -> impl Strategy<Value = String> {
    let edit = (
        0..SEED.len(),
        0..12_usize,
        prop::sample::select(vec![
            "", "(", ")", "'", "\n", "    ", ":", "=", "{", "}", "\0", "\u{e9}", "def ", "$", "#",
            "f\"", "*", ",",
        ]),
    );
    prop::collection::vec(edit, 1..12).prop_map(|edits| {
        let mut bytes = SEED.as_bytes().to_vec();
        for (at, cut, text) in edits {
            let at = at.min(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, text.bytes());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_gives_a_sound_tree(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let source = String::from_utf8_lossy(&bytes);
        check_spans(&source, &lower(&source).0);
    }

    #[test]
    fn any_signs_give_a_sound_tree(source in "[ \n\t(){}\\[\\]'\"=:.,#@*a-c0-9\\\\fb!%+-]{0,200}") {
        check_spans(&source, &lower(&source).0);
    }

    #[test]
    fn any_mutation_gives_a_sound_tree(source in mutated()) {
        check_spans(&source, &lower(&source).0);
    }

    #[test]
    fn any_beginning_gives_a_sound_tree(end in 0..SEED.len()) {
        check_spans(&SEED[..end], &lower(&SEED[..end]).0);
    }
}
