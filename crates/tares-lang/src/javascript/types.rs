//! What is left of types: annotations, enumerations and namespaces.

use super::literal;
use super::{Kind, Lower};
use crate::tree::{Expr, ExprId, Span, Stmt};

impl Lower<'_, '_> {
    /// Lowers the type annotation at hand if it is a plain reference to a type.
    pub(super) fn annotation(&mut self) -> Option<ExprId> {
        let mut annotation = None;
        self.children(|s, kind| annotation = s.type_name(kind).or(annotation));
        annotation
    }

    fn type_name(&mut self, kind: Kind) -> Option<ExprId> {
        let span = self.span();
        match kind {
            Kind::Identifier | Kind::PredefinedType => {
                let name = self.name(span);
                Some(self.b.expr(Expr::Name(name), span))
            }
            Kind::NestedType => self.dotted(span),
            Kind::GenericType => {
                let mut base = None;
                self.children(|s, kind| {
                    if base.is_none() {
                        base = s.type_name(kind);
                    } else {
                        s.skip();
                    }
                });
                base
            }
            _ => {
                self.skip();
                None
            }
        }
    }

    /// Lowers `a.b.c` by its text: names and dots are all there is in it.
    fn dotted(&mut self, span: Span) -> Option<ExprId> {
        let mut names = self.b.text(span).split('.').map(str::trim);
        let first = self.b.intern(names.next()?);
        let first = self.b.expr(Expr::Name(first), span);
        Some(names.fold(first, |object, name| {
            let name = self.b.intern(name);
            self.b.expr(Expr::Attr { object, name }, span)
        }))
    }

    /// `enum A { b, c = 4 }` is `A = {b: 0, c: 4}`.
    pub(super) fn enumeration(&mut self, span: Span) {
        let (mut name, mut value) = (None, None);
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::Identifier => name = Some(s.expr(kind)),
                Kind::EnumBody => value = Some(s.enum_body(at)),
                _ => {}
            }
        });
        if let (Some(name), Some(value)) = (name, value) {
            let targets = self.b.exprs(&[name]);
            self.push_assign(targets, None, value, None, true, span);
        }
    }

    fn enum_body(&mut self, span: Span) -> ExprId {
        let mark = self.ids.len();
        let mut next = Some(0);
        self.children(|s, kind| {
            let at = s.span();
            let (key, value) = match kind {
                Kind::EnumAssign => s.enum_member(),
                Kind::Identifier | Kind::Private | Kind::String | Kind::Number => {
                    (Some(s.property_name(kind)), None)
                }
                _ => return,
            };
            let Some(key) = key else { return };
            let value = value.unwrap_or_else(|| match next {
                Some(number) => s.b.expr(Expr::Int(number), at),
                None => s.unknown(at),
            });
            next = match s.b.tree.expr(value) {
                Expr::Int(number) => number.checked_add(1),
                _ => None,
            };
            let key = std::sync::Arc::clone(s.b.interner.name(key));
            let key = s.b.expr(Expr::Str(key), at);
            let pair = s.b.expr(Expr::Pair { key, value }, at);
            s.ids.push(pair);
        });
        let items = self.list(mark);
        self.b.expr(Expr::Map(items), span)
    }

    fn enum_member(&mut self) -> (Option<crate::Sym>, Option<ExprId>) {
        let (mut key, mut value) = (None, None);
        self.children(|s, kind| {
            if key.is_none() && kind.is_expr() {
                key = Some(s.property_name(kind));
            } else if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        (key, value)
    }

    /// `namespace a.b { … }` is its body.
    pub(super) fn namespace(&mut self, span: Span) {
        let outer = std::mem::replace(&mut self.in_namespace, true);
        let mut body = None;
        self.children(|s, kind| {
            if kind == Kind::Block {
                body = Some(s.block());
            }
        });
        self.in_namespace = outer;
        let body = body.unwrap_or_default();
        let stmt = self.b.stmt(Stmt::Block(body), span);
        self.stmts.push(stmt);
    }

    /// `import a = b.c` is `a = b.c`.
    pub(super) fn import_alias(&mut self, span: Span) {
        let (mut name, mut value) = (None, None);
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::Identifier if name.is_none() => name = Some(s.expr(kind)),
                Kind::Identifier => value = Some(s.expr(kind)),
                Kind::NestedType => value = s.dotted(at),
                _ => {}
            }
        });
        if let (Some(name), Some(value)) = (name, value) {
            let targets = self.b.exprs(&[name]);
            self.push_assign(targets, None, value, None, true, span);
        }
    }

    /// Text of the string at hand.
    pub(super) fn string_text(&mut self) -> std::sync::Arc<str> {
        literal::unescaped(literal::unquoted(self.text())).into()
    }
}
