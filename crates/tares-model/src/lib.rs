//! The words of tares: what travels between its rooms, and nothing else.
//!
//! Every other crate is written in these types. This crate has never heard of a file
//! system, a language, a rule or an output format; it depends on serde alone.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod change;
mod ecosystem;
pub mod effect;
pub mod exit;
pub mod fact;
pub mod finding;
pub mod layout;
pub mod message;
pub mod notice;
pub mod path;
pub mod report;
pub mod span;
pub mod verdict;

pub use change::{Change, ChangeKind, FileChange, Side, Task};
pub use ecosystem::Ecosystem;
pub use effect::{Effect, EffectKind, Label, LabelSet};
pub use exit::ExitCode;
pub use finding::{Finding, Level};
pub use message::Message;
pub use notice::{Notice, RulePage};
pub use path::RepoPath;
pub use span::{LineIndex, Place, Span};
pub use verdict::Verdict;
