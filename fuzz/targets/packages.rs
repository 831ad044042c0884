//! Any text under any name of a manifest or lock file is references that stand in it, or an error.
#![no_main]

use tares_deps::formats;
use tares_model::RepoPath;

/// One name for each reader.
const NAMES: [&str; 32] = [
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "Pipfile.lock",
    "uv.lock",
    "environment.yml",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "Cargo.toml",
    "Cargo.lock",
    "go.mod",
    "go.sum",
    "pom.xml",
    "build.gradle",
    "libs.versions.toml",
    "Gemfile",
    "Gemfile.lock",
    "composer.json",
    "composer.lock",
    "packages.lock.json",
    "a.csproj",
    ".github/workflows/a.yml",
    ".npmrc",
    ".yarnrc.yml",
    "uv.toml",
    "bunfig.toml",
    ".cargo/config.toml",
];

libfuzzer_sys::fuzz_target!(|input: (u8, &str)| {
    let (number, text) = input;
    let path = RepoPath::from(NAMES[number as usize % NAMES.len()]);
    let read = formats::read(&path, text);
    let (commands, page) = (formats::commands(text), formats::page(text));
    let all = read.into_iter().flatten().flatten();
    for reference in all.chain(commands).chain(page) {
        let span = reference.span;
        assert!(span.start <= span.end && span.end as usize <= text.len(), "a name stands in the text");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "between characters");
        assert!(reference.purl().starts_with("pkg:"));
    }
    let _ = formats::edges(&path, text);
    let _ = formats::own_name(&path, text);
    for base in [None, Some(""), Some(text)] {
        for notice in tares_deps::look(&path, base, text).notices {
            assert!(notice.span.end as usize <= text.len(), "a notice stands in the text");
        }
    }
    let _ = tares_deps::judge_lock_root(text, text);
});
