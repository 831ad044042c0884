//! Builds a [`Tree`] from a tree-sitter tree: arenas, lists, depth limit, errors.

use crate::tree::{
    Block, Class, ClassId, ErrorNode, ErrorReason, Expr, ExprId, Exprs, Func, FuncId, Span, Stmt,
    StmtId, Tree,
};
use crate::{Interner, Language, Sym};

/// Deepest nesting that is lowered; real code stays below 100, and the stack of a worker
/// holds this many frames with room to spare.
pub(crate) const MAX_DEPTH: u32 = 400;

/// The tree under construction.
pub(crate) struct Builder<'a> {
    pub(crate) source: &'a str,
    pub(crate) interner: &'a mut Interner,
    pub(crate) tree: Tree,
    depth: u32,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(language: Language, source: &'a str, interner: &'a mut Interner) -> Self {
        // Measured on Django: a neutral node per 14 bytes, one in six of them a statement. Room
        // for more than is needed costs page faults, room for less one copy.
        let nodes = source.len() / 14;
        let tree = Tree {
            language,
            body: Block::default(),
            exprs: Vec::with_capacity(nodes),
            expr_spans: Vec::with_capacity(nodes),
            stmts: Vec::with_capacity(nodes / 5),
            stmt_spans: Vec::with_capacity(nodes / 5),
            expr_lists: Vec::with_capacity(nodes / 2),
            stmt_lists: Vec::with_capacity(nodes / 5),
            funcs: Vec::new(),
            classes: Vec::new(),
            comments: Vec::new(),
            errors: Vec::new(),
        };
        Self {
            source,
            interner,
            tree,
            depth: 0,
        }
    }

    pub(crate) fn expr(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(self.tree.exprs.len() as u32);
        self.tree.exprs.push(expr);
        self.tree.expr_spans.push(span);
        id
    }

    pub(crate) fn stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        let id = StmtId(self.tree.stmts.len() as u32);
        self.tree.stmts.push(stmt);
        self.tree.stmt_spans.push(span);
        id
    }

    pub(crate) fn exprs(&mut self, ids: &[ExprId]) -> Exprs {
        let start = self.tree.expr_lists.len() as u32;
        self.tree.expr_lists.extend_from_slice(ids);
        Exprs {
            start,
            len: ids.len() as u32,
        }
    }

    pub(crate) fn block(&mut self, ids: &[StmtId]) -> Block {
        let start = self.tree.stmt_lists.len() as u32;
        self.tree.stmt_lists.extend_from_slice(ids);
        Block {
            start,
            len: ids.len() as u32,
        }
    }

    pub(crate) fn func(&mut self, func: Func) -> FuncId {
        let id = FuncId(self.tree.funcs.len() as u32);
        self.tree.funcs.push(func);
        id
    }

    pub(crate) fn class(&mut self, class: Class) -> ClassId {
        let id = ClassId(self.tree.classes.len() as u32);
        self.tree.classes.push(class);
        id
    }

    /// Number of nodes so far; the difference around a function is its size.
    pub(crate) fn size(&self) -> u32 {
        (self.tree.exprs.len() + self.tree.stmts.len()) as u32
    }

    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        self.interner.intern(name)
    }

    pub(crate) fn text(&self, span: Span) -> &'a str {
        span.text(self.source)
    }

    pub(crate) fn error(&mut self, span: Span, reason: ErrorReason) {
        self.tree.errors.push(ErrorNode { span, reason });
    }

    /// Goes one level deeper; beyond the limit records an error and refuses. Whoever was let
    /// in calls [`Builder::leave`] on the way out.
    pub(crate) fn enter(&mut self, span: Span) -> bool {
        if self.depth >= MAX_DEPTH {
            self.error(span, ErrorReason::Depth);
            return false;
        }
        self.depth += 1;
        true
    }

    /// Leaves the level of the last successful [`Builder::enter`].
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(crate) fn finish(mut self, body: Block) -> Tree {
        self.tree.body = body;
        self.tree
    }
}

/// Returns the span of a syntax node.
pub(crate) fn span(node: tree_sitter::Node<'_>) -> Span {
    Span::new(node.start_byte() as u32, node.end_byte() as u32)
}
