//! Imports and exports.

use super::{Kind, Lower};
use crate::Sym;
use crate::tree::{Expr, ExprId, Import, Span, Stmt, StmtId};
use std::sync::Arc;

/// What an import clause binds, the types apart.
#[derive(Default)]
struct Bindings {
    alias: Option<Sym>,
    names: Vec<(Sym, Sym)>,
    types: Vec<(Sym, Sym)>,
}

impl Lower<'_, '_> {
    pub(super) fn import(&mut self, span: Span) {
        let mut module: Option<Arc<str>> = None;
        let mut type_only = false;
        let mut found = Bindings::default();
        self.children(|s, kind| match kind {
            Kind::TypeWord | Kind::TypeOf => type_only = true,
            Kind::String => module = Some(s.string_text()),
            Kind::ImportClause => s.import_clause(&mut found),
            Kind::ImportRequire => s.children(|s, kind| match kind {
                Kind::Identifier => found.alias = Some(s.sym()),
                Kind::String => module = Some(s.string_text()),
                _ => {}
            }),
            _ => {}
        });
        let Some(module) = module else { return };
        let Bindings {
            alias,
            names,
            types,
        } = found;
        let only_types = alias.is_none() && names.is_empty() && !types.is_empty();
        if !only_types {
            let import = Import {
                module: Arc::clone(&module),
                alias,
                names,
                type_only,
            };
            self.push(Stmt::Import(import), span);
        }
        if !types.is_empty() {
            self.push(
                Stmt::Import(Import {
                    module,
                    alias: None,
                    names: types,
                    type_only: true,
                }),
                span,
            );
        }
    }

    fn import_clause(&mut self, found: &mut Bindings) {
        self.children(|s, kind| match kind {
            Kind::Identifier => found.names.push((s.b.intern("default"), s.sym())),
            Kind::NamespaceImport => s.children(|s, kind| {
                if kind == Kind::Identifier {
                    found.alias = Some(s.sym());
                }
            }),
            Kind::NamedImports => s.children(|s, kind| {
                if kind == Kind::ImportSpecifier
                    && let Some((pair, is_type)) = s.specifier()
                {
                    if is_type {
                        &mut found.types
                    } else {
                        &mut found.names
                    }
                    .push(pair);
                }
            }),
            _ => {}
        });
    }

    /// Reads `[type] a [as b]`.
    fn specifier(&mut self) -> Option<((Sym, Sym), bool)> {
        let mut names: [Option<Sym>; 2] = [None, None];
        let mut is_type = false;
        self.children(|s, kind| {
            let name = match kind {
                Kind::TypeWord | Kind::TypeOf => {
                    is_type = true;
                    return;
                }
                Kind::Identifier | Kind::DefaultWord => s.sym(),
                Kind::String => {
                    let text = s.string_text();
                    s.b.intern(&text)
                }
                _ => return,
            };
            names = if names[0].is_none() {
                [Some(name), None]
            } else {
                [names[0], Some(name)]
            };
        });
        // `{ type as a }` imports something called `type`: the grammar reads a token there.
        let first = match names[0] {
            Some(first) => first,
            None if is_type => {
                is_type = false;
                self.b.intern("type")
            }
            None => return None,
        };
        Some(((first, names[1].unwrap_or(first)), is_type))
    }

