//! What only the shape of a function shows: merges written by hand, listeners that look at no origin,
//! paths handed back as they were joined.

use super::args::Args;
use super::emit::Draft;
use super::{Exp, Interp};
use crate::names::has_word;
use crate::value::{Key, Kind, Taint, Value};
use tares_lang::Tree;
use tares_lang::tree::{CompareOp, Expr};
use tares_model::effect::{EffectKind, Target};
use tares_model::{Label, Span};

/// Words by which a function shows that it knows about prototypes.
const GUARDS: &[&str] = &[
    "__proto__",
    "prototype",
    "hasOwn",
    "Object.create(null)",
    "new Map",
];
/// Texts that say who somebody is or what they may do.
const WHO: &[&str] = &[
    "admin",
    "administrator",
    "root",
    "superuser",
    "staff",
    "true",
    "1",
    "yes",
    "authenticated",
    "logged_in",
    "loggedin",
];
/// Words of names that hold an address sent by a browser.
const ADDRESSES: &[&str] = &["url", "uri", "href"];

impl Interp<'_> {
    /// Records `target[key] = …` where the key may lead to the prototype of all objects: in a
    /// function that goes into `target[key]` by itself, or below another key of the same user.
    pub(super) fn note_key_write(
        &mut self,
        t: &Tree,
        (object, index): (Exp, Exp),
        key: &Value,
        value: &Value,
    ) {
        if !self.is_js() || self.is_muted() || key.is_scalar() {
            return;
        }
        let nested = match t.expr(object) {
            Expr::Index { index, .. } if key.taint.has(Label::UserInput) => {
                let outer = self.peek(t, *index);
                outer.is_none_or(|outer| outer.taint.has(Label::UserInput))
            }
            _ => false,
        };
        if nested || self.merges_by(t, index) {
            let span = self.statement;
            let roles = vec![self.role("value", Some((value.clone(), span)))];
            self.react();
            self.record_shape(EffectKind::Setting, "merge by hand", value, roles, span);
        }
    }

    /// Whether the running function calls itself for what is below the key `index`, and nothing in
    /// it speaks of prototypes.
    fn merges_by(&self, t: &Tree, index: Exp) -> bool {
        let Some((unit, function)) = self.frame.code else {
            return false;
        };
        let unit = &self.units[unit as usize];
        let body = unit.tree.func(function).span.text(&unit.source);
        let name = self.frame.name.rsplit('.').next().unwrap_or_default();
        if body.len() > 4_000 || name.is_empty() || GUARDS.iter().any(|word| body.contains(word)) {
            return false;
        }
        let below = format!("[{}]", self.source(t.span(index)));
        let call = format!("{name}(");
        body.split(call.as_str()).skip(1).any(|rest| {
            let given = rest.split(['\n', ';']).next().unwrap_or_default();
            given.contains(&below)
        })
    }

    /// Records `window.addEventListener("message", f)` where `f` uses the data of any window.
    pub(super) fn note_message_listener(&mut self, path: &str, args: &Args, span: Span) {
        let named = args.get(0).and_then(Value::as_str);
        let window = matches!(path, "addEventListener" | "window.addEventListener");
        if !window || named.is_none_or(|name| &**name != "message") || self.is_muted() {
            return;
        }
        let Some(Kind::Func(closure)) = args.get(1).map(|value| value.kind.clone()) else {
            return;
        };
        let unit = &self.units[closure.unit as usize];
        // A worker has one partner only.
        if ["self.", "importScripts"]
            .iter()
            .any(|word| unit.source.contains(word))
        {
            return;
        }
        let body = unit.tree.func(closure.func).span.text(&unit.source);
        let looks = [".origin", ".source", "origin }", "origin,"];
        if body.contains("data") && !looks.iter().any(|word| body.contains(word)) {
            let roles = vec![self.role("name", Some((Value::str("message-origin"), span)))];
            let function = Value::new(Kind::Func(closure));
            self.record_shape(
                EffectKind::Setting,
                "message listener",
                &function,
                roles,
                span,
            );
        }
    }

    /// Records what a function hands back: statements and markup, paths, pages.
    pub(super) fn note_handed_back(&mut self, t: &Tree, at: Exp, value: &Value) {
        self.note_built(t, at, value);
        self.note_handed_path(t, at, value);
        self.note_returned_page(value, t.span(at));
    }

    /// Records a path that a function hands back as it was joined from a folder and a part of an
    /// address.
    pub(super) fn note_handed_path(&mut self, t: &Tree, at: Exp, value: &Value) {
        let Expr::Call { callee, args, .. } = t.expr(at) else {
            return;
        };
        let joins = match (self.callee_name(t, *callee), &value.kind) {
            (Some((Some(owner), name)), Kind::Pattern(_)) => {
                let owner = super::expr::last_name(t, owner).map(|owner| self.text(owner));
                &*name == "join" && owner.is_some_and(|owner| &*owner == "path")
            }
            _ => false,
        };
        let parts = t.exprs(*args).iter().skip(1);
        let mut names = parts.filter_map(|&part| match t.expr(part) {
            Expr::Index { object, .. } => super::expr::last_name(t, *object),
            _ => super::expr::last_name(t, part),
        });
        if !joins || self.is_muted() {
            return;
        }
        if names.any(|name| {
            ADDRESSES
                .iter()
                .any(|word| has_word(&self.text(name), word))
        }) {
            let span = t.span(at);
            let roles = vec![self.role("path", Some((value.clone(), span)))];
            self.record_shape(EffectKind::Check, "path of an address", value, roles, span);
        }
    }

    /// Records the page that a function of a cloud hands back: `{statusCode, headers, body}`.
    fn note_returned_page(&mut self, value: &Value, span: Span) {
        let Kind::Map(map) = &value.kind else {
            return;
        };
        let field = |name: &str| map.get(&Key::Text(name.into()));
        let (Some(_), Some(body)) = (field("statusCode"), field("body")) else {
            return;
        };
        let is_page = field("headers").is_some_and(|headers| match &headers.kind {
            Kind::Map(headers) => headers.entries.borrow().iter().any(|(_, value)| {
                value
                    .as_str()
                    .is_some_and(|text| text.starts_with("text/html"))
            }),
            _ => false,
        });
        if is_page && !self.is_muted() {
            let roles = vec![self.role("html", Some((body.clone(), span)))];
            self.record_shape(EffectKind::Html, "function result", &body, roles, span);
        }
    }

    /// Records a handler that catches everything and does nothing.
    pub(super) fn note_swallowed(&mut self, span: Span) {
        if !self.is_muted() {
            let nothing = Value::new(Kind::Null);
            self.record_shape(
                EffectKind::Audit,
                "swallowed error",
                &nothing,
                Vec::new(),
                span,
            );
        }
    }

    /// Records a comparison that believes a cookie about who somebody is.
    pub(super) fn note_trusted_cookie(
        &mut self,
        op: CompareOp,
        left: &Value,
        right: &Value,
        span: Span,
    ) {
        if self.is_muted()
            || !matches!(
                op,
                CompareOp::Equal
                    | CompareOp::NotEqual
                    | CompareOp::Identical
                    | CompareOp::NotIdentical
            )
        {
            return;
        }
        for (data, known) in [(left, right), (right, left)] {
            let word = known.as_str().map(|text| text.to_lowercase());
            let says_who = word.is_some_and(|word| WHO.contains(&word.as_str()));
            if says_who && data.taint.has(Label::UserInput) && is_from_cookie(&data.taint) {
                let roles = vec![self.role("value", Some((data.clone(), span)))];
                self.record_shape(EffectKind::Check, "cookie believed", data, roles, span);
            }
        }
    }

    fn record_shape(
        &mut self,
        kind: EffectKind,
        api: &str,
        value: &Value,
        roles: Vec<tares_model::effect::Role>,
        span: Span,
    ) {
        self.record(Draft {
            kind,
            api: api.into(),
            target: Target::None,
            data: value.deep_taint(),
            roles,
            devices: Vec::new(),
            span,
        });
    }
}

/// Whether data comes out of the cookies of a request, by the places that it came through.
fn is_from_cookie(taint: &Taint) -> bool {
    taint.sources().iter().any(|chain| {
        let mut link = Some(chain);
        while let Some(at) = link {
            if at.what.to_lowercase().contains("cookies") {
                return true;
            }
            link = at.prev.as_ref();
        }
        false
    })
}
