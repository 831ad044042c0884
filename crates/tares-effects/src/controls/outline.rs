//! A tree as functions with the facts that controls are made of, in the order of the source.

use super::fact::{Fact, Function, What};
use std::collections::BTreeSet;
use tares_lang::tree::{
    BinaryOp, Block, Expr, ExprId, Exprs, FuncId, Import, LogicOp, Stmt, StmtId, Tree, UnaryOp,
};
use tares_lang::{Interner, Sym};
use tares_model::Span;

/// Nesting that is followed.
const MAX_DEPTH: usize = 200;

/// Reads a tree.
/// Names of imported modules stand apart: what is set on them is set for everybody.
pub(super) fn outline(
    tree: &Tree,
    text: &str,
    interner: &Interner,
) -> (Vec<Function>, BTreeSet<String>) {
    let mut walk = Walk {
        tree,
        text,
        interner,
        done: Vec::new(),
        open: vec![Function::default()],
        around: Around::default(),
        depth: 0,
        imports: BTreeSet::new(),
    };
    walk.block(tree.body);
    walk.done.extend(walk.open.pop());
    walk.done.reverse();
    (walk.done, walk.imports)
}

#[derive(Clone, Default)]
struct Around {
    statement: Span,
    conditions: Vec<Span>,
    in_handler: bool,
    swallowed: bool,
    decides: bool,
    awaited: bool,
    bare: bool,
    slot: String,
    /// Name for a function that has none.
    naming: String,
}

struct Walk<'a> {
    tree: &'a Tree,
    text: &'a str,
    interner: &'a Interner,
    done: Vec<Function>,
    open: Vec<Function>,
    around: Around,
    depth: usize,
    imports: BTreeSet<String>,
}

