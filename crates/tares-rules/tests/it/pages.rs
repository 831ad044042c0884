//! Every page is a test: marked lines of bad examples fire, all other lines stay silent.
//!
//! A fenced block may carry a task (`task="Sum up the items"`): all its effects are then new
//! against an empty base, and asked for or not by the words of the task.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use tares_effects::{NoProgram, Program, Worker, analyse};
use tares_lang::Language;
use tares_model::{LineIndex, RepoPath};
use tares_rules::{AskedFor, Rule, Rules};

/// One fenced block of a page.
pub(crate) struct Example {
    pub(crate) language: Language,
    pub(crate) task: Option<String>,
    pub(crate) source: String,
    /// 1-based lines that must fire.
    pub(crate) marked: BTreeSet<u32>,
    /// Line of the page at which the block begins.
    pub(crate) at: usize,
}

pub(crate) fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let language = match info.split_whitespace().next() {
            Some("python") => Language::Python,
            Some("javascript") => Language::JavaScript,
            Some("typescript") => Language::TypeScript,
            other => panic!("language {other:?} in line {at}"),
        };
        let task = info
            .split_once("task=\"")
            .map(|(_, rest)| rest.trim_end_matches('"').to_owned());
        let mut example = Example {
            language,
            task,
            source: String::new(),
            marked: BTreeSet::new(),
            at: at + 1,
        };
        for (number, (_, line)) in (1..).zip(lines.by_ref().take_while(|(_, line)| *line != "```"))
        {
            let marks = [" # fires", " // fires"];
            let code = marks.iter().find_map(|mark| line.strip_suffix(mark));
            if code.is_some() {
                example.marked.insert(number);
            }
            writeln!(example.source, "{}", code.unwrap_or(line).trim_end()).unwrap();
        }
        found.push(example);
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
    let path = RepoPath::from(if example.language == Language::Python {
        "page.py"
    } else {
        "page.js"
    });
    let mut effects = analyse(worker, program, &path, example.language, &source).effects;
    if let Some(task) = &example.task {
        let asked = AskedFor::new(Some(task), &[], &[]);
        for effect in &mut effects {
            effect.is_new = Some(true);
            effect.asked = asked.decide(effect, "");
        }
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
