//! Broken text: what is reported, and what is lowered all the same.

use super::function::plain;
use super::kinds::Grammar;
use super::{Kind, Lower};
use crate::Sym;
use crate::builder::{self, Builder, MAX_DEPTH};
use crate::tree::{
    Block, ErrorReason, Expr, ExprId, Exprs, Func, FuncFlags, Param, ParamKind, Span, Stmt,
};
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

/// A function whose end is not in the error node that its beginning is in.
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
    /// statement that it interrupts; those after the head of a function are its body.
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
                open.push(s.head(name.take(), span, braces));
            }
            Kind::OpenBrace => braces += 1,
            Kind::CloseBrace => {
                braces -= 1;
                while let Some(last) = open.pop_if(|last| last.braces >= braces) {
                    s.close(last);
                }
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
        let mut func = Func {
            name: name.map(|(name, _)| name),
            params: Vec::new(),
            body: Block::default(),
            decorators: self.take_decorators(),
            doc: None,
            returns: None,
            flags: FuncFlags::default(),
            span: Span::new(start, around.end),
            size: 0,
        };
        let before = self.b.size();
        self.params(&mut func.params, &mut Vec::new());
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

    /// Reads `name(a, b) { … }`, a method without its class, where the grammar sees a call and
    /// a block. The block is at hand, the call is the last statement; false if it is neither.
    pub(super) fn method_excerpt(&mut self) -> bool {
        let block = self.span();
        let Some(&id) = self.stmts.last() else {
            return false;
        };
        let head = self.b.tree.stmt_span(id);
        let &Stmt::Expr(call) = self.b.tree.stmt(id) else {
            return false;
        };
        let &Expr::Call {
            callee,
            args,
            new: false,
        } = self.b.tree.expr(call)
        else {
            return false;
        };
        let gap = self.b.text(Span::new(head.end, block.start));
        if !matches!(self.b.tree.expr(callee), Expr::Name(_))
            || gap.bytes().any(|b| b != b' ' && b != b'\t')
        {
            return false;
        }
        let args = self.b.tree.exprs(args);
        let Some(params) = args.iter().map(|&arg| self.param_of(arg)).collect() else {
            return false;
        };
        let words = self.b.text(head).split('(').next().unwrap_or_default();
        let has = |word: &str| words.split_ascii_whitespace().any(|w| w == word);
        let flags = FuncFlags {
            is_async: has("async"),
            is_static: has("static"),
            ..FuncFlags::default()
        };
        let name = words
            .split_ascii_whitespace()
            .last()
            .map(|name| name.trim_start_matches('*'));
        let name = name.map(|name| self.b.intern(name));
        self.stmts.pop();
        let body = self.block();
        let span = head.cover(block);
        let func = Func {
            name,
            params,
            body,
            decorators: Exprs::default(),
            doc: None,
            returns: None,
            flags,
            span,
            size: self.b.size() - callee.0 - id.0,
        };
        let func = self.b.func(func);
        self.push(Stmt::Func(func), span);
        true
    }

    fn param_of(&self, arg: ExprId) -> Option<Param> {
        Some(match *self.b.tree.expr(arg) {
            Expr::Name(_) | Expr::Map(_) | Expr::List(_) => plain(arg),
            Expr::Assign {
                target,
                op: None,
                value,
            } => Param {
                default: Some(value),
                ..plain(target)
            },
            Expr::Spread(rest) => Param {
                kind: ParamKind::Rest,
                ..plain(rest)
            },
            _ => return None,
        })
    }

    /// A file that is one error node.
    pub(super) fn broken_program(&mut self) -> Block {
        let mark = self.stmts.len();
        self.recover();
        self.take_block(mark)
    }
}
