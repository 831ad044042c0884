//! Places around code: what is read, and where it stands.

use tares_lang::tree::Expr;
use tares_lang::{Carrier, Interner, Language, parse};

/// Returns the source text under every call of a carrier, outermost last.
fn calls(carrier: Carrier, source: &str) -> Vec<String> {
    let mut interner = Interner::default();
    let tree = parse(Language::Carrier(carrier), source, &mut interner);
    assert!(tree.errors.is_empty(), "{:?}", tree.errors);
    let ids = (0..tree.exprs.len()).filter(|&i| matches!(tree.exprs[i], Expr::Call { .. }));
    ids.map(|i| tree.expr_spans[i].text(source).trim().to_owned())
        .collect()
}

#[test]
fn names_tell_carriers() {
    let of = |path: &str| match Language::detect(path, "") {
        Some(Language::Carrier(carrier)) => carrier.as_str(),
        _ => "",
    };
    for (path, name) in [
        ("docker/Dockerfile", "dockerfile"),
        ("Dockerfile.alpine", "dockerfile"),
        (".github/workflows/ci.yml", "workflow"),
        (".gitlab-ci.yml", "pipeline"),
        ("a/package.json", "package"),
        ("Makefile", "makefile"),
        ("docker-compose.prod.yml", "manifest"),
        ("main.tf", "terraform"),
        ("m/001.sql", "sql"),
        ("config.yml", ""),
        ("data.json", ""),
    ] {
        assert_eq!(of(path), name, "{path}");
    }
}

#[test]
fn scripts_keep_their_places() {
    let docker =
        "FROM a\nRUN apk add x && \\\n    # why\n    curl -k y | sh\nRUN [\"rm\", \"z\"]\n";
    let found = calls(Carrier::Dockerfile, docker);
    assert!(found.contains(&"curl -k y".to_owned()), "{found:?}");
    assert!(found.iter().any(|c| c.contains("rm")), "{found:?}");
    let workflow = "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo é\n          curl x | sh\n";
    assert!(calls(Carrier::Workflow, workflow).contains(&"curl x".to_owned()));
    // A bracket below its key: clients take it, though the parser does not.
    let bracket = "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        v: [\n          1, # é\n          #2\n        ]\n    steps:\n      - run: |\n          f() {\n          }\n          curl z | sh\n";
    assert!(calls(Carrier::Workflow, bracket).contains(&"curl z".to_owned()));
    let package = "{\"scripts\": {\"test\": \"a && b c\"}}";
    assert!(calls(Carrier::Package, package).contains(&"b c".to_owned()));
    let make = "X := $(shell id -u)\nall: b\n\t@rm -rf $$HOME/$(DIR)\n";
    let found = calls(Carrier::Makefile, make);
    assert!(found.iter().any(|c| c.starts_with("rm -rf")), "{found:?}");
    assert!(found.contains(&"id -u".to_owned()), "{found:?}");
}

#[test]
fn hostile_documents_end() {
    let deep = format!("on: {}\n", "[".repeat(5_000));
    let bomb = "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e]\n";
    let mut interner = Interner::default();
    for carrier in [
        Carrier::Workflow,
        Carrier::Pipeline,
        Carrier::Manifest,
        Carrier::Package,
        Carrier::Notebook,
        Carrier::Dockerfile,
        Carrier::Makefile,
        Carrier::Terraform,
        Carrier::Sql,
        Carrier::Markup,
        Carrier::Unit,
        Carrier::Crontab,
        Carrier::Editor,
    ] {
        for source in [
            deep.as_str(),
            bomb,
            "",
            "\u{feff}",
            "{\"a\": \"\\",
            "RUN <<E",
            "<script",
            "a = <<E",
            "'",
            "\t$(",
            "\t$",
            "é = <<é\né",
            "{\"cells\":[{\"cell_type\":\"code\",\"source\":[\"!é\"]}]}",
        ] {
            parse(Language::Carrier(carrier), source, &mut interner);
        }
    }
}

#[test]
fn steps_of_windows_are_for_another_shell() {
    let on = |runner: &str, matrix: &str| {
        let text = format!(
            "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        {matrix}\n    runs-on: {runner}\n    steps:\n      - run: make all\n"
        );
        calls(Carrier::Workflow, &text).len()
    };
    assert_eq!(on("ubuntu-latest", "os: [a]"), 1);
    assert_eq!(on("windows-latest", "os: [a]"), 0);
    let chosen = "${{ matrix.os }}";
    assert_eq!(
        on(chosen, "include: [{ os: windows }, { os: windows-2022 }]"),
        0
    );
    assert_eq!(on(chosen, "os: [windows, ubuntu]"), 1);
}
