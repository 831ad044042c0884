//! Prints what analysing a folder costs, beside the bare parse: CPU seconds of one thread.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tares_effects::{NoProgram, Worker, analyse};
use tares_lang::{Interner, Language};
use tares_model::RepoPath;

fn main() {
    let worker = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(measure)
        .expect("a thread starts");
    worker.join().expect("the measurement ends");
}

fn measure() {
    let root = std::env::args().nth(1).expect("a folder");
    let mut files = Vec::new();
    collect(Path::new(&root), &mut files);
    files.sort_by(|a: &(String, Language, Arc<str>), b| a.0.cmp(&b.0));
    let bytes: usize = files.iter().map(|f| f.2.len()).sum();
    let lines: usize = files.iter().map(|f| f.2.lines().count()).sum();
    println!("{} files, {lines} lines, {bytes} bytes", files.len());
    for round in 0..3 {
        let start = Instant::now();
        let mut interner = Interner::default();
        let nodes: usize = files
            .iter()
            .map(|(_, l, s)| tares_lang::parse(*l, s, &mut interner).exprs.len())
            .sum();
        let lowered = start.elapsed();
        let start = Instant::now();
        let mut worker = Worker::default();
        let mut steps = 0;
        let mut effects = 0;
        let mut out_of_fuel = 0;
        let mut slow: Vec<(u128, &str, u64)> = Vec::new();
        for (path, language, source) in &files {
            let begin = Instant::now();
            let analysis = analyse(
                &mut worker,
                &NoProgram,
                &RepoPath::from(path.as_str()),
                *language,
                source,
            );
            slow.push((begin.elapsed().as_micros(), path, analysis.steps));
            steps += analysis.steps;
            effects += analysis.effects.len();
            out_of_fuel += usize::from(!analysis.unchecked.is_empty());
        }
        println!(
            "round {round}: parse+lower {lowered:?} ({nodes} expressions), all {:?}, {steps} steps, {effects} effects, {out_of_fuel} unchecked",
            start.elapsed()
        );
        if round == 2 {
            slow.sort_unstable();
            for (us, path, steps) in slow.iter().rev().take(12) {
                println!("  {us:>8} us {steps:>8} steps {path}");
            }
        }
    }
}

fn collect(dir: &Path, out: &mut Vec<(String, Language, Arc<str>)>) {
    for entry in std::fs::read_dir(dir).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, out);
        } else if let Some(language) = Language::detect(&path.to_string_lossy(), "")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            out.push((path.to_string_lossy().into_owned(), language, text.into()));
        }
    }
}
