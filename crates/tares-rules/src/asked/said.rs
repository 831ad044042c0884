//! What a text says: senses it asks for or denies, and names it mentions.

use super::lexicon::Lexicon;
use super::words::{Word, stem, words};
use rustc_hash::{FxHashMap, FxHashSet};
use tares_model::effect::EffectKind;

/// How many words a negation reaches within its clause.
const REACH: usize = 8;
/// How many words it reaches where it denies what otherwise asks: "without *retries*".
const NEAR: usize = 3;
/// Words by which the language of a text is known.
const WORDS: usize = 200;
/// Among how many first words of a clause one stands that asks for nothing new.
const OPENING: usize = 4;

/// The phrases of one lexicon by the stem of their first word. Built once.
#[derive(Debug)]
pub(super) struct Phrases {
    by_first: FxHashMap<String, Vec<Phrase>>,
    lexicon: Lexicon,
    removals: FxHashSet<String>,
    controls: Vec<(Vec<EffectKind>, FxHashSet<String>)>,
}

#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    role: PhraseRole,
}

/// What a phrase does; numbers are those of senses, counted through all lexicons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PhraseRole {
    /// Asks, or denies after a negation.
    Asks(usize),
    /// Speaks of what is there, or denies after a negation.
    GoesOn(usize),
    /// Counts only after a negation.
    DeniedOnly(usize),
    /// Denies by itself.
    Denies(usize),
    /// Denies by itself, but not in what is said of a whole change.
    Limits(usize),
    /// Asks for no new behaviour.
    Quiet,
    /// Asks for tests.
    Tests,
}

impl Phrases {
    /// Builds the table of a lexicon whose senses are counted from `first`.
    pub(super) fn new(lexicon: Lexicon, first: usize) -> Self {
        let mut by_first: FxHashMap<String, Vec<Phrase>> = FxHashMap::default();
        let stem = |word: &str| stem(word, &lexicon.endings);
        let mut add = |phrases: &[String], role| {
            for phrase in phrases {
                let stems: Vec<String> = phrase.split_whitespace().map(stem).collect();
                if let Some(first) = stems.first().cloned() {
                    by_first
                        .entry(first)
                        .or_default()
                        .push(Phrase { stems, role });
                }
            }
        };
        for (sense, data) in (first..).zip(&lexicon.sense) {
            add(&data.words, PhraseRole::Asks(sense));
            add(&data.goes_on, PhraseRole::GoesOn(sense));
            add(&data.denied, PhraseRole::DeniedOnly(sense));
            add(&data.denies, PhraseRole::Denies(sense));
            add(&data.limits, PhraseRole::Limits(sense));
        }
        add(&lexicon.quiet, PhraseRole::Quiet);
        add(&lexicon.tests, PhraseRole::Tests);
        let stems = |words: &[String]| words.iter().map(|word| stem(word)).collect();
        let controls = lexicon.control.iter();
        Self {
            removals: stems(&lexicon.removals),
            controls: controls
                .map(|control| (control.kinds.clone(), stems(&control.words)))
                .collect(),
            by_first,
            lexicon,
        }
    }

    /// Returns whether the word at `at` describes what is done already: *uploaded* files.
    fn describes(&self, found: &[Word], at: usize) -> bool {
        let mut endings = self.lexicon.participles.iter();
        let is_participle = endings.any(|end| found[at].text.ends_with(end.as_str()));
        let before = at.checked_sub(1).map(|i| &found[i].text);
        is_participle && !before.is_some_and(|word| self.lexicon.passives.contains(word))
    }
}

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Words that ask, by sense.
    pub(super) asked: FxHashMap<usize, String>,
    /// Words that would ask, in clauses that ask for no new behaviour.
    pub(super) touched: FxHashMap<usize, String>,
    /// Words that deny, by sense.
    pub(super) denied: FxHashMap<usize, String>,
    /// Words that deny where they speak of one function or of the task: a *read-only* view.
    pub(super) limited: FxHashMap<usize, String>,
    /// Words that would ask, after a negation: enough for a task, too little for a claim.
    pub(super) refused: FxHashMap<usize, String>,
    /// Words that ask for tests.
    pub(super) tests: Option<String>,
    /// Words that ask for a control to go, by its kinds.
    removed: Vec<(Vec<EffectKind>, String)>,
    /// Clauses that ask for something to go.
    gone: Vec<String>,
    /// Every word with whether a negation precedes it in its clause.
    pub(super) words: Vec<(Word, bool)>,
}

