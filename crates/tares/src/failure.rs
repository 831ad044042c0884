//! What went wrong, said for three readers: what failed, why, and what to do.

use std::error::Error as _;
use std::fmt::Display;
use std::io;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};
use tares_model::ExitCode;
use tares_report::escape::visible;

/// A failure on its way to the user.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
    code: ExitCode,
    closed_pipe: bool,
}

impl Failure {
    /// Returns a failure of usage or configuration: nothing was judged.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            causes: Vec::new(),
            hint: None,
            code: ExitCode::Usage,
            closed_pipe: false,
        }
    }

    /// Returns a failure inside tares.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self {
            code: ExitCode::Internal,
            ..Self::usage(message)
        }
    }

    /// Adds why it failed.
    pub(crate) fn because(mut self, cause: &dyn Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns whether the reader of our output went away, which is its right.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.closed_pipe
    }

    /// Says it on standard error and returns how the program ends.
    pub(crate) fn report(&self) -> ExitCode {
        let mut lines = vec![labelled("error", ERROR, &self.message)];
        lines.extend(
            self.causes
                .iter()
                .map(|cause| labelled("  caused by", DIM, cause)),
        );
        lines.extend(self.hint.iter().map(|hint| labelled("hint", HINT, hint)));
        say(&lines);
        self.code
    }
}

/// Writing the output is the last thing that can fail.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            closed_pipe,
            ..Self::internal("the output could not be written").because(&error)
        }
    }
}

impl From<tares_world::git::GitError> for Failure {
    fn from(error: tares_world::git::GitError) -> Self {
        let mut failure = Self::usage(error.to_string());
        let mut cause = error.source();
        while let Some(error) = cause {
            failure = failure.because(&error);
            cause = error.source();
        }
        failure.hint = error.hint().map(str::to_owned);
        failure
    }
}

impl From<tares_judge::JudgeError> for Failure {
    fn from(error: tares_judge::JudgeError) -> Self {
        Self::internal("the change was not judged").because(&error)
    }
}

const ERROR: anstyle::Style = anstyle::AnsiColor::BrightRed
    .on_default()
    .effects(anstyle::Effects::BOLD);
const HINT: anstyle::Style = anstyle::AnsiColor::Green
    .on_default()
    .effects(anstyle::Effects::BOLD);
const DIM: anstyle::Style = anstyle::Style::new().effects(anstyle::Effects::DIMMED);

/// Text may quote what is under review; its line ends stay, everything else is made visible.
fn labelled(word: &str, style: anstyle::Style, text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    format!("{style}{word}:{style:#} {}", lines.join("\n"))
}

fn say(lines: &[String]) {
    for line in lines {
        anstream::eprintln!("{line}");
    }
}

/// Says something that is no failure on standard error.
pub(crate) fn remark(word: &str, text: &str) {
    say(&[labelled(word, HINT, text)]);
}

/// Reports what clap says of the arguments; help and version are no failure.
pub(crate) fn report_usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    let closed = printed.is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if closed || !error.use_stderr() {
        ExitCode::Ok
    } else {
        ExitCode::Usage
    }
}

/// Where and with which words a thread panicked first.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps the first panic for [`report_internal`].
pub(crate) fn remember_panic(info: &PanicHookInfo<'_>) {
    let mut panic = PANIC.lock().unwrap_or_else(PoisonError::into_inner);
    panic.get_or_insert_with(|| info.to_string());
}

/// Reports an error inside tares, so that nobody takes it for a verdict.
pub(crate) fn report_internal() -> ExitCode {
    let panic = PANIC
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
        .unwrap_or_default();
    Failure::internal("tares failed, and this is no verdict on the change")
        .because(&panic)
        .hint(format!(
            "please report it with the lines above and the command you ran (tares {}, {} {})",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        ))
        .report()
}
