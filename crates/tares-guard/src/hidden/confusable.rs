//! Names that look like other names.
//!
//! Two identifiers are confusable if their skeletons (UTS #39) are equal. Letters of other
//! scripts are nobody's fault: only a name that has a twin in the file, or that mixes scripts
//! within a word to look like Latin, is found.

use super::class::class;
use super::context;
use super::odd_name::{LONGEST, Name, is_styled, looks_latin, odd_names, skeleton};
use crate::notice::shown;
use crate::surface::Kind;
use icu_properties::props::Script;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};

/// Most names that are remembered of one text.
const MOST: usize = 100_000;

/// Words after which a name is defined, in the languages people use.
const DEFINING: [&str; 16] = [
    "def", "class", "fn", "func", "function", "fun", "sub", "let", "const", "var", "val", "static",
    "void", "int", "bool", "string",
];

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
    // Within quotes it names nothing.
    let is_text = ['"', '\'', '`']
        .iter()
        .any(|quote| before.matches(*quote).count() % 2 == 1);
    let is_comment = is_text
        || before.starts_with(['#', '*', ';'])
        || before.contains("//")
        || before.contains("/*");
    let defines = before
        .split_whitespace()
        .next_back()
        .is_some_and(|word| DEFINING.contains(&word));
    !is_comment
        && (defines || before.ends_with('.') || after.starts_with(['(', '=', ':', '{', '[']))
}

/// Whether a name that is not used as one is a word of a language: all its letters are of one
/// script, be it one that looks like Latin.
fn is_a_word(name: &str) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let first = letters().next().map(context::script);
    letters().all(|c| Some(context::script(c)) == first && !is_styled(c))
        && !name.chars().any(|c| class(c).is_some())
}

fn pair(text: &str, name: Name<'_>, twin: Name<'_>, kind: Kind) -> Notice {
    let span = Span::new(name.at as u32, (name.at + name.text.len()) as u32);
    let other = Span::new(twin.at as u32, (twin.at + twin.text.len()) as u32);
    Notice {
        rule: "confusable-name",
        level: match kind {
            Kind::Code if is_used(text, name) => Level::Block,
            Kind::Code if is_a_word(name.text) => Level::Note,
            // Bold letters of mathematics are seen as such.
            Kind::Instructions if name.text.chars().all(is_styled) => Level::Note,
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
