//! Redirections and documents that stand in the script.

use super::{Lower, children, fields};
use crate::builder::span;
use crate::tree::{Expr, ExprId, Span, Stmt, UnaryOp};
use tree_sitter::Node;

/// What the redirections of a statement come to.
#[derive(Default)]
struct Redirects<'t> {
    input: Option<ExprId>,
    outputs: Vec<Node<'t>>,
    /// What it prints or complains about goes nowhere.
    quiet: bool,
    /// What follows a document on its first line: a pipe, or another command.
    then: Vec<Node<'t>>,
    /// Words that follow a document on its first line.
    words: Vec<Node<'t>>,
}

impl<'a> Lower<'_, 'a> {
    /// A redirected statement that stands alone.
    pub(super) fn redirected(&mut self, node: Node<'_>) {
        let place = span(node);
        let found = self.redirects(node);
        if found.quiet {
            return self.swallowed(place, |lower| lower.redirected_with(node, found));
        }
        self.redirected_with(node, found);
    }

    fn redirected_with(&mut self, node: Node<'_>, found: Redirects<'_>) {
        let place = span(node);
        let Some(body) = node.child_by_field_name("body") else {
            let value = self.redirected_value(node, found);
            return self.push(Stmt::Expr(value), place);
        };
        let simple = matches!(
            body.kind(),
            "command" | "pipeline" | "redirected_statement" | "negated_command"
        );
        // What is taken out of a group needs a value; otherwise its statements are run as they are.
        if simple || !found.outputs.is_empty() || !found.then.is_empty() {
            let printed = found.outputs.is_empty();
            let mut value = self.redirected_value(node, found);
            if printed {
                value = self.expr(Expr::Yield(value), place);
            }
            return self.push(Stmt::Expr(value), place);
        }
        self.with_input(found.input, |lower| lower.statement(body));
    }

    /// What a redirected statement prints.
    pub(super) fn redirected_output(&mut self, node: Node<'_>, input: Option<ExprId>) -> ExprId {
        let mut found = self.redirects(node);
        found.input = found.input.or(input);
        self.redirected_value(node, found)
    }

    fn redirected_value(&mut self, node: Node<'_>, found: Redirects<'_>) -> ExprId {
        let place = span(node);
        let mut value = match node.child_by_field_name("body") {
            Some(body) => self.output(body, found.input),
            None => found.input.unwrap_or_else(|| self.str("", place)),
        };
        if !found.words.is_empty() {
            value = self.more_words(value, &found.words, place);
        }
        for to in found.outputs {
            value = self.written(to, value);
        }
        for stage in found.then {
            value = self.follow(stage, value);
        }
        value
    }

    /// Words of a command that stand behind the mark of its document.
    fn more_words(&mut self, call: ExprId, words: &[Node<'_>], place: Span) -> ExprId {
        let Expr::Call { callee, args, .. } = *self.b.tree.expr(call) else {
            return call;
        };
        let mut all = self.b.tree.exprs(args).to_vec();
        for &word in words {
            self.argument(word, &mut all);
        }
        let args = self.b.exprs(&all);
        self.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            place,
        )
    }

    /// What stands behind the mark of a document: `cat <<EOF | sh`, `cat <<EOF && rm x`.
    fn follow(&mut self, stage: Node<'_>, value: ExprId) -> ExprId {
        if stage.kind() != "pipeline" {
            let next = self.output(stage, None);
            return self.other(&[value, next], span(stage));
        }
        let mut input = value;
        for part in children(stage) {
            if part.is_named() && part.kind() != "comment" {
                input = self.output(part, Some(input));
            }
        }
        input
    }

    fn redirects<'t>(&mut self, node: Node<'t>) -> Redirects<'t> {
        let mut found = Redirects::default();
        for child in children(node) {
            match child.kind() {
                "file_redirect" => self.file_redirect(child, &mut found),
                "herestring_redirect" => found.input = self.herestring(child).or(found.input),
                "heredoc_redirect" => self.heredoc(child, &mut found),
                "comment" => self.b.tree.comments.push(span(child)),
                _ => {}
            }
        }
        found
    }

    fn file_redirect<'t>(&mut self, node: Node<'t>, found: &mut Redirects<'t>) {
        if let Some(input) = self.input_of(node) {
            found.input = Some(input);
            return;
        }
        // `echo > file a b`: words that follow belong to the command.
        for word in fields(node, "destination").into_iter().skip(1) {
            let after = self.b.source.as_bytes().get(word.end_byte());
            if !matches!(after, Some(b'<' | b'>')) {
                found.words.push(word);
            }
        }
        let to = self.target_text(node);
        if to == "/dev/null" {
            found.quiet = true;
        } else {
            found.outputs.push(node);
        }
    }

    fn target_text(&self, node: Node<'_>) -> &'a str {
        node.child_by_field_name("destination")
            .map_or("", |n| self.text(n))
            .trim_matches(['"', '\''])
    }

    /// `< file`: what is read.
    pub(super) fn input_of(&mut self, node: Node<'_>) -> Option<ExprId> {
        let operator = children(node).into_iter().find(|n| !n.is_named())?;
        if operator.kind() != "<" {
            return None;
        }
        let from = node.child_by_field_name("destination")?;
        if self.text(from) == "/dev/null" {
            return Some(self.str("", span(from)));
        }
        let path = self.word(from);
        Some(self.call("cat", &[path], span(node)))
    }

    pub(super) fn herestring(&mut self, node: Node<'_>) -> Option<ExprId> {
        let word = children(node)
            .into_iter()
            .rfind(|n| n.is_named() && n.kind() != "file_descriptor")?;
        Some(self.word(word))
    }

    /// `> file`: a write of what was printed. Other streams than the output say nothing.
    pub(super) fn written(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let nodes = children(node);
        let descriptor = node
            .child_by_field_name("descriptor")
            .map_or("", |n| self.text(n));
        let operator = nodes
            .iter()
            .find(|n| !n.is_named())
            .map_or(">", |n| n.kind());
        let text = self.target_text(node);
        let stream = matches!(operator, ">&" | "<&" | ">&-" | "<&-")
            && text.chars().all(|c| c.is_ascii_digit() || c == '-');
        let nowhere = matches!(
            text,
            "/dev/null" | "/dev/stderr" | "/dev/stdout" | "/dev/tty"
        );
        if stream || nowhere {
            return value;
        }
        let Some(to) = node.child_by_field_name("destination") else {
            return value;
        };
        let path = self.word(to);
        // Only the file of another stream matters, not what is in it.
        let content = if matches!(descriptor, "" | "1") || text.starts_with("/dev/tcp") {
            value
        } else {
            self.str("", span(to))
        };
        let name = if operator.contains(">>") { ">>" } else { ">" };
        let call = self.call(name, &[path, content], span(node));
        if content == value {
            call
        } else {
            self.other(&[value, call], span(node))
        }
    }

    /// `<<EOF`: the document is the input.
    fn heredoc<'t>(&mut self, node: Node<'t>, found: &mut Redirects<'t>) {
        for child in children(node) {
            match child.kind() {
                "heredoc_body" => found.input = Some(self.document(child)),
                "file_redirect" => self.file_redirect(child, found),
                "pipeline" => found.then.push(child),
                _ => {}
            }
        }
        found.then.extend(fields(node, "right"));
        found.words.extend(fields(node, "argument"));
    }

    fn document(&mut self, body: Node<'_>) -> ExprId {
        let place = span(body);
        let parts: Vec<Node<'_>> = children(body).into_iter().filter(Node::is_named).collect();
        let mut pieces = super::word::Pieces::default();
        let mut at = body.start_byte();
        for part in parts {
            let gap = Span::new(at as u32, part.start_byte() as u32);
            pieces.text(self.b.text(gap), gap);
            at = part.end_byte();
            if part.kind() == "heredoc_content" {
                pieces.text(self.text(part), span(part));
            } else {
                let value = self.word(part);
                pieces.value(value);
            }
        }
        let tail = Span::new(at as u32, body.end_byte() as u32);
        pieces.text(self.b.text(tail), tail);
        self.pieces(pieces, place)
    }

    /// A condition that has its redirections around it.
    pub(super) fn redirected_condition(&mut self, node: Node<'_>) -> ExprId {
        let value = self.redirected_output(node, None);
        self.other(&[value], span(node))
    }

    pub(super) fn not(&mut self, operand: ExprId, place: Span) -> ExprId {
        self.expr(
            Expr::Unary {
                op: UnaryOp::Not,
                operand,
            },
            place,
        )
    }
}
