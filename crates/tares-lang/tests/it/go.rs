//! Go as neutral trees.

use std::time::Instant;
use tares_lang::{Interner, Language, parse, sexpr};

fn tree(source: &str) -> (String, usize) {
    let mut interner = Interner::default();
    let tree = parse(Language::Go, source, &mut interner);
    (sexpr(&tree, &interner), tree.errors.len())
}

/// Asserts the tree of a file.
#[track_caller]
fn file(source: &str, expected: &str) {
    let (shown, errors) = tree(source);
    assert_eq!(shown.trim(), expected.trim(), "{source}");
    assert_eq!(errors, 0, "{source}");
}

/// Asserts the tree of statements inside a function.
#[track_caller]
fn body(source: &str, expected: &str) {
    let indented: Vec<String> = expected.lines().map(|l| format!("  {l}")).collect();
    file(
        &format!("package p\nfunc f() {{\n{source}\n}}"),
        &format!("(def f ()\n{})", indented.join("\n")),
    );
}

#[test]
fn imports_bind_the_name_of_the_package() {
    file(
        "package p\nimport (\n\"net/http\"\nx \"a/b\"\n_ \"c\"\n. \"d\"\n\"g.example/go-z/v2\"\n\"gopkg.in/yaml.v3\"\n)",
        "(import net/http as http)\n(import a/b as x)\n(import c)\n(import d as .)\n(import g.example/go-z/v2 as z)\n(import gopkg.in/yaml.v3 as yaml)",
    );
}

#[test]
fn declarations_stand_in_the_order_of_the_language() {
    file(
        "package p\nvar x = g()\nfunc init() { a() }\nfunc g() int { return 1 }\nconst c = 2\ntype t struct { n int }\nfunc (v *t) m() {}",
        "(class t ()\n  (def m (v:t)))\n(= t.n :int (other))\n(def g () -> int\n  (return 1))\n(let = c 2)\n(let = x (call g))\n(call (def init ()\n  (call a)))",
    );
}

#[test]
fn constants_repeat_and_count() {
    file(
        "package p\nconst (\n\ta = iota * 2\n\tb\n\t_\n\tc\n)",
        "(let = a (* 0 2))\n(let = b (* 1 2))\n(let = _ (* 2 2))\n(let = c (* 3 2))",
    );
}

#[test]
fn statements() {
    body("a, b := f(), 2", "(let = (tuple a b) (tuple (call f) 2))");
    body("x++; x -= 2; x &^= 1", "(+= x 1)\n(-= x 2)\n(&= x (~ 1))");
    body("go f(1)", "(call go f 1)");
    body("defer f()", "(call f)");
    body(
        "ch <- 1; v := <-ch",
        "(call chan<- ch 1)\n(let = v (call <- ch))",
    );
    body(
        "for i := range 3 { f(i) }",
        "(block\n  (let = i (other))\n  (for i (call range key 3)\n    (call f i)))",
    );
    body(
        "if v, err := f(); err != nil { g(v) }",
        "(block\n  (let = (tuple v err) (call f))\n  (if (!= err null)\n    (call g v)))",
    );
}

#[test]
fn literals_of_types() {
    body("T{1, 2}", "(new T 1 2)");
    body("&p.T{A: 1}", "(await (new p.T A=1))");
    body(
        "x := []T{{A: 1}, {B: 2}}",
        "(let = x (list (new T A=1) (new T B=2)))",
    );
    body(
        "x := map[string]int{\"a\": 1, k: 2}",
        "(let = x (map (pair \"a\" 1) (pair k 2)))",
    );
    body("x := '\\n'", "(let = x 10)");
    body("x := '\\''", "(let = x 39)");
    body("x := \"a\\x62\\143\\u0064\"", "(let = x \"abcd\")");
    body(
        "x := []byte(s)[1:]",
        "(let = x (index (call []byte s) (slice 1 null null)))",
    );
    body("x := y.(*T)", "(let = x (call .(type) y T))");
}

#[test]
fn what_is_broken_is_saved() {
    let (shown, errors) = tree("package p\nfunc f() {\n\tx := exec.Command(\"sh\", \"-c\", cmd");
    assert!(
        shown.contains("(call exec.Command \"sh\" \"-c\" cmd"),
        "{shown}"
    );
    assert!(errors > 0);
    let (shown, _) = tree("resp, err := http.Get(url)\nif err != nil {\n\treturn err\n}");
    assert!(shown.contains("(call http.Get url)"), "{shown}");
}

#[test]
fn hostile_text_ends() {
    let begin = Instant::now();
    for source in [
        "(".repeat(100_000),
        "func ".repeat(20_000),
        format!("package p\nvar x = {}1", "f(".repeat(50_000)),
        format!("package p\nvar x = {}", "[]".repeat(50_000)),
        format!("package p\nvar x = 1{}", " + 1".repeat(20_000)),
        format!("package p\nfunc f() {{ {} }}", "if x { ".repeat(20_000)),
        format!("package p\ntype t {}int", "*".repeat(50_000)),
        "case x:\n".repeat(2_000),
        "'\\".repeat(3_000),
        "\"\\".repeat(3_000),
    ] {
        std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || tree(&source))
            .unwrap()
            .join()
            .unwrap();
    }
    assert!(begin.elapsed().as_secs() < 120);
}

#[test]
fn every_beginning_of_a_file_gives_a_tree() {
    let source = "package p\nimport \"fmt\"\ntype T struct{ a, b int }\nfunc (t *T) M(x ...string) (n int, err error) {\n\tfor i, v := range x { switch { case v == \"é\": fmt.Println(T{1, i}, 'x') } }\n\tselect { case y := <-c: _ = y; default: }\n\treturn\n}\n";
    for end in 0..=source.len() {
        if source.is_char_boundary(end) {
            tree(&source[..end]);
        }
    }
}
