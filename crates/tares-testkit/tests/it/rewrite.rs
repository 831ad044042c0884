//! Rewrites keep the meaning: every rewritten program parses, keeps its marks where it says, and
//! prints what the original prints. `python3` and `node` are needed.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};
use tares_lang::{Interner, Language, parse};
use tares_testkit::rewrite::{Rewritten, rewrites};

const PYTHON: &str = r#"import json
import os.path as paths
from string import capwords


def act(name, *args, shell=False, mode=0, **rest):
    print(name, args, shell, mode, sorted(rest.items()))


class Box:
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

class Box {
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
  [1, 2].forEach((row) => record("each", row, { row })); // mark
  const waited = await Promise.resolve("soon"); // mark
  return record(joined, `${shape("in", "template")}`, short, waited); // mark
}

record("top", ("level" || path)); // mark
go("x");
eval("record('evaluated', 1)"); // mark
"#;

const PYTHON_LATE: &str = r#"import atexit
from textwrap import shorten as cut

WIDTH = len("12345678")


@atexit.register
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

/// Runs a program; the output, or what it complained about.
fn run(interpreter: &str, source: &str) -> Result<String, String> {
    let mut command = Command::new(interpreter);
    if source.starts_with("import {") {
        command.arg("--input-type=module");
    }
    let mut child = command
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{interpreter} is needed: {error}"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(source.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Returns what is wrong with one rewritten program.
fn fault(
    language: Language,
    interpreter: &str,
    before: &str,
    rewritten: &Rewritten,
) -> Option<String> {
    let source = &rewritten.source;
    if !parse(language, source, &mut Interner::default())
        .errors
        .is_empty()
    {
        return Some("does not parse".to_owned());
    }
    let said: BTreeSet<u32> = rewritten.lines.iter().copied().collect();
    let lost: Vec<u32> = marks(source)
        .into_iter()
        .filter(|line| !said.contains(line))
        .collect();
    if !lost.is_empty() {
        return Some(format!("marks {lost:?} are not in {said:?}"));
    }
    match run(interpreter, source) {
        Ok(after) if after == before => None,
        Ok(after) => Some(format!("prints\n{after}")),
        Err(error) => Some(error),
    }
}

fn assert_same(language: Language, interpreter: &str, programs: &[&str]) {
    let mut faults = String::new();
    let mut unused: BTreeSet<&str> = rewrites(language)
        .iter()
        .map(|rewrite| rewrite.name)
        .collect();
    for program in programs {
        let before = run(interpreter, program).unwrap();
        for rewrite in rewrites(language) {
            let Some(new) = rewrite.apply(language, program, &marks(program)) else {
                continue;
            };
            unused.remove(rewrite.name);
            if let Some(fault) = fault(language, interpreter, &before, &new) {
                faults += &format!("## {}: {fault}\n{}\n", rewrite.name, new.source);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(unused.is_empty(), "in no program: {unused:?}");
}

#[test]
fn python_keeps_its_meaning() {
    assert_same(Language::Python, "python3", &[PYTHON, PYTHON_LATE]);
}

#[test]
fn javascript_keeps_its_meaning() {
    assert_same(Language::JavaScript, "node", &[JAVASCRIPT, MODULE]);
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
