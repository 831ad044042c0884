//! Conditions and arithmetic.

use super::statement::is_word;
use super::{Lower, children, fields};
use crate::builder::span;
use crate::tree::{BinaryOp, CompareOp, Expr, ExprId, LogicOp, Span};
use tree_sitter::Node;

impl Lower<'_, '_> {
    /// A statement as a condition: does it succeed?
    pub(super) fn condition(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(node, |lower| lower.condition_inner(node))
            .unwrap_or_else(|| self.other(&[], span(node)))
    }

    fn condition_inner(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        match node.kind() {
            "test_command" => match node.named_child(0) {
                Some(inner) => self.test(inner),
                None => self.expr(Expr::Bool(false), place),
            },
            "negated_command" => {
                let operand = match node.named_child(0) {
                    Some(inner) => self.condition(inner),
                    None => self.other(&[], place),
                };
                self.not(operand, place)
            }
            "list" => self.logic(node),
            "compound_statement" if node.child(0).is_some_and(|c| c.kind() == "((") => {
                let mut parts = Vec::new();
                for child in children(node) {
                    if child.is_named() {
                        parts.push(self.arithmetic(child));
                    }
                }
                match parts[..] {
                    [one] => one,
                    _ => self.other(&parts, place),
                }
            }
            "command" => self.command_condition(node),
            "redirected_statement" => self.redirected_condition(node),
            "variable_assignment" | "declaration_command" | "variable_assignments" => {
                self.statement(node);
                self.other(&[], place)
            }
            _ => {
                let value = self.output(node, None);
                self.other(&[value], place)
            }
        }
    }

    fn logic(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let nodes = children(node);
        let named: Vec<Node<'_>> = nodes.iter().copied().filter(Node::is_named).collect();
        let or = nodes.iter().any(|n| n.kind() == "||");
        let &[left, right] = &named[..] else {
            return self.other(&[], place);
        };
        let (left, right) = (self.condition(left), self.condition(right));
        let op = if or { LogicOp::Or } else { LogicOp::And };
        self.expr(Expr::Logic { op, left, right }, place)
    }

    fn command_condition(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let name = node
            .child_by_field_name("name")
            .map_or("", |n| self.text(n));
        let args = fields(node, "argument");
        match name {
            "true" | ":" => return self.expr(Expr::Bool(true), place),
            "false" => return self.expr(Expr::Bool(false), place),
            "test" => return self.test_words(&args, place),
            "[" => return self.test_words(&args[..args.len().saturating_sub(1)], place),
            _ => {}
        }
        let value = self.command(node, None);
        self.other(&[value], place)
    }

    /// `test a = b` written as a command.
    fn test_words(&mut self, args: &[Node<'_>], place: Span) -> ExprId {
        let texts: Vec<&str> = args.iter().map(|n| self.text(*n)).collect();
        match (args, &texts[..]) {
            ([_, rest @ ..], ["!", ..]) => {
                let inner = self.test_words(rest, place);
                self.not(inner, place)
            }
            (&[left, _, right], &[_, op, _]) => {
                let (left, right) = (self.word(left), self.word(right));
                self.compared(op, left, right, place)
            }
            (&[_, value], &[op, _]) => {
                let value = self.word(value);
                self.asked(op, value, place)
            }
            _ => {
                let parts: Vec<ExprId> = args.iter().map(|&n| self.word(n)).collect();
                self.other(&parts, place)
            }
        }
    }

    /// What stands between `[` and `]`.
    fn test(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(node, |lower| lower.test_inner(node))
            .unwrap_or_else(|| self.other(&[], span(node)))
    }

    fn test_inner(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        match node.kind() {
            "parenthesized_expression" => match node.named_child(0) {
                Some(inner) => self.test(inner),
                None => self.other(&[], place),
            },
            "unary_expression" => {
                let op = node
                    .child_by_field_name("operator")
                    .map_or("", |n| self.text(n));
                let operand = children(node)
                    .into_iter()
                    .rfind(|n| n.is_named() && n.kind() != "test_operator");
                let Some(operand) = operand else {
                    return self.other(&[], place);
                };
                if op == "!" {
                    let inner = self.test(operand);
                    return self.not(inner, place);
                }
                let value = self.word(operand);
                self.asked(op, value, place)
            }
            "binary_expression" => self.test_binary(node),
            "redirected_statement" => self.redirected_condition(node),
            kind if is_word(kind) => {
                let value = self.word(node);
                let nothing = self.str("", place);
                self.compare(CompareOp::NotEqual, value, nothing, place)
            }
            _ => {
                let parts: Vec<ExprId> = children(node)
                    .into_iter()
                    .filter(Node::is_named)
                    .map(|n| self.test(n))
                    .collect();
                self.other(&parts, place)
            }
        }
    }

    fn test_binary(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let op = node
            .child_by_field_name("operator")
            .map_or("", |n| self.text(n));
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            return self.other(&[], place);
        };
        let logic = match op {
            "&&" | "-a" => Some(LogicOp::And),
            "||" | "-o" => Some(LogicOp::Or),
            _ => None,
        };
        if let Some(op) = logic {
            let (left, right) = (self.test(left), self.test(right));
            return self.expr(Expr::Logic { op, left, right }, place);
        }
        let wild = matches!(op, "=" | "==" | "!=")
            && !matches!(right.kind(), "string" | "raw_string")
            && self.text(right).contains(['*', '?', '[']);
        let (left, right) = (self.word(left), self.word(right));
        if wild {
            return self.other(&[left, right], place);
        }
        self.compared(op, left, right, place)
    }

