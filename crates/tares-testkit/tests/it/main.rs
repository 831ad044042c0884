//! The stage itself: what it promises to the tests that stand on it.
#![expect(
    clippy::unwrap_used,
    reason = "a stage that does not stand is a failed test"
)]

mod normalise;
mod program;
mod registry;
mod repo;
mod rewrite;