impl Said {
    /// Reads a text by the lexicon that knows most of its words; the first of equals.
    pub(super) fn new(text: &str, languages: &[Phrases]) -> Self {
        let known = |phrases: &&Phrases| {
            let Lexicon {
                common,
                negations,
                boundaries,
                ..
            } = &phrases.lexicon;
            let telling = [common, negations, boundaries];
            let words = text.split(|c: char| !c.is_alphanumeric());
            let is_known = |word: &String| {
                let stem = stem(word, &phrases.lexicon.endings);
                telling.iter().any(|list| list.contains(word))
                    || phrases.by_first.contains_key(&stem)
            };
            let lower = words.map(str::to_lowercase).take(WORDS);
            lower.filter(is_known).count()
        };
        let language = languages.iter().rev().max_by_key(known);
        language.map_or_else(Self::default, |phrases| Self::by(text, phrases))
    }

    fn by(text: &str, phrases: &Phrases) -> Self {
        let lexicon = &phrases.lexicon;
        let found = words(text, &lexicon.boundaries, &lexicon.endings);
        let mut said = Self::default();
        let mut negated_since: Option<usize> = None;
        let (mut begins, mut is_quiet) = (0, false);
        for (i, word) in found.iter().enumerate() {
            if i > 0 && found[i - 1].clause != word.clause {
                negated_since = None;
                begins = i;
            }
            if begins == i {
                is_quiet = opens_quietly(&found, i, phrases);
                said.note_removal(&found, i, phrases);
            }
            let negated = negated_since.is_some_and(|since| i - since <= REACH);
            if lexicon.negations.contains(&word.text) {
                negated_since = Some(i);
            }
            let negation = negated_since.filter(|_| negated);
            for phrase in phrases_at(&found, i, phrases) {
                said.note(phrase, &found, i, negation, is_quiet, phrases);
            }
            said.words.push((word.clone(), negated));
        }
        said
    }

    /// Adds what another text says.
    pub(super) fn extend(&mut self, other: Self) {
        for (to, from) in [
            (&mut self.asked, other.asked),
            (&mut self.touched, other.touched),
            (&mut self.denied, other.denied),
            (&mut self.limited, other.limited),
            (&mut self.refused, other.refused),
        ] {
            #[expect(clippy::iter_over_hash_type, reason = "goes from one map into another")]
            for (sense, phrase) in from {
                to.entry(sense).or_insert(phrase);
            }
        }
        self.tests = self.tests.take().or(other.tests);
        self.removed.extend(other.removed);
        self.gone.extend(other.gone);
        self.words.extend(other.words);
    }

    /// Returns the words that ask for a control of this kind, or of this name, to go.
    pub(super) fn removal(&self, kind: EffectKind, names: &str) -> Option<&str> {
        let by_kind = self.removed.iter().find(|(kinds, _)| kinds.contains(&kind));
        let is_name = |word: &str| word.len() >= 4 && names.contains(word);
        let by_name = || {
            self.gone
                .iter()
                .find(|clause| clause.split(' ').any(is_name))
        };
        by_kind
            .map(|(_, text)| text.as_str())
            .or_else(|| by_name().map(String::as_str))
    }

