//! Every page survives every rewrite: what was found stays found, what was silent stays silent.
//!
//! The rewrites keep the meaning (`tares-testkit` runs them to show it), so a rule that judges
//! what code does answers alike before and after. Where one does not, the pair stands in
//! [`known`] with its reason, and has to leave it as soon as it holds.

mod known;

use crate::pages::{Example, examples, fired, fired_in};
use known::{KNOWN, Known, LEAST};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use tares_effects::{Program, Worker};
use tares_lang::Language;
use tares_model::RepoPath;
use tares_model::finding::Family;
use tares_rules::{Rule, Rules};
use tares_testkit::rewrite::{Rewrite, Rewritten, rewrites};

/// Classes that hide a name or a text. A rule about hiding is right to speak after them.
const HIDING: &[&str] = &["attribute", "code", "import", "namespace", "text"];

/// Rules of other families that count hiding among their signs.
const COUNTS_HIDING: &[&str] = &["signs-add-up"];

/// Rules about how and where something is written down, whose pages say so: another way of writing
/// is another answer.
const ABOUT_WRITING: &[&str] = &[
    "any-address-kept",
    "code-kept-as-text",
    "merge-by-hand",
    "message-origin-unchecked",
];

/// How often a class applied to examples, and how often the answer stayed.
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

/// The second file of a rewritten example.
struct Beside(Option<(RepoPath, Arc<str>)>);

impl Program for Beside {
    fn exists(&self, path: &RepoPath) -> bool {
        self.read(path).is_some()
    }

    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        let (name, text) = self.0.as_ref()?;
        (name == path).then(|| Arc::clone(text))
    }
}

/// A page of a rule as the test needs it: the rule, those that speak in its place, the examples.
struct Page {
    rule: &'static Rule,
    louder: Vec<&'static Rule>,
    examples: Vec<Example>,
}

impl Page {
    /// Returns all pages; of each the examples that hold as they stand (`pages` tests that all do).
    fn all(worker: &mut Worker) -> Vec<Self> {
        let rules = Rules::embedded();
        let read = |rule: &'static Rule| {
            let supersedes = |other: &&Rule| other.supersedes.contains(&rule.id);
            let louder = rules.iter().filter(supersedes).collect();
            let mut examples = examples(&rule.page);
            // A rewrite of one side alone is a change of its own.
            examples.retain(|example| {
                example.before.is_none() && fired(worker, rule, example) == example.marked
            });
            Self {
                rule,
                louder,
                examples,
            }
        };
        let follows = |rule: &&'static Rule| !ABOUT_WRITING.contains(&&*rule.id);
        rules.iter().filter(follows).map(read).collect()
    }

    /// Returns the rewrites that ask a fair question about an example.
    fn rewrites(&self, example: &Example) -> impl Iterator<Item = &'static Rewrite> {
        let counts = COUNTS_HIDING.contains(&&*self.rule.id);
        let about_hiding =
            (counts || self.rule.family == Family::Concealment) && example.marked.is_empty();
        let all = rewrites(example.language).iter();
        all.filter(move |rewrite| !(about_hiding && HIDING.contains(&rewrite.class())))
    }

    /// Returns the lines whose calls are rewritten; none for those of all lines.
    fn focus(&self, example: &Example) -> Vec<u32> {
        example.marked.iter().copied().collect()
    }

    /// Returns what went wrong with a rewritten example.
    fn fault(&self, worker: &mut Worker, example: &Example, new: Rewritten) -> Option<String> {
        let bad = !example.marked.is_empty();
        let beside = new
            .beside
            .map(|(name, text)| (RepoPath::from(name), text.into()));
        let beside = Beside(beside);
        let rewritten = Example {
            language: example.language,
            task: example.task.clone(),
            before: None,
            source: new.source,
            marked: if bad {
                new.lines.into_iter().collect()
            } else {
                BTreeSet::new()
            },
            at: example.at,
        };
        let mine = fired_in(worker, &beside, self.rule, &rewritten);
        let mut heard: BTreeSet<u32> = mine.intersection(&rewritten.marked).copied().collect();
        for rule in &self.louder {
            heard.extend(
                fired_in(worker, &beside, rule, &rewritten).intersection(&rewritten.marked),
            );
        }
        let missed = heard.len() < example.marked.len();
        let extra = !mine.is_subset(&rewritten.marked);
        (missed || extra).then(|| {
            let what = if missed { "missed" } else { "extra" };
            format!(
                "{what}: fires in {mine:?}, wanted {:?}\n{}",
                rewritten.marked, rewritten.source
            )
        })
    }
}

