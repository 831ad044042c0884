//! Names that look like other names.
//!
//! Two identifiers are confusable if their skeletons (UTS #39) are equal. Letters of other
//! scripts are nobody's fault: only a name that has a twin in the file, or that mixes scripts
//! within a word to look like Latin, is found.

use super::class::{Class, class};
use super::{context, lines};
use crate::notice::shown;
use crate::surface::Kind;
use icu_properties::props::Script;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};
use unicode_normalization::UnicodeNormalization as _;

/// Longest name that is compared, in bytes.
const LONGEST: usize = 128;

/// Most names that are remembered of one text.
const MOST: usize = 100_000;

/// Words after which a name is defined, in the languages people use.
const DEFINING: [&str; 16] = [
    "def", "class", "fn", "func", "function", "fun", "sub", "let", "const", "var", "val", "static",
    "void", "int", "bool", "string",
];

/// A name as it stands in the text.
#[derive(Debug, Clone, Copy)]
struct Name<'t> {
    at: usize,
    text: &'t str,
}

/// Finds confusable names in source and mixed words elsewhere.
pub(super) fn find(text: &str, kind: Kind, out: &mut Vec<Notice>) {
    let mut odd: Vec<Name<'_>> = odd_names(text)
        .filter(|name| may_pose(name.text, kind))
        .take(MOST)
        .collect();
    let mut seen = FxHashSet::default();
    odd.retain(|name| seen.insert(name.text));
    if odd.is_empty() {
        return;
    }
    let looks: Vec<String> = odd.iter().map(|name| skeleton(name.text)).collect();
    let twins = if kind == Kind::Prose {
        FxHashMap::default()
    } else {
        plain_names(text, looks.iter().map(String::as_str).collect())
    };
    for (name, skeleton) in odd.into_iter().zip(&looks) {
        let twin = twins.get(skeleton.as_str()).copied();
        match twin.filter(|twin| is_twin(text, name, twin)) {
            Some(twin) => out.push(pair(text, name, twin, kind)),
            None => out.extend(mixed(name, skeleton, kind)),
        }
    }
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
fn odd_names(text: &str) -> impl Iterator<Item = Name<'_>> {
    let bytes = text.as_bytes();
    let mut known: FxHashMap<char, Part> = FxHashMap::default();
    let mut rest = 0;
    std::iter::from_fn(move || {
        loop {
            let odd = rest + lines::first(&bytes[rest..], |b| b >= 0x80)?;
            let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            // What stands before the word was looked at: it is plain, or a border.
            let start = odd - bytes[rest..odd].iter().rev().take_while(is_part).count();
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

/// Whether a word could be taken for a Latin one: something in it is invisible, or all its letters
/// are Latin or of scripts and styles that look so.
fn may_pose(word: &str, kind: Kind) -> bool {
    let mut poses = false;
    // In prose no name has a twin: only a word that mixes scripts is found.
    if kind == Kind::Prose && !word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return false;
    }
    for c in word.chars().filter(|c| !c.is_ascii()) {
        if class(c).is_some() {
            return true;
        }
        if !is_styled(c) && !looks_latin(context::script(c)) {
            return false;
        }
        poses |= kind != Kind::Prose || context::script(c) != Script::Latin;
    }
    poses && !is_quantity(word)
}

/// Scripts with letters that look like Latin ones.
fn looks_latin(script: Script) -> bool {
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

/// Returns the words of a text that could name something, invisible characters included.
fn names(text: &str) -> impl Iterator<Item = Name<'_>> {
    let is_part = |c: char| {
        c.is_alphanumeric()
            || c == '_'
            || (!c.is_ascii() && class(c).is_some_and(|c| c.is_invisible()))
    };
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let end = text[start..]
            .find(|c| !is_part(c))
            .map_or(text.len(), |i| start + i);
        rest = end;
        Some(Name {
            at: start,
            text: &text[start..end],
        })
    })
}

/// Returns the first plain ASCII names that look like one of the wanted ones, by what they look
/// like.
fn plain_names<'t>(text: &'t str, wanted: FxHashSet<&str>) -> FxHashMap<String, Name<'t>> {
    let mut found = FxHashMap::default();
    let mut look = String::with_capacity(2 * LONGEST);
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
    let mut at = 0;
    for word in text.as_bytes().split(|b| !is_part(b)) {
        let start = at;
        at += word.len() + 1;
        let is_name = word.first().is_some_and(|b| !b.is_ascii_digit());
        if !is_name || word.len() > LONGEST || !word.is_ascii() {
            continue;
        }
        look.clear();
        look.extend(word.iter().flat_map(|b| &PLAIN[usize::from(*b)]).flatten());
        if wanted.contains(look.as_str()) && !found.contains_key(&look) {
            let text = &text[start..start + word.len()];
            found.insert(look.clone(), Name { at: start, text });
        }
    }
    found
}

/// What each character of ASCII looks like.
static PLAIN: LazyLock<[[Option<char>; 2]; 128]> = LazyLock::new(|| {
    std::array::from_fn(|b| {
        let letter = char::from(b as u8).to_string();
        let mut shape = unicode_security::skeleton(&letter);
        [shape.next(), shape.next()]
    })
});

