//! Changes read from repositories, compared with what git itself says.

use crate::house::{House, after, before, file, range, run, statuses, text};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use tares_model::RepoPath;
use tares_model::change::{ChangeKind, Entry, Extent};
use tares_world::git::{self, Files as _, Kind, Limits, Selection, Version};

#[test]
fn range_agrees_with_git_on_every_kind_of_change() {
    let house = House::new();
    house.write("keep.py", "keep = 1\n");
    house.write("mod.py", text("mod", 30));
    house.write("gone.py", text("gone", 30));
    house.write("old/name.py", text("moved", 40));
    house.write("tool.sh", "#!/bin/sh\n");
    house.write("src.py", text("src", 40));
    house.write("dir/inner.py", text("inner", 5));
    house.write("empty.py", "");
    symlink("keep.py", house.root().join("link")).unwrap();
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("mod.py", text("mod", 31));
    house.write("new/added.py", "added = 1\n");
    std::fs::remove_file(house.root().join("gone.py")).unwrap();
    house.git(&["mv", "old/name.py", "name2.py"]);
    house.write("name2.py", text("moved", 43));
    std::fs::set_permissions(
        house.root().join("tool.sh"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    house.write("copy.py", text("src", 41));
    house.write("src.py", text("src", 42));
    std::fs::remove_file(house.root().join("link")).unwrap();
    symlink("mod.py", house.root().join("link")).unwrap();
    std::fs::remove_dir_all(house.root().join("dir")).unwrap();
    house.write("dir", "a file now\n");
    house.write("caf\u{e9} name.py", "x = 1\n");
    house.commit("topic");
    let change = house.same_as_git("main", "topic");
    assert!(change.has_base);
    assert_eq!(before(&change, "name2.py"), text("moved", 40));
    assert_eq!(file(&change, "tool.sh").kind, ChangeKind::Mode);
    assert_eq!(
        file(&change, "tool.sh").after.as_ref().unwrap().entry,
        Entry::Executable
    );
    assert_eq!(after(&change, "link"), "mod.py");
    assert_eq!(
        file(&change, "link").after.as_ref().unwrap().entry,
        Entry::Symlink
    );
    assert!(change.files.is_sorted_by_key(|file| file.path.clone()));
    assert_eq!(
        change
            .claims
            .iter()
            .map(|claim| claim.text.as_str())
            .collect::<Vec<_>>(),
        ["topic"]
    );
}

#[test]
fn range_uses_the_merge_base_and_the_messages_since() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("b.py", "b = 1\n");
    house.commit("first\n\nwith a body");
    house.write("b.py", "b = 2\n");
    house.commit("second");
    house.git(&["checkout", "-q", "main"]);
    house.write("c.py", "c = 1\n");
    house.commit("elsewhere");
    let change = house.same_as_git("main", "topic");
    assert_eq!(statuses(&change), ["A b.py"]);
    let claims: Vec<_> = change
        .claims
        .iter()
        .map(|claim| claim.text.as_str())
        .collect();
    assert_eq!(claims, ["first\n\nwith a body", "second"]);
    assert!(change.claims[0].source.starts_with("commit "));
    house.git(&["checkout", "-q", "topic"]);
    house.git(&["merge", "-q", "--no-edit", "main"]);
    assert_eq!(statuses(&house.same_as_git("main", "topic")), ["A b.py"]);
}

#[test]
fn working_tree_holds_staged_unstaged_and_untracked() {
    let house = House::new();
    house.write(".gitignore", "*.log\nbuild/\n");
    house.write("staged.py", "x = 1\n");
    house.write("unstaged.py", "x = 1\n");
    house.write("both.py", "x = 1\n");
    house.write("gone.py", "completely different content here\n");
    house.write("cached.py", "some file that is no longer tracked\n");
    house.write("old.py", text("old", 20));
    house.commit("base");
    house.write("staged.py", "x = 2\n");
    house.write("both.py", "x = 2\n");
    house.git(&["add", "-A"]);
    house.write("both.py", "x = 3\n");
    house.write("unstaged.py", "x = 2\n");
    std::fs::remove_file(house.root().join("gone.py")).unwrap();
    std::fs::rename(house.root().join("old.py"), house.root().join("moved.py")).unwrap();
    house.write("untracked/deep/new.py", "entirely new words\n");
    house.write("debug.log", "ignored");
    house.write("build/out.py", "ignored");
    house.git(&["rm", "-q", "--cached", "cached.py"]);
    let change = house.working_tree();
    assert_eq!(
        statuses(&change),
        [
            "A untracked/deep/new.py",
            "D cached.py",
            "D gone.py",
            "M both.py",
            "M staged.py",
            "M unstaged.py",
            "R old.py moved.py"
        ]
    );
    assert_eq!(after(&change, "both.py"), "x = 3\n");
    assert_eq!(before(&change, "both.py"), "x = 1\n");
    let staged = house.change(&Selection::Staged);
    assert_eq!(
        statuses(&staged),
        ["D cached.py", "M both.py", "M staged.py"]
    );
    assert_eq!(after(&staged, "both.py"), "x = 2\n");
}

#[test]
fn unborn_head_compares_with_the_empty_tree() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.write("b.py", "b = 1\n");
    house.git(&["add", "a.py"]);
    let change = house.working_tree();
    assert_eq!(statuses(&change), ["A a.py", "A b.py"]);
    assert!(!change.has_base);
    assert_eq!(statuses(&house.change(&Selection::Staged)), ["A a.py"]);
    assert!(
        git::policy_revision(&house.open(), &Selection::WorkingTree)
            .unwrap()
            .is_none()
    );
    let error = git::change(&house.open(), &range("main"), &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownRevision);
}

