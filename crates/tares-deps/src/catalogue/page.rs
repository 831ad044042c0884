//! The data of a rule: what `rule.toml` and `page.md` hold.

use serde::{Deserialize, Serialize};

/// One rule with its page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RulePage {
    /// Kebab-case, the name of its folder.
    pub id: String,
    /// Word of the family: `dependency`.
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
