//! What a rule is, in data. Shared with `build.rs`, which reads `rules/**/rule.toml`,
//! checks it and stores it in this form; nothing is parsed from TOML at run time.

use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tares_model::effect::label::Sink;
use tares_model::effect::{AskedVerdict, Device, EffectKind, GuardClass, Label, Stealth};
use tares_model::finding::{Confidence, Family, Level, Severity};

/// A rule: what it looks for, what it says, and its page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name, kebab-case; also the name of its folder. Says the bad thing.
    pub id: String,
    /// Family; also the name of the folder above.
    pub family: Family,
    /// Weakness classes by number.
    pub cwe: Vec<u32>,
    /// How bad it is if true, unless a clause says otherwise.
    pub severity: Severity,
    /// A few words for lists.
    pub title: String,
    /// Version that brought the rule.
    pub since: String,
    /// What it costs on benign code, in a sentence.
    pub noise: String,
    /// Rules that stay silent where this one fires at the same place at least as loudly.
    #[serde(default)]
    pub supersedes: Vec<String>,
    /// How far one finding speaks for others.
    #[serde(default)]
    pub per: Per,
    /// Whether test code weighs a level less, as it does for honest mistakes.
    #[serde(default)]
    pub less_in_tests: bool,
    /// What is said with each finding.
    pub text: Text,
    /// The clauses in order; the first whose conditions hold decides.
    pub when: Vec<Clause>,
    /// The page in Markdown.
    #[serde(default)]
    pub page: String,
}

/// The fixed texts of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
}

/// How far one finding speaks for others of the same rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// One finding per place.
    #[default]
    Site,
    /// One finding per enclosing function.
    Function,
    /// One finding per file.
    File,
}

/// Conditions and what follows from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// What must hold.
    pub conditions: Conditions,
    /// What follows.
    pub outcome: Outcome,
}

/// What a clause says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What the gate does.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence about the code, with placeholders (`specs/rules.md`).
    pub message: String,
    /// Overrides the severity of the rule.
    #[serde(default)]
    pub severity: Option<Severity>,
}

/// Conditions on one effect; all that are given must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// Any of these kinds.
    pub kind: Vec<EffectKind>,
    /// Any of these globs fits the API path.
    pub api: Vec<String>,
    /// None of these globs fits the API path.
    pub not_api: Vec<String>,
    /// Conditions on roles by name.
    pub role: BTreeMap<String, RoleCondition>,
    /// Condition on the target.
    pub target: Option<TargetCondition>,
    /// Any of these labels flows in.
    pub data: Vec<Label>,
    /// All of these labels flow in.
    pub data_all: Vec<Label>,
    /// A guard of any of these classes.
    pub guard: Vec<GuardClass>,
    /// No guard but plain ones.
    pub guard_absent: bool,
    /// The text of some guard fits.
    pub guard_text: Option<Pattern>,
    /// Grade of concealment at least this.
    pub concealment_at_least: Option<u8>,
    /// Any of these devices had to be undone.
    pub devices: Vec<Device>,
    /// Any of these.
    pub stealth: Vec<Stealth>,
    /// Any of these answers to "was it asked for?".
    pub asked: Vec<AskedVerdict>,
    /// Whether base, policy or the task explain it by name, not by a word of a general kind.
    pub named: Option<bool>,
    /// Whether the words that decided are the task's own, not the change's.
    pub by_task: Option<bool>,
    /// Whether the effect is new against base. `true` fails where there is no base.
    pub new: Option<bool>,
    /// At most this many calls lie between the place where the arguments became known and the effect.
    pub calls_at_most: Option<usize>,
    /// The enclosing function fits, or the one that called it, where it only stands between.
    pub function: Option<Pattern>,
    /// Not one of these holds.
    pub not: Vec<Self>,
    /// At least one of these holds.
    pub any: Vec<Self>,
    /// For each of these, another effect of the same function, or of one inside or around it, holds
    /// it. A function that only stands between acts for the one that calls it.
    pub beside: Vec<Self>,
    /// A function of `predicate.rs` in the rule's folder says yes.
    pub code: Option<String>,
}

