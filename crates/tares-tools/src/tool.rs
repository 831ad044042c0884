//! The words of this room.

use serde::{Deserialize, Serialize};
use tares_model::Level;

/// What sort of tool it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An extension of an editor or a desktop client, unpacked.
    Extension,
    /// The archive of one, not installed.
    Archive,
    /// A command-line agent or another program that agents start.
    Program,
    /// A server of tools that a configuration starts or reaches.
    Server,
    /// A folder with things for an agent: commands, hooks, skills.
    Plugin,
    /// A skill.
    Skill,
    /// A command, a prompt or a sub-agent.
    Command,
    /// Instructions that an agent loads by itself.
    Rules,
    /// Settings of an agent, with hooks and rights.
    Settings,
}

impl Kind {
    /// Returns the word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Archive => "archive",
            Self::Program => "program",
            Self::Server => "server",
            Self::Plugin => "plugin",
            Self::Skill => "skill",
            Self::Command => "command",
            Self::Rules => "rules",
            Self::Settings => "settings",
        }
    }
}

/// Whose a tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The machine's or its user's.
    Machine,
    /// The repository's.
    Repository,
}

impl Scope {
    /// Returns the word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Repository => "repository",
        }
    }
}

/// One tool as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tool {
    /// What it is.
    pub kind: Kind,
    /// The program it belongs to, such as `vscode` or `npm`.
    pub host: String,
    /// Its name, as it gives it or as its folder is named.
    pub name: String,
    /// Its version, where it gives one.
    pub version: Option<String>,
    /// Who published it, as it says itself.
    pub publisher: Option<String>,
    /// Whose it is.
    pub scope: Scope,
    /// Where it stands: `~/` is the user's folder, `./` the repository.
    pub place: String,
    /// Digest of its content, as `blake3:` and hexadecimal digits.
    pub digest: String,
    /// What the package manager wrote down of the package it came from.
    pub integrity: Option<String>,
    /// How a server is started or reached; secrets are left out.
    pub command: Vec<String>,
    /// Names of the variables that a server is given.
    pub environment: Vec<String>,
    /// What it contains; empty until it was examined.
    pub contents: Contents,
    /// What is wrong with how it stands there: links that lead out, files that are not those
    /// that were installed.
    pub faults: Vec<String>,
    /// What could not be read or judged.
    pub unread: Vec<String>,
}

/// What a tool contains.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Contents {
    /// What its code does: kind and target.
    pub does: Vec<Evidence>,
    /// What it tells a model to do that does harm, or hides.
    pub instructs: Vec<Evidence>,
    /// What its settings grant or run.
    pub grants: Vec<Evidence>,
    /// The tools that it offers to models.
    pub offers: Vec<Offer>,
}

/// One thing that a tool contains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// What, in words that stay the same while the thing does.
    pub text: String,
    /// How much it weighs when it is new.
    pub level: Level,
    /// Where: file below the tool's place, and line.
    pub place: String,
}

/// A tool that models may call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// Digest of what it says of itself.
    pub description: String,
    /// Digest of what it takes.
    pub schema: String,
    /// Whether the server said so when it was started; otherwise a manifest does.
    #[serde(default)]
    pub started: bool,
}
