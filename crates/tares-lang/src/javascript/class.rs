//! Classes.

use super::{Kind, Lower};
use crate::tree::{Block, Class, ClassId, Expr, ExprId, Exprs, Span, Stmt};
use std::sync::Arc;

impl Lower<'_, '_> {
    /// Lowers the class at hand.
    pub(super) fn class(&mut self) -> ClassId {
        let mut class = Class {
            name: None,
            bases: Exprs::default(),
            body: Block::default(),
            decorators: Exprs::default(),
            doc: self.take_doc(),
            span: self.span(),
        };
        self.children(|s, kind| match kind {
            Kind::Decorator => s.decorator(),
            Kind::Identifier => class.name = Some(s.sym()),
            Kind::Heritage => class.bases = s.bases(),
            Kind::ClassBody => {
                class.decorators = s.take_decorators();
                class.body = s.class_body();
            }
            Kind::Type => s.skip(),
            _ => {}
        });
        self.b.class(class)
    }

    /// `extends a` in JavaScript, `extends a<T> implements B` in TypeScript.
    fn bases(&mut self) -> Exprs {
        let mark = self.ids.len();
        self.children(|s, kind| match kind {
            Kind::Extends => s.children(|s, kind| {
                if kind.is_expr() {
                    let id = s.expr(kind);
                    s.ids.push(id);
                }
            }),
            _ if kind.is_expr() => {
                let id = s.expr(kind);
                s.ids.push(id);
            }
            _ => {}
        });
        self.list(mark)
    }

    fn class_body(&mut self) -> Block {
        let mark = self.stmts.len();
        self.children(Self::member_stmt);
        self.take_block(mark)
    }

    /// Lowers a member of a class to a statement; signatures give none.
    pub(super) fn member_stmt(&mut self, kind: Kind) {
        let span = self.span();
        match kind {
            Kind::Decorator => self.decorator(),
            Kind::Method => {
                self.documented = Some(span.start);
                let method = self.function(Kind::Method);
                if let Some(key) = method.key {
                    let value = self.b.expr(Expr::Func(method.func), span);
                    self.set_computed(key, value, None, span);
                } else {
                    let stmt = self.b.stmt(Stmt::Func(method.func), span);
                    self.stmts.push(stmt);
                }
            }
            Kind::Field => self.field(span),
            Kind::StaticBlock => {
                let mut body = Block::default();
                self.children(|s, kind| {
                    if kind == Kind::Block {
                        body = s.block();
                    }
                });
                let stmt = self.b.stmt(
                    Stmt::Other {
                        exprs: Exprs::default(),
                        body,
                    },
                    span,
                );
                self.stmts.push(stmt);
            }
            Kind::Type => {
                // A signature; its decorators are nobody else's.
                self.skip();
                self.decorators.clear();
            }
            _ => {}
        }
    }

    fn field(&mut self, span: Span) {
        let (mut target, mut key, mut value, mut annotation) = (None, None, None, None);
        self.children(|s, kind| {
            let at = s.span();
            match kind {
                Kind::Decorator => s.evaluated_decorator(),
                Kind::TypeAnnotation => annotation = s.annotation(),
                Kind::Computed => match s.inner(at) {
                    id if matches!(s.b.tree.expr(id), Expr::Str(_)) => {
                        target = Some(s.field_name(id, at));
                    }
                    id => key = Some(id),
                },
                _ if kind.is_expr() && target.is_none() && key.is_none() => {
                    let name = s.property_name(kind);
                    target = Some(s.b.expr(Expr::Name(name), at));
                }
                _ if kind.is_expr() => {
                    s.documented = kind.is_documented().then_some(span.start);
                    value = Some(s.expr(kind));
                }
                _ => {}
            }
        });
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Undefined, span));
        match (target, key) {
            (Some(target), _) => {
                let targets = self.b.exprs(&[target]);
                self.push_assign(targets, None, value, annotation, false, span);
            }
            (None, Some(key)) => self.set_computed(key, value, annotation, span),
            (None, None) => {}
        }
    }

    fn field_name(&mut self, key: ExprId, span: Span) -> ExprId {
        let Expr::Str(name) = self.b.tree.expr(key) else {
            return key;
        };
        let name = Arc::clone(name);
        let name = self.b.intern(&name);
        self.b.expr(Expr::Name(name), span)
    }

    /// A member whose name is computed is what `this[key] = value` does.
    fn set_computed(&mut self, key: ExprId, value: ExprId, annotation: Option<ExprId>, span: Span) {
        let this = self.b.expr(Expr::This, span);
        let target = self.b.expr(
            Expr::Index {
                object: this,
                index: key,
            },
            span,
        );
        let targets = self.b.exprs(&[target]);
        self.push_assign(targets, None, value, annotation, false, span);
    }
}
