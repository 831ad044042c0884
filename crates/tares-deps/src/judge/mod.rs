//! What is wrong with how a change names packages, without asking anybody.

mod lock;
mod origin;
mod settings;

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

/// Judges a manifest, a lock file or the settings of a client. With `base`, the text before the
/// change, only what is new counts; without one everything is judged as it stands.
pub fn judge(path: &RepoPath, base: Option<&str>, text: &str) -> Vec<Notice> {
    look(path, base, text).notices
}

/// Reads and judges a manifest, a lock file or the settings of a client.
pub fn look(path: &RepoPath, base: Option<&str>, text: &str) -> Looked {
    let mut notices = settings::judge(path, base, text);
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

/// Judges the commands of a text that install or run packages. In documents, which people follow
/// by hand, they weigh less than in scripts.
pub fn judge_commands(base: Option<&str>, text: &str, is_document: bool) -> Vec<Notice> {
    look_for_commands(base, text, is_document).notices
}

/// Reads and judges the commands of a text that install or run packages.
pub fn look_for_commands(base: Option<&str>, text: &str, is_document: bool) -> Looked {
    let before = base.map(formats::commands).unwrap_or_default();
    let known: FxHashSet<Identity> = before.iter().map(identity).collect();
    let head = formats::commands(text);
    let mut notices: Vec<Notice> = head
        .iter()
        .filter(|reference| !known.contains(&identity(reference)))
        .filter_map(origin::judge)
        .collect();
    if is_document {
        for notice in &mut notices {
            notice.level = Level::Note;
        }
    }
    notices.truncate(MOST);
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
