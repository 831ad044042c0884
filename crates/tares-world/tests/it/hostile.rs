//! Repositories that were made to mislead: nothing runs, nothing leaves, nothing hides.

use crate::house::{House, after, file, pipe_at, range, statuses, text};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use tares_model::change::Entry;
use tares_world::git::{self, Files as _, Limits, Selection, Version};

/// Writes a tree object that git itself would refuse.
fn raw_tree(house: &House, entries: &[(&str, &[u8], &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend((0..20).map(|i| u8::from_str_radix(&id[i * 2..i * 2 + 2], 16).unwrap()));
    }
    std::fs::write(house.around().join("tree"), bytes).unwrap();
    house
        .git(&["hash-object", "-t", "tree", "-w", "--literally", "../tree"])
        .trim()
        .to_owned()
}

#[test]
fn nothing_that_the_repository_names_is_run() {
    let house = House::new();
    let marker = house.around().join("marker");
    let script = house.around().join("run.sh");
    std::fs::write(
        &script,
        format!("#!/bin/sh\ntouch {}\ncat\n", marker.display()),
    )
    .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let script = script.to_str().unwrap();
    let hooks = house.around().join("hooks");
    std::fs::create_dir(&hooks).unwrap();
    for hook in [
        "post-index-change",
        "fsmonitor-watchman",
        "post-checkout",
        "reference-transaction",
    ] {
        std::fs::copy(script, hooks.join(hook)).unwrap();
    }
    house.write(
        ".gitattributes",
        "*.py filter=evil diff=evil merge=evil text\n",
    );
    house.write("a.py", text("a", 20));
    house.write("b.py", text("b", 20));
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("c.py", text("a", 21));
    house.commit("topic");
    for (key, value) in [
        ("core.fsmonitor", script),
        ("core.hooksPath", hooks.to_str().unwrap()),
        ("core.sshCommand", script),
        ("core.pager", script),
        ("core.editor", script),
        ("core.gitProxy", script),
        ("filter.evil.clean", script),
        ("filter.evil.smudge", script),
        ("filter.evil.process", script),
        ("filter.evil.required", "true"),
        ("diff.external", script),
        ("diff.evil.command", script),
        ("diff.evil.textconv", script),
        ("merge.evil.driver", script),
        ("gpg.program", script),
        ("credential.helper", script),
        ("uploadpack.packObjectsHook", script),
    ] {
        house.git_config_file(key, value);
    }
    house.write("a.py", text("a", 22));
    std::fs::rename(house.root().join("b.py"), house.root().join("d.py")).unwrap();
    let change = house.working_tree();
    assert_eq!(statuses(&change), ["M a.py", "R b.py d.py"]);
    assert_eq!(house.change(&Selection::Staged).files.len(), 0);
    assert_eq!(statuses(&house.range("main")), ["A c.py"]);
    assert!(
        !marker.exists(),
        "a program named by the repository was run"
    );
    // Whether git succeeds does not matter here.
    std::process::Command::new("git")
        .arg("status")
        .current_dir(house.root())
        .output()
        .unwrap();
    assert!(
        marker.exists(),
        "the trap has to work for the test to say anything"
    );
}

#[test]
fn files_that_the_settings_name_are_not_read() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["config", "core.excludesFile", "/dev/zero"]);
    house.git(&["config", "core.attributesFile", "/dev/zero"]);
    house.git(&["config", "include.path", "/dev/zero"]);
    house.write("a.py", "a = 2\n");
    assert_eq!(statuses(&house.working_tree()), ["M a.py"]);
}

