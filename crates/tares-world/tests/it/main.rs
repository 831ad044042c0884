//! Integration tests of the outside world, against the real `git` and the real file system.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod advisories;
mod cache;
mod git;
mod hostile;
mod house;
mod patch;
mod registry;
mod walk;
