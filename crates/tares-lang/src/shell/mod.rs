//! Lowers the shells (sh, bash, zsh, ksh) into the neutral tree.
//!
//! A command is a call of a text: the interpreter decides whether it is a function, a builtin or
//! a program. Its value is what it prints, so a pipe hands the value of one call to the next as
//! the argument `<`, and a command that stands alone is a `Yield`. Variables keep their `$`, so
//! that no function or command is taken for one. Names that begin with `$` or a sign of the
//! grammar (`$split`, `>`, `&`) are operations that no program can be called like.

mod command;
mod expansion;
mod redirect;
mod statement;
mod test;
mod word;

pub use word::decode;

use crate::builder::{self, Builder};
use crate::carrier::Marks;
use crate::tree::{
    Block, ErrorReason, Expr, ExprId, Exprs, Func, FuncFlags, Param, ParamKind, Span, Stmt, StmtId,
    Tree,
};
use crate::{Interner, Language};
use std::borrow::Cow;
use std::sync::LazyLock;
use tree_sitter::Node;

static GRAMMAR: LazyLock<tree_sitter::Language> =
    LazyLock::new(|| tree_sitter_bash::LANGUAGE.into());

/// The variable that holds the input of the group that is running.
const INPUT: &str = "$<";
/// The variable that holds the positional parameters.
const PARAMETERS: &str = "$@";

/// Parses shell source. Where the grammar gives up on a file, its functions are parsed one by
/// one, so that one of them does not hide the others.
pub(crate) fn parse(language: Language, source: &str, interner: &mut Interner) -> Tree {
    let text = readable(source);
    let whole = parse_parts(
        language,
        &[Span::new(0, text.len() as u32)],
        &text,
        interner,
    );
    if broken(&whole) == 0 {
        return whole;
    }
    let parts = parts(&text);
    if parts.len() < 2 {
        return whole;
    }
    let apart = parse_parts(language, &parts, &text, interner);
    if broken(&apart) < broken(&whole) {
        apart
    } else {
        whole
    }
}

/// How many bytes of a text were not understood.
fn broken(tree: &Tree) -> u64 {
    let errors = tree.errors.iter();
    errors
        .map(|error| u64::from(error.span.end - error.span.start) + 1)
        .sum()
}

/// The stretches of a text that end with a line that closes a function or a block at the margin.
fn parts(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if matches!(line.trim_end(), "}" | "fi" | "done" | "esac") {
            found.push(Span::new(start, at as u32));
            start = at as u32;
        }
    }
    found.push(Span::new(start, text.len() as u32));
    found
}

fn parse_parts(language: Language, parts: &[Span], text: &str, interner: &mut Interner) -> Tree {
    let mut builder = Builder::new(language, text, interner);
    let mut stmts = Vec::new();
    for part in parts {
        builder.source = part.text(text);
        let before = Marks::of(&builder.tree);
        stmts.extend(lower(&mut builder).unwrap_or_default());
        if part.start > 0 {
            before.remap(&mut builder.tree, |span| {
                Span::new(span.start + part.start, span.end + part.start)
            });
        }
    }
    let body = builder.block(&stmts);
    builder.finish(body)
}

/// Lowers the builder's text; `None` when the parser gave up, which is recorded.
pub(crate) fn lower(builder: &mut Builder<'_>) -> Option<Vec<StmtId>> {
    let Some(syntax) = crate::parse::syntax(&GRAMMAR, builder.source) else {
        builder.error(
            Span::new(0, builder.source.len() as u32),
            ErrorReason::Budget,
        );
        return None;
    };
    let root = syntax.root_node();
    let mut lower = Lower {
        b: builder,
        stmts: Vec::new(),
        inputs: 0,
        functions: 0,
        recovers: false,
    };
    if root.is_error() {
        lower.recover(root);
    } else {
        lower.statements(root);
    }
    Some(lower.stmts)
}

/// Turns what the grammar does not know into forms that it does; no span moves.
pub(crate) fn readable(source: &str) -> Cow<'_, str> {
    // The second of each is as long as the first. Those of zsh ask whether a name is set, and
    // send a command away.
    const FORMS: [(&str, &str); 5] = [
        ("<>", " >"),
        ("${+", "${_"),
        ("$+", "$_"),
        ("&!", "& "),
        ("&|", "& "),
    ];
    let opens = source.contains("<>") && source.contains("/dev/");
    let is_zsh = source.contains("${+") || source.contains("$+") || source.contains(" &!");
    if !opens && !is_zsh && !source.contains("=~") {
        return Cow::Borrowed(source);
    }
    let used = match (opens, is_zsh) {
        (true, true) => &FORMS[..],
        (true, false) => &FORMS[..1],
        (false, true) => &FORMS[1..],
        (false, false) => &[],
    };
    let text = used
        .iter()
        .fold(source.to_owned(), |text, (from, to)| text.replace(from, to));
    Cow::Owned(without_patterns(text))
}

