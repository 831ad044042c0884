//! Text to words: tokens, light stems, clauses.

/// Longest text that is read, in bytes; what comes after is not looked at.
const MAX_TEXT: usize = 64 << 10;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// As written, lower-cased.
    pub(crate) text: String,
    /// Without its ending.
    pub(crate) stem: String,
    /// Whether it is written like a name: with a capital inside of a clause.
    pub(crate) proper: bool,
    /// Number of the clause it stands in.
    pub(crate) clause: usize,
}

/// Splits a text into words. Punctuation and `boundaries` end a clause. Dots, dashes, slashes
/// and the like inside a word stay, so hosts and paths are one word each.
pub(crate) fn words(text: &str, boundaries: &[String], endings: &[String]) -> Vec<Word> {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut found = Vec::new();
    let mut clause = 0;
    for raw in text[..end].split(char::is_whitespace) {
        let has_capital = raw
            .chars()
            .find(|c| c.is_alphanumeric())
            .is_some_and(char::is_uppercase);
        let raw = raw.replace('\u{2019}', "'").to_lowercase();
        let opens = raw.starts_with(['(', '-', '*']);
        let trimmed = raw.trim_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, '/' | '~' | '.' | '_' | '@')
        });
        let word = trimmed.trim_end_matches(['.', '/', '@']);
        if opens {
            clause += 1;
        }
        if boundaries.iter().any(|b| b == word) {
            clause += 1;
        } else if !word.is_empty() {
            let begins = found.last().is_none_or(|last: &Word| last.clause != clause);
            found.push(Word {
                text: word.to_owned(),
                stem: stem(word, endings),
                proper: has_capital && !begins,
                clause,
            });
            // The name of a variable says what it holds: `SMTP_PASSWORD`.
            if word.contains('_') && !word.contains(['/', '.', '@']) {
                found.extend(
                    word.split('_')
                        .filter(|part| part.len() > 2)
                        .map(|part| Word {
                            text: part.to_owned(),
                            stem: stem(part, endings),
                            proper: false,
                            clause,
                        }),
                );
            }
        }
        if raw.ends_with(['.', ',', ';', ':', '!', '?', ')']) {
            clause += 1;
        }
    }
    found
}

/// Fewest letters that are left of a word without its ending.
const ROOT: usize = 3;

/// Returns a word without its ending: *uploads*, *uploading*, *uploader* and *upload* are one.
/// Light on purpose; words with dots or slashes stay as they are.
pub(crate) fn stem(word: &str, endings: &[String]) -> String {
    if word.contains(['.', '/', '_', '@', ':']) {
        return word.to_owned();
    }
    for ending in endings {
        let Some(root) = word.strip_suffix(ending.as_str()) else {
            continue;
        };
        if root.chars().count() < ROOT {
            continue;
        }
        let mut last = root.chars().rev();
        let (one, two) = (last.next(), last.next());
        let doubled = ending.len() > 1 && root.len() > ROOT && one == two;
        let undone = doubled && !matches!(one, Some('l' | 's' | 'z'));
        return match one.filter(|_| undone) {
            Some(letter) => root[..root.len() - letter.len_utf8()].to_owned(),
            None => root.to_owned(),
        };
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{stem, words};

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let endings = [
            "ations", "ation", "ings", "ions", "ing", "ion", "ers", "ied", "ies", "er", "ed", "es",
            "s", "e", "y",
        ];
        let endings = endings.map(str::to_owned);
        for forms in [
            &["upload", "uploads", "uploading", "uploaded", "uploader"][..],
            &["cache", "caches", "cached", "caching"],
            &["notify", "notifies", "notified"],
            &["delete", "deletes", "deletion", "deleting"],
            &["fetch", "fetches", "fetching"],
        ] {
            let stems: Vec<_> = forms.iter().map(|w| stem(w, &endings)).collect();
            assert!(
                stems.iter().all(|s| *s == stems[0]),
                "{forms:?} give {stems:?}"
            );
        }
    }

    #[test]
    fn hosts_stay_whole_and_clauses_end() {
        let found = words(
            "Post to api.example.com, but do not log it.",
            &["but".to_owned()],
            &[],
        );
        let texts: Vec<_> = found.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(
            texts,
            ["post", "to", "api.example.com", "do", "not", "log", "it"]
        );
        assert!(found[2].clause < found[3].clause);
    }
}
