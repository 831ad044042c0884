//! Programs that hand a value on in every way the languages know: each is run for both values,
//! and the call at the end has to be seen with the one and never with the other.
//!
//! The programs stand in `shapes/*.txt`, each under a heading `## name`. `@` is the value, `@@` an
//! at sign, and `~` at the start of a line the sign of a decorator. All of them run for real.

use crate::run;
use tares_lang::Language;
use tares_model::effect::Shape;

/// Programs of which the value is not known yet. The list only shrinks.
const OPEN_PYTHON: &[&str] = &[
    "match star",
    "annotations as carrier",
    "closure cell",
    "await protocol",
    "big integer digits",
    "string constants",
    "configparser",
    "generator send",
    "stopiteration value",
    "environ carrier",
];

/// See [`OPEN_PYTHON`].
const OPEN_JAVASCRIPT: &[&str] = &[
    "arguments slice",
    "symbol iterator next",
    "json reviver",
    "map object key",
    "array prototype call",
    "Function constructor",
    "setImmediate",
    "call bound call",
    "apply reflect",
    "promise all then",
    "thenable",
    "class static block",
    "class returned",
    "data view",
    "create require",
    "logical assign",
    "instanceof",
    "bigint",
    "date constant",
    "url parts",
    "search params",
];

fn programs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split("## ").filter(|part| !part.trim().is_empty());
    parts.map(|part| part.split_once('\n').unwrap())
}

fn with_value(body: &str, value: &str) -> String {
    let body = body
        .replace("@@", "\0")
        .replace('@', value)
        .replace('\0', "@");
    let lines = body.lines().map(|line| {
        let rest = line.trim_start();
        match rest.strip_prefix('~') {
            Some(decorator) => format!("{}@{decorator}", &line[..line.len() - rest.len()]),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns what is wrong with a program, if anything.
fn fault(language: Language, body: &str, values: [&str; 2]) -> Option<String> {
    for value in values {
        let wanted = value == values[0];
        let analysis = run(language, &with_value(body, value));
        let seen: Vec<Shape> = analysis
            .effects
            .iter()
            .filter_map(|e| e.role("shell").map(|r| r.shape.clone()))
            .collect();
        let hit = seen.contains(&Shape::Bool(wanted));
        let wrong = seen.contains(&Shape::Bool(!wanted));
        if !hit || wrong {
            return Some(format!("{value}: {seen:?}"));
        }
    }
    None
}

fn check(language: Language, text: &str, values: [&str; 2], open: &[&str]) {
    let mut said = Vec::new();
    for (name, body) in programs(text) {
        match (fault(language, body, values), open.contains(&name)) {
            (Some(fault), false) => said.push(format!("{name} with {fault}")),
            (None, true) => said.push(format!("{name} is known now, strike it")),
            _ => {}
        }
    }
    assert!(said.is_empty(), "{}:\n{}", said.len(), said.join("\n"));
}

#[test]
fn python_values_arrive_by_every_way() {
    let text = include_str!("shapes/python.txt");
    check(Language::Python, text, ["True", "False"], OPEN_PYTHON);
}

#[test]
fn javascript_values_arrive_by_every_way() {
    let text = include_str!("shapes/javascript.txt");
    let values = ["true", "false"];
    check(Language::TypeScript, text, values, OPEN_JAVASCRIPT);
}
