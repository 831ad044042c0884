//! JSX and TSX.

use super::check_as;
use tares_lang::Language;

#[track_caller]
fn check(source: &str, expected: &str) {
    check_as(Language::JavaScript, source, expected);
    check_as(Language::Tsx, source, expected);
}

#[test]
fn elements() {
    check("<a/>", "(element \"a\" (map))");
    check(
        "<A.B c='d' e={f} g {...h}>i{j}</A.B>",
        r#"(element A.B (map (pair "c" "d") (pair "e" f) (pair "g" true) (** h)) "i" j)"#,
    );
    check("<><C/></>", "(element \"\" (map) (element C (map)))");
    check(
        "<my-tag data-x=\"1\"></my-tag>",
        r#"(element "my-tag" (map (pair "data-x" "1")))"#,
    );
    check(
        "<svg:a b:c='d'/>",
        r#"(element "svg:a" (map (pair "b:c" "d")))"#,
    );
    check(
        "<a b=<c/>/>",
        r#"(element "a" (map (pair "b" (element "c" (map)))))"#,
    );
}

#[test]
fn text() {
    check(
        "<a>\n  b\n  c {/* d */}\n</a>",
        r#"(element "a" (map) "b c ")"#,
    );
    check(
        "<a title='x &amp; &#65;'/>",
        r#"(element "a" (map (pair "title" "x & A")))"#,
    );
}

#[test]
fn markup_that_is_trusted() {
    check(
        "<p dangerouslySetInnerHTML={{__html: a}} onClick={() => b()}/>",
        "(element \"p\" (map (pair \"dangerouslySetInnerHTML\" (map (pair \"__html\" a))) (pair \"onClick\" (def arrow ()\n  (return (call b))))))",
    );
}

#[test]
fn generics() {
    check_as(
        Language::Tsx,
        "const a = <T,>(b: T) => <C<T> d={b as any}/>",
        "(let = a (def arrow (b:T)\n  (return (element C (map (pair \"d\" b))))))",
    );
}
