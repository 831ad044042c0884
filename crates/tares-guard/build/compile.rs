//! Compiles regular expressions to the programs of `src/pattern.rs`, written as Rust.
//!
//! Words, classes and cases are those of ASCII; other letters match as they are written.

use crate::pattern::{ANY, Look, Set, Step};
use regex_syntax::hir::{self, Hir, HirKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Marks of one program are counted in 16 bits, and memory is cleared for each of them.
const MARKS: u16 = 2000;

/// A program before it is written.
#[derive(Default)]
pub(crate) struct Compiled {
    steps: Vec<Step>,
    sets: Vec<Set>,
    marks: u16,
}

/// Compiles one regular expression.
pub(crate) fn compile(pattern: &str, ignores_case: bool) -> Compiled {
    let parsed = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .case_insensitive(ignores_case)
        .build()
        .parse(pattern)
        .unwrap_or_else(|error| panic!("{pattern}: {error}"));
    let mut compiled = Compiled::default();
    compiled.add(&parsed);
    compiled.steps.push(Step::Done);
    compiled.look_ahead();
    assert!(compiled.marks < MARKS, "{pattern}: too many choices");
    compiled
}

impl Compiled {
    fn add(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => {
                self.steps.extend(literal.0.iter().map(|b| Step::Byte(*b)));
            }
            HirKind::Class(class) => match (set_of(hir), class) {
                (Some(set), _) => {
                    let step = self.one(set);
                    self.steps.push(step);
                }
                (None, hir::Class::Unicode(class)) => self.any(&letters(class)),
                (None, _) => unreachable!("classes of bytes are sets"),
            },
            HirKind::Look(look) => self.steps.push(Step::Look(look_of(*look))),
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Alternation(ways) => self.any(ways),
            HirKind::Repetition(repetition) => self.repeat(repetition),
        }
    }

    fn one(&mut self, set: Set) -> Step {
        let bytes: Vec<u8> = bytes(&set).take(3).collect();
        match bytes[..] {
            [b] => Step::Byte(b),
            [big, small] if big.is_ascii_uppercase() && small == big | 0x20 => Step::Letter(small),
            _ => Step::Set(self.set(set)),
        }
    }

    fn set(&mut self, set: Set) -> u16 {
        let known = self.sets.iter().position(|known| *known == set);
        known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        }) as u16
    }

    fn mark(&mut self, many: u16) -> u16 {
        self.marks += many;
        self.marks - many
    }

    /// Adds a choice whose other way is filled in later.
    fn split(&mut self) -> usize {
        let mark = self.mark(1);
        self.steps.push(Step::Split { other: 0, mark });
        self.steps.len() - 1
    }

    /// Lets a choice or jump lead to the next step.
    fn lead_here(&mut self, at: usize) {
        let here = self.steps.len() as u16;
        match &mut self.steps[at] {
            Step::Split { other, .. } => *other = here,
            Step::Jump(to) => *to = here,
            step => panic!("{step:?} leads nowhere"),
        }
    }

    fn any(&mut self, ways: &[Hir]) {
        let (last, others) = ways.split_last().expect("an alternation has ways");
        let mut ends = Vec::new();
        for way in others {
            let split = self.split();
            self.add(way);
            ends.push(self.steps.len());
            self.steps.push(Step::Jump(0));
            self.lead_here(split);
        }
        self.add(last);
        ends.into_iter().for_each(|end| self.lead_here(end));
    }

    fn repeat(&mut self, repetition: &hir::Repetition) {
        if let Some(set) = set_of(&repetition.sub) {
            let set = self.set(set);
            let mark = self.mark(2);
            let max = repetition.max.map_or(ANY, |max| max as u16);
            let min = repetition.min as u16;
            return self.steps.push(Step::Run {
                set,
                min,
                max,
                then: 0,
                mark,
            });
        }
        let is_endless = repetition.max.is_none();
        assert!(
            !is_endless || repetition.sub.properties().minimum_len() > Some(0),
            "what repeats without end is not empty"
        );
        for _ in 0..repetition.min {
            self.add(&repetition.sub);
        }
        let Some(max) = repetition.max else {
            let again = self.steps.len() as u16;
            let split = self.split();
            self.add(&repetition.sub);
            self.steps.push(Step::Jump(again));
            return self.lead_here(split);
        };
        let splits: Vec<usize> = (repetition.min..max)
            .map(|_| {
                let split = self.split();
                self.add(&repetition.sub);
                split
            })
            .collect();
        splits.into_iter().for_each(|split| self.lead_here(split));
    }

    /// Fills in what comes behind each run.
    fn look_ahead(&mut self) {
        for at in 0..self.steps.len() {
            let is_run = matches!(self.steps[at], Step::Run { .. });
            if !is_run {
                continue;
            }
            let behind = self.after(&BTreeSet::from([Some((at + 1, 0))]));
            let behind: Vec<u8> = behind.into_keys().collect();
            let set = self.set(single(&behind));
            if let Step::Run { then, .. } = &mut self.steps[at] {
                *then = set;
            }
        }
    }

    /// Returns the sets of bytes that can come next at a state, each with the state behind it;
    /// `None` among them where nothing more is needed. A state is a step, and how much of a run
    /// was read.
    fn next(&self, state: State, out: &mut Vec<(Set, Option<State>)>) {
        let (step, read) = state;
        match self.steps[step] {
            Step::Byte(b) => out.push((single(&[b]), Some((step + 1, 0)))),
            Step::Letter(b) => {
                out.push((single(&[b, b.to_ascii_uppercase()]), Some((step + 1, 0))));
            }
            Step::Set(set) => out.push((self.sets[usize::from(set)], Some((step + 1, 0)))),
            Step::Run { set, min, max, .. } => {
                if max == ANY || read < max {
                    out.push((self.sets[usize::from(set)], Some((step, read + 1))));
                }
                if read >= min {
                    self.next((step + 1, 0), out);
                }
            }
            Step::Split { other, .. } => {
                self.next((step + 1, 0), out);
                self.next((usize::from(other), 0), out);
            }
            Step::Jump(to) => self.next((usize::from(to), 0), out),
            Step::Look(_) => self.next((step + 1, 0), out),
            Step::Done => out.push(([u64::MAX; 4], None)),
        }
    }

    /// Returns the bytes that can come next at any of several states, and the states behind each.
    fn after(&self, states: &BTreeSet<Option<State>>) -> BTreeMap<u8, BTreeSet<Option<State>>> {
        let mut found: BTreeMap<u8, BTreeSet<Option<State>>> = BTreeMap::new();
        for state in states {
            let mut next = Vec::new();
            match state {
                Some(state) => self.next(*state, &mut next),
                None => next.push(([u64::MAX; 4], None)),
            }
            for (set, behind) in next {
                bytes(&set).for_each(|b| _ = found.entry(b).or_default().insert(behind));
            }
        }
        found
    }

    /// Returns for each two bytes that a match can begin with the set of the third one.
    fn beginnings(&self) -> BTreeMap<(u8, u8), Set> {
        let mut known: BTreeMap<BTreeSet<Option<State>>, Set> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for (first, states) in self.after(&BTreeSet::from([Some((0, 0))])) {
            for (second, states) in self.after(&states) {
                let third = known.entry(states).or_insert_with_key(|states| {
                    let third: Vec<u8> = self.after(states).into_keys().collect();
                    single(&third)
                });
                found.insert((first, second), *third);
            }
        }
        found
    }

    /// Writes it as an expression.
    pub(crate) fn write(&self) -> String {
        let Self { steps, sets, marks } = self;
        let steps: String = steps.iter().map(write_step).collect();
        format!("Program {{ steps: &[{steps}], sets: &{sets:?}, marks: {marks} }}")
    }
}

