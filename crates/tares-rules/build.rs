//! Reads every rule folder and the lexicon, refuses what is not well formed, and stores
//! them as postcard bytes that the crate embeds. Nothing central grows with a new rule.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "src/asked/lexicon.rs"]
#[expect(
    unreachable_pub,
    reason = "shared with the crate, which uses all of it"
)]
mod lexicon;
#[path = "src/schema.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the crate, which uses all of it"
)]
mod schema;

use schema::{Clause, Conditions, Outcome, Pattern, Rule};

/// What a message template may name beside `role.X`.
const PLACEHOLDERS: &[&str] = &[
    "api", "target", "kind", "source", "labels", "guard", "devices", "stealth", "asked", "detail",
    "function",
];

/// Headings that every page has.
const HEADINGS: &[&str] = &[
    "## What",
    "## Why",
    "## Bad",
    "## Good",
    "## How to fix",
    "## What it cannot see",
];

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=lexicon");
    println!("cargo::rerun-if-changed=src/schema.rs");
    println!("cargo::rerun-if-changed=src/asked/lexicon.rs");

    let mut rules = Vec::new();
    let mut predicates = Vec::new();
    for folder in folders(&root.join("rules"))
        .iter()
        .flat_map(|family| folders(family))
    {
        let rule = read_rule(&folder);
        let code = folder.join("predicate.rs");
        if code.exists() {
            predicates.push((rule.clone(), code));
        }
        rules.push(rule);
    }
    check_all(&rules, &predicates);
    let bytes = postcard::to_stdvec(&rules).expect("rules are plain data");
    fs::write(out.join("rules.postcard"), bytes).expect("OUT_DIR is writable");
    fs::write(out.join("predicates.rs"), predicate_table(&predicates))
        .expect("OUT_DIR is writable");

    let words = read_lexicons(&root.join("lexicon"));
    let bytes = postcard::to_stdvec(&words).expect("lexicons are plain data");
    fs::write(out.join("lexicon.postcard"), bytes).expect("OUT_DIR is writable");
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut found: Vec<_> = entries
        .map(|e| e.expect("readable entry").path())
        .filter(|p| p.is_dir())
        .collect();
    found.sort();
    found
}

fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|n| n.to_str())
        .expect("UTF-8 names")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn read_rule(folder: &Path) -> Rule {
    let file = folder.join("rule.toml");
    let fail = |why: String| -> ! { panic!("{}: {why}", file.display()) };
    let mut table: toml::Table = read(&file).parse().unwrap_or_else(|e| fail(format!("{e}")));
    let Some(toml::Value::Array(written)) = table.remove("when") else {
        fail("no [[when]]".to_owned())
    };
    table.insert("when".to_owned(), toml::Value::Array(Vec::new()));
    let mut rule: Rule = toml::Value::Table(table)
        .try_into()
        .unwrap_or_else(|e| fail(format!("{e}")));
    for (i, clause) in written.into_iter().enumerate() {
        rule.when
            .push(read_clause(clause).unwrap_or_else(|e| fail(format!("clause {}: {e}", i + 1))));
    }
    rule.page = read(&folder.join("page.md"));
    if let Err(why) = check_rule(&rule, folder) {
        fail(why);
    }
    rule
}

/// Splits a `[[when]]` table into conditions and outcome.
fn read_clause(written: toml::Value) -> Result<Clause, String> {
    let toml::Value::Table(mut conditions) = written else {
        return Err("not a table".to_owned());
    };
    let mut outcome = toml::Table::new();
    for key in ["level", "confidence", "message", "severity"] {
        if let Some(value) = conditions.remove(key) {
            outcome.insert(key.to_owned(), value);
        }
    }
    let conditions: Conditions = toml::Value::Table(conditions)
        .try_into()
        .map_err(|e| format!("{e}"))?;
    let outcome: Outcome = toml::Value::Table(outcome)
        .try_into()
        .map_err(|e| format!("{e}"))?;
    if conditions.kind.is_empty() {
        return Err("`kind` is required, rules are indexed by it".to_owned());
    }
    check_message(&outcome.message)?;
    check_patterns(&conditions)?;
    Ok(Clause {
        conditions,
        outcome,
    })
}

fn check_message(message: &str) -> Result<(), String> {
    let mut rest = message;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').ok_or("unclosed placeholder")? + open;
        let word = &rest[open + 1..close];
        if !PLACEHOLDERS.contains(&word) && !word.starts_with("role.") {
            return Err(format!("unknown placeholder {{{word}}}"));
        }
        rest = &rest[close + 1..];
    }
    Ok(())
}

fn check_patterns(conditions: &Conditions) -> Result<(), String> {
    let roles = conditions
        .role
        .values()
        .flat_map(|r| [&r.matches, &r.not_matches]);
    let targets = conditions
        .target
        .iter()
        .flat_map(|t| [&t.matches, &t.not_matches]);
    for pattern in roles
        .chain(targets)
        .chain([&conditions.function, &conditions.guard_text])
        .flatten()
    {
        Pattern::compile(pattern).map_err(|e| format!("{e}"))?;
    }
    let nested = conditions
        .not
        .iter()
        .chain(&conditions.any)
        .chain(&conditions.beside);
    nested.into_iter().try_for_each(check_patterns)
}

