//! Prints what the guard finds in the files below the folders that are named, and how fast it
//! reads: `cargo run --release -p tares-guard --example hidden -- DIR…`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for the bench, outside the pure room"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tares_guard::inspect;
use tares_model::{Level, LineIndex, RepoPath};

fn main() {
    let (mut files, mut bytes, mut time) = (0, 0, Duration::ZERO);
    let mut counts = [0_usize; 3];
    let mut queue: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    while let Some(path) = queue.pop() {
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten();
            queue.extend(entries.flatten().map(|entry| entry.path()));
            continue;
        }
        let Ok(content) = std::fs::read(&path) else {
            continue;
        };
        if content.len() > 2 << 20 || content[..content.len().min(8000)].contains(&0) {
            continue;
        }
        let text = String::from_utf8_lossy(&content);
        files += 1;
        bytes += text.len();
        let begin = Instant::now();
        let found = inspect(
            &RepoPath::from(path.to_string_lossy().as_ref()),
            None,
            &text,
        );
        time += begin.elapsed();
        let worst = found.iter().map(|notice| notice.level).max();
        if let Some(level) = worst {
            counts[level as usize] += 1;
        }
        show(&path, &text, &found);
    }
    println!(
        "{files} files, {bytes} bytes, {:.2} GB/s; files with note {}, review {}, block {}",
        bytes as f64 / time.as_secs_f64().max(1e-9) / 1e9,
        counts[0],
        counts[1],
        counts[2]
    );
}

fn show(path: &Path, text: &str, found: &[tares_model::Notice]) {
    let index = LineIndex::new(text);
    for notice in found.iter().filter(|n| n.level > Level::Note).take(3) {
        println!(
            "{}:{} {} {} {}",
            path.display(),
            index.line(notice.span.start),
            notice.level,
            notice.rule,
            notice.message
        );
    }
}