fn write_step(step: &Step) -> String {
    match step {
        Step::Look(look) => format!("Step::Look(Look::{look:?}), "),
        step => format!("Step::{step:?}, "),
    }
}

/// A step, and how many bytes of its run were read.
type State = (usize, u16);

/// Writes the expression of a finder.
pub(crate) fn write_finder(programs: &[Compiled]) -> String {
    assert!(programs.len() <= 256, "programs are counted in 8 bits");
    let mut pairs: BTreeMap<(u8, u8), Vec<(u8, u16)>> = BTreeMap::new();
    let mut sets: Vec<Set> = Vec::new();
    for (i, program) in programs.iter().enumerate() {
        for (pair, third) in program.beginnings() {
            let known = sets.iter().position(|set| *set == third);
            let set = known.unwrap_or_else(|| {
                sets.push(third);
                sets.len() - 1
            });
            pairs.entry(pair).or_default().push((i as u8, set as u16));
        }
    }
    let mut lists: Vec<Vec<(u8, u16)>> = vec![Vec::new()];
    let mut numbers = vec![vec![0_u16; 256]; 256];
    for ((first, second), list) in pairs {
        let known = lists.iter().position(|known| *known == list);
        let number = known.unwrap_or_else(|| {
            lists.push(list);
            lists.len() - 1
        });
        numbers[usize::from(first)][usize::from(second)] = number as u16;
    }
    // Bytes are of one class that lead to the same lists, as the first and as the second.
    let column = |b: usize| -> Vec<u16> { numbers.iter().map(|row| row[b]).collect() };
    let mut kinds: Vec<(Vec<u16>, Vec<u16>)> = Vec::new();
    let mut examples = Vec::new();
    let classes: Vec<u8> = (0..256)
        .map(|b| {
            let kind = (numbers[b].clone(), column(b));
            let known = kinds.iter().position(|known| *known == kind);
            known.unwrap_or_else(|| {
                kinds.push(kind);
                examples.push(b);
                kinds.len() - 1
            }) as u8
        })
        .collect();
    let rows = examples
        .iter()
        .flat_map(|first| examples.iter().map(|second| numbers[*first][*second]));
    let table: Vec<u16> = rows.collect();
    let width = examples.len();
    let lists: Vec<String> = lists.iter().map(|list| format!("&{list:?}")).collect();
    let mut out = format!(
        "Finder {{ classes: &{classes:?}, width: {width}, table: &{table:?}, lists: &[{}], sets: &{sets:?}, programs: &[",
        lists.join(", ")
    );
    for program in programs {
        let _ = write!(out, "{}, ", program.write());
    }
    out.push_str("] }");
    out
}