#[test]
fn a_clean_repository_has_an_empty_change() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    let change = house.working_tree();
    assert!(
        change.files.is_empty() && change.unseen.is_empty(),
        "{change:?}"
    );
}

#[test]
fn conflicts_of_a_merge_show_the_working_tree() {
    let house = House::new();
    house.write("a.py", "a = 0\n");
    house.write("d.py", "d = 0\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("a.py", "a = 1\n");
    house.git(&["rm", "-q", "d.py"]);
    house.commit("topic");
    house.git(&["checkout", "-q", "main"]);
    house.write("a.py", "a = 2\n");
    house.write("d.py", "d = 2\n");
    house.commit("main");
    let merge = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@tares.test",
            "merge",
            "topic",
        ])
        .current_dir(house.root())
        .output()
        .unwrap();
    assert!(!merge.status.success(), "the merge has to conflict");
    let change = house.working_tree();
    assert_eq!(before(&change, "a.py"), "a = 2\n");
    assert!(after(&change, "a.py").contains("<<<<<<<"));
}

#[test]
fn line_ends_alone_are_no_change_where_git_says_so() {
    let house = House::new();
    house.write("a.py", "a = 1\nb = 2\n");
    house.write("b.py", "a = 1\nb = 2\n");
    house.commit("base");
    house.write("a.py", "a = 1\r\nb = 2\r\n");
    let change = house.working_tree();
    assert_eq!(
        statuses(&change),
        ["M a.py"],
        "without a setting the bytes count"
    );
    assert_eq!(after(&change, "a.py"), "a = 1\r\nb = 2\r\n");
    house.git(&["config", "core.autocrlf", "true"]);
    assert!(house.working_tree().files.is_empty());
    house.git(&["config", "--unset", "core.autocrlf"]);
    house.write(".git/info/attributes", "*.py text eol=crlf\n");
    assert!(house.working_tree().files.is_empty());
    house.write("a.py", "a = 1\r\nb = 3\r\n");
    assert_eq!(after(&house.working_tree(), "a.py"), "a = 1\r\nb = 3\r\n");
}

#[test]
fn paths_and_contents_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let house = House::new();
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.py");
    std::fs::write(house.root().join(name), b"x = '\xff\xfe'\n").unwrap();
    let path = RepoPath::from_bytes(b"caf\xe9.py");
    let change = house.working_tree();
    assert_eq!(change.files[0].path, path);
    assert_eq!(change.files[0].path.raw(), Some(&b"caf\xe9.py"[..]));
    house.commit("topic");
    let change = house.range("main");
    assert_eq!(change.files[0].path, path);
    assert_eq!(
        &*change.files[0].after.as_ref().unwrap().bytes,
        b"x = '\xff\xfe'\n"
    );
    let files = git::files(
        &house.open(),
        &range("main"),
        Version::Head,
        &Limits::default(),
    )
    .unwrap();
    assert!(files.exists(&path));
}

