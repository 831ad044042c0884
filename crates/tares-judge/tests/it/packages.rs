//! Packages that a change adds: which names are asked, which never are, and what the answers make.

use crate::stage::{Memory, Pair, change, judge_with};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tares_judge::{Answers, ContentId, Listing, Options, Version};
use tares_model::fact::{
    Artefact, Canary, Existence, Ignorance, Lookup, PackageFacts, PackageName, Packages, Timestamp,
};
use tares_model::{Ecosystem, Level, RepoPath};
use tares_policy::Policy;

/// A registry in memory that remembers what it was asked.
#[derive(Default)]
struct Registry {
    exists: BTreeMap<(Ecosystem, String), bool>,
    /// Names that have no entry are absent; else unknown.
    is_calibrated: bool,
    /// Installed packages by the module that they provide.
    installed: BTreeMap<&'static str, &'static str>,
    asked: Mutex<Vec<Vec<PackageName>>>,
}

impl Registry {
    fn with(names: &[(Ecosystem, &str)]) -> Self {
        Self {
            exists: names
                .iter()
                .map(|(ecosystem, name)| ((*ecosystem, (*name).to_owned()), true))
                .collect(),
            is_calibrated: true,
            ..Self::default()
        }
    }

    /// Names of each question.
    fn asked(&self) -> Vec<Vec<String>> {
        let asked = self.asked.lock().unwrap();
        let names = |names: &Vec<PackageName>| names.iter().map(|n| n.name.clone()).collect();
        asked.iter().map(names).collect()
    }
}

impl Packages for Registry {
    fn facts(&self, names: &[PackageName]) -> Vec<PackageFacts> {
        self.asked.lock().unwrap().push(names.to_vec());
        let of = |name: &PackageName| {
            let mut facts = PackageFacts::unknown(name.clone(), Ignorance::Offline);
            if !self.is_calibrated {
                return facts;
            }
            let key = (name.ecosystem, name.name.clone());
            let is_there = self.exists.contains_key(&key);
            facts.existence = if is_there {
                Existence::Exists
            } else {
                Existence::Absent
            };
            facts.lookup = Some(Lookup {
                endpoint: "simple-index".to_owned(),
                host: "index.example".to_owned(),
                status: Some(if is_there { 200 } else { 404 }),
                time: Timestamp(1_795_161_900),
                canaries: vec![Canary {
                    name: "tares-canary-1".to_owned(),
                    must_exist: false,
                    status: Some(404),
                    as_expected: true,
                }],
            });
            facts
        };
        names.iter().map(of).collect()
    }

    fn artefact(&self, _: &PackageName, _: &str) -> Result<Artefact, Ignorance> {
        Err(Ignorance::Offline)
    }

    fn providers(&self, ecosystem: Ecosystem, module: &str) -> Vec<PackageName> {
        let root = module.split('.').next().unwrap_or(module);
        let name = self.installed.get(root);
        let name = name.map(|name| PackageName {
            ecosystem,
            name: (*name).to_owned(),
        });
        name.into_iter().collect()
    }
}

/// A repository with a registry beside it.
struct Stage<'r> {
    memory: Memory,
    registry: &'r Registry,
}

impl Answers for Stage<'_> {
    fn file(&self, version: Version, path: &RepoPath) -> Option<std::sync::Arc<[u8]>> {
        self.memory.file(version, path)
    }

    fn exists(&self, version: Version, path: &RepoPath) -> bool {
        self.memory.exists(version, path)
    }

    fn root(&self) -> Option<ContentId> {
        self.memory.root()
    }

    fn list(&self, folder: &ContentId) -> Option<Listing> {
        self.memory.list(folder)
    }

    fn packages(&self) -> Option<&dyn Packages> {
        Some(self.registry)
    }

    fn recall(&self, _: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &[u8; 32], _: &[u8]) {}
}

