//! What a policy makes of the level of a finding.

use crate::config::Policy;
use tares_model::{Finding, Level};

/// What a policy says about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The rule does not report.
    Off,
    /// Every finding of the rule has this level.
    At(Level),
}

impl Setting {
    /// All settings with their words, from the laxest to the strictest.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Off, "off"),
        (Self::At(Level::Note), "note"),
        (Self::At(Level::Review), "review"),
        (Self::At(Level::Block), "block"),
    ];

    /// Returns the word used in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::At(level) => level.as_str(),
        }
    }
}

impl Policy {
    /// Returns what the policy says about a rule, or `None` where the finding keeps its level.
    ///
    /// The exact id wins over patterns, and of the patterns the one with the most known
    /// characters; between equals the stricter. The order in the file does not matter.
    pub fn setting(&self, rule: &str) -> Option<Setting> {
        self.rules
            .iter()
            .filter(|entry| entry.pattern.matches(rule))
            .max_by_key(|entry| {
                (
                    entry.pattern.is_exact(),
                    entry.pattern.known_len(),
                    entry.setting,
                )
            })
            .map(|entry| entry.setting)
    }

    /// Gives every finding the level that the policy sets for its rule, removes findings of
    /// rules that are off, and returns how many were removed so that they can be counted.
    pub fn set_levels(&self, findings: &mut Vec<Finding>) -> usize {
        if self.rules.is_empty() {
            return 0;
        }
        let before = findings.len();
        findings.retain_mut(|finding| match self.setting(&finding.rule) {
            Some(Setting::Off) => false,
            Some(Setting::At(level)) => {
                finding.level = level;
                true
            }
            None => true,
        });
        before - findings.len()
    }
}
