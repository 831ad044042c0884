//! The examples of a user's models, run.

use crate::JudgeError;
use crate::engine::Engine;
use std::sync::Arc;
use tares_effects::models::ModelSet;
use tares_effects::models::own::Own;
use tares_effects::models::schema::Example;
use tares_effects::{NoProgram, Worker};

/// How the examples of a user's models came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examples {
    /// How many there are.
    pub count: usize,
    /// What is wrong, by file: an effect that is not there, one that must not be there, a file
    /// without an example.
    pub problems: Vec<(String, String)>,
}

/// Runs the examples of all files that a user added to the embedded models.
///
/// # Errors
/// When no thread can be started.
pub fn examples(models: &'static ModelSet) -> Result<Examples, JudgeError> {
    let mut all = Examples::default();
    let mut pieces = Vec::new();
    for own in models.own() {
        all.count += own.library.tests.len();
        if own.library.tests.is_empty() {
            let message = "no [[test]] shows that the models hold".to_owned();
            all.problems.push((own.file.clone(), message));
        }
        pieces.extend(own.library.tests.iter().map(|example| (own, example)));
    }
    let engine = Engine::new(pieces.len())?;
    let found = engine.map(pieces, |(own, example)| run(models, own, example));
    all.problems.extend(found.into_iter().flatten());
    Ok(all)
}

fn run(models: &'static ModelSet, own: &Own, example: &Example) -> Vec<(String, String)> {
    let source: Arc<str> = example.code.as_str().into();
    let mut worker = Worker::new(models);
    let path = own.sample_path();
    let analysis = tares_effects::analyse(&mut worker, &NoProgram, &path, own.language, &source);
    let effects = analysis.effects.iter();
    let found: Vec<String> = effects.map(|e| format!("{} {}", e.kind, e.api)).collect();
    let wrong = example.effect.iter().filter_map(|wanted| {
        let (must, pattern) = match wanted.strip_prefix('!') {
            Some(pattern) => (false, pattern),
            None => (true, wanted.as_str()),
        };
        let is_there = found.iter().any(|effect| matches(pattern, effect));
        let what = if must { "is not there" } else { "is there" };
        (is_there != must).then(|| {
            let code = example.code.trim();
            let all = found.join(", ");
            let message = format!("`{pattern}` {what}; found are [{all}] in\n{code}");
            (own.file.clone(), message)
        })
    });
    wrong.collect()
}

/// `kind api`, where a `*` at the end stands for anything.
fn matches(pattern: &str, effect: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => effect.starts_with(prefix),
        None => effect == pattern,
    }
}
