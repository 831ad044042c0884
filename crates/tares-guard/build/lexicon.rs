//! The data of the lexicon: what `lexicon/*.toml` hold.

use serde::Deserialize;

/// The lexicon of one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Words, in lower case, one of which stands in every text that speaks to an agent.
    #[serde(default)]
    pub(crate) anchors: Vec<String>,
    /// Letters one of which stands in every paragraph of the language; none for English, which is
    /// always looked for.
    #[serde(default)]
    pub(crate) signs: Vec<String>,
    /// Kinds of evidence.
    pub(crate) feature: Vec<Feature>,
}

/// One kind of evidence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feature {
    /// Name, as the weighing uses it.
    pub(crate) name: String,
    /// What a text with it does, as people read it.
    pub(crate) says: String,
    /// Whether a match that a negation rules ("never delete …") says nothing.
    #[serde(default)]
    pub(crate) may_be_forbidden: bool,
    /// Whether a match that begins behind a quote says nothing.
    #[serde(default)]
    pub(crate) may_be_quoted: bool,
    /// Regular expressions; one that matches is enough.
    pub(crate) patterns: Vec<String>,
}
