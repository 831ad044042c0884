//! Rewrites keep the meaning: every rewritten program parses, keeps its marks where it says, and
//! prints what the original prints. `python3` and `node` are needed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;
use tares_lang::{Interner, Language, parse};
use tares_testkit::rewrite::{Rewritten, rewrites};

const PYTHON: &str = r#"import json
import os.path as paths
from string import capwords


def act(name, *args, shell=False, mode=0, **rest):
    print(name, args, shell, mode, sorted(rest.items()))


LIMITS = ["low", 10, True]  # mark
TITLE = r"a\b" "c"  # mark


class Box:
    kind = "box"  # mark

    """Says what it was given."""

    def run(self, text, flag=False):
        act("box", text, flag)  # mark


@staticmethod
def go(value):
    box = Box()
    box.run("hello", flag=True)  # mark
    act("shell", value, shell=True, mode=511, extra="more")  # mark
    if value:
        act("inner", [value, -1], {"key": None}, *[1, 2])  # mark
    short = value and capwords("only here")  # mark
    box.state = "set", 7  # mark
    table = {"key": None}  # mark
    table["key"] = "new" if value == "x" else "old"  # mark
    if value == "x" and box.state[1] == 7:  # mark
        print(box.state, table, LIMITS, TITLE)
    result = json.dumps(
        [1, "two"],
        indent=None,
    )
    rows = [act("each", row, mode=row) for row in (1, 2)]  # mark
    act(f"{value}!", (lambda: capwords("in lambda"))(), short, rows)  # mark
    return capwords(result + "ab cd")  # mark


act("top", paths.join("a", ("b")), mode=(0o777))  # mark
print(go("x"))
eval("act('evaluated', 1)")  # mark
"#;

const JAVASCRIPT: &str = r#"const path = require("path");
const { format: shape } = require("util");

const record = (...args) => console.log(JSON.stringify(args));

const limits = ["low", 10, true]; // mark
var title = "a" + "b"; // mark

class Box {
  kind = "box"; // mark

  constructor(name) { this.name = name; }

  run(text, options) {
    record(this.name, text, options); // mark
  }
}

async function go(value) {
  const box = new Box("inner");
  box.run("hello", { shell: true, "mode": 511 }); // mark
  record("plain", value, true, null, ...[1, 2]); // mark
  if (value)
    record("unbraced", "body"); // mark
  const joined = path.join("ab", "cd"); // mark
  const short = value && shape("%s-%s", "only", "here"); // mark
  box.state = { on: true, label: "set" }; // mark
  box["other"] = `t${limits[0]}`; // mark
  let count = 7, list = ["one", 'two']; // mark
  if (value === "x" && count == 7) { // mark
    record(box, list, limits, title);
  }
  [1, 2].forEach((row) => record("each", row, { row })); // mark
  const waited = await Promise.resolve("soon"); // mark
  return record(joined, `${shape("in", "template")}`, short, waited); // mark
}

record("top", ("level" || path)); // mark
go("x");
eval("record('evaluated', 1)"); // mark
"#;

const PYTHON_LATE: &str = r#"from textwrap import shorten as cut

WIDTH = len("12345678")


def main():
    print(cut("one two three", width=WIDTH, placeholder="!"))  # mark
    print(main.__name__.upper())  # mark
"#;

const MODULE: &str = r#"import { join, basename as last } from "node:path";
import * as tools from "node:util";
import url from "node:url";

const kept = { on: true };
console.log(join("ab", "cd"), last("x/y")); // mark
console.log(tools.format("%s-%j", "only", { on: kept.on, off: false, n: 3 })); // mark
console.log(url.format({ host: "a.example", port: 80 })); // mark
"#;

/// Returns the 1-based lines with a mark.
fn marks(source: &str) -> Vec<u32> {
    let lines = (1..).zip(source.lines());
    lines
        .filter(|(_, line)| line.ends_with(" mark"))
        .map(|(number, _)| number)
        .collect()
}

/// Runs the programs of a folder one after the other, each in a namespace of its own.
const PYTHON_DRIVER: &str = r#"
import pathlib, sys, traceback
for file in sorted(pathlib.Path(sys.argv[1]).glob("*/program.*")):
    print("=== program")
    sys.path[0] = str(file.parent)
    sys.modules.pop("kept", None)
    try:
        names = {"__name__": "program"}
        exec(compile(file.read_text(), file.name, "exec"), names)
        names.get("main", lambda: None)()
    except BaseException:
        print(traceback.format_exc())
"#;

/// The same for JavaScript; what a program left waiting runs before the next one.
const NODE_DRIVER: &str = r#"
(async () => {
  const folder = process.argv[1];
  const fs = require("fs");
  for (const name of fs.readdirSync(folder).sort()) {
    console.log("=== program");
    const file = fs.readdirSync(`${folder}/${name}`).find((name) => name.startsWith("program"));
    try { await import(`${folder}/${name}/${file}`); } catch (error) { console.log(error.stack); }
    await new Promise(setImmediate);
  }
})();
"#;

