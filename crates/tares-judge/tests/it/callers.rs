//! Files that did not change, but what they import did.

use crate::stage::{Memory, Pair, Said, change, judge};

/// Judges a change beside files that it leaves alone; these stand in base and head.
fn said(files: &[Pair<'_>], around: &[(&str, &str)]) -> Said {
    let mut all: Vec<(&str, &str)> = around.to_vec();
    // Base can be listed with all of its files, as a tree of git is.
    all.extend(
        files
            .iter()
            .filter_map(|(path, before, _)| Some((*path, (*before)?))),
    );
    judge(&change(files), &Memory::of(&all))
}

/// Asserts that the bad change brings the rule, saying why, and that the good one is silent.
fn pair(path: &str, (base, bad, good): (&str, &str, &str), around: &[(&str, &str)], rule: &str) {
    let found = said(&[(path, Some(base), Some(bad))], around);
    assert!(found.has(rule), "{bad}\n{around:?}\n{:?}", found.rules());
    let finding = &found.finding(rule).finding;
    let places = std::iter::once(&finding.place).chain(finding.related.iter().map(|r| &r.place));
    assert!(
        places.clone().any(|place| place.path.as_str() == path),
        "the change itself is shown: {finding:?}"
    );
    let silent = said(&[(path, Some(base), Some(good))], around);
    assert!(!silent.has(rule), "{good}\n{:?}", silent.rules());
}

#[test]
fn a_constant_that_others_use() {
    let user = "import requests\nimport settings\n\ndef ping():\n    return requests.get('https://a.example/', timeout=3, verify=settings.VERIFY)\n";
    let base = "NAME = 'x'\nVERIFY = True\n";
    let sides = (
        base,
        "NAME = 'x'\nVERIFY = False\n",
        "NAME = 'y'\nVERIFY = True  # checked\n",
    );
    pair("settings.py", sides, &[("app.py", user)], "tls-check-off");
    let found = said(
        &[("settings.py", Some(base), Some(sides.1))],
        &[("app.py", user)],
    );
    let finding = &found.finding("tls-check-off").finding;
    assert_eq!(
        (finding.place.path.as_str(), finding.place.start_line),
        ("app.py", 5)
    );
    assert!(
        finding
            .message
            .ends_with(", because `VERIFY` in settings.py changed"),
        "{}",
        finding.message
    );
    let last = finding.related.last().unwrap();
    assert_eq!(
        (last.place.path.as_str(), last.place.start_line),
        ("settings.py", 2)
    );
    let user = "const https = require('https');\nconst { strict } = require('./options');\nhttps.get({ host: 'a.example', rejectUnauthorized: strict });\n";
    let sides = (
        "exports.strict = true;\n",
        "exports.strict = false;\n",
        "exports.strict = true;\nexports.more = 1;\n",
    );
    pair("options.js", sides, &[("app.js", user)], "tls-check-off");
}

#[test]
fn a_helper_that_returns_something_else() {
    let user = "import os\nfrom flask import request\nfrom tools.commands import build\n\ndef run():\n    os.system(build(request.args['name']))\n";
    let base = "def build(name):\n    return 'make all'\n";
    let sides = (
        base,
        "def build(name):\n    return 'make ' + name\n",
        "def build(name):\n    return 'make ' + 'some'\n",
    );
    pair(
        "tools/commands.py",
        sides,
        &[("app.py", user), ("tools/__init__.py", "")],
        "shell-from-input",
    );
    let user = "const { exec } = require('child_process');\nconst { build } = require('./build');\napp.get('/', (req, res) => { exec(build(req.query.name)); });\n";
    let sides = (
        "exports.build = (name) => 'make all';\n",
        "exports.build = (name) => 'make ' + name;\n",
        "exports.build = (name) => 'make some';\n",
    );
    pair("build.js", sides, &[("app.js", user)], "shell-from-input");
}

#[test]
fn a_default_argument() {
    let user = "from net import fetch\n\nprint(fetch('https://a.example/'))\n";
    let base = "import requests\n\ndef fetch(url, verify=True):\n    return requests.get(url, timeout=3, verify=verify)\n";
    let bad = base.replace("verify=True", "verify=False");
    let good = base.replace("timeout=3", "timeout=9");
    pair(
        "net.py",
        (base, &bad, &good),
        &[("app.py", user)],
        "tls-check-off",
    );
}

#[test]
fn a_name_that_is_handed_on() {
    let user = "import requests\nfrom conf import VERIFY\n\nrequests.get('https://a.example/', timeout=3, verify=VERIFY)\n";
    for package in ["from .values import VERIFY\n", "from .values import *\n"] {
        let around = [("conf/__init__.py", package), ("app.py", user)];
        let sides = (
            "VERIFY = True\nX = 1\n",
            "VERIFY = False\nX = 1\n",
            "VERIFY = True\nX = 2\n",
        );
        pair("conf/values.py", sides, &around, "tls-check-off");
    }
    let user = "import https from 'https';\nimport { strict } from './conf';\nhttps.get({ host: 'a.example', rejectUnauthorized: strict });\n";
    let around = [
        ("conf/index.ts", "export { strict } from './values';\n"),
        ("app.ts", user),
    ];
    let sides = (
        "export const strict = true;\n",
        "export const strict = false;\n",
        "export const strict = true;\nexport const loud = 1;\n",
    );
    pair("conf/values.ts", sides, &around, "tls-check-off");
}

#[test]
fn a_method_and_a_base_class() {
    let user = "import os\nfrom flask import request\nfrom jobs import Job\n\ndef run():\n    os.system(Job().command(request.args['name']))\n";
    let base = "class Job:\n    def command(self, name):\n        return 'make all'\n\n    def other(self):\n        return 1\n";
    let bad = base.replace("'make all'", "'make ' + name");
    let good = base.replace("return 1", "return 2");
    pair(
        "jobs.py",
        (base, &bad, &good),
        &[("app.py", user)],
        "shell-from-input",
    );
    let user = "import os\nfrom flask import request\nfrom jobs import Job\n\nclass Nightly(Job):\n    pass\n\ndef run():\n    os.system(Nightly().command(request.args['name']))\n";
    pair(
        "jobs.py",
        (base, &bad, &good),
        &[("app.py", user)],
        "shell-from-input",
    );
    let user = "const { exec } = require('child_process');\nconst { Job } = require('./job');\napp.get('/', (req, res) => { exec(new Job().command(req.query.name)); });\n";
    let base = "class Job {\n  command(name) {\n    return 'make all';\n  }\n}\nmodule.exports = { Job };\n";
    let bad = base.replace("'make all'", "'make ' + name");
    let good = base.replace("'make all'", "'make some'");
    pair(
        "job.js",
        (base, &bad, &good),
        &[("app.js", user)],
        "shell-from-input",
    );
}

#[test]
fn what_a_caller_has_already_is_known_and_its_notes_are_not_told() {
    let user = "import requests\nimport settings\n\nrequests.get('https://a.example/' + settings.NAME, timeout=3, verify=False)  # tares: allow no-such-rule -- old\n";
    let found = said(
        &[("settings.py", Some("NAME = 'x'\n"), Some("NAME = 'y'\n"))],
        &[("app.py", user)],
    );
    assert!(found.rules().is_empty(), "{:?}", found.rules());
    assert_eq!(found.summary.files, 1, "only what changed counts as judged");
}

#[test]
fn a_patch_has_no_callers_and_a_large_repository_says_so() {
    let user = "import requests\nimport settings\nrequests.get('https://a.example/', timeout=3, verify=settings.VERIFY)\n";
    let names: Vec<String> = (0..60).map(|i| format!("app_{i:02}.py")).collect();
    let around: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), user)).collect();
    let found = said(
        &[(
            "settings.py",
            Some("VERIFY = True\n"),
            Some("VERIFY = False\n"),
        )],
        &around,
    );
    assert_eq!(
        found
            .rules()
            .iter()
            .filter(|rule| **rule == "tls-check-off")
            .count(),
        40
    );
    assert!(
        found
            .summary
            .limits
            .iter()
            .any(|limit| limit.starts_with("20 more files that import what changed")),
        "{:?}",
        found.summary.limits
    );
}

#[test]
fn a_file_that_is_gone_or_appears_changes_its_importers() {
    let user = "import requests\nfrom local import VERIFY\n\nrequests.get('https://a.example/', timeout=3, verify=VERIFY)\n";
    let found = said(
        &[("local.py", None, Some("VERIFY = False\n"))],
        &[("app.py", user)],
    );
    assert!(found.has("tls-check-off"), "{:?}", found.rules());
}
