//! JSX elements.

use super::literal;
use super::{Kind, Lower};
use crate::tree::{Expr, ExprId, Span};

impl Lower<'_, '_> {
    pub(super) fn element(&mut self, kind: Kind, span: Span) -> ExprId {
        let mut head = None;
        let mark = self.ids.len();
        if kind == Kind::JsxSelfClosing {
            head = Some(self.opening(span));
        } else {
            self.children(|s, kind| {
                let at = s.span();
                match kind {
                    Kind::JsxOpening => head = Some(s.opening(at)),
                    Kind::JsxClosing => {}
                    _ => s.child(kind, at),
                }
            });
        }
        let children = self.list(mark);
        let (tag, attributes) = head.unwrap_or_else(|| (self.unknown(span), self.unknown(span)));
        self.b.expr(
            Expr::Element {
                tag,
                attributes,
                children,
            },
            span,
        )
    }

    fn child(&mut self, kind: Kind, span: Span) {
        let id = match kind {
            Kind::JsxText | Kind::JsxReference => match literal::jsx_text(self.b.text(span)) {
                Some(text) => self.b.expr(Expr::Str(text.into()), span),
                None => return,
            },
            Kind::JsxExpression => match self.braced(Expr::Spread) {
                Some(id) => id,
                None => return,
            },
            _ if kind.is_expr() => self.expr(kind),
            _ => return,
        };
        self.ids.push(id);
    }

    /// Lowers `{value}` or `{...value}`; nothing for `{/* comment */}`.
    fn braced(&mut self, spread: fn(ExprId) -> Expr) -> Option<ExprId> {
        let mut inner = None;
        self.children(|s, kind| {
            let span = s.span();
            if kind == Kind::Spread {
                let value = s.inner(span);
                inner = Some(s.b.expr(spread(value), span));
            } else if kind.is_expr() {
                inner = Some(s.expr(kind));
            }
        });
        inner
    }

    /// Reads the name and attributes of the tag at hand; a fragment has an empty name.
    fn opening(&mut self, span: Span) -> (ExprId, ExprId) {
        let mut tag = None;
        let mark = self.ids.len();
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::JsxAttribute => s.attribute(at),
                Kind::JsxExpression => {
                    if let Some(id) = s.braced(Expr::SpreadMap) {
                        s.ids.push(id);
                    }
                }
                Kind::TypeArguments => s.skip(),
                _ if tag.is_none() => tag = s.tag(kind, at),
                _ => {}
            }
        });
        let items = self.list(mark);
        let attributes = self.b.expr(Expr::Map(items), span);
        let tag = tag.unwrap_or_else(|| self.str("", span));
        (tag, attributes)
    }

    /// A lower-case name is an intrinsic element, any other a component in scope.
    fn tag(&mut self, kind: Kind, span: Span) -> Option<ExprId> {
        let text = self.b.text(span);
        match kind {
            Kind::Identifier
                if !text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains('-') =>
            {
                Some(self.expr(kind))
            }
            Kind::Identifier | Kind::JsxNamespace => Some(self.str(text, span)),
            _ if kind.is_expr() => Some(self.expr(kind)),
            _ => None,
        }
    }

    fn attribute(&mut self, span: Span) {
        let (mut name, mut value) = (None, None);
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::Identifier | Kind::JsxNamespace if name.is_none() => {
                    name = Some(s.b.text(at));
                }
                Kind::String => {
                    let text = literal::dereferenced(literal::unquoted(s.b.text(at)));
                    value = Some(s.b.expr(Expr::Str(text.into()), at));
                }
                Kind::JsxExpression => {
                    value = s.braced(Expr::Spread).or_else(|| Some(s.unknown(at)));
                }
                _ if kind.is_expr() => value = Some(s.expr(kind)),
                _ => {}
            }
        });
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Bool(true), span));
        let pair = self.keyed(name.unwrap_or(""), value, span);
        self.ids.push(pair);
    }
}
