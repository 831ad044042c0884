//! Template literals.

use super::literal;
use super::{Kind, Lower};
use crate::tree::{Expr, ExprId, Span};

impl Lower<'_, '_> {
    /// A template without substitutions is a string.
    pub(super) fn template(&mut self, span: Span) -> ExprId {
        let mark = self.ids.len();
        self.template_parts(span, false);
        if let [only] = self.ids[mark..]
            && matches!(self.b.tree.expr(only), Expr::Str(_))
        {
            self.ids.truncate(mark);
            return only;
        }
        let parts = self.list(mark);
        if parts.len == 0 {
            self.str("", span)
        } else {
            self.b.expr(Expr::Template(parts), span)
        }
    }

    /// Pushes the parts of a template; the text between substitutions is read from the source.
    /// Where a tag takes them, texts and substitutions take turns, so that empty texts count.
    pub(super) fn template_parts(&mut self, span: Span, tagged: bool) {
        let inner = literal::unquoted(self.b.text(span)).len() as u32;
        let mut from = span.start + 1;
        let end = from + inner;
        self.children(|s, kind| {
            if kind == Kind::Substitution {
                let at = s.span();
                s.template_text(Span::new(from, at.start), tagged);
                from = at.end;
                let id = s.inner(at);
                s.ids.push(id);
            }
        });
        self.template_text(Span::new(from, end), tagged);
    }

    fn template_text(&mut self, span: Span, tagged: bool) {
        let text = self.b.text(span);
        if tagged || !text.is_empty() {
            let id = self
                .b
                .expr(Expr::Str(literal::unescaped(text).into()), span);
            self.ids.push(id);
        }
    }
}