impl Walk<'_> {
    fn source(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    fn name(&self, sym: Sym) -> String {
        self.interner.name(sym).to_string()
    }

    fn fact(&mut self, what: What, span: Span) {
        let around = &self.around;
        let fact = Fact {
            what,
            span,
            statement: around.statement,
            conditions: around.conditions.clone(),
            in_handler: around.in_handler,
            swallowed: around.swallowed,
            decides: around.decides,
            slot: around.slot.clone(),
        };
        let function = self.open.last_mut().expect("the module is always open");
        function.facts.push(fact);
    }

    /// Runs with something changed around what is walked.
    fn with(&mut self, change: impl FnOnce(&mut Around), run: impl FnOnce(&mut Self)) {
        let before = self.around.clone();
        change(&mut self.around);
        run(self);
        self.around = before;
    }

    fn block(&mut self, block: Block) {
        let tree = self.tree;
        for &id in tree.block(block) {
            self.stmt(id);
        }
    }

    fn stmt(&mut self, id: StmtId) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let before = self.around.clone();
        self.around = Around {
            statement: self.tree.stmt_span(id),
            conditions: before.conditions.clone(),
            in_handler: before.in_handler,
            swallowed: before.swallowed,
            ..Around::default()
        };
        self.stmt_inside(id);
        self.around = before;
        self.depth -= 1;
    }

    fn branch(&mut self, test: ExprId, blocks: &[Block]) {
        let span = self.tree.span(test);
        // The body is walked statement by statement; only the head counts for its test.
        self.with(
            |around| {
                around.decides = true;
                around.statement = span;
            },
            |walk| walk.expr(test),
        );
        self.with(
            |around| around.conditions.push(span),
            |walk| blocks.iter().for_each(|block| walk.block(*block)),
        );
    }

    fn stmt_inside(&mut self, id: StmtId) {
        let tree = self.tree;
        let span = tree.stmt_span(id);
        match tree.stmt(id) {
            Stmt::Expr(value) => self.with(|around| around.bare = true, |walk| walk.expr(*value)),
            Stmt::Assign { targets, value, .. } => {
                let slot = tree
                    .exprs(*targets)
                    .last()
                    .map_or(String::new(), |t| self.source(tree.span(*t)).to_owned());
                self.assign(&slot, *value, span);
                self.exprs(*targets);
            }
            Stmt::Func(func) => self.func(*func),
            Stmt::Class(class) => {
                let class = tree.class(*class);
                self.exprs(class.decorators);
                self.block_named(class.name.map(|sym| self.name(sym)), class.body);
            }
            Stmt::If { test, then, other } => {
                self.branch(*test, &[*then]);
                let span = tree.span(*test);
                self.with(
                    |around| around.conditions.push(span),
                    |walk| walk.block(*other),
                );
            }
            Stmt::While {
                test, body, other, ..
            } => self.branch(*test, &[*body, *other]),
            Stmt::For {
                iter, body, other, ..
            } => {
                self.expr(*iter);
                self.block(*body);
                self.block(*other);
            }
            Stmt::Try {
                body,
                handlers,
                other,
                last,
            } => {
                let silent =
                    !handlers.is_empty() && handlers.iter().all(|h| tree.block(h.body).is_empty());
                self.with(
                    |around| around.swallowed |= silent,
                    |walk| walk.block(*body),
                );
                for handler in handlers {
                    self.with(
                        |around| around.in_handler = true,
                        |walk| walk.block(handler.body),
                    );
                }
                self.block(*other);
                self.block(*last);
            }
            Stmt::With { items, body } => {
                self.exprs(*items);
                self.block(*body);
            }
            Stmt::Switch { subject, cases, .. } => {
                let span = tree.span(*subject);
                self.expr(*subject);
                for case in cases {
                    self.with(
                        |around| around.conditions.push(span),
                        |walk| walk.block(case.body),
                    );
                }
            }
            Stmt::Return(value) => {
                self.fact(What::Return(value.map(|value| tree.span(value))), span);
                if let Some(value) = value {
                    self.with(|around| around.decides = true, |walk| walk.expr(*value));
                }
            }
            Stmt::Raise(value) => {
                self.fact(What::Raise, span);
                value.iter().for_each(|value| self.expr(*value));
            }
            Stmt::Delete(list) => self.exprs(*list),
            Stmt::Assert { test, .. } => {
                self.with(|around| around.decides = true, |walk| walk.expr(*test));
            }
            Stmt::ExportDefault(value) => self.with(
                |around| around.naming = "default".to_owned(),
                |walk| walk.expr(*value),
            ),
            Stmt::Import(import) => self.import(import),
            Stmt::Block(body) => self.block(*body),
            Stmt::Other { exprs, body } => {
                self.exprs(*exprs);
                self.block(*body);
            }
            Stmt::Break | Stmt::Continue | Stmt::Global { .. } | Stmt::Export { .. } => {}
        }
    }

    fn import(&mut self, import: &Import) {
        let module = import.module.split('.').next().unwrap_or("").to_owned();
        let names: Vec<Sym> = import
            .alias
            .into_iter()
            .chain(import.names.iter().map(|n| n.1))
            .collect();
        if names.is_empty() {
            self.imports.insert(module);
        }
        for name in names {
            let name = self.name(name);
            self.imports.insert(name);
        }
    }

    fn block_named(&mut self, name: Option<String>, body: Block) {
        // A class is no function: its methods carry its name, its fields are the function's around.
        let Some(name) = name else {
            return self.block(body);
        };
        let outer = self.open.last_mut().expect("the module is always open");
        let before = outer.name.clone();
        outer.name = dotted(&before, &name);
        self.block(body);
        self.open
            .last_mut()
            .expect("the module is always open")
            .name = before;
    }

    fn assign(&mut self, slot: &str, value: ExprId, span: Span) {
        let tree = self.tree;
        let literal = match tree.expr(value) {
            Expr::Str(text) => Some(text.to_string()),
            Expr::Int(number) => Some(number.to_string()),
            Expr::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
        let is_function = matches!(tree.expr(value), Expr::Func(_) | Expr::Name(_));
        if is_function && slot.contains('.') {
            self.fact(What::Replaced(slot.to_owned()), span);
        }
        if matches!(tree.expr(value), Expr::Call { .. })
            && self.source(tree.span(value)).starts_with("require(")
        {
            self.imports.insert(slot.to_owned());
        }
        let key = slot
            .rsplit(['.', '['])
            .next()
            .unwrap_or(slot)
            .trim_matches(['"', '\'', ']'])
            .to_owned();
        self.with(
            |around| {
                around.slot = key;
                around.naming = slot.to_owned();
                around.bare = false;
            },
            |walk| {
                walk.fact(
                    What::Entry {
                        value: tree.span(value),
                        literal,
                    },
                    span,
                );
                walk.expr(value);
            },
        );
    }

    fn exprs(&mut self, list: Exprs) {
        let tree = self.tree;
        for &id in tree.exprs(list) {
            self.expr(id);
        }
    }

    fn func(&mut self, id: FuncId) {
        let tree = self.tree;
        let func = tree.func(id);
        let naming = std::mem::take(&mut self.around.naming);
        let own = func.name.map_or(naming, |sym| self.name(sym));
        let outer = self
            .open
            .last()
            .map_or(String::new(), |function| function.name.clone());
        let own = if own.is_empty() {
            "anonymous".to_owned()
        } else {
            own
        };
        self.open.push(Function {
            name: dotted(&outer, &own),
            span: func.span,
            params: func
                .params
                .iter()
                .map(|param| self.source(tree.span(param.pattern)).to_owned())
                .collect(),
            types: func
                .params
                .iter()
                .filter_map(|param| {
                    let of = self.source(tree.span(param.annotation?));
                    let name = self.source(tree.span(param.pattern));
                    Some((name.to_owned(), of.trim_start_matches('*').to_owned()))
                })
                .collect(),
            facts: Vec::new(),
        });
        let before = std::mem::take(&mut self.around);
        self.around.statement = func.span;
        for &decorator in tree.exprs(func.decorators) {
            self.around.statement = tree.span(decorator);
            self.handed(decorator);
            self.expr(decorator);
        }
        self.around.statement = func.span;
        for default in func.params.iter().filter_map(|param| param.default) {
            self.needed(default);
            self.expr(default);
        }
        self.block(func.body);
        self.around = before;
        self.done.extend(self.open.pop());
    }

    /// A function named without being called: a decorator, a step before a route.
    fn handed(&mut self, id: ExprId) {
        if matches!(self.tree.expr(id), Expr::Name(_) | Expr::Attr { .. }) {
            let callee = self.source(self.tree.span(id)).to_owned();
            self.fact(
                What::Call {
                    callee,
                    awaited: false,
                    bare: true,
                },
                self.tree.span(id),
            );
        }
    }

    /// What a framework calls before the function: `user = Depends(current_user)`.
    fn needed(&mut self, id: ExprId) {
        let tree = self.tree;
        let Expr::Call { callee, args, .. } = tree.expr(id) else {
            return;
        };
        let name = self.source(tree.span(*callee));
        if !matches!(name.rsplit('.').next(), Some("Depends" | "Security")) {
            return;
        }
        if let Some(first) = tree.exprs(*args).first() {
            let callee = format!("Depends.{}", self.source(tree.span(*first)));
            let bare = true;
            let what = What::Call {
                callee,
                awaited: false,
                bare,
            };
            self.fact(what, tree.span(id));
        }
    }

    fn expr(&mut self, id: ExprId) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let before = (self.around.bare, self.around.awaited);
        self.expr_inside(id);
        (self.around.bare, self.around.awaited) = before;
        self.depth -= 1;
    }

    fn expr_inside(&mut self, id: ExprId) {
        let tree = self.tree;
        let span = tree.span(id);
        let (bare, awaited) = (
            std::mem::take(&mut self.around.bare),
            std::mem::take(&mut self.around.awaited),
        );
        match tree.expr(id) {
            Expr::Call { callee, args, .. } => self.call(span, *callee, *args, (bare, awaited)),
            Expr::Await(value) => {
                (self.around.awaited, self.around.bare) = (true, bare);
                self.expr(*value);
            }
            Expr::Func(func) => self.func(*func),
            Expr::Class(class) => {
                let class = tree.class(*class);
                self.block_named(class.name.map(|sym| self.name(sym)), class.body);
            }
            Expr::Str(text) => self.fact(What::Text(text.to_string()), span),
            Expr::Template(parts) | Expr::TaggedTemplate { parts, .. } => {
                let text = self
                    .source(span)
                    .trim_matches(['f', '`', '"', '\''])
                    .to_owned();
                self.fact(What::Text(text), span);
                for &part in tree
                    .exprs(*parts)
                    .iter()
                    .filter(|part| !matches!(tree.expr(**part), Expr::Str(_)))
                {
                    self.expr(part);
                }
            }
            Expr::Regex { pattern, .. } => self.fact(What::Regex(pattern.to_string()), span),
            Expr::Pair { key, value } => {
                let key = self
                    .source(tree.span(*key))
                    .trim_matches(['"', '\''])
                    .to_owned();
                self.assign(&key, *value, span);
            }
            Expr::Keyword { name, value } => {
                let key = self.name(*name);
                self.assign(&key, *value, span);
            }
            Expr::Assign { target, value, .. } => {
                let slot = self.source(tree.span(*target)).to_owned();
                self.assign(&slot, *value, span);
            }
            Expr::Compare { left, right, .. } => {
                if self.is_part(*left) || self.is_part(*right) {
                    self.fact(What::PartCompare { begins: false }, span);
                }
                self.expr(*left);
                self.expr(*right);
            }
            Expr::Logic { op, left, right } => {
                let fixed = |side: &ExprId| match (op, tree.expr(*side)) {
                    (LogicOp::And, Expr::Bool(value)) => !value,
                    (LogicOp::Or, Expr::Bool(value)) => *value && self.around.decides,
                    _ => false,
                };
                if fixed(left) || fixed(right) {
                    self.fact(What::Fixed, span);
                }
                self.expr(*left);
                self.expr(*right);
            }
            Expr::Cond { test, then, other } => {
                self.fact(What::Choice(tree.span(*then), tree.span(*other)), span);
                self.with(|around| around.decides = true, |walk| walk.expr(*test));
                let test = tree.span(*test);
                self.with(
                    |around| around.conditions.push(test),
                    |walk| {
                        walk.expr(*then);
                        walk.expr(*other);
                    },
                );
            }
            Expr::Binary { op, left, right } => {
                let near_one = |side: &ExprId| matches!(tree.expr(*side), Expr::Float(x) if (0.9..1.1).contains(x) && *x != 1.0);
                if *op == BinaryOp::Mul && (near_one(left) || near_one(right)) {
                    self.fact(What::Scaled, span);
                }
                if *op == BinaryOp::Sub
                    && matches!(tree.expr(*right), Expr::Float(x) if *x > 0.0 && *x <= 0.1)
                {
                    self.fact(What::Nudged, span);
                }
                self.expr(*left);
                self.expr(*right);
            }
            Expr::Unary { op, operand } => {
                if *op == UnaryOp::Void {
                    self.around.bare = true;
                }
                self.expr(*operand);
            }
            other => self.parts(other),
        }
    }

    fn parts(&mut self, expr: &Expr) {
        match expr {
            Expr::List(list)
            | Expr::Tuple(list)
            | Expr::Set(list)
            | Expr::Map(list)
            | Expr::Sequence(list)
            | Expr::Other(list) => self.exprs(*list),
            Expr::Attr { object, .. } => self.expr(*object),
            Expr::Index { object, index } => {
                self.expr(*object);
                self.expr(*index);
            }
            Expr::Spread(value)
            | Expr::SpreadMap(value)
            | Expr::Yield(value)
            | Expr::ImportCall(value)
            | Expr::Cast { value, .. } => self.expr(*value),
            Expr::Comprehension {
                element, clauses, ..
            } => {
                self.expr(*element);
                self.exprs(*clauses);
            }
            Expr::Clause { value, .. } => self.expr(*value),
            Expr::Element {
                attributes,
                children,
                ..
            } => {
                self.expr(*attributes);
                self.exprs(*children);
            }
            _ => {}
        }
    }

    fn call(&mut self, span: Span, callee: ExprId, args: Exprs, (bare, awaited): (bool, bool)) {
        let tree = self.tree;
        let mut name = self.called(callee);
        if VERIFIERS.contains(&name.as_str())
            && tree
                .exprs(args)
                .iter()
                .any(|arg| matches!(tree.expr(*arg), Expr::Str(text) if CHECKS.contains(&&**text)))
        {
            name.push_str(" --check");
        }
        let last = name.rsplit('.').next().unwrap_or("").to_owned();
        let args = tree.exprs(args);
        let compares = matches!(
            last.as_str(),
            "compare_digest" | "timingSafeEqual" | "equals" | "Equal" | "ConstantTimeCompare"
        );
        // A text that begins with what was given: an empty one is enough.
        let begins = matches!(last.as_str(), "startsWith" | "startswith" | "HasPrefix")
            && args.iter().all(|arg| {
                let text = self.source(tree.span(*arg));
                let is_constant = !text.contains(char::is_lowercase);
                !is_constant
                    && !text.to_lowercase().contains("prefix")
                    && !matches!(
                        tree.expr(*arg),
                        Expr::Str(_) | Expr::Tuple(_) | Expr::Template(_)
                    )
            });
        if begins || (compares && args.iter().any(|arg| self.is_part(*arg))) {
            self.fact(What::PartCompare { begins }, span);
        }
        let short = if name.len() > 120 { last } else { name };
        let routes = args
            .iter()
            .any(|arg| matches!(tree.expr(*arg), Expr::Func(_)));
        let first = args.first().map_or("", |arg| match tree.expr(*arg) {
            Expr::Str(text) => text,
            _ => "",
        });
        let naming = format!("{short}({first})");
        self.fact(
            What::Call {
                callee: short.clone(),
                awaited,
                bare,
            },
            span,
        );
        if matches!(tree.expr(callee), Expr::Attr { .. } | Expr::Func(_)) {
            self.parts_of_callee(callee);
        }
        self.with(
            |around| {
                around.naming = naming;
                around.slot = short;
            },
            |walk| {
                for &arg in args {
                    if !routes {
                        walk.handed(arg);
                    }
                    let naming = walk.around.naming.clone();
                    walk.expr(arg);
                    walk.around.naming = naming;
                }
                if routes {
                    walk.steps(args);
                }
            },
        );
    }

    /// Returns the name of what is called. Of a chain only its end counts, without what was handed
    /// to the calls before: `a.matchers("/x").hasRole` is `matchers.hasRole`. A name of one or two
    /// letters says nothing; where it is a parameter, its type does.
    fn called(&self, callee: ExprId) -> String {
        let tree = self.tree;
        let source = self.source(tree.span(callee));
        if let Expr::Attr { object, name } = tree.expr(callee)
            && let Expr::Call { callee: before, .. } = tree.expr(*object)
        {
            let before = self.source(tree.span(*before));
            let before = before.rsplit(['.', ')']).next().unwrap_or(before);
            return format!("{}.{}", before.trim(), self.interner.name(*name));
        }
        let Some((first, rest)) = source.split_once('.').filter(|(first, _)| first.len() <= 2)
        else {
            return source.to_owned();
        };
        let function = self.open.last().expect("the module is always open");
        match function.types.iter().find(|(name, _)| name == first) {
            Some((_, of)) => format!("{of}.{rest}"),
            None => source.to_owned(),
        }
    }

    fn parts_of_callee(&mut self, callee: ExprId) {
        match self.tree.expr(callee) {
            Expr::Attr { object, .. } => self.expr(*object),
            Expr::Func(func) => self.func(*func),
            _ => {}
        }
    }

    /// Steps before the handler of a route count as the handler's.
    fn steps(&mut self, args: &[ExprId]) {
        let steps: Vec<ExprId> = args
            .iter()
            .copied()
            .filter(|arg| matches!(self.tree.expr(*arg), Expr::Name(_) | Expr::Attr { .. }))
            .collect();
        let Some(mut handler) = self.done.pop() else {
            return;
        };
        for (i, step) in steps.into_iter().enumerate() {
            let span = self.tree.span(step);
            let callee = self.source(span).to_owned();
            let fact = Fact {
                what: What::Call {
                    callee,
                    awaited: false,
                    bare: true,
                },
                span,
                statement: span,
                conditions: Vec::new(),
                in_handler: false,
                swallowed: false,
                decides: false,
                slot: String::new(),
            };
            handler.facts.insert(i, fact);
        }
        self.done.push(handler);
    }

    /// Whether an expression is something cut short: `x[:8]`, `x.slice(0, 8)`. What only leaves out
    /// the beginning may take a whole apart into its parts.
    fn is_part(&self, id: ExprId) -> bool {
        let tree = self.tree;
        match tree.expr(id) {
            Expr::Index { index, .. } => match tree.expr(*index) {
                Expr::Slice { high, .. } => !matches!(tree.expr(*high), Expr::Null),
                _ => false,
            },
            Expr::Call { callee, args, .. } => {
                let converts = match tree.expr(*callee) {
                    Expr::Name(name) => CONVERTS.contains(&&**self.interner.name(*name)),
                    _ => CONVERTS.contains(&self.source(tree.span(*callee))),
                };
                let args = tree.exprs(*args);
                match (tree.expr(*callee), args) {
                    // The same bytes in another type.
                    (_, [value, ..]) if converts => self.is_part(*value),
                    (Expr::Attr { object, name }, _) => {
                        let name = self.interner.name(*name);
                        let cuts =
                            matches!(name.as_ref(), "slice" | "substring" | "substr" | "subarray");
                        let same = matches!(name.as_ref(), "encode" | "getBytes" | "toString");
                        cuts && args.len() >= 2 || same && self.is_part(*object)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// Commands that compare a file with its sum or signature, and the words that make them do so.
const VERIFIERS: &[&str] = &[
    "sha1sum",
    "sha256sum",
    "sha384sum",
    "sha512sum",
    "shasum",
    "b2sum",
    "gpg",
    "gpgv",
    "cosign",
    "minisign",
];
const CHECKS: &[&str] = &[
    "-c",
    "--check",
    "--verify",
    "verify",
    "verify-blob",
    "-V",
    "-Vm",
];

/// Calls that give the same bytes in another type.
const CONVERTS: &[&str] = &[
    "[]byte",
    "string",
    "bytes",
    "bytearray",
    "Buffer.from",
    "String",
];

fn dotted(outer: &str, own: &str) -> String {
    if outer.is_empty() {
        own.to_owned()
    } else {
        format!("{outer}.{own}")
    }
}
