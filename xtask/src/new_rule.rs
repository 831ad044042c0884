//! `cargo xtask new-rule FAMILY ID`: a folder whose page already asks for both kinds of examples.

use crate::house::{Doing as _, Failure, Outcome, root};

/// The families of rules, as `tares-model` words them.
const FAMILIES: [&str; 10] = [
    "weakness",
    "backdoor",
    "capability",
    "concealment",
    "hidden-text",
    "agent-config",
    "dependency",
    "secret",
    "origin",
    "gate",
];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The family the rule belongs to
    #[arg(value_parser = FAMILIES)]
    family: String,
    /// What is wrong, in kebab-case: "allow ID" has to read well
    id: String,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let Args { family, id } = args;
    check(id)?;
    let folder = root()
        .join("crates/tares-rules/rules")
        .join(family)
        .join(id);
    if folder.exists() {
        return Err(Failure::new(format!("{} exists already", folder.display())));
    }
    std::fs::create_dir_all(&folder).doing(folder.display())?;
    for (name, text) in [("rule.toml", data(family, id)), ("page.md", page(id))] {
        let file = folder.join(name);
        std::fs::write(&file, text).doing(file.display())?;
        println!("wrote crates/tares-rules/rules/{family}/{id}/{name}");
    }
    println!("fill in the page first (bad and good), then the data; then `cargo xtask gen`");
    Ok(())
}

fn check(id: &str) -> Outcome {
    let kebab = id.split('-').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    });
    let negated = ["no-", "ban-", "disallow-"]
        .iter()
        .any(|prefix| id.starts_with(prefix));
    if kebab && !negated {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{id}: kebab-case, naming the bad thing (`tls-check-off`)"
    )))
}

/// Returns the data with every field that has to be filled in.
fn data(family: &str, id: &str) -> String {
    format!(
        r#"id = "{id}"
family = "{family}"
cwe = []
severity = "medium"
title = ""
since = "{}"
noise = ""

[text]
why = ""
fix = ""

[[when]]
kind = []
level = "review"
confidence = "medium"
message = "{{api}}"
"#,
        env!("CARGO_PKG_VERSION")
    )
}

/// Returns the page; the tests refuse it until both kinds of examples are there.
fn page(id: &str) -> String {
    format!(
        "# {id}\n\n## What\n\n## Why\n\n## Bad\n\n```python\n  # fires\n```\n\n\
         ## Good\n\n```python\n```\n\n## How to fix\n\n## What it cannot see\n"
    )
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn ids_name_the_bad_thing_in_kebab_case() {
        assert!(check("tls-check-off").is_ok());
        for id in ["no-tls", "Tls", "tls--off", "", "../x"] {
            assert!(check(id).is_err(), "{id}");
        }
    }
}
