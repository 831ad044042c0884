//! Every page is a test: marked lines of bad examples fire, all other lines stay silent.
//!
//! A block names the file it stands for: `text path=AGENTS.md`. A block with `base` is what the file held
//! before the change of the next block.

use std::collections::BTreeSet;
use tares_deps::{judge, judge_commands, rules};
use tares_model::{LineIndex, Notice, RepoPath, RulePage};

struct Example {
    path: String,
    text: String,
    marked: BTreeSet<u32>,
    base: Option<String>,
    is_bad: bool,
}

fn examples(page: &RulePage) -> Vec<Example> {
    let mut found = Vec::new();
    let (mut heading, mut base) = ("", None);
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
        let mut example = Example {
            base: base.take(),
            path: path.to_owned(),
            text: String::new(),
            marked: BTreeSet::new(),
            is_bad: heading == "## Bad",
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
        if is_base {
            base = Some(example.text);
        } else {
            found.push(example);
        }
    }
    found
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
            let found = look(&example);
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

/// Judges a file as a change does: what its name says, and the commands in it.
fn look(example: &Example) -> Vec<Notice> {
    let path = RepoPath::from(example.path.as_str());
    let base = example.base.as_deref();
    let mut found = judge(&path, base, &example.text);
    if example.path.ends_with(".sh") {
        found.extend(judge_commands(base, &example.text, false));
    }
    found
}