/// Blanks out the patterns behind `=~`, which say nothing and which the grammar trips over.
fn without_patterns(text: String) -> String {
    let mut out = text.into_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&out[at..], b"=~") {
        let mut start = at + found + 2;
        while out.get(start) == Some(&b' ') {
            start += 1;
        }
        let rest = &out[start..];
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let ends = [&b" ]]"[..], b" && ", b" || "];
        let end = ends
            .iter()
            .filter_map(|mark| memchr::memmem::find(&rest[..line], mark))
            .min();
        at = start;
        if let Some(end) = end {
            let plain =
                |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'$' | b'{' | b'}' | b'_' | b'"');
            if !rest[..end].iter().all(plain) {
                out[start..start + end].fill(b'x');
            }
            at = start + end;
        }
    }
    // Whole characters were replaced by others, so this is text.
    String::from_utf8(out)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The walk over one syntax tree.
struct Lower<'b, 'a> {
    b: &'b mut Builder<'a>,
    /// Statements of the blocks that are open, innermost last.
    stmts: Vec<StmtId>,
    /// How many groups with an input of their own are open.
    inputs: u32,
    /// How many functions are open.
    functions: u32,
    /// Whether the statements come from a stretch that is broken, where nothing is known of what
    /// `return` leaves.
    recovers: bool,
}

impl<'a> Lower<'_, 'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.b.text(builder::span(node))
    }

    fn expr(&mut self, expr: Expr, span: Span) -> ExprId {
        self.b.expr(expr, span)
    }

    fn str(&mut self, text: &str, span: Span) -> ExprId {
        self.b.expr(Expr::Str(text.into()), span)
    }

    /// A variable, with its `$`.
    fn variable(&mut self, name: &str, span: Span) -> ExprId {
        let sym = if name.starts_with('$') {
            self.b.intern(name)
        } else {
            self.b.intern(&format!("${name}"))
        };
        self.b.expr(Expr::Name(sym), span)
    }

    /// A call of a command or of an operation.
    fn call(&mut self, name: &str, args: &[ExprId], span: Span) -> ExprId {
        let callee = self.str(name, span);
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

    fn keyword(&mut self, name: &str, value: ExprId, span: Span) -> ExprId {
        let name = self.b.intern(name);
        self.b.expr(Expr::Keyword { name, value }, span)
    }

    /// Something whose parts are evaluated and whose value nobody knows.
    fn other(&mut self, items: &[ExprId], span: Span) -> ExprId {
        let items = self.b.exprs(items);
        self.b.expr(Expr::Other(items), span)
    }

    fn push(&mut self, stmt: Stmt, span: Span) {
        let id = self.b.stmt(stmt, span);
        self.stmts.push(id);
    }

    /// Closes the block that was opened at `mark`.
    fn take(&mut self, mark: usize) -> Block {
        let block = self.b.block(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        block
    }

    /// Lowers what `body` pushes as a block.
    fn block(&mut self, body: impl FnOnce(&mut Self)) -> Block {
        let mark = self.stmts.len();
        body(self);
        self.take(mark)
    }

    /// A function; one without a name is a group that runs where it stands.
    fn function(
        &mut self,
        name: Option<&str>,
        span: Span,
        body: impl FnOnce(&mut Self),
    ) -> crate::tree::FuncId {
        let size = self.b.size();
        let param = if name.is_some() { PARAMETERS } else { INPUT };
        let pattern = self.variable(param, Span::new(span.start, span.start));
        let kind = if name.is_some() {
            ParamKind::Rest
        } else {
            ParamKind::Keyword
        };
        let body = self.block(body);
        let func = Func {
            name: name.map(|name| self.b.intern(name)),
            params: vec![Param {
                pattern,
                default: None,
                annotation: None,
                decorators: Exprs::default(),
                kind,
            }],
            body,
            decorators: Exprs::default(),
            doc: None,
            returns: None,
            flags: FuncFlags::default(),
            span,
            size: self.b.size() - size,
        };
        self.b.func(func)
    }

    /// A group whose output somebody takes, called where it stands.
    fn group(&mut self, input: Option<ExprId>, span: Span, body: impl FnOnce(&mut Self)) -> ExprId {
        let inputs = std::mem::replace(&mut self.inputs, u32::from(input.is_some()));
        let func = self.function(None, span, body);
        self.inputs = inputs;
        let callee = self.b.expr(Expr::Func(func), span);
        let mut args = Vec::new();
        if let Some(input) = input {
            args.push(self.keyword(INPUT, input, span));
        }
        let args = self.b.exprs(&args);
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            span,
        )
    }

    /// Lowers what can be made out in a stretch that the grammar refuses.
    #[cold]
    fn recover(&mut self, node: Node<'_>) {
        self.b.error(builder::span(node), ErrorReason::Syntax);
        let outer = std::mem::replace(&mut self.recovers, true);
        self.statements(node);
        self.recovers = outer;
    }

    /// Goes one level deeper, unless that is too deep.
    fn deeper<T>(&mut self, node: Node<'_>, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if !self.b.enter(builder::span(node)) {
            return None;
        }
        let value = run(self);
        self.b.leave();
        Some(value)
    }
}

/// Returns the children of a node, comments included.
fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}

/// Returns the children of a node that stand under a field.
fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).collect()
}
