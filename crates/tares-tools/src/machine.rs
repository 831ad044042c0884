//! What this crate asks of the machine.

/// One thing in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, with its text.
    Link(String),
    /// A pipe, a device: never opened.
    Other,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Nothing is there.
    #[error("is not there")]
    Missing,
    /// Larger than was asked for.
    #[error("is larger than {0} bytes")]
    TooLarge(u64),
    /// The system refused.
    #[error("{0}")]
    Other(String),
}

/// How a server of tools is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Variables of its environment; no secret is among them.
    pub environment: Vec<(String, String)>,
    /// The folder it is started in.
    pub folder: Option<String>,
}

/// Someone who was started and answers line by line.
pub trait Peer {
    /// Sends one line.
    ///
    /// # Errors
    /// When nobody listens any more.
    fn say(&mut self, line: &str) -> Result<(), String>;

    /// Waits for one line, within bounds of time and size.
    ///
    /// # Errors
    /// When none comes.
    fn hear(&mut self) -> Result<String, String>;
}

/// The machine. Paths are texts with `/` between their parts.
pub trait Machine: Sync {
    /// Returns what a folder holds, by name; `None` where there is no folder. A link that `folder`
    /// itself is, is followed.
    fn list(&self, folder: &str) -> Option<Vec<Entry>>;

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// When it is not there, larger, or may not be read.
    fn read(&self, file: &str, limit: u64) -> Result<Vec<u8>, Unread>;

    /// Returns the BLAKE3 digest of a file, however large.
    ///
    /// # Errors
    /// When it may not be read.
    fn digest(&self, file: &str) -> Result<[u8; 32], Unread>;

    /// Starts a server where it reaches no network and changes nothing.
    ///
    /// # Errors
    /// When that is not possible here, with why.
    fn start(&self, start: &Start) -> Result<Box<dyn Peer>, String>;
}
