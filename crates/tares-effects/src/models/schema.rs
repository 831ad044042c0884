//! The format of API models: `models/<language>/<library>.toml`. Described in `specs/models.md`.
//!
//! This file is shared with the build script, which compiles the embedded models to bytes,
//! so that no TOML is parsed when the program starts.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tares_model::effect::EffectKind;
use tares_model::effect::label::{Label, Sink};

/// The models of one library.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Name of the library, for messages.
    pub library: String,
    /// Other paths for modelled things: re-exports, old names. Longest prefix wins.
    #[serde(default)]
    pub alias: BTreeMap<String, String>,
    /// Calls.
    #[serde(default, rename = "call")]
    pub calls: Vec<Call>,
    /// Reads of names and attributes.
    #[serde(default, rename = "read")]
    pub reads: Vec<Read>,
    /// Writes to names, attributes and constant keys.
    #[serde(default, rename = "write")]
    pub writes: Vec<Write>,
    /// Types of instances.
    #[serde(default, rename = "type")]
    pub types: Vec<Type>,
    /// Functions that the library calls with data: decorated handlers.
    #[serde(default, rename = "handler")]
    pub handlers: Vec<Handler>,
    /// How commands of a shell read their words.
    #[serde(default, rename = "command")]
    pub commands: Vec<Command>,
    /// Examples that prove the entries; not part of the compiled models.
    #[serde(default, rename = "test")]
    pub tests: Vec<Example>,
}

/// A call of one or several API paths.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Paths; `{a,b}` gives alternatives. `?.name` matches a method on a receiver whose type
    /// is not known, if `receiver` and `when` agree.
    pub path: Vec<String>,
    /// The effect; none for pure functions and mere sources.
    #[serde(default)]
    pub effect: Option<EffectKind>,
    /// Role that is the effect's target.
    #[serde(default)]
    pub target: Option<String>,
    /// Role name to argument selector, such as `url = "0|url"`; see `specs/models.md`.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// Roles with a fixed value, such as `algorithm = "md5"`.
    #[serde(default)]
    pub fixed: BTreeMap<String, Fixed>,
    /// Roles whose labels flow into the effect. Default: all roles.
    #[serde(default)]
    pub data: Option<Vec<String>>,
    /// API type of the result; `self` for builder chains.
    #[serde(default)]
    pub returns: Option<String>,
    /// Labels of the result.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// Selectors of arguments whose labels pass to the result. Default: all arguments and the receiver.
    #[serde(default)]
    pub passes: Option<Vec<String>>,
    /// Selector of a text that names the result: a telling one labels it, as `auth_token` does.
    #[serde(default)]
    pub named: Option<String>,
    /// Selectors of arguments that the receiver holds from then on.
    #[serde(default)]
    pub keeps: Vec<String>,
    /// Sinks for which the result is safe.
    #[serde(default)]
    pub clean: Vec<Sink>,
    /// Whether the result is a path whose `..` parts have been resolved, so that a later test of
    /// its beginning proves where it lies.
    #[serde(default)]
    pub normalises: bool,
    /// For `?.name`: last names of receivers (lower case, matched as whole words of the name).
    #[serde(default)]
    pub receiver: Vec<String>,
    /// Conditions on roles.
    #[serde(default)]
    pub when: BTreeMap<String, Look>,
    /// Functions among the arguments that are called.
    #[serde(default)]
    pub calls: Vec<Callback>,
}

/// A fixed role value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixed {
    /// Boolean: `{ bool = true }`.
    Bool(bool),
    /// Integer: `{ int = 1 }`.
    Int(i64),
    /// Text: `{ text = "md5" }`.
    Text(String),
}

/// How a value has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// Begins like an SQL statement.
    Sql,
    /// Begins with a URL scheme.
    Url,
    /// Is given at all.
    Present,
    /// Is not given.
    Missing,
    /// Contains markup.
    Markup,
    /// Is text (constant or pattern).
    Text,
    /// Is the constant true, or a text that means yes.
    True,
    /// Holds `w`, `a`, `x` or `+` (a mode that writes).
    WriteMode,
    /// Is absent or a mode without `w`, `a`, `x`, `+`.
    ReadMode,
}

/// A function among the arguments that is called.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// Selector of the function.
    pub arg: String,
    /// Its parameters: an API type, or `label:<label>`, or `arg:<selector>`, or `_`.
    #[serde(default)]
    pub params: Vec<String>,
    /// Whether nobody waits for it (thread, timer, task).
    #[serde(default)]
    pub detached: bool,
    /// Whether the call returns what the function returns.
    #[serde(default)]
    pub returned: bool,
}

/// A read of a name or attribute.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Paths; `{a,b}` gives alternatives.
    pub path: Vec<String>,
    /// The effect, such as `environment`.
    #[serde(default)]
    pub effect: Option<EffectKind>,
    /// Labels of the value.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// API type of the value.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Constant value.
    #[serde(default)]
    pub value: Option<Fixed>,
    /// Sinks for which the value is safe, such as a request's own path for `url`.
    #[serde(default)]
    pub clean: Vec<Sink>,
}

/// A write to a name, attribute or constant key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// Paths; `?.innerHTML` matches any receiver, `global.DEBUG` a module-level name.
    pub path: Vec<String>,
    /// The effect.
    pub effect: EffectKind,
    /// Role that gets the written value. Default `value`.
    #[serde(default)]
    pub role: Option<String>,
    /// Target text; default is the last part of the path.
    #[serde(default)]
    pub target: Option<String>,
}

/// A type of instances.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// Path of the type.
    pub name: String,
    /// Types whose models hold as well.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Names of parameters without annotation that are taken to be of this type.
    #[serde(default)]
    pub params: Vec<String>,
    /// Packages of which the file must import one for `params` to count; empty = always,
    /// `nothing` = the file imports nothing, so it is a piece of one.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Labels of every value of the type, of its items and of unmodelled attributes.
    #[serde(default)]
    pub labels: Vec<Label>,
}

/// A decorator that makes a function a handler.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    /// Paths of the decorator (called or not).
    pub path: Vec<String>,
    /// API types of the parameters by position, as in [`Callback::params`].
    #[serde(default)]
    pub params: Vec<String>,
    /// What further parameters are, such as `label:user-input`.
    #[serde(default)]
    pub rest: Option<String>,
    /// The effect of returning a value, such as `html`.
    #[serde(default)]
    pub returns: Option<EffectKind>,
}

/// How a command of a shell reads its words: which options take a value, and their names in models.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Names of the command; with its subcommand, `git.push`.
    pub name: Vec<String>,
    /// Argument name to the spellings of an option that takes a value, such as `data = "-d --data"`.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Argument name to the spellings of an option that is set or not.
    #[serde(default)]
    pub flags: BTreeMap<String, String>,
    /// Whether long options have one dash: `-auto-approve`.
    #[serde(default)]
    pub dash: bool,
    /// How many operands name a subcommand: `aws s3 cp` has two and is called `aws.s3.cp`.
    #[serde(default)]
    pub sub: u8,
    /// Whether everything from the first operand on belongs to another command: `sudo -u x rm y`.
    #[serde(default)]
    pub wraps: bool,
}

/// An example of a library: code that must or must not have an effect.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The code.
    pub code: String,
    /// The effect that must be there, as `kind api`; or, with `!` in front, must not.
    pub effect: Vec<String>,
}
