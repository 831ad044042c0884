//! One change from beginning to end.

use crate::added::AddedLines;
use crate::answers::{Answers, Version};
use crate::cache::Facts;
use crate::classify::{Content, classify};
use crate::counts::Counts;
use crate::delta::{self, Sides};
use crate::engine::{Engine, facts};
use crate::findings::{self, Once, Texts};
use crate::known::Known;
use crate::program::Files;
use crate::source::Source;
use crate::{JudgeError, Options, Outcome, gate as judged, policy, requirements};
use rustc_hash::FxHashMap;
use tares_lang::{Language, MAX_SOURCE};
use tares_model::change::Side;
use tares_model::finding::Family;
use tares_model::message::{Message, Progress, Requirement, Run, Summary, Unchecked};
use tares_model::{Change, FileChange, Finding, RepoPath, Verdict};
use tares_policy::suppress::{self, Cover, Suppression};
use tares_policy::verdict::{Judged, decide};
use tares_policy::{Outcome as Decided, gate};

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
}

impl CodeFile {
    /// Returns the path on the head side, or the one of a file that is gone.
    pub(crate) fn path(&self) -> &RepoPath {
        &self.path
    }
}

/// A file of code that waits for its analysis.
pub(crate) struct Plan<'a> {
    path: &'a RepoPath,
    head: Option<(&'a Side, Language)>,
    base: Option<(&'a RepoPath, &'a Side, Language)>,
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
        Files::new(Version::Base, change, answers),
        Files::new(Version::Head, change, answers),
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
    let deltas = delta::mark(&mut files, change, &options.policy);
    sink(Message::Delta(delta::report(
        &files,
        &deltas,
        change.has_base,
        &sides,
    )));
    let (mut findings, mut known) = compare(&engine, &files, &sides);
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
    let requirements: Vec<Requirement> = files
        .iter()
        .flat_map(|file| requirements::of(file, sides.head))
        .collect();
    let decided = decided(&findings, &counts, &requirements, options);
    let sources: FxHashMap<&RepoPath, &Source> = files
        .iter()
        .filter_map(|file| Some((file.path(), file.head.as_ref()?)))
        .collect();
    for finding in findings {
        let own = sources.get(&finding.place.path).copied();
        sink(Message::Finding(Box::new(
            Texts::new(own, sides.head).report(finding),
        )));
    }
    requirements
        .into_iter()
        .for_each(|requirement| sink(Message::Requirement(requirement)));
    Ok(finish(counts, known_count, &decided, sink))
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

/// Decides what each file is. What is no code is counted, with a finding where it matters.
pub(crate) fn plan<'a>(
    change: &'a Change,
    options: &Options,
    counts: &mut Counts,
    findings: &mut Vec<Finding>,
) -> Vec<Plan<'a>> {
    let mut plans = Vec::new();
    for file in &change.files {
        let Some(side) = file.after.as_ref().or(file.before.as_ref()) else {
            continue;
        };
        if options.policy.excludes(&file.path) {
            counts.not_judged("excluded");
            continue;
        }
        match classify(&file.path, side) {
            Content::Code(language) => plans.extend(plan_code(file, language, options, counts)),
            Content::Unreadable(_) => {
                let reason = "named like source code, but its content is binary: look at where it comes from";
                counts.unchecked(&file.path, None, reason.to_owned());
            }
            Content::Other(kind) => counts.not_judged(kind),
            Content::Loadable(kind) => {
                counts.not_judged(kind);
                let same = file
                    .before
                    .as_ref()
                    .is_some_and(|before| before.bytes == side.bytes);
                if change.has_base && file.after.is_some() && !same {
                    findings.push(judged::binary_added(file, kind));
                }
            }
        }
    }
    plans
}

fn plan_code<'a>(
    file: &'a FileChange,
    language: Language,
    options: &Options,
    counts: &mut Counts,
) -> Option<Plan<'a>> {
    let limit = usize::try_from(options.policy.max_file_size)
        .unwrap_or(usize::MAX)
        .min(MAX_SOURCE);
    if let Some(after) = &file.after {
        if after.bytes.len() > limit {
            let reason = format!(
                "{} bytes is more than the limit of {limit}: split the file",
                after.bytes.len()
            );
            counts.unchecked(&file.path, None, reason);
            return None;
        }
        if crate::decode::has_nul(&after.bytes) {
            let reason =
                "NUL bytes stand in this source, which readers treat differently: remove them";
            counts.unchecked(&file.path, None, reason.to_owned());
        }
    }
    let base_path = file.base_path.as_ref().unwrap_or(&file.path);
    let base = file
        .before
        .as_ref()
        .filter(|before| before.bytes.len() <= limit);
    let base = base.and_then(|before| match classify(base_path, before) {
        Content::Code(language) => Some((base_path, before, language)),
        _ => None,
    });
    let head = file.after.as_ref().map(|side| (side, language));
    (head.is_some() || base.is_some()).then_some(Plan {
        path: &file.path,
        head,
        base,
    })
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
    }
}

