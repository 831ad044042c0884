//! Running functions: with arguments, and on their own.

use super::args::Args;
use super::class::ClassVal;
use super::function::{Closure, Decorated, Summary};
use super::record::new_object;
use super::scope::{Scope, ScopeKind};
use super::{Flow, Frame, Interp, MAX_CALL_DEPTH, MAX_EVAL_DEPTH, Pending};
use crate::value::{Kind, SeqSort, Value, Why};
use std::rc::Rc;
use std::sync::Arc;
use tares_lang::tree::{Expr, Func, ParamKind};
use tares_model::{Label, LabelSet, Span};

/// Functions up to this size are always run in place.
const TINY: u32 = 24;
/// How often a function is run with arguments that a library or an unknown function gives it.
const MAX_HANDED: u8 = 4;
/// How often a function is followed into itself.
const MAX_RECURSION: usize = 5;
/// Functions up to this size that take any arguments are wrappers.
const WRAPPER: u32 = 40;
/// Functions above this size are run in place only while much of the budget is left.
const LARGE: u32 = 600;
/// Share of the budget that a large function may take.
const LARGE_SHARE: u64 = 8;
/// Functions up to this size are followed deeper than others.
const SMALL: u32 = 60;
/// Deepest nesting of calls of small functions.
const MAX_SMALL_DEPTH: u32 = 40;

