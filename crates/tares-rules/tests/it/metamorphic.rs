//! Every page survives every rewrite: what was found stays found, what was silent stays silent.
//!
//! The rewrites keep the meaning (`tares-testkit` runs them to show it), so a rule that judges
//! what code does answers alike before and after. Where one does not, it stands in [`KNOWN`]
//! with its reason, and leaves it as soon as it holds.

use crate::pages::{Example, examples, fired};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tares_effects::Worker;
use tares_lang::Language;
use tares_rules::Rules;
use tares_testkit::rewrite::{Rewrite, Rewritten, rewrites};

/// What is known not to hold: a reason, and the pairs of rule and rewrite that fail for it.
/// The list only shrinks.
const KNOWN: &[(&str, &[(&str, &str)])] = &[];

/// How often one rewrite applied and held in one language.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    applied: usize,
    held: usize,
}

impl Tally {
    fn count(&mut self, holds: bool) {
        self.applied += 1;
        self.held += usize::from(holds);
    }
}

/// What went wrong with one rewritten example.
fn fault(
    worker: &mut Worker,
    rule: &tares_rules::Rule,
    example: &Example,
    new: Rewritten,
) -> Option<String> {
    let allowed: BTreeSet<u32> = if example.marked.is_empty() {
        BTreeSet::new()
    } else {
        new.lines.iter().copied().collect()
    };
    let rewritten = Example {
        source: new.source,
        marked: allowed,
        language: example.language,
        task: example.task.clone(),
        at: example.at,
    };
    let fired = fired(worker, rule, &rewritten);
    let missed = !example.marked.is_empty()
        && fired.intersection(&rewritten.marked).count() < example.marked.len();
    let extra = fired.difference(&rewritten.marked).count() > 0;
    (missed || extra).then(|| {
        let what = if missed { "missed" } else { "extra" };
        format!(
            "{what}; fired {fired:?}, wanted {:?}\n{}",
            rewritten.marked, rewritten.source
        )
    })
}

fn family(language: Language) -> &'static str {
    if language == Language::Python {
        "python"
    } else {
        "javascript"
    }
}

#[test]
fn every_page_survives_every_rewrite() {
    let mut worker = Worker::default();
    let mut table: BTreeMap<(&str, &str, bool), Tally> = BTreeMap::new();
    let mut failed: BTreeMap<(String, &str), String> = BTreeMap::new();
    for rule in Rules::embedded().iter() {
        for example in examples(&rule.page) {
            let focus: Vec<u32> = example.marked.iter().copied().collect();
            for rewrite in rewrites(example.language) {
                let Some(new) = rewrite.apply(example.language, &example.source, &focus) else {
                    continue;
                };
                let fault = fault(&mut worker, rule, &example, new);
                let cell = table.entry((rewrite.name, family(example.language), focus.is_empty()));
                cell.or_default().count(fault.is_none());
                if let Some(text) = fault {
                    let name = (rule.id.clone(), rewrite.name);
                    failed
                        .entry(name)
                        .or_insert_with(|| format!("{}:{} {text}", rule.id, example.at));
                }
            }
        }
    }
    let mut said = String::new();
    for ((rule, rewrite), text) in &failed {
        writeln!(said, "## {rule} {rewrite} {text}").unwrap();
    }
    for ((name, language, good), tally) in &table {
        writeln!(
            said,
            "{name:<24} {language:<11} {} {:>4} of {:>4}",
            if *good { "good" } else { "bad " },
            tally.held,
            tally.applied
        )
        .unwrap();
    }
    std::fs::write("/tmp/h/meta.txt", &said).unwrap();
    assert!(failed.is_empty(), "{}", failed.len());
}
