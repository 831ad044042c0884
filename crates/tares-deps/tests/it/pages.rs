//! Every page is a test: marked lines of bad examples fire, all other lines stay silent.
//!
//! A block names the file it stands for: `text path=AGENTS.md`. A block with `base` is what the file held
//! before the change of the next block. A block with `advisory` is a document of a database: all that stand above an
//! example in a page answer it, on the day [`TODAY`]; `˜˜˜` in it is a fence. A block `facts` says what a registry
//! knows, one package in a line, to the next block; one with `locks` is the lock file beside the next, one with `beside` the manifest.

use crate::advisories::Data;
use crate::twin::Twin;
use std::collections::BTreeSet;
use tares_deps::advisory::judge_looked;
use tares_deps::package::{Asked, Author, Rules};
use tares_deps::{Ecosystem, Reference, formats, imports, package};
use tares_deps::{
    Looked, judge_licences, judge_lock_root, look as look_at, look_at_page, look_for_commands,
    rules,
};
use tares_model::fact::{PackageFacts, PackageName, Packages as _};
use tares_model::{LineIndex, Notice, RepoPath, RulePage};

struct Example {
    path: String,
    text: String,
    marked: BTreeSet<u32>,
    base: Option<String>,
    facts: Option<Twin>,
    /// Text of the manifest beside it.
    beside: Option<String>,
    /// Names of the lock file beside it.
    locked: Option<Vec<String>>,
    is_bad: bool,
    advisories: Vec<(String, String)>,
}

/// The day of all examples.
pub(crate) const TODAY: &str = "2026-01-10";

fn examples(page: &RulePage) -> Vec<Example> {
    let mut found = Vec::new();
    let (mut heading, mut base, mut facts) = ("", None, None);
    let (mut locked, mut beside) = (None, None);
    let mut advisories = Vec::new();
    let mut lines = page.page.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            heading = line;
        }
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let path = info
            .split_once("path=")
            .unwrap_or_else(|| panic!("{}: a block without a path", page.id))
            .1;
        let (path, is_base) = match path.strip_suffix(" base") {
            Some(path) => (path, true),
            None => (path, false),
        };
        let (path, is_advisory) = match path.strip_suffix(" advisory") {
            Some(path) => (path, true),
            None => (path, false),
        };
        let (path, is_lock) = match path.strip_suffix(" locks") {
            Some(path) => (path, true),
            None => (path, false),
        };
        let (path, is_beside) = match path.strip_suffix(" beside") {
            Some(path) => (path, true),
            None => (path, false),
        };
        let mut example = Example {
            beside: beside.take(),
            base: base.take(),
            facts: facts.take(),
            locked: locked.take(),
            path: path.to_owned(),
            text: String::new(),
            marked: BTreeSet::new(),
            is_bad: heading == "## Bad",
            advisories: advisories.clone(),
        };
        for (number, line) in (1..).zip(lines.by_ref().take_while(|line| *line != "```")) {
            let code = [" # fires", " // fires"]
                .iter()
                .find_map(|mark| line.strip_suffix(mark));
            if code.is_some() {
                example.marked.insert(number);
            }
            example.text.push_str(code.unwrap_or(line));
            example.text.push('\n');
        }
        if is_advisory {
            advisories.push((example.path, example.text.replace("˜˜˜", "```")));
        } else if is_beside {
            beside = Some(example.text);
        } else if is_lock {
            locked = Some(names(&example));
        } else if example.path == "facts" {
            facts = Some(Twin::read(&example.text));
        } else if is_base {
            base = Some(example.text);
        } else {
            found.push(example);
        }
    }
    found
}

fn names(example: &Example) -> Vec<String> {
    let path = RepoPath::from(example.path.as_str());
    let read = formats::read(&path, &example.text)
        .expect("a format")
        .expect("readable");
    read.iter().map(Reference::normal).collect()
}

