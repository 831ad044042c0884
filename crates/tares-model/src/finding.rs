//! Findings: what a person is shown.

use crate::effect::Effect;
use crate::span::Place;
use serde::{Deserialize, Serialize};

/// What the gate does about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Shown on request.
    Note,
    /// A person has to look at these lines.
    Review,
    /// A careful reviewer would never let this through, and the evidence is concrete.
    Block,
}

/// How bad it is if true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Hygiene.
    Low,
    /// Harmful under further conditions.
    Medium,
    /// Harmful.
    High,
    /// Gives control or secrets away.
    Critical,
}

/// How sure tares is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Likely.
    Medium,
    /// The evidence chain is complete.
    High,
}

/// The family of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Honest mistakes.
    Weakness,
    /// Put there on purpose.
    Backdoor,
    /// Does something that nobody asked for.
    Capability,
    /// Written so that one does not see what it does.
    Concealment,
    /// Text that people do not see.
    HiddenText,
    /// Settings of coding agents.
    AgentConfig,
    /// Packages.
    Dependency,
    /// Credentials in code.
    Secret,
    /// Who wrote it.
    Origin,
    /// About the check itself: unchecked code, policy changes, suppressions.
    Gate,
}

macro_rules! words {
    ($type:ty { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            /// Returns the word used in every output.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// All values with their words, in order.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $word)),+];
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().find(|(_, word)| *word == text).map(|(value, _)| *value)
                    .ok_or_else(|| format!("`{text}` is none of {}", Self::ALL.iter().map(|(_, w)| *w).collect::<Vec<_>>().join(", ")))
            }
        }
    };
}
pub(crate) use words;

words!(Level { Note => "note", Review => "review", Block => "block" });
words!(Severity { Low => "low", Medium => "medium", High => "high", Critical => "critical" });
words!(Confidence { Low => "low", Medium => "medium", High => "high" });
words!(Family {
    Weakness => "weakness", Backdoor => "backdoor", Capability => "capability",
    Concealment => "concealment", HiddenText => "hidden-text", AgentConfig => "agent-config",
    Dependency => "dependency", Secret => "secret", Origin => "origin", Gate => "gate",
});

/// One finding. It cannot exist without a primary place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Rule id, kebab-case.
    pub rule: String,
    /// Family of the rule.
    pub family: Family,
    /// Weakness classes, such as `CWE-79`.
    pub cwe: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What the gate does.
    pub level: Level,
    /// Where it is.
    pub place: Place,
    /// What was found, one sentence about this code.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The effect it rests on.
    pub effect: Option<Effect>,
    /// The evidence chain, in order: source, steps, sink.
    pub related: Vec<Related>,
    /// Stable identity: survives edits elsewhere and moves of the code.
    pub fingerprint: String,
    /// Why it does not count, if it is suppressed.
    pub suppressed: Option<String>,
}

/// A place that carries a part of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What happens there.
    pub message: String,
}
