//! The papers: no dead path, no dead link, no document that nobody listed.

use crate::tree::{assert_none, files, root, text};
use std::path::Path;

/// First parts of paths that are always read as places of this repository.
const ROOMS: [&str; 7] = ["crates", "docs", "fuzz", "specs", "xtask", ".ci", ".config"];

fn papers() -> Vec<String> {
    let is_paper = |file: &String| {
        let folder = file.starts_with("docs/") || file.starts_with("specs/");
        file.ends_with(".md") && (folder || !file.contains('/'))
    };
    files().into_iter().filter(is_paper).collect()
}

#[test]
fn paths_in_papers_exist() {
    let mut complaints = Vec::new();
    for paper in papers() {
        for (number, line) in prose(&text(&paper).unwrap()) {
            let spans = line.split('`').skip(1).step_by(2);
            for span in spans.filter(|span| names_a_place(span)) {
                if !root().join(span.trim_end_matches('/')).exists() {
                    complaints.push(format!("{paper}:{number}: `{span}`"));
                }
            }
        }
    }
    assert_none("a paper names a path that does not exist", &complaints);
}

#[test]
fn links_in_papers_lead_somewhere() {
    let mut complaints = Vec::new();
    for paper in papers() {
        let folder = root().join(&paper).parent().unwrap().to_path_buf();
        for (number, line) in prose(&text(&paper).unwrap()) {
            for target in links(&line) {
                if !folder.join(target).exists() {
                    complaints.push(format!("{paper}:{number}: {target}"));
                }
            }
        }
    }
    assert_none("a paper links to a file that does not exist", &complaints);
}

#[test]
fn every_document_is_listed() {
    let list = text("docs/README.md").unwrap();
    let listed: Vec<&str> = list.lines().flat_map(links).collect();
    let unlisted: Vec<String> = files()
        .into_iter()
        .filter_map(|file| file.strip_prefix("docs/").map(str::to_owned))
        .filter(|file| file != "README.md" && !listed.contains(&file.as_str()))
        .collect();
    assert_none("a document is not listed in docs/README.md", &unlisted);
}

#[test]
fn places_are_told_from_words() {
    for place in [
        "crates/tares-model/src/exit.rs",
        ".ci/run",
        "STYLE.md",
        "docs/",
    ] {
        assert!(names_a_place(place), "{place}");
    }
    let words = [
        "rule.toml",
        "crates/<name>",
        "src/app.py",
        "a/b",
        "tares check",
        "crates/*",
    ];
    for word in words {
        assert!(!names_a_place(word), "{word}");
    }
}

/// Returns the lines outside fenced blocks with their numbers.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((index + 1, line.to_owned()));
        }
    }
    lines
}

/// Whether a code span reads as a place of this repository and not as a word or an example.
fn names_a_place(span: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if span.is_empty() || !span.chars().all(plain) {
        return false;
    }
    match span.split_once('/') {
        Some((first, _)) => ROOMS.contains(&first),
        // Papers of the root are written in capitals; other bare names are somebody else's files.
        None => {
            let stem = span.strip_suffix(".md").unwrap_or_default();
            !stem.is_empty() && stem.chars().all(|c| c.is_ascii_uppercase() || c == '-')
        }
    }
}

/// Returns the relative targets of the links in a line, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', '#', ' ']).next()?;
        let local = !target.is_empty() && !target.contains(':') && !Path::new(target).is_absolute();
        local.then_some(target)
    })
}
