//! Kinds of evidence that a text instructs an agent, by the lexicon.

use crate::pattern::{Finder, Look, Program, Step};

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// Features that only say how others are meant.
const QUIET: [&str; 2] = ["assigns", "withholds"];

/// Most languages of the lexicon.
const LANGUAGES: usize = 16;

/// The features that one paragraph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found(u32);

/// Whether a text holds a word that every text has which speaks to an agent. Costs little more
/// than reading it, where the features cost several times that.
pub(crate) fn may_speak_to_an_agent(text: &str) -> bool {
    ANCHORS.is_match(text)
}

impl Found {
    /// Looks a paragraph over.
    pub(crate) fn of(paragraph: &str) -> Self {
        let mut found = 0;
        let mut spoken = [None; LANGUAGES];
        LEXICON.each(paragraph, |program, is_match| {
            let (feature, language) = OWNERS[program];
            let is_new = found >> feature & 1 == 0;
            // English comes first and is always looked for.
            let mut is_spoken = || {
                language == 0
                    || *spoken[usize::from(language)]
                        .get_or_insert_with(|| SIGNS[usize::from(language)].is_match(paragraph))
            };
            if is_new && is_spoken() && is_match() {
                found |= 1 << feature;
            }
        });
        Self(found)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a feature is among them.
    pub(crate) fn has(self, name: &str) -> bool {
        FEATURES
            .iter()
            .position(|(known, _)| *known == name)
            .is_some_and(|i| self.0 >> i & 1 == 1)
    }

    /// Returns what the text does, in words; not what speaks for it.
    pub(crate) fn says(self) -> Vec<&'static str> {
        let features = FEATURES.iter().enumerate();
        features
            .filter(|(i, (name, _))| self.0 >> i & 1 == 1 && !QUIET.contains(name))
            .map(|(_, (_, says))| *says)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::LEXICON;
    use regex::bytes::{Regex, RegexBuilder};

    /// The patterns as the build counts them: English first.
    fn patterns() -> Vec<String> {
        let read = |file: &str| -> toml::Table {
            let path = format!("{}/lexicon/{file}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).expect("a lexicon");
            text.parse().expect("a table")
        };
        let files = ["en", "de", "es", "fr", "ru", "zh"].map(read);
        let features = files.iter().flat_map(|file| file["feature"].as_array());
        let patterns = features
            .flatten()
            .map(|feature| feature["patterns"].clone());
        let patterns = patterns.flat_map(|list| list.as_array().cloned().unwrap_or_default());
        patterns
            .map(|pattern| pattern.as_str().expect("a text").to_owned())
            .collect()
    }

    fn regex(pattern: &str) -> Regex {
        RegexBuilder::new(pattern)
            .case_insensitive(true)
            .unicode(false)
            .build()
            .expect("the build compiled it")
    }

    /// Texts made of the words of one pattern, so that many of them match.
    fn texts(pattern: &str) -> impl Iterator<Item = String> {
        let is_word = |c: char| c.is_alphanumeric() || "-_./:|".contains(c);
        let words: Vec<String> = pattern
            .replace("\\b", " ")
            .split(|c| !is_word(c))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let mut seed = 7_usize;
        let mut next = move |below: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let between = [" ", " ", " the ", "\n", "", "; ", " `", "\u{e9}"];
        (0..60).map(move |_| {
            let mut text = String::new();
            for _ in 0..=next(12) {
                text.push_str(&words[next(words.len())]);
                text.push_str(between[next(between.len())]);
            }
            text
        })
    }

    #[test]
    fn programs_say_what_the_regular_expressions_say() {
        let patterns = patterns();
        assert_eq!(patterns.len(), LEXICON.programs.len());
        let mut matched = 0;
        for (i, pattern) in patterns.iter().enumerate() {
            let regex = regex(pattern);
            for text in texts(pattern) {
                let (mut begins, mut says) = (false, false);
                LEXICON.each(&text, |program, is_match| {
                    if program == i {
                        (begins, says) = (true, is_match());
                    }
                });
                assert_eq!(says, regex.is_match(text.as_bytes()), "{pattern}\n{text}");
                assert_eq!(
                    says,
                    LEXICON.programs[i].is_match(&text),
                    "{pattern}\n{text}"
                );
                matched += usize::from(begins && says);
            }
        }
        assert!(matched > 500, "{matched} texts match");
    }
}
