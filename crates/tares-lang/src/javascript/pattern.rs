//! Object literals and the patterns that look like them.

use super::literal;
use super::{Kind, Lower};
use crate::Sym;
use crate::tree::{Expr, ExprId, Span};

impl Lower<'_, '_> {
    /// Lowers an assignment target, parameter or element of a pattern.
    pub(super) fn pattern(&mut self, kind: Kind) -> ExprId {
        let span = self.span();
        match kind {
            Kind::AssignPattern => self.with_default(span),
            Kind::Rest => self.spread(),
            _ => self.expr(kind),
        }
    }

    fn with_default(&mut self, span: Span) -> ExprId {
        let (target, value) = self.target_and_default();
        let target = target.unwrap_or_else(|| self.unknown(span));
        match value {
            Some(value) => self.b.expr(
                Expr::Assign {
                    target,
                    op: None,
                    value,
                },
                span,
            ),
            None => target,
        }
    }

    /// Reads `target = value`.
    pub(super) fn target_and_default(&mut self) -> (Option<ExprId>, Option<ExprId>) {
        let (mut target, mut value) = (None, None);
        self.children(|s, kind| {
            if !kind.is_expr() {
            } else if target.is_none() {
                target = Some(s.pattern(kind));
            } else {
                value = Some(s.expr(kind));
            }
        });
        (target, value)
    }

    /// Lowers an object literal or pattern.
    pub(super) fn object(&mut self, span: Span) -> ExprId {
        let is_pattern = self.grammar.kind(self.node) == Kind::ObjectPattern;
        let mark = self.ids.len();
        self.children(|s, kind| {
            let at = s.span();
            let item = match kind {
                Kind::Pair => s.pair(at),
                Kind::Shorthand => {
                    let value = s.shorthand();
                    s.keyed(s.b.text(at), value, at)
                }
                Kind::ObjectAssign => s.shorthand_with_default(at),
                Kind::Method => s.method_pair(at),
                Kind::Spread if !is_pattern => {
                    let value = s.inner(at);
                    s.b.expr(Expr::SpreadMap(value), at)
                }
                Kind::Spread | Kind::Rest => s.spread(),
                _ => return,
            };
            s.ids.push(item);
        });
        let items = self.list(mark);
        self.b.expr(Expr::Map(items), span)
    }

    fn shorthand(&mut self) -> ExprId {
        let span = self.span();
        let name = self.name(span);
        self.b.expr(Expr::Name(name), span)
    }

    pub(super) fn keyed(&mut self, key: &str, value: ExprId, span: Span) -> ExprId {
        let key = self.str(&literal::unescaped(key), span);
        self.b.expr(Expr::Pair { key, value }, span)
    }

    /// `{a = 1}` of a pattern.
    fn shorthand_with_default(&mut self, span: Span) -> ExprId {
        let (mut target, mut value, mut key) = (None, None, "");
        self.children(|s, kind| {
            if kind == Kind::Shorthand {
                key = s.b.text(s.span());
                target = Some(s.shorthand());
            } else if kind.is_expr() && target.is_none() {
                target = Some(s.pattern(kind));
            } else if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        let target = target.unwrap_or_else(|| self.unknown(span));
        let value = value.unwrap_or_else(|| self.unknown(span));
        let value = self.b.expr(
            Expr::Assign {
                target,
                op: None,
                value,
            },
            span,
        );
        self.keyed(key, value, span)
    }

    fn pair(&mut self, span: Span) -> ExprId {
        let (mut key, mut value) = (None, None);
        self.children(|s, kind| {
            if key.is_none() {
                key = s.key(kind);
            } else if kind.is_expr() {
                s.documented = kind.is_documented().then_some(span.start);
                value = Some(s.pattern(kind));
            }
        });
        let key = key.unwrap_or_else(|| self.unknown(span));
        let value = value.unwrap_or_else(|| self.unknown(span));
        self.b.expr(Expr::Pair { key, value }, span)
    }

    fn method_pair(&mut self, span: Span) -> ExprId {
        self.documented = Some(span.start);
        let method = self.function(Kind::Method);
        let name = self.b.tree.func(method.func).name;
        let value = self.b.expr(Expr::Func(method.func), span);
        let key = match (method.key, name) {
            (Some(key), _) => key,
            (None, Some(name)) => {
                let name = std::sync::Arc::clone(self.b.interner.name(name));
                self.b.expr(Expr::Str(name), span)
            }
            (None, None) => self.unknown(span),
        };
        self.b.expr(Expr::Pair { key, value }, span)
    }

    /// Lowers the key of a property; `None` if the node is not one.
    fn key(&mut self, kind: Kind) -> Option<ExprId> {
        let span = self.span();
        Some(match kind {
            Kind::Computed => self.inner(span),
            Kind::Identifier | Kind::Private | Kind::String | Kind::Number => {
                let text = property_text(kind, self.b.text(span));
                self.b.expr(Expr::Str(text.as_ref().into()), span)
            }
            _ => return None,
        })
    }

    /// Name of the property at hand, if it is a key that is known; the caller has seen to computed ones.
    pub(super) fn property_name(&mut self, kind: Kind) -> Sym {
        let text = self.b.text(self.span());
        self.b.intern(&property_text(kind, text))
    }
}

/// A number as a key is its decimal text.
fn property_text(kind: Kind, text: &str) -> std::borrow::Cow<'_, str> {
    match kind {
        Kind::String => literal::unescaped(literal::unquoted(text)),
        Kind::Number => match literal::number(text) {
            Expr::Int(value) => value.to_string().into(),
            _ => text.into(),
        },
        _ => literal::unescaped(text),
    }
}
