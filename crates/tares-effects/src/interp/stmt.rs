//! Statements.

use super::scope::{Scope, ScopeKind};
use super::{Flow, Interp, Sta};
use crate::value::{Kind, Value, Why, join};
use std::rc::Rc;
use tares_lang::Tree;
use tares_lang::tree::{Block, Case, Expr, Handler, Stmt};

impl Interp<'_> {
    /// Runs a block; conditions that earlier statements established end with it.
    pub(crate) fn block(&mut self, t: &Tree, block: Block) -> Flow {
        self.deeper(Flow::Next, |s| {
            let guards = s.guards.len();
            let mut flow = Flow::Next;
            for (i, &id) in t.block(block).iter().enumerate() {
                flow = s.stmt(t, id);
                let escaped = std::mem::take(&mut s.escaped) && s.frame.tries > 0;
                if flow != Flow::Next || !s.running {
                    break;
                }
                if escaped {
                    s.passed_over(t, &t.block(block)[i + 1..]);
                    flow = Flow::End;
                    break;
                }
            }
            s.guards.truncate(guards);
            flow
        })
    }

    /// Runs what stands behind a call that raised, for its effects only: somebody else may put
    /// another function there.
    fn passed_over(&mut self, t: &Tree, rest: &[Sta]) {
        let mark = self.journal.begin();
        let returns = self.frame.returns.clone();
        for &id in rest {
            if self.stmt(t, id) != Flow::Next || !self.running {
                break;
            }
        }
        self.escaped = false;
        self.frame.returns = returns;
        self.journal.rollback(mark);
    }

    /// Runs a block in a scope of its own where the language has block scopes.
    pub(crate) fn scoped(&mut self, t: &Tree, block: Block) -> Flow {
        if self.is_python() || self.is_shell() || block.len == 0 {
            return self.block(t, block);
        }
        let inner = Scope::new(ScopeKind::Block, Some(Rc::clone(&self.frame.scope)));
        let outer = std::mem::replace(&mut self.frame.scope, inner);
        self.hoist(t, block);
        let flow = self.block(t, block);
        self.frame.scope = outer;
        flow
    }

    fn stmt(&mut self, t: &Tree, id: Sta) -> Flow {
        if !self.step() {
            return Flow::End;
        }
        let outer_statement = std::mem::replace(&mut self.statement, t.stmt_span(id));
        let flow = self.stmt_inner(t, id);
        self.statement = outer_statement;
        if self.raised {
            self.raised = false;
            return Flow::End;
        }
        flow
    }

    fn stmt_inner(&mut self, t: &Tree, id: Sta) -> Flow {
        match t.stmt(id) {
            Stmt::Expr(e) => {
                // A call for its effect alone throws its error away.
                let outer = self.discarded;
                if self.is_go() {
                    self.discarded = self.call_depth + 1;
                }
                let value = self.eval(t, *e);
                self.discarded = outer;
                self.note_built(t, *e, &value);
                self.believe_check(t, *e);
                if self.never_returns(t, *e) {
                    return Flow::End;
                }
            }
            Stmt::Assign {
                targets,
                op,
                value,
                annotation,
                declares,
            } => {
                self.assign_stmt(t, *targets, *op, *value, *annotation, *declares);
            }
            Stmt::Func(f) => self.define_func(t, *f),
            Stmt::Class(c) => self.define_class(t, *c),
            Stmt::If { test, then, other } => return self.if_stmt(t, *test, *then, *other),
            Stmt::While {
                test,
                body,
                other,
                test_last,
            } => return self.while_stmt(t, *test, *body, *other, *test_last),
            Stmt::For {
                target,
                iter,
                body,
                other,
                keys,
            } => {
                return self.for_stmt(t, *target, *iter, *body, *other, *keys);
            }
            Stmt::Try {
                body,
                handlers,
                other,
                last,
            } => return self.try_stmt(t, *body, handlers, *other, *last),
            Stmt::With { items, body } => return self.with_stmt(t, t.exprs(*items), *body),
            Stmt::Switch {
                subject,
                cases,
                falls_through,
            } => return self.switch_stmt(t, *subject, cases, *falls_through),
            Stmt::Return(value) => {
                let known = value.map_or_else(|| Value::new(Kind::Null), |e| self.eval(t, e));
                if let Some(e) = *value {
                    self.note_handed_back(t, e, &known);
                }
                self.returned(known);
                return Flow::End;
            }
            Stmt::Raise(value) => {
                if let Some(e) = value {
                    let value = self.eval(t, *e);
                    self.frame.thrown = Some(value);
                }
                return Flow::End;
            }
            Stmt::Break => return Flow::Break,
            Stmt::Continue => return Flow::Continue,
            Stmt::Delete(targets) => {
                for &target in t.exprs(*targets) {
                    self.delete(t, target);
                }
            }
            Stmt::Global { names, nonlocal } => self.declare_outer(names, *nonlocal),
            Stmt::Assert { test, message } => {
                self.eval(t, *test);
                if let Some(message) = message {
                    self.eval(t, *message);
                }
                self.narrow(t, *test, true);
            }
            Stmt::Import(import) => self.import(import, t.stmt_span(id)),
            Stmt::Export { module, names } => self.export(module.as_deref(), names),
            Stmt::ExportDefault(e) => {
                let value = self.eval(t, *e);
                self.units[self.unit as usize]
                    .exports
                    .push(("default".into(), value));
            }
            Stmt::Block(block) => return self.scoped(t, *block),
            Stmt::Other { exprs, body } => {
                for &e in t.exprs(*exprs) {
                    self.eval(t, e);
                }
                return self.scoped(t, *body);
            }
        }
        Flow::Next
    }

    fn returned(&mut self, value: Value) {
        if let Some(sink) = self.frame.result {
            self.emit_result(sink, &value);
        }
        self.frame.returns = Some(match self.frame.returns.take() {
            Some(old) if self.is_go() => self
                .go_returns(&old, &value)
                .unwrap_or_else(|| join::join(&old, &value)),
            Some(old) => join::join(&old, &value),
            None => value,
        });
    }

    fn declare_outer(&mut self, names: &[tares_lang::Sym], nonlocal: bool) {
        let module = self.module_scope();
        for &name in names {
            let mut scope = if nonlocal {
                self.frame.scope.parent.clone()
            } else {
                Some(Rc::clone(&module))
            };
            while let Some(s) = &scope {
                if !nonlocal || s.has(name) {
                    break;
                }
                scope.clone_from(&s.parent.clone());
            }
            self.frame
                .outer
                .insert(name, scope.unwrap_or_else(|| Rc::clone(&module)));
        }
    }

    fn try_stmt(
        &mut self,
        t: &Tree,
        body: Block,
        handlers: &[Handler],
        other: Block,
        last: Block,
    ) -> Flow {
        let earlier = self.frame.returns.clone();
        let swallows = handlers.iter().any(|h| self.swallows(t, h));
        if !handlers.is_empty() && self.cannot_raise(t, body) {
            // No handler is ever reached.
            let flow = self.scoped(t, body);
            let flow = match flow {
                Flow::Next if other.len > 0 => self.scoped(t, other),
                _ => flow,
            };
            let end = self.finally(t, last, earlier);
            return if end == Flow::Next { flow } else { end };
        }
        self.swallow += u32::from(swallows);
        self.frame.thrown = None;
        let tries = self.frame.tries;
        self.frame.tries += u32::from(!handlers.is_empty());
        let before = self.journal.begin();
        let body_flow = self.scoped(t, body);
        self.frame.tries = tries;
        let certain = body_flow == Flow::End && self.frame.returns.is_none() && handlers.len() == 1;
        let body_writes = self.journal.rollback(before);
        self.swallow -= u32::from(swallows);
        if body_flow == Flow::Next {
            self.journal.merge(Some(body_writes.clone()), None);
            if other.len > 0 {
                self.scoped(t, other);
            }
        } else if certain {
            // Every path of the body raised: what it wrote stays, and the handler takes over.
            self.journal.merge(Some(body_writes), None);
        } else {
            self.leave(body_flow, body_writes);
        }
        let mut open = body_flow == Flow::Next;
        for handler in handlers {
            let mark = self.journal.begin();
            let flow = self.handler(t, handler, certain);
            if certain {
                self.journal.commit(mark);
                open |= flow == Flow::Next;
                continue;
            }
            let writes = self.journal.rollback(mark);
            if flow == Flow::Next {
                open = true;
                self.journal.merge(Some(writes), Some(Vec::new()));
            } else {
                self.leave(flow, writes);
            }
        }
        let end = self.finally(t, last, earlier);
        if end != Flow::Next {
            end
        } else if open {
            Flow::Next
        } else {
            body_flow
        }
    }

    /// Whether a block does nothing that could raise: it gives names constants and known names.
    fn cannot_raise(&self, t: &Tree, block: Block) -> bool {
        t.block(block).iter().all(|&id| match t.stmt(id) {
            Stmt::Expr(e) => self.is_harmless(t, *e, 4),
            Stmt::Assign {
                targets,
                op: None,
                value,
                ..
            } => {
                let names = t.exprs(*targets).iter();
                let mut names = names.map(|&e| matches!(t.expr(e), Expr::Name(_)));
                names.all(|plain| plain) && self.is_harmless(t, *value, 4)
            }
            Stmt::Return(value) => value.is_none_or(|e| self.is_harmless(t, e, 4)),
            Stmt::Break | Stmt::Continue => true,
            Stmt::Other { exprs, body } => exprs.len == 0 && body.len == 0,
            _ => false,
        })
    }

    fn is_harmless(&self, t: &Tree, e: super::Exp, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let all = |list| t.exprs(list).iter().all(|&e| self.is_harmless(t, e, depth));
        match t.expr(e) {
            Expr::Name(name) => self.lookup(*name).is_some(),
            Expr::Str(_)
            | Expr::Bytes(_)
            | Expr::Int(_)
            | Expr::Large(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Undefined
            | Expr::Ellipsis => true,
            Expr::List(items) | Expr::Tuple(items) => all(*items),
            Expr::Map(items) if self.is_js() => all(*items),
            Expr::Pair { key, value } => {
                self.is_harmless(t, *key, depth) && self.is_harmless(t, *value, depth)
            }
            Expr::Func(_) => self.is_js(),
            _ => false,
        }
    }

    /// Runs `finally`; a return in it replaces those of the statement.
    fn finally(&mut self, t: &Tree, last: Block, earlier: Option<Value>) -> Flow {
        if last.len == 0 {
            return Flow::Next;
        }
        let before = self.frame.returns.take();
        let end = self.scoped(t, last);
        let own = self.frame.returns.take();
        let kept = if end == Flow::End && own.is_some() {
            earlier
        } else {
            before
        };
        self.frame.returns = match (kept, own) {
            (Some(a), Some(b)) => Some(join::join(&a, &b)),
            (a, b) => a.or(b),
        };
        end
    }

    fn handler(&mut self, t: &Tree, handler: &Handler, certain: bool) -> Flow {
        if let Some(kind) = handler.kind {
            self.eval(t, kind);
        }
        if let Some(name) = handler.name {
            let span = t.span(name);
            let labels = tares_model::LabelSet::of(tares_model::Label::ErrorDetail);
            let taint = self.taint_here(labels, span, "the error's text comes from here");
            // What the only way out of the body threw; otherwise it may be anything.
            let thrown = self.frame.thrown.take().filter(|_| certain);
            // What the code throws itself is no detail that it does not know.
            let error = thrown.unwrap_or_else(|| Value::unknown_with(Why::Operation, taint));
            self.assign(t, name, error, span);
        }
        if self.swallows(t, handler) {
            self.note_swallowed(handler.span);
        }
        self.scoped(t, handler.body)
    }

    /// Whether a handler hides that anything went wrong: it catches everything and does nothing.
    fn swallows(&self, t: &Tree, handler: &Handler) -> bool {
        let broad = match handler.kind.map(|k| t.expr(k)) {
            None => true,
            Some(Expr::Name(name)) => matches!(
                &**self.interner.name(*name),
                "Exception" | "BaseException" | "Error" | "Throwable" | "IOException"
            ),
            Some(_) => false,
        };
        broad
            && t.block(handler.body).iter().all(|&s| match t.stmt(s) {
                Stmt::Expr(e) => matches!(
                    t.expr(*e),
                    Expr::Str(_) | Expr::Ellipsis | Expr::Null | Expr::Undefined
                ),
                Stmt::Return(value) => value.is_none_or(|v| {
                    matches!(t.expr(v), Expr::Null | Expr::Undefined | Expr::Bool(_))
                }),
                Stmt::Continue | Stmt::Break => true,
                Stmt::Other { exprs, body } => exprs.len == 0 && body.len == 0,
                _ => false,
            })
    }

    fn with_stmt(&mut self, t: &Tree, items: &[super::Exp], body: Block) -> Flow {
        let mut suppressing = false;
        let mut managers = Vec::new();
        for &item in items {
            let span = t.span(item);
            match t.expr(item) {
                Expr::Assign { target, value, .. } => {
                    let manager = self.eval(t, *value);
                    suppressing |= self.suppresses(&manager);
                    let entered = self.enter(&manager, span);
                    self.assign(t, *target, entered, span);
                    managers.push(manager);
                }
                _ => {
                    let manager = self.eval(t, item);
                    suppressing |= self.suppresses(&manager);
                    self.enter(&manager, span);
                    managers.push(manager);
                }
            }
        }
        self.swallow += u32::from(suppressing);
        let flow = self.block(t, body);
        self.swallow -= u32::from(suppressing);
        for manager in managers.iter().rev() {
            self.exit(manager);
        }
        flow
    }

    /// Leaves a context manager.
    pub(crate) fn exit(&mut self, manager: &Value) {
        if matches!(manager.kind, Kind::Object(_)) {
            let nothing = || super::args::Args::of([(); 3].map(|()| Value::new(Kind::Null)));
            if self.special(manager, "__exit__", nothing()).is_none() {
                self.special(manager, "__aexit__", nothing());
            }
        }
    }

    fn suppresses(&self, manager: &Value) -> bool {
        match &manager.kind {
            Kind::Instance(instance) => {
                self.paths
                    .text(instance.path)
                    .starts_with("contextlib.suppress")
                    && instance.args.iter().any(|a| match &a.kind {
                        Kind::Api(path) => {
                            matches!(&**self.paths.text(*path), "Exception" | "BaseException")
                        }
                        _ => false,
                    })
            }
            _ => false,
        }
    }

    /// Runs a case, and those that it falls through to.
    fn taken(&mut self, t: &Tree, cases: &[Case], case: &Case, falls_through: bool) -> Flow {
        let from = cases
            .iter()
            .position(|c| std::ptr::eq(c, case))
            .unwrap_or(0);
        let last = if falls_through { cases.len() } else { from + 1 };
        for case in &cases[from..last] {
            match self.scoped(t, case.body) {
                Flow::Next => {}
                Flow::Break if falls_through => return Flow::Next,
                flow => return flow,
            }
        }
        Flow::Next
    }

    fn switch_stmt(
        &mut self,
        t: &Tree,
        subject: super::Exp,
        cases: &[Case],
        falls_through: bool,
    ) -> Flow {
        let value = self.eval(t, subject);
        // In Python a `break` in a case belongs to the loop around.
        if self.is_python() {
            return self.cases(t, subject, &value, cases, falls_through);
        }
        self.open(false);
        let flow = self.cases(t, subject, &value, cases, falls_through);
        self.close(flow)
    }

    fn cases(
        &mut self,
        t: &Tree,
        subject: super::Exp,
        value: &Value,
        cases: &[Case],
        falls_through: bool,
    ) -> Flow {
        let guards = self.guards.len();
        let mut merged: Option<Option<super::scope::Writes>> = None;
        let mut open = false;
        let mut has_default = false;
        for case in cases {
            let (matches, is_default) = self.case_matches(t, value, case);
            has_default |= is_default || matches == Some(true);
            if matches == Some(false) {
                continue;
            }
            if matches == Some(true) && merged.is_none() {
                // The first case that may be taken is taken for certain.
                return self.taken(t, cases, case, falls_through);
            }
            let mark = self.journal.begin();
            if !is_default {
                let class = self.magic_class(
                    value,
                    t.exprs(case.tests)
                        .iter()
                        .any(|&e| matches!(t.expr(e), Expr::Str(_))),
                );
                self.push_guard(class, t.span(subject), true);
            }
            if let Some(guard) = case.guard {
                self.narrow(t, guard, true);
            }
            let flow = self.scoped(t, case.body);
            self.guards.truncate(guards);
            let writes = self.journal.rollback(mark);
            let leaves = flow == Flow::End
                || flow == Flow::Continue
                || self.is_python() && flow == Flow::Break;
            if leaves {
                self.leave(flow, writes.clone());
            }
            open |= !leaves;
            let writes = (!leaves).then_some(writes);
            merged = Some(match merged {
                None => writes,
                Some(before) => self.join_writes(before, writes),
            });
            if matches == Some(true) {
                break;
            }
        }
        let Some(writes) = merged else {
            return Flow::Next;
        };
        let rest = (!has_default).then(Vec::new);
        self.journal.merge(writes, rest);
        if open || !has_default {
            Flow::Next
        } else {
            Flow::End
        }
    }

    /// Joins the writes of two alternatives without applying them.
    pub(super) fn join_writes(
        &mut self,
        a: Option<super::scope::Writes>,
        b: Option<super::scope::Writes>,
    ) -> Option<super::scope::Writes> {
        if a.is_none() {
            return b;
        }
        if b.is_none() {
            return a;
        }
        let mark = self.journal.begin();
        self.journal.merge(a, b);
        Some(self.journal.rollback(mark))
    }
}
