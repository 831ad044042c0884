//! The help texts, as one snapshot.

use crate::stage::tares;
use std::fmt::Write as _;

#[test]
fn help_of_every_command() {
    let mut text = String::new();
    for command in [
        &[][..],
        &["check"],
        &["scan"],
        &["inputs"],
        &["tools"],
        &["tools", "list"],
        &["tools", "lock"],
        &["tools", "verify"],
        &["explain"],
        &["rules"],
        &["models"],
        &["init"],
        &["demo"],
        &["completions"],
        &["man"],
    ] {
        let arguments = command.iter().chain(&["--help"]);
        let answer = tares().run(arguments);
        answer.ends(0);
        writeln!(
            text,
            "$ tares {}\n{}",
            [command, &["--help"]].concat().join(" "),
            answer.shown()
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_version_is_the_one_of_the_crate() {
    let answer = tares().run(["--version"]);
    assert_eq!(
        answer.stdout,
        format!("tares {}\n", env!("CARGO_PKG_VERSION"))
    );
}
