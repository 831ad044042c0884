//! The outside world behind small traits: files, git, patches, folders, the cache.
//!
//! Everything here turns something outside into a [`tares_model::Change`] or into bytes. It
//! runs nothing that it reads, follows no symbolic link, bounds every size, and has never
//! heard of a language, an effect or a verdict. The one exception to the first is [`sandbox`],
//! which nothing but the user's own word opens.
#![forbid(unsafe_code)]

pub mod advisories;
pub mod cache;
pub mod disk;
pub mod folder;
pub mod git;
pub mod ledger;
pub mod patch;
pub mod registry;
pub mod sandbox;
pub mod system;
pub mod walk;

pub use cache::Cache;
pub use system::{InMemory, Listed, ListedKind, Os, Question, System};
