//! `tares scan`: folders, files, standard input.

use crate::stage::{EVIL, TALK, UNSAFE, repo, tares, tares_in};

#[test]
fn folders_and_files_are_judged_whole() {
    let repo = repo();
    repo.write("pkg/evil.py", EVIL)
        .write("pkg/tls.py", UNSAFE)
        .write("notes.md", "hello");
    tares_in(&repo)
        .run(["scan", "."])
        .ends(1)
        .shows("pkg/evil.py")
        .shows("pkg/tls.py")
        .shows("3 files")
        .shows("document 1");
    tares_in(&repo)
        .run(["scan", "pkg/tls.py"])
        .ends(0)
        .shows("tls-check-off")
        .shows("1 file,");
    tares_in(&repo)
        .run(["scan", "app.py"])
        .ends(0)
        .shows("pass")
        .shows("What this code does");
}

#[test]
fn ignored_files_are_left_out_unless_named() {
    let repo = repo();
    repo.write(".gitignore", "build/\n")
        .write("build/evil.py", EVIL);
    tares_in(&repo).run(["scan", "."]).ends(0);
    tares_in(&repo).run(["scan", "build/evil.py"]).ends(1);
}

#[test]
fn standard_input_is_judged_by_its_language() {
    tares()
        .input(UNSAFE)
        .run(["scan", "-", "--language", "python"])
        .ends(0)
        .shows("tls-check-off");
    tares()
        .input(format!("#!/usr/bin/env python3\n{EVIL}"))
        .run(["scan", "-"])
        .ends(1);
    tares()
        .input("x")
        .run(["scan", "-"])
        .ends(2)
        .complains("--language");
    tares()
        .input("x")
        .run(["scan", "-", "--language", "cobol"])
        .ends(2)
        .complains("cobol");
    tares()
        .input("")
        .run(["scan", "-", "--language", "python"])
        .ends(3)
        .complains("nothing to check");
}

#[test]
fn nothing_there_is_no_pass() {
    tares()
        .run(["scan", "."])
        .ends(3)
        .complains("nothing to check");
    tares()
        .run(["scan", "missing"])
        .ends(2)
        .complains("cannot look at missing");
}

#[test]
fn configuration_inside_counts_only_when_trusted() {
    let repo = repo();
    repo.write("tares.toml", "[rules]\ntls-check-off = \"off\"\n")
        .write("tls.py", UNSAFE);
    repo.write(
        "excused.py",
        UNSAFE.replace(
            "    return",
            "    # tares: allow tls-check-off -- a test server\n    return",
        ),
    );
    let plain = tares_in(&repo).run(["scan", "."]);
    plain.ends(0).shows("tls.py").shows("excused.py:6");
    let trusted = tares_in(&repo).run(["scan", ".", "--trust-config"]);
    assert!(!trusted.stdout.contains("tls-check-off"), "{trusted}");
    repo.write("tares.toml", "");
    let trusted = tares_in(&repo).run(["scan", ".", "--trust-config"]);
    trusted.ends(0).shows("1 suppressed").shows("tls.py:5");
}

#[test]
fn a_scan_in_many_batches_says_the_same() {
    let repo = repo();
    for i in 0..300 {
        repo.write(
            &format!("many/m{i:03}.py"),
            if i % 7 == 0 { UNSAFE } else { TALK },
        );
    }
    let one = tares_in(&repo)
        .variable("RAYON_NUM_THREADS", "1")
        .run(["scan", "many", "--format", "json"]);
    let four = tares_in(&repo)
        .variable("RAYON_NUM_THREADS", "4")
        .run(["scan", "many", "--format", "json"]);
    assert_eq!(one.stdout, four.stdout);
    assert_eq!(one.stdout.matches("\"tls-check-off\"").count(), 43);
}
