//! The one pure way through: a change and answers go in, messages come out.
//!
//! Command line, hooks and servers all call [`check`] or [`Scan`]; none has a way of its own.
//! This crate opens no file, reads no clock and knows no output format: what it has to know
//! beyond the change it asks [`Answers`], and what it has to say it gives to a sink.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod added;
mod advisories;
mod answers;
mod cache;
mod callers;
mod claims;
mod classify;
mod controls;
mod counts;
mod decode;
mod delta;
mod ending;
mod engine;
mod examples;
mod findings;
mod gate;
mod inputs;
pub mod inventory;
mod known;
mod packages;
mod plan;
mod policy;
mod program;
mod requirements;
mod rows;
mod run;
mod scan;
mod settle;
mod source;

pub use answers::{Answers, ContentId, Listing, NoAnswers, Version};
pub use classify::has_nothing_to_judge;
pub use examples::{Examples, examples};
pub use gate::BINARY_ADDED;
pub use inputs::lock_bytes;
pub use run::check;
pub use scan::Scan;

use tares_effects::models::ModelSet;
use tares_model::{ExitCode, Level, Verdict};
use tares_policy::{Baseline, Policy};

/// How a run judges. All of it comes from outside the code under judgement.
#[derive(Debug, Clone)]
pub struct Options {
    /// Version of tares, for the report.
    pub version: String,
    /// The policy that counts, as it stands on the target.
    pub policy: Policy,
    /// Where the policy came from, in words.
    pub policy_name: String,
    /// The lowest level that fails; the stricter of this and the policy's counts.
    pub fail_on: Level,
    /// The baseline that counts, with the name of its file.
    pub baseline: Option<(Baseline, String)>,
    /// Whether suppression comments count at all.
    pub suppressions: bool,
    /// What calls of libraries do.
    pub models: &'static ModelSet,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            policy: Policy::standard(),
            policy_name: "the built-in profile `standard`".to_owned(),
            fail_on: Level::Block,
            baseline: None,
            suppressions: true,
            models: ModelSet::embedded(),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict; `None` where there was nothing to check, which is no pass.
    pub verdict: Option<Verdict>,
    /// How the program ends.
    pub exit: ExitCode,
}

/// Why nothing was judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The system gives no thread to work on.
    #[error("no thread could be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
