//! The words that imply capabilities, as data. Shared with `build.rs`.

use serde::{Deserialize, Serialize};
use tares_model::effect::EffectKind;

/// The lexicon of one human language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// Language code; also the file's name.
    pub language: String,
    /// Words that every text of the language has, by which it is known.
    pub common: Vec<String>,
    /// Words that deny what follows them in the same clause.
    pub negations: Vec<String>,
    /// Words that end a clause, beside punctuation.
    pub boundaries: Vec<String>,
    /// Endings of words that describe what is already done: *uploaded* files ask for no upload.
    pub participles: Vec<String>,
    /// Words before such a word that make it ask after all: files *are* uploaded.
    pub passives: Vec<String>,
    /// Endings that are taken off words before they are compared, longest first.
    pub endings: Vec<String>,
    /// Words and phrases at the beginning of a clause that ask for no new behaviour: *refactor*.
    pub quiet: Vec<String>,
    /// Words that ask for a test, where the effect is one of test code.
    pub tests: Vec<String>,
    /// Words that ask for something to go.
    pub removals: Vec<String>,
    /// Names of controls.
    pub control: Vec<Control>,
    /// Names of well-known services with words of their hosts.
    #[serde(default)]
    pub service: Vec<Service>,
    /// What words imply.
    pub sense: Vec<Sense>,
}

/// Words that imply kinds of effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sense {
    /// What the words ask for, as it is said to people: "network access".
    pub what: String,
    /// Kinds of effect that are implied.
    pub kinds: Vec<EffectKind>,
    /// Words and phrases that ask for it, or deny it after a negation.
    pub words: Vec<String>,
    /// Words of what is there already: a *time-out* asks for no new peer.
    #[serde(default)]
    pub goes_on: Vec<String>,
    /// Words and phrases that only count after a negation: "no *side effects*".
    #[serde(default)]
    pub denied: Vec<String>,
    /// Words and phrases that deny it by themselves: "offline".
    #[serde(default)]
    pub denies: Vec<String>,
    /// Words that deny it in a task or of one function. What is said of a whole change may speak of
    /// some other thing: a *read-only* view.
    #[serde(default)]
    pub limits: Vec<String>,
}

/// Names of controls, for whoever asks for one to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Kinds of control that are named.
    pub kinds: Vec<EffectKind>,
    /// Words that name them.
    pub words: Vec<String>,
}

/// A service and what its hosts look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Words that name it.
    pub words: Vec<String>,
    /// Domains that are its own.
    pub domains: Vec<String>,
}
