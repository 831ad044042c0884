//! The judge from outside: changes in memory, answers from memory.
#![expect(clippy::unwrap_used, reason = "a broken stage is a failed test")]

mod cache;
mod callers;
mod controls;
mod delta;
mod inventory;
mod packages;
mod policy;
mod stage;
mod unjudged;
