//! Tests of addresses and paths that look for a piece of text: what begins with, ends in or holds a
//! host need not be that host, and a path without `/../` may lead up all the same.

use super::call::Site;
use super::emit::Draft;
use super::{Exp, Interp};
use crate::names::{has_word, names_host};
use crate::value::{Kind, Value, Why};
use tares_lang::tree::{CompareOp, Expr};
use tares_lang::{Sym, Tree};
use tares_model::effect::{EffectKind, Target};
use tares_model::{Label, Span};

/// Words of names that hold the host of an address.
const HOSTS: &[&str] = &[
    "netloc", "hostname", "host", "origin", "domain", "referer", "referrer",
];

impl Interp<'_> {
    /// Records a method that looks for a host in a text; `name` is the receiver's own.
    pub(crate) fn note_host_test(
        &mut self,
        method: &str,
        name: Option<Sym>,
        receiver: &Value,
        needle: Option<&Value>,
        span: Span,
    ) {
        if let (Some(op), Some(needle)) = (operation(method), needle) {
            let hint = name.map_or_else(String::new, |name| self.text(name).to_lowercase());
            self.host_test(op, &hint, receiver, needle, span);
        }
    }

    /// The same for a method of a thing of an API, `flask.Request.args.url.endswith`.
    pub(crate) fn note_host_method(&mut self, path: &str, method: &str, site: &Site<'_>) {
        if let (Some(op), Some(needle)) = (operation(method), site.args.get(0)) {
            let hint = path.rsplit('.').nth(1).unwrap_or_default();
            let unbound = Value::unknown_with(Why::Call, site.callee_taint.clone());
            let receiver = site.receiver.unwrap_or(&unbound);
            self.host_test(op, hint, receiver, needle, site.span);
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

    fn host_test(
        &mut self,
        op: &'static str,
        hint: &str,
        text: &Value,
        needle: &Value,
        span: Span,
    ) {
        let labelled = text.taint.has(Label::UserInput) || text.taint.has(Label::Parameter);
        let known = needle.as_str();
        let op = match (op, known) {
            (_, Some(known)) if labelled && leads_up(known) => path_operation(op),
            ("path-strip", _) => return,
            _ => op,
        };
        let about_hosts = match known {
            Some(known) => names_host(known),
            None => {
                !matches!(needle.kind, Kind::Map(_) | Kind::Seq(_))
                    && HOSTS.iter().any(|word| has_word(hint, word))
            }
        };
        if !labelled || self.is_muted() || !about_hosts && !op.starts_with("path") {
            return;
        }
        let roles = vec![
            self.role("left", Some((text.clone(), span))),
            self.role("right", Some((needle.clone(), span))),
            self.role("op", Some((Value::str(op), span))),
        ];
        self.record(Draft {
            kind: EffectKind::Check,
            api: if op.starts_with("path") {
                "path test"
            } else {
                "address test"
            }
            .into(),
            target: Target::None,
            data: text.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }
}

/// Returns what a method of a text asks, if it may ask for a host.
fn operation(method: &str) -> Option<&'static str> {
    Some(match method {
        "startswith" | "startsWith" => "host-prefix",
        "endswith" | "endsWith" => "host-suffix",
        "includes" | "indexOf" | "find" | "contains" => "host-part",
        "replace" | "replaceAll" => "path-strip",
        _ => return None,
    })
}

/// Whether a text is a way up in a path: `..` with a separator.
fn leads_up(text: &str) -> bool {
    matches!(text, "../" | "/../" | "..\\" | "\\..\\" | "/..")
}

/// Returns what a test for a way up asks.
fn path_operation(op: &'static str) -> &'static str {
    match op {
        "host-prefix" => "path-prefix",
        "host-suffix" => "path-suffix",
        "path-strip" => op,
        _ => "path-part",
    }
}
