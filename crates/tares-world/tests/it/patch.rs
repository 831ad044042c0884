//! Patches, compared with the changes they were made from.

use crate::house::{House, after, before, file, statuses, text};
use proptest::prelude::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use tares_model::change::{ChangeKind, Entry, Extent, Side};
use tares_world::patch::{self, PatchError};

fn busy_house() -> House {
    let house = House::new();
    house.write("mod.py", text("mod", 60));
    house.write("gone.py", text("gone", 5));
    house.write("old.py", text("old", 30));
    house.write("pure.py", text("pure", 30));
    house.write("tool.sh", "#!/bin/sh\n");
    house.write("crlf.py", "a = 1\r\nb = 2\r\n");
    house.write("noeol.py", "a = 1\nb = 2");
    house.write("dashes.sql", "select 1\n-- comment\n++ x\nselect 2\n");
    symlink("mod.py", house.root().join("link")).unwrap();
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    let mut lines: Vec<String> = text("mod", 60)
        .lines()
        .map(|line| format!("{line}\n"))
        .collect();
    lines[3] = "changed = 3\n".into();
    lines.remove(40);
    lines.insert(50, "inserted = 50\n".into());
    house.write("mod.py", lines.concat());
    std::fs::remove_file(house.root().join("gone.py")).unwrap();
    house.git(&["mv", "old.py", "sub name.py"]);
    house.write("sub name.py", text("old", 31));
    std::fs::create_dir(house.root().join("moved")).unwrap();
    house.git(&["mv", "pure.py", "moved/pure.py"]);
    std::fs::set_permissions(
        house.root().join("tool.sh"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    house.write("crlf.py", "a = 1\r\nb = 3\r\n");
    house.write("noeol.py", "a = 1\nb = 3");
    house.write("dashes.sql", "select 1\nselect 2\n");
    house.write("new.py", "one = 1\ntwo = 2");
    house.write("empty.py", "");
    house.write("caf\u{e9}\t\"q\".py", "x = 1\n");
    std::fs::remove_file(house.root().join("link")).unwrap();
    symlink("new.py", house.root().join("link")).unwrap();
    house.commit("Make it busy\n\nIt changes a lot.");
    house
}

fn bytes(house: &House, args: &[&str]) -> Vec<u8> {
    house.git(args).into_bytes()
}

/// Every hunk has to stand in the whole file at the line it names.
fn assert_is_part(excerpt: &Side, whole: &Side) {
    let Extent::Excerpt(hunks) = &excerpt.extent else {
        return assert_eq!(excerpt, whole);
    };
    for (i, hunk) in hunks.iter().enumerate() {
        let end = hunks
            .get(i + 1)
            .map_or(excerpt.bytes.len(), |next| next.offset as usize);
        let piece = &excerpt.bytes[hunk.offset as usize..end];
        let start: usize = whole
            .bytes
            .split_inclusive(|&b| b == b'\n')
            .take(hunk.line as usize - 1)
            .map(<[u8]>::len)
            .sum();
        assert!(
            whole.bytes[start..].starts_with(piece),
            "{:?}",
            String::from_utf8_lossy(piece)
        );
    }
}

#[test]
fn a_patch_of_git_agrees_with_the_range_it_was_made_from() {
    let house = busy_house();
    let range = house.range("main");
    for options in [
        &["-M"][..],
        &["-M", "-U0"],
        &["-M", "--no-prefix"],
        &["-M", "--src-prefix=i/", "--dst-prefix=w/"],
    ] {
        let args = [&["diff"], options, &["main...topic"]].concat();
        let change = patch::read(&bytes(&house, &args)).unwrap();
        assert_eq!(statuses(&change), statuses(&range), "{options:?}");
        for (part, whole) in change.files.iter().zip(&range.files) {
            assert_eq!((part.kind, &part.path), (whole.kind, &whole.path));
            for (part, whole) in [(&part.before, &whole.before), (&part.after, &whole.after)] {
                if let (Some(part), Some(whole)) = (part, whole) {
                    assert_is_part(part, whole);
                }
            }
        }
        assert_eq!(
            file(&change, "new.py").after.as_ref().unwrap().extent,
            Extent::Complete
        );
        assert_eq!(after(&change, "new.py"), "one = 1\ntwo = 2");
        assert_eq!(before(&change, "gone.py"), text("gone", 5));
        assert_eq!(file(&change, "tool.sh").kind, ChangeKind::Mode);
        assert_eq!(
            file(&change, "link").after.as_ref().unwrap().entry,
            Entry::Symlink
        );
    }
}

#[test]
fn binary_patches_are_unpacked_where_they_hold_whole_files() {
    let house = House::new();
    house.write("a.png", b"\x89PNG\0\0old");
    house.write("gone.png", b"\x89PNG\0\0gone");
    house.commit("base");
    house.git(&["checkout", "-q", "-b", "topic"]);
    house.write(".gitattributes", "*.py binary\n");
    house.write("evil.py", text("evil", 300));
    house.write("a.png", b"\x89PNG\0\0completely new");
    std::fs::remove_file(house.root().join("gone.png")).unwrap();
    house.write("big.bin", vec![0; 5 * 1024 * 1024]);
    house.commit("topic");
    let said = bytes(&house, &["diff", "--binary", "main...topic"]);
    let change = patch::read(&said).unwrap();
    assert_eq!(
        statuses(&change),
        [
            "A .gitattributes",
            "A big.bin",
            "A evil.py",
            "D gone.png",
            "M a.png"
        ]
    );
    assert_eq!(after(&change, "evil.py"), text("evil", 300));
    assert_eq!(before(&change, "a.png"), "\u{fffd}PNG\0\0old");
    assert!(matches!(
        file(&change, "big.bin").after.as_ref().unwrap().extent,
        Extent::Excerpt(_)
    ));
    let said = String::from_utf8(said).unwrap();
    for (from, to) in [
        ("literal 2", "literal 3"),
        ("\nz", "\ny"),
        ("\nz", "\n z"),
        ("literal", "delta"),
    ] {
        let change = patch::read(said.replace(from, to).as_bytes()).unwrap();
        assert!(
            !change.unseen.is_empty(),
            "{from:?} as {to:?}: {:?}",
            statuses(&change)
        );
    }
}

#[test]
fn mails_and_logs_bring_claims() {
    let house = busy_house();
    house.write("last.py", "last = 1\n");
    house.commit("Second");
    for args in [
        &["format-patch", "--stdout", "main"][..],
        &["log", "-p", "-M", "--reverse", "main..topic"],
    ] {
        let change = patch::read(&bytes(&house, args)).unwrap();
        let claims: Vec<_> = change
            .claims
            .iter()
            .map(|claim| claim.text.as_str())
            .collect();
        assert_eq!(
            claims,
            ["Make it busy\n\nIt changes a lot.", "Second"],
            "{args:?}"
        );
        assert_eq!(change.files.len(), house.range("main").files.len());
        assert_eq!(change.unseen, []);
    }
}

#[test]
fn plain_diffs_are_read() {
    let plain = "diff -ruN old/pkg/a.py new/pkg/a.py\n--- old/pkg/a.py\t2024-01-01 10:00:00.0 +0000\n+++ new/pkg/a.py\t2024-01-02 10:00:00.0 +0000\n@@ -1 +1 @@\n-a = 1\n+a = 2\ndiff -ruN old/pkg/b.py new/pkg/b.py\n--- old/pkg/b.py\t1970-01-01 00:00:00.0 +0000\n+++ new/pkg/b.py\t2024-01-02\n@@ -0,0 +1 @@\n+b = 1\n";
    let change = patch::read(plain.as_bytes()).unwrap();
    assert_eq!(after(&change, "pkg/a.py"), "a = 2\n");
    assert_eq!(statuses(&change)[1], "M pkg/a.py");
    assert_eq!(file(&change, "pkg/b.py").kind, ChangeKind::Added);
    assert_eq!(change.unseen, []);
}

#[test]
fn empty_is_empty_and_prose_is_no_patch() {
    assert!(patch::read(b" \n\n").unwrap().files.is_empty());
    assert_eq!(patch::read(b"hello\n").unwrap_err(), PatchError::NotAPatch);
    assert_eq!(
        patch::read(b"--- only one name\n").unwrap_err(),
        PatchError::NotAPatch
    );
}

#[test]
fn what_is_damaged_or_missing_is_unseen() {
    let head = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n";
    let cases = [
        (format!("{head}@@ -1,2 +1,3 @@\n a\n+b\n"), "truncated"),
        (format!("{head}@@ -1,2 +1,3 @@\n a\n+b\nnonsense\n"), "announced length"),
        (format!("{head}@@ -1 +1 @@\n-a\n+b\n+evil()\n"), "beyond"),
        (format!("{head}@@ -1 +1 @@\n-a\n+b\n import evil\n"), "beyond"),
        (format!("{head}@@ what @@\n+evil()\n"), "hunk header"),
        (format!("{head}@@ -1,99999999999 +1 @@\n+evil()\n"), "hunk header"),
        ("@@ -1 +1 @@\n-a\n+b\n".to_owned(), "without a file header"),
        ("diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n".to_owned(), "binary"),
        ("diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQz\n\nliteral 0\nHcmV?d\n\n".to_owned(), "binary"),
        ("diff --cc x.py\nindex 1,2..3\n--- a/x.py\n+++ b/x.py\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n".to_owned(), "combined"),
        ("Only in new/pkg: evil.py\n".to_owned(), "only says"),
        ("diff --git a/sub b/sub\nnew file mode 160000\nindex 000..111\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit 1\n".to_owned(), "submodule"),
    ];
    for (text, reason) in cases {
        let change = patch::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(
            change
                .unseen
                .iter()
                .any(|unseen| unseen.reason.contains(reason)),
            "{reason}: {:?}",
            change.unseen
        );
    }
}

#[test]
fn content_that_looks_like_a_header_stays_content() {
    let text = "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1,2 +1,2 @@\n--- a/evil.py\n-@@ -1 +1 @@\n+++ b/evil.py\n+diff --git a/y b/y\n";
    let change = patch::read(text.as_bytes()).unwrap();
    assert_eq!(statuses(&change), ["M x.md"]);
    assert_eq!(after(&change, "x.md"), "++ b/evil.py\ndiff --git a/y b/y\n");
    assert_eq!(before(&change, "x.md"), "-- a/evil.py\n@@ -1 +1 @@\n");
}

#[test]
fn a_damaged_hunk_keeps_what_was_read_before() {
    let text = "--- a/x.py\n+++ b/x.py\n@@ -5,1 +5,2 @@\n a\n+b\n@@ -20,5 +21,5 @@\n c\n";
    let change = patch::read(text.as_bytes()).unwrap();
    assert_eq!(after(&change, "x.py"), "a\nb\nc\n");
    assert_eq!(change.unseen.len(), 1);
}

const SEED: &str = "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n y\n\nbody\n---\ndiff --git a/x.py \"b/\\303.py\"\nsimilarity index 90%\nrename from x.py\nrename to \"\\303.py\"\nindex 1..2 100644\n--- a/x.py\n+++ \"b/\\303.py\"\n@@ -1,3 +1,4 @@ def\n a\n-b\n+c\n+d\n\n\\ No newline at end of file\ndiff --cc z\n@@@ -1 -1 +1 @@@\nBinary files a and b differ\n";

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(patch::read(&bytes));
    }

    #[test]
    fn damaged_patches_are_read_without_panic(
        cuts in prop::collection::vec((0..SEED.len(), 0..40_usize, prop::collection::vec(any::<u8>(), 0..4)), 1..5),
    ) {
        let mut bytes = SEED.as_bytes().to_vec();
        for (at, length, put) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put);
        }
        if let Ok(change) = patch::read(&bytes) {
            for side in change.files.iter().flat_map(|file| [&file.before, &file.after]).flatten() {
                if let Extent::Excerpt(hunks) = &side.extent {
                    prop_assert!(hunks.iter().all(|hunk| hunk.offset as usize <= side.bytes.len() && hunk.line > 0));
                }
            }
        }
    }

    #[test]
    fn no_added_line_is_lost(lines in prop::collection::vec("[ -~]{0,12}", 1..20), shown in 0..25_u32) {
        let body: String = lines.iter().map(|line| format!("+{line}\n")).collect();
        let text = format!("--- /dev/null\n+++ b/x.py\n@@ -0,0 +1,{shown} @@\n{body}");
        let change = patch::read(text.as_bytes()).unwrap();
        let whole: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let seen = change.files.iter().find(|file| file.path.as_str() == "x.py").and_then(|file| file.after.as_ref());
        let is_all = seen.is_some_and(|side| *side.bytes == *whole.as_bytes());
        prop_assert!(is_all || !change.unseen.is_empty(), "{change:?}");
    }
}
