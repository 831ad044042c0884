//! Characters that a person does not see, or sees as something else, by class.
//!
//! The closed set is Unicode's `Default_Ignorable_Code_Point` with the controls, the private
//! planes and a few blanks; the classes are those with a use of their own, each with the
//! contexts in which it is legitimate ([`super::context`]).

use icu_properties::props::DefaultIgnorableCodePoint;
use icu_properties::{CodePointSetData, CodePointSetDataBorrowed};

/// A class of characters with one way of being harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// U+E0000–E007F: ASCII that no font shows.
    Tag,
    /// U+FE00–FE0E.
    Selector,
    /// U+FE0F: picture form of a character.
    EmojiSelector,
    /// U+E0100–E01EF.
    SupplementarySelector,
    /// U+200D.
    Joiner,
    /// U+200C.
    NonJoiner,
    /// U+200B.
    ZeroWidthSpace,
    /// U+202A–202E.
    BidiEmbedding,
    /// U+2066–2069.
    BidiIsolate,
    /// U+200E, 200F, 061C.
    BidiMark,
    /// U+2060–2064, 206A–206F.
    Operator,
    /// Letters without a shape: U+3164, 115F, 1160, FFA0, 2800, 17B4, 17B5, 034F.
    Filler,
    /// U+180B–180F.
    Mongolian,
    /// U+FEFF.
    ByteOrderMark,
    /// U+00AD.
    SoftHyphen,
    /// U+2028, 2029.
    Separator,
    /// U+FFF9–FFFB.
    Interlinear,
    /// U+E000–F8FF: what a font makes of it.
    PrivateUse,
    /// Planes 15 and 16.
    PrivatePlane,
    /// Code points that are no characters, and ignorables without one.
    Noncharacter,
    /// C0 and C1 but tab, line feed, carriage return and form feed.
    Control,
}

impl Class {
    /// Returns the name that people read.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag characters",
            Self::Selector | Self::SupplementarySelector => "variation selectors",
            Self::EmojiSelector => "emoji selectors",
            Self::Joiner => "zero-width joiners",
            Self::NonJoiner => "zero-width non-joiners",
            Self::ZeroWidthSpace => "zero-width spaces",
            Self::BidiEmbedding => "direction overrides",
            Self::BidiIsolate => "direction isolates",
            Self::BidiMark => "direction marks",
            Self::Operator => "invisible operators",
            Self::Filler => "blank letters",
            Self::Mongolian => "Mongolian selectors",
            Self::ByteOrderMark => "byte order marks inside the text",
            Self::SoftHyphen => "soft hyphens",
            Self::Separator => "line separators",
            Self::Interlinear => "interlinear annotations",
            Self::PrivateUse | Self::PrivatePlane => "private-use characters",
            Self::Noncharacter => "code points that are no characters",
            Self::Control => "control characters",
        }
    }

    /// Whether a font shows nothing for it.
    pub(crate) fn is_invisible(self) -> bool {
        !matches!(self, Self::PrivateUse | Self::Control | Self::Separator)
    }
}

/// Returns the class of a character; `None` for ordinary ones.
pub(crate) fn class(c: char) -> Option<Class> {
    // Nearly all text ends here: letters of living scripts, punctuation, ideographs.
    let found = match c as u32 {
        0x09 | 0x0A | 0x0C | 0x0D | 0x20..=0x7E | 0xA0..=0xAC => return None,
        0x00..=0x1F | 0x7F..=0x9F => Class::Control,
        0xAD => Class::SoftHyphen,
        0xAE..=0x34E => return None,
        0x350..=0x61B | 0x61D..=0x115E | 0x1161..=0x17B3 | 0x17B6..=0x180A => return None,
        0x1810..=0x200A | 0x2010..=0x2027 | 0x202F..=0x205F => return None,
        0x34F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x2800 | 0x3164 | 0xFFA0 => Class::Filler,
        0x61C | 0x200E | 0x200F => Class::BidiMark,
        0x180B..=0x180F => Class::Mongolian,
        0x200B => Class::ZeroWidthSpace,
        0x200C => Class::NonJoiner,
        0x200D => Class::Joiner,
        0x2028 | 0x2029 => Class::Separator,
        0x202A..=0x202E => Class::BidiEmbedding,
        0x2060..=0x2064 | 0x206A..=0x206F => Class::Operator,
        0x2066..=0x2069 => Class::BidiIsolate,
        0x2070..=0x27FF | 0x2801..=0x3163 | 0x3165..=0xD7FF => return None,
        0xF900..=0xFDCF | 0xFDF0..=0xFDFF | 0xFE10..=0xFEFE | 0xFF00..=0xFF9F => return None,
        0x1F000..=0x1FFFD | 0x20000..=0x2FFFD => return None,
        0xE000..=0xF8FF => Class::PrivateUse,
        0xFDD0..=0xFDEF => Class::Noncharacter,
        0xFE00..=0xFE0E => Class::Selector,
        0xFE0F => Class::EmojiSelector,
        0xFEFF => Class::ByteOrderMark,
        0xFFF9..=0xFFFB => Class::Interlinear,
        0xFFFC | 0xFFFD => return None,
        0xE0000..=0xE007F => Class::Tag,
        0xE0100..=0xE01EF => Class::SupplementarySelector,
        n if n & 0xFFFE == 0xFFFE => Class::Noncharacter,
        0xF0000..=0x10_FFFF => Class::PrivatePlane,
        _ if ignorable().contains(c) => Class::Noncharacter,
        _ => return None,
    };
    Some(found)
}

fn ignorable() -> CodePointSetDataBorrowed<'static> {
    const { CodePointSetData::new::<DefaultIgnorableCodePoint>() }
}

#[cfg(test)]
mod tests {
    use super::{Class, class, ignorable};

    #[test]
    fn every_character_without_a_shape_has_a_class() {
        let shapeless = ('\0'..=char::MAX).filter(|c| ignorable().contains(*c));
        let missed: Vec<char> = shapeless.filter(|c| class(*c).is_none()).collect();
        assert!(missed.is_empty(), "{missed:x?}");
        assert_eq!(class('\u{1FFFE}'), Some(Class::Noncharacter));
        assert_eq!(class('\u{10FFFF}'), Some(Class::Noncharacter));
    }
}
