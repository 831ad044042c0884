//! Whole files without a change, batch by batch: nothing is new, and nothing is held back.

use crate::advisories::LookedUp;
use crate::answers::Answers;
use crate::counts::Counts;
use crate::delta::{self, Sides};
use crate::ending::{decided, finish};
use crate::engine::Engine;
use crate::findings::{self, Once, Texts};
use crate::plan::plan;
use crate::program::Files;
use crate::run::{CodeFile, analyse_one, run};
use crate::settle::settle;
use crate::source::Source;
use crate::{JudgeError, Options, Outcome, rows};
use crate::{inputs, packages};
use tares_model::effect::delta::Delta;
use tares_model::message::{DeltaReport, FindingReport, Message, PlacedEffect, Progress};
use tares_model::{Change, Finding};
use tares_policy::{Baseline, gate};

/// A scan under way. What a batch found is said at once; only numbers, fingerprints and the
/// effects without their arguments stay in memory.
pub struct Scan<'a> {
    answers: &'a dyn Answers,
    options: &'a Options,
    engine: Engine,
    counts: Counts,
    delta: Delta<PlacedEffect>,
    once: Once,
    /// What was found, for the verdict: levels, without texts.
    found: Vec<Finding>,
    /// What is left of the baseline.
    baseline: Baseline,
    used_allows: Vec<usize>,
    looked_up: LookedUp,
    done: usize,
    total: usize,
}