impl Interp<'_> {
    /// Runs the module, then everything it defined.
    pub(crate) fn run_file(&mut self) {
        let t = self.tree();
        self.hoist(&t, t.body);
        self.importing = self.is_python() || self.is_js();
        self.block(&t, t.body);
        self.importing = false;
        self.has_run = true;
        while let Some(pending) = self.pending.pop_front() {
            if !self.lasted() {
                break;
            }
            self.run_pending(pending);
        }
    }

    fn run_pending(&mut self, pending: Pending) {
        let Pending {
            closure,
            args,
            detached,
        } = pending;
        if args.is_none() && !self.is_owed_a_run(&closure) {
            return;
        }
        self.detached += u32::from(detached);
        self.run_alone(&closure, None, args);
        self.detached -= u32::from(detached);
    }

    /// Whether a function has still to be run on its own.
    fn is_owed_a_run(&self, closure: &Closure) -> bool {
        let waits = matches!(
            *closure.summary.borrow(),
            Summary::None | Summary::Early { .. }
        );
        // An anonymous function that has run where it stands has no other callers.
        let func = self.units[closure.unit as usize].tree.func(closure.func);
        waits && !(closure.called.get() && (func.name.is_none() || hands_on(func)))
    }

    /// Puts a function into the queue with the arguments that its library will give it.
    pub(crate) fn enqueue(&mut self, closure: &Rc<Closure>, args: Args, detached: bool) {
        // A function that hands itself on would otherwise never be done.
        let times = self.handed.entry((closure.unit, closure.func)).or_default();
        *times = times.saturating_add(1);
        if *times > MAX_HANDED {
            return;
        }
        if self.pending.len() < 10_000 {
            self.pending.push_back(Pending {
                closure: Rc::clone(closure),
                args: Some(args),
                detached,
            });
        }
    }

    /// Runs without recording effects.
    pub(crate) fn muted<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.mute += 1;
        let out = run(self);
        self.mute -= 1;
        out
    }

    /// Runs a function on its own: no caller, no conditions, parameters unknown or as `args` say.
    pub(crate) fn run_alone(
        &mut self,
        closure: &Rc<Closure>,
        this: Option<Value>,
        args: Option<Args>,
    ) {
        *closure.summary.borrow_mut() = Summary::Running;
        let guards = self.take_guards();
        let via = std::mem::take(&mut self.via);
        let swallow = std::mem::replace(&mut self.swallow, 0);
        let depth = std::mem::replace(&mut self.call_depth, 0);
        let active = std::mem::take(&mut self.active);
        let before = self.reactions;
        let this = this.or_else(|| self.receiver_of(closure));
        if args.is_some() {
            closure.called.set(true);
        }
        let args = match args {
            Some(args) => self.complete(closure, args, this.as_ref()),
            None => self.unknown_args(closure, this.as_ref()),
        };
        let mark = self.journal.begin();
        let returns = self.run(closure, this, args);
        self.journal.commit(mark);
        let reacts = self.reactions != before || !is_boring(&returns);
        *closure.summary.borrow_mut() = Summary::Done { returns, reacts };
        self.put_guards(guards);
        self.via = via;
        self.swallow = swallow;
        self.call_depth = depth;
        self.active = active;
    }

    fn receiver_of(&mut self, closure: &Rc<Closure>) -> Option<Value> {
        if let Some(this) = &closure.this {
            return Some(this.clone());
        }
        let class = closure.class.borrow().clone()?;
        if closure.decorated.get() == Decorated::Static && self.is_python() {
            return None;
        }
        if closure.decorated.get() != Decorated::Plain
            && closure.decorated.get() != Decorated::Property
        {
            return Some(Value::new(Kind::Class(class)));
        }
        Some(self.sample(&class))
    }

    /// Whether the first parameter of a function is its receiver.
    fn takes_receiver(&self, closure: &Closure) -> bool {
        closure.class.borrow().is_some()
            && (self.is_python() || self.is_go() && !self.is_literal_closure(closure))
    }

    /// Returns unknown arguments for every parameter: typed by annotation, handler or name.
    fn unknown_args(&mut self, closure: &Rc<Closure>, this: Option<&Value>) -> Args {
        let t = Arc::clone(&self.units[closure.unit as usize].tree);
        let func = t.func(closure.func);
        let skip = usize::from(this.is_some() && self.takes_receiver(closure));
        let mut args = Args::default();
        if skip == 1 {
            args.pos.extend(this.map(|v| (v.clone(), Span::default())));
        }
        let handler = *closure.handler.borrow();
        let outer = std::mem::replace(&mut self.unit, closure.unit);
        for (i, param) in func.params.iter().enumerate().skip(skip) {
            let value = self.param_value(&t, param, handler, i - skip, closure);
            let span = t.span(param.pattern);
            match param.kind {
                ParamKind::Plain => args.pos.push((value, span)),
                ParamKind::Keyword => {
                    if let Expr::Name(name) = t.expr(param.pattern) {
                        let name = self.text(*name);
                        args.named.push((name, value, span));
                    }
                }
                ParamKind::Rest => args.more = Some(value),
                ParamKind::KeywordRest => args.more_named = Some(value),
            }
        }
        self.unit = outer;
        args
    }

    /// Fills the arguments that a library leaves out.
    fn complete(&mut self, closure: &Rc<Closure>, given: Args, this: Option<&Value>) -> Args {
        let mut args = self.unknown_args(closure, this);
        let skip = usize::from(this.is_some() && self.takes_receiver(closure));
        for (i, (value, span)) in given.pos.into_iter().enumerate() {
            match args.pos.get_mut(i + skip) {
                Some(slot) => {
                    if !(value.is_unknown() && value.taint.is_none()) {
                        *slot = (value, span);
                    }
                }
                None => args.pos.push((value, span)),
            }
        }
        args.named.extend(given.named);
        args
    }

    /// Calls a function of the code itself.
    pub(crate) fn call_closure(
        &mut self,
        closure: &Rc<Closure>,
        this: Option<Value>,
        args: Args,
        span: Span,
    ) -> Value {
        if let Some(closure) = self.replaced(closure) {
            return self.call_closure(&closure, this, args, span);
        }
        if let Some(other) = self.implementation(closure, &args) {
            return self.call(&other, args, span);
        }
        let t = Arc::clone(&self.units[closure.unit as usize].tree);
        let size = t.func(closure.func).size;
        if !self.worth_running(closure, size, &args) {
            return self.summarised(closure, &args);
        }
        let outermost = self.inline_from.is_none();
        let from = *self.inline_from.get_or_insert(self.steps);
        let unit = self.unit;
        self.via.push(super::Via {
            unit,
            span,
            name: Rc::clone(&closure.name),
            caller: (size <= TINY).then(|| Rc::clone(&self.frame.name)),
        });
        let this = this.or_else(|| closure.this.clone());
        let value = self.run(closure, this, args);
        closure.called.set(closure.called.get() || self.mute == 0);
        self.via.pop();
        if outermost {
            self.inline_fuel = self.inline_fuel.saturating_sub(self.steps - from);
            self.inline_from = None;
        }
        value
    }

    /// Returns the function whose code was put in the place of a function's own.
    fn replaced(&self, closure: &Closure) -> Option<Rc<Closure>> {
        if closure.fields.borrow().is_empty() {
            return None;
        }
        match closure.field("__code__")?.kind {
            Kind::Func(other) if other.func != closure.func || other.unit != closure.unit => {
                Some(other)
            }
            _ => None,
        }
    }

    /// Returns the implementation of a generic function for the type of its first argument.
    fn implementation(&mut self, closure: &Closure, args: &Args) -> Option<Value> {
        if closure.fields.borrow().is_empty() {
            return None;
        }
        let fields = closure.fields.borrow().clone();
        let mut others = fields
            .into_iter()
            .filter_map(|(name, value)| {
                Some((
                    name.strip_prefix(crate::fold::REGISTERED)?.to_owned(),
                    value,
                ))
            })
            .peekable();
        others.peek()?;
        let kind = match &args.get(0)?.kind {
            Kind::Str(_) | Kind::Pattern(_) => "str",
            Kind::Int(_) => "int",
            Kind::Bool(_) => "bool",
            Kind::Float(_) => "float",
            Kind::Bytes(_) => "bytes",
            Kind::Map(_) => "dict",
            Kind::Seq(seq) if seq.sort == SeqSort::List => "list",
            Kind::Object(object) => &*Rc::clone(&object.class.name),
            // Which one is meant is not known: it may be any.
            _ => {
                return others
                    .map(|(_, value)| value)
                    .reduce(|a, b| crate::value::join::join(&a, &b));
            }
        };
        others
            .find(|(name, _)| name == kind)
            .map(|(_, value)| value)
    }

    /// Steps left for running functions where they are called; what goes beyond is judged by
    /// what functions show on their own, so that no caller can use the file's fuel up.
    fn inline_left(&self) -> u64 {
        let running = self.inline_from.map_or(0, |from| self.steps - from);
        self.inline_fuel.saturating_sub(running)
    }

    fn worth_running(&mut self, closure: &Rc<Closure>, size: u32, args: &Args) -> bool {
        let code = (closure.unit, closure.func);
        let deepest = if size <= SMALL {
            MAX_SMALL_DEPTH
        } else {
            MAX_CALL_DEPTH
        };
        if self.call_depth >= deepest {
            return false;
        }
        let turns = self.active.iter().filter(|c| **c == code).count();
        if turns >= MAX_RECURSION
            && (turns as u32 >= deepest || !args.values().all(Value::is_known))
        {
            return false;
        }
        let share = if size > LARGE { LARGE_SHARE } else { 1 };
        if self.inline_left() < u64::from(size) * share || !self.lasted() {
            return false;
        }
        if size <= TINY {
            return true;
        }
        if let Summary::Done { reacts: false, .. } = *closure.summary.borrow() {
            return false;
        }
        !args.values().all(is_boring) || args.pos.is_empty()
    }

    /// Returns what a function returns as far as its own analysis showed; labels of the
    /// arguments survive.
    fn summarised(&mut self, closure: &Rc<Closure>, args: &Args) -> Value {
        if self.may_run_ahead(closure) {
            self.run_ahead(closure);
        }
        let taint = args.taint();
        let summary = closure.summary.borrow().clone();
        match summary {
            Summary::Done { returns, .. } => {
                let mut value = returns;
                if value.taint.has(Label::Parameter) || value.is_unknown() {
                    value.taint = value
                        .taint
                        .without(LabelSet::of(Label::Parameter))
                        .merge(&taint);
                }
                value
            }
            Summary::Early { returns, has_run } if has_run == self.has_run => {
                returned(returns, &taint)
            }
            Summary::None | Summary::Early { .. } => returned(self.early(closure), &taint),
            Summary::Running => Value::unknown_with(Why::Call, taint),
        }
    }

    /// Whether a function of this file whose turn has not come can be run on its own right now,
    /// so that its callers need no run besides.
    fn may_run_ahead(&self, closure: &Closure) -> bool {
        self.has_run
            && !self.is_muted()
            && self.depth < MAX_EVAL_DEPTH / 4
            && closure.queued.get()
            && self.is_owed_a_run(closure)
    }

    /// Runs a function on its own before its turn, whatever is under way.
    fn run_ahead(&mut self, closure: &Rc<Closure>) {
        let from = self.steps;
        let inline_from = self.inline_from.take();
        let detached = std::mem::take(&mut self.detached);
        let discarded = std::mem::take(&mut self.discarded);
        self.run_alone(closure, None, None);
        self.detached = detached;
        self.discarded = discarded;
        // It is no part of the call that needed it.
        self.inline_from = inline_from.map(|at| at + (self.steps - from));
    }

    /// Returns what a function returns whoever calls it, before its own run has come.
    fn early(&mut self, closure: &Rc<Closure>) -> Value {
        if self.inline_left() == 0 || !self.lasted() {
            return Value::unknown(Why::Call);
        }
        let from = self.steps;
        let returns = self.explore(closure, None);
        self.inline_fuel = self.inline_fuel.saturating_sub(self.steps - from);
        *closure.summary.borrow_mut() = Summary::Early {
            returns: returns.clone(),
            has_run: self.has_run,
        };
        returns
    }

    /// Runs a function on its own for what it returns and writes; its own run, which shows its
    /// effects, is still to come.
    pub(crate) fn explore(&mut self, closure: &Rc<Closure>, this: Option<Value>) -> Value {
        let called = closure.called.get();
        let before = closure.summary.take();
        self.muted(|s| s.run_alone(closure, this, None));
        closure.called.set(called);
        match closure.summary.replace(before) {
            Summary::Done { returns, .. } => returns,
            _ => Value::unknown(Why::Call),
        }
    }

    /// Runs the body of a function.
    fn run(&mut self, closure: &Rc<Closure>, this: Option<Value>, args: Args) -> Value {
        if !self.lasted() {
            return Value::unknown(Why::Fuel);
        }
        let t = Arc::clone(&self.units[closure.unit as usize].tree);
        let func = t.func(closure.func);
        let scope = Scope::new(ScopeKind::Function, Some(Rc::clone(&closure.scope)));
        let mut frame = Frame::new(scope, Rc::clone(&closure.name));
        frame.this = this;
        frame.class.clone_from(&closure.class.borrow());
        frame.code = Some((closure.unit, closure.func));
        frame.result = self.result_sink(closure);
        let outer_frame = std::mem::replace(&mut self.frame, frame);
        let outer_unit = std::mem::replace(&mut self.unit, closure.unit);
        let outer_statement = std::mem::replace(&mut self.statement, func.span);
        self.call_depth += 1;
        self.active.push((closure.unit, closure.func));
        if self.units[closure.unit as usize].mentions_arguments && !func.flags.is_arrow {
            let name = self.interner.intern("arguments");
            let all = Value::seq_with(
                SeqSort::List,
                args.pos.iter().map(|(v, _)| v.clone()).collect(),
                args.more.clone(),
            );
            self.declare_name(name, all);
        }
        self.bind_params(&t, func, closure, args);
        self.hoist(&t, func.body);
        let guards = self.guard_count();
        let flow = self.block(&t, func.body);
        self.cut_guards(guards);
        self.active.pop();
        self.call_depth -= 1;
        self.raised = false;
        self.statement = outer_statement;
        self.unit = outer_unit;
        let frame = std::mem::replace(&mut self.frame, outer_frame);
        let overridden = matches!(&frame.this, Some(Value { kind: Kind::Object(o), .. }) if o.weak);
        if flow == Flow::End && frame.returns.is_none() && !func.flags.is_generator && !overridden {
            // Every path of the function raised.
            self.escaped = frame.thrown.is_some();
            self.frame.thrown = frame.thrown.clone().or(self.frame.thrown.take());
        }
        if func.flags.is_generator {
            let items = Value::seq(SeqSort::List, frame.yields);
            if let (Kind::Seq(seq), Some(result)) = (&items.kind, frame.returns) {
                seq.result.get_or_init(|| Box::new(result));
            }
            return items;
        }
        if self.is_shell() {
            return crate::fold::printed(&frame.yields);
        }
        frame.returns.unwrap_or_else(|| {
            Value::new(if self.is_js() {
                Kind::Undefined
            } else {
                Kind::Null
            })
        })
    }

    fn result_sink(&self, closure: &Closure) -> Option<super::ResultSink> {
        let path = (*closure.handler.borrow())?;
        let kind = self.paths.node(path).handler?.returns?;
        Some(super::ResultSink { kind, path })
    }

    fn bind_params(
        &mut self,
        t: &tares_lang::Tree,
        func: &Func,
        closure: &Rc<Closure>,
        args: Args,
    ) {
        let mut used_names: Vec<Arc<str>> = Vec::new();
        let mut next = 0;
        for (i, param) in func.params.iter().enumerate() {
            let span = t.span(param.pattern);
            let name = match t.expr(param.pattern) {
                Expr::Name(name) => Some(self.text(*name)),
                _ => None,
            };
            let value = match param.kind {
                ParamKind::Plain | ParamKind::Keyword => {
                    let by_position = if param.kind == ParamKind::Plain {
                        args.get(next).cloned()
                    } else {
                        None
                    };
                    if by_position.is_some() {
                        next += 1;
                    }
                    let by_name = name.as_deref().and_then(|n| args.name(n).cloned());
                    if let (Some(name), true) = (&name, by_name.is_some()) {
                        used_names.push(Arc::clone(name));
                    }
                    let open = args.more.as_ref().or(args.more_named.as_ref()).cloned();
                    let mut default = closure.defaults.get(i).cloned().flatten();
                    if self.is_python() {
                        default = late_default(closure, func, i).or(default);
                    }
                    let given = by_position.as_ref().or(by_name.as_ref());
                    let open_default =
                        given.is_none_or(|v| v.is_unknown() || matches!(v.kind, Kind::Undefined));
                    if self.is_js() && open_default {
                        // JavaScript evaluates a default when the function is called without it.
                        default = param.default.map(|d| self.eval(t, d));
                    }
                    match by_position.or(by_name) {
                        Some(Value {
                            kind: Kind::Undefined,
                            ..
                        }) if self.is_js() && default.is_some() => default,
                        Some(value) => Some(value),
                        None => match (open, default) {
                            (Some(open), Some(default)) => {
                                Some(crate::value::join::join(&open, &default))
                            }
                            (open, default) => open.or(default),
                        },
                    }
                    .unwrap_or_else(|| {
                        if self.is_js() {
                            Value::new(Kind::Undefined)
                        } else {
                            Value::unknown(Why::Parameter)
                        }
                    })
                }
                ParamKind::Rest => {
                    let rest = args.tuple_from(next);
                    next = args.len();
                    rest
                }
                ParamKind::KeywordRest => {
                    let entries = args.named.iter().filter(|(n, ..)| !used_names.contains(n));
                    let entries = entries
                        .map(|(n, v, _)| (crate::value::Key::Text(Arc::clone(n)), v.clone()))
                        .collect();
                    Value::map(entries, args.more_named.clone())
                }
            };
            let pattern = match t.expr(param.pattern) {
                Expr::Spread(inner) | Expr::SpreadMap(inner) => *inner,
                _ => param.pattern,
            };
            self.declare(t, pattern, value, span);
        }
    }

    /// Makes an instance of a class of the code itself.
    pub(crate) fn instantiate(&mut self, class: &Rc<ClassVal>, args: Args, span: Span) -> Value {
        if let Some(meta) = class.metaclass() {
            let call = self.interner.find("__call__");
            if let Some(method) = call.and_then(|c| meta.member(c)) {
                let class = Value::new(Kind::Class(Rc::clone(class)));
                return self.call_bound(&class, &method, args);
            }
        }
        self.make_instance(class, args, span)
    }

    /// Makes an instance as `type.__call__` does: `__new__`, then `__init__`.
    pub(crate) fn make_instance(&mut self, class: &Rc<ClassVal>, args: Args, span: Span) -> Value {
        if self.is_python()
            && let Some(member) = self.member_of_value(class, &args)
        {
            return member;
        }
        let mut value = new_object(class);
        let new = self.interner.find("__new__").filter(|_| self.is_python());
        if let Some(method) = new.and_then(|n| class.member(n)) {
            let mut all = args.clone();
            all.pos
                .insert(0, (Value::new(Kind::Class(Rc::clone(class))), span));
            let made = self.call(&method, all, span);
            match &made.kind {
                Kind::Object(object) if object.class.is_a(class) => value = made,
                Kind::Unknown(_) | Kind::Member(_) => {}
                _ => return made,
            }
        }
        self.initialise(class, value, args, span)
    }

    fn initialise(&mut self, class: &Rc<ClassVal>, value: Value, args: Args, span: Span) -> Value {
        let init = self.interner.find(if self.is_js() {
            "constructor"
        } else {
            "__init__"
        });
        match init.and_then(|i| class.member(i)) {
            Some(method) => {
                self.fill_inner(class, &value, &Args::default());
                let made = self.call_bound(&value, &method, args);
                // A constructor of JavaScript may give something else.
                if self.is_js() && matches!(made.kind, Kind::Object(_) | Kind::Map(_)) {
                    return made;
                }
            }
            None => self.fill_record(class, &value, args, span),
        }
        value
    }

    /// Calls a method with its receiver.
    pub(crate) fn call_bound(&mut self, receiver: &Value, method: &Value, args: Args) -> Value {
        let span = self.statement;
        match &method.kind {
            Kind::Func(closure) => {
                if self.is_js() {
                    return self.call_closure(closure, Some(receiver.clone()), args, span);
                }
                if self.is_java() {
                    return self.java_invoke(receiver, method, args, span);
                }
                let mut all = Args {
                    pos: vec![(receiver.clone(), Span::default())],
                    ..Args::default()
                };
                all.pos.extend(args.pos);
                all.named = args.named;
                all.more = args.more;
                all.more_named = args.more_named;
                self.call_closure(closure, Some(receiver.clone()), all, span)
            }
            Kind::Api(path)
                if self.is_python() && crate::fold::is_builtin_method(self.paths.text(*path)) =>
            {
                let mut all = args;
                all.pos.insert(0, (receiver.clone(), Span::default()));
                self.call(method, all, span)
            }
            Kind::Partial(partial) if partial.method => {
                let mut all = args;
                let given = &partial.args;
                let first = std::iter::once((receiver.clone(), Span::default()));
                all.pos.splice(0..0, first.chain(given.pos.iter().cloned()));
                all.named.splice(0..0, given.named.iter().cloned());
                let callee = partial.callee.clone();
                self.call(&callee, all, span)
            }
            _ => self.call(method, args, span),
        }
    }

    pub(crate) fn react(&mut self) {
        self.reactions += 1;
    }

    pub(crate) fn stealth(&self) -> (bool, bool) {
        let discarded = self.discarded == self.call_depth + 1;
        (self.swallow > 0 || discarded, self.detached > 0)
    }

    pub(crate) fn is_muted(&self) -> bool {
        self.mute > 0
    }

    pub(crate) fn via_steps(&self) -> Vec<tares_model::effect::Step> {
        self.via
            .iter()
            .map(|via| {
                let what = format!("`{}` is called here", via.name);
                self.place(via.unit, via.span, &what)
            })
            .collect()
    }

    /// Returns the function for which the running one acts, if that is another one.
    pub(crate) fn caller(&self) -> Option<&Rc<str>> {
        let between = self.via.iter().rev().map_while(|via| via.caller.as_ref());
        between.last()
    }
}

