//! Expansions: `$x`, `${x:-d}`, `${x#p}`, `$(…)`, `$((…))`.

use super::{Lower, PARAMETERS, children};
use crate::builder::span;
use crate::tree::{BinaryOp, Expr, ExprId, LogicOp, Span};
use tree_sitter::Node;

impl Lower<'_, '_> {
    /// `$name`, `$1`, `$@`.
    pub(super) fn simple_expansion(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let name = self.text(node).strip_prefix('$').unwrap_or_default();
        self.parameter(name, place)
    }

    /// A variable or a positional parameter by its name.
    fn parameter(&mut self, name: &str, place: Span) -> ExprId {
        if matches!(name, "@" | "*") {
            return self.variable(PARAMETERS, place);
        }
        match name.parse::<i64>() {
            Ok(at) if at > 0 => {
                let object = self.variable(PARAMETERS, place);
                let index = self.expr(Expr::Int(at - 1), place);
                self.expr(Expr::Index { object, index }, place)
            }
            _ => self.variable(name, place),
        }
    }

    /// `${…}`.
    pub(super) fn expansion(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let nodes = children(node);
        let inner = &nodes[1.min(nodes.len())..nodes.len().saturating_sub(1)];
        let Some(at) = inner.iter().position(|n| is_subject(*n)) else {
            return self.other(&[], place);
        };
        let before: String = inner[..at].iter().map(|n| self.text(*n)).collect();
        let subject = self.subject(inner[at]);
        let rest = &inner[at + 1..];
        match before.as_str() {
            "#" => return self.call("$length", &[subject], place),
            "!" if rest.is_empty() => return self.call("$indirect", &[subject], place),
            _ => {}
        }
        let Some((&op, values)) = rest.split_first() else {
            return subject;
        };
        self.modified(subject, op, values, place)
    }

    /// The variable of an expansion.
    fn subject(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        match node.kind() {
            "subscript" => {
                let object = match node.child_by_field_name("name") {
                    Some(name) => self.variable(self.text(name), span(name)),
                    None => self.other(&[], place),
                };
                let index = node
                    .child_by_field_name("index")
                    .map_or("", |n| self.text(n));
                if matches!(index, "@" | "*") {
                    return object;
                }
                let index = self.index_of(node);
                self.expr(Expr::Index { object, index }, place)
            }
            "command_substitution" => self.substitution(node),
            _ => self.parameter(self.text(node), place),
        }
    }

    /// The index of an array or of a map.
    pub(super) fn index_of(&mut self, node: Node<'_>) -> ExprId {
        let Some(index) = node.child_by_field_name("index") else {
            return self.other(&[], span(node));
        };
        match self.text(index).parse::<i64>() {
            Ok(n) => self.expr(Expr::Int(n), span(index)),
            Err(_) => self.word(index),
        }
    }

    fn modified(
        &mut self,
        subject: ExprId,
        op: Node<'_>,
        values: &[Node<'_>],
        place: Span,
    ) -> ExprId {
        let text = self.text(op);
        let first = values.iter().find(|n| n.is_named()).copied();
        let logic = |lower: &mut Self, op| {
            let right = match first {
                Some(value) => lower.word(value),
                None => lower.str("", place),
            };
            lower.expr(
                Expr::Logic {
                    op,
                    left: subject,
                    right,
                },
                place,
            )
        };
        match text {
            "-" | ":-" => logic(self, LogicOp::Or),
            "+" | ":+" => logic(self, LogicOp::And),
            "=" | ":=" => {
                let value = match first {
                    Some(value) => self.word(value),
                    None => self.str("", place),
                };
                self.expr(
                    Expr::Assign {
                        target: subject,
                        op: Some(BinaryOp::LogicOr),
                        value,
                    },
                    place,
                )
            }
            "?" | ":?" => subject,
            _ => {
                let mut args = vec![subject, self.str(text, span(op))];
                args.extend(self.operands(text, values));
                self.call("$cut", &args, place)
            }
        }
    }

    /// The operands of `${x#p}`, `${x/a/b}` and `${x:1:2}`: signs part them.
    fn operands(&mut self, op: &str, values: &[Node<'_>]) -> Vec<ExprId> {
        let sign = if op.starts_with('/') { "/" } else { ":" };
        let mut out = Vec::new();
        let mut current: Vec<ExprId> = Vec::new();
        let mut end = Span::default();
        for &value in values {
            end = span(value);
            if !value.is_named() && self.text(value) == sign {
                out.push(self.operand(&std::mem::take(&mut current), end));
            } else if value.is_named() {
                current.push(if value.kind() == "regex" {
                    self.str(self.text(value), end)
                } else {
                    self.word(value)
                });
            }
        }
        out.push(self.operand(&current, end));
        out
    }

    fn operand(&mut self, parts: &[ExprId], place: Span) -> ExprId {
        match *parts {
            [] => self.str("", place),
            [one] => one,
            _ => {
                let parts = self.b.exprs(parts);
                self.expr(Expr::Template(parts), place)
            }
        }
    }

    /// `$(…)`, `` `…` ``, `<(…)`: what the statements print.
    pub(super) fn substitution(&mut self, node: Node<'_>) -> ExprId {
        let place = span(node);
        let inner: Vec<Node<'_>> = children(node)
            .into_iter()
            .filter(|n| n.is_named() && n.kind() != "comment")
            .collect();
        match inner[..] {
            [] => self.str("", place),
            [one] if one.kind() == "file_redirect" => {
                self.input_of(one).unwrap_or_else(|| self.other(&[], place))
            }
            [one] if one.kind() != "ERROR" => self.output(one, None),
            _ => self.group(None, place, |lower| lower.sequence(&inner)),
        }
    }
}

fn is_subject(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "variable_name" | "special_variable_name" | "subscript" | "command_substitution"
    )
}
