//! The formats: schemas, determinism, colours, closed pipes.

use crate::stage::{EVIL, UNSAFE, repo, tares_in};
use std::process::{Command, Stdio};
use tares_testkit::TestRepo;

fn changed() -> TestRepo {
    let repo = repo();
    repo.write("app.py", UNSAFE)
        .write("evil.py", EVIL)
        .write("logo.png", b"\x89PNG\0")
        .write("lib.so", b"\x7fELF\0\0");
    repo.write("broken.py", "def f(:\n".repeat(40))
        .write("web/a.js", "eval(atob(location.hash.slice(1)));\n");
    repo
}

#[test]
fn json_is_valid_against_the_published_schema() {
    let schema = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../specs/report-v1.schema.json"
    ))
    .unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repo = changed();
    for arguments in [
        &["check", "--task", "hash passwords"][..],
        &["check"],
        &["scan", "."],
    ] {
        let answer = tares_in(&repo).run(arguments.iter().chain(&["--format", "json"]));
        let report: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert!(
            report["findings"].as_array().unwrap().len() >= 3,
            "{report:#}"
        );
        assert_eq!(report["summary"]["not_judged"]["image"], 1);
    }
}

#[test]
fn every_format_tells_of_the_same_findings() {
    let repo = changed();
    for format in ["text", "json", "sarif", "github", "markdown"] {
        let answer = tares_in(&repo).run(["check", "--format", format]);
        answer
            .ends(1)
            .shows("tls-check-off")
            .shows("binary-added")
            .shows("evil.py");
    }
}

#[test]
fn threads_do_not_show() {
    let repo = changed();
    for i in 0..40 {
        repo.write(&format!("many/m{i}.py"), format!("{UNSAFE}\nX = {i}\n"));
    }
    for format in ["text", "json", "sarif"] {
        let run = |threads: &str| {
            tares_in(&repo)
                .variable("RAYON_NUM_THREADS", threads)
                .run(["check", "--format", format, "--no-cache"])
                .stdout
        };
        assert_eq!(run("1"), run("4"), "{format}");
    }
}

#[test]
fn colours_only_where_asked_for() {
    let repo = changed();
    assert!(!tares_in(&repo).run(["check"]).stdout.contains('\x1b'));
    assert!(
        tares_in(&repo)
            .run(["check", "--color", "always"])
            .stdout
            .contains('\x1b')
    );
    let both = tares_in(&repo)
        .variable("NO_COLOR", "1")
        .run(["check", "--color", "never"]);
    assert!(!both.stdout.contains('\x1b'));
}

#[test]
fn a_closed_pipe_is_success() {
    let repo = changed();
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["rules"],
        &["explain", "tls-check-off"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tares"))
            .args(arguments)
            .current_dir(repo.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_verdict() {
    let repo = changed();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tares"))
        .arg("check")
        .current_dir(repo.path())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(70));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written"));
}