/// Runs programs and returns what each printed, a trace where it failed.
fn run(language: Language, programs: &[Rewritten]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (number, program) in programs.iter().enumerate() {
        let place = folder.path().join(format!("{number:04}"));
        std::fs::create_dir(&place).unwrap();
        let is_module = program.source.starts_with("import {");
        let name = if is_module {
            "program.mjs"
        } else {
            "program.cjs"
        };
        std::fs::write(place.join(name), &program.source).unwrap();
        if let Some((name, text)) = &program.beside {
            std::fs::write(place.join(name), text).unwrap();
        }
    }
    let (interpreter, flag, driver) = match language {
        Language::Python => ("python3", "-c", PYTHON_DRIVER),
        _ => ("node", "-e", NODE_DRIVER),
    };
    let output = Command::new(interpreter)
        .args([flag, driver])
        .arg(folder.path())
        .output()
        .unwrap_or_else(|error| panic!("{interpreter} is needed: {error}"));
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let parts = said.split("=== program\n").skip(1);
    parts.map(str::to_owned).collect()
}

/// Returns what is wrong with one rewritten program before it is run.
fn fault(language: Language, rewritten: &Rewritten) -> Option<String> {
    let source = &rewritten.source;
    if !parse(language, source, &mut Interner::default())
        .errors
        .is_empty()
    {
        return Some("does not parse".to_owned());
    }
    let mut lost = marks(source);
    lost.retain(|line| !rewritten.lines.contains(line));
    (!lost.is_empty()).then(|| format!("marks {lost:?} are not in {:?}", rewritten.lines))
}

fn assert_same(language: Language, programs: &[&str]) {
    let mut faults = String::new();
    let mut unused: BTreeSet<&str> = rewrites(language)
        .iter()
        .map(|rewrite| rewrite.name)
        .collect();
    for program in programs {
        let mut names = vec!["nothing"];
        let mut variants = vec![Rewritten {
            source: (*program).to_owned(),
            lines: marks(program),
            beside: None,
        }];
        for rewrite in rewrites(language) {
            let Some(new) = rewrite.apply(language, program, &marks(program)) else {
                continue;
            };
            unused.remove(rewrite.name);
            if let Some(fault) = fault(language, &new) {
                writeln!(faults, "## {}: {fault}\n{}", rewrite.name, new.source).unwrap();
            }
            names.push(rewrite.name);
            variants.push(new);
        }
        let said = run(language, &variants);
        assert_eq!(said.len(), variants.len());
        assert!(
            said[0].lines().count() > 1 && !said[0].contains("rror"),
            "{}",
            said[0]
        );
        for ((name, Rewritten { source, .. }), text) in names.iter().zip(&variants).zip(&said) {
            if *text != said[0] {
                writeln!(faults, "## {name}: prints\n{text}\n{source}").unwrap();
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(unused.is_empty(), "in no program: {unused:?}");
}

#[test]
fn python_keeps_its_meaning() {
    assert_same(Language::Python, &[PYTHON, PYTHON_LATE]);
}

#[test]
fn javascript_keeps_its_meaning() {
    assert_same(Language::JavaScript, &[JAVASCRIPT, MODULE]);
}

#[test]
fn typescript_is_rewritten_like_javascript() {
    let source = "const box: Box = make<Box>(\"a\");\nbox.run(\"hello\", true as boolean);\n";
    let names: Vec<&str> = rewrites(Language::TypeScript)
        .iter()
        .filter(|rewrite| rewrite.apply(Language::TypeScript, source, &[2]).is_some())
        .map(|rewrite| rewrite.name)
        .collect();
    assert!(names.len() > 15, "{names:?}");
}

#[test]
fn only_marked_lines_are_touched() {
    let source = "os.system('one')\nos.system('two')\n";
    let alias = &rewrites(Language::Python)[0];
    let rewritten = alias.apply(Language::Python, source, &[2]).unwrap();
    assert_eq!(
        rewritten.source,
        "os.system('one')\n_kept0 = os.system\n_kept0('two')\n"
    );
    assert_eq!(rewritten.lines, [3]);
}

#[test]
fn a_helper_gives_both_of_its_lines() {
    let rewrites = rewrites(Language::Python);
    let helper = rewrites
        .iter()
        .find(|rewrite| rewrite.name == "wrapper-helper")
        .unwrap();
    let rewritten = helper
        .apply(Language::Python, "x = eval(y)\n", &[1])
        .unwrap();
    assert_eq!(
        rewritten.source,
        "def _kept0():\n    return eval(y)\nx = _kept0()\n"
    );
    assert_eq!(rewritten.lines, [2, 3]);
}

#[test]
fn nothing_is_said_about_what_does_not_parse() {
    for rewrite in rewrites(Language::Python) {
        assert_eq!(
            rewrite.apply(Language::Python, "os.system('a'\nx = (", &[1]),
            None
        );
    }
}
