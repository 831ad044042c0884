//! Small programs as they are written every day, each with its mended twin: the flaw asks for a
//! person, and nothing in the mended program does.
//!
//! A file of `twins` holds them one after the other: `=== language CWE-n`, the program, `--- mended`,
//! the twin.

use std::sync::Arc;
use tares_effects::{NoProgram, Worker, analyse};
use tares_lang::Language;
use tares_model::RepoPath;
use tares_model::finding::Level;
use tares_rules::Rules;

const FILES: &[&str] = &[
    include_str!("twins/python.txt"),
    include_str!("twins/javascript.txt"),
    include_str!("twins/compiled.txt"),
];

/// Classes that say the same of a flaw as another.
const KIN: &[(u32, &[u32])] = &[
    (94, &[95]),
    (95, &[94]),
    (90, &[943]),
    (643, &[943]),
    (327, &[328, 916]),
    (328, &[327, 916]),
    (330, &[338]),
    (338, &[330]),
    (321, &[798]),
    (1004, &[614]),
    (614, &[1004]),
    (915, &[1321]),
];

/// A program and its twin.
struct Twins<'a> {
    language: Language,
    cwe: u32,
    flawed: &'a str,
    mended: &'a str,
}

impl<'a> Twins<'a> {
    fn read(text: &'a str) -> Vec<Self> {
        let text = text.strip_prefix("=== ").unwrap();
        let pairs = text.split("\n=== ").map(|part| {
            let (head, body) = part.split_once('\n').unwrap();
            let (language, cwe) = head.split_once(" CWE-").unwrap();
            let (flawed, mended) = body.split_once("--- mended\n").unwrap();
            Self {
                language: Language::from_name(language).unwrap(),
                cwe: cwe.parse().unwrap(),
                flawed,
                mended,
            }
        });
        pairs.collect()
    }
}

/// Returns what asks for a person in a program: rule, weaknesses, message.
fn raised(
    worker: &mut Worker,
    language: Language,
    source: &str,
) -> Vec<(String, Vec<u32>, String)> {
    let path = RepoPath::from(match language {
        Language::Python => "app.py",
        Language::Go => "app.go",
        Language::Java => "App.java",
        _ => "app.js",
    });
    let source: Arc<str> = source.into();
    let effects = analyse(worker, &NoProgram, &path, language, &source).effects;
    let drafts = Rules::embedded().judge(&effects);
    let drafts = drafts.iter().filter(|draft| draft.level > Level::Note);
    drafts
        .map(|draft| {
            (
                draft.rule.id.clone(),
                draft.rule.cwe.clone(),
                draft.message.clone(),
            )
        })
        .collect()
}

#[test]
fn flaws_ask_for_a_person_and_mended_twins_do_not() {
    let (mut worker, mut faults, mut count) = (Worker::default(), Vec::new(), 0);
    for twins in FILES.iter().flat_map(|file| Twins::read(file)) {
        count += 1;
        let first = twins
            .flawed
            .lines()
            .find(|line| line.contains("("))
            .unwrap_or_default();
        let kin = KIN
            .iter()
            .find(|(cwe, _)| *cwe == twins.cwe)
            .map_or(&[][..], |(_, kin)| kin);
        let found = raised(&mut worker, twins.language, twins.flawed);
        let right = |cwe: &u32| *cwe == twins.cwe || kin.contains(cwe);
        if !found.iter().any(|(_, cwes, _)| cwes.iter().any(right)) {
            faults.push(format!("CWE-{} is missed: {first}\n  {found:?}", twins.cwe));
        }
        let left = raised(&mut worker, twins.language, twins.mended);
        if !left.is_empty() {
            faults.push(format!("CWE-{} is mended: {first}\n  {left:?}", twins.cwe));
        }
    }
    assert!(count > 90, "the programs were found");
    assert!(
        faults.is_empty(),
        "{} of {count}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
