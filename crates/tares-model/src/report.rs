//! The JSON report, schema `tares/report/v1`. The byte-exact description is `specs/report-v1.md`.
//!
//! Plain values: every enumeration is text here, because it is open, and a reader of another
//! version meets new words. Fields stand in the order in which they are written.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The value of `schema` in every report of this version.
pub const SCHEMA: &str = "tares/report/v1";

/// One report: everything one run has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What wrote the report.
    pub tool: Tool,
    /// What was judged, and by what.
    pub change: ChangeInfo,
    /// Findings that count, in the order of the run.
    pub findings: Vec<FindingEntry>,
    /// What head does that base does not, and the other way round.
    pub effects: EffectsDelta,
    /// Which lines need which kind of eyes.
    pub requirements: Vec<RequirementEntry>,
    /// Counts, verdict, and what was not looked at.
    pub summary: SummaryEntry,
    /// Findings that do not count, apart so that nobody counts them by mistake.
    pub suppressed: Vec<SuppressedEntry>,
}

/// What wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Always `tares`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was judged, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeInfo {
    /// The change in words.
    pub name: String,
    /// What a person asked for.
    pub task: Option<String>,
    /// What the change says of itself. Untrusted.
    pub claims: Vec<String>,
    /// Where the policy came from, in words.
    pub policy: String,
    /// Whether there was a base; without one everything counts as present, not as added.
    pub has_base: bool,
}

/// A file, with the exact bytes of its name where the text cannot hold them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PathEntry {
    /// Path with `/`, relative to the root of what was judged.
    pub path: String,
    /// Base64 of the bytes; only there where `path` loses some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
}

/// Lines and columns. Columns are 1-based Unicode code points, the end column one past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RangeEntry {
    /// First line, 1-based.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// Column of the first character.
    pub start_column: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingEntry {
    /// Rule id.
    pub rule: String,
    /// Family of the rule. Open.
    pub family: String,
    /// Weakness classes, such as `CWE-79`.
    pub cwe: Vec<String>,
    /// How bad. Open.
    pub severity: String,
    /// How sure. Open.
    pub confidence: String,
    /// What the gate does. Open.
    pub level: String,
    /// File.
    #[serde(flatten)]
    pub path: PathEntry,
    /// Where in the file.
    #[serde(flatten)]
    pub range: RangeEntry,
    /// What was found.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The effect it rests on.
    pub effect: Option<EffectEntry>,
    /// The evidence chain: source, steps, sink.
    pub related: Vec<RelatedEntry>,
    /// Who wrote the lines; null while nothing is known about it.
    pub origin: Option<BTreeMap<String, String>>,
    /// Stable identity: survives edits elsewhere in the file and moves of the code.
    pub fingerprint: String,
}

/// One effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectEntry {
    /// Identity: kind, canonical target, labels, classes of guard.
    pub key: String,
    /// What sort of thing. Open.
    pub kind: String,
    /// What it acts on; null where the effect has no target.
    pub target: Option<String>,
    /// Labels of what flows in. Open.
    pub data: Vec<String>,
    /// Conditions under which it happens, outermost first.
    pub guard: Vec<GuardEntry>,
    /// Devices that had to be undone to see it.
    pub concealment: ConcealmentEntry,
    /// What keeps it from being noticed. Open.
    pub stealth: Vec<String>,
    /// Whether it was asked for.
    pub asked: AskedEntry,
    /// How it is known. Open.
    pub seen: String,
    /// How well the target is known: `exact`, `pattern`, `unknown`, `none`. Open.
    pub target_form: String,
    /// The API reached, canonical.
    pub api: String,
    /// Whether it is new against base; null where there is no base.
    pub is_new: Option<bool>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardEntry {
    /// What it depends on. Open.
    pub class: String,
    /// The condition as written. Untrusted.
    pub text: String,
    /// Whether the effect happens when the condition holds, or when it fails.
    pub holds: bool,
}

/// The distance between how an effect is written and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcealmentEntry {
    /// 0 plain to 3 decoded text or code as text.
    pub grade: u8,
    /// The devices. Open.
    pub devices: Vec<String>,
}

/// Whether an effect was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedEntry {
    /// The answer. Open.
    pub verdict: String,
    /// The words that decided.
    pub because: String,
}

/// One place of an evidence chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedEntry {
    /// File.
    #[serde(flatten)]
    pub path: PathEntry,
    /// Where in the file.
    #[serde(flatten)]
    pub range: RangeEntry,
    /// What happens there.
    pub message: String,
}

/// The effect delta.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EffectsDelta {
    /// Only in head.
    pub added: Vec<PlacedEntry>,
    /// Only in base; places are places in base.
    pub removed: Vec<PlacedEntry>,
    /// Same kind and target, other data or another guard.
    pub changed: Vec<ChangedEntry>,
}

/// An effect and where it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedEntry {
    /// The effect.
    #[serde(flatten)]
    pub effect: EffectEntry,
    /// File.
    #[serde(flatten)]
    pub path: PathEntry,
    /// Where in the file.
    #[serde(flatten)]
    pub range: RangeEntry,
    /// Enclosing function, dotted with its classes; empty at module level.
    pub function: String,
    /// What changed elsewhere, where the file itself did not change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
}

/// An effect that both sides have, in two forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedEntry {
    /// In base.
    pub before: PlacedEntry,
    /// In head.
    pub after: PlacedEntry,
}

/// Which lines need which kind of eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementEntry {
    /// Who has to look.
    pub who: String,
    /// File.
    #[serde(flatten)]
    pub path: PathEntry,
    /// First line, 1-based.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// Why.
    pub why: String,
}

/// Counts, verdict, and what was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryEntry {
    /// Files judged.
    pub files: usize,
    /// Findings at block.
    pub block: usize,
    /// Findings at review.
    pub review: usize,
    /// Findings at note.
    pub note: usize,
    /// Suppressed findings, of any level.
    pub suppressed: usize,
    /// `pass`, `review` or `block`.
    pub verdict: String,
    /// What should have been judged and was not.
    pub unchecked: Vec<UncheckedEntry>,
    /// Content with nothing to judge, counted by kind.
    pub not_judged: BTreeMap<String, usize>,
    /// Lines judged.
    pub lines: u64,
    /// Texts of any kind that were looked over for what agents read.
    #[serde(default)]
    pub texts: usize,
    /// Findings that base has as well; they are not in `findings`.
    pub known: usize,
    /// Files judged by language.
    pub languages: BTreeMap<String, usize>,
    /// What no static look can see.
    pub limits: Vec<String>,
}

/// Something that should have been judged was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UncheckedEntry {
    /// File, or empty for the change as a whole.
    #[serde(flatten)]
    pub path: PathEntry,
    /// Why, and what to do.
    pub reason: String,
    /// First line, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_line: Option<u32>,
    /// Last line, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
}

/// A finding that does not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuppressedEntry {
    /// The finding.
    #[serde(flatten)]
    pub finding: FindingEntry,
    /// Why it does not count.
    pub reason: String,
}
