//! What is wrong with how a change names packages, without asking anybody.

mod cooldown;
mod lock;
mod origin;
mod settings;

pub use lock::judge_lock_root;

use crate::formats::{self, FormatError};
use crate::reference::{Place, Reference};
use rustc_hash::FxHashSet;
use tares_model::Notice;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{RepoPath, Span};

/// Most notices of one file.
const MOST: usize = 100;

/// What a text says of packages.
#[derive(Debug, Default)]
pub struct Looked {
    /// What is wrong with how it says it.
    pub notices: Vec<Notice>,
    /// The packages that it names.
    pub head: Vec<Reference>,
    /// The packages that it named before the change.
    pub before: Vec<Reference>,
}

/// Reads and judges a manifest, a lock file or the settings of a client. With `base`, the text
/// before the change, only what is new counts; without one everything is judged as it stands.
pub fn look(path: &RepoPath, base: Option<&str>, text: &str) -> Looked {
    let mut notices = settings::judge(path, base, text);
    notices.extend(cooldown::judge(path, base, text));
    let (head, before) = match formats::read(path, text) {
        None => Default::default(),
        Some(Err(error)) => {
            notices.push(unreadable(&error));
            Default::default()
        }
        Some(Ok(head)) => {
            let before = base.and_then(|text| formats::read(path, text)?.ok());
            (head, before.unwrap_or_default())
        }
    };
    let known: FxHashSet<Identity> = before.iter().map(identity).collect();
    let new: Vec<&Reference> = head
        .iter()
        .filter(|reference| !known.contains(&identity(reference)))
        .collect();
    for reference in &new {
        notices.extend(origin::judge(reference));
    }
    lock::judge(&head, &before, &new, base.is_some(), &mut notices);
    // A first lock file explains itself; an entry that a change slips in does not.
    if !before.is_empty() && new.iter().any(|reference| reference.place == Place::Lock) {
        notices.extend(lock::unexplained(path, text, &before, &new));
    }
    notices.truncate(MOST);
    Looked {
        notices,
        head,
        before,
    }
}

/// What makes a reference the same in another text.
type Identity = (
    crate::Ecosystem,
    String,
    String,
    crate::Origin,
    Option<String>,
    Place,
);

fn identity(reference: &Reference) -> Identity {
    (
        reference.ecosystem,
        reference.normal(),
        reference
            .version
            .clone()
            .unwrap_or_else(|| reference.requirement.clone()),
        reference.origin.clone(),
        reference.digest.clone(),
        reference.place,
    )
}

/// Reads and judges the commands of a text that install or run packages. In documents, which people
/// follow by hand, they weigh less than in scripts.
pub fn look_for_commands(base: Option<&str>, text: &str, is_document: bool) -> Looked {
    let before = base.map(formats::commands).unwrap_or_default();
    let mut looked = compare(before, formats::commands(text));
    if is_document {
        for notice in &mut looked.notices {
            notice.level = Level::Note;
        }
    }
    looked
}

/// Reads and judges what a page loads.
pub fn look_at_page(base: Option<&str>, text: &str) -> Looked {
    let before = base.map(formats::page).unwrap_or_default();
    compare(before, formats::page(text))
}

/// Judges where new references are taken from.
fn compare(before: Vec<Reference>, head: Vec<Reference>) -> Looked {
    let known: FxHashSet<Identity> = before.iter().map(identity).collect();
    let new = head
        .iter()
        .filter(|reference| !known.contains(&identity(reference)));
    let notices = new.filter_map(origin::judge).take(MOST).collect();
    Looked {
        notices,
        head,
        before,
    }
}

fn unreadable(error: &FormatError) -> Notice {
    Notice {
        rule: "dependency-file-unreadable",
        level: Level::Review,
        severity: Severity::Medium,
        confidence: Confidence::High,
        span: Span::default(),
        message: format!("a file that names packages cannot be read: {error}"),
        related: Vec::new(),
        identity: error.to_string(),
    }
}