fn check_rule(rule: &Rule, folder: &Path) -> Result<(), String> {
    let family = folder
        .parent()
        .map(name)
        .expect("a rule folder has a parent");
    if rule.id != name(folder) {
        return Err(format!("id `{}` is not the folder's name", rule.id));
    }
    if !rule
        .id
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        return Err("id is not kebab-case".to_owned());
    }
    if rule.family.as_str() != family {
        return Err(format!("family `{}` is not the folder above", rule.family));
    }
    if rule.when.is_empty() || rule.cwe.is_empty() {
        return Err("`when` or `cwe` is empty".to_owned());
    }
    for (what, text) in [
        ("title", &rule.title),
        ("noise", &rule.noise),
        ("why", &rule.text.why),
        ("fix", &rule.text.fix),
    ] {
        if text.trim().is_empty() {
            return Err(format!("`{what}` is empty"));
        }
    }
    check_page(&rule.page)
}

/// Refuses a page that lacks a heading or one of the two sorts of examples.
fn check_page(page: &str) -> Result<(), String> {
    for heading in HEADINGS {
        if !page.lines().any(|line| line == *heading) {
            return Err(format!("page.md: no `{heading}`"));
        }
    }
    let section = |heading: &str| {
        let start = page.find(&format!("\n{heading}\n")).expect("checked above") + 1;
        let end = page[start + 2..]
            .find("\n## ")
            .map_or(page.len(), |i| start + 2 + i);
        &page[start..end]
    };
    let (bad, good) = (section("## Bad"), section("## Good"));
    if !bad.contains("```") || !good.contains("```") {
        return Err("page.md: both bad and good examples are required".to_owned());
    }
    let marked = |text: &str| {
        ["# fires", "// fires", "-- fires"]
            .iter()
            .any(|m| text.contains(m))
    };
    if !marked(bad) {
        return Err("page.md: no line of a bad example is marked with `fires`".to_owned());
    }
    if marked(good) {
        return Err("page.md: a good example is marked with `fires`".to_owned());
    }
    Ok(())
}

/// Checks what concerns several rules: unique ids, names of other rules, named predicates.
fn check_all(rules: &[Rule], predicates: &[(Rule, PathBuf)]) {
    let ids: BTreeSet<&str> = rules.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids.len(), rules.len(), "two rules have the same id");
    for rule in rules {
        for other in &rule.supersedes {
            assert!(
                ids.contains(other.as_str()),
                "{}: supersedes unknown `{other}`",
                rule.id
            );
        }
        let has_code = predicates.iter().any(|(r, _)| r.id == rule.id);
        assert!(
            code_names(rule).is_empty() || has_code,
            "{}: `code` without predicate.rs",
            rule.id
        );
    }
}

/// Returns the names of all predicates that a rule uses.
fn code_names(rule: &Rule) -> BTreeSet<String> {
    fn collect(conditions: &Conditions, names: &mut BTreeSet<String>) {
        names.extend(conditions.code.clone());
        let nested = conditions
            .not
            .iter()
            .chain(&conditions.any)
            .chain(&conditions.beside);
        nested.into_iter().for_each(|c| collect(c, names));
    }
    let mut names = BTreeSet::new();
    rule.when
        .iter()
        .for_each(|clause| collect(&clause.conditions, &mut names));
    names
}

/// Writes the Rust table from (rule, name) to the functions of the `predicate.rs` files.
fn predicate_table(predicates: &[(Rule, PathBuf)]) -> String {
    let mut text = String::new();
    for (rule, file) in predicates {
        let module = rule.id.replace('-', "_");
        writeln!(text, "#[path = {file:?}]\nmod {module};").expect("writing to memory");
    }
    text.push_str("/// Returns the predicate that a rule names.\n");
    text.push_str("pub(crate) fn find(rule: &str, name: &str) -> Option<Predicate> {\n    match (rule, name) {\n");
    for (rule, _) in predicates {
        for function in code_names(rule) {
            let module = rule.id.replace('-', "_");
            writeln!(
                text,
                "        ({:?}, {function:?}) => Some({module}::{function}),",
                rule.id
            )
            .expect("writing to memory");
        }
    }
    text.push_str("        _ => None,\n    }\n}\n");
    text
}

fn read_lexicons(folder: &Path) -> Vec<lexicon::Lexicon> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|e| e.expect("readable entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    // English first: where two languages know a word, its phrase is the one that is shown.
    files.sort_by_key(|file| {
        (
            file.file_stem().is_none_or(|stem| stem != "en"),
            file.clone(),
        )
    });
    files
        .iter()
        .map(|file| {
            let lexicon: lexicon::Lexicon =
                toml::from_str(&read(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            check_words(&lexicon);
            assert_eq!(
                lexicon.language,
                file.file_stem()
                    .and_then(|s| s.to_str())
                    .expect("UTF-8 names")
            );
            lexicon
        })
        .collect()
}

/// Refuses a sense that lists a word twice. A word that asks may stand under `denied` too: then
/// it denies in claims as well.
fn check_words(lexicon: &lexicon::Lexicon) {
    for sense in &lexicon.sense {
        let denying: Vec<&String> = sense.denied.iter().chain(&sense.denies).collect();
        for words in [sense.words.iter().collect(), denying] {
            let mut seen = BTreeSet::new();
            for word in words {
                assert!(
                    seen.insert(word),
                    "`{word}` stands twice under `{}`",
                    sense.what
                );
            }
        }
    }
}
