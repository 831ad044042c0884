//! The kinds of effect.

use crate::finding::words;
use serde::{Deserialize, Serialize};

/// What sort of thing an effect is. The set is open: readers of reports meet new values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Talks to a network peer.
    Network,
    /// Looks up a name.
    NameLookup,
    /// Accepts connections.
    Listen,
    /// Sends mail or a chat message.
    Mail,
    /// Reads a file.
    FileRead,
    /// Writes, creates, moves or links a file.
    FileWrite,
    /// Deletes a file.
    FileDelete,
    /// Changes mode or owner of a file.
    FileMode,
    /// Creates a temporary file or name.
    TempFile,
    /// Unpacks an archive.
    Archive,
    /// Starts or signals a process.
    Process,
    /// Reads a credential.
    Credential,
    /// Reads or writes environment variables.
    Environment,
    /// Runs text as code, or loads code by name.
    DynamicCode,
    /// Turns bytes into objects.
    Deserialise,
    /// Runs an SQL statement.
    Sql,
    /// Runs another query language (LDAP, XPath, document stores).
    Query,
    /// Produces HTML or another markup for a browser.
    Html,
    /// Expands a template from text.
    Template,
    /// Sends a browser elsewhere.
    Redirect,
    /// Sets a response header.
    Header,
    /// Sets a cookie.
    Cookie,
    /// Parses XML.
    Xml,
    /// Compiles or runs a regular expression.
    Regex,
    /// Hashing, encryption, signatures, key generation.
    Crypto,
    /// Draws random values.
    Random,
    /// Makes itself start again: cron, services, profiles, hooks.
    Persistence,
    /// Reads the clock.
    Clock,
    /// Asks who or where it is: user, host, container.
    Identity,
    /// Calls native code.
    Native,
    /// Writes a log entry.
    Log,
    /// Patches shared machinery (monkey patch, import hook, global handler).
    Hook,
    /// A literal credential in source.
    Secret,
    /// A text or a name that says something by its look: an address, a name that a machine made.
    Literal,
    /// Waits.
    Delay,
    /// Control: a check on identity, rights or data.
    Check,
    /// Control: escapes, cleans or validates.
    Sanitiser,
    /// Control: a security setting, such as verification, CORS, CSRF, debug.
    Setting,
    /// Control: a limit on size, rate or time.
    Limit,
    /// Control: an audit record.
    Audit,
}

words!(EffectKind {
    Network => "network", NameLookup => "name-lookup", Listen => "listen", Mail => "mail",
    FileRead => "file-read", FileWrite => "file-write", FileDelete => "file-delete",
    FileMode => "file-mode", TempFile => "temp-file", Archive => "archive", Process => "process",
    Credential => "credential", Environment => "environment", DynamicCode => "dynamic-code",
    Deserialise => "deserialise", Sql => "sql", Query => "query", Html => "html",
    Template => "template", Redirect => "redirect", Header => "header", Cookie => "cookie",
    Xml => "xml", Regex => "regex", Crypto => "crypto", Random => "random",
    Persistence => "persistence", Clock => "clock", Identity => "identity", Native => "native",
    Log => "log", Hook => "hook", Secret => "secret", Literal => "literal", Delay => "delay", Check => "check",
    Sanitiser => "sanitiser", Setting => "setting", Limit => "limit", Audit => "audit",
});

impl EffectKind {
    /// Returns whether a reviewer wants to see it in the delta even when no rule fires.
    pub fn is_capability(self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::NameLookup
                | Self::Listen
                | Self::Mail
                | Self::FileRead
                | Self::FileWrite
                | Self::FileDelete
                | Self::FileMode
                | Self::Archive
                | Self::Process
                | Self::Credential
                | Self::Environment
                | Self::DynamicCode
                | Self::Deserialise
                | Self::Sql
                | Self::Query
                | Self::Persistence
                | Self::Native
                | Self::Hook
                | Self::Identity
        )
    }

    /// Returns whether losing it is what matters: a control rather than an act.
    pub fn is_control(self) -> bool {
        matches!(
            self,
            Self::Check | Self::Sanitiser | Self::Setting | Self::Limit | Self::Audit
        )
    }
}
