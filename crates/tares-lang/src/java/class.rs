//! Classes, interfaces, enums, records and their members.

use super::{Kind, Lower};
use crate::Sym;
use crate::tree::{Block, Class, Expr, ExprId, Exprs, Param, Span, Stmt};

impl Lower<'_, '_> {
    /// Lowers the class, interface, enum or record at hand.
    pub(super) fn class(&mut self, kind: Kind) {
        let span = self.span();
        let mut class = Class {
            name: None,
            bases: Exprs::default(),
            body: Block::default(),
            decorators: Exprs::default(),
            doc: self.take_doc(span.start),
            span,
        };
        let mut fields = Vec::new();
        let mark = self.ids.len();
        self.children(|s, part| match part {
            Kind::Modifiers => class.decorators = s.modifiers().decorators,
            Kind::Identifier => class.name = Some(s.sym()),
            Kind::Superclass | Kind::Interfaces => s.base_types(),
            Kind::Params => s.params(&mut fields),
            Kind::ClassBody => {
                class.bases = s.list(mark);
                class.body = if kind == Kind::Record {
                    s.record_body(&fields)
                } else {
                    s.class_body(&[])
                };
            }
            _ => {}
        });
        self.ids.truncate(mark);
        let id = self.b.class(class);
        self.push(Stmt::Class(id), span);
    }

    fn base_types(&mut self) {
        self.children(|s, kind| {
            if kind == Kind::TypeList {
                s.base_types();
            } else if kind.is_type() {
                let id = s.plain_type(kind);
                s.ids.push(id);
            }
        });
    }

    /// Lowers the body at hand: methods are functions, fields assignments, static initialisers
    /// bare blocks.
    pub(super) fn class_body(&mut self, fields: &[Param]) -> Block {
        let mark = self.stmts.len();
        self.push_members(fields);
        self.take_block(mark)
    }

    fn push_members(&mut self, fields: &[Param]) {
        self.children(|s, kind| match kind {
            Kind::ClassBody => s.push_members(fields),
            Kind::EnumConstant => s.enum_constant(),
            Kind::Block => s.instance_block(),
            Kind::Constructor => s.method(kind, fields),
            _ => s.stmt(kind),
        });
    }

    /// The components are fields, and make a constructor where none is written.
    fn record_body(&mut self, fields: &[Param]) -> Block {
        let mark = self.stmts.len();
        for field in fields {
            let span = self.b.tree.span(field.pattern);
            let value = self.b.expr(Expr::Undefined, span);
            let targets = self.b.exprs(&[field.pattern]);
            self.push_assign(targets, None, value, field.annotation, true, span);
        }
        let span = self.span();
        let first = self.stmts.len();
        self.push_members(fields);
        let constructor = self.b.intern(super::CONSTRUCTOR);
        let has_own = self.stmts[first..].iter().any(|&id| {
            matches!(self.b.tree.stmt(id), Stmt::Func(f)
                if self.b.tree.func(*f).name == Some(constructor))
        });
        if !has_own {
            self.record_constructor(fields, span);
        }
        self.take_block(mark)
    }

    /// `NAME(args) { … }` is a field that holds an instance of the enum itself.
    fn enum_constant(&mut self) {
        let span = self.span();
        let mut name = None;
        let mut args = Exprs::default();
        let mut callee = None;
        self.children(|s, kind| match kind {
            Kind::Identifier => name = Some((s.sym(), s.span())),
            Kind::Arguments => args = s.arguments(),
            Kind::ClassBody => {
                let at = s.span();
                let base = s.b.expr(Expr::This, at);
                let bases = s.b.exprs(&[base]);
                let body = s.class_body(&[]);
                let class = s.b.class(Class {
                    name: None,
                    bases,
                    body,
                    decorators: Exprs::default(),
                    doc: None,
                    span: at,
                });
                callee = Some(s.b.expr(Expr::Class(class), at));
            }
            _ => {}
        });
        let Some((name, at)) = name else { return };
        let callee = callee.unwrap_or_else(|| self.b.expr(Expr::This, at));
        let new = true;
        let value = self.b.expr(Expr::Call { callee, args, new }, span);
        self.declare(name, at, value, None, span);
    }

    /// `T a = 1, b;`: one declaration each.
    pub(super) fn variables(&mut self) {
        let mut annotation = None;
        self.children(|s, kind| match kind {
            // Annotations run before the declaration that they stand at.
            Kind::Modifiers => {
                let decorators = s.modifiers().decorators;
                for index in decorators.start..decorators.start + decorators.len {
                    let id = s.b.tree.expr_lists[index as usize];
                    let span = s.b.tree.span(id);
                    s.push(Stmt::Expr(id), span);
                }
            }
            Kind::Declarator => s.declarator(annotation),
            _ if kind.is_type() => {
                // `var` says nothing of the type.
                let is_var = s.text() == "var";
                annotation = (!is_var).then(|| s.type_expr(kind));
            }
            _ => {}
        });
    }

    fn declarator(&mut self, annotation: Option<ExprId>) {
        let span = self.span();
        let (mut name, mut value) = (None, None);
        self.children(|s, kind| {
            if name.is_none() && kind == Kind::Identifier {
                name = Some((s.sym(), s.span()));
            } else if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        let Some((name, at)) = name else { return };
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Undefined, span));
        self.declare(name, at, value, annotation, span);
    }

    pub(super) fn declare(
        &mut self,
        name: Sym,
        at: Span,
        value: ExprId,
        annotation: Option<ExprId>,
        span: Span,
    ) {
        let target = self.b.expr(Expr::Name(name), at);
        let targets = self.b.exprs(&[target]);
        self.push_assign(targets, None, value, annotation, true, span);
    }
}
