//! A bar for somebody who waits: on a terminal, and only after a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};
use tares_model::message::Progress;

/// How long nobody minds waiting without a sign.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that may never show.
pub(crate) struct Bar {
    begin: Instant,
    is_watched: bool,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// Returns a bar for standard error.
    pub(crate) fn new() -> Self {
        Self {
            begin: Instant::now(),
            is_watched: std::io::stderr().is_terminal(),
            bar: None,
        }
    }

    /// Shows how far the work is.
    pub(crate) fn show(&mut self, progress: Progress) {
        if !self.is_watched || self.begin.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files  {eta} left");
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style.expect("the template is well formed"));
            bar
        });
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
    }

    /// Does something that may write to the terminal, without the bar in its way.
    pub(crate) fn aside<T>(&mut self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
