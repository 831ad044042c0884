//! The abstract interpreter: runs code on what is known of its values, and records what it does.
//!
//! One file is run in two passes. The module body runs first; each function that it defines is
//! then run on its own with unknown parameters, in order of definition, so that nothing
//! depends on who calls it. A call of a known function runs it again with the arguments at
//! hand where that can show more and the budget allows.

mod addresses;
pub(crate) mod args;
mod assign;
mod attr;
pub(crate) use attr::{is_namespace, member};
mod branch;
mod built;
pub(crate) mod call;
mod callback;
pub(crate) mod class;
mod define;
mod emit;
pub(crate) mod entry;
mod expr;
pub(crate) mod function;
mod go;
mod import;
mod index;
mod inherited;
pub(crate) mod java;
mod leaving;
mod loops;
mod matching;
mod name;
mod origins;
mod pages;
mod protocol;
pub(crate) mod record;
pub(crate) mod scope;
mod select;
mod stmt;
mod structure;
mod types;

use crate::names::Names;
use crate::paths::Paths;
use crate::value::{Kind, Taint, Value};
use class::ClassVal;
use function::Closure;
use rustc_hash::{FxHashMap, FxHashSet};
use scope::{Journal, Scope, ScopeKind};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{ExprId, FuncId, StmtId};
use tares_lang::{Family, Interner, Language, Sym, Tree};
use tares_model::effect::{Effect, GuardClass, Step};
use tares_model::{RepoPath, Span};

/// Deepest nesting of calls that is followed.
const MAX_CALL_DEPTH: u32 = 6;
/// Deepest nesting of code given as text.
pub(crate) const MAX_TEXT_DEPTH: u32 = 3;
/// Deepest nesting of expressions and blocks; the tree has a limit of its own.
const MAX_EVAL_DEPTH: u32 = 1500;

/// A piece of source that is run: the file, code given as text, a module of the repository.
pub(crate) struct Unit {
    pub(crate) tree: Arc<Tree>,
    pub(crate) source: Arc<str>,
    pub(crate) scope: Rc<Scope>,
    /// For code given as text: where the text stands, as unit and span.
    pub(crate) inside: Option<(u32, Span)>,
    /// For a module of the repository other than the file under analysis.
    pub(crate) path: Option<RepoPath>,
    /// Nesting of code given as text.
    pub(crate) depth: u32,
    /// What the module exports (JavaScript).
    pub(crate) exports: Vec<(Arc<str>, Value)>,
    /// Whether its text is plain ASCII, so that no name in it can look like another.
    pub(crate) is_ascii: bool,
    /// Whether functions may look at all their arguments at once (JavaScript).
    pub(crate) mentions_arguments: bool,
    /// Modules all names of which were imported (`from m import *`).
    pub(crate) stars: Vec<crate::paths::PathId>,
}

/// A condition that holds where the interpreter is.
#[derive(Clone)]
pub(crate) struct GuardEntry {
    class: GuardClass,
    unit: u32,
    span: Span,
    holds: bool,
}

/// A call that is followed.
struct Via {
    unit: u32,
    span: Span,
    /// What is called.
    name: Rc<str>,
    /// Who calls, if what is called is so short that it only stands between.
    caller: Option<Rc<str>>,
}

/// The function that is running.
pub(crate) struct Frame {
    pub(crate) scope: Rc<Scope>,
    pub(crate) this: Option<Value>,
    pub(crate) class: Option<Rc<ClassVal>>,
    pub(crate) name: Rc<str>,
    pub(crate) code: Option<(u32, FuncId)>,
    pub(crate) returns: Option<Value>,
    pub(crate) yields: Vec<Value>,
    /// What the last `raise` or `throw` threw.
    pub(crate) thrown: Option<Value>,
    /// How many `try` statements with handlers are open.
    pub(crate) tries: u32,
    /// Names declared `global` or `nonlocal`.
    pub(crate) outer: FxHashMap<Sym, Rc<Scope>>,
    pub(crate) result: Option<ResultSink>,
    /// Loops that run, the innermost last.
    open: Vec<leaving::Open>,
    /// Names that hold an address or path taken apart or resolved, and the names it was made of.
    pub(crate) origins: FxHashMap<Sym, Vec<Sym>>,
    /// Expressions that a test on this path has found safe, by their text: `req.query.sort`.
    pub(crate) believed: Vec<(String, tares_model::effect::SinkSet)>,
    /// Whether tests add to them.
    pub(crate) believes: bool,
}

/// What returning from a handler does.
#[derive(Clone, Copy)]
pub(crate) struct ResultSink {
    pub(crate) kind: tares_model::EffectKind,
    pub(crate) path: crate::paths::PathId,
}