/// Whether a function does no more than hand its own arguments on, whatever they are: what it
/// does is what its callers do.
fn hands_on(func: &Func) -> bool {
    let open =
        |p: &tares_lang::tree::Param| matches!(p.kind, ParamKind::Rest | ParamKind::KeywordRest);
    func.size <= WRAPPER && func.params.iter().any(open)
}

/// Returns what a call gives of which only the function's answer to any arguments is known.
fn returned(returns: Value, taint: &crate::value::Taint) -> Value {
    if returns.is_unknown() {
        Value::unknown_with(Why::Call, taint.clone())
    } else {
        returns.tainted(taint)
    }
}

/// Returns a default that was given to a function after its definition.
fn late_default(closure: &Closure, func: &Func, i: usize) -> Option<Value> {
    if closure.fields.borrow().is_empty() {
        return None;
    }
    let Kind::Seq(given) = closure.field("__defaults__")?.kind else {
        return None;
    };
    let given = given.items.borrow();
    let from = func.params.len().checked_sub(given.len())?;
    given.get(i.checked_sub(from)?).cloned()
}

/// Whether knowing this argument cannot change what a function does.
pub(crate) fn is_boring(value: &Value) -> bool {
    let labels = value.taint.labels().without(LabelSet::of(Label::Parameter));
    labels.is_empty()
        && !value.taint.has_devices()
        && match &value.kind {
            Kind::Unknown(_) | Kind::Null | Kind::Undefined | Kind::Member(_) | Kind::Import(_) => {
                true
            }
            Kind::Object(object) => object.weak,
            Kind::Instance(_) | Kind::Module(_) => true,
            _ => false,
        }
}
