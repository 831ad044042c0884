//! Where invisible characters belong: emoji sequences, joiners of scripts that need them,
//! direction marks beside right-to-left letters, variants that Unicode defines.
//!
//! Sources: UTS #51 (emoji sequences), UAX #31 and RFC 5892 appendix A (joiners), UAX #9
//! (directions), the ideographic and standardised variation sequences of the Unicode standard.

use super::class::Class;
use icu_properties::props::{
    BidiClass, CanonicalCombiningClass, Emoji, EmojiModifier, ExtendedPictographic,
    GeneralCategory, JoiningType, Script,
};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
};

/// What stands around a character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'t> {
    /// The text before it, on the same line.
    pub(crate) before: &'t str,
    /// The text after it, on the same line.
    pub(crate) after: &'t str,
    /// Whether it stands at the very beginning of the text.
    pub(crate) is_first: bool,
}

impl Around<'_> {
    fn previous(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    fn next(&self) -> Option<char> {
        self.after.chars().next()
    }
}

/// Returns whether a character of this class belongs where it stands.
pub(crate) fn belongs(c: char, class: Class, around: &Around<'_>) -> bool {
    let (previous, next) = (around.previous(), around.next());
    match class {
        Class::Tag => is_flag(c, around),
        Class::SupplementarySelector => previous.is_some_and(is_ideograph) && !is_selector(next),
        Class::Selector => previous.is_some_and(has_variants) && !is_selector(next),
        Class::EmojiSelector => previous.is_some_and(is_emoji) && !is_selector(next),
        Class::Joiner => joins_pictures(around) || joins_letters(around),
        Class::NonJoiner => joins_letters(around),
        Class::ZeroWidthSpace => [previous, next].into_iter().flatten().any(has_no_spaces),
        Class::BidiMark => is_right_to_left(around),
        Class::Operator => {
            // Function application, times, comma and plus that one does not write: each alone.
            let is_term = |c: Option<char>| {
                c.is_some_and(|c| c.is_alphanumeric() || c == '(' || is_mathematical(c))
            };
            ('\u{2061}'..='\u{2064}').contains(&c)
                && is_term(previous)
                && is_term(next)
                && !is_inside_a_word(around)
        }
        Class::Filler => match c {
            '\u{115F}' | '\u{1160}' => [previous, next]
                .into_iter()
                .flatten()
                .any(|c| ('\u{1100}'..='\u{11FF}').contains(&c)),
            // Braille with no dot raised is a blank among braille.
            '\u{2800}' => [previous, next]
                .into_iter()
                .flatten()
                .any(|c| ('\u{2801}'..='\u{28FF}').contains(&c)),
            '\u{034F}' => previous.is_some_and(is_mark) || next.is_some_and(is_mark),
            _ => false,
        },
        Class::Mongolian => [previous, next]
            .into_iter()
            .flatten()
            .any(|c| script(c) == Script::Mongolian),
        Class::ByteOrderMark => around.is_first,
        // Judged by the line and not by the neighbour: see `super::bidi`.
        Class::BidiEmbedding | Class::BidiIsolate => false,
        Class::SoftHyphen
        | Class::Separator
        | Class::Interlinear
        | Class::PrivateUse
        | Class::PrivatePlane
        | Class::Noncharacter
        | Class::Control => false,
    }
}

/// Returns whether a line holds letters that are written from right to left.
pub(crate) fn has_right_to_left(line: &str) -> bool {
    line.chars().any(|c| {
        matches!(
            direction(c),
            BidiClass::RightToLeft | BidiClass::ArabicLetter
        )
    })
}

/// A flag of a region is a black flag, three to six tags and the end tag.
fn is_flag(c: char, around: &Around<'_>) -> bool {
    let is_tag = |c: &char| ('\u{E0020}'..='\u{E007E}').contains(c);
    let mut before = around.before.chars().rev().skip_while(|c| is_tag(c));
    if before.next() != Some('\u{1F3F4}') {
        return false;
    }
    let mut after = around.after.chars().skip_while(|c| is_tag(c));
    let ends = c == '\u{E007F}' || after.next() == Some('\u{E007F}');
    let length = around.before.chars().rev().take_while(is_tag).count()
        + around.after.chars().take_while(is_tag).count()
        + usize::from(c != '\u{E007F}');
    let is_code = |c: char| {
        let ascii = (c as u32 - 0xE0000) as u8;
        ascii.is_ascii_lowercase() || ascii.is_ascii_digit()
    };
    let codes = around.before.chars().rev().take_while(is_tag);
    ends && (3..=6).contains(&length) && codes.chain(is_tag(&c).then_some(c)).all(is_code)
}

