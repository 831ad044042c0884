//! Expressions.

use super::{Kind, Lower, Part, literal};
use crate::tree::{
    BinaryOp, Block, Class, Expr, ExprId, Exprs, Func, FuncFlags, ParamKind, Span, Stmt,
};

impl Lower<'_, '_> {
    /// Lowers the expression at hand.
    ///
    /// Chains (`a + b + c`, `a.b().c()`) may be thousands long and lean to the left, so they
    /// are walked down to their first operand and built on the way back.
    pub(super) fn expr(&mut self, kind: Kind) -> ExprId {
        let whole = self.span();
        if !kind.is_chain() {
            return self.operand(kind, whole);
        }
        if !self.b.enter(whole) {
            return self.unknown(whole);
        }
        let mark = self.chain.len();
        let mut kind = Some(kind);
        let mut id = loop {
            match kind {
                Some(link) if link.is_chain() => {
                    let span = self.span();
                    if !self.down() {
                        break self.unknown(span);
                    }
                    self.chain.push((link, span));
                    kind = self.next();
                    if link == Kind::Invoke && self.part() == Part::Name {
                        // `name(args)`: there is no receiver to begin with.
                        self.chain.pop();
                        let span_of_name = self.span();
                        let name = self.sym();
                        let callee = self.b.expr(Expr::Name(name), span_of_name);
                        let id = self.call(callee, span);
                        self.up();
                        break id;
                    }
                }
                Some(kind) => {
                    let span = self.span();
                    break self.operand(kind, span);
                }
                None => break self.unknown(whole),
            }
        };
        while self.chain.len() > mark {
            let (link, span) = self.chain.pop().expect("the chain is longer than its mark");
            id = match link {
                Kind::Field => self.field(id, span),
                Kind::Invoke => self.invoke(id, span),
                Kind::ArrayAccess => self.subscript(id, span),
                Kind::Binary => self.binary(id, span),
                Kind::InstanceOf => self.instance_of(id, span),
                _ => self.ternary(id, span),
            };
            self.up();
        }
        self.b.leave();
        id
    }

    fn operand(&mut self, kind: Kind, span: Span) -> ExprId {
        let expr = match kind {
            Kind::Identifier if span.start == span.end => Expr::Other(Exprs::default()),
            Kind::Identifier => Expr::Name(self.sym()),
            Kind::String | Kind::Char => {
                Expr::Str(literal::string(self.b.text(span)).as_ref().into())
            }
            Kind::Whole if span.start < span.end => literal::whole(self.b.text(span)),
            Kind::Float => literal::float(self.b.text(span)),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Null => Expr::Null,
            Kind::This => Expr::This,
            Kind::Super => Expr::Super,
            _ => return self.compound(kind, span),
        };
        self.b.expr(expr, span)
    }

    fn compound(&mut self, kind: Kind, span: Span) -> ExprId {
        if !self.b.enter(span) {
            return self.unknown(span);
        }
        let id = match kind {
            Kind::Paren => self.inner(span),
            Kind::Assign => {
                let (target, op, value) = self.assignment(span);
                self.b.expr(Expr::Assign { target, op, value }, span)
            }
            Kind::Update => {
                let (target, op, value) = self.update(span);
                let op = Some(op);
                self.b.expr(Expr::Assign { target, op, value }, span)
            }
            Kind::Unary => self.unary(span),
            Kind::Cast => self.cast(span),
            Kind::Lambda => self.lambda(span),
            Kind::New => self.new_object(span),
            Kind::NewArray => self.new_array(span),
            Kind::MethodRef => self.method_ref(span),
            Kind::ClassLiteral => self.class_literal(span),
            Kind::ArrayInit => self.array(span),
            Kind::Annotation => self.annotation(),
            Kind::ScopedName => self.scoped_name(span),
            Kind::Switch => self.switch_value(span),
            _ => self.other(span),
        };
        self.b.leave();
        id
    }

    /// Lowers what has no shape of its own to its inner expressions.
    fn other(&mut self, span: Span) -> ExprId {
        let mark = self.ids.len();
        self.children(Self::push_expr);
        let parts = self.list(mark);
        self.b.expr(Expr::Other(parts), span)
    }

    fn push_expr(&mut self, kind: Kind) {
        if kind.is_expr() {
            let id = self.expr(kind);
            self.ids.push(id);
        }
    }

    /// Lowers the one expression inside the node at hand.
    pub(super) fn inner(&mut self, span: Span) -> ExprId {
        let mut inner = None;
        self.children(|s, kind| {
            if kind.is_expr() {
                inner = Some(s.expr(kind));
            }
        });
        inner.unwrap_or_else(|| self.unknown(span))
    }

