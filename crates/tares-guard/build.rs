//! Reads every rule folder, refuses what is not well formed, and stores the pages as postcard
//! bytes that the crate embeds.
#![expect(clippy::disallowed_methods, reason = "a build script reads its inputs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "src/instruction/lexicon.rs"]
mod lexicon;

#[path = "src/settings/table.rs"]
mod table;

use tares_model::RulePage;

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
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=lexicon");
    println!("cargo::rerun-if-changed=settings");
    println!("cargo::rerun-if-changed=src/settings/table.rs");
    println!("cargo::rerun-if-changed=src/instruction/lexicon.rs");
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
    let bytes = postcard::to_stdvec(&settings(&pages)).expect("settings are plain data");
    fs::write(out.join("settings.postcard"), bytes).expect("OUT_DIR is writable");
    let bytes = postcard::to_stdvec(&features()).expect("features are plain data");
    fs::write(out.join("features.postcard"), bytes).expect("OUT_DIR is writable");
}

/// Reads the tables of dangerous settings; each line names a rule and a level that exist.
fn settings(pages: &[RulePage]) -> Vec<table::Setting> {
    let mut settings = Vec::new();
    for file in files("settings") {
        let text = fs::read_to_string(&file).expect("the table is readable");
        let mut read: BTreeMap<String, Vec<table::Setting>> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        settings.extend(read.remove("setting").unwrap_or_default());
    }
    for setting in &settings {
        let is_known = pages.iter().any(|page| page.id == setting.rule);
        assert!(is_known, "no rule `{}`", setting.rule);
        let is_level = matches!(setting.level.as_str(), "note" | "review" | "block");
        assert!(is_level, "no level `{}`", setting.level);
        if let Some(pattern) = setting.value.strip_prefix('/')
            && let Err(error) = regex::Regex::new(pattern.trim_end_matches('/'))
        {
            panic!("{}: {error}", setting.value);
        }
    }
    settings
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

/// Reads the lexicons of all languages, English first: it names the features.
fn features() -> Vec<lexicon::File> {
    let mut all: Vec<(bool, lexicon::File)> = Vec::new();
    for file in files("lexicon") {
        let text = fs::read_to_string(&file).expect("the lexicon is readable");
        let mut read: lexicon::File =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for feature in &mut read.feature {
            feature.needs = feature.patterns.iter().map(|text| needs(text)).collect();
            for pattern in &feature.patterns {
                let built = regex::bytes::RegexBuilder::new(pattern)
                    .unicode(false)
                    .build();
                if let Err(error) = built {
                    panic!("{}: {}: {error}", file.display(), feature.name);
                }
            }
        }
        all.push((!file.ends_with("en.toml"), read));
    }
    all.sort_by_key(|(is_other, _)| *is_other);
    let all: Vec<lexicon::File> = all.into_iter().map(|(_, file)| file).collect();
    let names: Vec<&str> = all[0].feature.iter().map(|f| f.name.as_str()).collect();
    assert!(names.len() <= 32, "features are counted in 32 bits");
    for feature in all.iter().flat_map(|file| &file.feature) {
        assert!(names.contains(&feature.name.as_str()), "{}", feature.name);
    }
    for file in &all {
        let count: usize = file.feature.iter().map(|f| f.patterns.len()).sum();
        assert!(
            count <= 128,
            "patterns of one language are counted in 128 bits"
        );
    }
    for other in &all[1..] {
        assert!(
            !other.signs.is_empty(),
            "a language has signs by which it is known"
        );
    }
    all
}

/// Returns the first letters of a word: few tell it from others, and many cost time to search for.
fn beginning(word: &str) -> String {
    let letters = word.chars().scan(0, |bytes, c| {
        *bytes += c.len_utf8();
        (*bytes <= 6).then_some(c)
    });
    letters.collect()
}

/// Returns the words with one of which every match of a pattern begins, whatever its case; none
/// where there are too many, or short ones.
fn needs(pattern: &str) -> Vec<String> {
    let parsed = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .expect("the pattern was compiled before");
    let mut words = regex_syntax::hir::literal::Extractor::new();
    words.limit_total(250).limit_repeat(4).limit_class(12);
    let words = words.extract(&parsed);
    let texts = words.literals().unwrap_or_default().iter();
    let texts = texts.map(|word| String::from_utf8(word.as_bytes().to_vec()).unwrap_or_default());
    let mut texts: Vec<String> = texts.map(|text| beginning(&text)).collect();
    texts.sort();
    texts.dedup();
    if texts.iter().all(|text| text.len() >= 2) {
        texts
    } else {
        Vec::new()
    }
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
