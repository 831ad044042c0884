//! `cargo xtask fuzz`: the targets in `fuzz/targets`, with a corpus that is kept and resumed.
//!
//! Built with the toolchain of the house: the coverage that libFuzzer steers by needs only code
//! generation flags, and memory errors, for which one would want a sanitizer, cannot come from
//! code without `unsafe`. One target runs at a time, on one thread.

mod seeds;

use crate::house::{Doing as _, Failure, Outcome, cargo, root, run as start, target};
use crate::table::Table;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `cargo fuzz` gives to the compiler, without a sanitizer.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=4",
];

/// Seconds after which an input counts as a hang. The steps of the engine end far earlier.
const HANG: u32 = 20;

/// Resident memory in MB at which libFuzzer stops: growth from input to input ends there too.
const MEMORY: u32 = 1500;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Targets, by the names of the files in `fuzz/targets`; all without one
    targets: Vec<String>,
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Where corpora and failing inputs are kept
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Longest input in bytes
    #[arg(long, default_value_t = 4096)]
    longest: u32,
}

/// What libFuzzer says of one run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    /// `stat::` lines: name and value.
    stats: Vec<(String, u64)>,
    /// Inputs that were written down because they failed or were slow.
    written: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let targets = chosen(&args.targets)?;
    let kept = match &args.corpus {
        Some(folder) => folder.clone(),
        None => target().join("fuzz-corpus"),
    };
    let mut table = Table::new(&[
        "target",
        "inputs",
        "per second",
        "corpus",
        "slowest s",
        "peak MB",
        "written",
    ]);
    let mut failed = Vec::new();
    for name in &targets {
        let program = build(name)?;
        let folder = kept.join(name);
        let dictionary = seeds::lay_out(name, &folder)?;
        let told = fuzz(&program, &folder, &dictionary, args)?;
        let stat = |wanted: &str| {
            let found = told.stats.iter().find(|(name, _)| name == wanted);
            found.map_or("-".to_owned(), |(_, value)| value.to_string())
        };
        table.row([
            name.clone(),
            stat("number_of_executed_units"),
            stat("average_exec_per_sec"),
            count(&folder.join("corpus"))?.to_string(),
            stat("slowest_unit_time_sec"),
            stat("peak_rss_mb"),
            told.written.join(" "),
        ]);
        if told.written.iter().any(|file| !is_slow(file)) {
            failed.push(name.as_str());
        }
    }
    println!("{table}");
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(Failure::new(format!("inputs failed: {}", failed.join(" ")))),
    }
}

/// Returns the wanted targets, or all that the folder has.
fn chosen(wanted: &[String]) -> Outcome<Vec<String>> {
    let manifest = root().join("fuzz").join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).doing(manifest.display())?;
    let manifest: toml::Table = toml::from_str(&text).doing(manifest.display())?;
    let bins = manifest["bin"].as_array().into_iter().flatten();
    let all: Vec<String> = bins
        .filter_map(|bin| bin["name"].as_str().map(str::to_owned))
        .collect();
    if let Some(strange) = wanted.iter().find(|name| !all.contains(name)) {
        return Err(Failure::new(format!(
            "{strange}: no such target; there are {}",
            all.join(" ")
        )));
    }
    Ok(if wanted.is_empty() {
        all
    } else {
        wanted.to_vec()
    })
}

fn build(name: &str) -> Outcome<PathBuf> {
    let folder = target().join("fuzz");
    let manifest = root().join("fuzz").join("Cargo.toml");
    let triple = host()?;
    let mut cargo = cargo();
    cargo
        .args(["build", "--quiet", "--release", "--bin", name])
        // With a triple of its own the flags do not reach build scripts.
        .args(["--target", &triple, "--manifest-path"])
        .arg(manifest)
        .env("CARGO_TARGET_DIR", &folder)
        .env("RUSTFLAGS", FLAGS.join(" "));
    start(&mut cargo)?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(folder.join(triple).join("release").join(name))
}

fn host() -> Outcome<String> {
    let said = crate::house::capture(Command::new("rustc").arg("-vV"))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| Failure::new("rustc does not say what it builds for"))
}

fn fuzz(program: &Path, folder: &Path, dictionary: &Path, args: &Args) -> Outcome<Told> {
    let written = folder.join("written");
    std::fs::create_dir_all(&written).doing(written.display())?;
    let log = folder.join("log");
    let sink = std::fs::File::create(&log).doing(log.display())?;
    let mut command = Command::new(program);
    command
        .arg(format!("-max_total_time={}", args.seconds))
        .arg(format!("-max_len={}", args.longest))
        .arg(format!("-timeout={HANG}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .args(["-report_slow_units=2", "-print_final_stats=1", "-reload=0"])
        .arg(format!("-dict={}", dictionary.display()))
        .arg(format!("-artifact_prefix={}/", written.display()))
        .arg(folder.join("corpus"));
    // A failing input is libFuzzer's answer, not a failure to run it.
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(sink)
        .status()
        .doing(program.display())?;
    let log = std::fs::read(&log).doing(log.display())?;
    let told = told(&String::from_utf8_lossy(&log));
    if told.stats.is_empty() && told.written.is_empty() {
        let tail: Vec<u8> = log[log.len().saturating_sub(2000)..].to_vec();
        return Err(Failure::new(String::from_utf8_lossy(&tail).into_owned()));
    }
    Ok(told)
}

/// Reads libFuzzer's closing lines, and the names of the inputs that it wrote down.
fn told(log: &str) -> Told {
    let stat = |line: &str| {
        let (name, value) = line.strip_prefix("stat::")?.split_once(':')?;
        Some((name.to_owned(), value.trim().parse().ok()?))
    };
    let file = |line: &str| {
        let (_, path) = line.split_once("Test unit written to ")?;
        let name = path.trim().rsplit(['/', '\\']).next()?;
        Some(name.to_owned())
    };
    Told {
        stats: log.lines().filter_map(stat).collect(),
        written: log.lines().filter_map(file).collect(),
    }
}

fn is_slow(file: &str) -> bool {
    file.starts_with("slow-unit")
}

fn count(folder: &Path) -> Outcome<usize> {
    Ok(std::fs::read_dir(folder).doing(folder.display())?.count())
}

#[cfg(test)]
mod tests {
    use super::{Told, is_slow, told};

    #[test]
    fn the_closing_lines_are_read() {
        let log = "#12 NEW\nartifact_prefix='x/'; Test unit written to x/slow-unit-a1\n\
                   stat::number_of_executed_units: 42\nstat::peak_rss_mb:              99\n";
        let expected = Told {
            stats: vec![
                ("number_of_executed_units".to_owned(), 42),
                ("peak_rss_mb".to_owned(), 99),
            ],
            written: vec!["slow-unit-a1".to_owned()],
        };
        assert_eq!(told(log), expected);
        assert!(is_slow("slow-unit-a1") && !is_slow("crash-a1"));
    }
}
