//! `docs/weaknesses.md`: which rules speak of which weakness class, and what source cannot tell.

use super::rules::{Rule, all};
use super::{HEAD, Page};
use crate::house::{Doing as _, Failure, Outcome};
use serde::Deserialize;
use std::path::Path;

/// The classes in their order, with what cannot be told.
const CLASSES: &str = include_str!("weaknesses.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    class: Vec<Class>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    cwe: u32,
    name: String,
    /// Required where no rule names the class.
    limit: Option<String>,
}

/// Returns the page; a class with neither a rule nor a word about why there is none is a failure.
pub(super) fn page(root: &Path) -> Outcome<Page> {
    let classes: Classes = toml::from_str(CLASSES).doing("weaknesses.toml")?;
    let rules = all(root)?;
    let mut text = format!(
        "{HEAD}\n# Weakness classes\n\nWhich rules speak of a class, and what source code does not show of it. The lists of \
         languages and libraries are those of the models; what holds for all classes stands in \
         [SHORTCOMINGS](../SHORTCOMINGS.md).\n\n| CWE | class | rules | what is not seen |\n|---|---|---|---|\n"
    );
    for class in classes.class {
        let named = format!("CWE-{}", class.cwe);
        let of_class = rules.iter().filter(|rule| rule.names(&named));
        let links: Vec<String> = of_class.map(Rule::link).collect();
        if links.is_empty() && class.limit.is_none() {
            return Err(Failure::new(format!("{named} has no rule and no limit")));
        }
        let Class { cwe, name, limit } = class;
        let limit = limit.unwrap_or_default();
        text += &format!("| {cwe} | {name} | {} | {limit} |\n", links.join(", "));
    }
    Ok(Page {
        path: "docs/weaknesses.md",
        text,
    })
}
