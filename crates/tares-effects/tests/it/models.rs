//! Every model file proves its entries: each `[[test]]` has the effects it names and not those
//! it excludes.

use crate::run;
use tares_effects::models::schema::Library;
use tares_lang::Language;

#[test]
fn every_library_keeps_its_examples() {
    let mut failures = Vec::new();
    let mut examples = 0;
    for (folder, language) in [
        ("python", Language::Python),
        ("javascript", Language::Tsx),
        ("java", Language::Java),
        ("go", Language::Go),
    ] {
        let folder = format!("{}/models/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let library: Library =
                toml::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            if library.tests.is_empty() {
                failures.push(format!("{}: no [[test]]", file.display()));
            }
            for example in &library.tests {
                examples += 1;
                check(&library.library, example, language, &mut failures);
            }
        }
    }
    assert!(examples > 50, "the examples were found");
    assert!(
        failures.is_empty(),
        "{} of {examples}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn check(
    library: &str,
    example: &tares_effects::models::schema::Example,
    language: Language,
    failures: &mut Vec<String>,
) {
    let analysis = run(language, &example.code);
    let all: Vec<String> = analysis
        .effects
        .iter()
        .map(|e| format!("{} {}", e.kind, e.api))
        .collect();
    for wanted in &example.effect {
        let (must, pattern) = match wanted.strip_prefix('!') {
            Some(pattern) => (false, pattern),
            None => (true, wanted.as_str()),
        };
        let found = all.iter().any(|e| matches(pattern, e));
        if found != must {
            failures.push(format!(
                "{library}: `{wanted}` in\n{}\n  has {all:?}",
                example.code.trim()
            ));
        }
    }
}

/// `kind api`, where a `*` at the end stands for anything.
fn matches(pattern: &str, effect: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => effect.starts_with(prefix),
        None => effect == pattern,
    }
}
