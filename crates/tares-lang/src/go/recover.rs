//! What can be saved from a stretch that the grammar does not accept.
//!
//! Such a stretch is a flat row of whole statements, values and loose words. The statements
//! are lowered as if nothing had happened. Of the rest, calls and assignments that lack their
//! end are put together again: half a line of code that is still arriving says already what
//! it calls.

use super::kind::Kind;
use super::{Lower, Span, literal};
use crate::tree::{ErrorReason, Expr, ExprId, Stmt};

/// A parenthesis that is open, and what was pending before it.
struct Open {
    /// What is called, if the parenthesis follows a value at once.
    callee: Option<ExprId>,
    start: u32,
    /// First of its items among the open items of the walk.
    mark: usize,
    target: Option<ExprId>,
}

/// Loose values on the way to becoming statements.
#[derive(Default)]
struct Loose {
    open: Vec<Open>,
    last: Option<ExprId>,
    /// `target =` before a value.
    target: Option<ExprId>,
    /// Whether the target is new.
    declares: bool,
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
                } else if self.kind != Kind::Ignored {
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
        self.b
            .error(Span::new(start, end.max(start)), ErrorReason::Syntax);
    }

    fn loose(&mut self, loose: &mut Loose, span: Span) {
        if span.start < loose.skip {
            return;
        }
        match self.kind {
            Kind::Error
            | Kind::StatementList
            | Kind::ExpressionList
            | Kind::LiteralElement
            | Kind::KeyedElement
            | Kind::LiteralValue
            | Kind::Case
            | Kind::TypeCase
            | Kind::DefaultCase
            | Kind::CommunicationCase
            | Kind::Parameters
            | Kind::Parameter => self.each_raw(|lower| {
                let span = lower.span();
                if lower.kind.is_statement() {
                    lower.close_all(loose);
                    lower.stmt();
                } else {
                    lower.loose(loose, span);
                }
            }),
            Kind::Arguments => match loose.last.take() {
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
            Kind::OpenParen => self.open(loose, span),
            Kind::CloseParen => self.close(loose, span.end),
            Kind::Comma => self.settle_value(loose),
            Kind::Equal | Kind::Define => {
                loose.declares = self.kind == Kind::Define;
                loose.target = loose.last.take();
            }
            Kind::Dot => loose.dot = true,
            Kind::Identifier if loose.dot && loose.last.is_some() => {
                let name = self.name(span);
                loose.last = loose.last.map(|object| {
                    let place = self.b.tree.span(object).cover(span);
                    self.b.expr(Expr::Attr { object, name }, place)
                });
                loose.dot = false;
            }
            Kind::Semicolon => self.close_all(loose),
            kind if kind.is_value() => {
                self.settle_value(loose);
                loose.last = Some(self.expr());
            }
            Kind::Token => self.word(loose, span),
            _ => {}
        }
    }

    /// A word such as `func` begins something new; a quote begins a text without an end.
    fn word(&mut self, loose: &mut Loose, span: Span) {
        let text = self.b.text(span);
        if text == "\"" || text == "`" {
            let rest = self.b.text(Span::new(span.end, self.b.source.len() as u32));
            let line = rest.split(['\n', '\r']).next().unwrap_or(rest);
            self.settle_value(loose);
            loose.skip = span.end + line.len() as u32;
            let place = Span::new(span.start, loose.skip);
            let value = literal::interpreted(line);
            loose.last = Some(self.b.expr(value, place));
        } else if text.len() > 1 {
            self.close_all(loose);
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
            start: span.start,
            mark: self.items.len(),
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
        let value = match open.callee {
            Some(callee) => Expr::Call {
                callee,
                args: items,
                new: false,
            },
            None => Expr::Tuple(items),
        };
        loose.last = Some(self.b.expr(value, span));
        loose.target = open.target;
    }

    /// Puts the last value where it belongs: among the items of the open parenthesis, or into
    /// a statement of its own.
    fn settle_value(&mut self, loose: &mut Loose) {
        loose.dot = false;
        let Some(value) = loose.last.take() else {
            return;
        };
        let span = self.b.tree.span(value);
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
                    declares: loose.declares,
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