#[test]
fn submodules_and_nested_repositories_are_unseen() {
    let other = House::new();
    other.write("lib.py", "lib = 1\n");
    other.commit("lib");
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    let url = format!("file://{}", other.root().display());
    house.git(&["submodule", "--quiet", "add", &url, "sub"]);
    let change = house.working_tree();
    assert_eq!(statuses(&change), ["? sub", "A .gitmodules"]);
    house.commit("sub");
    let change = house.range("main");
    assert_eq!(statuses(&change), ["? sub", "A .gitmodules"]);
    assert!(
        change.unseen[0].reason.contains("submodule"),
        "{:?}",
        change.unseen
    );
    assert!(house.working_tree().unseen.is_empty());
    let sub = house.root().join("sub");
    std::fs::write(sub.join("lib.py"), "lib = 2\n").unwrap();
    run(&sub, &["add", "-A"]);
    run(&sub, &["commit", "-q", "-m", "two"]);
    assert_eq!(statuses(&house.working_tree()), ["? sub"]);
    run(house.root(), &["init", "-q", "nested"]);
    house.write("nested/x.py", "x = 1\n");
    assert_eq!(statuses(&house.working_tree()), ["? nested", "? sub"]);
}

#[test]
fn worktrees_and_bare_repositories_work() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["worktree", "add", "-q", "-b", "topic", "../tree"]);
    let tree = house.around().join("tree");
    std::fs::write(tree.join("b.py"), "b = 1\n").unwrap();
    let repo = git::open(&tree).unwrap();
    let change = git::change(&repo, &Selection::WorkingTree, &Limits::default()).unwrap();
    assert_eq!(statuses(&change), ["A b.py"]);
    run(&tree, &["add", "-A"]);
    run(&tree, &["commit", "-q", "-m", "topic"]);
    run(
        house.around(),
        &["clone", "-q", "--bare", "repo", "bare.git"],
    );
    let bare = git::open(&house.around().join("bare.git")).unwrap();
    let selection = Selection::Range {
        base: "main".into(),
        head: Some("topic".into()),
    };
    let change = git::change(&bare, &selection, &Limits::default()).unwrap();
    assert_eq!(statuses(&change), ["A b.py"]);
    let error = git::change(&bare, &Selection::WorkingTree, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::Bare);
    assert!(error.hint().unwrap().contains("--base"));
}

