//! Security-relevant arguments of an effect, as abstract values that rules can read.

use super::guard::Device;
use super::label::{Label, LabelSet, SinkSet};
use crate::RepoPath;
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// One argument (or keyword, or field of an options object) in a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Name of the role, as the API model gives it.
    pub name: String,
    /// What is known of the value.
    pub shape: Shape,
    /// Labels of the value.
    pub labels: LabelSet,
    /// Sinks for which all tainted parts of the value have been made safe.
    pub clean: SinkSet,
    /// Devices used to build the value.
    pub devices: Vec<Device>,
    /// Where labelled parts came from, for the evidence chain.
    pub sources: Vec<Source>,
    /// Where the argument stands, if it is written out.
    pub span: Option<Span>,
}

/// What is known of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// Not given; the API's default holds.
    Absent,
    /// null, None, undefined.
    Null,
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i64),
    /// Other number.
    Float(f64),
    /// Known text.
    Str(String),
    /// Known bytes.
    Bytes(Vec<u8>),
    /// Text with unknown parts.
    Pattern(Vec<Part>),
    /// Sequence.
    Seq(Vec<Self>),
    /// Map or object with known keys; the flag says whether further keys may exist.
    Map(Vec<(String, Self)>, bool),
    /// A named thing of an API: class, function or constant.
    Api(String),
    /// A function or class of the code itself.
    Function,
    /// One of several values.
    OneOf(Vec<Self>),
    /// Not known.
    Unknown(Why),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Known text.
    Known(String),
    /// Unknown text with its labels and the sinks it is safe for.
    Hole(LabelSet, SinkSet),
}

/// Why a value is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// An own parameter: the caller decides.
    Parameter,
    /// Result of a call that has no model.
    Call,
    /// A name that nothing in sight defines.
    Name,
    /// Configuration, environment, command line.
    Configuration,
    /// Several paths give different values.
    Join,
    /// Changed in a loop.
    Loop,
    /// Reflection or spreading of unknown keys.
    Reflection,
    /// Out of fuel or too deep.
    Fuel,
    /// An operator or construct the engine does not follow.
    Operation,
}

/// Where labelled data came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The label it brought.
    pub label: Label,
    /// First the source itself, then the steps it passed through.
    pub steps: Vec<Step>,
}

/// One place of an evidence chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// File, where it is not the file under analysis.
    pub path: Option<RepoPath>,
    /// Where.
    pub span: Span,
    /// What happens there.
    pub what: String,
}

impl Shape {
    /// Returns the known text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the alternatives: the members of `OneOf`, or the shape itself.
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::OneOf(shapes) => shapes,
            other => std::slice::from_ref(other),
        }
    }

    /// Returns whether nothing in the value is left open.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Absent
            | Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Str(_)
            | Self::Bytes(_)
            | Self::Api(_)
            | Self::Function => true,
            Self::Seq(shapes) | Self::OneOf(shapes) => shapes.iter().all(Self::is_constant),
            Self::Map(entries, open) => !open && entries.iter().all(|(_, v)| v.is_constant()),
            Self::Pattern(_) | Self::Unknown(_) => false,
        }
    }
}
