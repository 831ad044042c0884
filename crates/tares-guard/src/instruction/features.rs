//! Kinds of evidence that a text instructs an agent, by the lexicon.

use super::lexicon::{Feature, File};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};
use std::sync::{LazyLock, OnceLock};

/// Features that only say how others are meant.
const QUIET: [&str; 2] = ["assigns", "withholds"];

/// The features that one paragraph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found(u32);

/// The lexicon of one language.
struct Language {
    /// `None` for the one that is always looked for.
    signs: Option<AhoCorasick>,
    /// Words with which matches begin; searched for once a paragraph of the language comes.
    words: Vec<&'static String>,
    finder: OnceLock<AhoCorasick>,
    /// Patterns that each word speaks for, as bits.
    speaks_for: Vec<u128>,
    /// Patterns without such words.
    always: u128,
    patterns: Vec<Pattern>,
}

/// One pattern. It takes longer to build than a document to read, and most documents need none.
struct Pattern {
    text: &'static str,
    /// Feature, as English counts them.
    owner: usize,
    built: OnceLock<Regex>,
}

impl Pattern {
    fn is_match(&self, paragraph: &str) -> bool {
        let built = self.built.get_or_init(|| {
            RegexBuilder::new(self.text)
                .case_insensitive(true)
                // Words and cases of ASCII alone: the tables of Unicode are slow to build.
                .unicode(false)
                .size_limit(64 << 20)
                .dfa_size_limit(16 << 20)
                .build()
                .expect("the build compiled this pattern")
        });
        built.is_match(paragraph.as_bytes())
    }
}

/// All languages, English first.
static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    postcard::from_bytes(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/features.postcard"
    )))
    .expect("the build wrote these bytes from the same types")
});

static ANCHORS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(FILES.iter().flat_map(|file| &file.anchors))
        .expect("a few short words")
});

static LANGUAGES: LazyLock<Vec<Language>> =
    LazyLock::new(|| FILES.iter().map(Language::new).collect());

impl Language {
    fn new(file: &'static File) -> Self {
        let signs = (!file.signs.is_empty()).then(|| finder(file.signs.iter()));
        let (mut patterns, mut words, mut speaks_for, mut always) =
            (Vec::new(), Vec::new(), Vec::new(), 0);
        for feature in &file.feature {
            let owner = features()
                .iter()
                .position(|known| known.name == feature.name)
                .expect("the build knows all names");
            for (text, needs) in feature.patterns.iter().zip(&feature.needs) {
                let bit = 1 << patterns.len();
                if needs.is_empty() {
                    always |= bit;
                }
                for word in needs {
                    words.push(word);
                    speaks_for.push(bit);
                }
                patterns.push(Pattern {
                    text,
                    owner,
                    built: OnceLock::new(),
                });
            }
        }
        Self {
            signs,
            words,
            finder: OnceLock::new(),
            speaks_for,
            always,
            patterns,
        }
    }

    /// Returns the features that a paragraph shows in this language.
    fn bits(&self, paragraph: &str) -> u32 {
        if self
            .signs
            .as_ref()
            .is_some_and(|signs| !signs.is_match(paragraph))
        {
            return 0;
        }
        let words = || finder(self.words.iter().copied());
        let found = self
            .finder
            .get_or_init(words)
            .find_overlapping_iter(paragraph);
        let likely = found.fold(self.always, |bits, word| {
            bits | self.speaks_for[word.pattern().as_usize()]
        });
        let mut bits = 0;
        for (i, pattern) in self.patterns.iter().enumerate() {
            let is_new = bits >> pattern.owner & 1 == 0;
            if likely >> i & 1 == 1 && is_new && pattern.is_match(paragraph) {
                bits |= 1 << pattern.owner;
            }
        }
        bits
    }
}

/// Builds in little time what finds words; it searches a little slower for that.
fn finder<'w>(words: impl Iterator<Item = &'w String>) -> AhoCorasick {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(words)
        .expect("a few short words")
}

/// Returns the features, in the order of their bits.
fn features() -> &'static [Feature] {
    &FILES[0].feature
}

/// Whether a text holds a word that every text has which speaks to an agent. Costs little more
/// than reading it, where the features cost a hundred times that.
pub(crate) fn may_speak_to_an_agent(text: &str) -> bool {
    ANCHORS.is_match(text)
}

impl Found {
    /// Looks a paragraph over.
    pub(crate) fn of(paragraph: &str) -> Self {
        let languages = LANGUAGES.iter();
        Self(languages.fold(0, |bits, language| bits | language.bits(paragraph)))
    }

    /// Whether a feature is among them.
    pub(crate) fn has(self, name: &str) -> bool {
        features()
            .iter()
            .position(|feature| feature.name == name)
            .is_some_and(|i| self.0 >> i & 1 == 1)
    }

    /// Returns what the text does, in words; not what speaks for it.
    pub(crate) fn says(self) -> Vec<&'static str> {
        features()
            .iter()
            .enumerate()
            .filter(|(i, feature)| self.0 >> i & 1 == 1 && !QUIET.contains(&feature.name.as_str()))
            .map(|(_, feature)| feature.says.as_str())
            .collect()
    }
}