/// Findings about packages as `level rule place`.
fn found(files: &[Pair<'_>], others: &[(&str, &str)], registry: &Registry) -> Vec<String> {
    with_policy("", files, others, registry)
}

fn with_policy(
    policy: &str,
    files: &[Pair<'_>],
    others: &[(&str, &str)],
    registry: &Registry,
) -> Vec<String> {
    let mut all = others.to_vec();
    // Base is what the repository has, changed files with it.
    all.extend(
        files
            .iter()
            .filter_map(|(path, before, _)| Some((*path, (*before)?))),
    );
    let stage = Stage {
        memory: Memory::of(&all),
        registry,
    };
    let options = Options {
        policy: Policy::parse(policy, "tares.toml").unwrap(),
        ..Options::default()
    };
    let said = judge_with(&change(files), &stage, &options);
    let rules = [
        "package-",
        "import-unresolved",
        "version-absent",
        "digest-differs",
    ];
    let mut lines: Vec<String> = said
        .findings
        .iter()
        .map(|report| &report.finding)
        .filter(|finding| rules.iter().any(|rule| finding.rule.starts_with(rule)))
        .map(|finding| {
            let place = &finding.place;
            format!(
                "{} {} {}:{}",
                finding.level.as_str(),
                finding.rule,
                place.path,
                place.start_line
            )
        })
        .collect();
    lines.sort();
    lines
}

const NPM: Ecosystem = Ecosystem::Npm;
const PYPI: Ecosystem = Ecosystem::PyPi;

#[test]
fn an_invented_name_blocks_in_manifest_lock_and_command() {
    let registry = Registry::with(&[(PYPI, "requests")]);
    let lines = found(
        &[
            (
                "requirements.txt",
                Some("requests\n"),
                Some("requests\nfast-json-tools\n"),
            ),
            (
                "Dockerfile",
                None,
                Some("FROM python:3.12\nRUN pip install json-fast-kit==1.0\n"),
            ),
            (
                "Cargo.lock",
                Some(""),
                Some(
                    "[[package]]\nname = \"serde-quick\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example\"\nchecksum = \"00\"\n",
                ),
            ),
        ],
        &[],
        &registry,
    );
    assert_eq!(
        lines,
        [
            "block package-absent Cargo.lock:2",
            "block package-absent Dockerfile:2",
            "block package-absent requirements.txt:2",
        ]
    );
    assert_eq!(
        registry.asked(),
        [["fast-json-tools", "json-fast-kit", "serde-quick"]],
        "one question with all new names"
    );
}

#[test]
fn without_a_new_name_nobody_is_asked() {
    let registry = Registry::with(&[]);
    let lines = found(
        &[
            // Known from base, from another file of base, from the language, from the repository.
            (
                "requirements.txt",
                Some("requests\n"),
                Some("requests>=2\nflask\n"),
            ),
            (
                "app/main.py",
                Some("import os\n"),
                Some(
                    "import os, json\nimport yaml\nimport helper\nfrom app.deep import thing\nfrom . import near\n",
                ),
            ),
            (
                "web/index.ts",
                None,
                Some(
                    "import fs from 'node:fs';\nimport a from './a';\nimport b from '@/b';\nimport { x } from '@acme/kit';\nimport React from 'react';\n",
                ),
            ),
            (
                "web/package.json",
                Some("{\"name\": \"web\"}"),
                Some("{\"name\": \"web\", \"dependencies\": {\"@acme/kit\": \"1.0.0\"}}"),
            ),
        ],
        &[
            ("dev/requirements.txt", "x\n"),
            (
                "pyproject.toml",
                "[project]\nname = \"acme\"\ndependencies = [\"PyYAML\", \"Flask\"]\n",
            ),
            ("app/helper.py", ""),
            ("app/deep/thing.py", ""),
            ("kit/package.json", "{\"name\": \"@acme/kit\"}"),
            (
                "package.json",
                "{\"dependencies\": {\"react\": \"18.0.0\"}, \"workspaces\": [\"kit\"]}",
            ),
        ],
        &registry,
    );
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(registry.asked(), Vec::<Vec<String>>::new());
}

#[test]
fn private_names_are_asked_of_nobody() {
    let registry = Registry::with(&[]);
    let lines = with_policy(
        "[dependencies]\nprivate = [\"@acme/*\", \"acme-*\"]\n",
        &[
            (
                "package.json",
                Some("{}"),
                Some("{\"dependencies\": {\"@acme/secret\": \"1.0.0\"}}"),
            ),
            ("app.py", None, Some("import acme_tools\n")),
            ("requirements.txt", None, Some("acme_tools\n")),
        ],
        &[],
        &registry,
    );
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(registry.asked(), Vec::<Vec<String>>::new());
}

#[test]
fn an_import_that_comes_from_nowhere_is_looked_at() {
    let registry = Registry::with(&[(PYPI, "opencv-python"), (PYPI, "left")]);
    let lines = found(
        &[(
            "app.py",
            None,
            Some(
                "import cv2\nimport left.right\nimport fastjsontools\ntry:\n    import perhaps\nexcept ImportError:\n    perhaps = None\n",
            ),
        )],
        &[],
        &registry,
    );
    // Without a manifest nobody could have declared it.
    assert_eq!(lines, ["note import-unresolved app.py:3"]);
    let asked = registry.asked();
    assert!(
        asked.len() == 1 && !asked[0].iter().any(|name| name == "perhaps"),
        "{asked:?}"
    );
    let npm = Registry::with(&[(NPM, "zod")]);
    let lines = found(
        &[(
            "a.ts",
            None,
            Some(
                "import z from 'zod';\nconst x = require('zod-quick-forms/deep');\nimport v from 'virtual:x';\nimport p from '#inner';\nimport t from '@lib/x';\n",
            ),
        )],
        &[(
            "tsconfig.json",
            "{\"compilerOptions\": {\"paths\": {\"@lib/*\": [\"./lib/*\"]}}}",
        )],
        &npm,
    );
    assert_eq!(lines, ["note import-unresolved a.ts:2"]);
}

#[test]
fn an_import_is_louder_where_a_manifest_could_declare_it() {
    let level = |manifest: &str, text: &str| {
        let registry = Registry::with(&[(PYPI, "left")]);
        let app: &[Pair<'_>] = &[("src/app.py", None, Some("import fastjsontools\n"))];
        found(app, &[(manifest, text)], &registry)
    };
    let review = ["review import-unresolved src/app.py:1"];
    let note = ["note import-unresolved src/app.py:1"];
    assert_eq!(level("requirements.txt", "left\n"), review);
    // A project without dependencies has a manifest all the same.
    assert_eq!(
        level("src/pyproject.toml", "[project]\nname = \"x\"\n"),
        review
    );
    assert_eq!(level("other/requirements.txt", "left\n"), review);
    assert_eq!(level("package.json", "{\"name\": \"x\"}"), note);
    assert_eq!(level("notes.txt", "left\n"), note);
}

#[test]
fn an_installed_copy_explains_an_import() {
    let registry = || Registry {
        installed: [("sluggish", "slug-kit"), ("inner", "acme-inner")].into(),
        ..Registry::with(&[(PYPI, "slug-kit"), (PYPI, "left")])
    };
    let files: &[Pair<'_>] = &[(
        "app.py",
        None,
        Some("from sluggish import kit\nimport inner\nimport madeup\n"),
    )];
    let manifest = ("requirements.txt", "left\n");
    let own = registry();
    assert_eq!(
        found(files, &[manifest], &own),
        ["review import-unresolved app.py:3"]
    );
    // What is asked for is the package, not the module.
    assert_eq!(own.asked(), [["acme-inner", "madeup", "slug-kit"]]);
    // Whoever writes the change could have written a copy that lies in the repository.
    let copy = ("venv/lib/inner.txt", "x");
    assert_eq!(
        found(files, &[manifest, copy], &registry()),
        [
            "review import-unresolved app.py:1",
            "review import-unresolved app.py:2",
            "review import-unresolved app.py:3"
        ]
    );
    // A private package is asked of nobody, however its modules are called.
    let own = registry();
    let policy = "[dependencies]\nprivate = [\"acme-*\"]\n";
    let lines = with_policy(policy, files, &[manifest], &own);
    assert_eq!(lines, ["review import-unresolved app.py:3"]);
    assert_eq!(own.asked(), [["madeup", "slug-kit"]]);
}

#[test]
fn an_unknown_name_says_so_and_policy_sets_how_loudly() {
    let registry = Registry::default();
    let files: &[Pair<'_>] = &[
        ("requirements.txt", Some(""), Some("fast-json-tools\n")),
        (
            "app.py",
            None,
            Some("import fastjson_kit\nimport fast_json_tools\n"),
        ),
    ];
    assert_eq!(
        found(files, &[], &registry),
        [
            "review package-unverified app.py:1",
            "review package-unverified requirements.txt:1",
        ]
    );
    let held = with_policy(
        "[dependencies]\non-unknown = \"block\"\n",
        files,
        &[],
        &registry,
    );
    assert!(
        held.contains(&"block package-unverified requirements.txt:1".to_owned()),
        "{held:?}"
    );
    // Nothing governs this code: a note.
    let lines = found(
        &[("app.py", None, Some("import fastjson_kit\n"))],
        &[],
        &registry,
    );
    assert_eq!(lines, ["note package-unverified app.py:1"]);
}

#[test]
fn evidence_and_further_places_stand_in_the_finding() {
    let registry = Registry::with(&[]);
    let files: &[Pair<'_>] = &[
        (
            "package.json",
            Some("{}"),
            Some("{\"dependencies\": {\"left-padd\": \"1.0.0\"}}"),
        ),
        (
            "package-lock.json",
            Some("{\"packages\": {}}"),
            Some("{\"packages\": {\"node_modules/left-padd\": {\"version\": \"1.0.0\"}}}"),
        ),
    ];
    let stage = Stage {
        memory: Memory::of(&[
            ("other.md", ""),
            ("yarn.lock", "left-pad@1.0.0:\n  version \"1.0.0\"\n"),
        ]),
        registry: &registry,
    };
    let said = judge_with(&change(files), &stage, &Options::default());
    let mut absent = said
        .findings
        .iter()
        .filter(|r| r.finding.rule == "package-absent");
    let finding = &absent.next().unwrap().finding;
    assert!(absent.next().is_none(), "one name, one finding");
    assert_eq!(finding.level, Level::Block);
    assert_eq!(finding.place.path.as_str(), "package.json");
    assert_eq!(finding.related[0].place.path.as_str(), "package-lock.json");
    for part in [
        "404",
        "tares-canary-1",
        "2026-11-20 08:05",
        "`left-pad` looks alike",
    ] {
        assert!(
            finding.message.contains(part),
            "{part}: {}",
            finding.message
        );
    }
}

#[test]
fn a_new_name_that_the_lock_file_does_not_have_is_looked_at() {
    let registry = Registry::with(&[(NPM, "zod"), (NPM, "left-pad")]);
    let files: &[Pair<'_>] = &[(
        "web/package.json",
        Some("{}"),
        Some("{\"dependencies\": {\"zod\": \"3.0.0\"}}"),
    )];
    let lock = |name: &str| {
        format!("{{\"packages\": {{\"node_modules/{name}\": {{\"version\": \"3.0.0\"}}}}}}")
    };
    let of = |others: &[(&str, &str)]| {
        let stage = Stage {
            memory: Memory::of(others),
            registry: &registry,
        };
        let said = judge_with(&change(files), &stage, &Options::default());
        said.has("dependency-unlocked")
    };
    assert!(of(&[("web/package-lock.json", &lock("left-pad"))]));
    assert!(
        of(&[("package-lock.json", &lock("left-pad"))]),
        "one above governs too"
    );
    // A name that base locks already is not new.
    assert!(!of(&[("package-lock.json", &lock("zod"))]));
    assert!(!of(&[("other/package-lock.json", &lock("left-pad"))]));
}

#[test]
fn names_beyond_the_bound_are_said_to_be_unchecked() {
    let registry = Registry::with(&[]);
    let names: String = (0..2_002).map(|n| format!("made-up-{n}\n")).collect();
    let files: &[Pair<'_>] = &[("requirements.txt", Some(""), Some(&names))];
    let stage = Stage {
        memory: Memory::of(&[("requirements.txt", "")]),
        registry: &registry,
    };
    let said = judge_with(&change(files), &stage, &Options::default());
    assert_eq!(registry.asked()[0].len(), 2_000);
    let unchecked = &said.summary.unchecked;
    assert_eq!(unchecked.len(), 1);
    assert!(
        unchecked[0]
            .reason
            .starts_with("2 new packages of this file"),
        "{unchecked:?}"
    );
}

#[test]
fn a_lock_file_is_held_against_the_manifest_beside_it() {
    let manifest = "{\"dependencies\": {\"left-pad\": \"^1.0.0\"}}";
    let lock = |wanted: &str| {
        format!(
            "{{\"packages\": {{\"\": {{\"dependencies\": {{\n{wanted}}}}},\n\"node_modules/left-pad\": {{\"version\": \"1.0.0\"}}}}}}"
        )
    };
    let (plain, odd) = (
        lock("\"left-pad\": \"^1.0.0\""),
        lock("\"left-pad\": \"^1.0.0\",\n\"stowaway\": \"1\""),
    );
    let found = |before: &str, after: &str| {
        let registry = Registry::with(&[(NPM, "left-pad"), (NPM, "stowaway")]);
        let files: &[Pair<'_>] = &[("package-lock.json", Some(before), Some(after))];
        let stage = Stage {
            memory: Memory::of(&[("package-lock.json", before), ("package.json", manifest)]),
            registry: &registry,
        };
        let said = judge_with(&change(files), &stage, &Options::default());
        let findings = said.findings.iter().map(|report| &report.finding);
        let of_rule = findings.filter(|finding| finding.rule == "lock-root-differs");
        of_rule
            .map(|finding| finding.place.start_line)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&plain, &odd), [3]);
    assert_eq!(found("", &plain), [0; 0]);
    // What was wrong before is not this change's.
    assert_eq!(found(&odd, &format!("{odd}\n")), [0; 0]);
}
