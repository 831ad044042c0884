//! Expressions.

use super::literal;
use super::{Kind, Lower};
use crate::tree::{Expr, ExprId, Exprs, Span};

/// Longest member expression that is read as text, in bytes.
const MAX_PLAIN: u32 = 128;

impl Lower<'_, '_> {
    /// Lowers the expression or pattern at hand.
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
                    if link == Kind::Member
                        && let Some(id) = self.plain_member(span)
                    {
                        break id;
                    }
                    if !self.down() {
                        break self.unknown(span);
                    }
                    self.chain.push((link, span));
                    kind = self.next();
                }
                Some(kind) => {
                    let span = self.span();
                    break self.operand(kind, span);
                }
                None => break self.unknown(whole),
            }
        };
        // `import.meta`, and `import(…)` until something else is done with the word.
        let mut of_import = kind == Some(Kind::ImportWord);
        while self.chain.len() > mark {
            let (link, span) = self.chain.pop().expect("the chain is longer than its mark");
            id = match link {
                Kind::Member => self.member(id, span, &mut of_import),
                Kind::Call => self.call(id, span, of_import),
                Kind::Subscript => self.subscript(id, span),
                Kind::Binary => self.binary(id, span),
                Kind::Ternary => self.ternary(id, span),
                Kind::Sequence => self.sequence(id, span),
                _ => self.erased_type(id),
            };
            of_import &= link == Kind::Member;
            self.up();
        }
        self.b.leave();
        id
    }

    fn operand(&mut self, kind: Kind, span: Span) -> ExprId {
        let expr = match kind {
            Kind::Identifier if span.start == span.end => Expr::Other(Exprs::default()),
            Kind::Identifier | Kind::Private => Expr::Name(self.name(span)),
            Kind::String => {
                Expr::Str(literal::unescaped(literal::unquoted(self.b.text(span))).into())
            }
            Kind::Number if span.start < span.end => literal::number(self.b.text(span)),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Null => Expr::Null,
            Kind::Undefined => Expr::Undefined,
            Kind::This => Expr::This,
            Kind::Super => Expr::Super,
            Kind::ImportWord | Kind::MetaProperty => Expr::Meta,
            Kind::Regex => regex(self.b.text(span)),
            _ => return self.compound(kind, span),
        };
        self.b.expr(expr, span)
    }

    fn compound(&mut self, kind: Kind, span: Span) -> ExprId {
        if !self.b.enter(span) {
            return self.unknown(span);
        }
        let id = match kind {
            Kind::Paren | Kind::TypeAssertion => self.inner(span),
            Kind::Object | Kind::ObjectPattern => self.object(span),
            Kind::Array | Kind::ArrayPattern => self.array(span),
            Kind::AssignPattern | Kind::Rest => self.pattern(kind),
            Kind::Template => self.template(span),
            Kind::ArrowFunction | Kind::FunctionValue => {
                let func = self.function(kind).func;
                self.b.expr(Expr::Func(func), span)
            }
            Kind::ClassValue => {
                let class = self.class();
                self.b.expr(Expr::Class(class), span)
            }
            Kind::Assign | Kind::Augmented => self.assignment(span),
            Kind::Update => {
                let (target, op, value) = self.update(span);
                self.b.expr(
                    Expr::Assign {
                        target,
                        op: Some(op),
                        value,
                    },
                    span,
                )
            }
            Kind::Unary => self.unary(span),
            Kind::New => self.new_call(span),
            Kind::Await => {
                let value = self.inner(span);
                self.b.expr(Expr::Await(value), span)
            }
            Kind::Yield => self.yielded(span),
            Kind::JsxElement | Kind::JsxSelfClosing => self.element(kind, span),
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

    /// Lowers `a.b.c` by its text alone, which saves the walk through the most frequent of all
    /// compound expressions; `None` if there is anything else in it.
    fn plain_member(&mut self, span: Span) -> Option<ExprId> {
        // Longer ones would be read again for every link of a chain around them.
        if self.is_broken || span.end - span.start > MAX_PLAIN {
            return None;
        }
        let text = self.b.text(span);
        let bytes = text.as_bytes();
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'$';
        let first_end = bytes.iter().position(|&b| !is_plain(b))?;
        if bytes[0].is_ascii_digit()
            || !bytes[first_end..].iter().all(|&b| is_plain(b) || b == b'.')
        {
            return None;
        }
        let object = match &text[..first_end] {
            "this" => Expr::This,
            "super" => Expr::Super,
            "" | "import" | "null" | "undefined" | "true" | "false" => return None,
            name => Expr::Name(self.b.intern(name)),
        };
        let mut at = Span::new(span.start, span.start + first_end as u32);
        let mut id = self.b.expr(object, at);
        let mut from = first_end + 1;
        while from <= bytes.len() {
            let rest = &bytes[from..];
            let len = rest.iter().position(|&b| b == b'.').unwrap_or(rest.len());
            let name = self.b.intern(&text[from..from + len]);
            from += len + 1;
            at.end = span.start + from as u32 - 1;
            id = self.b.expr(Expr::Attr { object: id, name }, at);
        }
        Some(id)
    }

    fn member(&mut self, object: ExprId, span: Span, of_import: &mut bool) -> ExprId {
        let mut name = None;
        while let Some(kind) = self.next() {
            if matches!(kind, Kind::Identifier | Kind::Private) {
                name = Some(self.sym());
                if *of_import && self.text() == "meta" {
                    *of_import = false;
                    name = None;
                }
            }
        }
        match name {
            Some(name) => self.b.expr(Expr::Attr { object, name }, span),
            None => object,
        }
    }

    fn subscript(&mut self, object: ExprId, span: Span) -> ExprId {
        let mut index = None;
        while let Some(kind) = self.next() {
            if kind.is_expr() {
                index = Some(self.expr(kind));
            }
        }
        let index = index.unwrap_or_else(|| self.unknown(span));
        if self.is_await(object) {
            // `await [f, g][0]`: the grammar takes the list for an index.
            let items = match *self.b.tree.expr(index) {
                Expr::Sequence(items) => items,
                _ => self.b.exprs(&[index]),
            };
            let list = self.b.expr(Expr::List(items), span);
            return self.b.expr(Expr::Await(list), span);
        }
        self.b.expr(Expr::Index { object, index }, span)
    }

    fn call(&mut self, callee: ExprId, span: Span, of_import: bool) -> ExprId {
        let mut args = Exprs::default();
        while let Some(kind) = self.next() {
            match kind {
                Kind::Arguments => args = self.arguments(),
                Kind::Template => {
                    let mark = self.ids.len();
                    let text = self.span();
                    self.template_parts(text, true);
                    let parts = self.list(mark);
                    return self
                        .b
                        .expr(Expr::TaggedTemplate { tag: callee, parts }, span);
                }
                Kind::TypeArguments | Kind::Type => self.skip(),
                _ => {}
            }
        }
        match *self.b.tree.exprs(args) {
            [module, ..] if of_import => self.b.expr(Expr::ImportCall(module), span),
            // `await (f)(x)`: the grammar takes it for the call of a function named `await`.
            [waited] if self.is_await(callee) => self.b.expr(Expr::Await(waited), span),
            _ => self.b.expr(
                Expr::Call {
                    callee,
                    args,
                    new: false,
                },
                span,
            ),
        }
    }

    /// Whether this is the word `await` where the grammar takes it for a name.
    fn is_await(&self, callee: ExprId) -> bool {
        matches!(self.b.tree.expr(callee), Expr::Name(_))
            && self.b.text(self.b.tree.span(callee)) == "await"
    }

    fn new_call(&mut self, span: Span) -> ExprId {
        let mut callee = None;
        let mut args = Exprs::default();
        self.children(|s, kind| match kind {
            Kind::Arguments => args = s.arguments(),
            _ if kind.is_expr() => callee = Some(s.expr(kind)),
            _ => {}
        });
        let callee = callee.unwrap_or_else(|| self.unknown(span));
        self.b.expr(
            Expr::Call {
                callee,
                args,
                new: true,
            },
            span,
        )
    }

    pub(super) fn arguments(&mut self) -> Exprs {
        if self.text() == "()" {
            return Exprs::default();
        }
        let mark = self.ids.len();
        self.children(Self::push_item);
        self.list(mark)
    }

    fn push_item(&mut self, kind: Kind) {
        if kind == Kind::Spread {
            let id = self.spread();
            self.ids.push(id);
        } else {
            self.push_expr(kind);
        }
    }

    pub(super) fn spread(&mut self) -> ExprId {
        let span = self.span();
        let value = self.inner(span);
        self.b.expr(Expr::Spread(value), span)
    }

    fn array(&mut self, span: Span) -> ExprId {
        let mark = self.ids.len();
        let mut hole = true;
        self.children(|s, kind| match kind {
            Kind::Comma => {
                if hole {
                    let at = s.span();
                    let id = s.b.expr(Expr::Undefined, at);
                    s.ids.push(id);
                }
                hole = true;
            }
            Kind::Spread => {
                s.push_item(kind);
                hole = false;
            }
            _ if kind.is_expr() => {
                let id = s.pattern(kind);
                s.ids.push(id);
                hole = false;
            }
            _ => {}
        });
        let items = self.list(mark);
        self.b.expr(Expr::List(items), span)
    }

    /// `a, b, c`; some grammars nest it to the left, which is one list all the same.
    fn sequence(&mut self, first: ExprId, span: Span) -> ExprId {
        let mark = self.ids.len();
        self.ids.push(first);
        while let Some(kind) = self.next() {
            self.push_expr(kind);
        }
        let items = self.list(mark);
        self.b.expr(Expr::Sequence(items), span)
    }

    fn erased_type(&mut self, value: ExprId) -> ExprId {
        while self.next().is_some() {
            self.skip();
        }
        value
    }

    fn yielded(&mut self, span: Span) -> ExprId {
        let mut value = None;
        self.children(|s, kind| {
            if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        let value = value.unwrap_or_else(|| self.b.expr(Expr::Null, span));
        self.b.expr(Expr::Yield(value), span)
    }
}

fn regex(text: &str) -> Expr {
    let text = text.strip_prefix('/').unwrap_or(text);
    let (pattern, flags) = text.rsplit_once('/').unwrap_or((text, ""));
    Expr::Regex {
        pattern: pattern.into(),
        flags: flags.into(),
    }
}
