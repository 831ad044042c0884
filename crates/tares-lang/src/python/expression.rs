//! Expressions.

use super::kind::Kind;
use super::{Lower, Span, number};
use crate::tree::{BinaryOp, CompareOp, ComprehensionKind, Expr, ExprId, Exprs, LogicOp, UnaryOp};

impl Lower<'_, '_> {
    /// Lowers the value under the cursor.
    pub(super) fn expr(&mut self) -> ExprId {
        let span = self.span();
        let leaf = match self.kind {
            Kind::Identifier => Expr::Name(self.name(span)),
            Kind::String => return self.string(),
            Kind::Integer => number::integer(self.b.text(span)),
            Kind::Float => number::float(self.b.text(span)),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::None => Expr::Null,
            Kind::Ellipsis => Expr::Ellipsis,
            Kind::Missing => return self.nothing(span),
            kind => {
                if !self.b.enter(span) {
                    return self.nothing(span);
                }
                let id = if kind.is_chain() {
                    self.chain()
                } else {
                    self.compound(span)
                };
                self.b.leave();
                return id;
            }
        };
        self.b.expr(leaf, span)
    }

    /// Lowers calls, attributes, subscripts and operators, which nest to the left: down to the
    /// innermost first operand, then up link by link.
    fn chain(&mut self) -> ExprId {
        let mark = self.chain.len();
        let mut entered = true;
        while self.kind.is_chain() {
            let (kind, span) = (self.kind, self.span());
            entered = self.first();
            if !entered {
                break;
            }
            self.chain.push((kind, span));
        }
        let mut value = if entered && self.kind.is_value() {
            self.expr()
        } else {
            let span = self.span();
            self.nothing(span)
        };
        while self.chain.len() > mark {
            let Some((kind, span)) = self.chain.pop() else {
                break;
            };
            value = match kind {
                Kind::Attribute => self.attribute(value, span),
                Kind::Call => self.call(value, span),
                Kind::Subscript => self.subscript(value, span),
                _ => self.operator(value, span),
            };
            self.up();
        }
        value
    }

    fn attribute(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut name = None;
        while self.next() {
            if self.kind == Kind::Identifier {
                name = Some(self.name(self.span()));
            }
        }
        match name {
            Some(name) => self.b.expr(Expr::Attr { object, name }, span),
            None => object,
        }
    }

