//! Instructions that do not belong: text that tells an agent to do harm, seen or hidden.

mod features;
mod prompts;
mod weigh;

use crate::notice::{in_test_data, shown};
use crate::surface::{self, Kind};
use crate::view::{Carrier, Views};
use features::Found;
pub(crate) use prompts::given;
pub use prompts::prompts;
use tares_model::Notice;
use tares_model::finding::{Confidence, Level, Severity};
use tares_model::{RepoPath, Span};
use weigh::{Standing, weigh};

/// Longest paragraph that is looked at together, in bytes.
const LONGEST: usize = 4 << 10;

/// Length of a list above which its items stand alone, in bytes.
const LONG_LIST: usize = 1 << 10;

/// Most notices of one text.
const MOST: usize = 50;

/// Finds instructions in a document, with its views computed before.
pub fn instructions(path: &RepoPath, text: &str, views: &Views) -> Vec<Notice> {
    let kind = Kind::of(path);
    if !is_document(path, kind) {
        return Vec::new();
    }
    let mut notices = Vec::new();
    for hidden in &views.hidden {
        // Scripts are code; front matter is read by people who open the file.
        if matches!(hidden.carrier, Carrier::Script | Carrier::Metadata) {
            continue;
        }
        let found = Found::hidden(&joined(clip(&hidden.text)));
        if let Some(level) = weigh(found, kind, Standing::Hidden) {
            notices.push(hidden_instruction(hidden, found, level));
        }
    }
    if path.extension().as_deref() == Some("eml") {
        notices.extend(in_mail(views, text));
        notices.truncate(MOST);
        return notices;
    }
    for span in paragraphs(text) {
        let trailing = span.text(text).len() - span.text(text).trim_end().len();
        let span = Span::new(span.start, span.end - trailing as u32);
        let is_hidden = views
            .hidden
            .iter()
            .any(|hidden| hidden.carrier != Carrier::Metadata && hidden.span.contains(span));
        if is_hidden {
            continue;
        }
        // In a document a visible paragraph counts only if it speaks to an agent.
        if kind == Kind::Prose && !features::may_speak_to_an_agent(span.text(text)) {
            continue;
        }
        let paragraph = crate::view::entity::decode(span.text(text));
        let found = Found::of(&joined(&paragraph));
        if let Some(level) = weigh(found, kind, Standing::Visible) {
            notices.push(visible_instruction(&paragraph, span, found, level));
        }
    }
    notices.truncate(MOST);
    if !notices.is_empty() && surface::is_test_data(path) {
        let lowered = notices.into_iter().map(|notice| in_test_data(notice, kind));
        notices = lowered.collect();
    }
    notices
}

/// Judges what a mail shows, which does not stand in its text as it is: the place is its head.
fn in_mail(views: &Views, text: &str) -> Vec<Notice> {
    let first = text.lines().next().map_or(0, str::len);
    let span = Span::new(0, first as u32);
    paragraphs(&views.visible)
        .into_iter()
        .filter_map(|paragraph| {
            let paragraph = paragraph.text(&views.visible);
            if !features::may_speak_to_an_agent(paragraph) {
                return None;
            }
            let found = Found::of(&joined(paragraph));
            let level = weigh(found, Kind::Prose, Standing::Visible)?;
            Some(visible_instruction(paragraph, span, found, level))
        })
        .collect()
}

/// Whether agents read a file as text: catalogues of translations, tables and subtitles are data.
fn is_document(path: &RepoPath, kind: Kind) -> bool {
    let extension = path.extension();
    match kind {
        Kind::Instructions => true,
        Kind::Prose => !matches!(
            extension.as_deref(),
            Some("po" | "pot" | "xlf" | "xliff" | "csv" | "tsv" | "srt" | "vtt" | "svg")
        ),
        Kind::Code | Kind::Settings => false,
    }
}

