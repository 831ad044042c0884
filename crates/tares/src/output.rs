//! Messages to standard output, in the format that was asked for.

use crate::arguments::{Color, Output};
use crate::failure::Failure;
use crate::progress::Bar;
use anstream::ColorChoice;
use std::io::{self, BufWriter, Write as _};
use tares_model::Message;
use tares_report::{Format, Handler, TextOptions, Verbosity};

/// Columns that text uses at most; longer lines are hard to read.
const WIDEST: usize = 120;

/// Runs `work` with a sink that prints what it is given.
pub(crate) fn print<T>(
    output: &Output,
    work: impl FnOnce(&mut dyn FnMut(Message)) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let color = is_colored(output.color);
    let verbosity = match (output.verbose, output.quiet) {
        (true, _) => Verbosity::Verbose,
        (_, true) => Verbosity::Quiet,
        _ => Verbosity::Normal,
    };
    let options = TextOptions {
        color,
        width: width(),
        show_notes: output.notes,
        verbosity,
    };
    print_with(output.format, options, work)
}

/// Runs `work` with a sink that prints in this format.
pub(crate) fn print_with<T>(
    format: Format,
    options: TextOptions,
    work: impl FnOnce(&mut dyn FnMut(Message)) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut out = BufWriter::new(stdout(options.color));
    let mut written: io::Result<()> = Ok(());
    let done = {
        let mut handler = format.handler(&mut out, options);
        let mut bar = Bar::new();
        let done = work(&mut |message| pass(&message, &mut bar, handler.as_mut(), &mut written))?;
        drop(bar);
        if written.is_ok() {
            written = handler.finish();
        }
        done
    };
    written.and_then(|()| out.flush())?;
    Ok(done)
}

fn pass(message: &Message, bar: &mut Bar, handler: &mut dyn Handler, written: &mut io::Result<()>) {
    if let Message::Progress(progress) = message {
        bar.show(*progress);
    }
    if written.is_ok() {
        *written = bar.aside(|| handler.message(message));
    }
}

/// Prints a text. Styles in it are taken out where nobody can see them.
pub(crate) fn print_text(color: Color, text: &str) -> Result<(), Failure> {
    let mut out = stdout(is_colored(color));
    out.write_all(text.as_bytes()).and_then(|()| out.flush())?;
    Ok(())
}

fn stdout(color: bool) -> anstream::AutoStream<io::Stdout> {
    let choice = if color {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    };
    anstream::AutoStream::new(io::stdout(), choice)
}

/// Returns whether colours are used. `NO_COLOR` and its like count on a terminal.
pub(crate) fn is_colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}

/// Returns the columns to write: what `COLUMNS` says, else the terminal.
pub(crate) fn width() -> usize {
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let columns =
        said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
    columns.unwrap_or(100).min(WIDEST)
}
