//! The modules that a file says it imports, told from its tree: all of them, used or not.

use serde::{Deserialize, Serialize};
use tares_lang::tree::{Expr, ExprId, Stmt, Tree};
use tares_lang::{Family, Interner};
use tares_model::Span;

/// Most imports that are kept of one file, and names of one import.
const MOST: usize = 4096;
const MOST_NAMES: usize = 8;

/// One import of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Module as written; relative Python imports keep their dots.
    pub module: String,
    /// The first names taken from it, which may be modules of their own.
    pub names: Vec<String>,
    /// Where it is imported.
    pub span: Span,
    /// Whether the code goes on without it: the import stands in a `try` that catches its failure.
    pub is_optional: bool,
}

/// Returns the imports of a tree in the order of the text.
pub(crate) fn of(tree: &Tree, interner: &Interner) -> Vec<Imported> {
    let family = tree.language.family();
    if !matches!(family, Family::Python | Family::JavaScript | Family::Go) {
        return Vec::new();
    }
    let forgiving = forgiving(tree, interner);
    let is_optional = |span: Span| {
        forgiving
            .iter()
            .any(|outer| outer.start <= span.start && span.end <= outer.end)
    };
    let mut found = Vec::new();
    let mut push = |module: &str, names: Vec<String>, span: Span| {
        if !module.is_empty() && found.len() < MOST {
            found.push(Imported {
                module: module.to_owned(),
                names,
                span,
                is_optional: is_optional(span),
            });
        }
    };
    for (stmt, span) in tree.stmts.iter().zip(&tree.stmt_spans) {
        match stmt {
            Stmt::Import(import) => {
                let names = import.names.iter().take(MOST_NAMES);
                let names = names.map(|(name, _)| interner.name(*name).to_string());
                push(&import.module, names.collect(), *span);
            }
            Stmt::Export {
                module: Some(module),
                ..
            } => push(module, Vec::new(), *span),
            _ => {}
        }
    }
    for (expr, span) in tree.exprs.iter().zip(&tree.expr_spans) {
        if let Some(module) = called(tree, interner, family, expr) {
            push(module, Vec::new(), *span);
        }
    }
    found.sort_by_key(|import| import.span);
    found
}

/// Returns the module that an expression imports by name: `import("x")`, `require("x")`,
/// `import_module("x")`.
fn called<'t>(
    tree: &'t Tree,
    interner: &Interner,
    family: Family,
    expr: &'t Expr,
) -> Option<&'t str> {
    let text = |id: ExprId| match tree.expr(id) {
        Expr::Str(text) => Some(&**text),
        _ => None,
    };
    let (callee, args) = match expr {
        Expr::ImportCall(module) => return text(*module),
        Expr::Call {
            callee,
            args,
            new: false,
        } => (tree.expr(*callee), tree.exprs(*args)),
        _ => return None,
    };
    let name = match callee {
        Expr::Name(name) | Expr::Attr { name, .. } => &**interner.name(*name),
        _ => return None,
    };
    let is_import = match family {
        Family::JavaScript => name == "require" && matches!(callee, Expr::Name(_)),
        Family::Python => matches!(name, "__import__" | "import_module"),
        _ => false,
    };
    text(*args.first()?).filter(|_| is_import)
}

/// Returns the `try` statements that catch a failed import.
fn forgiving(tree: &Tree, interner: &Interner) -> Vec<Span> {
    let catches = |kind: Option<ExprId>| {
        let Some(kind) = kind else { return true };
        let named = |id: ExprId| match tree.expr(id) {
            Expr::Name(name) | Expr::Attr { name, .. } => matches!(
                &**interner.name(*name),
                "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException"
            ),
            _ => false,
        };
        match tree.expr(kind) {
            Expr::Tuple(items) => tree.exprs(*items).iter().any(|item| named(*item)),
            _ => named(kind),
        }
    };
    let spans = tree.stmts.iter().zip(&tree.stmt_spans);
    spans
        .filter_map(|(stmt, span)| match stmt {
            Stmt::Try { handlers, .. } => handlers
                .iter()
                .any(|handler| catches(handler.kind))
                .then_some(*span),
            _ => None,
        })
        .collect()
}
