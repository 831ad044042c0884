//! Lays all samples out in one repository and lets tares judge each change.

use super::count::Seen;
use crate::house::{Doing as _, Failure, Outcome, capture, empty_home};
use crate::report::Report;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tares_testkit::payload::Sample;

/// Judges each sample as a pull request of its own.
pub(super) fn judge(tares: &Path, samples: &[Sample]) -> Outcome<Vec<Seen>> {
    let scratch = tempfile::tempdir().doing("making a scratch folder")?;
    let folder = scratch.path();
    capture(git(folder).args(["init", "--quiet", "--bare"]))?;
    import(folder, samples)?;
    samples
        .iter()
        .enumerate()
        .map(|(number, sample)| {
            let report = check(tares, folder, number, sample)?;
            Ok(Seen::of(sample, &report.findings))
        })
        .collect()
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    command
}

/// Writes two commits for each sample with a single run of git.
fn import(folder: &Path, samples: &[Sample]) -> Outcome {
    let mut stream = String::new();
    for (number, sample) in samples.iter().enumerate() {
        let base = format!("refs/heads/base-{number}");
        commit(&mut stream, &base, None, "Start", &sample.before);
        let head = format!("refs/heads/head-{number}");
        commit(
            &mut stream,
            &head,
            Some(&base),
            &sample.claim,
            &sample.after,
        );
    }
    let mut child = git(folder)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .doing("starting git")?;
    let mut input = child.stdin.take().expect("its input is a pipe");
    input
        .write_all(stream.as_bytes())
        .doing("writing commits")?;
    drop(input);
    let status = child.wait().doing("waiting for git")?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new("git could not read the commits"))
    }
}

fn commit(
    out: &mut String,
    name: &str,
    from: Option<&str>,
    message: &str,
    files: &BTreeMap<String, String>,
) {
    const WHO: &str = "Ruth Miller <ruth@people.example> 1767225600 +0000";
    let data = |text: &str| format!("data {}\n{text}\n", text.len());
    let _ = write!(out, "commit {name}\ncommitter {WHO}\n{}", data(message));
    if let Some(from) = from {
        let _ = writeln!(out, "from {from}");
    }
    for (path, text) in files {
        let _ = write!(out, "M 100644 inline {path}\n{}", data(text));
    }
    out.push('\n');
}

fn check(tares: &Path, folder: &Path, number: usize, sample: &Sample) -> Outcome<Report> {
    let mut command = Command::new(tares);
    let _home = empty_home(&mut command)?;
    command.args(["check", "--no-cache", "--format", "json"]);
    command.args(["--base", &format!("base-{number}")]);
    command.args(["--head", &format!("head-{number}")]);
    if !sample.task.is_empty() {
        command.args(["--task", &sample.task]);
    }
    let output = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .doing(tares.display())?;
    serde_json::from_slice(&output.stdout).doing(format!(
        "{}: {}",
        sample.name,
        String::from_utf8_lossy(&output.stderr)
    ))
}
