//! Repositories are real, sealed and the same everywhere.

use tares_testkit::TestRepo;

#[test]
fn the_same_calls_give_the_same_commits() {
    let heads = [(); 2].map(|()| {
        let repo = TestRepo::new();
        repo.file("a.py", "x = 1\n").commit("One");
        repo.branch("side").file("b.py", "y = 2\n").commit("Two");
        repo.switch("main")
            .file("c.py", "z = 3\n")
            .commit("Three")
            .merge("side");
        repo.head()
    });
    assert_eq!(heads[0], heads[1]);
    assert_eq!(heads[0].len(), 40);
}

#[test]
fn people_and_dates_are_fixed() {
    let repo = TestRepo::new();
    repo.file("a", "1")
        .commit("One")
        .file("a", "2")
        .commit("Two");
    let log = repo.git(["log", "--format=%an %ae %at %s"]);
    let lines = [
        "Ruth Miller ruth@people.example 1767225660 Two",
        "Ruth Miller ruth@people.example 1767225600 One",
    ];
    assert_eq!(log.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn staged_and_unstaged_are_told_apart() {
    let repo = TestRepo::new();
    repo.file("kept", "1").file("gone", "1").commit("Base");
    repo.write("kept", "2")
        .file("new/staged", "1")
        .write("loose", "1")
        .remove("gone");
    let status = repo.git(["status", "--short", "--untracked-files=all"]);
    assert_eq!(status, " D gone\n M kept\nA  new/staged\n?? loose\n");
}

#[test]
fn a_clone_can_be_shallow() {
    let repo = TestRepo::new();
    repo.file("a", "1")
        .commit("One")
        .file("a", "2")
        .commit("Two");
    let shallow = TestRepo::clone_of(&repo, &["--depth=1"]);
    assert_eq!(shallow.git(["rev-list", "--count", "HEAD"]).trim(), "1");
    assert_eq!(shallow.head(), repo.head());
}
