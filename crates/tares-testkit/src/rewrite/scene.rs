//! A parsed program and the calls that a rewrite is about.

use super::edit::Edits;
use tares_lang::tree::{ComprehensionKind, Expr, ExprId, Stmt, Tree};
use tares_lang::{Interner, Language, parse};

/// A program with the lines that matter.
pub(super) struct Scene<'s> {
    pub(super) source: &'s str,
    pub(super) tree: Tree,
    pub(super) names: Interner,
    pub(super) focus: Vec<u32>,
}

/// A call `a.b.c(…)` on a line that matters: its callee is a dotted name and nothing else.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The dotted name.
    pub(super) callee: String,
    pub(super) callee_start: usize,
    pub(super) callee_end: usize,
    /// Behind the opening bracket.
    pub(super) open: usize,
    pub(super) arguments: Vec<ExprId>,
    /// Whether it is `new a.b.c(…)`.
    pub(super) new: bool,
}

/// A simple statement that stands alone on its line, so that others can be put before it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) indent: String,
    /// Whether it is an expression and nothing else.
    pub(super) bare: bool,
    /// Whether it binds a name.
    pub(super) binds: bool,
}

/// Functions that look at the scope they are called in.
const SCOPE_READERS: [&str; 7] = ["exec", "eval", "locals", "vars", "dir", "super", "globals"];

impl<'s> Scene<'s> {
    /// Parses a program; nothing where a part of it is not understood.
    pub(super) fn new(language: Language, source: &'s str, focus: &[u32]) -> Option<Self> {
        let mut names = Interner::default();
        let tree = parse(language, source, &mut names);
        let focus = focus.to_vec();
        tree.errors.is_empty().then_some(Self {
            source,
            tree,
            names,
            focus,
        })
    }

    /// Whether the program is Python.
    pub(super) fn is_python(&self) -> bool {
        self.tree.language == Language::Python
    }

    /// Whether the file is a JavaScript module: it has an `import` or an `export`.
    pub(super) fn is_module_file(&self) -> bool {
        let is = |stmt: &Stmt| {
            matches!(
                stmt,
                Stmt::Import(_) | Stmt::Export { .. } | Stmt::ExportDefault(_)
            )
        };
        self.tree.stmts.iter().any(is)
    }

    /// Makes the changes.
    pub(super) fn finish(&self, edits: Edits) -> Option<super::Rewritten> {
        edits.finish(self.source, &self.focus)
    }

    /// Returns a name that the program does not use.
    pub(super) fn fresh(&self, number: usize) -> String {
        let mut name = format!("_kept{number}");
        while self.source.contains(&name) {
            name.insert(0, '_');
        }
        name
    }

    /// Returns the place of an expression in bytes.
    pub(super) fn range(&self, id: ExprId) -> (usize, usize) {
        let span = self.tree.span(id);
        (span.start as usize, span.end as usize)
    }

