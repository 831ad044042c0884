//! The AI tools of a machine and of a repository: found, pinned, and compared with what a person
//! accepted.
//!
//! Pure: what it wants to know of the machine it asks [`Machine`], and it starts nothing itself.
//! What a tool *does* comes from the interpreter, what it *tells a model* and what its settings
//! *grant* from the guard. This crate knows no policy and no output format.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod archive;
mod body;
mod code;
mod compare;
mod contents;
mod installed;
mod lock;
mod machine;
mod offers;
mod places;
mod server;
mod survey;
mod talk;
mod tool;

pub use archive::{ArchiveError, unpack};
pub use compare::{Difference, Line, Verdict, What, compare};
pub use lock::{LOCK_FILE, Lock, LockError};
pub use machine::{Entry, EntryKind, Machine, Peer, Start, Unread};
pub use survey::{Found, Request, Survey, examine, survey};
pub use tool::{Contents, Evidence, Kind, Offer, Scope, Tool};
