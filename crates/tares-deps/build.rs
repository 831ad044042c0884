//! Reads every rule folder, refuses what is not well formed, and stores the pages as postcard
//! bytes that the crate embeds.
#![expect(clippy::disallowed_methods, reason = "a build script reads its inputs")]

use std::fs;
use std::path::{Path, PathBuf};

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
