//! What a text says: senses it asks for or denies, and names it mentions.

use super::lexicon::Lexicon;
use super::words::{Word, stem, words};
use rustc_hash::FxHashMap;

/// How many words a negation reaches within its clause.
const REACH: usize = 8;

/// The phrases of a lexicon by the stem of their first word. Built once.
#[derive(Debug)]
pub(super) struct Phrases {
    by_first: FxHashMap<String, Vec<Phrase>>,
    negations: Vec<String>,
    boundaries: Vec<String>,
    participles: Vec<String>,
    passives: Vec<String>,
}

#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    sense: usize,
    role: PhraseRole,
}

/// What a phrase does for its sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PhraseRole {
    /// Asks, or denies after a negation.
    Asks,
    /// Counts only after a negation.
    DeniedOnly,
    /// Denies by itself.
    Denies,
}

impl Phrases {
    /// Builds the table; senses are counted through all lexicons in order.
    pub(super) fn new(lexicons: &[Lexicon]) -> Self {
        let mut table = Self {
            by_first: FxHashMap::default(),
            negations: Vec::new(),
            boundaries: Vec::new(),
            participles: Vec::new(),
            passives: Vec::new(),
        };
        let senses = lexicons.iter().flat_map(|l| &l.sense);
        for (sense, data) in senses.enumerate() {
            for (phrases, role) in [
                (&data.words, PhraseRole::Asks),
                (&data.denied, PhraseRole::DeniedOnly),
                (&data.denies, PhraseRole::Denies),
            ] {
                for phrase in phrases {
                    let stems: Vec<String> = phrase.split_whitespace().map(stem).collect();
                    let Some(first) = stems.first().cloned() else {
                        continue;
                    };
                    table
                        .by_first
                        .entry(first)
                        .or_default()
                        .push(Phrase { stems, sense, role });
                }
            }
        }
        for lexicon in lexicons {
            table.negations.extend(lexicon.negations.iter().cloned());
            table.boundaries.extend(lexicon.boundaries.iter().cloned());
            table
                .participles
                .extend(lexicon.participles.iter().cloned());
            table.passives.extend(lexicon.passives.iter().cloned());
        }
        table
    }

    /// Returns whether the word at `at` describes what is done already: *uploaded* files.
    fn describes(&self, found: &[Word], at: usize) -> bool {
        let is_participle = self
            .participles
            .iter()
            .any(|end| found[at].text.ends_with(end.as_str()));
        let before = at.checked_sub(1).map(|i| &found[i].text);
        is_participle && !before.is_some_and(|word| self.passives.contains(word))
    }
}

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Words that ask, by sense.
    pub(super) asked: FxHashMap<usize, String>,
    /// Words that deny, by sense.
    pub(super) denied: FxHashMap<usize, String>,
    /// Every word with whether a negation precedes it in its clause.
    pub(super) words: Vec<(Word, bool)>,
}

impl Said {
    /// Reads a text.
    pub(super) fn new(text: &str, phrases: &Phrases) -> Self {
        let found = words(text, &phrases.boundaries);
        let mut said = Self::default();
        let mut negated_since: Option<usize> = None;
        for (i, word) in found.iter().enumerate() {
            if i > 0 && found[i - 1].clause != word.clause {
                negated_since = None;
            }
            let negated = negated_since.is_some_and(|since| i - since <= REACH);
            if phrases.negations.contains(&word.text) {
                negated_since = Some(i);
            }
            said.note_phrases(&found, i, negated_since.filter(|_| negated), phrases);
            said.words.push((word.clone(), negated));
        }
        said
    }

    /// Adds what another text says.
    pub(super) fn extend(&mut self, other: Self) {
        let Self {
            asked,
            denied,
            words,
        } = other;
        for (to, from) in [(&mut self.asked, asked), (&mut self.denied, denied)] {
            #[expect(clippy::iter_over_hash_type, reason = "goes from one map into another")]
            for (sense, phrase) in from {
                to.entry(sense).or_insert(phrase);
            }
        }
        self.words.extend(words);
    }

    fn note_phrases(
        &mut self,
        found: &[Word],
        at: usize,
        negation: Option<usize>,
        phrases: &Phrases,
    ) {
        let Some(candidates) = phrases.by_first.get(&found[at].stem) else {
            return;
        };
        for phrase in candidates {
            let Some(here) = found.get(at..at + phrase.stems.len()) else {
                continue;
            };
            let fits = here
                .iter()
                .zip(&phrase.stems)
                .all(|(w, s)| w.stem == *s && w.clause == found[at].clause);
            if !fits {
                continue;
            }
            let end = at + phrase.stems.len();
            let written = |from: usize| {
                found[from..end]
                    .iter()
                    .map(|w| w.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            match (phrase.role, negation) {
                (PhraseRole::Denies, _) => self
                    .denied
                    .entry(phrase.sense)
                    .or_insert_with(|| written(at)),
                (_, Some(since)) => self
                    .denied
                    .entry(phrase.sense)
                    .or_insert_with(|| written(since)),
                (PhraseRole::Asks, None) if !phrases.describes(found, at) => self
                    .asked
                    .entry(phrase.sense)
                    .or_insert_with(|| written(at)),
                (PhraseRole::Asks | PhraseRole::DeniedOnly, None) => continue,
            };
        }
    }
}
