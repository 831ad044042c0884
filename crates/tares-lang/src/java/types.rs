//! Types, as the expressions that name them.

use super::{Kind, Lower};
use crate::tree::{Expr, ExprId};

impl Lower<'_, '_> {
    /// Lowers the type at hand: a name, an attribute of a package, `List<T>` as an index, an
    /// array as a list of one.
    pub(super) fn type_expr(&mut self, kind: Kind) -> ExprId {
        self.type_at(kind, true)
    }

    /// Lowers the type at hand without its arguments, as what is created or extended.
    pub(super) fn plain_type(&mut self, kind: Kind) -> ExprId {
        self.type_at(kind, false)
    }

    fn type_at(&mut self, kind: Kind, with_arguments: bool) -> ExprId {
        let span = self.span();
        match kind {
            Kind::TypeName | Kind::Primitive | Kind::Identifier => {
                let name = self.sym();
                return self.b.expr(Expr::Name(name), span);
            }
            _ if kind.is_expr() => return self.expr(kind),
            _ => {}
        }
        if !self.b.enter(span) {
            return self.unknown(span);
        }
        let id = match kind {
            Kind::ScopedType => self.scoped_type(with_arguments),
            Kind::GenericType => self.generic_type(with_arguments),
            Kind::ArrayType => {
                let mut element = None;
                self.children(|s, kind| {
                    if kind.is_type() {
                        element = Some(s.type_at(kind, with_arguments));
                    }
                });
                element.map(|element| {
                    let items = self.b.exprs(&[element]);
                    self.b.expr(Expr::List(items), span)
                })
            }
            _ => {
                let mut inner = None;
                self.children(|s, kind| {
                    if kind.is_type() {
                        inner = Some(s.type_at(kind, with_arguments));
                    }
                });
                inner
            }
        };
        self.b.leave();
        id.unwrap_or_else(|| self.unknown(span))
    }

    /// `a.b.C`, `Outer<T>.Inner`.
    fn scoped_type(&mut self, with_arguments: bool) -> Option<ExprId> {
        let span = self.span();
        let mut id = None;
        self.children(|s, kind| {
            if !kind.is_type() {
                return;
            }
            id = Some(match id {
                Some(object) if kind == Kind::TypeName => {
                    let name = s.sym();
                    s.b.expr(Expr::Attr { object, name }, span)
                }
                _ => s.type_at(kind, with_arguments),
            });
        });
        id
    }

    fn generic_type(&mut self, with_arguments: bool) -> Option<ExprId> {
        let span = self.span();
        let mut object = None;
        let mark = self.ids.len();
        self.children(|s, kind| match kind {
            Kind::TypeArguments if with_arguments => s.children(|s, kind| {
                if kind.is_type() {
                    let id = s.type_expr(kind);
                    s.ids.push(id);
                } else if kind == Kind::Wildcard {
                    let id = s.wildcard();
                    s.ids.push(id);
                }
            }),
            _ if kind.is_type() => object = Some(s.type_at(kind, with_arguments)),
            _ => {}
        });
        let arguments = self.list(mark);
        let index = match self.b.tree.exprs(arguments) {
            [] => return object,
            [only] => *only,
            _ => self.b.expr(Expr::Tuple(arguments), span),
        };
        object.map(|object| self.b.expr(Expr::Index { object, index }, span))
    }

    /// `?`, `? extends T`: the bound.
    fn wildcard(&mut self) -> ExprId {
        let span = self.span();
        let mut bound = None;
        self.children(|s, kind| {
            if kind.is_type() {
                bound = Some(s.type_expr(kind));
            }
        });
        bound.unwrap_or_else(|| self.unknown(span))
    }
}