/// Conditions on one role; all that are given must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleCondition {
    /// Every alternative of the value is one of these.
    pub is: Vec<Const>,
    /// Some alternative of the value is one of these.
    pub may_be: Vec<Const>,
    /// No alternative of the value is one of these.
    pub is_not: Vec<Const>,
    /// Whether the argument may be missing.
    pub absent: Option<bool>,
    /// Some alternative is a number below this.
    pub below: Option<f64>,
    /// Some alternative is a number above this.
    pub above: Option<f64>,
    /// The known text of some alternative fits; `<hole>` stands for an unknown part.
    pub matches: Option<Pattern>,
    /// The known text of no alternative fits.
    pub not_matches: Option<Pattern>,
    /// Any of these labels; with `unsafe_for`, on a part that is unsafe.
    pub labels: Vec<Label>,
    /// None of these labels.
    pub not_labels: Vec<Label>,
    /// A labelled part has not been made safe for this sink.
    pub unsafe_for: Option<Sink>,
    /// Some part that is not constant, labelled or not, has not been made safe for this sink.
    pub open_for: Option<Sink>,
    /// Whether the value is anything but constant.
    pub dynamic: Option<bool>,
    /// Whether nothing of the text of some alternative is known.
    pub opaque: Option<bool>,
    /// Whether the value is text with known and unknown parts.
    pub built: Option<bool>,
    /// Some alternative is unknown for one of these reasons.
    pub unknown: Vec<WhyWord>,
    /// The devices used to build the value have at least this grade.
    pub grade_at_least: Option<u8>,
    /// Some source of one of `labels` came in at most this many steps, itself counted.
    pub steps_at_most: Option<usize>,
    /// Some alternative is text or bytes shorter than this.
    pub len_below: Option<usize>,
    /// Some alternative is text or bytes at least this long.
    pub len_at_least: Option<usize>,
}

/// Why a value is unknown; the words of `tares_model::effect::Why`.
pub type WhyWord = tares_model::effect::Why;

/// Condition on what an effect acts on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TargetCondition {
    /// The text fits; unknown targets never do.
    pub matches: Option<Pattern>,
    /// The text does not fit.
    pub not_matches: Option<Pattern>,
    /// Whether it is known exactly.
    pub exact: Option<bool>,
    /// Whether it is unknown.
    pub unknown: Option<bool>,
}

/// A constant that a value is compared with.
///
/// In TOML: `true`, `1`, `"text"`, `"null"`, or `"api:yaml.*"` for a named thing of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Const {
    /// null, None, undefined.
    Null,
    /// A truth value; integers count by being zero or not.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Text, compared exactly.
    Text(String),
    /// A glob over API paths.
    Api(String),
}

#[derive(Serialize, Deserialize)]
enum StoredConst {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Api(String),
}

impl Serialize for Const {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.clone() {
            Self::Null => StoredConst::Null,
            Self::Bool(b) => StoredConst::Bool(b),
            Self::Int(i) => StoredConst::Int(i),
            Self::Text(t) => StoredConst::Text(t),
            Self::Api(t) => StoredConst::Api(t),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Const {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(ConstVisitor);
        }
        Ok(match StoredConst::deserialize(deserializer)? {
            StoredConst::Null => Self::Null,
            StoredConst::Bool(b) => Self::Bool(b),
            StoredConst::Int(i) => Self::Int(i),
            StoredConst::Text(t) => Self::Text(t),
            StoredConst::Api(t) => Self::Api(t),
        })
    }
}

/// Reads a constant as it is written in TOML.
struct ConstVisitor;

impl serde::de::Visitor<'_> for ConstVisitor {
    type Value = Const;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a truth value, an integer or a text")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Const, E> {
        Ok(Const::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Const, E> {
        Ok(Const::Int(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Const, E> {
        Ok(match value.strip_prefix("api:") {
            Some(glob) => Const::Api(glob.to_owned()),
            None if value == "null" => Const::Null,
            None => Const::Text(value.to_owned()),
        })
    }
}

/// A regular expression over bytes, compiled at its first use.
///
/// Unicode classes are off (they are slow to compile); `<hole>` in the text stands for the
/// mark of an unknown part.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

/// The mark of an unknown part in a text that patterns are tried on.
pub const HOLE: char = '\u{FFFC}';

/// The mark of an unknown part that does not carry what the condition asks for.
pub const OTHER_HOLE: char = '\u{FFFB}';

impl Pattern {
    /// Returns the pattern with this text, not compiled yet.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// Compiles the text; what `build.rs` calls to refuse a rule that could not work.
    pub fn compile(&self) -> Result<Regex, regex::Error> {
        let text = self.text.replace("<hole>", &HOLE.to_string());
        RegexBuilder::new(&text)
            .unicode(false)
            .size_limit(1 << 20)
            .build()
    }

    /// Returns whether the pattern is found in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| self.compile().ok());
        compiled
            .as_ref()
            .is_some_and(|regex| regex.is_match(text.as_bytes()))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}