#[test]
fn hostile_trees_cannot_leave_the_repository() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    std::fs::write(house.around().join("secret.py"), "secret = 1\n").unwrap();
    let blob = house.git(&["rev-parse", "HEAD:a.py"]).trim().to_owned();
    let up = raw_tree(&house, &[("100644", b"secret.py", &blob)]);
    let names: [&[u8]; 6] = [
        b"..",
        b".git",
        b"",
        b"/etc/passwd",
        b"a/../../secret.py",
        b"CON",
    ];
    for name in names {
        for (mode, id) in [
            ("40000", &up),
            ("100644", &blob),
            ("120000", &blob),
            ("777777", &blob),
        ] {
            let tree = raw_tree(&house, &[(mode, name, id)]);
            let commit = house.git(&["commit-tree", "-p", "main", "-m", "evil", &tree]);
            let selection = Selection::Range {
                base: "main".into(),
                head: Some(commit.trim().into()),
            };
            let repo = house.open();
            let Ok(change) = git::change(&repo, &selection, &Limits::default()) else {
                continue;
            };
            assert!(
                change.files.len() + change.unseen.len() > 0,
                "{mode} {name:?}: {change:?}"
            );
            let files = git::files(
                &repo,
                &Selection::WorkingTree,
                Version::Head,
                &Limits::default(),
            )
            .unwrap();
            for file in &change.files {
                assert!(
                    file.path.as_str() == "a.py" || files.read(&file.path).is_none(),
                    "{}",
                    file.path
                );
            }
        }
    }
}

#[test]
fn damaged_repositories_are_errors_and_no_panics() {
    let house = House::new();
    for i in 0..20 {
        house.write(&format!("d{}/f{i}.py", i % 3), text("f", i));
    }
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("d1/f1.py", text("g", 30));
    house.commit("topic");
    house.git(&["gc", "-q"]);
    house.write("d2/f2.py", text("h", 30));
    let git = house.root().join(".git");
    let pack = std::fs::read_dir(git.join("objects/pack"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = pack.collect();
    files.extend(["index", "HEAD", "packed-refs", "config"].map(|name| git.join(name)));
    files.sort();
    for file in files {
        let good = std::fs::read(&file).unwrap();
        // Objects are read-only.
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        for round in 0..60 {
            let mut bytes = good.clone();
            let at = round * 7_919 % bytes.len();
            match round % 3 {
                0 => bytes[at] ^= 1 << (round % 8),
                1 => bytes.truncate(at),
                _ => bytes[at..].iter_mut().take(8).for_each(|b| *b = 0xff),
            }
            std::fs::write(&file, bytes).unwrap();
            let Ok(repo) = git::open(house.root()) else {
                continue;
            };
            for selection in [Selection::WorkingTree, Selection::Staged, range("main")] {
                drop(git::change(&repo, &selection, &Limits::default()));
                drop(git::policy_revision(&repo, &selection));
            }
        }
        std::fs::write(&file, good).unwrap();
    }
    assert_eq!(statuses(&house.working_tree()), ["M d2/f2.py"]);
}

#[test]
fn deep_trees_and_many_parts_end() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    let commit = "commit refs/heads/deep\ncommitter C <c@tares.test> 1700000000 +0000\ndata 4\ndeep\nfrom refs/heads/main\n";
    let import = format!(
        "{commit}M 100644 inline {}x.py\ndata 6\nx = 1\n\n",
        "d/".repeat(3_000)
    );
    std::fs::write(house.around().join("import"), import).unwrap();
    let stream = std::fs::File::open(house.around().join("import")).unwrap();
    let status = std::process::Command::new("git")
        .args(["fast-import", "--quiet"])
        .stdin(stream)
        .current_dir(house.root())
        .status()
        .unwrap();
    assert!(status.success());
    let selection = Selection::Range {
        base: "main".into(),
        head: Some("deep".into()),
    };
    let change = house.change(&selection);
    assert_eq!(change.files.len(), 1);
    let files = git::files(&house.open(), &selection, Version::Head, &Limits::default()).unwrap();
    assert!(files.exists(&change.files[0].path));
}

#[test]
fn replacement_objects_are_not_believed() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write("a.py", "evil = 1\n");
    house.commit("topic");
    let (evil, good) = (
        house.git(&["rev-parse", "topic:a.py"]),
        house.git(&["rev-parse", "main:a.py"]),
    );
    house.git(&["replace", evil.trim(), good.trim()]);
    assert_eq!(after(&house.range("main"), "a.py"), "evil = 1\n");
}

