//! String literals: plain ones, bytes, f-strings, and several in a row.

use super::escape::{self, Form};
use super::kind::Kind;
use super::{Lower, Span};
use crate::tree::{Expr, ExprId};

/// Literals in a row while they are put together.
#[derive(Default)]
struct Pieces {
    /// Text that belongs to no part yet.
    text: String,
    /// Where that text stands.
    span: Option<Span>,
    bytes: Vec<u8>,
    /// Whether there were bytes, even empty ones.
    is_bytes: bool,
    /// Start of the parts among the open items.
    mark: usize,
}

impl Pieces {
    fn cover(&mut self, span: Span) {
        self.span = Some(self.span.map_or(span, |before| before.cover(span)));
    }
}

impl Lower<'_, '_> {
    /// Lowers one `string`.
    pub(super) fn string(&mut self) -> ExprId {
        let span = self.span();
        let literal = self.b.text(span);
        let form = Form::of(literal);
        if form.template {
            return self.template(span, |lower, pieces| lower.piece(pieces));
        }
        let body = &literal[form.open..literal.len() - form.close];
        if memchr::memchr2(b'\\', b'\r', body.as_bytes()).is_none() {
            let value = if form.bytes {
                Expr::Bytes(body.as_bytes().into())
            } else {
                Expr::Str(body.into())
            };
            return self.b.expr(value, span);
        }
        self.template(span, |lower, pieces| lower.piece(pieces))
    }

    /// Lowers several `string`s in a row.
    pub(super) fn concatenated(&mut self) -> ExprId {
        let span = self.span();
        self.template(span, |lower, pieces| {
            lower.each(|lower| {
                if lower.kind == Kind::String {
                    lower.piece(pieces);
                }
            });
        })
    }

    /// Runs `collect`, then makes the simplest expression of what it collected.
    fn template(&mut self, span: Span, collect: impl FnOnce(&mut Self, &mut Pieces)) -> ExprId {
        let mut pieces = Pieces {
            mark: self.items.len(),
            ..Pieces::default()
        };
        collect(self, &mut pieces);
        if self.items.len() == pieces.mark {
            let value = if pieces.is_bytes && pieces.text.is_empty() {
                Expr::Bytes(pieces.bytes.into())
            } else {
                Expr::Str(pieces.text.into())
            };
            return self.b.expr(value, span);
        }
        self.flush(&mut pieces);
        let parts = self.take(pieces.mark);
        self.b.expr(Expr::Template(parts), span)
    }

    fn flush(&mut self, pieces: &mut Pieces) {
        let span = pieces.span.take();
        if let Some(span) = span.filter(|_| !pieces.text.is_empty()) {
            let id = self.b.expr(Expr::Str(pieces.text.as_str().into()), span);
            self.items.push(id);
            pieces.text.clear();
        }
    }

    /// Adds the literal under the cursor.
    fn piece(&mut self, pieces: &mut Pieces) {
        let span = self.span();
        let literal = self.b.text(span);
        let form = Form::of(literal);
        let inside = Span::new(span.start + form.open as u32, span.end - form.close as u32);
        if form.template {
            self.segments(inside, form, pieces);
        } else if form.bytes {
            pieces.is_bytes = true;
            escape::bytes(self.b.text(inside), form, &mut pieces.bytes);
        } else {
            self.segment(inside, form, pieces);
        }
    }

    fn segment(&mut self, span: Span, form: Form, pieces: &mut Pieces) {
        escape::text(self.b.text(span), form, &mut pieces.text);
        pieces.cover(span);
    }

    /// Adds what stands within `inside`: interpolations among the children, and the text between them.
    fn segments(&mut self, inside: Span, form: Form, pieces: &mut Pieces) {
        let mut at = inside.start;
        self.each(|lower| {
            if lower.kind == Kind::Interpolation {
                let span = lower.span();
                lower.segment(Span::new(at, span.start), form, pieces);
                lower.interpolation(span, pieces);
                at = span.end;
            }
        });
        self.segment(Span::new(at, inside.end), form, pieces);
    }

    /// Adds `{value=!r:spec}`. Conversion and format are written as the methods that Python calls.
    fn interpolation(&mut self, span: Span, pieces: &mut Pieces) {
        let (mut value, mut shown, mut quoted, mut spec) = (None, None, None, None);
        self.each(|lower| match lower.kind {
            Kind::Equal => {
                let rest = lower.b.text(Span::new(lower.span().end, span.end));
                let blank = rest.len() - rest.trim_start().len();
                shown = Some(Span::new(span.start + 1, lower.span().end + blank as u32));
            }
            Kind::TypeConversion => quoted = Some(lower.b.text(lower.span()) != "!s"),
            Kind::FormatSpecifier => spec = lower.format_spec(),
            kind if kind.is_value() && value.is_none() => value = Some(lower.expr()),
            _ => {}
        });
        if let Some(shown) = shown {
            pieces.text.push_str(self.b.text(shown));
            pieces.cover(shown);
        }
        self.flush(pieces);
        let mut value = value.unwrap_or_else(|| self.nothing(span));
        if quoted.unwrap_or(shown.is_some() && spec.is_none()) {
            value = self.method(value, "__repr__", None);
        }
        if spec.is_some() {
            value = self.method(value, "__format__", spec);
        }
        self.items.push(value);
    }

    /// Lowers a format specification; `None` for one that changes nothing.
    fn format_spec(&mut self) -> Option<ExprId> {
        let span = self.span();
        let inside = Span::new(span.start + 1, span.end);
        if matches!(self.b.text(inside).trim(), "" | "s") {
            return None;
        }
        let form = Form {
            raw: true,
            bytes: false,
            template: false,
            open: 1,
            close: 0,
        };
        Some(self.template(inside, |lower, pieces| lower.segments(inside, form, pieces)))
    }

    fn method(&mut self, object: ExprId, name: &str, argument: Option<ExprId>) -> ExprId {
        let span = self.b.tree.span(object);
        let name = self.b.intern(name);
        let callee = self.b.expr(Expr::Attr { object, name }, span);
        let span = argument.map_or(span, |id| span.cover(self.b.tree.span(id)));
        let args = self.b.exprs(argument.as_slice());
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: false,
            },
            span,
        )
    }
}
