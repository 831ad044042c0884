//! Kinds of evidence that a text instructs an agent, by the lexicon.

use super::lexicon::Feature;
use regex::{RegexSet, RegexSetBuilder};
use std::sync::LazyLock;

/// The features that one paragraph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found(u32);

struct Lexicon {
    features: Vec<Feature>,
    patterns: RegexSet,
    /// Feature of each pattern.
    owner: Vec<usize>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let features: Vec<Feature> = postcard::from_bytes(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/features.postcard"
    )))
    .expect("the build wrote these bytes from the same types");
    let owner = features
        .iter()
        .enumerate()
        .flat_map(|(i, feature)| feature.patterns.iter().map(move |_| i))
        .collect();
    let patterns = features.iter().flat_map(|feature| &feature.patterns);
    let patterns = RegexSetBuilder::new(patterns)
        .case_insensitive(true)
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

impl Found {
    /// Looks a paragraph over.
    pub(crate) fn of(paragraph: &str) -> Self {
        let lexicon = &*LEXICON;
        let bits = lexicon
            .patterns
            .matches(paragraph)
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
