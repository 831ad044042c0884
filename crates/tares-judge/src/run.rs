//! One change from beginning to end.

use crate::added::AddedLines;
use crate::answers::{Answers, Version};
use crate::cache::Facts;
use crate::callers::{self, Cause};
use crate::counts::Counts;
use crate::delta::{self, Sides};
use crate::ending::{decided, finish};
use crate::engine::{Engine, facts};
use crate::findings::{self, Once, Texts};
use crate::known::Known;
use crate::plan::{Plan, plan};
use crate::program::Files;
use crate::settle::settle;
use crate::source::Source;
use crate::{JudgeError, Options, Outcome, controls, inputs, packages, policy, requirements, rows};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use tares_lang::Language;
use tares_model::message::{Message, Progress, Run};
use tares_model::{Change, Effect, Finding, Place, RepoPath};
use tares_policy::gate;

/// Files between two messages of progress.
const STRIDE: usize = 64;

/// A file of code with what its analysis found on both sides.
pub(crate) struct CodeFile {
    path: RepoPath,
    pub(crate) language: Language,
    pub(crate) head: Option<Source>,
    pub(crate) base: Option<Source>,
    pub(crate) facts: Facts,
    pub(crate) base_facts: Facts,
    pub(crate) added: AddedLines,
    /// Of a file that the change leaves alone: what changed in files that it imports.
    causes: Vec<Cause>,
}

impl CodeFile {
    /// Returns a file that did not change, but what it imports did.
    pub(crate) fn of_caller(
        path: RepoPath,
        language: Language,
        (base, base_facts): (Source, Facts),
        (head, facts): (Source, Facts),
        causes: Vec<Cause>,
    ) -> Self {
        Self {
            path,
            language,
            head: Some(head),
            base: Some(base),
            facts,
            base_facts,
            added: AddedLines::default(),
            causes,
        }
    }

    /// Returns whether the change leaves the file itself alone.
    pub(crate) fn is_caller(&self) -> bool {
        !self.causes.is_empty()
    }

    /// Returns what changed for these lines of the file: what they mention, else what the file
    /// mentions first. `None` for a file of the change.
    pub(crate) fn cause_of(&self, place: &Place) -> Option<&Cause> {
        let head = self.head.as_ref().filter(|head| head.path == place.path);
        let lines = |cause: &&Cause| {
            head.is_some_and(|head| {
                (place.start_line..=place.end_line).any(|line| cause.is_in(head.line_text(line)))
            })
        };
        self.causes.iter().find(lines).or(self.causes.first())
    }

    /// Returns the path on the head side, or the one of a file that is gone.
    pub(crate) fn path(&self) -> &RepoPath {
        &self.path
    }
}

/// Judges a change. What it has to say goes to `sink`; what it has to know it asks `answers`.
///
/// # Errors
/// When no thread can be started. Everything else that goes wrong with the change is said in
/// messages.
pub fn check(
    change: &Change,
    answers: &dyn Answers,
    options: &Options,
    sink: &mut dyn FnMut(Message),
) -> Result<Outcome, JudgeError> {
    sink(Message::Run(run("check", change, options)));
    let (base, head) = (
        Files::new(Version::Base, change, answers, options.models),
        Files::new(Version::Head, change, answers, options.models),
    );
    let sides = Sides {
        base: &base,
        head: &head,
    };
    let mut counts = Counts::default();
    let mut gate_findings = policy::findings(change, options);
    let plans = plan(change, options, &mut counts, &mut gate_findings);
    change
        .unseen
        .iter()
        .for_each(|unseen| counts.unseen(unseen));
    let engine = Engine::new(plans.len())?;
    let mut files = analyse(&engine, plans, answers, &sides, sink);
    for file in &files {
        let lines = file.head.as_ref().map_or(0, Source::lines);
        counts.judged(file.language, lines);
        counts.gaps(file);
    }
    let callers = callers::of(&engine, &files, change, answers, &sides, &options.policy);
    counts.callers(&callers);
    files.extend(callers.files);
    let around = around(&engine, &files, answers, &sides);
    controls::add(&mut files, change);
    let deltas = delta::mark(&mut files, around, change, &options.policy);
    controls::ask(&mut files, change);
    sink(Message::Delta(rows::report(
        &files,
        &deltas,
        change.has_base,
        &sides,
    )));
    let (mut findings, mut known) = compare(&engine, &files, &sides);
    let inputs = inputs::inspect(&engine, change, answers, options);
    counts.texts = inputs.texts;
    findings.extend(inputs.findings);
    findings.extend(inputs.looked_up.stale(answers.advisories()));
    counts.not_known = inputs.looked_up.not_known(answers.advisories());
    known.extend(inputs.known);
    findings.extend(packages::judge(
        change,
        &files,
        &inputs.named,
        answers,
        &sides,
        options,
        &mut counts,
    ));
    let known_count = known.len();
    findings.extend(gate_findings);
    findings.extend(counts.unchecked.iter().map(gate::unchecked_code));
    let notes = settle(&mut findings, &files, options, true);
    findings.extend(notes);
    if let Some((baseline, name)) = &options.baseline {
        // What base has already uses up its entries first; a further copy is new.
        baseline.apply(&mut known, name).apply(&mut findings, name);
    }
    findings::sort(&mut findings);
    let requirements = files
        .iter()
        .flat_map(|file| requirements::of(file, sides.head));
    let requirements = requirements::once(requirements.collect());
    let decided = decided(&findings, &counts, &requirements, options);
    say(findings, &files, sides.head, sink);
    requirements
        .into_iter()
        .for_each(|requirement| sink(Message::Requirement(requirement)));
    Ok(finish(counts, known_count, &decided, sink))
}

