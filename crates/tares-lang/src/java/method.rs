//! Methods, constructors, initialisers and their parameters.

use super::{CONSTRUCTOR, INSTANCE, Kind, Lower, literal};
use crate::tree::{Block, Expr, ExprId, Exprs, Func, FuncFlags, Param, ParamKind, Span, Stmt};
use std::sync::Arc;

/// Most white space between a documentation comment and what it documents, in bytes.
const MAX_GAP: usize = 256;

/// What the modifiers in front of a declaration say.
#[derive(Default)]
pub(super) struct Modifiers {
    /// Annotations, in order.
    pub(super) decorators: Exprs,
    pub(super) is_static: bool,
}

impl Lower<'_, '_> {
    pub(super) fn modifiers(&mut self) -> Modifiers {
        let mut is_static = false;
        let mark = self.ids.len();
        self.children(|s, kind| match kind {
            Kind::Annotation => {
                let span = s.span();
                if s.b.enter(span) {
                    let id = s.annotation();
                    s.b.leave();
                    s.ids.push(id);
                }
            }
            Kind::Static => is_static = true,
            _ => {}
        });
        Modifiers {
            decorators: self.list(mark),
            is_static,
        }
    }

    /// Lowers the method or constructor at hand. `fields` are the components of the record
    /// around it, which a compact constructor takes and keeps.
    pub(super) fn method(&mut self, kind: Kind, fields: &[Param]) {
        let span = self.span();
        let before = self.b.size();
        let yields = std::mem::replace(&mut self.yields, false);
        let mut func = self.empty_func(span);
        let mut is_compact = kind == Kind::Constructor;
        if is_compact {
            func.name = Some(self.b.intern(CONSTRUCTOR));
        }
        self.children(|s, part| match part {
            Kind::Modifiers => {
                let modifiers = s.modifiers();
                func.decorators = modifiers.decorators;
                func.flags.is_static = modifiers.is_static;
            }
            Kind::Identifier if kind == Kind::Method => func.name = Some(s.sym()),
            Kind::Params => {
                is_compact = false;
                s.params(&mut func.params);
            }
            Kind::Block => {
                func.body = if is_compact {
                    s.compact_body(fields)
                } else {
                    s.block()
                };
            }
            _ if part.is_type() => func.returns = Some(s.type_expr(part)),
            _ => {}
        });
        if is_compact {
            func.params.extend_from_slice(fields);
        }
        self.yields = yields;
        func.size = self.b.size() - before;
        let id = self.b.func(func);
        self.push(Stmt::Func(id), span);
    }

    /// An initialiser of instances: a method that every constructor begins with.
    pub(super) fn instance_block(&mut self) {
        let span = self.span();
        let before = self.b.size();
        let mut func = self.empty_func(span);
        func.name = Some(self.b.intern(INSTANCE));
        func.body = self.block();
        func.size = self.b.size() - before;
        let id = self.b.func(func);
        self.push(Stmt::Func(id), span);
    }

    pub(super) fn empty_func(&mut self, span: Span) -> Func {
        Func {
            name: None,
            params: Vec::new(),
            body: Block::default(),
            decorators: Exprs::default(),
            doc: self.take_doc(span.start),
            returns: None,
            flags: FuncFlags::default(),
            span,
            size: 0,
        }
    }

    /// The statements of a record's constructor without parameters, then what it keeps.
    fn compact_body(&mut self, fields: &[Param]) -> Block {
        let mark = self.stmts.len();
        self.push_statements();
        self.push_kept(fields);
        self.take_block(mark)
    }

    /// The constructor that a record has without saying so.
    pub(super) fn record_constructor(&mut self, fields: &[Param], span: Span) {
        let before = self.b.size();
        let mark = self.stmts.len();
        self.push_kept(fields);
        let body = self.take_block(mark);
        let func = Func {
            name: Some(self.b.intern(CONSTRUCTOR)),
            params: fields.to_vec(),
            body,
            decorators: Exprs::default(),
            doc: None,
            returns: None,
            flags: FuncFlags::default(),
            span,
            size: self.b.size() - before,
        };
        let id = self.b.func(func);
        self.push(Stmt::Func(id), span);
    }

    /// `this.x = x` for each component.
    fn push_kept(&mut self, fields: &[Param]) {
        for field in fields {
            let span = self.b.tree.span(field.pattern);
            let Expr::Name(name) = *self.b.tree.expr(field.pattern) else {
                continue;
            };
            let object = self.b.expr(Expr::This, span);
            let target = self.b.expr(Expr::Attr { object, name }, span);
            let value = self.b.expr(Expr::Name(name), span);
            let targets = self.b.exprs(&[target]);
            self.push_assign(targets, None, value, None, false, span);
        }
    }

    pub(super) fn params(&mut self, params: &mut Vec<Param>) {
        self.children(|s, kind| match kind {
            Kind::Param | Kind::Spread => {
                let param = s.param(kind);
                params.extend(param);
            }
            Kind::Identifier => {
                let pattern = s.expr(kind);
                params.push(plain(pattern, ParamKind::Plain));
            }
            _ => {}
        });
    }

    fn param(&mut self, kind: Kind) -> Option<Param> {
        let (mut pattern, mut annotation) = (None, None);
        let mut decorators = Exprs::default();
        self.children(|s, part| match part {
            Kind::Modifiers => decorators = s.modifiers().decorators,
            Kind::Identifier => pattern = Some(s.expr(part)),
            Kind::Declarator => s.children(|s, part| {
                if part == Kind::Identifier {
                    pattern = Some(s.expr(part));
                }
            }),
            _ if part.is_type() => annotation = Some(s.type_expr(part)),
            _ => {}
        });
        let kind = if kind == Kind::Spread {
            ParamKind::Rest
        } else {
            ParamKind::Plain
        };
        Some(Param {
            annotation,
            decorators,
            ..plain(pattern?, kind)
        })
    }

    /// Takes the documentation comment right before a place.
    pub(super) fn take_doc(&mut self, start: u32) -> Option<Arc<str>> {
        let comment = *self.b.tree.comments.last()?;
        if comment.end > start {
            return None;
        }
        let gap = self.b.text(Span::new(comment.end, start));
        if gap.len() > MAX_GAP || !gap.bytes().all(|b| b.is_ascii_whitespace()) {
            return None;
        }
        literal::documentation(self.b.text(comment)).map(Arc::from)
    }
}

/// A parameter that is only a name.
pub(super) fn plain(pattern: ExprId, kind: ParamKind) -> Param {
    Param {
        pattern,
        default: None,
        annotation: None,
        decorators: Exprs::default(),
        kind,
    }
}
