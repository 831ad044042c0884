//! Names that look like other names.
//!
//! Two identifiers are confusable if their skeletons (UTS #39) are equal. Letters of other
//! scripts are nobody's fault: only a name that has a twin in the file, or that mixes scripts
//! within a word to look like Latin, is found.

use super::class::class;
use super::context;
use crate::notice::shown;
use crate::surface::Kind;
use icu_properties::props::Script;
use rustc_hash::FxHashMap;
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
    let odd: Vec<Name<'_>> = names(text)
        .filter(|name| {
            !name.text.is_ascii() && name.text.len() <= LONGEST && may_pose(name.text, kind)
        })
        .take(MOST)
        .collect();
    if odd.is_empty() {
        return;
    }
    let twins = if kind == Kind::Prose {
        FxHashMap::default()
    } else {
        plain_names(text)
    };
    let mut seen = rustc_hash::FxHashSet::default();
    for name in odd {
        if !seen.insert(name.text) {
            continue;
        }
        let skeleton: String = skeleton(name.text);
        let twin = twins
            .get(&skeleton)
            .copied()
            .filter(|twin| is_twin(text, name, twin));
        match twin {
            Some(twin) => out.push(pair(text, name, twin, kind)),
            None => out.extend(mixed(name, &skeleton, kind)),
        }
    }
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
        let is_like = is_styled(c)
            || matches!(
                context::script(c),
                Script::Cyrillic
                    | Script::Greek
                    | Script::Armenian
                    | Script::Cherokee
                    | Script::Latin
                    | Script::Common
            );
        if !is_like {
            return false;
        }
        poses |= kind != Kind::Prose || context::script(c) != Script::Latin;
    }
    poses && !is_quantity(word)
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

/// Returns the plain ASCII names by their skeleton.
fn plain_names(text: &str) -> FxHashMap<String, Name<'_>> {
    let mut found = FxHashMap::default();
    for name in names(text).filter(|name| name.text.is_ascii() && name.text.len() <= LONGEST) {
        if name.text.as_bytes()[0].is_ascii_digit() || found.len() >= MOST {
            continue;
        }
        found.entry(skeleton(name.text)).or_insert(name);
    }
    found
}

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