#[test]
fn symlinks_are_links_and_are_never_walked() {
    let house = House::new();
    house.write("dir/a.py", "a = 1\n");
    house.write("file.py", "f = 1\n");
    house.commit("base");
    let outside = house.around().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("a.py"), "secret = 1\n").unwrap();
    std::fs::remove_dir_all(house.root().join("dir")).unwrap();
    symlink(&outside, house.root().join("dir")).unwrap();
    symlink("loop", house.root().join("loop")).unwrap();
    symlink(".", house.root().join("self")).unwrap();
    std::fs::remove_file(house.root().join("file.py")).unwrap();
    symlink("/etc/passwd", house.root().join("file.py")).unwrap();
    let change = house.working_tree();
    assert_eq!(
        statuses(&change),
        ["A dir", "A loop", "A self", "D dir/a.py", "M file.py"]
    );
    assert_eq!(after(&change, "file.py"), "/etc/passwd");
    assert_eq!(
        file(&change, "dir").after.as_ref().unwrap().entry,
        Entry::Symlink
    );
    let files = git::files(
        &house.open(),
        &Selection::WorkingTree,
        Version::Head,
        &Limits::default(),
    )
    .unwrap();
    for path in [
        "dir/a.py",
        "dir",
        "file.py",
        "../outside/a.py",
        "/etc/passwd",
        "self/self/.gitignore",
    ] {
        assert!(
            files.read(&path.into()).is_none() && !files.exists(&path.into()),
            "{path}"
        );
    }
    let base = git::files(
        &house.open(),
        &Selection::WorkingTree,
        Version::Base,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        base.read(&"dir/a.py".into()).as_deref(),
        Some(&b"a = 1\n"[..])
    );
}

#[test]
fn index_cannot_hide_behind_a_restored_working_tree() {
    let house = House::new();
    house.write("a.py", "good = 1\n");
    house.commit("base");
    house.write("a.py", "evil = 1\n");
    house.write("b.py", "evil = 2\n");
    house.git(&["add", "-A"]);
    house.write("a.py", "good = 1\n");
    std::fs::remove_file(house.root().join("b.py")).unwrap();
    let change = house.working_tree();
    assert_eq!(statuses(&change), ["A b.py", "M a.py"]);
    assert_eq!(after(&change, "a.py"), "evil = 1\n");
    assert_eq!(after(&change, "b.py"), "evil = 2\n");
}

#[test]
fn index_flags_do_not_keep_a_file_from_being_seen() {
    let house = House::new();
    house.write("a.py", "a = 1\n");
    house.commit("base");
    house.git(&["update-index", "--assume-unchanged", "a.py"]);
    house.write("a.py", "evil = 1\n");
    assert_eq!(house.git(&["status", "--porcelain"]), "");
    assert_eq!(statuses(&house.working_tree()), ["M a.py"]);
}

#[test]
fn pipes_and_devices_where_git_reads_unasked_are_refused() {
    for place in [".gitignore", "sub/deep/.gitattributes", ".git/info/exclude"] {
        let house = House::new();
        house.write("sub/deep/a.py", text("a", 3));
        house.commit("base");
        house.write("sub/deep/a.py", text("b", 3));
        let pipe = house.root().join(place);
        if pipe.exists() {
            std::fs::remove_file(&pipe).unwrap();
        }
        pipe_at(&pipe);
        let (repo, limits) = (house.open(), Limits::default());
        let failure = git::change(&repo, &Selection::WorkingTree, &limits).unwrap_err();
        assert_eq!(failure.kind(), git::Kind::Unsupported);
        assert!(
            failure.to_string().contains("is no regular file"),
            "{failure}"
        );
    }
}
