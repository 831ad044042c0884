//! What was judged, what was not, and what could not be.

use crate::cache::Gap;
use crate::callers::Callers;
use crate::run::CodeFile;
use crate::source::Source;
use std::collections::BTreeMap;
use tares_lang::Language;
use tares_model::RepoPath;
use tares_model::change::Unseen;
use tares_model::message::Unchecked;

/// Lines of one syntax error from which on it counts as unchecked, if it stands on changed lines.
const ERROR_LINES: u32 = 12;
/// Part of a file that syntax errors may cover, in percent, before they count as unchecked.
const ERROR_PERCENT: u32 = 20;

/// Stretches of syntax errors that are named apart; more are named as one.
const STRETCHES: usize = 4;

/// Counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) files: usize,
    pub(crate) lines: u64,
    pub(crate) languages: BTreeMap<String, usize>,
    /// Texts that were looked over for what agents read.
    pub(crate) texts: usize,
    pub(crate) not_judged: BTreeMap<String, usize>,
    pub(crate) unchecked: Vec<Unchecked>,
    /// Files that import what changed and were not looked at again.
    pub(crate) callers_left_out: usize,
    /// What advisory data could not say, in words.
    pub(crate) not_known: Option<String>,
}

impl Counts {
    /// Counts a file that is judged.
    pub(crate) fn judged(&mut self, language: Language, lines: u32) {
        self.files += 1;
        self.lines += u64::from(lines);
        *self
            .languages
            .entry(language.as_str().to_owned())
            .or_default() += 1;
    }

    /// Counts files that import what changed: what of them can no longer be followed, and what
    /// was not looked at.
    pub(crate) fn callers(&mut self, callers: &Callers) {
        self.callers_left_out = callers.left_out;
        for file in &callers.files {
            let is_new = |(_, gap): &&(_, Gap)| matches!(gap, Gap::Fuel | Gap::Fault | Gap::Depth);
            let gaps = |facts: &crate::cache::Facts| facts.gaps.iter().filter(is_new).count();
            if gaps(&file.facts) > gaps(&file.base_facts) {
                let reason = "with what it imports as changed, it is too much to follow: split the file or what it imports";
                self.unchecked(file.path(), None, reason.to_owned());
            }
        }
    }

    /// Counts a file with nothing to judge.
    pub(crate) fn not_judged(&mut self, kind: &str) {
        *self.not_judged.entry(kind.to_owned()).or_default() += 1;
    }

    /// Counts what the caller could not see.
    pub(crate) fn unseen(&mut self, unseen: &Unseen) {
        // A lock file is no code, and decides which code is installed.
        let names_packages = tares_deps::formats::is_dependency_file(&unseen.path);
        match crate::classify::nothing_to_judge(&unseen.path) {
            Some(kind) if !unseen.path.as_str().is_empty() && !names_packages => {
                self.not_judged(kind);
            }
            _ => self.unchecked(&unseen.path, None, unseen.reason.clone()),
        }
    }

    /// Counts something that should have been judged.
    pub(crate) fn unchecked(&mut self, path: &RepoPath, lines: Option<(u32, u32)>, reason: String) {
        self.unchecked.push(Unchecked {
            path: path.clone(),
            lines,
            reason,
        });
    }

    /// Counts the gaps of a file, as far as they lie on lines that the change adds.
    pub(crate) fn gaps(&mut self, file: &CodeFile) {
        let Some(head) = &file.head else { return };
        let mut errors: Vec<(u32, u32)> = Vec::new();
        for &(span, gap) in &file.facts.gaps {
            let (first, last) = head.line_range(span);
            if !file.added.touches_text(first, last) {
                continue;
            }
            let reason = match gap {
                Gap::Syntax => {
                    errors.push((first, last));
                    continue;
                }
                Gap::Depth => "nested too deeply to be followed: split these expressions or blocks",
                Gap::Fault => "an error inside tares: please report it with the file",
                Gap::Fuel => "too much to follow within the bounds of one file: split the file",
            };
            let lines = (head.real_line(first), head.real_line(last));
            self.unchecked(&head.path, Some(lines), reason.to_owned());
        }
        self.errors(head, errors);
    }

    /// A syntax error is not unchecked by itself: what could be lowered was judged. One that
    /// swallows many lines, or a good part of the file, is. A patch shows pieces of files, in
    /// which errors are to be expected.
    fn errors(&mut self, head: &Source, mut errors: Vec<(u32, u32)>) {
        if head.is_excerpt() {
            return;
        }
        errors.sort_unstable();
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        for (first, last) in errors {
            match stretches.last_mut() {
                Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
                _ => stretches.push((first, last)),
            }
        }
        let covered: u32 = stretches.iter().map(|(first, last)| last - first + 1).sum();
        let much = covered * 100 > head.lines() * ERROR_PERCENT && covered > 1;
        stretches.retain(|(first, last)| much || last - first + 1 >= ERROR_LINES);
        if let (Some(first), Some(last), true) = (
            stretches.first(),
            stretches.last(),
            stretches.len() > STRETCHES,
        ) {
            stretches = vec![(first.0, last.1)];
        }
        for lines in stretches {
            let reason = "the syntax is not understood here, so only parts were judged: mend it, or look at it";
            self.unchecked(&head.path, Some(lines), reason.to_owned());
        }
    }
}