    fn compare(&mut self, op: CompareOp, left: ExprId, right: ExprId, place: Span) -> ExprId {
        self.expr(Expr::Compare { op, left, right }, place)
    }

    /// `left op right` of a test.
    fn compared(&mut self, op: &str, left: ExprId, right: ExprId, place: Span) -> ExprId {
        let number = match op {
            "=" | "==" => return self.compare(CompareOp::Equal, left, right, place),
            "!=" => return self.compare(CompareOp::NotEqual, left, right, place),
            "-eq" => CompareOp::Equal,
            "-ne" => CompareOp::NotEqual,
            "-lt" => CompareOp::Less,
            "-le" => CompareOp::LessEqual,
            "-gt" => CompareOp::Greater,
            "-ge" => CompareOp::GreaterEqual,
            _ => return self.other(&[left, right], place),
        };
        let (left, right) = (self.number(left), self.number(right));
        self.compare(number, left, right, place)
    }

    /// `-z x` and the like.
    fn asked(&mut self, op: &str, value: ExprId, place: Span) -> ExprId {
        let nothing = self.str("", place);
        match op {
            "-z" => self.compare(CompareOp::Equal, value, nothing, place),
            "-n" => self.compare(CompareOp::NotEqual, value, nothing, place),
            _ => self.other(&[value], place),
        }
    }

    /// A text as the number it stands for.
    fn number(&mut self, value: ExprId) -> ExprId {
        let place = self.b.tree.span(value);
        match self.b.tree.expr(value) {
            Expr::Str(text) => match text.trim().parse::<i64>() {
                Ok(n) => self.expr(Expr::Int(n), place),
                Err(_) => value,
            },
            _ => self.call("$((", &[value], place),
        }
    }

    /// `$((…))`.
    pub(super) fn arithmetic_expansion(&mut self, node: Node<'_>) -> ExprId {
        let parts: Vec<ExprId> = children(node)
            .into_iter()
            .filter(Node::is_named)
            .map(|n| self.arithmetic(n))
            .collect();
        match parts[..] {
            [one] => one,
            _ => self.other(&parts, span(node)),
        }
    }

    /// An arithmetic expression; names in it are variables.
    pub(super) fn arithmetic(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(node, |lower| lower.arithmetic_inner(node))
            .unwrap_or_else(|| self.other(&[], span(node)))
    }

    fn arithmetic_inner(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let text = self.text(node);
        match node.kind() {
            "number" => match text.parse::<i64>() {
                Ok(n) => self.expr(Expr::Int(n), place),
                Err(_) => self.other(&[], place),
            },
            "variable_name" | "word" => {
                let value = self.variable(text, place);
                self.number(value)
            }
            "simple_expansion" | "expansion" | "command_substitution" | "string" => {
                let value = self.word(node);
                self.number(value)
            }
            "parenthesized_expression" => match node.named_child(0) {
                Some(inner) => self.arithmetic(inner),
                None => self.other(&[], place),
            },
            "binary_expression" => self.calculation(node),
            "ternary_expression" => {
                let part = |lower: &mut Self, name| match node.child_by_field_name(name) {
                    Some(part) => lower.arithmetic(part),
                    None => lower.other(&[], place),
                };
                let test = part(self, "condition");
                let then = part(self, "consequence");
                let other = part(self, "alternative");
                self.expr(Expr::Cond { test, then, other }, place)
            }
            _ => {
                let parts: Vec<ExprId> = children(node)
                    .into_iter()
                    .filter(Node::is_named)
                    .map(|n| self.arithmetic(n))
                    .collect();
                self.other(&parts, place)
            }
        }
    }

    fn calculation(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let op = node
            .child_by_field_name("operator")
            .map_or("", |n| self.text(n));
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            return self.other(&[], place);
        };
        let (left, right) = (self.arithmetic(left), self.arithmetic(right));
        let compare = match op {
            "==" => Some(CompareOp::Equal),
            "!=" => Some(CompareOp::NotEqual),
            "<" => Some(CompareOp::Less),
            "<=" => Some(CompareOp::LessEqual),
            ">" => Some(CompareOp::Greater),
            ">=" => Some(CompareOp::GreaterEqual),
            _ => None,
        };
        if let Some(compare) = compare {
            return self.compare(compare, left, right, place);
        }
        let op = match op {
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Sub,
            "*" => BinaryOp::Mul,
            "/" => BinaryOp::FloorDiv,
            "%" => BinaryOp::Mod,
            "**" => BinaryOp::Pow,
            "<<" => BinaryOp::ShiftLeft,
            ">>" => BinaryOp::ShiftRight,
            "&" => BinaryOp::BitAnd,
            "|" => BinaryOp::BitOr,
            "^" => BinaryOp::BitXor,
            "&&" | "||" => {
                let op = if op == "&&" {
                    LogicOp::And
                } else {
                    LogicOp::Or
                };
                return self.expr(Expr::Logic { op, left, right }, place);
            }
            _ => return self.other(&[left, right], place),
        };
        self.expr(Expr::Binary { op, left, right }, place)
    }
}
