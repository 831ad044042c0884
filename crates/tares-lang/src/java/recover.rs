//! Broken text: what is reported, and what is lowered all the same.

use super::kinds::Grammar;
use super::{Kind, Lower};
use crate::Sym;
use crate::builder::{self, Builder, MAX_DEPTH};
use crate::tree::{Block, ErrorReason, Func, Span, Stmt};
use tree_sitter::Node;

/// Whether a child of an error node is lowered by [`Lower::recover`].
fn is_kept(kind: Kind) -> bool {
    kind.is_stmt() || kind.is_compound() || kind == Kind::ClassBody
}

/// Lists the stretches that the grammar does not accept. An error node may span a whole file
/// of which most was understood, so only the runs of children that were not are listed.
pub(super) fn list_errors(grammar: &Grammar, root: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = root.walk();
    let mut in_error = vec![false];
    let mut run: Option<Span> = None;
    loop {
        let node = cursor.node();
        let kind = grammar.kind(node);
        let span = builder::span(node);
        let broken = in_error.last() == Some(&true) && !is_kept(kind) && kind != Kind::Comment;
        let leaf = node.child_count() == 0;
        if kind == Kind::Error && leaf || node.is_missing() || broken && kind != Kind::Error {
            run = Some(run.map_or(span, |run| run.cover(span)));
        } else if let Some(run) = run.take() {
            builder.error(run, ErrorReason::Syntax);
        }
        if node.has_error() && cursor.goto_first_child() {
            in_error.push(kind == Kind::Error);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if let Some(run) = run.take() {
                builder.error(run, ErrorReason::Syntax);
            }
            if !cursor.goto_parent() {
                return;
            }
            in_error.pop();
        }
    }
}

/// A method whose end is not in the error node that its beginning is in.
struct Open {
    func: Func,
    /// Nodes before it, for its size.
    before: u32,
    /// First statement of its body.
    mark: usize,
    /// Braces open around it.
    braces: i32,
}

impl Lower<'_, '_> {
    /// Lowers what is understood inside the error node at hand. Its statements come before the
    /// statement that it interrupts; those after the head of a method are its body.
    pub(super) fn recover(&mut self) {
        let span = self.span();
        if !self.b.enter(span) {
            return;
        }
        let mut name = None;
        let mut open: Vec<Open> = Vec::new();
        let mut braces = 0;
        self.children(|s, kind| match kind {
            Kind::Identifier => name = Some((s.sym(), s.span())),
            Kind::Params if open.len() < MAX_DEPTH as usize => {
                let head = s.head(name.take(), span, braces);
                open.push(head);
            }
            Kind::OpenBrace => braces += 1,
            Kind::CloseBrace => {
                braces -= 1;
                while let Some(last) = open.pop_if(|last| last.braces >= braces) {
                    s.close(last);
                }
            }
            Kind::ClassBody => {
                let body = s.class_body(&[]);
                let at = s.span();
                s.push(Stmt::Block(body), at);
            }
            _ => s.stmt(kind),
        });
        while let Some(last) = open.pop() {
            self.close(last);
        }
        self.b.leave();
    }

    fn head(&mut self, name: Option<(Sym, Span)>, around: Span, braces: i32) -> Open {
        let at = self.span();
        let start = name.map_or(at.start, |(_, span)| span.start);
        let before = self.b.size();
        let mut func = self.empty_func(Span::new(start, around.end));
        func.name = name.map(|(name, _)| name);
        self.params(&mut func.params);
        Open {
            func,
            before,
            mark: self.stmts.len(),
            braces,
        }
    }

    fn close(&mut self, open: Open) {
        let body = self.take_block(open.mark);
        let func = Func {
            body,
            size: self.b.size() - open.before,
            ..open.func
        };
        let span = func.span;
        let id = self.b.func(func);
        self.push(Stmt::Func(id), span);
    }

    /// A file that is one error node.
    pub(super) fn broken_program(&mut self) -> Block {
        let mark = self.stmts.len();
        self.recover();
        self.take_block(mark)
    }
}