#[test]
fn pages_fire_where_they_say() {
    let mut wrong = Vec::new();
    for page in rules() {
        let examples = examples(page);
        assert!(
            examples.iter().any(|e| e.is_bad),
            "{}: no bad example",
            page.id
        );
        assert!(
            examples.iter().any(|e| !e.is_bad),
            "{}: no good example",
            page.id
        );
        for example in examples {
            assert_eq!(example.is_bad, !example.marked.is_empty(), "{}", page.id);
            let index = LineIndex::new(&example.text);
            let found = look(&page.id, &example);
            let lines: BTreeSet<u32> = found
                .iter()
                .filter(|notice| notice.rule == page.id || !example.is_bad)
                .map(|notice| index.line(notice.span.start))
                .collect();
            if lines != example.marked {
                wrong.push(format!("{} {}: {lines:?} {found:?}", page.id, example.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Judges a file as a change does: what its name says, the commands in it, and what is known of
/// the packages.
fn look(rule: &str, example: &Example) -> Vec<Notice> {
    let path = RepoPath::from(example.path.as_str());
    let base = example.base.as_deref();
    if let Some(twin) = &example.facts {
        return ask(&path, &example.text, twin);
    }
    if let Some(locked) = &example.locked {
        let read = formats::read(&path, &example.text)
            .expect("a format")
            .expect("readable");
        let missing = read.iter().filter(|r| !locked.contains(&r.normal()));
        return missing
            .map(|r| Notice {
                span: r.span,
                ..package::unlocked(r.ecosystem, &r.name)
            })
            .collect();
    }
    if let Some(manifest) = &example.beside {
        return judge_lock_root(manifest, &example.text);
    }
    let mut file = look_at(&path, base, &example.text);
    let mut commands = Looked::default();
    if example.path.ends_with(".sh") {
        commands = look_for_commands(base, &example.text, false);
    }
    if formats::is_page(&path) {
        commands = look_at_page(base, &example.text);
    }
    let mut found = std::mem::take(&mut file.notices);
    found.append(&mut commands.notices);
    if rule == "licence-not-allowed" {
        let allowed = ["MIT", "Apache-2.0"].map(str::to_owned);
        found.extend(judge_licences(&path, base, &example.text, &allowed));
    }
    let data = Data::new(&example.advisories);
    let judged = judge_looked(&[&file, &commands], &data);
    found.extend(judged.stale(&data));
    found.extend(judged.notices);
    found
}

fn ask(path: &RepoPath, text: &str, twin: &Twin) -> Vec<Notice> {
    let mut found = Vec::new();
    let mut references: Vec<Reference> = match formats::read(path, text) {
        Some(read) => read.expect("a page is readable"),
        None => formats::commands(text),
    };
    references.retain(|r| {
        matches!(
            r.origin,
            tares_deps::Origin::Registry | tares_deps::Origin::Resolved(_)
        )
    });
    for reference in &references {
        let name = PackageName {
            ecosystem: reference.ecosystem,
            name: reference.normal(),
        };
        // A page says only what it is about.
        if !twin.knows(&name) {
            continue;
        }
        let facts = &twin.facts(&[name])[0];
        let asked = Asked {
            name: &reference.name,
            version: reference.version.as_deref(),
            digests: reference.digest.iter().map(String::as_str).collect(),
            similar: None,
        };
        let mut notices = package::judge(&asked, facts, &Rules::default());
        let author: Option<Author> = twin.author();
        notices.extend(author.and_then(|author| package::newer_than(&author, &asked, facts)));
        for mut notice in notices {
            notice.span = reference.span;
            found.push(notice);
        }
    }
    if path.as_str().ends_with(".py") {
        found.extend(import(text, twin));
    }
    found
}

/// Judges lines `import x`; finding imports in real code is the engine's.
fn import(text: &str, twin: &Twin) -> Vec<Notice> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let module = line.trim().strip_prefix("import ").unwrap_or("");
        if !module.is_empty() && !imports::is_builtin(Ecosystem::PyPi, module) {
            let names: Vec<PackageName> = imports::candidates(Ecosystem::PyPi, module, &[])
                .into_iter()
                .map(|name| PackageName {
                    ecosystem: Ecosystem::PyPi,
                    name,
                })
                .collect();
            let facts = twin.facts(&names);
            let import = package::Import {
                ecosystem: Ecosystem::PyPi,
                module,
                manifests: package::Manifests::Above,
                is_installed: false,
            };
            let candidates: Vec<&PackageFacts> = facts.iter().collect();
            let notice = package::judge_import(&import, &candidates);
            found.extend(notice.map(|mut notice| {
                notice.span = tares_model::Span::new(at, at + 1);
                notice
            }));
        }
        at += line.len() as u32;
    }
    found
}
