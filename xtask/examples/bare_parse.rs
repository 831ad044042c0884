//! The yardstick of the benchmark: `bare_parse read|parse FOLDER` reads every file of the folder that
//! tares would judge, and with `parse` gives each to its grammar and throws the tree away.
//!
//! The bench takes the difference of the two, so that reading files is not part of the yardstick.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::path::Path;
use std::process::ExitCode;
use tares_lang::Language;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [task, folder] = arguments.as_slice() else {
        return ExitCode::FAILURE;
    };
    let sources = sources(Path::new(folder));
    let bytes: usize = sources.iter().map(|(_, text)| text.len()).sum();
    println!("{} files, {bytes} bytes", sources.len());
    if task == "parse" {
        let mut parser = tree_sitter::Parser::new();
        for (grammar, text) in &sources {
            parser
                .set_language(grammar)
                .expect("the grammars fit this tree-sitter");
            std::hint::black_box(parser.parse(text, None));
        }
    }
    ExitCode::SUCCESS
}

fn sources(folder: &Path) -> Vec<(tree_sitter::Language, String)> {
    let files = ignore::WalkBuilder::new(folder)
        .build()
        .filter_map(Result::ok);
    let sources = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    sources
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path()).ok()?;
            let first = text.lines().next().unwrap_or_default();
            let language = Language::detect(&entry.path().to_string_lossy(), first)?;
            Some((grammar(language)?, text))
        })
        .collect()
}

/// Returns the grammar of a language; what only carries code has none to compare with.
fn grammar(language: Language) -> Option<tree_sitter::Language> {
    Some(match language {
        Language::Python => tree_sitter_python::LANGUAGE.into(),
        Language::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        Language::Go => tree_sitter_go::LANGUAGE.into(),
        Language::Java => tree_sitter_java::LANGUAGE.into(),
        Language::Shell => tree_sitter_bash::LANGUAGE.into(),
        Language::Carrier(_) => return None,
    })
}
