//! Statements.

use super::operator::augmented_op;
use super::{Kind, Lower};
use crate::tree::{BinaryOp, Block, Expr, ExprId, Exprs, Span, Stmt};

impl Lower<'_, '_> {
    /// Lowers the children of the node at hand to a block.
    pub(super) fn block(&mut self) -> Block {
        let mark = self.stmts.len();
        self.push_statements();
        self.take_block(mark)
    }

    pub(super) fn push_statements(&mut self) {
        let first = self.stmts.len();
        self.children(|s, kind| {
            let may_be_method = s.is_broken && kind == Kind::Block && s.stmts.len() > first;
            if !(may_be_method && s.method_excerpt()) {
                s.stmt(kind);
            }
        });
    }

    /// A block with a label is left by `break`, as a loop of one round is. Labels themselves are
    /// not kept: a `break` with one leaves the loop or block that stands next around it.
    fn labelled(&mut self, span: Span) {
        self.children(|s, kind| {
            if kind != Kind::Block {
                return s.stmt(kind);
            }
            let body = s.block();
            let test = s.b.expr(Expr::Bool(false), span);
            let other = Block::default();
            let once = Stmt::While {
                test,
                body,
                other,
                test_last: true,
            };
            s.push(once, span);
        });
    }

    /// Makes a block of the statements pushed since `mark`.
    pub(super) fn take_block(&mut self, mark: usize) -> Block {
        let block = self.b.block(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        block
    }

    /// Lowers the statement at hand as the body of another.
    pub(super) fn body(&mut self, kind: Kind) -> Block {
        if kind == Kind::Block {
            return self.block();
        }
        let mark = self.stmts.len();
        self.stmt(kind);
        self.take_block(mark)
    }

    pub(super) fn push(&mut self, stmt: Stmt, span: Span) {
        let id = self.b.stmt(stmt, span);
        self.stmts.push(id);
    }

    pub(super) fn push_assign(
        &mut self,
        targets: Exprs,
        op: Option<BinaryOp>,
        value: ExprId,
        annotation: Option<ExprId>,
        declares: bool,
        span: Span,
    ) {
        self.push(
            Stmt::Assign {
                targets,
                op,
                value,
                annotation,
                declares,
            },
            span,
        );
    }

    /// Lowers the statement at hand and pushes what it comes to: none, one or several.
    pub(super) fn stmt(&mut self, kind: Kind) {
        if !kind.is_stmt() {
            // Between statements stand only tokens, types and, in broken text, expressions.
            match kind {
                Kind::Type => self.skip(),
                _ if kind.is_compound() => {
                    let span = self.span();
                    self.expr_stmt(kind, span);
                }
                _ => {}
            }
            return;
        }
        let span = self.span();
        if self.b.enter(span) {
            let documented = self.documented.take().unwrap_or(span.start);
            self.lower_stmt(kind, span, documented);
            self.b.leave();
        }
    }

    fn lower_stmt(&mut self, kind: Kind, span: Span, documented: u32) {
        match kind {
            Kind::ExpressionStatement => self.children(|s, kind| {
                if kind.is_expr() || kind == Kind::Namespace {
                    s.expr_stmt(kind, span);
                }
            }),
            Kind::Variable => self.variables(documented),
            Kind::Function => {
                self.documented = Some(documented);
                let func = self.function(kind).func;
                self.push(Stmt::Func(func), span);
            }
            Kind::Class => {
                self.documented = Some(documented);
                let class = self.class();
                self.push(Stmt::Class(class), span);
            }
            Kind::Block => {
                let body = self.block();
                self.push(Stmt::Block(body), span);
            }
            Kind::If => self.if_chain(),
            Kind::For => self.for_loop(span),
            Kind::ForIn => self.for_in(span),
            Kind::While | Kind::Do => self.while_loop(kind, span),
            Kind::Switch => self.switch(span),
            Kind::Try => self.try_stmt(span),
            Kind::Labeled => self.labelled(span),
            Kind::Return => {
                let value = self.value();
                self.push(Stmt::Return(value), span);
            }
            Kind::Throw => {
                let value = self.value();
                self.push(Stmt::Raise(value), span);
            }
            Kind::Break => self.push(Stmt::Break, span),
            Kind::Continue => self.push(Stmt::Continue, span),
            Kind::Debugger => self.push(
                Stmt::Other {
                    exprs: Exprs::default(),
                    body: Block::default(),
                },
                span,
            ),
            Kind::With => self.with_stmt(span),
            Kind::Import => self.import(span),
            Kind::Export => self.export(span),
            Kind::Enum => self.enumeration(span),
            Kind::Namespace => self.namespace(span),
            Kind::ImportAlias => self.import_alias(span),
            _ => self.member_stmt(kind),
        }
    }

    fn value(&mut self) -> Option<ExprId> {
        let mut value = None;
        self.children(|s, kind| {
            if kind.is_expr() {
                value = Some(s.expr(kind));
            }
        });
        value
    }

    pub(super) fn expr_stmt(&mut self, kind: Kind, span: Span) {
        match kind {
            Kind::Namespace => self.namespace(span),
            Kind::Paren if self.b.enter(span) => {
                self.children(|s, kind| {
                    if kind.is_expr() {
                        s.expr_stmt(kind, span);
                    }
                });
                self.b.leave();
            }
            Kind::Assign => self.assign_chain(span),
            Kind::Augmented => self.augmented(span),
            Kind::Update => {
                let (target, op, value) = self.update(span);
                let targets = self.b.exprs(&[target]);
                self.push_assign(targets, Some(op), value, None, false, span);
            }
            _ => {
                let value = self.expr(kind);
                self.push(Stmt::Expr(value), span);
            }
        }
    }

    /// `a = b = value`, of any length.
    fn assign_chain(&mut self, span: Span) {
        let mark = self.ids.len();
        let mut value = None;
        let mut levels = 0;
        'chain: while self.down() {
            levels += 1;
            let mut is_target = true;
            while let Some(kind) = self.next() {
                if !kind.is_expr() {
                } else if is_target {
                    is_target = false;
                    let target = self.pattern(kind);
                    self.ids.push(target);
                } else if kind == Kind::Assign {
                    continue 'chain;
                } else {
                    self.documented = kind.is_documented().then_some(span.start);
                    value = Some(self.expr(kind));
                }
            }
            break;
        }
        for _ in 0..levels {
            self.finish();
        }
        let targets = self.list(mark);
        let value = value.unwrap_or_else(|| self.unknown(span));
        self.push_assign(targets, None, value, None, false, span);
    }

