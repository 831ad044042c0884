//! Broken text: what is reported, and what is lowered all the same.

use super::kinds::Grammar;
use super::{Kind, Lower};
use crate::builder::{self, Builder};
use crate::tree::{Block, ErrorReason, Span};
use tree_sitter::Node;

/// Whether a child of an error node is lowered by [`Lower::recover`].
fn is_kept(kind: Kind) -> bool {
    kind.is_stmt() || kind.is_compound()
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

impl Lower<'_, '_> {
    /// Lowers what is understood inside the error node at hand. Its statements come before the
    /// statement that it interrupts.
    pub(super) fn recover(&mut self) {
        let span = self.span();
        if self.b.enter(span) {
            self.children(Self::stmt);
            self.b.leave();
        }
    }

    /// A file that is one error node.
    pub(super) fn broken_program(&mut self) -> Block {
        let mark = self.stmts.len();
        self.recover();
        self.take_block(mark)
    }
}
