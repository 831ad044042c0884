//! What one command costs: CPU time of it and its children, peak memory, wall time.
//!
//! The kernel keeps these sums for all finished children of a process together, so each
//! measured command gets a parent of its own: this program, started again as `xtask measure`.

use crate::house::{Doing as _, Failure, Outcome};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the cost is written, as JSON
    #[arg(long)]
    to: PathBuf,
    /// The command and its arguments
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// What a command cost.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// User and system time of the command and its children, in seconds.
    pub(crate) cpu: f64,
    /// Time from start to end, in seconds.
    pub(crate) wall: f64,
    /// Largest resident set of one process, in bytes.
    pub(crate) peak: u64,
    /// How it ended; -1 when a signal ended it.
    pub(crate) code: i32,
}

impl Cost {
    /// Returns what is left without a part that was measured by itself.
    pub(crate) fn without(self, part: Self) -> Self {
        Self {
            cpu: self.cpu - part.cpu,
            wall: self.wall - part.wall,
            ..self
        }
    }
}

/// Runs a command and returns its cost; its output goes to `stdout`, or nowhere.
///
/// A command that ends with a code is not a failure here: scanners answer with theirs.
pub(crate) fn cost(command: &Command, stdout: Option<&Path>) -> Outcome<Cost> {
    let scratch = tempfile::NamedTempFile::new().doing("making a scratch file")?;
    let mut parent = Command::new(own()?);
    parent
        .arg("measure")
        .arg("--to")
        .arg(scratch.path())
        .arg("--");
    parent.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        parent.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => parent.env(name, value),
            None => parent.env_remove(name),
        };
    }
    let sink = match stdout {
        Some(file) => Stdio::from(std::fs::File::create(file).doing(file.display())?),
        None => Stdio::null(),
    };
    let output = parent
        .stdin(Stdio::null())
        .stdout(sink)
        .output()
        .doing("measuring")?;
    let written = std::fs::read(scratch.path()).doing("reading the cost")?;
    serde_json::from_slice(&written)
        .map_err(|_| Failure::new(String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Returns a path that starts this very program, even when it was built anew since it began.
fn own() -> Outcome<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() {
        return Ok(running.to_path_buf());
    }
    std::env::current_exe().doing("finding this program")
}

/// Runs a command `times` times and returns the costs in order of CPU time: the middle is the median.
pub(crate) fn median(times: usize, mut run: impl FnMut() -> Outcome<Cost>) -> Outcome<Cost> {
    let mut costs = (0..times).map(|_| run()).collect::<Outcome<Vec<_>>>()?;
    costs.sort_by(|one, two| one.cpu.total_cmp(&two.cpu));
    Ok(costs[costs.len() / 2])
}

/// The measuring parent: runs the command, then asks the kernel.
#[cfg(unix)]
pub(crate) fn child(args: &Args) -> Outcome {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let begin = std::time::Instant::now();
    let mut command = Command::new(&args.command[0]);
    let status = command
        .args(&args.command[1..])
        .status()
        .doing(args.command[0].display())?;
    let wall = begin.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).doing("getrusage")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Linux counts kilobytes here, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let cost = Cost {
        cpu: micros as f64 / 1e6,
        wall,
        peak: u64::try_from(usage.max_rss()).unwrap_or(0) * unit,
        code: status.code().unwrap_or(-1),
    };
    let json = serde_json::to_string(&cost).doing("writing the cost")?;
    std::fs::write(&args.to, json).doing(args.to.display())
}

/// Elsewhere the sums are not to be had.
#[cfg(not(unix))]
pub(crate) fn child(_: &Args) -> Outcome {
    Err(Failure::new(
        "CPU time of children is measured on Unix systems only",
    ))
}
