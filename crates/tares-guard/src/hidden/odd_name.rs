//! Names with something beyond ASCII that look like ASCII, and what names look like (UTS #39).

use super::class::{Class, class};
use super::{context, lines};
use icu_properties::props::Script;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

/// Longest name that is compared, in bytes.
pub(super) const LONGEST: usize = 128;

/// A name as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'t> {
    pub(super) at: usize,
    pub(super) text: &'t str,
}

/// What a character beyond ASCII does to the word in which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It looks like ASCII, or like nothing.
    Poses,
    /// It belongs to the word, and nobody takes that for ASCII.
    Foreign,
    /// It stands between words.
    Border,
}

impl Part {
    fn of(c: char) -> Self {
        // Most text beyond ASCII: kana, ideographs, Hangul.
        if matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
        {
            return Self::Foreign;
        }
        if class(c).is_some_and(Class::is_invisible) {
            return Self::Poses;
        }
        if !c.is_alphanumeric() {
            return Self::Border;
        }
        let is_like = is_styled(c) || looks_latin(context::script(c));
        if is_like && skeleton(c.encode_utf8(&mut [0; 4])).is_ascii() {
            Self::Poses
        } else {
            Self::Foreign
        }
    }
}

/// Returns the words with something beyond ASCII that look like ASCII as a whole. Only they can be
/// taken for other names; words of other scripts are passed over.
pub(super) fn odd_names(text: &str) -> impl Iterator<Item = Name<'_>> {
    let bytes = text.as_bytes();
    let mut known: FxHashMap<char, Part> = FxHashMap::default();
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let odd = rest + lines::first(&bytes[rest..], |b| b >= 0x80)?;
            let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            // What stands before the word was looked at: it is plain, or a border.
            let start = odd - bytes[rest..odd].iter().rev().take_while(is_part).count();
            // What shapes a picture belongs to the picture before it.
            let is_behind_one = start == odd && odd > 0 && !bytes[odd - 1].is_ascii();
            let shapes = text[odd..].chars().next().filter(|c| is_shape(*c));
            if let Some(shape) = shapes.filter(|_| is_behind_one) {
                rest = odd + shape.len_utf8();
                continue;
            }
            let (mut end, mut poses) = (odd, true);
            for c in text[odd..].chars() {
                let part = match c {
                    '_' | '0'..='9' | 'A'..='Z' | 'a'..='z' => Part::Poses,
                    '\0'..='\x7F' => Part::Border,
                    c => *known.entry(c).or_insert_with(|| Part::of(c)),
                };
                if part == Part::Border {
                    break;
                }
                poses &= part == Part::Poses;
                end += c.len_utf8();
            }
            rest = end.max(odd + text[odd..].chars().next().map_or(1, char::len_utf8));
            if poses && end > odd && end - start <= LONGEST {
                return Some(Name {
                    at: start,
                    text: &text[start..end],
                });
            }
        }
    })
}

/// Selectors and joiners, as emoji have them.
fn is_shape(c: char) -> bool {
    matches!(
        class(c),
        Some(Class::EmojiSelector | Class::Selector | Class::Joiner)
    )
}

/// Returns what a name looks like: without what cannot be seen, in the shape of its letters.
pub(super) fn skeleton(name: &str) -> String {
    let visible: String = name
        .chars()
        .filter(|c| class(*c).is_none_or(|class| !class.is_invisible()))
        .nfkc()
        .collect();
    unicode_security::skeleton(&visible).collect()
}

/// Scripts with letters that look like Latin ones.
pub(super) fn looks_latin(script: Script) -> bool {
    matches!(
        script,
        Script::Cyrillic
            | Script::Greek
            | Script::Armenian
            | Script::Cherokee
            | Script::Latin
            | Script::Common
    )
}

/// Letters in mathematical or full-width style.
pub(super) fn is_styled(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}
