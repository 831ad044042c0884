//! Statements.

use super::kind::Kind;
use super::structure::NONE;
use super::{Lower, Span};
use crate::tree::{BinaryOp, Block, Expr, ExprId, Stmt};

impl Lower<'_, '_> {
    /// Lowers the statement under the cursor onto the open block.
    pub(super) fn stmt(&mut self) {
        let span = self.span();
        match self.kind {
            Kind::Break => return self.push(Stmt::Break, span),
            Kind::Continue => return self.push(Stmt::Continue, span),
            Kind::Jump => return,
            _ => {}
        }
        if self.b.enter(span) {
            self.nested(span);
            self.b.leave();
        }
    }

    fn nested(&mut self, span: Span) {
        match self.kind {
            Kind::ExpressionStatement => {
                let [value] = self.all();
                self.push(Stmt::Expr(value), span);
            }
            Kind::Send => {
                let [channel, value] = self.all();
                let call = self.built_in("chan<-", &[channel, value], span);
                self.push(Stmt::Expr(call), span);
            }
            Kind::Increment(op) => {
                let [target] = self.all();
                let one = self.b.expr(Expr::Int(1), span);
                self.assign(target, Some(op), one, span);
            }
            Kind::Assignment | Kind::ShortVariable | Kind::Receive => self.assignment(span),
            Kind::Variable => self.variables(),
            Kind::Constant => self.constants(),
            Kind::TypeDeclaration => self.type_declaration(),
            Kind::Import => self.imports(),
            Kind::Return => self.return_(span),
            Kind::Defer => self.defer(span),
            Kind::Go => self.go(span),
            Kind::If => self.if_(span),
            Kind::For => self.for_(span),
            Kind::Switch => self.switch(span),
            Kind::TypeSwitch => self.type_switch(span),
            Kind::Select => self.select(span),
            Kind::Labeled => self.each(|lower| {
                if lower.kind.is_statement() {
                    lower.stmt();
                }
            }),
            Kind::Block => {
                let body = self.block();
                self.push(Stmt::Block(body), span);
            }
            Kind::Function => {
                let name = self.node.child_by_field_name("name");
                let name = name.map(|name| self.name(crate::builder::span(name)));
                let func = self.function(span, name, None);
                self.push(Stmt::Func(func), span);
            }
            Kind::Method => {
                let receiver = self.node.child_by_field_name("receiver");
                let func = self.function(span, None, receiver.map(|r| r.start_byte()));
                let value = self.b.expr(Expr::Func(func), span);
                self.push(Stmt::Expr(value), span);
            }
            Kind::StatementList => self.each(Self::stmt),
            kind if kind.is_value() => {
                let value = self.expr();
                self.push(Stmt::Expr(value), span);
            }
            Kind::Ignored
            | Kind::Label
            | Kind::Type
            | Kind::Token
            | Kind::Semicolon
            | Kind::Error => {}
            // A part without its statement, in a broken file: what it holds still counts.
            _ => self.each(|lower| {
                if lower.kind.is_statement()
                    || lower.kind.is_value()
                    || lower.kind == Kind::StatementList
                {
                    lower.stmt();
                }
            }),
        }
    }

    /// Lowers the block under the cursor.
    pub(super) fn block(&mut self) -> Block {
        let mark = self.stmts.len();
        self.statements();
        self.take_block(mark)
    }

    /// Lowers the statements of the block under the cursor onto the open block.
    pub(super) fn statements(&mut self) {
        self.each(|lower| match lower.kind {
            Kind::StatementList => lower.each(|lower| lower.stmt()),
            kind if kind.is_statement() || kind.is_value() => lower.stmt(),
            _ => {}
        });
    }

