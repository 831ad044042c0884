//! How a file says which language it is.

use tares_lang::Language::{self, JavaScript, Python, Shell, Tsx, TypeScript};

#[test]
fn extension_decides_before_the_first_line() {
    let cases = [
        ("a.py", Some(Python)),
        ("dir.d/a.PYI", Some(Python)),
        ("a.pyw", Some(Python)),
        ("a.js", Some(JavaScript)),
        ("a.mjs", Some(JavaScript)),
        ("a.cjs", Some(JavaScript)),
        ("a.jsx", Some(JavaScript)),
        ("a.d.ts", Some(TypeScript)),
        ("a.mts", Some(TypeScript)),
        ("a.cts", Some(TypeScript)),
        ("a.tsx", Some(Tsx)),
        ("a.jsm", Some(JavaScript)),
        ("a.es6", Some(JavaScript)),
        ("site/SConstruct", Some(Python)),
        ("wscript", Some(Python)),
        ("Jakefile", Some(JavaScript)),
        ("cmd/a.go", Some(Language::Go)),
        ("a.rs", None),
        ("py", None),
        ("dir.py/readme", None),
        ("", None),
    ];
    for (path, expected) in cases {
        assert_eq!(Language::detect(path, ""), expected, "{path}");
    }
    assert_eq!(
        Language::detect("a.ts", "#!/usr/bin/python"),
        Some(TypeScript)
    );
}

#[test]
fn shebang_names_the_interpreter() {
    let cases = [
        ("#!/usr/bin/python", Some(Python)),
        ("#!/usr/bin/env python3.12", Some(Python)),
        ("#!/usr/bin/env -S python3 -u", Some(Python)),
        ("#!/usr/bin/env -S uv run --script", Some(Python)),
        ("#!/usr/bin/env node", Some(JavaScript)),
        ("#!/usr/bin/env -S deno run -A", Some(TypeScript)),
        ("#! /opt/bin/bun", Some(TypeScript)),
        ("#!/bin/sh", Some(Shell)),
        ("#!/usr/bin/perl", None),
        ("python", None),
        ("", None),
    ];
    for (line, expected) in cases {
        assert_eq!(Language::detect("bin/tool", line), expected, "{line}");
    }
    assert_eq!(
        Language::detect("bin/tool.cgi", "#!/usr/bin/python3"),
        Some(Python)
    );
}

#[test]
fn names_go_both_ways() {
    for language in [Python, JavaScript, TypeScript, Tsx] {
        assert_eq!(Language::from_name(language.as_str()), Some(language));
    }
    let aliases = [
        ("py", Python),
        ("js", JavaScript),
        ("JSX", JavaScript),
        ("ts", TypeScript),
        ("golang", Language::Go),
    ];
    for (name, language) in aliases {
        assert_eq!(Language::from_name(name), Some(language));
    }
    assert_eq!(Language::from_name("cobol"), None);
}
