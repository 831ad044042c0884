//! What agents read: text that people do not see, instructions that do not belong, settings
//! that grant too much.
//!
//! Pure: texts and paths in, notices out. Nothing is rendered raw, executed, fetched or opened.
//! This crate knows no policy and no output format; the judge makes findings of its notices.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

use tares_model::{Notice, RepoPath};

mod agent;
mod catalogue;
mod hidden;
mod instruction;
mod notice;
mod settings;
mod sides;
mod surface;
mod view;

pub use agent::Agent;
pub use catalogue::{rule, rules};
pub use hidden::{hidden_name, hidden_text};
pub use instruction::instructions;
pub use settings::{is_agent_settings, settings};
pub use sides::{Piece, Row, clean, sides};
pub use surface::{Kind, is_test_data};
pub use view::{Carrier, Hidden, Views, views};

/// Inspects one text for everything that this room knows. `base` is the text before the change,
/// for what is judged by what is new; both are at most a few MiB, the caller refuses more.
pub fn inspect(path: &RepoPath, base: Option<&str>, text: &str) -> Vec<Notice> {
    let mut notices = inspect_piece(path, text);
    notices.extend(settings(path, base, text));
    notices.sort_by(|one, other| (one.span, one.rule).cmp(&(other.span, other.rule)));
    notices
}

/// The same for a piece of a file, which is no settings that one could parse.
pub fn inspect_piece(path: &RepoPath, text: &str) -> Vec<Notice> {
    let mut notices = hidden_text(path, text);
    if matches!(Kind::of(path), Kind::Instructions | Kind::Prose) {
        let views = views(path, text);
        notices.extend(instructions(path, text, &views));
    }
    notices
}
