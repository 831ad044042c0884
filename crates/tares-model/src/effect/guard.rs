//! Conditions, concealment, stealth, and whether an effect was asked for.

use crate::finding::words;
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// One condition under which an effect happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// What the condition depends on.
    pub class: GuardClass,
    /// The condition as written, cut to a readable length.
    pub text: String,
    /// Whether the effect happens when the condition holds (true) or when it fails.
    pub holds: bool,
    /// Where the condition stands.
    pub span: Span,
}

/// What a condition depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardClass {
    /// Nothing of the classes below.
    Plain,
    /// Clock or calendar.
    Clock,
    /// Host name, user name, interface.
    Identity,
    /// Environment variable.
    Environment,
    /// Continuous-integration or test flag.
    Ci,
    /// Number of calls or kept state.
    Count,
    /// Random draw.
    Random,
    /// Content fetched from elsewhere.
    Remote,
    /// Comparison of input with a literal that nothing else explains.
    Magic,
}

words!(GuardClass {
    Plain => "plain", Clock => "clock", Identity => "identity", Environment => "environment",
    Ci => "ci", Count => "count", Random => "random", Remote => "remote", Magic => "magic",
});

/// A device that hides what code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Device {
    /// Text put together from constant pieces where a literal would do.
    Assembled,
    /// Text reversed, sliced, joined or translated from constants.
    Transformed,
    /// Text built from character codes.
    CharacterCodes,
    /// Constant decoded (base64, hex, rot13, zlib …).
    Decoded,
    /// Attribute or item looked up by text on a module or namespace.
    Reflection,
    /// Name written between brackets and quotes where a dot would do.
    Quoted,
    /// Module imported by text.
    ImportByText,
    /// Reached through code given as text.
    CodeAsText,
    /// Name that mixes scripts or looks like another.
    Confusable,
    /// Text taken from a comment, docstring, class name or annotation.
    OddCarrier,
}

words!(Device {
    Assembled => "assembled", Transformed => "transformed", CharacterCodes => "character-codes",
    Decoded => "decoded", Reflection => "reflection", Quoted => "quoted", ImportByText => "import-by-text",
    CodeAsText => "code-as-text", Confusable => "confusable", OddCarrier => "odd-carrier",
});

impl Device {
    /// Returns the grade of the device: 1 folding, 2 reflection, 3 decoding or code as text.
    pub fn grade(self) -> u8 {
        match self {
            Self::Assembled | Self::Quoted => 1,
            Self::Transformed | Self::Reflection | Self::ImportByText => 2,
            Self::CharacterCodes
            | Self::Decoded
            | Self::CodeAsText
            | Self::Confusable
            | Self::OddCarrier => 3,
        }
    }
}

/// The distance between how an effect is written and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Concealment {
    /// Devices that had to be undone, sorted.
    pub devices: Vec<Device>,
}

impl Concealment {
    /// Returns 0 (plain) to 3 (decoded text or code as text): the highest grade of a device.
    pub fn grade(&self) -> u8 {
        self.devices.iter().map(|d| d.grade()).max().unwrap_or(0)
    }
}

/// What keeps an effect from being noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stealth {
    /// Errors are swallowed.
    SwallowedErrors,
    /// Runs on a thread, timer or task that nobody waits for.
    Detached,
    /// Gives up after so short a time that nobody notices.
    TinyTimeout,
    /// Output is discarded.
    DiscardedOutput,
    /// Happens while importing or installing.
    ImportTime,
}

words!(Stealth {
    SwallowedErrors => "swallowed-errors", Detached => "detached", TinyTimeout => "tiny-timeout",
    DiscardedOutput => "discarded-output", ImportTime => "import-time",
});

/// Whether an effect was asked for, and the words that decided.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// The answer.
    pub verdict: AskedVerdict,
    /// The words that decided, for people.
    pub because: String,
}

/// The answer to "was it asked for?".
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum AskedVerdict {
    /// No task was given, or the effect is not new.
    #[default]
    NotStated,
    /// The task implies it.
    Asked,
    /// Only the change's own words imply it.
    Claimed,
    /// The base already does this here, or policy allows it.
    Usual,
    /// Nothing explains it.
    Unexplained,
    /// The task or the code's own words say otherwise.
    Contradicted,
}

words!(AskedVerdict {
    NotStated => "not-stated", Asked => "asked", Claimed => "claimed", Usual => "usual",
    Unexplained => "unexplained", Contradicted => "contradicted",
});
