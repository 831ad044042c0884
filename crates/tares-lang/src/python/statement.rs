//! Statements.

use super::kind::Kind;
use super::{Lower, Span};
use crate::tree::{Block, Expr, ExprId, Exprs, Handler, Stmt};

impl Lower<'_, '_> {
    /// Lowers the statement under the cursor onto the open block.
    pub(super) fn stmt(&mut self) {
        let span = self.span();
        match self.kind {
            Kind::ExpressionStatement => return self.simple(span),
            Kind::Break => return self.push(Stmt::Break, span),
            Kind::Continue => return self.push(Stmt::Continue, span),
            Kind::Import => return self.import(),
            Kind::ImportFrom => return self.import_from(false),
            Kind::ImportFuture => return self.import_from(true),
            _ => {}
        }
        if self.b.enter(span) {
            self.nested(span);
            self.b.leave();
        }
    }

    fn nested(&mut self, span: Span) {
        match self.kind {
            Kind::Return => {
                let [value] = self.some();
                self.push(Stmt::Return(value), span);
            }
            Kind::Raise => self.raise(span),
            Kind::Delete => {
                let targets = self.listed();
                self.push(Stmt::Delete(targets), span);
            }
            Kind::Global => self.global(span, false),
            Kind::Nonlocal => self.global(span, true),
            Kind::Print => self.command(span, "print"),
            Kind::Exec => self.command(span, "exec"),
            Kind::Assert => {
                let [test, message] = self.some();
                let test = test.unwrap_or_else(|| self.nothing(span));
                self.push(Stmt::Assert { test, message }, span);
            }
            Kind::TypeAlias => self.type_alias(span),
            Kind::If => self.if_(span),
            Kind::For => self.for_(span),
            Kind::While => self.while_(span),
            Kind::Try => self.try_(span),
            Kind::With => self.with(span),
            Kind::FunctionDef => {
                let id = self.function(span, Exprs::default());
                self.push(Stmt::Func(id), span);
            }
            Kind::ClassDef => {
                let id = self.class(span, Exprs::default());
                self.push(Stmt::Class(id), span);
            }
            Kind::Decorated => self.decorated(span),
            Kind::Match => self.match_(span),
            Kind::Pass => {}
            Kind::Assignment | Kind::AugmentedAssignment => self.assignment(span),
            kind if kind.is_value() => {
                let value = self.expr();
                self.push(Stmt::Expr(value), span);
            }
            kind if kind.is_token() => {}
            // A clause without its statement, in a broken file: what it holds still counts.
            _ => self.each(Self::stmt),
        }
    }

    /// Lowers the block under the cursor.
    pub(super) fn block(&mut self) -> Block {
        let mark = self.stmts.len();
        self.each(Self::stmt);
        self.take_block(mark)
    }

    /// An expression, several with commas between them, or an assignment.
    fn simple(&mut self, span: Span) {
        let mark = self.items.len();
        let mut commas = false;
        let mut assigned = false;
        self.each(|lower| match lower.kind {
            Kind::Assignment | Kind::AugmentedAssignment => {
                lower.assignment(span);
                assigned = true;
            }
            Kind::Comma => commas = true,
            kind if kind.is_value() => {
                let id = lower.expr();
                lower.items.push(id);
            }
            _ => {}
        });
        let value = match self.items[mark..] {
            [] if assigned => return,
            [only] if !commas => {
                self.items.truncate(mark);
                only
            }
            _ => {
                let items = self.take(mark);
                self.b.expr(Expr::Tuple(items), span)
            }
        };
        self.push(Stmt::Expr(value), span);
    }

