//! Expressions.

use super::kind::Kind;
use super::{Lower, Span, literal};
use crate::tree::{BinaryOp, Expr, ExprId, Exprs, UnaryOp};

impl Lower<'_, '_> {
    /// Lowers the value under the cursor.
    pub(super) fn expr(&mut self) -> ExprId {
        let span = self.span();
        let leaf = match self.kind {
            Kind::Identifier => Expr::Name(self.name(span)),
            Kind::Integer => literal::integer(self.b.text(span)),
            Kind::Float => literal::float(self.b.text(span)),
            Kind::Rune => literal::rune(self.b.text(span)),
            Kind::String => literal::interpreted(inner(self.b.text(span))),
            Kind::RawString => literal::raw(inner(self.b.text(span))),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Nil => Expr::Null,
            Kind::Iota => Expr::Int(self.iota),
            Kind::Missing => return self.nothing(span),
            Kind::Type => return self.type_expr(self.node),
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
        self.comments_inside();
        self.b.expr(leaf, span)
    }

    /// Strings that the parser repaired hold errors of their own.
    fn comments_inside(&mut self) {
        if self.broken && self.node.has_error() {
            self.each(|_| {});
        }
    }

    /// Lowers calls, selectors, items and operators, which nest to the left: down to the
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
        let mut value = if entered && (self.kind.is_value() || self.kind == Kind::Type) {
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
                Kind::Selector => self.selector(value, span),
                Kind::Call => self.call(value, span),
                Kind::Index => self.index(value, span),
                Kind::SliceExpression => self.slice(value, span),
                Kind::TypeAssertion => self.assertion(value, span),
                _ => self.operator(value, span),
            };
            self.up();
        }
        value
    }

    fn selector(&mut self, object: ExprId, span: Span) -> ExprId {
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
        let known = match self.b.tree.expr(callee) {
            Expr::Name(name) => {
                let name = self.b.interner.name(*name);
                matches!(&**name, "make" | "new").then(|| std::sync::Arc::clone(name))
            }
            _ => None,
        };
        let mut made = None;
        let mark = self.items.len();
        while self.next() {
            if self.kind != Kind::Arguments {
                continue;
            }
            self.each(|lower| {
                if known.is_some() && made.is_none() {
                    if lower.kind == Kind::Type || lower.kind == Kind::Identifier {
                        made = Some(lower.made_zero(lower.node));
                    } else if lower.kind.is_value() {
                        // `new(pkg.T)` reads like a value.
                        made = Some(lower.zero_of_value());
                    }
                } else if lower.kind.is_value() || lower.kind == Kind::Type {
                    let id = lower.expr();
                    lower.items.push(id);
                }
            });
        }
        match (known.as_deref(), made) {
            (Some("new"), Some(made)) => {
                self.items.truncate(mark);
                made
            }
            (Some(_), Some(made)) => {
                let mut args = vec![made];
                args.extend(self.items.drain(mark..));
                self.built_in("make", &args, span)
            }
            _ => {
                let args = self.take(mark);
                self.b.expr(
                    Expr::Call {
                        callee,
                        args,
                        new: false,
                    },
                    span,
                )
            }
        }
    }

    fn zero_of_value(&mut self) -> ExprId {
        let span = self.span();
        let callee = self.expr();
        self.b.expr(
            Expr::Call {
                callee,
                args: Exprs::default(),
                new: true,
            },
            span,
        )
    }

    fn index(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut index = None;
        while self.next() {
            if self.kind.is_value() {
                index = Some(self.expr());
            }
        }
        match index {
            Some(index) => self.b.expr(Expr::Index { object, index }, span),
            // Type arguments say nothing about the function.
            None => object,
        }
    }

    fn slice(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut parts = [None; 3];
        let mut at = 0;
        let start = self.span().end;
        while self.next() {
            if self.kind == Kind::Colon {
                at = (at + 1).min(2);
            } else if self.kind.is_value() {
                parts[at] = Some(self.expr());
            }
        }
        let place = Span::new(start, span.end);
        // The third part is a capacity, no step.
        let [low, high] =
            [parts[0], parts[1]].map(|id| id.unwrap_or_else(|| self.b.expr(Expr::Null, place)));
        let step = self.b.expr(Expr::Null, place);
        let index = self.b.expr(Expr::Slice { low, high, step }, place);
        self.b.expr(Expr::Index { object, index }, span)
    }

    /// `x.(T)`: the value, of a type that is known now.
    fn assertion(&mut self, value: ExprId, span: Span) -> ExprId {
        let mut kind = None;
        while self.next() {
            if self.kind == Kind::Type {
                kind = Some(self.type_expr(self.node));
            }
        }
        match kind {
            Some(kind) => self.built_in(".(type)", &[value, kind], span),
            None => value,
        }
    }

    fn operator(&mut self, left: ExprId, span: Span) -> ExprId {
        let mut op = Kind::Operator(BinaryOp::Add);
        let mut right = None;
        while self.next() {
            match self.kind {
                kind if kind.is_value() => right = Some(self.expr()),
                Kind::Operator(_)
                | Kind::Compare(_)
                | Kind::Logic(_)
                | Kind::Star
                | Kind::Caret
                | Kind::Ampersand
                | Kind::AndNot => op = self.kind,
                _ => {}
            }
        }
        let mut right = right.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end)));
        let op = match op {
            Kind::Logic(op) => return self.b.expr(Expr::Logic { op, left, right }, span),
            Kind::Compare(op) => return self.b.expr(Expr::Compare { op, left, right }, span),
            Kind::Star => BinaryOp::Mul,
            Kind::Caret => BinaryOp::BitXor,
            Kind::Ampersand => BinaryOp::BitAnd,
            Kind::AndNot => {
                right = self.inverted(right, span);
                BinaryOp::BitAnd
            }
            Kind::Operator(op) => op,
            _ => return left,
        };
        self.b.expr(Expr::Binary { op, left, right }, span)
    }

    /// `^x`, also as the right side of `&^`.
    pub(super) fn inverted(&mut self, operand: ExprId, span: Span) -> ExprId {
        self.b.expr(
            Expr::Unary {
                op: UnaryOp::Invert,
                operand,
            },
            span,
        )
    }

    fn compound(&mut self, span: Span) -> ExprId {
        match self.kind {
            Kind::Parenthesized => {
                let [value] = self.all();
                value
            }
            Kind::Unary => self.unary(span),
            Kind::VariadicArgument => {
                let [value] = self.all();
                self.b.expr(Expr::Spread(value), span)
            }
            Kind::Conversion => self.conversion(span),
            Kind::Composite => self.composite(span),
            Kind::FunctionLiteral => {
                let func = self.function(span, None, None);
                self.b.expr(Expr::Func(func), span)
            }
            _ => {
                let parts = self.values();
                self.b.expr(Expr::Other(parts), span)
            }
        }
    }

    fn unary(&mut self, span: Span) -> ExprId {
        let mut op = Kind::Token;
        let mut operand = None;
        self.each(|lower| {
            if lower.kind.is_value() {
                operand = Some(lower.expr());
            } else if op == Kind::Token {
                op = lower.kind;
            }
        });
        let operand = operand.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end)));
        let op = match op {
            Kind::Not => UnaryOp::Not,
            Kind::Operator(BinaryOp::Sub) => UnaryOp::Minus,
            Kind::Operator(BinaryOp::Add) => UnaryOp::Plus,
            Kind::Caret => UnaryOp::Invert,
            Kind::Arrow => return self.built_in("<-", &[operand], span),
            // A pointer to a value is the value; whoever calls with it may fill the variable.
            Kind::Ampersand => return self.b.expr(Expr::Await(operand), span),
            _ => return operand,
        };
        self.b.expr(Expr::Unary { op, operand }, span)
    }

    /// `[]byte(x)`, `map[string]T(x)`: only those to bytes and runes change anything.
    fn conversion(&mut self, span: Span) -> ExprId {
        let mut name = "any";
        let mut value = None;
        self.each(|lower| {
            if lower.kind == Kind::Type {
                let text = lower.b.text(lower.span());
                name = match text {
                    "[]byte" | "[]uint8" => "[]byte",
                    "[]rune" | "[]int32" => "[]rune",
                    _ => "any",
                };
            } else if lower.kind.is_value() {
                value = Some(lower.expr());
            }
        });
        let value = value.unwrap_or_else(|| self.nothing(span));
        self.built_in(name, &[value], span)
    }
}

/// Returns what stands between the quotes of a literal.
pub(super) fn inner(text: &str) -> &str {
    let mut chars = text.chars();
    let Some(quote) = chars.next().filter(|c| matches!(c, '"' | '`')) else {
        return text;
    };
    let rest = chars.as_str();
    rest.strip_suffix(quote).unwrap_or(rest)
}
