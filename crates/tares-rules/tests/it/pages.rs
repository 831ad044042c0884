//! Every page is a test: marked lines of bad examples fire, all other lines stay silent.
//!
//! A fenced block may carry a task (`task="Sum up the items"`): all its effects are then new
//! against an empty base, and asked for or not by the words of the task. A block marked `before`
//! is the base of the block that follows it, for rules about controls that change.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use tares_effects::{NoProgram, Program, Worker, analyse, controls};
use tares_lang::Language;
use tares_model::{LineIndex, RepoPath};
use tares_rules::{AskedFor, Rule, Rules, asked_of_control};

/// One fenced block of a page.
pub(crate) struct Example {
    pub(crate) language: Language,
    pub(crate) task: Option<String>,
    /// What stood there before: controls are compared with it.
    pub(crate) before: Option<String>,
    pub(crate) source: String,
    /// 1-based lines that must fire.
    pub(crate) marked: BTreeSet<u32>,
    /// Line of the page at which the block begins.
    pub(crate) at: usize,
}

pub(crate) fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut before = None;
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let language = match info.split_whitespace().next() {
            Some(name) => Language::from_name(name)
                .unwrap_or_else(|| panic!("language {name:?} in line {at}")),
            None => panic!("no language in line {at}"),
        };
        let task = info
            .split_once("task=\"")
            .map(|(_, rest)| rest.trim_end_matches('"').to_owned());
        let mut example = Example {
            language,
            task,
            before: None,
            source: String::new(),
            marked: BTreeSet::new(),
            at: at + 1,
        };
        for (number, (_, line)) in (1..).zip(lines.by_ref().take_while(|(_, line)| *line != "```"))
        {
            let marks = [" # fires", " // fires", " -- fires"];
            let code = marks.iter().find_map(|mark| line.strip_suffix(mark));
            if code.is_some() {
                example.marked.insert(number);
            }
            writeln!(example.source, "{}", code.unwrap_or(line).trim_end()).unwrap();
        }
        if info.ends_with(" before") {
            before = Some(example.source);
        } else {
            example.before = before.take();
            found.push(example);
        }
    }
    found
}

/// Returns the lines on which `rule` fires.
pub(crate) fn fired(worker: &mut Worker, rule: &Rule, example: &Example) -> BTreeSet<u32> {
    fired_in(worker, &NoProgram, rule, example)
}

/// The same for an example that imports from a program around it.
pub(crate) fn fired_in(
    worker: &mut Worker,
    program: &dyn Program,
    rule: &Rule,
    example: &Example,
) -> BTreeSet<u32> {
    let source: Arc<str> = example.source.as_str().into();
    let path = RepoPath::from(match example.language {
        Language::Python => "page.py",
        Language::Go => "page.go",
        Language::Java => "Page.java",
        _ => "page.js",
    });
    let mut effects = analyse(worker, program, &path, example.language, &source).effects;
    if let Some(task) = &example.task {
        let asked = AskedFor::new(Some(task), &[], &[]);
        for effect in &mut effects {
            effect.is_new = Some(true);
            effect.asked = if effect.kind.is_capability() {
                asked.decide(effect, "")
            } else {
                asked_of_control(effect, Some(task))
            };
        }
    }
    if let Some(before) = &example.before {
        let mut changes = controls::changes(example.language, Some(before), &source);
        for effect in &mut changes {
            effect.is_new = Some(true);
            effect.asked = match &example.task {
                Some(task) if effect.kind.is_capability() => {
                    AskedFor::new(Some(task), &[], &[]).decide(effect, "")
                }
                task => asked_of_control(effect, task.as_deref()),
            };
        }
        effects.extend(changes);
    }
    let index = LineIndex::new(&source);
    let drafts = Rules::embedded().judge(&effects);
    let mine = drafts.iter().filter(|draft| draft.rule.id == rule.id);
    mine.filter_map(|draft| effects[draft.effect].site.as_ref())
        .map(|site| index.line(site.span.start))
        .collect()
}

#[test]
fn every_page_holds() {
    let mut worker = Worker::default();
    let mut table = String::new();
    for rule in Rules::embedded().iter() {
        for example in examples(&rule.page) {
            let fired = fired(&mut worker, rule, &example);
            let missed: Vec<_> = example.marked.difference(&fired).collect();
            let extra: Vec<_> = fired.difference(&example.marked).collect();
            if !missed.is_empty() || !extra.is_empty() {
                let lines = |all: &[&u32]| all.iter().map(|l| format!("{l} ")).collect::<String>();
                writeln!(
                    table,
                    "{:<34} {:>4} {:<11} missed {:<8} extra {}",
                    rule.id,
                    example.at,
                    format!("{:?}", example.language),
                    lines(&missed),
                    lines(&extra)
                )
                .unwrap();
            }
        }
    }
    assert!(
        table.is_empty(),
        "rule, line of page.md, language, lines in the block:\n{table}"
    );
}