fn family(language: Language) -> &'static str {
    if language == Language::Python {
        "python"
    } else {
        "javascript"
    }
}

/// What all examples under all rewrites gave.
#[derive(Default)]
struct Outcome {
    /// By class, language and whether the example is a good one.
    table: BTreeMap<(&'static str, &'static str, bool), Tally>,
    /// The first fault of each rule, rewrite and language.
    faults: BTreeMap<(&'static str, &'static str, &'static str), String>,
}

impl Outcome {
    /// Returns the outcome of all pages, computed once.
    fn of_every_page() -> &'static Self {
        static OUTCOME: OnceLock<Outcome> = OnceLock::new();
        OUTCOME.get_or_init(|| {
            let (mut worker, mut outcome) = (Worker::default(), Self::default());
            for page in Page::all(&mut worker) {
                for example in &page.examples {
                    outcome.add(&mut worker, &page, example);
                }
            }
            outcome
        })
    }

    fn add(&mut self, worker: &mut Worker, page: &Page, example: &Example) {
        let (focus, language) = (page.focus(example), family(example.language));
        for rewrite in page.rewrites(example) {
            let Some(new) = rewrite.apply(example.language, &example.source, &focus) else {
                continue;
            };
            let fault = page.fault(worker, example, new);
            let cell = (rewrite.class(), language, focus.is_empty());
            self.table.entry(cell).or_default().count(fault.is_none());
            if let Some(text) = fault {
                let told = || format!("page line {}, {text}", example.at);
                self.faults
                    .entry((&page.rule.id, rewrite.name, language))
                    .or_insert_with(told);
            }
        }
    }

    /// Returns the class × language table.
    fn shown(&self) -> String {
        let mut text = format!(
            "{:<16} {:<11} {:>12} {:>12}\n",
            "class", "language", "bad", "good"
        );
        for class in classes() {
            for language in ["python", "javascript"] {
                let cell = |good| {
                    self.table
                        .get(&(class, language, good))
                        .copied()
                        .unwrap_or_default()
                };
                let cells =
                    [cell(false), cell(true)].map(|t| format!("{} of {}", t.held, t.applied));
                writeln!(
                    text,
                    "{class:<16} {language:<11} {:>12} {:>12}",
                    cells[0], cells[1]
                )
                .unwrap();
            }
        }
        text
    }
}

/// Returns the classes of both languages.
fn classes() -> BTreeSet<&'static str> {
    let all = [Language::Python, Language::JavaScript]
        .map(rewrites)
        .into_iter()
        .flatten();
    all.map(Rewrite::class).collect()
}

impl Known {
    fn covers(&self, rule: &str, rewrite: &str, language: &str) -> bool {
        let same = self.rewrites.contains(&rewrite) && self.language == language;
        same && (self.rules.is_empty() || self.rules.contains(&rule))
    }
}

fn is_known(rule: &str, rewrite: &str, language: &str) -> bool {
    KNOWN
        .iter()
        .any(|known| known.covers(rule, rewrite, language))
}

