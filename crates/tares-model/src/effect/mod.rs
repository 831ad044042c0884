//! Effects: what code does to the world or to a trust boundary, and the controls it applies or drops.
//!
//! Static analysis, tracer, production events and probe all speak `Effect`.

pub mod delta;
pub mod guard;
pub mod kind;
pub mod label;
pub mod role;
pub mod target;

pub use guard::{Asked, AskedVerdict, Concealment, Device, Guard, GuardClass, Stealth};
pub use kind::EffectKind;
pub use label::{Label, LabelSet, SinkSet};
pub use role::{Part, Role, Shape, Source, Step, Why};
pub use target::Target;

use crate::RepoPath;
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// One thing that code does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// What sort of thing.
    pub kind: EffectKind,
    /// The API path reached, canonical, such as `requests.get`.
    pub api: String,
    /// What it acts on.
    pub target: Target,
    /// Labels of what flows in.
    pub data: LabelSet,
    /// Security-relevant arguments by role.
    pub roles: Vec<Role>,
    /// Conditions under which it happens, outermost first.
    pub guard: Vec<Guard>,
    /// Devices that had to be undone to see it.
    pub concealment: Concealment,
    /// What keeps it from being noticed.
    pub stealth: Vec<Stealth>,
    /// Whether it was asked for.
    pub asked: Asked,
    /// Where it happens in source.
    pub site: Option<Site>,
    /// How it is known.
    pub seen: Seen,
    /// Whether it is new against base. `None` where there is no base.
    pub is_new: Option<bool>,
}

/// Where an effect happens in source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// File, where it is not the file under analysis (a helper in another file).
    pub path: Option<RepoPath>,
    /// The call or expression.
    pub span: Span,
    /// The whole statement around it.
    pub statement: Span,
    /// Enclosing function, dotted with its classes; empty at module level.
    pub function: String,
    /// The function that called this one, where this one is so short that it only stands between
    /// (`lambda *a: f(*a)`); else empty.
    pub caller: String,
    /// Calls that led here from the place where the arguments became known, outermost first.
    pub via: Vec<Step>,
}

/// How an effect is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// From source.
    #[default]
    Predicted,
    /// By the tracer.
    Observed,
    /// By a production sensor.
    Reported,
    /// From a model's output.
    Sampled,
}

impl Seen {
    /// Returns the word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Predicted => "predicted",
            Self::Observed => "observed",
            Self::Reported => "reported",
            Self::Sampled => "sampled",
        }
    }
}

impl Effect {
    /// Returns the identity of the effect: kind, canonical target, labels, class of guard.
    ///
    /// No span, no module and no concealment, so code that moves is not new. An unknown
    /// target is identified by its own text, so it matches nothing but itself.
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(64);
        key.push_str(self.kind.as_str());
        key.push(' ');
        self.target.write_canonical(&mut key);
        for label in self.data.carried().iter() {
            key.push_str(" +");
            key.push_str(label.as_str());
        }
        let mut classes: Vec<GuardClass> = self
            .guard
            .iter()
            .map(|g| g.class)
            .filter(|c| *c != GuardClass::Plain)
            .collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            key.push_str(" ?");
            key.push_str(class.as_str());
        }
        key
    }

    /// Returns whether it only reads a file or one variable of the environment, with nothing
    /// sensitive, hidden or contradicted about it: every second function does that.
    pub fn is_plain_read(&self) -> bool {
        let is_read = match self.kind {
            EffectKind::FileRead => true,
            EffectKind::Environment => matches!(&self.target, Target::Exact(name) if name != "*"),
            _ => false,
        };
        let sensitive: LabelSet = [Label::Credential, Label::Session, Label::PersonalData]
            .into_iter()
            .collect();
        let is_told =
            |guard: &Guard| !matches!(guard.class, GuardClass::Plain | GuardClass::Environment);
        is_read
            && self.data.intersection(sensitive).is_empty()
            && self.concealment.devices.is_empty()
            && !self.guard.iter().any(is_told)
            && self.asked.verdict != AskedVerdict::Contradicted
    }

    /// Returns the role named `name`.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}
