//! Programs run in a world of their own. Shown with the shell, where there is one.
#![cfg(unix)]

use tares_testkit::Program;

fn shell(script: &str) -> tares_testkit::Answer {
    Program::new("/bin/sh").run(["-c", script])
}

#[test]
fn the_environment_is_empty_but_for_the_house() {
    let answer = shell("echo \"[$CARGO_MANIFEST_DIR][$COLUMNS][$HOME]\"; pwd; git --version");
    assert_eq!(answer.shown(), "[][100][[HOME]]\n[WORK]\n");
    answer.ends(127).complains("git");
}

#[test]
fn output_input_and_code_come_back() {
    let program = Program::new("/bin/sh")
        .input("hello\n")
        .variable("EXTRA", "more");
    let answer = program.run(["-c", "read word; echo $word $EXTRA; echo oops >&2; exit 4"]);
    answer.ends(4).shows("hello more\n").complains("oops\n");
    assert_eq!(
        answer.to_string(),
        "exit 4\n--- stdout\nhello more\n--- stderr\noops\n"
    );
}

#[test]
fn much_output_and_unread_input_do_not_block() {
    let program = Program::new("/bin/sh").input(vec![b'x'; 1 << 20]);
    let script = "i=0; while [ $i -lt 20000 ]; do echo 0123456789 >&2; i=$((i+1)); done";
    assert_eq!(program.run(["-c", script]).stderr.len(), 20_000 * 11);
}

#[test]
fn the_home_outlives_a_run() {
    let program = Program::new("/bin/sh");
    program
        .run(["-c", "echo kept > $XDG_CACHE_HOME/entry"])
        .ends(0);
    program
        .run(["-c", "read word < $XDG_CACHE_HOME/entry; echo $word"])
        .shows("kept");
    assert!(program.cache().join("entry").exists());
}
