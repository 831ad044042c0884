//! `cargo xtask eval` from outside: made-up samples, a made-up scanner, exact counts.
#![cfg(unix)]

use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A scanner that finds a shell at line 2 of every file with `shell` in it, and nothing else.
const SCANNER: &str = r#"#!/bin/sh
printf '{"findings":['
first=yes
for file in $(grep -rl shell . | sort); do
  [ $first = yes ] || printf ','
  first=no
  printf '{"rule":"shell","family":"weakness","cwe":["CWE-78"],"level":"review","path":"%s","start_line":2,"end_line":2}' "${file#./}"
done
printf '],"summary":{"files":1,"unchecked":[]}}'
ls -R . > "$LISTING"
exit 1
"#;

fn sample(id: &str, label: &str, pair: &str, line: u32, code: &str) -> Value {
    json!({
        "id": id, "language": "python", "cwe": ["CWE-78"], "label": label, "pair_id": pair,
        "lines": if label == "bad" { vec![line] } else { vec![] }, "rule_hint": "CWE-78",
        "filename": "a.py", "code": code, "source_path": "secret/bad.py",
    })
}

/// Returns the counts of the run and the names that the scanner saw.
fn eval(samples: &[Value]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| -> PathBuf {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let lines: Vec<String> = samples.iter().map(Value::to_string).collect();
    write("made-up.jsonl", &lines.join("\n"));
    let scanner = write("scanner", SCANNER);
    std::fs::set_permissions(&scanner, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (snapshot, listing) = (
        folder.path().join("counts.json"),
        folder.path().join("listing"),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["eval", "--data"])
        .arg(folder.path())
        .arg("--tares")
        .arg(&scanner)
        .arg("--snapshot")
        .arg(&snapshot)
        .env("LISTING", &listing)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        serde_json::from_slice(&read(&snapshot)).unwrap(),
        String::from_utf8(read(&listing)).unwrap(),
    )
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap()
}

#[test]
fn counts_are_exact() {
    let mut doubtful = sample("s4-a", "bad", "s4", 2, "shell");
    doubtful["known_error"] = json!("not-a-flaw");
    let (counts, _) = eval(&[
        sample("s1-a", "bad", "s1", 2, "import x\nshell"),
        sample("s1-b", "good", "s1", 2, "fine"),
        sample("s2-a", "bad", "s2", 2, "shell"),
        sample("s2-b", "good", "s2", 2, "shell"),
        sample("s3-a", "bad", "s3", 9, "shell"),
        sample("s3-b", "good", "s3", 9, "fine"),
        doubtful,
    ]);
    let all = &counts["made-up"]["tares"]["all"];
    assert_eq!(all["bad_any"], json!([3, 3]));
    assert_eq!(
        all["bad_right"],
        json!([2, 3]),
        "the third stands too far from the line"
    );
    assert_eq!(
        all["pairs"],
        json!([1, 3]),
        "the second good side is not silent"
    );
    assert_eq!(all["good_same_class"], json!([1, 3]));
    assert_eq!(all["bad_block"], json!([0, 3]));
    assert_eq!(
        counts["made-up"]["tares"]["known error"]["bad_any"],
        json!([1, 1])
    );
}

#[test]
fn the_scanner_sees_neutral_names_only() {
    let (_, listing) = eval(&[sample("s1-a", "bad", "s1", 2, "x")]);
    assert!(listing.contains("./s1-a:\na.py"), "{listing}");
    assert!(
        !listing.contains("bad") && !listing.contains("secret"),
        "{listing}"
    );
}

#[test]
fn a_sample_cannot_leave_its_folder() {
    let mut sample = sample("s1-a", "bad", "s1", 2, "x");
    sample["filename"] = json!("../../outside.py");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.jsonl"), sample.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["eval", "--tares", "/bin/sh", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("leaves the work folder"));
}