/// Whether a command line fetches something and runs it.
pub(crate) fn downloads_and_runs(line: &str) -> bool {
    let found = Found::of(clip(line));
    found.has("download-and-run") || found.has("decode-and-run")
}

/// Judges a name that is read as words, such as that of a branch. `identity` is the name itself.
pub(crate) fn in_name(words: &str, identity: &str) -> Option<Notice> {
    let spoken = words.replace(['-', '_', '/', '.'], " ");
    let (raw, found) = (Found::of(clip(words)), Found::of(clip(&spoken)));
    let runs = raw.has("download-and-run") || raw.has("decode-and-run");
    let level = if runs {
        Some(Level::Block)
    } else {
        weigh(found, Kind::Prose, Standing::Visible)
    };
    let found = if runs { raw } else { found };
    let span = Span::new(0, identity.len() as u32);
    Some(visible_instruction(identity, span, found, level?))
}

fn clip(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns the stretches between blank lines, long ones in several pieces; each row of a table, and
/// each item of a long list, says something of its own.
fn paragraphs(text: &str) -> Vec<Span> {
    let (mut found, mut start, mut end) = (Vec::new(), 0, 0);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let is_long = at - start > LONGEST || (at - start > LONG_LIST && begins_anew(words));
        let is_border = words.is_empty() || words.starts_with('|') || is_long;
        if is_border && end > start {
            found.push(Span::new(start as u32, end as u32));
            start = at;
        }
        at += line.len();
        if words.is_empty() {
            start = at;
        } else {
            end = at;
        }
    }
    if end > start {
        found.push(Span::new(start as u32, end as u32));
    }
    found
}

/// Joins the lines of a sentence that was wrapped. Code, items of lists and tables keep theirs.
fn joined(paragraph: &str) -> String {
    let mut out = String::with_capacity(paragraph.len());
    let (mut is_code, mut ends) = (false, true);
    for line in paragraph.split('\n') {
        let words = line.trim();
        let is_fence = words.starts_with("```") || words.starts_with("~~~");
        let begins = ends || is_code || is_fence || begins_anew(words);
        if !out.is_empty() {
            out.push(if begins { '\n' } else { ' ' });
        }
        out.push_str(if begins { line } else { words });
        is_code ^= is_fence;
        ends = is_fence || words.starts_with('|') || words.ends_with([':', '\\']);
    }
    out
}

/// Whether a line is no continuation of the one before.
fn begins_anew(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = number.len() < line.len() && number.starts_with(['.', ')']);
    is_numbered
        || line.starts_with(['#', '|', '<', '$'])
        || ["- ", "* ", "+ ", "> "]
            .iter()
            .any(|mark| line.starts_with(mark))
}

fn hidden_instruction(hidden: &crate::view::Hidden, found: Found, level: Level) -> Notice {
    Notice {
        rule: "hidden-instruction",
        level,
        severity: if level == Level::Block {
            Severity::Critical
        } else {
            Severity::High
        },
        confidence: if level == Level::Block {
            Confidence::High
        } else {
            Confidence::Medium
        },
        span: hidden.span,
        message: format!(
            "{} that only an agent reads {}: \"{}\"",
            hidden.carrier.as_str(),
            found.says().join(", "),
            shown(squeeze(&hidden.text).as_str(), 200)
        ),
        related: Vec::new(),
        identity: squeeze(&hidden.text),
    }
}

fn visible_instruction(paragraph: &str, span: Span, found: Found, level: Level) -> Notice {
    Notice {
        rule: "foreign-instruction",
        level,
        severity: Severity::High,
        confidence: match level {
            Level::Block => Confidence::High,
            Level::Review => Confidence::Medium,
            Level::Note => Confidence::Low,
        },
        span,
        message: format!(
            "text that an agent follows {}: \"{}\"",
            found.says().join(", "),
            shown(squeeze(paragraph).as_str(), 160)
        ),
        related: Vec::new(),
        identity: squeeze(paragraph),
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
