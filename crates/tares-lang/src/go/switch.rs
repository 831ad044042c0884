//! `switch` on values and types, `select`.

use super::kind::Kind;
use super::structure::NONE;
use super::{Lower, Span};
use crate::tree::{Block, Case, Expr, ExprId, Exprs, Stmt, StmtId};

impl Lower<'_, '_> {
    pub(super) fn switch(&mut self, span: Span) {
        let outer = self.stmts.len();
        let mut subject = None;
        let mut cases = Vec::new();
        self.each(|lower| match lower.kind {
            Kind::Case | Kind::DefaultCase => {
                let case = lower.case();
                cases.push(case);
            }
            kind if kind.is_statement() => lower.stmt(),
            kind if kind.is_value() => subject = Some(lower.expr()),
            _ => {}
        });
        match subject {
            Some(subject) => self.push(
                Stmt::Switch {
                    subject,
                    cases,
                    falls_through: false,
                },
                span,
            ),
            None => self.conditions(cases, span),
        }
        self.enclose(outer, span);
    }

    /// A switch without a value is a row of conditions; `break` leaves the whole of it.
    fn conditions(&mut self, cases: Vec<Case>, span: Span) {
        let mut other = NONE;
        for case in &cases {
            if case.tests.len == 0 {
                other = case.body;
            }
        }
        for case in cases.iter().rev() {
            let tests = self.b.tree.exprs(case.tests).to_vec();
            for test in tests.into_iter().rev() {
                let place = self.b.tree.span(test);
                let then = case.body;
                let id = self.b.stmt(Stmt::If { test, then, other }, place);
                other = self.b.block(&[id]);
            }
        }
        let subject = self.b.expr(Expr::Bool(true), span);
        let cases = vec![Case {
            tests: Exprs::default(),
            guard: None,
            body: other,
        }];
        self.push(
            Stmt::Switch {
                subject,
                cases,
                falls_through: false,
            },
            span,
        );
    }

    fn case(&mut self) -> Case {
        let mark = self.items.len();
        let first = self.stmts.len();
        self.each(|lower| match lower.kind {
            Kind::ExpressionList => lower.each(|lower| {
                if lower.kind.is_value() {
                    let id = lower.expr();
                    lower.items.push(id);
                }
            }),
            Kind::StatementList => lower.each(|lower| lower.stmt()),
            kind if kind.is_statement() => lower.stmt(),
            _ => {}
        });
        Case {
            tests: self.take(mark),
            guard: None,
            body: self.take_block(first),
        }
    }

    /// `switch v := x.(type)`: every case may hold, and gives `v` its type.
    pub(super) fn type_switch(&mut self, span: Span) {
        let outer = self.stmts.len();
        let (mut alias, mut subject) = (None, None);
        let mut cases = Vec::new();
        self.each(|lower| match lower.kind {
            Kind::ExpressionList => alias = Some(lower.list()),
            Kind::TypeCase | Kind::DefaultCase => {
                let known = subject.unwrap_or_else(|| lower.nothing(span));
                let case = lower.type_case(alias, known);
                cases.push(case);
            }
            kind if kind.is_statement() => lower.stmt(),
            kind if kind.is_value() => subject = Some(lower.expr()),
            _ => {}
        });
        let subject = subject.unwrap_or_else(|| self.nothing(span));
        self.push(
            Stmt::Switch {
                subject,
                cases,
                falls_through: false,
            },
            span,
        );
        self.enclose(outer, span);
    }

    fn type_case(&mut self, alias: Option<ExprId>, subject: ExprId) -> Case {
        let span = self.span();
        let first = self.stmts.len();
        let is_default = self.kind == Kind::DefaultCase;
        let mut kinds = Vec::new();
        let mut body: Vec<StmtId> = Vec::new();
        self.each(|lower| match lower.kind {
            Kind::Type => {
                let id = lower.type_expr(lower.node);
                kinds.push(id);
            }
            Kind::StatementList => {
                let mark = lower.stmts.len();
                lower.each(|lower| lower.stmt());
                body.extend(lower.stmts.drain(mark..));
            }
            kind if kind.is_statement() => {
                let mark = lower.stmts.len();
                lower.stmt();
                body.extend(lower.stmts.drain(mark..));
            }
            _ => {}
        });
        if let Some(Expr::Name(name)) = alias.map(|id| self.b.tree.expr(id)).cloned() {
            let value = match kinds[..] {
                [only] => self.built_in(".(type)", &[subject, only], span),
                _ => subject,
            };
            self.declare(name, span, value, None, span);
        }
        self.stmts.append(&mut body);
        let test = self.nothing(span);
        let tests = if is_default {
            Exprs::default()
        } else {
            self.b.exprs(&[test])
        };
        Case {
            tests,
            guard: None,
            body: self.take_block(first),
        }
    }

    /// `select`: any case may be the one.
    pub(super) fn select(&mut self, span: Span) {
        let mut cases = Vec::new();
        self.each(|lower| {
            let is_default = lower.kind == Kind::DefaultCase;
            if is_default || lower.kind == Kind::CommunicationCase {
                let place = lower.span();
                let body = lower.communication();
                let test = lower.nothing(place);
                let tests = if is_default {
                    Exprs::default()
                } else {
                    lower.b.exprs(&[test])
                };
                cases.push(Case {
                    tests,
                    guard: None,
                    body,
                });
            }
        });
        let subject = self.nothing(span);
        self.push(
            Stmt::Switch {
                subject,
                cases,
                falls_through: false,
            },
            span,
        );
    }

    fn communication(&mut self) -> Block {
        let mark = self.stmts.len();
        self.each(|lower| match lower.kind {
            Kind::StatementList => lower.each(|lower| lower.stmt()),
            Kind::Receive => lower.stmt(),
            kind if kind.is_statement() => lower.stmt(),
            _ => {}
        });
        self.take_block(mark)
    }
}
