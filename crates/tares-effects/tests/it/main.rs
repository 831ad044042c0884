//! Tests of the engine through its public face.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod disguise;
mod files;
mod go;
mod java;
mod libraries;
mod models;
mod rewrites;
mod shapes;
mod values;

use std::sync::Arc;
use tares_effects::{Analysis, NoProgram, Worker, analyse};
use tares_lang::Language;
use tares_model::RepoPath;
use tares_model::effect::Effect;

/// Analyses one text on a stack like a worker's.
fn run(language: Language, source: &str) -> Analysis {
    let source: Arc<str> = source.into();
    let name = match language {
        Language::Python => "m.py",
        Language::Go => "m.go",
        _ => "m.ts",
    };
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || {
            analyse(
                &mut Worker::default(),
                &NoProgram,
                &RepoPath::from(name),
                language,
                &source,
            )
        })
        .unwrap()
        .join()
        .unwrap()
}

/// Shows an effect in a line.
fn show(effect: &Effect) -> String {
    let roles: Vec<String> = effect
        .roles
        .iter()
        .filter(|r| r.shape != tares_model::effect::Shape::Absent)
        .map(|r| format!("{}={:?}", r.name, r.shape))
        .collect();
    format!(
        "{} {} {:?} {}",
        effect.kind,
        effect.api,
        effect.target,
        roles.join(" ")
    )
}