/// Judges both sides and takes findings apart into new ones and ones that base has as well.
fn compare(engine: &Engine, files: &[CodeFile], sides: &Sides<'_>) -> (Vec<Finding>, Vec<Finding>) {
    let judged = engine.map(files.iter().collect(), |file: &CodeFile| {
        let mut head = Texts::new(file.head.as_ref(), sides.head);
        let mut base = Texts::new(file.base.as_ref(), sides.base);
        (
            findings::judge(file.path(), &file.facts.effects, &mut head),
            {
                let path = file.base.as_ref().map_or(file.path(), |base| &base.path);
                findings::judge(path, &file.base_facts.effects, &mut base)
            },
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

/// Gives findings the levels of the policy and marks those that do not count. Returns notes
/// about suppressions.
pub(crate) fn settle(
    findings: &mut Vec<Finding>,
    files: &[CodeFile],
    options: &Options,
    is_change: bool,
) -> Vec<Finding> {
    options.policy.set_levels(findings);
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.family == Family::Capability)
    {
        let effect = finding.effect.as_ref();
        if let Some(allowed) =
            effect.and_then(|effect| delta::allowed(&options.policy, effect, &finding.place.path))
        {
            finding.suppressed = Some(allowed.because);
        }
    }
    if !options.suppressions {
        return Vec::new();
    }
    let added: FxHashMap<&RepoPath, &AddedLines> = files
        .iter()
        .map(|file| (file.path(), &file.added))
        .collect();
    let is_added = |path: &RepoPath, line: u32| {
        is_change && added.get(path).is_some_and(|added| added.has_real(line))
    };
    let (mut suppressions, mut notes) = (Vec::new(), Vec::new());
    for file in files {
        let Some(head) = &file.head else { continue };
        let Facts {
            comments,
            statements,
            ..
        } = &file.facts;
        let text = suppress::File {
            path: file.path(),
            text: &head.text,
            comments,
            statements,
        };
        let (found, complaints) = suppress::collect(&text);
        suppressions.extend(
            found
                .into_iter()
                .map(|suppression| in_real_lines(suppression, head)),
        );
        notes.extend(complaints);
    }
    notes.extend(suppress::apply(
        findings,
        &suppressions,
        &is_added,
        &options.policy,
    ));
    options.policy.set_levels(&mut notes);
    notes
}

/// Moves a suppression from the lines of an excerpt to those of the real file.
fn in_real_lines(mut suppression: Suppression, source: &Source) -> Suppression {
    if !source.is_excerpt() {
        return suppression;
    }
    let real = |line: u32| source.real_line(line);
    let place = &mut suppression.place;
    (place.start_line, place.end_line) = (real(place.start_line), real(place.end_line));
    let (first, last) = suppression.comment_lines;
    suppression.comment_lines = (real(first), real(last));
    if let Cover::Lines(first, last) = suppression.cover {
        suppression.cover = Cover::Lines(real(first), real(last));
    }
    suppression
}

/// Asks the policy for the verdict.
pub(crate) fn decided(
    findings: &[Finding],
    counts: &Counts,
    requirements: &[Requirement],
    options: &Options,
) -> Decided {
    let judged = Judged {
        findings,
        unchecked: &counts.unchecked,
        requirements,
        files: counts.files,
        not_judged: counts.not_judged.values().sum(),
    };
    decide(&judged, options.fail_on.min(options.policy.fail_on))
}

/// Says what was not checked, and ends the run.
pub(crate) fn finish(
    mut counts: Counts,
    known: usize,
    decided: &Decided,
    sink: &mut dyn FnMut(Message),
) -> Outcome {
    counts.unchecked.sort_by(|one, other| {
        (&one.path, one.lines, &one.reason).cmp(&(&other.path, other.lines, &other.reason))
    });
    let unchecked: Vec<Unchecked> = counts.unchecked;
    unchecked
        .iter()
        .for_each(|unchecked| sink(Message::Unchecked(unchecked.clone())));
    sink(Message::Summary(Summary {
        files: counts.files,
        lines: counts.lines,
        block: decided.block,
        review: decided.review,
        note: decided.note,
        suppressed: decided.suppressed,
        known,
        // Nothing to check is no pass; the exit code says it exactly.
        verdict: decided.verdict.unwrap_or(Verdict::Review),
        unchecked,
        not_judged: counts.not_judged,
        limits: LIMITS.map(str::to_owned).to_vec(),
        languages: counts.languages,
    }));
    Outcome {
        verdict: decided.verdict,
        exit: decided.exit,
    }
}

/// What no static look can see, as the summary lists it.
const LIMITS: [&str; 3] = [
    "values that come from configuration, the environment, the network or a database",
    "what native code and installed packages do inside",
    "whether the result is what was wanted",
];
