//! Every page is a test: marked lines of bad examples fire, all other lines stay silent.
//!
//! Odd characters are written as `\u{…}` in pages, so that a page shows what it holds. A block
//! names the file it stands for: `text path=AGENTS.md`. A block with `base` is what the file held
//! before the change of the next block.

use std::collections::BTreeSet;
use tares_guard::{inspect, rules};
use tares_model::{LineIndex, RepoPath, RulePage};

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
            example.text.push_str(&unescape(code.unwrap_or(line)));
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

/// Writes `\u{…}` as the character, and `\\` as a backslash.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(tail) = rest.strip_prefix("\\\\") {
            out.push('\\');
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("\\u{") {
            let (digits, tail) = tail.split_once('}').expect("a closed escape");
            let code = u32::from_str_radix(digits, 16).expect("hexadecimal digits");
            out.push(char::from_u32(code).expect("a character"));
            rest = tail;
        } else {
            out.push('\\');
            rest = &rest[1..];
        }
    }
    out + rest
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
            let found = inspect(
                &RepoPath::from(example.path.as_str()),
                example.base.as_deref(),
                &example.text,
            );
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

#[test]
fn every_rule_that_is_used_has_a_page() {
    for id in ["hidden-message", "confusable-name", "text-out-of-sight"] {
        assert!(tares_guard::rule(id).is_some(), "{id}");
    }
}
