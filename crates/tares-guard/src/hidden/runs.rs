//! Invisible characters on one line: decoded where they say something, named where they do not
//! belong.

use super::class::{Class, class};
use super::context::{self, Around};
use super::lines::{Line, begins};
use super::{bidi, decode};
use crate::notice::shown;
use crate::surface::Kind;
use tares_model::Notice;
use tares_model::Span;
use tares_model::finding::{Confidence, Level, Severity};

/// Longest part of a message that is shown, in characters.
const SHOWN: usize = 240;

/// A character that does not belong where it stands.
#[derive(Debug, Clone, Copy)]
struct Stray {
    /// Byte offset in the line.
    at: usize,
    c: char,
    class: Class,
}

/// Judges the invisible characters of a line.
pub(super) fn find(text: &str, line: &Line<'_>, kind: Kind, out: &mut Vec<Notice>) {
    let mut strays = Vec::new();
    let mut was_decoded = false;
    for run in runs(line.text) {
        let all: Vec<char> = line.text[run.clone()].chars().collect();
        let found: Vec<Stray> = strays_of(line, run.clone());
        if found.is_empty() {
            continue;
        }
        match decode::message(&all) {
            Some(message) => {
                was_decoded = true;
                out.push(hidden_message(span(line, run.start, run.end), &message));
            }
            None => strays.extend(found),
        }
    }
    if !was_decoded && strays.len() >= decode::MESSAGE {
        // The bits of a message may stand between the letters of a visible one.
        let all: Vec<char> = strays.iter().map(|stray| stray.c).collect();
        if let Some(message) = decode::message(&all) {
            let (first, last) = (strays[0], strays[strays.len() - 1]);
            let span = span(line, first.at, last.at + last.c.len_utf8());
            out.push(hidden_message(span, &message));
            return;
        }
    }
    let (turns, others): (Vec<Stray>, Vec<Stray>) = strays
        .into_iter()
        .partition(|stray| matches!(stray.class, Class::BidiEmbedding | Class::BidiIsolate));
    out.extend(direction(text, line, kind, &turns));
    out.extend(invisible(line, kind, &others));
}

/// Returns the stretches of a line that do not belong, with what they say.
pub(super) fn strays(line: &Line<'_>) -> Vec<(Span, String)> {
    runs(line.text)
        .into_iter()
        .filter_map(|run| {
            let found = strays_of(line, run.clone());
            let (first, last) = (found.first()?, found.last()?);
            let all: Vec<char> = line.text[run.clone()].chars().collect();
            let says = match decode::message(&all) {
                Some(message) => format!("\"{}\"", shown(&message.text, SHOWN)),
                None => found
                    .iter()
                    .take(8)
                    .map(|stray| format!("U+{:04X}", stray.c as u32))
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            Some((span(line, first.at, last.at + last.c.len_utf8()), says))
        })
        .collect()
}

/// Returns the stretches of invisible characters, as byte ranges of the line.
fn runs(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in line.bytes().enumerate().filter(|(_, b)| begins(*b)) {
        let Some(c) = line[at..].chars().next().filter(|c| is_judged(*c)) else {
            continue;
        };
        let end = at + c.len_utf8();
        match found.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => found.push(at..end),
        }
    }
    found
}

fn is_judged(c: char) -> bool {
    class(c).is_some_and(|class| class != Class::Control && class != Class::Separator)
}

fn strays_of(line: &Line<'_>, run: std::ops::Range<usize>) -> Vec<Stray> {
    line.text[run.clone()]
        .char_indices()
        .filter_map(|(i, c)| {
            let at = run.start + i;
            let around = Around {
                before: &line.text[..at],
                after: &line.text[at + c.len_utf8()..],
                is_first: line.start + at == 0,
            };
            let class = class(c)?;
            (!context::belongs(c, class, &around)).then_some(Stray { at, c, class })
        })
        .collect()
}

fn span(line: &Line<'_>, start: usize, end: usize) -> Span {
    Span::new((line.start + start) as u32, (line.start + end) as u32)
}

