//! `tares check`: what is selected, and how it ends.

use crate::stage::{EVIL, TALK, UNSAFE, repo, tares, tares_in};
use tares_testkit::TestRepo;

#[test]
fn a_clean_tree_is_nothing_to_check() {
    tares_in(&repo())
        .run(["check"])
        .ends(3)
        .complains("nothing to check");
}

#[test]
fn harmless_changes_pass_and_say_what_was_judged() {
    let repo = repo();
    repo.write("app.py", format!("{TALK}\n\nprint(1)\n"));
    let answer = tares_in(&repo).run(["check"]);
    answer
        .ends(0)
        .shows("pass")
        .shows("1 file, 8 lines")
        .shows("not seen");
}

#[test]
fn working_tree_index_and_untracked_files_are_judged() {
    let repo = repo();
    repo.write("app.py", UNSAFE);
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("review[tls-check-off]")
        .shows("app.py:5");
    let repo = self::repo();
    repo.write("new.py", EVIL);
    tares_in(&repo)
        .run(["check"])
        .ends(1)
        .shows("new.py")
        .shows("block[");
    repo.write(".gitignore", "new.py\n");
    assert!(!tares_in(&repo).run(["check"]).stdout.contains("new.py:"));
    repo.stage("new.py").remove("new.py");
    tares_in(&repo)
        .run(["check", "--staged"])
        .ends(1)
        .shows("new.py");
}

#[test]
fn a_range_is_judged_from_where_it_parted() {
    let repo = repo();
    repo.branch("feature")
        .file("app.py", UNSAFE)
        .commit("Talk to the test server");
    repo.switch("main")
        .file("other.py", EVIL)
        .commit("On main only");
    let answer = tares_in(&repo).run(["check", "--base", "main", "--head", "feature"]);
    answer.ends(0).shows("tls-check-off");
    assert!(!answer.stdout.contains("other.py"), "{answer}");
    tares_in(&repo)
        .run([
            "check",
            "--base",
            "main",
            "--head",
            "feature",
            "--fail-on",
            "review",
        ])
        .ends(1);
    repo.switch("feature");
    tares_in(&repo)
        .run(["check", "--base", "main"])
        .ends(0)
        .shows("tls-check-off");
}

#[test]
fn what_base_has_is_not_held_against_the_change() {
    let repo = TestRepo::new();
    repo.file("app.py", UNSAFE).commit("Start");
    repo.write("app.py", format!("# edited\n{UNSAFE}"));
    let answer = tares_in(&repo).run(["check"]);
    answer.ends(0).shows("1 in base already");
}

#[test]
fn a_renamed_file_is_compared_with_its_old_self() {
    let repo = TestRepo::new();
    repo.file("app.py", UNSAFE).commit("Start");
    repo.git(["mv", "app.py", "moved.py"]);
    tares_in(&repo)
        .run(["check", "--staged"])
        .ends(0)
        .shows("1 in base already");
}

#[test]
fn a_patch_needs_no_repository() {
    let repo = repo();
    repo.write("app.py", UNSAFE);
    let patch = repo.git(["diff"]);
    let answer = tares()
        .input(patch.as_bytes())
        .run(["check", "--patch", "-"]);
    answer
        .ends(0)
        .shows("review[tls-check-off]")
        .shows("app.py:5:12");
    let folder = tares();
    tares()
        .folder(repo.path())
        .run(["check", "--patch", "missing.diff"])
        .ends(2)
        .complains("missing.diff");
    folder
        .input("hello\n")
        .run(["check", "--patch", "-"])
        .ends(2)
        .complains("no unified diff")
        .complains("hint:");
    tares()
        .input("")
        .run(["check", "--patch", "-"])
        .ends(3)
        .complains("nothing to check");
}

#[test]
fn a_task_explains_and_raises() {
    let repo = TestRepo::new();
    repo.file("app.py", "x = 1\n").commit("Start");
    repo.write("app.py", TALK)
        .write("task.txt", "fetch orders from https://api.example/x\n");
    let asked = tares_in(&repo).run(["check", "--task", "@task.txt"]);
    asked.ends(0).shows("asked");
    let unasked = tares_in(&repo).run(["check", "--task", "hash passwords with argon2"]);
    unasked.ends(0).shows("unexplained").shows("to look at");
    tares_in(&repo)
        .run(["check"])
        .ends(0)
        .shows("no task given");
    tares_in(&repo)
        .run(["check", "--task", "@nowhere"])
        .ends(2)
        .complains("nowhere")
        .complains("names a file");
}

#[test]
fn a_bare_repository_is_judged_by_commits() {
    let repo = repo();
    repo.branch("feature")
        .file("app.py", UNSAFE)
        .commit("Change");
    let bare = TestRepo::clone_of(&repo, &["--bare"]);
    tares_in(&bare)
        .run(["check", "--base", "main", "--head", "feature"])
        .ends(0)
        .shows("tls-check-off");
    tares_in(&bare).run(["check"]).ends(2).complains("bare");
}

#[test]
fn the_first_commit_has_no_base() {
    let repo = TestRepo::new();
    repo.file("app.py", EVIL);
    tares_in(&repo)
        .run(["check"])
        .ends(1)
        .shows("block[")
        .shows("empty tree");
}

#[test]
fn another_folder_can_be_named() {
    let repo = repo();
    repo.write("app.py", UNSAFE);
    let folder = repo.path().to_str().unwrap().to_owned();
    tares()
        .run(["-C", &folder, "check"])
        .ends(0)
        .shows("tls-check-off");
    tares()
        .run(["check", "-C", "/nowhere/at/all"])
        .ends(2)
        .complains("cannot go to");
}

#[test]
fn usage_errors_end_with_two() {
    for arguments in [
        &["check", "--nonsense"][..],
        &["check", "--head", "x"],
        &["check", "--staged", "--base", "x"],
        &["check", "--format", "html"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(tares().run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn every_exit_code_can_be_met() {
    use tares_model::ExitCode;
    let changed = |text: &str| {
        let repo = repo();
        repo.write("app.py", text);
        repo
    };
    for code in ExitCode::ALL {
        let met = match code {
            ExitCode::Ok => tares_in(&changed(UNSAFE)).run(["check"]).code,
            ExitCode::Block => {
                tares_in(&changed(UNSAFE))
                    .run(["check", "--fail-on", "review"])
                    .code
            }
            ExitCode::Usage => tares().run(["check"]).code,
            ExitCode::Nothing => tares_in(&repo()).run(["check"]).code,
            ExitCode::Partial => tares_in(&changed(&"(".repeat(100_000))).run(["check"]).code,
            // An output that cannot be written is tested where the system has such a place.
            ExitCode::Internal => i32::from(code as u8),
        };
        assert_eq!(met, i32::from(code as u8), "{code:?}");
    }
}
