//! The cache: same words with it, without it, and when it cannot be written.

use crate::stage::{UNSAFE, repo, tares_in};

#[test]
fn a_second_run_says_the_same() {
    let repo = repo();
    repo.write("app.py", UNSAFE)
        .write("pkg/user.py", "from app import talk\n\ntalk()\n");
    let program = tares_in(&repo);
    let cold = program.run(["check", "--format", "json"]);
    assert!(
        std::fs::read_dir(program.cache()).unwrap().next().is_some(),
        "something is kept"
    );
    let warm = program.run(["check", "--format", "json"]);
    let without = program.run(["check", "--format", "json", "--no-cache"]);
    assert_eq!(cold.stdout, warm.stdout);
    assert_eq!(cold.stdout, without.stdout);
}

#[test]
fn without_a_cache_nothing_is_written() {
    let repo = repo();
    repo.write("app.py", UNSAFE);
    let program = tares_in(&repo);
    program.run(["check", "--no-cache"]).ends(0);
    assert!(std::fs::read_dir(program.cache()).unwrap().next().is_none());
}

#[test]
fn a_cache_that_cannot_be_written_changes_no_verdict() {
    let repo = repo();
    repo.write("app.py", UNSAFE);
    let file = repo.path().join(".git/not-a-folder");
    std::fs::write(&file, "").unwrap();
    for place in [file.to_str().unwrap(), "/proc/nowhere", "/dev/full"] {
        let answer = tares_in(&repo)
            .variable("TARES_CACHE_DIR", place)
            .run(["check"]);
        answer
            .ends(0)
            .shows("tls-check-off")
            .complains("--no-cache");
    }
}