pub(super) fn hidden_message(span: Span, message: &decode::Message) -> Notice {
    Notice {
        rule: "hidden-message",
        level: Level::Block,
        severity: Severity::Critical,
        confidence: Confidence::High,
        span,
        message: format!(
            "a message that no person sees, written in {}: \"{}\"",
            message.carrier,
            shown(&message.text, SHOWN)
        ),
        related: Vec::new(),
        identity: message.text.clone(),
    }
}

/// Judges marks that change the order in which a line is read.
fn direction(text: &str, line: &Line<'_>, kind: Kind, turns: &[Stray]) -> Option<Notice> {
    let (first, last) = (turns.first()?, turns.last()?);
    // A line cut into pieces is judged whole for its balance only where that is possible.
    let is_balanced = bidi::is_balanced(line.text);
    let is_foreign = context::has_right_to_left(line.text);
    let only_isolates = turns.iter().all(|stray| stray.class == Class::BidiIsolate);
    if is_balanced && is_foreign && (only_isolates || kind == Kind::Prose) {
        return None;
    }
    let seen = bidi::visual(line.text);
    let level = match kind {
        Kind::Prose if is_balanced || seen.is_none() => Level::Note,
        Kind::Prose => Level::Review,
        _ if is_table(line.text) || turns.iter().all(|turn| is_range(line.text, turn)) => {
            Level::Review
        }
        _ if is_balanced && is_foreign => Level::Review,
        _ if seen.is_some() => Level::Block,
        // Of a line that is too long to be laid out nobody can say what it looks like.
        _ if !is_balanced && bidi::is_laid_out(line.text) => Level::Block,
        _ => Level::Review,
    };
    let message = match &seen {
        Some(seen) => format!(
            "direction marks show this line as \"{}\"; it is read by programs as \"{}\"",
            shown(seen.trim(), 120),
            shown(&without_marks(line.text), 120)
        ),
        None if is_balanced => "direction marks around left-to-right text".to_owned(),
        None => "direction marks that are not closed on their line".to_owned(),
    };
    let span = span(line, first.at, last.at + last.c.len_utf8());
    Some(Notice {
        rule: "reordered-text",
        level,
        severity: Severity::High,
        confidence: Confidence::High,
        span,
        message,
        related: Vec::new(),
        identity: without_marks(line_of(text, span)),
    })
}

/// A line that lists characters in their order is a table of them, such as the class of a
/// regular expression.
fn is_table(line: &str) -> bool {
    let odd: Vec<char> = line.chars().filter(|c| is_judged(*c)).collect();
    let mut classes: Vec<Option<Class>> = odd.iter().map(|c| class(*c)).collect();
    classes.sort_unstable();
    classes.dedup();
    let ascending = odd.windows(2).filter(|pair| pair[0] < pair[1]).count();
    classes.len() >= 5 && ascending * 4 >= (odd.len() - 1) * 3
}

/// Whether a mark is an end of a range of characters, as in the class of a regular expression.
fn is_range(line: &str, turn: &Stray) -> bool {
    let mut after = line[turn.at + turn.c.len_utf8()..].chars();
    let mut before = line[..turn.at].chars().rev();
    let is_end = |dash: Option<char>, end: Option<char>| {
        dash == Some('-') && end.is_some_and(|c| !c.is_ascii())
    };
    is_end(after.next(), after.next()) || is_end(before.next(), before.next())
}

fn line_of(text: &str, span: Span) -> &str {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |i| i + 1);
    let end = text[span.end as usize..]
        .find('\n')
        .map_or(text.len(), |i| span.end as usize + i);
    &text[start..end]
}

fn without_marks(line: &str) -> String {
    let kept: String = line.chars().filter(|c| !bidi::is_mark(*c)).collect();
    kept.trim().to_owned()
}

