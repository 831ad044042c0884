//! Kinds of evidence that a text instructs an agent, by the lexicon.

use super::lexicon::{Feature, File};
use aho_corasick::AhoCorasick;
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::sync::LazyLock;

/// The features that one paragraph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found(u32);

struct Lexicon {
    features: &'static [Feature],
    patterns: RegexSet,
    /// Feature of each pattern.
    owner: Vec<usize>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    postcard::from_bytes(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/features.postcard"
    )))
    .expect("the build wrote these bytes from the same types")
});

static ANCHORS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&FILE.anchors)
        .expect("a few short words")
});

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let features = &FILE.feature;
    let owner = features
        .iter()
        .enumerate()
        .flat_map(|(i, feature)| feature.patterns.iter().map(move |_| i))
        .collect();
    let patterns = features.iter().flat_map(|feature| &feature.patterns);
    let patterns = RegexSetBuilder::new(patterns)
        .case_insensitive(true)
        // Words and cases of ASCII alone: the tables of Unicode take longer to build than a
        // document takes to read.
        .unicode(false)
        .size_limit(64 << 20)
        .dfa_size_limit(16 << 20)
        .build()
        .expect("the build compiled these patterns");
    Lexicon {
        features,
        patterns,
        owner,
    }
});

/// Whether a text holds a word that every text has which speaks to an agent. Costs little more
/// than reading it, where the features cost a hundred times that.
pub(crate) fn may_speak_to_an_agent(text: &str) -> bool {
    ANCHORS.is_match(text)
}

impl Found {
    /// Looks a paragraph over.
    pub(crate) fn of(paragraph: &str) -> Self {
        let lexicon = &*LEXICON;
        let bits = lexicon
            .patterns
            .matches(paragraph.as_bytes())
            .into_iter()
            .fold(0, |bits, pattern| bits | 1 << lexicon.owner[pattern]);
        Self(bits)
    }

    /// Whether a feature is among them.
    pub(crate) fn has(self, name: &str) -> bool {
        LEXICON
            .features
            .iter()
            .position(|feature| feature.name == name)
            .is_some_and(|i| self.0 >> i & 1 == 1)
    }

    /// Returns what the text does, in words.
    pub(crate) fn says(self) -> Vec<&'static str> {
        LEXICON
            .features
            .iter()
            .enumerate()
            .filter(|(i, _)| self.0 >> i & 1 == 1)
            .map(|(_, feature)| feature.says.as_str())
            .collect()
    }
}