fn joins_pictures(around: &Around<'_>) -> bool {
    let is_part =
        |c: &char| *c == '\u{FE0F}' || is_modifier(*c) || ('\u{E0020}'..='\u{E007F}').contains(c);
    let before = around.before.chars().rev().find(|c| !is_part(c));
    before.is_some_and(is_picture) && around.next().is_some_and(is_picture)
}

/// Joiners stand after a virama, or between letters that join (RFC 5892, A.1 and A.2).
fn joins_letters(around: &Around<'_>) -> bool {
    let Some(previous) = around.before.chars().rev().find(|c| !is_transparent(*c)) else {
        return false;
    };
    if around
        .previous()
        .is_some_and(|c| is_virama(c) || is_indic(script(c)))
    {
        return true;
    }
    // At the end of a word the joiner keeps the shape that a letter has within a word.
    let next = around.after.chars().find(|c| !is_transparent(*c));
    is_joining(previous) && next.is_none_or(|c| is_joining(c) || !c.is_alphanumeric())
}

fn is_right_to_left(around: &Around<'_>) -> bool {
    has_right_to_left(around.before) || has_right_to_left(around.after)
}

pub(crate) fn script(c: char) -> Script {
    const SCRIPTS: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::<Script>::new();
    SCRIPTS.get(c)
}

fn direction(c: char) -> BidiClass {
    const CLASSES: CodePointMapDataBorrowed<'static, BidiClass> =
        CodePointMapData::<BidiClass>::new();
    CLASSES.get(c)
}

fn joining(c: char) -> JoiningType {
    const TYPES: CodePointMapDataBorrowed<'static, JoiningType> =
        CodePointMapData::<JoiningType>::new();
    TYPES.get(c)
}

fn category(c: char) -> GeneralCategory {
    const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> =
        CodePointMapData::<GeneralCategory>::new();
    CATEGORIES.get(c)
}

fn is_virama(c: char) -> bool {
    const CLASSES: CodePointMapDataBorrowed<'static, CanonicalCombiningClass> =
        CodePointMapData::<CanonicalCombiningClass>::new();
    CLASSES.get(c) == CanonicalCombiningClass::Virama
}

fn is_transparent(c: char) -> bool {
    joining(c) == JoiningType::Transparent
}

fn is_joining(c: char) -> bool {
    matches!(
        joining(c),
        JoiningType::DualJoining
            | JoiningType::RightJoining
            | JoiningType::LeftJoining
            | JoiningType::JoinCausing
    )
}

/// Scripts whose letters form clusters that a joiner shapes.
fn is_indic(script: Script) -> bool {
    matches!(
        script,
        Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
    )
}

/// Scripts that put no space between words, so that a break is written as U+200B.
fn has_no_spaces(c: char) -> bool {
    matches!(
        script(c),
        Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar
            | Script::Tibetan
            | Script::Javanese
            | Script::Balinese
            | Script::Han
            | Script::Hiragana
            | Script::Katakana
    )
}

fn is_ideograph(c: char) -> bool {
    script(c) == Script::Han
}

/// Bases for which Unicode defines standardised variants: mathematics, punctuation, digits and
/// the scripts that have them.
fn has_variants(c: char) -> bool {
    is_mathematical(c)
        || is_emoji(c)
        || matches!(
            script(c),
            Script::Han | Script::Myanmar | Script::PhagsPa | Script::Manichaean
        )
        || matches!(
            c,
            '\u{FF01}' | '\u{FF0C}' | '\u{FF0E}' | '\u{FF1A}' | '\u{FF1B}' | '\u{FF1F}'
        )
        || matches!(c, '\u{3001}' | '\u{3002}' | '\u{2018}'..='\u{201D}')
}

fn is_mathematical(c: char) -> bool {
    category(c) == GeneralCategory::MathSymbol
        || ('\u{1D400}'..='\u{1D7FF}').contains(&c)
        || ('\u{2200}'..='\u{22FF}').contains(&c)
}

fn is_mark(c: char) -> bool {
    matches!(
        category(c),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
    )
}

fn is_emoji(c: char) -> bool {
    const SET: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<Emoji>();
    SET.contains(c)
}

fn is_modifier(c: char) -> bool {
    const SET: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<EmojiModifier>();
    SET.contains(c)
}

fn is_picture(c: char) -> bool {
    const SET: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<ExtendedPictographic>();
    SET.contains(c) || is_emoji(c) && !c.is_ascii()
}

fn is_selector(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'))
}

/// Whether words go on on both sides: terms of a formula have one letter, functions stand before
/// one.
fn is_inside_a_word(around: &Around<'_>) -> bool {
    let ends = around.before.as_bytes().iter().rev().take(2);
    let begins = around.after.as_bytes().iter().take(2);
    ends.chain(begins)
        .filter(|b| b.is_ascii_alphabetic())
        .count()
        == 4
}
