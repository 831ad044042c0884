//! The two layers of what is remembered of an analysis. Never a verdict, and never a finding.
//!
//! Layer one is found by content, language and engine alone. It holds everything, if the file
//! reads no other file, with the imports that must still lead nowhere; otherwise it says so,
//! and layer two is found by the same and the path. That one holds what the file does with all
//! the questions it asked on the way, and counts only if each still gets the same answer: the
//! import closure, as far as it was looked at.

use crate::answers::Answers;
use crate::program::{Files, Trace};
use serde::{Deserialize, Serialize};
use tares_effects::models::ModelSet;
use tares_effects::{Imported, Unchecked};
use tares_lang::Language;
use tares_model::effect::Effect;
use tares_model::{RepoPath, Span};

/// Changes when the layout of what is kept changes.
const LAYOUT: u32 = 2;

/// What an analysis found in a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) effects: Vec<Effect>,
    pub(crate) imports: Vec<Imported>,
    /// Comments and statements, only where the text holds a suppression.
    pub(crate) comments: Vec<Span>,
    pub(crate) statements: Vec<Span>,
    pub(crate) gaps: Vec<(Span, Gap)>,
}

/// Why a stretch was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Gap {
    Syntax,
    Depth,
    Fuel,
    Fault,
}

impl From<Unchecked> for Gap {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::Syntax => Self::Syntax,
            Unchecked::Depth => Self::Depth,
            Unchecked::Fuel => Self::Fuel,
            Unchecked::Fault => Self::Fault,
        }
    }
}

/// What is kept under a key of layer one.
#[derive(Serialize, Deserialize)]
enum Entry {
    /// The file reads no other file.
    Alone(Trace, Facts),
    /// It does: ask layer two.
    Reads,
}

/// Where facts of one file are kept.
pub(crate) struct Place<'a> {
    answers: &'a dyn Answers,
    path: &'a RepoPath,
    language: Language,
    alone: [u8; 32],
}

impl<'a> Place<'a> {
    /// Returns the place for a text under these models; `None` where nothing is kept.
    pub(crate) fn new(
        answers: &'a dyn Answers,
        path: &'a RepoPath,
        language: Language,
        (text, models): (&str, &ModelSet),
    ) -> Option<Self> {
        if !answers.keeps() {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        // Folder names do not reach the interpreter; a test file is judged otherwise, not analysed so.
        for part in ["tares facts", models.identity(), language.as_str(), text] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(&LAYOUT.to_le_bytes());
        Some(Self {
            answers,
            path,
            language,
            alone: *hasher.finalize().as_bytes(),
        })
    }

    fn among(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.alone);
        hasher.update(self.path.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Returns what is known, if it still holds.
    pub(crate) fn recall(&self, files: &Files<'_>) -> Option<Facts> {
        let bytes = self.answers.recall(&self.alone)?;
        let (trace, facts) = match postcard::from_bytes(&bytes).ok()? {
            Entry::Alone(trace, facts) => (trace, facts),
            Entry::Reads => postcard::from_bytes(&self.answers.recall(&self.among())?).ok()?,
        };
        trace
            .holds(files, self.path, self.language)
            .then_some(facts)
    }

    /// Keeps what was found.
    pub(crate) fn keep(&self, trace: Trace, facts: &Facts) {
        if !trace.stands_alone() {
            self.put(&self.among(), &(&trace, facts));
            return self.put(&self.alone, &Entry::Reads);
        }
        self.put(&self.alone, &Entry::Alone(trace, facts.clone()));
    }

    fn put(&self, key: &[u8; 32], value: &impl Serialize) {
        // What cannot be written is computed again next time.
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.answers.keep(key, &bytes);
        }
    }
}