    /// Returns the words that ask for a secret in the log: `print the token`. *Log failed token
    /// exchanges* asks for something else, so the secret has to end what is logged.
    pub(super) fn tells(&self, kind: EffectKind) -> Option<String> {
        const VERBS: &[&str] = &["log", "print", "echo", "show", "output", "dump"];
        const SECRETS: &[&str] = &[
            "token",
            "password",
            "secret",
            "key",
            "credential",
            "credentials",
            "cookie",
            "headers",
        ];
        const AFTER: &[&str] = &[
            "in", "of", "as", "with", "before", "after", "to", "when", "for", "at", "that", "on",
        ];
        if kind != EffectKind::Log {
            return None;
        }
        let asks = |at: usize| {
            let clause = self.words[at].0.clause;
            let rest = self.words.get(at + 1..)?;
            let (n, (last, _)) = rest
                .iter()
                .take(4)
                .enumerate()
                .find(|(_, (word, _))| SECRETS.contains(&word.text.as_str()))?;
            let ends = rest.get(n + 1).is_none_or(|(next, _)| {
                next.clause != clause || AFTER.contains(&next.text.as_str())
            });
            (last.clause == clause && ends).then(|| {
                let verb = &self.words[at].0.text;
                format!("{verb} … {}", last.text)
            })
        };
        self.words
            .iter()
            .enumerate()
            .filter(|(_, (word, negated))| !negated && VERBS.contains(&word.text.as_str()))
            .find_map(|(at, _)| asks(at))
    }

    fn note_removal(&mut self, found: &[Word], at: usize, phrases: &Phrases) {
        let clause: Vec<&Word> = found[at..]
            .iter()
            .take_while(|w| w.clause == found[at].clause)
            .collect();
        let has = |words: &FxHashSet<String>| clause.iter().any(|w| words.contains(&w.stem));
        if !has(&phrases.removals) {
            return;
        }
        let text: Vec<&str> = clause.iter().map(|w| w.text.as_str()).collect();
        let text = text.join(" ");
        for (kinds, words) in phrases.controls.iter().filter(|(_, words)| has(words)) {
            debug_assert!(!words.is_empty(), "a name was found");
            self.removed.push((kinds.clone(), text.clone()));
        }
        self.gone.push(text);
    }

    fn note(
        &mut self,
        phrase: &Phrase,
        found: &[Word],
        at: usize,
        negation: Option<usize>,
        is_quiet: bool,
        phrases: &Phrases,
    ) {
        let end = at + phrase.stems.len();
        let written = |from: usize| {
            let words = found[from..end].iter().map(|w| w.text.as_str());
            words.collect::<Vec<_>>().join(" ")
        };
        match (phrase.role, negation) {
            (PhraseRole::Denies(sense), _) => {
                self.denied.entry(sense).or_insert_with(|| written(at));
            }
            (PhraseRole::Limits(sense), _) => {
                self.limited.entry(sense).or_insert_with(|| written(at));
            }
            (PhraseRole::DeniedOnly(sense), Some(since)) => {
                self.denied.entry(sense).or_insert_with(|| written(since));
            }
            (PhraseRole::Asks(sense) | PhraseRole::GoesOn(sense), Some(since))
                if at - since <= NEAR =>
            {
                self.refused.entry(sense).or_insert_with(|| written(since));
            }
            (PhraseRole::Asks(sense), None) if !phrases.describes(found, at) => {
                let to = if is_quiet {
                    &mut self.touched
                } else {
                    &mut self.asked
                };
                to.entry(sense).or_insert_with(|| written(at));
            }
            (PhraseRole::GoesOn(sense), None) => {
                self.touched.entry(sense).or_insert_with(|| written(at));
            }
            (PhraseRole::Tests, None) => {
                self.tests.get_or_insert_with(|| written(at));
            }
            _ => {}
        }
    }
}

fn phrases_at<'a>(
    found: &'a [Word],
    at: usize,
    phrases: &'a Phrases,
) -> impl Iterator<Item = &'a Phrase> {
    let candidates = phrases.by_first.get(&found[at].stem);
    candidates.into_iter().flatten().filter(move |phrase| {
        found.get(at..at + phrase.stems.len()).is_some_and(|here| {
            let mut pairs = here.iter().zip(&phrase.stems);
            pairs.all(|(w, s)| w.stem == *s && w.clause == found[at].clause)
        })
    })
}

/// Returns whether the clause that begins here asks for no new behaviour.
fn opens_quietly(found: &[Word], begin: usize, phrases: &Phrases) -> bool {
    let clause = found[begin].clause;
    let last = found.len().min(begin + OPENING);
    (begin..last)
        .filter(|&at| found[at].clause == clause)
        .any(|at| phrases_at(found, at, phrases).any(|phrase| phrase.role == PhraseRole::Quiet))
}
