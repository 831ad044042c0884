//! The words of a suppression comment.

use crate::config::quoted;
use tares_model::Span;

/// What every suppression begins with.
pub(super) const MARK: &str = "tares:";

/// Far more than a file that people read can have; each is compared with every finding.
pub(super) const MOST_IN_FILE: usize = 1000;

/// Characters that comment markers are made of.
const MARKERS: [char; 7] = ['#', '/', '*', '-', '!', ';', '%'];

/// Returns where a comment has the mark with something to its right: at the start of a line or
/// behind another marker, so that other tools' comments may stand before it; once per line.
/// A mark inside a sentence is prose.
pub(super) fn directives(text: &str, comment: Span) -> impl Iterator<Item = Span> {
    let mut line_start = comment.start;
    comment
        .text(text)
        .split_inclusive(['\n', '\r'])
        .filter_map(move |line| {
            let start = line_start;
            line_start += line.len() as u32;
            let begins = |at: usize| {
                let before = line[..at].trim_end();
                before.is_empty() || before.ends_with(MARKERS)
            };
            let (at, _) = line.match_indices(MARK).find(|&(at, _)| begins(at))?;
            let text = line[at..].trim_end();
            let text = text
                .strip_suffix("*/")
                .or_else(|| text.strip_suffix("-->"))
                .unwrap_or(text)
                .trim_end();
            Some(Span::new(
                start + at as u32,
                start + (at + text.len()) as u32,
            ))
        })
}

/// A suppression comment before it is known what it covers.
pub(super) struct Parsed {
    pub(super) whole_file: bool,
    pub(super) rules: Vec<String>,
    pub(super) reason: String,
}

/// Reads a directive that begins with [`MARK`], or says in a few words what is wrong with it.
pub(super) fn parse(directive: &str) -> Result<Parsed, String> {
    const LONGEST_REASON: usize = 200;
    const MOST_RULES: usize = 16;
    let body = directive[MARK.len()..].trim();
    let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let whole_file = match verb {
        "allow" => false,
        "allow-file" => true,
        "" => return Err("it says nothing".to_owned()),
        other => {
            return Err(format!(
                "{} is neither `allow` nor `allow-file`",
                quoted(other)
            ));
        }
    };
    let (ids, reason) = match rest.split_once(" -- ") {
        Some((ids, reason)) => (ids, reason.trim()),
        None => (rest.trim_end_matches("--"), ""),
    };
    let rules: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
    if let Some(odd) = rules.iter().find(|id| !is_rule_id(id)) {
        return Err(if odd.is_empty() {
            "a rule id is missing".to_owned()
        } else {
            format!("{} is no rule id", quoted(odd))
        });
    }
    if rules.len() > MOST_RULES {
        return Err(format!("it names more than {MOST_RULES} rules"));
    }
    if !reason.chars().any(char::is_alphanumeric) {
        return Err("it gives no reason after ` -- `".to_owned());
    }
    let reason = reason.chars().take(LONGEST_REASON).collect();
    Ok(Parsed {
        whole_file,
        rules,
        reason,
    })
}

fn is_rule_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
