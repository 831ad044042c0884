//! `match` and its patterns.
//!
//! A name captures, a dotted name and a literal are compared, `...` stands for `_` inside another
//! pattern. A sequence is a list, a mapping a map, a class a call with its parts as arguments,
//! alternatives inside another pattern are a set, and `p as name` is an assignment.

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
                if patterns == 2 && lower.items.len() == mark {
                    // The first one was `_`, which alone would be nothing.
                    let any = lower.b.expr(Expr::Ellipsis, span);
                    lower.items.push(any);
                }
                if patterns == 1 {
                    lower.alternatives();
                } else {
                    let part = lower.inner_pattern();
                    lower.items.push(part);
                }
            }
            Kind::IfClause => [guard] = lower.some(),
            Kind::Block => body = lower.block(),
            _ => {}
        });
        // `case a, b:` is one pattern, a sequence.
        if patterns > 1 {
            let parts = self.take(mark);
            let id = self.b.expr(Expr::List(parts), span);
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
        // `(a | b)` is a group, `(a,)` a sequence.
        if self.kind == Kind::Tuple && !self.has_comma() {
            return self.alternatives();
        }
        let id = match self.kind {
            Kind::Op(op) => {
                *negative = op == BinaryOp::Sub;
                return;
            }
            Kind::CasePattern => return self.alternatives(),
            Kind::SplatPattern => {
                let rest = self.rest_pattern();
                return self.items.push(rest);
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

    fn has_comma(&self) -> bool {
        let mut cursor = self.node.walk();
        self.node
            .children(&mut cursor)
            .any(|child| child.kind() == ",")
    }

    /// Returns a pattern that stands in another one: `...` for `_`, a set for alternatives.
    fn inner_pattern(&mut self) -> ExprId {
        let (span, mark) = (self.span(), self.items.len());
        let mut negative = false;
        match self.kind {
            Kind::CasePattern => self.alternatives(),
            _ => self.alternative(&mut negative),
        }
        match self.items[mark..] {
            [] => self.b.expr(Expr::Ellipsis, span),
            [only] => {
                self.items.truncate(mark);
                only
            }
            _ => {
                let all = self.take(mark);
                self.b.expr(Expr::Set(all), span)
            }
        }
    }

    /// `*rest`, `**rest` and `*_`.
    fn rest_pattern(&mut self) -> ExprId {
        let span = self.span();
        let (mut name, mut double) = (None, false);
        self.each(|lower| match lower.kind {
            Kind::Identifier => name = Some(lower.expr()),
            _ => double |= lower.node.kind() == "**",
        });
        let name = name.unwrap_or_else(|| self.b.expr(Expr::Ellipsis, span));
        let rest = if double {
            Expr::SpreadMap(name)
        } else {
            Expr::Spread(name)
        };
        self.b.expr(rest, span)
    }

    /// A pattern with patterns inside: a list for a sequence, a map for a mapping, a call for a
    /// class, an assignment for `p as name`.
    pub(super) fn pattern(&mut self) -> ExprId {
        let span = self.span();
        if !self.b.enter(span) {
            return self.nothing(span);
        }
        let id = match self.kind {
            Kind::DictPattern => self.mapping_pattern(span),
            Kind::ClassPattern => self.class_pattern(span),
            Kind::KeywordPattern => self.keyword_pattern(span),
            Kind::AsPattern => self.as_pattern(span),
            Kind::ComplexPattern => {
                let (mark, mut negative) = (self.items.len(), false);
                self.each(|lower| lower.alternative(&mut negative));
                let parts = self.take(mark);
                self.b.expr(Expr::Other(parts), span)
            }
            _ => {
                let mark = self.items.len();
                self.each(|lower| {
                    if matches!(lower.kind, Kind::CasePattern | Kind::SplatPattern) {
                        let part = lower.inner_pattern();
                        lower.items.push(part);
                    }
                });
                let parts = self.take(mark);
                self.b.expr(Expr::List(parts), span)
            }
        };
        self.b.leave();
        id
    }

    fn mapping_pattern(&mut self, span: Span) -> ExprId {
        let mark = self.items.len();
        let mut key = None;
        let mut negative = false;
        self.each(|lower| match lower.kind {
            Kind::SplatPattern => {
                let rest = lower.rest_pattern();
                lower.items.push(rest);
            }
            Kind::CasePattern if key.is_some() => {
                let value = lower.inner_pattern();
                let span = lower.span();
                if let Some(key) = key.take() {
                    let pair = lower.b.expr(Expr::Pair { key, value }, span);
                    lower.items.push(pair);
                }
            }
            Kind::Op(op) => negative = op == BinaryOp::Sub,
            kind if kind.is_value() => {
                let before = lower.items.len();
                lower.alternative(&mut negative);
                key = lower.items.get(before).copied();
                lower.items.truncate(before);
            }
            _ => {}
        });
        let pairs = self.take(mark);
        self.b.expr(Expr::Map(pairs), span)
    }

    fn class_pattern(&mut self, span: Span) -> ExprId {
        let mark = self.items.len();
        let mut callee = None;
        self.each(|lower| match lower.kind {
            Kind::CasePattern | Kind::KeywordPattern => {
                let part = lower.inner_pattern();
                lower.items.push(part);
            }
            kind if kind.is_value() && callee.is_none() => callee = Some(lower.expr()),
            _ => {}
        });
        let callee = callee.unwrap_or_else(|| self.nothing(span));
        let args = self.take(mark);
        let call = Expr::Call {
            callee,
            args,
            new: false,
        };
        self.b.expr(call, span)
    }

    fn keyword_pattern(&mut self, span: Span) -> ExprId {
        let (mut name, mut value) = (None, None);
        self.each(|lower| {
            if lower.kind == Kind::Identifier && name.is_none() {
                name = Some(lower.expr());
            } else if lower.kind.is_value() || lower.node.kind() == "_" {
                value = Some(lower.inner_pattern());
            }
        });
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Ellipsis, span));
        match name.map(|name| self.b.tree.expr(name).clone()) {
            Some(Expr::Name(name)) => self.b.expr(Expr::Keyword { name, value }, span),
            _ => value,
        }
    }

    fn as_pattern(&mut self, span: Span) -> ExprId {
        let (mut value, mut target) = (None, None);
        self.each(|lower| match lower.kind {
            Kind::CasePattern => value = Some(lower.inner_pattern()),
            Kind::Identifier => target = Some(lower.expr()),
            kind if kind.is_value() => value = Some(lower.inner_pattern()),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Ellipsis, span));
        match target {
            Some(target) => {
                let op = None;
                self.b.expr(Expr::Assign { target, op, value }, span)
            }
            None => value,
        }
    }
}