/// A function that waits to be run on its own.
pub(crate) struct Pending {
    pub(crate) closure: Rc<Closure>,
    /// Arguments that the library is known to give.
    pub(crate) args: Option<args::Args>,
    pub(crate) detached: bool,
}

/// How a block ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Runs on.
    Next,
    /// Left the function or raised on every path.
    End,
    Break,
    Continue,
}

/// One analysis of one file.
pub(crate) struct Interp<'a> {
    pub(crate) names: &'a mut Names,
    pub(crate) interner: &'a mut Interner,
    pub(crate) trees: &'a mut crate::trees::Trees,
    pub(crate) paths: &'a mut Paths<'static>,
    pub(crate) program: &'a dyn crate::Program,
    pub(crate) path: RepoPath,
    pub(crate) family: Family,
    pub(crate) language: Language,
    pub(crate) units: Vec<Unit>,
    pub(crate) unit: u32,
    pub(crate) frame: Frame,
    pub(crate) statement: Span,
    pub(crate) journal: Journal,
    guards: Vec<GuardEntry>,
    pub(crate) steps: u64,
    pub(crate) fuel: u64,
    inline_fuel: u64,
    /// Steps when the outermost call that is followed began.
    inline_from: Option<u64>,
    depth: u32,
    call_depth: u32,
    active: Vec<(u32, FuncId)>,
    via: Vec<Via>,
    pub(crate) effects: Vec<Effect>,
    sites: FxHashMap<(u32, Span, tares_model::EffectKind), Vec<usize>>,
    pending: VecDeque<Pending>,
    queued: FxHashSet<(u32, FuncId)>,
    handed: FxHashMap<(u32, FuncId), u8>,
    swallow: u32,
    detached: u32,
    mute: u32,
    /// Counts what makes a function worth running again with known arguments.
    reactions: u64,
    /// What Java keeps beside its scopes.
    java: java::State,
    /// Nesting of calls, plus one, of a call whose error is thrown away where it stands.
    discarded: u32,
    /// Set when an expression certainly raised.
    pub(crate) raised: bool,
    /// Set when a function of the code was called that certainly raised.
    escaped: bool,
    /// Whether the body of the file itself runs.
    pub(crate) importing: bool,
    /// Whether the body of the file has run, so that every name of it has its value.
    has_run: bool,
    /// How many promises are being made: what they put off is run at once.
    at_once: u32,
    pub(crate) packages: FxHashSet<Arc<str>>,
    pub(crate) imports: Vec<String>,
    modules: FxHashMap<RepoPath, Option<u32>>,
    running: bool,
    active_modules: usize,
    forcing: u32,
    /// Set when something was nested too deeply to be followed.
    pub(crate) too_deep: bool,
    /// Set when there were more effects than are kept.
    pub(crate) dropped: bool,
    /// Set when a value that was too large to keep reached an effect.
    pub(crate) cut_short: std::cell::Cell<bool>,
    /// Code of another language that was handed to its interpreter as text, and where it stands.
    pub(crate) foreign: Vec<crate::Foreign>,
}

impl<'a> Interp<'a> {
    /// Whether the file is JavaScript or TypeScript.
    pub(crate) fn is_js(&self) -> bool {
        self.family == Family::JavaScript
    }

    /// Whether the file is Python.
    pub(crate) fn is_python(&self) -> bool {
        self.family == Family::Python
    }

    /// Whether the file is a shell script.
    pub(crate) fn is_shell(&self) -> bool {
        self.family == Family::Shell
    }

