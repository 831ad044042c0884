//! The package, its imports, functions, constants and variables.

use super::kind::Kind;
use super::types::is_integer;
use super::{Lower, Span, expression};
use crate::Sym;
use crate::builder;
use crate::tree::{
    Block, Expr, ExprId, Exprs, Func, FuncFlags, FuncId, Import, Param, ParamKind, Stmt, StmtId,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use tree_sitter::Node;

/// The declarations of a package, in the order in which Go prepares them.
#[derive(Default)]
struct Parts<'t> {
    imports: Vec<StmtId>,
    types: Vec<Node<'t>>,
    /// Methods by the type of their receiver, in order of appearance.
    methods: Vec<(Sym, Vec<StmtId>)>,
    functions: Vec<StmtId>,
    constants: Vec<StmtId>,
    rest: Vec<StmtId>,
    inits: Vec<StmtId>,
}

impl<'t> Lower<'_, 't> {
    /// Lowers the whole file.
    pub(super) fn package(&mut self) -> Block {
        let mut parts = Parts::default();
        self.each(|lower| lower.declaration(&mut parts));
        // What stood beside declarations: directives, recovered pieces at the end.
        parts.rest.append(&mut self.stmts);
        self.types(&mut parts);
        let classes = std::mem::take(&mut self.stmts);
        let all = [
            parts.imports,
            classes,
            parts.functions,
            parts.constants,
            parts.rest,
            parts.inits,
        ];
        self.b.block(&all.concat())
    }

    fn declaration(&mut self, parts: &mut Parts<'t>) {
        let span = self.span();
        let kind = self.kind;
        match kind {
            Kind::TypeDeclaration => {
                self.each(|lower| {
                    if lower.kind == Kind::TypeSpec {
                        parts.types.push(lower.node);
                        lower.each(|_| {});
                    }
                });
            }
            Kind::Method => {
                let (receiver, stmt) = self.method(span);
                match parts.methods.iter_mut().find(|(name, _)| *name == receiver) {
                    Some((_, methods)) => methods.push(stmt),
                    None => parts.methods.push((receiver, vec![stmt])),
                }
            }
            Kind::Function => {
                let (name, func) = self.named_function(span);
                if name.is_some_and(|n| &**self.b.interner.name(n) == "init") {
                    // Runs when the package is loaded; there may be several.
                    let callee = self.b.expr(Expr::Func(func), span);
                    let call = self.b.expr(
                        Expr::Call {
                            callee,
                            args: Exprs::default(),
                            new: false,
                        },
                        span,
                    );
                    let id = self.b.stmt(Stmt::Expr(call), span);
                    parts.inits.push(id);
                } else {
                    let id = self.b.stmt(Stmt::Func(func), span);
                    parts.functions.push(id);
                }
            }
            Kind::Ignored => {}
            _ => self.stmt(),
        }
        let into = match kind {
            Kind::Import => &mut parts.imports,
            Kind::Constant => &mut parts.constants,
            _ => &mut parts.rest,
        };
        into.append(&mut self.stmts);
    }

    /// Puts the types on the open block, those that others embed first.
    fn types(&mut self, parts: &mut Parts<'t>) {
        let mut methods: FxHashMap<Sym, Vec<StmtId>> = parts.methods.iter().cloned().collect();
        let mut waiting = std::mem::take(&mut parts.types);
        let mut fields = Vec::new();
        for _ in 0..4 {
            let names: Vec<Sym> = waiting
                .iter()
                .filter_map(|spec| spec.child_by_field_name("name"))
                .map(|name| self.name(builder::span(name)))
                .collect();
            let (now, later): (Vec<_>, Vec<_>) = waiting
                .iter()
                .partition(|spec| !self.embeds(**spec, &names));
            for spec in now {
                self.one_type(spec, &mut methods, &mut fields);
            }
            waiting = later;
        }
        for spec in waiting {
            self.one_type(spec, &mut methods, &mut fields);
        }
        // Types that another file of the package declares.
        for (name, all) in &parts.methods {
            if methods.contains_key(name)
                && let Some(&first) = all.first()
            {
                let span = self.b.tree.stmt_span(first);
                self.class(*name, &[], all, span);
            }
        }
        self.stmts.extend(fields);
    }

    fn one_type(
        &mut self,
        spec: Node<'t>,
        methods: &mut FxHashMap<Sym, Vec<StmtId>>,
        fields: &mut Vec<StmtId>,
    ) {
        let name = spec.child_by_field_name("name");
        let own = name.map(|name| self.name(builder::span(name)));
        let own = own
            .and_then(|name| methods.remove(&name))
            .unwrap_or_default();
        let mark = self.stmts.len();
        self.type_spec(spec, &own);
        // Fields may be of any type of the file, so they come after all of them.
        fields.extend(self.stmts.drain((mark + 1).min(self.stmts.len())..));
    }

    /// Whether a struct embeds one of these types, or is made from one.
    fn embeds(&mut self, spec: Node<'t>, names: &[Sym]) -> bool {
        let Some(kind) = spec.child_by_field_name("type") else {
            return false;
        };
        match kind.kind() {
            "type_identifier" => {
                let name = self.name(builder::span(kind));
                names.contains(&name)
            }
            "struct_type" => {
                let text = self.b.text(builder::span(kind));
                // A line that is a type name alone.
                text.lines().any(|line| {
                    let word = line.split("//").next().unwrap_or("").trim();
                    let word = word.trim_start_matches('*');
                    self.b
                        .interner
                        .find(word)
                        .is_some_and(|name| names.contains(&name))
                })
            }
            _ => false,
        }
    }

    /// A directive in a comment at the beginning of a line.
    pub(super) fn directive(&mut self, span: Span) {
        let text = self.b.text(span);
        let Some(rest) = text.strip_prefix("//go:") else {
            return;
        };
        let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if !matches!(word, "generate" | "linkname" | "embed") {
            return;
        }
        let name = format!("go:{word}");
        let args: Vec<&str> = match word {
            "linkname" => argument.split_whitespace().take(2).collect(),
            _ => vec![argument.trim()],
        };
        let args: Vec<ExprId> = args
            .into_iter()
            .map(|text| self.b.expr(Expr::Str(text.into()), span))
            .collect();
        let call = self.built_in(&name, &args, span);
        self.push(Stmt::Expr(call), span);
    }

    /// `import (a "x"; . "y"; _ "z")`: one statement per package.
    pub(super) fn imports(&mut self) {
        let whole = self.span();
        self.each(|lower| match lower.kind {
            Kind::ImportSpec => lower.import(whole),
            Kind::StatementList => lower.each(|lower| {
                if lower.kind == Kind::ImportSpec {
                    let span = lower.span();
                    lower.import(span);
                }
            }),
            _ => {}
        });
    }

    fn import(&mut self, span: Span) {
        let (mut module, mut alias): (Arc<str>, _) = ("".into(), None);
        self.each(|lower| {
            let text = lower.b.text(lower.span());
            match lower.kind {
                Kind::String | Kind::RawString => module = expression::inner(text).into(),
                Kind::Identifier | Kind::Ignored => alias = Some(text),
                _ => {}
            }
        });
        if module.is_empty() {
            return;
        }
        if &*module == "C" {
            self.native(span);
        }
        let local = match alias {
            Some("_") => None,
            Some(name) => Some(name),
            None => Some(package_name(&module)),
        };
        let alias = local.map(|name| self.b.intern(name));
        self.push(
            Stmt::Import(Import {
                module,
                alias,
                names: Vec::new(),
                type_only: false,
            }),
            span,
        );
    }

    /// The C code in the comments before `import "C"`.
    fn native(&mut self, span: Span) {
        let mut text = String::new();
        let mut from = span.start;
        for comment in self.b.tree.comments.iter().rev() {
            let between = self.b.text(Span::new(comment.end.min(from), from));
            if !between.trim().is_empty() && between.trim() != "import" {
                break;
            }
            text.insert_str(0, &format!("{}\n", self.b.text(*comment)));
            from = comment.start;
        }
        let code = self.b.expr(Expr::Str(text.into()), span);
        let call = self.built_in("cgo", &[code], span);
        self.push(Stmt::Expr(call), span);
    }

    fn named_function(&mut self, span: Span) -> (Option<Sym>, FuncId) {
        let name = self.node.child_by_field_name("name");
        let name = name.map(|name| self.name(builder::span(name)));
        (name, self.function(span, name, None))
    }

    /// Lowers a method: a function whose first parameter is the receiver.
    fn method(&mut self, span: Span) -> (Sym, StmtId) {
        let name = self.node.child_by_field_name("name");
        let name = name.map(|name| self.name(builder::span(name)));
        let receiver = self.node.child_by_field_name("receiver");
        let kind = receiver
            .and_then(|list| list.named_child(0))
            .and_then(|parameter| parameter.child_by_field_name("type"))
            .and_then(|kind| self.type_name(kind));
        let kind = kind.unwrap_or_else(|| self.b.intern("_"));
        let func = self.function(span, name, receiver.map(|r| r.start_byte()));
        (kind, self.b.stmt(Stmt::Func(func), span))
    }

    /// Lowers a function, a method or a function literal. `receiver` is where the list with the
    /// receiver begins.
    pub(super) fn function(
        &mut self,
        span: Span,
        name: Option<Sym>,
        receiver: Option<usize>,
    ) -> FuncId {
        let size = self.b.size();
        let doc = self.doc(span);
        let (mut params, mut returns, mut results) = (Vec::new(), None, Vec::new());
        let mut lists = 0;
        let mark = self.stmts.len();
        let mut entered = false;
        self.each(|lower| match lower.kind {
            Kind::Parameters => {
                let is_receiver = receiver == Some(lower.node.start_byte());
                lists += u32::from(!is_receiver);
                if lists < 2 {
                    lower.params(&mut params, is_receiver);
                } else {
                    let mut named = Vec::new();
                    lower.params(&mut named, false);
                    results = lower.results(&named);
                    returns = named.last().and_then(|p: &Param| p.annotation);
                }
            }
            Kind::Type if lists > 0 => returns = Some(lower.type_expr(lower.node)),
            Kind::Block => {
                entered = true;
                lower.results.push(std::mem::take(&mut results));
                lower.statements();
                lower.results.pop();
            }
            _ => {}
        });
        let body = self.take_block(mark);
        self.b.func(Func {
            name,
            params,
            body,
            decorators: Exprs::default(),
            doc,
            returns,
            flags: FuncFlags {
                is_arrow: name.is_none(),
                ..FuncFlags::default()
            },
            span,
            size: self.b.size() - size,
        })
    }

    /// Declares named results as the variables they are.
    fn results(&mut self, params: &[Param]) -> Vec<Sym> {
        let mut names = Vec::new();
        for param in params {
            let Expr::Name(name) = *self.b.tree.expr(param.pattern) else {
                continue;
            };
            let place = self.b.tree.span(param.pattern);
            if &**self.b.interner.name(name) == "_" {
                return Vec::new();
            }
            let text = param.annotation.map(|a| self.b.text(self.b.tree.span(a)));
            let value = match text {
                Some("string") => self.b.expr(Expr::Str("".into()), place),
                Some(text) if is_integer(text) => self.b.expr(Expr::Int(0), place),
                _ => self.nothing(place),
            };
            self.declare(name, place, value, param.annotation, place);
            names.push(name);
        }
        names
    }

    /// Lowers `(a, b T, rest ...U)`; a parameter without a name is `_`.
    fn params(&mut self, params: &mut Vec<Param>, is_receiver: bool) {
        let blank = self.b.intern("_");
        let at = self.span();
        self.each(|lower| {
            let kind = match lower.kind {
                Kind::Parameter => ParamKind::Plain,
                Kind::VariadicParameter => ParamKind::Rest,
                _ => return,
            };
            let span = lower.span();
            let mut names = Vec::new();
            let mut annotation = None;
            lower.each(|lower| match lower.kind {
                Kind::Identifier => {
                    let place = lower.span();
                    names.push((lower.name(place), place));
                }
                Kind::Type => annotation = Some(lower.type_expr(lower.node)),
                _ => {}
            });
            if names.is_empty() {
                names.push((blank, span));
            }
            for (name, place) in names {
                let pattern = lower.b.expr(Expr::Name(name), place);
                params.push(Param {
                    pattern,
                    default: None,
                    annotation,
                    decorators: Exprs::default(),
                    kind,
                });
            }
        });
        if is_receiver && params.is_empty() {
            let pattern = self.b.expr(Expr::Name(blank), at);
            params.push(Param {
                pattern,
                default: None,
                annotation: None,
                decorators: Exprs::default(),
                kind: ParamKind::Plain,
            });
        }
    }

    /// The comment lines right above a declaration.
    fn doc(&self, span: Span) -> Option<Arc<str>> {
        let mut lines = Vec::new();
        let mut from = span.start;
        for comment in self.b.tree.comments.iter().rev() {
            let between = self.b.text(Span::new(comment.end.min(from), from));
            if comment.end > from
                || !between.trim().is_empty()
                || between.matches('\n').count() != 1
            {
                break;
            }
            let text = self.b.text(*comment);
            let text = text.trim_start_matches('/').trim_matches(['*', '/']).trim();
            lines.push(text);
            from = comment.start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n").into())
    }

    /// `const ( A = iota; B; C )`: a line without a value repeats the one before.
    pub(super) fn constants(&mut self) {
        let outer = self.iota;
        let mut last: Option<Node<'t>> = None;
        let mut number = 0;
        self.each(|lower| {
            if lower.kind == Kind::ConstantSpec {
                lower.iota = number;
                number += 1;
                lower.constant(&mut last);
            }
        });
        self.iota = outer;
    }

    fn constant(&mut self, last: &mut Option<Node<'t>>) {
        let span = self.span();
        let mut names = Vec::new();
        let mut values = None;
        self.each(|lower| match lower.kind {
            Kind::Identifier => {
                let place = lower.span();
                names.push((lower.name(place), place));
            }
            Kind::ExpressionList => {
                *last = Some(lower.node);
                values = Some(lower.values());
            }
            _ => {}
        });
        let values = match (values, *last) {
            (Some(values), _) => Some(values),
            (None, Some(node)) => {
                let here = std::mem::replace(&mut self.cursor, node.walk());
                self.read();
                let values = self.values();
                self.cursor = here;
                self.read();
                Some(values)
            }
            (None, None) => None,
        };
        let values: Vec<ExprId> = values
            .map(|list| self.b.tree.exprs(list).to_vec())
            .unwrap_or_default();
        for (i, (name, place)) in names.into_iter().enumerate() {
            let value = values
                .get(i)
                .copied()
                .unwrap_or_else(|| self.nothing(place));
            self.declare(name, place, value, None, span);
        }
    }

    /// `var a, b T = x, y`, in one or in parentheses.
    pub(super) fn variables(&mut self) {
        self.each(|lower| match lower.kind {
            Kind::VariableSpec => lower.variable(),
            Kind::VariableSpecs => lower.each(|lower| {
                if lower.kind == Kind::VariableSpec {
                    lower.variable();
                }
            }),
            _ => {}
        });
    }

    fn variable(&mut self) {
        let span = self.span();
        let mut names = Vec::new();
        let (mut kind, mut values) = (None, None);
        self.each(|lower| match lower.kind {
            Kind::Identifier => {
                let place = lower.span();
                names.push((lower.name(place), place));
            }
            Kind::Type => kind = Some(lower.node),
            Kind::ExpressionList => values = Some(lower.values()),
            _ => {}
        });
        let annotation = kind.map(|kind| self.type_expr(kind));
        let values = values.map(|list| self.b.tree.exprs(list).to_vec());
        match values {
            Some(values) if values.len() == 1 && names.len() > 1 => {
                let value = values[0];
                self.declare_all(&names, value, span);
            }
            Some(values) => {
                for (i, (name, place)) in names.into_iter().enumerate() {
                    let value = values
                        .get(i)
                        .copied()
                        .unwrap_or_else(|| self.nothing(place));
                    self.declare(name, place, value, annotation, span);
                }
            }
            None => {
                for (name, place) in names {
                    let value = match kind {
                        Some(kind) => self.zero(kind),
                        None => self.nothing(place),
                    };
                    self.declare(name, place, value, annotation, span);
                }
            }
        }
    }

    /// `a, b := f()`.
    fn declare_all(&mut self, names: &[(Sym, Span)], value: ExprId, span: Span) {
        let items: Vec<ExprId> = names
            .iter()
            .map(|&(name, place)| self.b.expr(Expr::Name(name), place))
            .collect();
        let items = self.b.exprs(&items);
        let target = self.b.expr(Expr::Tuple(items), span);
        let targets = self.b.exprs(&[target]);
        self.push(
            Stmt::Assign {
                targets,
                op: None,
                value,
                annotation: None,
                declares: true,
            },
            span,
        );
    }
}

/// Returns the name that a package most likely has: the last part of its path, without what
/// says only that it is Go or which version it is.
fn package_name(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or(path);
    if is_version(last) {
        last = parts.next().unwrap_or(last);
    }
    if let Some((name, version)) = last.rsplit_once('.')
        && (is_version(version) || version == "go")
    {
        last = name;
    }
    let last = last
        .strip_prefix("go-")
        .or_else(|| last.strip_prefix("go."))
        .unwrap_or(last);
    let last = last.strip_suffix("-go").unwrap_or(last);
    last.rsplit('-').next().unwrap_or(last)
}
