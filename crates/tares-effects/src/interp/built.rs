//! Text that is built from parts as an SQL statement or as markup, wherever it goes: a helper returns
//! it, an attribute keeps it, and the call that runs or shows it stands in a file nobody looked at.

use super::emit::Draft;
use super::{Exp, Interp};
use crate::names::{is_markup, is_statement};
use crate::value::{Kind, Taint, Value, text};
use tares_lang::Tree;
use tares_lang::tree::Expr;
use tares_model::effect::{EffectKind, Target};
use tares_model::{Label, LabelSet, Span};

/// The API path of such an effect: no call, the text itself.
const API: &str = "built text";

impl Interp<'_> {
    /// Records that the expression `at` built `value`, if it is a statement or markup with unknown parts.
    pub(crate) fn note_built(&mut self, t: &Tree, at: Exp, value: &Value) {
        self.note_any_address(value, t.span(at));
        if !matches!(value.kind, Kind::Pattern(_)) || self.is_muted() || !builds(t, at) {
            return;
        }
        let Some(skeleton) = text::skeleton(value) else {
            return;
        };
        let (kind, role) = if is_statement(&skeleton) {
            (EffectKind::Sql, "query")
        } else if is_markup(&skeleton) {
            (EffectKind::Html, "html")
        } else {
            return;
        };
        self.record_built(kind, role, value, t.span(at));
    }

    /// Records a constant that stands for every network of the machine.
    pub(crate) fn note_any_address(&mut self, value: &Value, span: Span) {
        if value.as_str().is_none_or(|text| &**text != "0.0.0.0") || self.is_muted() {
            return;
        }
        let roles = vec![self.role("name", Some((Value::str("any-address"), span)))];
        self.record(Draft {
            kind: EffectKind::Setting,
            api: "literal".into(),
            target: Target::None,
            data: Taint::NONE,
            roles,
            devices: Vec::new(),
            span,
        });
    }

    /// Records markup with unknown parts that goes to a function nobody has modelled.
    pub(crate) fn note_markup(&mut self, value: &Value, span: Span) {
        let built = matches!(value.kind, Kind::Pattern(_)) && !self.is_muted();
        if built && text::skeleton(value).is_some_and(|text| is_markup(&text)) {
            self.record_built(EffectKind::Html, "html", value, span);
        }
    }

    fn record_built(&mut self, kind: EffectKind, role: &str, value: &Value, span: Span) {
        let roles = vec![self.role(role, Some((value.clone(), span)))];
        self.record(Draft {
            kind,
            api: API.into(),
            target: Target::None,
            data: Taint::NONE,
            roles,
            devices: Vec::new(),
            span,
        });
    }
}

/// Whether the expression itself puts text together, rather than naming what another one did.
fn builds(t: &Tree, at: Exp) -> bool {
    match t.expr(at) {
        Expr::Template(_) | Expr::Binary { .. } => true,
        Expr::Call { callee, .. } => matches!(t.expr(*callee), Expr::Attr { .. }),
        Expr::Cond { then, other, .. } => builds(t, *then) || builds(t, *other),
        _ => false,
    }
}

/// Whether a value stands in the source itself, as it is or encoded.
pub(super) fn is_plain(value: &Value) -> bool {
    let labels = value.taint.labels();
    labels.is_empty() || labels == LabelSet::of(Label::Decoded)
}
