//! Kinds of evidence that a text instructs an agent, by the lexicon.

use crate::pattern::{Finder, Look, Program, Step};

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// Features that only say how others are meant.
const QUIET: [&str; 6] = ["acts", "assigns", "defends", "hoard", "local", "withholds"];

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

/// Words that forbid what comes after them.
const FORBIDDING: [&str; 14] = [
    "not",
    "never",
    "dont",
    "don't",
    "don’t",
    "mustn't",
    "shouldn't",
    "avoid",
    "refuse",
    "prevent",
    "prohibit",
    "forbid",
    "forbidden",
    "nor",
];

/// Words after a negation with which it forbids nothing: "do not forget to …".
const OPENING: [&str; 16] = [
    "only",
    "just",
    "a",
    "an",
    "necessary",
    "needed",
    "required",
    "need",
    "hesitate",
    "forget",
    "fail",
    "worry",
    "ask",
    "wait",
    "stop",
    "matter",
];

/// Words with which something else begins.
const TURNING: [&str; 7] = [
    "but", "instead", "just", "simply", "then", "rather", "unless",
];

/// How many words a negation rules.
const RULED: usize = 7;

/// Whether what follows this text is forbidden by it: a negation in the same clause, a few words
/// before.
fn is_forbidden(before: &str) -> bool {
    let mut start = before.len().saturating_sub(100);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let clause = before[start..]
        .rsplit(['.', ';', ':', '!', '?', '\n'])
        .next();
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let words = clause
        .unwrap_or("")
        .rsplit(|c| !is_letter(c))
        .filter(|word| !word.is_empty());
    let mut next = String::new();
    for word in words.take(RULED) {
        let word = word.to_lowercase();
        if TURNING.contains(&word.as_str()) {
            return false;
        }
        if FORBIDDING.contains(&word.as_str()) {
            return !OPENING.contains(&next.as_str());
        }
        next = word;
    }
    false
}

/// Whether what follows this text is quoted: it begins behind a quote, or a sign behind one.
fn is_quoted(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_sign = |c: char| !c.is_alphanumeric() || before.ends_with(')');
    let quote = word.rfind(['"', '“', '„', '«', '\'']);
    word.len() <= 12 && quote.is_some_and(|at| word[at..].chars().all(is_sign))
}

impl Found {
    /// Looks a paragraph over. What it forbids or quotes it does not say.
    pub(crate) fn of(paragraph: &str) -> Self {
        Self::looked_over(paragraph, |at, (may_be_forbidden, may_be_quoted)| {
            let before = &paragraph[..paragraph.floor_char_boundary(at)];
            !(may_be_forbidden && is_forbidden(before) || may_be_quoted && is_quoted(before))
        })
    }

    /// Looks over what only an agent reads: nobody hides what is not meant.
    pub(crate) fn hidden(paragraph: &str) -> Self {
        Self::looked_over(paragraph, |_, _| true)
    }

    fn looked_over(paragraph: &str, is_meant: impl Fn(usize, (bool, bool)) -> bool) -> Self {
        let mut found = 0;
        let mut spoken = [None; LANGUAGES];
        LEXICON.each(paragraph, |program, is_match| {
            let (feature, language, excuses) = OWNERS[program];
            let is_new = found >> feature & 1 == 0;
            // English comes first and is always looked for.
            let mut is_spoken = || {
                language == 0
                    || *spoken[usize::from(language)]
                        .get_or_insert_with(|| SIGNS[usize::from(language)].is_match(paragraph))
            };
            let counts = |at| is_meant(at, excuses);
            if is_new && is_spoken() && is_match(&counts) {
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
            .map(|pattern| {
                let sentence = r"[^\n.]{0,60}(?:\.\S[^\n.]{0,60}){0,3}";
                pattern.as_str().expect("a text").replace('…', sentence)
            })
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
                        (begins, says) = (true, is_match(&|_| true));
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