    pub(crate) fn new(
        worker: &'a mut crate::Worker,
        program: &'a dyn crate::Program,
        path: RepoPath,
        tree: Arc<Tree>,
        source: Arc<str>,
    ) -> Self {
        let language = tree.language;
        let family = language.family();
        let scope = Scope::new(ScopeKind::Module, None);
        let nodes = (tree.exprs.len() + tree.stmts.len()) as u64;
        let is_ascii = source.is_ascii();
        let mentions_arguments = family == Family::JavaScript && source.contains("arguments");
        let unit = Unit {
            tree,
            source,
            scope: Rc::clone(&scope),
            inside: None,
            path: None,
            depth: 0,
            exports: Vec::new(),
            is_ascii,
            mentions_arguments,
            stars: Vec::new(),
        };
        let paths = worker.paths[family as usize].get_or_insert_with(|| {
            Paths::new(worker.models.of(family)).with_capital_functions(family == Family::Go)
        });
        Self {
            names: &mut worker.names,
            interner: &mut worker.interner,
            trees: &mut worker.trees,
            paths,
            program,
            path,
            family,
            language,
            units: vec![unit],
            unit: 0,
            frame: Frame::new(scope, "".into()),
            statement: Span::default(),
            journal: Journal::default(),
            guards: Vec::new(),
            steps: 0,
            // Steps that a file may take: generous for its size, bounded in all. Measured on
            // ordinary packages a file takes 2 to 4 steps per node.
            fuel: (nodes * 60).clamp(200_000, 8_000_000),
            inline_fuel: nodes * 3 + 30_000,
            inline_from: None,
            depth: 0,
            call_depth: 0,
            active: Vec::new(),
            via: Vec::new(),
            effects: Vec::new(),
            sites: FxHashMap::default(),
            pending: VecDeque::new(),
            queued: FxHashSet::default(),
            handed: FxHashMap::default(),
            swallow: 0,
            detached: 0,
            mute: 0,
            reactions: 0,
            java: java::State::default(),
            discarded: 0,
            raised: false,
            escaped: false,
            at_once: 0,
            importing: false,
            has_run: false,
            packages: FxHashSet::default(),
            imports: Vec::new(),
            modules: FxHashMap::default(),
            running: true,
            active_modules: 0,
            forcing: 0,
            too_deep: false,
            dropped: false,
            cut_short: std::cell::Cell::new(false),
            foreign: Vec::new(),
        }
    }

    /// Takes one step; false when the fuel is spent.
    pub(crate) fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps > self.fuel {
            self.running = false;
        }
        self.running
    }

    /// Takes steps for making a large value, so that what is large is not free.
    pub(crate) fn charge(&mut self, value: &Value) {
        let size = match &value.kind {
            Kind::Str(text) => text.len() / 32,
            Kind::Bytes(bytes) => bytes.len() / 32,
            Kind::Seq(seq) => seq.items.borrow().len() / 2,
            Kind::Map(map) => map.entries.borrow().len() / 2,
            Kind::Partial(partial) => partial.args.len(),
            _ => 0,
        };
        self.steps += size as u64;
    }

    /// Whether the fuel lasted.
    pub(crate) fn lasted(&self) -> bool {
        self.running
    }

    pub(crate) fn tree(&self) -> Arc<Tree> {
        Arc::clone(&self.units[self.unit as usize].tree)
    }

    pub(crate) fn text(&self, sym: Sym) -> Arc<str> {
        Arc::clone(self.interner.name(sym))
    }

    /// Returns the source text under a span of the running unit.
    pub(crate) fn source(&self, span: Span) -> &str {
        span.text(&self.units[self.unit as usize].source)
    }

    /// Returns a taint whose source is here.
    pub(crate) fn taint_here(
        &self,
        labels: tares_model::LabelSet,
        span: Span,
        what: &str,
    ) -> Taint {
        Taint::source(labels, self.unit, span, what)
    }

    /// Returns a step of an evidence chain, mapped out of code given as text.
    pub(crate) fn place(&self, unit: u32, span: Span, what: &str) -> Step {
        let (unit, span) = self.outer(unit, span);
        Step {
            path: self.units[unit as usize].path.clone(),
            span,
            what: what.to_owned(),
        }
    }

    /// Maps a span in code given as text to where the text stands.
    pub(crate) fn outer(&self, mut unit: u32, mut span: Span) -> (u32, Span) {
        while let Some((outer, at)) = self.units[unit as usize].inside {
            unit = outer;
            span = at;
        }
        (unit, span)
    }

    /// Returns the value of an API path: a constant of the models, else the thing itself.
    pub(crate) fn api(&mut self, path: &str) -> Value {
        Value::new(Kind::Api(self.paths.get(path)))
    }

    /// Runs `run` one level deeper, or gives `otherwise` where that is too deep.
    pub(crate) fn deeper<T>(&mut self, otherwise: T, run: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_EVAL_DEPTH {
            self.too_deep = true;
            return otherwise;
        }
        self.depth += 1;
        let out = run(self);
        self.depth -= 1;
        out
    }
}

impl Frame {
    pub(crate) fn new(scope: Rc<Scope>, name: Rc<str>) -> Self {
        Self {
            scope,
            this: None,
            class: None,
            name,
            code: None,
            returns: None,
            yields: Vec::new(),
            thrown: None,
            tries: 0,
            outer: FxHashMap::default(),
            result: None,
            open: Vec::new(),
            origins: FxHashMap::default(),
            believed: Vec::new(),
            believes: false,
        }
    }
}

/// The ids that every step needs.
pub(crate) type Exp = ExprId;
/// See [`Exp`].
pub(crate) type Sta = StmtId;