#[test]
fn every_page_survives_every_rewrite() {
    let outcome = Outcome::of_every_page();
    let mut said = String::new();
    for ((rule, rewrite, language), text) in &outcome.faults {
        if !is_known(rule, rewrite, language) {
            writeln!(said, "## {rule} under {rewrite} in {language}: {text}").unwrap();
        }
    }
    assert!(said.is_empty(), "{said}{}", outcome.shown());
    let holds = |known: &Known, wanted: &str, rule: Option<&str>| {
        !outcome.faults.keys().any(|(name, rewrite, language)| {
            let same = *rewrite == wanted && rule.is_none_or(|rule| rule == *name);
            same && known.covers(name, rewrite, language)
        })
    };
    for known in KNOWN {
        for rewrite in known.rewrites {
            let rules = known.rules.iter().map(|rule| Some(*rule));
            let all = known.rules.is_empty().then_some(None);
            for rule in rules.chain(all).filter(|rule| holds(known, rewrite, *rule)) {
                let (language, why) = (known.language, known.why);
                let rule = rule.unwrap_or("every rule");
                writeln!(
                    said,
                    "{rule} under {rewrite} in {language} holds now, strike it: {why}"
                )
                .unwrap();
            }
        }
    }
    assert!(said.is_empty(), "{said}");
    println!("{}", outcome.shown());
}

/// Not applicable hides nothing: each class meets at least so many examples.
#[test]
fn every_class_is_applied() {
    let outcome = Outcome::of_every_page();
    let mut thin = String::new();
    for class in classes() {
        for (language, least) in [("python", LEAST[0]), ("javascript", LEAST[1])] {
            let applied = |good| {
                outcome
                    .table
                    .get(&(class, language, good))
                    .map_or(0, |tally| tally.applied)
            };
            let stated = least.iter().find(|(name, ..)| *name == class);
            let enough = stated
                .is_some_and(|(_, bad, good)| applied(false) >= *bad && applied(true) >= *good);
            if !enough {
                writeln!(thin, "{class} in {language}: stated {stated:?}").unwrap();
            }
        }
    }
    assert!(thin.is_empty(), "{thin}{}", outcome.shown());
}

/// How many pairs are drawn for each example; not every one applies.
const PAIRS: usize = 20;

/// Of a thousand pairs drawn so many have to hold. Measured: 3,347 of 3,350.
const HELD: usize = 995;

/// Two rewrites after one another, a few pairs for each example, the same at every run.
#[test]
fn pairs_of_rewrites_hold() {
    let (mut worker, mut tally) = (Worker::default(), Tally::default());
    let (mut faults, mut draw) = (String::new(), 0x9e37_79b9_7f4a_7c15_u64);
    for page in Page::all(&mut worker) {
        for example in &page.examples {
            let language = family(example.language);
            let unknown = |rewrite: &&Rewrite| !is_known(&page.rule.id, rewrite.name, language);
            let usable: Vec<&Rewrite> = page.rewrites(example).filter(unknown).collect();
            if usable.is_empty() {
                continue; // No rewrites are written for the language.
            }
            for _ in 0..PAIRS {
                let [first, second] = [(); 2].map(|()| usable[next(&mut draw) % usable.len()]);
                let once = first.apply(example.language, &example.source, &page.focus(example));
                let Some(once) = once else { continue };
                let focus = if example.marked.is_empty() {
                    &[][..]
                } else {
                    &once.lines
                };
                let twice = second.apply(example.language, &once.source, focus);
                let Some(mut twice) = twice else { continue };
                if let Some((name, text)) = once.beside {
                    let more = twice.beside.map(|(_, more)| more).unwrap_or_default();
                    twice.beside = Some((name, text + &more));
                }
                let fault = page.fault(&mut worker, example, twice);
                tally.count(fault.is_none());
                if let Some(text) = fault {
                    writeln!(
                        faults,
                        "## {} under {} and {}: {text}",
                        page.rule.id, first.name, second.name
                    )
                    .unwrap();
                }
            }
        }
    }
    let Tally { applied, held } = tally;
    println!("{held} of {applied} pairs hold");
    assert!(
        held * 1000 >= applied * HELD,
        "{held} of {applied} pairs hold\n{faults}"
    );
}

/// Returns the next number of a linear congruential generator (Knuth's constants).
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}
