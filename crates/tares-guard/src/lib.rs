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
mod pattern;
mod settings;
mod sides;
mod surface;
mod tunnel;
mod view;

pub use agent::{Agent, Reach};
pub use catalogue::{rule, rules};
pub use hidden::{hidden_name, hidden_text};
pub use instruction::{instructions, prompts};
pub use settings::{Server, is_agent_settings, servers, settings};
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
    notices.extend(tunnel::find(path, text));
    if path.extension().as_deref() == Some("eml") {
        notices.extend(mail(path, text));
    }
    match Kind::of(path) {
        Kind::Instructions | Kind::Prose => {
            notices.extend(instructions(path, text, &views(path, text)));
        }
        Kind::Settings => notices.extend(instruction::given(path, text)),
        Kind::Code => {}
    }
    notices
}

/// Finds hidden text in the parts of a mail that were packed, where the raw text shows none.
fn mail(path: &RepoPath, text: &str) -> Vec<Notice> {
    let parts = view::mail::parts(text);
    let packed = parts.iter().filter(|part| !part.is_plain);
    packed
        .flat_map(|part| {
            let found = hidden_text(path, &part.text).into_iter();
            found.map(|notice| Notice {
                span: part.span,
                related: Vec::new(),
                ..notice
            })
        })
        .collect()
}

/// Inspects what a change says of itself: a commit message, the text of a pull request. Agents
/// are given it without asking for it.
pub fn inspect_message(text: &str) -> Vec<Notice> {
    inspect_piece(&RepoPath::from("message.txt"), text)
}

/// Inspects the name of a branch: agents are given it, and scripts put it into command lines.
pub fn inspect_branch(name: &str) -> Vec<Notice> {
    let mut notices = hidden_name(name);
    let words = name.replace("${IFS}", " ").replace("$IFS", " ");
    notices.extend(instruction::in_name(&words, name));
    notices
}