/// Says findings with the lines they stand on.
fn say(
    findings: Vec<Finding>,
    code: &[CodeFile],
    files: &Files<'_>,
    sink: &mut dyn FnMut(Message),
) {
    let sources: FxHashMap<&RepoPath, &Source> = code
        .iter()
        .filter_map(|file| Some((file.path(), file.head.as_ref()?)))
        .collect();
    let mut texts = Texts::new(None, files);
    for finding in findings {
        let path = &finding.place.path;
        texts.turn_to(path, sources.get(path).copied());
        let report = texts.report(finding);
        sink(Message::Finding(Box::new(report)));
    }
}

/// Returns the message that begins a run.
pub(crate) fn run(command: &str, change: &Change, options: &Options) -> Run {
    Run {
        version: options.version.clone(),
        command: command.to_owned(),
        change: change.name.clone(),
        policy: options.policy_name.clone(),
        task: change.task.as_ref().map(|task| task.text.clone()),
        claims: change
            .claims
            .iter()
            .map(|claim| format!("{}: {}", claim.source, claim.text))
            .collect(),
    }
}

fn analyse(
    engine: &Engine,
    mut plans: Vec<Plan<'_>>,
    answers: &dyn Answers,
    sides: &Sides<'_>,
    sink: &mut dyn FnMut(Message),
) -> Vec<CodeFile> {
    let total = plans.len();
    let mut files = Vec::with_capacity(total);
    while !plans.is_empty() {
        let rest = plans.split_off(plans.len().min(STRIDE));
        files.extend(engine.map(plans, |plan| analyse_one(&plan, answers, sides)));
        plans = rest;
        sink(Message::Progress(Progress {
            done: files.len(),
            total,
        }));
    }
    files
}

/// Analyses both sides of a file.
pub(crate) fn analyse_one(plan: &Plan<'_>, answers: &dyn Answers, sides: &Sides<'_>) -> CodeFile {
    let head = plan
        .head
        .map(|(side, language)| (Source::new(plan.path, side), language));
    let base = plan
        .base
        .map(|(path, side, language)| (Source::new(path, side), language));
    let of = |side: &Option<(Source, Language)>, version| {
        side.as_ref()
            .map(|(source, language)| facts(answers, sides.get(version), source, *language))
            .unwrap_or_default()
    };
    let (facts, base_facts) = (of(&head, Version::Head), of(&base, Version::Base));
    let language = head
        .as_ref()
        .or(base.as_ref())
        .map_or(Language::Python, |(_, language)| *language);
    let (head, base) = (
        head.map(|(source, _)| source),
        base.map(|(source, _)| source),
    );
    let added = head
        .as_ref()
        .map(|head| AddedLines::new(base.as_ref(), head))
        .unwrap_or_default();
    CodeFile {
        path: plan.path.clone(),
        language,
        head,
        base,
        facts,
        base_facts,
        added,
        causes: Vec::new(),
    }
}

/// Returns what files do that the change leaves alone and leads to: that much is usual here.
fn around(
    engine: &Engine,
    files: &[CodeFile],
    answers: &dyn Answers,
    sides: &Sides<'_>,
) -> Vec<Effect> {
    let own: FxHashSet<&RepoPath> = files.iter().map(CodeFile::path).collect();
    let sites = files.iter().flat_map(|file| &file.facts.effects);
    let sites = sites.filter_map(|effect| effect.site.as_ref()?.path.as_ref());
    let paths: BTreeSet<&RepoPath> = sites.filter(|path| !own.contains(path)).collect();
    let effects = engine.map(paths.into_iter().collect(), |path: &RepoPath| {
        let language = Language::detect(path.as_str(), "")?;
        let source = sides.base.source(path)?;
        Some(facts(answers, sides.base, &source, language).effects)
    });
    effects.into_iter().flatten().flatten().collect()
}

/// Judges both sides and takes findings apart into new ones and ones that base has as well.
fn compare(engine: &Engine, files: &[CodeFile], sides: &Sides<'_>) -> (Vec<Finding>, Vec<Finding>) {
    let own = files.iter().filter(|file| !file.is_caller());
    let added: FxHashMap<&RepoPath, &AddedLines> =
        own.map(|file| (file.path(), &file.added)).collect();
    let judged = engine.map(files.iter().collect(), |file: &CodeFile| {
        let mut head = Texts::new(file.head.as_ref(), sides.head);
        let mut base = Texts::new(file.base.as_ref(), sides.base);
        let mut found = findings::judge(file.path(), &file.facts.effects, &mut head);
        if file.is_caller() {
            found
                .iter_mut()
                .for_each(|finding| callers::explain(finding, file, &added));
        }
        let path = file.base.as_ref().map_or(file.path(), |base| &base.path);
        (
            found,
            findings::judge(path, &file.base_facts.effects, &mut base),
        )
    });
    let (mut all, mut before) = (Vec::new(), Vec::new());
    for (head, base) in judged {
        all.extend(head);
        before.extend(base);
    }
    Once::default().keep(&mut all);
    Once::default().keep(&mut before);
    let mut known = Known::default();
    before.iter().for_each(|finding| known.add(finding));
    known.split(all)
}
