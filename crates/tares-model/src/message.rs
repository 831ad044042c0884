//! The stream of messages that every output is a handler of.
//!
//! Messages come in this order: `Run`, any number of `Progress`, `Delta`, `Finding`,
//! `Requirement` and `Unchecked`, and exactly one `Summary` at the end. Each carries the
//! source excerpts it needs, so a handler never opens a file.

use crate::effect::{Effect, delta::Delta};
use crate::finding::Finding;
use crate::path::RepoPath;
use crate::span::Place;
use crate::verdict::Verdict;
use std::collections::BTreeMap;

/// One message.
#[derive(Debug, Clone)]
pub enum Message {
    /// A run begins.
    Run(Run),
    /// Work done so far; only for a person who waits.
    Progress(Progress),
    /// What head newly does against base.
    Delta(DeltaReport),
    /// A finding with the source lines it needs.
    Finding(Box<FindingReport>),
    /// A person has to look here.
    Requirement(Requirement),
    /// Something that should have been judged was not.
    Unchecked(Unchecked),
    /// The end.
    Summary(Summary),
}

/// The beginning of a run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Version of tares.
    pub version: String,
    /// Command, such as `check`.
    pub command: String,
    /// What is judged, in words.
    pub change: String,
    /// Where the policy came from, in words, such as `tares.toml at origin/main`.
    pub policy: String,
    /// The task as a person gave it, if any.
    pub task: Option<String>,
    /// The change's own words about itself.
    pub claims: Vec<String>,
}

/// Work done so far.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files done.
    pub done: usize,
    /// Files in all.
    pub total: usize,
}

/// The effect delta, by module.
#[derive(Debug, Clone, Default)]
pub struct DeltaReport {
    /// Added, removed and changed effects with their places.
    pub delta: Delta<PlacedEffect>,
    /// False where there was no base, so that everything counts as present rather than added.
    pub has_base: bool,
}

/// An effect with its place in lines and columns.
#[derive(Debug, Clone)]
pub struct PlacedEffect {
    /// The effect.
    pub effect: Effect,
    /// Where it happens.
    pub place: Place,
    /// What changed elsewhere, where the file itself did not change; empty otherwise.
    pub cause: String,
}

/// A finding with source excerpts for its primary and related places.
#[derive(Debug, Clone)]
pub struct FindingReport {
    /// The finding.
    pub finding: Finding,
    /// The lines it points at, with a little around them. Untrusted text.
    pub excerpts: Vec<Excerpt>,
}

/// Some consecutive lines of a file. The text is untrusted: a renderer must escape it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// File.
    pub path: RepoPath,
    /// 1-based number of the first line.
    pub first_line: u32,
    /// The lines, without line ends; long lines are cut.
    pub lines: Vec<String>,
}

/// Which lines need which kind of eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Who has to look, such as `a person` or an owner's name.
    pub who: String,
    /// Where.
    pub place: Place,
    /// Why, in one sentence.
    pub why: String,
}

/// Something that should have been judged was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// File, or empty for the change as a whole.
    pub path: RepoPath,
    /// 1-based lines concerned, where known.
    pub lines: Option<(u32, u32)>,
    /// Why, and what to do.
    pub reason: String,
}

/// The end of a run.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Files that were judged.
    pub files: usize,
    /// Lines that were judged.
    pub lines: u64,
    /// Texts of any kind that were looked over for what agents read: hidden text, foreign
    /// instructions, settings.
    pub texts: usize,
    /// Findings at block, unsuppressed.
    pub block: usize,
    /// Findings at review, unsuppressed.
    pub review: usize,
    /// Findings at note, unsuppressed.
    pub note: usize,
    /// Suppressed findings.
    pub suppressed: usize,
    /// Findings that the base has as well.
    pub known: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Everything unchecked, again, so that the last message is complete.
    pub unchecked: Vec<Unchecked>,
    /// Content with nothing to judge, counted by kind.
    pub not_judged: BTreeMap<String, usize>,
    /// What no static look can see, for people.
    pub limits: Vec<String>,
    /// Languages judged, with file counts.
    pub languages: BTreeMap<String, usize>,
}
