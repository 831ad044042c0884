//! Suppression comments: `tares: allow RULE[, RULE] -- reason`.
//!
//! Written behind code it covers that statement, on a line of its own the next statement;
//! `tares: allow-file` above the first line of code covers the file. Any language will do:
//! all that is needed is which parts of the text are comments and which are statements.

mod layout;
mod parse;

use crate::config::{Policy, quoted};
use crate::gate;
use layout::Layout;
use parse::{MARK, MOST_IN_FILE, directives, parse};
use std::collections::{BTreeMap, BTreeSet};
use tares_model::finding::Family;
use tares_model::{Finding, Level, Place, RepoPath, Span};

/// One file as suppressions see it.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path.
    pub path: &'a RepoPath,
    /// Its text.
    pub text: &'a str,
    /// Comments in order, markers included.
    pub comments: &'a [Span],
    /// Statements in any order. With none given a suppression covers one line.
    pub statements: &'a [Span],
}

/// One suppression comment that is well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The words.
    pub place: Place,
    /// First and last line of the comment around them.
    pub comment_lines: (u32, u32),
    /// Rules it names.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// What it covers.
    pub cover: Cover,
}

/// What a suppression covers. A finding is covered if it begins there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// First and last line, 1-based.
    Lines(u32, u32),
    /// The file, but no finding at `block`.
    File,
    /// Nothing: no code follows.
    Nothing,
}

/// Returns the suppressions of a file, and a note for every comment that tries to be one.
pub fn collect(file: &File<'_>) -> (Vec<Suppression>, Vec<Finding>) {
    if !file.text.contains(MARK) {
        return (Vec::new(), Vec::new());
    }
    let layout = Layout::new(file);
    let (mut suppressions, mut findings) = (Vec::new(), Vec::new());
    let all = file
        .comments
        .iter()
        .flat_map(|&comment| directives(file.text, comment).map(move |at| (comment, at)));
    for (count, (comment, at)) in all.enumerate() {
        let directive = at.text(file.text);
        let place = layout.index.place(file.path, file.text, at);
        let parsed = if count < MOST_IN_FILE {
            parse(directive)
        } else {
            Err(format!("the file has more than {MOST_IN_FILE}"))
        };
        match parsed.and_then(|parsed| layout.resolve(parsed, comment, &place)) {
            Ok(suppression) => suppressions.push(suppression),
            Err(why) => {
                let message = format!("{} does not count: {why}", quoted(directive));
                let rule = gate::SUPPRESSION_WITHOUT_REASON;
                findings.push(gate::finding(rule, Level::Note, place, directive, message));
            }
        }
        if count == MOST_IN_FILE {
            break;
        }
    }
    (suppressions, findings)
}

/// Marks the findings that suppressions cover, and returns notes about suppressions that are
/// unused, that came with the change, or that do not count.
///
/// `is_added` says whether the change adds a line. A suppression that the change adds counts
/// only if the policy allows it and never for `block`; none counts for a `block` finding in
/// lines the change adds or with evidence there, nor for findings about the check itself.
/// Findings must have their final level.
pub fn apply(
    findings: &mut [Finding],
    suppressions: &[Suppression],
    is_added: &dyn Fn(&RepoPath, u32) -> bool,
    policy: &Policy,
) -> Vec<Finding> {
    let change = ChangeLines {
        is_added,
        allow_in_change: policy.allow_in_change,
    };
    suppressions
        .iter()
        .flat_map(|suppression| apply_one(findings, suppression, &change))
        .collect()
}

fn apply_one(
    findings: &mut [Finding],
    suppression: &Suppression,
    change: &ChangeLines<'_>,
) -> Vec<Finding> {
    let mut unused: BTreeSet<&str> = suppression.rules.iter().map(String::as_str).collect();
    let mut notes = BTreeMap::new();
    for finding in findings
        .iter_mut()
        .filter(|finding| suppression.covers(finding))
    {
        unused.remove(finding.rule.as_str());
        // The first suppression that counts keeps the credit.
        let is_open = finding.suppressed.is_none();
        match change.refusal(suppression, finding) {
            Some(why) if is_open => {
                let words = format!(
                    "this suppression of `{}` does not count: {why}",
                    finding.rule
                );
                notes.insert((gate::SUPPRESSION_REFUSED, finding.rule.clone()), words);
            }
            None if is_open => {
                finding.suppressed = Some(suppression.credit());
                if change.adds_suppression(suppression) {
                    let words = format!("the change suppresses `{}` in its own code", finding.rule);
                    notes.insert((gate::SUPPRESSION_IN_CHANGE, finding.rule.clone()), words);
                }
            }
            _ => {}
        }
    }
    for rule in unused {
        let words = format!("this suppression covers no finding of `{rule}`");
        notes.insert((gate::UNUSED_SUPPRESSION, rule.to_owned()), words);
    }
    notes
        .into_iter()
        .map(|((id, rule), words)| suppression.note(id, &rule, words))
        .collect()
}

/// What the change adds, and what the policy says about suppressions that come with it.
struct ChangeLines<'a> {
    is_added: &'a dyn Fn(&RepoPath, u32) -> bool,
    allow_in_change: bool,
}

impl ChangeLines<'_> {
    /// Returns why a suppression does not count for a finding that it covers.
    fn refusal(&self, suppression: &Suppression, finding: &Finding) -> Option<&'static str> {
        let from_change = self.adds_suppression(suppression);
        let block = finding.level == Level::Block;
        if from_change && !self.allow_in_change {
            Some("the change that is judged adds it")
        } else if block && suppression.cover == Cover::File {
            Some("for a whole file it never covers a finding at `block`")
        } else if block && (from_change || self.adds_evidence(finding)) {
            Some("the finding is at `block`, and the change that is judged adds to it")
        } else {
            None
        }
    }

    /// A change can turn words that stood there before into a comment by opening or closing
    /// one, so the ends of the comment count as well.
    fn adds_suppression(&self, suppression: &Suppression) -> bool {
        let Suppression {
            place,
            comment_lines: (first, last),
            ..
        } = suppression;
        [*first, place.start_line, *last]
            .iter()
            .any(|&line| (self.is_added)(&place.path, line))
    }

    /// Whether the change adds a line of the finding or of the chain that leads to it.
    fn adds_evidence(&self, finding: &Finding) -> bool {
        let related = finding.related.iter().map(|related| &related.place);
        let mut places = std::iter::once(&finding.place).chain(related);
        places.any(|place| {
            (place.start_line..=place.end_line).any(|line| (self.is_added)(&place.path, line))
        })
    }
}

impl Suppression {
    fn covers(&self, finding: &Finding) -> bool {
        let line = finding.place.start_line;
        let covered = match self.cover {
            Cover::Lines(first, last) => (first..=last).contains(&line),
            Cover::File => true,
            Cover::Nothing => false,
        };
        covered
            && finding.place.path == self.place.path
            && finding.family != Family::Gate
            && self.rules.contains(&finding.rule)
    }

    /// Returns what stands in a finding that it silences.
    fn credit(&self) -> String {
        format!(
            "{}:{}: {}",
            self.place.path, self.place.start_line, self.reason
        )
    }

    fn note(&self, rule: &str, about: &str, message: String) -> Finding {
        gate::finding(
            rule,
            Level::Note,
            self.place.clone(),
            &format!("{about} {}", self.reason),
            message,
        )
    }
}
