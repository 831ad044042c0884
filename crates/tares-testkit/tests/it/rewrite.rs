//! Rewrites keep the meaning: every rewritten program parses, keeps its marks where it says, and,
//! where an interpreter is installed, prints what the original prints.

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

/// Returns the 1-based lines with a mark.
fn marks(source: &str) -> Vec<u32> {
    let lines = (1..).zip(source.lines());
    lines
        .filter(|(_, line)| line.ends_with(" mark"))
        .map(|(number, _)| number)
        .collect()
}

/// Runs a program; nothing where the interpreter is missing.
fn run(interpreter: &str, source: &str) -> Option<String> {
    let mut child = Command::new(interpreter)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(source.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{source}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn assert_same(language: Language, interpreter: &str, source: &str) {
    let before = run(interpreter, source);
    let focus = marks(source);
    for rewrite in rewrites(language) {
        let rewritten = rewrite.apply(language, source, &focus);
        let Rewritten { source, lines } =
            rewritten.unwrap_or_else(|| panic!("{} does not apply", rewrite.name));
        let tree = parse(language, &source, &mut Interner::default());
        assert!(tree.errors.is_empty(), "{}\n{source}", rewrite.name);
        let (kept, said): (BTreeSet<u32>, BTreeSet<u32>) = (
            marks(&source).into_iter().collect(),
            lines.into_iter().collect(),
        );
        assert!(
            kept.is_subset(&said),
            "{}: {kept:?} {said:?}\n{source}",
            rewrite.name
        );
        if before.is_some() {
            assert_eq!(
                run(interpreter, &source),
                before,
                "{}\n{source}",
                rewrite.name
            );
        }
    }
}

#[test]
fn python_keeps_its_meaning() {
    assert_same(Language::Python, "python3", PYTHON);
}

#[test]
fn javascript_keeps_its_meaning() {
    assert_same(Language::JavaScript, "node", JAVASCRIPT);
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
