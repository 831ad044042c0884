//! Statements: lists, conditions, loops, functions, assignments.

use super::{INPUT, Lower, PARAMETERS, children, fields};
use crate::builder::span;
use crate::tree::{
    BinaryOp, Block, Case, ErrorReason, Expr, ExprId, Exprs, Handler, Stmt, UnaryOp,
};
use tree_sitter::Node;

impl Lower<'_, '_> {
    /// Lowers the statements among the children of a node; a `&` behind one sends it away.
    pub(super) fn statements(&mut self, node: Node<'_>) {
        let nodes = children(node);
        self.sequence(&nodes);
    }

    pub(super) fn sequence(&mut self, nodes: &[Node<'_>]) {
        for (at, &child) in nodes.iter().enumerate() {
            if child.is_missing() {
                self.b.error(span(child), ErrorReason::Syntax);
            }
            match child.kind() {
                "comment" => self.b.tree.comments.push(span(child)),
                "ERROR" => self.recover(child),
                _ if !child.is_named() => {}
                _ if nodes.get(at + 1).is_some_and(|next| next.kind() == "&") => {
                    self.detached(child);
                }
                _ => self.statement(child),
            }
        }
    }

    /// `command &`: nobody waits for it.
    fn detached(&mut self, node: Node<'_>) {
        let place = span(node);
        let func = self.function(None, place, |lower| lower.statement(node));
        let func = self.expr(Expr::Func(func), place);
        let call = self.call("&", &[func], place);
        self.push(Stmt::Expr(call), place);
    }

    pub(super) fn statement(&mut self, node: Node<'_>) {
        self.deeper(node, |lower| lower.statement_inner(node));
    }

    fn statement_inner(&mut self, node: Node<'_>) {
        let place = span(node);
        match node.kind() {
            "variable_assignment" => self.assignment(node, false),
            "variable_assignments" => {
                for child in children(node) {
                    self.assignment(child, false);
                }
            }
            "declaration_command" => self.declaration(node),
            "unset_command" => self.unset(node),
            "function_definition" => self.definition(node),
            "if_statement" => self.if_statement(node),
            "while_statement" => self.while_statement(node),
            "for_statement" => self.for_statement(node),
            "c_style_for_statement" => self.counted_loop(node),
            "case_statement" => self.case_statement(node),
            "list" => self.list(node),
            "compound_statement" if node.child(0).is_some_and(|c| c.kind() == "((") => {
                let value = self.condition(node);
                self.push(Stmt::Expr(value), place);
            }
            "compound_statement" | "do_group" | "else_clause" | "elif_clause" => {
                self.statements(node);
            }
            "subshell" => {
                let body = self.block(|lower| lower.statements(node));
                self.push(Stmt::Block(body), place);
            }
            "redirected_statement" => self.redirected(node),
            "negated_command" => {
                if let Some(inner) = node.named_child(0) {
                    self.statement(inner);
                }
            }
            "test_command" => {
                let value = self.condition(node);
                self.push(Stmt::Expr(value), place);
            }
            "command" => self.command_statement(node),
            "pipeline" => {
                let value = self.printed(node);
                self.push(Stmt::Expr(value), place);
            }
            "case_item" | "heredoc_body" | "ERROR" => self.statements(node),
            kind if is_word(kind) => {
                // A word that stands alone, in a stretch that is broken.
                let value = self.word(node);
                let value = self.other(&[value], place);
                self.push(Stmt::Expr(value), place);
            }
            _ => {}
        }
    }

    /// A command as a statement of its own: what it prints is seen.
    pub(super) fn printed(&mut self, node: Node<'_>) -> ExprId {
        let value = self.output(node, None);
        self.expr(Expr::Yield(value), span(node))
    }

    /// `a && b`, `a || b`.
    fn list(&mut self, node: Node<'_>) {
        let parts = children(node);
        let named: Vec<Node<'_>> = parts.iter().copied().filter(Node::is_named).collect();
        let (&[left, right], Some(op)) = (&named[..], parts.iter().find(|n| !n.is_named())) else {
            return self.sequence(&parts);
        };
        let place = span(node);
        if op.kind() == "||" && self.is_nothing(right) {
            return self.swallowed(place, |lower| lower.statement(left));
        }
        let test = self.condition(left);
        let test = if op.kind() == "||" {
            self.expr(
                Expr::Unary {
                    op: UnaryOp::Not,
                    operand: test,
                },
                span(left),
            )
        } else {
            test
        };
        let then = self.block(|lower| lower.statement(right));
        self.push(
            Stmt::If {
                test,
                then,
                other: Block::default(),
            },
            place,
        );
    }

    /// Runs `body` so that its failure goes unseen.
    pub(super) fn swallowed(&mut self, place: crate::tree::Span, body: impl FnOnce(&mut Self)) {
        let body = self.block(body);
        let handler = Handler {
            kind: None,
            name: None,
            body: Block::default(),
            span: place,
        };
        self.push(
            Stmt::Try {
                body,
                handlers: vec![handler],
                other: Block::default(),
                last: Block::default(),
            },
            place,
        );
    }

    /// Whether a command does nothing and succeeds.
    fn is_nothing(&self, node: Node<'_>) -> bool {
        node.kind() == "command" && matches!(self.text(node).trim(), "true" | ":" | "/bin/true")
    }

    fn if_statement(&mut self, node: Node<'_>) {
        let nodes = children(node);
        self.branch(&nodes, span(node));
    }

    /// `if` or `elif`: condition, then, and what follows.
    fn branch(&mut self, nodes: &[Node<'_>], place: crate::tree::Span) {
        let then = nodes
            .iter()
            .position(|n| n.kind() == "then")
            .unwrap_or(nodes.len());
        let test = self.conditions(&nodes[..then], place);
        let rest = &nodes[then..];
        let end = rest
            .iter()
            .position(|n| matches!(n.kind(), "elif_clause" | "else_clause"))
            .unwrap_or(rest.len());
        let body = self.block(|lower| lower.sequence(&rest[..end]));
        let other = self.block(|lower| lower.otherwise(&rest[end..]));
        self.push(
            Stmt::If {
                test,
                then: body,
                other,
            },
            place,
        );
    }

    fn otherwise(&mut self, clauses: &[Node<'_>]) {
        let Some((&first, rest)) = clauses.split_first() else {
            return;
        };
        match first.kind() {
            "elif_clause" => {
                let mut nodes = children(first);
                nodes.extend_from_slice(rest);
                let place = span(first);
                self.deeper(first, |lower| lower.branch(&nodes, place));
            }
            "else_clause" => self.statements(first),
            _ => self.otherwise(rest),
        }
    }

    /// The conditions of `if` and `while`: all but the last only run.
    fn conditions(&mut self, nodes: &[Node<'_>], place: crate::tree::Span) -> ExprId {
        let named: Vec<Node<'_>> = nodes.iter().copied().filter(Node::is_named).collect();
        let Some((&last, before)) = named.split_last() else {
            return self.other(&[], place);
        };
        self.sequence(before);
        self.condition(last)
    }

    fn while_statement(&mut self, node: Node<'_>) {
        let place = span(node);
        let nodes = children(node);
        let body = node.child_by_field_name("body");
        let until = nodes.first().is_some_and(|n| n.kind() == "until");
        let head: Vec<Node<'_>> = fields(node, "condition");
        let test = self.conditions(&head, place);
        let test = if until {
            self.expr(
                Expr::Unary {
                    op: UnaryOp::Not,
                    operand: test,
                },
                place,
            )
        } else {
            test
        };
        let body = self.block(|lower| {
            if let Some(body) = body {
                lower.statement(body);
            }
        });
        self.push(
            Stmt::While {
                test,
                body,
                other: Block::default(),
                test_last: false,
            },
            place,
        );
    }

    fn for_statement(&mut self, node: Node<'_>) {
        let place = span(node);
        let values = fields(node, "value");
        let iter = if values.is_empty() {
            self.variable(PARAMETERS, place)
        } else {
            let mut items = Vec::new();
            for value in values {
                self.argument(value, &mut items);
            }
            let items = self.b.exprs(&items);
            self.expr(Expr::List(items), place)
        };
        let target = match node.child_by_field_name("variable") {
            Some(name) => self.variable(self.text(name), span(name)),
            None => self.other(&[], place),
        };
        let body = self.block(|lower| {
            if let Some(body) = node.child_by_field_name("body") {
                lower.statement(body);
            }
        });
        self.push(
            Stmt::For {
                target,
                iter,
                body,
                other: Block::default(),
                keys: false,
            },
            place,
        );
    }

    /// `for ((i = 0; i < n; i++))`: its numbers say little, its body is what counts.
    fn counted_loop(&mut self, node: Node<'_>) {
        let place = span(node);
        for part in fields(node, "initializer") {
            if part.kind() == "variable_assignment" {
                self.assignment(part, false);
            }
        }
        let mut tests = Vec::new();
        for part in fields(node, "condition") {
            tests.push(self.arithmetic(part));
        }
        let test = self.other(&tests, place);
        let body = self.block(|lower| {
            if let Some(body) = node.child_by_field_name("body") {
                lower.statement(body);
            }
        });
        self.push(
            Stmt::While {
                test,
                body,
                other: Block::default(),
                test_last: false,
            },
            place,
        );
    }

    fn case_statement(&mut self, node: Node<'_>) {
        let place = span(node);
        let subject = match node.child_by_field_name("value") {
            Some(value) => self.word(value),
            None => self.other(&[], place),
        };
        let items: Vec<Node<'_>> = children(node)
            .into_iter()
            .filter(|n| n.kind() == "case_item")
            .collect();
        let cases = items.into_iter().map(|item| self.case_item(item)).collect();
        self.push(
            Stmt::Switch {
                subject,
                cases,
                falls_through: false,
            },
            place,
        );
    }

    fn case_item(&mut self, item: Node<'_>) -> Case {
        let mut tests = Vec::new();
        let mut any = false;
        for value in fields(item, "value") {
            let text = self.text(value);
            any |= text == "*";
            let test = self.word(value);
            // A pattern with wildcards stands for nobody knows how many texts.
            tests.push(if text.contains(['*', '?', '[']) {
                self.other(&[test], span(value))
            } else {
                test
            });
        }
        let close = children(item);
        let from = close
            .iter()
            .position(|n| n.kind() == ")")
            .map_or(close.len(), |at| at + 1);
        let body = self.block(|lower| lower.sequence(&close[from..]));
        Case {
            tests: if any {
                Exprs::default()
            } else {
                self.b.exprs(&tests)
            },
            guard: None,
            body,
        }
    }

    fn definition(&mut self, node: Node<'_>) {
        let place = span(node);
        let name = node
            .child_by_field_name("name")
            .map_or("", |n| self.text(n));
        let inputs = std::mem::replace(&mut self.inputs, 0);
        self.functions += 1;
        let func = self.function(Some(name), place, |lower| {
            if let Some(body) = node.child_by_field_name("body") {
                lower.statement(body);
            }
        });
        self.functions -= 1;
        self.inputs = inputs;
        self.push(Stmt::Func(func), place);
    }

    /// `name=value`, `name+=value`, `name[i]=value`, `name=(…)`.
    pub(super) fn assignment(&mut self, node: Node<'_>, local: bool) {
        let place = span(node);
        let Some(name) = node.child_by_field_name("name") else {
            return;
        };
        let target = self.place_of(name);
        let value = match node.child_by_field_name("value") {
            Some(value) => self.assigned(value),
            None => self.str("", crate::tree::Span::new(place.end, place.end)),
        };
        let adds = children(node).iter().any(|n| n.kind() == "+=");
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: adds.then_some(BinaryOp::Add),
                value,
                annotation: None,
                declares: local,
            },
            place,
        );
    }

    fn place_of(&mut self, name: Node<'_>) -> ExprId {
        if name.kind() != "subscript" {
            return self.variable(self.text(name), span(name));
        }
        let object = match name.child_by_field_name("name") {
            Some(object) => self.variable(self.text(object), span(object)),
            None => self.other(&[], span(name)),
        };
        let index = self.index_of(name);
        self.expr(Expr::Index { object, index }, span(name))
    }

    /// The value of an assignment.
    pub(super) fn assigned(&mut self, value: Node<'_>) -> ExprId {
        if value.kind() != "array" {
            return self.word(value);
        }
        let mut items = Vec::new();
        for child in children(value) {
            if child.is_named() {
                self.argument(child, &mut items);
            }
        }
        let items = self.b.exprs(&items);
        self.expr(Expr::List(items), span(value))
    }

    /// `local`, `declare`, `export`, `readonly`.
    fn declaration(&mut self, node: Node<'_>) {
        let nodes = children(node);
        let word = nodes.first().map_or("", |n| n.kind());
        let local = self.functions > 0 && matches!(word, "local" | "declare" | "typeset");
        let mut others = Vec::new();
        for &child in nodes.iter().skip(1) {
            match child.kind() {
                "variable_assignment" => self.assignment(child, local),
                kind if is_word(kind) => self.argument(child, &mut others),
                _ => {}
            }
        }
        if !others.is_empty() {
            let call = self.call(word, &others, span(node));
            self.push(Stmt::Expr(call), span(node));
        }
    }

    fn unset(&mut self, node: Node<'_>) {
        let mut names = Vec::new();
        for child in children(node).into_iter().skip(1) {
            if child.is_named() {
                names.push(self.str(self.text(child), span(child)));
            }
        }
        let call = self.call("unset", &names, span(node));
        self.push(Stmt::Expr(call), span(node));
    }

    /// Gives a group that stands as a statement its input.
    pub(super) fn with_input(&mut self, input: Option<ExprId>, body: impl FnOnce(&mut Self)) {
        let Some(input) = input else {
            return body(self);
        };
        let place = self.b.tree.span(input);
        let target = self.variable(INPUT, place);
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: None,
                value: input,
                annotation: None,
                declares: false,
            },
            place,
        );
        self.inputs += 1;
        body(self);
        self.inputs -= 1;
    }
}

/// Whether a node of this kind is a word of a command.
pub(super) fn is_word(kind: &str) -> bool {
    matches!(
        kind,
        "word"
            | "string"
            | "raw_string"
            | "ansi_c_string"
            | "translated_string"
            | "concatenation"
            | "number"
            | "expansion"
            | "simple_expansion"
            | "command_substitution"
            | "process_substitution"
            | "arithmetic_expansion"
            | "brace_expression"
            | "variable_name"
            | "array"
            | "regex"
            | "extglob_pattern"
            | "test_operator"
            | "string_content"
    )
}
