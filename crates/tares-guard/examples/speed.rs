//! Measures the guard in CPU time of one thread, tables not yet built, and prints `name value`:
//! `cargo run --release -p tares-guard --example speed -- DIR`. `cargo xtask bench guard` reads it.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for the bench, outside the pure room"
)]

use nix::time::{ClockId, clock_gettime};
use std::path::PathBuf;
use std::time::Duration;
use tares_guard::{hidden_text, inspect, inspect_piece};
use tares_model::RepoPath;

/// Bytes of the text for the pass over plain ASCII.
const PLAIN: usize = 64 << 20;

/// Files of a change.
const CHANGED: usize = 20;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let files = read(&folder);
    let change: Vec<_> = files
        .iter()
        .step_by((files.len() / CHANGED).max(1))
        .collect();
    // What a check adds: both sides of each changed file, in a program that did nothing before.
    let added = time(|| {
        for (path, text) in &change {
            let head = format!("{text}\n# one more line\n");
            std::hint::black_box(inspect(path, Some(text), &head));
            std::hint::black_box(inspect_piece(path, text));
        }
    });
    let whole = time(|| {
        for (path, text) in &files {
            std::hint::black_box(inspect(path, None, text));
        }
    });
    let line =
        "def load(path, limit=4):\n    return [row for row in rows(path) if row.size > limit]\n";
    let plain = line.repeat(PLAIN / line.len());
    let path = RepoPath::from("load.py");
    let pass = time(|| {
        std::hint::black_box(hidden_text(&path, &plain));
    });
    println!("change-ms {:.3}", added.as_secs_f64() * 1e3);
    println!("repository-ms {:.3}", whole.as_secs_f64() * 1e3);
    println!("repository-files {}", files.len());
    println!(
        "ascii-gb-per-s {:.3}",
        plain.len() as f64 / pass.as_secs_f64() / 1e9
    );
}

fn read(folder: &str) -> Vec<(RepoPath, String)> {
    let (mut found, mut queue) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(path) = queue.pop() {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name == ".git") {
                continue;
            }
            let entries = std::fs::read_dir(&path).expect("a readable folder");
            queue.extend(entries.flatten().map(|entry| entry.path()));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let below = path.strip_prefix(folder).unwrap_or(&path);
            found.push((RepoPath::from(below.to_string_lossy().as_ref()), text));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn time(work: impl FnOnce()) -> Duration {
    let now = || -> Duration {
        let spec = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
        spec.expect("the system counts time").into()
    };
    let begin = now();
    work();
    now() - begin
}
