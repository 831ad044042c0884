//! The gate cannot be disarmed by what it judges.

use crate::stage::{EVIL, TALK, UNSAFE, repo, tares_in};
use tares_testkit::TestRepo;

const OFF: &str = "exclude = [\"**\"]\n[rules]\n\"*\" = \"off\"\n";

#[test]
fn configuration_of_the_target_counts_and_that_of_head_is_a_finding() {
    let repo = repo();
    repo.branch("feature")
        .file("app.py", EVIL)
        .file("tares.toml", OFF)
        .commit("Change");
    let answer = tares_in(&repo).run(["check", "--base", "main"]);
    answer
        .ends(1)
        .shows("policy-loosened")
        .shows("app.py")
        .shows("block[");
    tares_in(&repo)
        .run(["check", "--base", "main", "--verbose"])
        .shows("built-in profile `standard`");
}

#[test]
fn the_tip_of_the_target_counts_not_the_old_base() {
    let repo = TestRepo::new();
    repo.file("app.py", TALK)
        .file("tares.toml", OFF)
        .commit("Lax");
    repo.branch("feature").file("app.py", EVIL).commit("Change");
    repo.switch("main")
        .file("tares.toml", "")
        .commit("Strict again");
    repo.switch("feature");
    tares_in(&repo)
        .run(["check", "--base", "main"])
        .ends(1)
        .shows("block[");
}

#[test]
fn a_policy_on_the_target_is_obeyed() {
    let repo = TestRepo::new();
    repo.file("app.py", TALK)
        .file("tares.toml", "[rules]\ntls-check-off = \"block\"\n")
        .commit("Start");
    repo.write("app.py", UNSAFE);
    tares_in(&repo)
        .run(["check"])
        .ends(1)
        .shows("block[tls-check-off]");
    let elsewhere = repo.path().join("other.toml");
    std::fs::write(&elsewhere, "[rules]\ntls-check-off = \"note\"\n").unwrap();
    tares_in(&repo)
        .run(["check", "--config", "other.toml"])
        .ends(0);
}

#[test]
fn a_change_cannot_excuse_itself() {
    let repo = repo();
    let excused = UNSAFE.replace(
        "    return",
        "    # tares: allow tls-check-off -- it is fine\n    return",
    );
    repo.write("app.py", &excused);
    tares_in(&repo)
        .run(["check", "--notes"])
        .ends(0)
        .shows("review[tls-check-off]")
        .shows("suppression-refused");
}

#[test]
fn an_invalid_policy_points_into_the_file() {
    let repo = TestRepo::new();
    repo.file("app.py", TALK)
        .file("tares.toml", "[policy]\nprofile = \"strickt\"\n")
        .commit("Start");
    repo.write("app.py", UNSAFE);
    let answer = tares_in(&repo).run(["check"]);
    answer
        .ends(2)
        .complains("tares.toml:2:11")
        .complains("strickt")
        .complains("at HEAD");
    let repo = TestRepo::new();
    repo.file("app.py", TALK)
        .file("tares.toml", "[rules]\ntls-chek-off = \"off\"\n")
        .commit("Start");
    tares_in(&repo)
        .run(["check"])
        .ends(2)
        .complains("did you mean `tls-check-off`");
}

#[test]
fn a_missing_baseline_is_an_error() {
    let repo = TestRepo::new();
    repo.file("app.py", TALK)
        .file("tares.toml", "[baseline]\nfile = \"known.json\"\n")
        .commit("Start");
    repo.write("app.py", UNSAFE);
    tares_in(&repo)
        .run(["check"])
        .ends(2)
        .complains("known.json");
}
