//! What is not judged, what could not be, and what comes in pieces.

use crate::stage::{Memory, change, judge};
use tares_model::change::{ChangeKind, Entry, Extent, FileChange, Hunk, Side, Unseen};
use tares_model::{Change, ExitCode, RepoPath, Verdict};

fn bytes(path: &str, bytes: &[u8]) -> Change {
    let file = FileChange {
        path: RepoPath::from(path),
        base_path: None,
        kind: ChangeKind::Added,
        before: None,
        after: Some(Side::file(bytes)),
    };
    Change {
        name: "test".to_owned(),
        files: vec![file],
        has_base: true,
        ..Change::default()
    }
}

#[test]
fn images_are_counted_and_change_nothing() {
    let said = judge(&bytes("logo.png", b"\x89PNG\0\0"), &Memory::default());
    assert_eq!(said.summary.not_judged.get("image"), Some(&1));
    assert_eq!(
        (said.outcome.verdict, said.outcome.exit),
        (Some(Verdict::Pass), ExitCode::Ok)
    );
}

#[test]
fn a_loadable_binary_needs_eyes() {
    for (path, content) in [
        ("tool", &b"\x7fELF\x02\x01\0"[..]),
        ("a/b.pyc", b"\x61\x0d\x0d\x0a\0"),
        ("lib.jar", b"PK\x03\x04"),
    ] {
        let said = judge(&bytes(path, content), &Memory::default());
        assert_eq!(said.rules(), ["binary-added"], "{path}");
        assert_eq!(said.outcome.verdict, Some(Verdict::Review));
    }
}

#[test]
fn binary_behind_a_name_of_code_is_unchecked() {
    let said = judge(
        &bytes("a.py", &[0, 1, 2, 3, 0, 0, 0, 0]),
        &Memory::default(),
    );
    assert_eq!(
        (said.outcome.verdict, said.outcome.exit),
        (Some(Verdict::Review), ExitCode::Partial)
    );
    assert_eq!(said.rules(), ["unchecked-code"]);
}

#[test]
fn a_nul_byte_hides_nothing() {
    let said = judge(
        &bytes("a.py", b"# \0\nimport os\nos.system(input())\n"),
        &Memory::default(),
    );
    assert_eq!(
        said.outcome.exit,
        if said.summary.block > 0 {
            ExitCode::Block
        } else {
            ExitCode::Partial
        }
    );
    assert_eq!(said.summary.unchecked.len(), 1);
    assert!(
        said.has("command-from-input") || said.has("shell-from-input"),
        "{:?}",
        said.rules()
    );
}

#[test]
fn utf_16_and_broken_utf_8_are_judged() {
    let code = "import requests\nrequests.get('https://a.example', verify=False, timeout=1)\n";
    let wide: Vec<u8> = b"\xff\xfe"
        .iter()
        .copied()
        .chain(code.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert!(judge(&bytes("a.py", &wide), &Memory::default()).has("tls-check-off"));
    let broken = [b"# \xe9\xff\n", code.as_bytes()].concat();
    let said = judge(&bytes("a.py", &broken), &Memory::default());
    assert!(said.has("tls-check-off"));
    assert_eq!(said.summary.unchecked, []);
}

#[test]
fn too_large_is_unchecked() {
    let said = judge(
        &bytes("a.py", &vec![b'x'; (4 << 20) + 1]),
        &Memory::default(),
    );
    assert_eq!(said.outcome.exit, ExitCode::Partial);
}

#[test]
fn what_was_not_seen_counts_by_what_it_is() {
    let unseen = |path: &str| Unseen {
        path: RepoPath::from(path),
        reason: "too large".to_owned(),
    };
    let seen = Change {
        unseen: vec![unseen("data.csv"), unseen("a.py"), unseen("submodule")],
        ..change(&[])
    };
    let said = judge(&seen, &Memory::default());
    assert_eq!(said.summary.not_judged.get("data"), Some(&1));
    let paths: Vec<_> = said
        .summary
        .unchecked
        .iter()
        .map(|unchecked| unchecked.path.as_str())
        .collect();
    assert_eq!(paths, ["a.py", "submodule"]);
}

#[test]
fn only_errors_on_changed_lines_are_unchecked() {
    let garbage = "%%% ] } ) @@ $$ not python at all ::: ((\n".repeat(30);
    let text = format!("x = 1\n{garbage}y = 2\n");
    let said = judge(
        &change(&[("a.py", Some("x = 1\n"), Some(&text))]),
        &Memory::default(),
    );
    assert_eq!(said.outcome.exit, ExitCode::Partial, "{:?}", said.summary);
    let edited = format!("w = 0\n{text}");
    let said = judge(
        &change(&[("a.py", Some(&text), Some(&edited))]),
        &Memory::default(),
    );
    assert_eq!(
        said.outcome.exit,
        ExitCode::Ok,
        "{:?}",
        said.summary.unchecked
    );
    // One bad line is no reason to call the file unchecked.
    let small = "import os\n".repeat(40) + "def f(:\n" + &"x = 1\n".repeat(40);
    let said = judge(
        &change(&[("a.py", Some(""), Some(&small))]),
        &Memory::default(),
    );
    assert_eq!(said.summary.unchecked, []);
}

#[test]
fn deep_nesting_is_unchecked_and_no_crash() {
    let deep = "x = ".to_owned() + &"[".repeat(100_000) + &"]".repeat(100_000) + "\n";
    for path in ["a.py", "a.js", "a.tsx"] {
        let said = judge(&change(&[(path, None, Some(&deep))]), &Memory::default());
        assert_eq!(said.outcome.exit, ExitCode::Partial, "{path}");
    }
}

#[test]
fn a_patch_keeps_real_lines_and_expects_errors() {
    let text =
        "    return 1\n\n        requests.get('https://a.example', verify=False, timeout=3)\n";
    let side = |text: &str, line| Side {
        bytes: text.as_bytes().into(),
        entry: Entry::File,
        extent: Extent::Excerpt(vec![Hunk { offset: 0, line: 4 }, Hunk { offset: 14, line }]),
    };
    let file = FileChange {
        path: RepoPath::from("a.py"),
        base_path: None,
        kind: ChangeKind::Modified,
        before: Some(side("    return 1\n\n        pass\n", 70)),
        after: Some(side(text, 70)),
    };
    let patch = Change {
        name: "patch".to_owned(),
        files: vec![file],
        has_base: true,
        ..Change::default()
    };
    let said = judge(&patch, &Memory::default());
    assert_eq!(said.summary.unchecked, []);
    for report in &said.findings {
        assert_eq!(report.finding.place.start_line, 70, "{:?}", report.finding);
    }
}
