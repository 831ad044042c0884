//! Prints what a file does: `cargo run -p tares-effects --example effects -- FILE`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people"
)]

use std::sync::Arc;
use tares_effects::{NoProgram, Worker, analyse};
use tares_lang::Language;
use tares_model::RepoPath;

fn main() {
    for file in std::env::args().skip(1) {
        let source: Arc<str> = std::fs::read_to_string(&file)
            .expect("the file is readable")
            .into();
        let language = Language::detect(&file, source.lines().next().unwrap_or(""))
            .expect("the language is known");
        let analysis = analyse(
            &mut Worker::default(),
            &NoProgram,
            &RepoPath::from(file.as_str()),
            language,
            &source,
        );
        let lines = tares_model::LineIndex::new(&source);
        for effect in &analysis.effects {
            let line = effect.site.as_ref().map_or(0, |s| lines.line(s.span.start));
            println!(
                "{file}:{line} {} {} {:?} data={:?}",
                effect.kind,
                effect.api,
                effect.target,
                effect.data.iter().map(|l| l.as_str()).collect::<Vec<_>>()
            );
            for role in &effect.roles {
                println!(
                    "    {} = {:?} labels={:?}",
                    role.name,
                    role.shape,
                    role.labels.iter().map(|l| l.as_str()).collect::<Vec<_>>()
                );
            }
            if !effect.guard.is_empty()
                || !effect.concealment.devices.is_empty()
                || !effect.stealth.is_empty()
            {
                println!(
                    "    guard={:?} devices={:?} stealth={:?}",
                    effect
                        .guard
                        .iter()
                        .map(|g| (g.class.as_str(), &g.text))
                        .collect::<Vec<_>>(),
                    effect.concealment.devices,
                    effect.stealth
                );
            }
        }
        println!(
            "steps={} unchecked={:?}",
            analysis.steps, analysis.unchecked
        );
    }
}
