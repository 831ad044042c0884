//! Text that a person does not see, or sees as something else.
//!
//! One pass over the bytes finds where anything but plain ASCII stands; only there characters
//! are looked at. Runs of invisible characters are decoded: what they say is the evidence.

mod bidi;
mod class;
mod confusable;
mod context;
mod decode;
mod escaped;
mod lines;
mod odd_name;
mod padding;
mod runs;
mod terminal;

use crate::notice::in_test_data;
use crate::surface::{self, Kind};
use tares_model::Notice;
use tares_model::RepoPath;

/// Largest number of notices that one text gives; the rest would say the same.
const MOST: usize = 200;

/// Returns whether a character is invisible, a control or of private use.
pub(crate) fn is_odd(c: char) -> bool {
    class::class(c).is_some()
}

/// Finds hidden text in a file. `text` is at most a few MiB; the caller refuses more.
pub fn hidden_text(path: &RepoPath, text: &str) -> Vec<Notice> {
    let kind = Kind::of(path);
    let mut notices = Vec::new();
    for line in lines::odd(text) {
        runs::find(text, &line, kind, &mut notices);
        terminal::find(text, &line, kind, &mut notices);
        if notices.len() > MOST {
            break;
        }
    }
    if !text.is_ascii() {
        confusable::find(text, kind, &mut notices);
    }
    padding::find(text, kind, &mut notices);
    escaped::find(text, &mut notices);
    notices.truncate(MOST);
    if !notices.is_empty() && surface::is_test_data(path) {
        let lowered = notices.into_iter().map(|notice| in_test_data(notice, kind));
        notices = lowered.collect();
    }
    notices.sort_by(|one, other| (one.span, one.rule).cmp(&(other.span, other.rule)));
    notices
}

/// Returns every stretch of invisible characters that do not belong, with what it says: decoded,
/// or the code points by name.
pub(crate) fn strays(text: &str) -> Vec<(tares_model::Span, String)> {
    lines::odd(text)
        .flat_map(|line| runs::strays(&line))
        .collect()
}

/// Finds hidden text in words that name something: a file, a branch, a commit's subject.
/// Directions, invisible characters and controls have no place there.
pub fn hidden_name(name: &str) -> Vec<Notice> {
    let path = RepoPath::from("name.code");
    hidden_text(&path, name)
}
