//! Lowers Go into the neutral tree.
//!
//! One cursor walks the syntax tree once, in source order. Every method that lowers a node
//! finds the cursor on it and leaves it there; types are read beside it, they are small.
//! A package is a set of declarations in any order, so the module's body is put in the order
//! in which Go prepares it: imports, types, functions, constants, variables, `init`.
//!
//! What the tree has no shape for is a call of a name that no Go program can write:
//! `<-` receives, `go` starts, `range` iterates, `[]byte` converts, `go:generate` runs.

mod declaration;
mod expression;
mod kind;
mod literal;
mod recover;
mod statement;
mod structure;
mod switch;
mod types;

use crate::builder::{self, Builder};
use crate::tree::{Block, ErrorNode, ErrorReason, Expr, ExprId, Exprs, Span, Stmt, StmtId, Tree};
use crate::{Interner, Language, Sym};
use kind::{GRAMMAR, Grammar, Kind};
use rustc_hash::FxHashMap;
use tree_sitter::{Node, TreeCursor};

/// Parses Go source.
pub(crate) fn parse(source: &str, interner: &mut Interner) -> Tree {
    let mut builder = Builder::new(Language::Go, source, interner);
    let grammar = &*GRAMMAR;
    let Some(syntax) = crate::parse::syntax(&grammar.language, source) else {
        builder.error(Span::new(0, source.len() as u32), ErrorReason::Budget);
        return builder.finish(Block::default());
    };
    let root = syntax.root_node();
    let mut lower = Lower {
        b: builder,
        cursor: root.walk(),
        node: root,
        kind: Kind::Block,
        grammar,
        broken: root.has_error(),
        iota: 0,
        results: Vec::new(),
        shapes: FxHashMap::default(),
        items: Vec::new(),
        stmts: Vec::new(),
        chain: Vec::new(),
    };
    lower.note_types(root);
    let body = if root.is_error() {
        lower.recover();
        let found = lower.stmts.split_off(0);
        lower.b.block(&found)
    } else {
        lower.package()
    };
    let mut tree = lower.b.finish(body);
    tidy(&mut tree.errors);
    tree
}

/// Sorts errors and drops those within others: a broken stretch holds broken stretches.
fn tidy(errors: &mut Vec<ErrorNode>) {
    errors.sort_by_key(|error| (error.span.start, std::cmp::Reverse(error.span.end)));
    let mut outer: Option<Span> = None;
    errors.retain(|error| {
        let within = error.reason == ErrorReason::Syntax
            && outer.is_some_and(|outer| outer.contains(error.span));
        if !within && error.reason == ErrorReason::Syntax {
            outer = Some(error.span);
        }
        !within
    });
}

/// What a type that the file declares is made of.
#[derive(Clone)]
enum Made {
    /// A struct with its fields, embedded ones by the name of their type.
    Struct(Vec<Sym>),
    /// A map.
    Map,
    /// A slice or an array.
    Slice,
    /// Anything else: a number, a function, an interface.
    Other,
}

/// The walk over one syntax tree.
struct Lower<'a, 't> {
    b: Builder<'a>,
    cursor: TreeCursor<'t>,
    /// The node under the cursor, valid until a child was lowered.
    node: Node<'t>,
    /// Its kind, valid as long.
    kind: Kind,
    grammar: &'static Grammar,
    /// Whether there is any error in the file; whole files pay nothing for looking.
    broken: bool,
    /// What `iota` is in the constant under the cursor.
    iota: i64,
    /// Named results of the functions that are open, innermost last.
    results: Vec<Vec<Sym>>,
    /// Types that the file declares at its top.
    shapes: FxHashMap<Sym, Made>,
    /// Items of the lists that are open, innermost last.
    items: Vec<ExprId>,
    /// Statements of the blocks that are open, innermost last.
    stmts: Vec<StmtId>,
    /// Links of the chains that are open, innermost last.
    chain: Vec<(Kind, Span)>,
}

impl<'t> Lower<'_, 't> {
    /// Goes to the first child; without one stays and returns false.
    fn first(&mut self) -> bool {
        if !self.cursor.goto_first_child() {
            return false;
        }
        let found = self.settle();
        if !found {
            self.cursor.goto_parent();
        }
        found
    }

    /// Goes to the next sibling, if there is one.
    fn next(&mut self) -> bool {
        self.cursor.goto_next_sibling() && self.settle()
    }

    fn up(&mut self) {
        self.cursor.goto_parent();
    }

    /// Reads the node under the cursor; steps over comments and broken stretches.
    fn settle(&mut self) -> bool {
        loop {
            self.read();
            match self.kind {
                Kind::Comment => self.comment(),
                Kind::Error => self.recover(),
                _ => {
                    if self.broken && self.node.is_missing() {
                        self.missing();
                    }
                    return true;
                }
            }
            if !self.cursor.goto_next_sibling() {
                return false;
            }
        }
    }

    fn read(&mut self) {
        self.node = self.cursor.node();
        self.kind = self.grammar.kind(self.node.kind_id());
    }

    fn comment(&mut self) {
        let span = self.span();
        self.b.tree.comments.push(span);
        self.directive(span);
    }

    #[cold]
    fn missing(&mut self) {
        let span = self.span();
        self.b.error(span, ErrorReason::Syntax);
        if self.node.is_named() {
            self.kind = Kind::Missing;
        }
    }

    /// Calls `visit` on every child.
    fn each(&mut self, mut visit: impl FnMut(&mut Self)) {
        if self.first() {
            loop {
                visit(self);
                if !self.next() {
                    break;
                }
            }
            self.up();
        }
    }

    fn span(&self) -> Span {
        builder::span(self.node)
    }

    fn name(&mut self, span: Span) -> Sym {
        let text = self.b.text(span);
        self.b.intern(text)
    }

    /// An expression that says nothing, where the source has none.
    fn nothing(&mut self, span: Span) -> ExprId {
        self.b.expr(Expr::Other(Exprs::default()), span)
    }

    fn push(&mut self, stmt: Stmt, span: Span) {
        let id = self.b.stmt(stmt, span);
        self.stmts.push(id);
    }

    /// Closes the list that was opened at `mark`.
    fn take(&mut self, mark: usize) -> Exprs {
        let list = self.b.exprs(&self.items[mark..]);
        self.items.truncate(mark);
        list
    }

    /// Closes the block that was opened at `mark`.
    fn take_block(&mut self, mark: usize) -> Block {
        let block = self.b.block(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        block
    }

    /// Calls a name that no program can write.
    fn built_in(&mut self, name: &str, args: &[ExprId], span: Span) -> ExprId {
        let name = self.b.intern(name);
        let callee = self.b.expr(Expr::Name(name), span);
        let args = self.b.exprs(args);
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            span,
        )
    }

    /// Lowers the children that are values, in order.
    fn values(&mut self) -> Exprs {
        let mark = self.items.len();
        self.each(|lower| {
            if lower.kind.is_value() {
                let id = lower.expr();
                lower.items.push(id);
            }
        });
        self.take(mark)
    }

    /// Lowers the first `N` children that are values, with something that says nothing for
    /// what is absent.
    fn all<const N: usize>(&mut self) -> [ExprId; N] {
        let span = self.span();
        let mut found = [None; N];
        let mut count = 0;
        self.each(|lower| {
            if count < N && lower.kind.is_value() {
                found[count] = Some(lower.expr());
                count += 1;
            }
        });
        found.map(|id| id.unwrap_or_else(|| self.nothing(Span::new(span.end, span.end))))
    }
}