    pub(super) fn assign(
        &mut self,
        target: ExprId,
        op: Option<BinaryOp>,
        value: ExprId,
        span: Span,
    ) {
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op,
                value,
                annotation: None,
                declares: false,
            },
            span,
        );
    }

    /// `a, b = x, y`, `a := x`, `a += x`.
    fn assignment(&mut self, span: Span) {
        let mut sides = [None; 2];
        let (mut op, mut declares, mut inverted) = (None, false, false);
        self.each(|lower| match lower.kind {
            Kind::ExpressionList => {
                let id = lower.list();
                let at = usize::from(sides[0].is_some());
                sides[at] = Some(id);
            }
            Kind::Define => declares = true,
            Kind::Augmented(found) => op = Some(found),
            Kind::AugmentedAndNot => {
                op = Some(BinaryOp::BitAnd);
                inverted = true;
            }
            kind if kind.is_value() => {
                let id = lower.expr();
                let at = usize::from(sides[0].is_some());
                sides[at] = Some(id);
            }
            _ => {}
        });
        let (target, mut value) = match sides {
            [Some(target), Some(value)] => (target, value),
            // `<-ch` alone in a `select`.
            [Some(value), None] => return self.push(Stmt::Expr(value), span),
            _ => return,
        };
        if inverted {
            value = self.inverted(value, span);
        }
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op,
                value,
                annotation: None,
                declares,
            },
            span,
        );
    }

    /// One value, or a tuple of several.
    pub(super) fn list(&mut self) -> ExprId {
        let span = self.span();
        let items = self.values();
        match self.b.tree.exprs(items) {
            &[only] => only,
            _ => self.b.expr(Expr::Tuple(items), span),
        }
    }

    fn return_(&mut self, span: Span) {
        let mut value = None;
        self.each(|lower| {
            if lower.kind == Kind::ExpressionList {
                value = Some(lower.list());
            } else if lower.kind.is_value() {
                value = Some(lower.expr());
            }
        });
        if value.is_none()
            && let Some(names) = self.results.last().cloned()
            && !names.is_empty()
        {
            let items: Vec<ExprId> = names
                .iter()
                .map(|&name| self.b.expr(Expr::Name(name), span))
                .collect();
            value = Some(match items[..] {
                [only] => only,
                _ => {
                    let items = self.b.exprs(&items);
                    self.b.expr(Expr::Tuple(items), span)
                }
            });
        }
        self.push(Stmt::Return(value), span);
    }

    /// What is deferred runs at the end; what it does is the same here.
    fn defer(&mut self, span: Span) {
        let [value] = self.all();
        self.push(Stmt::Expr(value), span);
    }

    /// `go f(x)` is `go(f, x)`: the arguments are evaluated now, the call is nobody's to wait for.
    fn go(&mut self, span: Span) {
        let [value] = self.all();
        let call = match *self.b.tree.expr(value) {
            Expr::Call { callee, args, .. } => {
                let mut all = vec![callee];
                all.extend_from_slice(self.b.tree.exprs(args));
                self.built_in("go", &all, span)
            }
            _ => value,
        };
        self.push(Stmt::Expr(call), span);
    }

    fn if_(&mut self, span: Span) {
        let outer = self.stmts.len();
        let (mut test, mut then, mut other) = (None, None, NONE);
        self.each(|lower| match lower.kind {
            Kind::Block if then.is_none() => then = Some(lower.block()),
            Kind::Block => other = lower.block(),
            Kind::If => {
                let mark = lower.stmts.len();
                lower.stmt();
                other = lower.take_block(mark);
            }
            kind if kind.is_statement() => lower.stmt(),
            kind if kind.is_value() => test = Some(lower.expr()),
            _ => {}
        });
        let test = test.unwrap_or_else(|| self.nothing(span));
        let then = then.unwrap_or(NONE);
        self.push(Stmt::If { test, then, other }, span);
        self.enclose(outer, span);
    }

    /// Puts what a head declared and its statement into a block of their own.
    pub(super) fn enclose(&mut self, mark: usize, span: Span) {
        if self.stmts.len() - mark > 1 {
            let whole = self.take_block(mark);
            self.push(Stmt::Block(whole), span);
        }
    }

    fn for_(&mut self, span: Span) {
        let outer = self.stmts.len();
        let mut test = None;
        let mut range = None;
        let mut step = None;
        let mut body = NONE;
        self.each(|lower| match lower.kind {
            Kind::ForClause => {
                let mut part = 0;
                lower.each(|lower| match lower.kind {
                    Kind::Semicolon => part += 1,
                    kind if part == 1 && kind.is_value() => test = Some(lower.expr()),
                    kind if part == 2 && kind.is_statement() => {
                        let mark = lower.stmts.len();
                        lower.stmt();
                        step = lower.stmts.drain(mark..).next();
                    }
                    kind if kind.is_statement() => lower.stmt(),
                    _ => {}
                });
            }
            Kind::RangeClause => range = Some(lower.range()),
            Kind::Block => {
                let mark = lower.stmts.len();
                lower.statements();
                lower.stmts.extend(step);
                body = lower.take_block(mark);
            }
            kind if kind.is_value() => test = Some(lower.expr()),
            _ => {}
        });
        let stmt = match range {
            Some((target, iter)) => Stmt::For {
                target,
                iter,
                body,
                other: NONE,
                keys: false,
            },
            None => Stmt::While {
                test: test.unwrap_or_else(|| self.b.expr(Expr::Bool(true), span)),
                body,
                other: NONE,
                test_last: false,
            },
        };
        self.push(stmt, span);
        self.enclose(outer, span);
    }

    /// `k, v := range x`: declares the names, and gives the pairs.
    fn range(&mut self) -> (ExprId, ExprId) {
        let span = self.span();
        let (mut target, mut value, mut declares) = (None, None, false);
        self.each(|lower| match lower.kind {
            Kind::ExpressionList => target = Some(lower.list()),
            Kind::Define => declares = true,
            kind if kind.is_value() => value = Some(lower.expr()),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.nothing(span));
        let target = target.unwrap_or_else(|| {
            let blank = self.b.intern("_");
            self.b.expr(Expr::Name(blank), span)
        });
        let names = match self.b.tree.expr(target) {
            Expr::Tuple(items) => self.b.tree.exprs(*items).to_vec(),
            _ => vec![target],
        };
        let word = if names.len() > 1 {
            "range"
        } else {
            "range key"
        };
        if declares {
            for &name in &names {
                if let Expr::Name(sym) = *self.b.tree.expr(name) {
                    let place = self.b.tree.span(name);
                    let nothing = self.nothing(place);
                    self.declare(sym, place, nothing, None, place);
                }
            }
        }
        let iter = self.built_in(word, &[value], span);
        (target, iter)
    }
}