/// Judges what is left: invisible characters without a message and without a use.
fn invisible(line: &Line<'_>, kind: Kind, strays: &[Stray]) -> Option<Notice> {
    let strays: Vec<&Stray> = strays
        .iter()
        .filter(|stray| stray.class != Class::PrivateUse || is_long_run(line, stray))
        .collect();
    let (first, last) = (strays.first()?, strays.last()?);
    let level = strays
        .iter()
        .map(|stray| weight(line, kind, stray))
        .max()
        .unwrap_or(Level::Note);
    // Many weak ones in instructions are no accident.
    let level = match kind {
        Kind::Instructions if strays.len() >= 4 => level.max(Level::Review),
        // What is not UTF-8 was read as well as it goes: its letters mean nothing here.
        Kind::Prose | Kind::Code if line.text.contains('\u{FFFD}') => Level::Note,
        Kind::Code if level == Level::Review && is_table(line.text) => Level::Note,
        _ => level,
    };
    let mut classes: Vec<Class> = strays.iter().map(|stray| stray.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let names: Vec<&str> = classes.iter().map(|class| class.as_str()).collect();
    let codes: Vec<String> = strays
        .iter()
        .take(4)
        .map(|stray| format!("U+{:04X}", stray.c as u32))
        .collect();
    let more = if strays.len() > codes.len() {
        " …"
    } else {
        ""
    };
    Some(Notice {
        rule: "invisible-characters",
        level,
        severity: if level == Level::Note {
            Severity::Low
        } else {
            Severity::Medium
        },
        confidence: if level == Level::Note {
            Confidence::Low
        } else {
            Confidence::Medium
        },
        span: span(line, first.at, last.at + last.c.len_utf8()),
        message: format!(
            "{} where no script needs them: {}{more} ({} on this line)",
            names.join(", "),
            codes.join(" "),
            strays.len()
        ),
        related: Vec::new(),
        identity: strays.iter().map(|stray| stray.c).collect(),
    })
}

/// Icon fonts use single private characters; four in a row are no icon.
fn is_long_run(line: &Line<'_>, stray: &Stray) -> bool {
    let is_private = |c: &char| class(*c) == Some(Class::PrivateUse);
    let after = line.text[stray.at..].chars().take_while(is_private).count();
    let before = line.text[..stray.at]
        .chars()
        .rev()
        .take_while(is_private)
        .count();
    before + after >= 4
}

fn weight(line: &Line<'_>, kind: Kind, stray: &Stray) -> Level {
    let previous = line.text[..stray.at].chars().next_back();
    let next = line.text[stray.at + stray.c.len_utf8()..].chars().next();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_repeated = next.is_some_and(|c| class(c) == Some(stray.class))
        || previous.is_some_and(|c| class(c) == Some(stray.class));
    match stray.class {
        Class::Filler if kind == Kind::Code && is_a_name(line, stray) => Level::Block,
        Class::Interlinear | Class::Noncharacter | Class::PrivatePlane | Class::Tag => match kind {
            Kind::Prose if !is_repeated => Level::Note,
            _ => Level::Review,
        },
        Class::SupplementarySelector | Class::Selector | Class::EmojiSelector if is_repeated => {
            Level::Review
        }
        Class::Filler | Class::Operator if kind != Kind::Prose => Level::Review,
        Class::PrivateUse if kind == Kind::Instructions => Level::Review,
        Class::ZeroWidthSpace
        | Class::Joiner
        | Class::NonJoiner
        | Class::SoftHyphen
        | Class::ByteOrderMark
            if kind != Kind::Prose && is_word(previous) && is_word(next) =>
        {
            Level::Review
        }
        _ => Level::Note,
    }
}

/// A blank letter outside quotes is a name that nobody sees.
fn is_a_name(line: &Line<'_>, stray: &Stray) -> bool {
    let before = line.text[..stray.at].trim_end();
    let after = line.text[stray.at + stray.c.len_utf8()..].trim_start();
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '\\');
    let code = |c: char| c.is_ascii_punctuation() && !is_quote(c) || c.is_ascii_alphanumeric();
    let quotes = before.chars().filter(|c| is_quote(*c)).count();
    quotes % 2 == 0
        && !before.trim_start().starts_with(['#', '*'])
        && !before.contains("//")
        && before.chars().next_back().is_some_and(code)
        && after.chars().next().is_some_and(code)
}