    /// `a.b`, `Outer.this`, `Outer.super`.
    fn field(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut id = object;
        while let Some(kind) = self.next() {
            match kind {
                Kind::Identifier => {
                    let name = self.sym();
                    id = self.b.expr(Expr::Attr { object: id, name }, span);
                }
                Kind::This => {
                    let name = self.b.intern("this");
                    id = self.b.expr(Expr::Attr { object: id, name }, span);
                }
                Kind::Super => id = self.b.expr(Expr::Super, span),
                _ => {}
            }
        }
        id
    }

    /// `object.name(args)`, from after the object on.
    fn invoke(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut callee = object;
        while let Some(kind) = self.next() {
            match kind {
                Kind::Super => {
                    let at = self.span();
                    callee = self.b.expr(Expr::Super, at);
                }
                Kind::Identifier => {
                    let at = self.b.tree.span(object).cover(self.span());
                    let name = self.sym();
                    callee = self.b.expr(
                        Expr::Attr {
                            object: callee,
                            name,
                        },
                        at,
                    );
                    break;
                }
                _ => {}
            }
        }
        self.call(callee, span)
    }

    /// The arguments that follow what is called.
    fn call(&mut self, callee: ExprId, span: Span) -> ExprId {
        let mut args = Exprs::default();
        while let Some(kind) = self.next() {
            if kind == Kind::Arguments {
                args = self.arguments();
            }
        }
        let new = false;
        self.b.expr(Expr::Call { callee, args, new }, span)
    }

    pub(super) fn arguments(&mut self) -> Exprs {
        if self.text() == "()" {
            return Exprs::default();
        }
        let mark = self.ids.len();
        self.children(|s, kind| {
            if kind == Kind::ElementPair {
                let pair = s.element_pair();
                s.ids.extend(pair);
            } else {
                s.push_expr(kind);
            }
        });
        self.list(mark)
    }