    fn augmented(&mut self, span: Span) {
        let (mut target, mut op, mut value) = (None, None, None);
        self.children(|s, kind| {
            if !kind.is_expr() {
                op = augmented_op(kind).or(op);
            } else if target.is_none() {
                target = Some(s.expr(kind));
            } else {
                value = Some(s.expr(kind));
            }
        });
        if let Some(target) = target {
            let value = value.unwrap_or_else(|| self.unknown(span));
            let targets = self.b.exprs(&[target]);
            self.push_assign(targets, op, value, None, false, span);
        }
    }

    /// `var a = 1, b`: one assignment each.
    pub(super) fn variables(&mut self, documented: u32) {
        let mut declares = true;
        let mut documented = Some(documented);
        self.children(|s, kind| match kind {
            Kind::Var => declares = false,
            Kind::Declarator => {
                s.declarator(declares, documented.take());
            }
            _ => {}
        });
    }

    fn declarator(&mut self, declares: bool, documented: Option<u32>) {
        let span = self.span();
        let (mut target, mut value, mut annotation) = (None, None, None);
        self.children(|s, kind| {
            if kind == Kind::TypeAnnotation {
                annotation = s.annotation();
            } else if !kind.is_expr() {
            } else if target.is_none() {
                target = Some(s.pattern(kind));
            } else {
                s.documented = documented
                    .or(Some(span.start))
                    .filter(|_| kind.is_documented());
                value = Some(s.expr(kind));
            }
        });
        if let Some(target) = target {
            let value = value.unwrap_or_else(|| self.b.expr(Expr::Undefined, span));
            let targets = self.b.exprs(&[target]);
            self.push_assign(targets, None, value, annotation, declares, span);
        }
    }

    /// `if … else if … else`, of any length: walked down to the last `else` and built on the way back.
    fn if_chain(&mut self) {
        let mut links: Vec<(ExprId, Block, Span)> = Vec::new();
        let mut ups = 0;
        let mut other = Block::default();
        'chain: loop {
            let span = self.span();
            let (mut test, mut then) = (None, None);
            if !self.down() {
                break;
            }
            ups += 1;
            while let Some(kind) = self.next() {
                if kind == Kind::Else && self.down() {
                    let next = self.else_body(&mut other);
                    let test = test.unwrap_or_else(|| self.unknown(span));
                    links.push((test, then.unwrap_or_default(), span));
                    ups += 1;
                    if next {
                        continue 'chain;
                    }
                    break 'chain;
                } else if kind.is_expr() {
                    test = Some(self.expr(kind));
                } else if kind.is_stmt() {
                    then = Some(self.body(kind));
                }
            }
            let test = test.unwrap_or_else(|| self.unknown(span));
            links.push((test, then.unwrap_or_default(), span));
            break;
        }
        for _ in 0..ups {
            self.finish();
        }
        while let Some((test, then, span)) = links.pop() {
            let id = self.b.stmt(Stmt::If { test, then, other }, span);
            if links.is_empty() {
                self.stmts.push(id);
            } else {
                other = self.b.block(&[id]);
            }
        }
    }

    /// Lowers what follows `else`; stops on an `if` and says so.
    fn else_body(&mut self, other: &mut Block) -> bool {
        while let Some(kind) = self.next() {
            if kind == Kind::If {
                return true;
            }
            if kind.is_stmt() {
                *other = self.body(kind);
            }
        }
        false
    }

    fn with_stmt(&mut self, span: Span) {
        let mark = self.ids.len();
        let mut body = Block::default();
        self.children(|s, kind| {
            if kind.is_stmt() {
                body = s.body(kind);
            } else if kind.is_expr() {
                let object = s.expr(kind);
                s.ids.push(object);
            }
        });
        let items = self.list(mark);
        self.push(Stmt::With { items, body }, span);
    }
}
