//! Loops.

use super::{Kind, Lower};
use crate::tree::{Block, Expr, Span, Stmt};

impl Lower<'_, '_> {
    pub(super) fn for_loop(&mut self, span: Span) {
        let mark = self.stmts.len();
        let mut test = None;
        // Where the statements of the step and of the body begin.
        let (mut step, mut body) = (None, None);
        let mut part = 0;
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::Semicolon | Kind::Empty if part < 2 => part += 1,
                Kind::CloseParen => part = 3,
                Kind::Variable => {
                    s.variables(at.start);
                    part += u32::from(s.b.text(at).ends_with(';'));
                }
                _ if part == 0 && kind.is_expr() => s.expr_stmt(kind, at),
                _ if part == 1 && kind.is_expr() => test = Some(s.expr(kind)),
                _ if part == 2 && kind.is_expr() => {
                    step = Some(s.stmts.len());
                    s.expr_stmt(kind, at);
                }
                _ if part == 3 && kind.is_stmt() => {
                    body = Some(s.stmts.len());
                    if kind == Kind::Block {
                        s.push_statements();
                    } else {
                        s.stmt(kind);
                    }
                }
                _ => {}
            }
        });
        let body = body.unwrap_or(self.stmts.len());
        let step = step.unwrap_or(body);
        self.stmts[step..].rotate_left(body - step);
        let body = self.take_block(step);
        let test = test.unwrap_or_else(|| self.b.expr(Expr::Bool(true), span));
        let id = self.b.stmt(
            Stmt::While {
                test,
                body,
                other: Block::default(),
                test_last: false,
            },
            span,
        );
        self.stmts.push(id);
        if self.stmts.len() - mark > 1 {
            // The names that the head declares are those of the loop alone.
            let whole = self.take_block(mark);
            self.push(Stmt::Block(whole), span);
        }
    }

    pub(super) fn for_in(&mut self, span: Span) {
        let (mut target, mut iter, mut body) = (None, None, Block::default());
        let mut keys = false;
        self.children(|s, kind| match kind {
            Kind::In => keys = true,
            _ if kind.is_stmt() => body = s.body(kind),
            _ if !kind.is_expr() => {}
            _ if target.is_none() => target = Some(s.pattern(kind)),
            // The last one is iterated: `for (var a = 1 in b)` has a value that nobody sees.
            _ => iter = Some(s.expr(kind)),
        });
        let target = target.unwrap_or_else(|| self.unknown(span));
        let iter = iter.unwrap_or_else(|| self.unknown(span));
        self.push(
            Stmt::For {
                target,
                iter,
                body,
                other: Block::default(),
                keys,
            },
            span,
        );
    }

    pub(super) fn while_loop(&mut self, kind: Kind, span: Span) {
        let (mut test, mut body) = (None, Block::default());
        self.children(|s, kind| {
            if kind.is_stmt() {
                body = s.body(kind);
            } else if kind.is_expr() {
                test = Some(s.expr(kind));
            }
        });
        let test = test.unwrap_or_else(|| self.unknown(span));
        let test_last = kind == Kind::Do;
        self.push(
            Stmt::While {
                test,
                body,
                other: Block::default(),
                test_last,
            },
            span,
        );
    }
}
