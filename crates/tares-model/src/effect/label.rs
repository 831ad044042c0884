//! Labels on data, and the sinks for which data has been made safe.

use crate::finding::words;
use serde::{Deserialize, Serialize};

/// Where data comes from or what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Label {
    /// Sent by a remote user: request parameters, body, headers, messages.
    UserInput,
    /// Command-line arguments and standard input.
    LocalInput,
    /// A password, token or key.
    Credential,
    /// Environment variables.
    Environment,
    /// Content of a file.
    FileContent,
    /// Fetched from a network peer.
    RemoteContent,
    /// Read from a database.
    DatabaseContent,
    /// Personal data: mail address, name, card number.
    PersonalData,
    /// Program text.
    SourceCode,
    /// Comes from the clock or the calendar.
    Clock,
    /// Comes from host, user, network interface or container.
    Identity,
    /// A continuous-integration or test flag.
    CiFlag,
    /// Random value.
    Random,
    /// Random value of a generator that can be predicted.
    WeakRandom,
    /// Output of a process.
    ProcessOutput,
    /// An own parameter: an obligation that moves to the caller.
    Parameter,
    /// Error text or stack trace.
    ErrorDetail,
    /// A count of calls or of state that the program keeps.
    Counter,
    /// The whole session, cookie jar or set of request headers.
    Session,
    /// Digest of a broken or fast hash.
    WeakHash,
    /// Output of a decoder applied to constant text.
    Decoded,
}

words!(Label {
    UserInput => "user-input", LocalInput => "local-input", Credential => "credential",
    Environment => "environment", FileContent => "file-content", RemoteContent => "remote-content",
    DatabaseContent => "database-content", PersonalData => "personal-data",
    SourceCode => "source-code", Clock => "clock", Identity => "identity", CiFlag => "ci-flag",
    Random => "random", WeakRandom => "weak-random", ProcessOutput => "process-output",
    Parameter => "parameter", ErrorDetail => "error-detail", Counter => "counter",
    Session => "session", WeakHash => "weak-hash", Decoded => "decoded",
});

/// A set of labels.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct LabelSet(u32);

impl LabelSet {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// Returns the set with one label.
    pub const fn of(label: Label) -> Self {
        Self(1 << label as u8)
    }

    /// Returns whether the label is in the set.
    pub const fn has(self, label: Label) -> bool {
        self.0 & (1 << label as u8) != 0
    }

    /// Returns whether no label is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the union.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the common labels.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns this set without the labels of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Adds a label.
    pub fn insert(&mut self, label: Label) {
        self.0 |= 1 << label as u8;
    }

    /// Iterates over the labels in order.
    pub fn iter(self) -> impl Iterator<Item = Label> {
        Label::ALL
            .iter()
            .map(|(label, _)| *label)
            .filter(move |label| self.has(*label))
    }

    /// Returns the labels that name carried information, as identity of an effect uses them:
    /// without bookkeeping labels such as `parameter`.
    #[must_use]
    pub fn carried(self) -> Self {
        self.without(Self::of(Label::Parameter).union(Self::of(Label::Decoded)))
    }
}

impl FromIterator<Label> for LabelSet {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        let mut set = Self::EMPTY;
        for label in labels {
            set.insert(label);
        }
        set
    }
}

/// A kind of sink for which data can be made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Sink {
    /// HTML or other markup.
    Html,
    /// Shell command line.
    Shell,
    /// SQL text.
    Sql,
    /// File path.
    Path,
    /// URL as a whole: host and scheme.
    Url,
    /// Header or log line: no line breaks.
    Line,
    /// Regular expression.
    Regex,
    /// LDAP, XPath and document-store queries.
    Query,
    /// Code.
    Code,
    /// XML.
    Xml,
}

words!(Sink {
    Html => "html", Shell => "shell", Sql => "sql", Path => "path", Url => "url", Line => "line",
    Regex => "regex", Query => "query", Code => "code", Xml => "xml",
});

/// The sinks for which a value is safe.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct SinkSet(u16);

impl SinkSet {
    /// Safe for nothing.
    pub const NONE: Self = Self(0);
    /// Safe for everything: a value from a closed set, a number.
    pub const ALL: Self = Self(u16::MAX);

    /// Returns the set with one sink.
    pub const fn of(sink: Sink) -> Self {
        Self(1 << sink as u8)
    }

    /// Returns whether the value is safe for `sink`.
    pub const fn has(self, sink: Sink) -> bool {
        self.0 & (1 << sink as u8) != 0
    }

    /// Returns the union.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the intersection.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
