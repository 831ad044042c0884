//! Measures what lowering costs over the bare parse: `parse_cost DIRECTORY`.
//!
//! Prints CPU seconds of both over all Python files below the directory, best of five rounds.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};
use tares_lang::{Interner, Language, parse};

fn main() -> io::Result<()> {
    let root = env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut paths = Vec::new();
    collect(Path::new(&root), &mut paths)?;
    let sources: Vec<String> = paths
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    let bytes: usize = sources.iter().map(String::len).sum();
    println!("{} files, {bytes} bytes", sources.len());

    let bare = best(|| {
        let mut parser = tree_sitter::Parser::new();
        parser
            .set_language(&tree_sitter_python::LANGUAGE.into())
            .expect("the grammar fits");
        for source in &sources {
            std::hint::black_box(parser.parse(source, None));
        }
    })?;
    let (mut nodes, mut errors) = (0, 0);
    let both = best(|| {
        (nodes, errors) = (0, 0);
        let mut interner = Interner::default();
        for source in &sources {
            let tree = parse(Language::Python, source, &mut interner);
            nodes += tree.exprs.len() + tree.stmts.len();
            errors += tree.errors.len();
        }
    })?;
    println!("{nodes} nodes, {errors} errors");
    println!(
        "parse {bare:.3} s, parse and lower {both:.3} s, lowering {:.3} x parse",
        both / bare - 1.0
    );
    Ok(())
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    Ok(())
}

fn best(mut run: impl FnMut()) -> io::Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let before = cpu_seconds()?;
        run();
        best = best.min(cpu_seconds()? - before);
    }
    Ok(best)
}

/// CPU time of the calling thread in seconds, from the scheduler's own count of nanoseconds.
fn cpu_seconds() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = stat
        .split(' ')
        .next()
        .and_then(|field| field.parse::<f64>().ok());
    nanoseconds
        .map(|n| n / 1e9)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}
