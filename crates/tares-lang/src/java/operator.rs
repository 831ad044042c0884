//! Operators and assignments inside expressions.

use super::{Kind, Lower};
use crate::tree::{BinaryOp, CompareOp, Expr, ExprId, LogicOp, Span, UnaryOp};

impl Lower<'_, '_> {
    pub(super) fn binary(&mut self, left: ExprId, span: Span) -> ExprId {
        let mut op = None;
        let mut right = None;
        while let Some(kind) = self.next() {
            if kind.is_expr() {
                right = Some(self.expr(kind));
            } else if op.is_none() {
                op = Some(kind);
            }
        }
        let right = right.unwrap_or_else(|| self.unknown(span));
        let op = op.unwrap_or(Kind::Token);
        let expr = if let Some(op) = binary_op(op) {
            let (left, right) = self.character_sum(op, left, right);
            Expr::Binary { op, left, right }
        } else if let Some(op) = compare_op(op) {
            Expr::Compare { op, left, right }
        } else {
            let op = if op == Kind::Or {
                LogicOp::Or
            } else {
                LogicOp::And
            };
            Expr::Logic { op, left, right }
        };
        self.b.expr(expr, span)
    }

    /// `'a' + 1` is a number and no text: the sign in front says so.
    fn character_sum(&mut self, op: BinaryOp, left: ExprId, right: ExprId) -> (ExprId, ExprId) {
        let (a, b) = (self.is_character(left), self.is_character(right));
        let number = |s: &Self, id| matches!(s.b.tree.expr(id), Expr::Int(_));
        let sums =
            op == BinaryOp::Add && (a && (b || number(self, right)) || b && number(self, left));
        if sums {
            (self.promoted(left), self.promoted(right))
        } else {
            (left, right)
        }
    }

    fn is_character(&self, id: ExprId) -> bool {
        matches!(self.b.tree.expr(id), Expr::Str(_))
            && self.b.text(self.b.tree.span(id)).starts_with('\'')
    }

    fn promoted(&mut self, operand: ExprId) -> ExprId {
        let span = self.b.tree.span(operand);
        self.b.expr(
            Expr::Unary {
                op: UnaryOp::Plus,
                operand,
            },
            span,
        )
    }

    /// Makes the sums inside a cast to a number or character sums of numbers: `(char) (c + 1)`.
    pub(super) fn numeric(&mut self, id: ExprId) -> ExprId {
        let span = self.b.tree.span(id);
        match *self.b.tree.expr(id) {
            Expr::Binary {
                op: op @ BinaryOp::Add,
                left,
                right,
            } => {
                let (left, right) = (self.promoted(left), self.promoted(right));
                self.b.expr(Expr::Binary { op, left, right }, span)
            }
            _ => id,
        }
    }

    /// `x instanceof T`, `x instanceof T t`, `x instanceof T(var a)`: the names that it binds are
    /// bound first, so that the rest of the condition sees them.
    pub(super) fn instance_of(&mut self, left: ExprId, span: Span) -> ExprId {
        let mark = self.ids.len();
        let (mut kind, mut name) = (None, None);
        while let Some(child) = self.next() {
            let at = self.span();
            match child {
                Kind::RecordPattern => {
                    self.pattern_names();
                }
                Kind::Identifier => {
                    let sym = self.sym();
                    name = Some(self.b.expr(Expr::Name(sym), at));
                }
                _ if child.is_type() => kind = Some(self.type_expr(child)),
                _ => {}
            }
        }
        self.ids.extend(name);
        let right = kind.unwrap_or_else(|| self.unknown(span));
        for index in mark..self.ids.len() {
            let name = self.ids[index];
            let kind = if kind.is_some() {
                right
            } else {
                self.unknown(span)
            };
            let target = self.declared(kind, name);
            let (op, value) = (None, left);
            self.ids[index] = self.b.expr(Expr::Assign { target, op, value }, span);
        }
        let test = self.b.expr(
            Expr::Compare {
                op: CompareOp::InstanceOf,
                left,
                right,
            },
            span,
        );
        if self.ids.len() == mark {
            return test;
        }
        self.ids.push(test);
        let items = self.list(mark);
        self.b.expr(Expr::Sequence(items), span)
    }

    /// A target that declares a name: a cast says of which type.
    pub(super) fn declared(&mut self, kind: ExprId, name: ExprId) -> ExprId {
        let span = self.b.tree.span(name);
        let value = name;
        self.b.expr(Expr::Cast { kind, value }, span)
    }

