//! Test repositories, rewrites and a deterministic environment.
//!
//! Everything here panics instead of returning an error: it runs inside tests, and a broken
//! stage is a failed test. It knows the command line and git from outside only.
#![forbid(unsafe_code)]

mod normalise;
pub mod payload;
mod program;
pub mod registry;
mod repo;
pub mod rewrite;

pub use normalise::Normaliser;
pub use program::{Answer, Program};
pub use registry::{Behaviour, TestPackage, TestRegistry};
pub use repo::TestRepo;