    /// `a = b = value`, `a: int = value`, `a += value`. Each further `=` is one level deeper on
    /// the right in the syntax tree and one more target here.
    fn assignment(&mut self, span: Span) {
        let mark = self.items.len();
        let (mut op, mut annotation, mut value) = (None, None, None);
        let mut levels = u32::from(self.first());
        while levels > 0 {
            match self.kind {
                Kind::Assignment => {
                    let entered = self.first();
                    levels += u32::from(entered);
                    if entered {
                        continue;
                    }
                }
                Kind::Augmented(found) => op = Some(found),
                Kind::Type => annotation = Some(self.expr()),
                kind if kind.is_value() || kind == Kind::AugmentedAssignment => {
                    let id = self.expr();
                    if let Some(target) = value.replace(id) {
                        self.items.push(target);
                    }
                }
                _ => {}
            }
            while levels > 0 && !self.next() {
                self.up();
                levels -= 1;
            }
        }
        let end = Span::new(span.end, span.end);
        let value = match (value, self.items.len() > mark || op.is_some()) {
            (Some(value), true) => value,
            (target, _) => {
                let target = target.unwrap_or_else(|| self.nothing(end));
                self.items.push(target);
                self.b.expr(Expr::Undefined, end)
            }
        };
        let targets = self.take(mark);
        self.push(
            Stmt::Assign {
                targets,
                op,
                value,
                annotation,
                declares: false,
            },
            span,
        );
    }

    fn raise(&mut self, span: Span) {
        let [value, cause] = self.some();
        if let Some(cause) =
            cause.filter(|&id| !matches!(self.b.tree.expr(id), Expr::Name(_) | Expr::Null))
        {
            // The tree has no place for the cause, but what it calls is called.
            let place = self.b.tree.span(cause);
            self.push(Stmt::Expr(cause), place);
        }
        self.push(Stmt::Raise(value), span);
    }

    /// Values with commas between them, whether the grammar wraps them in a list or not.
    fn listed(&mut self) -> Exprs {
        let mark = self.items.len();
        self.each(|lower| {
            if lower.kind == Kind::Tuple && lower.b.text(lower.span()).starts_with(['(', '[']) {
                let id = lower.expr();
                lower.items.push(id);
            } else if lower.kind == Kind::Tuple {
                lower.each(|lower| {
                    if lower.kind.is_value() {
                        let id = lower.expr();
                        lower.items.push(id);
                    }
                });
            } else if lower.kind.is_value() {
                let id = lower.expr();
                lower.items.push(id);
            }
        });
        self.take(mark)
    }

    fn global(&mut self, span: Span, nonlocal: bool) {
        let mut names = Vec::new();
        self.each(|lower| {
            if lower.kind == Kind::Identifier {
                names.push(lower.name(lower.span()));
            }
        });
        self.push(Stmt::Global { names, nonlocal }, span);
    }

