//! Imports between the files of a repository.

use crate::show;
use std::collections::BTreeMap;
use std::sync::Arc;
use tares_effects::{Analysis, Program, Worker, analyse};
use tares_lang::Language;
use tares_model::effect::Shape;
use tares_model::{EffectKind, Label, RepoPath};

struct Files {
    files: BTreeMap<&'static str, &'static str>,
    thorough: bool,
}

impl Program for Files {
    fn exists(&self, path: &RepoPath) -> bool {
        self.files.contains_key(path.as_str())
    }

    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        self.files.get(path.as_str()).map(|text| (*text).into())
    }

    fn is_thorough(&self) -> bool {
        self.thorough
    }
}

fn run(files: &[(&'static str, &'static str)], thorough: bool) -> Analysis {
    let program = Files {
        files: files.iter().copied().collect(),
        thorough,
    };
    let (path, text) = files[0];
    let language = Language::detect(path, "").unwrap();
    let text: Arc<str> = text.into();
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || {
            analyse(
                &mut Worker::default(),
                &program,
                &RepoPath::from(path),
                language,
                &text,
            )
        })
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn data_is_followed_into_other_files() {
    for thorough in [true, false] {
        let analysis = run(
            &[
                (
                    "app/web.py",
                    "from flask import request\nfrom .tools import shell\nfrom app import deep\nshell(request.args['c'])\ndeep.low.go(request.args['d'])\n",
                ),
                (
                    "app/tools.py",
                    "import os\ndef shell(c):\n    os.system('x ' + c)\n",
                ),
                ("app/deep/__init__.py", "from . import low\n"),
                (
                    "app/deep/low.py",
                    "import os\ndef go(c):\n    os.popen(c)\n",
                ),
            ],
            thorough,
        );
        let found: Vec<_> = analysis
            .effects
            .iter()
            .filter(|e| e.kind == EffectKind::Process)
            .collect();
        assert_eq!(
            found.len(),
            2,
            "{:?}",
            analysis.effects.iter().map(show).collect::<Vec<_>>()
        );
        for effect in found {
            assert!(effect.data.has(Label::UserInput));
            assert!(
                effect.site.as_ref().unwrap().path.is_some(),
                "it happens in the other file"
            );
        }
    }
}

#[test]
fn constants_of_other_files_decide() {
    let analysis = run(
        &[
            (
                "web.js",
                "import { VERIFY, go } from './settings.js'; import https from 'https'; https.get({ host: 'h.example', rejectUnauthorized: VERIFY }); go('ls');",
            ),
            (
                "settings.js",
                "import cp from 'child_process'; export const VERIFY = !1; export function go(c) { cp.exec(c) }",
            ),
        ],
        true,
    );
    let sent = analysis
        .effects
        .iter()
        .find(|e| e.kind == EffectKind::Network)
        .unwrap();
    assert_eq!(sent.role("verify").unwrap().shape, Shape::Bool(false));
    let run = analysis
        .effects
        .iter()
        .find(|e| e.kind == EffectKind::Process)
        .unwrap();
    assert_eq!(run.target.text(), "ls");
}

#[test]
fn files_that_import_each_other_end() {
    let analysis = run(
        &[
            (
                "a.py",
                "from b import f\ndef g(x):\n    return f(x)\ng(1)\n",
            ),
            ("b.py", "from a import g\ndef f(x):\n    return g(x)\n"),
        ],
        true,
    );
    assert!(analysis.steps < 100_000);
}
