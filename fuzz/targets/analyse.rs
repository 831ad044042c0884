//! What holds for any text of a language: it is read, run and judged to an end, the same way
//! twice, and every place that comes out lies inside the text.

use std::sync::{Arc, Mutex};
use tares_effects::{Analysis, NoProgram, Worker, analyse};
use tares_lang::{Interner, Language, MAX_SOURCE, parse, sexpr};
use tares_model::{RepoPath, Span};
use tares_rules::Rules;

/// The stack that the program gives to a thread that judges.
const STACK: usize = 64 << 20;

/// Inputs after which a worker is replaced: it keeps the names of all it has met.
const KEEP: u32 = 256;

/// One worker for many inputs, as in the program: what an input leaves behind must not matter.
static WORKER: Mutex<(Option<Worker>, u32)> = Mutex::new((None, 0));

/// Takes `source` through the engine as each of the languages.
pub fn check(languages: &[Language], source: &str) {
    if source.len() > MAX_SOURCE {
        return;
    }
    let mut kept = WORKER.lock().expect("a failed check ends the process");
    kept.1 += 1;
    if kept.1 % KEEP == 0 {
        kept.0 = None;
    }
    let fresh = kept.1 % 16 == 0;
    let worker = kept.0.get_or_insert_with(Worker::default);
    std::thread::scope(|scope| {
        let work = move || {
            for language in languages {
                one(worker, *language, source, fresh);
            }
        };
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .expect("the system gives a thread")
            .join()
            .expect("a panic has ended the process already");
    });
}

fn one(worker: &mut Worker, language: Language, source: &str, twice: bool) {
    let analysis = run(worker, language, source);
    places(&analysis, source);
    if twice {
        let again = run(&mut Worker::default(), language, source);
        assert_eq!(analysis.steps, again.steps, "the same text takes the same steps");
        assert_eq!(
            format!("{:?}", analysis.effects),
            format!("{:?}", again.effects),
            "the same text has the same effects"
        );
        let trees = [(); 2].map(|()| {
            let mut interner = Interner::default();
            let tree = parse(language, source, &mut interner);
            sexpr(&tree, &interner)
        });
        assert_eq!(trees[0], trees[1], "the same text gives the same tree");
    }
}

fn run(worker: &mut Worker, language: Language, source: &str) -> Analysis {
    let text: Arc<str> = source.into();
    let path = RepoPath::from("input");
    let analysis = analyse(worker, &NoProgram, &path, language, &text);
    for draft in Rules::embedded().judge_at(&path, &analysis.effects) {
        assert!(draft.effect < analysis.effects.len(), "a finding rests on an effect");
    }
    analysis
}

fn places(analysis: &Analysis, source: &str) {
    let sites = analysis.effects.iter().filter_map(|effect| effect.site.as_ref());
    let own = sites.filter(|site| site.path.is_none());
    let effects = own.flat_map(|site| [site.span, site.statement]);
    let unchecked = analysis.unchecked.iter().map(|(span, _)| *span);
    let all = effects
        .chain(unchecked)
        .chain(analysis.comments.iter().copied())
        .chain(analysis.statements.iter().copied());
    for Span { start, end } in all {
        assert!(
            source.get(start as usize..end as usize).is_some(),
            "{start}..{end} lies inside the text"
        );
    }
}
