//! `switch` and `try`.

use super::{Kind, Lower};
use crate::tree::{Block, Case, Exprs, Handler, Span, Stmt};

impl Lower<'_, '_> {
    pub(super) fn switch(&mut self, span: Span) {
        let mut subject = None;
        let mut cases = Vec::new();
        self.children(|s, kind| {
            if kind == Kind::SwitchBody {
                s.children(|s, kind| {
                    if matches!(kind, Kind::SwitchCase | Kind::SwitchDefault) {
                        let case = s.case(kind);
                        cases.push(case);
                    }
                });
            } else if kind.is_expr() {
                subject = Some(s.expr(kind));
            }
        });
        let subject = subject.unwrap_or_else(|| self.unknown(span));
        self.push(
            Stmt::Switch {
                subject,
                cases,
                falls_through: true,
            },
            span,
        );
    }

    fn case(&mut self, kind: Kind) -> Case {
        let mut tests = Exprs::default();
        let mark = self.stmts.len();
        self.children(|s, part| {
            if kind == Kind::SwitchCase && tests.len == 0 && part.is_expr() {
                let test = s.expr(part);
                tests = s.b.exprs(&[test]);
            } else {
                s.stmt(part);
            }
        });
        Case {
            tests,
            guard: None,
            body: self.take_block(mark),
        }
    }

    pub(super) fn try_stmt(&mut self, span: Span) {
        let (mut body, mut last) = (Block::default(), Block::default());
        let mut handlers = Vec::new();
        self.children(|s, kind| match kind {
            Kind::Block => body = s.block(),
            Kind::Catch => {
                let handler = s.handler();
                handlers.push(handler);
            }
            Kind::Finally => s.children(|s, kind| {
                if kind == Kind::Block {
                    last = s.block();
                }
            }),
            _ => {}
        });
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

    fn handler(&mut self) -> Handler {
        let mut handler = Handler {
            kind: None,
            name: None,
            body: Block::default(),
            span: self.span(),
        };
        self.children(|s, kind| match kind {
            Kind::Block => handler.body = s.block(),
            _ if kind.is_expr() => handler.name = Some(s.pattern(kind)),
            _ => {}
        });
        handler
    }
}
