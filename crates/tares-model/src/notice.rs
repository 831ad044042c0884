//! What a room that reads texts says, before the judge makes a finding of it, and the pages of its
//! rules.

use crate::Span;
use crate::finding::{Confidence, Level, Severity};
use serde::{Deserialize, Serialize};

/// One thing found in one text. Knows spans, no lines and no fingerprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Id of the rule.
    pub rule: &'static str,
    /// What the gate does, before policy.
    pub level: Level,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Where, in bytes of the text.
    pub span: Span,
    /// One sentence about this text. Foreign content in it is escaped.
    pub message: String,
    /// Further places, each with what stands there.
    pub related: Vec<(Span, String)>,
    /// What makes this finding the same in another file or repository: the decoded content.
    pub identity: String,
}

/// One rule with its page, as `rule.toml` and `page.md` of its folder hold them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RulePage {
    /// Kebab-case, the name of its folder.
    pub id: String,
    /// Word of the family.
    pub family: String,
    /// Numbers of the weakness classes.
    pub cwe: Vec<u32>,
    /// Word of the severity.
    pub severity: String,
    /// Word of the highest level at which it reports, before policy.
    pub level: String,
    /// A few words.
    pub title: String,
    /// Version that brought it.
    pub since: String,
    /// What it costs on ordinary text.
    pub noise: String,
    /// Why it matters, one sentence.
    pub why: String,
    /// What to do, one sentence.
    pub fix: String,
    /// The page, in Markdown.
    #[serde(default)]
    pub page: String,
}