    /// Returns the text of an expression.
    pub(super) fn text(&self, id: ExprId) -> &'s str {
        let (start, end) = self.range(id);
        &self.source[start..end]
    }

    /// Returns all expressions inside a stretch.
    pub(super) fn inside(&self, start: usize, end: usize) -> impl Iterator<Item = ExprId> {
        let ids = (0..).map(ExprId).take(self.tree.exprs.len());
        ids.filter(move |id| {
            let (first, last) = self.range(*id);
            start <= first && last <= end && first < last
        })
    }

    /// Whether an expression of such a kind lies around the stretch.
    pub(super) fn is_within(&self, start: usize, end: usize, kind: fn(&Expr) -> bool) -> bool {
        let around = |span: &tares_lang::tree::Span| {
            span.start as usize <= start && end <= span.end as usize && span.start < span.end
        };
        let spans = self.tree.expr_spans.iter().zip(&self.tree.exprs);
        spans
            .filter(|(span, _)| around(span))
            .any(|(_, expr)| kind(expr))
    }

    /// Returns the calls on the lines that matter, outer ones first.
    pub(super) fn calls(&self) -> Vec<Call> {
        let ids = self.inside(0, self.source.len());
        let mut calls: Vec<Call> = ids.filter_map(|id| self.call(id)).collect();
        calls.sort_by_key(|call| (call.start, std::cmp::Reverse(call.end)));
        calls.dedup_by_key(|call| (call.start, call.end));
        calls
    }

    /// Returns the calls that are in no other one.
    pub(super) fn outer_calls(&self) -> Vec<Call> {
        let calls = self.calls();
        let outer = |call: &&Call| {
            !calls.iter().any(|other| {
                (other.start, other.end) != (call.start, call.end)
                    && other.start <= call.start
                    && call.end <= other.end
            })
        };
        calls.iter().filter(outer).cloned().collect()
    }

    fn call(&self, id: ExprId) -> Option<Call> {
        let &Expr::Call { callee, args, new } = self.tree.expr(id) else {
            return None;
        };
        let (start, end) = self.range(id);
        let (callee_start, callee_end) = self.range(callee);
        let dotted = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '.';
        let name = self.text(callee);
        let plain = name.chars().all(dotted) && name.starts_with(|c: char| !c.is_ascii_digit());
        let open = self
            .source
            .get(callee_end..end)?
            .strip_prefix('(')
            .map(|_| callee_end + 1)?;
        let reserved = matches!(name, "super" | "import" | "require");
        let arguments = self.tree.exprs(args).to_vec();
        // `f(x for x in y)`: the brackets of the call are those of the generator.
        let naked = |id: &ExprId| {
            let kind = ComprehensionKind::Generator;
            let is_generator = matches!(self.tree.expr(*id), Expr::Comprehension { kind: found, .. } if *found == kind);
            is_generator && (self.range(*id).0 < open || !self.text(*id).starts_with('('))
        };
        // Before Python 3.12 the quotes of an f-string cannot be used inside it.
        let quoted = self.is_python()
            && self.is_within(start, end, |expr| matches!(expr, Expr::Template(_)));
        let fits =
            plain && !reserved && !quoted && !arguments.iter().any(naked) && self.is_focus(start);
        fits.then(|| Call {
            start,
            end,
            callee: name.to_owned(),
            callee_start,
            callee_end,
            open,
            arguments,
            new,
        })
    }

    /// Whether a place is on a line that matters.
    pub(super) fn is_focus(&self, place: usize) -> bool {
        let line = 1 + self.source[..place].matches('\n').count();
        self.focus.is_empty() || self.focus.iter().any(|focus| *focus as usize == line)
    }

    /// Returns the statement of a call, if something can be put before it without changing
    /// when the call runs, or whether it runs.
    pub(super) fn hoistable(&self, call: &Call) -> Option<Line> {
        let conditional = |expr: &Expr| {
            matches!(
                expr,
                Expr::Logic { .. } | Expr::Cond { .. } | Expr::Comprehension { .. }
            )
        };
        let line = self.line_around(call.start, call.end)?;
        let inner = |start: usize, end: usize| line.start <= start && end <= line.end;
        let deferred = self
            .functions()
            .any(|(start, end)| inner(start, end) && start <= call.start && call.end <= end);
        let around = self.inside(line.start, line.end).any(|id| {
            let (start, end) = self.range(id);
            start <= call.start && call.end <= end && conditional(self.tree.expr(id))
        });
        (!deferred && !around).then_some(line)
    }

    /// Returns the innermost simple statement around a stretch, if it stands alone on its line.
    pub(super) fn line_around(&self, start: usize, end: usize) -> Option<Line> {
        let statements = self.tree.stmts.iter().zip(&self.tree.stmt_spans);
        let (statement, span) = statements
            .filter(|(_, span)| span.start as usize <= start && end <= span.end as usize)
            .filter(|(statement, _)| {
                matches!(
                    statement,
                    Stmt::Expr(_) | Stmt::Assign { .. } | Stmt::Return(_)
                )
            })
            .min_by_key(|(_, span)| span.end - span.start)?;
        let (first, last) = (span.start as usize, span.end as usize);
        let line_start = self.source[..first].rfind('\n').map_or(0, |at| at + 1);
        let indent = &self.source[line_start..first];
        let alone = indent.trim().is_empty() && (self.is_python() || self.follows_end(first));
        alone.then(|| Line {
            start: first,
            end: last,
            indent: indent.to_owned(),
            bare: matches!(statement, Stmt::Expr(_)),
            binds: matches!(statement, Stmt::Assign { .. }),
        })
    }

    /// Whether what stands before a place ends a statement or opens a block (JavaScript).
    fn follows_end(&self, place: usize) -> bool {
        let mut before = self.source[..place].trim_end();
        while let Some(comment) = self
            .tree
            .comments
            .iter()
            .find(|comment| comment.end as usize == before.len())
        {
            before = self.source[..comment.start as usize].trim_end();
        }
        before.is_empty() || before.ends_with(['{', '}', ';'])
    }

    /// Returns the places of all functions.
    pub(super) fn functions(&self) -> impl Iterator<Item = (usize, usize)> {
        let spans = self.tree.funcs.iter().map(|function| function.span);
        spans.map(|span| (span.start as usize, span.end as usize))
    }

    /// Returns how many functions are around a place.
    pub(super) fn depth(&self, place: usize) -> usize {
        self.functions()
            .filter(|(start, end)| *start <= place && place < *end)
            .count()
    }

    /// Whether a place is in the body of a class and in no method of it.
    pub(super) fn is_in_class_body(&self, place: usize) -> bool {
        let holds = |start: usize, end: usize| start <= place && place < end;
        let classes = self.tree.classes.iter().map(|class| class.span);
        let class = classes
            .filter(|span| holds(span.start as usize, span.end as usize))
            .map(|span| span.start as usize)
            .max();
        let function = self.functions().filter(|(start, end)| holds(*start, *end));
        class.is_some() && class > function.map(|(start, _)| start).max()
    }

    /// Whether a call can be moved into a function of its own.
    pub(super) fn is_movable(&self, call: &Call) -> bool {
        let bound = self.inside(call.start, call.end).any(|id| {
            matches!(
                self.tree.expr(id),
                Expr::Await(_) | Expr::Yield(_) | Expr::Assign { .. }
            )
        });
        let one_line = !self.source[call.start..call.end].contains('\n');
        !bound && one_line && !self.reads_scope(call) && !self.is_in_class_body(call.start)
    }

    /// Whether a statement means the same when its text is run in its place.
    pub(super) fn is_plain_text(&self, line: &Line) -> bool {
        let bound = self.inside(line.start, line.end).any(|id| {
            matches!(
                self.tree.expr(id),
                Expr::Await(_)
                    | Expr::Yield(_)
                    | Expr::Assign { .. }
                    | Expr::Func(_)
                    | Expr::Comprehension { .. }
            )
        });
        // In a function inside a function the text would no longer capture outer names.
        let deep = self.is_python() && self.depth(line.start) > 1;
        let one_line = !self.source[line.start..line.end].contains('\n');
        line.bare && !bound && !deep && one_line && !self.is_in_class_body(line.start)
    }

    /// Whether what a call means depends on where it stands.
    pub(super) fn reads_scope(&self, call: &Call) -> bool {
        let last = call.callee.rsplit('.').next().unwrap_or_default();
        let reader = SCOPE_READERS.contains(&last);
        reader && (!self.is_python() || self.depth(call.start) > 0)
    }
}
