//! Renderers of messages: text, json, sarif, github, markdown.
//!
//! Every output is a [`Handler`] of [`Message`]. A handler opens no file, reads no clock and
//! writes only to the writer it was given. It has never heard of a rule, a policy or git: what
//! it shows was in the messages. Their text comes from the code under review, so it is hostile
//! until it went through [`visible`](escape::visible).
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod collected;
mod delta_rows;
mod document;
mod entries;
pub mod escape;
mod github;
mod json;
mod markdown;
mod sarif;
mod text;

pub use github::Github;
pub use json::Json;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub use text::{Text, TextOptions, Verbosity};

use std::io;
use tares_model::Message;

/// Something that turns the stream of messages into one output.
pub trait Handler {
    /// Takes the next message. It may write, or wait for the end.
    fn message(&mut self, message: &Message) -> io::Result<()>;

    /// Writes what is left. Fails with [`io::ErrorKind::UnexpectedEof`] where the stream ended
    /// without a summary: half a run must not read as a report.
    fn finish(&mut self) -> io::Result<()>;
}

/// The outputs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// The report `tares/report/v1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands that GitHub turns into annotations.
    Github,
    /// A pull-request comment.
    Markdown,
}

impl Format {
    /// All formats, in the order in which help names them.
    pub const ALL: [Self; 5] = [
        Self::Text,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Markdown,
    ];

    /// Returns the word that selects the format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Markdown => "markdown",
        }
    }

    /// Returns the handler of the format, writing to `out`. Only text has options.
    pub fn handler<'a>(
        self,
        out: &'a mut dyn io::Write,
        options: TextOptions,
    ) -> Box<dyn Handler + 'a> {
        match self {
            Self::Text => Box::new(Text::new(out, options)),
            Self::Json => Box::new(Json::new(out)),
            Self::Sarif => Box::new(Sarif::new(out)),
            Self::Github => Box::new(Github::new(out)),
            Self::Markdown => Box::new(Markdown::new(out)),
        }
    }
}
