//! Lowers Java into the neutral tree.
//!
//! One cursor walks the syntax tree once, as in the folder of JavaScript. Beyond what the
//! language shares with others: methods and fields have names of their own in Java, so that
//! whoever runs the tree keeps them apart; a constructor is a method named `<init>`, an instance
//! initialiser one named `<instance>`; a cast is [`crate::tree::Expr::Cast`]; annotations are decorators and are
//! always calls; the type of a parameter, field or variable is its annotation. Generic arguments
//! stand as an index, array types as a list of one.

mod class;
mod expr;
mod kinds;
mod literal;
mod method;
mod operator;
mod recover;
mod stmt;
mod switch;
mod types;

use crate::builder::{self, Builder};
use crate::tree::{ErrorReason, Expr, ExprId, Exprs, Span, StmtId, Tree};
use crate::{Interner, Language, Sym};
use kinds::{Grammar, Kind, Part};
use tree_sitter::{Node, TreeCursor};

/// Name of a constructor, as the virtual machine calls it.
const CONSTRUCTOR: &str = "<init>";
/// Name of an instance initialiser.
const INSTANCE: &str = "<instance>";

/// Parses Java source.
pub(crate) fn parse(source: &str, interner: &mut Interner) -> Tree {
    let grammar = Grammar::get();
    let mut builder = Builder::new(Language::Java, source, interner);
    let Some(syntax) = crate::parse::syntax(&grammar.language, source) else {
        builder.error(Span::new(0, source.len() as u32), ErrorReason::Budget);
        let body = builder.block(&[]);
        return builder.finish(body);
    };
    let root = syntax.root_node();
    if root.has_error() {
        recover::list_errors(grammar, root, &mut builder);
    }
    let mut lower = Lower {
        b: builder,
        cursor: root.walk(),
        node: root,
        at: builder::span(root),
        around: Vec::new(),
        fresh: false,
        grammar,
        ids: Vec::new(),
        stmts: Vec::new(),
        chain: Vec::new(),
        yields: false,
    };
    let body = if grammar.kind(root) == Kind::Error {
        lower.broken_program()
    } else {
        lower.block()
    };
    let mut tree = lower.b.finish(body);
    tree.comments.sort_unstable();
    tree.comments.dedup();
    tree
}

/// The state of lowering one file.
struct Lower<'a, 't> {
    b: Builder<'a>,
    cursor: TreeCursor<'t>,
    /// The node that [`Lower::next`] stopped at; stale after [`Lower::up`].
    node: Node<'t>,
    /// Span of the node at hand, never stale.
    at: Span,
    /// Spans of the nodes around it.
    around: Vec<Span>,
    /// Whether the cursor has just gone down, so that the first child is still to be read.
    fresh: bool,
    grammar: &'static Grammar,
    /// Expressions of the lists under construction, innermost last.
    ids: Vec<ExprId>,
    /// Statements of the blocks under construction, innermost last.
    stmts: Vec<StmtId>,
    /// Operators that wait for their first operand.
    chain: Vec<(Kind, Span)>,
    /// Whether the value of an arm of the innermost `switch` is a result.
    yields: bool,
}

impl Lower<'_, '_> {
    /// Goes to the children; false for a leaf, from which there is no [`Lower::up`].
    fn down(&mut self) -> bool {
        self.fresh = self.cursor.goto_first_child();
        if self.fresh {
            self.around.push(self.at);
        }
        self.fresh
    }

    /// Goes back to the parent.
    fn up(&mut self) {
        self.fresh = false;
        self.cursor.goto_parent();
        self.at = self.around.pop().expect("only what went down comes up");
    }

    /// Goes to the next child that means something and returns its kind.
    fn next(&mut self) -> Option<Kind> {
        loop {
            if !std::mem::take(&mut self.fresh) && !self.cursor.goto_next_sibling() {
                return None;
            }
            self.node = self.cursor.node();
            self.at = builder::span(self.node);
            match self.grammar.kind(self.node) {
                Kind::Comment => {
                    let span = self.span();
                    self.b.tree.comments.push(span);
                }
                Kind::Error => self.recover(),
                kind => return Some(kind),
            }
        }
    }

    /// Calls `each` on every child.
    fn children(&mut self, mut each: impl FnMut(&mut Self, Kind)) {
        if self.down() {
            while let Some(kind) = self.next() {
                each(self, kind);
            }
            self.up();
        }
    }

    /// What the node at hand is to its parent.
    fn part(&self) -> Part {
        self.grammar.part(&self.cursor)
    }

    /// Span of the node at hand.
    fn span(&self) -> Span {
        self.at
    }

    /// Text of the node at hand.
    fn text(&self) -> &str {
        self.b.text(self.span())
    }

    /// Name that the node at hand spells. Escapes are read, as the compiler reads them everywhere.
    fn sym(&mut self) -> Sym {
        let name = literal::unicode_unescaped(self.b.text(self.span()));
        self.b.intern(&name)
    }

    /// Makes a list of the expressions pushed since `mark`.
    fn list(&mut self, mark: usize) -> Exprs {
        let list = self.b.exprs(&self.ids[mark..]);
        self.ids.truncate(mark);
        list
    }

    /// An expression about which nothing is known.
    fn unknown(&mut self, span: Span) -> ExprId {
        self.b.expr(Expr::Other(Exprs::default()), span)
    }
}