    /// `print` and `exec` of Python 2 as the calls that they are today.
    fn command(&mut self, span: Span, name: &str) {
        let word = Span::new(span.start, span.start + name.len() as u32);
        let callee = self.b.intern(name);
        let callee = self.b.expr(Expr::Name(callee), word);
        let mark = self.items.len();
        self.each(|lower| {
            let id = match lower.kind {
                Kind::Chevron => {
                    let place = lower.span();
                    let [value] = lower.all();
                    let name = lower.b.intern("file");
                    lower.b.expr(Expr::Keyword { name, value }, place)
                }
                kind if kind.is_value() => lower.expr(),
                _ => return,
            };
            lower.items.push(id);
        });
        let args = self.take(mark);
        let call = self.b.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            span,
        );
        self.push(Stmt::Expr(call), span);
    }

    fn type_alias(&mut self, span: Span) {
        let [name, value] = self.all();
        let target = match *self.b.tree.expr(name) {
            Expr::Index { object, .. } => object,
            _ => name,
        };
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: None,
                value,
                annotation: None,
                declares: false,
            },
            span,
        );
    }

    fn if_(&mut self, span: Span) {
        let mut arms: Vec<(ExprId, Block, Span)> = Vec::new();
        let mut other = Block::default();
        let (mut test, mut then) = (None, Block::default());
        self.each(|lower| match lower.kind {
            Kind::Block => then = lower.block(),
            Kind::Elif => {
                let place = lower.span();
                let (mut test, mut then) = (None, Block::default());
                lower.each(|lower| match lower.kind {
                    Kind::Block => then = lower.block(),
                    kind if kind.is_value() && test.is_none() => test = Some(lower.expr()),
                    _ => {}
                });
                let test = test.unwrap_or_else(|| lower.nothing(place));
                arms.push((test, then, place));
            }
            Kind::Else => other = lower.clause(),
            kind if kind.is_value() && test.is_none() => test = Some(lower.expr()),
            _ => {}
        });
        for (test, then, place) in arms.into_iter().rev() {
            let arm = self.b.stmt(
                Stmt::If { test, then, other },
                Span::new(place.start, span.end),
            );
            other = self.b.block(&[arm]);
        }
        let test = test.unwrap_or_else(|| self.nothing(span));
        self.push(Stmt::If { test, then, other }, span);
    }

    /// Lowers the block of `else` or `finally`.
    fn clause(&mut self) -> Block {
        let mut block = Block::default();
        self.each(|lower| {
            if lower.kind == Kind::Block {
                block = lower.block();
            }
        });
        block
    }

    fn for_(&mut self, span: Span) {
        let (mut target, mut iter) = (None, None);
        let (mut body, mut other) = (Block::default(), Block::default());
        self.each(|lower| match lower.kind {
            Kind::Block => body = lower.block(),
            Kind::Else => other = lower.clause(),
            kind if kind.is_value() => {
                let id = lower.expr();
                if target.is_none() {
                    target = Some(id);
                } else {
                    iter = Some(id);
                }
            }
            _ => {}
        });
        let target = target.unwrap_or_else(|| self.nothing(span));
        let iter = iter.unwrap_or_else(|| self.nothing(span));
        self.push(
            Stmt::For {
                target,
                iter,
                body,
                other,
                keys: false,
            },
            span,
        );
    }

    fn while_(&mut self, span: Span) {
        let mut test = None;
        let (mut body, mut other) = (Block::default(), Block::default());
        self.each(|lower| match lower.kind {
            Kind::Block => body = lower.block(),
            Kind::Else => other = lower.clause(),
            kind if kind.is_value() => test = Some(lower.expr()),
            _ => {}
        });
        let test = test.unwrap_or_else(|| self.nothing(span));
        self.push(
            Stmt::While {
                test,
                body,
                other,
                test_last: false,
            },
            span,
        );
    }

    fn try_(&mut self, span: Span) {
        let mut handlers = Vec::new();
        let (mut body, mut other, mut last) =
            (Block::default(), Block::default(), Block::default());
        self.each(|lower| match lower.kind {
            Kind::Block => body = lower.block(),
            Kind::Except => {
                let handler = lower.handler();
                handlers.push(handler);
            }
            Kind::Else => other = lower.clause(),
            Kind::Finally => last = lower.clause(),
            _ => {}
        });
        self.push(
            Stmt::Try {
                body,
                handlers,
                other,
                last,
            },
            span,
        );
    }

    fn handler(&mut self) -> Handler {
        let span = self.span();
        let mark = self.items.len();
        let (mut kind, mut name, mut body) = (None, None, Block::default());
        self.each(|lower| match lower.kind {
            Kind::Block => body = lower.block(),
            Kind::AsPattern => [kind, name] = lower.some(),
            kind if kind.is_value() => {
                let id = lower.expr();
                lower.items.push(id);
            }
            _ => {}
        });
        match self.items[mark..] {
            [] => {}
            [only] => kind = Some(only),
            // `except Error, e` of Python 2; `except A, B` of Python 3.14 names two classes.
            [first, second] if self.is_variable(second) => {
                (kind, name) = (Some(first), Some(second));
            }
            [first, ..] => {
                let place = self.b.tree.span(first);
                let list = self.b.exprs(&self.items[mark..]);
                kind = Some(self.b.expr(Expr::Tuple(list), place));
            }
        }
        self.items.truncate(mark);
        Handler {
            kind,
            name,
            body,
            span,
        }
    }

    /// Returns whether the expression is a name that looks like a variable and not like a class.
    fn is_variable(&self, id: ExprId) -> bool {
        match self.b.tree.expr(id) {
            Expr::Name(sym) => self.b.interner.name(*sym).starts_with(char::is_lowercase),
            _ => false,
        }
    }

    fn with(&mut self, span: Span) {
        let mark = self.items.len();
        let mut body = Block::default();
        self.each(|lower| match lower.kind {
            Kind::Block => body = lower.block(),
            Kind::WithClause => lower.each(|lower| {
                if lower.kind == Kind::WithItem {
                    let [value] = lower.all();
                    lower.items.push(value);
                }
            }),
            _ => {}
        });
        let items = self.take(mark);
        self.push(Stmt::With { items, body }, span);
    }
}