/// Returns what a name looks like: without what cannot be seen, in the shape of its letters.
fn skeleton(name: &str) -> String {
    let visible: String = name
        .chars()
        .filter(|c| class(*c).is_none_or(|class| !class.is_invisible()))
        .nfkc()
        .collect();
    unicode_security::skeleton(&visible).collect()
}

/// A word of another script in a sentence of that script is a word, even if all its letters
/// look like Latin ones; Greek letters are the names of quantities.
fn is_twin(text: &str, name: Name<'_>, twin: &Name<'_>) -> bool {
    let has_invisible = name.text.chars().any(|c| class(c).is_some());
    if has_invisible {
        // A byte order mark before the first word is no part of it.
        return twin.text.len() >= 2 && !(name.at == 0 && name.text.starts_with('\u{FEFF}'));
    }
    let letters = name.text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || is_quantity(name.text) {
        return false;
    }
    let is_mixed = name.text.chars().any(|c| c.is_ascii_alphabetic());
    is_mixed || (twin.text.len() >= 3 && !stands_among_its_kind(text, name))
}

/// Whether other words of the same script, which nobody takes for Latin, stand on the line.
fn stands_among_its_kind(text: &str, name: Name<'_>) -> bool {
    let line_start = text[..name.at].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[name.at..]
        .find('\n')
        .map_or(text.len(), |i| name.at + i);
    let line = &text[line_start..line_end];
    let own = name
        .text
        .chars()
        .find(|c| !c.is_ascii())
        .map(context::script);
    names(line).any(|other| {
        other.text != name.text
            && other.text.chars().any(|c| Some(context::script(c)) == own)
            && !skeleton(other.text).is_ascii()
    })
}

fn is_quantity(name: &str) -> bool {
    name.chars().filter(|c| !c.is_ascii()).all(|c| {
        matches!(
            c,
            'α'..='ω'
                | 'Γ'
                | 'Δ'
                | 'Θ'
                | 'Λ'
                | 'Ξ'
                | 'Π'
                | 'Σ'
                | 'Φ'
                | 'Ψ'
                | 'Ω'
                | 'µ'
                | 'ϕ'
                | 'ϵ'
        ) && c != 'ο'
    })
}

/// Whether a name is defined or called where it stands, and is not a word of a comment.
fn is_used(text: &str, name: Name<'_>) -> bool {
    let line_start = text[..name.at].rfind('\n').map_or(0, |i| i + 1);
    let before = text[line_start..name.at].trim_start();
    let after = text[name.at + name.text.len()..].trim_start_matches(' ');
    let is_comment =
        before.starts_with(['#', '*', ';']) || before.contains("//") || before.contains("/*");
    let defines = before
        .split_whitespace()
        .next_back()
        .is_some_and(|word| DEFINING.contains(&word));
    !is_comment
        && (defines || before.ends_with('.') || after.starts_with(['(', '=', ':', '{', '[']))
}

fn pair(text: &str, name: Name<'_>, twin: Name<'_>, kind: Kind) -> Notice {
    let span = Span::new(name.at as u32, (name.at + name.text.len()) as u32);
    let other = Span::new(twin.at as u32, (twin.at + twin.text.len()) as u32);
    Notice {
        rule: "confusable-name",
        level: match kind {
            Kind::Code if is_used(text, name) => Level::Block,
            Kind::Code | Kind::Instructions => Level::Review,
            Kind::Settings | Kind::Prose => Level::Note,
        },
        severity: Severity::High,
        confidence: Confidence::High,
        span,
        message: format!(
            "`{}` looks like `{}` and is another name: {}",
            look(name.text),
            shown(twin.text, 60),
            codes(name.text)
        ),
        related: vec![(other, format!("`{}` stands here", shown(twin.text, 60)))],
        identity: name.text.to_owned(),
    }
}

/// Judges a word that mixes scripts so that it reads as Latin.
fn mixed(name: Name<'_>, skeleton: &str, kind: Kind) -> Option<Notice> {
    let has_latin = name.text.chars().any(|c| c.is_ascii_alphabetic());
    let poses = name.text.chars().any(|c| {
        matches!(
            context::script(c),
            Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee
        ) || is_styled(c)
    });
    let letters = name.text.chars().filter(|c| c.is_alphabetic()).count();
    if !has_latin || !poses || !skeleton.is_ascii() || letters < 4 || is_quantity(name.text) {
        return None;
    }
    Some(Notice {
        rule: "confusable-name",
        level: match kind {
            Kind::Code | Kind::Instructions => Level::Review,
            Kind::Prose | Kind::Settings => Level::Note,
        },
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        span: Span::new(name.at as u32, (name.at + name.text.len()) as u32),
        message: format!(
            "`{}` mixes scripts within a word: {}",
            look(name.text),
            codes(name.text)
        ),
        related: Vec::new(),
        identity: name.text.to_owned(),
    })
}

/// Letters in mathematical or full-width style.
fn is_styled(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

/// What a person reads.
fn look(name: &str) -> String {
    shown(&skeleton(name), 60)
}

fn codes(name: &str) -> String {
    let mut odd: Vec<String> = name
        .chars()
        .filter(|c| !c.is_ascii())
        .map(|c| format!("U+{:04X}", c as u32))
        .collect();
    odd.dedup();
    let more = odd.len() > 6;
    odd.truncate(6);
    let mut text = format!("it holds {}", odd.join(" "));
    if more {
        text.push_str(" …");
    }
    text
}
