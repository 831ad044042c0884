//! `switch`, as a statement and as a value.

use super::{Kind, Lower};
use crate::tree::{Case, CompareOp, Expr, ExprId, Exprs, Func, FuncFlags, LogicOp, Span, Stmt};

impl Lower<'_, '_> {
    /// A `switch` whose value nobody takes.
    pub(super) fn switch_stmt(&mut self, span: Span) {
        let yields = std::mem::replace(&mut self.yields, false);
        let switch = self.switch(span);
        self.yields = yields;
        self.push(switch, span);
    }

    /// A `switch` with a value: a chain of conditions where each arm is one expression, else a
    /// function that is called where it stands.
    pub(super) fn switch_value(&mut self, span: Span) -> ExprId {
        let before = self.b.size();
        let yields = std::mem::replace(&mut self.yields, true);
        let switch = self.switch(span);
        self.yields = yields;
        if let Some(id) = self.as_conditions(&switch, span) {
            return id;
        }
        let stmt = self.b.stmt(switch, span);
        let body = self.b.block(&[stmt]);
        let mut func = self.empty_func(span);
        func.body = body;
        func.doc = None;
        func.flags = FuncFlags {
            is_arrow: true,
            ..FuncFlags::default()
        };
        let func = Func {
            size: self.b.size() - before,
            ..func
        };
        let func = self.b.func(func);
        let callee = self.b.expr(Expr::Func(func), span);
        let (args, new) = (Exprs::default(), false);
        self.b.expr(Expr::Call { callee, args, new }, span)
    }

    fn as_conditions(&mut self, switch: &Stmt, span: Span) -> Option<ExprId> {
        let Stmt::Switch { subject, cases, .. } = switch else {
            return None;
        };
        let is_plain = matches!(
            self.b.tree.expr(*subject),
            Expr::Name(_) | Expr::Attr { .. } | Expr::This
        );
        let mut value = None;
        for case in cases.iter().rev() {
            let [only] = self.b.tree.block(case.body) else {
                return None;
            };
            let arm = match *self.b.tree.stmt(*only) {
                Stmt::Return(Some(arm)) if is_plain && case.guard.is_none() => arm,
                _ => return None,
            };
            let mut test = None;
            for right in self.b.tree.exprs(case.tests).to_vec() {
                if matches!(self.b.tree.expr(right), Expr::Other(_)) {
                    return None;
                }
                let (op, left) = (CompareOp::Equal, *subject);
                let one = self.b.expr(Expr::Compare { op, left, right }, span);
                test = Some(match test {
                    Some(left) => {
                        let (op, right) = (LogicOp::Or, one);
                        self.b.expr(Expr::Logic { op, left, right }, span)
                    }
                    None => one,
                });
            }
            value = Some(match (test, value) {
                (Some(test), Some(other)) => {
                    let then = arm;
                    self.b.expr(Expr::Cond { test, then, other }, span)
                }
                _ => arm,
            });
        }
        value
    }

    fn switch(&mut self, span: Span) -> Stmt {
        let mut subject = None;
        let mut cases: Vec<Case> = Vec::new();
        let mut falls_through = false;
        // Labels of groups that have no statements of their own.
        let mut waiting: Option<Vec<ExprId>> = None;
        self.children(|s, kind| {
            if kind == Kind::SwitchBlock {
                s.children(|s, kind| match kind {
                    Kind::SwitchGroup | Kind::SwitchRule => {
                        falls_through |= kind == Kind::SwitchGroup;
                        s.case(kind, &mut waiting, &mut cases);
                    }
                    _ => {}
                });
            } else if kind.is_expr() {
                subject = Some(s.expr(kind));
            }
        });
        let subject = subject.unwrap_or_else(|| self.unknown(span));
        Stmt::Switch {
            subject,
            cases,
            falls_through,
        }
    }

    fn case(&mut self, kind: Kind, waiting: &mut Option<Vec<ExprId>>, cases: &mut Vec<Case>) {
        let marks = (self.ids.len(), self.stmts.len());
        let (mut guard, mut is_default) = (None, false);
        self.children(|s, part| match part {
            Kind::SwitchLabel => s.children(|s, part| match part {
                Kind::DefaultWord => is_default = true,
                Kind::Guard => {
                    let at = s.span();
                    guard = Some(s.inner(at));
                }
                Kind::Pattern => s.pattern(),
                _ if part.is_expr() => {
                    let id = s.expr(part);
                    s.ids.push(id);
                }
                _ => {}
            }),
            Kind::ExpressionStatement if kind == Kind::SwitchRule && s.yields => s.arm(),
            Kind::Block if kind == Kind::SwitchRule => s.push_statements(),
            _ => s.stmt(part),
        });
        let mut tests = self.ids.split_off(marks.0);
        let body = self.take_block(marks.1);
        let empty = kind == Kind::SwitchGroup && body.len == 0;
        if let Some(mut before) = waiting.take() {
            is_default |= before.is_empty();
            before.append(&mut tests);
            tests = before;
        }
        if is_default {
            tests.clear();
        }
        if empty {
            *waiting = Some(tests);
            return;
        }
        cases.push(Case {
            tests: self.b.exprs(&tests),
            guard,
            body,
        });
    }

    /// `case x -> value;`
    fn arm(&mut self) {
        let span = self.span();
        let value = self.inner(span);
        self.push(Stmt::Return(Some(value)), span);
    }

    /// `case T name`, `case T(var a, var b)`: the names inside.
    fn pattern(&mut self) {
        let span = self.span();
        let mark = self.ids.len();
        self.children(|s, kind| {
            if matches!(kind, Kind::TypePattern | Kind::RecordPattern) {
                s.pattern_names();
            }
        });
        let names = self.list(mark);
        let id = self.b.expr(Expr::Other(names), span);
        self.ids.push(id);
    }

    /// Pushes the names that a pattern binds.
    pub(super) fn pattern_names(&mut self) {
        let is_record = self.grammar.kind(self.node) == Kind::RecordPattern;
        let span = self.span();
        if !self.b.enter(span) {
            return;
        }
        self.children(|s, kind| match kind {
            Kind::RecordPattern | Kind::RecordBody | Kind::RecordComponent => s.pattern_names(),
            // The name of a record itself stands where a component has its own.
            Kind::Identifier if !is_record => {
                let id = s.expr(kind);
                s.ids.push(id);
            }
            _ => {}
        });
        self.b.leave();
    }
}
