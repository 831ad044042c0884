//! Statements.

use super::{Kind, Lower, Part};
use crate::tree::{BinaryOp, Block, Expr, ExprId, Exprs, Handler, Import, Span, Stmt};

impl Lower<'_, '_> {
    /// Lowers the children of the node at hand to a block.
    pub(super) fn block(&mut self) -> Block {
        let mark = self.stmts.len();
        self.push_statements();
        self.take_block(mark)
    }

    pub(super) fn push_statements(&mut self) {
        self.children(Self::stmt);
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
        let span = self.span();
        if !kind.is_stmt() {
            // Between statements stand only tokens and, in broken text, expressions.
            if kind.is_compound() {
                self.expr_stmt(kind, span);
            }
            return;
        }
        if self.b.enter(span) {
            self.lower_stmt(kind, span);
            self.b.leave();
        }
    }

    fn lower_stmt(&mut self, kind: Kind, span: Span) {
        match kind {
            Kind::ExpressionStatement => self.children(|s, kind| {
                if kind.is_expr() {
                    s.expr_stmt(kind, span);
                }
            }),
            Kind::Variable | Kind::FieldDeclaration => self.variables(),
            Kind::Block | Kind::StaticBlock => {
                let body = self.inner_block();
                self.push(Stmt::Block(body), span);
            }
            Kind::If => self.if_chain(),
            Kind::For => self.for_loop(span),
            Kind::ForEach => self.for_each(span),
            Kind::While | Kind::Do => self.while_loop(kind, span),
            Kind::Switch => self.switch_stmt(span),
            Kind::Try => self.try_stmt(span),
            Kind::Labeled => self.push_statements(),
            Kind::Return => {
                let value = self.value();
                self.push(Stmt::Return(value), span);
            }
            Kind::Yield => {
                let value = self.value();
                let stmt = match value {
                    Some(value) if !self.yields => Stmt::Expr(value),
                    _ => Stmt::Return(value),
                };
                self.push(stmt, span);
            }
            Kind::Throw => {
                let value = self.value();
                self.push(Stmt::Raise(value), span);
            }
            Kind::Break => self.push(Stmt::Break, span),
            Kind::Continue => self.push(Stmt::Continue, span),
            Kind::Assert => self.assertion(span),
            Kind::Synchronized => self.synchronized(span),
            Kind::ExplicitConstructor => self.explicit_constructor(span),
            Kind::Import => self.import(span),
            Kind::Class | Kind::Enum | Kind::Record => self.class(kind),
            Kind::Method | Kind::Constructor => self.method(kind, &[]),
            _ => {}
        }
    }