#[test]
fn sha256_repositories_work() {
    let house = House::with_init(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("a.py", "a = 2\n");
    assert_eq!(statuses(&house.working_tree()), ["M a.py"]);
    house.commit("topic");
    house.same_as_git("main", "topic");
}

#[test]
fn reftables_are_refused_rather_than_misread() {
    let house = House::with_init(&["init", "-q", "-b", "main", "--ref-format=reftable"]);
    let error = git::open(house.root()).unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
    assert!(error.hint().unwrap().contains("--patch"));
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    for i in 0..3 {
        house.write("a.py", format!("a = {i}0\n"));
        house.commit("topic");
    }
    house.git(&["checkout", "-q", "main"]);
    house.write("b.py", "b = 1\n");
    house.commit("main goes on");
    let url = format!("file://{}", house.root().display());
    run(
        house.around(),
        &[
            "clone",
            "-q",
            "--depth=1",
            "--no-single-branch",
            "--branch=topic",
            &url,
            "shallow",
        ],
    );
    let repo = git::open(&house.around().join("shallow")).unwrap();
    let error = git::change(&repo, &range("origin/main"), &Limits::default()).unwrap_err();
    assert_eq!(
        (error.kind(), error.hint()),
        (Kind::Shallow, Some("run `git fetch --unshallow origin`"))
    );
    run(
        house.around(),
        &["clone", "-q", "--depth=1", "--branch=topic", &url, "single"],
    );
    let repo = git::open(&house.around().join("single")).unwrap();
    let error = git::change(&repo, &range("origin/main"), &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownRevision);
    assert_eq!(
        error.hint(),
        Some("run `git fetch origin main:refs/remotes/origin/main`")
    );
    let change = git::change(&repo, &Selection::WorkingTree, &Limits::default()).unwrap();
    assert!(change.files.is_empty());
}

#[test]
fn a_partial_clone_reports_what_is_missing() {
    let house = House::new();
    house.git(&["config", "uploadpack.allowFilter", "true"]);
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("a.py", "a = 2\n");
    house.write("b.py", "b = 1\n");
    house.commit("topic");
    let url = format!("file://{}", house.root().display());
    run(
        house.around(),
        &[
            "clone",
            "-q",
            "--no-checkout",
            "--filter=blob:none",
            &url,
            "partial",
        ],
    );
    let repo = git::open(&house.around().join("partial")).unwrap();
    let selection = Selection::Range {
        base: "origin/main".into(),
        head: Some("origin/topic".into()),
    };
    let change = git::change(&repo, &selection, &Limits::default()).unwrap();
    assert_eq!(statuses(&change), ["? a.py", "? b.py"]);
    assert!(
        change.unseen[0].reason.contains("git fetch --refetch"),
        "{:?}",
        change.unseen
    );
}

#[test]
fn large_text_is_unseen_and_large_binaries_keep_their_beginning() {
    let house = House::new();
    house.write("seed", "seed\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("big.py", "x = 1\n".repeat(1_000));
    house.write(
        "big.bin",
        [b"\x7fELF\0\0".as_slice(), &[7; 20_000]].concat(),
    );
    let limits = Limits {
        file_bytes: 1_000,
        ..Limits::default()
    };
    let check = |change: tares_model::Change| {
        assert_eq!(statuses(&change), ["? big.py", "A big.bin"]);
        assert!(
            change.unseen[0].reason.contains("6000 bytes"),
            "{:?}",
            change.unseen
        );
        let side = file(&change, "big.bin").after.as_ref().unwrap();
        assert!(matches!(side.extent, Extent::Excerpt(_)));
        assert!(side.bytes.starts_with(b"\x7fELF") && side.bytes.len() == 8 * 1024);
    };
    check(git::change(&house.open(), &Selection::WorkingTree, &limits).unwrap());
    house.commit("topic");
    check(git::change(&house.open(), &range("main"), &limits).unwrap());
}

#[test]
fn limits_on_number_and_total_are_reported() {
    let house = House::new();
    house.commit("base");
    for i in 0..5 {
        house.write(&format!("f{i}.py"), "0123456789");
    }
    let limits = Limits {
        files: 3,
        ..Limits::default()
    };
    let change = git::change(&house.open(), &Selection::WorkingTree, &limits).unwrap();
    assert_eq!(change.files.len(), 3);
    assert!(
        change.unseen[0].reason.starts_with("5 files differ"),
        "{:?}",
        change.unseen
    );
    let limits = Limits {
        total_bytes: 25,
        ..Limits::default()
    };
    let change = git::change(&house.open(), &Selection::WorkingTree, &limits).unwrap();
    assert_eq!((change.files.len(), change.unseen.len()), (2, 3));
}

#[test]
fn errors_name_their_kind_and_what_to_do() {
    let nowhere = tempfile::TempDir::new().unwrap();
    let error = git::open(nowhere.path()).unwrap_err();
    assert_eq!(error.kind(), Kind::NotARepository);
    assert!(error.hint().unwrap().contains("tares scan"));
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["branch", "feature/login"]);
    let change =
        |base: &str| git::change(&house.open(), &range(base), &Limits::default()).unwrap_err();
    let error = change("feature/logn");
    assert_eq!(
        (error.kind(), error.hint()),
        (Kind::UnknownRevision, Some("did you mean `feature/login`?"))
    );
    for odd in [
        "",
        "..",
        "-x",
        "HEAD~999999999",
        "@{upstream}",
        "HEAD:a.py",
        ":/x",
        "^{/x}",
        "\u{1F600}",
    ] {
        assert_eq!(change(odd).kind(), Kind::UnknownRevision, "{odd}");
    }
    house.git(&["checkout", "-q", "--orphan", "alone"]);
    house.commit("alone");
    let error = change("main");
    assert_eq!(error.kind(), Kind::NoMergeBase);
    std::fs::remove_dir_all(house.root().join(".git/objects")).unwrap();
    std::fs::create_dir(house.root().join(".git/objects")).unwrap();
    let repo = house.open();
    let error = git::change(&repo, &Selection::WorkingTree, &Limits::default()).unwrap_err();
    assert!(
        matches!(error.kind(), Kind::MissingObject | Kind::Corrupt),
        "{error:?}"
    );
}

#[test]
fn policy_counts_at_the_target_and_is_read_there() {
    let house = House::new();
    house.write("tares.toml", "base = true\n");
    house.commit("base");
    run(house.around(), &["clone", "-q", "repo", "clone"]);
    let clone = house.around().join("clone");
    house.write("tares.toml", "tip = true\n");
    house.commit("tip");
    run(
        &clone,
        &["checkout", "-q", "-b", "topic", "--track", "origin/main"],
    );
    run(&clone, &["fetch", "-q"]);
    std::fs::write(clone.join("tares.toml"), "lax = true\n").unwrap();
    run(&clone, &["commit", "-q", "-am", "lax"]);
    let repo = git::open(&clone).unwrap();
    for selection in [
        Selection::WorkingTree,
        Selection::Staged,
        range("origin/main"),
    ] {
        let revision = git::policy_revision(&repo, &selection).unwrap().unwrap();
        assert_eq!(revision.name(), "origin/main");
        assert_eq!(
            git::read_at(&repo, &revision, "tares.toml")
                .unwrap()
                .as_deref(),
            Some(&b"tip = true\n"[..])
        );
        assert_eq!(
            git::read_at(&repo, &revision, "absent/tares.toml").unwrap(),
            None
        );
    }
    run(&clone, &["branch", "-q", "--unset-upstream"]);
    let revision = git::policy_revision(&git::open(&clone).unwrap(), &Selection::WorkingTree)
        .unwrap()
        .unwrap();
    assert_eq!(revision.name(), "HEAD");
    assert_eq!(revision.id(), run(&clone, &["rev-parse", "HEAD"]).trim());
}

#[test]
fn files_answer_for_both_sides() {
    let house = House::new();
    house.write("pkg/util.py", "base = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("pkg/util.py", "staged = 1\n");
    house.git(&["add", "-A"]);
    house.write("pkg/util.py", "disk = 1\n");
    let repo = house.open();
    let read = |selection: &Selection, version| {
        let files = git::files(&repo, selection, version, &Limits::default()).unwrap();
        assert!(!files.exists(&"pkg".into()) && !files.exists(&"pkg/none.py".into()));
        assert!(files.exists(&"pkg/util.py".into()));
        String::from_utf8(files.read(&"pkg/util.py".into()).unwrap().to_vec()).unwrap()
    };
    assert_eq!(read(&Selection::WorkingTree, Version::Head), "disk = 1\n");
    assert_eq!(read(&Selection::WorkingTree, Version::Base), "base = 1\n");
    assert_eq!(read(&Selection::Staged, Version::Head), "staged = 1\n");
    assert_eq!(read(&range("main"), Version::Head), "base = 1\n");
}

#[test]
fn the_current_folder_makes_no_difference() {
    let house = House::new();
    house.write("sub/a.py", "a = 1\n");
    house.commit("base");
    house.write("staged.py", "s = 1\n");
    house.git(&["add", "-A"]);
    house.write("untracked.py", "u = 1\n");
    let before = std::env::current_dir().unwrap();
    std::env::set_current_dir(house.root().join("sub")).unwrap();
    let repo = git::open(std::path::Path::new(".")).unwrap();
    let changes = [Selection::WorkingTree, Selection::Staged]
        .map(|selection| git::change(&repo, &selection, &Limits::default()));
    std::env::set_current_dir(before).unwrap();
    let [working_tree, staged] = changes.map(Result::unwrap);
    assert_eq!(statuses(&working_tree), ["A staged.py", "A untracked.py"]);
    assert_eq!(statuses(&staged), ["A staged.py"]);
}

#[test]
fn special_states_of_the_index_are_understood() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.write("b.py", "b = 1\n");
    house.write("tool.sh", "#!/bin/sh\n");
    house.commit("base");
    house.write("a.py", "a = 2\n");
    house.write("intent.py", "i = 1\n");
    house.git(&["add", "-N", "intent.py"]);
    assert_eq!(statuses(&house.working_tree()), ["A intent.py", "M a.py"]);
    assert_eq!(after(&house.working_tree(), "intent.py"), "i = 1\n");
    house.git(&["update-index", "--split-index"]);
    house.git(&["add", "a.py"]);
    assert_eq!(statuses(&house.working_tree()), ["A intent.py", "M a.py"]);
    house.git(&["update-index", "--index-version", "4"]);
    assert_eq!(statuses(&house.change(&Selection::Staged))[..], ["M a.py"]);
    house.git(&["config", "core.fileMode", "false"]);
    std::fs::set_permissions(
        house.root().join("tool.sh"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    assert_eq!(statuses(&house.working_tree()), ["A intent.py", "M a.py"]);
}

#[test]
fn sparse_checkouts_do_not_look_like_deletions() {
    let house = House::new();
    house.write("in/a.py", "a = 1\n");
    house.write("out/b.py", "b = 1\n");
    house.commit("base");
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        house.git(&["sparse-checkout", "set", "--cone", sparse_index, "in"]);
        house.write("in/a.py", "a = 2\n");
        assert_eq!(
            statuses(&house.working_tree()),
            ["M in/a.py"],
            "{sparse_index}"
        );
        assert_eq!(
            statuses(&house.change(&Selection::Staged)),
            [""; 0],
            "{sparse_index}"
        );
    }
}
