//! What can be saved from a stretch that the grammar does not accept.
//!
//! Such a stretch is a flat row of whole statements, values and loose words. The statements
//! are lowered as if nothing had happened. Of the rest, calls and assignments that lack
//! their end are put together again: half a line of code that is still arriving says already
//! what it calls.

use super::kind::Kind;
use super::{Lower, Span};
use crate::Sym;
use crate::tree::{ErrorReason, Expr, ExprId, Stmt};

/// A bracket that is open, and what was pending before it.
struct Open {
    /// What is called, if the bracket follows a value at once.
    callee: Option<ExprId>,
    /// Whether it is an index.
    index: bool,
    start: u32,
    /// First of its items among the open items of the walk.
    mark: usize,
    keyword: Option<Sym>,
    target: Option<ExprId>,
}

/// Loose values on the way to becoming statements.
#[derive(Default)]
struct Loose {
    open: Vec<Open>,
    last: Option<ExprId>,
    /// `name=` before a value within brackets.
    keyword: Option<Sym>,
    /// `target =` before a value outside of them.
    target: Option<ExprId>,
    /// A dot was met after `last`.
    dot: bool,
    /// What lies before this byte was read as text already.
    skip: u32,
}

impl Lower<'_, '_> {
    /// Records the error under the cursor and lowers what it holds onto the open block.
    #[cold]
    pub(super) fn recover(&mut self) {
        self.read();
        let whole = self.span();
        if !self.b.enter(whole) {
            return;
        }
        let mark = self.items.len();
        let mut loose = Loose::default();
        let mut wrong: Option<Span> = None;
        if self.cursor.goto_first_child() {
            loop {
                self.read();
                let span = self.span();
                if self.kind.is_statement() {
                    self.close_all(&mut loose);
                    self.report(wrong.take());
                    self.stmt();
                } else if self.kind == Kind::Comment {
                    self.comment();
                } else {
                    wrong = Some(wrong.map_or(span, |before| before.cover(span)));
                    self.loose(&mut loose, span);
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
            self.up();
            self.close_all(&mut loose);
            self.report(wrong);
        } else {
            self.report(Some(whole));
        }
        self.items.truncate(mark);
        self.b.leave();
    }

    fn report(&mut self, span: Option<Span>) {
        let Some(span) = span else { return };
        let text = self.b.text(span);
        let start = span.start + (text.len() - text.trim_start().len()) as u32;
        let end = span.end - (text.len() - text.trim_end().len()) as u32;
        self.b.error(Span::new(start, end), ErrorReason::Syntax);
    }

    fn loose(&mut self, loose: &mut Loose, span: Span) {
        if span.start < loose.skip {
            return;
        }
        match self.kind {
            Kind::Error => {
                // What is inside is mostly one more loose word, or a string without an end.
                self.each_raw(|lower| {
                    let span = lower.span();
                    lower.loose(loose, span);
                });
            }
            Kind::StringStart => self.open_string(loose, span),
            Kind::ArgumentList => match loose.last.take() {
                Some(callee) => {
                    let args = self.values();
                    let place = self.b.tree.span(callee).cover(span);
                    loose.last = Some(self.b.expr(
                        Expr::Call {
                            callee,
                            args,
                            new: false,
                        },
                        place,
                    ));
                }
                None => self.each_raw(|lower| {
                    let span = lower.span();
                    lower.loose(loose, span);
                }),
            },
            Kind::OpenParen | Kind::OpenBracket => self.open(loose, span),
            Kind::CloseParen | Kind::CloseBracket => self.close(loose, span.end),
            Kind::Comma => self.settle_value(loose),
            Kind::Equal => self.equal(loose),
            Kind::Dot => loose.dot = true,
            Kind::Identifier if loose.dot && loose.last.is_some() => {
                let name = self.name(span);
                loose.last = loose.last.map(|object| {
                    let place = self.b.tree.span(object).cover(span);
                    self.b.expr(Expr::Attr { object, name }, place)
                });
                loose.dot = false;
            }
            Kind::Op(_) | Kind::Compare(_) | Kind::Logic(_) => self.settle_value(loose),
            Kind::Token | Kind::Colon | Kind::Async => {
                // A word such as `def` or `return`: a new statement begins.
                if self.node.end_byte() - self.node.start_byte() > 1 {
                    self.close_all(loose);
                }
            }
            kind if kind.is_value() && !matches!(kind, Kind::DottedName) => {
                self.settle_value(loose);
                loose.last = Some(self.expr());
            }
            kind if kind.is_token() => {}
            Kind::StringPart | Kind::DottedName => {}
            _ => {
                self.close_all(loose);
                self.stmt();
            }
        }
    }

    /// Like `each`, but shows errors and comments too.
    fn each_raw(&mut self, mut visit: impl FnMut(&mut Self)) {
        let span = self.span();
        if !self.b.enter(span) {
            return;
        }
        if self.cursor.goto_first_child() {
            loop {
                self.read();
                visit(self);
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
            self.up();
        }
        self.b.leave();
    }

    /// A string without an end: it reaches to the end of its line.
    fn open_string(&mut self, loose: &mut Loose, span: Span) {
        let rest = self.b.text(Span::new(span.end, self.b.source.len() as u32));
        let line = rest.split(['\n', '\r']).next().unwrap_or(rest);
        self.settle_value(loose);
        loose.skip = span.end + line.len() as u32;
        loose.last = Some(
            self.b
                .expr(Expr::Str(line.into()), Span::new(span.start, loose.skip)),
        );
    }

    fn open(&mut self, loose: &mut Loose, span: Span) {
        let callee = loose
            .last
            .filter(|&id| self.b.tree.span(id).end == span.start);
        if callee.is_some() {
            loose.last = None;
        } else {
            self.settle_value(loose);
        }
        loose.open.push(Open {
            callee,
            index: self.kind == Kind::OpenBracket,
            start: span.start,
            mark: self.items.len(),
            keyword: loose.keyword.take(),
            target: loose.target.take(),
        });
    }

    fn close(&mut self, loose: &mut Loose, end: u32) {
        self.settle_value(loose);
        let Some(open) = loose.open.pop() else { return };
        let items = self.take(open.mark);
        let start = open
            .callee
            .map_or(open.start, |id| self.b.tree.span(id).start);
        let span = Span::new(start, end);
        let value = match (open.callee, open.index) {
            (Some(callee), false) => Expr::Call {
                callee,
                args: items,
                new: false,
            },
            (Some(object), true) => {
                let index = self.b.expr(Expr::Tuple(items), Span::new(open.start, end));
                Expr::Index { object, index }
            }
            (None, true) => Expr::List(items),
            (None, false) => Expr::Tuple(items),
        };
        loose.last = Some(self.b.expr(value, span));
        (loose.keyword, loose.target) = (open.keyword, open.target);
    }

    fn equal(&mut self, loose: &mut Loose) {
        let Some(last) = loose.last.take() else {
            return;
        };
        match *self.b.tree.expr(last) {
            Expr::Name(name) if !loose.open.is_empty() => loose.keyword = Some(name),
            _ => loose.target = Some(last),
        }
    }

    /// Puts the last value where it belongs: among the items of the open bracket, or into a
    /// statement of its own.
    fn settle_value(&mut self, loose: &mut Loose) {
        loose.dot = false;
        let Some(value) = loose.last.take() else {
            return;
        };
        let span = self.b.tree.span(value);
        let value = match loose.keyword.take() {
            Some(name) => self.b.expr(Expr::Keyword { name, value }, span),
            None => value,
        };
        if !loose.open.is_empty() {
            self.items.push(value);
        } else if let Some(target) = loose.target.take() {
            let targets = self.b.exprs(&[target]);
            let place = self.b.tree.span(target).cover(span);
            self.push(
                Stmt::Assign {
                    targets,
                    op: None,
                    value,
                    annotation: None,
                    declares: false,
                },
                place,
            );
        } else if !matches!(self.b.tree.expr(value), Expr::Name(_)) {
            self.push(Stmt::Expr(value), span);
        }
    }

    fn close_all(&mut self, loose: &mut Loose) {
        while let Some(open) = loose.open.last() {
            let item = self
                .items
                .get(open.mark..)
                .and_then(<[ExprId]>::last)
                .copied();
            let end = loose
                .last
                .or(item)
                .map_or(open.start + 1, |id| self.b.tree.span(id).end);
            self.close(loose, end.max(open.start + 1));
        }
        self.settle_value(loose);
    }
}