    fn inner_block(&mut self) -> Block {
        let mark = self.stmts.len();
        self.children(|s, kind| {
            if kind == Kind::Block {
                s.push_statements();
            } else {
                s.stmt(kind);
            }
        });
        self.take_block(mark)
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
            Kind::Assign => {
                let (target, op, value) = self.assignment(span);
                let targets = self.b.exprs(&[target]);
                self.push_assign(targets, op, value, None, false, span);
            }
            Kind::Update => {
                let (target, op, value) = self.update(span);
                let targets = self.b.exprs(&[target]);
                self.push_assign(targets, Some(op), value, None, false, span);
            }
            Kind::Switch => self.switch_stmt(span),
            _ => {
                let value = self.expr(kind);
                self.push(Stmt::Expr(value), span);
            }
        }
    }

    /// `if … else if … else`, of any length: walked down to the last `else` and built on the way
    /// back.
    fn if_chain(&mut self) {
        let mut links: Vec<(ExprId, Block, Span)> = Vec::new();
        let mut other = Block::default();
        let mut ups = 0;
        'chain: loop {
            let span = self.span();
            let (mut test, mut then) = (None, Block::default());
            let mut is_last = true;
            if !self.down() {
                break;
            }
            ups += 1;
            while let Some(kind) = self.next() {
                match self.part() {
                    Part::Condition => test = Some(self.expr(kind)),
                    Part::Consequence => then = self.body(kind),
                    Part::Alternative if kind == Kind::If => {
                        is_last = false;
                        break;
                    }
                    Part::Alternative => other = self.body(kind),
                    _ => {}
                }
            }
            let test = test.unwrap_or_else(|| self.unknown(span));
            links.push((test, then, span));
            if is_last {
                break 'chain;
            }
        }
        for _ in 0..ups {
            while self.next().is_some() {}
            self.up();
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

    fn for_loop(&mut self, span: Span) {
        let mark = self.stmts.len();
        let mut test = None;
        // Where the statements of the step and of the body begin.
        let (mut step, mut body) = (None, None);
        self.children(|s, kind| {
            let at = s.span();
            match s.part() {
                Part::Init if kind == Kind::Variable => s.variables(),
                Part::Init if kind.is_expr() => s.expr_stmt(kind, at),
                Part::Condition => test = Some(s.expr(kind)),
                Part::Update => {
                    step = step.or(Some(s.stmts.len()));
                    s.expr_stmt(kind, at);
                }
                Part::Body => {
                    body = Some(s.stmts.len());
                    if kind == Kind::Block {
                        s.push_statements();
                    } else {
                        s.stmt(kind);
                    }
                }
                _ => {}
            }
        });
        let body = body.unwrap_or(self.stmts.len());
        let step = step.unwrap_or(body);
        self.stmts[step..].rotate_left(body - step);
        let body = self.take_block(step);
        let test = test.unwrap_or_else(|| self.b.expr(Expr::Bool(true), span));
        self.push_while(test, body, false, span);
        if self.stmts.len() - mark > 1 {
            // The names that the head declares are those of the loop alone.
            let whole = self.take_block(mark);
            self.push(Stmt::Block(whole), span);
        }
    }

    fn push_while(&mut self, test: ExprId, body: Block, test_last: bool, span: Span) {
        self.push(
            Stmt::While {
                test,
                body,
                other: Block::default(),
                test_last,
            },
            span,
        );
    }

    fn while_loop(&mut self, kind: Kind, span: Span) {
        let (mut test, mut body) = (None, Block::default());
        self.children(|s, kind| match s.part() {
            Part::Condition => test = Some(s.expr(kind)),
            Part::Body => body = s.body(kind),
            _ => {}
        });
        let test = test.unwrap_or_else(|| self.unknown(span));
        self.push_while(test, body, kind == Kind::Do, span);
    }

    /// `for (T x : xs)`.
    fn for_each(&mut self, span: Span) {
        let (mut kind, mut target, mut iter) = (None, None, None);
        let mut body = Block::default();
        self.children(|s, child| {
            let part = s.part();
            if child.is_type() {
                kind = (s.text() != "var").then(|| s.type_expr(child));
            } else if part == Part::Body {
                body = s.body(child);
            } else if part == Part::Name {
                target = Some(s.expr(child));
            } else if child.is_expr() {
                iter = Some(s.expr(child));
            }
        });
        let target = self.typed_target(kind, target, span);
        let iter = iter.unwrap_or_else(|| self.unknown(span));
        self.push(
            Stmt::For {
                target,
                iter,
                body,
                other: Block::default(),
                keys: false,
            },
            span,
        );
    }

    fn typed_target(&mut self, kind: Option<ExprId>, name: Option<ExprId>, span: Span) -> ExprId {
        let kind = kind.unwrap_or_else(|| self.unknown(span));
        match name {
            Some(name) => self.declared(kind, name),
            None => kind,
        }
    }

    /// `try`, with or without resources.
    fn try_stmt(&mut self, span: Span) {
        let (mut body, mut last) = (Block::default(), Block::default());
        let mut handlers = Vec::new();
        let mut items = None;
        self.children(|s, kind| match kind {
            Kind::Resources => items = Some(s.resources()),
            Kind::Block => body = s.block(),
            Kind::Catch => {
                let handler = s.handler();
                handlers.push(handler);
            }
            Kind::Finally => last = s.inner_block(),
            _ => {}
        });
        if let Some(items) = items {
            let with = self.b.stmt(Stmt::With { items, body }, span);
            body = self.b.block(&[with]);
            if handlers.is_empty() && last.len == 0 {
                self.stmts.push(with);
                return;
            }
        }
        self.push(
            Stmt::Try {
                body,
                handlers,
                other: Block::default(),
                last,
            },
            span,
        );
    }

    fn resources(&mut self) -> Exprs {
        let mark = self.ids.len();
        self.children(|s, kind| {
            if kind == Kind::Resource {
                let item = s.resource();
                s.ids.push(item);
            }
        });
        self.list(mark)
    }

    fn resource(&mut self) -> ExprId {
        let span = self.span();
        let (mut kind, mut target, mut value) = (None, None, None);
        self.children(|s, child| {
            if child.is_type() {
                kind = (s.text() != "var").then(|| s.type_expr(child));
            } else if s.part() == Part::Name {
                target = Some(s.expr(child));
            } else if child.is_expr() {
                value = Some(s.expr(child));
            }
        });
        let value = value.unwrap_or_else(|| self.unknown(span));
        if target.is_none() {
            return value;
        }
        let target = self.typed_target(kind, target, span);
        let op = None;
        self.b.expr(Expr::Assign { target, op, value }, span)
    }

    fn handler(&mut self) -> Handler {
        let mut handler = Handler {
            kind: None,
            name: None,
            body: Block::default(),
            span: self.span(),
        };
        self.children(|s, kind| match kind {
            Kind::Block => handler.body = s.block(),
            Kind::CatchParam => s.children(|s, kind| match kind {
                Kind::CatchType => handler.kind = s.catch_type(),
                Kind::Identifier => {
                    let (name, at) = (s.expr(kind), s.span());
                    handler.name = Some(s.typed_target(handler.kind, Some(name), at));
                }
                _ => {}
            }),
            _ => {}
        });
        handler
    }

    fn catch_type(&mut self) -> Option<ExprId> {
        let span = self.span();
        let mark = self.ids.len();
        self.children(|s, kind| {
            if kind.is_type() {
                let id = s.type_expr(kind);
                s.ids.push(id);
            }
        });
        if self.ids.len() == mark + 1 {
            return self.ids.pop();
        }
        let kinds = self.list(mark);
        Some(self.b.expr(Expr::Tuple(kinds), span))
    }

    fn assertion(&mut self, span: Span) {
        let (mut test, mut message) = (None, None);
        self.children(|s, kind| {
            if kind.is_expr() {
                let id = s.expr(kind);
                if test.is_none() {
                    test = Some(id);
                } else {
                    message = Some(id);
                }
            }
        });
        let test = test.unwrap_or_else(|| self.unknown(span));
        self.push(Stmt::Assert { test, message }, span);
    }

    fn synchronized(&mut self, span: Span) {
        let mut body = Block::default();
        let mark = self.ids.len();
        self.children(|s, kind| {
            if kind == Kind::Block {
                body = s.block();
            } else if kind.is_expr() {
                let id = s.expr(kind);
                s.ids.push(id);
            }
        });
        let exprs = self.list(mark);
        self.push(Stmt::Other { exprs, body }, span);
    }

    /// `this(…);` and `super(…);`.
    fn explicit_constructor(&mut self, span: Span) {
        let mut callee = None;
        let mut args = Exprs::default();
        self.children(|s, kind| match kind {
            Kind::Arguments => args = s.arguments(),
            Kind::This | Kind::Super => callee = Some(s.expr(kind)),
            _ => {}
        });
        let callee = callee.unwrap_or_else(|| self.unknown(span));
        let new = false;
        let call = self.b.expr(Expr::Call { callee, args, new }, span);
        self.push(Stmt::Expr(call), span);
    }

    /// `import a.b.C;` takes the name `C` of the package `a.b`, `import static a.b.C.d;` the
    /// name `d` of the class.
    fn import(&mut self, span: Span) {
        let (mut path, mut is_star) = (None, false);
        self.children(|s, kind| match kind {
            Kind::ScopedName | Kind::Identifier => path = Some(s.text().to_owned()),
            Kind::Asterisk => is_star = true,
            _ => {}
        });
        let Some(path) = path else { return };
        let path: String = path.split_whitespace().collect();
        let (module, name) = match path.rsplit_once('.') {
            _ if is_star => (path.as_str(), "*"),
            Some(parts) => parts,
            None => ("", path.as_str()),
        };
        let name = self.b.intern(name);
        self.push(
            Stmt::Import(Import {
                module: module.into(),
                alias: None,
                names: vec![(name, name)],
                type_only: false,
            }),
            span,
        );
    }
}
