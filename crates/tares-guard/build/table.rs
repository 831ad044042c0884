//! The data of dangerous settings: what `settings/*.toml` hold.

use serde::Deserialize;

/// Settings that one sentence is true of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setting {
    /// Id of the rule.
    pub(crate) rule: String,
    /// Ends of paths, in lower case; `*` stands for anything but a slash.
    pub(crate) files: Vec<String>,
    /// Keys with dots; `*` stands for one key, `**` for any number.
    pub(crate) keys: Vec<String>,
    /// `true`, `false`, `any`, `command`, `foreign`, or a regular expression between slashes.
    pub(crate) value: String,
    /// Word of the level of a value that a change brings.
    pub(crate) level: String,
    /// What the setting does; `{value}` is the value.
    pub(crate) says: String,
}
