//! Functions, methods, arrows and their parameters.

use super::literal;
use super::{Kind, Lower};
use crate::tree::{
    Block, Expr, ExprId, Exprs, Func, FuncFlags, FuncId, Param, ParamKind, Span, Stmt,
};
use std::sync::Arc;

/// A lowered function, and the key of a method where it is computed.
pub(super) struct Method {
    pub(super) func: FuncId,
    pub(super) key: Option<ExprId>,
}

/// Most white space between a documentation comment and what it documents, in bytes.
const MAX_GAP: usize = 256;

impl Lower<'_, '_> {
    /// Lowers the function, arrow or method at hand.
    pub(super) fn function(&mut self, kind: Kind) -> Method {
        let span = self.span();
        let before = self.b.size();
        let mut key = None;
        let mut func = Func {
            name: None,
            params: Vec::new(),
            body: Block::default(),
            decorators: Exprs::default(),
            doc: self.take_doc(),
            returns: None,
            flags: FuncFlags {
                is_arrow: kind == Kind::ArrowFunction,
                ..FuncFlags::default()
            },
            span,
            size: 0,
        };
        let mut in_body = false;
        let mut properties = Vec::new();
        self.children(|s, part| match part {
            Kind::Async => func.flags.is_async = true,
            Kind::Mul => func.flags.is_generator = true,
            Kind::Static => func.flags.is_static = true,
            Kind::StaticGet => (func.flags.is_static, func.flags.is_getter) = (true, true),
            Kind::Get => func.flags.is_getter = true,
            Kind::Set => func.flags.is_setter = true,
            Kind::Arrow => in_body = true,
            Kind::Decorator => s.decorator(),
            Kind::Params => {
                func.decorators = s.take_decorators();
                s.params(&mut func.params, &mut properties);
            }
            Kind::TypeAnnotation => func.returns = s.annotation(),
            Kind::Block => func.body = s.body_after(&properties),
            Kind::Computed => key = s.computed_key(&mut func),
            Kind::Identifier if kind == Kind::ArrowFunction && !in_body => {
                let pattern = s.expr(part);
                func.params.push(plain(pattern));
            }
            Kind::Identifier | Kind::Private | Kind::String | Kind::Number
                if kind != Kind::ArrowFunction =>
            {
                func.name = Some(s.property_name(part));
            }
            _ if in_body && part.is_expr() => func.body = s.returned(part),
            _ => {}
        });
        func.size = self.b.size() - before;
        Method {
            func: self.b.func(func),
            key,
        }
    }

    fn computed_key(&mut self, func: &mut Func) -> Option<ExprId> {
        let span = self.span();
        let key = self.inner(span);
        if let Expr::Str(name) = self.b.tree.expr(key) {
            let name = Arc::clone(name);
            func.name = Some(self.b.intern(&name));
            return None;
        }
        Some(key)
    }

    /// The body of an arrow without braces.
    fn returned(&mut self, kind: Kind) -> Block {
        let span = self.span();
        let mark = self.stmts.len();
        let value = self.expr(kind);
        let stmt = self.b.stmt(Stmt::Return(Some(value)), span);
        self.stmts.push(stmt);
        self.take_block(mark)
    }

    /// The body at hand, after an assignment to `this` for each parameter property.
    fn body_after(&mut self, properties: &[ExprId]) -> Block {
        let mark = self.stmts.len();
        for &property in properties {
            let Expr::Name(name) = *self.b.tree.expr(property) else {
                continue;
            };
            let span = self.b.tree.span(property);
            let this = self.b.expr(Expr::This, span);
            let target = self.b.expr(Expr::Attr { object: this, name }, span);
            let value = self.b.expr(Expr::Name(name), span);
            let targets = self.b.exprs(&[target]);
            self.push_assign(targets, None, value, None, false, span);
        }
        self.push_statements();
        self.take_block(mark)
    }

    pub(super) fn params(&mut self, params: &mut Vec<Param>, properties: &mut Vec<ExprId>) {
        self.children(|s, kind| match kind {
            Kind::Param => s.typed_param(params, properties),
            Kind::AssignPattern => {
                let span = s.span();
                let (target, default) = s.target_and_default();
                let pattern = target.unwrap_or_else(|| s.unknown(span));
                params.push(Param {
                    default,
                    ..plain(pattern)
                });
            }
            Kind::Rest => {
                let span = s.span();
                let pattern = s.inner(span);
                params.push(Param {
                    kind: ParamKind::Rest,
                    ..plain(pattern)
                });
            }
            _ if kind.is_expr() => {
                let pattern = s.expr(kind);
                params.push(plain(pattern));
            }
            _ => {}
        });
    }

    /// A TypeScript parameter; with an accessibility it is a property as well.
    fn typed_param(&mut self, params: &mut Vec<Param>, properties: &mut Vec<ExprId>) {
        let mut param: Option<Param> = None;
        let (mut is_property, mut is_this) = (false, false);
        self.children(|s, kind| match kind {
            Kind::Accessibility | Kind::ReadonlyWord => is_property = true,
            Kind::This => is_this = true,
            Kind::Decorator => s.evaluated_decorator(),
            Kind::TypeAnnotation => {
                let annotation = s.annotation();
                if let Some(param) = &mut param {
                    param.annotation = annotation;
                }
            }
            Kind::Rest => {
                let span = s.span();
                let pattern = s.inner(span);
                param = Some(Param {
                    kind: ParamKind::Rest,
                    ..plain(pattern)
                });
            }
            _ if kind.is_expr() => match &mut param {
                None => param = Some(plain(s.pattern(kind))),
                Some(param) => param.default = Some(s.expr(kind)),
            },
            _ => {}
        });
        let Some(param) = param.filter(|_| !is_this) else {
            return;
        };
        if is_property {
            properties.push(param.pattern);
        }
        params.push(param);
    }

    /// Keeps the decorator at hand for the class or method after it.
    pub(super) fn decorator(&mut self) {
        let span = self.span();
        let id = self.inner(span);
        self.decorators.push(id);
    }

    /// A decorator that has no place in the neutral tree still is evaluated, before the
    /// statement or member that it decorates.
    pub(super) fn evaluated_decorator(&mut self) {
        let span = self.span();
        let value = self.inner(span);
        let stmt = self.b.stmt(Stmt::Expr(value), span);
        self.stmts.push(stmt);
    }

    pub(super) fn take_decorators(&mut self) -> Exprs {
        if self.decorators.is_empty() {
            return Exprs::default();
        }
        let list = self.b.exprs(&self.decorators);
        self.decorators.clear();
        list
    }

    /// Takes the documentation comment right before the place that [`Lower::documented`] names.
    pub(super) fn take_doc(&mut self) -> Option<Arc<str>> {
        let start = self.documented.take()?;
        let comment = self.b.tree.comments.last()?;
        let gap = self.b.text(Span {
            start: comment.end,
            end: start,
        });
        if comment.end > start
            || gap.len() > MAX_GAP
            || !gap.bytes().all(|b| b.is_ascii_whitespace())
        {
            return None;
        }
        literal::documentation(self.b.text(*comment)).map(Arc::from)
    }
}

/// A parameter that is only a pattern.
pub(super) fn plain(pattern: ExprId) -> Param {
    Param {
        pattern,
        default: None,
        annotation: None,
        decorators: Exprs::default(),
        kind: ParamKind::Plain,
    }
}