    pub(super) fn export(&mut self, span: Span) {
        let mut module = None;
        let mut names = None;
        let (mut is_default, mut is_type, mut is_equals, mut is_namespace) =
            (false, false, false, false);
        self.children(|s, kind| match kind {
            Kind::Decorator => s.decorator(),
            Kind::DefaultWord => is_default = true,
            Kind::TypeWord => is_type = true,
            Kind::Equals => is_equals = true,
            Kind::NamespaceWord => is_namespace = true,
            Kind::Mul => {
                let star = s.b.intern("*");
                names = Some(vec![(star, star)]);
            }
            Kind::NamespaceExport => names = s.namespace_export().map(|name| vec![name]),
            Kind::ExportClause => names = Some(s.export_clause()),
            Kind::String if names.is_some() => module = Some(s.string_text()),
            _ if is_namespace => {}
            _ if kind.is_stmt() => s.export_declaration(kind, span, is_default),
            _ if kind.is_expr() && is_equals => s.export_equals(kind, span),
            _ if kind.is_expr() => {
                s.documented = kind.is_documented().then_some(span.start);
                let value = s.expr(kind);
                s.push(Stmt::ExportDefault(value), span);
            }
            Kind::Type => s.skip(),
            _ => {}
        });
        if let Some(names) =
            names.filter(|names| !(is_type || names.is_empty() && module.is_none()))
        {
            self.push_export(module, names, span);
        }
    }

    fn push_export(&mut self, module: Option<Arc<str>>, names: Vec<(Sym, Sym)>, span: Span) {
        if !self.in_namespace {
            self.push(Stmt::Export { module, names }, span);
        }
    }

    /// `* as a`.
    fn namespace_export(&mut self) -> Option<(Sym, Sym)> {
        let mut name = None;
        self.children(|s, kind| match kind {
            Kind::Identifier => name = Some(s.sym()),
            Kind::String => {
                let text = s.string_text();
                name = Some(s.b.intern(&text));
            }
            _ => {}
        });
        Some((self.b.intern("*"), name?))
    }

    fn export_clause(&mut self) -> Vec<(Sym, Sym)> {
        let mut names = Vec::new();
        self.children(|s, kind| {
            if kind == Kind::ExportSpecifier
                && let Some((pair, false)) = s.specifier()
            {
                names.push(pair);
            }
        });
        names
    }

    /// `export = value` is `module.exports = value`.
    fn export_equals(&mut self, kind: Kind, span: Span) {
        let value = self.expr(kind);
        let module = self.b.intern("module");
        let object = self.b.expr(Expr::Name(module), span);
        let name = self.b.intern("exports");
        let target = self.b.expr(Expr::Attr { object, name }, span);
        let targets = self.b.exprs(&[target]);
        self.push_assign(targets, None, value, None, false, span);
    }

    fn export_declaration(&mut self, kind: Kind, span: Span, is_default: bool) {
        let first = self.stmts.len();
        self.documented = Some(span.start);
        self.stmt(kind);
        let mut names = Vec::new();
        for index in first..self.stmts.len() {
            self.declared(self.stmts[index], &mut names);
        }
        match names[..] {
            [] => {}
            [name] if is_default => {
                let value = self.b.expr(Expr::Name(name), span);
                self.push(Stmt::ExportDefault(value), span);
            }
            _ => self.push_export(
                None,
                names.into_iter().map(|name| (name, name)).collect(),
                span,
            ),
        }
    }

    /// Collects the names that a declaration binds.
    fn declared(&self, stmt: StmtId, names: &mut Vec<Sym>) {
        match self.b.tree.stmt(stmt) {
            Stmt::Func(func) => names.extend(self.b.tree.func(*func).name),
            Stmt::Class(class) => names.extend(self.b.tree.class(*class).name),
            Stmt::Assign { targets, .. } => {
                for &target in self.b.tree.exprs(*targets) {
                    self.bound(target, names);
                }
            }
            _ => {}
        }
    }

    /// Collects the names that a pattern binds; patterns are no deeper than what was lowered.
    fn bound(&self, pattern: ExprId, names: &mut Vec<Sym>) {
        match *self.b.tree.expr(pattern) {
            Expr::Name(name) => names.push(name),
            Expr::Map(items) | Expr::List(items) => {
                self.b
                    .tree
                    .exprs(items)
                    .iter()
                    .for_each(|&item| self.bound(item, names));
            }
            Expr::Pair { value: inner, .. }
            | Expr::Spread(inner)
            | Expr::Assign { target: inner, .. } => {
                self.bound(inner, names);
            }
            _ => {}
        }
    }
}