    pub(super) fn ternary(&mut self, test: ExprId, span: Span) -> ExprId {
        let mut arms = [None, None];
        while let Some(kind) = self.next() {
            if kind.is_expr() {
                let arm = Some(self.expr(kind));
                arms = if arms[0].is_none() {
                    [arm, None]
                } else {
                    [arms[0], arm]
                };
            }
        }
        let [then, other] = arms.map(|arm| arm.unwrap_or_else(|| self.unknown(span)));
        self.b.expr(Expr::Cond { test, then, other }, span)
    }

    /// Reads `target op value`.
    pub(super) fn assignment(&mut self, span: Span) -> (ExprId, Option<BinaryOp>, ExprId) {
        let (mut target, mut op, mut value) = (None, None, None);
        self.children(|s, kind| {
            if !kind.is_expr() {
                op = augmented_op(kind).or(op);
            } else if target.is_none() {
                target = Some(s.expr(kind));
            } else {
                value = Some(s.expr(kind));
            }
        });
        let target = target.unwrap_or_else(|| self.unknown(span));
        let value = value.unwrap_or_else(|| self.unknown(span));
        (target, op, value)
    }

    /// Lowers `x++` to the parts of `x += 1`.
    pub(super) fn update(&mut self, span: Span) -> (ExprId, BinaryOp, ExprId) {
        let mut target = None;
        let mut op = BinaryOp::Add;
        self.children(|s, kind| match kind {
            Kind::Decrement => op = BinaryOp::Sub,
            _ if kind.is_expr() => target = Some(s.expr(kind)),
            _ => {}
        });
        let target = target.unwrap_or_else(|| self.unknown(span));
        let one = self.b.expr(Expr::Int(1), span);
        (target, op, one)
    }

    pub(super) fn unary(&mut self, span: Span) -> ExprId {
        let mut op = None;
        let mut operand = None;
        self.children(|s, kind| {
            if kind.is_expr() {
                operand = Some(s.expr(kind));
            } else {
                op = unary_op(kind).or(op);
            }
        });
        let operand = operand.unwrap_or_else(|| self.unknown(span));
        match op {
            Some(op) => self.b.expr(Expr::Unary { op, operand }, span),
            None => operand,
        }
    }
}

fn binary_op(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::Add => BinaryOp::Add,
        Kind::Sub => BinaryOp::Sub,
        Kind::Mul => BinaryOp::Mul,
        Kind::Div => BinaryOp::Div,
        Kind::Mod => BinaryOp::Mod,
        Kind::ShiftLeft => BinaryOp::ShiftLeft,
        Kind::ShiftRight => BinaryOp::ShiftRight,
        Kind::ShiftRightUnsigned => BinaryOp::ShiftRightUnsigned,
        Kind::BitAnd => BinaryOp::BitAnd,
        Kind::BitOr => BinaryOp::BitOr,
        Kind::BitXor => BinaryOp::BitXor,
        _ => return None,
    })
}

fn compare_op(kind: Kind) -> Option<CompareOp> {
    Some(match kind {
        Kind::Equal => CompareOp::Equal,
        Kind::NotEqual => CompareOp::NotEqual,
        Kind::Less => CompareOp::Less,
        Kind::LessEqual => CompareOp::LessEqual,
        Kind::Greater => CompareOp::Greater,
        Kind::GreaterEqual => CompareOp::GreaterEqual,
        _ => return None,
    })
}

fn augmented_op(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::AddTo => BinaryOp::Add,
        Kind::SubTo => BinaryOp::Sub,
        Kind::MulTo => BinaryOp::Mul,
        Kind::DivTo => BinaryOp::Div,
        Kind::ModTo => BinaryOp::Mod,
        Kind::ShiftLeftTo => BinaryOp::ShiftLeft,
        Kind::ShiftRightTo => BinaryOp::ShiftRight,
        Kind::ShiftRightUnsignedTo => BinaryOp::ShiftRightUnsigned,
        Kind::BitAndTo => BinaryOp::BitAnd,
        Kind::BitOrTo => BinaryOp::BitOr,
        Kind::BitXorTo => BinaryOp::BitXor,
        _ => return None,
    })
}

fn unary_op(kind: Kind) -> Option<UnaryOp> {
    Some(match kind {
        Kind::Not => UnaryOp::Not,
        Kind::Sub => UnaryOp::Minus,
        Kind::Add => UnaryOp::Plus,
        Kind::Invert => UnaryOp::Invert,
        _ => return None,
    })
}
