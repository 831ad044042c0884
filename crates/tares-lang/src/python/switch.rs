//! `match` and its patterns.
//!
//! A name captures, a dotted name and a literal are compared. Any other pattern is an `Other`
//! that holds the captures and literals inside it; the class of a class pattern is left out,
//! it would look like a capture.

use super::kind::Kind;
use super::{Lower, Span};
use crate::tree::{BinaryOp, Block, Case, Expr, ExprId, Stmt, UnaryOp};

impl Lower<'_, '_> {
    pub(super) fn match_(&mut self, span: Span) {
        let mark = self.items.len();
        let mut cases = Vec::new();
        self.each(|lower| match lower.kind {
            Kind::Block => lower.each(|lower| match lower.kind {
                Kind::Case => {
                    let case = lower.case();
                    cases.push(case);
                }
                _ => lower.stmt(),
            }),
            kind if kind.is_value() => {
                let id = lower.expr();
                lower.items.push(id);
            }
            _ => {}
        });
        let subject = match self.items[mark..] {
            [only] => only,
            _ => {
                let list = self.b.exprs(&self.items[mark..]);
                self.b.expr(Expr::Tuple(list), span)
            }
        };
        self.items.truncate(mark);
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
        let span = self.span();
        let mark = self.items.len();
        let (mut patterns, mut guard, mut body) = (0, None, Block::default());
        self.each(|lower| match lower.kind {
            Kind::CasePattern => {
                patterns += 1;
                lower.alternatives();
            }
            Kind::IfClause => [guard] = lower.some(),
            Kind::Block => body = lower.block(),
            _ => {}
        });
        // `case a, b:` is one pattern, a sequence.
        if patterns > 1 {
            let parts = self.take(mark);
            let id = self.b.expr(Expr::Other(parts), span);
            self.items.push(id);
        }
        Case {
            tests: self.take(mark),
            guard,
            body,
        }
    }

    /// Pushes each alternative of `a | b`; nothing for `_`.
    fn alternatives(&mut self) {
        let span = self.span();
        if !self.b.enter(span) {
            return;
        }
        let mut negative = false;
        self.each(|lower| match lower.kind {
            Kind::UnionPattern => lower.alternatives(),
            _ => lower.alternative(&mut negative),
        });
        self.b.leave();
    }

    /// Pushes one pattern. A sign stands before its number as a node of its own.
    fn alternative(&mut self, negative: &mut bool) {
        let id = match self.kind {
            Kind::Op(op) => {
                *negative = op == BinaryOp::Sub;
                return;
            }
            Kind::CasePattern => return self.alternatives(),
            Kind::SplatPattern => {
                return self.each(|lower| {
                    if lower.kind == Kind::Identifier {
                        let id = lower.expr();
                        lower.items.push(id);
                    }
                });
            }
            Kind::Integer | Kind::Float if std::mem::take(negative) => {
                let span = self.span();
                let operand = self.expr();
                self.b.expr(
                    Expr::Unary {
                        op: UnaryOp::Minus,
                        operand,
                    },
                    span,
                )
            }
            Kind::List | Kind::Tuple | Kind::AsPattern | Kind::KeywordPattern => self.pattern(),
            kind if kind.is_value() => self.expr(),
            _ => return,
        };
        self.items.push(id);
    }

    /// A pattern with patterns inside.
    pub(super) fn pattern(&mut self) -> ExprId {
        let span = self.span();
        if !self.b.enter(span) {
            return self.nothing(span);
        }
        // The class of a class pattern, the name of a keyword pattern.
        let mut skips = matches!(self.kind, Kind::ClassPattern | Kind::KeywordPattern);
        let mark = self.items.len();
        let mut negative = false;
        self.each(|lower| {
            if !std::mem::take(&mut skips) {
                lower.alternative(&mut negative);
            }
        });
        self.b.leave();
        let parts = self.take(mark);
        self.b.expr(Expr::Other(parts), span)
    }
}
