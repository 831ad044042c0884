//! One test binary per crate, and no file beside it that it forgot.

use crate::tree::{assert_none, files, text};

#[test]
fn integration_tests_are_one_binary() {
    let extra: Vec<String> = files()
        .into_iter()
        .filter(|file| file.ends_with(".rs") && !file.starts_with("fuzz/"))
        .filter(|file| {
            let parts: Vec<&str> = file.split('/').collect();
            let tests = parts.iter().position(|part| *part == "tests");
            tests
                .is_some_and(|at| parts.get(at + 1) != Some(&"it") && !parts[..at].contains(&"src"))
        })
        .collect();
    assert_none("integration tests live in `tests/it`", &extra);
}

#[test]
fn no_test_file_is_forgotten() {
    let all = files();
    let mut complaints = Vec::new();
    for file in all
        .iter()
        .filter(|file| file.contains("/tests/it/") && file.ends_with(".rs"))
    {
        let Some((parent, name)) = declaration(file, &all) else {
            continue;
        };
        let declared = text(&parent).unwrap_or_default();
        let wanted = format!("mod {name};");
        if !declared.lines().any(|line| line.trim().ends_with(&wanted)) {
            complaints.push(format!("{file} is not declared in {parent}"));
        }
    }
    assert_none("a file beside a test binary is part of it", &complaints);
}

/// Returns the file that has to declare `file`, and under which name; none for the root.
fn declaration(file: &str, all: &[String]) -> Option<(String, String)> {
    let (folder, name) = file.rsplit_once('/')?;
    let stem = name.strip_suffix(".rs")?;
    let (folder, stem) = match stem {
        "main" => return None,
        "mod" => folder.rsplit_once('/')?,
        _ => (folder, stem),
    };
    let root = if folder.ends_with("/tests/it") {
        "main.rs"
    } else {
        "mod.rs"
    };
    let parent = format!("{folder}/{root}");
    // `a/b.rs` may also stand beside `a.rs`; the lints refuse it, so it is reported as forgotten.
    Some((
        if all.contains(&parent) {
            parent
        } else {
            format!("{folder}.rs")
        },
        stem.to_owned(),
    ))
}
