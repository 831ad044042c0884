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
            Expr::Binary { op, left, right }
        } else if let Some(op) = compare_op(op) {
            Expr::Compare { op, left, right }
        } else {
            let op = match op {
                Kind::Or => LogicOp::Or,
                Kind::Coalesce => LogicOp::Coalesce,
                _ => LogicOp::And,
            };
            Expr::Logic { op, left, right }
        };
        self.b.expr(expr, span)
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

    pub(super) fn assignment(&mut self, span: Span) -> ExprId {
        let (mut target, mut op, mut value) = (None, None, None);
        self.children(|s, kind| {
            if !kind.is_expr() {
                op = augmented_op(kind).or(op);
            } else if target.is_none() {
                target = Some(s.pattern(kind));
            } else {
                value = Some(s.expr(kind));
            }
        });
        let target = target.unwrap_or_else(|| self.unknown(span));
        let value = value.unwrap_or_else(|| self.unknown(span));
        self.b.expr(Expr::Assign { target, op, value }, span)
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
                operand = Some((s.expr(kind), kind));
            } else {
                op = unary_op(kind).or(op);
            }
        });
        let (operand, kind) = operand.unwrap_or_else(|| (self.unknown(span), Kind::Type));
        match op {
            Some(UnaryOp::Void) if kind == Kind::Number => self.b.expr(Expr::Undefined, span),
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
        Kind::Pow => BinaryOp::Pow,
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
        Kind::Identical => CompareOp::Identical,
        Kind::NotIdentical => CompareOp::NotIdentical,
        Kind::Less => CompareOp::Less,
        Kind::LessEqual => CompareOp::LessEqual,
        Kind::Greater => CompareOp::Greater,
        Kind::GreaterEqual => CompareOp::GreaterEqual,
        Kind::In => CompareOp::In,
        Kind::InstanceOf => CompareOp::InstanceOf,
        _ => return None,
    })
}

/// Returns the operator of `+=` and the like.
pub(super) fn augmented_op(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::AddTo => BinaryOp::Add,
        Kind::SubTo => BinaryOp::Sub,
        Kind::MulTo => BinaryOp::Mul,
        Kind::DivTo => BinaryOp::Div,
        Kind::ModTo => BinaryOp::Mod,
        Kind::PowTo => BinaryOp::Pow,
        Kind::ShiftLeftTo => BinaryOp::ShiftLeft,
        Kind::ShiftRightTo => BinaryOp::ShiftRight,
        Kind::ShiftRightUnsignedTo => BinaryOp::ShiftRightUnsigned,
        Kind::BitAndTo => BinaryOp::BitAnd,
        Kind::BitOrTo => BinaryOp::BitOr,
        Kind::BitXorTo => BinaryOp::BitXor,
        Kind::AndTo => BinaryOp::LogicAnd,
        Kind::OrTo => BinaryOp::LogicOr,
        Kind::CoalesceTo => BinaryOp::Coalesce,
        _ => return None,
    })
}

fn unary_op(kind: Kind) -> Option<UnaryOp> {
    Some(match kind {
        Kind::Not => UnaryOp::Not,
        Kind::Sub => UnaryOp::Minus,
        Kind::Add => UnaryOp::Plus,
        Kind::Invert => UnaryOp::Invert,
        Kind::TypeOf => UnaryOp::TypeOf,
        Kind::Void => UnaryOp::Void,
        Kind::Delete => UnaryOp::Delete,
        _ => return None,
    })
}
