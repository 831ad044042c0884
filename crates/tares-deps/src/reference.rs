//! A place that names a package.

use crate::Ecosystem;
use tares_model::Span;

/// One package that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Ecosystem.
    pub ecosystem: Ecosystem,
    /// Name as written.
    pub name: String,
    /// What is asked of the version, as written; empty for anything.
    pub requirement: String,
    /// The one version that can be meant.
    pub version: Option<String>,
    /// Where the package is taken from.
    pub origin: Origin,
    /// What kind of text names it.
    pub place: Place,
    /// The digest that pins its content; empty where one stands and its value does not matter.
    pub digest: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// Where a package is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The registry that the client is configured for.
    Registry,
    /// An address that a lock file gives; its host decides.
    Resolved(String),
    /// A repository, with the commit, tag or branch.
    Git {
        /// Address.
        url: String,
        /// What is checked out; empty for the default branch.
        revision: String,
    },
    /// An archive by its address.
    Url(String),
    /// A folder or file of this machine.
    Path(String),
}

/// What kind of text names a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A manifest: what a person asks for.
    Manifest,
    /// A lock file: what a client resolved.
    Lock,
    /// A command that installs.
    Command,
    /// A command that runs a package without installing it: `npx`, `uvx`.
    RunOnce,
    /// A page that loads it from a server when somebody opens it.
    Page,
    /// An import in code.
    Import,
}

impl Reference {
    /// Returns the name under which it is looked up.
    pub fn normal(&self) -> String {
        self.ecosystem.normal(&self.name)
    }

    /// Returns its package URL.
    pub fn purl(&self) -> String {
        self.ecosystem.purl(&self.name, self.version.as_deref())
    }
}

/// A digest that stands somewhere and whose value does not matter.
pub(crate) fn present(stands: bool) -> Option<String> {
    stands.then(String::new)
}
