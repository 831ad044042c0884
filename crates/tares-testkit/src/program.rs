//! Running the program under test in a world of its own.

use crate::Normaliser;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A run that takes longer has hung. A debug build on a busy machine needs a few seconds at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program, its home, its cache and its folder: nothing of the machine is in its environment.
///
/// `PATH` is an empty folder, so a program that starts another one fails here.
///
/// ```no_run
/// # let binary = "tares"; // in a test: env!("CARGO_BIN_EXE_tares")
/// let tares = tares_testkit::Program::new(binary);
/// let answer = tares.run(["scan", "-"]);
/// assert_eq!(answer.code, 3, "{answer}");
/// ```
#[derive(Debug)]
pub struct Program {
    binary: PathBuf,
    home: TempDir,
    folder: PathBuf,
    variables: Vec<(OsString, OsString)>,
    input: Vec<u8>,
}

/// What a run said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Standard output; bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    normaliser: Normaliser,
}

impl Program {
    /// Returns the program with an empty home, in an empty folder.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let home = TempDir::with_prefix("tares-home-").expect("a temporary folder can be made");
        let root = home
            .path()
            .canonicalize()
            .expect("the folder was just made");
        for name in ["empty", "work", "cache", "config", "data", "tmp"] {
            std::fs::create_dir(root.join(name)).expect("the home is writable");
        }
        Self {
            binary: binary.into(),
            folder: root.join("work"),
            home,
            variables: Vec::new(),
            input: Vec::new(),
        }
    }

    /// Runs in this folder instead.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Adds a variable to the environment.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Gives this text to the standard input.
    pub fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = text.into();
        self
    }

    /// Returns the cache folder of the program's user.
    pub fn cache(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    /// Runs it once. The home stays, so a second run meets the cache of the first.
    ///
    /// # Panics
    /// When the program cannot be started or does not end within a minute.
    pub fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Answer {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear();
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.surround(&mut command);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut stdin = child.stdin.take().expect("the input is a pipe");
        let input = self.input.clone();
        // A program that does not read to the end closes the pipe; that is its right.
        let feeding = std::thread::spawn(move || stdin.write_all(&input).is_ok());
        let stdout = drain(child.stdout.take().expect("the output is a pipe"));
        let stderr = drain(child.stderr.take().expect("the output is a pipe"));
        let code = wait(&mut child, &command);
        feeding.join().expect("feeding does not panic");
        Answer {
            stdout: text(stdout),
            stderr: text(stderr),
            code,
            normaliser: self.normaliser(),
        }
    }

    /// Returns what takes the places of this run out of a text.
    fn normaliser(&self) -> Normaliser {
        Normaliser::new()
            .place(&self.folder, "[WORK]")
            .place(self.home.path(), "[HOME]")
            .place(&std::env::temp_dir(), "[TMP]")
    }

    fn surround(&self, command: &mut Command) {
        let home = self.home.path();
        let places = [
            ("HOME", home.to_path_buf()),
            ("USERPROFILE", home.to_path_buf()),
            ("XDG_CACHE_HOME", home.join("cache")),
            ("XDG_CONFIG_HOME", home.join("config")),
            ("XDG_DATA_HOME", home.join("data")),
            ("LOCALAPPDATA", home.join("cache")),
            ("TMPDIR", home.join("tmp")),
            ("PATH", home.join("empty")),
        ];
        let words = [
            ("COLUMNS", "100"),
            ("TERM", "dumb"),
            ("LC_ALL", "C.UTF-8"),
            ("TZ", "UTC"),
        ];
        command.envs(places).envs(words).env("RUST_BACKTRACE", "0");
        // Windows cannot start a program without these two.
        for name in ["SystemRoot", "SystemDrive"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

impl Answer {
    /// Returns the standard output without what differs from run to run.
    pub fn shown(&self) -> String {
        self.normaliser.apply(&self.stdout)
    }

    /// Returns the standard error without what differs from run to run.
    pub fn complained(&self) -> String {
        self.normaliser.apply(&self.stderr)
    }

    /// Asserts the exit code and shows everything where it differs.
    #[track_caller]
    pub fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Asserts that a text is in the standard output.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "no {text:?} in:\n{self}");
        self
    }

    /// Asserts that a text is in the standard error.
    #[track_caller]
    pub fn complains(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "no {text:?} in:\n{self}");
        self
    }
}

/// The whole answer, as an assertion prints it and a snapshot keeps it.
impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (stdout, stderr) = (self.shown(), self.complained());
        write!(
            f,
            "exit {}\n--- stdout\n{stdout}--- stderr\n{stderr}",
            self.code
        )
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes)
            .expect("a pipe can be read to its end");
        bytes
    })
}

fn text(reader: JoinHandle<Vec<u8>>) -> String {
    let bytes = reader.join().expect("reading does not panic");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn wait(child: &mut Child, command: &Command) -> i32 {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return status.code().unwrap_or(-1);
        }
        if begin.elapsed() > PATIENCE {
            child.kill().expect("a running child can be ended");
            panic!("still running after {PATIENCE:?}: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
