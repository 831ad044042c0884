//! Prompts that a tool carries: documents of it that a model may be given, and long texts in its
//! code and data.
//!
//! Inside a tool every text may be a prompt. What ordinary documents may say is here evidence of
//! what the tool tells its model; the caller compares it with what a person accepted.

use super::features::Found;
use super::weigh::{Standing, harms, weigh};
use super::{LONGEST, paragraphs, visible_instruction};
use crate::surface::Kind;
use tares_model::{Level, Notice, RepoPath, Span};

/// Shortest text in code that can be a prompt, in bytes.
const SHORTEST: usize = 40;

/// Fewest words of such a text.
const WORDS: usize = 7;

/// Most notices of one text.
const MOST: usize = 100;

/// Documents about a tool that no tool hands on.
const ABOUT: [&str; 6] = [
    "readme",
    "changelog",
    "changes",
    "license",
    "licence",
    "security",
];

/// Finds what the texts of a tool tell a model to do. Costs one pass and the lexicon for what
/// reads like prose.
pub fn prompts(path: &RepoPath, text: &str) -> Vec<Notice> {
    let name = path.name().to_ascii_lowercase();
    let about = ABOUT.iter().any(|about| name.starts_with(about));
    let mut notices = Vec::new();
    match Kind::of(path) {
        // Told elsewhere, with what is hidden in them.
        Kind::Instructions => {}
        Kind::Prose if about => {}
        Kind::Prose => {
            for span in paragraphs(text) {
                notices.extend(judge(span.text(text), span, false));
            }
        }
        Kind::Code | Kind::Settings => {
            for span in literals(text) {
                notices.extend(judge(&unescaped(span.text(text)), span, true));
                if notices.len() >= MOST {
                    break;
                }
            }
        }
    }
    notices.truncate(MOST);
    notices
}

/// Names in a settings file beside which stand texts that a model is given: descriptions of tools,
/// parts that an agent plays.
const GIVEN: [&str; 6] = [
    "\"inputSchema\"",
    "\"input_schema\"",
    "\"systemPrompt\"",
    "\"system_prompt\"",
    "\"customInstructions\"",
    "\"roleDefinition\"",
];

/// Finds what a list of tools or of agents tells a model, where more than one sign speaks for harm.
pub(crate) fn given(path: &RepoPath, text: &str) -> Vec<Notice> {
    let is_json = matches!(path.extension().as_deref(), Some("json" | "jsonc"));
    let finds = |name: &str| memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some();
    if !is_json || !GIVEN.iter().any(|name| finds(name)) {
        return Vec::new();
    }
    let told = literals(text).into_iter().filter_map(|span| {
        let text = unescaped(span.text(text));
        let found = Found::of(&text);
        let level = weigh(found, Kind::Instructions, Standing::Visible)?;
        (level > Level::Note).then(|| visible_instruction(&text, span, found, level))
    });
    told.take(MOST).collect()
}

fn judge(text: &str, span: Span, is_literal: bool) -> Option<Notice> {
    let found = Found::of(text);
    let level = weigh(found, Kind::Instructions, Standing::Visible)?;
    // Messages of programs speak of deleting and of passwords; they do not speak to an agent.
    let is_spoken = ["addresses-agent", "orders", "override", "assigns"]
        .iter()
        .any(|name| found.has(name));
    if is_literal && !is_spoken && harms(found) < 2 {
        return None;
    }
    let level = if is_spoken && level == Level::Note {
        Level::Review
    } else {
        level
    };
    Some(visible_instruction(text, span, found, level))
}

/// Returns the stretches between two quotes of one kind that read like prose. Code between two
/// texts is looked at as well and does not: so a quote in a comment shifts nothing.
fn literals(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for quote in [b'"', b'\'', b'`'] {
        let bytes = text.as_bytes();
        let mut last = None;
        for at in memchr::memchr_iter(quote, bytes) {
            let backslashes = bytes[..at]
                .iter()
                .rev()
                .take_while(|b| **b == b'\\')
                .count();
            if backslashes % 2 == 1 {
                continue;
            }
            if let Some(start) = last
                && is_prose(&bytes[start..at])
            {
                found.push(Span::new(start as u32, at as u32));
            }
            last = Some(at + 1);
        }
    }
    found.sort_unstable();
    found
}

fn is_prose(bytes: &[u8]) -> bool {
    if bytes.len() < SHORTEST || bytes.len() > 8 * LONGEST {
        return false;
    }
    let mut words = 0;
    let mut letters = 0;
    let mut last = b' ';
    for &b in bytes {
        // Scripts without blanks between words count by their letters.
        letters += usize::from(b.is_ascii_alphabetic() || b >= 0x80);
        words += usize::from(last.is_ascii_whitespace() && b.is_ascii_alphabetic());
        last = b;
    }
    let is_wide = bytes.iter().filter(|b| **b >= 0x80).count() * 2 > bytes.len();
    (words >= WORDS || is_wide) && letters * 10 >= bytes.len() * 6
}

/// Replaces the escapes that prose in code has.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match letters.next() {
            Some('n' | 'r' | 't') => out.push('\n'),
            Some(c) => out.push(c),
            None => {}
        }
    }
    out
}