impl<'a> Scan<'a> {
    /// Begins a scan of about `total` files. `name` says what is scanned.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn new(
        name: &str,
        total: usize,
        answers: &'a dyn Answers,
        options: &'a Options,
        sink: &mut dyn FnMut(Message),
    ) -> Result<Self, JudgeError> {
        let change = Change {
            name: name.to_owned(),
            ..Change::default()
        };
        sink(Message::Run(run("scan", &change, options)));
        Ok(Self {
            answers,
            options,
            engine: Engine::new(total)?,
            counts: Counts::default(),
            delta: Delta::default(),
            once: Once::default(),
            found: Vec::new(),
            baseline: options
                .baseline
                .as_ref()
                .map(|(baseline, _)| baseline.clone())
                .unwrap_or_default(),
            used_allows: Vec::new(),
            looked_up: LookedUp::default(),
            done: 0,
            total,
        })
    }

    /// Judges some more files. Batches come in the order of their paths; how they are cut does
    /// not show.
    pub fn batch(&mut self, change: &Change, sink: &mut dyn FnMut(Message)) {
        let files = Files::of_scan(change, self.answers, self.options.models);
        let sides = Sides {
            base: &files,
            head: &files,
        };
        let mut findings = Vec::new();
        let before = self.counts.unchecked.len();
        let plans = plan(change, self.options, &mut self.counts, &mut findings);
        change
            .unseen
            .iter()
            .for_each(|unseen| self.counts.unseen(unseen));
        let judged = self.engine.map(plans, |plan| {
            let mut file = analyse_one(&plan, self.answers, &sides);
            self.mark(&mut file);
            let mut texts = Texts::new(file.head.as_ref(), sides.head);
            let findings = findings::judge(file.path(), &file.facts.effects, &mut texts);
            let delta = rows::present(&file.facts.effects, &mut texts);
            (file, findings, delta)
        });
        let mut code = Vec::with_capacity(judged.len());
        for (file, found, present) in judged {
            self.counts
                .judged(file.language, file.head.as_ref().map_or(0, Source::lines));
            self.counts.gaps(&file);
            findings.extend(found);
            self.delta.added.extend(present);
            self.note_allows(&file);
            code.push(file);
        }
        let inputs = inputs::inspect(&self.engine, change, self.answers, self.options);
        self.counts.texts += inputs.texts;
        findings.extend(inputs.findings);
        self.looked_up.add(inputs.looked_up);
        findings.extend(packages::judge(
            change,
            &code,
            &inputs.named,
            self.answers,
            &sides,
            self.options,
            &mut self.counts,
        ));
        self.once.keep(&mut findings);
        findings.extend(
            self.counts.unchecked[before..]
                .iter()
                .map(gate::unchecked_code),
        );
        let notes = settle(&mut findings, &code, self.options, false);
        findings.extend(notes);
        if let Some((_, name)) = &self.options.baseline {
            self.baseline = self.baseline.apply(&mut findings, name);
        }
        findings.sort_by(|one, other| (&one.place, &one.rule).cmp(&(&other.place, &other.rule)));
        self.say(findings, &code, &files, sink);
        self.done += change.files.len() + change.unseen.len();
        sink(Message::Progress(Progress {
            done: self.done.min(self.total),
            total: self.total,
        }));
    }

    /// Ends the scan.
    pub fn finish(mut self, sink: &mut dyn FnMut(Message)) -> Outcome {
        self.delta.added = delta::once(std::mem::take(&mut self.delta.added));
        sink(Message::Delta(DeltaReport {
            delta: std::mem::take(&mut self.delta),
            has_base: false,
        }));
        let mut notes = self.options.policy.unused_allows(&self.used_allows);
        let data = self.answers.advisories();
        notes.extend(self.looked_up.stale(data));
        self.counts.not_known = self.looked_up.not_known(data);
        if let Some((_, name)) = &self.options.baseline {
            notes.extend(self.baseline.unused(name));
        }
        self.options.policy.set_levels(&mut notes);
        for finding in notes {
            self.found.push(without_texts(&finding));
            sink(Message::Finding(Box::new(FindingReport {
                finding,
                excerpts: Vec::new(),
            })));
        }
        let decided = decided(&self.found, &self.counts, &[], self.options);
        finish(self.counts, 0, &decided, sink)
    }

    /// Without base and task the only answer is the policy's.
    fn mark(&self, file: &mut CodeFile) {
        if self.options.policy.allow.is_empty() {
            return;
        }
        let path = file.path().clone();
        for effect in &mut file.facts.effects {
            effect.asked = delta::allowed(&self.options.policy, effect, &path).unwrap_or_default();
        }
    }

    fn note_allows(&mut self, file: &CodeFile) {
        if self.options.policy.allow.is_empty() {
            return;
        }
        let entries = file
            .facts
            .effects
            .iter()
            .filter_map(|effect| self.options.policy.allows(effect, file.path()));
        self.used_allows.extend(entries.map(|entry| entry.index));
        self.used_allows.sort_unstable();
        self.used_allows.dedup();
    }

    fn say(
        &mut self,
        findings: Vec<Finding>,
        code: &[CodeFile],
        files: &Files<'_>,
        sink: &mut dyn FnMut(Message),
    ) {
        let mut texts = Texts::new(None, files);
        for finding in findings {
            self.found.push(without_texts(&finding));
            let own = code
                .iter()
                .find(|file| *file.path() == finding.place.path)
                .and_then(|file| file.head.as_ref());
            texts.turn_to(&finding.place.path, own);
            sink(Message::Finding(Box::new(texts.report(finding))));
        }
    }
}

/// Keeps of a finding what the verdict needs.
fn without_texts(finding: &Finding) -> Finding {
    Finding {
        rule: String::new(),
        family: finding.family,
        cwe: Vec::new(),
        severity: finding.severity,
        confidence: finding.confidence,
        level: finding.level,
        place: tares_model::Place {
            path: tares_model::RepoPath::default(),
            start_line: 0,
            end_line: 0,
            start_column: 0,
            end_column: 0,
        },
        message: String::new(),
        why: String::new(),
        fix: String::new(),
        effect: None,
        related: Vec::new(),
        fingerprint: String::new(),
        suppressed: finding.suppressed.as_ref().map(|_| String::new()),
    }
}