fn look_of(look: hir::Look) -> Look {
    match look {
        hir::Look::Start => Look::Start,
        hir::Look::End => Look::End,
        hir::Look::StartLF => Look::LineStart,
        hir::Look::WordAscii => Look::Border,
        other => panic!("{other:?} is not known to the matcher"),
    }
}

/// Returns the set of an expression that is one byte.
fn set_of(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Capture(capture) => set_of(&capture.sub),
        HirKind::Literal(literal) if literal.0.len() == 1 => Some(single(&literal.0)),
        HirKind::Class(hir::Class::Bytes(class)) => {
            let all: Vec<u8> = class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .collect();
            Some(single(&all))
        }
        HirKind::Class(hir::Class::Unicode(class)) => {
            let all = class.iter().flat_map(|range| range.start()..=range.end());
            let all: Option<Vec<u8>> = all
                .map(|c| u8::try_from(c).ok().filter(u8::is_ascii))
                .collect();
            all.map(|all| single(&all))
        }
        _ => None,
    }
}

/// Returns the letters of a class, each an expression: `你|您` comes as a class.
fn letters(class: &hir::ClassUnicode) -> Vec<Hir> {
    let all = class.iter().flat_map(|range| range.start()..=range.end());
    let letters: Vec<Hir> = all
        .map(|c| Hir::literal(c.to_string().into_bytes()))
        .collect();
    assert!(letters.len() <= 64, "a class of many letters beyond ASCII");
    letters
}

fn single(all: &[u8]) -> Set {
    let mut set = [0; 4];
    for b in all {
        set[usize::from(b >> 6)] |= 1 << (b & 63);
    }
    set
}

fn bytes(set: &Set) -> impl Iterator<Item = u8> {
    (0..=255_u8).filter(|b| set[usize::from(b >> 6)] >> (b & 63) & 1 == 1)
}
