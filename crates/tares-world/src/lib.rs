//! The outside world behind small traits: files, git, patches, folders, the cache.
//!
//! Everything here turns something outside into a [`tares_model::Change`] or into bytes. It
//! runs nothing that it reads, follows no symbolic link, bounds every size, and has never
//! heard of a language, an effect or a verdict.
#![forbid(unsafe_code)]

pub mod cache;
pub mod disk;
pub mod folder;
pub mod git;
pub mod patch;
pub mod system;
pub mod walk;

pub use cache::Cache;
pub use system::{InMemory, Os, System};