    fn call(&mut self, callee: ExprId, span: Span) -> ExprId {
        let mut args = Exprs::default();
        while self.next() {
            match self.kind {
                Kind::ArgumentList => args = self.values(),
                kind if kind.is_value() => {
                    let only = self.expr();
                    args = self.b.exprs(&[only]);
                }
                _ => {}
            }
        }
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            span,
        )
    }

    fn subscript(&mut self, object: ExprId, span: Span) -> ExprId {
        let mark = self.items.len();
        let mut commas = 0;
        let start = self.span().end;
        while self.next() {
            if self.kind == Kind::Comma {
                commas += 1;
            } else if self.kind.is_value() {
                let id = self.expr();
                self.items.push(id);
            }
        }
        let index = match self.items[mark..] {
            [only] if commas == 0 => {
                self.items.truncate(mark);
                only
            }
            _ => {
                let items = self.take(mark);
                self.b.expr(Expr::Tuple(items), Span::new(start, span.end))
            }
        };
        self.b.expr(Expr::Index { object, index }, span)
    }

    fn operator(&mut self, left: ExprId, span: Span) -> ExprId {
        let mut op = Kind::Op(BinaryOp::Add);
        let mut right = None;
        while self.next() {
            match self.kind {
                Kind::Op(_) | Kind::Logic(_) => op = self.kind,
                kind if kind.is_value() => right = Some(self.expr()),
                _ => {}
            }
        }
        let right = right.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end)));
        let value = match op {
            Kind::Logic(op) => Expr::Logic { op, left, right },
            Kind::Op(op) => Expr::Binary { op, left, right },
            _ => return left,
        };
        self.b.expr(value, span)
    }

    fn compound(&mut self, span: Span) -> ExprId {
        let value = match self.kind {
            Kind::Concatenated => return self.concatenated(),
            Kind::Wrapper | Kind::Type | Kind::CasePattern => return self.wrapped(span),
            Kind::Comparison => return self.comparison(span),
            Kind::Lambda => return self.lambda(span),
            Kind::DottedName => return self.dotted(span),
            Kind::UnionPattern | Kind::DictPattern | Kind::ClassPattern | Kind::ComplexPattern => {
                return self.pattern();
            }
            Kind::SplatPattern => {
                let [value] = self.all();
                Expr::Spread(value)
            }
            Kind::Not => {
                let [operand] = self.all();
                Expr::Unary {
                    op: UnaryOp::Not,
                    operand,
                }
            }
            Kind::Unary => self.unary(),
            Kind::Conditional => {
                let [then, test, other] = self.all();
                Expr::Cond { test, then, other }
            }
            Kind::Named | Kind::AsPattern | Kind::Assignment => self.assign_value(),
            Kind::AugmentedAssignment => self.assign_value(),
            Kind::Await => {
                let [value] = self.all();
                Expr::Await(value)
            }
            Kind::Yield => {
                self.yields = true;
                let [value] = self.some();
                Expr::Yield(
                    value.unwrap_or_else(|| self.b.expr(Expr::Null, Span::new(span.end, span.end))),
                )
            }
            Kind::List => Expr::List(self.values()),
            Kind::Set => Expr::Set(self.values()),
            Kind::Tuple => Expr::Tuple(self.values()),
            Kind::Dictionary => Expr::Map(self.values()),
            Kind::Pair => {
                let [key, value] = self.all();
                Expr::Pair { key, value }
            }
            Kind::Slice => self.slice(span),
            Kind::ListComprehension => self.comprehension(ComprehensionKind::List),
            Kind::SetComprehension => self.comprehension(ComprehensionKind::Set),
            Kind::DictComprehension => self.comprehension(ComprehensionKind::Map),
            Kind::Generator => self.comprehension(ComprehensionKind::Generator),
            Kind::ForIn => self.for_in(),
            Kind::IfClause => {
                let [value] = self.all();
                Expr::Clause {
                    target: None,
                    value,
                }
            }
            Kind::Splat => {
                let [value] = self.all();
                Expr::Spread(value)
            }
            Kind::MapSplat => {
                let [value] = self.all();
                Expr::SpreadMap(value)
            }
            Kind::KeywordArgument => return self.keyword(span),
            Kind::GenericType => return self.generic_type(span),
            Kind::UnionType => {
                let [left, right] = self.all();
                Expr::Binary {
                    op: BinaryOp::BitOr,
                    left,
                    right,
                }
            }
            Kind::MemberType => return self.member_type(span),
            _ => Expr::Other(self.values()),
        };
        self.b.expr(value, span)
    }

    fn wrapped(&mut self, span: Span) -> ExprId {
        let [value] = self.some();
        value.unwrap_or_else(|| self.nothing(span))
    }

    fn unary(&mut self) -> Expr {
        let mut op = UnaryOp::Plus;
        let mut operand = None;
        let span = self.span();
        self.each(|lower| match lower.kind {
            Kind::Op(BinaryOp::Sub) => op = UnaryOp::Minus,
            Kind::Tilde => op = UnaryOp::Invert,
            kind if kind.is_value() => operand = Some(lower.expr()),
            _ => {}
        });
        let operand = operand.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end)));
        Expr::Unary { op, operand }
    }

    /// `a < b < c` becomes `a < b and b < c`, with one `b`.
    fn comparison(&mut self, span: Span) -> ExprId {
        let mut last: Option<(ExprId, u32)> = None;
        let mut all = None;
        let mut op = CompareOp::Equal;
        self.each(|lower| match lower.kind {
            Kind::Compare(found) => op = found,
            kind if kind.is_value() => {
                let here = lower.span();
                let right = lower.expr();
                if let Some((left, start)) = last {
                    let pair = lower.b.expr(
                        Expr::Compare { op, left, right },
                        Span::new(start, here.end),
                    );
                    all = Some(match all {
                        Some(left) => {
                            let both = Expr::Logic {
                                op: LogicOp::And,
                                left,
                                right: pair,
                            };
                            lower.b.expr(both, Span::new(span.start, here.end))
                        }
                        None => pair,
                    });
                }
                last = Some((right, here.start));
            }
            _ => {}
        });
        all.or(last.map(|(value, _)| value))
            .unwrap_or_else(|| self.nothing(span))
    }

    /// `name := value`, `value as target`, and an assignment where a value is expected.
    fn assign_value(&mut self) -> Expr {
        let reversed = self.kind == Kind::AsPattern;
        let mut op = None;
        let mut parts = [None; 2];
        let span = self.span();
        self.each(|lower| match lower.kind {
            Kind::Augmented(found) => op = Some(found),
            kind if kind.is_value()
                || matches!(kind, Kind::Assignment | Kind::AugmentedAssignment) =>
            {
                let id = lower.expr();
                let slot = usize::from(parts[0].is_some());
                parts[slot] = Some(id);
            }
            _ => {}
        });
        let [first, second] =
            parts.map(|id| id.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end))));
        let (target, value) = if reversed {
            (second, first)
        } else {
            (first, second)
        };
        Expr::Assign { target, op, value }
    }

    fn slice(&mut self, span: Span) -> Expr {
        let mut parts = [None; 3];
        let mut at = 0;
        self.each(|lower| {
            if lower.kind == Kind::Colon {
                at = (at + 1).min(2);
            } else if lower.kind.is_value() {
                parts[at] = Some(lower.expr());
            }
        });
        let [low, high, step] = parts.map(|id| id.unwrap_or_else(|| self.b.expr(Expr::Null, span)));
        Expr::Slice { low, high, step }
    }

    fn comprehension(&mut self, kind: ComprehensionKind) -> Expr {
        let span = self.span();
        let mark = self.items.len();
        let mut element = None;
        self.each(|lower| {
            if lower.kind.is_value() {
                let id = lower.expr();
                match element {
                    None => element = Some(id),
                    Some(_) => lower.items.push(id),
                }
            }
        });
        let clauses = self.take(mark);
        let element = element.unwrap_or_else(|| self.nothing(span));
        Expr::Comprehension {
            kind,
            element,
            clauses,
        }
    }

    fn for_in(&mut self) -> Expr {
        let span = self.span();
        let mark = self.items.len();
        let mut target = None;
        self.each(|lower| {
            if lower.kind.is_value() {
                let id = lower.expr();
                match target {
                    None => target = Some(id),
                    Some(_) => lower.items.push(id),
                }
            }
        });
        let value = match self.items[mark..] {
            [only] => only,
            _ => {
                let list = self.b.exprs(&self.items[mark..]);
                self.b.expr(Expr::Tuple(list), span)
            }
        };
        self.items.truncate(mark);
        let target = target.unwrap_or_else(|| self.nothing(span));
        Expr::Clause {
            target: Some(target),
            value,
        }
    }

    fn keyword(&mut self, span: Span) -> ExprId {
        let (mut name, mut value) = (None, None);
        self.each(|lower| {
            if lower.kind == Kind::Identifier && name.is_none() {
                name = Some(lower.name(lower.span()));
            } else if lower.kind.is_value() {
                value = Some(lower.expr());
            }
        });
        let value = value.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end)));
        match name {
            Some(name) => self.b.expr(Expr::Keyword { name, value }, span),
            None => value,
        }
    }

    /// `a.b.c` where the grammar has a name and not an expression.
    fn dotted(&mut self, span: Span) -> ExprId {
        let mut value = None;
        self.each(|lower| {
            if lower.kind == Kind::Identifier {
                let part = lower.span();
                let name = lower.name(part);
                let id = match value {
                    None => lower.b.expr(Expr::Name(name), part),
                    Some(object) => lower
                        .b
                        .expr(Expr::Attr { object, name }, Span::new(span.start, part.end)),
                };
                value = Some(id);
            }
        });
        value.unwrap_or_else(|| self.nothing(span))
    }

    /// `list[int]` in an annotation.
    fn generic_type(&mut self, span: Span) -> ExprId {
        let mark = self.items.len();
        let mut object = None;
        let mut place = span;
        self.each(|lower| match lower.kind {
            Kind::TypeParameter => {
                place = lower.span();
                lower.each(|lower| {
                    if lower.kind.is_value() {
                        let id = lower.expr();
                        lower.items.push(id);
                    }
                });
            }
            kind if kind.is_value() => object = Some(lower.expr()),
            _ => {}
        });
        let index = match self.items[mark..] {
            [only] => only,
            _ => {
                let list = self.b.exprs(&self.items[mark..]);
                self.b.expr(Expr::Tuple(list), place)
            }
        };
        self.items.truncate(mark);
        match object {
            Some(object) => self.b.expr(Expr::Index { object, index }, span),
            None => index,
        }
    }

    fn member_type(&mut self, span: Span) -> ExprId {
        let (mut object, mut name) = (None, None);
        self.each(|lower| match lower.kind {
            Kind::Identifier => name = Some(lower.name(lower.span())),
            kind if kind.is_value() => object = Some(lower.expr()),
            _ => {}
        });
        match (object, name) {
            (Some(object), Some(name)) => self.b.expr(Expr::Attr { object, name }, span),
            (object, _) => object.unwrap_or_else(|| self.nothing(span)),
        }
    }
}
