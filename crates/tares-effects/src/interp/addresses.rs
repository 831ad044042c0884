//! Tests of addresses that look for a host in a text: what begins with, ends in or holds a name
//! need not be that host.

use super::emit::Draft;
use super::{Exp, Interp};
use crate::names::{has_word, names_host};
use crate::value::{Kind, Value};
use tares_lang::Tree;
use tares_lang::tree::{CompareOp, Expr};
use tares_model::effect::{EffectKind, Target};
use tares_model::{Label, Span};

/// Words of names that hold the host of an address.
const HOSTS: &[&str] = &[
    "netloc", "hostname", "host", "origin", "domain", "referer", "referrer",
];

impl Interp<'_> {
    /// Records a method that looks for a host in a text; `hint` is the receiver's own name.
    pub(crate) fn note_host_test(
        &mut self,
        method: &str,
        hint: &str,
        receiver: Option<&Value>,
        needle: Option<&Value>,
        span: Span,
    ) {
        let op = match method {
            "startswith" | "startsWith" => "host-prefix",
            "endswith" | "endsWith" => "host-suffix",
            "includes" | "indexOf" | "find" | "contains" => "host-part",
            _ => return,
        };
        if let (Some(receiver), Some(needle)) = (receiver, needle) {
            self.host_test(op, hint, receiver, needle, span);
        }
    }

    /// Records `host in text`.
    pub(crate) fn note_membership(
        &mut self,
        t: &Tree,
        op: CompareOp,
        needle: &Value,
        (at, text): (Exp, &Value),
        span: Span,
    ) {
        if !matches!(op, CompareOp::In | CompareOp::NotIn) || !self.is_python() {
            return;
        }
        let hint = match t.expr(at) {
            Expr::Name(name) | Expr::Attr { name, .. } => self.text(*name).to_lowercase(),
            _ => String::new(),
        };
        if matches!(
            text.kind,
            Kind::Unknown(_) | Kind::Api(_) | Kind::Instance(_)
        ) {
            self.host_test("host-part", &hint, text, needle, span);
        }
    }

    fn host_test(&mut self, op: &str, hint: &str, text: &Value, needle: &Value, span: Span) {
        let labelled = text.taint.has(Label::UserInput) || text.taint.has(Label::Parameter);
        let known = needle.as_str();
        let about_hosts = match known {
            Some(known) => names_host(known),
            None => {
                !matches!(needle.kind, Kind::Map(_) | Kind::Seq(_))
                    && HOSTS.iter().any(|word| has_word(hint, word))
            }
        };
        if !labelled || !about_hosts || self.is_muted() {
            return;
        }
        let roles = vec![
            self.role("left", Some((text.clone(), span))),
            self.role("right", Some((needle.clone(), span))),
            self.role("op", Some((Value::str(op), span))),
        ];
        self.record(Draft {
            kind: EffectKind::Check,
            api: "address test".into(),
            target: Target::None,
            data: text.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }
}
