//! Reads every rule folder, the lexicons and the table of settings, and refuses what is not well
//! formed. Pages are stored as postcard bytes; the tables are written as Rust, so that a run begins
//! without reading or building any of them.
#![expect(clippy::disallowed_methods, reason = "a build script reads its inputs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "build/compile.rs"]
mod compile;

#[path = "build/lexicon.rs"]
mod lexicon;

#[path = "src/pattern.rs"]
#[expect(
    dead_code,
    reason = "shared with the crate, which runs what is compiled here"
)]
mod pattern;

#[path = "build/table.rs"]
mod table;

use compile::{Compiled, compile, write_finder};
use tares_model::RulePage;

/// What `…` stands for in a pattern: up to 60 bytes between two dots that end no sentence.
const SENTENCE: &str = r"[^\n.]{0,60}(?:\.\S[^\n.]{0,60}){0,3}";

/// Headings that every page has.
const HEADINGS: &[&str] = &[
    "## What",
    "## Why",
    "## Bad",
    "## Good",
    "## How to fix",
    "## What it cannot see",
];

fn main() {
    for input in ["build", "lexicon", "rules", "settings", "src/pattern.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let mut pages: Vec<RulePage> = folders(Path::new("rules"))
        .iter()
        .flat_map(|family| folders(family))
        .map(|folder| read(&folder))
        .collect();
    pages.sort_by(|one, other| one.id.cmp(&other.id));
    for pair in pages.windows(2) {
        assert_ne!(pair[0].id, pair[1].id, "two rules have one id");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    let bytes = postcard::to_stdvec(&pages).expect("pages are plain data");
    fs::write(out.join("pages.postcard"), bytes).expect("OUT_DIR is writable");
    fs::write(out.join("settings.rs"), settings(&pages)).expect("OUT_DIR is writable");
    fs::write(out.join("lexicon.rs"), lexicon()).expect("OUT_DIR is writable");
}

/// Reads the tables of dangerous settings, whose lines name rules and levels that exist, and
/// writes them as one.
fn settings(pages: &[RulePage]) -> String {
    let mut out = String::from("static TABLE: &[Setting] = &[\n");
    for file in files("settings") {
        let text = fs::read_to_string(&file).expect("the table is readable");
        let mut read: BTreeMap<String, Vec<table::Setting>> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for setting in read.remove("setting").unwrap_or_default() {
            let is_known = pages.iter().any(|page| page.id == setting.rule);
            assert!(is_known, "no rule `{}`", setting.rule);
            out.push_str(&written(&setting));
        }
    }
    out + "];\n"
}

/// Writes one line of the table as an expression.
fn written(setting: &table::Setting) -> String {
    let level = match setting.level.as_str() {
        "note" => "Note",
        "review" => "Review",
        "block" => "Block",
        level => panic!("no level `{level}`"),
    };
    let value = match setting.value.as_str() {
        "any" => "Any".to_owned(),
        "true" => "Bool(true)".to_owned(),
        "false" => "Bool(false)".to_owned(),
        "command" => "Command".to_owned(),
        "foreign" => "Foreign".to_owned(),
        value => {
            let pattern = value.strip_prefix('/').and_then(|v| v.strip_suffix('/'));
            let pattern = pattern.unwrap_or_else(|| panic!("no value `{value}`"));
            format!("Pattern({})", compile(pattern, false).write())
        }
    };
    let keys = setting
        .keys
        .iter()
        .map(|key| format!("&{:?}, ", split(key)));
    format!(
        "Setting {{ rule: {:?}, level: Level::{level}, says: {:?}, files: &{:?}, keys: &[{}], value: Wanted::{value} }},\n",
        setting.rule,
        setting.says,
        setting.files,
        keys.collect::<String>()
    )
}

/// Splits a key at its dots; a backslash keeps a dot in the key.
fn split(key: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut letters = key.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => part.extend(letters.next()),
            '.' => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
    }
    parts.push(part);
    parts
}

/// Returns the files of a folder, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable entry").path())
        .collect();
    files.sort();
    files
}

/// Reads the lexicons of all languages, English first, which names the features, and writes them
/// as tables of one finder.
fn lexicon() -> String {
    let mut all: Vec<(bool, lexicon::File)> = Vec::new();
    for file in files("lexicon") {
        let text = fs::read_to_string(&file).expect("the lexicon is readable");
        let read: lexicon::File =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        all.push((!file.ends_with("en.toml"), read));
    }
    all.sort_by_key(|(is_other, _)| *is_other);
    let english: Vec<(&str, &str)> = all[0]
        .1
        .feature
        .iter()
        .map(|feature| (feature.name.as_str(), feature.says.as_str()))
        .collect();
    assert!(english.len() <= 32, "features are counted in 32 bits");
    let (mut anchors, mut signs, mut owners) = (Vec::new(), String::new(), Vec::new());
    let mut programs: Vec<Compiled> = Vec::new();
    for (language, (is_other, file)) in all.iter().enumerate() {
        let any = |words: &[String]| {
            let words: Vec<String> = words
                .iter()
                .map(|word| regex_syntax::escape(word))
                .collect();
            compile(&words.join("|"), true)
        };
        let words = file.anchors.iter();
        anchors.extend(words.map(|word| compile(&regex_syntax::escape(word), true)));
        assert_eq!(
            *is_other,
            !file.signs.is_empty(),
            "a language but English has signs by which it is known"
        );
        signs += &(any(&file.signs).write() + ", ");
        for feature in &file.feature {
            let owner = english.iter().position(|(name, _)| *name == feature.name);
            let owner = owner.unwrap_or_else(|| panic!("no feature `{}`", feature.name));
            for pattern in &feature.patterns {
                let excuses = (feature.may_be_forbidden, feature.may_be_quoted);
                owners.push((owner, language, excuses));
                programs.push(compile(&pattern.replace('…', SENTENCE), true));
            }
        }
    }
    format!(
        "static FEATURES: &[(&str, &str)] = &{english:?};\n\
         static OWNERS: &[(u8, u8, (bool, bool))] = &{owners:?};\n\
         static SIGNS: &[Program] = &[{signs}];\n\
         static ANCHORS: Finder = {};\n\
         static LEXICON: Finder = {};\n",
        write_finder(&anchors),
        write_finder(&programs)
    )
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("readable entry").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn read(folder: &Path) -> RulePage {
    let text = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
    };
    let mut page: RulePage = toml::from_str(&text("rule.toml"))
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    page.page = text("page.md");
    let is_named = folder.file_name().is_some_and(|name| *name == *page.id);
    assert!(is_named, "{}: id and folder differ", folder.display());
    for heading in HEADINGS {
        assert!(
            page.page.lines().any(|line| line == *heading),
            "{}: `{heading}` is missing",
            folder.display()
        );
    }
    page
}
