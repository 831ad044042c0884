//! Runs analyses in parallel, so that neither order nor number of threads shows in the result.

use crate::JudgeError;
use crate::answers::Answers;
use crate::cache::{Facts, Gap, Place};
use crate::program::{Files, Tracer};
use crate::source::Source;
use std::cell::RefCell;
use tares_effects::models::ModelSet;
use tares_effects::{Analysis, Program, Worker};
use tares_lang::Language;

/// Stack of one thread. Nesting is bounded by the parser and the interpreter; this is what
/// their bounds need in the slowest build, several times over.
const STACK: usize = 64 << 20;

/// Bytes that one worker analyses before it is replaced, so that its names do not pile up.
const WORKER_BYTES: usize = 16 << 20;

thread_local! {
    static WORKER: RefCell<(Worker, usize)> = RefCell::new((Worker::default(), 0));
}

/// Threads to work on; a worker each.
pub(crate) struct Engine {
    pool: rayon::ThreadPool,
}

impl Engine {
    /// Starts threads for about so many pieces of work.
    pub(crate) fn new(pieces: usize) -> Result<Self, JudgeError> {
        // 0 lets the library decide: one thread per processor, or what its variable says.
        let threads = if pieces <= 1 { 1 } else { 0 };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK)
            .thread_name(|i| format!("judge-{i}"))
            .build()?;
        Ok(Self { pool })
    }

    /// Does something for every item; results in the order of the items.
    pub(crate) fn map<T: Send, U: Send>(
        &self,
        items: Vec<T>,
        work: impl Fn(T) -> U + Sync + Send,
    ) -> Vec<U> {
        use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
        self.pool
            .install(|| items.into_par_iter().map(work).collect())
    }
}

/// Analyses one file on a thread of [`Engine`], or recalls what an earlier run found.
pub(crate) fn facts(
    answers: &dyn Answers,
    files: &Files<'_>,
    source: &Source,
    language: Language,
) -> Facts {
    let path = &source.path;
    // An excerpt is part of a question that nobody asks twice.
    let place = if source.is_excerpt() {
        None
    } else {
        Place::new(answers, path, language, (&source.text, files.models))
    };
    let Some(place) = place else {
        return analyse(files, files.models, source, language);
    };
    if let Some(facts) = place.recall(files) {
        return facts;
    }
    let tracer = Tracer::new(files, path);
    let facts = analyse(&tracer, files.models, source, language);
    if facts.gaps.iter().all(|(_, gap)| *gap != Gap::Fault) {
        place.keep(tracer.finish(), &facts);
    }
    facts
}

fn analyse(
    program: &dyn Program,
    models: &'static ModelSet,
    source: &Source,
    language: Language,
) -> Facts {
    // An error of ours in one file must not keep the others from being judged; the file itself
    // counts as unchecked.
    let run = std::panic::AssertUnwindSafe(|| {
        WORKER.with_borrow_mut(|(worker, used)| {
            if *used > WORKER_BYTES || !std::ptr::eq(worker.models(), models) {
                (*worker, *used) = (Worker::new(models), 0);
            }
            *used += source.text.len();
            tares_effects::analyse(worker, program, &source.path, language, &source.text)
        })
    });
    let analysis = std::panic::catch_unwind(run).unwrap_or_else(|_| {
        WORKER.with_borrow_mut(|worker| *worker = (Worker::new(models), 0));
        let whole = tares_model::Span::new(0, source.text.len() as u32);
        Analysis {
            unchecked: vec![(whole, tares_effects::Unchecked::Fault)],
            ..Analysis::default()
        }
    });
    let Analysis {
        effects,
        modules,
        comments,
        statements,
        unchecked,
        ..
    } = analysis;
    let has_suppression = source.text.contains("tares:");
    let kept = |spans: Vec<_>| if has_suppression { spans } else { Vec::new() };
    Facts {
        effects,
        imports: modules,
        comments: kept(comments),
        statements: kept(statements),
        gaps: unchecked
            .into_iter()
            .map(|(span, why)| (span, why.into()))
            .collect(),
    }
}
