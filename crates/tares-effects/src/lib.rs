//! The abstract interpreter: neutral tree in, effects out, with API models as data.
//!
//! It runs code on what is known of its values: it follows aliases, folds the language's own
//! functions, looks names up by text as the program would, and records each call of a modelled
//! API with its arguments, conditions and labels. It knows no weakness class, no file system
//! and no git. Fuel bounds everything and is counted in steps, so the same input gives the
//! same output.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod controls;
mod fold;
mod foreign;
mod interp;
mod looks;
pub mod models;
mod modules;
mod names;
mod paths;
pub mod program;
mod target;
mod trees;
mod value;

pub(crate) use foreign::Foreign;
pub(crate) use interp::is_namespace as interp_is_namespace;
use models::ModelSet;
use models::schema::Fixed;
pub use modules::Imported;
use names::Names;
use paths::Paths;
pub use program::{NoProgram, Program};
use std::sync::Arc;
use tares_lang::tree::ErrorReason;
use tares_lang::{Family, Interner, Language};
use tares_model::effect::Effect;
use tares_model::{RepoPath, Span};
use value::{Kind, Value};

/// What one thread keeps between files: interned names and API paths.
pub struct Worker {
    models: &'static ModelSet,
    interner: Interner,
    trees: trees::Trees,
    names: Names,
    // The models of a language are read when its first file comes.
    paths: [Option<Paths<'static>>; Family::ALL.len()],
}

impl Worker {
    /// Returns a worker that knows these models and no file yet.
    pub fn new(models: &'static ModelSet) -> Self {
        Self {
            models,
            interner: Interner::default(),
            trees: trees::Trees::default(),
            names: Names::default(),
            paths: Default::default(),
        }
    }

    /// Returns the models that it knows.
    pub fn models(&self) -> &'static ModelSet {
        self.models
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new(ModelSet::embedded())
    }
}

/// What the analysis of one file gives.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// Everything the file does, in the order in which it was met.
    pub effects: Vec<Effect>,
    /// Modules that the file imports, as written.
    pub imports: Vec<String>,
    /// The same with their places, and those that no code reaches.
    pub modules: Vec<Imported>,
    /// Files of the repository that the analysis read.
    pub read: Vec<RepoPath>,
    /// Spans of the comments.
    pub comments: Vec<Span>,
    /// Spans of the statements.
    pub statements: Vec<Span>,
    /// What could not be judged, and why.
    pub unchecked: Vec<(Span, Unchecked)>,
    /// Steps taken.
    pub steps: u64,
}

/// Why a stretch of a file was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// The grammar does not accept it. What could be recovered inside was judged.
    Syntax,
    /// Nested too deeply.
    Depth,
    /// An error inside the engine itself.
    Fault,
    /// The parser or the interpreter ran out of its steps, or there were more effects than are kept.
    Fuel,
}

/// Analyses one file. `source` is at most [`tares_lang::MAX_SOURCE`] bytes; the caller refuses more.
pub fn analyse(
    worker: &mut Worker,
    program: &dyn Program,
    path: &RepoPath,
    language: Language,
    source: &Arc<str>,
) -> Analysis {
    analyse_to(worker, program, path, language, source, MAX_LANGUAGES)
}

/// Languages within languages that are followed: a script in Python in a script in shell.
const MAX_LANGUAGES: u8 = 3;

/// Analyses a text that stands in `depth` languages less than are followed.
fn analyse_to(
    worker: &mut Worker,
    program: &dyn Program,
    path: &RepoPath,
    language: Language,
    source: &Arc<str>,
    depth: u8,
) -> Analysis {
    let tree = Arc::new(tares_lang::parse(language, source, &mut worker.interner));
    let modules = modules::of(&tree, &worker.interner);
    let mut unchecked: Vec<(Span, Unchecked)> = tree
        .errors
        .iter()
        .map(|e| {
            let why = match e.reason {
                ErrorReason::Syntax => Unchecked::Syntax,
                ErrorReason::Depth => Unchecked::Depth,
                ErrorReason::Budget => Unchecked::Fuel,
            };
            (e.span, why)
        })
        .collect();
    let mut interp = interp::Interp::new(
        worker,
        program,
        path.clone(),
        Arc::clone(&tree),
        Arc::clone(source),
    );
    interp.run_file();
    if !interp.lasted() || interp.dropped || interp.cut_short.get() {
        unchecked.push((Span::new(0, source.len() as u32), Unchecked::Fuel));
    }
    if interp.too_deep {
        unchecked.push((Span::new(0, source.len() as u32), Unchecked::Depth));
    }
    let read = interp.units.iter().filter_map(|u| u.path.clone()).collect();
    let (mut effects, imports, steps) = (interp.effects, interp.imports, interp.steps);
    let foreign = interp.foreign;
    effects.extend(looks::find(language, &tree, source, &worker.interner));
    let mut analysis = Analysis {
        effects,
        imports,
        modules,
        read,
        comments: tree.comments.clone(),
        statements: tree.stmt_spans.clone(),
        unchecked,
        steps,
    };
    if depth > 0 && !foreign.is_empty() {
        let depth = depth - 1;
        foreign::run(worker, program, path, source, foreign, &mut analysis, depth);
    }
    analysis
}

fn value_of_fixed(fixed: &Fixed) -> Value {
    match fixed {
        Fixed::Bool(b) => Value::new(Kind::Bool(*b)),
        Fixed::Int(n) => Value::int(*n),
        Fixed::Text(text) => Value::str(text.as_str()),
    }
}
