//! `tares-tools.lock`: the tools as a person accepted them (`specs/tools-lock.md`).

use crate::machine::Machine;
use crate::survey::{Survey, examine};
use crate::tool::{Evidence, Kind, Offer, Scope, Tool};
use serde::{Deserialize, Serialize};

/// Name of the file.
pub const LOCK_FILE: &str = "tares-tools.lock";

/// Version of the format that is written and read.
const VERSION: u32 = 1;

const HEAD: &str = "# The AI tools of this repository and machine as they were when a person accepted them.\n\
# Written by `tares tools lock`, compared by `tares tools verify`. Not meant to be edited by hand.\n\n";

/// Why a lock was not read.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// No TOML, or not of this form.
    #[error("{0}")]
    Form(String),
    /// Written by another version.
    #[error("version {0} of the format is not known: this program reads version {VERSION}")]
    Version(u32),
}

/// The lock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    #[serde(default, rename = "tool")]
    pub(crate) tools: Vec<Locked>,
}

/// One tool of the lock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Locked {
    pub(crate) kind: Kind,
    pub(crate) host: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) publisher: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) place: String,
    pub(crate) digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) integrity: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) environment: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) does: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) instructs: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unread: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) offer: Vec<Offer>,
}

impl Lock {
    /// Examines every tool and pins it. `start` says whether servers are started to ask them.
    pub fn of(machine: &dyn Machine, survey: &Survey, start: bool) -> (Self, Vec<Tool>) {
        let tools: Vec<Tool> = survey
            .found
            .iter()
            .map(|found| examine(machine, found, start))
            .collect();
        let lock = Self {
            version: VERSION,
            tools: tools.iter().map(Locked::of).collect(),
        };
        (lock, tools)
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When it is no lock of this version: part of one must never look like the whole.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let lock: Self =
            toml::from_str(text).map_err(|error| LockError::Form(error.message().to_owned()))?;
        match lock.version {
            VERSION => Ok(lock),
            other => Err(LockError::Version(other)),
        }
    }

    /// Returns the text of the file: the same tools give the same text.
    pub fn write(&self) -> String {
        let text = toml::to_string(self).expect("plain tables and texts");
        format!("{HEAD}{text}")
    }

    /// Returns how many tools it holds.
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Returns whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }
}

impl Locked {
    fn of(tool: &Tool) -> Self {
        let texts = |list: &[Evidence]| list.iter().map(|one| one.text.clone()).collect();
        Self {
            kind: tool.kind,
            host: tool.host.clone(),
            name: tool.name.clone(),
            version: tool.version.clone(),
            publisher: tool.publisher.clone(),
            scope: tool.scope,
            place: tool.place.clone(),
            digest: tool.digest.clone(),
            integrity: tool.integrity.clone(),
            command: tool.command.clone(),
            environment: tool.environment.clone(),
            does: texts(&tool.contents.does),
            instructs: texts(&tool.contents.instructs),
            grants: texts(&tool.contents.grants),
            faults: tool.faults.clone(),
            unread: tool.unread.clone(),
            offer: tool.contents.offers.clone(),
        }
    }
}