    /// `name = value` of an annotation.
    fn element_pair(&mut self) -> Option<ExprId> {
        let span = self.span();
        let (mut name, mut value) = (None, None);
        self.children(|s, kind| {
            if kind == Kind::Identifier && name.is_none() {
                name = Some(s.sym());
            } else if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        let (name, value) = (name?, value?);
        Some(self.b.expr(Expr::Keyword { name, value }, span))
    }

    /// `@Name(args)`: a call of the annotation.
    pub(super) fn annotation(&mut self) -> ExprId {
        let span = self.span();
        let mut callee = None;
        let mut args = Exprs::default();
        self.children(|s, kind| match kind {
            Kind::Arguments => args = s.arguments(),
            Kind::Identifier | Kind::ScopedName => callee = Some(s.expr(kind)),
            _ => {}
        });
        let callee = callee.unwrap_or_else(|| self.unknown(span));
        let new = false;
        self.b.expr(Expr::Call { callee, args, new }, span)
    }

    /// `a.b.c` as a name of packages and classes.
    fn scoped_name(&mut self, span: Span) -> ExprId {
        let mut id = None;
        self.children(|s, kind| {
            if !matches!(kind, Kind::Identifier | Kind::ScopedName) {
                return;
            }
            id = Some(match id {
                Some(object) => {
                    let name = s.sym();
                    s.b.expr(Expr::Attr { object, name }, span)
                }
                None => s.expr(kind),
            });
        });
        id.unwrap_or_else(|| self.unknown(span))
    }

    fn subscript(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut index = None;
        while let Some(kind) = self.next() {
            if kind.is_expr() {
                index = Some(self.expr(kind));
            }
        }
        let index = index.unwrap_or_else(|| self.unknown(span));
        self.b.expr(Expr::Index { object, index }, span)
    }

    fn cast(&mut self, span: Span) -> ExprId {
        let (mut kind, mut value) = (None, None);
        let mut is_number = false;
        self.children(|s, child| {
            if child.is_type() {
                // Of `(A & B) x` the first is what calls are looked up in.
                is_number = child == Kind::Primitive;
                let found = s.type_expr(child);
                kind = kind.or(Some(found));
            } else if child.is_expr() {
                value = Some(s.expr(child));
            }
        });
        let value = value.unwrap_or_else(|| self.unknown(span));
        let value = if is_number {
            self.numeric(value)
        } else {
            value
        };
        match kind {
            Some(kind) => self.b.expr(Expr::Cast { kind, value }, span),
            None => value,
        }
    }

    fn lambda(&mut self, span: Span) -> ExprId {
        let before = self.b.size();
        let yields = std::mem::replace(&mut self.yields, false);
        let mut params = Vec::new();
        let mut body = Block::default();
        let mut in_body = false;
        self.children(|s, kind| match kind {
            Kind::Arrow => in_body = true,
            Kind::Params => s.params(&mut params),
            Kind::Identifier if !in_body => {
                let pattern = s.expr(kind);
                params.push(super::method::plain(pattern, ParamKind::Plain));
            }
            Kind::Block => body = s.block(),
            _ if in_body && kind.is_expr() => body = s.returned(kind),
            _ => {}
        });
        self.yields = yields;
        let func = self.b.func(Func {
            name: None,
            params,
            body,
            decorators: Exprs::default(),
            doc: None,
            returns: None,
            flags: FuncFlags {
                is_arrow: true,
                ..FuncFlags::default()
            },
            span,
            size: self.b.size() - before,
        });
        self.b.expr(Expr::Func(func), span)
    }

    /// A body that is one expression.
    fn returned(&mut self, kind: Kind) -> Block {
        let span = self.span();
        let value = self.expr(kind);
        let stmt = self.b.stmt(Stmt::Return(Some(value)), span);
        self.b.block(&[stmt])
    }

    /// `new T(args)`, `new T(args) { … }`.
    fn new_object(&mut self, span: Span) -> ExprId {
        let mut callee = None;
        let mut args = Exprs::default();
        let mut is_new = false;
        self.children(|s, kind| match kind {
            Kind::NewWord => is_new = true,
            Kind::Arguments => args = s.arguments(),
            Kind::ClassBody => {
                let at = s.span();
                let bases = s.b.exprs(callee.as_slice());
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
            _ if is_new && kind.is_type() => callee = Some(s.plain_type(kind)),
            _ => {}
        });
        let callee = callee.unwrap_or_else(|| self.unknown(span));
        let new = true;
        self.b.expr(Expr::Call { callee, args, new }, span)
    }

    /// `new int[] {1, 2}` is its items; `new int[n]` a list of zeros or nulls, n times.
    fn new_array(&mut self, span: Span) -> ExprId {
        let (mut items, mut size) = (None, None);
        let mut is_number = false;
        self.children(|s, kind| match kind {
            Kind::ArrayInit => items = Some(s.expr(kind)),
            Kind::DimensionsExpr => {
                let at = s.span();
                let one = s.inner(at);
                size = size.or(Some(one));
            }
            Kind::Primitive => is_number = s.text() != "boolean",
            _ => {}
        });
        if let Some(items) = items {
            return items;
        }
        let zero = if is_number { Expr::Int(0) } else { Expr::Null };
        let zero = self.b.expr(zero, span);
        let one = self.b.exprs(&[zero]);
        let left = self.b.expr(Expr::List(one), span);
        let right = size.unwrap_or_else(|| self.unknown(span));
        let op = BinaryOp::Mul;
        self.b.expr(Expr::Binary { op, left, right }, span)
    }

    fn array(&mut self, span: Span) -> ExprId {
        let mark = self.ids.len();
        self.children(Self::push_expr);
        let items = self.list(mark);
        self.b.expr(Expr::List(items), span)
    }

    /// `A::b` is the method itself, named with parentheses; `A::new` is the class.
    fn method_ref(&mut self, span: Span) -> ExprId {
        let (mut object, mut name, mut is_new) = (None, None, false);
        self.children(|s, kind| {
            if kind == Kind::NewWord {
                is_new = true;
            } else if object.is_some() && kind == Kind::Identifier {
                name = Some(format!("{}()", s.text()));
            } else if object.is_none() && kind.is_type() {
                object = Some(s.plain_type(kind));
            } else if object.is_none() && kind.is_expr() {
                object = Some(s.expr(kind));
            }
        });
        let object = object.unwrap_or_else(|| self.unknown(span));
        match name {
            Some(name) if !is_new => {
                let name = self.b.intern(&name);
                self.b.expr(Expr::Attr { object, name }, span)
            }
            _ => object,
        }
    }

    fn class_literal(&mut self, span: Span) -> ExprId {
        let mut object = None;
        self.children(|s, kind| {
            if kind.is_type() {
                object = Some(s.plain_type(kind));
            }
        });
        let object = object.unwrap_or_else(|| self.unknown(span));
        let name = self.b.intern("class");
        self.b.expr(Expr::Attr { object, name }, span)
    }
}
