//! `tares demo`: a real run over a made-up change.

use crate::stage::tares;

#[test]
fn the_demo_shows_what_the_change_hides() {
    let answer = tares().run(["demo"]);
    answer
        .ends(0)
        .shows("block[signs-add-up]")
        .shows("tls-check-off")
        .shows("suppression-refused")
        .shows("standby.avatar-cdn.example");
    answer.shows("tares check --base origin/main");
    assert!(answer.stderr.is_empty(), "{answer}");
}

#[test]
fn the_repository_of_the_demo_is_a_real_one() {
    let program = tares();
    let answer = program.run(["demo", "--keep"]);
    let folder = answer
        .stdout
        .lines()
        .last()
        .unwrap()
        .trim_start_matches("The repository stays in ")
        .trim_end_matches('.')
        .to_owned();
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .arg("-C")
            .arg(&folder)
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(git(&["status", "--short"]), "");
    assert_eq!(
        git(&["log", "--format=%s", "--all"]),
        "Add avatar upload\nShow and change profiles\n"
    );
    assert!(
        std::process::Command::new("git")
            .arg("-C")
            .arg(&folder)
            .args(["fsck", "--strict"])
            .status()
            .unwrap()
            .success()
    );
    tares()
        .folder(&folder)
        .run(["check", "--base", "main"])
        .ends(1);
}

#[test]
fn the_text_of_the_demo() {
    let answer = tares().run(["demo"]);
    let shown = answer.shown();
    let folder = shown
        .split_whitespace()
        .find(|word| word.contains("tares-demo-"))
        .unwrap()
        .trim_end_matches(';');
    insta::assert_snapshot!(shown.replace(folder, "[FOLDER]"));
}
