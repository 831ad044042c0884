//! Baselines: findings that were there when a repository began to be checked.
//!
//! A baseline is a multiset of content fingerprints. It has no line numbers and no totals, so
//! an edit elsewhere does not spoil it and a second copy of a known flaw is new.

use crate::config::{ConfigError, Source};
use crate::gate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tares_model::finding::Family;
use tares_model::{Finding, Level, RepoPath};

/// The schema that is read and written.
pub const SCHEMA: &str = "tares/baseline/v1";

/// A multiset of (rule, fingerprint).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    entries: BTreeMap<(String, String), u32>,
}

/// One kind of known finding and how often it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// Rule id.
    pub rule: String,
    /// Fingerprint of the finding.
    pub fingerprint: String,
    /// How many such findings are known; at least one.
    pub count: u32,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: String,
    entries: Vec<Entry>,
}

impl Baseline {
    /// Returns the baseline that makes all of these findings known. Suppressed findings and
    /// findings about the check itself are left out: they are never known.
    pub fn of(findings: &[Finding]) -> Self {
        let mut baseline = Self::default();
        for finding in findings.iter().filter(|f| can_be_known(f)) {
            baseline.add(finding.rule.clone(), finding.fingerprint.clone(), 1);
        }
        baseline
    }

    /// Reads the JSON form. `name` is the file name for messages.
    ///
    /// # Errors
    /// Points at the place of a syntax error; refuses another schema and a count of zero.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let source = Source::new(name, text);
        let document: Document = serde_json::from_str(text)
            .map_err(|e| source.error_at(e.line(), e.column(), plain(&e)))?;
        let whole = 0..0;
        if document.schema != SCHEMA {
            let error = source.error(whole, format!("the schema is not `{SCHEMA}`"));
            return Err(error.with_hint("write the baseline again with this version of tares"));
        }
        let mut baseline = Self::default();
        for entry in document.entries {
            if entry.count == 0 {
                return Err(source.error(whole, "an entry has a count of 0".to_owned()));
            }
            baseline.add(entry.rule, entry.fingerprint, entry.count);
        }
        Ok(baseline)
    }

    /// Returns the JSON form: sorted, one entry per line, so that merges are readable.
    pub fn to_json(&self) -> String {
        let lines: Vec<String> = self
            .entries()
            .map(|entry| serde_json::to_string(&entry).expect("an entry is two texts and a number"))
            .collect();
        let body = if lines.is_empty() {
            String::new()
        } else {
            format!("\n    {}\n  ", lines.join(",\n    "))
        };
        format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"entries\": [{body}]\n}}\n")
    }

    /// Iterates over the entries, sorted by rule and fingerprint.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.entries
            .iter()
            .map(|((rule, fingerprint), &count)| Entry {
                rule: rule.clone(),
                fingerprint: fingerprint.clone(),
                count,
            })
    }

    /// Returns whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Marks as suppressed what is known, in order and at most as often as it is known, and
    /// returns what is left over: entries that matched nothing.
    ///
    /// A change touches few of the entries, so leftovers mean something only after a scan of
    /// everything the baseline was written for.
    pub fn apply(&self, findings: &mut [Finding], name: &str) -> Self {
        let mut left = self.clone();
        for finding in findings.iter_mut().filter(|f| can_be_known(f)) {
            if left.take(&finding.rule, &finding.fingerprint) {
                finding.suppressed = Some(format!("known in {name}"));
            }
        }
        left
    }

    /// Returns one note for each entry, as leftovers of [`Baseline::apply`].
    pub fn unused(&self, name: &str) -> Vec<Finding> {
        let path = RepoPath::from(name);
        self.entries()
            .map(|entry| {
                let message = format!(
                    "baseline entry `{}` {} matches nothing ({} left over)",
                    entry.rule, entry.fingerprint, entry.count
                );
                let subject = format!("{} {}", entry.rule, entry.fingerprint);
                gate::finding(
                    gate::UNUSED_BASELINE_ENTRY,
                    Level::Note,
                    gate::lines(&path, 1, 1),
                    &subject,
                    message,
                )
            })
            .collect()
    }

    fn add(&mut self, rule: String, fingerprint: String, count: u32) {
        let known = self.entries.entry((rule, fingerprint)).or_insert(0);
        *known = known.saturating_add(count);
    }

    fn take(&mut self, rule: &str, fingerprint: &str) -> bool {
        let key = (rule.to_owned(), fingerprint.to_owned());
        let Some(count) = self.entries.get_mut(&key) else {
            return false;
        };
        *count -= 1;
        if *count == 0 {
            self.entries.remove(&key);
        }
        true
    }
}

fn can_be_known(finding: &Finding) -> bool {
    finding.suppressed.is_none() && finding.family != Family::Gate
}

/// The message without the position that serde_json puts at its end.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(message, _)| message.to_owned())
}
