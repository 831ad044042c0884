//! The stage itself: what it promises to the tests that stand on it.

mod normalise;
mod program;
mod repo;
