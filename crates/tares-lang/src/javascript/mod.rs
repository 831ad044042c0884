//! Lowers JavaScript, TypeScript and JSX into the neutral tree.
//!
//! One cursor walks the syntax tree once. Handlers are entered with the cursor on their node
//! and leave it there; they read children in order by [`Lower::next`], which takes comments
//! and broken stretches out of the way. Types are erased.

mod class;
mod expr;
mod function;
mod jsx;
mod kinds;
mod literal;
mod loops;
mod module;
mod operator;
mod pattern;
mod recover;
mod stmt;
mod switch;
mod template;
mod types;

use crate::builder::{self, Builder};
use crate::tree::{ErrorReason, Expr, ExprId, Exprs, Span, StmtId, Tree};
use crate::{Interner, Language, Sym};
use kinds::{Grammar, Kind};
use tree_sitter::{Node, TreeCursor};

/// Most `<` in a row that nothing closes. At the end of the text the parser tries to end each
/// of them, at a cost in memory that is the square of their number and that no step shows:
/// 12,000 take 2 GB, these 0.1 GB.
const MAX_OPEN_ANGLES: usize = 2_000;

/// Parses JavaScript, TypeScript or TSX source.
pub(crate) fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    let grammar = Grammar::of(language);
    let mut builder = Builder::new(language, source, interner);
    let is_hopeless = language != Language::JavaScript && open_angles(source) > MAX_OPEN_ANGLES;
    let syntax = (!is_hopeless).then(|| crate::parse::syntax(&grammar.language, source));
    let Some(syntax) = syntax.flatten() else {
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
        is_broken: root.has_error(),
        fresh: false,
        grammar,
        ids: Vec::new(),
        stmts: Vec::new(),
        chain: Vec::new(),
        decorators: Vec::new(),
        documented: None,
        in_namespace: false,
    };
    let body = if grammar.kind(root) == Kind::Error {
        lower.broken_program()
    } else {
        lower.block()
    };
    let mut tree = lower.b.finish(body);
    // A few handlers read a comment late, so the order is nearly but not always that of the text.
    tree.comments.sort_unstable();
    tree.comments.dedup();
    tree
}

/// Returns the longest run of `<` that neither `>` nor a bracket or semicolon ends.
fn open_angles(source: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in source.bytes() {
        match byte {
            b'<' => {
                open += 1;
                most = most.max(open);
            }
            b'>' => open = open.saturating_sub(1),
            b';' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => open = 0,
            _ => {}
        }
    }
    most
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
    /// Whether the file holds errors.
    is_broken: bool,
    /// Whether the cursor has just gone down, so that the first child is still to be read.
    fresh: bool,
    grammar: &'static Grammar,
    /// Expressions of the lists under construction, innermost last.
    ids: Vec<ExprId>,
    /// Statements of the blocks under construction, innermost last.
    stmts: Vec<StmtId>,
    /// Operators that wait for their first operand.
    chain: Vec<(Kind, Span)>,
    /// Decorators that wait for their class or method.
    decorators: Vec<ExprId>,
    /// Where the construct begins whose comment documents the next function or class.
    documented: Option<u32>,
    /// Whether exports are those of a namespace and not of the file.
    in_namespace: bool,
}

impl<'t> Lower<'_, 't> {
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
            if !std::mem::take(&mut self.fresh)
                && (self.is_last() || !self.cursor.goto_next_sibling())
            {
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

    /// Whether no sibling follows that says anything, as far as that shows without asking the
    /// cursor: nothing, or a closing token. Only nodes that the parser made up are empty.
    fn is_last(&self) -> bool {
        let Some(parent) = self.around.last().filter(|_| !self.is_broken) else {
            return false;
        };
        match parent.end.saturating_sub(self.at.end) {
            0 => true,
            1 => matches!(
                self.b.source.as_bytes()[self.at.end as usize],
                b')' | b']' | b'}' | b';'
            ),
            _ => false,
        }
    }

    /// Reads the remaining children, for the comments and broken stretches among them, and goes up.
    fn finish(&mut self) {
        while self.next().is_some() {}
        self.up();
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

    /// Span of the node at hand.
    fn span(&self) -> Span {
        self.at
    }

    /// Text of the node at hand.
    fn text(&self) -> &str {
        self.b.text(self.span())
    }

    /// Name that the node at hand spells.
    fn sym(&mut self) -> Sym {
        let span = self.span();
        self.name(span)
    }

    /// Interns an identifier. The language reads escapes in it, so that `\u0065val` is `eval`.
    fn name(&mut self, span: Span) -> Sym {
        let name = literal::unescaped(self.b.text(span));
        self.b.intern(&name)
    }

    /// Passes over the node at hand; its comments count.
    fn skip(&mut self) {
        let span = self.span();
        if memchr::memchr(b'/', self.b.text(span).as_bytes()).is_none() {
            return;
        }
        let mut cursor = self.node.walk();
        loop {
            let node = cursor.node();
            if self.grammar.kind(node) == Kind::Comment {
                self.b.tree.comments.push(builder::span(node));
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Makes a list of the expressions pushed since `mark`.
    fn list(&mut self, mark: usize) -> Exprs {
        let list = self.b.exprs(&self.ids[mark..]);
        self.ids.truncate(mark);
        list
    }

    fn str(&mut self, text: &str, span: Span) -> ExprId {
        self.b.expr(Expr::Str(text.into()), span)
    }

    /// An expression about which nothing is known.
    fn unknown(&mut self, span: Span) -> ExprId {
        self.b.expr(Expr::Other(Exprs::default()), span)
    }
}
