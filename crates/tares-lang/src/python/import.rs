//! Imports.

use super::kind::Kind;
use super::{Lower, Span};
use crate::Sym;
use crate::tree::{Import, Stmt};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization as _;

impl Lower<'_, '_> {
    /// `import a.b as c, d`: one statement per module.
    pub(super) fn import(&mut self) {
        let whole = self.span();
        self.each(|lower| {
            let span = lower.span();
            let (module, alias) = match lower.kind {
                Kind::DottedName => (lower.module(span), None),
                Kind::AliasedImport => lower.aliased(),
                _ => return,
            };
            if !module.is_empty() {
                let import = Import {
                    module,
                    alias,
                    names: Vec::new(),
                    type_only: false,
                };
                lower.push(Stmt::Import(import), whole);
            }
        });
    }

    /// `from a import b as c, d`.
    pub(super) fn import_from(&mut self, future: bool) {
        let whole = self.span();
        let mut module: Option<Arc<str>> = future.then(|| "__future__".into());
        let mut names = Vec::new();
        self.each(|lower| {
            let span = lower.span();
            match lower.kind {
                Kind::RelativeImport | Kind::DottedName if module.is_none() => {
                    module = Some(lower.module(span));
                }
                Kind::DottedName => {
                    let name = lower.name(span);
                    names.push((name, name));
                }
                Kind::AliasedImport => {
                    let (name, alias) = lower.aliased();
                    let name = lower.b.intern(&name);
                    names.push((name, alias.unwrap_or(name)));
                }
                Kind::Wildcard => {
                    let all = lower.b.intern("*");
                    names.push((all, all));
                }
                _ => {}
            }
        });
        if let Some(module) = module {
            let import = Import {
                module,
                alias: None,
                names,
                type_only: false,
            };
            self.push(Stmt::Import(import), whole);
        }
    }

    fn aliased(&mut self) -> (Arc<str>, Option<Sym>) {
        let mut module: Arc<str> = "".into();
        let mut alias = None;
        self.each(|lower| {
            let span = lower.span();
            match lower.kind {
                Kind::DottedName => module = lower.module(span),
                Kind::Identifier => alias = Some(lower.name(span)),
                _ => {}
            }
        });
        (module, alias)
    }

    /// A dotted name as text, without the blanks and line continuations that it may hold.
    fn module(&self, span: Span) -> Arc<str> {
        let text = self.b.text(span);
        if text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
        {
            return text.into();
        }
        text.nfkc()
            .filter(|&c| c == '.' || c == '_' || c.is_alphanumeric())
            .collect::<String>()
            .into()
    }
}
