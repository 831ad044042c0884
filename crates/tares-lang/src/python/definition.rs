//! Functions, lambdas, parameters, decorators and classes.

use super::kind::Kind;
use super::{Lower, Span};
use crate::tree::{
    Block, Class, ClassId, Expr, ExprId, Exprs, Func, FuncFlags, FuncId, Param, ParamKind, Stmt,
};
use std::sync::Arc;

impl Lower<'_, '_> {
    /// A definition with its decorators; its span begins with the first of them.
    pub(super) fn decorated(&mut self, span: Span) {
        let mark = self.items.len();
        self.each(|lower| match lower.kind {
            Kind::Decorator => {
                let [value] = lower.all();
                lower.items.push(value);
            }
            Kind::FunctionDef => {
                let decorators = lower.take(mark);
                let id = lower.function(span, decorators);
                lower.push(Stmt::Func(id), span);
            }
            Kind::ClassDef => {
                let decorators = lower.take(mark);
                let id = lower.class(span, decorators);
                lower.push(Stmt::Class(id), span);
            }
            _ => {}
        });
        // Decorators of a definition that is missing.
        let calls: Vec<ExprId> = self.items.drain(mark..).collect();
        for id in calls {
            let place = self.b.tree.span(id);
            self.push(Stmt::Expr(id), place);
        }
    }

    pub(super) fn function(&mut self, span: Span, decorators: Exprs) -> FuncId {
        let size = self.b.size();
        let outer = std::mem::replace(&mut self.yields, false);
        let (mut name, mut params, mut returns) = (None, Vec::new(), None);
        let mut body = Block::default();
        let mut flags = FuncFlags::default();
        self.each(|lower| match lower.kind {
            Kind::Async => flags.is_async = true,
            Kind::Identifier => name = Some(lower.name(lower.span())),
            Kind::Parameters => params = lower.params(),
            Kind::Block => body = lower.block(),
            kind if kind.is_value() => returns = Some(lower.expr()),
            _ => {}
        });
        flags.is_generator = std::mem::replace(&mut self.yields, outer);
        let doc = self.doc(body);
        let size = self.b.size() - size;
        self.b.func(Func {
            name,
            params,
            body,
            decorators,
            doc,
            returns,
            flags,
            span,
            size,
        })
    }

    pub(super) fn lambda(&mut self, span: Span) -> ExprId {
        let size = self.b.size();
        let outer = std::mem::replace(&mut self.yields, false);
        let (mut params, mut value) = (Vec::new(), None);
        self.each(|lower| match lower.kind {
            Kind::LambdaParameters => params = lower.params(),
            kind if kind.is_value() => value = Some((lower.span(), lower.expr())),
            _ => {}
        });
        let is_generator = std::mem::replace(&mut self.yields, outer);
        let mark = self.stmts.len();
        if let Some((place, value)) = value {
            self.push(Stmt::Return(Some(value)), place);
        }
        let func = Func {
            name: None,
            params,
            body: self.take_block(mark),
            decorators: Exprs::default(),
            doc: None,
            returns: None,
            flags: FuncFlags {
                is_arrow: true,
                is_generator,
                ..FuncFlags::default()
            },
            span,
            size: self.b.size() - size,
        };
        let id = self.b.func(func);
        self.b.expr(Expr::Func(id), span)
    }

    fn params(&mut self) -> Vec<Param> {
        let mut params = Vec::new();
        let mut plain = ParamKind::Plain;
        self.each(|lower| {
            if lower.kind == Kind::KeywordSeparator {
                plain = ParamKind::Keyword;
            } else if lower.kind.is_value() {
                let param = lower.param(plain);
                if param.kind == ParamKind::Rest {
                    plain = ParamKind::Keyword;
                }
                params.push(param);
            }
        });
        params
    }

    fn param(&mut self, plain: ParamKind) -> Param {
        let span = self.span();
        let mut found = Found {
            kind: plain,
            pattern: None,
            default: None,
            annotation: None,
        };
        match self.kind {
            Kind::DefaultParameter | Kind::TypedParameter | Kind::TypedDefaultParameter => {
                self.each(|lower| lower.param_part(&mut found));
            }
            _ => self.param_part(&mut found),
        }
        let pattern = found.pattern.unwrap_or_else(|| self.nothing(span));
        Param {
            pattern,
            default: found.default,
            annotation: found.annotation,
            decorators: Exprs::default(),
            kind: found.kind,
        }
    }

    fn param_part(&mut self, found: &mut Found) {
        match self.kind {
            Kind::Splat | Kind::MapSplat if found.pattern.is_none() => {
                found.kind = if self.kind == Kind::Splat {
                    ParamKind::Rest
                } else {
                    ParamKind::KeywordRest
                };
                let [name] = self.all();
                found.pattern = Some(name);
            }
            Kind::Type => {
                found.annotation = Some(self.expr());
            }
            kind if kind.is_value() => {
                let id = self.expr();
                if found.pattern.is_none() {
                    found.pattern = Some(id);
                } else {
                    found.default = Some(id);
                }
            }
            _ => {}
        }
    }

    pub(super) fn class(&mut self, span: Span, decorators: Exprs) -> ClassId {
        let (mut name, mut bases, mut body) = (None, Exprs::default(), Block::default());
        self.each(|lower| match lower.kind {
            Kind::Identifier => name = Some(lower.name(lower.span())),
            Kind::ArgumentList => bases = lower.values(),
            Kind::Block => body = lower.block(),
            _ => {}
        });
        let doc = self.doc(body);
        self.b.class(Class {
            name,
            bases,
            body,
            decorators,
            doc,
            span,
        })
    }

    /// The text that a body begins with. It stays there too, as a statement with its place.
    fn doc(&self, body: Block) -> Option<Arc<str>> {
        let &first = self.b.tree.block(body).first()?;
        match *self.b.tree.stmt(first) {
            Stmt::Expr(id) => match self.b.tree.expr(id) {
                Expr::Str(text) => Some(Arc::clone(text)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A parameter while its parts are met.
struct Found {
    kind: ParamKind,
    pattern: Option<ExprId>,
    default: Option<ExprId>,
    annotation: Option<ExprId>,
}
