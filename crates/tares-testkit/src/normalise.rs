//! Taking out of a text what differs from run to run and from machine to machine.

use std::path::Path;

/// Places and words to replace, longest first, and versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normaliser {
    replacements: Vec<(String, String)>,
}

impl Normaliser {
    /// Returns one that replaces versions of tares and nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces a folder, also under its resolved name.
    pub fn place(mut self, folder: &Path, name: &str) -> Self {
        let resolved = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_path_buf());
        for place in [folder, &resolved] {
            self = self.word(&place.to_string_lossy(), name);
        }
        self
    }

    /// Replaces a word.
    pub fn word(mut self, word: &str, name: &str) -> Self {
        let word = word.trim_end_matches(['/', '\\']);
        if !word.is_empty() && !self.replacements.iter().any(|(known, _)| known == word) {
            self.replacements.push((word.to_owned(), name.to_owned()));
            // A folder inside another one has to go first.
            self.replacements
                .sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
        }
        self
    }

    /// Returns the text with every replacement made.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.replace("\r\n", "\n");
        for (word, name) in &self.replacements {
            text = text.replace(word, name);
        }
        versions(&text)
    }
}

/// Replaces `tares 1.2.3`, `tares/1.2.3` and `"version": "1.2.3"`, so that a release changes no snapshot.
fn versions(text: &str) -> String {
    const HEADS: [&str; 4] = ["tares ", "tares/", "\"version\": \"", "\"version\":\""];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let head = HEADS.into_iter().find(|head| rest.starts_with(head));
        let tail = head.map_or("", |head| &rest[head.len()..]);
        let length = version(tail);
        if let (Some(head), 1..) = (head, length) {
            out += head;
            out += "[VERSION]";
            rest = &tail[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Returns the length of `1.2.3` with its suffix at the start of the text, 0 if there is none.
fn version(text: &str) -> usize {
    let part = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    let length = text.find(|c| !part(c)).unwrap_or(text.len());
    // A full stop that ends the sentence is not part of it.
    let word = text[..length].trim_end_matches('.');
    let numbers = word.split('.').take(3);
    let whole = numbers.clone().count() == 3
        && numbers
            .clone()
            .all(|number| number.starts_with(|c: char| c.is_ascii_digit()));
    if whole { word.len() } else { 0 }
}
